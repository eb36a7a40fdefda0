"""Events and deaths of three states by month that are candidates: preliminary by the publisher's own word."""

import pandas as pd

STATES = {"Mali": "MLI", "Burkina Faso": "BFA", "Niger": "NER"}
YEAR_FILE, YEAR = "ged_2025.csv", 2025
# A release 26.0.x is that of month x of 2026; in the copy of April a spreadsheet has destroyed the days.
RELEASES = {"GEDevent_v26_0_2.xlsx": ("26.0.2", "2026-02"), "GEDEvent_v26_0_4.csv": ("26.0.4", "2026-04")}


def clean(raw):
    """Return the rows of ``deployment_ucdp_candidate``."""
    year = raw.read(YEAR_FILE, ["country", "date", "best"])
    year = year.assign(month=year["date"].str[:7], low=pd.NA, high=pd.NA, release=str(YEAR))
    parts = [year.assign(source_id="ucdp-candidate-2025")]
    for name, (release, month) in RELEASES.items():
        rows = raw.read(name, ["country", "year", "best", "low", "high"])
        source = "ucdp-candidate-" + release.replace(".", "-")
        parts.append(rows.assign(month=month, release=release, source_id=source))
    events = pd.concat([part.astype({"low": "Int64", "high": "Int64"}) for part in parts])
    events = events.assign(country=events["country"].map(STATES)).dropna(subset="country")
    table = events.groupby(["month", "country", "release", "source_id"], as_index=False).agg(
        events=("best", "size"),
        deaths=("best", "sum"),
        # A month without bounds has none, not zero.
        low_deaths=("low", lambda low: low.sum(min_count=1)),
        high_deaths=("high", lambda high: high.sum(min_count=1)),
    )
    where = table["country"].map({code: name for name, code in STATES.items()})
    table = table.assign(
        status="candidate",
        locator="candidate events, release " + table["release"] + ", " + where + ", " + table["month"] + "; own sum",
        month=pd.to_datetime(table["month"]),
    )
    names = ["month", "country", "events", "deaths", "low_deaths", "high_deaths", "status", "release", "source_id"]
    return {"deployment_ucdp_candidate": table[[*names, "locator"]]}
