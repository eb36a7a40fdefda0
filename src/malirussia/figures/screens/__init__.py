"""A figure for every screen: one drawing as SVG in two layouts, wide and narrow, whose marks say what they are.

Only a build asks for it; who runs a notebook by hand never loads this package.
"""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure
from matplotlib.text import Text

from malirussia.collection import Collection
from malirussia.figures.screens.narrow import LEAST, make_narrow
from malirussia.figures.screens.points import find_points, name_series
from malirussia.figures.screens.svg import write


def screens(
    collection: Collection, fig: Figure, figure_id: str, sources: list, telling: bool, rows: tuple[float, float]
) -> dict[str, Any]:
    """Return the layouts of *fig*, drawn before as a picture; afterwards the figure is the narrow one.

    Parameters
    ----------
    collection : Collection
    fig : matplotlib.figure.Figure
        Laid out by :func:`malirussia.show`.
    figure_id : str
    sources : list
        Loaded tables and source ids, as given to ``show``.
    telling : bool
        Whether the marks tell their values, which the terms of a source may forbid.
    rows : tuple of float
        From where to where, as shares of the height, the figure stands without title and source line.

    Returns
    -------
    dict
        ``wide`` and ``narrow``, each SVG that is inert and has no styles of its own, and ``series``, the names of
        what can be singled out, by the number that marks carry as ``data-s``.
    """
    for text in fig.texts:  # title, subtitle and source line, which a page writes itself
        text.set_visible(False)
    for text in fig.findobj(Text):
        text.set_fontsize(max(LEAST, text.get_fontsize()))
    names = name_series(fig)
    found = find_points(collection, fig, sources, names) if telling else []
    wide = write(fig, f"{figure_id}-w", found, rows)
    make_narrow(fig)
    narrow = write(fig, f"{figure_id}-n", found)
    return {"wide": wide, "narrow": narrow, "series": names}
