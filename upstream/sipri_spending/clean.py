"""Military spending of Mali in three measures; the colour of a cell says what its number is."""

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
# The publisher's exchange rates to 1967 are those of the CFA franc of 1984, not of the money of the day.
RESTATED_TO = 1967


def clean(raw):
    """Return the rows of SIPRI in ``military_spending``."""
    parts = []
    for measure, (sheet, unit, factor) in MEASURES.items():
        cells = raw.cells(FILE, sheet, header="Country", row="Mali")
        years, values = pd.to_numeric(cells["heading"], errors="coerce"), pd.to_numeric(cells["value"], errors="coerce")
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
    return {"military_spending": table[names]}
