"""The layout of a figure for a phone: panels one below the other, words broken, text as large as elsewhere."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec
from matplotlib.text import Annotation, Text
from matplotlib.ticker import Formatter

from malirussia.figures.marks import END, EVENT, place
from malirussia.figures.screens.points import is_named, tick_words

WIDTH = 320 / 96
"""Inches, so that it stands in 320 CSS pixels: what a phone of 360 leaves between its margins."""
LEAST = 8.5
"""The smallest text in points: 11.3 CSS pixels."""

_ROWS = (1.5, 2.9)  # inches that the axes of a panel may be high, but for one whose rows are names
_NAMED_ROW = 0.2
_PANEL = 0.55  # inches for what stands below and above the axes of a panel
_ROW_LETTERS = 16
_LETTER = 0.58  # width of a letter as a share of its size


class _Broken(Formatter):
    """Break the words of another formatter into lines of at most so many letters."""

    def __init__(self, inner: Formatter, letters: int):
        self._inner = inner
        self._letters = letters

    def format_ticks(self, values: list[float]) -> list[str]:
        return [textwrap.fill(str(text).replace("\n", " "), self._letters) for text in self._inner.format_ticks(values)]

    def __call__(self, x: float, pos: int | None = None) -> str:
        return self._inner(x, pos)


def make_narrow(fig: Figure) -> None:
    """Lay *fig* out for a phone; what it was before is lost."""
    before = {ax: ax.get_position().height * fig.get_figheight() for ax in fig.axes}
    panels = [ax for ax in fig.axes if ax.get_subplotspec() is not None]
    heights = [_height(ax, before[ax]) for ax in panels]
    if panels:
        heights = _stack(fig, panels, heights)
    legends = [(ax, legend) for ax in fig.axes if (legend := ax.get_legend())]
    fig.set_size_inches(WIDTH, sum(heights) + _PANEL * len(heights))
    for text in fig.findobj(Text):
        _enlarge(text)
    for ax in fig.axes:
        _break_words(ax, before[ax])
    fig.set_layout_engine("constrained", w_pad=0.03, h_pad=0.04)
    fig.set_dpi(72)
    place(fig)
    fig.get_layout_engine().execute(fig)  # type: ignore[union-attr]
    for ax in fig.axes:
        _thin(ax.xaxis)
    rows = sum(_put_below(ax, legend) for ax, legend in legends)
    fig.set_size_inches(WIDTH, fig.get_figheight() + rows * LEAST * 1.5 / 72)
    fig.get_layout_engine().execute(fig)  # type: ignore[union-attr]
    fig.set_layout_engine("none")
    place(fig)
    for ax in fig.axes:
        _uncover(ax)


def _stack(fig: Figure, panels: list[Axes], heights: list[float]) -> list[float]:
    """Put panels one below the other, two beside each other if they were many in a row; return the height of rows."""
    before = panels[0].get_subplotspec().get_gridspec().ncols  # type: ignore[union-attr]
    columns = 2 if before > 2 else 1
    if before > columns:
        for number, ax in enumerate(panels):
            ax.tick_params(
                labelleft=number % columns == 0 or not ax.get_shared_y_axes().get_siblings(ax)[1:], labelbottom=True
            )
    rows = [max(heights[start : start + columns]) / columns for start in range(0, len(panels), columns)]
    grid = GridSpec(len(rows), columns, figure=fig, height_ratios=rows)
    for number, ax in enumerate(panels):
        ax.set_subplotspec(grid[number])
    return rows


def _height(ax: Axes, before: float) -> float:
    """Return how high the axes of a panel are to be, in inches."""
    if ax.get_aspect() != "auto":
        return WIDTH * ax.bbox.height / ax.bbox.width
    if is_named(ax.yaxis):
        lines = sum(len(textwrap.wrap(one, _ROW_LETTERS)) for one in tick_words(ax.yaxis))
        return max(_ROWS[0], before, _NAMED_ROW * lines)
    return min(max(_ROWS[0], before), _ROWS[1])


def _enlarge(text: Text) -> None:
    text.set_fontsize(max(LEAST, float(text.get_fontsize())))


def _break_words(ax: Axes, height: float) -> None:
    """Break titles, labels, notes and names of rows into lines that a phone holds."""
    ax.tick_params(labelsize=LEAST)
    letters = int(WIDTH * 72 / (LEAST * _LETTER))
    for title in (ax.title, ax._left_title, ax._right_title, ax.xaxis.label):  # type: ignore[attr-defined]
        title.set_text(textwrap.fill(title.get_text(), letters * 5 // 9))
    ax.yaxis.label.set_text(
        textwrap.fill(ax.get_ylabel().replace("\n", " "), max(14, int(height * 72 / (9.5 * _LETTER))))
    )
    if is_named(ax.yaxis):
        ax.yaxis.set_major_formatter(_Broken(ax.yaxis.get_major_formatter(), _ROW_LETTERS))
    if is_named(ax.xaxis) and (count := len(ax.get_xticks())):
        ax.xaxis.set_major_formatter(_Broken(ax.xaxis.get_major_formatter(), max(7, (letters - 6) // count)))
    placed = [text for text in ax.texts if isinstance(text, Annotation) and text.get_gid()]
    if any(str(text.get_gid()).startswith(END) for text in placed):
        # Beside the axes the labels need no room within.
        ax.set_xlim(right=max(ax.convert_xunits(text.xy[0]) for text in placed))
    for text in ax.texts:
        gid = str(text.get_gid() or "")
        if gid.startswith(END):
            text.set_text(textwrap.fill(text.get_text(), 12))
        elif gid == EVENT:
            text.set_text(textwrap.fill(text.get_text(), 24))
        else:
            text.set_text(textwrap.fill(text.get_text().replace("\n", " "), 20))
            text.set_in_layout(False)


def _uncover(ax: Axes) -> None:
    """Leave out notes that would lie on others or leave the figure; what they say is in the marks and the table."""
    kept: list = []
    for text in ax.texts:
        if str(text.get_gid() or "").startswith((END, EVENT)):
            continue
        if text.get_window_extent().x1 > ax.figure.bbox.x1:
            text.set_horizontalalignment("right")
        box = text.get_window_extent()
        text.set_visible(box.x0 >= 0 and not any(box.overlaps(other) for other in kept))
        if text.get_visible():
            kept.append(box)


def _thin(axis: Axis) -> None:
    """Leave out ticks whose labels would touch, from the newest backwards; names stand upright then."""
    transform = axis.get_transform().transform
    low, high = sorted(transform(np.asarray(axis.get_view_interval())))
    places = np.sort([place for place in axis.get_majorticklocs() if low <= transform(place) <= high])
    if len(places) < 2:
        return
    labels = [str(label) for label in axis.get_major_formatter().format_ticks(list(places))]
    apart = (np.diff(transform(places)) * axis.axes.bbox.width / (high - low)).min()
    letters = max(len(line) for label in labels for line in (label.splitlines() or [""]))
    step = -int(-(letters * LEAST * _LETTER + 4) // apart)
    if step > 1 and is_named(axis):
        axis.set_tick_params(labelrotation=90)
    elif step > 1 and axis.get_scale() == "linear":
        axis.set_ticks(places[::-1][::step][::-1], labels[::-1][::step][::-1])


def _put_below(ax: Axes, legend: Any) -> int:
    """Write a legend below its axes in as many columns as a phone holds; return how many rows it takes."""
    handles, texts = legend.legend_handles, [textwrap.fill(text.get_text(), 24) for text in legend.get_texts()]
    longest = max((len(line) for text in texts for line in text.splitlines()), default=0)
    columns = max(1, min(len(texts), int(WIDTH * 72 / (longest * LEAST * _LETTER + 40))))
    low = ax.xaxis.get_tightbbox()
    area = ax.get_window_extent()
    below = (low.y0 - area.y0) / area.height if low is not None else 0
    legend.remove()
    ax.legend(
        handles, texts, loc="upper left", ncols=columns,
        bbox_to_anchor=(-area.x0 / area.width, min(0, below) - 4 / area.height),
        fontsize=LEAST, borderaxespad=0, handlelength=1.6, columnspacing=1, reverse=False,
    )  # fmt: skip
    return -(-sum(text.count("\n") + 1 for text in texts) // columns) + 1
