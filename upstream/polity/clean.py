"""How democratic Mali was after Polity5, and how many African states were in 1989."""

import pandas as pd

FIRST_YEAR = 1960


def clean(raw):
    """Return the rows of Polity5 in ``context_regimes`` and ``context_multiparty``."""
    states = raw.read("polity5.rda", ["polity_annual_country", "year", "polity2", "GWn", "in_GW_system"])
    return {"context_regimes": _mali(states), "context_multiparty": _democracies(states)}


def _mali(states):
    rows = states[(states["polity_annual_country"] == "Mali") & (states["year"] >= FIRST_YEAR)]
    return pd.DataFrame(
        {
            "year": rows["year"].astype(int),
            "country": "MLI",
            "historical_state": None,
            "index": "polity2",
            "value": rows["polity2"],
            "low": None,
            "high": None,
            "source_id": "polity5",
            "locator": "polity2, MLI",
        }
    )


def _democracies(states):
    # Numbers of Gleditsch and Ward: 400 to 626 are in Africa or on its islands, 651 is Egypt.
    africa = states["GWn"].between(400, 626) | (states["GWn"] == 651)
    index = states.loc[africa & (states["year"] == 1989) & states["in_GW_system"].fillna(False), "polity2"].dropna()
    row = {
        "year": 1989,
        "country": "AFR",
        "criterion": "polity2_6_or_more",
        "states": int((index >= 6).sum()),
        "states_coded": len(index),
        "source_id": "polity5",
        "locator": "polity2",
    }
    return pd.DataFrame([row])
