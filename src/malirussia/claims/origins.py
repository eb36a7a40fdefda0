"""Who saw or said it first: the graph that leads from a source to its origin.

An agency and the papers that carry it, a text and its translation, data projects that read the same reports: all of
them are one witness. The table ``claims_origins`` holds one edge a source, either to the source that it follows or
to the name of its origin, and for which claims it holds; ``claims_publishers`` says which names are one speaker.
"""

from __future__ import annotations

import re
from functools import cache

import pandas as pd

ALL = "all"


class OriginError(ValueError):
    """A row of the table of origins leads nowhere, or in a circle."""


@cache
def publisher(name: str) -> str:
    """Return who speaks: the name without the outlet that carries it or the office that files it."""
    return re.split(r", (?:[a-z]|Office|Economic|Vestnik)| \(", name)[0]


class Origins:
    """The origins of sources.

    Parameters
    ----------
    edges : pandas.DataFrame
        Like the table ``claims_origins``: ``source_id``, ``scope`` (claim ids with semicolons between them, or
        ``all``), and either ``follows`` (a source) or ``origin`` (a name). A frame without rows for none.
    aliases : pandas.DataFrame
        Like ``claims_publishers``: ``publisher`` and the ``speaker`` whose name it is.

    Raises
    ------
    OriginError
        A row has both a source that it follows and an origin, or neither, or two rows hold for one claim.
    """

    def __init__(self, edges: pd.DataFrame, aliases: pd.DataFrame):
        self._edges: dict[tuple[str, str], tuple[str | None, str | None]] = {}
        self._speakers = dict(zip(aliases["publisher"], aliases["speaker"], strict=True)) if len(aliases) else {}
        columns = edges.reindex(columns=["source_id", "scope", "follows", "origin"]).itertuples(index=False)
        for number, (source, scope, follows, origin) in enumerate(columns, start=2):
            follows, origin = (text if isinstance(text, str) else None for text in (follows, origin))
            where = f"claims_origins, line {number}, source {source!r}"
            if (follows is None) == (origin is None):
                raise OriginError(f"{where}: expected either a source that it follows or an origin, not both or none")
            for claim in str(scope).split(";"):
                if (source, claim) in self._edges:
                    raise OriginError(f"{where}: claim {claim!r} has an edge of this source already")
                self._edges[source, claim] = follows, origin

    def speaker(self, name: str) -> str:
        """Return the one name of who publishes under *name*."""
        return self._speakers.get(name) or self._speakers.get(publisher(name)) or publisher(name)

    def of(self, source_id: str, claim_id: str, published_by: str) -> str:
        """Return the origin of what a source says on a claim: its publisher, where the graph says nothing.

        Raises
        ------
        OriginError
            The edges lead in a circle.
        """
        passed = [source_id]
        while edge := self._edges.get((passed[-1], claim_id)) or self._edges.get((passed[-1], ALL)):
            follows, origin = edge
            if follows is None:
                return self._speakers.get(str(origin), str(origin))
            if follows in passed:
                raise OriginError(f"claims_origins: a circle of sources: {' follows '.join([*passed, follows])}")
            passed.append(follows)
        return self.speaker(published_by) if len(passed) == 1 else passed[-1]
