"""Agreement of every pair of states in the General Assembly, by matrix products, and of African states with powers."""

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
    before, after = (_ballots(votes[year.between(*period)]) for period in (BEFORE, AFTER))
    joint, same = zip(_counts(before), _counts(after), strict=True)
    upper = np.triu(np.ones_like(joint[0], dtype=bool), k=1)
    compared = (joint[0] >= LEAST) & (joint[1] >= LEAST)
    np.fill_diagonal(compared, False)
    share = [agree / np.where(compared, votes, np.nan) for votes, agree in zip(joint, same, strict=True)]
    change = share[1] - share[0]
    every = np.sort(change[compared & upper])

    parts = []
    drawn = _draws(before, after, compared & upper, [states.get_loc(state) for state in OF])
    for state, (changes, below) in zip(OF, drawn, strict=True):
        row = states.get_loc(state)
        part = pd.DataFrame(
            {
                "country": states,
                "partner": state,
                "vote_set": name,
                "rollcalls_before": before.shape[1],
                "votes_before": joint[0][row],
                "agree_before": same[0][row],
                "rollcalls_after": after.shape[1],
                "votes_after": joint[1][row],
                "agree_after": same[1][row],
                "change": change[row],
                **_interval("change", changes),
                "rank": _ranks(change[[row]])[0],
                **_interval("rank", _ranks(changes)),
                "share_below": _below(every, change[row]),
                **_interval("share_below", below),
            }
        )
        parts.append(part[compared[row]])
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


def _ballots(votes):
    """Return the yes, abstain and no votes: kinds by roll-calls by states, 0 or 1."""
    return np.stack([votes.eq(kind).to_numpy("float32") for kind in CAST])


def _counts(ballots, weights=None):
    """Return joint and same votes of every pair; *weights* say how often each roll-call counts, by default once."""
    if weights is not None:
        ballots, weights = ballots[:, weights > 0], weights[weights > 0].astype("float32")
    weighed = ballots if weights is None else ballots * weights[:, None]
    joint = ballots.sum(axis=0).T @ weighed.sum(axis=0)
    same = np.concatenate(ballots).T @ np.concatenate(weighed)
    return joint.astype(float), same.astype(float)


def _ranks(changes):
    """Return the rank of every state in each row of *changes*, 1 the largest rise."""
    return pd.DataFrame(changes).rank(axis="columns", ascending=False, method="min").to_numpy()


def _below(every, values):
    """Return the share of all pairs, in order of their change, whose agreement changed less than each value."""
    return np.where(np.isnan(values), np.nan, np.searchsorted(every, values) / len(every))


def _draws(before, after, pairs, rows):
    """Draw roll-calls of both periods with replacement; return changes and places, draws by states, per row."""
    generator = np.random.default_rng(SEED)
    draws = {row: [] for row in rows}
    both = pairs | pairs.T
    for _ in range(DRAWS):
        shares = []
        for ballots in (before, after):
            size = ballots.shape[1]
            joint, same = _counts(ballots, np.bincount(generator.integers(size, size=size), minlength=size))
            shares.append(same / np.where(both & (joint > 0), joint, np.nan))
        change = shares[1] - shares[0]
        every = change[pairs]
        every = np.sort(every[~np.isnan(every)])
        for row in rows:
            draws[row].append((change[row], _below(every, change[row])))
    return [[np.array(kind) for kind in zip(*draws[row], strict=True)] for row in rows]


def _interval(name, draws):
    """Return the bounds that hold 95 per cent of the *draws*, by state; a state without a draw has none."""
    frame = pd.DataFrame(draws)
    bounds = {"low": 0.025, "high": 0.975}
    return {f"{name}_{end}": frame.quantile(at, interpolation="nearest").to_numpy() for end, at in bounds.items()}
