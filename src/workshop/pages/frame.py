"""What pages that lie beside one another know of each other: names, neighbours, words, what a page says of itself."""

from __future__ import annotations

import html
import os
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from bleach.sanitizer import Cleaner
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from malirussia.collection import Collection
from malirussia.sources import safe_url

BASE = "MALIRUSSIA_BASE_URL"
"""Variable that holds the address under which the pages will lie; without it no page names one."""

GLOSSARY = "docs/glossary.md"
CLAIMS, FIGURES = "claims.html", "figures.html"
MENU = (
    "index.html",
    CLAIMS,
    "chronology.html",
    "map.html",
    FIGURES,
    "tables.html",
    "glossary.html",
    "lessons.html",
    "search.html",
)
TRUST = ("about.html", "methods.html", "sources.html", "corrections.html", "changes.html")
BESIDE = r"(?![\w+.-]+:|#|//)"
"""Begins the pattern of an address that leads to what lies beside a page, and neither elsewhere nor within it."""

_LINK = re.compile(rf'<a href="{BESIDE}([^"#]*)(#[^"]*)?"[^>]*>(.*?)</a>', re.DOTALL)
TERM = re.compile(r"^## (.+?)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_TAGS = ["a", "abbr", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "del", "details", "div"]
_TAGS += ["dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "kbd", "li"]
_TAGS += ["mark", "ol", "p", "pre", "q", "s", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody"]
_TAGS += ["td", "tfoot", "th", "thead", "tr", "u", "ul"]
_ATTRIBUTES = {"alt", "class", "colspan", "height", "lang", "rowspan", "scope", "start", "title", "width"}
_HELD = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[\w+/=\s]*")
_LED_TO = re.compile(r"(?:https?:|mailto:|#)\S*|[^:\s]*", re.IGNORECASE)
_NO_PICTURE = re.compile(r"<img(?![^>]* src=)[^>]*>")
_NO_TEXT = re.compile(r"<(style|script|template|title)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<(?:a|link)\b[^>]*>")
_BESIDE = re.compile(rf'( href="){BESIDE}')


def markdown(text: str) -> str:
    """Return *text* as HTML, by the renderer of nbconvert, without anything that could run or style."""
    return clean(MarkdownWithMath(renderer=IPythonRenderer(escape=False, exclude_anchor_links=True)).render(text))


def clean(markup: str) -> str:
    """Return HTML of others without what could run, style, send, load or lead away; words and pictures stay."""
    return _NO_PICTURE.sub("", _cleaner().clean(_NO_TEXT.sub("", markup)))


@cache
def _cleaner() -> Cleaner:
    """Return the library that nbconvert cleans with, which knows how browsers read broken markup."""
    return Cleaner(tags=_TAGS, attributes=_is_harmless, protocols=["http", "https", "mailto", "data"], strip=True)


def _is_harmless(tag: str, name: str, value: str) -> bool:
    if name == "src":
        return tag == "img" and bool(_HELD.fullmatch(value))
    if name == "href":
        return tag == "a" and bool(_LED_TO.fullmatch(html.unescape(value)))
    return name in _ATTRIBUTES or (name == "id" and value.startswith("source-"))


def slug(heading: str) -> str:
    """Return the address of a *heading* within its page, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def below(text: str) -> str:
    """Return a page as it stands in a folder of the site: its links to what lies beside it lead up first."""
    return _TAG.sub(lambda found: _BESIDE.sub(r"\1../", found[0]), text)


def terms_in(collection: Collection) -> dict[str, tuple[str, str]]:
    """Return the words that the glossary of *collection* explains in its language: slug to name and definition."""
    path, said = collection.root / GLOSSARY, collection.language.gettext
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return {slug(name): (said(name.strip()), said(" ".join(words.split()))) for name, words in TERM.findall(text)}


def base_address() -> str:
    """Return the address under which the pages will lie, with a slash at its end; empty when none is set.

    Raises
    ------
    ValueError
        What is set is no web address.
    """
    given = os.environ.get(BASE, "").strip()
    if given and not safe_url(given):
        raise ValueError(f"{BASE} is {given!r}, expected an address like https://example.org/mali-russia/")
    return f"{given.rstrip('/')}/" if given else ""


@dataclass(frozen=True)
class Leaf:
    """What one page says of itself, for its foot, for search engines and for those who share it.

    Attributes
    ----------
    name : str
        Its file name; empty where it has no address.
    description : str
        In a sentence or two.
    read, changed : str
        Days: up to which its data were read, and when it was changed last.
    kind : str
        What it is in the words of schema.org.
    more : mapping
        What schema.org has to say about that kind.
    scripts : tuple of str
        Files of code that it needs beside that of all pages.
    card : str
        The picture that stands for it where it is shared.
    beside : tuple
        The pages before and after it, where these are no themes: relation, file name and title of each.
    """

    name: str = ""
    description: str = ""
    read: str = ""
    changed: str = ""
    kind: str = "WebPage"
    more: Mapping[str, Any] = field(default_factory=dict)
    scripts: tuple[str, ...] = ()
    card: str = "card.png"
    beside: tuple[tuple[str, str, str], ...] = ()


def neighbours(titles: Mapping[str, str], name: str) -> tuple[tuple[str, str, str], ...]:
    """Return the pages before and after *name* in the order of *titles*, each as relation, file name and title."""
    order = list(titles)
    if name not in order:
        return ()
    place = order.index(name)
    beside = [("prev", place - 1), ("next", place + 1)]
    return tuple((rel, order[at], titles[order[at]]) for rel, at in beside if 0 <= at < len(order))


@dataclass(frozen=True)
class Site:
    """The pages that lie beside one another; without any, a page stands for itself.

    Attributes
    ----------
    pages : mapping
        File name of each page to its title, in the order of reading.
    places : mapping
        Path in the collection of what a page is made of to the file name of the page.
    terms : mapping
        What the glossary explains: slug to name and definition.
    base : str
        The address under which they will lie; empty where it is not known.
    authors, released, read : str
        Who wrote it, the day of its last release, and that up to which its data were read.
    changed : mapping
        File name to the day on which the page was changed last.
    """

    pages: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    terms: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    base: str = ""
    authors: str = ""
    released: str = ""
    read: str = ""
    changed: Mapping[str, str] = field(default_factory=dict)

    @property
    def themes(self) -> dict[str, str]:
        """The pages that are made from notebooks."""
        return {name: title for name, title in self.pages.items() if name[0].isdigit()}

    @property
    def menu(self) -> dict[str, str]:
        """The pages that each page leads to by name."""
        return {name: self.pages[name] for name in MENU if name in self.pages}

    @property
    def trust(self) -> dict[str, str]:
        """The pages that say on what the collection rests."""
        return {name: self.pages[name] for name in TRUST if name in self.pages}

    def neighbours(self, leaf: Leaf) -> tuple[tuple[str, str, str], ...]:
        """Return the pages before and after a page, each as relation, file name and title."""
        return leaf.beside or neighbours(self.themes, leaf.name)

    def figure(self, name: str, form: str = "html") -> str:
        """Return where the page of a figure lies; nothing where figures have none."""
        return f"figures/{name}.{form}" if FIGURES in self.pages else ""

    def theme_of(self, word: str) -> str:
        """Return the theme page that has *word* in its name; nothing when there is none."""
        return next((name for name in self.themes if word in name.removesuffix(".html").split("_")), "")

    def record(self, leaf: Leaf, title: str, language: str) -> dict[str, Any]:
        """Return what schema.org says of a page, to be read by machines."""
        about: dict[str, Any] = {"@context": "https://schema.org", "@type": leaf.kind, "name": title}
        about |= {"description": leaf.description, "inLanguage": language}
        about |= {"url": self.base + leaf.name if self.base else "", "dateModified": leaf.changed or self.released}
        if self.authors:
            about["author"] = {"@type": "Organization", "name": self.authors}
        return {name: value for name, value in (about | dict(leaf.more)).items() if value}

    def address(self, path: str) -> str:
        """Return where the page lies that is made of *path* in the collection; nothing when there is none."""
        if path in self.places:
            return self.places[path]
        return path if self.pages and path.startswith("data/") else ""

    def linked(self, body: str, folder: str = "notebooks") -> str:
        """Return *body*, made of a file in *folder*, with links to files of the collection as links to pages.

        A link to a word of the glossary gets its definition beside it. Where no page is, the text stays.
        """
        count = 0

        def link(found: re.Match) -> str:
            nonlocal count
            target, part, text = found[1], found[2] or "", found[3]
            path = posixpath.normpath(posixpath.join(folder, target))
            page = self.address(path)
            if path == GLOSSARY and part[1:] in self.terms:
                count += 1
                return self._explained(text, part[1:], page, f"term-{count}")
            return f'<a href="{page}{part}">{text}</a>' if page else text

        return _LINK.sub(link, body)

    def _explained(self, text: str, term: str, page: str, name: str) -> str:
        definition = html.escape(self.terms[term][1], quote=False)
        about = f'aria-describedby="{name}"'
        word = (
            f'<a href="{page}#{term}" {about}>{text}</a>' if page else f'<button type="button" {about}>{text}</button>'
        )
        return f'<span class="term">{word}<span role="tooltip" id="{name}">{definition}</span></span>'
