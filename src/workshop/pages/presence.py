"""A map of Mali with the places of reported Russian presence, year by year."""

from __future__ import annotations

from collections.abc import Iterator
from math import cos, radians
from typing import Any

from malirussia.cards import labels
from malirussia.claims.rule import day, given
from malirussia.collection import Collection
from malirussia.sources import safe_url, short_name
from workshop.pages.exporter import page, render
from workshop.pages.frame import Leaf, Site

NAME = "map.html"
NEEDS = ("deployment_bases", "military_force_spans", "context_outlines", "context_places")
WIDTH = 640
_WEST, _EAST, _SOUTH, _NORTH = -12.8, 5.2, 9.6, 25.4
# At the latitude of the middle of Mali a degree of longitude is that much shorter than one of latitude.
_SHRINK = cos(radians(17.5))


def _at(longitude: float, latitude: float) -> tuple[float, float]:
    """Return where a place is drawn, in units of the picture."""
    scale = WIDTH / ((_EAST - _WEST) * _SHRINK)
    return round((longitude - _WEST) * _SHRINK * scale, 1), round((_NORTH - latitude) * scale, 1)


def _outlines(collection: Collection) -> Iterator[tuple[str, str]]:
    """Yield code and path of each part of a country."""
    for (country, _), corners in collection.package.load("context_outlines").groupby(["country", "part"]):
        points = (_at(x, y) for x, y in zip(corners["longitude"], corners["latitude"], strict=True))
        yield country, "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"


def _span(collection: Collection, row: Any, last: int) -> dict[str, Any]:
    """Return the years and the words of a row with a start and perhaps an end."""
    source = collection.bibliography.entry(row.source_id)
    end = row.end if given(row.end) else None
    return row._asdict() | {
        "first": row.start.year,
        "final": end.year if end is not None else last,
        "since": day(row.start, row.start_precision, collection.language),
        "until": day(end, row.end_precision, collection.language) if end is not None else "",
        "source": short_name(source),
        "address": safe_url(source["url"]),
    }


def _places(collection: Collection, last: int) -> list[dict[str, Any]]:
    """Return the places of presence with where they are drawn; a place without coordinates is listed only."""
    known = collection.package.load("context_places").set_index("place")
    found = []
    for row in collection.package.load("deployment_bases").sort_values("start").itertuples(index=False):
        one = _span(collection, row, last)
        if not given(row.latitude) and row.place in known.index:
            one |= {"longitude": known.loc[row.place, "longitude"], "latitude": known.loc[row.place, "latitude"]}
        one["at"] = _at(one["longitude"], one["latitude"]) if given(one["latitude"]) else None
        found.append(one)
    return found


def _named(places: list[dict[str, Any]], height: float, part: str) -> None:
    """Write under *part* where the name of each place is drawn in letters of this *height*, or nothing.

    To the right of its mark, else to the left, below or above it: where it meets no other mark and no other name.
    """
    drawn = [one for one in places if one["at"]]
    taken = [(x - 6, y - 6, x + 6, y + 6) for x, y in (one["at"] for one in drawn)]
    for one in drawn:
        (x, y), wide = one["at"], len(one["place"]) * 0.62 * height
        ways = ((x + 9, y, "start"), (x - 9, y, "end"), (x, y + height, "middle"), (x, y - height, "middle"))
        for left, middle, anchor in ways:
            start = left - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
            box = (start, middle - height / 2, start + wide, middle + height / 2)
            if start > 0 and box[2] < WIDTH and not any(_meet(box, other) for other in taken):
                taken.append(box)
                one[part] = (round(left, 1), round(middle + height / 3, 1), anchor)
                break


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def map_page(collection: Collection, site: Site) -> str:
    """Return the page of the map: the last year without a script, any year with it, and every place as a list."""
    said, package = collection.language.gettext, collection.package
    last = int(package.resource("deployment_bases")["coverage"]["temporal"].split("/")[-1][:4])
    places = _places(collection, last)
    _named(places, 15, "wide")
    _named(places, 24, "narrow")
    spans = package.load("military_force_spans").sort_values("start")
    body = render(
        collection,
        "map.html.j2",
        outlines=list(_outlines(collection)),
        places=places,
        forces=[_span(collection, row, last) for row in spans.itertuples(index=False)],
        kinds=labels(collection, "deployment_bases", "kind"),
        first=min(one["first"] for one in places),
        last=last,
        size=(WIDTH, round(_at(_EAST, _SOUTH)[1])),
        tables="tables.html" if "tables.html" in site.pages else "",
    )
    leaf = Leaf(NAME, said("Where Russian personnel were reported in Mali, year by year."), scripts=("map.js",))
    return page(collection, said("Map of reported presence"), body, site=site, leaf=leaf)
