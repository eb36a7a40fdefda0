"""Trade of three states of the Sahel with Russia as each side reported it, and Russia's African markets."""

import pandas as pd

SOURCE = "un-comtrade-2023"
EXPORTS, IMPORTS = [f"comtrade_all_exports_{year}A.csv" for year in range(2014, 2022)], "comtrade_all_imports_2021A.csv"
RUSSIA = "Russian Federation"
STATES = {"Mali": "MLI", "Burkina Faso": "BFA", "Niger": "NER"}
# Side that reports, what it reports: the flow as the African country sees it, its states, valuation, edition.
SIDES = {
    ("RUS", "exports"): ("imports", list(STATES), "fob", "2023-05"),
    ("MLI", "exports"): ("exports", ["Mali"], "fob", "2023-05"),
    ("RUS", "imports"): ("exports", ["Mali"], "cif", "2023-06"),
    ("MLI", "imports"): ("imports", list(STATES), "cif", "2023-06"),
}
AFRICA = (
    "Algeria; Angola; Benin; Botswana; Burkina Faso; Burundi; Cabo Verde; Cameroon; Central African Rep.; Chad; "
    "Comoros; Congo; Côte d'Ivoire; Dem. Rep. of the Congo; Djibouti; Egypt; Equatorial Guinea; Eritrea; Eswatini; "
    "Ethiopia; Gabon; Gambia; Ghana; Guinea; Guinea-Bissau; Kenya; Lesotho; Liberia; Libya; Madagascar; Malawi; Mali; "
    "Mauritania; Mauritius; Morocco; Mozambique; Namibia; Niger; Nigeria; Rwanda; Sao Tome and Principe; Senegal; "
    "Seychelles; Sierra Leone; Somalia; South Africa; South Sudan; Sudan; Togo; Tunisia; Uganda; "
    "United Rep. of Tanzania; Zambia; Zimbabwe"
).split("; ")


def clean(raw):
    """Return the rows of UN Comtrade in ``trade_dyad_annual`` and ``trade_russia_markets``."""
    exports = pd.concat([_read(raw, name) for name in EXPORTS])
    imports = _read(raw, IMPORTS)
    return {"trade_dyad_annual": _annual(exports, imports), "trade_russia_markets": _markets(exports)}


def _read(raw, name):
    rows = raw.read(name, ["date", "value", "reporter", "partner"])
    return rows.assign(year=rows["date"].str[:4].astype(int), value_musd=rows["value"] / 1e6)


def _annual(exports, imports):
    parts = []
    for (side, reported), (flow, states, valuation, edition) in SIDES.items():
        rows = exports if reported == "exports" else imports
        african, moscow = ("partner", "reporter") if side == "RUS" else ("reporter", "partner")
        rows = rows[rows[african].isin(states) & (rows[moscow] == RUSSIA)]
        year = rows["year"].astype(str)
        parts.append(
            pd.DataFrame(
                {
                    "year": rows["year"],
                    "country": rows[african].map(STATES),
                    "partner": "RUS",
                    "historical_state": "RUS",
                    "flow": flow,
                    "reporter": "RUS" if side == "RUS" else rows[african].map(STATES),
                    "dataset": "Comtrade",
                    "edition": edition,
                    "value_musd": rows["value_musd"],
                    "valuation": valuation,
                    "estimate": False,
                    "estimate_kind": "none",
                    "source_id": SOURCE,
                    "locator": "annual, all commodities, reporter " + rows["reporter"] + ", partner " + rows["partner"]
                    + f", {reported}, " + year,
                    "note": None,
                }
            )
        )  # fmt: skip
    return pd.concat(parts)


def _markets(exports):
    bought = exports[(exports["reporter"] == RUSSIA) & exports["partner"].isin(AFRICA) & (exports["value_musd"] > 0)]
    years = bought.groupby("year")["value_musd"]
    table = bought.assign(
        country=bought["partner"].map(STATES),
        rank=years.rank(ascending=False, method="min"),
        markets_n=years.transform("size"),
        africa_musd=years.transform("sum"),
        dataset="Comtrade",
        edition="2023-05",
        source_id=SOURCE,
        locator="annual, all commodities, reporter Russian Federation, partners: 54 African states, exports, "
        + bought["year"].astype(str),
    ).dropna(subset="country")
    names = ["year", "country", "dataset", "edition", "value_musd", "rank", "markets_n", "africa_musd", "source_id"]
    return table[[*names, "locator"]]
