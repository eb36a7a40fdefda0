"""Consumer prices in the United States by year."""

import pandas as pd

FIRST_YEAR = 1960
THREE_DECIMALS = 2007  # from when the Bureau prints three decimals, before one


def clean(raw):
    """Return the rows of consumer prices in ``context_us_prices``."""
    months = raw.read("cpiai.csv", ["Date", "Index"])
    months["year"] = months["Date"].str[:4].astype(int)
    years = months[months["year"].between(FIRST_YEAR, 2025)].groupby("year", as_index=False)["Index"]
    table = years.mean()
    mean = table["Index"]
    table["series"] = "cpi_u"
    table["index_value"] = mean.round(1).where(table["year"] < THREE_DECIMALS, mean.round(3))
    table["unit"] = "1982-84 = 100"
    table["source_id"] = "bls-cpi-u"
    table["locator"] = "CUUR0000SA0, annual average (M13)"
    table["note"] = pd.Series(pd.NA, index=table.index).mask(
        table["year"] == 2025, "October 2025 was not collected by the publisher"
    )
    return {"context_us_prices": table.drop(columns="Index")}
