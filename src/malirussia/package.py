"""The data package: typed tables, what their columns mean, and errors that name the place.

The tables are a Frictionless Data Package (``data/datapackage.json``). This module reads them into
plain pandas DataFrames with the types that the schema states; :mod:`malirussia.cards` shows what
they hold, :mod:`malirussia.sources` who says so.
"""

from __future__ import annotations

import contextlib
import csv
import datetime
import difflib
import io
import json
import operator
import re
from collections.abc import Callable
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionDtype
from pandas.api.types import pandas_dtype

from malirussia import seals
from malirussia.former import TABLES, as_before, merged
from malirussia.uses import EVERYTHING, partly, uses


class DataError(ValueError):
    """A file of the data package does not hold what its schema states."""


class UnknownNameError(LookupError):
    """No table or source of that name; the message suggests the nearest ones."""


def unknown_name(kind: str, name: object, known: list[str], listing: str) -> UnknownNameError:
    """Build the error for a *name* that is not among the *known* ones of its *kind*."""
    near = difflib.get_close_matches(str(name), known, n=3, cutoff=0.5)
    near += [other for other in known if str(name) and str(name) in other and other not in near]
    hint = f"Nearest: {', '.join(near[:5])}. " if near else ""
    return UnknownNameError(f"There is no {kind} {name!r}. {hint}{listing} lists all {len(known)}.")


def told(where: str, entry: dict, key: str) -> Any:
    """Return what *entry* of ``datapackage.json`` holds under a dotted *key*; *where* names it in the error.

    Raises
    ------
    DataError
        It holds nothing there.
    """
    value: Any = entry
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if value in (None, "", []):
        raise DataError(f"datapackage.json, {where}: expected a value under the key '{key}', found {value!r}")
    return value


class Package:
    """A data package on disk.

    Parameters
    ----------
    root : path
        Folder that holds ``datapackage.json``.
    """

    def __init__(self, root: str | Path):
        self.root = Path(root)
        self._readings: dict[str, dict[str, Any]] = {}
        self._stamp = 0

    @property
    def descriptor(self) -> dict:
        """The content of ``datapackage.json``."""
        uses(self._path, EVERYTHING)
        return self._descriptor

    @property
    def resources(self) -> dict[str, dict]:
        """The table descriptors by table name."""
        uses(self._path, EVERYTHING)
        return self._resources

    @property
    def _path(self) -> Path:
        return self.root / "datapackage.json"

    @cached_property
    def _descriptor(self) -> dict:
        try:
            self._stamp = self._path.stat().st_mtime_ns
            with partly(self._path):
                return json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise DataError(f"{self._path} is missing: the data package starts there") from None
        except json.JSONDecodeError as error:
            raise DataError(f"{self._path}, line {error.lineno}: not valid JSON ({error.msg})") from None

    @cached_property
    def _resources(self) -> dict[str, dict]:
        return {told("a table", resource, "name"): resource for resource in self._descriptor.get("resources", [])}

    def resource(self, name: str) -> dict:
        """Return the descriptor of one table; raise :class:`UnknownNameError` for any other name."""
        name = merged(str(name), "table", TABLES)
        uses(self._path, name)
        try:
            return self._resources[name]
        except KeyError:
            raise unknown_name("table", name, list(self.resources), "catalog()") from None

    def path(self, name: str) -> Path:
        """Return where the file of one table is."""
        path = told(f"table '{name}'", self.resource(name), "path")
        if Path(path).is_absolute() or ".." in Path(path).parts:
            raise DataError(f"table '{name}': expected a path in the folder of the package, found {path!r}")
        return self.root / path

    def state(self) -> dict[str, tuple[int, ...]]:
        """Return moments and size of the file of each table: where one differs, the file was written anew."""
        found: dict[str, tuple[int, ...]] = {}
        for name, resource in self._resources.items():
            with contextlib.suppress(OSError):
                about = (self.root / told(f"table '{name}'", resource, "path")).stat()
                found[name] = (about.st_mtime_ns, about.st_ctime_ns, about.st_size, about.st_ino)
        return found

    def _renewed(self) -> bool:
        """Forget the descriptor if it was written anew since it was read: a table was sealed in a running session."""
        if self._path.stat().st_mtime_ns == self._stamp:
            return False
        self._readings.clear()
        for name in ("_descriptor", "_resources"):
            self.__dict__.pop(name, None)
        return True

    def load(self, name: str, *, old_names: bool = False) -> pd.DataFrame:
        """Read one table with the types of its schema.

        Parameters
        ----------
        name : str
            Table name as listed by ``catalog()``.
        old_names : bool
            Give the columns and codes that the table had in version 0.1.0, with a DeprecationWarning that says what
            they are called now. Goes with version 0.3.0.

        Returns
        -------
        pandas.DataFrame
            A new frame, one row an observation, in file order. Integers are ``int64`` (``Int64`` where
            cells may be empty), numbers ``float64``, dates ``datetime64``, booleans ``bool`` or
            ``boolean``, listed values categories in the order of the schema, all else ``str``.
            Units are part of the column names or stand in a ``unit`` column.

        Notes
        -----
        ``query("date == '2021-12-13'")`` finds no row with pandas to 3.1, and ``in`` and ``isin`` with texts none
        either (https://github.com/pandas-dev/pandas/issues/35595). These find it: ``query("date.eq('2021-12-13')")``,
        ``frame[frame["date"] == "2021-12-13"]``, ``<``, ``>=`` and ``between``, and ``isin`` with timestamps.

        Raises
        ------
        UnknownNameError
            No such table.
        DataError
            The file is missing or damaged, or differs from its seal; names file, line, column and what was expected.
        """
        resource, table = self.resource(name), f"table '{name}'"
        path = self.path(name)
        fields = told(table, resource, "schema.fields")
        if name not in self._readings:
            for field in fields:
                column = told(f"{table}, a column", field, "name")
                told(f"{table}, column '{column}'", field, "type")
            if resource.get("schemaHash", found := seals.schema_digest(resource)) != found:
                raise DataError(f"{self._path}, table '{name}': its schema is not as it was sealed; {seals.SHOWS}")
            self._readings[name] = _reading(fields)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            raise DataError(f"{path} is missing: it holds the table '{name}'") from None
        sealed = resource.get("hash")
        if sealed and sealed != seals.digest(content) and self._renewed():
            return self.load(name, old_names=old_names)
        if sealed != seals.digest(content):  # what is sealed was found valid, cell by cell
            faults = locate(content, path, fields) or ""
            if sealed:
                place = seals.difference(content, resource["path"], self.root)
                faults += f"\n{path}{place}: not as it was sealed; {seals.SHOWS}"
            if faults:
                raise DataError(faults.strip())
        try:
            frame = pd.read_csv(io.BytesIO(content), **self._readings[name])
        except (ValueError, TypeError) as error:
            raise DataError(f"{path}: {error}") from None
        return as_before(frame, name, fields) if old_names else frame


def _is_required(field: dict) -> bool:
    return bool(field.get("constraints", {}).get("required"))


def _dtype(field: dict) -> np.dtype | ExtensionDtype:
    """Return the dtype with which pandas reads a column that holds no dates."""
    if "enum" in field.get("constraints", {}):
        return pd.CategoricalDtype(field["constraints"]["enum"], ordered=bool(field.get("categoriesOrdered")))
    required = _is_required(field)
    name = {
        "integer": "int64" if required else "Int64",
        "number": "float64",
        "boolean": "bool" if required else "boolean",
    }.get(field["type"], "str")
    return pandas_dtype(name)  # pandas takes longer over a name, each time it reads


def _reading(fields: list[dict]) -> dict[str, Any]:
    """Return how pandas reads a file whose cells fit *fields*."""
    return {
        "dtype": {field["name"]: _dtype(field) for field in fields if field["type"] != "date"},
        "parse_dates": [field["name"] for field in fields if field["type"] == "date"],
        "date_format": "%Y-%m-%d",
        # The text NA is a value (Namibia, "not available" in a source); only an empty cell is missing.
        "keep_default_na": False,
        "na_values": [""],
        "skip_blank_lines": False,
    }


# How a cell of each type is written and read, and what that is in words.
_CELL_RULES: dict[str, tuple[str, Callable[[str], Any], str]] = {
    "integer": (r"-?\d+", int, "a whole number"),
    "number": (r"-?\d+(\.\d+)?(e-?\d+)?", float, "a number"),
    "boolean": ("true|false", "true".__eq__, "true or false"),
    "date": (r"\d{4}-\d\d-\d\d", datetime.date.fromisoformat, "a date YYYY-MM-DD"),
    "string": ("(?s:.*)", str, "text"),
}


# How the value of a cell must stand to a constraint, and what that expects in words.
_VALUE_RULES: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "enum": (lambda value, allowed: value in allowed, "one of {}"),
    "minimum": (operator.ge, "at least {}"),
    "maximum": (operator.le, "at most {}"),
    "pattern": (lambda text, pattern: re.fullmatch(pattern, text), "text of the pattern {}"),
    "minLength": (lambda text, least: len(text) >= least, "at least {} characters"),
    "maxLength": (lambda text, most: len(text) <= most, "at most {} characters"),
}


def _cell_fault(text: str, field: dict) -> str | None:
    """Return what was expected of a cell when *text* does not fit *field*, else None."""
    if not text:
        return "a value" if _is_required(field) else None
    form, parse, expected = _CELL_RULES[field["type"]]
    try:
        value = parse(text) if re.fullmatch(form, text, re.ASCII) else None
    except ValueError:
        value = None
    if value is None:
        return expected
    for rule, limit in field.get("constraints", {}).items():
        if rule in _VALUE_RULES:
            holds, words = _VALUE_RULES[rule]
            if not holds(value, parse(str(limit)) if rule in ("minimum", "maximum") else limit):
                return words.format(", ".join(map(str, limit)) if rule == "enum" else limit)
    return None


def locate(content: bytes, path: Path, fields: list[dict], most: int = 5) -> str | None:
    """Read the *content* of *path* cell by cell and say where it departs from the schema, the first *most* places."""
    names = [field["name"] for field in fields]
    checks = [cache(partial(_cell_fault, field=field)) for field in fields]
    faults = []
    try:
        rows = csv.reader(io.StringIO(content.decode("utf-8"), newline=""))
    except UnicodeDecodeError as error:
        return f"{path}, byte {error.start}: expected UTF-8 text"
    header = next(rows, [])
    if header != names:
        absent = [name for name in names if name not in header]
        extra = [name for name in header if name not in names]
        return f"{path}, line 1: expected the columns {names}; missing {absent}, not expected {extra}"
    for row in rows:
        if len(row) != len(names):
            faults.append(f"{path}, line {rows.line_num}: expected {len(names)} cells, found {len(row)}")
            continue
        for text, name, check in zip(row, names, checks, strict=True):
            if expected := check(text):
                place = f"{path}, line {rows.line_num}, column '{name}'"
                faults.append(f"{place}: expected {expected}, found {text!r}")
    if len(faults) > most:
        faults[most:] = [f"… and {len(faults) - most} more"]
    return "\n".join(faults) or None
