"""Agreement of every pair of states in the General Assembly, by a matrix product, and of African states with powers."""

import numpy as np
import pandas as pd

VOTES, FLAGS = "ungaVoting_003.csv", "un_roll_calls.rda"
CAST = (1, 2, 3)  # yes, abstain, no
POWERS = ["RUS", "FRA", "USA", "CHN"]
YEARS = (2019, 2023)  # before, the rows come from the package unvotes; 2024 ends in June
BEFORE, AFTER = (2016, 2020), (2022, 2024)
OF = ["MLI", "RUS"]  # the states whose pairs the table lists
LEAST = 20  # joint votes that a pair needs in both periods
DRAWS, SEED = 500, 1960


def clean(raw):
    """Return the rows of ``diplomacy_unga_africa_states`` from 2019, and the two tables on pairs of states."""
    header = pd.read_csv(raw.paths[VOTES], nrows=0)
    states = [column for column in header if len(column) == 3 and column.isupper()]
    calls = raw.read(VOTES, ["rcid", "date", *states])
    # Four roll-calls of 2023 have the number of one of the 1950s; flags belong to the older one.
    calls["rcid"] = calls["rcid"].mask(calls["rcid"].duplicated())
    year = pd.to_datetime(calls["date"]).dt.year
    flags = raw.read(FLAGS, ["rcid", "amend", "para"])
    parts = flags.loc[flags["amend"].eq(1) | flags["para"].eq(1), "rcid"]
    sets = {"all_recorded": calls["date"].notna(), "final_passage": ~calls["rcid"].isin(parts)}
    found = [_dyads(name, calls.loc[taken, states], year[taken]) for name, taken in sets.items()]
    return {
        "diplomacy_unga_africa_states": _africa(raw, calls[states], year),
        "diplomacy_unga_dyads": pd.concat([dyads for dyads, _ in found]),
        "diplomacy_unga_dyad_quantiles": pd.concat([quantiles for _, quantiles in found]),
    }


def _africa(raw, votes, year):
    taken = year.between(*YEARS)
    votes, year = votes[taken], year[taken]
    parts = []
    for partner in POWERS:
        for country in votes.columns[raw.african(votes.columns.to_series())]:
            both = votes[[country, partner]].isin(CAST).all(axis="columns")
            same = both & votes[country].eq(votes[partner])
            counts = pd.DataFrame({"votes_compared": both, "agree": same}).groupby(year).sum()
            parts.append(counts.rename_axis("year").reset_index().assign(country=country, partner=partner))
    table = pd.concat(parts)
    table = table[table["votes_compared"] > 0].assign(source_id="voeten-unga-2024")
    table["locator"] = "columns " + table["country"] + " and " + table["partner"]
    return table[["country", "year", "partner", "votes_compared", "agree", "source_id", "locator"]]


def _dyads(name, votes, year):
    """Return the pairs of Mali and of Russia, and the percentiles of the changes of all pairs."""
    states = votes.columns
    one, other = np.triu_indices(len(states), k=1)
    periods = [_of_pairs(votes[year.between(*period)], one, other) for period in (BEFORE, AFTER)]
    joint, same = ([counts[kind].sum(axis=0) for counts in periods] for kind in (0, 1))
    compared = (joint[0] >= LEAST) & (joint[1] >= LEAST)
    change = np.where(compared, _change(joint, same), np.nan)
    every = np.sort(change[compared])
    drawn = _draws([[counts[:, compared] for counts in period] for period in periods])
    every_drawn = [np.sort(changes[~np.isnan(changes)]) for changes in drawn]
    changes = np.full((DRAWS, len(one)), np.nan)
    changes[:, compared] = drawn

    parts = []
    for state in OF:
        row = states.get_loc(state)
        pairs = np.flatnonzero((one == row) | (other == row))
        below = np.array([_below(*draw) for draw in zip(every_drawn, changes[:, pairs], strict=True)])
        part = pd.DataFrame(
            {
                "country": states[np.where(one == row, other, one)[pairs]],
                "partner": state,
                "vote_set": name,
                "rollcalls_before": len(periods[0][0]),
                "votes_before": joint[0][pairs],
                "agree_before": same[0][pairs],
                "rollcalls_after": len(periods[1][0]),
                "votes_after": joint[1][pairs],
                "agree_after": same[1][pairs],
                "change": change[pairs],
                **_interval("change", changes[:, pairs]),
                "rank": _ranks(change[None, pairs])[0],
                **_interval("rank", _ranks(changes[:, pairs])),
                "share_below": _below(every, change[pairs]),
                **_interval("share_below", below),
            }
        )
        parts.append(part[compared[pairs]])
    dyads = pd.concat(parts)
    dyads["source_id"] = "voeten-unga-2024"
    dyads["locator"] = "columns " + dyads["country"] + " and " + dyads["partner"]

    percents = np.arange(101)
    quantiles = pd.DataFrame(
        {
            "vote_set": name,
            "percent": percents,
            "pairs": len(every),
            "change": np.percentile(every, percents),
            "source_id": "voeten-unga-2024",
            "locator": f"all pairs with {LEAST} or more joint votes in both periods",
        }
    )
    return dyads, quantiles


def _of_pairs(votes, one, other):
    """Return in which roll-calls both states of each pair voted, and in which alike: 0 or 1, calls by pairs."""
    cast = votes.where(votes.isin(CAST), 0).to_numpy("int8")
    first, second = cast[:, one], cast[:, other]
    joint = (first > 0) & (second > 0)
    return joint.astype("float32"), (joint & (first == second)).astype("float32")


def _change(joint, same):
    """Return the change of the share of same votes from the first period to the second; nan without joint votes."""
    shares = [
        agree / np.where(votes > 0, votes, np.nan).astype(float) for votes, agree in zip(joint, same, strict=True)
    ]
    return shares[1] - shares[0]


def _ranks(changes):
    """Return the rank of every state in each row of *changes*, 1 the largest rise."""
    return pd.DataFrame(changes).rank(axis="columns", ascending=False, method="min").to_numpy()


def _below(every, values):
    """Return the share of all pairs, in order of their change, whose agreement changed less than each value."""
    return np.where(np.isnan(values), np.nan, np.searchsorted(every, values) / len(every))


def _draws(periods):
    """Return the changes of the pairs when the roll-calls of both periods are drawn with replacement, draws by pairs.

    Each draw is a row of weights that say how often a roll-call counts; one matrix product takes all of them.
    """
    generator = np.random.default_rng(SEED)
    sizes = [len(joint) for joint, _ in periods]
    weights = [np.zeros((DRAWS, size), "float32") for size in sizes]
    for draw in range(DRAWS):
        for size, of_period in zip(sizes, weights, strict=True):
            of_period[draw] = np.bincount(generator.integers(size, size=size), minlength=size)
    counts = [[weight @ kind for kind in period] for weight, period in zip(weights, periods, strict=True)]
    return _change(*zip(*counts, strict=True))


def _interval(name, draws):
    """Return the bounds that hold 95 per cent of the *draws*, by state; a state without a draw has none."""
    frame = pd.DataFrame(draws)
    bounds = {"low": 0.025, "high": 0.975}
    return {f"{name}_{end}": frame.quantile(at, interpolation="nearest").to_numpy() for end, at in bounds.items()}
