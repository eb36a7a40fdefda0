"""The pages of the site that are made from no notebook: glossary and what stands behind the collection."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from malirussia.collection import Collection
from workshop.pages.exporter import notebook_title, page, render
from workshop.pages.frame import GLOSSARY, Site, terms_in
from workshop.run.execute import read


def site_of(collection: Collection, notebooks: Iterable[Path]) -> Site:
    """Return what the pages of *collection* are: an index, one page a notebook, and those made from other files."""
    said = collection.language.gettext
    titles = {"index.html": said("Overview")}
    titles |= {f"{path.stem}.html": said(notebook_title(read(path), path.name)) for path in notebooks}
    places = {f"notebooks/{Path(name).stem}.ipynb": name for name in titles if name != "index.html"}
    if terms := terms_in(collection.root):
        titles["glossary.html"] = said("Glossary")
        places[GLOSSARY] = "glossary.html"
    return Site(titles, places, terms)


def own_pages(collection: Collection, site: Site) -> dict[str, str]:
    """Return the pages that are made from no notebook, by their file names."""
    made = {}
    if "glossary.html" in site.pages:
        body = render(collection, "glossary.html.j2", terms=site.terms)
        made["glossary.html"] = page(collection, site.pages["glossary.html"], body)
    return made
