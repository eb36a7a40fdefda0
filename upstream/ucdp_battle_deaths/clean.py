"""Battle deaths in Mali by conflict and year, with the governments on the Malian side."""

FILE = "ucdp_conflict_deaths.csv"
MALI = "432"  # Gleditsch and Ward
FIRST_YEAR = 2012


def clean(raw):
    """Return the rows of ``deployment_ucdp_conflict_year``."""
    deaths = {"deaths": "bd_best", "low_deaths": "bd_low", "high_deaths": "bd_high"}
    columns = ["conflict_id", "year", "side_a_2nd", "side_b", "gwno_loc", *deaths.values()]
    rows = raw.read(FILE, columns, version="version")
    rows = rows[(rows["gwno_loc"].astype(str) == MALI) & (rows["year"] >= FIRST_YEAR)].copy()
    # A row of the file is a dyad: a conflict may have several a year, with lists of supporters that differ.
    rows["supporters"] = rows["side_a_2nd"].str.count(",").add(1).fillna(0).astype(int)
    conflicts = rows.groupby(["year", "conflict_id"])
    table = conflicts.agg(
        opponent=("side_b", lambda names: ", ".join(sorted(set(names)))),
        **{name: (column, "sum") for name, column in deaths.items()},
        supporting_governments=("supporters", "max"),
        france_supports=("side_a_2nd", lambda lists: lists.str.contains("Government of France", na=False).any()),
        russia_supports=("side_a_2nd", lambda lists: lists.str.contains("Government of Russia", na=False).any()),
    ).reset_index()
    where = "conflict_id " + table["conflict_id"].astype(str) + ", year " + table["year"].astype(str)
    table["source_id"] = "ucdp-brd-251"
    table["locator"] = f"v{raw.version}, " + where + ", bd_best/low/high, side_a_2nd"
    return {"deployment_ucdp_conflict_year": table}
