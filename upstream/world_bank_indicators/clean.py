"""Population, output, aid, debt and armed forces, from copies of the World Development Indicators."""

import pandas as pd

# Other African states, for the years in which a figure compares Mali with them.
IN_1989 = (
    "AGO BDI BEN BFA BWA CAF CIV CMR COD COG COM CPV DJI DZA EGY ETH GAB GHA GIN GMB GNB GNQ KEN LBR LBY LSO MAR MDG "
    "MOZ MRT MUS MWI NAM NER NGA RWA SDN SEN SLE SOM STP SWZ SYC TCD TGO TUN TZA UGA ZMB ZWE"
).split()
IN_2000 = "AGO BEN BFA CAF CMR COG CPV DZA ETH GHA GIN GNB MAR MDG MOZ SDN SOM STP TCD TUN TZA ZMB".split()
FIRST_YEAR = 1960
# Population of the neighbours beside which deaths in Mali are set, from the first year of those deaths.
NEIGHBOURS = ["BFA", "NER"]
NEIGHBOURS_FROM = 2012
# Output of Mali to this year is stated in the CFA franc of 1984 before dollars are taken: not the money of the day.
RESTATED_TO = 1967
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
    """Return the rows of ``context_macro`` and those of the World Bank in ``military_personnel``."""
    return {"context_macro": _macro(raw), "military_personnel": _personnel(raw)}


def _macro(raw):
    parts = []
    for indicator, (file, code, unit, divisor) in DATAHUB.items():
        rows = raw.read(file, ["Country Name", "Country Code", "Year", "Value"])
        rows.columns = ["name", "country", "year", "value"]
        mali = (rows["country"] == "MLI") & (rows["year"] >= FIRST_YEAR)
        in_1989 = (rows["year"] == 1989) & rows["country"].isin(IN_1989)
        in_2000 = (rows["year"] == 2000) & rows["country"].isin(IN_2000)
        beside = (rows["year"] >= NEIGHBOURS_FROM) & rows["country"].isin(NEIGHBOURS) & (indicator == "population")
        rows = rows[mali | in_1989 | in_2000 | beside]
        rows = rows.assign(locator=f"{code}, " + rows["name"])
        parts.append(rows.assign(indicator=indicator, unit=unit, value=rows["value"] / divisor))
    for indicator, (stem, code, unit, divisor) in GAPMINDER.items():
        rows = _of_mali(raw, stem)
        rows = rows.assign(indicator=indicator, unit=unit, value=rows["value"] / divisor, locator=f"{code}, Mali")
        parts.append(rows.assign(country="MLI"))
    table = pd.concat(parts, ignore_index=True).dropna(subset="value")
    restated = (table["country"] == "MLI") & (table["indicator"] == "gdp") & (table["year"] <= RESTATED_TO)
    table = table.assign(rebased=restated.map({True: "xof-1984", False: None}), source_id="wb-wdi")
    return table[["country", "year", "indicator", "value", "unit", "rebased", "source_id", "locator"]]


def _of_mali(raw, stem):
    rows = raw.read(f"ddf--datapoints--{stem}--by--geo--time.csv", ["geo", "time", stem])
    rows.columns = ["geo", "year", "value"]
    return rows[(rows["geo"] == "mli") & (rows["year"] >= FIRST_YEAR)]


def _personnel(raw):
    rows = _of_mali(raw, ARMED_FORCES)
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
