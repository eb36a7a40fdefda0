"""Made-up files of the forms that publishers use, with a few rows each, and what must come of them."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import pandas as pd
import pytest

BLUE, BLACK = "000000FF", "00000000"


def frame(text: str) -> pd.DataFrame:
    """Return a frame from lines of words: a dot is an empty cell, a tilde a space within one."""
    made = pd.read_csv(io.StringIO(text), sep=r"\s+", na_values=["."], keep_default_na=False)
    made = made.map(lambda cell: cell.replace("~", " ") if isinstance(cell, str) else cell)
    return made.rename(columns=lambda name: name.replace("~", " "))


def dated(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return *table* with days since 1970 as dates, which R keeps as such days."""
    return table.assign(**{name: pd.to_datetime(table[name], unit="D").dt.date for name in columns})


def write(path: Path, content) -> Path:
    """Write made-up *content* in the form that the suffix of *path* names.

    A frame is a table, a dict of lists the sheets of a workbook with their rows (a cell may come with a colour), any
    other dict the text of a geojson; a text is written as it stands.
    """
    suffix = path.suffix.lower()
    if isinstance(content, str):
        path.write_bytes(gzip.compress(content.encode()) if suffix == ".gz" else content.encode())
    elif suffix in (".csv", ".zip"):
        content.to_csv(path, index=False)
    elif suffix == ".tab":
        content.to_csv(path, index=False, sep="\t")
    elif suffix == ".dta":
        content.to_stata(path, write_index=False)
    elif suffix == ".xlsx":
        _workbook(content).save(path)
    elif suffix == ".geojson":
        path.write_text(json.dumps(content))
    else:
        pyreadr = pytest.importorskip("pyreadr")
        pyreadr.write_rds(path, content) if suffix == ".rds" else pyreadr.write_rdata(path, content, path.stem)
    return path


def _workbook(sheets: dict[str, list]):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row, start=1):
                value, colour = cell if isinstance(cell, tuple) else (cell, None)
                made = sheet.cell(number, place, value)
                if colour:
                    made.font = openpyxl.styles.Font(color=colour)
    return book


PAIRS = """
ccode1 ccode2 year flow1 flow2 smoothflow1 smoothflow2
220 432 1991 3 40 3 40
255 432 1991 1 5 1 5
365 432 1991 0 2 0 2
365 651 1991 7 90 7 90
365 500 1991 4 0 4 0
432 433 1991 6 . 6 .
325 432 1991 2 1 2 1
365 432 1992 0 0 0 1
220 365 1991 9 9 9 9
220 432 1989 1 8 1 8
"""
NATIONS = """
ccode year imports exports
432 1961 0.5 14
432 1967 30 11
432 1990 -9 .
433 1990 5 5
"""
CAPABILITIES = """
ccode year milex milper version
432 1960 0 3 2021
432 1967 5000 4 2021
432 1970 5500 -9 2021
433 1970 1 1 2021
"""
HEADINGS = ["Country", "Notes", 1959, 1961, 1977, 1981, 2012]
NEIGHBOURS = {  # of Mali, by sheet
    "constant": [["Burkina Faso", None, 5, 6, 7, 8, 9.5], ["Niger", None, 5, 6, 7, 8, "..."]],
    "share": [["Burkina Faso", None, 0.01, 0.01, 0.01, 0.01, 0.015], ["Niger", None, 0.01, "xxx", "xxx", "xxx", 0.02]],
}
# Shares of all states stand below five lines, by region, Egypt apart; the years that are asked for beside those above.
MORE_YEARS = [year for year in range(1970, 2025) if year not in HEADINGS]
IN_2024 = [None] * (len(HEADINGS) + len(MORE_YEARS) - 2)
MILEX = {
    "Constant (2023) US$": [
        ["Made up"], HEADINGS, ["Mali", None, 5, (30.25, BLACK), (31, "000000FF"), "...", "..."],
        *NEIGHBOURS["constant"],
    ],
    "Current US$": [["Made up"], HEADINGS, ["Mali", None, 5, (4.5, BLUE), 20, 25.5, 99]],
    "Share of GDP": [
        *[["Made up"]] * 5, [*HEADINGS, *MORE_YEARS], ["Africa"], ["sub-Saharan Africa"], *NEIGHBOURS["share"],
        ["Mali", None, 0.01, (0.025, BLUE), 0.026, "xxx", "...", *[None] * (len(MORE_YEARS) - 1), 0.03],
        ["Chad", *IN_2024, "..."], ["Benin", *IN_2024, 0.01],
        ["Americas"], ["Cuba", *IN_2024, 0.5], ["Egypt", *IN_2024, 0.05],
    ],
}  # fmt: skip
WITS_YEARS = [str(year) for year in range(2021, 1987, -1)]


def _wits(product: str, kind: str, indicator: str, partner: str = "World", **values: str) -> dict:
    row = {"Reporter": "Mali", "Partner": partner, "Product categories": product, "Indicator Type": kind}
    return row | {"Indicator": indicator} | dict.fromkeys(WITS_YEARS) | values


WITS = pd.DataFrame([
    _wits("All Products", "Export", "Exports (in US$ Mil)", **{"2000": "   500.25"}),
    _wits("All Products", "Import", "Imports (in US$ Mil)", **{"2000": "   600.5", "2001": " 1"}),
    _wits("Stone and Glass", "Export", "Export(US$ Mil)", **{"2000": "   300"}),
    _wits("All Products", "Export", "Trade (US$ Mil)-Top 5 Export Partner", "Malta", **{"2000": "9"}),
    _wits("All Products", "Tariff", "Duty Free Imports (US$ Thousand)", **{"2000": "9"}),
])  # fmt: skip
WITS_PARTNERS = """
Partner~Name Year Export~(US$~Thousand) Import~(US$~Thousand)
Mali 1995 200000 100000
Mali 2000 650123.4 450000
Niger 2000 1 1
"""
UNCTAD = """
Year Economy~Label Flow~Label US$~at~current~prices~in~millions
1961 Mali Exports 7
1970 Mali Imports 45.5
1970 Niger Imports 1
1959 Mali Imports 1
"""
RATES = """
Date USD JPY
2021-09-02 1.25 130
2021-09-01 1.15 N/A
2021-08-31 N/A N/A
2020-12-31 1.5 1
"""
DISTRICTS = {
    "Data": [
        ["Country", "Admin1", "Admin2", "Month", "Year", "Events", "Fatalities"],
        ["Mali", "Segou", "Alpha", "January", "2012", 2, 5],
        ["Mali", "Segou", "Beta", "January", "2012", 1, 0],
        ["Mali", "Gao", "Gamma", "February", "2012", 4, 8],
        ["Mali", "Gao", "Gamma", "April", "2026", 4, 8],
        ["Mali", "Gao", "Gamma", "May", "1997", 1, 1],
    ]
}
EVENTS = {"Sheet1": [["COUNTRY", "YEAR", "EVENTS"], ["Mali", 2012, 9], ["Niger", 2012, 5], ["Mali", 2011, 1]]}
FATALITIES = {"Sheet1": [["COUNTRY", "YEAR", "FATALITIES"], ["Niger", 2012, 15], ["Chad", 2012, 5]]}
# The file ends within 2025, so that year is left out.
CIVILIANS = {"Sheet1": [["COUNTRY", "YEAR", "FATALITIES"], ["Mali", 2024, 3], ["Mali", 2025, 2], ["Niger", 2024, 7]]}
QUARTERS = """
observation_date GDPDEF
1959-10-01 15
1960-01-01 15.4
1960-04-01 15.5
1960-07-01 15.6
1960-10-01 15.7
"""
STUDENTS = """
location time 26451
fra 2012 2258
usa 2013 366.54394
lux 2012 3
fra 2018 9
"""
ABROAD = """
location time oe_5t8_40510
mli 2012 6207
mli 2011 6000
fra 2012 80000
"""
ICEWS = """
year i_iso3c j_iso3c verbCoop matlCoop verbConf matlConf
2002 MLI RUS 5 1 0 0
2002 RUS MLI 6 0 0 1
2002 RUS FRA 9 9 9 9
"""
POLITY = pd.DataFrame({
    "polity_annual_country": ["Mali", "Mali", "Botswana", "France"],
    "year": [1989.0, 1959.0, 1989.0, 1989.0],
    "polity2": [-7.0, -9.0, 7.0, 9.0],
    "GWn": [432.0, 432.0, 571.0, 220.0],
    "in_GW_system": [True] * 4,
})  # fmt: skip
LEADERS = """
gwcode leader startdate enddate entry exit
432 Keita -3387 -408 Regular Irregular
365 Yeltsin 7902 10956 Regular Regular
365 Andropov 4696 5152 Regular Natural~Death
365 Old -9000 -8000 Regular Regular
220 Other 0 10 Regular Regular
"""
TREATIES = """
ccode1 ccode2 year atop_defense atop_offense atop_neutral atop_nonagg atop_consul
432 220 1960 1 0 0 0 1
432 710 2017 0 0 0 1 0
432 710 2018 0 0 0 1 0
432 433 2018 1 0 0 0 0
"""
ALLIANCES = """
ccode1 ccode2 dyad_st_year dyad_end_year version
432 220 2010 . 4.1
432 365 1961 1963 4.1
433 220 1960 . 4.1
"""
CALLS_OF_A_YEAR = """
MALI CHINA FRANCE RUSSIAN~FEDERATION UNITED~STATES
Y Y A Y N
N Y N Y X
X Y Y Y Y
. . . . .
"""
AFRICANS = (
    "AGO BDI BEN BFA BWA CAF CIV CMR COD COG COM CPV DJI DZA EGY ERI ETH GAB GHA GIN GMB GNB GNQ KEN LBR LBY LSO MAR "
    "MDG MLI MOZ MRT MUS MWI NAM NER NGA RWA SDN SEN SLE SOM SSD STP SWZ SYC TCD TGO TUN TZA UGA ZAF ZMB ZWE"
).split()
CALLS_OF_2025 = pd.DataFrame(
    {"Council": ["General Assembly", "General Assembly", "Security Council"]}
    | {code: ["YES", "NO", None] for code in (*AFRICANS, "CHN", "USA")}
    | {"MLI": ["YES", None, None], "RUS": ["YES", "ABSTAIN", None], "FRA": ["NO", "NO", None]}
)
# A number that comes again is another roll-call.
_CALLS = {"rcid": [1, 2, 3, 3], "date": ["1990-11-01", "1990-12-01", "2024-03-01", "2024-03-01"]}
_SIDES = {"MLI": [1, 2, 1, 1], "RUS": [1, 3, 1, 1], "USA": [3, 1, 8, 8], "FRA": [2, 9, 1, 1], "CHN": [1, 1, 1, 1]}
ROLL_CALLS = pd.DataFrame(
    _CALLS
    | {issue: [True, False, True, True] for issue in ("me", "nu", "di", "hr", "co", "ec")}
    | {code: [1, 1, 1, 1] for code in AFRICANS}
    | _SIDES
)
# What the first two calls would be ten times over: so many joint votes a share of the year needs.
ROLL_CALLS = pd.concat(
    [ROLL_CALLS, *(ROLL_CALLS[:2].assign(rcid=[10 * number, 10 * number + 1]) for number in range(1, 6))]
)
SESSIONS = """
rcid session amend para
1 45 0 0
2 45 0 1
"""
IDEAL_POINTS = """
year iso3c IdealPointFP Q5%FP Q95%FP NVotesFP
1990 MLI -1.5 -2 -1 70
1990 NER -1 -2 0 60
1990 TCD -1 -2 0 60
1990 EGY 1 0 2 60
1990 RUS -2 -3 -1 60
1959 FRA -1 -2 0 60
"""
REGISTER = """
Recipient,Supplier,Year of order,Number ordered,Weapon designation,Number delivered,Year(s) of delivery,PER UNIT,VALUE
Mali,Russia,2016,4,Mi-35M,4,2017; 2019; 2020,10,40
Mali,Soviet Union,1975,5,Alpha,5,1976,2,10
Mali,unknown supplier(s),2023,1,Il-76M,1,2023,34,34
Mali,unknown supplier(s),2023,2,Guardian,2,2023,1,2
Mali,European Union**,2018,1,Beta,1,2019,1,1
Mali,South Africa,2019,13,Marauder,13,2019,0.5,6.5
Mali,South Africa,2021,24,Puma M-36,24,2021; 2022; 2023,0.5,12
Mali,Turkiye,2021,13,Bayraktar TB-2,13,2022; 2023; 2024; 2025,2,26
Mali,United Arab Emirates,2019,9,Typhoon,9,2020,0.3,2.7
Egypt,Soviet Union,1960,1,Gamma,1,1961,100,100
India,Soviet Union,1960,1,Gamma,1,1961,900,900
"""
DELIVERIES = """
SIPRI AT Database ID,Supplier,Recipient,Delivery year,TIV delivery values,Local production;
1,Russia,Mali,2020,30,No;
2,China,Mali,2024,10,No;
3,Russia,India,2024,10,No;
4,Russia,Mali,2019,10,No;
"""


def _reporter(name: str, exports: list[list], imports: list[list]) -> dict[str, list]:
    """Return the two sheets of a reporter, with lines above the headings as the Fund has them."""
    head = [[None], [None, "Partner Countries"], [None], [None, name], [None, "US Dollars, Millions"], [None]]
    years = [None, None, "1986", "2014", "2015"]
    sheets = {"Exports, FOB": exports, "Imports, CIF": imports}
    return {sheet: [*head, years, *([None, *row] for row in rows)] for sheet, rows in sheets.items()}


DOTS = [
    _reporter("Burkina Faso", [["Mali", 1, 1, 1]], [["USSR", 2, None, None]]),
    _reporter(
        "Mali",
        [["Russian Federation", None, 1.5, None]],
        [["USSR", "2.20 e", None, None], ["Russian Federation", None, 7, 9]],
    ),
    _reporter("Niger", [["Mali", 1, 1, 1]], [["USSR", None, 5, None]]),
    _reporter(
        "Russian Federation",
        [["Mali", None, 6, "1,182.45 e"], ["Egypt, Arab Rep. of", None, 50, 60], ["Africa", None, 99, 99]],
        [["Mali", None, 2, None]],
    ),
    _reporter("USSR", [["Mali", "2.00 e", None, None]], [["Mali", None, None, None]]),
]
IMTS = """
COUNTRY.ID INDICATOR.ID COUNTERPART_COUNTRY.ID 2021 2022 2023 2024
RUS XG_FOB_USD MLI 80 90.1234567 . .
RUS XG_FOB_USD EGY 800 . . .
RUS XG_FOB_USD DEU 900 . . .
RUS MG_CIF_USD MLI 1 5 . .
RUS MG_CIF_USD NER 1 . . .
"""
EXPORTS_OF_A_YEAR = """
date value reporter partner
{year}-01-01 2500000 Russian~Federation Mali
{year}-01-01 5000000 Russian~Federation Egypt
{year}-01-01 9000000 Russian~Federation Germany
{year}-01-01 1000000 Mali Russian~Federation
"""
IMPORTS_OF_A_YEAR = """
date value reporter partner
2021-01-01 700000 Russian~Federation Mali
2021-01-01 800000 Niger Russian~Federation
"""
FACTBOOK_COUNTRIES = """
CountryID Year Name
1 1999 Mali
2 1991 Zaire
3 1991 France
"""
FACTBOOK = """-- made up

INSERT INTO CountryFields (FieldID, CategoryID, CountryID, FieldName, Content)
VALUES
  (1, 1, 1, N'Exports - partners', N'Cote d''Ivoire 7.5%, UAE 5%, franc zone ({year})'),
  (2, 1, 1, N'Climate', N'hot; (dry)
wet'),
  (3, 1, 3, N'Exports - partners', N'Mali 7.5% ({year})'),
  (4, 1, 2, N'Economic aid', N'US commitments (FY70-89), $1.5 billion; Communist countries (1970-88), $1,005 million'),
  (5, NULL, 3, N'Economic aid', N'US commitments (FY70-89), $9 billion')
"""
CANDIDATES_OF_2025 = """
id country best type_of_violence date
1 Mali 5 1 2025-01-18
2 Mali 3 3 2025-01-30
3 Niger 2 1 2025-02-01
4 Chad 9 1 2025-02-01
"""
CANDIDATES = """
id country year best low high
1 Mali 2026 5 4 9
2 Mali 2026 1 0 2
3 Chad 2026 9 9 9
"""
# The columns of a complete file, of which the recipe reads eleven.
GED_COLUMNS = (
    "id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name "
    "dyad_dset_id dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b "
    "number_of_sources source_article source_office source_date source_headline source_original where_prec "
    "where_coordinates where_description adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country country_id "
    "region event_clarity date_prec date_start date_end deaths_a deaths_b deaths_civilians deaths_unknown best high "
    "low gwnoa gwnob"
).split()
GED = frame("""
country adm_1 type_of_violence side_a side_b date_prec date_start date_end latitude longitude best low high
Mali Gao~region 1 Government~of~Mali Alpha 1 2012-01-30 2012-01-30 16 0 10 8 12
Mali Gao~region 1 Government~of~Mali Beta 1 2012-01-31 2012-02-01 17 1 5 5 6
Mali . 3 Alpha Civilians 4 2012-01-01 2012-01-31 18 2 2 1 3
Niger Gao~region 1 Alpha Beta 1 2012-01-01 2012-01-01 18 2 9 9 9
""").reindex(columns=GED_COLUMNS)
SIPRI_VALUES = "SIPRI TIV per unit,SIPRI TIV of delivered weapons"
SIPRI_HEAD = "".join(f"Line {number};\n" for number in range(11))

MADE_UP: dict[str, list] = {
    "cow_trade": [frame(PAIRS).astype(float), frame(NATIONS)],
    "cow_capabilities": [frame(CAPABILITIES)],
    "cow_alliances": [frame(ALLIANCES)],
    "atop": [frame(TREATIES).astype(float)],
    "archigos": [dated(frame(LEADERS), "startdate", "enddate")],
    "sipri_spending": [MILEX],
    "sipri_transfers": [
        SIPRI_HEAD + REGISTER.lstrip().replace("PER UNIT,VALUE", SIPRI_VALUES),
        SIPRI_HEAD + DELIVERIES.lstrip(),
    ],
    "voeten_mali": [ROLL_CALLS, frame(SESSIONS).astype(float)],
    "voeten_ideal_points": [
        frame(IDEAL_POINTS).rename(columns=lambda name: name.replace("%", "").lower()),
        frame(IDEAL_POINTS),
    ],
    "wits": [WITS, frame(WITS_PARTNERS)],
    "unctad": [frame(UNCTAD)],
    "ecb_rates": [frame(RATES)],
    "acled": [DISTRICTS, EVENTS, FATALITIES, CIVILIANS],
    "bea_deflator": [frame(QUARTERS)],
    "uis_students": [frame(STUDENTS), frame(ABROAD)],
    "factbook": [
        frame(FACTBOOK_COUNTRIES),
        *(FACTBOOK.replace("{year}", str(max(1999, edition // 2 * 2))) for edition in (1991, 1992, *range(1999, 2026))),
    ],
    "icews": [frame(ICEWS)],
    "polity": [POLITY],
    "ucdp_candidate": [
        frame(CANDIDATES_OF_2025),
        {"Sheet1": [frame(CANDIDATES).columns.tolist(), *frame(CANDIDATES).to_numpy().tolist()]},
        frame(CANDIDATES),
    ],
    "ucdp_ged": [GED],
    "undl_votes": [*[frame(CALLS_OF_A_YEAR)] * 30, CALLS_OF_2025],
    "imf_dots": DOTS,
    "imf_imts": [frame(IMTS)],
    "comtrade_pairs": [
        *(frame(EXPORTS_OF_A_YEAR.format(year=year)) for year in range(2014, 2022)),
        frame(IMPORTS_OF_A_YEAR),
    ],
}

# Set, table: the rows made from those files, as some of their columns; a query picks rows where there are many.
EXPECTED: dict[tuple[str, str], tuple[list[str], list[tuple]]] = {
    ("cow_trade", "trade_bilateral"): (
        ["year", "flow", "series", "value_musd", "low_musd", "high_musd"],
        [
            (1991, "mli_imports_from_rus", "raw", 2, 1.5, 2.5),
            (1992, "mli_imports_from_rus", "raw", None, 0, 0.5),
            (1991, "mli_imports_from_rus", "smoothed", 2, 1.5, 2.5),
            (1992, "mli_imports_from_rus", "smoothed", 1, 0.5, 1.5),
            (1991, "rus_imports_from_mli", "raw", None, 0, 0.5),
            (1992, "rus_imports_from_mli", "raw", None, 0, 0.5),
            (1991, "rus_imports_from_mli", "smoothed", None, 0, 0.5),
            (1992, "rus_imports_from_mli", "smoothed", None, 0, 0.5),
        ],
    ),
    ("cow_trade", "trade_africa_rank"): (
        ["year", "mali_imports_musd", "africa_imports_musd", "markets_n"],
        [(1991, 2, 92, 3), (1992, None, 0, 0)],
    ),
    ("cow_trade", "trade_total"): (
        ["year", "flow", "value_musd", "rebased"],
        [(1961, "exports", 14, None), (1967, "exports", 11, "mlf-1962"), (1967, "imports", 30, "mlf-1962")],
    ),
    ("cow_capabilities", "military_spending"): (
        ["year", "value", "rebased"],
        [(1967, 5, "mlf-1962"), (1970, 5.5, None)],
    ),
    ("cow_capabilities", "military_personnel"): (["year", "persons"], [(1960, 3000), (1967, 4000)]),
    ("cow_alliances", "diplomacy_alliances"): (
        ["partner", "years_with_pact", "pact"],
        [("CHN", 0, "none"), ("FRA", 3, "alliance"), ("RUS", 3, "alliance")],
    ),
    ("atop", "diplomacy_alliances"): (
        ["partner", "covered_to", "years_with_pact", "pact"],
        [
            ("CHN", 2018, 2, "non_aggression"),
            ("FRA", 2018, 1, "defence_consultation"),
            ("RUS", 2018, 0, "none"),
            ("USA", 2018, 0, "none"),
        ],
    ),
    ("archigos", "context_leaders"): (
        ["leader_id", "historical_state", "exit"],
        [
            ("mli-1960-modibo-keita", None, "irregular"),
            ("rus-1991-boris-yeltsin", "RUS", "regular"),
            ("sun-1982-yuri-andropov", "SUN", "natural_death"),
        ],
    ),
    ("sipri_spending", "military_spending"): (
        ["year", "measure", "value", "estimate", "rebased"],
        [
            (1961, "constant_2023", 30.25, False, None),
            (1977, "constant_2023", 31, True, None),
            (1961, "current", 4.5, True, "xof-1984"),
            (1981, "current", 25.5, False, None),
            (1961, "share_of_gdp", 2.5, True, None),
            (1977, "share_of_gdp", 2.6, False, None),
            (2024, "share_of_gdp", 3, False, None),
        ],
    ),
    ("sipri_spending", "military_spending_neighbours"): (
        ["country", "year", "measure", "value"],
        [("BFA", 2012, "constant_2023", 9.5), ("BFA", 2012, "share_of_gdp", 1.5), ("NER", 2012, "share_of_gdp", 2)],
    ),
    ("sipri_transfers", "military_arms_imports"): (
        ["year", "partner", "tiv_m", "bloc_design_tiv_m"],
        [
            (1976, "RUS", 10, 10),
            (2017, "RUS", 20, 20),
            (2019, "EUU", 1, 0),
            (2019, "RUS", 10, 10),
            (2019, "ZAF", 6.5, 0),
            (2020, "RUS", 10, 10),
            (2020, "ARE", 2.7, 0),
            (2021, "ZAF", 10, 0),
            (2022, "ZAF", 1, 0),
            (2022, "TUR", 4, 0),
            (2023, "ZAF", 1, 0),
            (2023, "TUR", 6, 0),
            (2023, "UNK", 36, 34),
            (2024, "TUR", 12, 0),
            (2025, "TUR", 4, 0),
        ],
    ),
    ("sipri_transfers", "military_arms_africa"): (
        ["country", "historical_state", "start_year", "tiv_m", "share_of_imports_pct"],
        [
            ("EGY", "SUN", 1950, 100, None),
            ("MLI", "SUN", 1950, 10, None),
            ("MLI", "RUS", 1992, 40, None),
            ("MLI", "RUS", 2020, 30, 75),
        ],
    ),
    ("voeten_mali", "diplomacy_unga_agreement"): (
        ["year", "partner", "vote_set", "rollcalls", "votes_compared", "agree", "partial", "opposite", "complete"],
        [
            (1990, "CHN", "all_recorded", 12, 12, 6, 6, 0, True),
            (2024, "CHN", "all_recorded", 2, 2, 2, 0, 0, False),
            (1990, "FRA", "all_recorded", 12, 6, 0, 6, 0, True),
            (2024, "FRA", "all_recorded", 2, 2, 2, 0, 0, False),
            (1990, "RUS", "all_recorded", 12, 12, 6, 6, 0, True),
            (2024, "RUS", "all_recorded", 2, 2, 2, 0, 0, False),
            (1990, "USA", "all_recorded", 12, 12, 0, 6, 6, True),
            (1990, "CHN", "final_passage", 11, 11, 6, 5, 0, True),
            (2024, "CHN", "final_passage", 2, 2, 2, 0, 0, False),
            (1990, "FRA", "final_passage", 11, 6, 0, 6, 0, True),
            (2024, "FRA", "final_passage", 2, 2, 2, 0, 0, False),
            (1990, "RUS", "final_passage", 11, 11, 6, 5, 0, True),
            (2024, "RUS", "final_passage", 2, 2, 2, 0, 0, False),
            (1990, "USA", "final_passage", 11, 11, 0, 5, 6, True),
        ],
    ),
    ("voeten_mali", "diplomacy_unga_split_votes"): (
        ["session", "year", "opposed_rollcalls", "with_moscow", "with_washington", "abstain", "absent"],
        [(45, 1990, 12, 6, 0, 6, 0)],
    ),
    ("voeten_mali", "diplomacy_unga_cosine"): (
        ["year", "partner", "cosine"],
        [(1990, "CHN", 0.5**0.5), (1990, "FRA", None), (1990, "RUS", 0.5**0.5), (1990, "USA", -(0.5**0.5))],
    ),
    ("voeten_mali", "diplomacy_unga_africa"): (
        ["partner", "african_states", "median_others", "mali_rank"],
        [("CHN", 54, 1, 54), ("RUS", 54, 0.5, 1), ("USA", 54, 0.5, 54)],
    ),
    ("voeten_ideal_points", "diplomacy_unga_ideal_points"): (
        ["year", "country", "edition", "ideal_point", "low", "high", "votes_used"],
        [
            (1990, "MLI", "v2025", -1.5, -2, -1, 70),
            (1990, "RUS", "v2025", -2, -3, -1, 60),
            (1990, "MLI", "v2026", -1.5, -2, -1, 70),
            (1990, "NER", "v2026", -1, -2, 0, 60),
            (1990, "RUS", "v2026", -2, -3, -1, 60),
        ],
    ),
    ("wits", "trade_mirror"): (
        ["year", "flow", "exporter_musd", "importer_musd", "source_id", "note"],
        [
            (2000, "exports", 500.25, 450, "wits-mali", None),
            (2000, "imports", 650.123, 600.5, "wits-partners", "806 in an older release"),
        ],
    ),
    ("wits", "trade_exports_by_product"): (
        ["year", "product_group", "value_musd"],
        [(2000, "all", 500.25), (2000, "stone_and_glass", 300)],
    ),
    ("unctad", "trade_total"): (
        ["year", "flow", "value_musd", "valuation", "rebased"],
        [(1961, "exports", 7, "fob", "xof-1984"), (1970, "imports", 45.5, "cif", None)],
    ),
    ("ecb_rates", "deployment_fx_daily"): (
        ["date", "usd_per_eur"],
        [(pd.Timestamp("2021-09-02"), 1.25), (pd.Timestamp("2021-09-01"), 1.15)],
    ),
    ("ecb_rates", "deployment_fx_monthly"): (
        ["month", "usd_per_eur_mean", "usd_per_eur_min", "usd_per_eur_max", "days"],
        [(pd.Timestamp("2021-09-01"), 1.2, 1.15, 1.25, 2)],
    ),
    ("acled", "deployment_acled_monthly"): (
        ["month", "events", "fatalities"],
        [(pd.Timestamp("1997-05-01"), 1, 1), (pd.Timestamp("2012-01-01"), 3, 5), (pd.Timestamp("2012-02-01"), 4, 8)],
    ),
    ("acled", "deployment_acled_region_year"): (
        ["year", "region", "events", "fatalities"],
        [(2012, "Gao", 4, 8), (2012, "Ségou", 3, 5)],
    ),
    ("acled", "deployment_acled_country_year"): (
        ["country", "measure", "value"],
        [("MLI", "events", 9), ("NER", "fatalities", 15), ("MLI", "civilian_fatalities", 3)],
    ),
    ("bea_deflator", "context_us_prices"): (["year", "series", "index_value"], [(1960, "gdp_deflator", 15.55)]),
    ("uis_students", "aid_students_abroad"): (
        ["year", "partner", "students"],
        [(2012, "FRA", 2258), (2013, "USA", 366.54394), (2012, "WLD", 6207)],
    ),
    ("factbook", "aid_africa_commitments"): (
        ["edition", "country", "donor_group", "start_year", "end_year", "value_musd", "doubtful"],
        [
            (edition, "COD", group, 1970, end, value, False)
            for edition in (1991, 1992)
            for group, end, value in (("usa", 1989, 1500), ("communist", 1988, 1005))
        ],
    ),
    ("factbook", "trade_partner_factbook"): (
        ["year", "flow", "partner", "share_pct", "edition"],
        [
            (year, "exports", partner, share, edition)
            for year, edition in ((1999, 1999), *((year, year) for year in range(2000, 2025, 2)))
            for partner, share in (("CIV", 7.5), ("ARE", 5))
        ],
    ),
    ("icews", "diplomacy_icews"): (
        ["actor", "event_class", "events"],
        [
            *(("MLI", "verbal_cooperation", 5), ("RUS", "verbal_cooperation", 6)),
            *(("MLI", "material_cooperation", 1), ("RUS", "material_cooperation", 0)),
            *(("MLI", "verbal_conflict", 0), ("RUS", "verbal_conflict", 0)),
            *(("MLI", "material_conflict", 0), ("RUS", "material_conflict", 1)),
        ],
    ),
    ("polity", "context_regimes"): (["year", "value"], [(1989, -7)]),
    ("polity", "context_multiparty"): (["states", "states_coded"], [(1, 2)]),
    ("ucdp_candidate", "deployment_ucdp_candidate"): (
        ["month", "country", "events", "deaths", "low_deaths", "high_deaths", "status"],
        [
            (pd.Timestamp("2025-01-01"), "MLI", 2, 8, None, None, "candidate"),
            (pd.Timestamp("2025-02-01"), "NER", 1, 2, None, None, "candidate"),
            (pd.Timestamp("2026-02-01"), "MLI", 2, 6, 4, 11, "candidate"),
            (pd.Timestamp("2026-04-01"), "MLI", 2, 6, 4, 11, "candidate"),
        ],
    ),
    ("ucdp_ged", "ged_mali_regions"): (
        ["month", "region", "kind", "events", "imprecise", "latitude", "deaths", "low_deaths", "high_deaths"],
        [
            ("2012-01", "Gao", "state_based", 2, 1, 16.5, 15, 13, 18),
            ("2012-01", "not known", "one_sided", 1, 1, 18, 2, 1, 3),
        ],
    ),
    ("ucdp_ged", "ged_mali_actors"): (
        ["actor", "kind", "events", "deaths"],
        [
            ("Alpha", "one_sided", 1, 2),
            ("Alpha", "state_based", 1, 10),
            ("Beta", "state_based", 1, 5),
            ("Government of Mali", "state_based", 2, 15),
        ],
    ),
    ("undl_votes", "diplomacy_unga_mali_votes"): (
        ["year", "rollcalls", "yes", "abstain", "no", "absent"],
        [(2025, 2, 1, 0, 0, 1)],
    ),
    ("undl_votes", "diplomacy_unga_cosine"): (
        ["partner", "cosine", "mali_cast"],
        [("CHN", 0.5**0.5, 1), ("FRA", -(0.5**0.5), 1), ("RUS", 1, 1), ("USA", 0.5**0.5, 1)],
    ),
    ("undl_votes", "diplomacy_unga_africa"): (
        ["partner", "african_states", "median_others", "mali_rank"],
        [("CHN", 54, 1, 54), ("FRA", 54, 0, 54), ("RUS", 54, 0.5**0.5, 1), ("USA", 54, 1, 54)],
    ),
    ("imf_dots", "trade_dyad_annual"): (
        ["year", "country", "flow", "reporter", "historical_state", "value_musd", "estimate"],
        [
            (2014, "MLI", "imports", "MLI", "RUS", 7, False),
            (2015, "MLI", "imports", "MLI", "RUS", 9, False),
            (2014, "MLI", "imports", "RUS", "RUS", 6, False),
            (2015, "MLI", "imports", "RUS", "RUS", 1182.45, True),
            (1986, "MLI", "imports", "MLI", "SUN", 2.2, True),
            (1986, "MLI", "imports", "RUS", "SUN", 2, True),
            (2014, "MLI", "exports", "MLI", "RUS", 1.5, False),
            (2014, "MLI", "exports", "RUS", "RUS", 2, False),
            (1986, "BFA", "imports", "BFA", "SUN", 2, False),
        ],
    ),
    ("imf_dots", "trade_mirror"): (
        ["year", "flow", "exporter_musd", "importer_musd", "importer_reported"],
        [(2014, "mli_to_rus", 1.5, 2, "not_checked"), (2014, "rus_to_mli", 6, 7, "no")],
    ),
    ("imf_dots", "trade_russia_markets"): (
        ["year", "country", "value_musd", "rank", "markets_n", "africa_musd"],
        [(2014, "MLI", 6, 2, 2, 56), (2015, "MLI", 1182.45, 1, 2, 1242.45)],
    ),
    ("imf_imts", "trade_dyad_annual"): (
        ["year", "country", "flow", "value_musd", "estimate_kind"],
        [
            (2021, "MLI", "imports", 80, "none"),
            (2022, "MLI", "imports", 90.1234567, "apparent"),
            (2021, "MLI", "exports", 1, "none"),
        ],
    ),
    ("imf_imts", "trade_russia_markets"): (
        ["year", "country", "rank", "markets_n", "africa_musd"],
        [(2021, "MLI", 2, 2, 880)],
    ),
    ("comtrade_pairs", "trade_russia_markets"): (
        ["year", "country", "value_musd", "rank", "markets_n", "africa_musd"],
        [(year, "MLI", 2.5, 2, 2, 7.5) for year in range(2014, 2022)],
    ),
}
