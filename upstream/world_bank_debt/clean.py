"""Debt of Mali by creditor, and debt of African states to Russia."""

import pandas as pd

STOCK, SERVICE = "chart_1_download.csv", "chart_5_download.csv"
COLUMNS = ["year", "debtor_name", "creditor_name", "category", "value"]
LAST_YEAR = 2024  # later debt service is what contracts foresee
CREDITORS = {
    "African Dev. Bank": "AFDB",
    "World Bank-IDA": "IDA",
    "Kuwait": "KWT",
    "Saudi Arabia": "SAU",
    "France": "FRA",
    "China": "CHN",
    "United Arab Emirates": "ARE",
    "India": "IND",
    "Japan": "JPN",
    "Russian Federation": "RUS",
}
# The file has the sum over all creditors of a class as creditor "All creditors".
ALL = {"bilateral": "XBI", "multilateral": "XML", "commercial banks": "XCO"}
TOGETHER = {
    "XBI": "all bilateral creditors",
    "XML": "all multilateral creditors",
    "XCO": "all commercial banks",
}
DEBTORS = {
    "Algeria": "DZA", "Angola": "AGO", "Benin": "BEN", "Burkina Faso": "BFA", "Cabo Verde": "CPV", "Cameroon": "CMR",
    "Central African Republic": "CAF", "Chad": "TCD", "Congo, Dem. Rep.": "COD", "Congo, Rep.": "COG",
    "Egypt, Arab Rep.": "EGY", "Equatorial Guinea": "GNQ", "Ethiopia": "ETH", "Ghana": "GHA", "Guinea": "GIN",
    "Guinea-Bissau": "GNB", "Madagascar": "MDG", "Mali": "MLI", "Morocco": "MAR", "Mozambique": "MOZ",
    "Nigeria": "NGA", "Sao Tome and Principe": "STP", "Somalia, Fed. Rep.": "SOM", "Sudan": "SDN", "Tanzania": "TZA",
    "Tunisia": "TUN", "Zambia": "ZMB",
}  # fmt: skip


def clean(raw):
    """Return the rows of ``aid_debt_by_creditor`` and ``aid_russia_claims``."""
    stock, service = raw.read(STOCK, COLUMNS), raw.read(SERVICE, COLUMNS)
    return {"aid_debt_by_creditor": _of_mali(stock, service), "aid_russia_claims": _to_russia(stock)}


def _of_mali(stock, service):
    service = service[service["year"] <= LAST_YEAR]
    rows = pd.concat([stock.assign(measure="stock_end_year"), service.assign(measure="service_paid")])
    rows = rows[rows["debtor_name"] == "Mali"].copy()
    together = rows["creditor_name"] == "All creditors"
    rows["partner"] = rows["creditor_name"].map(CREDITORS).where(~together, rows["category"].map(ALL))
    rows = rows.dropna(subset="partner")
    rows["creditor_class"] = rows["category"].replace({"commercial banks": "commercial"})
    rows["creditor"] = rows["creditor_name"].where(~together, rows["partner"].map(TOGETHER))
    keys = ["year", "partner", "creditor_class", "measure", "creditor"]
    table = rows.groupby(keys, as_index=False)["value"].sum()
    table["value_musd"] = table["value"] / 1e6
    table["source_id"] = "wb-ids"
    what = table["measure"].map({"stock_end_year": "DT.DOD.DPPG.CD", "service_paid": "debt service"})
    table["locator"] = "Mali, public and publicly guaranteed debt, counterpart " + table["creditor"] + ", " + what
    return table[["year", "partner", "creditor_class", "measure", "value_musd", "source_id", "locator"]]


def _to_russia(stock):
    rows = stock[(stock["creditor_name"] == "Russian Federation") & stock["debtor_name"].isin(DEBTORS)]
    # Creditors other than the state were taken for one year, to show what the others leave out.
    rows = rows[(rows["category"] == "bilateral") | (rows["year"] == 2000)]
    table = rows.groupby(["year", "debtor_name", "category"], as_index=False)["value"].sum()
    table["country"] = table["debtor_name"].map(DEBTORS)
    table["creditor_class"] = table["category"].str.replace(" ", "_")
    table["value_musd"] = table["value"] / 1e6
    table["source_id"] = "wb-ids"
    where = "debtor " + table["country"] + ", counterpart Russian Federation, " + table["category"]
    table["locator"] = "DT.DOD.DPPG.CD, " + where
    return table[["year", "country", "creditor_class", "value_musd", "source_id", "locator"]]
