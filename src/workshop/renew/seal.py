"""Seal the tables: show every cell that differs from what was sealed, and take it in once a person has read it.

What was sealed is found in git, by its hash. Without git, a folder of the former data may be given; else the marks of
``seals.json`` still tell which rows and columns differ, though not what stood there.
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from pathlib import Path

from malirussia.collection import Collection
from malirussia.package import Package
from malirussia.seals import MARK, MARKS, SEAL, digest, marks, schema_digest
from workshop.check.tables import seal_of
from workshop.run.files import write_whole

CHANGES = "CHANGES.md"
TITLE = """# Changes of the data

Every cell that changed since the tables were first sealed, newest day first; written by `make seal`.
"""
UNSEALED, NEW_ROW, NO_ROW, UNKNOWN = "not sealed", "no row", "row removed", "not at hand"


@dataclass(frozen=True)
class Change:
    """A cell in which a table differs from what was sealed, or a whole row, or the schema of the table."""

    table: str
    line: str
    row: str
    column: str
    old: str
    new: str
    source: str

    def __str__(self) -> str:
        place = ", ".join(filter(None, (self.table, self.line, self.row, self.column, self.source)))
        return f"{place}: {self.old!r} → {self.new!r}"


def changes(package: Package, former: Callable[[str, str], bytes | None]) -> Iterator[Change]:
    """Yield what differs between the tables of *package* and what was sealed of them.

    *former* gives the content of the file at a path that had a hash, or None.
    """
    kept = _kept(package.root)
    for name, resource in package.resources.items():
        content = (package.root / resource["path"]).read_bytes()
        sealed = resource.get("hash")
        if sealed is None:
            yield Change(name, "", "", "", UNSEALED, f"{len(_rows(content)) - 1} rows", "")
        elif sealed != digest(content):
            old = former(resource["path"], sealed)
            if old is not None:
                found = [*_cells(name, resource["schema"]["primaryKey"], _rows(old), _rows(content))]
            else:
                found = [*_marked(name, _rows(content), kept.get(resource["path"], {}), marks(content))]
            # The cells are the same: their order or the way they are written is not.
            yield from found or [Change(name, "", "", "", "the file as sealed", "another order or writing", "")]
        if sealed and resource.get("schemaHash") != schema_digest(resource):
            yield Change(name, "", "", "", "the schema as sealed", "another schema", "")


def _kept(root: Path) -> dict[str, dict]:
    return json.loads((root / MARKS).read_text(encoding="utf-8")) if (root / MARKS).exists() else {}


def _rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8", "replace"), newline="")))


def _cells(table: str, key: list[str], old: list[list[str]], new: list[list[str]]) -> Iterator[Change]:
    """Yield the cells in which two versions of a table differ; rows are matched by *key*."""
    before, after = _by_key(key, old), _by_key(key, new)
    for name, (line, row) in after.items():
        source = row.get("source_id", "")
        if name not in before:
            yield Change(table, f"line {line}", _told(key, name), "", NEW_ROW, _short(row), source)
            continue
        was = before[name][1]
        for column in {**was, **row}:
            if was.get(column) != row.get(column):
                cells = was.get(column, "no column"), row.get(column, "no column")
                yield Change(table, f"line {line}", _told(key, name), column, *cells, source)
    for name, (_, row) in before.items():
        if name not in after:
            yield Change(table, "", _told(key, name), "", _short(row), NO_ROW, row.get("source_id", ""))


def _by_key(key: list[str], rows: list[list[str]]) -> dict[tuple[str, ...], tuple[int, dict[str, str]]]:
    head = rows[0] if rows else []
    found: dict[tuple[str, ...], tuple[int, dict[str, str]]] = {}
    for line, cells in enumerate(rows[1:], start=2):
        row = dict(zip_longest(head, cells, fillvalue=""))
        name = tuple(row.get(column, "") for column in key)
        while name in found:  # a key that stands twice is for another rule
            name = (*name, "again")
        found[name] = line, row
    return found


def _told(key: list[str], name: tuple[str, ...]) -> str:
    return " ".join(f"{column}={value}" for column, value in zip_longest(key, name, fillvalue=""))


def _short(row: dict[str, str]) -> str:
    return ", ".join(f"{column}={cell}" for column, cell in row.items() if cell and column != "source_id")


def _marked(table: str, rows: list[list[str]], kept: dict, found: dict) -> Iterator[Change]:
    """Yield the rows whose marks are new, and how many went: all that can be told without the former file."""
    old, new = (
        [told.get("rows", "")[at : at + MARK] for at in range(0, len(told.get("rows", "")), MARK)]
        for told in (kept, found)
    )
    differ = [name for name, mark in found["columns"].items() if kept.get("columns", {}).get(name) != mark]
    left, fresh = list(old), 0
    for line, (mark, cells) in enumerate(zip(new, rows, strict=True), start=1):
        if mark in left:
            left.remove(mark)
            continue
        fresh += 1
        row = dict(zip_longest(rows[0], cells, fillvalue=""))
        shown = ", ".join(f"{name}={row[name]}" for name in differ)
        yield Change(table, f"line {line}", "", ", ".join(differ), UNKNOWN, shown, row.get("source_id", ""))
    if len(left) > fresh:
        yield Change(table, "", "", "", UNKNOWN, f"{len(left) - fresh} rows removed", "")


def from_git(data: Path) -> Callable[[str, str], bytes | None]:
    """Return a function that finds in git the file of the folder *data* that has a hash, or None."""

    def git(*arguments: str) -> bytes:
        done = subprocess.run(["git", "-C", str(data), *arguments], capture_output=True, check=False)
        return done.stdout if done.returncode == 0 else b""

    def find(path: str, sealed: str) -> bytes | None:
        try:
            commits = git("log", "--format=%H", "-n", "100", "--", path).decode().split()
        except FileNotFoundError:  # no git on this machine
            return None
        contents = (git("show", f"{commit}:./{path}") for commit in commits)
        return next((content for content in contents if digest(content) == sealed), None)

    return find


def from_folder(folder: Path) -> Callable[[str, str], bytes | None]:
    """Return a function that gives the files of a *folder* that holds the former data."""
    return lambda path, _: (folder / path).read_bytes() if (folder / path).exists() else None


def seal(collection: Collection, found: list[Change]) -> None:
    """Give every table the seal of what it is now, and add the changes *found* to ``data/CHANGES.md``."""
    data = collection.package.root
    path = data / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    kept = {}
    for entry in descriptor["resources"]:
        content = (data / entry["path"]).read_bytes()
        kept[entry["path"]] = marks(content)
        entry.update(zip(SEAL, seal_of(content, entry), strict=True))
    # A line a table: two changes of different tables can be merged.
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(told, ensure_ascii=False)}" for name, told in kept.items())
    write_whole(data / CHANGES, with_changes(data / CHANGES, found, date.today()))
    write_whole(data / MARKS, f"{{\n{lines}\n}}\n")
    write_whole(path, json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n")


def with_changes(path: Path, found: list[Change], day: date) -> str:
    """Return the text of the file of changes at *path* with those *found* on a *day*, the newest day first."""
    text = path.read_text(encoding="utf-8") if path.exists() else TITLE
    before, heading, after = text.partition(f"\n## {day}\n")
    if not heading:
        before, mark, rest = text.partition("\n## ")
        after = mark + rest
    return f"{before}\n## {day}\n{after if heading else ''}{_listed(found)}{'' if heading else after}"


def _listed(found: list[Change]) -> str:
    """Return the changes as Markdown, a table of cells for each table of the package."""
    first = [one for one in found if one.old == UNSEALED]
    parts = ["\n" + "".join(f"- {one.table}: sealed for the first time, {one.new}\n" for one in first)] if first else []
    for table in dict.fromkeys(one.table for one in found if one not in first):
        lines = [
            f"\n### {table}\n",
            "| line | row | column | old | new | source |",
            "| --- | --- | --- | --- | --- | --- |",
        ]
        lines += [
            "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
            for one in found
            if one.table == table
            for cells in [(one.line.removeprefix("line "), one.row, one.column, one.old, one.new, one.source)]
        ]
        parts.append("\n".join(lines) + "\n")
    return "".join(parts)
