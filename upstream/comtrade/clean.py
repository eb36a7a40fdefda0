"""Trade between Mali and Russia as the exporting side reported it, every fourth year."""

import pandas as pd

FLOWS = {("RUS", "MLI"): "rus_exports_to_mli", ("MLI", "RUS"): "mli_exports_to_rus"}


def clean(raw):
    """Return the rows of Comtrade in ``trade_bilateral``."""
    rows = raw.read("trade.rda", ["exp", "imp", "time", "export"]).astype({"exp": str, "imp": str, "time": int})
    flow = pd.Series([FLOWS.get(pair) for pair in zip(rows["exp"], rows["imp"], strict=True)], index=rows.index)
    rows = rows.assign(flow=flow).dropna(subset="flow")
    value = rows["export"] / 1e6
    where = "exp=" + rows["exp"] + ", imp=" + rows["imp"] + ", time=" + rows["time"].astype(str)
    table = pd.DataFrame(
        {
            "year": rows["time"],
            "end_year": rows["time"],
            "flow": rows["flow"],
            "series": "raw",
            "value_musd": value,
            "low_musd": value,
            "high_musd": value,
            "qualifier": "exact",
            "valuation": "fob",
            "source_id": "comtrade-penppml",
            "locator": "data set trade, " + where,
            "note": value.eq(0).map({True: "0 in the source can mean that no report was filed", False: pd.NA}),
        }
    )
    return {"trade_bilateral": table}
