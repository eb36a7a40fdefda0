"""The rules for the bibliography: where a source stands, that it stands there once, and how it is graded."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

import pandas as pd

from malirussia.sources import safe_url
from workshop.check.rules import Found, rule
from workshop.check.tables import Table, in_line

# The grades that a kind of source may have; `contested` may take the place of any.
GRADES = {
    "treaty": ("primary",),
    "official": ("primary",),
    "un": ("primary",),
    "dataset": ("primary", "good"),
    "report": ("good", "weak"),
    "research": ("good", "weak"),
    "press": ("good", "weak"),
    "reference": ("good", "weak"),
    "statement": ("good", "weak"),
    "state_media": ("weak",),
}
# A publisher's name ends where the outlet that carries the text, or the one that it follows, begins.
CARRIER = re.compile(r",? \(on |,? carried by |, carrying |,? on |,? after |, citing |, relayed by |, reprint of ")


def address(url: object) -> str:
    """Return the part of *url* that tells pages apart: without scheme, `www.`, `m.`, `/amp` and a closing slash."""
    parts = urlsplit(safe_url(url))
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    path = re.sub(r"/+", "/", parts.path.removesuffix("/amp").replace("/amp/", "/")).rstrip("/")
    return f"{host}{path}" + (f"?{parts.query}" if parts.query else "") if host else ""


def plain(title: str) -> str:
    """Return *title* without accents, capitals and signs, which copies of it change."""
    letters = unicodedata.normalize("NFKD", title.casefold())
    return " ".join(re.findall(r"[^\W_]+", "".join(sign for sign in letters if not unicodedata.combining(sign))))


@rule(
    "sources",
    "T21",
    "An address is that of the page itself, no front page. Where there is none, a `reference` tells where the work is "
    "found, or `seen` says that it was read in a copy or is known as others cite it.",
    "A reader can look up what we looked up, or learns why not.",
)
def found_again(table: Table) -> Found:
    if not {"url", "reference", "seen"} <= {*table.frame}:
        return
    for position, row in table.frame.iterrows():
        parts = urlsplit(safe_url(row["url"]))
        if parts.hostname and parts.path.strip("/") == "" and not parts.query:
            yield in_line(position, "url"), f"found the front page {row['url']}, expected the page itself or nothing"
        if row[["url", "reference"]].isna().all() and row["seen"] == "original":
            yield in_line(position, "reference"), "no address, expected a reference, or 'seen' in a copy or as cited"


@rule(
    "sources",
    "T22",
    "No two sources have one address and date, or one title and date. The files of one data set may share an address.",
    "A page under two ids counts as two witnesses, and its two grades contradict each other.",
)
def one_id_a_page(table: Table) -> Found:
    if not {"title", "published", "kind"} <= {*table.frame}:
        return
    frame = table.frame.assign(published=table.frame["published"].fillna(""))
    pages = frame.assign(page=frame["url"].map(address).where(frame["kind"] != "dataset", ""))
    titles = frame.assign(page=frame["title"].map(plain))
    for column, rows in (("url", pages[pages["page"] != ""]), ("title", titles)):
        for position, first in _repeated(rows):
            yield in_line(position, column), f"the same page as {first!r}, expected one id for it"


def _repeated(rows: pd.DataFrame) -> Iterator[tuple[int, str]]:
    """Yield the positions of the rows whose page and date an earlier row has, and the id of that row."""
    for _, group in rows.groupby(["page", "published"]):
        yield from ((position, group["source_id"].iloc[0]) for position in group.index[1:])


@rule(
    "sources",
    "T23",
    "A grade is one that the kind may have: "
    + "; ".join(f"{kind} {' or '.join(grades)}" for kind, grades in GRADES.items())
    + ". What is known only as others cite it is weak, and one publisher has one grade within a kind. `contested` may "
    "take the place of any grade, with a note that says what is disputed.",
    "Grades decide verdicts. They follow from who speaks and how it knows, not from whether we like what it says.",
)
def graded_by_rule(table: Table) -> Found:
    if not {"publisher", "kind", "seen", "reliability", "note"} <= {*table.frame}:
        return
    known: dict[tuple[str, str], tuple[str, str]] = {}
    for position, row in table.frame.iterrows():
        grade, kind, where = row["reliability"], row["kind"], in_line(position, "reliability")
        if grade == "contested":
            if pd.isna(row["note"]):
                yield in_line(position, "note"), "contested, expected a note that says what is disputed"
            continue
        allowed = ("weak",) if row["seen"] == "cited" else GRADES[kind]
        if grade not in allowed:
            yield where, f"found {grade!r} of kind {kind!r}, seen {row['seen']!r}, expected {' or '.join(allowed)}"
        if row["seen"] != "cited":
            speaker = CARRIER.split(row["publisher"])[0]
            first, other = known.setdefault((speaker, kind), (grade, row["source_id"]))
            if first != grade:
                yield where, f"found {grade!r}, but {other!r} of the same publisher and kind is {first!r}, expected one"
