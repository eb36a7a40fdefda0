"""Mali's trade by partner, its trade with Moscow, and its place among Moscow's African markets, 1960 to 2014."""

import pandas as pd

DYADS, STATES = "cow_trade_ddy.rds", "National_COW_4.0.csv"
SOURCE = "cow-trade-v4"
FIRST_YEAR = 1960
MALI, MOSCOW = 432, 365
RUSSIA_FROM = 1992
# The partners of the table by code; all others are summed.
PARTNERS = {"BEL": 211, "CHN": 710, "CIV": 437, "DEU": 255, "FRA": 220, "GBR": 200, "RUS": 365, "SEN": 433, "USA": 2}
OTHERS = "OTH"
WEST_GERMANY, UNIFIED_FROM = 260, 1990
# Flow: column of the pair (Moscow has the lower code); flow1 is what the first state bought.
FLOWS = {"mli_imports_from_rus": "flow2", "rus_imports_from_mli": "flow1"}
UNREPORTED = "Mali filed no report for this year; likely filled from the partner by the IMF"
BILATERAL_NOTES = {
    ("mli_imports_from_rus", "raw", 2013): UNREPORTED,
    ("mli_imports_from_rus", "raw", 2014): UNREPORTED,
    ("mli_imports_from_rus", "smoothed", 2013): "the smoothing replaces the raw 23",
}
MISSING = -9
PLACEHOLDER = 1961  # imports printed as 0.5, where the pairs add up to 25
OLD_PARITY = 1967  # the franc was devalued on 5 May
TOTAL_NOTES = {
    ("exports", 1960): "Less than half of the UNCTAD value; not explained",
    ("imports", OLD_PARITY): "As if the parity before 5 May 1967 had held all year; our reading",
    ("exports", OLD_PARITY): "As if the parity before 5 May 1967 had held all year; our reading",
}


def clean(raw):
    """Return the rows of the Correlates of War in the tables of trade."""
    pairs = raw.read(DYADS, ["ccode1", "ccode2", "year", "flow1", "flow2", "smoothflow1", "smoothflow2"])
    pairs = pairs[pairs["year"] >= FIRST_YEAR].astype({"ccode1": int, "ccode2": int, "year": int})
    africa = _african(_seen_from(pairs, MOSCOW))
    return {
        "trade_partner_annual": _partners(_seen_from(pairs, MALI)),
        "trade_bilateral": _bilateral(pairs),
        "trade_africa_rank": _ranks(africa),
        "trade_russia_africa": _continent(africa),
        "trade_total": _totals(raw),
    }


def _seen_from(pairs, state):
    """Return partner, year, imports and exports of *state* from the pairs in which it stands on either side."""
    columns = ["partner", "year", "imports", "exports"]
    first = pairs.loc[pairs["ccode1"] == state, ["ccode2", "year", "flow1", "flow2"]].set_axis(columns, axis="columns")
    other = pairs.loc[pairs["ccode2"] == state, ["ccode1", "year", "flow2", "flow1"]].set_axis(columns, axis="columns")
    return pd.concat([first, other]).drop_duplicates(["partner", "year"])


def _partners(trade):
    total = trade["imports"].fillna(0) + trade["exports"].fillna(0)
    years = trade["year"]
    trade = trade.assign(
        rank_trade=total[total > 0].groupby(years).rank(ascending=False, method="min"),
        rank_imports=trade["imports"][trade["imports"] > 0].groupby(years).rank(ascending=False, method="min"),
    )
    codes = {code: partner for partner, code in PARTNERS.items()} | {WEST_GERMANY: "DEU"}
    sums = trade.assign(partner=trade["partner"].map(codes).fillna(OTHERS)).groupby(["year", "partner"])
    sums = sums.agg({"imports": "sum", "exports": "sum", "rank_trade": "min", "rank_imports": "min"})
    # Every partner has a row in every year.
    every = pd.MultiIndex.from_product([sorted(years.unique()), [*sorted(PARTNERS), OTHERS]], names=["year", "partner"])
    table = sums.reindex(every).fillna({"imports": 0, "exports": 0}).reset_index()
    other = table["partner"] == OTHERS
    table.loc[other, ["rank_trade", "rank_imports"]] = pd.NA
    table["partners_n"] = table["year"].map((total > 0).groupby(years).sum())
    table["historical_state"] = _moscow(table["year"]).where(table["partner"] == "RUS")
    table["locator"] = [_where(*row) for row in zip(table["partner"], table["year"], strict=True)]
    west = trade.loc[trade["partner"] == WEST_GERMANY, "year"]
    absent = (table["partner"] == "DEU") & (table["year"] < UNIFIED_FROM) & ~table["year"].isin(west)
    table.loc[absent, ["imports", "exports"]] = pd.NA
    table.loc[absent, "locator"] = (
        "v4.0 dyadic trade file: no rows of the Federal Republic of Germany (ccode 260) with Mali in the copy used"
    )
    table["source_id"] = SOURCE
    names = ["year", "partner", "historical_state", "imports", "exports", "rank_trade", "rank_imports", "partners_n"]
    return table[[*names, "source_id", "locator"]].rename(
        columns={"imports": "imports_musd", "exports": "exports_musd"}
    )


def _where(partner, year):
    if partner == OTHERS:
        return f"v4.0 dyadic trade file, sum over all other pairs with ccode 432, year={year}"
    code = WEST_GERMANY if partner == "DEU" and year < UNIFIED_FROM else PARTNERS[partner]
    low, high = sorted([code, MALI])
    return f"v4.0 dyadic trade file, ccode1={low}, ccode2={high}, year={year}, flow1 and flow2"


def _moscow(years):
    return (years < RUSSIA_FROM).map({True: "SUN", False: "RUS"})


def _bilateral(pairs):
    rows = pairs[(pairs["ccode1"] == MOSCOW) & (pairs["ccode2"] == MALI)]
    parts = []
    for flow, column in FLOWS.items():
        for series, prefix in {"raw": "", "smoothed": "smooth"}.items():
            where = "v4.0 dyadic trade file, ccode1=365, ccode2=432, year=" + rows["year"].astype(str)
            part = pd.DataFrame({"year": rows["year"], "flow": flow, "series": series})
            part["value_musd"] = rows[prefix + column]
            parts.append(part.assign(locator=where + f", {prefix}{column}"))
    table = pd.concat(parts).dropna(subset="value_musd")
    value = table["value_musd"]
    keys = zip(table["flow"], table["series"], table["year"], strict=True)
    table = table.assign(
        end_year=table["year"],
        low_musd=(value - 0.5).clip(lower=0),  # rounded to whole million by the publisher of the copy
        high_musd=value + 0.5,
        value_musd=value.where(value > 0),  # a 0 may be no record
        qualifier="range",
        valuation="cif",
        source_id=SOURCE,
        note=[BILATERAL_NOTES.get(key) for key in keys],
    )
    names = ["year", "end_year", "flow", "series", "value_musd", "low_musd", "high_musd", "qualifier", "valuation"]
    return table[[*names, "source_id", "locator", "note"]]


def _african(trade):
    """Return the pairs of Moscow with states of Africa; what Moscow exported is what they imported."""
    return trade[trade["partner"].between(402, 626) | (trade["partner"] == 651)]


def _ranks(africa):
    bought = africa["exports"]
    rank = bought[bought > 0].groupby(africa["year"]).rank(ascending=False, method="min")
    mali = africa[africa["partner"] == MALI].assign(rank=rank).set_index("year")
    any_trade = (bought > 0) | (africa["imports"] > 0)
    table = pd.DataFrame(
        {
            "africa_imports_musd": bought.groupby(africa["year"]).sum(),
            "markets_n": any_trade.groupby(africa["year"]).sum(),
        }
    )
    table = table.assign(
        mali_imports_musd=mali["exports"].where(mali["exports"] > 0), mali_rank=mali["rank"], source_id=SOURCE
    ).reset_index()
    where = "v4.0 dyadic trade file, pairs of ccode 365 with African states (ccode 402-626, 651), year="
    table["locator"] = where + table["year"].astype(str)
    names = ["year", "mali_imports_musd", "africa_imports_musd", "mali_rank", "markets_n", "source_id", "locator"]
    return table[names]


def _continent(africa):
    sums = africa.groupby("year")[["exports", "imports"]].sum()
    sums = sums.rename(columns={"exports": "africa_imports_from_rus", "imports": "rus_imports_from_africa"})
    table = sums.rename_axis(columns="flow").stack().rename("value_musd").reset_index()
    where = "v4.0 dyadic trade file, sum over pairs of ccode 365 with African states (ccode 402-626, 651), year="
    table = table.assign(
        low_musd=None, high_musd=None, qualifier="about", basis="cow", speaker=None, source_id=SOURCE,
        locator=where + table["year"].astype(str), note=None,
    )  # fmt: skip
    return table


def _totals(raw):
    rows = raw.read(STATES, ["ccode", "year", "imports", "exports"])
    rows = rows[(rows["ccode"] == MALI) & (rows["year"] >= FIRST_YEAR)]
    table = rows.melt("year", ["exports", "imports"], var_name="flow", value_name="value_musd")
    known = table["value_musd"].notna() & (table["value_musd"] != MISSING)
    table = table[known & ~((table["flow"] == "imports") & (table["year"] == PLACEHOLDER))]
    where = "v4.0 national trade file, ccode=432, year=" + table["year"].astype(str) + ", " + table["flow"]
    keys = zip(table["flow"], table["year"], strict=True)
    return table.assign(
        valuation="not_stated",
        reporter="compiled",
        qualifier="exact",
        rebased=(table["year"] == OLD_PARITY).map({True: "mlf-1962", False: None}),
        source_id=SOURCE,
        locator=where,
        note=[TOTAL_NOTES.get(key) for key in keys],
    )
