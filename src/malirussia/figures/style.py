"""House style: size, palette, one look for each actor.

Importing this module sets the style of matplotlib for the session.
"""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
from matplotlib.rcsetup import cycler

WIDTH = 8.0  # inches; every figure has this width, so that text has one size in all reports

# Okabe and Ito's palette: told apart with the common colour-vision deficiencies.
ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILION, PINK, BLACK = (
    "#E69F00",
    "#56B4E9",
    "#009E73",
    "#F0E442",
    "#0072B2",
    "#D55E00",
    "#CC79A7",
    "#222222",
)
GREY = "#6E6E6E"
BROWN = "#8C6D00"  # in place of the palette's yellow, which is too pale for a line
PALETTE = (ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILION, PINK, BLACK, GREY, BROWN)
_WORDS = ("orange", "sky", "green", "yellow", "blue", "vermilion", "pink", "black", "grey", "brown")
COLOR_NAMES = dict(zip(map(str.lower, PALETTE), _WORDS, strict=True))
# One colour, marker and dash an actor in every notebook; USSR and Russia share theirs.
ACTORS: dict[str, dict] = {
    "RUS": {"color": VERMILION, "marker": "o", "linestyle": "-"},
    "FRA": {"color": BLUE, "marker": "s", "linestyle": "--"},
    "CHN": {"color": ORANGE, "marker": "^", "linestyle": "-."},
    "USA": {"color": SKY, "marker": "D", "linestyle": ":"},
    "MLI": {"color": GREEN, "marker": "v", "linestyle": "-"},
    "BFA": {"color": PINK, "marker": "P", "linestyle": "-."},
    "NER": {"color": BROWN, "marker": "X", "linestyle": ":"},
    "OTH": {"color": GREY, "marker": "x", "linestyle": "--"},
}
ACTORS["SUN"] = ACTORS["RUS"]

STYLE: dict[Any, Any] = {
    "figure.figsize": (WIDTH, 4.4),
    "figure.dpi": 96,
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.edgecolor": GREY,
    "axes.labelcolor": BLACK,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.prop_cycle": cycler(color=[VERMILION, BLUE, ORANGE, GREEN, PINK, SKY, GREY]),
    "grid.color": "#E4E4E4",
    "grid.linewidth": 0.8,
    "text.color": BLACK,
    "xtick.color": BLACK,
    "ytick.color": BLACK,
    "lines.markersize": 4,
    "legend.frameon": False,
    "svg.hashsalt": "malirussia",
    "axes.formatter.use_locale": False,
}
mpl.rcParams.update(STYLE)


def actor(code: str, **changes: Any) -> dict:
    """Return the line style of an actor (ISO3; ``OTH`` for any without a style of its own)."""
    return {**ACTORS.get(code, ACTORS["OTH"]), **changes}
