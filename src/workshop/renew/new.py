"""Begin a table: copy a CSV into the package and draft its description, with marks for what a person must write."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from malirussia.package import DataError
from workshop.check.descriptions import COLUMN, LICENCE, TABLE, from_yaml, head, table_name
from workshop.run.files import FILL_IN, write_whole

NEEDED_COLUMNS = ("source_id", "locator")
MOST_VALUES = 12  # a text column with more different values than these is no list of values

# The first type that all cells of a column fit is its type.
TYPES = {
    "boolean": r"true|false",
    "integer": r"-?(0|[1-9]\d*)",
    "number": r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?",
    "date": r"\d{4}-\d\d-\d\d",
    "string": r"(?s:.*)",
}


class _Dumper(yaml.SafeDumper):
    """YAML as a person would write it: long text folded, a list in one line, nothing for an empty value."""

    def represent_str(self, text: str) -> yaml.ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=">" if len(text) > 95 else None)

    def represent_list(self, items: Iterable) -> yaml.SequenceNode:
        return self.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=True)

    def represent_none(self, _: None) -> yaml.ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:null", "")


_Dumper.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if not tag.endswith(":timestamp")]
    for first, rules in yaml.SafeDumper.yaml_implicit_resolvers.items()
}
_Dumper.add_representer(str, _Dumper.represent_str)
_Dumper.add_representer(list, _Dumper.represent_list)
_Dumper.add_representer(type(None), _Dumper.represent_none)


def to_yaml(description: dict) -> str:
    """Return *description* as the text of its file, keys in the order given."""
    return yaml.dump(description, Dumper=_Dumper, allow_unicode=True, width=110, sort_keys=False)


def new_table(data: Path, name: str, file: Path) -> Path:
    """Copy the CSV *file* into the package as the table *name* and draft its description.

    Parameters
    ----------
    data : Path
        Folder of the package.
    name : str
        The theme, then the content: ``trade_cotton`` becomes ``trade/cotton.csv``.
    file : Path
        CSV in UTF-8, commas between cells, the columns ``source_id`` and ``locator`` among its own.

    Returns
    -------
    Path
        The drafted description. Nothing is written unless both files are.

    Raises
    ------
    DataError
        The name or the file is not as it must be; names the line and what was expected.
    FileExistsError
        There is such a table.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)+", name):
        raise DataError(f"'{name}' is no name of a table: expected theme_content in small letters, like trade_cotton")
    theme, content = name.split("_", 1)
    path = data / theme / f"{content}.csv"
    told = path.with_suffix(".yaml")
    if path.exists() or told.exists():
        raise FileExistsError(f"the table '{name}' exists: {path if path.exists() else told}")
    header, *rows = _read(file)
    _point(rows)
    description = to_yaml(_draft(header, rows, head(data).get("columns", {}), _known_columns(data)))
    path.parent.mkdir(exist_ok=True)
    write_whole(told, description)
    try:
        write_whole(path, _csv_text([header, *rows]))
    except OSError:
        told.unlink()
        raise
    return told


def next_steps(told: Path, data: Path) -> str:
    """Return in words what is left to do for the table whose description was drafted at *told*."""
    path, marks = told.with_suffix(".csv"), told.read_text(encoding="utf-8").count(FILL_IN)
    name = table_name(path, data)
    known = {row["source_id"] for row in _records(data / "sources.csv")}
    absent = sorted({row["source_id"] for row in _records(path)} - known)
    steps = [
        f"Fill in the {marks} places marked {FILL_IN} in {told}; look at the types, limits, values and key guessed.",
        *([f"Add to {data / 'sources.csv'}: {', '.join(absent)}."] if absent else []),
        "Run: python -m malirussia assemble",
        f"Run: python -m malirussia check {name}",
        "Run: make seal",
        f'Use it in a notebook: load("{name}"); `python -m malirussia new theme` drafts one.',
    ]
    numbered = "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))
    return f"Wrote {path} and {told}. What is next:\n{numbered}"


def _records(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _read(file: Path) -> list[list[str]]:
    """Return the header and the rows of *file*; raise :class:`DataError` for what is no table of the package."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{file}, byte {error.start}: expected UTF-8 text") from None
    reader = csv.reader(io.StringIO(text, newline=""))
    lines = [(reader.line_num, row) for row in reader if row]
    if len(lines) < 2:
        raise DataError(f"{file}: expected a line of column names and at least one row")
    header = lines[0][1]
    if absent := [column for column in NEEDED_COLUMNS if column not in header]:
        raise DataError(f"{file}, line 1: expected the columns {' and '.join(absent)} as well, found {header}")
    if wrong := [column for column in header if not re.fullmatch(r"[a-z][a-z0-9_]*", column)]:
        raise DataError(f"{file}, line 1: expected column names like value_musd, found {wrong}")
    if twice := [column for column, count in Counter(header).items() if count > 1]:
        raise DataError(f"{file}, line 1: expected each column once, found {twice} more than once")
    for number, row in lines:
        if len(row) != len(header):
            raise DataError(f"{file}, line {number}: expected {len(header)} cells, found {len(row)}")
    return [row for _, row in lines]


def _kind(told: list[str]) -> str:
    """Return the narrowest type that all of the cells have."""
    return next(kind for kind, form in TYPES.items() if all(re.fullmatch(form, cell) for cell in told))


def _point(rows: list[list[str]]) -> None:
    """Give the first number of a column with decimals a point: 12 becomes 12.0, see rule T25."""
    for place in range(len(rows[0])):
        told = [row for row in rows if row[place]]
        if told and _kind([row[place] for row in told]) == "number" and "." not in told[0][place]:
            told[0][place] += ".0"


def _csv_text(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _mark(schema: dict) -> str:
    return f"{FILL_IN} ({schema['description']})"


def _marks(schema: dict, *keys: str) -> dict[str, str]:
    return {key: _mark(schema["properties"][key]) for key in keys}


def _known_columns(data: Path) -> dict[str, dict[str, dict]]:
    """Return the columns that are described by name and type: a new one is shown like those of its name."""
    known: dict[str, dict[str, dict]] = {}
    for path in sorted(data.rglob("*.yaml")):
        told = from_yaml(path)
        columns = told.get("columns") if isinstance(told, dict) else None
        for name, column in columns.items() if isinstance(columns, dict) else ():
            if isinstance(column, dict):
                known.setdefault(name, {})[column.get("type", "string")] = column
    return known


def _draft(header: list[str], rows: list[list[str]], shared: dict[str, dict], known: dict) -> dict:
    cells = {name: [row[place] for row in rows] for place, name in enumerate(header)}
    columns = {name: None if name in shared else _column(name, cells[name], known.get(name, {})) for name in header}
    return {
        **_marks(TABLE, "title", "description"),
        "period": _period(cells, columns),
        "places": [_mark(TABLE["properties"]["places"])],
        **_marks(TABLE, "granularity"),
        "licence": _marks(LICENCE, "name", "title"),
        "missing_row": _marks(TABLE["properties"]["missing_row"], "means", "why"),
        "made": _marks(TABLE["properties"]["made"], "how", "data", "rule"),
        "key": _key(cells, columns),
        "columns": columns,
    }


def _column(name: str, cells: list[str], known: dict) -> dict:
    """Return what can be guessed of a column from its *cells* and *known* columns, with marks for the rest."""
    told = [cell for cell in cells if cell]
    kind = _kind(told) if told else "string"
    same = known.get(kind, {})
    heading = next(
        (told["heading"] for told in known.values() if "heading" in told), name.replace("_", " ").capitalize()
    )
    column: dict[str, Any] = {"heading": heading, **_marks(COLUMN, "meaning")}
    if kind != "string":
        column["type"] = kind
    if kind in ("integer", "number"):
        is_year = "year" in name.split("_")
        column["unit"] = same.get("unit", "year" if is_year else _mark(COLUMN["properties"]["unit"]))
        column["format"] = same.get("format", "d" if is_year else ",d" if kind == "integer" else ",.1f")
    if len(told) < len(cells):
        column["may_be_empty"] = True
    if kind in ("integer", "number", "date"):
        values = told if kind == "date" else [json.loads(cell) for cell in told]
        column |= {"minimum": min(values), "maximum": max(values)}
    elif kind == "string" and len(set(told)) <= min(MOST_VALUES, len(told) / 2):
        column["values"] = dict.fromkeys(told)
    return column


def _period(cells: dict[str, list[str]], columns: dict[str, dict | None]) -> str:
    """Return the first and last year that stand in the columns of years and dates."""
    timed = [name for name, told in columns.items() if told and "date" in told.get("type", "")]
    timed += [name for name, told in columns.items() if told and told.get("unit") == "year"]
    years = sorted({cell[:4] for name in timed for cell in cells[name] if cell})
    return "/".join(dict.fromkeys((years[0], years[-1]))) if years else _mark(TABLE["properties"]["period"])


def _key(cells: dict[str, list[str]], columns: dict[str, dict | None]) -> list[str]:
    """Return the fewest columns, leftmost first, that tell every row from the others."""
    firm = [
        name
        for name, told in columns.items()
        if all(cells[name]) and (told or {}).get("type") != "number" and name not in ("locator", "note")
    ]
    for count in range(1, 5):
        for names in itertools.combinations(firm, count):
            rows = list(zip(*(cells[name] for name in names), strict=True))
            if len(set(rows)) == len(rows):
                return list(names)
    return [_mark(TABLE["properties"]["key"])]
