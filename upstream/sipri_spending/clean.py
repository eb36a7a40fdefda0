"""Military spending of Mali, of two neighbours, and of Mali among African states; colours say what a number is."""

import pandas as pd

FILE = "SIPRI-Milex-data-1949-2024_2.xlsx"
FIRST_YEAR = 1960
# Current dollars of these years alone: SIPRI lets less than a tenth of a data set be passed on.
IN_CURRENT_DOLLARS = [*range(1961, 1977), 1981, 1984, 1990, 2016]
# Measure: sheet, unit, what a value is multiplied by.
MEASURES = {
    "constant_2023": ("Constant (2023) US$", "million USD of 2023", 1),
    "current": ("Current US$", "million USD, current", 1),
    "share_of_gdp": ("Share of GDP", "percent of GDP", 100),
}
BLUE = "0000FF"  # estimates of SIPRI; red would be highly uncertain, and stands nowhere in these rows
NEIGHBOURS = {"BFA": "Burkina Faso", "NER": "Niger"}
NEIGHBOURS_FROM = 2012
# The publisher's exchange rates to 1967 are those of the CFA franc of 1984, not of the money of the day.
RESTATED_TO = 1967
# Of all African states: every fifth year, and each of the conflict.
AFRICAN_YEARS = [*range(1970, 2012, 5), *range(2012, 2025)]
REGIONS = ["Africa", "North Africa", "sub-Saharan Africa"]


def clean(raw):
    """Return the rows of SIPRI in the tables of military spending and in ``context_africa_distribution``."""
    return {
        "military_spending": _mali(raw),
        "military_spending_neighbours": _neighbours(raw),
        "context_africa_distribution": _africa(raw),
    }


def _mali(raw):
    parts = []
    for measure, (sheet, unit, factor) in MEASURES.items():
        cells, years, values = _row(raw, sheet, "Mali")
        taken = values.notna() & (years.isin(IN_CURRENT_DOLLARS) if measure == "current" else years >= FIRST_YEAR)
        parts.append(
            pd.DataFrame(
                {
                    "year": years[taken].astype(int),
                    "measure": measure,
                    "series": "SIPRI",
                    "value": values[taken] * factor,
                    "unit": unit,
                    "estimate": cells.loc[taken, "colour"] == BLUE,
                    "suspect": False,
                    "locator": f"sheet {sheet}, row Mali",
                }
            )
        )
    table = pd.concat(parts)
    restated = (table["measure"] == "current") & (table["year"] <= RESTATED_TO)
    table = table.assign(rebased=restated.map({True: "xof-1984", False: None}), source_id="sipri-milex-2025")
    names = ["year", "measure", "series", "value", "unit", "estimate", "suspect", "rebased", "source_id", "locator"]
    return table[names]


def _neighbours(raw):
    parts = []
    for measure in ("constant_2023", "share_of_gdp"):
        sheet, unit, factor = MEASURES[measure]
        for country, name in NEIGHBOURS.items():
            _, years, values = _row(raw, sheet, name)
            taken = values.notna() & (years >= NEIGHBOURS_FROM)
            part = pd.DataFrame({"year": years[taken].astype(int), "value": values[taken] * factor})
            parts.append(part.assign(country=country, measure=measure, unit=unit, locator=f"sheet {sheet}, row {name}"))
    table = pd.concat(parts).assign(source_id="sipri-milex-2025")
    return table[["country", "year", "measure", "value", "unit", "source_id", "locator"]]


def _africa(raw):
    sheet, unit, factor = MEASURES["share_of_gdp"]
    rows = raw.read(FILE, ["Country", *map(str, AFRICAN_YEARS)], sheet_name=sheet, header=5).dropna(subset="Country")
    names = rows["Country"].tolist()
    # Africa comes first, without Egypt, which stands in the Middle East.
    first = rows.iloc[names.index("Africa") : names.index("Americas")]
    africa = pd.concat([first[~first["Country"].isin(REGIONS)], rows[rows["Country"] == "Egypt"]])
    africa = africa.assign(country=raw.iso3(africa["Country"], "name"))
    values = africa.melt("country", map(str, AFRICAN_YEARS), "year").astype({"year": int})
    # Three dots: no data; xxx: no state.
    values["value"] = factor * pd.to_numeric(values["value"], errors="coerce")
    table = raw.mali_among_african(values).assign(
        indicator="military_spending",
        unit=unit,
        source_id="sipri-milex-2025",
        locator=f"sheet {sheet}, African states",
    )
    places = ["states", "first_quartile", "median", "third_quartile", "mali", "mali_rank"]
    return table[["indicator", "year", *places, "unit", "source_id", "locator"]]


def _row(raw, sheet, name):
    """Return the cells of a state in a sheet, their years and their numbers; a heading or note has none."""
    cells = raw.cells(FILE, sheet, header="Country", row=name)
    return cells, *(pd.to_numeric(cells[part], errors="coerce") for part in ("heading", "value"))
