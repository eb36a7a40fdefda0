"""Mali–Russia relations: sourced tables and the helpers that the notebooks read better for.

>>> from malirussia import load, catalog, describe, cite, references
>>> load("trade_bilateral")

What needs a collection is bound here to the one that comes with this code; below this face a collection is passed on.
Importing the package loads pandas only: figures, money and the audit are imported when they are first used.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import MethodType
from typing import Any

from malirussia.collection import Collection
from malirussia.language import reader_language
from malirussia.outputs import gather
from malirussia.package import DataError, UnknownNameError

collection = Collection(language=reader_language())

load = collection.load
cite = collection.bibliography.cite

# Name to the module whose function of that name takes a collection first.
_BOUND = {
    "answer": "words",
    "audit": "claims",
    "catalog": "explore.catalog",
    "codebook": "explore.panels",
    "describe": "cards",
    "evidence": "claims",
    "explorer": "explore.explorer",
    "export": "explore.export",
    "find": "explore.search",
    "finding": "words",
    "headings": "cards",
    "indicators": "explore.panels",
    "labels": "cards",
    "panel": "explore.panels",
    "reading": "words",
    "references": "cards",
    "rows_by_source": "explore.catalog",
    "show": "figures.show",
    "show_table": "figures.show",
    "stated": "values",
}
_MONEY = ("at_rate_of_day", "compare", "constant_dollars", "convert", "rate")


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is first asked for."""
    if name in _BOUND:
        found = MethodType(getattr(import_module(f"malirussia.{_BOUND[name]}"), name), collection)
    elif name in _MONEY:
        found = getattr(collection.money, name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


if "IPython" in sys.modules and (_shell := sys.modules["IPython"].get_ipython()):
    from malirussia.jupyter import register

    _tables, _sources = lambda: collection.package.resources, lambda: collection.bibliography.entries
    register(_shell, {"load": _tables, "describe": _tables, "cite": _sources})

__all__ = [
    "Collection",
    "DataError",
    "UnknownNameError",
    "answer",
    "at_rate_of_day",
    "audit",
    "catalog",
    "cite",
    "codebook",
    "collection",
    "compare",
    "constant_dollars",
    "convert",
    "describe",
    "evidence",
    "explorer",
    "export",
    "find",
    "finding",
    "gather",
    "headings",
    "indicators",
    "labels",
    "load",
    "panel",
    "rate",
    "reading",
    "references",
    "rows_by_source",
    "show",
    "show_table",
    "stated",
]
