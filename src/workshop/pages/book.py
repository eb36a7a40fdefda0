"""All pages as one book for paper: title, contents and lists with page numbers, and a chapter for each page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup

from malirussia.collection import Collection
from workshop.pages.exporter import TEMPLATES, policy, render, running_title, stylesheet
from workshop.pages.frame import BESIDE, MENU, TRUST, Site
from workshop.pages.trust import SOURCES

LEFT_OUT = ("search.html", "figures.html")
"""Pages that are of no use on paper: what is searched there, and pictures that stand elsewhere."""

_MAIN = re.compile(r'<main id="main"[^>]*>(.*?)(?:<nav class="neighbours".*)?</main>', re.DOTALL)
_NAMED = re.compile(r'( id="|href="#|url\(#| aria-(?:describedby|labelledby)=")')
_BESIDE = re.compile(rf' href="{BESIDE}([^"#]*)(#[^"]*)?"')
_SECTION = re.compile(r'<h2 id="([^"]+)">(.*?)</h2>', re.DOTALL)
_FIGURE = re.compile(r'<figure id="([^"]+)" class="drawn">.*?<strong>(.*?)</strong>\s*<span>(.*?)</span>', re.DOTALL)
_REFERENCES = re.compile(
    r'<details class="folded"><summary>([^<]*)</summary>\s*<ul class="references">.*?</details>', re.DOTALL
)
_NARROW = re.compile(r'<div class="narrow">.*?</div>', re.DOTALL)
_TABLE = re.compile(r'<figure id="([^"]+)" class="table">.*?<caption><strong>(.*?)</strong>(.*?)</caption>', re.DOTALL)


class Line(NamedTuple):
    """A line of the contents or of a list: its text, and the id that it leads to."""

    text: Markup
    target: str


class Chapter(NamedTuple):
    """A page as a chapter: its name in the book, its title, what stands in it, and that itself."""

    name: str
    title: str
    sections: list[Line]
    figures: list[Line]
    tables: list[Line]
    body: Markup


def on_paper(page: str, base: str, chapters: Mapping[str, str] | None = None) -> str:
    """Return the HTML of a *page* with all that is folded open, and links that hold on paper.

    Those to one of the *chapters*, by file name, lead there; others to *base*, or nowhere where that is empty: a
    printed file would name the folder in which it was printed.
    """
    names = chapters or {}

    def link(found: re.Match) -> str:
        target, part = found[1], found[2] or ""
        if target in names:
            return f' href="#{names[target]}{"-" + part[1:] if part else ""}"'
        return f' href="{base}{target}{part}"' if base else ""

    return _BESIDE.sub(link, page.replace('<details class="folded">', '<details class="folded" open>'))


def order(site: Site) -> list[str]:
    """Return the file names of the *site* in the order of the book: front page, themes, lists, and what is behind."""
    told = [*MENU[:1], *site.themes, *MENU[1:], *TRUST]
    return [name for name in told if name in site.pages and name not in LEFT_OUT]


def chapters(site: Site, folder: Path) -> list[Chapter]:
    """Return the pages of the *site*, which lie in *folder*, as chapters."""
    names = {name: f"chapter-{number}" for number, name in enumerate(order(site))}
    return [
        _chapter(name, site.pages[file], (folder / file).read_text(encoding="utf-8"), site.base, names)
        for file, name in names.items()
    ]


def _chapter(name: str, title: str, page: str, base: str, names: Mapping[str, str]) -> Chapter:
    found = _MAIN.search(page)
    assert found, f"{name} has no main part"
    body = _NARROW.sub("", found[1])
    if SOURCES in names:
        # A source stands once in the book, and not at the end of each chapter.
        body = body.replace('href="#source-', f'href="{SOURCES}#source-')
        body = _REFERENCES.sub(rf'<p><a href="{SOURCES}">\1</a></p>', body)
    # Ids are those of one page; in the book each bears the name of its chapter.
    body = on_paper(_NAMED.sub(rf"\1{name}-", body), base, names)

    def lines(pattern: re.Pattern) -> list[Line]:
        return [Line(Markup(" ".join(text)), target) for target, *text in pattern.findall(body)]

    return Chapter(name, title, lines(_SECTION), lines(_FIGURE), lines(_TABLE), Markup(body))


def book_page(collection: Collection, site: Site, parts: list[Chapter], numbers: Mapping[str, int]) -> str:
    """Return the book as one page of HTML; *numbers* gives the sheet of each id, empty where it is not known yet."""
    body = Markup("".join(part.body for part in parts))
    heads = [(collection.language.gettext("Contents"), "contents"), *((part.title, part.name) for part in parts)]
    running = "".join(running_title(title, sheets) for title, sheets in heads)
    named = "".join(f"\n#{part.name} {{ page: {part.name}; }}" for part in parts)
    own = (TEMPLATES / "malirussia" / "book.css").read_text(encoding="utf-8")
    style = stylesheet(body) + own + running + named
    about = collection.package.descriptor
    return render(
        collection,
        "book.html.j2",
        about=about,
        chapters=parts,
        numbers=numbers,
        lang=collection.language.tag,
        style=Markup(style),
        policy=policy(style),
        version=version("malirussia"),
        site=site,
    )


def page_numbers(path: Path) -> dict[str, int]:
    """Return the number of the sheet on which each id stands that something in the PDF at *path* leads to."""
    from pypdf import PdfReader

    reader = PdfReader(path)
    named = reader.named_destinations.items()
    found = ((name, reader.get_destination_page_number(there)) for name, there in named)
    return {name.removeprefix("/"): number + 1 for name, number in found if number is not None}
