"""What is drawn beside the data: labels at the ends of lines, events, ranges, outlines of countries."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, TypeVar

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.text import Annotation, Text

from malirussia.figures.style import GREY

Name = TypeVar("Name", bound=Hashable)

END, EVENT = "end", "title of an event"
"""What labels at line ends and titles of events are known by, so that :func:`place` finds them."""
_EVENT_SIZE = 8.75  # eleven pixels in the narrowest column that shows the wide layout


def label_ends(ax: Axes, labels: Mapping[str, tuple[float, float]], colors: Mapping[str, str]) -> None:
    """Write a label behind the last point of each line, moved apart where they would overlap.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Its limits must be final.
    labels : mapping
        Text to the (x, y) of the line's last point, in data units.
    colors : mapping
        Text to colour.
    """
    for text, (x, y) in labels.items():
        look: dict[str, Any] = {"color": colors[text], "size": mpl.rcParams["font.size"] - 0.5, "weight": "bold"}
        where: dict[str, Any] = {"xytext": (7, 0), "textcoords": "offset points", "annotation_clip": False}
        label = ax.annotate(text, (x, y), va="center", **look, **where)
        label.set_gid(END)
    place(ax.figure)


def place(fig: Figure | SubFigure) -> bool:
    """Put labels at line ends and titles of events where the axes of *fig* as they stand leave them room.

    Return whether titles now stand in other rows than before.
    """
    moved = False
    for ax in fig.axes:
        _settle(ax)
        if ends := [text for text in ax.texts if str(text.get_gid()).startswith(END)]:
            _place_ends(ax, ends)
        if titles := [text for text in ax.texts if text.get_gid() == EVENT]:
            moved |= _place_events(ax, titles)
    return moved


def _place_ends(ax: Axes, labels: list) -> None:
    to_points = 72 / ax.figure.dpi
    size = labels[0].get_size()
    heights = {label: _anchor(ax, label)[1] * to_points for label in labels}
    lowest = ax.bbox.y0 * to_points + 0.7 * size  # on the axis, not through it
    lines = max(label.get_text().count("\n") + 1 for label in labels)
    placed = spread({label: max(height, lowest) for label, height in heights.items()}, gap=size * 1.25 * lines)
    for label in labels:
        label.set_position((7, placed[label] - heights[label]))


def _settle(ax: Axes) -> None:
    """Let limits and aspect of *ax* stand in its transformations, as a drawing would at many times the cost."""
    ax.get_xlim(), ax.get_ylim()
    ax.apply_aspect()


def _anchor(ax: Axes, label: Annotation) -> np.ndarray:
    """Return in pixels what a label points to; the height of one above the axes does not matter."""
    x, y = ax.convert_xunits(label.xy[0]), ax.convert_yunits(label.xy[1])
    return ax.transData.transform((x, y))


def spread(wanted: Mapping[Name, float], gap: float) -> dict[Name, float]:
    """Return positions at least *gap* apart, in the order of the *wanted* ones and near them."""
    names = sorted(wanted, key=lambda name: wanted[name])
    groups: list[list[Name]] = []
    centres: list[float] = []
    for name in names:
        groups.append([name])
        centres.append(wanted[name])
        while len(groups) > 1 and centres[-1] - centres[-2] < gap * (len(groups[-1]) + len(groups[-2])) / 2:
            upper = groups.pop()
            groups[-1] += upper
            centres.pop()
            centres[-1] = sum(wanted[member] for member in groups[-1]) / len(groups[-1])
    return {
        name: centre + gap * (place - (len(group) - 1) / 2)
        for group, centre in zip(groups, centres, strict=True)
        for place, name in enumerate(group)
    }


def mark_events(ax: Axes, events: pd.DataFrame) -> None:
    """Draw a thin line at each event's date with its title above the axes, stacked where they would overlap.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Time axis in years (numbers) or in dates; its limits must be final.
    events : pandas.DataFrame
        Rows of the table ``events``: columns ``date`` and ``title``.
    """
    dated = ax.xaxis.get_converter() is not None
    _settle(ax)
    events = events.sort_values("date")
    look: dict[str, Any] = {"color": GREY, "linewidth": 0.8, "linestyle": (0, (2, 2))}
    places = events["date"] if dated else decimal_year(events["date"])
    for x, date, title in zip(places, events["date"], events["title"], strict=True):
        # Above the grid, which would hide an event that falls on one of its lines, and below the data.
        line = ax.axvline(x, zorder=0.9, **look)
        line.set_gid(f"event {date:%Y-%m-%d} {title!r}")
        label = ax.annotate(
            title, (x, 1), xycoords=("data", "axes fraction"), xytext=(0, 2), textcoords="offset points",
            size=_EVENT_SIZE,
            color=GREY, va="bottom", annotation_clip=False,
            arrowprops={"arrowstyle": "-", "shrinkA": 0, "shrinkB": 0, "patchA": None, **look},
        )  # fmt: skip
        label.set_gid(EVENT)
    place(ax.figure)


def _place_events(ax: Axes, titles: list) -> bool:
    """Stack titles so that none covers another or the line that leads to another, and none leaves the figure.

    A title stands to the right of its line, or to the left where it would leave the axes or where two would each cover
    the other's line.
    """
    to_points = 72 / ax.figure.dpi
    anchors = [_anchor(ax, title)[0] * to_points for title in titles]
    boxes = [Text.get_window_extent(title) for title in titles]  # without the line that leads to it
    widths, heights = ([getattr(box, size) * to_points + 2 for box in boxes] for size in ("width", "height"))
    edge = ax.bbox.x1 * to_points
    spans: dict[int, tuple[float, float]] = {}

    def covers(one: int, other: int) -> bool:
        return one != other and spans[one][0] - 3 <= anchors[other] <= spans[one][1]

    for one in sorted(range(len(titles)), key=lambda number: -anchors[number]):
        spans[one] = anchors[one], anchors[one] + widths[one]
        if spans[one][1] > edge or any(covers(one, other) and covers(other, one) for other in spans):
            start = max(0, min(anchors[one], edge) - widths[one])
            spans[one] = start, start + widths[one]
    tops: dict[int, float] = {}
    before = [title.get_position()[1] for title in titles]
    while left := [number for number in spans if number not in tops]:
        # Next the one that covers the line of none that is still to stand above it.
        one = next((one for one in left if not any(covers(one, other) for other in left)), left[0])
        start, end = spans[one]
        under = (
            top
            for other, top in tops.items()
            if (spans[other][0] < end and start < spans[other][1]) or covers(one, other)
        )
        low = max(under, default=2)
        tops[one] = low + heights[one]
        # Held by the end at its line, where how wide other ways out draw letters does not matter.
        side, held = ("left", start) if end > anchors[one] else ("right", end)
        titles[one].set(position=(held - anchors[one], low), ha=side, multialignment=side)
        titles[one]._arrow_relpos = ((anchors[one] - start) / widths[one], 0)
    return any(abs(title.get_position()[1] - low) > 2 for title, low in zip(titles, before, strict=True))


def decimal_year(dates: pd.Series) -> pd.Series:
    """Return *dates* as years with decimals."""
    return dates.dt.year + (dates.dt.day_of_year - 1) / 365.25


def plot_ranges(ax: Axes, frame: pd.DataFrame, x: str, value: str, low: str, high: str, **style: Any) -> None:
    """Plot column *value* against *x* as points, with the range from *low* to *high* as a pale bar behind each.

    Keyword *style* (``color``, ``marker``, ``label``) goes to :meth:`matplotlib.axes.Axes.plot`.
    """
    draw_ranges(ax, frame, x, low, high, color=style.get("color"))
    ax.plot(frame[x], frame[value], **{"linestyle": "none", "markersize": 6, "zorder": 3, **style})


def draw_ranges(ax: Axes, frame: pd.DataFrame, x: str, low: str, high: str, **style: Any) -> None:
    """Draw a pale bar from column *low* to column *high* at each *x*, behind the points of a line.

    Keyword *style* (``color``, ``linewidth``, ``label``) goes to :meth:`matplotlib.axes.Axes.vlines`.
    """
    ax.vlines(frame[x], frame[low], frame[high], **{"linewidth": 3, "alpha": 0.35, "zorder": 1.5, **style})


def draw_outlines(ax: Axes, outlines: pd.DataFrame, highlight: str = "MLI") -> None:
    """Draw country outlines in plain longitude and latitude, the *highlight* country filled.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    outlines : pandas.DataFrame
        Rows of the table ``context_outlines``: columns ``country``, ``part``, ``order``, ``longitude``, ``latitude``.
    highlight : str
        ISO3 code.
    """
    for (country, _), ring in outlines.sort_values("order").groupby(["country", "part"], observed=True):
        face = "#F3E9D2" if country == highlight else "#F7F7F7"
        ax.fill(ring["longitude"], ring["latitude"], facecolor=face, edgecolor=GREY, linewidth=0.6, zorder=0.5)
    middle = np.deg2rad(outlines.loc[outlines["country"] == highlight, "latitude"].mean())
    ax.set_aspect(1 / np.cos(middle))
    ax.set(xticks=[], yticks=[])
    ax.grid(False)
