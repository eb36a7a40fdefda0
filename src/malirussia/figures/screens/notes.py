"""Notes in a narrow figure: each where nothing else stands, or numbered and told below."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.text import Text
from matplotlib.transforms import Bbox

_MARK, _GUIDE = 80, 8  # how far a note moves, in points, rather than lie on a mark or on a line that guides the eye
_LEAST_LETTERS = 4  # of a note that a number may stand for; a shorter one says nothing away from its mark


def place_notes(ax: Axes, numbered: list[str]) -> None:
    """Move the notes of *ax* off each other and off its marks, by little; one without a place joins *numbered*."""
    notes = [text for text in ax.texts if not text.get_gid() and text.get_text().strip()]
    marks = _Marks(ax)
    taken = [Text.get_window_extent(text) for text in ax.texts if text.get_gid()]
    for note in notes:
        box = _extent(note)
        short = len(note.get_text()) < _LEAST_LETTERS
        best, cost = _best(ax, box, marks, taken, 1 if short else 3)
        if cost >= _MARK and not short:
            number = chr(ord("①") + len(numbered))
            numbered.append(f"{number} {' '.join(note.get_text().split())}")
            note.set(text=number, size=10)
            best, _ = _best(ax, box := _extent(note), marks, taken, 1)
        to_pixels = note.get_transform()
        held: Any = to_pixels.transform(note.get_unitless_position())
        note.set_position(tuple(to_pixels.inverted().transform(held + best)))
        taken.append(box.translated(*best))


def _extent(note: Text) -> Bbox:
    note.get_window_extent()  # an annotation finds its place
    return Text.get_window_extent(note)


def _best(ax: Axes, box: Bbox, marks: _Marks, taken: list[Bbox], most: int) -> tuple[np.ndarray, float]:
    """Return the best shift of *box* off other texts, and what it costs: how far it is and what it lies on.

    It is at most so many times as wide and as high as the box.
    """
    found, least = np.zeros(2), np.inf
    shares = np.linspace(-most, most, 8 * most + 1)
    left = ax.bbox.x0 if box.x1 > ax.bbox.x0 and most > 1 else 0
    for shift in sorted(np.array(list(product(shares, shares))) * box.size, key=lambda by: float(np.hypot(*by))):
        far = float(np.hypot(*shift))
        if far >= least:
            break
        there = box.translated(*shift)
        if there.x0 < left or there.x1 > ax.figure.bbox.x1 or not ax.bbox.y0 <= there.y0 < there.y1 <= ax.bbox.y1 + 4:
            continue
        if any(there.padded(3, 0).overlaps(other) for other in taken):
            continue
        cost = far + marks.under(there.padded(2))
        if cost < least:
            found, least = shift, cost
    return found, least


class _Marks:
    """What the marks of some axes cover, in pixels; bands across the axes and pale areas are not among them."""

    def __init__(self, ax: Axes):
        paths = {line: line.get_transform().transform_path(line.get_path()) for line in ax.lines}
        own = [line for line in paths if line.get_transform() == ax.transData]
        self.guides = [path for line, path in paths.items() if line not in own]
        self.lines = [paths[line] for line in own if line.get_linestyle() != "None"]
        spots: list[Any] = [paths[line].vertices for line in own if line.get_marker() not in ("None", "", None)]
        bars = [bar.get_window_extent().extents for bar in ax.patches if bar.get_data_transform() == ax.transData]
        for held in ax.collections:
            if isinstance(held, LineCollection):
                self.lines += [ax.transData.transform_path(path) for path in held.get_paths()]
            if isinstance(held, PathCollection):
                spots.append(ax.transData.transform(np.ma.filled(np.ma.asarray(held.get_offsets(), float), np.nan)))
        self.boxes = np.concatenate([np.reshape(bars, (-1, 4)), *(np.column_stack([at - 4, at + 4]) for at in spots)])

    def under(self, box: Bbox) -> float:
        """Return what a note at *box* costs for what it lies on."""
        x0, y0, x1, y1 = self.boxes.T
        on = ((x0 < box.x1) & (box.x0 < x1) & (y0 < box.y1) & (box.y0 < y1)).any()
        crossed = [any(path.intersects_bbox(box, filled=False) for path in held) for held in (self.lines, self.guides)]
        return _MARK if on or crossed[0] else _GUIDE * crossed[1]
