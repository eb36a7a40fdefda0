"""House style and what the figures of the notebooks are drawn with; importing it sets the style for the session.

``show()`` and ``show_table()``, the way out for a figure or table, stand in :mod:`malirussia` itself.
"""

from malirussia.figures.draw import canvas, draw_lines, draw_panel, draw_strips
from malirussia.figures.marks import draw_outlines, draw_ranges, label_ends, mark_events, plot_ranges
from malirussia.figures.style import (
    ACTORS,
    BLACK,
    BLUE,
    BROWN,
    GREEN,
    GREY,
    ORANGE,
    PINK,
    SKY,
    VERMILION,
    WIDTH,
    YELLOW,
    actor,
)

__all__ = [
    "ACTORS",
    "BLACK",
    "BLUE",
    "BROWN",
    "GREEN",
    "GREY",
    "ORANGE",
    "PINK",
    "SKY",
    "VERMILION",
    "WIDTH",
    "YELLOW",
    "actor",
    "canvas",
    "draw_lines",
    "draw_outlines",
    "draw_panel",
    "draw_ranges",
    "draw_strips",
    "label_ends",
    "mark_events",
    "plot_ranges",
]
