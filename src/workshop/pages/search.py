"""A page that searches the site by itself: what there is to find stands in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from nbformat import NotebookNode

from malirussia import outputs
from malirussia.collection import Collection
from malirussia.language import N_
from malirussia.words import label
from workshop.pages.exporter import page, render
from workshop.pages.frame import Leaf, Site

NAME = "search.html"
KINDS = (
    *(N_("page"), N_("answer"), N_("finding"), N_("text"), N_("figure"), N_("table"), N_("claim")),
    *(N_("data"), N_("term"), N_("source")),
)
LISTS = ("claims.html", "chronology.html", "tables.html", "sources.html", "glossary.html")

Entry = tuple[str, str, str, str]
"""Kind, title, address, and more words that it is found by."""


def entries(collection: Collection, site: Site, notebooks: Mapping[Path, NotebookNode]) -> Iterator[Entry]:
    """Yield what there is to find: pages, sentences, figures, tables, claims, data, terms and sources."""
    said = collection.language.gettext
    for name, title in site.pages.items():
        yield "page", title, name, ""
    for path, notebook in notebooks.items():
        yield from _said(collection, f"{path.stem}.html", notebook)
    if "claims.html" in site.pages:
        for claim in collection.package.load("claims").itertuples(index=False):
            yield "claim", f"{claim.claim_id} {claim.statement}", f"claims.html#{claim.claim_id}", claim.wording
    for name, resource in collection.package.resources.items():
        yield "data", said(resource["title"]), f"tables.html#{name}", name
    for slug, (name, meaning) in site.terms.items():
        yield "term", name, f"glossary.html#{slug}", meaning
    for key, source in collection.bibliography.entries.items():
        yield "source", f"{source['publisher']}: {source['title']}", f"sources.html#source-{key}", key


def _said(collection: Collection, page: str, notebook: NotebookNode) -> Iterator[Entry]:
    for about, _ in outputs.shown(notebook):
        if isinstance(about, outputs.Figure | outputs.Table):
            yield about.kind, f"{label(collection, about.id)}: {about.title}", f"{page}#{about.id}", ""
        if isinstance(about, outputs.Sentence):
            kind = "text" if about.kind == "reading" else about.kind
            yield kind, about.text, f"{page}#{about.figure}" if about.figure else page, ""


def search_page(collection: Collection, site: Site, notebooks: Mapping[Path, NotebookNode]) -> str:
    """Return the page that searches; without a script it leads to the lists that a browser can search."""
    said = collection.language.gettext
    found = list(entries(collection, site, notebooks))
    kinds = {kind: said(kind) for kind in KINDS}
    lists = {name: site.pages[name] for name in LISTS if name in site.pages}
    body = render(collection, "search.html.j2", entries=found, kinds=kinds, lists=lists)
    about = said("Search the pages, their figures, tables, claims, sources and terms.")
    leaf = Leaf(NAME, about, scripts=("search.js",))
    return page(collection, said("Search"), body, site=site, leaf=leaf)
