"""A figure as a small PNG: drawn once, its colours counted once, written once."""

from __future__ import annotations

import io

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from malirussia.figures.style import PALETTE

DPI = 192
MOST_COLOURS = 256
"""How many a PNG with a palette holds."""

_FLAT = 2000  # a colour of at least one pixel in so many is an area or a line, not a shade at an edge
_STEP = 16  # shades at edges are kept in steps of so many parts of 255
_STYLE = (255 * mpl.colors.to_rgba_array(PALETTE)[:, :3]).round().astype("uint8")


def png(fig: Figure) -> bytes:
    """Return *fig* as PNG with a palette: less than half the size, and free of version and time.

    Areas, lines and the colours of the house style are kept as they are, shades at edges as near as :data:`_STEP`
    has it.
    """
    fig.set_dpi(DPI)
    # The one that measured the words for the layout need not measure them again.
    canvas = fig.canvas if type(fig.canvas) is FigureCanvasAgg else FigureCanvasAgg(fig)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())
    places, colors = reduced(pixels)
    picture = Image.frombytes("P", pixels.shape[1::-1], places.tobytes())
    picture.putpalette(colors.tobytes())
    written = io.BytesIO()
    picture.save(written, "png", compress_level=6)
    return written.getvalue()


def small(picture: bytes, width: int) -> bytes:
    """Return a PNG again, *width* pixels wide and in few colours: for a card that leads to the whole."""
    whole = Image.open(io.BytesIO(picture)).convert("RGB")
    less = whole.resize((width, round(width * whole.height / whole.width)), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    less.quantize(32).save(written, "png", optimize=True)
    return written.getvalue()


def reduced(pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the picture *pixels* in at most :data:`MOST_COLOURS` colours.

    Parameters
    ----------
    pixels : numpy.ndarray
        Rows, columns, and red, green, blue and opacity from 0 to 255; the opacity is left out.

    Returns
    -------
    places : numpy.ndarray
        The number of its colour for each pixel, row by row.
    colors : numpy.ndarray
        Red, green and blue of each colour.
    """
    which, found = pd.factorize(pixels.view("uint32").ravel())
    exact = found.view("uint8").reshape(-1, 4)[:, :3]
    counts = np.bincount(which)
    flat = (counts * _FLAT >= len(which)) | (exact[:, None] == _STYLE).all(axis=2).any(axis=1)
    near = np.where(flat[:, None], exact, exact // _STEP * _STEP + _STEP // 2)
    colors, place = np.unique(near, axis=0, return_inverse=True)
    if len(colors) > MOST_COLOURS:
        # The rarest give way to the nearest of the others.
        kept = colors[np.argsort(-np.bincount(place, counts), kind="stable")[:MOST_COLOURS]]
        distances = (np.subtract(colors[:, None], kept, dtype="int32") ** 2).sum(axis=2)
        colors, place = kept, distances.argmin(axis=1)[place]
    return place.astype("uint8")[which], colors
