"""Agreement of Mali with four powers on adopted resolutions, and its votes of 2025 among those of Africa."""

import pandas as pd

POWERS = {"CHN": "CHINA", "FRA": "FRANCE", "RUS": "RUSSIAN FEDERATION", "USA": "UNITED STATES"}
YEARS = range(1992, 2022)
LATEST, LATEST_YEAR = "un_votes_2025_processed.csv", 2025
STEPS = {"Y": 1, "A": 2, "N": 3}  # X, or nothing: no vote
SIDES = {1: 1, 2: 0, 3: -1}
AFRICA = (
    "AGO BDI BEN BFA BWA CAF CIV CMR COD COG COM CPV DJI DZA EGY ERI ETH GAB GHA GIN GMB GNB GNQ KEN LBR LBY LSO MAR "
    "MDG MLI MOZ MRT MUS MWI NAM NER NGA RWA SDN SEN SLE SOM SSD STP SWZ SYC TCD TGO TUN TZA UGA ZAF ZMB ZWE"
).split()


def clean(raw):
    """Return the rows of the Digital Library in the tables of votes."""
    parts = []
    for year in YEARS:
        calls = raw.read(f"{year}_RAW_COIN.csv", ["MALI", *POWERS.values()])
        calls = calls.rename(columns={name: code for code, name in POWERS.items()} | {"MALI": "MLI"})
        # A row without a vote of anybody ends the file.
        parts.append(_counts(_steps(calls.dropna(how="all")), year, "undl-votes"))
    latest = raw.read(LATEST, ["Council", "CHN", "FRA", "USA", *AFRICA, "RUS"])
    latest = _steps(latest[latest["Council"] == "General Assembly"].drop(columns="Council"))
    parts.append(_counts(latest, LATEST_YEAR, "undl-votes-2025"))
    cosines = _cosines(latest)
    return {
        "diplomacy_unga_agreement": pd.concat(parts),
        "diplomacy_unga_mali_votes": _mali(latest),
        "diplomacy_unga_cosine": _likeness(latest, cosines),
        "diplomacy_unga_africa": _africa(cosines),
    }


def _steps(calls):
    return calls.apply(lambda column: column.astype("string").str.strip().str[0].map(STEPS))


def _counts(calls, year, source):
    rows = []
    for partner in POWERS:
        apart = (calls["MLI"] - calls[partner]).abs().dropna()
        rows.append(
            {
                "year": year,
                "partner": partner,
                "vote_set": "undl_adopted",
                "rollcalls": len(calls),
                "mali_cast": int(calls["MLI"].notna().sum()),
                "votes_compared": len(apart),
                "agree": int((apart == 0).sum()),
                "partial": int((apart == 1).sum()),
                "opposite": int((apart == 2).sum()),
                "complete": True,
                "source_id": source,
                "locator": f"voting records of {year}, adopted resolutions, Mali and {partner}",
            }
        )
    return pd.DataFrame(rows)


def _mali(latest):
    votes = latest["MLI"]
    row = {"year": LATEST_YEAR, "rollcalls": len(votes)}
    row |= {name: int((votes == step).sum()) for name, step in zip(("yes", "abstain", "no"), (1, 2, 3), strict=True)}
    row |= {"absent": int(votes.isna().sum()), "source_id": "undl-votes-2025"}
    return pd.DataFrame([row | {"locator": "General Assembly roll-calls of 2025, Mali"}])


def _cosines(latest):
    """Return the cosine of the votes of every African state, in rows, with every power; absence counts as 0."""
    sides = latest.apply(lambda votes: votes.map(SIDES)).fillna(0)
    length = (sides**2).sum() ** 0.5
    cosines = sides[AFRICA].T @ sides[list(POWERS)]
    return cosines.div(length[AFRICA], axis="index") / length[list(POWERS)]


def _likeness(latest, cosines):
    table = cosines.loc["MLI"].rename_axis("partner").rename("cosine").reset_index()
    return table.assign(
        year=LATEST_YEAR,
        mali_cast=int(latest["MLI"].notna().sum()),
        source_id="undl-votes-2025",
        locator="General Assembly roll-calls of 2025, absence counted as 0",
    )[["year", "partner", "cosine", "mali_cast", "source_id", "locator"]]


def _africa(cosines):
    others = cosines.drop(index="MLI")
    rows = [
        {
            "year": LATEST_YEAR,
            "measure": "cosine",
            "partner": partner,
            "african_states": len(cosines),
            "median_others": others[partner].median(),
            "lowest_others": others[partner].min(),
            "highest_others": others[partner].max(),
            "mali_rank": int((others[partner] > cosines.loc["MLI", partner]).sum()) + 1,
            "source_id": "undl-votes-2025",
            "locator": "192 roll-calls of 2025, cosine of vote vectors, absence counted as 0",
        }
        for partner in POWERS
    ]
    return pd.DataFrame(rows)
