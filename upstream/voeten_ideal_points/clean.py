"""Ideal points of Mali, four powers and three neighbours, final-passage votes alone."""

import pandas as pd

FIRST_YEAR = 1960
POWERS = ["CHN", "FRA", "MLI", "RUS", "USA"]
# Edition: file, its columns for year, state, point, bounds and votes, states.
EDITIONS = {
    "v2025": (
        "IdealpointsJuly2025.dta",
        ["year", "iso3c", "idealpointfp", "q5fp", "q95fp", "nvotesfp"],
        POWERS,
    ),
    "v2026": (
        "Idealpointestimates1946-2025.tab",
        ["year", "iso3c", "IdealPointFP", "Q5%FP", "Q95%FP", "NVotesFP"],
        [*POWERS, "BFA", "NER", "SEN"],
    ),
}


def clean(raw):
    """Return the rows of ``diplomacy_unga_ideal_points``."""
    parts = []
    for edition, (name, columns, states) in EDITIONS.items():
        rows = raw.read(name, columns).set_axis(
            ["year", "country", "ideal_point", "low", "high", "votes_used"], axis="columns"
        )
        rows = rows[rows["country"].isin(states) & (rows["year"] >= FIRST_YEAR)].drop_duplicates(["year", "country"])
        source = f"voeten-ideal-{edition[1:]}"
        where = "IdealPointFP, " + rows["country"].astype(str)
        parts.append(rows.assign(edition=edition, source_id=source, locator=where))
    table = pd.concat(parts).astype({"year": int, "country": str})
    return {
        "diplomacy_unga_ideal_points": table[
            ["year", "country", "edition", "ideal_point", "low", "high", "votes_used", "source_id", "locator"]
        ]
    }
