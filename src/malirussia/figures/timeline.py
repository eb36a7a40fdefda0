"""Dated events along a vertical ruler of years."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from malirussia.figures.marks import decimal_year, spread
from malirussia.figures.style import GREY
from malirussia.language import Language, reader_language

_LABEL = 8.0  # size of the text of a timeline in points
_RULER = 0.034  # half the width of the ruler of years, as a share of the axes
_AROUND = 1.6  # inches of height that show() and the legend may take around the axes of a timeline


def timeline(
    ax: Axes,
    events: pd.DataFrame,
    styles: Mapping[str, Mapping],
    left: Iterable[str] = (),
    language: Language | None = None,
) -> None:
    """Draw dated events along a vertical ruler of years, earliest on top; their labels never overlap.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The only axes of its figure; each label of the fuller side takes about 0.15 inches of height.
    events : pandas.DataFrame
        Columns ``date``, ``label`` and ``kind``; optional ``date_precision`` (``day``, ``month`` or ``year``: what is
        not known is not written, and the marker is hollow) and ``end`` (the days up to it are a bar).
    styles : mapping
        Kind to its ``color`` and ``marker``, in the order of the legend.
    left : iterable of str
        Kinds whose labels stand to the left of the ruler; all others stand to the right.
    language : Language, optional
        In which the dates are written; by default the reader's.

    Raises
    ------
    ValueError
        A kind has no style, or the labels of a side do not fit; the message says which height they need.
    """
    language = language or reader_language()
    rows = events.assign(kind=events["kind"].astype("str"), year=decimal_year(events["date"]))
    rows = rows.sort_values("date", kind="stable")
    if unknown := set(rows["kind"]) - set(styles):
        raise ValueError(f"no style for the kinds {sorted(unknown)}")
    first, last = np.floor(rows["year"].min()) - 1, np.floor(rows["year"].max()) + 2
    ax.set(xlim=(0, 1), ylim=(last, first), xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    ax.axvspan(0.5 - _RULER, 0.5 + _RULER, color="#EFEFEF", zorder=0)
    for year in mpl.ticker.MaxNLocator(8, integer=True, steps=[1, 2, 5, 10]).tick_values(first, last):
        if first < year < last:
            ax.text(0.5, year, f"{year:.0f}", size=_LABEL, color=GREY, ha="center", va="center")
    height = ax.figure.get_figure(root=True).get_figheight()
    on_left = rows["kind"].isin(set(left))
    for sign, side in ((-1, rows[on_left]), (1, rows[~on_left])):
        places = _places((side["year"] - first) / (last - first), height)
        for event, place in zip(side.itertuples(), places, strict=True):
            _draw_event(ax, event, styles[event.kind], sign, 1 - place, language)
    shown = [kind for kind in styles if kind in set(rows["kind"])]
    handles = [mpl.lines.Line2D([], [], linestyle="none", label=kind, **styles[kind]) for kind in shown]
    ax.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0), ncols=min(len(shown), 4), fontsize=_LABEL)


def _places(wanted: pd.Series, height: float) -> list[float]:
    """Return places from 0 (top) to 1 in the order of the *wanted* ones, far enough apart for labels to be read."""
    gap = _LABEL * 1.32 / 72 / (height - _AROUND) if height > _AROUND else np.inf
    if len(wanted) * gap > 1:
        needed = len(wanted) * _LABEL * 1.32 / 72 + _AROUND
        raise ValueError(f"{len(wanted)} labels on one side need a figure {needed:.1f} inches high, not {height:.1f}")
    placed = list(spread(dict(enumerate(wanted)), gap).values())
    for number, place in enumerate(placed):
        placed[number] = max(place, gap * (number + 0.5))
    for number, place in enumerate(placed):
        placed[number] = min(place, 1 - gap * (len(placed) - number - 0.5))
    return placed


def _draw_event(ax: Axes, event: Any, style: Mapping, sign: int, place: float, language: Language) -> None:
    """Draw the marker of one event at the edge of the ruler and its label at height *place* of that side."""
    precision = getattr(event, "date_precision", "day")
    _ = language.gettext
    written = {"day": _("{date.day} {date:%b %Y}"), "month": _("{date:%b %Y}"), "year": "{date:%Y}"}
    date = language.fill(written[precision], date=event.date)
    x, color = 0.5 + sign * _RULER, style["color"]
    if pd.notna(until := getattr(event, "end", pd.NaT)):
        ax.plot([x, x], [event.year, decimal_year(pd.Series([until]))[0]], color=color, linewidth=3)
    face = color if precision == "day" else "white"
    ax.plot(x, event.year, marker=style["marker"], color=color, markerfacecolor=face, markersize=5.5, zorder=3)
    ax.annotate(
        f"{date}  {event.label}", (x, event.year), xytext=(x + sign * 0.045, place), size=_LABEL,
        textcoords="axes fraction", va="center", ha="left" if sign > 0 else "right", arrowprops={
            "arrowstyle": "-", "color": color, "linewidth": 0.6, "shrinkA": 1, "shrinkB": 2,
            "relpos": (0 if sign > 0 else 1, 0.5),
        },
    )  # fmt: skip
