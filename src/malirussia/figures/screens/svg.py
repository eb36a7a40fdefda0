"""A figure as SVG for a page: real text, no style, no script, no name that another figure on the page may have."""

from __future__ import annotations

import html
import io
import re
from itertools import groupby

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from malirussia.figures.screens.points import Point

FONT = "DejaVu Sans"
_TOUCH = 6  # half the width of what answers around a point, in CSS pixels
_POINT = 96 / 72  # a point of print in CSS pixels
_ATTRIBUTE = re.compile(r'style="([^"]*)"')
_FONT = re.compile(r"(?:(\w+) )?([\d.]+)px .*")
_DEFINED = re.compile(r'(<path id="[^"]*" d="[^"]*")([^>]*)/>')
_COLOR = re.compile(r' (?:fill|stroke)="#[^"]*"')
_LONG = re.compile(r"(\.\d\d)\d+")


def write(fig: Figure, prefix: str, points: list[Point], rows: tuple[float, float] = (0, 1)) -> str:
    """Return *fig* as an SVG element, the same for the same drawing.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        Its layout stands.
    prefix : str
        What the ids inside begin with.
    points : list of Point
        Marks that say what they are.
    rows : tuple of float
        From where to where, as shares of the height, the figure is shown.
    """
    fig.patch.set_visible(False)
    for ax in fig.axes:
        ax.patch.set_visible(False)
    fig.set_dpi(72)
    file = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": prefix, "path.simplify": True}):
        FigureCanvasSVG(fig).print_svg(file, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    width, height = fig.get_size_inches() * 72
    top = (1 - rows[1]) * height
    return _cleaned(file.getvalue(), prefix, (width, top, (rows[1] - rows[0]) * height), _touched(points, height))


def _cleaned(text: str, prefix: str, view: tuple[float, float, float], touched: str) -> str:
    width, top, height = view
    body = text[text.index(">", text.index("<svg")) + 1 : text.rindex("</svg>")]
    body = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>|<defs>\s*<style.*?</defs>", "", body, flags=re.DOTALL)
    body = _ATTRIBUTE.sub(lambda found: _attributes(html.unescape(found[1])), body)
    body = re.sub(r' id="(?:end )?s(\d+)"', r' data-s="\1"', body)
    body = re.sub(r' transform="rotate\(-0 [^)]*\)"| xml:space="preserve"', "", body)
    # What is used has its colours where it is used: rules of a page do not reach what stands in definitions.
    body = _DEFINED.sub(lambda found: found[1] + _COLOR.sub("", found[2]) + "/>", body)
    body = _named(body.replace("xlink:href", "href"), prefix)
    body = _LONG.sub(r"\1", re.sub(r"\s*\n\s*", "\n", body).strip())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 {top:.2f} {width:.2f} {height:.2f}"'
        f' width="{width * _POINT:.0f}" height="{height * _POINT:.0f}" font-family="{FONT}, sans-serif"'
        f' stroke-linejoin="round" stroke-linecap="butt">\n{body}\n{touched}</svg>'
    )


def _attributes(style: str) -> str:
    """Return a style as attributes: the security policy of a page allows no style inside."""
    parts = dict(part.strip().split(": ", 1) for part in style.split(";") if part.strip())
    if (font := parts.pop("font", None)) and (found := _FONT.match(font)):
        parts["font-size"] = found[2]
        if found[1]:
            parts["font-weight"] = found[1]
    parts.pop("font-family", None)  # that of the whole
    return " ".join(
        f'{name}="{html.escape(value)}"'
        for name, value in parts.items()
        if value != "none" or name in ("fill", "stroke")
    )


def _named(body: str, prefix: str) -> str:
    """Keep the ids that something inside refers to, each of its own on the page; drop the others."""
    ids = {one for pair in re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', body) for one in pair if one}
    body = re.sub(r' id="([^"]*)"', lambda found: f' id="{prefix}-{found[1]}"' if found[1] in ids else "", body)
    return re.sub(r'(href="#|url\(#)', rf"\1{prefix}-", body)


def _touched(points: list[Point], height: float) -> str:
    """Return the layer of what answers to a pointer: a shape for each mark, with its words as a title."""
    shapes = []
    ends = [
        end
        for ax, group in groupby(points, key=lambda point: point.ax)
        for end in ax.transData.transform(np.reshape([point.box for point in group], (-1, 2))).reshape(-1, 4).tolist()
    ]
    for point, (x0, y0, x1, y1) in zip(points, ends, strict=True):
        left, right, low, high = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
        pad_x, pad_y = (max(0, _TOUCH / _POINT - (end - start) / 2) for start, end in ((left, right), (low, high)))
        shapes.append(
            f'<rect data-s="{point.series}" x="{left - pad_x:.1f}" y="{height - high - pad_y:.1f}"'
            f' width="{right - left + 2 * pad_x:.1f}" height="{high - low + 2 * pad_y:.1f}">'
            f"<title>{html.escape(point.text)}</title></rect>"
        )
    return f'<g class="points" fill="none" pointer-events="all">\n{chr(10).join(shapes)}\n</g>\n' if shapes else ""
