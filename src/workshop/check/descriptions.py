"""Descriptions: what a table is, in a YAML file beside its CSV. ``datapackage.json`` is assembled from them.

``data/trade/bilateral.csv`` holds the table ``trade_bilateral`` and ``data/trade/bilateral.yaml`` says what it is::

    title: Trade between Mali and the USSR or Russia by year
    description: One row is one flow of goods in one year, in one series of one source. …
    period: 1960/2020
    places: [MLI, RUS]
    granularity: aggregate
    missing_row: {means: not reported, why: Mali sent no report to the United Nations in these years}
    made: {how: derived, data: Correlates of War trade data, rule: rows of Mali with Moscow}
    key: [year, flow]
    columns:
      year: {heading: Year, meaning: Calendar year, type: integer, unit: year, minimum: 1960, maximum: 2020}
      flow:
        heading: Flow
        meaning: Direction of trade
        values:
          imports: from Moscow to Mali
          exports: from Mali to Moscow
      source_id:
      locator:

``TABLE`` and ``COLUMN`` below list every key and what it holds. A column with nothing after its name is described once
for all tables, under ``columns`` in ``data/package.yaml``, which holds the head of the package as well.

Hash, bytes and number of rows are added by `make seal`. Left out, because it follows by rule: the name (folder and
file), the licence where it is that of the package, file formats, that a column refers to the table of sources when it
is called ``source_id`` or ``source_id_2``, and that the only column of a key is unique. The order of the columns is
that of the CSV.
"""

from __future__ import annotations

import csv
import datetime
import difflib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import yaml
from jsonschema import Draft202012Validator

from malirussia.package import DataError
from malirussia.seals import SEAL
from workshop.run.files import FILL_IN

HEAD = "package.yaml"
SOURCE_COLUMNS = ("source_id", "source_id_2")


_DAY = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"  # or a month, or a year


def _some(kind: str | list[str], what: str, **rules: Any) -> dict:
    """Return the JSON schema of a value; *what* stands in the fault when another value is found."""
    return {"type": kind, "description": what, **rules}


def _text(what: str) -> dict:
    return _some("string", what, minLength=1)


def _one_of(*words: str) -> dict:
    return _some("string", f"{', '.join(words[:-1])} or {words[-1]}", enum=list(words))


def _names(what: str) -> dict:
    return _some("array", what, items=_text("a name"), minItems=1, uniqueItems=True)


def _mapping(what: str, needed: tuple[str, ...], **keys: dict) -> dict:
    return _some("object", what, required=list(needed), properties=keys, additionalProperties=False)


LICENCE = _mapping(
    "the licence of the compilation",
    ("name", "title"),
    name=_text("its SPDX name, or one of Open Definition: other-at, other-nc"),
    title=_text("its name in words, with the credit it asks for"),
    path=_text("its address"),
)

COLUMN = _mapping(
    "the description of a column",
    ("heading", "meaning"),
    heading=_text("what stands above the column in a printed table"),
    meaning=_text("what a cell says, in words"),
    type=_one_of("string", "integer", "number", "date", "boolean"),  # string when left out
    formerly=_some("string", "its name in the version before, empty where it had none"),
    formerly_values=_some(
        "object",
        "a mapping from values to what stood for them in the version before",
        additionalProperties=_text("a value"),
    ),
    unit=_text("the unit of a number; '1' where it has none"),
    format=_text("how its numbers are printed, as Python writes them: ',.1f'"),
    may_be_empty=_some("boolean", "true where a cell may be empty, else nothing"),
    minimum=_some(["number", "string"], "the least that is possible: a number, or a date"),
    maximum=_some(["number", "string"], "the most that is possible: a number, or a date"),
    pattern=_some("string", "a regular expression that the whole cell fits", format="regex"),
    min_length=_some("integer", "the least number of characters"),
    max_length=_some("integer", "the greatest number of characters"),
    values=_some(
        "object",
        "a mapping from every value that is allowed to its label",
        additionalProperties=_some(["string", "null"], "the label of the value in words, or nothing"),
        minProperties=1,
    ),
    ordered=_some("boolean", "true where the values rise from the first to the last, else nothing"),
    goes_with=_some(
        "object",
        "a mapping from a value to the columns beside it, each with a regular expression of what may stand there",
        additionalProperties=_some("object", "columns with a regular expression each"),
    ),
    follows=_names("a list of the columns that settle the value: the same in all rows where they are the same"),
    codes=_mapping(
        "the list of states that the codes come from",
        ("of",),
        of=_one_of("africa", "world"),
        also=_names("a list of codes beside it: groups, forces, former states"),
        at_any_time=_some("boolean", "true where a publisher has figures of a state before it existed, else nothing"),
    ),
    steps=_mapping(
        "how far a value may be from that of the year before in its series",
        ("along",),
        along=_text("the column of time; the rest of the key tells the series apart"),
        of=_text("the column by whose values the limits differ"),
        times=_some(["number", "object"], "the greatest ratio; with 'of' a mapping from its values"),
        most=_some(["number", "object"], "the greatest distance; with 'of' a mapping from its values"),
    ),
    refers_to=_some("string", "the table and column that hold these values: table.column", pattern=r"^\w+\.\w+$"),
)

_SIDE = {
    "rows": _text("a query of pandas for the rows that count; all where it is left out"),
    "value": _text("the column to add up, or an expression of several"),
    "by": _some("object", "a mapping from a name to the expression by which rows are grouped", minProperties=1),
}
SUM = _mapping(
    "a sum and what it equals",
    ("value", "by", "equals"),
    **_SIDE,
    equals=_mapping("the other side", ("value", "by"), table=_text("its table, where it is another one"), **_SIDE),
    within=_some("number", "by how much the two may differ"),
)

TABLE = _mapping(
    "the description of a table",
    ("title", "description", "period", "granularity", "missing_row", "key", "columns"),
    name=_text("the name of the table where it is not folder_file"),
    title=_text("what the table holds, in one line"),
    description=_text("what one row is, who collected it, how far it may be trusted"),
    period=_some(
        ["string", "integer"],
        "the time covered in ISO 8601: 1960/2020, 2021-12/2026-03 or 2023",
        pattern=f"^{_DAY}(/{_DAY})?$",
        minimum=1000,
        maximum=9999,
    ),
    places=_names("a list of the countries covered, as ISO3 codes"),
    granularity=_one_of("facts", "aggregate"),
    licence=LICENCE,
    missing_row=_mapping(
        "what a missing row means",
        ("means", "why"),
        means=_one_of("zero", "not reported", "not collected", "not applicable"),
        why=_text("why rows are missing, in words"),
    ),
    made=_mapping(
        "how the table is made",
        ("how", "rule"),
        how=_one_of("derived", "by hand", "mixed"),
        data=_text("the data sets it is derived from"),
        apart=_names("a list of the sources whose rows no data set in upstream/ makes: by hand, or files not at hand"),
        rule=_text("the rule by which rows are taken, summed or coded, in words"),
    ),
    key=_names("a list of the columns that together tell one row from another"),
    lies_in=_text("the country in which its coordinates lie, as an ISO3 code"),
    sums=_some("array", "a list of sums that tell the same", items=SUM, minItems=1),
    exceptions=_some(
        "array",
        "a list of what no rule need find",
        items=_mapping(
            "an exception",
            ("rule", "rows", "why"),
            rule=_text("the id of the rule"),
            rows=_text("a query of pandas for the rows"),
            why=_text("why they are right, in words"),
        ),
        minItems=1,
    ),
    columns=_some(
        "object",
        "a mapping from every column of the CSV to its description",
        additionalProperties={**COLUMN, "type": ["object", "null"]},
        minProperties=1,
    ),
)

PACKAGE = _mapping(
    "the head of the package",
    ("name", "title", "description", "version", "created", "licence", "contributors"),
    name=_text("its name"),
    title=_text("its title"),
    description=_text("what it holds"),
    version=_text("the version of the data"),
    as_of=_text("the last day on which a source was read, YYYY-MM-DD"),
    created=_text("when it was made, in ISO 8601"),
    keywords=_names("a list of keywords"),
    licence=LICENCE,
    contributors=_some("array", "a list of its authors, each with title and roles", items={"type": "object"}),
    columns=_some("object", "a mapping from columns that mean the same everywhere", additionalProperties=COLUMN),
)

# What may be said of the values of each type.
LIMITS = {
    "string": {"pattern", "min_length", "max_length", "values", "ordered"},
    "integer": {"minimum", "maximum", "values", "ordered", "format"},
    "number": {"minimum", "maximum", "format"},
    "date": {"minimum", "maximum"},
    "boolean": set(),
}
CONSTRAINTS = {
    "minimum": "minimum",
    "maximum": "maximum",
    "pattern": "pattern",
    "min_length": "minLength",
    "max_length": "maxLength",
}


# PyYAML's loader in C, where it is there, is six times faster.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):
    """YAML in which dates, yes and no are text, and no key stands twice."""

    yaml_implicit_resolvers: ClassVar[dict] = {
        first: [(tag, rule) for tag, rule in rules if not tag.endswith((":timestamp", ":bool"))]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        mapping = super().construct_mapping(node, deep)
        if len(mapping) < len(node.value):
            keys = [self.construct_object(key) for key, _ in node.value]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise yaml.constructor.ConstructorError(problem=f"'{twice}' stands twice", problem_mark=node.start_mark)
        return mapping


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("(true|false)$"), ["t", "f"])


def from_yaml(path: Path) -> Any:
    """Return what the YAML file at *path* holds; raise :class:`DataError` with the line where it is damaged."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except FileNotFoundError:
        raise DataError(f"{path} is missing") from None
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise DataError(f"{path}{line}: not valid YAML: {error.problem}") from None


@dataclass(frozen=True)
class Described:
    """A table as it is described.

    Attributes
    ----------
    path : Path
        Its CSV.
    name : str
    description : dict
        What its YAML file holds, with the columns that ``package.yaml`` describes filled in.
    header : list of str
        The columns of the CSV, in their order.
    """

    path: Path
    name: str
    description: dict
    header: list[str]

    @property
    def columns(self) -> dict[str, dict]:
        return self.description["columns"]

    @property
    def references(self) -> dict[str, tuple[str, str]]:
        """The table and column that hold the values of a column, by its name."""
        told = {
            name: tuple(column["refers_to"].split("."))
            for name, column in self.columns.items()
            if "refers_to" in column
        }
        if self.name == "sources":
            return told
        return {name: ("sources", "source_id") for name in self.header if name in SOURCE_COLUMNS} | told


def table_name(path: Path, data: Path) -> str:
    """Return the name of the table that the file at *path* holds or describes: folder and file."""
    return "_".join(path.relative_to(data).with_suffix("").parts)


def header_of(path: Path) -> list[str]:
    """Return the names of the columns of the CSV at *path*."""
    # A byte that is no UTF-8 is for the loader to name.
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        return next(csv.reader(file), [])


def head(data: Path) -> dict:
    """Return what ``package.yaml`` in the folder *data* holds; raise :class:`DataError` for its faults."""
    path = data / HEAD
    content = from_yaml(path)
    _refuse(f"{path}, key '{key}': {fault}" for key, fault in _value_faults(content, PACKAGE))
    for name, column in content.get("columns", {}).items():
        _refuse(f"{path}, key 'columns.{name}.{key}': {fault}" for key, fault in _limit_faults(column))
    return content


def stems(data: Path) -> list[Path]:
    """Return every CSV or description in the folder *data* without its ending, those at the top first."""
    found = {path.with_suffix("") for suffix in ("yaml", "csv") for path in data.rglob(f"*.{suffix}")}
    return sorted(found - {(data / HEAD).with_suffix("")}, key=lambda path: (len(path.parts), path))


def tables(data: Path) -> list[Described]:
    """Read the descriptions of all tables in the folder *data*, those at the top first, then by folder and file.

    Raises
    ------
    DataError
        Lists every fault with file, table, key and what was expected.
    """
    about = head(data)
    found, faults = [], []
    for stem in stems(data):
        try:
            found.append(described(stem, data, about))
        except DataError as error:
            faults.append(str(error))
    _refuse(faults or _faults_between(found))
    return found


def _refuse(faults: Iterable[str]) -> None:
    if faults := list(faults):
        raise DataError("\n".join(faults))


def described(stem: Path, data: Path, about: dict) -> Described:
    """Read the description of one table.

    Parameters
    ----------
    stem : Path
        Its CSV without the ending.
    data : Path
        Folder of the package.
    about : dict
        What :func:`head` returns.

    Raises
    ------
    DataError
        Lists every fault with file, table, key and what was expected.
    """
    shared = about.get("columns", {})
    path, told, name = stem.with_suffix(".csv"), stem.with_suffix(".yaml"), table_name(stem, data)
    if not told.exists():
        raise DataError(f"{path}, table '{name}': expected its description in {told.name}, found none")
    if not path.exists():
        raise DataError(f"{told}, table '{name}': expected the rows that it describes in {path.name}, found none")
    description = from_yaml(told)
    _refuse(f"{told}, table '{name}', key '{key}': {fault}" for key, fault in _value_faults(description, TABLE))
    columns = {name: column or shared.get(name) for name, column in description["columns"].items()}
    table = Described(path, description.get("name", name), {**description, "columns": columns}, header_of(path))
    _refuse(f"{told}, table '{name}', key '{key}': {fault}" for key, fault in _column_faults(table))
    return table


def _value_faults(content: object, schema: dict) -> Iterator[tuple[str, str]]:
    """Yield the key of every value that *schema* does not allow, and what was expected."""
    yield from ((key, f"expected words in place of {mark!r}") for key, mark in _left_to_fill(content))
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for error in validator.iter_errors(content):
        key, known = ".".join(map(str, error.absolute_path)), error.schema.get("properties", {})
        if error.validator == "required":
            missing = next(name for name in error.validator_value if error.message.startswith(repr(name)))
            yield _join(key, missing), f"missing, expected {known[missing]['description']}"
        elif error.validator == "additionalProperties":
            for name in [name for name in error.instance if name not in known]:
                near = difflib.get_close_matches(str(name), known, n=1)
                hint = f"{near[0]}?" if near else f"one of {', '.join(known)}"
                yield _join(key, name), f"unknown key, expected {hint}"
        elif FILL_IN not in str(error.instance):
            yield key, f"expected {error.schema['description']}, found {error.instance!r}"


def _join(*keys: object) -> str:
    return ".".join(str(key) for key in keys if key != "")


def _left_to_fill(content: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(content, dict):
        for name, value in content.items():
            yield from _left_to_fill(value, _join(key, name))
    elif isinstance(content, list):
        for value in content:
            yield from _left_to_fill(value, key)
    elif FILL_IN in str(content):
        yield key, content


def _column_faults(table: Described) -> Iterator[tuple[str, str]]:
    """Yield what does not fit between the description of a table and its CSV, and within a column."""
    for name in table.header:
        if name not in table.columns:
            yield f"columns.{name}", "missing, expected the description of this column of the CSV"
    for name, column in table.columns.items():
        key = f"columns.{name}"
        if name not in table.header:
            yield key, f"expected a column of the CSV, which has {', '.join(table.header)}"
        if column is None:
            yield key, f"expected its description here, as {HEAD} has none for it"
        else:
            yield from ((_join(key, part), fault) for part, fault in _limit_faults(column))
    for name in table.description["key"]:
        if name not in table.columns:
            yield "key", f"expected columns of the table, found '{name}'"


def _limit_faults(column: dict) -> Iterator[tuple[str, str]]:
    kind = column.get("type", "string")
    for key in sorted(column.keys() & set().union(*LIMITS.values()) - LIMITS[kind]):
        yield key, f"expected nothing in a column of type {kind}"
    for key in sorted({"minimum", "maximum"} & column.keys() & LIMITS[kind]):
        if not _is_a(column[key], kind):
            yield key, f"expected a value of type {kind}, found {column[key]!r}"
    for value in column.get("values", {}):
        if not _is_a(value, kind):
            hint = "; in quotes it is text" if kind == "string" else ""
            yield "values", f"expected values of type {kind}, found {value!r}{hint}"
    if "ordered" in column and "values" not in column:
        yield "ordered", "expected the values that are in order under the key 'values'"


def _is_a(value: Any, kind: str) -> bool:
    if kind == "date":
        try:
            return bool(datetime.date.fromisoformat(value))
        except (TypeError, ValueError):
            return False
    return type(value) in {"string": (str,), "integer": (int,), "number": (int, float)}.get(kind, ())


def _faults_between(found: list[Described]) -> Iterator[str]:
    """Yield the names that two tables share, and the columns that refer to nothing."""
    by_name = {table.name: table for table in reversed(found)}
    for table in found:
        where = f"{table.path.with_suffix('.yaml')}, table '{table.name}'"
        if by_name[table.name] is not table:
            yield f"{where}, key 'name': expected a name of its own, {by_name[table.name].path} has it too"
        for name, (other, column) in table.references.items():
            if other not in by_name or column not in by_name[other].columns:
                yield f"{where}, key 'columns.{name}': expected to refer to a column, found no {other}.{column}"


def assemble(data: Path) -> str:
    """Return the text of ``datapackage.json`` for the folder *data*: a Frictionless Data Package, version 2.

    Raises
    ------
    DataError
        A description is missing or damaged; lists every fault with file, table, key and what was expected.
    """
    about, seals = head(data), _seals(data / "datapackage.json")
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        **{key: about[key] for key in about if key not in ("licence", "columns", "contributors")},
        "licenses": [about["licence"]],
        "contributors": about["contributors"],
        "resources": [resource(table, data, about) | seals.get(table.name, {}) for table in tables(data)],
    }
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def _seals(path: Path) -> dict[str, dict]:
    """Return the seal of each table in the file at *path*: it is kept, as only `make seal` gives a new one."""
    try:
        former = json.loads(path.read_text(encoding="utf-8"))["resources"]
        return {one["name"]: {key: one[key] for key in SEAL if key in one} for one in former}
    except (OSError, ValueError, LookupError):
        return {}


def resource(table: Described, data: Path, about: dict) -> dict:
    """Return the entry of *table* in ``datapackage.json``, with what follows by rule; *about* is the head."""
    told = table.description
    coverage = {"temporal": str(told["period"])} | ({"spatial": told["places"]} if "places" in told else {})
    entry = {
        "name": table.name,
        "type": "table",
        "path": table.path.relative_to(data).as_posix(),
        "title": told["title"],
        "description": told["description"],
        "coverage": coverage,
        "granularity": told["granularity"],
        "missingRow": told.get("missing_row"),
        "made": told.get("made"),
        "licenses": [told.get("licence", about["licence"])],
        "liesIn": told.get("lies_in"),
        "sums": told.get("sums"),
        "exceptions": told.get("exceptions"),
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ","},
        "schema": {
            "fields": [_field(name, table.columns[name], told["key"]) for name in table.header],
            "missingValues": [""],
            "primaryKey": told["key"],
            "foreignKeys": [
                {"fields": [name], "reference": {"resource": other, "fields": [column]}}
                for name, (other, column) in table.references.items()
            ],
        },
    }
    return {key: value for key, value in entry.items() if value is not None}


def _field(name: str, column: dict, key: list[str]) -> dict:
    field = {
        "name": name,
        "type": column.get("type", "string"),
        "title": column["heading"],
        "description": column["meaning"],
        "formerly": column.get("formerly"),
        "formerlyValues": column.get("formerly_values"),
        "unit": column.get("unit"),
        "numberFormat": column.get("format"),
        "constraints": _constraints(column, unique=key == [name]),
        "goesWith": column.get("goes_with"),
        "follows": column.get("follows"),
        "codes": column.get("codes"),
        "steps": column.get("steps"),
        "categories": _categories(column.get("values", {})),
        "categoriesOrdered": column.get("ordered"),
    }
    return {key: value for key, value in field.items() if value or (key == "formerly" and value == "")}


def _constraints(column: dict, unique: bool) -> dict:
    rules = {"required": not column.get("may_be_empty"), "unique": unique, "enum": list(column.get("values", {}))}
    limits = {rule: column[key] for key, rule in CONSTRAINTS.items() if key in column}
    return {rule: value for rule, value in rules.items() if value} | limits


def _categories(values: dict) -> list:
    """Return the values as Frictionless lists them: each with its label once there are labels."""
    if not any(values.values()):
        return list(values)
    return [{"value": value} | ({"label": label} if label else {}) for value, label in values.items()]
