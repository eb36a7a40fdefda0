"""What pages that lie beside one another know of each other: their names, and the words they explain."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors.sanitize import SanitizeHTML

GLOSSARY = "docs/glossary.md"
_LINK = re.compile(r'<a href="(?![\w+.-]+:|#|//)([^"#]*)(#[^"]*)?"[^>]*>(.*?)</a>', re.DOTALL)
_TERM = re.compile(r"^## (.+?)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_TAGS = ["a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "span"]
_TAGS += ["strong", "table", "tbody", "td", "th", "thead", "tr", "ul"]


def markdown(text: str) -> str:
    """Return *text* as HTML, by the renderer of nbconvert, without anything that could run or style."""
    made = MarkdownWithMath(renderer=IPythonRenderer(escape=False, exclude_anchor_links=True)).render(text)
    return SanitizeHTML(tags=_TAGS, attributes={"a": ["href"]}).sanitize_html_tags(made)


def slug(heading: str) -> str:
    """Return the address of a *heading* within its page, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def terms_in(root: Path) -> dict[str, tuple[str, str]]:
    """Return the words that the glossary of the collection at *root* explains: slug to name and definition."""
    path = root / GLOSSARY
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return {slug(name): (name.strip(), " ".join(said.split())) for name, said in _TERM.findall(text)}


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
    """

    pages: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    terms: Mapping[str, tuple[str, str]] = field(default_factory=dict)

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
