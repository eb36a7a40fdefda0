"""Major arms delivered to Mali by supplier and year, and to African states by period."""

import pandas as pd

REGISTER, BY_YEAR = "trade-register.csv", "trade_register.csv"
UNKNOWN = "unknown supplier(s)"
HEAD = 11  # lines before the headings, in both
VALUE, YEARS = "SIPRI TIV of delivered weapons", "Year(s) of delivery"
# The register gives a deal in one sum. Units by year of those over several years: of the register of February 2026;
# the drones of 2024 and 2025 solved from the annual totals.
SPLITS = {
    ("United States", "BT-67"): {1997: 2, 1998: 1},
    ("Bulgaria", "BRDM-2"): {2007: 20, 2008: 15, 2009: 9},
    ("Bulgaria", "BTR-60PB"): {2008: 14, 2009: 20},
    ("France", "AS-532 Cougar"): {2016: 1, 2017: 1},
    ("Russia", "Mi-35M"): {2017: 2, 2019: 1, 2020: 1},
    ("South Africa", "RG-31 Nyala"): {2017: 5, 2018: 13},
    ("South Africa", "Casspir"): {2019: 39, 2020: 12},
    ("China", "WZ-551"): {2021: 7, 2023: 15},
    ("South Africa", "Puma M-36"): {2021: 20, 2022: 2, 2023: 2},
    (UNKNOWN, "BRDM-2"): {2021: 6, 2023: 6},
    (UNKNOWN, "BTR-70"): {2021: 2, 2023: 6},
    ("Turkiye", "Bayraktar TB-2"): {2022: 2, 2023: 3, 2024: 6, 2025: 2},
}
PACT = "Other Warsaw Pact and successor states"
SUPPLIERS = {
    "Soviet Union": ("RUS", "USSR"),
    "Russia": ("RUS", "Russia"),
    "France": ("FRA", "France"),
    "China": ("CHN", "China"),
    "United States": ("USA", "United States"),
    "Turkiye": ("TUR", "Türkiye"),
    UNKNOWN: ("UNK", "Unknown"),
    "Bulgaria": ("BGR", PACT),
    "Czechia": ("CZE", PACT),
    "Czechoslovakia": ("CSK", PACT),
    "Moldova": ("MDA", PACT),
    "Slovakia": ("SVK", PACT),
    "Ukraine": ("UKR", PACT),
    "Brazil": ("BRA", "Other"),
    "Canada": ("CAN", "Other"),
    "Egypt": ("EGY", "Other"),
    "European Union**": ("EUU", "Other"),
    "Libya": ("LBY", "Other"),
    "Nigeria": ("NGA", "Other"),
    "Qatar": ("QAT", "Other"),
    "South Africa": ("ZAF", "Other"),
    "Spain": ("ESP", "Other"),
    "United Arab Emirates": ("ARE", "Other"),
    "United Kingdom": ("GBR", "Other"),
}
STATES = {"Soviet Union": "SUN", "Russia": "RUS"}
EASTERN = {"USSR", "Russia", PACT}
# Of weapons whose supplier is not known, those of Soviet design.
EASTERN_DESIGNS = ["BRDM-2", "BTR-70", "Il-76M"]
RECIPIENTS = {
    "Algeria": "DZA", "Angola": "AGO", "Benin": "BEN", "Botswana": "BWA", "Burkina Faso": "BFA", "Burundi": "BDI",
    "Cameroon": "CMR", "Cabo Verde": "CPV", "Central African Republic": "CAF", "Chad": "TCD", "Comoros": "COM",
    "Congo": "COG", "Cote d'Ivoire": "CIV", "DR Congo": "COD", "Djibouti": "DJI", "Egypt": "EGY",
    "Equatorial Guinea": "GNQ", "Eritrea": "ERI", "Eswatini": "SWZ", "Ethiopia": "ETH", "Gabon": "GAB", "Gambia": "GMB",
    "Ghana": "GHA", "Guinea": "GIN", "Guinea-Bissau": "GNB", "Kenya": "KEN", "Lesotho": "LSO", "Liberia": "LBR",
    "Libya": "LBY", "Madagascar": "MDG", "Malawi": "MWI", "Mali": "MLI", "Mauritania": "MRT", "Mauritius": "MUS",
    "Morocco": "MAR", "Mozambique": "MOZ", "Namibia": "NAM", "Niger": "NER", "Nigeria": "NGA", "Rwanda": "RWA",
    "Senegal": "SEN", "Seychelles": "SYC", "Sierra Leone": "SLE", "Somalia": "SOM", "South Africa": "ZAF",
    "South Sudan": "SSD", "Sudan": "SDN", "Tanzania": "TZA", "Togo": "TGO", "Tunisia": "TUN", "Uganda": "UGA",
    "Zambia": "ZMB", "Zimbabwe": "ZWE",
}  # fmt: skip
NORTH = ["DZA", "EGY", "LBY", "MAR", "TUN"]
# The largest customers that are shown, and the period.
PERIODS = {"Soviet Union": (29, 1950, 1991), "Russia": (31, 1992, 2025)}
RECENT = (2020, 2024)
EDITION = "2026-05-18"
# Metric: supplier, weapon, column, unit.
DEALS = {
    "marauder_tiv_per_unit": ("South Africa", "Marauder", "SIPRI TIV per unit", "million TIV"),
    "puma_m36_ordered": ("South Africa", "Puma M-36", "Number ordered", "items"),
    "tb2_drones_delivered": ("Turkiye", "Bayraktar TB-2", "Number delivered", "items"),
    "typhoon_tiv_per_unit": ("United Arab Emirates", "Typhoon", "SIPRI TIV per unit", "million TIV"),
}


def clean(raw):
    """Return the rows of SIPRI in the tables of arms."""
    columns = ["Recipient", "Supplier", "Weapon designation", "Number ordered", "Number delivered", YEARS]
    deals = raw.read(REGISTER, [*columns, "SIPRI TIV per unit", VALUE], skiprows=HEAD, encoding="latin-1")
    columns = ["Supplier", "Recipient", "Delivery year", "TIV delivery values"]
    by_year = raw.read(BY_YEAR, columns, skiprows=HEAD, encoding="latin-1")
    mali = deals[deals["Recipient"] == "Mali"]
    return {
        "military_arms_imports": _imports(mali),
        "military_arms_africa": pd.concat([_customers(deals), _recent(by_year)]),
        "military_register_vintages": _vintage(mali),
    }


def _imports(mali):
    parts = []
    deals = mali[["Supplier", "Weapon designation", YEARS, VALUE]]
    for supplier, weapon, years, value in deals.itertuples(index=False):
        delivered = [int(year) for year in str(years).split(";")]
        units = {delivered[0]: 1} if len(delivered) == 1 else SPLITS[supplier, weapon]
        eastern = weapon in EASTERN_DESIGNS if supplier == UNKNOWN else SUPPLIERS[supplier][1] in EASTERN
        for year, number in units.items():
            part = value * number / sum(units.values())
            parts.append((supplier, year, part, part * eastern))
    table = pd.DataFrame(parts, columns=["supplier", "year", "tiv_m", "bloc_design_tiv_m"])
    table = table.groupby(["year", "supplier"], as_index=False)[["tiv_m", "bloc_design_tiv_m"]].sum()
    group = table["supplier"].map({name: group for name, (_, group) in SUPPLIERS.items()})
    # Asterisks point to notes of the publisher.
    where = "trade register generated 18 May 2026, recipient Mali, supplier " + table["supplier"].str.rstrip("*")
    return pd.DataFrame(
        {
            "year": table["year"],
            "partner": table["supplier"].map({name: code for name, (code, _) in SUPPLIERS.items()}),
            "historical_state": table["supplier"].map(STATES),
            "supplier_group": group,
            "tiv_m": table["tiv_m"],
            "bloc_design_tiv_m": table["bloc_design_tiv_m"],
            "source_id": "sipri-tr-2026-05",
            "locator": where + ", deliveries of " + table["year"].astype(str) + "; own sum",
        }
    )


def _customers(deals):
    parts = []
    for supplier, (number, start, end) in PERIODS.items():
        sums = deals[deals["Supplier"] == supplier].groupby("Recipient")[VALUE].sum()
        sums = sums[sums.index.isin(list(RECIPIENTS))].nlargest(number)
        where = f"trade register generated 18 May 2026, supplier {supplier}, recipient " + sums.index + "; own sum"
        parts.append(_periods(sums, supplier, start, end).assign(source_id="sipri-tr-2026-05", locator=where))
    return pd.concat(parts)


def _recent(by_year):
    start, end = RECENT
    rows = by_year[by_year["Delivery year"].between(start, end) & by_year["Recipient"].isin(list(RECIPIENTS))]
    imports = rows.groupby("Recipient")["TIV delivery values"].sum()
    sums = rows[rows["Supplier"] == "Russia"].groupby("Recipient")["TIV delivery values"].sum()
    where = "trade register generated 12 February 2026, supplier Russia, recipient " + sums.index
    table = _periods(sums, "Russia", start, end)
    share = (100 * sums / imports[sums.index]).to_numpy()
    return table.assign(
        share_of_imports_pct=share,
        source_id="sipri-tr-2026-02",
        locator=where + f", deliveries {start}-{end}; own sum",
    )


def _periods(sums, supplier, start, end):
    country = sums.index.map(RECIPIENTS)
    return pd.DataFrame(
        {
            "country": country,
            "partner": "RUS",
            "historical_state": STATES[supplier],
            "start_year": start,
            "end_year": end,
            "subregion": country.isin(NORTH),
            "tiv_m": sums.to_numpy(),
            "share_of_imports_pct": None,
        }
    ).replace({"subregion": {True: "North Africa", False: "sub-Saharan Africa"}})


def _vintage(mali):
    where = "trade register generated 18 May 2026, recipient Mali, "
    total = where + "sum of delivered TIV"
    delivered = mali.groupby("Supplier")[VALUE].sum()
    rows = [
        ("deals_listed", len(mali), "deals", where + "all rows"),
        ("tiv_all_suppliers", mali[VALUE].sum(), "million TIV", total),
        ("tiv_russia", delivered["Russia"], "million TIV", total),
        ("tiv_ussr", delivered["Soviet Union"], "million TIV", total),
    ]
    for metric, (supplier, weapon, column, unit) in DEALS.items():
        deal = mali[(mali["Supplier"] == supplier) & mali["Weapon designation"].str.startswith(weapon)]
        words = f"{supplier} / {weapon}".replace("United Arab Emirates", "UAE").removesuffix(" TB-2")
        rows.append((metric, deal[column].iloc[0], unit, where + words))
    table = pd.DataFrame(rows, columns=["metric", "value", "unit", "locator"])
    table = table.assign(edition=EDITION, source_id="sipri-tr-2026-05")
    return table[["edition", "metric", "value", "unit", "source_id", "locator"]]
