"""Take in a new release of a data set: what changes in the tables, and which words, figures and verdicts move with it.

Nothing below ``data/`` and ``upstream/`` is written before the release is accepted, and then all of it or nothing.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
from nbformat import NotebookNode

from malirussia import outputs
from malirussia.claims import audit
from malirussia.collection import Collection
from malirussia.package import DataError, Package
from malirussia.seals import SEAL
from workshop.course.outline import lessons_in
from workshop.pages.builder import notebooks_in
from workshop.renew.data import ROW, Difference, compare, decimals_of, rebuild
from workshop.renew.upstream import CLEAN, LOCK, SOURCE, Raw, UpstreamSet, sha256
from workshop.run.cache import Cache
from workshop.run.execute import execute, read
from workshop.run.files import write_notebook, write_whole

Say = Callable[[str], None]
_KEY = "\x1f"  # between the parts of a key
SHOWN = 20  # differences of a column that are said; all of them stand in the CSV


@dataclass(frozen=True)
class Change:
    """A row or cell that differs between the tables and a new release; *percent* is empty where there is no number."""

    table: str
    row: str
    column: str
    old: str
    new: str
    percent: str

    def __str__(self) -> str:
        if self.column == ROW:
            return f"{self.row}: {'gone' if self.new == 'none' else 'added'}"
        return f"{self.row}, {self.column}: {self.old or 'empty'} -> {self.new or 'empty'}" + (
            f" ({self.percent} percent)" if self.percent else ""
        )


@dataclass(frozen=True)
class Move:
    """A sentence, figure, table or verdict that a new release changes: where it stands, what it was and becomes."""

    notebook: str
    kind: str
    place: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.notebook}, {self.kind} {self.place}\n    old: {self.old}\n    new: {self.new}"


@dataclass(frozen=True)
class Trial:
    """A release held against the collection.

    Attributes
    ----------
    files : dict of str to pathlib.Path
        The files of the release by the names that the lock has.
    changes : list of Change
    texts : dict of str to str
        The CSV of each table that changes, as it would be.
    beyond : dict of str to dict
        By table: the limits of its description that the new cells exceed, as they would have to be.
    """

    files: dict[str, Path]
    changes: list[Change]
    texts: dict[str, str]
    beyond: dict[str, dict[str, dict[str, Any]]]


def release_files(one: UpstreamSet, release: str, raw: Path) -> dict[str, Path]:
    """Return the files of a *release* in the folder ``SET-RELEASE`` of *raw*, by the names that the lock has.

    A file has its old name, or that name with the old version replaced by the new: v25_1 by v26_1, 251 by 261.

    Raises
    ------
    FileNotFoundError
        One is missing; the message names the folder, the names it may have and where a person gets it.
    DataError
        Every file has the bytes that are taken in already.
    """
    folder, found = raw / f"{one.name}-{release}", {}
    for file in one.about.files:
        names = [file.name]
        for mark in (".", "_", "-", ""):
            names.append(file.name.replace(one.about.version.replace(".", mark), release.replace(".", mark)))
        names = list(dict.fromkeys(names))
        path = next((folder / name for name in names if (folder / name).is_file()), None)
        if path is None:
            raise FileNotFoundError(f"{folder}: expected a file {' or '.join(names)}. {one.about.how} {one.about.page}")
        found[file.name] = path
    if all(sha256(path) == one.lock[name]["sha256"] for name, path in found.items()):
        raise DataError(f"{folder}: these are the bytes of {one.about.version}, which is taken in already")
    return found


def hold(one: UpstreamSet, release: str, files: dict[str, Path], package: Package) -> Trial:
    """Rebuild the rows of *one* from the *files* of a *release* and hold them against *package*.

    What an exception of the set covers stays as it is.

    Raises
    ------
    DataError
        The set makes no rows of the tables; a column is missing; a file says another version inside.
    """
    if one.about.independent or not one.about.sources:
        raise DataError(f"upstream/{one.name} makes no rows of the tables: there is nothing to take in")
    frames = rebuild(one, Raw(release, files))
    changes, texts, beyond = [], {}, {}
    for result in compare(one, frames, package, strict=False):
        if not result.differences:
            continue
        written = _Written(package, result.table, frames[result.table])
        made = written.renewed(result.differences)
        changes += written.changes
        texts[result.table] = made
        if limits := written.beyond():
            beyond[result.table] = limits
    return Trial(files, changes, texts, beyond)


class _Written:
    """A table as its CSV has it, cell by cell, and what becomes of it."""

    def __init__(self, package: Package, table: str, frame: pd.DataFrame):
        resource = package.resource(table)
        self.schema, self.key = resource["schema"], resource["schema"]["primaryKey"]
        self.cells = pd.read_csv(package.root / resource["path"], dtype="str", keep_default_na=False)
        self.cells.index = self._keys(self.cells)
        decimals = decimals_of(package, table)
        self.fresh = pd.DataFrame(
            {about["name"]: _texts(frame[about["name"]], about["type"], decimals) for about in self.schema["fields"]}
        )
        self.fresh.index = self._keys(self.fresh)
        self.changes: list[Change] = []
        self._new: dict[str, set[str]] = {}

    def _keys(self, cells: pd.DataFrame) -> pd.Index:
        return pd.Index([_KEY.join(row) for row in cells[self.key].to_numpy()])

    def renewed(self, differences: list[Difference]) -> str:
        """Return the CSV with the *differences* taken over; all other cells stay as they are, to the letter."""
        sorted_before = self._in_order(self.cells).index.equals(self.cells.index)
        gone = [_KEY.join(one.key) for one in differences if one.column == ROW and one.new == "none"]
        added = [_KEY.join(one.key) for one in differences if one.column == ROW and one.old == "none"]
        if taken := [key for key in added if key in self.cells.index]:
            row = dict(zip(self.key, taken[0].split(_KEY), strict=True))
            raise DataError(f"{differences[0].table}: the release has a row {row}, which another source has there")
        rows = self.cells.drop(index=gone)
        for one in differences:
            old, new = one.old, one.new
            if one.column != ROW:
                key = _KEY.join(one.key)
                old, new = self.cells.at[key, one.column], self.fresh.at[key, one.column]
                rows.at[key, one.column] = new
                self._new.setdefault(one.column, set()).add(new)
            self.changes.append(Change(one.table, one.row, one.column, old, new, _percent(old, new)))
        if added:
            fresh = self.fresh.loc[added]
            for column in fresh:
                self._new.setdefault(column, set()).update(fresh[column])
            rows = pd.concat([rows, fresh])
            rows = self._in_order(rows) if sorted_before else rows
        return rows.to_csv(index=False, lineterminator="\n")

    def _in_order(self, rows: pd.DataFrame) -> pd.DataFrame:
        kinds = {about["name"]: about["type"] for about in self.schema["fields"]}
        by_key = rows[self.key].apply(
            lambda column: pd.to_numeric(column) if kinds[column.name] in ("integer", "number") else column
        )
        return rows.loc[by_key.sort_values(self.key, kind="stable").index]

    def beyond(self) -> dict[str, dict[str, Any]]:
        """Return by column the limits of the description that new cells exceed, as they would have to be."""
        wide = {}
        for about in self.schema["fields"]:
            cells = {cell for cell in self._new.get(about["name"], set()) if cell}
            limits = about.get("constraints", {})
            needed: dict[str, Any] = {}
            if about["type"] in ("integer", "number", "date") and cells:
                values = sorted(cells) if about["type"] == "date" else sorted(float(cell) for cell in cells)
                if values[0] < limits.get("minimum", values[0]):
                    needed["minimum"] = values[0]
                if values[-1] > limits.get("maximum", values[-1]):
                    needed["maximum"] = values[-1]
            if "enum" in limits and (more := sorted(cells - {str(value) for value in limits["enum"]})):
                needed["enum"] = [*limits["enum"], *more]
            if needed:
                wide[about["name"]] = needed
        return wide


def _texts(column: pd.Series, kind: str, decimals: Callable[[str], int]) -> list[str]:
    """Return the cells of *column* as a CSV has them."""
    places = decimals(str(column.name)) if kind == "number" else 0

    def text(cell: Any) -> str:
        if pd.isna(cell):
            return ""
        if kind == "number":
            number = f"{round(float(cell), places):.{places}f}"
            return number.rstrip("0").rstrip(".") if places else number
        if kind == "integer":
            return str(round(cell))
        if kind == "date":
            return pd.Timestamp(cell).strftime("%Y-%m-%d")
        return str(cell).lower() if kind == "boolean" else str(cell)

    return [text(cell) for cell in column]


def _percent(old: str, new: str) -> str:
    try:
        return f"{(float(new) / float(old) - 1) * 100:+.1f}"
    except (ValueError, ZeroDivisionError):
        return ""


def moves(collection: Collection, trial: Trial) -> list[Move]:
    """Run the notebooks that read the changed tables on a copy of the collection, and return what they say anew.

    A notebook is left out only where its kept result rests on none of those tables. The overview runs after the
    themes, whose words it gathers. The copy lies outside of the collection and is removed.

    Raises
    ------
    NotebookError
        A notebook fails on the new rows.
    """
    with _copy(collection, trial) as there:
        folder = there.root / "notebooks"
        lessons = lessons_in(folder / "lessons") if (folder / "lessons").exists() else []
        tables = [collection.package.resource(table)["path"] for table in trial.texts]
        themes = [path for path in notebooks_in(folder) if not path.stem.startswith("00_")]
        run = [path for path in (*themes, *lessons) if _may_read(collection.root, path.relative_to(there.root), tables)]
        overviews = [path for path in notebooks_in(folder) if path not in themes] if run else []
        found: list[Move] = []
        for some in (run, overviews):
            old = {path: read(path) for path in some}
            for path, notebook in execute(some).items():
                write_notebook(path, notebook)
                found += _moved(path.stem, old[path], notebook)
        return found + _verdicts(collection, there)


@contextmanager
def _copy(collection: Collection, trial: Trial) -> Iterator[Collection]:
    """Copy what a notebook needs, with the changed tables in place, to where kernels take it for the collection."""
    before = os.environ.get("PYTHONPATH")
    with tempfile.TemporaryDirectory(prefix="adopt-") as name:
        root = Path(name).resolve()
        for part in ("data", "notebooks"):
            shutil.copytree(collection.root / part, root / part)
        shutil.copytree(Path(outputs.__file__).parent, root / "src" / "malirussia")
        package = Package(root / "data")
        for table, text in trial.texts.items():
            write_whole(root / "data" / package.resource(table)["path"], text)
        descriptor = _unsealed(_widened(package.descriptor, trial.beyond), trial.texts)
        write_whole(root / "data" / "datapackage.json", json.dumps(descriptor))
        os.environ["PYTHONPATH"] = os.pathsep.join([str(root / "src"), *([before] if before else [])])
        try:
            yield Collection(root)
        finally:
            os.environ.pop("PYTHONPATH")
            if before:
                os.environ["PYTHONPATH"] = before


def _widened(descriptor: dict, beyond: dict[str, dict[str, dict[str, Any]]]) -> dict:
    for resource in descriptor["resources"]:
        for about in resource["schema"]["fields"]:
            if limits := beyond.get(resource["name"], {}).get(about["name"]):
                about["constraints"] |= limits
    return descriptor


def _unsealed(descriptor: dict, tables: Iterable[str]) -> dict:
    for resource in descriptor["resources"]:
        for key in SEAL if resource["name"] in tables else ():
            resource.pop(key, None)
    return descriptor


def _may_read(root: Path, notebook: Path, tables: list[str]) -> bool:
    cache = Cache(root)
    result, _ = cache.find(root / notebook)
    facts = cache.facts or {}
    return result is None or any(f"file data/{table}" in facts for table in tables)


def _moved(name: str, old: NotebookNode, new: NotebookNode) -> Iterator[Move]:
    before, after = (dict(_told(notebook)) for notebook in (old, new))
    for key in [*before, *(key for key in after if key not in before)]:
        was, now = before.get(key, ""), after.get(key, "")
        if was != now and key[0] in ("figure", "table"):
            was, now = _lines(was, now)
        if was != now:
            yield Move(name, *key, was, now)


def _told(notebook: NotebookNode) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield kind, place and text of every sentence, what every figure draws, and the cells of every table."""
    number = 0
    for about, output in outputs.shown(notebook):
        if isinstance(about, outputs.Sentence):
            number += 1
            confidence = f" (confidence: {about.confidence})" if about.confidence else ""
            yield (about.kind, str(number)), about.text + confidence
        elif isinstance(about, outputs.Figure):
            yield ("title of figure", about.id), f"{about.title} / {about.subtitle}"
            yield ("figure", about.id), outputs.drawn(output)
        elif isinstance(about, outputs.Table):
            yield ("table", about.id), "\n".join(" | ".join(map(str, row)) for row in about.grid.rows)


def _lines(was: str, now: str) -> tuple[str, str]:
    """Return the lines that only one side has, the first of them and how many."""
    sides = [text.splitlines() for text in (was, now)]
    only = [[line for line in side if line not in set(other)] for side, other in (sides, sides[::-1])]
    return tuple(f"{len(lines)} lines, first: {lines[0][:200]}" if lines else "" for lines in only)  # type: ignore[return-value]


def _verdicts(collection: Collection, there: Collection) -> list[Move]:
    if "claims" not in collection.package.resources:
        return []
    old, new = (audit(one).set_index("claim_id")[["verdict", "confidence"]] for one in (collection, there))
    words = [frame["verdict"].astype(str) + ", confidence " + frame["confidence"].astype(str) for frame in (old, new)]
    return [
        Move("audit", "verdict", claim, words[0][claim], words[1][claim])
        for claim in old.index
        if words[0][claim] != words[1][claim]
    ]


def tell(trial: Trial, say: Say) -> None:
    """Say what changes in the tables: rows added and gone, then the cells, column by column."""
    if not trial.changes:
        say("Every row is as the tables have it.")
    for table in dict.fromkeys(change.table for change in trial.changes):
        some = [change for change in trial.changes if change.table == table]
        rows = [change for change in some if change.column == ROW]
        gone = sum(change.new == "none" for change in rows)
        cells = [change for change in some if change.column != ROW]
        say(
            f"{table}: {len(rows) - gone} rows added, {gone} gone, {len(cells)} cells changed in "
            f"{len({change.row for change in cells})} rows"
        )
        for column in dict.fromkeys(change.column for change in some):
            of_it = [change for change in some if change.column == column]
            # Places in the source name its version and change in every row: one stands for all.
            shown = 1 if column == "locator" else SHOWN
            for change in of_it[:shown]:
                say(f"    {change}")
            if len(of_it) > shown:
                say(f"    … and {len(of_it) - shown} more of {column}")
    for table, columns in trial.beyond.items():
        for column, limits in columns.items():
            say(f"{table}, column {column}: its description does not allow the new cells; they need {limits}")


def write_report(one: UpstreamSet, release: str, trial: Trial, moved: list[Move], folder: Path) -> list[Path]:
    """Write all changes and moves as CSV, and both as one page; return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = folder / f"{one.name}-{release}"
    title = escape(f"{one.about.title}: {one.about.version} to {release}")
    page = [f"<!doctype html><html lang='en'><meta charset='utf-8'><title>{title}</title><h1>{title}</h1>"]
    paths = []
    for words, suffix, frame in (
        ("What changes in the tables", "", _frame(Change, trial.changes)),
        ("What moves with it", "-moves", _frame(Move, moved)),
    ):
        paths.append(stem.with_name(f"{stem.name}{suffix}.csv"))
        write_whole(paths[-1], frame.to_csv(index=False, lineterminator="\n"))
        page += [f"<h2>{words}: {len(frame):,}</h2>", frame.to_html(index=False, border=0)]
    paths.append(stem.with_name(f"{stem.name}.html"))
    write_whole(paths[-1], "\n".join(page) + "\n")
    return paths


def _frame(kind: type, rows: Sequence[Any]) -> pd.DataFrame:
    return pd.DataFrame([asdict(row) for row in rows], columns=[field.name for field in fields(kind)])


def accept(one: UpstreamSet, release: str, trial: Trial, package: Package) -> list[Path]:
    """Write the tables, and the version, names and bytes of the files that they now rest on; return what was written.

    Raises
    ------
    DataError
        A description does not allow a new cell, or a file is not named in ``source.toml`` as the lock names it.
    """
    if trial.beyond:
        raise DataError(
            f"nothing was written: widen first, in the descriptions beside the tables, {json.dumps(trial.beyond)}; "
            "then `python -m malirussia assemble`"
        )
    names = {old: path.name for old, path in trial.files.items()}
    texts = {package.root / package.resource(table)["path"]: text for table, text in trial.texts.items()}
    about = (one.folder / SOURCE).read_text(encoding="utf-8")
    # The addresses lead to the former bytes.
    about = re.sub(r"^url = .*\n", "", about, flags=re.MULTILINE)
    about = re.sub(r'^version = ".*"$', f'version = "{release}"', about, count=1, flags=re.MULTILINE)
    clean = (one.folder / CLEAN).read_text(encoding="utf-8")
    for old, new in names.items():
        if f'"{old}"' not in about:
            raise DataError(f"{one.folder / SOURCE}: expected the file {old!r} of the lock")
        about, clean = about.replace(f'"{old}"', f'"{new}"'), clean.replace(f'"{old}"', f'"{new}"')
    lock = {
        path.name: {"bytes": path.stat().st_size, "sha256": sha256(path), "url": ""} for path in trial.files.values()
    }
    texts |= {one.folder / SOURCE: about, one.folder / CLEAN: clean}
    texts[one.folder / LOCK] = json.dumps(lock, indent=2, ensure_ascii=False) + "\n"
    for path, text in texts.items():
        write_whole(path, text)
    return list(texts)


def next_steps(one: UpstreamSet, release: str, trial: Trial, moved: list[Move]) -> str:
    """Return what is left to a person after a release was accepted."""
    notebooks = " ".join(sorted({move.notebook for move in moved} - {"audit", "00_overview"}))
    sources = ", ".join(one.about.sources)
    return "\n".join(
        [
            f"1. data/sources.csv: title, published and accessed ({date.today()}) of {sources}. A release that stands "
            "beside the former one takes an id of its own, there, in source.toml and in clean.py.",
            f"2. The descriptions of {', '.join(trial.texts)}: period, and words that name {one.about.version}.",
            f"3. python -m malirussia refresh {notebooks or '(the notebooks that load these tables)'}",
            "4. Read the sentences with `git diff README.md notebooks/`: numbers follow, words around them do not.",
            f"5. CHANGELOG.md: {one.about.publisher} revised its data, release {release}. CORRECTIONS.md only where a "
            "figure of ours had been wrong. An answer, finding or verdict that moves makes a new edition of the text.",
            f"6. python -m malirussia data {one.name}; make test",
        ]
    )


def adopt(one: UpstreamSet, release: str, raw: Path, collection: Collection, accepted: bool, say: Say) -> int:
    """Hold a *release* of *one* against *collection*, report what changes and moves, and take it in if *accepted*.

    Returns
    -------
    int
        Rows and cells that change.
    """
    trial = hold(one, release, release_files(one, release, raw), collection.package)
    tell(trial, say)
    if not trial.changes:
        return 0
    moved = moves(collection, trial)
    say(f"{len(moved)} sentences, figures, tables and verdicts move")
    for move in moved:
        say(f"    {move}")
    for path in write_report(one, release, trial, moved, collection.root / "build" / "adopt"):
        say(str(path))
    if accepted:
        steps = next_steps(one, release, trial, moved)
        for path in accept(one, release, trial, collection.package):
            say(f"written: {path}")
        say(f"Next:\n{steps}")
    else:
        say("Nothing was written to data/ or upstream/. ACCEPT=1 takes it in.")
    return len(trial.changes)
