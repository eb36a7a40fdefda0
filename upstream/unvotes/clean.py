"""Agreement of Mali with four powers in the General Assembly, counted from another file than the table's."""

import pandas as pd

POWERS = {"RU": "RUS", "US": "USA", "FR": "FRA", "CN": "CHN"}
STEPS = {"yes": 1, "abstain": 2, "no": 3}
BEIJING = 1971  # the seat of China passed to Beijing


def clean(raw):
    """Return counts to hold against ``diplomacy_unga_agreement``, all roll-calls and those on final passage."""
    calls = raw.read("un_roll_calls.rda", ["rcid", "date", "amend", "para"])
    # R counts days from 1970.
    calls["year"] = pd.to_datetime(calls["date"], unit="D").dt.year
    calls["final"] = ~(calls["amend"].eq(1) | calls["para"].eq(1)).fillna(False).astype(bool)
    votes = raw.read("un_votes.rda", ["rcid", "country_code", "vote"])
    votes = votes[votes["country_code"].isin(["ML", *POWERS])]
    votes = votes.assign(step=votes["vote"].astype(str).map(STEPS)).merge(calls, on="rcid")
    mali = votes.loc[votes["country_code"] == "ML", ["rcid", "step"]]
    both = votes[votes["country_code"] != "ML"].merge(mali, on="rcid", suffixes=("", "_mali"))
    both["partner"] = both["country_code"].map(POWERS)
    both = both[(both["partner"] != "CHN") | (both["year"] >= BEIJING)]
    both["apart"] = (both["step"] - both["step_mali"]).abs()
    sets = {"all_recorded": both, "final_passage": both[both["final"]]}
    table = pd.concat([_counts(rows).assign(vote_set=name) for name, rows in sets.items()])
    columns = ["year", "partner", "vote_set", "votes_compared", "agree", "partial", "opposite", "source_id"]
    return {"diplomacy_unga_agreement": table.assign(source_id="voeten-unga-2024")[columns]}


def _counts(rows):
    steps = rows.groupby(["year", "partner", "apart"]).size().unstack(fill_value=0)
    counts = steps.reindex(columns=[0, 1, 2], fill_value=0).set_axis(["agree", "partial", "opposite"], axis="columns")
    return counts.assign(votes_compared=counts.sum(axis="columns")).reset_index()
