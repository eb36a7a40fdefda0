"""Population, output, aid, debt and armed forces, from copies of the World Development Indicators."""

import pandas as pd

FIRST_YEAR = 1960
# Output of Mali to this year is stated in the CFA franc of 1984 before dollars are taken: not the money of the day.
RESTATED_TO = 1967
# Of these the table has every African state; the two that are shares of a person and of output follow from them.
OF_AFRICA = ["gdp", "population", "net_oda_constant_2023", "external_debt"]
# Indicator: file, code of the World Bank, unit, and what its values are divided by. DataHub has a column Value.
DATAHUB = {
    "gdp": ("gdp.csv", "NY.GDP.MKTP.CD", "million USD current", 1e6),
    "population": ("population.csv", "SP.POP.TOTL", "persons", 1),
}
GAPMINDER = {
    "net_oda_per_capita": ("aid_received_per_person_current_us", "DT.ODA.ODAT.PC.ZS", "USD current per person", 1),
    "net_oda_constant_2023": (
        "aid_received_total_us_inflation_adjusted", "DT.ODA.ODAT.KD", "million USD constant 2023", 1e6,
    ),
    "external_debt": (
        "external_debt_total_us_not_inflation_adjusted", "DT.DOD.DECT.CD", "million USD current", 1e6,
    ),
    "external_debt_pct_gni": (
        "debt_to_foreigners_by_public_and_private_percent_of_gni", "DT.DOD.DECT.GN.ZS", "percent of GNI", 1,
    ),
}  # fmt: skip
ARMED_FORCES = "armed_forces_personnel_total"


def clean(raw):
    """Return ``context_macro``, and rows of ``military_personnel`` and ``context_africa_distribution``."""
    macro = _macro(raw)
    return {
        "context_macro": macro,
        "military_personnel": _personnel(raw),
        "context_africa_distribution": _troops(raw, macro),
    }


def _macro(raw):
    parts = []
    for indicator, (file, code, unit, divisor) in DATAHUB.items():
        rows = raw.read(file, ["Country Code", "Year", "Value", "Country Name"])
        rows = rows.set_axis(["country", "year", "value", "name"], axis="columns")
        parts.append(rows.assign(indicator=indicator, code=code, unit=unit, value=rows["value"] / divisor))
    names = parts[-1].drop_duplicates("country").set_index("country")["name"]
    for indicator, (stem, code, unit, divisor) in GAPMINDER.items():
        rows = _gapminder(raw, stem)
        rows = rows.assign(country=rows["geo"].str.upper(), value=rows["value"] / divisor)
        parts.append(rows.assign(indicator=indicator, code=code, unit=unit, name=rows["country"].map(names)))
    table = pd.concat(parts, ignore_index=True).dropna(subset="value")
    mali = table["country"] == "MLI"
    table = table[mali | (raw.african(table["country"]) & table["indicator"].isin(OF_AFRICA))]
    table = table[table["year"] >= FIRST_YEAR]
    restated = (table["country"] == "MLI") & (table["indicator"] == "gdp") & (table["year"] <= RESTATED_TO)
    table = table.assign(
        rebased=restated.map({True: "xof-1984", False: None}),
        source_id="wb-wdi",
        locator=table["code"] + ", " + table["name"],
    )
    return table[["country", "year", "indicator", "value", "unit", "rebased", "source_id", "locator"]]


def _gapminder(raw, stem):
    rows = raw.read(f"ddf--datapoints--{stem}--by--geo--time.csv", ["geo", "time", stem])
    return rows.set_axis(["geo", "year", "value"], axis="columns")


def _personnel(raw):
    rows = _gapminder(raw, ARMED_FORCES)
    rows = rows[(rows["geo"] == "mli") & (rows["year"] >= FIRST_YEAR)]
    table = rows.assign(
        series="World Bank",
        definition="military_and_paramilitary",
        persons=rows["value"],
        low=pd.NA,
        high=pd.NA,
        qualifier="exact",
        note=pd.NA,
        source_id="world-bank-milper",
        locator="indicator MS.MIL.TOTL.P1, Mali, " + rows["year"].astype(str),
    )
    return table.drop(columns=["geo", "value"])


def _troops(raw, macro):
    rows = _gapminder(raw, ARMED_FORCES)
    rows = rows.assign(country=rows["geo"].str.upper()).set_index(["country", "year"])
    people = macro[macro["indicator"] == "population"].set_index(["country", "year"])["value"]
    values = (1000 * rows["value"] / people).rename("value").reset_index()
    table = raw.mali_among_african(values).assign(
        indicator="armed_forces",
        unit="persons per 1,000 inhabitants",
        source_id="world-bank-milper",
        locator="MS.MIL.TOTL.P1 over SP.POP.TOTL, African states",
    )
    places = ["states", "first_quartile", "median", "third_quartile", "mali", "mali_rank"]
    return table[["indicator", "year", *places, "unit", "source_id", "locator"]]
