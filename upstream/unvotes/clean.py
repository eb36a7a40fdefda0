"""Agreement with four powers: of every African state, and of Mali to hold against the count from another file."""

import pandas as pd

POWERS = ["RUS", "FRA", "USA", "CHN"]
STEPS = {"yes": 1, "abstain": 2, "no": 3}
FIRST_YEAR = 1960
BEIJING = 1971  # the seat of China passed to Beijing


LAST_YEAR = 2018  # the package ends within the session of 2019


def clean(raw):
    """Return ``diplomacy_unga_africa_states`` to 2018, and counts to hold against ``diplomacy_unga_agreement``."""
    calls = raw.read("un_roll_calls.rda", ["rcid", "date", "amend", "para"])
    calls["year"] = pd.to_datetime(calls["date"]).dt.year
    calls["final"] = ~(calls["amend"].eq(1) | calls["para"].eq(1)).fillna(False).astype(bool)
    votes = raw.read("un_votes.rda", ["rcid", "country_code", "vote"]).dropna(subset="country_code")
    votes = votes.assign(country=raw.iso3(votes["country_code"], "iso2"), step=votes["vote"].astype(str).map(STEPS))
    votes = votes[raw.african(votes["country"]) | votes["country"].isin(POWERS)].merge(calls, on="rcid")
    both = pd.concat([_with_partner(votes, partner) for partner in POWERS])
    return {"diplomacy_unga_agreement": _of_mali(both), "diplomacy_unga_africa_states": _of_africa(raw, both)}


def _with_partner(votes, partner):
    theirs = votes.loc[votes["country"] == partner, ["rcid", "step"]]
    both = votes[votes["country"] != partner].merge(theirs, on="rcid", suffixes=("", "_partner"))
    both = both[(partner != "CHN") | (both["year"] >= BEIJING)]
    return both.assign(partner=partner, apart=(both["step"] - both["step_partner"]).abs())


def _of_africa(raw, both):
    both = both[raw.african(both["country"]) & both["year"].between(FIRST_YEAR, LAST_YEAR)]
    votes = both["apart"].groupby([both[key] for key in ("country", "year", "partner")])
    table = votes.agg(votes_compared="size", agree=lambda apart: apart.eq(0).sum()).reset_index()
    table["source_id"] = "unvotes-0-3-0"
    table["locator"] = "un_votes, " + table["country"] + " and " + table["partner"]
    return table[["country", "year", "partner", "votes_compared", "agree", "source_id", "locator"]]


def _of_mali(both):
    both = both[both["country"] == "MLI"]
    sets = {"all_recorded": both, "final_passage": both[both["final"]]}
    table = pd.concat([_counts(rows).assign(vote_set=name) for name, rows in sets.items()])
    columns = ["year", "partner", "vote_set", "votes_compared", "agree", "partial", "opposite", "source_id"]
    return table.assign(source_id="voeten-unga-2024")[columns]


def _counts(rows):
    steps = rows.groupby(["year", "partner", "apart"]).size().unstack(fill_value=0)
    counts = steps.reindex(columns=[0, 1, 2], fill_value=0).set_axis(["agree", "partial", "opposite"], axis="columns")
    return counts.assign(votes_compared=counts.sum(axis="columns")).reset_index()
