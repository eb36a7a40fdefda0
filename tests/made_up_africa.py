"""Made-up files of the sets that compare Mali with Africa and with all states, and the rows made from them."""

from __future__ import annotations

import pandas as pd
from made_up import dated
from made_up import frame as _frame

# Roll-calls of 2016 and 2023: Mali votes like Moscow half of the time, then always; Washington never, Paris always.
# One of 2023 has the number of the first, the last of 2016 is an amendment, and Beijing is away in 2023.
BALLOTS = pd.DataFrame({
    "rcid": [*range(1, 42), 1],
    "date": ["2016-12-01"] * 21 + ["2023-12-01"] * 21,
    "MLI": [1] * 10 + [2] * 10 + [1] * 22,
    "RUS": [1] * 42,
    "USA": [3] * 42,
    "FRA": [1] * 42,
    "CHN": [1] * 21 + [8] * 21,
})  # fmt: skip
AMENDMENTS = pd.DataFrame({"rcid": range(1, 42), "amend": [0] * 20 + [1] + [0] * 20, "para": 0})
COW_STATES = """
ccode statenme styear stmonth stday endyear endmonth endday
432 Mali 1960 6 20 2016 12 31
511 Zanzibar 1963 12 19 1964 4 26
616 Tunisia 1825 1 1 1881 5 12
220 France 1816 1 1 2016 12 31
"""
GW_STATES = """
gwcode statename startdate enddate
432 Mali -3388 17531
580 Madagascar -56248 -26811
"""

MADE_UP: dict[str, list] = {
    "voeten_pairs": [BALLOTS, AMENDMENTS],
    "state_lists": [_frame(COW_STATES), dated(_frame(GW_STATES), "startdate", "enddate")],
}

AMONG = ["indicator", "year", "states", "first_quartile", "median", "third_quartile", "mali", "mali_rank"]
EXPECTED: dict[tuple[str, str], tuple[list[str], list[tuple]]] = {
    ("unvotes", "diplomacy_unga_africa_states"): (
        ["country", "year", "partner", "votes_compared", "agree"],
        [("MLI", 1970, "RUS", 2, 1), ("MLI", 1970, "USA", 1, 0), ("MLI", 1971, "CHN", 1, 1)],
    ),
    ("voeten_pairs", "diplomacy_unga_africa_states"): (
        ["country", "year", "partner", "votes_compared", "agree"],
        [("MLI", 2023, "RUS", 21, 21), ("MLI", 2023, "FRA", 21, 21), ("MLI", 2023, "USA", 21, 0)],
    ),
    ("world_bank_indicators", "context_africa_distribution"): (
        AMONG,
        [("armed_forces", 1985, 1, 0.7, 0.7, 0.7, 0.7, 1)],
    ),
    ("voeten_ideal_points", "context_africa_distribution"): (
        AMONG,
        [
            (f"{indicator}_{edition}", 1990, 4, *places)
            for edition in ("v2025", "v2026")
            for indicator, places in {
                "ideal_point": (-1.125, -1, -0.5, -1.5, 4),
                "distance_from_moscow": (0.875, 1, 1.5, 0.5, 4),
            }.items()
        ],
    ),
    ("sipri_spending", "context_africa_distribution"): (AMONG, [("military_spending", 2024, 3, 2.0, 3.0, 4.0, 3.0, 2)]),
    ("state_lists", "context_african_states"): (
        ["country", "list", "number", "start", "end"],
        [
            ("MLI", "cow", 432, pd.Timestamp("1960-06-20"), None),
            ("EAZ", "cow", 511, pd.Timestamp("1963-12-19"), pd.Timestamp("1964-04-26")),
            ("MLI", "gw", 432, pd.Timestamp("1960-09-22"), None),
        ],
    ),
}
