"""Dollars for a euro: the days of September 2021, and the months from 2021."""

import pandas as pd

FILE = "eurofxref-hist.zip"
DAYS = "2021-09"
MONTHS = ("2021-01", "2026-10")
PARITY = 655.957  # CFA francs for a euro, fixed


def clean(raw):
    """Return the rows of ``deployment_fx_daily`` and ``deployment_fx_monthly``."""
    rates = raw.read(FILE, ["Date", "USD"], na_values=["N/A"]).dropna()
    return {"deployment_fx_daily": _days(rates), "deployment_fx_monthly": _months(rates)}


def _days(rates):
    rows = rates[rates["Date"].str.startswith(DAYS)]
    return pd.DataFrame(
        {
            "date": pd.to_datetime(rows["Date"]),
            "usd_per_eur": rows["USD"],
            "xof_per_eur": PARITY,
            "source_id": "ecb-eurofxref",
            "source_id_2": "bceao-parity-2022",
            "locator": "USD, " + rows["Date"] + "; fixed parity of the CFA franc to the euro",
        }
    )


def _months(rates):
    month = rates["Date"].str[:7].rename("month")
    table = rates.groupby(month)["USD"].agg(["mean", "min", "max", "count"]).loc[slice(*MONTHS)].reset_index()
    table.columns = ["month", "usd_per_eur_mean", "usd_per_eur_min", "usd_per_eur_max", "days"]
    where = "USD, daily reference rates of " + table["month"] + ": mean, least, most"
    return table.assign(month=pd.to_datetime(table["month"]), source_id="ecb-eurofxref", locator=where)
