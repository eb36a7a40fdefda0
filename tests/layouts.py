"""What stands where in a figure as SVG: its texts with their boxes, told by the metrics of the font of the house."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from xml.etree import ElementTree

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Text:
    """A line of words, with the box around its letters and its size, in units of the picture."""

    said: str
    box: tuple[float, float, float, float]
    size: float

    def meets(self, other: Text) -> bool:
        (a0, b0, a1, b1), (c0, d0, c1, d1) = self.box, other.box
        return min(a1, c1) - max(a0, c0) > 1 and min(b1, d1) - max(b0, d0) > 1


@cache
def extent(said: str, weight: str) -> tuple[float, float, float]:
    """Return width, height above the base line and depth below it of *said*, as shares of the size."""
    font = FontProperties(family="DejaVu Sans", weight=weight, size=100)
    width, height, depth = text_to_path.get_text_width_height_descent(said, font, ismath=False)
    return width / 100, (height - depth) / 100, depth / 100


def texts(svg: str) -> list[Text]:
    found = []
    for one in ElementTree.fromstring(svg).iter(f"{SVG}text"):
        said, size = one.text or "", float(one.get("font-size", "0").removesuffix("px"))
        if not said.strip():
            continue
        moved = one.get("transform", "")
        x, y = float(one.get("x", 0)), float(one.get("y", 0))
        if shift := re.search(r"translate\(([-\d.e]+)[ ,]+([-\d.e]+)\)", moved):
            x, y = map(float, shift.groups())
        turn = re.search(r"rotate\(([-\d.e]+)", moved)
        width, up, down = (size * part for part in extent(said, one.get("font-weight", "400")))
        left = -width * {"middle": 0.5, "end": 1.0}.get(one.get("text-anchor", ""), 0)
        angle = math.radians(float(turn[1])) if turn else 0
        corners = [
            (x + a * math.cos(angle) - b * math.sin(angle), y + a * math.sin(angle) + b * math.cos(angle))
            for a in (left, left + width)
            for b in (-up, down)
        ]
        xs, ys = zip(*corners, strict=True)
        found.append(Text(said, (min(xs), min(ys), max(xs), max(ys)), size))
    return found


def faults(svg: str, least: float) -> list[str]:
    """Return what is wrong with the texts of a layout: smaller than *least*, outside of it, or over each other."""
    left, top, width, height = map(float, re.search(r'viewBox="([^"]*)"', svg)[1].split())
    there = texts(svg)
    small = [f"{one.said!r} is small: {one.size}" for one in there if one.size < least]
    outside = [
        f"{one.said!r} is cut"
        for one in there
        if one.box[0] < left - 1
        or one.box[1] < top - 1
        or one.box[2] > left + width + 1
        or one.box[3] > top + height + 1
    ]
    return small + outside + [f"{a.said!r} lies on {b.said!r}" for a, b in combinations(there, 2) if a.meets(b)]
