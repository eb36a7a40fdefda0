"""Figures in one line: the drawings that notebooks have in common, with the look of each actor and direct labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from malirussia.figures.marks import label_ends
from malirussia.figures.style import WIDTH, actor

ROOM = 0.12
"""Share of the axes that the labels at the ends of lines take."""


def canvas(height: float = 4.0, **options: Any) -> tuple[Figure, Any]:
    """Return a figure of the house's width and its axes.

    Parameters
    ----------
    height : float
        In inches.
    **options
        For :func:`matplotlib.pyplot.subplots`: ``nrows``, ``ncols``, ``sharex`` …
    """
    return plt.subplots(figsize=(WIDTH, height), **options)


def draw_lines(
    ax: Axes,
    lines: pd.DataFrame,
    names: Mapping[str, str],
    *,
    hollow: tuple[float, float] | None = None,
    **changes: Any,
) -> None:
    """Draw a line for each column, with the look of its actor and its name at the end.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    lines : pandas.DataFrame
        Years or dates as index, one column an actor (ISO3). A missing value leaves a gap.
    names : mapping
        Actor to the name that a reader sees.
    hollow : tuple of two years, optional
        The points from one to the other, both included, are drawn hollow: doubtful, estimated.
    **changes
        Look that differs from the actor's, for :meth:`matplotlib.axes.Axes.plot`.
    """
    ends, colors = {}, {}
    for code in lines:
        known = lines[code].dropna()
        look = actor(str(code), **changes)
        label = names.get(str(code), str(code))
        ax.plot(lines.index, lines[code].astype("float64"), label=label, **look)
        if hollow:
            doubtful = known.loc[hollow[0] : hollow[1]]
            ax.plot(
                doubtful.index,
                doubtful.astype("float64"),
                **{**look, "linestyle": "none", "markerfacecolor": "white", "zorder": 3},
                label=f"{label}, doubtful",
            )
        ends[label] = (known.index[-1], float(known.iloc[-1]))
        colors[label] = look["color"]
    first, last = lines.index.min(), lines.index.max()
    ax.set_xlim(first - 0.02 * (last - first), last + ROOM * (last - first))
    ax.set_ylim(bottom=0)
    label_ends(ax, ends, colors)


def draw_bars(ax: Axes, bars: pd.Series, **look: Any) -> None:
    """Draw a horizontal bar for each label of *bars*, the first on top, with its value behind it.

    Keyword *look* (``color``, ``label``) goes to :meth:`matplotlib.axes.Axes.barh`; ``form`` is the format of the
    values.
    """
    form = look.pop("form", "{:,.1f}")
    drawn = ax.barh(bars.index.astype("str"), bars.astype("float64"), **look)
    ax.invert_yaxis()
    ax.bar_label(drawn, fmt=form, padding=3, size=8.5)
    ax.grid(axis="y", visible=False)
    ax.margins(x=0.12)
