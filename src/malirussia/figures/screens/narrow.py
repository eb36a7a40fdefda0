"""The layout of a figure for a phone: panels one below the other, words broken, text as large as elsewhere."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text

from malirussia.figures.marks import END, EVENT, place
from malirussia.figures.screens.notes import place_notes
from malirussia.figures.screens.points import is_named, ticks

WIDTH = 240
"""Points, as all that follows: 320 CSS pixels, what a phone of 360 leaves between its margins."""
LEAST = 8.75
"""The smallest text in points: eleven CSS pixels in the narrowest column that shows the wide layout."""

_ROWS = (108, 210)  # how high the axes of a panel may be, but for one whose rows are names
_NAMED_ROW = 15
_GAP = 10  # between panels
_ROW_LETTERS = 16
_LETTER = 0.58  # width of a letter as a share of its size


def make_narrow(fig: Figure) -> None:
    """Lay *fig* out for a phone; what it was before is lost. Its layout engine must be none."""
    before = {ax: ax.get_position().height * fig.get_figheight() * 72 for ax in fig.axes}
    panels = [ax for ax in fig.axes if ax.get_subplotspec()] or fig.axes
    spec = panels[0].get_subplotspec()
    beside = spec.get_gridspec().ncols if spec else 1
    columns = 2 if beside > 2 else 1
    heights = [_height(ax, before[ax], columns) for ax in panels]
    for number, ax in enumerate(panels if beside > 1 else ()):
        alone = len(ax.get_shared_y_axes().get_siblings(ax)) == 1
        ax.tick_params(labelleft=alone or number % columns == 0, labelbottom=True)
    fig.set_dpi(72)
    for ax in fig.axes:
        _break_words(ax, before[ax], WIDTH / columns)
    _arrange(fig, panels, columns, np.array([max(heights[at : at + columns]) for at in range(0, len(panels), columns)]))


def _arrange(fig: Figure, panels: list[Axes], columns: int, heights: np.ndarray) -> None:
    """Give *panels* their places: rows as high as asked for, columns as wide as the words around them leave."""
    total = heights.sum()

    def put(starts: np.ndarray, width: float, bottoms: np.ndarray) -> None:
        fig.set_size_inches(WIDTH / 72, total / 72)
        for number, ax in enumerate(panels):
            row, column = divmod(number, columns)
            ax.set_position((starts[column] / WIDTH, bottoms[row] / total, width / WIDTH, heights[row] / total))
            _thin(ax.xaxis)

    put(np.full(columns, 0.3 * WIDTH), 0.6 * WIDTH / columns, 0 * heights)
    around = np.zeros((len(heights) * columns, 4))
    around[: len(panels)] = [_around(ax) for ax in panels]
    lefts, rights, below, tops = np.moveaxis(around.reshape(-1, columns, 4), 2, 0)
    lefts, rights = lefts.max(axis=0) + 2, rights.max(axis=0) + 2
    width = (WIDTH - lefts.sum() - rights.sum()) / columns
    starts = lefts.cumsum() + rights.cumsum() - rights + width * np.arange(columns)
    put(starts, width, 0 * heights)
    place(fig)
    tops.flat[: len(panels)] = np.maximum(tops.flat[: len(panels)], [_titles_above(ax) for ax in panels])
    numbered: list[str] = []
    for ax in fig.axes:
        place_notes(ax, numbered)
    said = "\n".join(textwrap.fill(note, int(WIDTH / (LEAST * _LETTER))) for note in numbered)
    foot = 1.3 * LEAST * (said.count("\n") + 2) if said else 2
    above, under = tops.max(axis=1) + heights, below.max(axis=1) + _GAP
    total = 2 + above.sum() + under.sum() - _GAP + foot
    put(starts, width, total - 2 - above.cumsum() - under.cumsum() + under)
    fig.text(0.005, 2 / total, said, size=LEAST, va="bottom", linespacing=1.3)


def _around(ax: Axes) -> list[float]:
    """Return how far what belongs to *ax* stands out of it at its left, its right, below and above, in points."""
    box: Any = ax.get_tightbbox()
    area = ax.bbox
    return [max(0.0, out) for out in (area.x0 - box.x0, box.x1 - area.x1, area.y0 - box.y0, box.y1 - area.y1)]


def _titles_above(ax: Axes) -> float:
    """Return how high the titles of events reach above *ax*, in points."""
    titles = (text for text in ax.texts if text.get_gid() == EVENT)
    return max((text.get_position()[1] + Text.get_window_extent(text).height for text in titles), default=0)


def _height(ax: Axes, before: float, columns: int) -> float:
    """Return how high the axes of a panel are to be, in points."""
    if ax.get_aspect() != "auto":
        return WIDTH * ax.bbox.height / ax.bbox.width / columns
    if is_named(ax.yaxis):
        lines = sum(_broken(one, _ROW_LETTERS).count("\n") + 1 for one in ticks(ax.yaxis)[1])
        return max(_ROWS[0], before / columns, _NAMED_ROW * lines)
    return min(max(_ROWS[0], before), _ROWS[1]) / columns


def _broken(text: str, letters: int) -> str:
    """Break *text* into as few lines of at most so many letters as will do, all about as long."""
    if max(map(len, text.splitlines()), default=0) <= letters:
        return text
    said = " ".join(text.split())
    lines = len(textwrap.wrap(said, letters))
    least = max(map(len, said.split()))
    tries = (textwrap.wrap(said, width) for width in range(least, max(least, letters) + 1))
    return "\n".join(next(broken for broken in tries if len(broken) <= lines))


def _break_words(ax: Axes, height: float, width: float) -> None:
    """Break titles, labels, notes and names of rows into lines that a phone holds."""
    ax.tick_params(labelsize=LEAST)
    letters = int(width / (LEAST * _LETTER))
    for title in (ax.title, ax._left_title, ax._right_title, ax.xaxis.label):  # type: ignore[attr-defined]
        title.set_text(_broken(title.get_text(), letters * 3 // 5))
    ax.yaxis.label.set_text(_broken(ax.get_ylabel().replace("\n", " "), max(14, int(height / (9.5 * _LETTER)))))
    for axis, room in ((ax.yaxis, _ROW_LETTERS), (ax.xaxis, max(7, (letters - 6) // max(1, len(ax.get_xticks()))))):
        if is_named(axis):
            places, words = ticks(axis)
            axis.set_ticks(places, [_broken(said, room) for said in words])
    if legend := ax.get_legend():
        handles: Any = legend.legend_handles
        ax.legend(handles, [text.get_text() for text in legend.get_texts()], fontsize=LEAST,
                  loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0)  # fmt: skip
    placed = [text for text in ax.texts if isinstance(text, Annotation) and text.get_gid()]
    if any(str(text.get_gid()).startswith(END) for text in placed):
        # Beside the axes the labels need no room within.
        ax.set_xlim(right=max(ax.convert_xunits(text.xy[0]) for text in placed))
    for text in ax.texts:
        at_end = str(text.get_gid() or "").startswith(END)
        text.set_text(_broken(text.get_text(), 12 if at_end else 18 if text.get_gid() == EVENT else 20))
        text.set_in_layout(text.get_gid() != EVENT)


def _thin(axis: Axis) -> None:
    """Leave out ticks whose labels would touch, from the newest backwards; names stand upright then."""
    places, labels = ticks(axis)
    if len(places) < 2:
        return
    transform = axis.get_transform().transform
    low, high = sorted(transform(np.asarray(axis.get_view_interval())))
    apart = (np.diff(transform(np.asarray(places))) * axis.axes.bbox.width / (high - low)).min()
    letters = max(len(line) for label in labels for line in (label.splitlines() or [""]))
    step = -int(-(letters * LEAST * _LETTER + 4) // apart)
    if step > 1 and is_named(axis):
        axis.set_tick_params(labelrotation=90)
    elif step > 1 and axis.get_scale() == "linear":
        axis.set_ticks(places[::-1][::step][::-1], labels[::-1][::step][::-1])
