"""Deaths in organised violence by country, year and category."""

import pandas as pd

FILE = "organizedviolencecy_v25_1.csv"
# The first year of each country; Mali begins with the first year in which people died there after 1994.
COUNTRIES = {"Mali": ("MLI", 1997), "Burkina Faso": ("BFA", 2012), "Niger": ("NER", 2012)}
# States with which a synthetic control compares Mali, beside its two neighbours; the total alone is taken.
DONORS = {
    "Cameroon": "CMR", "Chad": "TCD", "DR Congo (Zaire)": "COD", "Ethiopia": "ETH", "Kenya": "KEN", "Nigeria": "NGA",
    "Somalia": "SOM", "South Sudan": "SSD",
}  # fmt: skip
COUNTRIES |= {name: (iso3, 2012) for name, iso3 in DONORS.items()}
ESTIMATED = {
    "state_based": "sb_total_deaths",
    "non_state": "ns_total_deaths",
    "one_sided_main_government": "os_main_govt_killings",
    "one_sided_any_government": "os_any_govt_killings",
    "one_sided_nonstate_group": "os_nsgroup_killings",
    "total": "cumulative_total_deaths_in_orgvio",
}
# Of these UCDP has a best estimate only; taken for Mali alone.
BY_STATUS = {
    "dead_warring_parties": "cumulative_total_deaths_parties_in_orgvio_cy",
    "dead_civilians": "cumulative_total_deaths_civilians_in_orgvio_cy",
    "dead_unknown_status": "cumulative_total_deaths_unknown_in_orgvio_cy",
}


def clean(raw):
    """Return the rows of ``deployment_ucdp_country_year`` and ``deployment_ucdp_africa``."""
    estimates = [f"{stem}_{kind}_cy" for stem in ESTIMATED.values() for kind in ("best", "low", "high")]
    keys = ["country_cy", "country_id_cy", "year_cy"]
    rows = raw.read(FILE, [*keys, *estimates, *BY_STATUS.values()], version="version")
    return {"deployment_ucdp_country_year": _by_category(raw, rows), "deployment_ucdp_africa": _africa(raw, rows)}


def _africa(raw, rows):
    rows = rows.assign(country=raw.iso3(rows["country_id_cy"], "gw"))
    rows = rows[raw.african(rows["country"])]
    stem = ESTIMATED["total"]
    best, low, high = (rows[f"{stem}_{kind}_cy"] for kind in ("best", "low", "high"))
    # In two rows the bounds do not hold the best estimate: then they are no bounds.
    bounded = (low <= best) & (best <= high)
    return pd.DataFrame(
        {
            "country": rows["country"],
            "year": rows["year_cy"],
            "deaths": best,
            "low_deaths": low.where(bounded),
            "high_deaths": high.where(bounded),
            "source_id": "ucdp-ovcy-251",
            "locator": f"v{raw.version}, " + rows["country_cy"] + ", total of the year",
        }
    )


def _by_category(raw, rows):
    code = {name: iso3 for name, (iso3, _) in COUNTRIES.items()}
    first = rows["country_cy"].map({name: year for name, (_, year) in COUNTRIES.items()})
    rows = rows[rows["year_cy"] >= first]
    where = f"v{raw.version}, " + rows["country_cy"] + " " + rows["year_cy"].astype(str) + ", "

    parts = []
    for category, stem in ESTIMATED.items():
        names = {"deaths": f"{stem}_best_cy", "low_deaths": f"{stem}_low_cy", "high_deaths": f"{stem}_high_cy"}
        values = {name: rows[column] for name, column in names.items()}
        part = rows.assign(category=category, **values, locator=where + f"{stem}_*_cy")
        parts.append(part if category == "total" else part[~part["country_cy"].isin(DONORS)])
    mali = rows[rows["country_cy"] == "Mali"]
    for category, column in BY_STATUS.items():
        values = {"deaths": mali[column], "low_deaths": pd.NA, "high_deaths": pd.NA}
        parts.append(mali.assign(category=category, **values, locator=where + column))

    table = pd.concat(parts).rename(columns={"year_cy": "year"})
    table = table.assign(country=table["country_cy"].map(code), source_id="ucdp-ovcy-251")
    columns = ["country", "year", "category", "deaths", "low_deaths", "high_deaths", "source_id", "locator"]
    return table[columns]
