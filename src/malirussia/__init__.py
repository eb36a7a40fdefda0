"""Mali–Russia relations: sourced tables and the helpers that the notebooks read better for.

>>> from malirussia import load, catalog, describe, cite, references
>>> load("trade_bilateral")

Importing the package loads pandas only; :mod:`malirussia.figures` loads matplotlib, and
:mod:`malirussia.report` the report builder.
"""

from malirussia.data import DataError, Package, UnknownNameError
from malirussia.sources import Bibliography

package = Package()
bibliography = Bibliography(package)

load = package.load
catalog = package.catalog
describe = package.describe
cite = bibliography.cite
references = bibliography.references

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
