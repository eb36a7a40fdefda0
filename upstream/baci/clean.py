"""Goods from Russia and Ukraine to Mali, mean of 2018 to 2020."""

import pandas as pd

GROUPS, TOTALS = "rus_ukr_categories_country.csv", "ukr_rus_to_african_countries.csv"
CATEGORIES = {
    "Capital goods": "capital_goods",
    "Consumption goods n.e.s": "consumption_goods_nes",
    "Food and beverages": "food_and_beverages",
    "Fuels and Lubricants": "fuels_and_lubricants",
    "Industrial Supplies": "industrial_supplies",
    "Petroleum oils": "petroleum_oils",
    "Potash": "potash",
    "Steel and Iron": "steel_and_iron",
    "Sunflower oil": "sunflower_oil",
    "Transport equipment": "transport_equipment",
    "Weapons, Firearms, Ammunition": "weapons_and_ammunition",
    "Wheat": "wheat",
}
# Code of the row, and what stands in the locator: the numbers of the United Nations for the exporters.
EXPORTERS = {
    "Russia": ("RUS", "exporter 643"),
    "Ukraine": ("UKR", "exporter 804"),
    "both": ("RUS_UKR", "exporters 643 and 804"),
}


def clean(raw):
    """Return the rows of ``trade_goods``, and that of Russia in ``trade_bilateral``."""
    groups = raw.read(GROUPS, ["importer_name", "target", "value", "share"])
    groups = groups[groups["importer_name"] == "Mali"].rename(columns={"target": "category", "share": "percent"})
    totals = raw.read(TOTALS, ["importer_name", "source", "value"])
    totals = totals[totals["importer_name"] == "Mali"].assign(category="all_goods")
    rows = pd.concat([groups.assign(source="both", category=groups["category"].map(CATEGORIES)), totals])
    rows = rows.reset_index(drop=True)
    exporter = rows["source"].map({name: exporter for name, (_, exporter) in EXPORTERS.items()})
    where = exporter + ", importer 466, product group " + rows["category"]
    goods = pd.DataFrame(
        {
            "start_year": 2018,
            "end_year": 2020,
            "measure": "import_value",
            "partner": rows["source"].map({name: code for name, (code, _) in EXPORTERS.items()}),
            "category": rows["category"],
            "value": rows["value"] / 1e3,
            "unit": "million_usd",
            "share_of_mali_imports_pct": rows["percent"],
            "source_id": "baci-v202201",
            "locator": f"HS17 V{raw.version}, " + where + ", mean of t=2018 to 2020",
        }
    )
    return {"trade_goods": goods, "trade_bilateral": _bilateral(goods, raw.version)}


def _bilateral(goods, version):
    value = goods.loc[goods["partner"] == "RUS", "value"].round(4)  # as in trade_goods
    return pd.DataFrame(
        {
            "year": 2018,
            "end_year": 2020,
            "flow": "rus_exports_to_mli",
            "series": "period_mean",
            "value_musd": value,
            "low_musd": value,
            "high_musd": value,
            "qualifier": "exact",
            "valuation": "fob_reconciled",
            "source_id": "baci-v202201",
            "locator": f"HS17 V{version}, exporter 643, importer 466, all products, mean of t=2018 to 2020",
            "note": "mean of three years",
        }
    )
