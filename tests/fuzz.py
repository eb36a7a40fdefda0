"""Damage the data in many ways, and see which layer notices: the seal, or the rules once the damage was sealed too.

``make fuzz`` runs 500 cases and writes their table into docs/reliability.md; a test runs 60 of them.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import random
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from malirussia.collection import Collection
from malirussia.package import DataError, Package
from malirussia.seals import SEAL
from workshop.check.rules import RULES
from workshop.check.tables import Description, Table, data_subjects, sealed_files
from workshop.run.files import with_generated, write_whole

ROOT = Path(__file__).resolve().parents[1]
Rows = list[dict[str, str]]
Damage = Callable[[random.Random, Rows, dict], str | None]
"""Changes the rows of a table and returns the column it damaged; None where the table has nothing of that kind."""
KINDS: dict[str, Damage | Callable[[random.Random, bytes], bytes | None]] = {}


def kind(name: str) -> Callable:
    def add(damage: Callable) -> Callable:
        KINDS[name] = damage
        return damage

    return add


def typed(resource: dict, *types: str, named: Callable[[dict], bool] = lambda _: True) -> list[str]:
    """Return the columns of some types, of those that *named* says."""
    return [field["name"] for field in resource["schema"]["fields"] if field["type"] in types and named(field)]


def pick(rng: random.Random, rows: Rows, columns: list[str], wanted: Callable[[str], bool] = bool) -> tuple[dict, str]:
    """Return a row and a column whose cell is *wanted*; LookupError where there is none."""
    found = [(row, column) for column in columns for row in rows if wanted(row[column])]
    return rng.choice(found)


def cells(name: str, types: tuple[str, ...], change: Callable[[random.Random, str], str], **which: Callable) -> None:
    """Add a kind that changes one cell of a column of *types*."""
    wanted = which.get("wanted", bool)
    named = which.get("named", lambda _: True)

    def damage(rng: random.Random, rows: Rows, resource: dict) -> str | None:
        row, column = pick(rng, rows, typed(resource, *types, named=named), wanted)
        before = row[column]
        row[column] = change(rng, before)
        return column if row[column] != before else None

    KINDS[name] = damage


NUMBERS, WHOLE = ("integer", "number"), ("integer",)
YEARS = {"named": lambda field: field.get("unit") == "year"}
AMOUNTS = {"named": lambda field: field.get("unit") != "year", "wanted": lambda cell: cell not in ("", "0", "0.0")}


def place(mark: str) -> Callable[[random.Random, str], str]:
    """Return a change that puts *mark* somewhere into a text."""

    def change(rng: random.Random, text: str) -> str:
        at = rng.randrange(len(text) + 1)
        return text[:at] + mark + text[at:]

    return change


def codes(field: dict) -> bool:
    return "codes" in field


# Numbers.
cells("a value times 1,000", NUMBERS, lambda _, cell: f"{float(cell) * 1000:g}", **AMOUNTS)
cells("a value times 10", NUMBERS, lambda _, cell: f"{float(cell) * 10:g}", **AMOUNTS)
cells("a value divided by 10", ("number",), lambda _, cell: f"{float(cell) / 10:.6g}", **AMOUNTS)
cells("a value with the other sign", NUMBERS, lambda _, cell: cell[1:] if cell[0] == "-" else f"-{cell}", **AMOUNTS)
cells("a value a little off", NUMBERS, lambda _, cell: f"{float(cell) * 1.02 + 1:g}", **AMOUNTS)
cells("a value made zero", NUMBERS, lambda _, cell: "0", **AMOUNTS)
cells("two digits exchanged", NUMBERS, lambda _, cell: cell[1] + cell[0] + cell[2:], named=AMOUNTS["named"],
      wanted=lambda cell: len(cell) > 1 and cell[:2].isdigit() and cell[0] != cell[1])  # fmt: skip
cells("a decimal comma", ("number",), lambda _, cell: cell.replace(".", ","), wanted=lambda cell: "." in cell)
cells("a thousands separator", NUMBERS, lambda _, cell: f"1,{cell}", **AMOUNTS)
cells("an underscore in a number", WHOLE, lambda _, cell: f"1_{cell}", **AMOUNTS)
cells("digits of another script", WHOLE, lambda _, cell: "".join(chr(0x660 + int(sign)) for sign in cell),
      wanted=str.isdigit)  # fmt: skip
cells("an infinite number", ("number",), lambda _, cell: "inf", **AMOUNTS)
cells("not a number", ("number",), lambda _, cell: "nan", **AMOUNTS)
cells("a word in a number", NUMBERS, lambda _, cell: "n/a", **AMOUNTS)
cells("a number with a unit", NUMBERS, lambda _, cell: f"{cell} t", **AMOUNTS)
cells("a fraction in a whole number", WHOLE, lambda _, cell: f"{cell}.5", **AMOUNTS)
# Years and dates.
cells("a year of the future", WHOLE, lambda _, cell: "2031", **YEARS)
cells("a year of two digits", WHOLE, lambda _, cell: cell[2:], **YEARS)
cells("a year of another century", WHOLE, lambda _, cell: f"18{cell[2:]}", **YEARS)
cells("a year next to it", WHOLE, lambda rng, cell: str(int(cell) + rng.choice((-1, 1))), **YEARS)
cells("a date of the future", ("date",), lambda _, cell: f"2031{cell[4:]}")
cells("a date that is none", ("date",), lambda _, cell: f"{cell[:5]}02-30")
cells("a date with day and month exchanged", ("date",), lambda _, cell: f"{cell[:5]}{cell[8:]}-{cell[5:7]}",
      wanted=lambda cell: cell[8:] != cell[5:7] and cell != "")  # fmt: skip
cells("a date in another form", ("date",), lambda _, cell: f"{cell[8:]}.{cell[5:7]}.{cell[:4]}")
cells("a date without dashes", ("date",), lambda _, cell: cell.replace("-", ""))
cells("a date with a time", ("date",), lambda _, cell: f"{cell} 00:00")
cells("a date of another decade", ("date",), lambda _, cell: f"{int(cell[:4]) - 10}{cell[4:]}")
# Codes, keys and categories.
cells("an invented code of a state", ("string",), lambda _, cell: "XQZ", named=codes)
cells(
    "a state of another continent",
    ("string",),
    lambda _, cell: "USA",
    named=codes,
    wanted=lambda cell: "USA" not in cell,
)
cells("a code in small letters", ("string",), lambda _, cell: cell.lower(), named=codes)
cells("a value that is not listed", ("string",), lambda _, cell: f"{cell}s",
      named=lambda field: "enum" in field.get("constraints", {}))  # fmt: skip
cells("an unknown source", ("string",), lambda _, cell: "nobody-1900", named=lambda field: field["name"] == "source_id")
cells("a boolean in words", ("boolean",), lambda _, cell: "yes")
cells("a boolean turned", ("boolean",), lambda _, cell: "false" if cell == "true" else "true")
# Text.
NOTES = {"named": lambda field: not field.get("constraints", {}).keys() & {"enum", "pattern"},
         "wanted": lambda cell: len(cell) > 4}  # fmt: skip
for _name, _mark in {
    "NUL in a text": "\x00", "a sign that turns the direction": "\u202e", "a no-break space": "\u00a0",
    "a zero-width space": "\u200b", "a soft hyphen": "\u00ad", "a byte order mark in a text": "\ufeff",
    "a control sign": "\x07", "a tab in a text": "\t", "a line separator": "\u2028", "two spaces": "  ",
}.items():  # fmt: skip
    cells(_name, ("string",), place(_mark), **NOTES)
cells("a look-alike letter", ("string",), lambda _, cell: cell.replace("a", "\u0430", 1), named=NOTES["named"],
      wanted=lambda cell: "an" in cell)  # fmt: skip
cells("a letter and its accent apart", ("string",), lambda _, cell: f"{cell[:2]}e\u0301{cell[2:]}", **NOTES)
cells("a formula", ("string",), lambda _, cell: f"=HYPERLINK({cell})", **NOTES)
cells("a formula with a sign", ("string",), lambda _, cell: f"@SUM({cell})", **NOTES)
cells("a space at the end", ("string",), lambda _, cell: f"{cell} ", **NOTES)
cells(
    "a letter lost",
    ("string",),
    lambda rng, cell: cell[: (at := rng.randrange(1, len(cell) - 1))] + cell[at + 1 :],
    **NOTES,
)
cells("a text cut off", ("string",), lambda _, cell: cell[: len(cell) // 2].rstrip(), **NOTES)
cells("accents read in another encoding", ("string",), lambda _, cell: cell.encode().decode("latin-1"),
      named=NOTES["named"], wanted=lambda cell: not cell.isascii())  # fmt: skip
cells("a required cell emptied", ("string", *NUMBERS, "date"), lambda _, cell: "",
      named=lambda field: field.get("constraints", {}).get("required"))  # fmt: skip
cells("an optional cell emptied", ("string", *NUMBERS, "date"), lambda _, cell: "",
      named=lambda field: not field.get("constraints", {}).get("required"))  # fmt: skip


@kind("a unit exchanged with another")
def another_unit(rng: random.Random, rows: Rows, resource: dict) -> str | None:
    units = sorted({row["unit"] for row in rows if row["unit"]})
    row, _ = pick(rng, rows, ["unit"])
    row["unit"] = rng.choice([unit for unit in units if unit != row["unit"]])
    return "unit"


@kind("all units of two measures exchanged")
def exchanged_units(rng: random.Random, rows: Rows, resource: dict) -> str | None:
    one, other = rng.sample(sorted({row["unit"] for row in rows if row["unit"]}), 2)
    for row in rows:
        row["unit"] = {one: other, other: one}.get(row["unit"], row["unit"])
    return "unit"


@kind("a listed value exchanged with another")
def another_value(rng: random.Random, rows: Rows, resource: dict) -> str | None:
    fields = {one["name"]: one["constraints"]["enum"] for one in resource["schema"]["fields"]
              if len(one.get("constraints", {}).get("enum", [])) > 1}  # fmt: skip
    row, column = pick(rng, rows, list(fields))
    row[column] = str(rng.choice([one for one in fields[column] if str(one) != row[column]]))
    return column


@kind("the keys of two rows exchanged")
def exchanged_keys(rng: random.Random, rows: Rows, resource: dict) -> str | None:
    one, other = rng.sample(rows, 2)
    for column in resource["schema"]["primaryKey"]:
        one[column], other[column] = other[column], one[column]
    return resource["schema"]["primaryKey"][0]


@kind("two values of a column exchanged")
def exchanged_values(rng: random.Random, rows: Rows, resource: dict) -> str | None:
    column = rng.choice(typed(resource, *NUMBERS, **{"named": AMOUNTS["named"]}))
    one, other = rng.sample([row for row in rows if row[column]], 2)
    if one[column] == other[column]:
        return None
    one[column], other[column] = other[column], one[column]
    return column


@kind("a row twice")
def twice(rng: random.Random, rows: Rows, resource: dict) -> str | None:
    rows.append(dict(rng.choice(rows)))
    return ""


@kind("a row lost")
def lost(rng: random.Random, rows: Rows, resource: dict) -> str | None:
    rows.pop(rng.randrange(len(rows)))
    return ""


@kind("the last rows cut off")
def cut(rng: random.Random, rows: Rows, resource: dict) -> str | None:
    del rows[len(rows) // 2 :]
    return ""


@kind("two rows in another order")
def moved(rng: random.Random, rows: Rows, resource: dict) -> str | None:
    at = rng.randrange(len(rows) - 1)
    rows[at], rows[at + 1] = rows[at + 1], rows[at]
    return ""


@kind("low above high")
def above(rng: random.Random, rows: Rows, resource: dict) -> str | None:
    row = rng.choice([row for row in rows if row["low"] and row["high"] and float(row["low"]) < float(row["high"])])
    row["low"], row["high"] = row["high"], row["low"]
    return "low"


@kind("a latitude moved by five degrees")
def moved_place(rng: random.Random, rows: Rows, resource: dict) -> str | None:
    if "liesIn" not in resource:
        return None
    row, _ = pick(rng, rows, ["latitude"])
    row["latitude"] = f"{float(row['latitude']) - 5:g}"
    return "latitude"


@kind("latitude and longitude exchanged")
def turned_place(rng: random.Random, rows: Rows, resource: dict) -> str | None:
    row, _ = pick(rng, rows, ["latitude"])
    row["latitude"], row["longitude"] = row["longitude"], row["latitude"]
    return "latitude"


@kind("the redistribution of a source made open")
def made_open(rng: random.Random, rows: Rows, resource: dict) -> str | None:
    row, _ = pick(rng, rows, ["redistribution"], lambda cell: cell == "facts")
    row["redistribution"] = "open"
    return "redistribution"


@kind("a source read in the future")
def read_later(rng: random.Random, rows: Rows, resource: dict) -> str | None:
    row, _ = pick(rng, rows, ["accessed"])
    row["accessed"] = "2031-01-01"
    return "accessed"


@kind("an address of a copy")
def copied(rng: random.Random, rows: Rows, resource: dict) -> str | None:
    row, _ = pick(rng, rows, ["url"])
    row["url"] = "https://github.com/someone/copy"
    return "url"


# Of the file, and of the descriptor.
FILES: dict[str, Callable[[bytes], bytes]] = {
    "a byte order mark": lambda text: b"\xef\xbb\xbf" + text,
    "line ends of another system": lambda text: text.replace(b"\n", b"\r\n"),
    "a semicolon for the comma": lambda text: text.replace(b",", b";"),
    "a byte that is no UTF-8": lambda text: text[:200] + b"\xff" + text[200:],
    "the header lost": lambda text: text.partition(b"\n")[2],
    "an empty file": lambda text: b"",
    "a blank line": lambda text: text.replace(b"\n", b"\n\n", 2),
    "a cell too many": lambda text: text.replace(b"\n", b",x\n", 2),
    "a quotation mark that is not closed": lambda text: text[: len(text) // 2] + b',"' + text[len(text) // 2 :],
    "the file cut within a line": lambda text: text[: len(text) * 2 // 3],
}


def _unit(field: dict) -> None:
    field["unit"] = "furlongs"


SCHEMAS: dict[str, Callable[[random.Random, dict], object]] = {
    "the unit of a column changed": lambda rng, one: _unit(
        rng.choice([field for field in one["schema"]["fields"] if field.get("unit")])
    ),
    "a foreign key removed": lambda rng, one: one["schema"]["foreignKeys"].pop(),
    "a limit removed": lambda rng, one: rng.choice(
        [field["constraints"] for field in one["schema"]["fields"] if "maximum" in field.get("constraints", {})]
    ).pop("maximum"),
    "a column of the key removed": lambda rng, one: one["schema"]["primaryKey"].pop(),
    "a column no longer required": lambda rng, one: rng.choice(
        [field["constraints"] for field in one["schema"]["fields"] if field.get("constraints", {}).get("required")]
    ).pop("required"),
}
ALL = [*KINDS, *FILES, *SCHEMAS]
UNSEALED = {"line ends of another system"}
"""What a load lets pass, as it changes no cell; the rules tell it."""


@dataclass(frozen=True)
class Case:
    """One damage, and who notices it."""

    kind: str
    table: str
    loaded: str
    checked: str


class Bench:
    """The data, and a copy that is damaged and mended again."""

    def __init__(self, folder: Path):
        shutil.copytree(ROOT / "data", folder / "data")
        self.root = folder
        self.collection = Collection(folder)
        self.subjects = data_subjects(self.collection)
        self.tables = {one.name: one for one in self.subjects if isinstance(one, Table)}
        self.rules = [rule for rule in RULES if rule is not sealed_files and rule.name != "used-sources"]

    def case(self, name: str, rng: random.Random) -> Case:
        """Damage a table in the way *name*, and ask who notices."""
        for _ in range(2000):
            table = rng.choice(list(self.tables.values()))
            before = table.path.read_bytes()
            entry = json.loads(json.dumps(table.resource))
            try:
                after = self._damaged(name, rng, before, entry)
            except (LookupError, ValueError):
                continue
            if (after, entry) != (before, table.resource):
                break
        else:
            raise LookupError(f"no table has what is damaged by: {name}")
        table.path.write_bytes(after)
        try:
            return Case(name, table.name, self._loaded(table.name, entry), self._checked(table, entry))
        finally:
            table.path.write_bytes(before)

    def _damaged(self, name: str, rng: random.Random, before: bytes, entry: dict) -> bytes:
        if name in FILES:
            return FILES[name](before)
        if name in SCHEMAS:
            SCHEMAS[name](rng, entry)
            return before
        rows = list(csv.DictReader(io.StringIO(before.decode(), newline="")))
        head = list(rows[0])
        if KINDS[name](rng, rows, entry) is None:
            return before
        text = io.StringIO()
        writer = csv.DictWriter(text, head, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return text.getvalue().encode()

    def _loaded(self, name: str, entry: dict) -> str:
        package = Package(self.root / "data")
        package.resources[name] = entry
        try:
            package.load(name)
        except DataError as error:
            return str(error)
        return ""

    def _checked(self, table: Table, entry: dict) -> str:
        """Return the first fault that the rules find when the damage was sealed too."""
        others = dict(self.tables)
        reader = type(table.reader)(self.root / "data")
        reader.resources[table.name] = {key: entry[key] for key in entry if key not in SEAL}
        damaged = others[table.name] = Table(self.collection, table.name, others, reader)
        damaged.resource = entry
        about = [one for one in self.subjects if isinstance(one, Description) and one.names[0] == table.name]
        for rule in self.rules:
            if rule.kind in damaged.kinds and (faults := rule.faults(damaged)):
                return str(faults[0])
        if about and about[0].entry != {key: entry[key] for key in entry if key not in SEAL}:
            return f"{about[0].file}, T19 assembled-description: datapackage.json does not say the same"
        return ""


def run(count: int, seed: int) -> list[Case]:
    """Run *count* cases, every kind in turn."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as name:
        bench = Bench(Path(name).resolve())
        return [bench.case(ALL[number % len(ALL)], random.Random(seed + number)) for number in range(count)]


def unnoticed(cases: list[Case]) -> list[Case]:
    """Return the cases that a load should have refused, with the file named, and did not."""
    return [one for one in cases if not one.loaded and not (one.kind in UNSEALED and one.checked)]


def placed(case: Case) -> bool:
    return "line " in case.loaded or "table '" in case.loaded or "byte " in case.loaded


def table(cases: list[Case]) -> str:
    """Return the cases by kind in Markdown."""
    lines = [
        f"{len(cases)} cases of {len({one.kind for one in cases})} kinds. Refused when the table is loaded: "
        f"{sum(bool(one.loaded) for one in cases)}, with the place named in {sum(map(placed, cases))}. Noticed by a "
        f"rule when the damage was sealed too: {sum(bool(one.checked) for one in cases)}. Noticed by neither: "
        f"{len(unnoticed(cases))}.",
        "",
        "| kind of damage | cases | refused by a load | found by a rule, once sealed | by which |",
        "| --- | ---: | ---: | ---: | --- |",
    ]
    for name in ALL:
        some = [one for one in cases if one.kind == name]
        rules = sorted(
            {
                part
                for one in some
                for part in one.checked.replace(":", " ").split()
                if part[:1] == "T" and part[1:].isdigit()
            }
        )
        refused, found = sum(bool(one.loaded) for one in some), sum(bool(one.checked) for one in some)
        lines.append(f"| {name} | {len(some)} | {refused} | {found} | {' '.join(rules)} |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1960)
    options = parser.parse_args(arguments)
    cases = run(options.cases, options.seed)
    path = ROOT / "docs" / "reliability.md"
    write_whole(path, with_generated(path.read_text(encoding="utf-8"), "fuzz", table(cases), path.name))
    left = unnoticed(cases)
    print(*left, f"{len(cases)} cases, {len(left)} unnoticed; the table stands in {path}", sep="\n")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
