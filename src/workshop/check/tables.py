"""The rules for tables: what the schema alone cannot say, and what the tables owe to their sources."""

from __future__ import annotations

import ast
import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from malirussia.collection import Collection
from malirussia.package import DataError, Package
from malirussia.seals import MARKS, SEAL, SHOWS, difference, digest, schema_digest
from malirussia.sources import MOST_ROWS, SOURCE_COLUMNS, safe_url
from workshop.check.descriptions import HEAD, described, head, resource, stems, table_name
from workshop.check.notebooks import Notebook
from workshop.check.rules import Fault, Found, Rule, Unreadable, rule

# Hosts of copies, reposts and mirrors: the publisher is cited, or no address at all.
MIRRORS = ("github.com", "githubusercontent.com", "kaggle.com", "blogspot.com", "archive.is", "news-pravda.com")
# SIPRI lets less than a tenth of a data set be shown, credited and for non-commercial use. Its register alone has some
# 30,000 rows; the whole package stays far below.
MOST_SIPRI_ROWS = 450


class Unsealed(Package):
    """A data package as the rules read it: every cell is held against the schema, whatever was sealed."""

    @cached_property
    def _descriptor(self) -> dict:
        told = super()._descriptor
        resources = [{key: one[key] for key in one if key not in SEAL} for one in told.get("resources", [])]
        return {**told, "resources": resources}


class Table:
    """A table as the rules see it.

    Parameters
    ----------
    collection : Collection
    name : str
    others : mapping
        All tables of the package by name, itself included.
    reader : Package
        Gives its rows.
    """

    def __init__(self, collection: Collection, name: str, others: Mapping[str, Table], reader: Package):
        self.collection = collection
        self.reader = reader
        self.package = collection.package
        self.name = name
        self.others = others
        self.resource = self.package.resource(name)
        self.path = self.package.root / self.resource["path"]
        self.file = self.path.relative_to(collection.root).as_posix()
        self.kinds: tuple[str, ...] = ("file", "sources" if name == "sources" else "table")
        self.names: tuple[str, ...] = (name, self.resource["path"])

    @property
    def fields(self) -> dict[str, dict]:
        """What the schema says of each column."""
        return {field["name"]: field for field in self.resource["schema"]["fields"]}

    @property
    def key(self) -> list[str]:
        """The columns that tell rows apart."""
        return _listed(self.resource["schema"].get("primaryKey", []))

    @cached_property
    def frame(self) -> pd.DataFrame:
        """Its rows; raise Unreadable when the file does not hold what the schema states."""
        try:
            return self.reader.load(self.name)
        except DataError as error:
            raise Unreadable(_faults(error, self.collection, self.file, typed_cells)) from None

    @property
    def source_columns(self) -> list[str]:
        """The columns that hold ids of sources."""
        return [column for column in SOURCE_COLUMNS if column in self.frame]

    @property
    def sources(self) -> pd.Series:
        """The main source of each row; nothing in a table without that column, which has a rule of its own."""
        return self.frame.get("source_id", pd.Series(dtype="str"))


class Description:
    """What is written of a table beside its CSV, as the rules see it.

    Parameters
    ----------
    collection : Collection
    stem : Path
        The CSV without its ending.
    """

    kinds: tuple[str, ...] = ("description",)

    def __init__(self, collection: Collection, stem: Path):
        self.collection = collection
        self.stem = stem
        self.path = stem.with_suffix(".csv").relative_to(collection.package.root).as_posix()
        self.file = stem.with_suffix(".yaml").relative_to(collection.root).as_posix()
        csv = stem.with_suffix(".csv").relative_to(collection.root).as_posix()
        known = {entry["path"]: name for name, entry in collection.package.resources.items()}
        name = known.get(self.path) or table_name(stem, collection.package.root)
        self.names: tuple[str, ...] = (name, self.path, csv)

    @cached_property
    def entry(self) -> dict:
        """The entry in ``datapackage.json`` that follows from it; raise Unreadable when it is missing or damaged."""
        data = self.collection.package.root
        try:
            about = head(data)
            return resource(described(self.stem, data, about), data, about)
        except DataError as error:
            raise Unreadable(_faults(error, self.collection, self.file, complete_description)) from None


class Whole:
    """The package as a whole, as the rules see it.

    Parameters
    ----------
    collection : Collection
    tables : mapping
        Its tables by name.
    themes : iterable of Notebook
        The notebooks that use them.
    """

    kinds: tuple[str, ...] = ("package",)
    names: tuple[str, ...] = ()

    def __init__(self, collection: Collection, tables: Mapping[str, Table], themes: Iterable[Notebook]):
        self.file = (collection.package.root / "datapackage.json").relative_to(collection.root).as_posix()
        self.tables = tables
        self.themes = themes


def _faults(error: DataError, collection: Collection, file: str, rule: Rule) -> list[Fault]:
    """Return a fault for each line of *error*: "path, line 6, column 'year': expected a whole number, found 'x'"."""
    faults = []
    for line in str(error).splitlines():
        where, _, message = line.partition(": ") if ": " in line else ("", "", line)
        path, _, place = where.partition(", ")
        if Path(path).is_relative_to(collection.package.root):
            faults.append(Fault(Path(path).relative_to(collection.root).as_posix(), place, rule, message))
        else:
            faults.append(Fault(file, where, rule, message))
    return faults


def descriptions_in(collection: Collection) -> list[Description]:
    """Return the descriptions of *collection*; a package that came assembled, without its head, has none."""
    data = collection.package.root
    return [Description(collection, stem) for stem in stems(data)] if (data / HEAD).exists() else []


def tables_in(collection: Collection) -> dict[str, Table]:
    """Return the tables of *collection* by name."""
    tables: dict[str, Table] = {}
    reader = Unsealed(collection.package.root)
    for name in collection.package.resources:
        tables[name] = Table(collection, name, tables, reader)
    return tables


def data_subjects(collection: Collection) -> list[Table | Description]:
    """Return the tables of *collection* and their descriptions: all that pages take from ``data/``."""
    return [*tables_in(collection).values(), *descriptions_in(collection)]


def _listed(names: str | list[str]) -> list[str]:
    """Return names of columns as a list: a schema may write a single one as text."""
    return [names] if isinstance(names, str) else names


def seal_of(content: bytes, entry: dict) -> tuple[str, int, int, str]:
    """Return the seal of a file with this *content* and this *entry* in the descriptor: what `SEAL` names."""
    rows = sum(1 for _ in csv.reader(io.StringIO(content.decode("utf-8", "replace"), newline="")))
    return digest(content), len(content.replace(b"\r\n", b"\n")), max(rows - 1, 0), schema_digest(entry)


def in_line(position: int, column: str = "") -> str:
    """Return the place of a row, by its position in the frame, and perhaps of its cell; the header is line 1."""
    return f"line {position + 2}" + (f", column '{column}'" if column else "")


@rule(
    "file",
    "T01",
    "The file holds the columns of its schema, and every cell a value that the schema allows.",
    "Whoever loads the table relies on its types. The message names line and column.",
)
def typed_cells(table: Table) -> Found:
    len(table.frame)  # what cannot be read is told by the exception
    return ()


@rule(
    "file",
    "T26",
    "Hash, bytes, number of rows and schema are those that `make seal` wrote into `datapackage.json`.",
    "No cell changes unseen: `make seal` shows each before it is taken in, and `data/CHANGES.md` keeps it.",
)
def sealed_files(table: Table) -> Found:
    content, told = table.path.read_bytes(), table.resource
    if "hash" not in told and not (table.package.root / MARKS).exists():
        return  # a package that was never sealed
    found: dict[str, Any] = dict(zip(SEAL, seal_of(content, told), strict=True))
    if found["hash"] != told.get("hash"):
        place = difference(content, told["path"], table.package.root).removeprefix(", ")
        yield place, f"found {found['hash'][:15]}…, expected {str(told.get('hash'))[:15]}… as sealed; {SHOWS}"
    for key in SEAL[1:]:
        if found[key] != told.get(key) and found["hash"] == told.get("hash"):
            yield "", f"found {key} {found[key]}, expected {told.get(key)} as sealed; {SHOWS}"


@rule(
    "file",
    "T02",
    "The schema names a primary key, and no row repeats that of another.",
    "A row counted twice spoils every sum.",
)
def unique_keys(table: Table) -> Found:
    if not table.key:
        yield "", "the schema names no primary key, expected one"
        return
    rows = table.frame[table.key]
    for position, row in rows[rows.duplicated()].iterrows():
        yield in_line(position), f"the key {[str(value) for value in row]} is that of an earlier row, expected another"


@rule(
    "file",
    "T03",
    "The schema names the unit of every number: a measure, 'year', 'count', 'rank' …",
    "A number without unit cannot be compared with another.",
)
def stated_units(table: Table) -> Found:
    for name, field in table.fields.items():
        if field.get("type") in ("integer", "number") and not field.get("unit"):
            yield f"column '{name}'", "the schema names no unit of this number, expected one"


@rule(
    "file",
    "T04",
    "The schema says what every column means.",
    "`describe()` and the data dictionary show it; nobody has to guess.",
)
def stated_meanings(table: Table) -> Found:
    for name, field in table.fields.items():
        if not field.get("description"):
            yield f"column '{name}'", "the schema does not say what it means, expected a description"


def _rows_by_source(table: Table) -> Iterator[tuple[str, int, str]]:
    """Yield the main sources of a table, their rows and their terms in the bibliography."""
    terms = table.others["sources"].frame.set_index("source_id")["redistribution"]
    for source_id, rows in table.sources.value_counts().items():
        yield source_id, rows, terms.get(source_id, "")


@rule(
    "table",
    "T05",
    "The schema requires the columns `source_id` and `locator`.",
    "Every observation says who states it, and where in the source it stands.",
)
def sourced_rows(table: Table) -> Found:
    for column in ("source_id", "locator"):
        if not table.fields.get(column, {}).get("constraints", {}).get("required"):
            yield f"column '{column}'", "the schema does not require it, expected a required column"


@rule(
    "table",
    "T06",
    "Every `source_id` is an id of `sources.csv`.",
    "Source lines and references are made from the bibliography.",
)
def known_sources(table: Table) -> Found:
    known = table.others["sources"].frame["source_id"]
    for column in table.source_columns:
        ids = table.frame[column].dropna()
        for position, value in ids[~ids.isin(known)].items():
            yield in_line(position, column), f"found {value!r}, expected an id of sources.csv"


@rule(
    "table",
    "T07",
    "A cell that refers to a row of another table holds a key that is there.",
    "Tables can be joined without losing rows.",
)
def known_keys(table: Table) -> Found:
    for link in table.resource["schema"].get("foreignKeys", []):
        columns, targets = _listed(link["fields"]), _listed(link["reference"]["fields"])
        if columns[0] in SOURCE_COLUMNS:
            continue  # they have a rule of their own
        other = table.others.get(link["reference"].get("resource") or table.name)  # without name: the table itself
        if not other:
            yield (
                f"column '{columns[0]}'",
                f"refers to {link['reference']['resource']!r}, expected a table of the package",
            )
            continue
        known = {*other.frame[targets].itertuples(index=False, name=None)}
        values = table.frame[columns].dropna()
        for position, value in zip(values.index, values.itertuples(index=False, name=None), strict=True):
            if value not in known:
                found = ", ".join(map(repr, value))
                yield in_line(position, columns[0]), f"found {found}, expected a row of {other.path.name}"


@rule(
    "table",
    "T08",
    "Low is at most the value, and the value at most high, wherever two of them are there.",
    "Ranges are drawn and added up as they stand.",
)
def ordered_ranges(table: Table) -> Found:
    frame = table.frame
    for names in _ranges(frame.columns):
        for smaller, larger in pairwise(names):
            for position, row in frame[frame[smaller] > frame[larger]].iterrows():
                message = f"found {smaller} {row[smaller]} above {larger} {row[larger]}, expected at most that"
                yield in_line(position, smaller), message


def _ranges(columns: pd.Index) -> Iterator[list[str]]:
    """Yield the columns that belong together: low and high, and low, value and high where there is a value."""
    for low in columns:
        if low == "low" or low.startswith("low_") or low.endswith(("_low", "_low_musd")):
            high = low.replace("low", "high")
            stem = low.replace("_low", "").replace("low_", "")
            values = ("value",) if low == "low" else (low.replace("low_", "value_"), stem)
            if high in columns:
                yield [low, high]
                yield from [[low, value, high] for value in values if value in columns][:1]


@rule(
    "table",
    "T09",
    "Sources that may be passed on in aggregates only stand in tables of aggregates.",
    "Their publishers allow no more.",
)
def aggregates_only(table: Table) -> Found:
    for source_id, _, terms in _rows_by_source(table):
        if terms == "aggregates" and table.resource.get("granularity") != "aggregate":
            yield "", f"holds facts of {source_id}, which may be passed on in aggregates only, expected aggregates"


@rule(
    "table",
    "T10",
    "No table holds more rows of a source than its terms allow: "
    + ", ".join(f"{most} where `redistribution` is {terms}" for terms, most in MOST_ROWS.items() if most)
    + ".",
    "A long extract is a copy of the publisher's work.",
)
def short_extracts(table: Table) -> Found:
    for source_id, rows, terms in _rows_by_source(table):
        most = MOST_ROWS.get(terms)
        if most is not None and rows > most:
            yield "", f"{rows} rows of {source_id}, at most {most} may be passed on ({terms})"


@rule(
    "table",
    "T11",
    "Of the rival versions of one event exactly one is the main one, and an event without rivals stands for itself.",
    "Who counts main rows counts every event once.",
)
def one_main_version(table: Table) -> Found:
    frame = table.frame
    if table.key and {"conflict_group", "is_main"} <= {*frame.columns}:
        groups = frame["conflict_group"].fillna(frame[table.key[0]])
        counts = frame["is_main"].groupby(groups).sum()
        for group, count in counts[counts != 1].items():
            position = groups.index[groups == group][0]
            yield in_line(position, "is_main"), f"{count} main versions of '{group}', expected one"


@rule(
    "table",
    "T12",
    "Same, one step apart and opposite votes add up to the votes compared.",
    "Shares of votes have one base.",
)
def votes_add_up(table: Table) -> Found:
    frame, parts = table.frame, ["agree", "partial", "opposite"]
    if {*parts, "votes_compared"} <= {*frame.columns}:
        sums = frame[parts].sum(axis="columns")
        for position in frame.index[sums != frame["votes_compared"]]:
            compared = frame["votes_compared"][position]
            yield in_line(position, "votes_compared"), f"the votes add up to {sums[position]}, expected {compared}"


@rule(
    "table",
    "T13",
    "An era opens and closes on the days of its events, and the next one follows at once; only the last is open.",
    "Every day belongs to one era.",
)
def joined_eras(table: Table) -> Found:
    eras = table.frame
    if not {"start_event", "end_event"} <= {*eras.columns}:
        return
    days = table.others["events"].frame.set_index("event_id")["date"]
    wanted = (
        ("start", eras["start_event"].map(days), "the day of its event"),
        ("end", eras["end_event"].map(days), "the day of its event"),
        ("end", eras["start"].shift(-1), "the start of the next era"),
    )
    for column, dates, what in wanted:
        found, expected = (each.dt.strftime("%Y-%m-%d").fillna("no date") for each in (eras[column], dates))
        for position in eras.index[found != expected]:
            yield in_line(position, column), f"found {found[position]}, expected {expected[position]}, {what}"


@rule(
    "sources",
    "T14",
    "An address leads to the publisher, not to a copy, mirror or repost; where there is none, the cell is empty.",
    "Copies change and vanish, and hide who is speaking.",
)
def publishers_address(table: Table) -> Found:
    for position, url in table.frame["url"].dropna().items():
        host = urlsplit(safe_url(url)).hostname
        if not host or host.endswith(MIRRORS):
            yield in_line(position, "url"), f"found {url}, expected the publisher's address or none"


@rule("sources", "T15", "Every source is used by a table.", "A bibliography lists what was used.")
def used_sources(table: Table) -> Found:
    others = [other.frame[other.source_columns] for name, other in table.others.items() if name != table.name]
    used = {source_id for ids in others for column in ids for source_id in ids[column]}
    for position, source_id in table.frame["source_id"].items():
        if source_id not in used:
            yield in_line(position, "source_id"), f"no table uses {source_id!r}, expected one that does"


@rule(
    "sources",
    "T20",
    "The sources stand in the order of their ids.",
    "A new source has one place, and two of one page stand side by side.",
)
def sorted_sources(table: Table) -> Found:
    ids = table.frame["source_id"]
    for position, (former, source_id) in enumerate(pairwise(ids), start=1):
        if source_id < former:
            yield in_line(position, "source_id"), f"found {source_id!r} after {former!r}, expected it before"


@rule(
    "file",
    "T25",
    "In a column of numbers of which some have decimals, the first has a point: `12.0`.",
    "Polars, DuckDB and R guess the type of a column from its first rows, and fail at a later `0.5` if all were whole.",
)
def pointed_numbers(table: Table) -> Found:
    numbers = [name for name in table.frame if table.fields[name]["type"] == "number"]
    cells = pd.read_csv(table.path, dtype="str", usecols=numbers, keep_default_na=False) if numbers else pd.DataFrame()
    for column in cells:
        told = cells[column][cells[column] != ""]
        if told.str.contains(".", regex=False).any() and "." not in told.iloc[0]:
            yield in_line(told.index[0], column), f"found {told.iloc[0]}, expected {told.iloc[0]}.0"


@rule(
    "description",
    "T18",
    "A table has a description beside it, valid and without a mark `FILL IN`.",
    "Readers, checks and `load()` know of a table only what stands there.",
)
def complete_description(description: Description) -> Found:
    len(description.entry)  # what is missing or damaged is told by the exception
    return ()


@rule(
    "description",
    "T19",
    "`datapackage.json` says of the table what its description says.",
    "`load()` reads the assembled file. `python -m malirussia assemble` brings it up to date.",
)
def assembled_description(description: Description) -> Found:
    name = description.entry["name"]
    told = description.collection.package.resources.get(name, {})
    if {key: told[key] for key in told if key not in SEAL} != description.entry:
        yield "", "datapackage.json does not say the same, expected it assembled: python -m malirussia assemble"


@rule(
    "package",
    "T16",
    f"All tables together hold at most {MOST_SIPRI_ROWS} rows of SIPRI.",
    "SIPRI lets small extracts be passed on, credited and for non-commercial use.",
)
def short_sipri_extracts(whole: Whole) -> Found:
    ids = pd.concat([table.sources for table in whole.tables.values() if "table" in table.kinds])
    if (rows := ids.str.startswith("sipri").sum()) > MOST_SIPRI_ROWS:
        yield "", f"{rows} rows of SIPRI in all tables, at most {MOST_SIPRI_ROWS} expected"


@rule(
    "package",
    "T17",
    "Every table is loaded by a notebook of a theme.",
    "A table that nobody reads is not looked at, and its errors stay.",
)
def used_tables(whole: Whole) -> Found:
    calls = [
        call for notebook in whole.themes for cell in notebook.code for name, call in cell.calls() if name == "load"
    ]
    loaded = {call.args[0].value for call in calls if call.args and isinstance(call.args[0], ast.Constant)}
    for name, table in whole.tables.items():
        if "table" in table.kinds and name not in loaded:
            yield f"table '{name}'", "no notebook loads it, expected one that does"
