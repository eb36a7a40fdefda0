"""A page for each figure, a smaller one for other sites to show, and the list of all of them."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup
from nbconvert.filters import Highlight2HTML
from nbformat import NotebookNode

from malirussia import outputs
from malirussia.cards import labels
from malirussia.claims import audit
from malirussia.collection import Collection
from malirussia.sources import safe_url
from malirussia.words import label, last_read
from workshop.pages.claims_page import evidence_by_claim
from workshop.pages.exporter import inert_screens, mark, page, render
from workshop.pages.figures import small_svg
from workshop.pages.frame import FIGURES, Leaf, Site, markdown, neighbours
from workshop.pages.lineage import Lineage, lineages_in

FOLDER = "figures"
COMMON = ("events", "claims", "claims_evidence")
"""Tables that tell nothing of what a figure is about: most mark an event, and all claims stand in the others."""

_CLAIMS = re.compile(r"<!-- claims of (\w+) -->")


@dataclass(frozen=True)
class Claim:
    """A claim of the audited page with its verdict, and the tables in which its evidence stands."""

    id: str
    theme: str
    verdict: str
    statement: str
    tables: frozenset[str]


@dataclass(frozen=True)
class Drawn:
    """A figure where it stands."""

    name: str
    """File name of its theme page."""
    lineage: Lineage

    @property
    def about(self) -> outputs.Figure:
        assert isinstance(self.lineage.about, outputs.Figure)
        return self.lineage.about


def lineages_of(collection: Collection, notebooks: Mapping[Path, NotebookNode]) -> dict[str, tuple[str, Lineage]]:
    """Return the file name of the page of each figure and table and what it rests on, by its id."""
    return {
        key: (f"{path.stem}.html", one)
        for path, notebook in notebooks.items()
        for key, one in lineages_in(collection, notebook).items()
    }


def claims_of(collection: Collection) -> list[Claim]:
    """Return the claims of the audited page, none where the collection has no such table."""
    if "claims" not in collection.package.resources:
        return []
    rows = evidence_by_claim(collection)
    return [
        Claim(one.claim_id, one.theme, one.verdict, one.statement, frozenset(rows[one.claim_id]["table"].dropna()))
        for one in audit(collection).itertuples(index=False)
    ]


def bearing(claims: Iterable[Claim], tables: Iterable[str]) -> list[Claim]:
    """Return the *claims* with evidence in *tables*."""
    asked = set(tables).difference(COMMON)
    return [claim for claim in claims if claim.tables & asked]


def leading_to(collection: Collection, site: Site, lineages: Iterable[Lineage]) -> list[tuple[str, str]]:
    """Return address and name of those that are figures."""
    figures = (one.about for one in lineages if isinstance(one.about, outputs.Figure))
    return [(site.figure(about.id), label(collection, about.id)) for about in figures]


def with_claims(
    collection: Collection, text: str, claims: list[Claim], found: Mapping[str, tuple[str, Lineage]]
) -> str:
    """Return a theme page with the claims on it, and below each figure and table those that rest on its tables."""

    def fill(place: re.Match) -> str:
        name = place[1]
        told = bearing(claims, found[name][1].tables) if name in found else [c for c in claims if c.theme == name]
        return render(collection, "bearing.html.j2", claims=told, brief=name in found)

    return _CLAIMS.sub(fill, text)


@cache
def _words(text: str) -> str:
    return markdown(text)


@cache
def _code(source: str) -> Markup:
    return Markup(Highlight2HTML(pygments_lexer="python")(source))


def _standing(text: str, name: str) -> str:
    """Return the figure *name* as it stands in the *text* of its theme page."""
    found = re.search(rf'<figure id="{name}"[ >].*?</figure>', text, re.DOTALL)
    if not found:
        raise LookupError(f"{name} does not stand in its page")
    return found[0]


def _sources(collection: Collection, keys: Iterable[str]) -> list[dict[str, Any]]:
    terms = labels(collection, "sources", "redistribution")
    entries = map(collection.bibliography.entry, keys)
    return [one | {"address": safe_url(one["url"]), "terms": terms[one["redistribution"]]} for one in entries]


def figure_page(
    collection: Collection, site: Site, drawn: Drawn, standing: str, claims: list[Claim], beside: tuple
) -> str:
    """Return the page of one figure.

    Parameters
    ----------
    collection : Collection
    site : Site
    drawn : Drawn
    standing : str
        The figure as it stands in its theme page.
    claims : list of Claim
        Those of the audited page that rest on the same tables.
    beside : tuple
        The figures before and after it, see :class:`workshop.pages.frame.Leaf`.
    """
    about, lineage, name = drawn.about, drawn.lineage, site.figure(drawn.about.id)
    standing = re.sub(r'<a class="download anchor".*?</a>\n|<p class="rests">.*?</p>', "", standing, flags=re.DOTALL)
    licence = next(iter(collection.package.descriptor.get("licenses", [])), None)
    words = Markup(site.linked("\0".join(_words(step.words) for step in lineage.steps)))
    body = render(
        collection,
        "figure_page.html.j2",
        about=about,
        name=label(collection, about.id),
        theme=drawn.name,
        title=site.pages[drawn.name],
        section=lineage.section,
        figure=Markup(standing.replace('<details class="rows">', '<details class="rows" open>')),
        sentences=lineage.sentences,
        held=outputs.csv(lineage.output) is not None,
        licence=licence,
        sources=_sources(collection, about.sources),
        steps=zip(words.split("\0"), (_code(step.code) for step in lineage.steps), strict=True),
        count=len(lineage.steps),
        tables=lineage.tables,
        claims=claims,
        method="methods.html" in site.pages,
    )
    leaf = Leaf(
        name,
        about.subtitle,
        read=last_read(collection, about.sources),
        changed=site.changed.get(drawn.name, ""),
        kind="ImageObject",
        more={
            "caption": about.alt,
            "creditText": about.source_line,
            "license": licence["path"] if licence else "",
            "contentUrl": site.base and site.base + site.figure(about.id, "png"),
            "isPartOf": site.base + drawn.name,
        },
        card=site.figure(about.id, "png"),
        beside=beside,
    )
    return page(collection, f"{label(collection, about.id)}: {about.title}", body, site=site, leaf=leaf)


def embedded(collection: Collection, site: Site, drawn: Drawn, standing: str) -> str:
    """Return a figure without what stands around it, for another site to show in a frame.

    It is a file of its own: a style can tell a small window, yet not a frame from a phone, and an address that ends in
    a place of its page lets some browsers scroll the page around the frame to it.
    """
    own = site.figure(drawn.about.id)
    figure = re.sub(
        r'<details class="(?:rows|cite)">.*?</details>|<p class="rests">.*?</p>', "", standing, flags=re.DOTALL
    )
    figure = re.sub(r'<p (class="figure-title")>(.*?)</p>', r"<h1 \1>\2</h1>", figure)
    figure = figure.replace('href="#source-', f'href="{own}#source-')
    title = f"{label(collection, drawn.about.id)}: {drawn.about.title}"
    leaf = Leaf(site.figure(drawn.about.id, "embed.html"), drawn.about.subtitle)
    return page(collection, title, figure, site=site, leaf=leaf, template="embed.html.j2")


def figures_page(collection: Collection, site: Site, figures: Iterable[Drawn]) -> str:
    """Return the list of all figures with small pictures, by theme."""
    said = collection.language.gettext
    themes: dict[str, list[dict[str, Any]]] = {}
    for one in figures:
        screens = inert_screens(one.lineage.output)
        small = Markup(small_svg(screens["wide"], "small", words=False)) if screens else ""
        shown = {"name": label(collection, one.about.id), "small": small, "about": one.about}
        themes.setdefault(one.name, []).append(shown | {"page": site.figure(one.about.id)})
    body = render(collection, "figures.html.j2", themes=themes, pages=site.pages)
    leaf = Leaf(FIGURES, said("All figures, each with a page of its own."), kind="CollectionPage")
    return page(collection, said("All figures"), body, site=site, leaf=leaf)


def figure_pages(
    collection: Collection,
    site: Site,
    texts: Mapping[str, str],
    found: Mapping[str, tuple[str, Lineage]],
    claims: list[Claim],
) -> dict[str, str]:
    """Return the pages of the figures and the list of them, by their file names.

    Parameters
    ----------
    collection : Collection
    site : Site
    texts : mapping
        The theme pages, by their file names.
    found : mapping
        What :func:`lineages_of` gives.
    claims : list of Claim
    """
    figures = [Drawn(name, one) for name, one in found.values() if isinstance(one.about, outputs.Figure)]
    titles = {site.figure(one.about.id): f"{label(collection, one.about.id)}: {one.about.title}" for one in figures}
    made = {FIGURES: figures_page(collection, site, figures)}
    for one in figures:
        name, standing = site.figure(one.about.id), _standing(texts[one.name], one.about.id)
        told = bearing(claims, one.lineage.tables)
        made[name] = figure_page(collection, site, one, standing, told, neighbours(titles, name))
        made[site.figure(one.about.id, "embed.html")] = embedded(collection, site, one, standing)
    return made


def write_cards(collection: Collection, site: Site, found: Mapping[str, tuple[str, Lineage]], folder: Path) -> None:
    """Write the picture of each figure for those who share its page into *folder*, with its mark below."""
    from malirussia.figures.screens.card import card  # which is slow to load

    for key, (_, one) in found.items():
        if isinstance(one.about, outputs.Figure):
            said = mark(collection, one.about, site.base + site.figure(key))
            (folder / site.figure(key, "png")).write_bytes(card(base64.b64decode(outputs.png(one.output)), said))
