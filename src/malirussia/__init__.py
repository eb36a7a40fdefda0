"""Mali–Russia relations: sourced tables and the helpers that the notebooks read better for.

>>> from malirussia import load, catalog, describe, cite, references
>>> load("trade_bilateral")

Importing the package loads pandas only; :mod:`malirussia.figures` loads matplotlib, and
:mod:`malirussia.report` the report builder.
"""

import sys

from malirussia.data import DataError, Package, UnknownNameError
from malirussia.sources import Bibliography

package = Package()
bibliography = Bibliography(package)

load = package.load
catalog = package.catalog
describe = package.describe
cite = bibliography.cite
references = bibliography.references

if "IPython" in sys.modules and (_shell := sys.modules["IPython"].get_ipython()):
    from malirussia.completion import register

    _tables, _sources = lambda: package.resources, lambda: bibliography.entries
    register(_shell, {"load": _tables, "describe": _tables, "cite": _sources})

__all__ = [
    "DataError",
    "Package",
    "UnknownNameError",
    "bibliography",
    "catalog",
    "cite",
    "describe",
    "load",
    "package",
    "references",
]
