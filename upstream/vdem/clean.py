"""Indices of democracy of African states and Moscow, and how many African states were democracies in 1989."""

import pandas as pd

INDICES = {"electoral_democracy": "v2x_polyarchy", "liberal_democracy": "v2x_libdem"}
BOUNDS = {"value": "", "low": "_codelow", "high": "_codehigh"}


def clean(raw):
    """Return the rows of V-Dem in ``context_regimes`` and ``context_multiparty``."""
    columns = [column + bound for column in INDICES.values() for bound in BOUNDS.values()]
    states = raw.read("vdem_simple.rda", ["country_text_id", "GWn", "in_GW_system", "year", *columns])
    return {"context_regimes": _regimes(raw, states), "context_multiparty": _democracies(states)}


def _regimes(raw, states):
    country = states["country_text_id"]
    # V-Dem rates colonies too: a state counts from the year in which it is in the system of states.
    members = raw.african(country) & states["in_GW_system"].fillna(False).astype(bool)
    taken = {"electoral_democracy": members | country.eq("RUS"), "liberal_democracy": country.eq("MLI")}
    parts = []
    for index, column in INDICES.items():
        rows = states[taken[index] & (states["year"] >= 1960)]
        values = {name: rows[column + bound] for name, bound in BOUNDS.items()}
        parts.append(rows[["year"]].assign(country=rows["country_text_id"], index=index, **values, locator=column))
    table = pd.concat(parts, ignore_index=True)
    table["year"] = table["year"].astype(int)
    # V-Dem has one code for the Soviet Union and Russia.
    state = (table["year"] < 1992).map({True: "SUN", False: "RUS"})
    table["historical_state"] = state.where(table["country"] == "RUS")
    table["source_id"] = "vdem-2025"
    table["locator"] = table["locator"] + ", " + table["country"]
    return table[["year", "country", "historical_state", "index", "value", "low", "high", "source_id", "locator"]]


def _democracies(states):
    # V-Dem rates Eritrea and Namibia before they were independent: only members of the system of states count.
    # Numbers of Gleditsch and Ward: 400 to 626 are in Africa or on its islands, 651 is Egypt.
    africa = states["GWn"].between(400, 626) | (states["GWn"] == 651)
    members = africa & states["in_GW_system"].fillna(False)
    index = states.loc[members & (states["year"] == 1989), "v2x_polyarchy"].dropna()
    row = {
        "year": 1989,
        "country": "AFR",
        "criterion": "electoral_democracy_half_or_more",
        "states": int((index >= 0.5).sum()),
        "states_coded": len(index),
        "source_id": "vdem-2025",
        "locator": "v2x_polyarchy",
    }
    return pd.DataFrame([row])
