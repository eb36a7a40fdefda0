"""A figure for every screen: one drawing as SVG in two layouts, wide and narrow, whose marks say what they are.

Only a build asks for it; who runs a notebook by hand never loads this package.
"""

from __future__ import annotations

import warnings
from typing import Any

from matplotlib.figure import Figure

from malirussia.collection import Collection
from malirussia.figures.screens.narrow import make_narrow
from malirussia.figures.screens.points import find_points, name_series
from malirussia.figures.screens.svg import write


def screens(collection: Collection, fig: Figure, figure_id: str, sources: list, telling: bool) -> dict[str, Any]:
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

    Returns
    -------
    dict
        ``wide`` and ``narrow``, each SVG that is inert and has no styles of its own, and ``series``, the names of
        what can be singled out, by the number that marks carry as ``data-s``.
    """
    _, bottom, _, height = fig.get_layout_engine().get()["rect"]  # type: ignore[union-attr]
    for text in fig.texts:  # title, subtitle and source line, which a page writes itself
        text.set_visible(False)
    fig.set_layout_engine("none")
    names = name_series(fig)
    found = find_points(collection, fig, sources) if telling else []
    wide = write(fig, f"{figure_id}-w", found, (bottom, bottom + height))
    with warnings.catch_warnings():
        # Words that leave a panel no room: it stays as it was, and nobody is to be told in a notebook.
        warnings.filterwarnings("ignore", "constrained_layout not applied")
        make_narrow(fig)
    box = fig.get_tightbbox()
    height = fig.get_figheight()
    rows = max(0, box.y0 / height - 0.01), min(1, box.y1 / height + 0.01)
    narrow = write(fig, f"{figure_id}-n", found, rows)
    return {"wide": wide, "narrow": narrow, "series": names}
