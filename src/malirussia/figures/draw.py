"""Figures in one line: the drawings that notebooks have in common, with the look of each actor and direct labels."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from malirussia.figures.marks import label_ends
from malirussia.figures.style import GREY, VERMILION, WIDTH, actor

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
    hollow: Mapping[str, Iterable[Any]] | None = None,
    room: float = ROOM,
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
    hollow : mapping, optional
        Column to the years or dates whose points are drawn hollow: doubtful, estimated.
    room : float
        Share of the width kept free at the right for the names.
    **changes
        Look that differs from the actor's, for :meth:`matplotlib.axes.Axes.plot`.
    """
    ends, colors = {}, {}
    for code in lines:
        known = lines[code].dropna()
        look = actor(str(code), **changes)
        label = names.get(str(code), str(code))
        ax.plot(lines.index, lines[code].astype("float64"), label=label, clip_on=False, **look)
        doubtful = known[known.index.isin(list((hollow or {}).get(code, ())))]
        if len(doubtful):
            ax.plot(
                doubtful.index,
                doubtful.astype("float64"),
                **{**look, "linestyle": "none", "markerfacecolor": "white", "zorder": 3},
                clip_on=False,
                label=f"{label}, doubtful",
            )
        ends[label] = (known.index[-1], float(known.iloc[-1]))
        colors[label] = look["color"]
    first, last = lines.index.min(), lines.index.max()
    ax.set_xlim(first - 0.02 * (last - first), last + room * (last - first))
    # Axes that share a scale were limited by those drawn before.
    ax.set_ylim(min(0, 1.05 * float(lines.min().min())), max(ax.get_ylim()[1], 1.05 * float(lines.max().max())))
    if pd.api.types.is_numeric_dtype(lines.index):
        ax.set_xticks([tick for tick in ax.get_xticks() if first <= tick <= last])
    label_ends(ax, ends, colors)


def draw_panel(frame: pd.DataFrame, book: pd.DataFrame) -> Figure:
    """Return a figure with axes for each indicator of a panel, one above the other, and a line for each country.

    Parameters
    ----------
    frame : pandas.DataFrame
        What :func:`malirussia.panel` gives.
    book : pandas.DataFrame
        Its codebook: ``column``, ``title`` and ``unit`` are used.
    """
    time = next(name for name in ("year", "month") if name in frame)
    fig, axes = canvas(height=1.2 + 2.2 * len(book), nrows=len(book), sharex=True, squeeze=False)
    for ax, about in zip(axes.flat, book.itertuples(), strict=True):
        lines = frame.pivot(index=time, columns="country", values=about.column).dropna(axis=1, how="all")
        draw_lines(ax, lines, {})
        ax.set_title(textwrap.fill(f"{about.title}: {about.unit}", width=90))
    return fig


def draw_strips(ax: Axes, fields: pd.DataFrame, units: Mapping[str, str], color: str = VERMILION) -> None:
    """Draw each column as a row of bars against its own peak, for fields that share no unit.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    fields : pandas.DataFrame
        Years as index, one column a field; values below zero have no bar. A missing value is hatched: no record.
    units : mapping
        Column to the words behind the number at its peak.
    color : str
        Of the bars.
    """
    hatched: dict[str, Any] = {"color": "white", "edgecolor": GREY, "hatch": "/////", "linewidth": 0, "width": 1}
    for row, name in enumerate(reversed(list(fields))):
        values, year = fields[name], fields[name].idxmax()
        ax.bar(values.index, 0.6 * values.clip(lower=0) / values.max(), bottom=row, color=color, label=name)
        ax.bar(values.index[values.isna()], 0.15, bottom=row, label=f"{name}: no record", **hatched)
        ax.axhline(row, color=GREY, linewidth=0.6)
        ax.text(year - 0.5, row + 0.68, f"{values.max():.0f} {units[name]}, {year}", size=8.75, color=GREY)
    first, last = fields.index.min(), fields.index.max()
    ax.set(xlim=(first - 1, last + 1), ylim=(0, fields.shape[1]))
    ax.set_yticks(range(fields.shape[1]), list(reversed(list(fields))))
    ax.tick_params(axis="y", length=0)
    ax.grid(False)
