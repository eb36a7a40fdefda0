"""The way out of a notebook for figures and tables: title, source line, alternative text, data."""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.text import Text

from malirussia import outputs
from malirussia.cards import labelled
from malirussia.collection import Collection
from malirussia.figures.marks import place
from malirussia.figures.picture import DPI, png
from malirussia.figures.record import drawn
from malirussia.figures.style import BLACK, GREY
from malirussia.figures.translate import translate
from malirussia.sources import source_ids
from malirussia.tables import grid, to_html, to_text
from malirussia.words import filled, names_of_caller

MIN_ALT_WORDS = 20
VARIABLE = "MALIRUSSIA_SCREENS"
"""Set in the environment of a kernel, it asks for the layouts of a page beside the picture."""
_ID = {"fig": re.compile(r"fig_\d\d_\d\d"), "tab": re.compile(r"tab_\d\d_\d\d")}


def show(
    collection: Collection,
    fig: Figure,
    figure_id: str,
    *,
    title: str,
    subtitle: str,
    sources: object,
    alt: str,
    data: pd.DataFrame | pd.Series,
    values: Mapping[str, object] | None = None,
) -> None:
    """Finish *fig*, display it once with its alternative text and data, and close it.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
    figure_id : str
        Permanent name like ``fig_04_01``: notebook, then number.
    title, subtitle : str
        The finding in words; then measure, unit and period.
    sources : pandas.DataFrame, str, or a list of them
        Loaded tables or source ids; their publishers make the source line.
    alt : str
        At least 20 words: type, axes, range, main reading, exception.
    data : pandas.DataFrame or pandas.Series
        What is plotted. It travels with the figure as CSV as far as the terms of the sources allow, and its
        size and ends stand in the text of the output, which nbval compares.
    values : mapping, optional
        What fills ``{names}`` in title, subtitle and alternative text, once these are translated; by default the
        names of the notebook.

    Raises
    ------
    ValueError
        A part is missing, or the alternative text is too short.
    """
    _require("fig", figure_id, title=title, subtitle=subtitle)
    if len(alt.split()) < MIN_ALT_WORDS:
        raise ValueError(f"{figure_id}: alt text of {MIN_ALT_WORDS} words or more is needed, not {len(alt.split())}")
    frame = data.to_frame() if isinstance(data, pd.Series) else data
    if frame.empty:
        raise ValueError(f"{figure_id}: there is no data behind the figure")
    listed = source_ids(*_as_list(sources))
    source_line = collection.bibliography.source_line(*listed)
    alt, names = " ".join(alt.split()), values or names_of_caller()
    title, subtitle, alt = (filled(collection.language, text, names) for text in (title, subtitle, alt))
    collection.used.note(listed)
    translate(fig, collection.language)
    rows = _frame_text(fig, title, subtitle, source_line)
    about = outputs.Figure(figure_id, title, subtitle, alt, round(fig.get_figwidth() * 96), source_line, listed)
    behind = _data_behind(collection, frame, listed)
    _lay_out(fig)
    picture, record = png(fig), drawn(fig)
    more = {}
    if os.environ.get(VARIABLE):
        from malirussia.figures.screens import screens  # for pages alone

        more[outputs.SCREENS] = screens(collection, fig, figure_id, _as_list(sources), bool(behind), rows)
    plt.close(fig)
    outputs.display(
        about,
        {
            "image/png": picture,
            **behind,
            "text/plain": f"{figure_id}: {title} [{_ends(frame)}]",
            outputs.DRAWN: record,
            **more,
        },
        # Where Jupyter's own tools look for them.
        {"image/png": {"alt": about.alt, "width": about.width}},
    )


def show_table(
    collection: Collection,
    frame: pd.DataFrame | pd.Series,
    table_id: str,
    *,
    title: str,
    sources: object,
    index: bool = False,
    words_of: str | None = None,
    values: Mapping[str, object] | None = None,
    **options: Any,
) -> None:
    """Display *frame* as a table with caption, header scopes and source line.

    With *words_of*, the name of a table of the collection, its columns are printed under their headings, with the
    labels of their values and in the format of their numbers; the data behind keep names and codes.
    The *values* fill ``{names}`` in the title, as in :func:`show`. Keyword *options* are those of
    :func:`malirussia.tables.grid`: ``formatters`` and ``float_format``.
    """
    _require("tab", table_id, title=title)
    frame = frame.to_frame() if isinstance(frame, pd.Series) else frame
    if frame.empty:
        raise ValueError(f"{table_id}: the table has no rows")
    printed = frame
    if words_of:
        printed, writers = labelled(collection, frame, words_of)
        options["formatters"] = writers | dict(options.get("formatters", {}))
    listed = source_ids(*_as_list(sources))
    source_line = collection.bibliography.source_line(*listed)
    title = filled(collection.language, title, values or names_of_caller())
    collection.used.note(listed)
    cells = grid(printed, title, index, language=collection.language, **options)
    about = outputs.Table(table_id, title, source_line, listed, cells)
    outputs.display(
        about,
        {
            "text/html": to_html(about.grid),
            **_data_behind(collection, frame, listed, index),
            "text/plain": f"{table_id}: {title}\n{to_text(printed, index, **options)}\n{source_line}",
        },
    )


def _require(kind: str, name: str, **texts: str) -> None:
    if not _ID[kind].fullmatch(name):
        raise ValueError(f"{name!r}: expected a name like '{kind}_04_01'")
    for part, text in texts.items():
        if not text.strip():
            raise ValueError(f"{name}: the {part} is empty")


def _as_list(sources: object) -> list:
    return list(sources) if isinstance(sources, list | tuple) else [sources]


def _data_behind(
    collection: Collection, frame: pd.DataFrame, sources: list, index: bool | None = None
) -> dict[str, str]:
    """Return the part of an output that holds its data, empty where a source does not let them be passed on."""
    allowed = collection.bibliography.may_pass_on(len(frame), *sources)
    return {"text/csv": _csv(frame, index)} if allowed else {}


def _csv(frame: pd.DataFrame, index: bool | None = None) -> str:
    """Return *frame* as CSV; an index without a name is only a count of rows and is left out."""
    if index is None:
        index = any(name is not None for name in frame.index.names)
    return frame.to_csv(index=index, float_format="%.6g", lineterminator="\n")


def _ends(frame: pd.DataFrame) -> str:
    """Say in one line how many rows *frame* has and what stands in the first and the last."""
    named = frame.reset_index() if frame.index.name or frame.index.nlevels > 1 else frame
    first, last = (", ".join(_short(cell) for cell in named.iloc[row]) for row in (0, -1))
    return f"n={len(frame)}; first: {first}; last: {last}"


def _short(cell: object) -> str:
    if isinstance(cell, float | np.floating):
        return f"{cell:.6g}"
    if isinstance(cell, pd.Timestamp):
        return f"{cell:%Y-%m-%d}"
    return str(cell)


def _wrap(label: Text, letters: int) -> int:
    """Break a text into lines of so many letters, of fewer where these are wide; return how many lines there are."""
    text, figure = label.get_text(), label.get_figure()
    label.set(linespacing=1.25, parse_math=False, text=textwrap.fill(text, letters))
    while label.get_window_extent().x1 > figure.bbox.x1 and letters > 10:  # type: ignore[union-attr]
        letters -= 4
        label.set_text(textwrap.fill(text, letters))
    return label.get_text().count("\n") + 1


def _frame_text(fig: Figure, title: str, subtitle: str, source_line: str) -> tuple[float, float]:
    """Write title and subtitle above the axes and the source line below; return from where to where they leave room."""
    fig.set_dpi(DPI)
    height = fig.get_figheight()
    top = 1.0
    for text, size, weight, color in ((title, 12.5, "bold", BLACK), (subtitle, 9.5, "normal", GREY)):
        label = fig.text(0.012, top - 0.06 / height, text, size=size, weight=weight, color=color, va="top")
        top -= _wrap(label, 72 if weight == "bold" else 108) * size * 1.3 / 72 / height
    label = fig.text(0.012, 0.04 / height, source_line, size=7.5, color=GREY, va="bottom")
    bottom = (_wrap(label, 135) * 7.5 * 1.3 / 72 + 0.1) / height
    top -= 0.14 / height
    fig.set_layout_engine("constrained", rect=(0.005, bottom, 0.99, top - bottom))
    return bottom, top


def _lay_out(fig: Figure) -> None:
    """Give the axes their places once and for all; again only where titles of events then need other rows."""
    for _ in range(2):
        fig.get_layout_engine().execute(fig)  # type: ignore[union-attr]
        if not place(fig):
            break
    fig.set_layout_engine("none")
