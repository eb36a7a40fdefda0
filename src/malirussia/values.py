"""Numbers that know where they come from, for the sentences of a notebook.

>>> peak = highest(share)                      # share: a series by year
>>> f"{peak:.1%} in {peak.year}"

A year, a unit or a name is read from the value itself, so that it cannot be typed apart from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from malirussia.collection import Collection

TIME = ("year", "date", "month", "start")


class Value(float):
    """A number with the row it stands in; the cells of the row are its attributes.

    Arithmetic gives plain numbers: a difference of two years has no year. A cell cannot be set: what a value says
    of itself is what its row says.
    """

    _row: Mapping[str, Any]

    def __new__(cls, number: float, row: Mapping[str, Any]) -> Value:
        value = super().__new__(cls, number)
        cells = {str(name): _plain(cell) for name, cell in row.items()}
        object.__setattr__(value, "_row", MappingProxyType(cells))
        return value

    def __setattr__(self, name: str, cell: Any) -> None:
        raise AttributeError(f"the {name} of a value is that of its row and cannot be set")

    def __getattr__(self, name: str) -> Any:
        row = self.__dict__.get("_row", {})
        if name in row:
            return row[name]
        raise AttributeError(f"the value has no {name!r}; its row has {', '.join(row) or 'no columns'}")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._row]

    def __repr__(self) -> str:
        return f"{float(self)!r} ({', '.join(f'{name}: {cell}' for name, cell in self._row.items())})"

    def __reduce__(self) -> tuple:
        return Value, (float(self), dict(self._row))


def stated(collection: Collection, number: float, unit: str, *, source: str, locator: str, **about: Any) -> Value:
    """Return a number that stands in no table of the collection, with its unit, source and place.

    Parameters
    ----------
    number : float
    unit : str
    source : str
        Its id in the bibliography.
    locator : str
        The place in the source.
    **about
        What else belongs to it, like ``year``.

    Raises
    ------
    UnknownNameError
        The bibliography has no such source.
    ValueError
        Unit or locator is empty.
    """
    if not unit.strip() or not locator.strip():
        raise ValueError(f"a stated number needs its unit and its place in {source!r}")
    collection.bibliography.entry(source)
    collection.used.note([source])
    return Value(number, {**about, "unit": unit, "source_id": source, "locator": locator})


class Row(dict):
    """One row of a table; its cells are attributes too."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"the row has no {name!r}; it has {', '.join(self)}") from None

    def __setattr__(self, name: str, cell: Any) -> None:
        raise AttributeError(f"the {name} of a row is that of its table and cannot be set")

    def __setitem__(self, name: str, cell: Any) -> None:
        raise TypeError(f"the {name} of a row is that of its table and cannot be set")


def by_year(frame: pd.DataFrame, column: str, value: str) -> pd.DataFrame:
    """Return *value* by year, one column for each entry of *column*.

    Every year from the first to the last has a row: a year without an entry is a gap, never a zero.

    Parameters
    ----------
    frame : pandas.DataFrame
        With the column ``year``; what a query left.
    column : str
        Its entries become the columns, as text.
    value : str
        The column of the numbers.

    Raises
    ------
    ValueError
        A year and entry stand in more than one row, or there is no row.
    """
    if frame.empty:
        raise ValueError("there is no row")
    if (twice := frame.duplicated(["year", column])).any():
        year, entry = frame.loc[twice, ["year", column]].iloc[0]
        raise ValueError(f"{year} has more than one row for {column} {entry!r}: choose a series, or add them up first")
    wide = frame.astype({column: "str"}).pivot(index="year", columns=column, values=value).astype("float64")
    years = pd.RangeIndex(wide.index.min(), wide.index.max() + 1, name="year")
    return wide.reindex(years).rename_axis(columns=None)


def only(frame: pd.DataFrame | pd.Series, column: str | None = None) -> Any:
    """Return the one row of *frame*, or its cell in *column* as a value.

    Parameters
    ----------
    frame : pandas.DataFrame or pandas.Series
        What a query left.
    column : str, optional
        The column of the value; a series needs none.

    Raises
    ------
    ValueError
        There is no row, or more than one; the message shows the first of them.
    """
    table, column = _table(frame, column)
    if len(table) != 1:
        shown = "" if table.empty else f", the first: {table.head(3).to_dict('records')}"
        raise ValueError(f"one row is wanted, and {len(table)} are left{shown}")
    return _pick(table, 0, column)


def highest(frame: pd.DataFrame | pd.Series, column: str | None = None) -> Value:
    """Return the largest value with its row, the first of equals; missing values are left out."""
    return _extreme(frame, column, np.nanargmax)


def lowest(frame: pd.DataFrame | pd.Series, column: str | None = None) -> Value:
    """Return the smallest value with its row, the first of equals; missing values are left out."""
    return _extreme(frame, column, np.nanargmin)


def latest(frame: pd.DataFrame | pd.Series, column: str | None = None) -> Any:
    """Return the value of the last year or date for which there is one; without *column* the row of a frame."""
    return _in_time(frame, column, -1)


def earliest(frame: pd.DataFrame | pd.Series, column: str | None = None) -> Any:
    """Return the value of the first year or date for which there is one; without *column* the row of a frame."""
    return _in_time(frame, column, 0)


def at(frame: pd.DataFrame | pd.Series, when: Any, column: str | None = None) -> Any:
    """Return the value of one year, date or other label of the index; LookupError says which there are."""
    if when not in frame.index:
        raise LookupError(f"there is nothing for {when}; the index goes from {frame.index[0]} to {frame.index[-1]}")
    return only(frame.loc[[when]], column)


def _table(frame: pd.DataFrame | pd.Series, column: str | None) -> tuple[pd.DataFrame, str | None]:
    """Return *frame* with its named index levels as columns, and the column of the value."""
    if isinstance(frame, pd.Series):
        column = str(frame.name or "value")
        frame = frame.to_frame(column)
    named = [name for name in frame.index.names if name is not None and name not in frame.columns]
    table = frame.reset_index(level=named) if named else frame
    if column is not None and column not in table:
        raise KeyError(f"no column {column!r}; there are {', '.join(map(str, table.columns))}")
    return table.reset_index(drop=True), column


def _pick(table: pd.DataFrame, place: int, column: str | None) -> Any:
    row = {str(name): table[name].iloc[place] for name in table}
    cell = row.get(column) if column is not None else None
    if column is None or not isinstance(cell, int | float | np.number) or isinstance(cell, bool):
        return _plain(cell) if column is not None else Row({name: _plain(cell) for name, cell in row.items()})
    if pd.isna(cell):
        raise ValueError(f"the cell of {column!r} is empty")
    return Value(float(cell), row)


def _extreme(frame: pd.DataFrame | pd.Series, column: str | None, where: Any) -> Value:
    table, column = _table(frame, column)
    if column is None:
        raise TypeError("of a frame, the column is needed")
    numbers = table[column].astype("float64").to_numpy()
    if not np.isfinite(numbers).any():
        raise ValueError(f"no value in {column!r}")
    return _pick(table, int(where(numbers)), column)


def _in_time(frame: pd.DataFrame | pd.Series, column: str | None, place: int) -> Any:
    table, column = _table(frame, column)
    time = next((name for name in TIME if name in table), None)
    if time is None:
        raise KeyError(
            f"no column or index of time ({', '.join(TIME)}); there are {', '.join(map(str, table.columns))}"
        )
    kept = table.dropna(subset=column) if column is not None else table
    kept = kept.sort_values(time, kind="stable")
    if kept.empty:
        raise ValueError(f"no value in {column!r}")
    place = place % len(kept)
    if (kept[time] == kept[time].iloc[place]).sum() > 1:
        raise ValueError(f"{kept[time].iloc[place]} stands in more than one row: choose a series first")
    return _pick(kept, place, column)


def _plain(cell: Any) -> Any:
    """Return a number of numpy as one of Python, so that 2014 stays 2014 when it is written."""
    return cell.item() if isinstance(cell, np.generic) else cell
