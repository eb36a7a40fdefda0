"""Made-up files of the sets that compare Mali with Africa and with all states, and the rows made from them."""

from __future__ import annotations

import pandas as pd
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
POINTS = pd.DataFrame({
    "iso3c": ["MLI", "TCD", "EGY", "NER", "RUS", "RUS", "MLI"],
    "year": [1961, 1961, 1961, 1961, 1961, 1950, 1950],
    "IdealPointFP": [-1.5, 0.0, 1.0, 2.0, -2.0, 0.0, 0.0],
})  # fmt: skip
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
# As SIPRI lays it out: five lines above the headings, regions, Egypt apart.
SHARES = [("Africa",), ("Mali", 0.03), ("Chad", "..."), ("Benin", 0.01), ("Americas",), ("Cuba", 0.5), ("Egypt", 0.05)]
YEARS = range(1970, 2025)
SPENDING = {
    "Share of GDP": [
        *([] for _ in range(5)),
        ["Country", *YEARS],
        *([state, *([None] * (len(YEARS) - 1)), *value] for state, *value in SHARES),
    ]
}

MADE_UP: dict[str, list] = {
    "voeten_pairs": [BALLOTS, AMENDMENTS],
    "voeten_ideal_africa": [POINTS, POINTS.rename(columns={"IdealPointFP": "idealpointfp"})],
    "state_lists": [_frame(COW_STATES), _frame(GW_STATES)],
    "sipri_africa": [SPENDING],
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
    ("voeten_ideal_africa", "context_africa_distribution"): (
        AMONG,
        [
            ("ideal_point_v2026", 1961, 4, -0.375, 0.5, 1.25, -1.5, 4),
            ("distance_from_moscow_v2026", 1961, 4, 1.625, 2.5, 3.25, 0.5, 4),
            ("ideal_point_v2025", 1961, 4, -0.375, 0.5, 1.25, -1.5, 4),
            ("distance_from_moscow_v2025", 1961, 4, 1.625, 2.5, 3.25, 0.5, 4),
        ],
    ),
    ("sipri_africa", "context_africa_distribution"): (AMONG, [("military_spending", 2024, 3, 2.0, 3.0, 4.0, 3.0, 2)]),
    ("state_lists", "context_african_states"): (
        ["country", "list", "number", "start", "end"],
        [
            ("MLI", "cow", 432, pd.Timestamp("1960-06-20"), None),
            ("EAZ", "cow", 511, pd.Timestamp("1963-12-19"), pd.Timestamp("1964-04-26")),
            ("MLI", "gw", 432, pd.Timestamp("1960-09-22"), None),
        ],
    ),
}
