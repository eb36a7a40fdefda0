"""Mali's total trade as UNCTAD compiles it."""

VALUE, REMARK = "US$ at current prices in millions", "US$ at current prices in millions Footnote"
FIRST_YEAR = 1960
# About half of what others have, as the CFA franc of 1984 would give: our reading.
RESTATED = {"exports": [1961, 1962, 1963, 1964, 1965, 1967], "imports": [1961, 1962, 1963, 1964, 1967]}
HALF = "About half of the other compilers: as if restated in the CFA franc of 1984; our reading"
BREAK = "; break marked by the source"
BREAK_YEAR = 1961
BELOW_WTO = {"exports": [], "imports": [1965, 1966, 1969, 1970, 1989, 1991]}


def clean(raw):
    """Return the rows of UNCTAD in ``trade_total``."""
    rows = raw.read("US_TradeMerchTotal.csv", ["Year", "Economy Label", "Flow Label", VALUE])
    rows = rows[(rows["Economy Label"] == "Mali") & (rows["Year"] >= FIRST_YEAR)]
    table = rows.assign(flow=rows["Flow Label"].str.lower()).rename(columns={"Year": "year", VALUE: "value_musd"})
    keys = list(zip(table["flow"], table["year"], strict=True))
    table = table.assign(
        valuation=table["flow"].map({"imports": "cif", "exports": "fob"}),
        reporter="compiled",
        qualifier="exact",
        rebased=["xof-1984" if year in RESTATED[flow] else None for flow, year in keys],
        source_id="unctad-merch",
        locator="Merchandise: total trade and share, annual; Mali, " + table["flow"] + ", " + table["year"].astype(str),
        note=[_note(*key) for key in keys],
    )
    return {"trade_total": table.drop(columns=["Economy Label", "Flow Label"])[
        ["year", "flow", "value_musd", "valuation", "reporter", "qualifier", "rebased", "source_id", "locator", "note"]
    ]}  # fmt: skip


def _note(flow, year):
    if year in RESTATED[flow]:
        return HALF + BREAK if year == BREAK_YEAR else HALF
    return "well below the WTO value of this year" if year in BELOW_WTO[flow] else None
