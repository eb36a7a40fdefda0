"""Years in which ATOP codes an alliance of Mali with a great power."""

import pandas as pd

MALI = 432
POWERS = {"CHN": 710, "FRA": 220, "RUS": 365, "USA": 2}
DUTIES = ["atop_defense", "atop_offense", "atop_neutral", "atop_nonagg", "atop_consul"]
# The duties that a treaty holds, in the order of DUTIES, and the word of the table for them.
PACTS = {(1, 0, 0, 0, 1): "defence_consultation", (0, 0, 0, 1, 0): "non_aggression"}
FIRST_YEAR = 1960


def clean(raw):
    """Return the rows of ATOP in ``diplomacy_alliances``."""
    pairs = raw.read("atop_alliance.rda", ["ccode1", "ccode2", "year", *DUTIES])
    mali = pairs[(pairs["ccode1"] == MALI) & (pairs["year"] >= FIRST_YEAR) & (pairs[DUTIES] > 0).any(axis="columns")]
    rows = []
    for partner, code in POWERS.items():
        allied = mali[mali["ccode2"] == code]
        duties = tuple(int(duty) for duty in allied[DUTIES].max()) if len(allied) else None
        rows.append(
            {
                "partner": partner,
                "dataset": "atop",
                "covered_to": int(pairs["year"].max()),
                "years_with_pact": len(allied),
                "start_year": allied["year"].min(),
                "end_year": allied["year"].max(),
                "pact": PACTS[duties] if duties else "none",
                "source_id": "atop-5-1",
                "locator": f"country codes 432 and {code}",
            }
        )
    return {"diplomacy_alliances": pd.DataFrame(rows)}
