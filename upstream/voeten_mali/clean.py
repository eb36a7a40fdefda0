"""Votes of Mali in the General Assembly: alone, beside four powers, by issue, and among the states of Africa."""

import pandas as pd

VOTES, CALLS = "ungaVoting_003.csv", "un_roll_calls.rda"
SOURCE = "voeten-unga-2024"
POWERS = ["CHN", "FRA", "RUS", "USA"]
BEIJING = 1971  # the seat of China passed to Beijing
FIRST_YEAR, LAST_WHOLE_YEAR, LAST_YEAR = 1960, 2023, 2024  # the file ends in June
SIDES = {1: 1, 2: 0, 3: -1}
SETS = {
    "all_recorded": "all roll-calls of the year",
    "final_passage": "less rows flagged as amendment or paragraph vote",
}
LEAST_JOINT_VOTES = 10
ISSUES = {
    "colonialism": "co",
    "disarmament": "di",
    "economic_development": "ec",
    "human_rights": "hr",
    "middle_east": "me",
    "nuclear_weapons": "nu",
}
# The last span of an issue ends with its last roll-calls.
SPANS = [(1960, 1968), (1969, 1990), (1991, 2011), (2012, 2019), (2020, 2023)]
ENDED = {"colonialism": 2018, "economic_development": 2018}
FIRST_SESSION_DAY = (9, 10)  # a session opens in the week of 10 September
AFRICA = (
    "AGO BDI BEN BFA BWA CAF CIV CMR COD COG COM CPV DJI DZA EGY ERI ETH GAB GHA GIN GMB GNB GNQ KEN LBR LBY LSO MAR "
    "MDG MLI MOZ MRT MUS MWI NAM NER NGA RWA SDN SEN SLE SOM SSD STP SWZ SYC TCD TGO TUN TZA UGA ZAF ZMB ZWE"
).split()


def clean(raw):
    """Return the rows of the roll-calls in the tables of votes."""
    calls = raw.read(VOTES, ["rcid", "date", *ISSUES.values(), *dict.fromkeys([*AFRICA, *POWERS])])
    # Four roll-calls of 2023 have the number of one of the 1950s; flags and session belong to the older one.
    calls["rcid"] = calls["rcid"].mask(calls["rcid"].duplicated())
    calls = calls.assign(day=lambda rows: pd.to_datetime(rows["date"]))
    calls["year"] = calls["day"].dt.year
    calls = calls[calls["year"].between(FIRST_YEAR, LAST_YEAR)]
    flags = raw.read(CALLS, ["rcid", "session", "amend", "para"])
    calls = calls.merge(flags, on="rcid", how="left")
    states = [*dict.fromkeys([*AFRICA, *POWERS])]
    calls[states] = calls[states].where(calls[states].isin(list(SIDES)))
    whole = calls[calls["year"] <= LAST_WHOLE_YEAR]
    return {
        "diplomacy_unga_agreement": _agreement(calls),
        "diplomacy_unga_mali_votes": _mali(whole),
        "diplomacy_unga_cosine": _cosine(whole),
        "diplomacy_unga_split_votes": _split(calls),
        "diplomacy_unga_africa": _africa(whole),
        "diplomacy_unga_issues": _issues(whole),
    }


def _steps(calls, partner, by):
    """Return how many votes of Mali and *partner* are the same, one step apart and opposite, by group."""
    apart = (calls["MLI"] - calls[partner]).abs().rename("apart")
    counts = apart.dropna().astype(int).groupby(by).value_counts().unstack(fill_value=0)
    counts = counts.reindex(columns=[0, 1, 2], fill_value=0).set_axis(["agree", "partial", "opposite"], axis="columns")
    return counts.assign(votes_compared=counts.sum(axis="columns"))


def _powers(years):
    """Yield every power with the rows of its years."""
    for partner in POWERS:
        yield partner, years[years["year"] >= BEIJING] if partner == "CHN" else years


def _agreement(calls):
    flagged = calls["amend"].fillna(0).gt(0) | calls["para"].fillna(0).gt(0)
    parts = []
    for vote_set, words in SETS.items():
        rows = calls if vote_set == "all_recorded" else calls[~flagged]
        of_year = rows.groupby("year")["MLI"].agg(rollcalls="size", mali_cast="count")
        for partner, taken in _powers(rows):
            table = _steps(taken, partner, taken["year"]).join(of_year).reset_index()
            locator = f"columns MLI and {partner}, {words}"
            parts.append(table.assign(partner=partner, vote_set=vote_set, locator=locator))
    table = pd.concat(parts)
    table = table.assign(complete=table["year"] <= LAST_WHOLE_YEAR, source_id=SOURCE)
    names = ["year", "partner", "vote_set", "rollcalls", "mali_cast", "votes_compared", "agree", "partial", "opposite"]
    return table[[*names, "complete", "source_id", "locator"]]


def _mali(calls):
    votes = pd.DataFrame({name: calls["MLI"] == vote for name, vote in (("yes", 1), ("abstain", 2), ("no", 3))})
    votes = votes.assign(absent=calls["MLI"].isna(), rollcalls=True)
    table = votes.groupby(calls["year"]).sum().reset_index().assign(source_id=SOURCE, locator="column MLI")
    return table[["year", "rollcalls", "yes", "abstain", "no", "absent", "source_id", "locator"]]


def _cosine(calls):
    parts = []
    for partner, taken in _powers(calls):
        sides = taken[["MLI", partner]].apply(lambda votes: votes.map(SIDES)).fillna(0)
        sums = pd.DataFrame(
            {
                "both": sides["MLI"] * sides[partner],
                "mali": sides["MLI"] ** 2,
                "theirs": sides[partner] ** 2,
                "mali_cast": taken["MLI"].notna(),
            }
        )
        table = sums.groupby(taken["year"]).sum().reset_index()
        table["cosine"] = table["both"] / (table["mali"] * table["theirs"]) ** 0.5
        table["locator"] = f"columns MLI and {partner}, absence counted as 0"
        parts.append(table.assign(partner=partner, source_id=SOURCE))
    return pd.concat(parts)[["year", "partner", "cosine", "mali_cast", "source_id", "locator"]]


def _split(calls):
    """Count by session the roll-calls with Moscow and Washington on opposite sides."""
    month, day = FIRST_SESSION_DAY
    opened = (calls["day"].dt.month > month) | ((calls["day"].dt.month == month) & (calls["day"].dt.day >= day))
    session = calls["session"].fillna(calls["year"] - 1946 + opened).astype(int)
    calls = calls.assign(session=session)
    calls = calls[((calls["RUS"] - calls["USA"]).abs() == 2) & (session > FIRST_YEAR - 1946)]
    counts = pd.DataFrame(
        {
            "session": calls["session"],
            "opposed_rollcalls": True,
            "with_moscow": calls["MLI"] == calls["RUS"],
            "with_washington": calls["MLI"] == calls["USA"],
            "abstain": calls["MLI"] == 2,
            "absent": calls["MLI"].isna(),
        }
    )
    table = counts.groupby("session").sum().reset_index()
    where = "session " + table["session"].astype(str) + ", roll-calls with RUS and USA on opposite sides"
    table = table.assign(year=table["session"] + 1945, source_id=SOURCE, locator=where)
    names = ["session", "year", "opposed_rollcalls", "with_moscow", "with_washington", "abstain", "absent"]
    return table[[*names, "source_id", "locator"]]


def _africa(calls):
    parts = []
    for partner, taken in _powers(calls):
        years = taken["year"]
        joint = taken[AFRICA].notna().mul(taken[partner].notna(), axis="index")
        same = taken[AFRICA].eq(taken[partner], axis="index")
        votes = joint.groupby(years).sum()
        share = (same.groupby(years).sum() / votes).where(votes >= LEAST_JOINT_VOTES).dropna(subset="MLI")
        others = share.drop(columns="MLI")
        table = pd.DataFrame(
            {
                "measure": "share_same_vote",
                "partner": partner,
                "african_states": share.notna().sum(axis="columns"),
                "median_others": others.median(axis="columns"),
                "lowest_others": None,
                "highest_others": None,
                "mali_rank": others.gt(share["MLI"], axis="index").sum(axis="columns") + 1,
                "source_id": SOURCE,
                "locator": "all roll-calls of the year, African members with ten or more joint votes",
            }
        )
        parts.append(table.reset_index())
    return pd.concat(parts)


def _issues(calls):
    parts = []
    for issue, flag in ISSUES.items():
        for start, end in SPANS:
            last = min(end, ENDED.get(issue, end))
            rows = calls[calls[flag].astype(bool) & calls["year"].between(start, last)]
            for partner, taken in _powers(rows):
                if last > start and len(taken) and (partner != "CHN" or last >= BEIJING):
                    table = _steps(taken, partner, pd.Series(start, index=taken.index, name="start_year"))
                    table = table.reset_index().assign(issue=issue, end_year=last, partner=partner)
                    parts.append(table.assign(locator=f"issue flag {flag}, {start}-{last}"))
    table = pd.concat(parts).assign(source_id=SOURCE)
    names = ["issue", "start_year", "end_year", "partner", "votes_compared", "agree", "partial", "opposite"]
    return table[[*names, "source_id", "locator"]]
