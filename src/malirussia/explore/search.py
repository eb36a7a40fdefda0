"""Find what the collection holds by a word: in indicators, tables, columns, units, values and their labels."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from malirussia.collection import Collection
from malirussia.explore.listing import Listing
from malirussia.explore.panels import declared

# Where a word may stand, the telling places first.
PLACES = ("indicator", "table", "title", "column", "heading", "value", "label", "unit", "meaning", "description")
# How a word may be found, the best first.
WAYS = ("word", "start of a word", "part of a word", "like a word")


@dataclass(frozen=True)
class _Text:
    table: str
    column: str
    place: str
    text: str
    around: str = ""
    """The title of the table: a word of it helps, and is not enough."""


def find(collection: Collection, words: str) -> pd.DataFrame:
    """Return where *words* stand in what the data package says about its tables.

    Parameters
    ----------
    words : str
        One or more; capitals do not matter, and the parts of a name like ``net_oda_per_capita`` are words.

    Returns
    -------
    pandas.DataFrame
        One row a place: ``table``, ``column`` (of the table or of a panel; empty where the table itself is meant),
        ``place`` (:data:`PLACES`), ``text`` and ``found`` (:data:`WAYS`). A whole word comes before its start, that
        before a part of it, and within each the order is that of :data:`PLACES`. Of several words, the places with
        most of them are listed; name and title of the table count for all that is in it. Words that are merely alike
        are looked for when nothing else is found. No row: nothing like it.

    Raises
    ------
    ValueError
        There is no letter or digit in *words*.
    """
    wanted = _words(words)
    if not wanted:
        raise ValueError(f"expected a word to look for, found {words!r}")
    texts = [(text, {*_words(text.text)}, {*_words(f"{text.table} {text.around}")}) for text in _texts(collection)]
    every = sorted({word for _, own, around in texts for word in own | around})
    ways = [_ways(word, every) for word in wanted]
    rows = []
    for text, own, around in texts:
        hits = [min(way[word] for word in own & way.keys()) for way in ways if way.keys() & own]
        if hits:
            more = sum(bool(way.keys() & around) for way in ways if not way.keys() & own)
            rows.append((-len(hits) - more, max(hits), PLACES.index(text.place), text))
    rows = sorted((row for row in rows if row[0] == min(row[0] for row in rows)), key=lambda row: row[:3])
    found = pd.DataFrame(
        [(text.table, text.column, text.place, text.text, WAYS[way]) for _, way, _, text in rows],
        columns=["table", "column", "place", "text", "found"],
    )
    return Listing.of(found, collection.language)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def _ways(word: str, every: list[str]) -> dict[str, int]:
    """Return in which way *word* is found in each of *every* word that holds it, or is like it."""
    ways = {other: 0 if other == word else 1 if other.startswith(word) else 2 for other in every if word in other}
    return ways or dict.fromkeys(difflib.get_close_matches(word, every, n=3, cutoff=0.75), 3)


def _texts(collection: Collection) -> Iterator[_Text]:
    """Yield every text about indicators and tables, in the language of the collection; descriptions by the sentence."""
    said = collection.language.gettext
    for one in declared().values():
        yield _Text(one.table, one.column, "indicator", f"{one.name}: {one.title}, {one.unit}")
    for table, resource in collection.package.resources.items():
        title = said(resource["title"])
        yield _Text(table, "", "table", table, title)
        yield _Text(table, "", "title", title)
        for sentence in re.split(r"(?<=[.;:]) ", said(resource["description"])):
            yield _Text(table, "", "description", sentence, title)
        for field in resource["schema"]["fields"]:
            column = field["name"]
            yield _Text(table, column, "column", column, title)
            for place, key in (("heading", "title"), ("unit", "unit"), ("meaning", "description")):
                if field.get(key):
                    yield _Text(table, column, place, said(field[key]), title)
            for value in field.get("constraints", {}).get("enum", []):
                yield _Text(table, column, "value", str(value), title)
            for category in field.get("categories", []):
                if isinstance(category, dict) and "label" in category:
                    yield _Text(table, column, "label", f"{category['value']}: {said(category['label'])}", title)
