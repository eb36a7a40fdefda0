"""What is drawn beside the data: labels at the ends of lines, events, ranges, outlines of countries."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, TypeVar

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from malirussia.figures.style import GREY

Name = TypeVar("Name", bound=Hashable)


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
    size = mpl.rcParams["font.size"] - 0.5
    to_points = 72 / ax.figure.dpi
    _settle(ax)
    heights = {text: ax.transData.transform(point)[1] * to_points for text, point in labels.items()}
    placed = spread(heights, gap=size * 1.25)
    for text, (x, y) in labels.items():
        ax.annotate(
            text,
            (x, y),
            xytext=(7, placed[text] - heights[text]),
            textcoords="offset points",
            color=colors[text],
            size=size,
            va="center",
            weight="bold",
            annotation_clip=False,
        )


def _settle(ax: Axes) -> None:
    """Let limits and aspect of *ax* stand in its transformations, as a drawing would at many times the cost."""
    ax.get_xlim(), ax.get_ylim()
    ax.apply_aspect()


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
    ends: list[float] = []  # where the last title of each row ends, in pixels
    events = events.sort_values("date")
    places = events["date"] if dated else decimal_year(events["date"])
    for x, date, title in zip(places, events["date"], events["title"], strict=True):
        # Above the grid, which would hide an event that falls on one of its lines, and below the data.
        line = ax.axvline(x, color=GREY, linewidth=0.8, linestyle=(0, (2, 2)), zorder=0.9)
        line.set_gid(f"event {date:%Y-%m-%d} {title!r}")
        label = ax.annotate(
            title, (x, 1), xycoords=("data", "axes fraction"), textcoords="offset points", size=7.5,
            color=GREY, ha="center", va="bottom", xytext=(0, 3), annotation_clip=False,
        )  # fmt: skip
        box = label.get_window_extent()
        row = next((number for number, end in enumerate(ends) if box.x0 > end + 4), len(ends))
        ends[row : row + 1] = [box.x1]
        label.set_position((0, 3 + 10 * row))


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
