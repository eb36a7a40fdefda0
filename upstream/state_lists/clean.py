"""African states since 1960 and the periods of their existence, as two lists of states have them."""

import pandas as pd

FIRST_DAY = pd.Timestamp("1960-01-01")
LAST_DAYS = {"cow": pd.Timestamp("2016-12-31"), "gw": pd.Timestamp("2017-12-31")}  # where the lists end
SOURCES = {"cow": "cow-states-2016", "gw": "gw-states-2017"}
ZANZIBAR = "EAZ"


def clean(raw):
    """Return the rows of ``context_african_states``."""
    parts = ["year", "month", "day"]
    cow = raw.read("cow_states.rda", ["ccode", "statenme", *(end + part for end in ("st", "end") for part in parts)])
    days = {
        end: pd.to_datetime(cow[[prefix + part for part in parts]].set_axis(parts, axis="columns"))
        for end, prefix in {"start": "st", "end": "end"}.items()
    }
    gw = raw.read("gw_states.rda", ["gwcode", "statename", "startdate", "enddate"])
    periods = {end: pd.to_datetime(gw[f"{end}date"]) for end in ("start", "end")}
    lists = {
        "cow": cow[["ccode", "statenme"]].set_axis(["number", "name"], axis="columns").assign(**days),
        "gw": gw[["gwcode", "statename"]].set_axis(["number", "name"], axis="columns").assign(**periods),
    }
    return {"context_african_states": pd.concat([_states(raw, name, rows) for name, rows in lists.items()])}


def _states(raw, name, rows):
    rows = rows[rows["end"] >= FIRST_DAY].astype({"number": int})
    rows = rows.assign(country=raw.iso3(rows["number"], name))
    rows = rows[raw.african(rows["country"]) | rows["country"].eq(ZANZIBAR)]
    rows = rows.assign(list=name, end=rows["end"].where(rows["end"] < LAST_DAYS[name]), source_id=SOURCES[name])
    rows["locator"] = rows["number"].map("state {}".format)
    return rows[["country", "list", "number", "name", "start", "end", "source_id", "locator"]]
