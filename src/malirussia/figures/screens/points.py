"""What the marks of a figure say when they are touched: series, date, value, source."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import PathCollection
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogFormatter, ScalarFormatter

from malirussia.collection import Collection
from malirussia.figures.marks import END
from malirussia.figures.record import at, is_dated
from malirussia.sources import SOURCE_COLUMNS, short_name, source_ids

MOST = 1200
"""What answers in one figure at most; of a denser one, marks that stand together answer together."""
_MOST_SOURCES = 3


@dataclass(frozen=True)
class Point:
    """One mark: where it is, and what it says."""

    ax: Axes
    series: int
    box: tuple[float, float, float, float]
    """Left, bottom, right and top in data units; those of a point are twice the same."""
    text: str


def name_series(fig: Figure) -> list[str]:
    """Number what can be singled out in *fig*, by a mark on its artists; return the names by number."""
    names: list[str] = []
    for ax in fig.axes:
        ends = [text for text in ax.texts if str(text.get_gid()).startswith(END)]
        by_color = {mpl.colors.to_hex(text.get_color()): text.get_text() for text in ends}
        artists: tuple[Any, ...] = (*ax.containers, *ax.lines, *ax.collections)
        for artist in artists:
            if not (name := _name(artist, by_color)):
                continue
            if name not in names:
                names.append(name)
            for one in artist if isinstance(artist, BarContainer) else [artist]:
                one.set_gid(f"s{names.index(name)}")
        for text in ends:
            if text.get_text() in names:
                text.set_gid(f"{END} s{names.index(text.get_text())}")
    return names


def _name(artist: Any, by_color: dict[str, str]) -> str:
    """Return the name of a series: its label, or the words at the end of a line of its colour."""
    if str(artist.get_gid() if hasattr(artist, "get_gid") else "").startswith("event"):
        return ""
    label = str(artist.get_label() or "")
    if label and not label.startswith("_"):
        return label.removesuffix(", doubtful")
    return by_color.get(mpl.colors.to_hex(artist.get_color()), "") if isinstance(artist, Line2D) else ""


def find_points(collection: Collection, fig: Figure, sources: list, names: list[str]) -> list[Point]:
    """Return the marks of *fig* that have a value of their own.

    Of more than :data:`MOST`, those of a series that stand at one place of the x axis, or as near as it takes, answer
    as one: with the lowest and the highest value and their number.
    """
    known = _Sources(collection, sources)
    marks = [mark for ax in fig.axes for mark in _marks(ax)]
    groups, step = [[mark] for mark in marks], 1
    while len(groups) > MOST:
        held: dict[tuple, list[_Mark]] = {}
        for mark in marks:
            column = round(mark.ax.transData.transform(mark.place)[0] / step)
            held.setdefault((mark.ax, mark.artist, column), []).append(mark)
        groups, step = list(held.values()), 2 * step
    scales: dict[Axis, _Scale] = {axis: _Scale(axis) for ax in fig.axes for axis in (ax.xaxis, ax.yaxis)}
    return [_point(group, known, names, scales) for group in groups]


@dataclass(frozen=True)
class _Mark:
    ax: Axes
    artist: Any
    box: tuple[float, float, float, float]
    place: tuple[float, float]


def _marks(ax: Axes) -> Iterator[_Mark]:
    for artist in (*ax.containers, *ax.lines, *ax.collections):
        if isinstance(artist, BarContainer):
            flat = artist.orientation == "horizontal"
            for patch, value in zip(artist.patches, np.asarray(artist.datavalues, float).tolist(), strict=True):
                if np.isfinite(value) and value:
                    (x0, y0), (x1, y1) = patch.get_bbox().get_points()
                    where = (y0 + y1) / 2 if flat else (x0 + x1) / 2
                    yield _Mark(ax, artist, (x0, y0, x1, y1), (value, where) if flat else (where, value))
        else:
            yield from (_Mark(ax, artist, (x, y, x, y), (x, y)) for x, y in _spots(ax, artist))


def _spots(ax: Axes, artist: Any) -> list[tuple[float, float]]:
    """Return the points of a line or of a scatter in the data's own scale; nothing of lines that only guide the eye."""
    if isinstance(artist, Line2D) and artist.get_transform() == ax.transData:
        if str(artist.get_gid() or "").startswith("event"):
            return []
        held: Any = np.column_stack([np.asarray(artist.get_xdata(orig=False), float), artist.get_ydata(orig=False)])
    elif isinstance(artist, PathCollection):
        held = np.ma.filled(np.ma.asarray(artist.get_offsets(), dtype=float), np.nan)
    else:
        return []
    (x0, x1), (y0, y1) = sorted(ax.get_xlim()), sorted(ax.get_ylim())
    return [(x, y) for x, y in held.astype(float).tolist() if x0 <= x <= x1 and y0 <= y <= y1]


def _point(group: list[_Mark], known: _Sources, names: list[str], scales: dict[Axis, _Scale]) -> Point:
    ax, artist = group[0].ax, group[0].artist
    gid = str((artist.patches[0] if isinstance(artist, BarContainer) else artist).get_gid() or "")
    series = int(gid[1:]) if gid[1:].isdigit() else -1
    label = str(artist.get_label() or "_")
    name = "" if series < 0 else names[series] if label.startswith("_") else label
    x, y = scales[ax.xaxis], scales[ax.yaxis]
    (left, low), (right, high) = (pick([mark.place for mark in group], axis=0) for pick in (np.min, np.max))
    across, up = x.span(left, right), y.span(low, high)
    if y.named:
        words = f"{up}: {across}"
    elif x.named or x.dated or x.years:
        words = f"{across}: {up}"
    else:
        words = f"{ax.get_xlabel() or 'x'}: {across}; {ax.get_ylabel() or 'y'}: {up}"
    words = f"{name}, {words}" if name else words
    if len(group) > 1:
        words += f" (n={len(group)})"
    when = x.said(left)[:4] if (x.dated or x.years) and x.said(left)[:4] == x.said(right)[:4] else ""
    text = f"{known.books.language.numerals(words)}. {known.of(when, high)}"
    x0, y0, x1, y1 = np.transpose([mark.box for mark in group])
    return Point(ax, series, (x0.min(), y0.min(), x1.max(), y1.max()), " ".join(text.split()))


def ticks(axis: Axis) -> tuple[list[float], list[str]]:
    """Return where the ticks of *axis* in sight are, and what stands at them."""
    low, high = sorted(axis.get_view_interval())
    places = sorted(place for place in axis.get_majorticklocs() if low <= place <= high)
    return places, [str(text) for text in axis.get_major_formatter().format_ticks(places)]


def is_named(axis: Axis) -> bool:
    """Say whether the ticks of *axis* are names: of states, projects, kinds."""
    if isinstance(axis.get_major_formatter(), ScalarFormatter | LogFormatter) or is_dated(axis):
        return False
    return any(re.search(r"[^\W\d_]{2}", text) and "$" not in text for text in ticks(axis)[1])


class _Scale:
    """How the values of an axis are written."""

    def __init__(self, axis: Axis):
        self.axis, self.dated, self.named = axis, is_dated(axis), is_named(axis)
        low, high = sorted(axis.get_view_interval())
        self.years = 1900 <= low < high <= 2100
        self.places, self.words = ticks(axis) if self.named else ([], [])

    def span(self, low: float, high: float) -> str:
        first, last = self.said(low), self.said(high)
        return first if first == last else f"{first}–{last}"

    def said(self, value: float) -> str:
        if self.dated:
            return at(self.axis.axes, "x" if self.axis is self.axis.axes.xaxis else "y", value)
        if len(self.places) and (apart := abs(np.asarray(self.places) - value)).min() < 0.5:
            return self.words[apart.argmin()]
        return f"{math.floor(value)}" if self.years else number(value)


def number(value: float) -> str:
    """Write *value* with at least four digits that count, and no more decimals than that takes."""
    digits = max(0, 3 - math.floor(math.log10(abs(value)))) if value else 0
    text = f"{value:,.{min(digits, 8)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class _Sources:
    """Who says what a mark shows: the sources of its very row if the tables hold it, else of its year, else of all."""

    def __init__(self, collection: Collection, given: list):
        self.books, self.all = collection.bibliography, source_ids(*given)
        self.by_year: dict[str, dict[str, None]] = {}
        self.by_row: dict[tuple[str, str], dict[str, None]] = {}
        for frame in (one for one in given if isinstance(one, pd.DataFrame)):
            years = self._years(frame)
            if years is None:
                continue
            values = [frame[name] for name in frame if pd.api.types.is_float_dtype(frame[name])]
            for column in (name for name in SOURCE_COLUMNS if name in frame):
                for year, key, *held in zip(years, frame[column], *values, strict=True):
                    if pd.notna(key):
                        self.by_year.setdefault(year, {})[str(key)] = None
                        for value in held:
                            self.by_row.setdefault((year, f"{value:.6g}"), {})[str(key)] = None

    @staticmethod
    def _years(frame: pd.DataFrame) -> list[str] | None:
        if "year" in frame:
            return [str(year) for year in frame["year"]]
        if "date" in frame and pd.api.types.is_datetime64_any_dtype(frame["date"]):
            return [f"{date:%Y}" if pd.notna(date) else "" for date in frame["date"]]
        return None

    def of(self, year: str, value: float) -> str:
        """Return the short names of the sources of a *value* in a *year*."""
        keys = self.by_row.get((year, f"{value:.6g}")) or self.by_year.get(year) or self.all
        names = list(dict.fromkeys(short_name(self.books.entry(key)) for key in keys))
        said = self.books.language.gettext
        listed = "; ".join(names[:_MOST_SOURCES])
        if rest := len(names) - _MOST_SOURCES:
            listed += said("; and {count} more").format(count=rest) if rest > 0 else ""
        return listed
