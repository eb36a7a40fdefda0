"""The list of all tables, how much each holds, of when and where; and what rests on which source."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from malirussia.cards import licence, period
from malirussia.collection import Collection
from malirussia.explore.listing import Listing
from malirussia.package import told
from malirussia.sources import SOURCE_COLUMNS


def catalog(collection: Collection) -> pd.DataFrame:
    """Return the list of all tables, one row a table; it shows whole, theme by theme.

    Returns
    -------
    pandas.DataFrame
        ``table`` (the name that ``load`` and ``describe`` take), ``theme``, ``title``, ``rows``, ``covers`` (years),
        ``countries`` (ISO3 codes: those of its column ``country``, else those that its description names), ``updated``
        (the last day on which one of its sources was read) and ``licence``.
    """
    tables = pd.DataFrame(_entries(collection)).sort_values("theme", kind="stable", ignore_index=True)
    return Listing.of(tables, collection.language, by="theme")


def rows_by_source(collection: Collection) -> pd.DataFrame:
    """Return how many rows of which table rest on which source, the busiest source first.

    >>> rows_by_source().query("tables > 1")  # sources of several tables
    >>> rows_by_source().query("reliability <= 'weak'")["rows"].sum()

    Returns
    -------
    pandas.DataFrame
        One row a source and table: ``source_id``, ``publisher``, ``reliability`` (ordered), ``table``, ``rows`` and
        ``tables``, the number of tables in which the source stands. A row with two sources counts for both.
    """
    package = collection.package
    held = [
        pd.DataFrame({"source_id": rows[column], "table": name})
        for name in package.resources
        for rows in [package.load(name)]
        for column in SOURCE_COLUMNS
        if column in rows and name != "sources"
    ]
    counts = pd.concat(held).value_counts(["source_id", "table"], sort=False).rename("rows").reset_index()
    counts["tables"] = counts.groupby("source_id")["table"].transform("size")
    sources = package.load("sources")[["source_id", "publisher", "reliability"]]
    listed = sources.merge(counts, on="source_id").sort_values(["tables", "source_id"], ascending=[False, True])
    return Listing.of(listed.reset_index(drop=True), collection.language)


def _entries(collection: Collection) -> Iterator[dict]:
    """Yield one line a table; that it is read for it does not count as a use in a notebook."""
    package = collection.package
    accessed = package.load("sources").set_index("source_id")["accessed"]
    for name, resource in package.resources.items():
        rows = package.load(name)
        ids = pd.concat([rows[column] for column in SOURCE_COLUMNS if column in rows])
        codes = rows["country"].dropna().unique() if "country" in rows else resource["coverage"].get("spatial", [])
        yield {
            "table": name,
            "theme": Path(told(f"table '{name}'", resource, "path")).parent.name or name,
            "title": collection.language.gettext(told(f"table '{name}'", resource, "title")),
            "rows": len(rows),
            "covers": period(resource),
            "countries": " ".join(sorted(codes)),
            "updated": accessed.reindex(ids.unique()).max(),
            "licence": licence(resource),
        }
