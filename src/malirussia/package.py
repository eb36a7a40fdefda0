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
import json
import operator
import re
import warnings
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionDtype
from pandas.api.types import pandas_dtype

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
        self._readers: dict[str, _Reader] = {}

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
        return self.root / told(f"table '{name}'", self.resource(name), "path")

    def state(self) -> dict[str, tuple[int, ...]]:
        """Return moments and size of the file of each table: where one differs, the file was written anew."""
        found: dict[str, tuple[int, ...]] = {}
        for name, resource in self._resources.items():
            with contextlib.suppress(OSError):
                about = (self.root / told(f"table '{name}'", resource, "path")).stat()
                found[name] = (about.st_mtime_ns, about.st_ctime_ns, about.st_size, about.st_ino)
        return found

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
            The file is missing or damaged; names file, line, column and what was expected.
        """
        resource, table = self.resource(name), f"table '{name}'"
        path = self.path(name)
        fields = told(table, resource, "schema.fields")
        if name not in self._readers:
            for field in fields:
                column = told(f"{table}, a column", field, "name")
                told(f"{table}, column '{column}'", field, "type")
            self._readers[name] = _Reader(fields)
        try:
            frame = self._readers[name].read(path)
        except FileNotFoundError:
            raise DataError(f"{path} is missing: it holds the table '{name}'") from None
        except (ValueError, TypeError, pd.errors.Pandas4Warning) as error:
            raise DataError(_locate(path, fields) or f"{path}: {error}") from None
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


class _Reader:
    """Read the files of one schema; what can be worked out once for all reads is."""

    def __init__(self, fields: list[dict]):
        self.names = [field["name"] for field in fields]
        self.dates = [field["name"] for field in fields if field["type"] == "date"]
        self.dtypes = {field["name"]: _dtype(field) for field in fields if field["type"] != "date"}
        self.required = np.array([_is_required(field) for field in fields])
        self.limits = {field["name"]: limits for field in fields if (limits := _limits(field))}

    def read(self, path: Path) -> pd.DataFrame:
        """Read *path*; raise at the first sign of damage, without saying where."""
        with warnings.catch_warnings():
            # pandas warns when a value is not among the categories, and drops it.
            warnings.simplefilter("error", pd.errors.Pandas4Warning)
            frame = pd.read_csv(
                path,
                dtype=self.dtypes,
                parse_dates=self.dates,
                date_format="%Y-%m-%d",
                # The text NA is a value (Namibia, "not available" in a source); only an empty cell is missing.
                keep_default_na=False,
                na_values=[""],
                skip_blank_lines=False,
                encoding="utf-8",
            )
        if list(frame.columns) != self.names or not isinstance(frame.index, pd.RangeIndex):
            raise ValueError("the columns are not those of the schema")
        if any(frame[name].dtype.kind != "M" for name in self.dates):
            raise ValueError("a cell is no date")
        if (frame.isna().to_numpy().any(axis=0) & self.required).any():
            raise ValueError("a required cell is empty")
        for name, is_beyond in self.limits.items():
            if is_beyond(frame[name]):
                raise ValueError(f"a value is beyond the limits of the column '{name}'")
        return frame


def _limits(field: dict) -> Callable[[pd.Series], bool] | None:
    """Return a test whether a column holds a value beyond the limits of its *field*, or None where it has none."""
    rules = field.get("constraints", {})
    if rules.keys() & {"minimum", "maximum"}:
        limit = np.datetime64 if field["type"] == "date" else float
        low, high = (limit(rules[rule]) if rule in rules else None for rule in ("minimum", "maximum"))
        return partial(_is_beyond, low=low, high=high)
    if rules.keys() & {"pattern", "minLength", "maxLength"}:
        fits = re.compile(rules.get("pattern", "(?s:.*)")).fullmatch
        lengths = range(rules.get("minLength", 0), rules.get("maxLength", csv.field_size_limit()) + 1)
        return partial(_is_no_such_text, fits=fits, lengths=lengths)
    return None


def _is_beyond(column: pd.Series, low: float | np.datetime64 | None, high: float | np.datetime64 | None) -> bool:
    # An empty cell compares as neither below nor above.
    values = column.to_numpy() if isinstance(column.dtype, np.dtype) else column.to_numpy(float, na_value=np.nan)
    return bool((low is not None and (values < low).any()) or (high is not None and (values > high).any()))


def _is_no_such_text(column: pd.Series, fits: Callable[[str], object], lengths: range) -> bool:
    texts = {text for text in column.to_numpy() if text == text}  # an empty cell is NaN: it differs from itself
    return not all(len(text) in lengths and fits(text) for text in texts)


def _parse_boolean(text: str) -> bool:
    return {"true": True, "false": False}[text]


_CELL_RULES: dict[str, tuple[Callable[[str], Any], str]] = {
    "integer": (int, "a whole number"),
    "number": (float, "a number"),
    "boolean": (_parse_boolean, "true or false"),
    "date": (datetime.date.fromisoformat, "a date YYYY-MM-DD"),
    "string": (str, "text"),
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
    parse, expected = _CELL_RULES[field["type"]]
    try:
        value = parse(text)
    except (ValueError, KeyError):
        return expected
    for rule, limit in field.get("constraints", {}).items():
        if rule in _VALUE_RULES:
            holds, words = _VALUE_RULES[rule]
            if not holds(value, parse(str(limit)) if rule in ("minimum", "maximum") else limit):
                return words.format(", ".join(map(str, limit)) if rule == "enum" else limit)
    return None


def _locate(path: Path, fields: list[dict], most: int = 5) -> str | None:
    """Read *path* cell by cell and say where it departs from the schema, the first *most* places."""
    names = [field["name"] for field in fields]
    faults = []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            header = next(rows, [])
            if header != names:
                absent = [name for name in names if name not in header]
                extra = [name for name in header if name not in names]
                return f"{path}, line 1: expected the columns {names}; missing {absent}, not expected {extra}"
            for row in rows:
                where = f"{path}, line {rows.line_num}"
                if len(row) != len(names):
                    faults.append(f"{where}: expected {len(names)} cells, found {len(row)}")
                    continue
                for text, field in zip(row, fields, strict=True):
                    if expected := _cell_fault(text, field):
                        faults.append(f"{where}, column '{field['name']}': expected {expected}, found {text!r}")
    except UnicodeDecodeError as error:
        return f"{path}, byte {error.start}: expected UTF-8 text"
    if len(faults) > most:
        faults[most:] = [f"… and {len(faults) - most} more"]
    return "\n".join(faults) or None
