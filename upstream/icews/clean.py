"""Events between Mali and four powers, by class and year."""

CLASSES = {
    "verbCoop": "verbal_cooperation",
    "matlCoop": "material_cooperation",
    "verbConf": "verbal_conflict",
    "matlConf": "material_conflict",
}
POWERS = ["CHN", "FRA", "RUS", "USA"]


def clean(raw):
    """Return the rows of ``diplomacy_icews``."""
    rows = raw.read("icews.rda", ["year", "i_iso3c", "j_iso3c", *CLASSES])
    rows = rows.rename(columns={"i_iso3c": "actor", "j_iso3c": "target"} | CLASSES)
    mali = (rows["actor"] == "MLI") & rows["target"].isin(POWERS)
    rows = rows[mali | ((rows["target"] == "MLI") & rows["actor"].isin(POWERS))].astype({"year": int})
    table = rows.melt(["year", "actor", "target"], var_name="event_class", value_name="events")
    where = "counts of " + table["year"].astype(str) + ", " + table["actor"] + " to " + table["target"]
    return {"diplomacy_icews": table.assign(source_id="icews-2015", locator=where)}
