"""The pages of the site that are made from no notebook: glossary and what stands behind the collection."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from nbformat import NotebookNode

from malirussia import outputs
from malirussia.collection import Collection
from malirussia.explore.catalog import catalog
from malirussia.words import last_read
from workshop.pages.chronology import EVENTS, chronology_page
from workshop.pages.chronology import NAME as CHRONOLOGY
from workshop.pages.claims_page import claims_page, write_claims
from workshop.pages.exporter import notebook_title, page, render
from workshop.pages.figure_pages import bearing, claims_of, leading_to, lineages_of
from workshop.pages.frame import CLAIMS, FIGURES, GLOSSARY, Leaf, Site, base_address, terms_in
from workshop.pages.lineage import Lineage
from workshop.pages.presence import NAME as MAP
from workshop.pages.presence import NEEDS as MAP_NEEDS
from workshop.pages.presence import map_page
from workshop.pages.search import NAME as SEARCH
from workshop.pages.search import search_page
from workshop.pages.trust import ABOUT, DOCUMENTS, SOURCES, citation_file, trust_pages, write_citations
from workshop.run.execute import read

TABLES = "tables.html"
MADE_OF = {"index.html": "notebooks", SEARCH: "notebooks", CLAIMS: "data/claims", ABOUT: "CITATION.cff"}
"""What pages rest on that are made neither from one file nor from all tables."""


def site_of(collection: Collection, notebooks: Iterable[Path]) -> Site:
    """Return what the pages of *collection* are: an index, one page a notebook, and those made from other files."""
    said = collection.language.gettext
    titles = {"index.html": said("Overview")}
    titles |= {f"{path.stem}.html": said(notebook_title(read(path), path.name)) for path in notebooks}
    places = {f"notebooks/{Path(name).stem}.ipynb": name for name in titles if name != "index.html"}
    titles |= {FIGURES: said("Figures"), TABLES: said("Tables")}
    if terms := terms_in(collection):
        titles["glossary.html"] = said("Glossary")
        places[GLOSSARY] = "glossary.html"
    if "claims" in collection.package.resources:
        titles[CLAIMS] = said("Claims")
    if set(MAP_NEEDS) <= collection.package.resources.keys():
        titles[MAP] = said("Map")
    if EVENTS in collection.package.resources:
        titles[CHRONOLOGY] = said("Chronology")
    here = {path: about for path, about in DOCUMENTS.items() if (collection.root / path).exists()}
    titles |= {name: said(title) for name, title in here.values()}
    places |= {path: name for path, (name, _) in here.items()}
    titles |= {SOURCES: said("Sources"), SEARCH: said("Search")}
    about = citation_file(collection)
    if about:
        titles[ABOUT] = said("About")
    made_of = {name: MADE_OF.get(name, "data") for name in titles} | {name: path for path, name in places.items()}
    changed = {name: last_changed(collection.root / path) for name, path in made_of.items()}
    return Site(
        titles,
        places,
        terms,
        base=base_address(),
        authors="; ".join(one["name"] for one in about.get("authors", [])),
        released=str(about.get("date-released", "")),
        read=last_read(collection, list(collection.bibliography.entries)),
        changed={name: day for name, day in changed.items() if day},
    )


def last_changed(path: Path) -> str:
    """Return the day of the last commit that changed the file at *path*; nothing where git does not know it."""
    command = ["git", "log", "-1", "--format=%cs", "--", path.name]
    try:
        return subprocess.run(command, cwd=path.parent, capture_output=True, text=True).stdout.strip()
    except OSError:
        return ""


def front_leaf(collection: Collection, about: dict[str, Any], *, bundle: bool) -> Leaf:
    """Return what the index says of itself: it is that of a set of data, with a file a table."""
    package = collection.package
    files = [("text/csv", name, f"data/{one['path']}") for name, one in package.resources.items()]
    if bundle:
        files.append(("application/vnd.sqlite3", "SQLite", "bundle/mali-russia.sqlite"))
        files.append(("application/zip", "Parquet", "bundle/mali-russia-parquet.zip"))
    base = base_address()
    held = [
        {"@type": "DataDownload", "encodingFormat": form, "name": name, "contentUrl": base + path}
        for form, name, path in files
    ]
    more = {"distribution": held, "version": about["version"], "keywords": about.get("keywords", [])}
    more |= {"license": "https://creativecommons.org/licenses/by/4.0/", "temporalCoverage": "1960/.."}
    return Leaf("index.html", about["description"], kind="Dataset", more=more)


def sitemap(site: Site, more: Iterable[str] = ()) -> str:
    """Return the list of all pages, and of *more* that lie below them, as search engines read it."""
    found = "".join(
        f"<url><loc>{escape(site.base + name)}</loc><lastmod>{site.changed.get(name, site.released)}</lastmod></url>\n"
        for name in [*site.pages, *more]
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{found}</urlset>\n'
    )


def feed(collection: Collection, site: Site) -> str:
    """Return the pages as a feed, the one changed last first."""
    title = collection.language.gettext("Mali–Russia relations")
    days = {name: site.changed.get(name, site.released) for name in site.pages}
    entries = "".join(
        f"<entry><title>{escape(site.pages[name])}</title><id>{escape(site.base + name)}</id>"
        f'<link href="{escape(site.base + name)}"/><updated>{days[name]}T00:00:00Z</updated></entry>\n'
        for name in sorted(days, key=lambda name: days[name], reverse=True)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f'<title>{escape(title)}</title><id>{escape(site.base)}</id><link href="{escape(site.base)}"/>'
        f"<author><name>{escape(site.authors)}</name></author><updated>{max(days.values())}T00:00:00Z</updated>\n"
        f"{entries}</feed>\n"
    )


def tables_page(
    collection: Collection,
    site: Site,
    notebooks: Mapping[Path, NotebookNode],
    lineages: Sequence[Lineage] = (),
    *,
    bundle: bool = False,
) -> str:
    """Return the page of all tables: what each holds, where it can be had, and which pages and figures rest on it."""
    said, package = collection.language.gettext, collection.package
    used = {f"{path.stem}.html": _tables_of(notebook) for path, notebook in notebooks.items()}
    tables = catalog(collection).to_dict("records")
    for table in tables:
        resource = package.resource(table["table"])
        table |= {"path": resource["path"], "description": said(resource["description"])}
        table["columns"] = [
            {name: said(one.get(name, "")) for name in ("name", "description", "unit")}
            for one in resource["schema"]["fields"]
        ]
        table["used"] = [name for name, names in used.items() if table["table"] in names]
        table["figures"] = leading_to(collection, site, (one for one in lineages if table["table"] in one.tables))
    themes = {table["theme"]: said(table["theme"]) for table in tables}
    body = render(collection, "tables.html.j2", tables=tables, themes=themes, bundle=bundle, pages=site.pages)
    about = said("All tables behind the pages, to find and to take away.")
    leaf = Leaf(TABLES, about, kind="CollectionPage", scripts=("filter.js",))
    return page(collection, said("All tables"), body, site=site, leaf=leaf)


def _tables_of(notebook: NotebookNode) -> set[str]:
    """Return the tables that *notebook* loads."""
    listed = [about for about, _ in outputs.shown(notebook) if isinstance(about, outputs.Listed)]
    return {name for about in listed for name in about.tables}


def own_pages(
    collection: Collection, site: Site, notebooks: Mapping[Path, NotebookNode], *, bundle: bool = False
) -> dict[str, str]:
    """Return the pages that are made from no notebook, by their file names.

    Parameters
    ----------
    collection : Collection
    site : Site
    notebooks : mapping
        Path to notebook, with the outputs that these pages lead to.
    bundle : bool
        Whether the bundle of all tables lies beside them.
    """
    said, made = collection.language.gettext, {}
    lineages = [one for _, one in lineages_of(collection, notebooks).values()]
    if "glossary.html" in site.pages:
        body = render(collection, "glossary.html.j2", terms=site.terms)
        leaf = Leaf("glossary.html", said("Words that the pages use, each in two sentences."))
        made["glossary.html"] = page(collection, site.pages["glossary.html"], body, site=site, leaf=leaf)
    if CLAIMS in site.pages:
        figures = {
            claim.id: leading_to(collection, site, (one for one in lineages if bearing([claim], one.tables)))
            for claim in claims_of(collection)
        }
        made[CLAIMS] = claims_page(collection, site, figures)
    if CHRONOLOGY in site.pages:
        made[CHRONOLOGY] = chronology_page(collection, site)
    if MAP in site.pages:
        made[MAP] = map_page(collection, site)
    made |= trust_pages(collection, site, site.pages)
    made[SEARCH] = search_page(collection, site, notebooks)
    made[TABLES] = tables_page(collection, site, notebooks, lineages, bundle=bundle)
    if site.base:
        made |= {
            "sitemap.xml": sitemap(site, [address for address, _ in leading_to(collection, site, lineages)]),
            "feed.xml": feed(collection, site),
        }
    return made


def write_downloads(collection: Collection, site: Site, folder: Path) -> None:
    """Write what the pages offer beside the tables themselves."""
    folder.mkdir()
    write_citations(collection, site, folder)
    if CLAIMS in site.pages:
        write_claims(collection, folder)
