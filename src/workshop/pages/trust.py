"""The pages that say on what the collection rests: method, sources, corrections, changes, terms, how to cite."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from malirussia.cards import labels
from malirussia.collection import Collection
from malirussia.explore.catalog import rows_by_source
from malirussia.language import N_
from malirussia.sources import safe_url
from workshop.pages.exporter import page, render, with_anchors
from workshop.pages.frame import Leaf, Site, markdown

ABOUT, SOURCES = "about.html", "sources.html"
DOCUMENTS = {
    "docs/methods.md": ("methods.html", N_("Method")),
    "CORRECTIONS.md": ("corrections.html", N_("Corrections")),
    "CHANGELOG.md": ("changes.html", N_("Changes")),
    "notebooks/lessons/README.md": ("lessons.html", N_("Lessons")),
}
ENGLISH = "en"
_SPECIAL = re.compile(r"([&%$#_{}])")


def citation_file(collection: Collection) -> dict[str, Any]:
    """Return what ``CITATION.cff`` says; nothing when there is none."""
    path = collection.root / "CITATION.cff"
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}


def document_page(collection: Collection, site: Site, path: str) -> str:
    """Return the Markdown file at *path* of the collection as a page.

    These files are in English alone; where the other pages are not, the page says so.
    """
    name, title = DOCUMENTS[path]
    language = collection.language
    title = language.gettext(title)
    body = markdown((collection.root / path).read_text(encoding="utf-8"))
    scroll = f'<div class="scroll" tabindex="0" role="group" aria-label="{title}"><table>'
    body = body.replace("<table>", scroll).replace("</table>", "</table></div>").replace("<th></th>", "<td></td>")
    body, toc = with_anchors(site.linked(body, path.rpartition("/")[0]))
    note, english = "", ""
    if language.tag != ENGLISH:
        note, english = f"<p>{language.gettext('This page is kept in English only.')}</p>", f' lang="{ENGLISH}"'
        toc = [(slug, f'<span lang="{ENGLISH}">{text}</span>') for slug, text in toc]
    body = f'{note}<section class="text"{english}>{body}</section>'
    return page(collection, title, body, toc, site=site, leaf=Leaf(name, title))


def csl(key: str, entry: dict[str, Any]) -> dict[str, Any]:
    """Return a row of ``sources`` as CSL-JSON has it."""
    made = {"id": key, "type": "dataset" if entry["kind"] == "dataset" else "document", "title": entry["title"]}
    made |= {"author": [{"literal": entry["publisher"]}], "publisher": entry["publisher"]}
    for part, day in (("issued", entry["published"]), ("accessed", entry["accessed"])):
        if numbers := [int(number) for number in re.findall(r"\d+", day)[:3]]:
            made[part] = {"date-parts": [numbers]}
    return {name: value for name, value in (made | {"URL": safe_url(entry["url"])}).items() if value}


def bibtex(item: dict[str, Any]) -> str:
    """Return one item of CSL-JSON as an entry of BibTeX."""
    fields = {"author": item["author"][0]["literal"], "title": item["title"], "publisher": item.get("publisher", "")}
    fields["year"] = str(item["issued"]["date-parts"][0][0]) if "issued" in item else ""
    fields |= {"version": item.get("version", ""), "url": item.get("URL", "")}
    # A second pair of braces keeps a name whole and capitals as they are.
    text = {name: value.replace("\\", "/") for name, value in fields.items() if value}
    text = {name: value if name == "url" else _SPECIAL.sub(r"\\\1", value) for name, value in text.items()}
    lines = [f"  {name} = {{{{{value}}}}}" if name in ("author", "title") else f"  {name} = {{{value}}}"
             for name, value in text.items()]  # fmt: skip
    return f"@misc{{{item['id']},\n" + ",\n".join(lines) + "\n}\n"


def own_item(collection: Collection, site: Site) -> dict[str, Any]:
    """Return the collection itself as CSL-JSON has it."""
    about = citation_file(collection)
    numbers = [int(number) for number in re.findall(r"\d+", str(about["date-released"]))[:3]]
    made = {"id": "mali-russia-relations", "type": "report", "title": about["title"], "version": about["version"]}
    made |= {"author": [{"literal": site.authors}], "issued": {"date-parts": [numbers]}}
    return made | ({"URL": site.base} if site.base else {})


def about_page(collection: Collection, site: Site) -> str:
    """Return the page that says who made this, how to cite it, under which terms it is, how to report an error."""
    said = collection.language.gettext
    item, licence = own_item(collection, site), collection.root / "LICENSE"
    body = render(
        collection,
        "about.html.j2",
        item=item,
        year=item["issued"]["date-parts"][0][0],
        bibtex=bibtex(item),
        csl=json.dumps([item], ensure_ascii=False, indent=1),
        licence=licence.read_text(encoding="utf-8") if licence.exists() else "",
        site=site,
    )
    leaf = Leaf(ABOUT, said("Who made this, how to cite it, its terms, and how to report an error."), kind="AboutPage")
    return page(collection, said("About this collection"), body, site=site, leaf=leaf)


def sources_page(collection: Collection, site: Site) -> str:
    """Return the page of all sources, with the tables that rest on each."""
    said = collection.language.gettext
    held: dict[str, list[str]] = {}
    for row in rows_by_source(collection).itertuples(index=False):
        held.setdefault(row.source_id, []).append(row.table)
    entries = sorted(collection.bibliography.entries.values(), key=lambda one: one["publisher"].casefold())
    listed = [one | {"address": safe_url(one["url"]), "tables": held.get(one["source_id"], [])} for one in entries]
    choices = {name: labels(collection, "sources", name) for name in ("kind", "reliability")}
    body = render(collection, "sources.html.j2", sources=listed, choices=choices)
    leaf = Leaf(SOURCES, said("All sources, and the tables that rest on each."), scripts=("filter.js",))
    return page(collection, said("Sources"), body, site=site, leaf=leaf)


def write_citations(collection: Collection, site: Site, folder: Path) -> None:
    """Write the collection and its sources into *folder* as BibTeX and as CSL-JSON."""
    items = [csl(key, entry) for key, entry in collection.bibliography.entries.items()]
    if site.authors:
        items.insert(0, own_item(collection, site))
    (folder / "citations.bib").write_text("\n".join(map(bibtex, items)), encoding="utf-8")
    (folder / "citations.json").write_text(json.dumps(items, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def trust_pages(collection: Collection, site: Site, names: Iterable[str]) -> dict[str, str]:
    """Return those of these pages that are among *names*."""
    made = {name: document_page(collection, site, path) for path, (name, _) in DOCUMENTS.items() if name in names}
    if ABOUT in names:
        made[ABOUT] = about_page(collection, site)
    return made | {SOURCES: sources_page(collection, site)}
