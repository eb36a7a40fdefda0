"""Where the ideal point of Mali, and its distance from Moscow's, stands among those of African states."""

import pandas as pd

FIRST_YEAR = 1960
# Edition: file, and how it calls state, year and ideal point from votes on final passage.
EDITIONS = {
    "2026": ("Idealpointestimates1946-2025.tab", ["iso3c", "year", "IdealPointFP"]),
    "2025": ("IdealpointsJuly2025.dta", ["iso3c", "year", "idealpointfp"]),
}


def clean(raw):
    """Return the rows of ideal points in ``context_africa_distribution``."""
    return {"context_africa_distribution": pd.concat([_edition(raw, *entry) for entry in EDITIONS.items()])}


def _edition(raw, edition, entry):
    name, columns = entry
    path = raw.paths[name]
    points = pd.read_csv(path, sep="\t") if path.suffix == ".tab" else pd.read_stata(path)
    points = points[columns].set_axis(["country", "year", "point"], axis="columns").dropna()
    points = points[points["year"] >= FIRST_YEAR].astype({"year": int})
    moscow = points[points["country"] == "RUS"].set_index("year")["point"]
    points["distance"] = (points["point"] - points["year"].map(moscow)).abs()
    parts = []
    for column, indicator in {"point": "ideal_point", "distance": "distance_from_moscow"}.items():
        table = raw.mali_among_african(points.rename(columns={column: "value"}))
        where = f"{columns[-1]}, African states" + (" less RUS" if column == "distance" else "")
        parts.append(table.assign(indicator=f"{indicator}_v{edition}", locator=where))
    table = pd.concat(parts).assign(unit="points of the scale", source_id=f"voeten-ideal-{edition}")
    places = ["states", "first_quartile", "median", "third_quartile", "mali", "mali_rank"]
    return table[["indicator", "year", *places, "unit", "source_id", "locator"]]
