"""The data package: typed tables, what their columns mean, and errors that name the place.

The tables are a Frictionless Data Package (``data/datapackage.json``). This module reads them into
plain pandas DataFrames with the types that the schema states; the metadata stays beside the frames,
in :func:`describe`, :func:`catalog` and :mod:`malirussia.sources`.
"""

from __future__ import annotations

import csv
import datetime
import difflib
import html
import json
import re
import warnings
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

MISSING = "–"
LEFT = ' style="text-align: left"'


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


def package_root() -> Path:
    """Return the folder of the data package: inside an installed wheel, else in the checkout."""
    here = Path(__file__).resolve().parent
    installed = here / "_data"
    return installed if installed.is_dir() else here.parents[1] / "data"


@dataclass(frozen=True)
class Description:
    """What one table holds; shows as a readable card in Jupyter.

    Attributes
    ----------
    name, title, description, licence, coverage : str
    fields : pandas.DataFrame
        One row a column: ``column``, ``type``, ``unit``, ``allowed``, ``meaning``.
    """

    name: str
    title: str
    description: str
    licence: str
    coverage: str
    key: str
    fields: pd.DataFrame

    def __repr__(self) -> str:
        head = (f"{self.name}: {self.title}", self.description, self._facts)
        return "\n".join(head) + "\n\n" + self.fields.to_string(index=False, justify="left")

    @property
    def _facts(self) -> str:
        return f"Covers {self.coverage}. One row for each {self.key}. Licence: {self.licence}."

    def _repr_html_(self) -> str:
        head = "".join(f"<p>{html.escape(text)}</p>" for text in (self.description, self._facts))
        return f"<p><strong>{html.escape(self.title)}</strong> (<code>{self.name}</code>)</p>{head}" + (
            table_html(self.fields, caption=f"Columns of {self.name}")
        )


def table_html(frame: pd.DataFrame, caption: str, index: bool = False, **options) -> str:
    """Return *frame* as an HTML table with a caption and header scopes; all text is escaped.

    Columns of text are aligned to the left, against the habit of Jupyter. Keyword *options* go to
    :meth:`pandas.DataFrame.to_html`.
    """
    is_text = [True] * (index * frame.index.nlevels) + [
        not pd.api.types.is_numeric_dtype(dtype) or pd.api.types.is_bool_dtype(dtype) for dtype in frame.dtypes
    ]
    frame = presentable(frame, index)
    with pd.option_context("display.max_colwidth", None):
        markup = frame.to_html(index=index, border=0, na_rep=MISSING, **options)
    markup = re.sub(r'(<tr) style="[^"]*"', r"\1", markup)

    def align(row: re.Match) -> str:
        cells = iter(is_text)
        return re.sub(r"<t[hd](?=[ >])", lambda cell: cell[0] + LEFT if next(cells, True) else cell[0], row[0])

    head, body = re.sub(r"<tr>.*?</tr>", align, markup, flags=re.DOTALL).split("<tbody>", 1)
    head = re.sub(r"<th(?=[ >])", '<th scope="col"', head)
    head = head.replace("<thead>", f"<caption>{html.escape(caption)}</caption>\n  <thead>", 1)
    return head + "<tbody>" + re.sub(r"<th(?=[ >])", '<th scope="row"', body)


def presentable(frame: pd.DataFrame, index: bool = False) -> pd.DataFrame:
    """Return *frame* as it is to be shown: one row of headings, and a missing cell can show as a dash.

    Categories and nullable values become text; the name of an *index* that is shown moves to the heading above it.
    """
    frame = frame if index else frame.reset_index(drop=True)
    nullable = frame.select_dtypes(["category", "Int64", "boolean"]).columns
    frame = frame.rename_axis(columns=frame.index.name, index=None) if frame.index.nlevels == 1 else frame
    return frame.assign(**{name: frame[name].astype("object").map(str, na_action="ignore") for name in nullable})


class Package:
    """A data package on disk.

    Parameters
    ----------
    root : path, optional
        Folder that holds ``datapackage.json``; by default the package that comes with this code.
    """

    def __init__(self, root: str | Path | None = None):
        self.root = Path(root) if root is not None else package_root()
        self._readers: dict[str, _Reader] = {}

    @cached_property
    def descriptor(self) -> dict:
        """The content of ``datapackage.json``."""
        path = self.root / "datapackage.json"
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise DataError(f"{path} is missing: the data package starts there") from None
        except json.JSONDecodeError as error:
            raise DataError(f"{path}, line {error.lineno}: not valid JSON ({error.msg})") from None

    @cached_property
    def resources(self) -> dict[str, dict]:
        """The table descriptors by table name."""
        return {resource["name"]: resource for resource in self.descriptor["resources"]}

    def resource(self, name: str) -> dict:
        """Return the descriptor of one table; raise :class:`UnknownNameError` for any other name."""
        try:
            return self.resources[name]
        except (KeyError, TypeError):
            raise unknown_name("table", name, list(self.resources), "catalog()") from None

    def load(self, name: str) -> pd.DataFrame:
        """Read one table with the types of its schema.

        Parameters
        ----------
        name : str
            Table name as listed by :meth:`catalog`.

        Returns
        -------
        pandas.DataFrame
            A new frame, one row an observation, in file order. Integers are ``int64`` (``Int64`` where
            cells may be empty), numbers ``float64``, dates ``datetime64``, booleans ``bool`` or
            ``boolean``, listed values categories in the order of the schema, all else ``str``.
            Units are part of the column names or stand in a ``unit`` column.

        Raises
        ------
        UnknownNameError
            No such table.
        DataError
            The file is missing or damaged; names file, line, column and what was expected.
        """
        resource = self.resource(name)
        path = self.root / resource["path"]
        fields = resource["schema"]["fields"]
        if name not in self._readers:
            self._readers[name] = _Reader(fields)
        try:
            return self._readers[name].read(path)
        except FileNotFoundError:
            raise DataError(f"{path} is missing: it holds the table '{name}'") from None
        except (ValueError, TypeError, pd.errors.Pandas4Warning) as error:
            raise DataError(_locate(path, fields) or f"{path}: {error}") from None

    def catalog(self) -> pd.DataFrame:
        """Return one row a table: ``table``, ``title``, ``covers``, ``licence``."""
        return pd.DataFrame(
            {
                "table": resource["name"],
                "title": resource["title"],
                "covers": _period(resource),
                "licence": _licence(resource),
            }
            for resource in self.resources.values()
        )

    def describe(self, name: str) -> Description:
        """Return what table *name* holds: description, coverage, licence and its columns."""
        resource = self.resource(name)
        schema = resource["schema"]
        rows = [
            {
                "column": field["name"],
                "type": field["type"],
                "unit": field.get("unit", ""),
                "allowed": _allowed(field),
                "meaning": field["description"],
            }
            for field in schema["fields"]
        ]
        return Description(
            name=name,
            title=resource["title"],
            description=resource["description"],
            licence=_licence(resource),
            coverage=_period(resource),
            key=", ".join(schema["primaryKey"]),
            fields=pd.DataFrame(rows),
        )


def _licence(resource: dict) -> str:
    return "; ".join(licence["title"] for licence in resource["licenses"])


def _period(resource: dict) -> str:
    """Return the years that a table covers: 1960–2014."""
    first, _, last = resource["coverage"]["temporal"].partition("/")
    return f"{first[:4]}–{last[:4]}" if last else first[:4]


def _allowed(field: dict) -> str:
    """Say in words what the schema allows in a column."""
    rules = field.get("constraints", {})
    words = []
    if "enum" in rules:
        words.append(", ".join(map(str, rules["enum"])))
    if "minimum" in rules or "maximum" in rules:
        words.append(f"{rules.get('minimum', '')} to {rules.get('maximum', '')}".strip())
    if "pattern" in rules:
        words.append(f"pattern {rules['pattern']}")
    if not rules.get("required"):
        words.append("may be empty")
    return "; ".join(words)


def _is_required(field: dict) -> bool:
    return bool(field.get("constraints", {}).get("required"))


def _dtype(field: dict) -> str | pd.CategoricalDtype:
    """Return the dtype with which pandas reads a column that holds no dates."""
    if "enum" in field.get("constraints", {}):
        return pd.CategoricalDtype(field["constraints"]["enum"], ordered=bool(field.get("categoriesOrdered")))
    required = _is_required(field)
    return {
        "integer": "int64" if required else "Int64",
        "number": "float64",
        "boolean": "bool" if required else "boolean",
    }.get(field["type"], "str")


class _Reader:
    """Read the files of one schema; what can be worked out once for all reads is."""

    def __init__(self, fields: list[dict]):
        self.names = [field["name"] for field in fields]
        self.dates = [field["name"] for field in fields if field["type"] == "date"]
        self.dtypes = {field["name"]: _dtype(field) for field in fields if field["type"] != "date"}
        self.required = np.array([_is_required(field) for field in fields])

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
        return frame


def _parse_boolean(text: str) -> bool:
    return {"true": True, "false": False}[text]


_CELL_RULES = {
    "integer": (int, "a whole number"),
    "number": (float, "a number"),
    "boolean": (_parse_boolean, "true or false"),
    "date": (datetime.date.fromisoformat, "a date YYYY-MM-DD"),
    "string": (str, "text"),
}


def _cell_fault(text: str, field: dict) -> str | None:
    """Return what was expected of a cell when *text* does not fit *field*, else None."""
    if not text:
        return "a value" if _is_required(field) else None
    parse, expected = _CELL_RULES[field["type"]]
    try:
        parse(text)
    except (ValueError, KeyError):
        return expected
    allowed = field.get("constraints", {}).get("enum")
    return None if allowed is None or text in allowed else "one of " + ", ".join(allowed)


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
