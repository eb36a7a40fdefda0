"""Students from Mali by host country, and in all countries that report."""

import pandas as pd

YEARS = (2012, 2017)
# The hosts that matter for the comparison: most students, neighbours, and those of the former Soviet Union.
HOSTS = [
    *("BEN", "BFA", "CAN", "CIV", "EGY", "FRA", "GHA", "MAR", "NER", "RUS", "SAU", "SEN", "TUN", "TUR", "UKR", "USA"),
]  # fmt: skip


def clean(raw):
    """Return the rows of ``aid_students_abroad``."""
    hosts = _rows(raw, "26451")
    hosts = hosts[hosts["partner"].isin(HOSTS)]
    host = "Inbound internationally mobile students from Mali, host " + hosts["partner"]
    world = _rows(raw, "oe_5t8_40510")
    world = world[world["partner"] == "MLI"].assign(
        partner="WLD", locator="Outbound internationally mobile students of Mali, world total (OE.5T8.40510)"
    )
    table = pd.concat([hosts.assign(locator=host + ", both sexes (indicator 26451)"), world])
    table = table[table["year"].between(*YEARS)].assign(source_id="uis-students")
    return {"aid_students_abroad": table[["year", "partner", "students", "source_id", "locator"]]}


def _rows(raw, indicator):
    rows = raw.read(f"ddf--datapoints--{indicator}--by--location--time.csv", ["location", "time", indicator])
    rows = rows.set_axis(["partner", "year", "students"], axis="columns")
    return rows.assign(partner=rows["partner"].str.upper())
