"""Figures in a page: their layouts as inline SVG, a font that holds their letters, their data as a table."""

from __future__ import annotations

import base64
import csv
import html
import io
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

from malirussia import outputs

MOST_ROWS = 300
"""Rows of data that a page shows below a figure; the CSV beside it has all."""

_AROUND = 290, 350  # pixels for what stands above and below an embedded figure, wide and narrow
_MOST_NARROW = 1.5  # by how much the stylesheet lets the narrow layout grow
_TEXT = re.compile(r"<text([^>]*)>([^<]*)</text>")
_SHAPE = re.compile(
    r"\{http://www\.w3\.org/2000/svg\}(svg|g|path|rect|circle|ellipse|line|polyline|polygon|use|image|defs|"
    r"clipPath|pattern|text|tspan|title)"
)
_FORMULA = re.compile(r"[=+@\t\r]|-(?!\d+(\.\d+)?(e[-+]?\d+)?$)")
_POINTS = re.compile(r'<g class="points".*?</g>\n?', re.DOTALL)
_PATH, _SPACE, _LONG = re.compile(r'(?<= d=")[^"]*'), re.compile(r"\s*([A-Za-z]|$)\s*"), re.compile(r"(\.\d)\d+")
_EMPTY = re.compile(r"<path(?![^>]* d=)[^>]*/>\n?")
# A group by itself, or of a series that need not answer, around one shape.
_GROUP = re.compile(r'<g(?: data-s="\d+")?>\s*(<(?:path|use)[^>]*/>)?\s*</g>\n?')
_SIZE = re.compile(r'<svg [^>]*? height="(\d+)"')
_NUMBER = re.compile(r"-?[\d.]+(e[-+]?\d+)?")
# Held in every page, so that most pages carry the very same font: Latin as West European languages write it.
_COMMON = frozenset(map(chr, [*range(0x20, 0x7F), *range(0xA1, 0x180), *map(ord, "–—‘’“”…−×·•→≥≤€")]))


def figure_svg(svg: str, alt: str) -> str:
    """Return a layout of a figure as it stands in a page, with its alternative text."""
    # A range without ends is a path without points, which HTML does not allow.
    return _EMPTY.sub("", svg).replace("<svg ", f'<svg role="img" aria-label="{html.escape(alt)}" ', 1)


def small_svg(svg: str, name: str, words: bool = True) -> str:
    """Return a layout of a figure again, for a second place under another *name*: it does not answer.

    Without *words* it is a picture to recognise, where its text could not be read.
    """
    svg = _PATH.sub(lambda path: _LONG.sub(r"\1", _SPACE.sub(r"\1", path[0])), _EMPTY.sub("", _POINTS.sub("", svg)))
    while svg != (fewer := _GROUP.sub(r"\1", svg)):
        svg = fewer
    svg = svg.replace(' id="', f' id="{name}-').replace("#fig_", f"#{name}-fig_")
    return svg if words else _TEXT.sub("", svg).replace("<svg ", '<svg aria-hidden="true" ', 1)


def is_inert(svg: str) -> bool:
    """Say whether *svg* is nothing but shapes and words, as figures are drawn; what is told a parser is refused."""
    try:
        parts = list(ElementTree.fromstring("" if "<!" in svg or "<?" in svg else svg).iter())
    except ElementTree.ParseError:
        return False
    return all(_SHAPE.fullmatch(one.tag) and all(map(_is_still, one.attrib.items())) for one in parts)


def _is_still(attribute: tuple[str, str]) -> bool:
    name, value = attribute
    if name == "href":
        return value.startswith(("#", "data:image/png;base64,"))
    # A name in braces is one of another kind of document.
    return name != "style" and not name.startswith(("on", "{")) and "url(" not in value.replace("url(#", "")


def font_faces(body: str) -> str:
    """Return the rules of a stylesheet with the font of the figures in *body*; empty without figures."""
    letters: dict[bool, set[str]] = {}
    for about, text in _TEXT.findall(body):
        letters.setdefault('font-weight="bold"' in about, set()).update(html.unescape(text))
    return "".join(_face(bold, _COMMON | used) for bold, used in sorted(letters.items()))


@cache
def _face(bold: bool, letters: frozenset[str]) -> str:
    """Return the rule for one weight of the font that matplotlib draws with, cut down to *letters*."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    package = find_spec("matplotlib")
    assert package and package.origin  # a page with figures was drawn with it
    path = Path(package.origin).parent / "mpl-data" / "fonts" / "ttf" / f"DejaVuSans{'-Bold' if bold else ''}.ttf"
    options = Options(
        drop_tables=["FFTM"],
        hinting=False,
        layout_features=["kern"],
        name_IDs=[],
        notdef_outline=True,
        recalc_timestamp=False,
    )
    font = TTFont(path, recalcTimestamp=False)
    subset = Subsetter(options)
    subset.populate(text="".join(sorted(letters)))
    subset.subset(font)
    font.flavor = "woff"
    file = io.BytesIO()
    font.save(file)
    data = base64.b64encode(file.getvalue()).decode()
    weight = "bold" if bold else "normal"
    return (
        f'\n@font-face {{ font-family: "DejaVu Sans"; font-weight: {weight}; '
        f'src: url("data:font/woff;base64,{data}") format("woff"); }}'
    )


def without_formulas(text: str) -> str:
    """Return CSV with a mark before each cell that a spreadsheet would take for a formula."""
    rows = list(csv.reader(io.StringIO(text)))
    if not any(map(_FORMULA.match, (cell for row in rows for cell in row))):
        return text
    file = io.StringIO()
    marked = ([f"'{cell}" if _FORMULA.match(cell) else cell for cell in row] for row in rows)
    csv.writer(file, lineterminator="\n").writerows(marked)
    return file.getvalue()


def rows_html(text: str, caption: str) -> tuple[str, int]:
    """Return CSV as a table with its *caption*, and how many rows were left out beyond :data:`MOST_ROWS`."""
    head, *rows = csv.reader(io.StringIO(text))
    words = [not all(_NUMBER.fullmatch(row[place]) for row in rows if row[place]) for place in range(len(head))]
    shown = "\n".join(f"<tr>{_cells(row, words)}</tr>" for row in rows[:MOST_ROWS])
    heads = "".join(
        f'<th scope="col"{_words(is_words)}>{html.escape(name)}</th>'
        for name, is_words in zip(head, words, strict=True)
    )
    table = (
        f"<table><caption>{html.escape(caption)}</caption><thead><tr>{heads}</tr></thead><tbody>{shown}</tbody></table>"
    )
    return table, max(0, len(rows) - MOST_ROWS)


def _cells(row: Iterable[str], words: list[bool]) -> str:
    return "".join(
        f"<td{_words(is_words)}>{html.escape(cell) or '–'}</td>" for cell, is_words in zip(row, words, strict=True)
    )


def _words(is_words: bool) -> str:
    return ' class="words"' if is_words else ""


def embed_code(address: str, about: outputs.Figure, output: Mapping) -> str:
    """Return the HTML with which another page shows the figure that is at *address*."""
    height = embed_heights(about, output)[0]
    return (
        f'<iframe src="{html.escape(address)}" title="{html.escape(about.title)}" width="100%" height="{height}" '
        'style="border:0" loading="lazy"></iframe>'
    )


def embed_heights(about: outputs.Figure, output: Mapping) -> tuple[int, int]:
    """Return how many CSS pixels an embedded figure takes in a frame that has room for its wide layout, and at most."""
    drawn = outputs.screens(output) or {}
    sizes = (_SIZE.search(drawn[layout]) if drawn else None for layout in ("wide", "narrow"))
    wide, narrow = (int(size[1]) if size else about.width * 2 / 3 for size in sizes)
    return round(wide + _AROUND[0]), round(_MOST_NARROW * narrow + _AROUND[1])
