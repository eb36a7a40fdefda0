"""Mali's trade as it reported it, as its partners did, both side by side, and its exports by product."""

import pandas as pd

MALI, PARTNERS = "en_MLI_AllYears_WITS_Trade_Summary.CSV", "34_years_world_export_import_dataset.csv"
PRODUCTS = {
    "All Products": "all",
    "Stone and Glass": "stone_and_glass",
    "Textiles and Clothing": "textiles_and_clothing",
}
# What partners exported to Mali is what it imported, and the other way round.
COLUMNS = {"imports": "Export (US$ Thousand)", "exports": "Import (US$ Thousand)"}
FEW_BEFORE = 1996
NOTES = {("imports", 2000): "806 in an older release", ("imports", 2010): "UNCTAD has 3,428"}


def clean(raw):
    """Return the rows of WITS in ``trade_total``, ``trade_mirror`` and ``trade_exports_by_product``."""
    summary = _summary(raw)
    every = summary[summary["product"] == "All Products"]
    mali = every.assign(
        valuation="as_reported",
        reporter="mali",
        source_id="wits-mali",
        note=[NOTES.get(key) for key in zip(every["flow"], every["year"], strict=True)],
    )
    partners = _partners(raw)
    names = ["year", "flow", "value_musd", "valuation", "reporter", "qualifier", "rebased"]
    totals = pd.concat([mali, partners]).assign(qualifier="exact", rebased=None)
    totals = totals[[*names, "source_id", "locator", "note"]]
    return {
        "trade_total": totals,
        "trade_mirror": _mirror(mali, partners),
        "trade_exports_by_product": _products(summary),
    }


def _summary(raw):
    """Return product, flow, year and million dollars of the trade of Mali with the world."""
    keys = ["Reporter", "Partner", "Product categories", "Indicator Type", "Indicator"]
    years = [str(year) for year in range(2021, 1987, -1)]
    rows = raw.read(MALI, [*keys, *years], dtype="str")
    rows = rows.melt(keys, var_name="year", value_name="value_musd").apply(lambda column: column.str.strip())
    rows = rows.dropna(subset="value_musd")
    world = (rows["Partner"] == "World") & rows["Indicator"].str.contains("US$ Mil", regex=False)
    rows = rows[world & rows["Product categories"].isin(PRODUCTS)]
    flow = rows["Indicator Type"].map({"Export": "exports", "Import": "imports"})
    table = pd.DataFrame({"product": rows["Product categories"], "flow": flow, "year": rows["year"].astype(int)})
    table["value_musd"] = pd.to_numeric(rows["value_musd"])
    table = table.dropna().drop_duplicates(["product", "flow", "year"])
    # The line of all products says Exports and Imports, those of the others Export and Import.
    word = table["flow"].str.capitalize()
    word = word.where(table["product"] == "All Products", word.str[:-1])
    where = "Trade Summary, Mali, World, " + table["product"] + ", " + word + " (US$ million), "
    return table.assign(locator=where + table["year"].astype(str))


def _partners(raw):
    rows = raw.read(PARTNERS, ["Partner Name", "Year", *COLUMNS.values()])
    rows = rows[rows["Partner Name"] == "Mali"]
    parts = []
    for flow, column in COLUMNS.items():
        year = rows["Year"]
        part = pd.DataFrame({"year": year, "flow": flow, "value_musd": rows[column] / 1e3, "reporter": "partners"})
        part["valuation"] = {"imports": "fob", "exports": "cif"}[flow]
        part["note"] = (year < FEW_BEFORE).map({True: "few reporters before the mid-1990s", False: None})
        # The file says what the reporters did; the row, what Mali did.
        said = {"imports": "exports", "exports": "imports"}[flow]
        part["locator"] = f"all reporters, partner Mali, {said}, all products, " + year.astype(str)
        parts.append(part)
    return pd.concat(parts).assign(source_id="wits-partners")


def _mirror(mali, partners):
    """Put both records of a flow side by side: the exporter's first."""
    both = mali.merge(partners, on=["year", "flow"], suffixes=("_mali", "_partners"))
    both["value_musd_partners"] = both["value_musd_partners"].round(3)  # as in trade_total
    parts = []
    for flow, (one, other) in {"exports": ("mali", "partners"), "imports": ("partners", "mali")}.items():
        rows = both[both["flow"] == flow]
        parts.append(
            pd.DataFrame(
                {
                    "scope": "total",
                    "year": rows["year"],
                    "flow": flow,
                    "exporter_musd": rows[f"value_musd_{one}"],
                    "importer_musd": rows[f"value_musd_{other}"],
                    "importer_low_musd": None,
                    "importer_high_musd": None,
                    "importer_reported": None,
                    "source_id": f"wits-{one}",
                    "source_id_2": f"wits-{other}",
                    "locator": "exporter: " + rows[f"locator_{one}"] + "; importer: " + rows[f"locator_{other}"],
                    "note": rows["note_mali"],
                }
            )
        )
    return pd.concat(parts)


def _products(summary):
    rows = summary[summary["flow"] == "exports"]
    table = rows.assign(product_group=rows["product"].map(PRODUCTS), source_id="wits-mali")
    return table[["year", "product_group", "value_musd", "source_id", "locator"]]
