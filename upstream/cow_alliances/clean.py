"""Years in which the Correlates of War code an alliance of Mali with a great power: none."""

import pandas as pd

MALI = 432
POWERS = {"CHN": 710, "FRA": 220, "RUS": 365}
LAST_YEAR = 2012


def clean(raw):
    """Return the rows of the Correlates of War in ``diplomacy_alliances``."""
    columns = ["ccode1", "ccode2", "dyad_st_year", "dyad_end_year"]
    pairs = raw.read("alliance_v4.1_by_directed.csv", columns, version="version")
    mali = pairs[pairs["ccode1"] == MALI]
    rows = []
    for partner, code in POWERS.items():
        spells = mali[mali["ccode2"] == code]
        # A spell without an end goes on to the last year of the data set.
        ends = spells["dyad_end_year"].fillna(LAST_YEAR)
        years = {year for span in zip(spells["dyad_st_year"], ends, strict=True) for year in _years(*span)}
        rows.append(
            {
                "partner": partner,
                "dataset": "cow",
                "covered_to": LAST_YEAR,
                "years_with_pact": len(years),
                "start_year": min(years, default=None),
                "end_year": max(years, default=None),
                "pact": "alliance" if years else "none",
                "source_id": "cow-alliances-4-1",
                "locator": f"country codes 432 and {code}",
            }
        )
    return {"diplomacy_alliances": pd.DataFrame(rows)}


def _years(start, end):
    return range(int(start), int(end) + 1)
