"""Rules on what the cells of a table say: what a seal cannot know, as a false cell can be sealed too.

Most of it is declared in the descriptions: ``goes_with``, ``follows``, ``codes`` and ``steps`` of a column;
``lies_in``, ``sums`` and ``exceptions`` of a table; ``as_of`` of the package.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from workshop.check.rules import Found, rule
from workshop.check.tables import Table, in_line

# Control characters, no-break and zero-width spaces, marks that turn the direction of writing, soft hyphens.
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\xa0\xad\u061c\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]")
MIXED = re.compile("[A-Za-zÀ-ɏ](?=[Ͱ-ӿ])|[Ͱ-ӿ](?=[A-Za-zÀ-ɏ])")
FORMULA = re.compile(r"[=+@]|-(?!\d+(\.\d+)?(e-?\d+)?$)")
COORDINATE = 0.3
"""Degrees by which a place may lie beyond the outline of its country, which is coarse, or beside its namesake."""
STATES = Path(__file__).with_name("states.csv")


def spared(table: Table, id: str) -> set[int]:
    """Return the positions of the rows that an exception of the description keeps from the rule *id*."""
    told = [one for one in table.resource.get("exceptions", []) if one["rule"] == id]
    return {place for one in told for place in table.frame.query(one["rows"], engine="python").index}


def cells_of(table: Table) -> Iterator[tuple[int, str, str]]:
    """Yield line, column and text of every cell, the header among them, as the file writes it."""
    text = table.path.read_bytes().decode("utf-8", "replace")
    rows = csv.reader(io.StringIO(text, newline=""))
    head = next(rows, [])
    yield from ((1, name, name) for name in head)
    for row in rows:
        yield from ((rows.line_num, name, cell) for name, cell in zip(head, row, strict=False))


def _reads_as_utf8(cell: str) -> bool:
    """Say whether a text is UTF-8 that was taken for Latin-1: `KeÃ¯ta` for `Keïta`."""
    try:
        return not cell.isascii() and bool(cell.encode("latin-1").decode("utf-8"))
    except UnicodeError:
        return False


@cache
def _text_fault(cell: str) -> str:
    """Return what is wrong with how a text is written, or nothing."""
    if found := UNSEEN.search(cell):
        return f"the sign U+{ord(found[0]):04X}, expected none that is not seen"
    if unicodedata.normalize("NFC", cell) != cell:
        return "a letter and its accent apart, expected them as one sign (NFC)"
    if found := MIXED.search(cell):
        return f"letters of two scripts in one word at U+{ord(found[0]):04X}, expected one script"
    if _reads_as_utf8(cell):
        return "letters that were read in another encoding, expected the accents they stand for"
    if FORMULA.match(cell):
        return "what a spreadsheet takes for a formula, expected a text that begins otherwise"
    if cell != cell.strip() or "  " in cell:
        return "a space too many, expected single spaces between words"
    return ""


@rule(
    "file",
    "T27",
    "Text is in its canonical form: UTF-8 without byte order mark, lines that end with LF, letters with their accents "
    "(NFC) and in their encoding, no sign that is not seen, no letters of two scripts in one word, no space too many, "
    "and no cell that a spreadsheet takes for a formula.",
    "What looks the same is the same: texts can be compared and searched, and a download runs nothing.",
)
def canonical_text(table: Table) -> Found:
    content = table.path.read_bytes()
    for mark, name in ((b"\xef\xbb\xbf", "a byte order mark"), (b"\r", "CR at the end of a line"), (b"\x00", "NUL")):
        if mark in content:
            line = content[: content.index(mark)].count(b"\n") + 1
            yield f"line {line}", f"found {name}, expected none"
    if content and not content.endswith(b"\n"):
        lines = content.count(b"\n") + 1
        yield f"line {lines}", "found no LF at the end of the last line, expected one"
    for line, column, cell in cells_of(table):
        if fault := _text_fault(cell):
            yield f"line {line}, column '{column}'", f"found {fault}: {cell[:40]!a}"


@rule(
    "file",
    "T28",
    "A value stands beside those that its description lets it go with (`goes_with`): a unit beside its measures, terms "
    "of redistribution beside licences that grant them.",
    "A measure in the unit of another one, or a work passed on against its licence, looks like any other row.",
)
def fitting_cells(table: Table) -> Found:
    for name, field in table.fields.items():
        for value, others in field.get("goesWith", {}).items():
            rows = table.frame[table.frame[name].astype("str") == value]
            for other, pattern in others.items():
                cells = rows[other].astype("str").fillna("")
                for position in cells.index[~cells.str.fullmatch(pattern)]:
                    yield (
                        in_line(position, name),
                        f"found {value!r} beside {other} {cells[position]!r}, expected others",
                    )


@rule(
    "file",
    "T29",
    "Where a description says that other columns settle a value (`follows`), it is the same in all their rows.",
    "A name that belongs to a code, or a unit to a series, cannot be exchanged in one row.",
)
def settled_cells(table: Table) -> Found:
    spare = spared(table, "T29")
    for name, field in table.fields.items():
        if by := field.get("follows"):
            told = table.frame[[*by, name]].astype("str").fillna("")
            told = told[told[name] != ""]
            if (told.groupby(by)[name].nunique() < 2).all():
                continue
            usual = told.groupby(by)[name].transform(lambda cells: cells.mode()[0])
            for position in told.index[told[name] != usual]:
                if position not in spare:
                    row = " ".join(f"{one}={told[one][position]}" for one in by)
                    yield (
                        in_line(position, name),
                        f"found {told[name][position]!r}, expected {usual[position]!r} as {row}",
                    )


def _years(column: pd.Series) -> pd.Series:
    return column.dt.year.astype("Int64") if column.dtype.kind == "M" else column.astype("Int64")


@rule(
    "file",
    "T30",
    "No date or year is later than the day on which its source was read, no source was published after it was read, "
    "and none was read after `as_of` in `package.yaml`.",
    "A source cannot tell what had not happened; a year like 2031 for 2022 is found.",
)
def known_by_then(table: Table) -> Found:
    frame, as_of = table.frame, str(table.package.descriptor.get("as_of", "9999"))
    if "sources" in table.kinds and {"accessed", "published"} <= {*frame}:
        for position, row in frame.iterrows():
            read = row["accessed"] if isinstance(row["accessed"], str) else as_of
            if read > as_of:
                yield in_line(position, "accessed"), f"found {read}, expected at most {as_of}, `as_of` of the package"
            if isinstance(row["published"], str) and row["published"] > read:
                yield (
                    in_line(position, "published"),
                    f"found {row['published']}, expected at most {read}, when it was read",
                )
    if "accessed" not in table.others["sources"].frame or "source_id" not in frame:
        return
    days = table.others["sources"].frame.set_index("source_id")["accessed"].fillna(as_of)
    read = frame["source_id"].map(days).fillna(as_of)
    for name, field in table.fields.items():
        if field["type"] == "date":
            told = frame[name].dt.strftime("%Y-%m-%d")
        elif field.get("unit") == "year" and field["type"] == "integer":
            told = frame[name].astype("Int64").astype("str")
        else:
            continue
        for position in frame.index[told.notna() & (told > read).fillna(False)]:
            yield (
                in_line(position, name),
                f"found {told[position]}, expected at most {read[position]}, when it was read",
            )


@rule(
    "file",
    "T31",
    "A date known to the month stands on its first day, one known to the year on 1 January; a start is not after its "
    "end; and an id that begins with a date begins with that of its row.",
    "A date says no more than is known, and two places of a row that tell the same day agree.",
)
def written_dates(table: Table) -> Found:
    frame, spare = table.frame, spared(table, "T31")
    for name in [name for name, field in table.fields.items() if field["type"] == "date"]:
        known = next((one for one in (f"{name}_precision", "date_precision") if one in frame), None)
        if not known or (known == "date_precision" and name != "date"):
            continue
        told, precision = frame[name].dt.strftime("%m-%d"), frame[known].astype("str")
        wrong = ((precision == "year") & (told != "01-01")) | ((precision == "month") & (told.str[3:] != "01"))
        for position in frame.index[wrong & told.notna()].difference(list(spare)):
            yield (
                in_line(position, name),
                f"found {frame[name][position]:%Y-%m-%d}, expected the first day of the {precision[position]}",
            )
    for start, end in (("start", "end"), ("start_year", "end_year"), ("year", "end_year"), ("order_year", "year")):
        if {start, end} <= {*frame}:
            for position in frame.index[(frame[start] > frame[end]).fillna(False)]:
                yield (
                    in_line(position, start),
                    f"found {frame[start][position]} after {end} {frame[end][position]}, expected at most that",
                )
    key = table.key[0] if len(table.key) == 1 else ""
    if "date" in frame and key in frame and table.fields[key]["type"] == "string":
        told = frame[key].str.extract(r"^(\d{4}(?:-\d\d(?:-\d\d)?)?)(?=-)", expand=False)
        for position in told.dropna().index.difference(list(spare)):
            date = frame["date"][position]
            if not pd.isna(date) and not f"{date:%Y-%m-%d}".startswith(told[position]):
                yield (
                    in_line(position, "date"),
                    f"found {date:%Y-%m-%d}, expected a day in {told[position]} as the {key} says",
                )


def existing(table: Table) -> dict[str, dict[str, tuple[int, int]]]:
    """Return first and last year of the states that codes may name: of ``africa`` and of the ``world``."""
    told = pd.read_csv(STATES, dtype="str", keep_default_na=False, comment="#")
    world = {row.code: (0, int(row.end or 9999)) for row in told.itertuples()}
    if "context_african_states" not in table.others:
        return {"world": world, "africa": {}}
    states = table.others["context_african_states"].frame
    first = states.groupby("country")["start"].min().dt.year
    last = states["end"].dt.year.fillna(9999).groupby(states["country"]).max()
    return {"world": world, "africa": {code: (int(first[code]), int(last[code])) for code in first.index}}


@rule(
    "file",
    "T32",
    "A code of a state is one of the list that its column names (`codes`), and the state existed in the year of the "
    "row.",
    "An invented code, or a state exchanged with one of another continent, still looks like a code.",
)
def known_states(table: Table) -> Found:
    told = {name: field["codes"] for name, field in table.fields.items() if "codes" in field}
    if not told:
        return
    lists, spare, frame = existing(table), spared(table, "T32"), table.frame
    years = next((_years(frame[one]) for one in ("year", "end_year", "date") if one in frame), None)
    for name, codes in told.items():
        year = None if codes.get("at_any_time") else years
        known, also = lists[codes["of"]], codes.get("also", [])
        for position, cell in frame[name].astype("str").dropna().items():
            for code in cell.split(";"):
                first, last = (0, 9999) if code in also else known.get(code, (1, 0))
                when = first if year is None or pd.isna(year[position]) else year[position]
                if position not in spare and not first <= when <= last:
                    what = (
                        f"a state of the list {codes['of']}"
                        if first > last
                        else f"one that existed in {when} ({first} to {last})"
                    )
                    yield in_line(position, name), f"found {code!r}, expected {what}"


def _inside(x: float, y: float, ring: np.ndarray) -> bool:
    """Say whether a point lies within a ring of points, by counting the sides to its right."""
    (x1, y1), (x2, y2) = ring.T, np.roll(ring, 1, axis=0).T
    with np.errstate(divide="ignore", invalid="ignore"):
        crosses = ((y1 > y) != (y2 > y)) & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return bool(crosses.sum() % 2)


@rule(
    "file",
    "T33",
    f"A place lies in the country of its table (`lies_in`), {COORDINATE} degrees beyond its outline at most, and as "
    "near to the place of the same name in `context_places`.",
    "Two digits exchanged move a place by hundreds of kilometres.",
)
def in_their_country(table: Table) -> Found:
    country, frame = table.resource.get("liesIn"), table.frame
    if not country or not {"context_outlines", "context_places"} <= table.others.keys():
        return
    outlines = table.others["context_outlines"].frame.query("country == @country").groupby("part")
    rings = [part[["longitude", "latitude"]].to_numpy() for _, part in outlines]
    moves = [(x * COORDINATE, y * COORDINATE) for x in (0, -1, 1) for y in (0, -1, 1)]
    names = table.others["context_places"].frame.set_index("place")
    for position, row in frame.dropna(subset=["longitude", "latitude"]).iterrows():
        x, y = row["longitude"], row["latitude"]
        if not any(_inside(x + east, y + north, ring) for ring in rings for east, north in moves):
            yield in_line(position, "latitude"), f"found {y} {x}, expected a place in {country}"
        if (name := row.get("place")) in names.index:
            for column in ("longitude", "latitude"):
                if abs(row[column] - names[column][name]) > COORDINATE:
                    yield (
                        in_line(position, column),
                        f"found {row[column]}, expected about {names[column][name]} as {name} has",
                    )


@rule(
    "file",
    "T34",
    "From one year to the next a value changes by no more than its description finds plausible (`steps`): so many "
    "times, or so much at most.",
    "A slip of the decimal point, or a row that was exchanged with another, stands out in its series.",
)
def plausible_steps(table: Table) -> Found:
    spare = spared(table, "T34")
    for name, field in table.fields.items():
        if not (told := field.get("steps")):
            continue
        along, of = told["along"], told.get("of")
        by = [one for one in table.key if one not in (along, "end_year")]
        rows = table.frame[[*by, along, name]].dropna(subset=[name]).astype({name: float}).sort_values([*by, along])
        groups = rows.groupby(by, observed=True) if by else rows.groupby(lambda _: 0)
        former, when = groups[name].shift(), groups[along].shift()
        beside = rows[along] - when == 1 if rows[along].dtype.kind != "M" else when.notna()
        changes = {"times": np.maximum(rows[name] / former, former / rows[name]), "most": (rows[name] - former).abs()}
        for kind in sorted(changes.keys() & told.keys()):
            limits: Any = rows[of].astype("str").map(told[kind]) if of else pd.Series(told[kind], index=rows.index)
            far = beside & np.isfinite(changes[kind]) & (changes[kind] > limits)
            for position in rows.index[far].difference(list(spare)):
                message = f"found {rows[name][position]:g} after {former[position]:g}, expected a step of {kind}"
                yield in_line(position, name), f"{message} {limits[position]:g}"


def _sum(table: Table, told: dict) -> tuple[pd.Series, pd.Series]:
    """Return the sums that a description asks for, by group, and where the first row of each stands."""
    rows = table.frame.query(told["rows"], engine="python") if "rows" in told else table.frame
    by = [rows.eval(expression, engine="python").rename(name) for name, expression in told["by"].items()]
    values = rows.eval(told["value"], engine="python").astype(float)
    keys = [one.astype("Int64").astype("str") if one.dtype.kind in "iuf" else one.astype("str") for one in by]
    places = pd.Series(rows.index, index=rows.index).groupby(keys).first()
    return values.groupby(keys).sum(min_count=1).dropna(), places


@rule(
    "file",
    "T35",
    "Sums that tell the same agree, within a table and between two (`sums`): the months of a year, regions and nation, "
    "suppliers and total, votes and roll-calls.",
    "A figure that stands in two forms cannot be changed in one of them.",
)
def agreeing_sums(table: Table) -> Found:
    for told in table.resource.get("sums", []):
        other = told["equals"].get("table", table.name)
        if other not in table.others:
            continue
        (found, places), (expected, _) = _sum(table, told), _sum(table.others[other], told["equals"])
        for group in found.index.intersection(expected.index):
            if abs(found[group] - expected[group]) > told.get("within", 1e-6):
                name = ", ".join(group) if isinstance(group, tuple) else group
                words = f"{told['value']} of {name} is {found[group]:g}, expected {expected[group]:g} as in {other}"
                yield in_line(places[group]), words


@rule(
    "file",
    "T36",
    "An exception of a description names a rule and rows that are there.",
    "An exception that spares nothing hides what comes later.",
)
def living_exceptions(table: Table) -> Found:
    for told in table.resource.get("exceptions", []):
        if table.frame.query(told["rows"], engine="python").empty:
            yield "", f"the exception from {told['rule']} spares no row, expected one: {told['rows']}"
