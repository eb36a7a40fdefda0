"""Military spending of Mali in three measures, and of two neighbours; the colour of a cell says what its number is."""

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


def clean(raw):
    """Return the rows of SIPRI in ``military_spending`` and ``military_spending_neighbours``."""
    return {"military_spending": _mali(raw), "military_spending_neighbours": _neighbours(raw)}


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


def _row(raw, sheet, name):
    """Return the cells of a state in a sheet, their years and their numbers; a heading or note has none."""
    cells = raw.cells(FILE, sheet, header="Country", row=name)
    return cells, *(pd.to_numeric(cells[part], errors="coerce") for part in ("heading", "value"))
