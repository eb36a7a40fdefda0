"""Build ``reports/``: the notebooks run, one page each, and an index."""

from __future__ import annotations

import base64
import json
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from malirussia import outputs
from malirussia.claims import audit
from malirussia.collection import Collection
from malirussia.package import DataError
from workshop.pages.bundle import is_current
from workshop.pages.exporter import ReportExporter, notebook_title, page, picture, render
from workshop.pages.figure_pages import claims_of, figure_pages, lineages_of, with_claims, write_cards
from workshop.pages.frame import Site
from workshop.pages.site import front_leaf, own_pages, site_of, write_downloads
from workshop.pages.top import reading_minutes
from workshop.run.cache import Cache
from workshop.run.execute import NotebookError, execute
from workshop.run.files import room_for, whole_folder, write_whole

# Run and checked like the others, and never published: the tutorial and the template for a reader's own notebook.
UNPUBLISHED = ("explore", "template")

AUDITED = "globalsecurity-2022"
"""The source that is the page under test."""

MOST_FINDINGS = 5
MOST_BYTES = 1_200_000
"""Of the page of a notebook: what a slow line brings in eight seconds."""
CARD_WIDTH = 360


def notebooks_in(folder: Path, unpublished: bool = False) -> list[Path]:
    """Return the notebooks that become reports: those whose name starts with their number.

    Those that are :data:`UNPUBLISHED` come with them when asked for.
    """
    paths = outputs.numbered(folder)
    if not paths:
        raise FileNotFoundError(f"{folder}: no notebook named like 04_trade.ipynb")
    others = [folder / f"{name}.ipynb" for name in UNPUBLISHED if unpublished]
    return paths + [path for path in others if path.exists()]


def _card(collection: Collection, path: Path, notebook: NotebookNode) -> dict[str, Any]:
    """Return what the front page says of a theme; its picture is the one that bears out the first finding."""
    return {
        "page": f"{path.stem}.html",
        "title": collection.language.gettext(notebook_title(notebook, path.name)),
        "answers": outputs.sentences(notebook, "answer"),
        "minutes": max(1, round(reading_minutes(notebook))),
        "picture": picture(notebook, CARD_WIDTH),
    }


def scoreboard(collection: Collection) -> dict[str, int]:
    """Return how many claims of the audit have each verdict; nothing where there are no claims."""
    if "claims" not in collection.package.resources:
        return {}
    return audit(collection)["verdict"].value_counts(sort=False).to_dict()


def index_page(
    notebooks: dict[Path, NotebookNode],
    collection: Collection,
    scores: dict[str, int] | None = None,
    *,
    bundle: bool = False,
    site: Site | None = None,
) -> str:
    """Return the page that leads to the reports: what they ask and answer, and the *scores* of the audit.

    Machines are told of the *bundle* of all tables where there is one beside it.
    """
    package, translated = collection.package, collection.language.gettext
    about = package.descriptor
    about = about | {part: translated(about[part]) for part in ("title", "description")}
    overviews = [path for path in notebooks if path.stem.startswith("00_")]
    story = [finding for path in overviews for finding in outputs.sentences(notebooks[path], "finding")]
    first = [picture(notebooks[path]) | {"page": f"{path.stem}.html"} for path in overviews]
    body = render(
        collection,
        "collection.html.j2",
        about=about,
        audited=collection.bibliography.entries.get(AUDITED),
        story=story[:MOST_FINDINGS],
        picture=first[0] if first and "data" in first[0] else None,
        cards=[_card(collection, path, notebook) for path, notebook in notebooks.items()],
        scoreboard=scoreboard(collection) if scores is None else scores,
        pages=site.pages if site else {},
    )
    return page(collection, about["title"], body, site=site, leaf=front_leaf(collection, about, bundle=bundle))


def renderer(
    collection: Collection, cache: Cache, kind: str, site: Site | None = None, **options: bool
) -> Callable[[Path, NotebookNode], str]:
    """Return a function that gives the page of a notebook, from the *cache* where it is the same.

    *kind* tells apart the pages that one notebook can have, *site* holds those beside it; *options* go to the exporter.
    """
    beside = {"site": site} if site else {}
    exporter = ReportExporter(collection=collection, beside_index=True, **beside, **options)

    def render_one(path: Path, notebook: NotebookNode) -> str:
        made_of = json.dumps([notebook, options, asdict(exporter.site)], sort_keys=True)
        named = {"metadata": {"name": path.stem}}
        text = cache.text(f"{path.stem}-{kind}", made_of, lambda: exporter.from_notebook_node(notebook, named)[0])
        if (size := len(text.encode())) > MOST_BYTES:
            raise NotebookError(f"{path.name}: a page of {size / 1e6:.1f} MB, {_largest(notebook)}: show less of it")
        return text

    return render_one


def _largest(notebook: NotebookNode) -> str:
    """Say which output of *notebook* is the largest, and what a page may have."""
    size, cell, kinds = max(
        (len(json.dumps(output)), cell, ", ".join(output.get("data", {})) or output["output_type"])
        for cell, output in outputs.outputs(notebook)
    )
    most, large = MOST_BYTES / 1e6, size / 1e6
    return f"expected {most:.1f} at most; the largest output is that of cell {cell} ({kinds}), {large:.1f} MB"


def write_pages(folder: Path, pages: Mapping[Path, str], index: str, others: Mapping[str, str] | None = None) -> None:
    """Write the page of each notebook, the *index* and *others*, by their file names, into *folder*."""
    named = {f"{path.stem}.html": text for path, text in pages.items()}
    for name, text in (named | {"index.html": index} | dict(others or {})).items():
        (folder / name).parent.mkdir(exist_ok=True)
        write_whole(folder / name, text)


Faults = Callable[[Collection], str]
"""Says what is wrong with the tables of a collection, a line a fault; nothing is built where there is one."""


def no_faults(collection: Collection) -> str:
    """Say nothing: whoever builds without the rules has none to ask."""
    return ""


def refuse_faults(collection: Collection, cache: Cache, faults: Faults) -> None:
    """Raise DataError with the *faults* of the tables; what was found of the same tables before is not asked again."""
    if found := cache.text("data", "", lambda: faults(collection)):
        raise DataError(found)


def build(collection: Collection, output: Path, faults: Faults = no_faults) -> None:
    """Run the notebooks of *collection* and replace folder *output* by their pages and the tables.

    A notebook whose result is kept and still holds is not run. A failure leaves *output* as it was.

    Raises
    ------
    DataError
        The tables have *faults*.
    """
    began, cache = time.time(), Cache(collection.root)
    room_for(output)
    refuse_faults(collection, cache, faults)
    paths = notebooks_in(collection.root / "notebooks")
    site = site_of(collection, paths)
    pages, page_of = {}, renderer(collection, cache, "report", site)
    scores: dict[str, int] = {}

    def write_page(path: Path, notebook: NotebookNode) -> None:
        pages[path] = page_of(path, notebook)

    def score() -> None:
        scores.update(json.loads(cache.text("scoreboard", "", lambda: json.dumps(scoreboard(collection)))))

    executed = execute(paths, cache, write_page, score)
    bundle = collection.root / "build" / "bundle"
    offered = is_current(bundle, collection)
    with whole_folder(output) as fresh:
        index = index_page(executed, collection, scores, bundle=offered, site=site)
        found, claims = lineages_of(collection, executed), claims_of(collection)
        pages = {path: with_claims(collection, text, claims, found) for path, text in pages.items()}
        others = own_pages(collection, site, executed, bundle=offered)
        others |= figure_pages(collection, site, {f"{path.stem}.html": pages[path] for path in pages}, found, claims)
        write_pages(fresh, pages, index, others)
        write_downloads(collection, site, fresh / "downloads")
        if site.base:
            write_cards(collection, site, found, fresh)
        if site.base and (card := picture(next(iter(executed.values())))):
            (fresh / "card.png").write_bytes(base64.b64decode(card["data"]))
        shutil.copytree(collection.package.root, fresh / "data")
        if offered:
            shutil.copytree(bundle, fresh / "bundle")
        elif bundle.exists():
            print(f"{bundle}/ is of former tables and not offered: `make bundle` renews it")
    cache.made("report", output, began)
    print(f"{len(site.pages)} pages in {output}/ — open {output / 'index.html'}")
