"""Build ``reports/``: every notebook run from scratch, one page each, and an index."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from malirussia import outputs
from malirussia.cards import catalog
from malirussia.claims import audit
from malirussia.collection import Collection
from workshop.pages.exporter import ReportExporter, notebook_title, page, render
from workshop.run.execute import execute
from workshop.run.files import whole_folder, write_whole


def notebooks_in(folder: Path, template: bool = False) -> list[Path]:
    """Return the notebooks that become reports: those whose name starts with their number.

    The *template* for a reader's own notebook is run with them when asked for, and never published.
    """
    paths = sorted(folder.glob("[0-9][0-9]_*.ipynb"))
    if not paths:
        raise FileNotFoundError(f"{folder}: no notebook named like 04_trade.ipynb")
    return paths + (list(folder.glob("template.ipynb")) if template else [])


def picture(notebook: NotebookNode) -> dict | None:
    """Return the first figure of *notebook*: its PNG as base64 ``data`` and its ``alt`` text."""
    for about, output in outputs.shown(notebook):
        if isinstance(about, outputs.Figure):
            return {"data": outputs.png(output), "alt": about.alt}
    return None


def index_page(notebooks: dict[Path, NotebookNode], collection: Collection) -> str:
    """Return the page that leads to the reports: what they ask and answer, the tables, how to cite."""
    package, translated = collection.package, collection.language.gettext
    about = package.descriptor
    about = about | {part: translated(about[part]) for part in ("title", "description")}
    cards = [
        {
            "page": f"{path.stem}.html",
            "title": translated(notebook_title(notebook, path.name)),
            "answers": outputs.sentences(notebook, "answer"),
            "glances": outputs.glances(notebook),
            "picture": picture(notebook),
        }
        for path, notebook in notebooks.items()
    ]
    overviews = (notebook for path, notebook in notebooks.items() if path.stem.startswith("00_"))
    body = render(
        collection,
        "collection.html.j2",
        about=about,
        story=[finding for notebook in overviews for finding in outputs.sentences(notebook, "finding")],
        cards=cards,
        scoreboard=audit(collection)["verdict"].value_counts(sort=False).to_dict(),
        tables=catalog(collection)
        .assign(path=lambda d: [package.resource(name)["path"] for name in d["table"]])
        .to_dict("records"),
        read=package.load("sources")["accessed"].max(),
    )
    return page(collection, about["title"], body)


def write_pages(folder: Path, notebooks: dict[Path, NotebookNode], index: str, **options: Any) -> None:
    """Write a page a notebook and the *index* into *folder*; *options* go to the exporter."""
    exporter = ReportExporter(**options)
    for path, notebook in notebooks.items():
        write_whole(folder / f"{path.stem}.html", exporter.from_notebook_node(notebook)[0])
    write_whole(folder / "index.html", index)


def build(collection: Collection, output: Path) -> None:
    """Run the notebooks of *collection* and replace folder *output* by their pages and the tables.

    A failure leaves *output* as it was.
    """
    executed = execute(notebooks_in(collection.root / "notebooks"))
    with whole_folder(output) as fresh:
        write_pages(fresh, executed, index_page(executed, collection), collection=collection)
        shutil.copytree(collection.package.root, fresh / "data")
    print(f"{len(executed) + 1} pages in {output}/ — open {output / 'index.html'}")
