"""Publishers' data sets: what each is, the bytes it must have, and the code that makes rows of tables from it.

``upstream/<set>/`` holds three files: ``source.toml`` says what the set is, ``lock.json`` which bytes were read, and
``clean.py`` has one function, ``clean(raw)``, from a :class:`Raw` to frames by table name. The files themselves are
never part of the collection: they lie anywhere below a folder of raw files and are known by name and hash.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import json
import re
import runpy
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from malirussia.package import DataError
from workshop.renew import states

SOURCE, LOCK, CLEAN = "source.toml", "lock.json", "clean.py"
GROUP = "needs the optional packages of this collection: pip install 'malirussia[renew]'"


@dataclass(frozen=True)
class File:
    """A file of a data set: its name, and the address from which these bytes can be had, if any."""

    name: str
    url: str = ""


@dataclass(frozen=True)
class Allowed:
    """A difference between the tables and the raw files that is meant, and why.

    Attributes
    ----------
    table, reason : str
    rows : str
        The rows concerned, as :meth:`pandas.DataFrame.query` understands it.
    columns : list of str
        The columns concerned; none: the whole row, which may stand on one side only.
    """

    table: str
    rows: str
    reason: str
    columns: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class About:
    """What ``source.toml`` says of a data set.

    Attributes
    ----------
    title, publisher, version, citation, licence : str
    may_ship : str
        Whether its licence lets the collection hold what comes from it: yes, aggregates or no.
    page, how : str
        Where a person finds the files, and what to do there.
    sources : list of str
        The ``source_id`` of the rows that it makes or checks; none for a recipe, whose frames are no tables of the
        collection.
    files : list of File
    independent : bool
        True where it only checks rows made from another set: it need not give every column.
    exceptions : list of Allowed
    """

    title: str
    publisher: str
    version: str
    citation: str
    licence: str
    may_ship: str
    page: str
    how: str
    sources: list[str]
    files: list[File]
    independent: bool = False
    exceptions: list[Allowed] = field(default_factory=list)


@dataclass(frozen=True)
class UpstreamSet:
    """A data set of a publisher, known by its folder."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @cached_property
    def about(self) -> About:
        """What ``source.toml`` says; raise :class:`DataError` for a key that is missing or unknown."""
        path = self.folder / SOURCE
        try:
            told: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
            told["files"] = [File(**one) for one in told["files"]]
            told["exceptions"] = [Allowed(**one) for one in told.get("exceptions", [])]
            about = About(**told)
        except (TypeError, KeyError, tomllib.TOMLDecodeError) as error:
            raise DataError(f"{path}: {error}") from None
        if about.may_ship not in ("yes", "aggregates", "no"):
            raise DataError(f"{path}, key 'may_ship': expected yes, aggregates or no, found {about.may_ship!r}")
        return about

    @cached_property
    def lock(self) -> dict[str, dict]:
        """The bytes, sha256 and url of every file by its name."""
        path = self.folder / LOCK
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise DataError(f"{path} is missing: `raw --lock {self.name}` writes it from the raw files") from None

    @cached_property
    def clean(self) -> Callable[[Raw], dict[str, pd.DataFrame]]:
        """The function that makes the frames, from ``clean.py``."""
        # Read anew each time: compiled code that Python keeps would hide a change within the same second.
        return runpy.run_path(str(self.folder / CLEAN))["clean"]

    def found(self, file: File, raw: Path) -> Path | None:
        """Return where *file* lies below the folder *raw*, or None where no file has its name.

        Raises
        ------
        DataError
            Files of that name are there and none has the bytes that were read when the tables were made.
        """
        paths = sorted(path for path in raw.rglob(file.name) if path.is_file())
        want = self.lock[file.name]
        for path in paths:
            if path.stat().st_size == want["bytes"] and sha256(path) == want["sha256"]:
                return path
        if paths:
            raise DataError(
                f"{paths[0]}: expected the file of {self.about.title}, {self.about.version}, {want['bytes']:,} bytes, "
                f"sha256 {want['sha256']}; found {paths[0].stat().st_size:,} bytes, sha256 {sha256(paths[0])}"
            )
        return None

    def open(self, raw: Path) -> Raw | None:
        """Return the files of the set below the folder *raw*, or None where one is missing."""
        found = {file.name: self.found(file, raw) for file in self.about.files}
        there = {name: path for name, path in found.items() if path is not None}
        return Raw(self.about.version, there) if len(there) == len(found) else None


@dataclass(frozen=True)
class Raw:
    """The raw files of one data set, as ``clean`` gets them.

    Attributes
    ----------
    version : str
        The version of the set.
    paths : dict of str to Path
        Its files by name.
    """

    version: str
    paths: dict[str, Path]

    @cached_property
    def _books(self) -> dict[str, Any]:
        """Workbooks that are open, as reading one takes seconds."""
        return {}

    def read(
        self, name: str, columns: list[str], version: str | None = None, others: bool = False, **options: Any
    ) -> pd.DataFrame:
        """Read one file.

        Parameters
        ----------
        name : str
            Its name. A csv, tab or dta gives its rows, an rda or rds the one frame it holds, an xlsx the rows of a
            sheet, a geojson a row for every feature (columns like ``properties.NAME``), an sql.gz the rows that it
            inserts.
        columns : list of str
            The columns that are needed.
        version : str, optional
            The column in which the file says its version.
        others : bool
            Whether the columns that are not asked for come along, like years that differ between files.
        **options
            Passed on to :func:`pandas.read_csv` or :func:`pandas.read_excel`.

        Returns
        -------
        pandas.DataFrame
            The columns asked for, or all.

        Raises
        ------
        DataError
            A column is missing, or the file says another version.
        RuntimeError
            The package that reads this kind of file is missing.
        """
        path = self.paths[name]
        frame = READERS[path.suffix.lower()](path, **options)
        wanted = [*columns, version] if version else columns
        if missing := [column for column in wanted if column not in frame]:
            raise DataError(f"{path}: expected the columns {missing}, found {list(frame)}")
        if version and (found := {str(value) for value in frame[version]} - {self.version}):
            raise DataError(
                f"{path}, column '{version}': expected version {self.version}, found {', '.join(sorted(found))}"
            )
        return frame if others else frame[columns]

    def cells(self, name: str, sheet: str, header: str, row: str) -> pd.DataFrame:
        """Return one row of a sheet, where colours say what a number is.

        Parameters
        ----------
        name, sheet : str
            An xlsx and its sheet.
        header, row : str
            What stands in the first column of the row of headings, and of the row wanted.

        Returns
        -------
        pandas.DataFrame
            One row a cell: ``heading``, ``value`` and ``colour`` of its font (an RGB of six digits; empty where the
            font has none), in the order of the columns.

        Raises
        ------
        DataError
            The sheet, the headings or the row are missing.
        """
        path = self.paths[name]
        if name not in self._books:
            try:
                import openpyxl
            except ImportError:
                raise RuntimeError(f"{path.name} {GROUP}") from None
            self._books[name] = openpyxl.load_workbook(path, data_only=True)
        book = self._books[name]
        if sheet not in book.sheetnames:
            raise DataError(f"{path}: expected a sheet {sheet!r}, found {book.sheetnames}")
        found = {cells[0].value: cells for cells in book[sheet].iter_rows() if cells[0].value in (header, row)}
        if missing := {header, row} - set(found):
            raise DataError(f"{path}, sheet {sheet!r}, first column: expected {sorted(missing)}")
        return pd.DataFrame(
            {
                "heading": [cell.value for cell in found[header]],
                "value": [cell.value for cell in found[row]],
                "colour": [_colour(cell.font.color) for cell in found[row]],
            }
        )

    def iso3(self, values: pd.Series, system: str, years: pd.Series | None = None) -> pd.Series:
        """Return the code of every state as tables have it; see :func:`workshop.renew.states.iso3`."""
        with _optional(f"the code system {system!r}"):
            return states.iso3(values, system, years)

    def african(self, codes: pd.Series) -> pd.Series:
        """Return which of the ISO3 *codes* are of the 54 African states of today."""
        with _optional("the list of African states"):
            return codes.isin(states.african_states())

    def mali_among_african(self, values: pd.DataFrame) -> pd.DataFrame:
        """Return where Mali stands among African states; see :func:`workshop.renew.states.mali_among_african`."""
        with _optional("the list of African states"):
            return states.mali_among_african(values)


def _colour(colour: Any) -> str:
    from openpyxl.styles.colors import COLOR_INDEX

    if colour is None or colour.type == "theme":
        return ""
    number = COLOR_INDEX[colour.indexed] if colour.type == "indexed" and colour.indexed < 64 else colour.rgb
    return number[-6:] if isinstance(number, str) else ""


@contextmanager
def _optional(what: str) -> Iterator[None]:
    try:
        yield
    except ImportError:
        raise RuntimeError(f"{what} {GROUP}") from None


def _read_csv(path: Path, **options: Any) -> pd.DataFrame:
    # The text NA is a value (Namibia); only an empty cell is missing.
    usual = {"keep_default_na": False, "na_values": [""], "encoding": "utf-8-sig", "low_memory": False}
    return pd.read_csv(path, **(usual | options))


def _read_excel(path: Path, **options: Any) -> pd.DataFrame:
    try:
        return pd.read_excel(path, keep_default_na=False, na_values=[""], **options).rename(columns=str)
    except ImportError:
        raise RuntimeError(f"{path.name} {GROUP}") from None
    except ValueError as error:  # pandas names the sheet that is missing, not the file
        raise DataError(f"{path}: {error}") from None


def _read_r(path: Path) -> pd.DataFrame:
    try:
        import pyreadr
    except ImportError:
        raise RuntimeError(f"{path.name} {GROUP}") from None
    (frame,) = pyreadr.read_r(path).values()
    return frame


INSERT = re.compile(r"INSERT INTO \w+ \(([^)]*)\)")
VALUE = r"N'([^']*(?:''[^']*)*)'|(NULL|-?[\d.]+)"
ROW = re.compile(rf"^  \(((?:(?:{VALUE})(?:, )?)+)\)[,;]?$", re.MULTILINE)


def _read_sql(path: Path) -> pd.DataFrame:
    """Return the rows that a gzipped script inserts into its one table, all as text."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        text = file.read()
    if not (found := INSERT.search(text)):
        raise DataError(f"{path}: expected INSERT INTO … (columns)")
    rows = [
        [quoted.replace("''", "'") or plain for quoted, plain in re.findall(VALUE, row[1])]
        for row in ROW.finditer(text)
    ]
    return pd.DataFrame(rows, columns=found[1].split(", "))


def _read_geojson(path: Path) -> pd.DataFrame:
    return pd.json_normalize(json.loads(path.read_text(encoding="utf-8"))["features"])


READERS: dict[str, Callable[..., pd.DataFrame]] = {
    ".csv": _read_csv,
    ".zip": _read_csv,
    ".tab": functools.partial(_read_csv, sep="\t"),
    ".dta": pd.read_stata,
    ".xlsx": _read_excel,
    ".rda": _read_r,
    ".rds": _read_r,
    ".geojson": _read_geojson,
    ".gz": _read_sql,
}


def sha256(path: Path) -> str:
    """Return the SHA-256 of the file at *path*."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def upstream_sets(root: Path, names: list[str] | None = None) -> list[UpstreamSet]:
    """Return the data sets in ``upstream/``, or those called *names*, by name.

    Raises
    ------
    DataError
        No set has one of the *names*.
    """
    sets = {path.parent.name: UpstreamSet(path.parent) for path in sorted((root / "upstream").glob(f"*/{SOURCE}"))}
    if unknown := [name for name in names or [] if name not in sets]:
        raise DataError(f"upstream/ holds no data set {unknown[0]!r}; it holds {', '.join(sets)}")
    return [sets[name] for name in names or sets]
