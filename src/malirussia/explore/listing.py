"""A frame to read rather than to work on, and a table as lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pandas as pd

from malirussia.language import ENGLISH, Language
from malirussia.tables import Grid, grid, to_html


class Listing(pd.DataFrame):
    """A frame to read: it shows whole, words to the left, in parts by the column ``by`` where one is set.

    What is made from it is a plain frame. Long lists of codes in ``countries`` are shown as their number.
    """

    _metadata = ["by", "language"]  # noqa: RUF012 - pandas asks for a list
    by = ""
    language = ENGLISH

    @classmethod
    def of(cls, frame: pd.DataFrame, language: Language, by: str = "") -> Listing:
        """Return *frame* as a listing in a *language*."""
        listing = cls(frame)
        listing.by, listing.language = by, language
        return listing

    @property
    def _constructor(self) -> type[pd.DataFrame]:
        return pd.DataFrame

    def __repr__(self) -> str:
        head, *lines = to_lines(self._grid()).split("\n")
        return "\n\n".join("\n".join([*name, head, *(lines[place] for place in at)]) for name, at in self._parts())

    def _repr_html_(self) -> str:
        whole = self._grid()
        parts = ((" ".join(name), [whole.rows[place] for place in at]) for name, at in self._parts())
        return "\n".join(to_html(replace(whole, caption=name, rows=rows)) for name, rows in parts)

    def _grid(self) -> Grid:
        shown = pd.DataFrame(self).drop(columns=self.by or [])
        return grid(shown, "", formatters={"countries": few_countries}, language=self.language)

    def _parts(self) -> Iterator[tuple[list[str], Iterable[int]]]:
        """Yield the name of each part, if it has one, and the places of its rows."""
        if not self.by:
            yield [], range(len(self))
            return
        yield from (([str(name)], places) for name, places in pd.DataFrame(self).groupby(self.by).indices.items())


def few_countries(codes: str) -> str:
    """Return a list of country codes as it stands, or how many they are."""
    count = len(codes.split())
    return codes if count <= 6 else f"{count} countries"


def to_lines(table: Grid) -> str:
    """Return *table* as lines of text, words to the left and numbers to the right."""
    aligned = []
    for words, *cells in zip(table.words, table.head, *table.rows, strict=True):
        width = max(map(len, cells))
        aligned.append([text.ljust(width) if words else text.rjust(width) for text in cells])
    return "\n".join("  ".join(line).rstrip() for line in zip(*aligned, strict=True))
