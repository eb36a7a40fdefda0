"""Ideal points of Mali, four powers and three neighbours, and of Mali among African states; final-passage votes."""

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
    """Return the rows of ``diplomacy_unga_ideal_points`` and of ``context_africa_distribution``."""
    points, places = [], []
    for edition, (name, columns, states) in EDITIONS.items():
        rows = raw.read(name, columns).set_axis(
            ["year", "country", "ideal_point", "low", "high", "votes_used"], axis="columns"
        )
        rows = rows[rows["year"] >= FIRST_YEAR].astype({"year": int}).assign(source_id=f"voeten-ideal-{edition[1:]}")
        points.append(_points(rows[rows["country"].isin(states)]).assign(edition=edition))
        places.append(_places(raw, rows, edition, columns[2]))
    columns = ["year", "country", "edition", "ideal_point", "low", "high", "votes_used", "source_id", "locator"]
    return {
        "diplomacy_unga_ideal_points": pd.concat(points)[columns],
        "context_africa_distribution": pd.concat(places),
    }


def _points(rows):
    rows = rows.drop_duplicates(["year", "country"]).astype({"country": str})
    return rows.assign(locator="IdealPointFP, " + rows["country"])


def _places(raw, rows, edition, column):
    """Return where Mali's point, and its distance from Moscow's, stands among those of African states."""
    points = rows.dropna(subset=["country", "ideal_point"])
    moscow = points[points["country"] == "RUS"].set_index("year")["ideal_point"]
    points = points.assign(distance=(points["ideal_point"] - points["year"].map(moscow)).abs())
    parts = []
    for value, indicator in {"ideal_point": "ideal_point", "distance": "distance_from_moscow"}.items():
        table = raw.mali_among_african(points[["country", "year", value]].rename(columns={value: "value"}))
        where = f"{column}, African states" + (" less RUS" if value == "distance" else "")
        parts.append(table.assign(indicator=f"{indicator}_{edition}", locator=where))
    table = pd.concat(parts).assign(unit="points of the scale", source_id=rows["source_id"].iloc[0])
    places = ["states", "first_quartile", "median", "third_quartile", "mali", "mali_rank"]
    return table[["indicator", "year", *places, "unit", "source_id", "locator"]]
