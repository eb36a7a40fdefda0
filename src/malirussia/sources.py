"""The bibliography: formatted citations, the source line of a figure, lists of references."""

from __future__ import annotations

import html
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from malirussia import outputs
from malirussia.former import SOURCES, merged
from malirussia.language import ENGLISH, Language
from malirussia.package import Package, unknown_name
from malirussia.uses import EVERYTHING, partly, uses

SOURCE_COLUMNS = ("source_id", "source_id_2")
# How many rows that rest on one source may be passed on, by its ``redistribution``; None is any number.
MOST_ROWS = {"open": None, "aggregates": 1500, "facts": 100}


def source_ids(*items: pd.DataFrame | pd.Series | str) -> list[str]:
    """Return the distinct source ids in *items*, in order of first appearance.

    Parameters
    ----------
    *items : pandas.DataFrame, pandas.Series or str
        Frames with a ``source_id`` (and perhaps ``source_id_2``) column, columns of ids, or single ids; several ids
        in a cell have spaces between, as in a codebook.

    Raises
    ------
    ValueError
        A frame has no ``source_id`` column, or no id is left.
    """
    found: dict[str, None] = {}
    for item in items:
        if isinstance(item, pd.DataFrame):
            columns = [item[name] for name in SOURCE_COLUMNS if name in item]
            if not columns:
                raise ValueError("a frame without a source_id column has no source: pass the loaded table")
            ids = pd.concat([column.astype("str") for column in columns])
        else:
            ids = pd.Series(item, dtype="str")
        found.update(dict.fromkeys(" ".join(ids.dropna()).split()))
    if not found:
        raise ValueError("at least one source is needed")
    return list(found)


def safe_url(url: object) -> str:
    """Return *url* when it is a web address that may become a link, else an empty string."""
    if not isinstance(url, str):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


@dataclass(frozen=True)
class References:
    """A list of references; shows as an HTML list in Jupyter, as lines of text elsewhere."""

    entries: dict[str, dict]
    language: Language = ENGLISH
    tables: tuple[str, ...] = ()
    """The tables that were loaded until then, where the references are those of a whole notebook."""

    def __repr__(self) -> str:
        return "\n".join(f"[{key}] {citation(entry, self.language)}" for key, entry in self.entries.items())

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict, dict]:
        items = "".join(
            f'<li id="source-{html.escape(key)}">{_citation_html(entry, self.language)}</li>'
            for key, entry in self.entries.items()
        )
        data = {"text/html": f'<ul class="references">{items}</ul>', "text/plain": repr(self)}
        return outputs.bundle(outputs.Listed(list(self.entries), list(self.tables)), data)


def short_name(entry: dict) -> str:
    """Return publisher and year of one source, as they stand below a figure."""
    return f"{entry['publisher']} ({entry['published'][:4]})" if entry["published"] else entry["publisher"]


def _parts(entry: dict, language: Language) -> tuple[str, str]:
    """Return what stands before and behind the address in a citation."""
    _ = language.gettext
    cited = entry | {"published": entry["published"] or _("no date")}
    number = f" {entry['reference']}." if entry.get("reference") else ""
    accessed = _(" Accessed {accessed}.").format(**entry) if entry["accessed"] else ""
    before = _("{publisher} ({published}): {title}.").format(**cited) + number
    return before, accessed + _(" Licence: {licence}.").format(**entry)


def citation(entry: dict, language: Language = ENGLISH) -> str:
    """Return the citation of one source as plain text."""
    before, behind = _parts(entry, language)
    return f"{before} {safe_url(entry['url'])}".rstrip() + behind


def _citation_html(entry: dict, language: Language) -> str:
    before, behind = (html.escape(part) for part in _parts(entry, language))
    url = html.escape(safe_url(entry["url"]), quote=True)
    return f'{before} <a href="{url}">{url}</a>{behind}' if url else before + behind


class Bibliography:
    """The sources of a data package.

    Parameters
    ----------
    package : Package
        Its table ``sources`` holds one row a source.
    language : Language
        In which it is cited.
    """

    def __init__(self, package: Package, language: Language = ENGLISH):
        self.package = package
        self.language = language

    @property
    def entries(self) -> dict[str, dict]:
        """The rows of ``sources`` by source id; an empty cell is an empty string."""
        uses(self._path, EVERYTHING)
        return self._entries

    @cached_property
    def _path(self) -> Path:
        return self.package.path("sources")

    @cached_property
    def _entries(self) -> dict[str, dict]:
        with partly(self._path):
            table = self.package.load("sources").astype("str").fillna("")
        return table.set_index("source_id", drop=False).to_dict("index")

    def entry(self, source_id: str) -> dict:
        """Return the row of one source; raise UnknownNameError for an id that is not there.

        Warns
        -----
        DeprecationWarning
            The id is that of a row that was merged with another; the message says with which.
        """
        source_id = merged(str(source_id), "source", SOURCES)
        uses(self._path, source_id)
        if source_id not in self._entries:  # it may have been added since the table was read
            del self._entries
        try:
            return self._entries[source_id]
        except KeyError:
            raise unknown_name("source", source_id, list(self.entries), 'load("sources")') from None

    def cite(self, source_id: str) -> str:
        """Return the citation of a source: publisher, date, title, address, licence."""
        return citation(self.entry(source_id), self.language)

    def references(self, *items: pd.DataFrame | pd.Series | str) -> References:
        """Return the references of frames, columns of ids or single ids, sorted by publisher."""
        entries = {key: self.entry(key) for key in source_ids(*items)}
        by_publisher = sorted(entries.items(), key=lambda pair: (pair[1]["publisher"].casefold(), pair[0]))
        return References(dict(by_publisher), self.language)

    def may_pass_on(self, rows: int, *items: pd.DataFrame | pd.Series | str) -> bool:
        """Say whether the terms of all sources in *items* let a table of so many *rows* be passed on."""
        limits = (MOST_ROWS[self.entry(key)["redistribution"]] for key in source_ids(*items))
        return all(limit is None or rows <= limit for limit in limits)

    def source_line(self, *items: pd.DataFrame | pd.Series | str, most: int = 4) -> str:
        """Return the line below a figure: publishers with years, at most *most*, then how many more."""
        entries = [self.entry(key) for key in source_ids(*items)]
        names = list(dict.fromkeys(map(short_name, entries)))
        rest = len(names) - most
        shown, ngettext = "; ".join(names[:most] if rest > 1 else names), self.language.ngettext
        if rest > 1:
            shown += ngettext("; and {count} more", "; and {count} more", rest).format(count=rest)
        return ngettext("Source: {names}", "Sources: {names}", len(names)).format(names=shown)
