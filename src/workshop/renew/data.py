"""From the publishers' files to the tables: rebuild the rows of every data set, and compare them cell by cell.

The rule of rounding: a number is right when it is a rounding of the publisher's number to as many decimals as its
column has in the CSV. A number halfway between two roundings may be written either way. All else is equal or differs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from malirussia.package import DataError, Package
from workshop.renew.upstream import Allowed, Raw, UpstreamSet
from workshop.run.files import write_whole

ROW = "the row"


@dataclass(frozen=True)
class Difference:
    """A cell, or a whole row, in which a table and the raw files differ."""

    table: str
    key: tuple[str, ...]
    row: str
    column: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.table}, {self.row}, {self.column}: data/ has {self.old}, the raw files give {self.new}"


@dataclass
class Comparison:
    """What came of comparing one table with the rows rebuilt from one set.

    Attributes
    ----------
    upstream, table : str
    rows : int
        Rows of the table that come from the set.
    cells : int
        Cells compared.
    differences : list of Difference
        Those that no exception explains.
    explained : list of Difference
    reasons : list of str
        Why those are meant.
    """

    upstream: str
    table: str
    rows: int
    cells: int
    differences: list[Difference] = field(default_factory=list)
    explained: list[Difference] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        differ = {one.key for one in (*self.differences, *self.explained)}
        only_raw = {one.key for one in (*self.differences, *self.explained) if one.column == ROW and one.old == "none"}
        unexplained = [f"{len(self.differences)} cells or rows without a reason"] if self.differences else []
        reason = " ".join([*unexplained, *self.reasons])
        counts = (self.rows, self.rows - len(differ - only_raw), len(differ))
        return _line(self.upstream, self.table, *(f"{count:,}" for count in counts), reason)


def _line(*parts: str) -> str:
    upstream, table, rows, equal, differ, reason = parts
    return f"{upstream:<22} {table:<30} {rows:>6} {equal:>6} {differ:>6}  {reason}".rstrip()


def rebuild(one: UpstreamSet, raw: Raw) -> dict[str, pd.DataFrame]:
    """Return the rows that *one* makes from its files, by table.

    Raises
    ------
    DataError
        A file does not hold what ``clean`` needs, or a row names a source that is not of this set.
    """
    try:
        frames = one.clean(raw)
    except KeyError as error:
        raise DataError(f"{one.folder / 'clean.py'}: the raw files do not hold {error}") from None
    for table, frame in frames.items() if one.about.sources else ():
        if foreign := set(frame["source_id"]) - set(one.about.sources):
            raise DataError(f"upstream/{one.name}: rows of {table} name the sources {sorted(foreign)}, not of this set")
    return frames


def compare(
    one: UpstreamSet, frames: dict[str, pd.DataFrame], package: Package, *, strict: bool = True
) -> Iterator[Comparison]:
    """Compare *frames*, rebuilt from *one*, with the rows of the same sources in *package*.

    An exception that explains nothing is a fault, unless *strict* is false: of a new release it may.

    Raises
    ------
    DataError
        A frame has not the columns of its table, or two rows share a key; an exception explains nothing.
    """
    unused = list(one.about.exceptions)
    for table, frame in frames.items():
        shipped = package.load(table)
        shipped = shipped[shipped["source_id"].isin(one.about.sources)]
        schema = package.resource(table)["schema"]
        columns = [name for name in shipped if not one.about.independent or name in frame]
        if list(frame) != columns:
            raise DataError(f"upstream/{one.name}, {table}: expected the columns {columns}, found {list(frame)}")
        allowed = [rule for rule in one.about.exceptions if rule.table == table]
        result = Comparison(one.name, table, len(shipped), len(shipped) * len(columns))
        spared = {id(rule): _keys(shipped, rule, schema) | _keys(frame, rule, schema) for rule in allowed}
        for difference in _differences(table, shipped[columns], frame, schema, decimals_of(package, table)):
            rule = next((rule for rule in allowed if _explains(rule, spared[id(rule)], difference)), None)
            (result.explained if rule else result.differences).append(difference)
            if rule and rule.reason not in result.reasons:
                result.reasons.append(rule.reason)
            unused = [other for other in unused if other is not rule]
        yield result
    if unused and strict:
        rules = "; ".join(f"{rule.table}, {rule.rows}" for rule in unused)
        raise DataError(f"{one.folder / 'source.toml'}: these exceptions explain no difference: {rules}")


def _explains(rule: Allowed, keys: set[tuple[str, ...]], difference: Difference) -> bool:
    return difference.key in keys and (not rule.columns or difference.column in rule.columns)


def _keys(frame: pd.DataFrame, rule: Allowed, schema: dict) -> set[tuple[str, ...]]:
    return set(_texts(frame.query(rule.rows), schema).index)


def decimals_of(package: Package, table: str) -> Callable[[str], int]:
    """Return a function that gives the decimals of a column: the most that a cell of it has in the CSV."""
    cells = pd.read_csv(package.root / package.resource(table)["path"], dtype="str", keep_default_na=False)
    return lambda column: int(cells[column].str.partition(".")[2].str.len().max())


def _texts(frame: pd.DataFrame, schema: dict) -> pd.DataFrame:
    """Return the cells as the CSV writes them, numbers with a fraction left as they are, with the key as index."""
    texts = pd.DataFrame(index=frame.index)
    for about in schema["fields"]:
        name, kind = about["name"], about["type"]
        if name not in frame:
            continue
        column = frame[name]
        if kind == "number":
            texts[name] = column.astype(float)
            continue
        if kind == "integer":
            column = column.astype("Int64")
        if kind == "date":
            column = pd.to_datetime(column).dt.strftime("%Y-%m-%d")
        text = column.astype(object).where(column.notna(), "").astype(str)
        texts[name] = text.str.lower() if kind == "boolean" else text
    texts.index = pd.Index([tuple(row) for row in texts[schema["primaryKey"]].to_numpy()], tupleize_cols=False)
    return texts


def _differences(
    table: str, shipped: pd.DataFrame, frame: pd.DataFrame, schema: dict, decimals: Callable[[str], int]
) -> Iterator[Difference]:
    old, new = _texts(shipped, schema), _texts(frame, schema)
    if twice := list(new.index[new.index.duplicated()]):
        raise DataError(f"{table}: the raw files give two rows of the key {twice[0]}")

    def told(key: tuple[str, ...]) -> str:
        return " ".join(f"{name}={value}" for name, value in zip(schema["primaryKey"], key, strict=True))

    for key in old.index.difference(new.index):
        yield Difference(table, key, told(key), ROW, "it", "none")
    for key in new.index.difference(old.index):
        yield Difference(table, key, told(key), ROW, "none", "it")
    both = old.index[old.index.isin(new.index)]
    old, new = old.loc[both], new.loc[both]
    for column in old:
        left, right = old[column].to_numpy(), new[column].to_numpy()
        if left.dtype.kind == "f":
            half = 0.5 * 10.0 ** -decimals(column)
            same = np.isclose(left, right, rtol=1e-12, atol=half, equal_nan=True)
        else:
            same = left == right
        for place in np.flatnonzero(~same):
            yield Difference(table, both[place], told(both[place]), column, str(left[place]), str(right[place]))


def _beside(frames: dict[str, pd.DataFrame], folder: Path) -> Iterator[Path]:
    """Write *frames* that are no tables of the collection into *folder*; yield where."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames.items():
        write_whole(folder / f"{name}.csv", frame.to_csv(index=False, lineterminator="\n"))
        yield folder / f"{name}.csv"


@dataclass
class _Told:
    """What is said of one set, the rows compared, and the cells and rows that differ without a reason."""

    lines: list[str]
    found: bool = True
    rows: int = 0
    differences: int = 0


def _told(one: UpstreamSet, raw: Path, package: Package) -> _Told:
    files = one.open(raw)
    if files is None:
        return _Told([f"{one.name:<22} not present"], found=False)
    frames = rebuild(one, files)
    if not one.about.sources:
        paths = _beside(frames, package.root.parent / "build" / "data")
        return _Told([f"{one.name:<22} is a recipe: {path}" for path in paths])
    told = _Told([])
    for result in compare(one, frames, package):
        told.lines += [str(result), *(f"    {difference}" for difference in result.differences)]
        told.rows += result.rows
        told.differences += len(result.differences)
    return told


def _in_two(sets: list[UpstreamSet], raw: Path, package: Package) -> Iterator[_Told]:
    """Yield what is said of each set, in their order; two processes take the largest files first."""
    if len(sets) == 1:
        yield _told(sets[0], raw, package)
        return
    pool = ProcessPoolExecutor(2)
    try:
        largest = sorted(sets, key=lambda one: sum(entry["bytes"] for entry in one.lock.values()), reverse=True)
        running = {one.name: pool.submit(_told, one, raw, package) for one in largest}
        yield from (running[one.name].result() for one in sets)
    finally:
        pool.shutdown(cancel_futures=True)


def renew(sets: list[UpstreamSet], raw: Path, package: Package, say: Callable[[str], None]) -> int:
    """Rebuild the rows of *sets* from the files below *raw* and compare them with *package*.

    Parameters
    ----------
    say : callable
        Takes every line of the report as soon as it is known.

    Returns
    -------
    int
        Cells and rows that differ without an exception that explains them.
    """
    total, found, rows = 0, 0, 0
    say(_line("set", "table", "rows", "equal", "differ", "reason"))
    for told in _in_two(sets, raw, package):
        for line in told.lines:
            say(line)
        found += told.found
        rows += told.rows
        total += told.differences
    say(f"{found} of {len(sets)} data sets present below {raw}; {rows:,} rows compared, {total} differences")
    if not found:
        say("The tables stand as they are shipped. `make raw` says which files can be had, and from where.")
    return total
