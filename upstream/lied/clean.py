"""States with multi-party elections in Africa and the world, and the index of every African state."""

import pandas as pd

AREAS = {
    "AFR": ["opposition_in_elections", "competitive_elections"],
    "WLD": ["opposition_in_elections", "electoral_regime"],
}
CRITERIA = {
    "opposition_in_elections": ("opposition", 1, "opposition = 1"),
    "competitive_elections": ("competition", 1, "competition = 1"),
    "electoral_regime": ("lexical_index", 4, "lexical index of 4 or more"),
}


def clean(raw):
    """Return the rows of LIED in ``context_multiparty`` and ``context_regimes``."""
    needed = ["year", "GWn", "sovereign", *(column for column, _, _ in CRITERIA.values())]
    states = raw.read("LIED.rda", needed)
    # A state counts in the years in which LIED marks it as sovereign.
    states = states[(states["year"] >= 1960) & (states["sovereign"] == 1)]
    # Numbers of Gleditsch and Ward: 400 to 626 are in Africa or on its islands, 651 is Egypt.
    africa = states["GWn"].between(400, 626) | (states["GWn"] == 651)
    first = states["year"] <= 2000
    return {
        "context_multiparty": _multiparty(states[first], africa[first]),
        "context_regimes": _index(raw, states[africa]),
    }


def _multiparty(states, africa):
    parts = []
    for area, criteria in AREAS.items():
        members = states[africa] if area == "AFR" else states
        for criterion in criteria:
            column, least, locator = CRITERIA[criterion]
            years = (members[column] >= least).groupby(members["year"].astype(int))
            counts = pd.DataFrame({"states": years.sum(), "states_coded": years.size()}).reset_index()
            parts.append(counts.assign(country=area, criterion=criterion, source_id="lied-6-8", locator=locator))
    columns = ["year", "country", "criterion", "states", "states_coded", "source_id", "locator"]
    return pd.concat(parts)[columns]


def _index(raw, states):
    table = states.assign(country=raw.iso3(states["GWn"].astype(int), "gw"))
    table = table[raw.african(table["country"])]  # Zanzibar of 1963 and 1964 is none of today's states
    return pd.DataFrame(
        {
            "year": table["year"].astype(int),
            "country": table["country"],
            "historical_state": pd.NA,
            "index": "lexical_index",
            "value": table["lexical_index"],
            "low": float("nan"),
            "high": float("nan"),
            "source_id": "lied-6-8",
            "locator": "lexical_index, GWn " + table["GWn"].astype(int).astype(str),
        }
    )
