"""Pictures: small, and as they were drawn."""

from __future__ import annotations

import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from PIL import Image

from malirussia.figures.picture import DPI, MOST_COLOURS, png, reduced
from malirussia.figures.style import PALETTE


@pytest.fixture
def fig():
    """Return a figure with every colour of the house as a thin line, on the two pale areas of a map."""
    fig, ax = plt.subplots()
    ax.axvspan(0, 1, color="#F7F7F7", zorder=0)
    for number, color in enumerate(PALETTE):
        ax.plot([0, 2], [number, number + 1], color=color, marker="o")
    ax.set_title("A title to be read")
    yield fig
    plt.close(fig)


def saved(fig: Figure) -> tuple[np.ndarray, bytes]:
    """Return what matplotlib's own way out gives: the pixels, and the bytes of the file."""
    file = io.BytesIO()
    fig.savefig(file, dpi=DPI)
    return np.asarray(Image.open(file).convert("RGB")).astype(int), file.getvalue()


def pixels_of(picture: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).astype(int)


@pytest.mark.parametrize("layout", [None, "constrained"])
def test_a_picture_is_what_matplotlib_saves_with_shades_of_edges_a_little_off(fig, layout):
    fig.set_layout_engine(layout)
    wanted, file = saved(fig)
    picture = png(fig)
    difference = np.abs(pixels_of(picture) - wanted)
    assert difference.max() <= 8
    assert np.sqrt((difference**2).mean()) < 1
    assert len(picture) < len(file) / 2


def test_the_colours_of_the_house_and_pale_areas_survive(fig):
    picture = Image.open(io.BytesIO(png(fig))).convert("RGB")
    colors = np.array([color for _, color in picture.getcolors()])
    for name in (*PALETTE, "#FFFFFF", "#F7F7F7"):
        wanted = np.round(255 * np.array(to_rgb(name)))
        assert np.abs(colors - wanted).max(axis=1).min() <= 2, name


def test_a_picture_of_very_many_colours_still_gets_the_nearest_ones():
    shades = np.random.default_rng(1).integers(0, 256, (300, 300, 4), dtype="uint8")
    shades[:150] = 255
    places, colors = reduced(shades)
    assert len(colors) == MOST_COLOURS
    told = colors[places].reshape((*shades.shape[:2], 3)).astype(int)
    assert (told[:150] == 255).all()
    assert np.abs(told - shades[..., :3]).mean() < 20
