"""What a figure draws, in words and numbers: what a test compares, since nobody compares pictures.

For each axes the marks with label, colour, number, first and last value; the events with their dates; ranges, limits
and texts. Two colours exchanged, an event in another year, a range left out or a wrong label change a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import dates
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import Collection as Marks
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Polygon, Rectangle

from malirussia.figures.style import COLOR_NAMES


def drawn(fig: Figure) -> str:
    """Return what *fig* draws as lines of text, in the order of its axes."""
    lines = []
    for number, ax in enumerate(fig.axes, start=1):
        lines.append(f"axes {number}: {_frame(ax)}")
        lines += [f"  {line}" for line in _marks(ax)]
    return "\n".join(lines)


def _frame(ax: Axes) -> str:
    parts = [f"{name} {_limits(ax, name)}" for name in "xy"]
    parts += [f"{name} log" for name in "xy" if getattr(ax, f"get_{name}scale")() == "log"]
    titles = {"x label": ax.get_xlabel(), "y label": ax.get_ylabel(), "title": ax.get_title("left") or ax.get_title()}
    return ", ".join(parts + [f"{name} {text!r}" for name, text in titles.items() if text])


def _limits(ax: Axes, name: str) -> str:
    low, high = getattr(ax, f"get_{name}lim")()
    return f"{at(ax, name, low)} to {at(ax, name, high)}"


def _marks(ax: Axes) -> Iterator[str]:
    bars = {id(patch): one for one in ax.containers for patch in one if isinstance(patch, Patch)}
    for container in dict.fromkeys(bars.values()):
        yield _bars(ax, container)
    for artist in ax.get_children():
        if not artist.get_visible() or id(artist) in bars or artist is ax.patch:
            continue
        if line := _one(ax, artist):
            yield line
    if legend := ax.get_legend():
        for handle, text in zip(legend.legend_handles, legend.get_texts(), strict=False):
            yield f"legend {text.get_text()!r}: {_look(handle)}"


def _one(ax: Axes, artist: Any) -> str | None:
    """Say what one artist of *ax* is; None for what carries no data."""
    if isinstance(artist, Line2D):
        return _line(ax, artist)
    if isinstance(artist, LineCollection):
        segments = [segment for segment in artist.get_segments() if len(segment)]
        points = [(segment[0], segment[-1]) for segment in segments]
        ends = f": first {_span(ax, points[0])}, last {_span(ax, points[-1])}" if points else ""
        return f"ranges{_name(artist)}, {_color(artist.get_colors())}, n={len(points)}{ends}"
    if isinstance(artist, PathCollection):
        return f"points{_name(artist)}, {_look(artist)}, {_series(ax, np.ma.getdata(artist.get_offsets()))}"
    if isinstance(artist, Marks):
        return f"area{_name(artist)}, {_color(artist.get_facecolor())}, {_box(ax, artist)}"
    if isinstance(artist, Rectangle | Polygon):
        outline = artist.get_bbox().get_points() if isinstance(artist, Rectangle) else artist.get_path().vertices
        extent = _extent(ax, np.asarray(outline))
        return f"{artist.get_gid() or 'patch'}{_name(artist)}, {_color([artist.get_facecolor()])}, {extent}"
    if isinstance(artist, AxesImage):
        cells = np.asarray(artist.get_array())
        return (
            f"image, {'×'.join(map(str, cells.shape))}, {cells.min():.6g} to {cells.max():.6g}, sum {cells.sum():.6g}"
        )
    if isinstance(artist, mpl.text.Text) and artist.get_text().strip() and artist not in _titles(ax):
        x, y = artist.xy if isinstance(artist, mpl.text.Annotation) else artist.get_position()
        return f"text {artist.get_text()!r}, {_color([artist.get_color()])}, at {_number(x)}, {_number(y)}"
    return None


def _titles(ax: Axes) -> tuple:
    return ax.title, ax._left_title, ax._right_title  # type: ignore[attr-defined]


def _line(ax: Axes, line: Line2D) -> str:
    if (event := line.get_gid()) and str(event).startswith("event"):
        return f"{event}: at {at(ax, 'x', np.asarray(line.get_xdata(orig=False))[0])}, {_color([line.get_color()])}"
    points = np.column_stack(
        [np.asarray(line.get_xdata(orig=False), float), np.asarray(line.get_ydata(orig=False), float)]
    )
    return f"line{_name(line)}, {_look(line)}, {_series(ax, points)}"


def _bars(ax: Axes, container: Any) -> str:
    patches = list(container)
    corners = np.array([patch.get_bbox().get_points() for patch in patches if isinstance(patch, Rectangle)])
    if not len(corners):
        return f"pieces, n={len(patches)}"
    ends = corners[:, 1]
    colors = list(dict.fromkeys(_color([patch.get_facecolor()]) for patch in patches))
    return f"bars{_name(container)}, {' '.join(colors)}, {_series(ax, ends)}, sum {ends[:, 1].sum():.6g}"


def _series(ax: Axes, points: np.ndarray) -> str:
    known = points[np.isfinite(points).all(axis=1)]
    if not len(known):
        return f"n=0 of {len(points)}"
    first, last = (
        "(" + ", ".join(at(ax, name, v) for name, v in zip("xy", known[row], strict=True)) + ")" for row in (0, -1)
    )
    missing = f" of {len(points)}" if len(known) < len(points) else ""
    return f"n={len(known)}{missing}: first {first}, last {last}, mean {known[:, 1].mean():.6g}"


def _span(ax: Axes, ends: tuple) -> str:
    (x0, y0), (x1, y1) = ends
    return f"({at(ax, 'x', x0)}, {at(ax, 'y', y0)}) to ({at(ax, 'x', x1)}, {at(ax, 'y', y1)})"


def _box(ax: Axes, artist: Marks) -> str:
    corners = np.concatenate([path.vertices for path in artist.get_paths()] or [np.zeros((1, 2))])
    return f"n={len(corners)}, {_extent(ax, corners)}, mean {corners[:, 1].mean():.6g}"


def _extent(ax: Axes, corners: np.ndarray) -> str:
    return ", ".join(
        f"{name} {at(ax, name, v.min())} to {at(ax, name, v.max())}" for name, v in zip("xy", corners.T, strict=True)
    )


def at(ax: Axes, name: str, value: Any) -> str:
    """Write a place on an axis: as a date where the axis has dates."""
    if is_dated(getattr(ax, f"{name}axis")) and np.isfinite(value):
        return f"{dates.num2date(value):%Y-%m-%d}"
    return _number(value)


def is_dated(axis: Axis) -> bool:
    """Say whether *axis* shows dates."""
    kinds = dates.AutoDateFormatter | dates.DateFormatter | dates.ConciseDateFormatter
    return isinstance(axis.get_major_formatter(), kinds)


def _number(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float | int | np.number) else str(value)


def _name(artist: Any) -> str:
    label = str(artist.get_label() or "")
    return "" if not label or label.startswith("_") else f" {label!r}"


def _look(artist: Any) -> str:
    """Say colour, marker and dash of a line or of points."""
    if isinstance(artist, Line2D):
        marker = "" if artist.get_marker() in ("None", None, "", " ") else f" marker {artist.get_marker()}"
        hollow = " hollow" if marker and mpl.colors.to_hex(artist.get_markerfacecolor()) == "#ffffff" else ""
        return f"{_color([artist.get_color()])}{marker}{hollow} {artist.get_linestyle()}"
    return _color(artist.get_facecolor())


def _color(colors: Any) -> str:
    """Name colours as the palette does; the first four of many."""
    array = mpl.colors.to_rgba_array(colors)
    names = list(dict.fromkeys(COLOR_NAMES.get(code := mpl.colors.to_hex(one), code) for one in array))
    return "/".join(names[:4]) + ("/…" if len(names) > 4 else "") if names else "none"
