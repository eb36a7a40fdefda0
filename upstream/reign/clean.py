"""Leaders of Mali after 2015, where Archigos ends."""

import pandas as pd

# Names as the table writes them: REIGN has others for the second.
LEADERS = {
    "Assimi Goita": ("mli-2020-assimi-goita", "Assimi Goïta"),
    "Ba N'Daou": ("mli-2020-bah-n-daw", "Bah N'Daw"),
}


def clean(raw):
    """Return the rows of REIGN in ``context_leaders``: a start by day; end and manner are not in the file."""
    columns = ["stateabb", "leader", "sdate", "smonth", "syear"]
    # A few bytes in notes on other countries are no UTF-8.
    rows = raw.read("leaderlist_3_21.csv", columns, encoding_errors="replace")
    rows = rows[(rows["stateabb"] == "MLI") & rows["leader"].isin(LEADERS)]
    start = rows[["syear", "smonth", "sdate"]].set_axis(["year", "month", "day"], axis="columns")
    table = pd.DataFrame(
        {
            "leader_id": rows["leader"].map({name: key for name, (key, _) in LEADERS.items()}),
            "country": "MLI",
            "historical_state": pd.NA,
            "leader": rows["leader"].map({name: ours for name, (_, ours) in LEADERS.items()}),
            "start": pd.to_datetime(start),
            "end": pd.NaT,
            "entry": pd.NA,
            "exit": pd.NA,
            "source_id": "reign-2021",
            "locator": "Mali rows",
        }
    )
    return {"context_leaders": table}
