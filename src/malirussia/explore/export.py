"""Frames and tables in the files of other tools, with labels, units and sources, written whole or not at all.

>>> export(panel(["gdp", "deaths"]), "panel.xlsx")
>>> export(["trade_total", "trade_gold"], "trade.sqlite")
"""

from __future__ import annotations

import importlib
import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from malirussia.cards import headings, references
from malirussia.collection import Collection
from malirussia.explore.panels import codebook, is_indicator

COLUMNS, SOURCES = "columns", "sources"
# With these a spreadsheet takes a text for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
ABOUT = ["table", "column", "label", "unit", "meaning", "missing_row"]
# What names the rows of a panel.
KEYS = {"country": "Country, ISO3 code; RUS is Moscow at all times", "year": "Year", "month": "Month, its first day"}


@dataclass(frozen=True)
class Package:
    """What is written: frames by name, what their columns are, and the sources of their rows."""

    frames: dict[str, pd.DataFrame]
    columns: pd.DataFrame
    sources: pd.DataFrame

    @property
    def one(self) -> tuple[str, pd.DataFrame]:
        """The name and the frame where there is one alone."""
        if len(self.frames) != 1:
            raise ValueError(f"a file of this kind holds one table, not {len(self.frames)}: take .xlsx or .sqlite")
        return next(iter(self.frames.items()))

    @property
    def every(self) -> dict[str, pd.DataFrame]:
        """The frames with the two that explain them."""
        return self.frames | {COLUMNS: self.columns, SOURCES: self.sources}


def export(
    collection: Collection,
    what: pd.DataFrame | str | Iterable[str],
    path: str | Path,
    *,
    sources: Any = None,
    words_of: str | None = None,
) -> Path:
    """Write a frame, or tables of the collection, into a file that another tool reads.

    Parameters
    ----------
    what : pandas.DataFrame, str or list of str
        A panel, what became of it, any frame; or names of tables.
    path : path
        Its ending says the kind: ``.csv``, ``.xlsx``, ``.parquet``, ``.dta`` (Stata) or ``.sqlite``. Those of the
        first, third and fourth kind hold one table.
    sources : ids, frame or list of them, optional
        The sources of a frame that does not name them itself, as a panel and a frame with ``source_id`` do; ``[]``
        for none.
    words_of : str, optional
        The table whose labels and units the columns of a frame have.

    Returns
    -------
    pathlib.Path
        The file. What the columns are and the sources are in it: two more sheets or tables, ``columns`` and
        ``sources``, or metadata of those names in Parquet. CSV and Stata have no room for them: two files stand
        beside, ``panel.columns.csv`` and ``panel.sources.csv``; labels of variables are in a Stata file as well.
        A text that a spreadsheet would take for a formula has a ``'`` before it in CSV, and is marked as a text in
        Excel.

    Raises
    ------
    ValueError
        No such kind of file, several tables for a kind that holds one, or a frame whose sources are not known.
    ImportError
        Excel or Parquet without the group ``explore``.
    OSError
        The file cannot be written; one that was there stays as it was.
    """
    path = Path(path)
    if path.suffix not in WRITERS:
        raise ValueError(f"{path.name}: expected one of the endings {', '.join(WRITERS)}")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {path.parent} to write {path.name} into")
    content = _package(collection, what, sources, words_of)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".export-") as folder:
        WRITERS[path.suffix](content, Path(folder) / path.name)
        for file in Path(folder).iterdir():
            file.replace(path.parent / file.name)
    return path


def _package(collection: Collection, what: Any, sources: Any, words_of: str | None) -> Package:
    """Gather what is written; tables that are loaded for it count as used."""
    if isinstance(what, pd.DataFrame):
        flat, names = flattened(what)
        frames = {"data": flat}
        about = pd.DataFrame(_about(collection, "data", names, words_of), columns=ABOUT)
        items = sources if isinstance(sources, list | tuple) else [what if sources is None else sources]
    else:
        frames = {name: collection.load(name) for name in ([what] if isinstance(what, str) else what)}
        about = columns_of(collection, frames)
        items = list(frames.values())
    try:
        ids = list(references(collection, *items).entries) if items else []
    except ValueError:
        raise ValueError("the frame has no source_id and no column of a panel: name its sources, sources=…") from None
    bibliography = collection.package.load(SOURCES)
    cited = bibliography[bibliography["source_id"].isin(ids)].reset_index(drop=True)
    return Package(frames, about, cited)


def columns_of(collection: Collection, names: Iterable[str]) -> pd.DataFrame:
    """Return what the columns of tables are, one row a column: label, unit, meaning, what a missing row means."""
    fields = {name: collection.package.resource(name)["schema"]["fields"] for name in names}
    own = {name: {field["name"]: field["name"] for field in held} for name, held in fields.items()}
    lines = (line for name, columns in own.items() for line in _about(collection, name, columns, name))
    return pd.DataFrame(lines, columns=ABOUT)


def flattened(frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Return *frame* with the named levels of its index as columns and one level of column names.

    The second part is the column of *frame* that each new name stands for.
    """
    flat = frame.reset_index() if any(name is not None for name in frame.index.names) else frame.reset_index(drop=True)
    names = {"_".join(str(part) for part in _parts(column) if part != ""): column for column in flat.columns}
    if len(names) < flat.shape[1]:
        raise ValueError(f"two columns have one name: {', '.join(map(str, flat.columns))}")
    return flat.set_axis(list(names), axis=1), names


def _parts(column: Any) -> tuple:
    return column if isinstance(column, tuple) else (column,)


def _about(collection: Collection, table: str, columns: dict[str, Any], words_of: str | None) -> Iterator[dict]:
    """Yield what is known of each of the *columns*, by the table they are of or as indicators of a panel."""
    resource = collection.package.resource(words_of) if words_of else {"schema": {"fields": []}}
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    heads, missing = headings(collection, words_of) if words_of else {}, resource.get("missingRow")
    for name, column in columns.items():
        label = next((part for part in _parts(column) if is_indicator(part)), None)
        line = dict.fromkeys(ABOUT, "") | {"table": table, "column": name, "label": KEYS.get(name, "")}
        if label is not None:
            book = codebook(collection, [label]).iloc[0]
            line |= {"label": book["title"], "unit": book["unit"], "meaning": book["default"]}
            line |= {"missing_row": book["missing"]}
        elif name in fields:
            line |= {"label": heads[name], "unit": fields[name].get("unit", "")}
            line |= {"meaning": fields[name]["description"]}
            line |= {"missing_row": f"{missing['means']}: {missing['why']}" if missing else ""}
        yield line


def needed(module: str, suffix: str) -> Any:
    """Import a module of the group ``explore``; the error says how to get it."""
    try:
        return importlib.import_module(module)
    except ImportError:
        raise ImportError(f"{suffix} needs {module}: python -m pip install 'malirussia[explore]'") from None


def _days(frame: pd.DataFrame) -> list[str]:
    """Return the columns of dates that have no time of the day."""
    dated = frame.select_dtypes("datetime")
    return [name for name in dated if (dated[name].dropna().dt.normalize() == dated[name].dropna()).all()]


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return *frame* with days as texts in ISO form, and values of a list as what they are."""
    plain = frame.copy()
    for name in _days(frame):
        plain[name] = frame[name].dt.strftime("%Y-%m-%d")
    for name, column in frame.items():
        if isinstance(column.dtype, pd.CategoricalDtype):
            plain[name] = column.astype(column.cat.categories.dtype)
    return plain


def inert(frame: pd.DataFrame) -> pd.DataFrame:
    """Return *frame* with a mark before each text that a spreadsheet would take for a formula."""
    plain = _plain(frame)
    for name, column in plain.select_dtypes(["str", "object"]).items():
        formula = column.astype("str").str.startswith(FORMULA)
        plain[name] = column.where(~formula.fillna(False).astype(bool), "'" + column.astype("str"))
    return plain


def _write_csv(content: Package, path: Path) -> None:
    inert(content.one[1]).to_csv(path, index=False, lineterminator="\n")
    _write_beside(content, path)


def _write_beside(content: Package, path: Path) -> None:
    for name, frame in ((COLUMNS, content.columns), (SOURCES, content.sources)):
        inert(frame).to_csv(path.with_suffix(f".{name}.csv"), index=False, lineterminator="\n")


def _write_excel(content: Package, path: Path) -> None:
    needed("openpyxl", path.suffix)
    if len({name[:31] for name in content.every}) < len(content.every):
        raise ValueError("two tables have the same name in the 31 characters that Excel allows for a sheet")
    with pd.ExcelWriter(path, engine="openpyxl") as book:
        for name, frame in content.every.items():
            days = {day: frame[day].dt.date for day in _days(frame)}
            frame.assign(**days).to_excel(book, sheet_name=name[:31], index=False, freeze_panes=(1, 0))
        for sheet in book.sheets.values():
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                cell.data_type = "s" if cell.data_type == "f" else cell.data_type


def _write_parquet(content: Package, path: Path) -> None:
    duckdb = needed("duckdb", path.suffix)
    frame = content.one[1]
    about = {COLUMNS: content.columns, SOURCES: _plain(content.sources).astype("object")}
    texts = {name: json.dumps(told.fillna("").to_dict("records"), ensure_ascii=False) for name, told in about.items()}
    metadata = ", ".join(f"{name}: {_quoted(text)}" for name, text in texts.items())
    days = ", ".join(f'cast("{name}" as date) as "{name}"' for name in _days(frame))
    with duckdb.connect() as connection:
        connection.register("content", frame)
        rows = f"select * replace ({days}) from content" if days else "from content"
        connection.execute(f"copy ({rows}) to {_quoted(path)} (format parquet, kv_metadata {{{metadata}}})")


def _quoted(text: object) -> str:
    return "'" + str(text).replace("'", "''") + "'"


def _write_stata(content: Package, path: Path) -> None:
    frame, about = content.one[1].copy(), content.columns.set_index("column")
    for name, column in frame.items():
        if pd.api.types.is_bool_dtype(column):
            frame[name] = column.astype("Int8")
        elif isinstance(column.dtype, pd.CategoricalDtype) and column.cat.categories.dtype != "str":
            frame[name] = column.astype(column.cat.categories.dtype)
    # A word of Stata is no name of a variable.
    short = {name: "_end" if name == "end" else name[:32] for name in frame}
    if len(set(short.values())) < len(short):
        raise ValueError("two columns have the same name in the 32 characters that Stata allows for a variable")
    labels = {short[name]: _stata_label(about.loc[name]) for name in frame}
    days = {short[name]: "td" for name, column in frame.items() if column.dtype.kind == "M"}
    frame.rename(columns=short).to_stata(
        path, write_index=False, version=118, variable_labels=labels, convert_dates=days
    )
    _write_beside(content, path)


def _stata_label(about: pd.Series) -> str:
    """Return label and unit within the 80 characters of Stata."""
    whole = f"{about['label']}, {about['unit']}" if about["unit"] else about["label"]
    return whole if len(whole) <= 80 else f"{whole[:79]}…"


def _write_sqlite(content: Package, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for name, frame in content.every.items():
            _plain(frame).to_sql(name, connection, index=False)
        connection.commit()


WRITERS: dict[str, Callable[[Package, Path], None]] = {
    ".csv": _write_csv,
    ".xlsx": _write_excel,
    ".parquet": _write_parquet,
    ".dta": _write_stata,
    ".sqlite": _write_sqlite,
}
