"""A panel by hand: choose indicators, countries and years, see the chart, take the code that makes it."""

from __future__ import annotations

import html
import warnings
from collections.abc import Sequence
from typing import Any

from malirussia.collection import Collection
from malirussia.explore.export import needed
from malirussia.explore.panels import codebook, indicators, panel
from malirussia.figures.draw import draw_panel
from malirussia.figures.show import show

CODE = """from malirussia import codebook, panel, show
from malirussia import figures as fg

frame = panel({names!r}, countries={countries!r}, years={years!r})
show(
    fg.draw_panel(frame, codebook(frame)),
    "fig_10_01",
    title={title!r},
    subtitle={subtitle!r},
    alt={alt!r},
    sources=codebook(frame),
    data=frame,
)"""


def explorer(collection: Collection) -> Any:
    """Return what chooses indicators, countries and years in JupyterLab, with the chart of them and its code.

    Only indicators by year are offered. What they do not cover is said below the chart.

    Returns
    -------
    ipywidgets.VBox
        Shown as the last line of a cell.

    Raises
    ------
    ImportError
        ipywidgets of the group ``explore`` is not installed.
    """
    widgets = needed("ipywidgets", "explorer()")
    listed = indicators(collection).query("freq == 'year'")
    codes = sorted({code for held in listed["countries"] for code in held.split()})
    span = int(listed["first_year"].min()), int(listed["last_year"].max())
    names = [(title, name) for name, title in zip(listed["indicator"], listed["title"], strict=True)]
    wide = {"width": "36em"}
    what = widgets.SelectMultiple(options=names, value=names[0][1:], rows=8, description="Indicators", layout=wide)
    where = widgets.SelectMultiple(options=codes, value=("MLI",), rows=8, description="Countries")
    when = widgets.IntRangeSlider(
        value=span, min=span[0], max=span[1], description="Years", continuous_update=False, layout=wide
    )
    chart, code = widgets.Output(), widgets.HTML()

    def draw(change: Any = None) -> None:
        chart.clear_output(wait=True)
        with chart:
            draw_chosen(collection, what.value, where.value, when.value)
        text = code_of(collection, what.value, where.value, when.value) if what.value else ""
        code.value = f"<pre>{html.escape(text)}</pre>"

    for one in (what, where, when):
        one.observe(draw, "value")
    draw()
    return widgets.VBox([widgets.HBox([what, where]), when, chart, code])


def draw_chosen(collection: Collection, names: Sequence[str], countries: Sequence[str], years: tuple[int, int]) -> None:
    """Show the chart of a choice with its source line, and what it does not cover; say so when there is nothing."""
    if not names or not countries or years[0] == years[1]:
        print("Choose at least one indicator, one country and two years.")
        return
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            frame = panel(collection, names, countries, years)
        except LookupError as error:
            print(error)
            return
    book = codebook(collection, frame)
    words = _words(book["title"], countries, years)
    show(collection, draw_panel(frame, book), "fig_10_01", sources=book, data=frame, values={}, **words)
    print(*(one.message for one in said), sep="\n")


def code_of(collection: Collection, names: Sequence[str], countries: Sequence[str], years: tuple[int, int]) -> str:
    """Return the code that makes the chart of a choice."""
    words = _words(codebook(collection, names)["title"], countries, years)
    return CODE.format(names=list(names), countries=list(countries), years=tuple(years), **words)


def _words(titles: Sequence[str], countries: Sequence[str], years: tuple[int, int]) -> dict[str, str]:
    """Return title, subtitle and alternative text that say what is shown; what it shows, a reader has to say."""
    named, where = "; ".join(titles), ", ".join(countries)
    return {
        "title": named,
        "subtitle": f"{where}, {years[0]}–{years[1]}",
        "alt": (
            f"Line charts, one above the other, of {named}, by year from {years[0]} to {years[1]}, "
            f"with a line for each of the countries {where}; a year without a figure is a gap in its line."
        ),
    }
