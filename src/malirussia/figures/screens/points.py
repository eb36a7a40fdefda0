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
"""Marks of one figure that answer; a figure with more is a cloud, and its table tells more."""
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
        by_color = {
            mpl.colors.to_hex(text.get_color()): text for text in ax.texts if str(text.get_gid()).startswith(END)
        }
        for artist in (*ax.containers, *ax.lines, *ax.collections):
            if not (name := _name(artist, by_color)):
                continue
            if name not in names:
                names.append(name)
            parts: list[Any] = list(artist) if isinstance(artist, BarContainer) else [artist]
            for one in parts:
                one.set_gid(f"s{names.index(name)}")
        for text in ax.texts:
            if text.get_gid() == END and text.get_text() in names:
                text.set_gid(f"{END} s{names.index(text.get_text())}")
    return names


def _name(artist: Any, by_color: dict[str, Any]) -> str:
    """Return the name of a series: its label, or the words at the end of a line of its colour."""
    if str(artist.get_gid() if hasattr(artist, "get_gid") else "").startswith("event"):
        return ""
    label = str(artist.get_label() or "")
    if label and not label.startswith("_"):
        return label.removesuffix(", doubtful")
    if isinstance(artist, Line2D) and (text := by_color.get(mpl.colors.to_hex(artist.get_color()))):
        return text.get_text()
    return ""


def find_points(collection: Collection, fig: Figure, sources: list) -> list[Point]:
    """Return the marks of *fig* that have a value of their own, none if they are more than :data:`MOST`."""
    known = _Sources(collection, sources)
    found = [point for ax in fig.axes for point in _points(ax, known, collection)]
    return found if len(found) <= MOST else []


def _points(ax: Axes, known: _Sources, collection: Collection) -> Iterator[Point]:
    for artist in (*ax.containers, *ax.lines, *ax.collections):
        if isinstance(artist, BarContainer):
            flat = artist.orientation == "horizontal"
            for patch, value in zip(artist.patches, np.asarray(artist.datavalues, float).tolist(), strict=True):
                if np.isfinite(value) and value:
                    (x0, y0), (x1, y1) = patch.get_bbox().get_points()
                    where = (y0 + y1) / 2 if flat else (x0 + x1) / 2
                    yield _point(
                        ax, artist, (x0, y0, x1, y1), (value, where) if flat else (where, value), known, collection
                    )
        elif spots := _spots(ax, artist):
            for x, y in spots:
                yield _point(ax, artist, (x, y, x, y), (x, y), known, collection)


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


def _point(
    ax: Axes, artist: Any, box: tuple, place: tuple[float, float], known: _Sources, collection: Collection
) -> Point:
    x, y = place
    first = artist.patches[0] if isinstance(artist, BarContainer) else artist
    series = int(gid[1:]) if (gid := str(first.get_gid() or "")) and gid[1:].isdigit() else -1
    name = "" if series < 0 else str(artist.get_label() or "")
    name = _shown_name(ax, first, name)
    across, up = _said(ax.xaxis, x), _said(ax.yaxis, y)
    if is_named(ax.yaxis):
        words = f"{name + ', ' if name else ''}{up}: {across}"
    elif is_named(ax.xaxis) or is_dated(ax.xaxis) or _is_years(ax.xaxis):
        words = f"{name + ', ' if name else ''}{across}: {up}"
    else:
        titles = ((ax.get_xlabel() or "x", across), (ax.get_ylabel() or "y", up))
        words = "; ".join(
            [*([name] if name else []), *(f"{' '.join(title.split())}: {said}" for title, said in titles)]
        )
    when = at(ax, "x", x)[:4] if is_dated(ax.xaxis) else f"{x:.0f}" if _is_years(ax.xaxis) else ""
    text = collection.language.numerals(words) + ". " + known.of(when, y)
    return Point(ax, series, box, " ".join(text.split()))


def _shown_name(ax: Axes, artist: Any, label: str) -> str:
    if label and not label.startswith("_"):
        return label
    color = mpl.colors.to_hex(artist.get_color()) if isinstance(artist, Line2D) else ""
    ends = (text for text in ax.texts if str(text.get_gid()).startswith(END))
    return next((text.get_text() for text in ends if mpl.colors.to_hex(text.get_color()) == color), "")


def tick_words(axis: Axis) -> list[str]:
    """Return what stands at the ticks of *axis* in sight."""
    low, high = sorted(axis.get_view_interval())
    places = [place for place in axis.get_majorticklocs() if low <= place <= high]
    return [" ".join(str(text).split()) for text in axis.get_major_formatter().format_ticks(places)]


def is_named(axis: Axis) -> bool:
    """Say whether the ticks of *axis* are names: of states, projects, kinds."""
    if isinstance(axis.get_major_formatter(), ScalarFormatter | LogFormatter) or is_dated(axis):
        return False
    return any(re.search(r"[^\W\d_]{2}", text) and "$" not in text for text in tick_words(axis))


def _is_years(axis: Axis) -> bool:
    low, high = sorted(axis.get_view_interval())
    return 1900 <= low < high <= 2100


def _said(axis: Axis, value: float) -> str:
    if is_dated(axis):
        return at(axis.axes, "x" if axis is axis.axes.xaxis else "y", value)
    if is_named(axis):
        places = np.asarray(axis.get_majorticklocs())
        if len(places) and abs(places - value).min() < 0.5:
            return " ".join(
                str(axis.get_major_formatter().format_ticks(list(places))[abs(places - value).argmin()]).split()
            )
    if _is_years(axis):
        return f"{value:.0f}" if value == round(value) else f"{math.floor(value)}"
    return number(value)


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
                for year, key in zip(years, frame[column], strict=True):
                    if pd.notna(key):
                        self.by_year.setdefault(year, {})[str(key)] = None
                for held in values:
                    for year, value, key in zip(years, held, frame[column], strict=True):
                        if pd.notna(key) and pd.notna(value):
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
