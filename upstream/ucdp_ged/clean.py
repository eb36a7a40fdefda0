"""Deaths in Mali by month and region, and by month and actor: a recipe, of which the collection holds no table."""

import pandas as pd

FILE = "GEDEvent_v25_1.csv"
DEATHS = {"deaths": "best", "low_deaths": "low", "high_deaths": "high"}
KINDS = {1: "state_based", 2: "non_state", 3: "one_sided"}
A_MONTH = 4  # of date_prec: the day is known to a month, or worse
NO_REGION = "not known"


def clean(raw):
    """Return two frames: months by region, which add up, and months by actor, in which an event stands on both sides.

    An event belongs to the month in which it begins. ``imprecise`` counts events whose day is known to a month at best
    or which end in another month.
    """
    needed = ["country", "adm_1", "type_of_violence", "side_a", "side_b", "date_prec", "date_start", "date_end"]
    events = raw.read(FILE, [*needed, "latitude", "longitude", *DEATHS.values()])
    events = events[events["country"] == "Mali"]
    month, end = (pd.to_datetime(events[f"date_{name}"]).dt.strftime("%Y-%m") for name in ("start", "end"))
    events = events.assign(
        month=month,
        kind=events["type_of_violence"].map(KINDS),
        region=events["adm_1"].str.removesuffix(" region").fillna(NO_REGION),
        imprecise=(events["date_prec"] >= A_MONTH) | (month != end),
    )
    sides = events.melt(
        [name for name in events if name not in ("side_a", "side_b")], ["side_a", "side_b"], value_name="actor"
    )
    # In one-sided violence the other side are civilians.
    sides = sides[sides["actor"] != "Civilians"]
    return {
        "ged_mali_regions": _sums(events, ["month", "region", "kind"]),
        "ged_mali_actors": _sums(sides, ["month", "actor", "kind"]),
    }


def _sums(events, by):
    return events.groupby(by, as_index=False).agg(
        events=("best", "size"),
        imprecise=("imprecise", "sum"),
        latitude=("latitude", "median"),
        longitude=("longitude", "median"),
        **{name: (column, "sum") for name, column in DEATHS.items()},
    )
