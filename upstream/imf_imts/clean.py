"""Russia's trade with three states of the Sahel from 2021, and its African markets in 2021."""

import pandas as pd

SOURCE, EDITION = "imf-imts-2026", "2026-05"
FILE = "RU_trade.csv"
YEARS = ["2021", "2022", "2023", "2024"]
UNMARKED_FROM = 2022  # Russia has published no trade by country since
COMPUTED = "more decimals than a count of dollars has; Russia has published no trade by country since 2022"
# Flow as the African country sees it: indicator, states, valuation, last year.
FLOWS = {
    "imports": ("XG_FOB_USD", ["MLI", "BFA", "NER"], "fob", 2024),
    "exports": ("MG_CIF_USD", ["MLI"], "cif", 2021),
}
MEMBERS = (
    "AGO BDI BEN BFA BWA CAF CIV CMR COD COG COM CPV DJI DZA EGY ERI ETH GAB GHA GIN GMB GNB GNQ KEN LBR LBY LSO MAR "
    "MDG MLI MOZ MRT MUS MWI NAM NER NGA RWA SDN SEN SLE SOM SSD STP SWZ SYC TCD TGO TUN TZA UGA ZAF ZMB ZWE"
).split()


def clean(raw):
    """Return the rows of the IMF from 2021 in ``trade_dyad_annual`` and ``trade_russia_markets``."""
    rows = raw.read(FILE, ["COUNTRY.ID", "INDICATOR.ID", "COUNTERPART_COUNTRY.ID", *YEARS])
    rows.columns = ["reporter", "indicator", "country", *YEARS]
    rows = rows.melt(["reporter", "indicator", "country"], var_name="year", value_name="value_musd").dropna()
    rows = rows[rows["reporter"] == "RUS"].astype({"year": int})
    return {"trade_dyad_annual": _annual(rows), "trade_russia_markets": _markets(rows)}


def _annual(rows):
    parts = []
    for flow, (indicator, states, valuation, last) in FLOWS.items():
        taken = rows[(rows["indicator"] == indicator) & rows["country"].isin(states) & (rows["year"] <= last)]
        where = "RUS." + taken["indicator"] + "." + taken["country"] + ".A, " + taken["year"].astype(str)
        parts.append(taken.assign(flow=flow, valuation=valuation, locator=where))
    table = pd.concat(parts)
    unmarked = table["year"] >= UNMARKED_FROM
    table = table.assign(
        partner="RUS",
        historical_state="RUS",
        dataset="IMTS",
        edition=EDITION,
        estimate=unmarked,
        estimate_kind=unmarked.map({True: "apparent", False: "none"}),
        source_id=SOURCE,
        note=unmarked.map({True: COMPUTED, False: None}),
    )
    names = ["year", "country", "partner", "historical_state", "flow", "reporter", "dataset", "edition", "value_musd"]
    return table[[*names, "valuation", "estimate", "estimate_kind", "source_id", "locator", "note"]]


def _markets(rows):
    bought = rows[(rows["indicator"] == "XG_FOB_USD") & rows["country"].isin(MEMBERS) & (rows["value_musd"] > 0)]
    bought = bought[bought["year"] < UNMARKED_FROM]
    years = bought.groupby("year")["value_musd"]
    table = bought.assign(
        rank=years.rank(ascending=False, method="min"),
        markets_n=years.transform("size"),
        africa_musd=years.transform("sum"),
        dataset="IMTS",
        edition=EDITION,
        source_id=SOURCE,
        locator="RUS.XG_FOB_USD, counterparts: 54 African states, annual, " + bought["year"].astype(str),
    )
    table = table[table["country"].isin(FLOWS["imports"][1])]
    names = ["year", "country", "dataset", "edition", "value_musd", "rank", "markets_n", "africa_musd", "source_id"]
    return table[[*names, "locator"]]
