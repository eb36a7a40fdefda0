"""The list of all tables: what each is on, how much it holds, of when and where."""

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
