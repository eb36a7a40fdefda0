"""Events and deaths of Mali by month and by region, and of three states by year."""

import pandas as pd

DISTRICTS = "acled_mali_summary.xlsx"
LAST_MONTH = "2026-03"  # the file was made on 26 April 2026
REGION_YEARS = (2012, 2025)
REGIONS = {"Segou": "Ségou", "Menaka": "Ménaka", "Tombouctou": "Timbuktu"}
STATES = {"Mali": "MLI", "Burkina Faso": "BFA", "Niger": "NER"}
# Source: the day on which its files were made, and the last whole year in them.
EDITIONS = {"acled-cy-mar2026": ("2026-03-06", 2025), "acled-cy-oct2025": ("2025-10-24", 2024)}
# Measure: source, file, the words of its title, states, unit, name of its column of numbers.
COUNTRY_YEARS = {
    "events": (
        "acled-cy-mar2026", "number_of_political_violence_events_by_country-year_as-of-06Mar2026.xlsx",
        "Number of political violence events by country-year", ["Mali"], "events", "EVENTS",
    ),
    "fatalities": (
        "acled-cy-mar2026", "number_of_reported_fatalities_by_country-year_as-of-06Mar2026.xlsx",
        "Number of reported fatalities by country-year", list(STATES), "deaths", "FATALITIES",
    ),
    "civilian_fatalities": (
        "acled-cy-oct2025", "number_of_reported_civilian_fatalities_by_country-year_as-of-24Oct2025_0.xlsx",
        "Number of reported civilian fatalities by country-year", ["Mali"], "deaths", "FATALITIES",
    ),
}  # fmt: skip


def clean(raw):
    """Return the rows of ACLED in the tables of ``deployment``."""
    rows = raw.read(DISTRICTS, ["Admin1", "Month", "Year", "Events", "Fatalities"], sheet_name="Data")
    rows = rows.rename(columns={"Events": "events", "Fatalities": "fatalities"}).astype({"Year": int})
    return {
        "deployment_acled_monthly": _months(rows),
        "deployment_acled_region_year": _regions(rows),
        "deployment_acled_country_year": _countries(raw),
    }


def _months(rows):
    month = pd.to_datetime(rows["Month"] + " " + rows["Year"].astype(str), format="%B %Y").rename("month")
    table = rows.groupby(month)[["events", "fatalities"]].sum().loc[:LAST_MONTH].reset_index()
    where = "Mali, political violence events and fatalities by month-year, all districts summed, "
    return table.assign(source_id="acled-hdx-mali", locator=where + table["month"].dt.strftime("%Y-%m"))


def _regions(rows):
    rows = rows[rows["Year"].between(*REGION_YEARS)]
    rows = rows.assign(region=rows["Admin1"].replace(REGIONS), year=rows["Year"])
    table = rows.groupby(["year", "region"])[["events", "fatalities"]].sum().reset_index()
    where = "Mali, political violence events and fatalities by month-year, Admin1 " + table["region"]
    return table.assign(source_id="acled-hdx-mali", locator=where + ", " + table["year"].astype(str) + " summed")


def _countries(raw):
    parts = []
    for measure, (source, file, title, states, unit, number) in COUNTRY_YEARS.items():
        edition, last_year = EDITIONS[source]
        rows = raw.read(file, ["COUNTRY", "YEAR", number])
        rows = rows[rows["COUNTRY"].isin(states) & rows["YEAR"].between(REGION_YEARS[0], last_year)]
        parts.append(
            pd.DataFrame(
                {
                    "country": rows["COUNTRY"].map(STATES),
                    "year": rows["YEAR"],
                    "measure": measure,
                    "value": rows[number],
                    "unit": unit,
                    "edition": edition,
                    "source_id": source,
                    "locator": f"{title}, " + rows["COUNTRY"] + " " + rows["YEAR"].astype(str),
                }
            )
        )
    return pd.concat(parts)
