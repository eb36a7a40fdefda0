"""Military spending and soldiers of Mali."""

import pandas as pd

MALI = 432
FIRST_YEAR = 1960
MISSING = -9
# Years in the dollars of a franc other than that of the day: 1967 at the parity before 5 May, 1981 to 1984 at half.
OLD_FRANC = [1967, 1981, 1982, 1983, 1984]


def clean(raw):
    """Return the rows of the Correlates of War in ``military_spending`` and ``military_personnel``."""
    rows = raw.read("NMC-60-abridged.csv", ["ccode", "year", "milex", "milper"], version="version")
    rows = rows[(rows["ccode"] == MALI) & (rows["year"] >= FIRST_YEAR)]
    return {"military_spending": _spending(rows), "military_personnel": _personnel(rows)}


def _spending(rows):
    rows = rows[rows["milex"] > 0]  # 0 stands for a missing value in 1960
    return pd.DataFrame(
        {
            "year": rows["year"],
            "measure": "current",
            "series": "COW",
            "value": rows["milex"] / 1e3,
            "unit": "million USD, current",
            "estimate": False,
            "suspect": False,
            "rebased": rows["year"].isin(OLD_FRANC).map({True: "mlf-1962", False: None}),
            "source_id": "cow-nmc-6",
            "locator": "variable milex, state 432, year " + rows["year"].astype(str),
        }
    )


def _personnel(rows):
    rows = rows[rows["milper"] != MISSING]
    return pd.DataFrame(
        {
            "year": rows["year"],
            "series": "COW",
            "definition": "military",
            "persons": rows["milper"] * 1000,
            "low": None,
            "high": None,
            "qualifier": "about",
            "note": None,
            "source_id": "cow-nmc-6",
            "locator": "variable milper, state 432, year " + rows["year"].astype(str) + " (in thousands)",
        }
    )
