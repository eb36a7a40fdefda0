"""The price level of output in the United States by year."""

import pandas as pd

YEARS = (1960, 2025)


def clean(raw):
    """Return the rows of the deflator in ``context_us_prices``."""
    quarters = raw.read("GDPDEF.csv", ["observation_date", "GDPDEF"])
    quarters = quarters.assign(year=quarters["observation_date"].str[:4].astype(int))
    means = quarters[quarters["year"].between(*YEARS)].groupby("year", as_index=False)["GDPDEF"].mean()
    table = means.rename(columns={"GDPDEF": "index_value"}).assign(
        series="gdp_deflator",
        unit="2017 = 100",
        source_id="bea-gdpdef",
        locator="GDPDEF, mean of four quarters",
        note=pd.NA,
    )
    return {"context_us_prices": table[["year", "series", "index_value", "unit", "source_id", "locator", "note"]]}
