"""Output of Mali at current prices: of the years before 1967 the World Bank has none."""


def clean(raw):
    """Return the rows of the Penn World Table in ``context_macro``."""
    rows = raw.read("pwt10.01.rda", ["isocode", "year", "cgdpo", "pl_gdpo"])
    rows = rows[(rows["isocode"] == "MLI") & (rows["year"] >= 1960)]
    table = rows.assign(
        country="MLI",
        indicator="gdp_pwt",
        # Output at the prices of 2017, times the level of prices relative to the United States of 2017.
        value=rows["cgdpo"] * rows["pl_gdpo"],
        unit="million USD current",
        # To 1967 stated in the CFA franc of 1984 before dollars are taken: not the money of the day.
        rebased=(rows["year"] <= 1967).map({True: "xof-1984", False: None}),
        source_id="pwt-1001",
        locator="cgdpo x pl_gdpo, Mali",
    )
    return {
        "context_macro": table[["country", "year", "indicator", "value", "unit", "rebased", "source_id", "locator"]]
    }
