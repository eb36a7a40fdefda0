"""Where the share of output that Mali spends on its army stands among those of African states."""

import pandas as pd

FILE, SHEET = "SIPRI-Milex-data-1949-2024_2.xlsx", "Share of GDP"
HEADINGS = ["Africa", "North Africa", "sub-Saharan Africa"]
# SIPRI lets few rows be passed on: every fifth year, and each of the conflict.
YEARS = [*range(1970, 2012, 5), *range(2012, 2025)]


def clean(raw):
    """Return the rows of military spending in ``context_africa_distribution``."""
    rows = pd.read_excel(raw.paths[FILE], sheet_name=SHEET, header=5).dropna(subset="Country")
    names = rows["Country"].tolist()
    # Africa comes first, without Egypt, which stands in the Middle East.
    first = rows.iloc[names.index("Africa") : names.index("Americas")]
    africa = pd.concat([first[~first["Country"].isin(HEADINGS)], rows[rows["Country"] == "Egypt"]])
    africa = africa.assign(country=raw.iso3(africa["Country"], "name"))
    values = africa.melt("country", YEARS, "year").astype({"year": int})
    # Three dots: no data; xxx: no state.
    values["value"] = 100 * pd.to_numeric(values["value"], errors="coerce")
    table = raw.mali_among_african(values).assign(
        indicator="military_spending",
        unit="percent of GDP",
        source_id="sipri-milex-2025",
        locator=f"sheet {SHEET}, African states",
    )
    places = ["states", "first_quartile", "median", "third_quartile", "mali", "mali_rank"]
    return {"context_africa_distribution": table[["indicator", "year", *places, "unit", "source_id", "locator"]]}
