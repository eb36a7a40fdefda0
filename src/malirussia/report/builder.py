"""Build ``reports/``: every notebook run from scratch, one page each, and an index."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from malirussia.claims import audit
from malirussia.data import Package
from malirussia.report.execute import execute
from malirussia.report.exporter import ReportExporter, notebook_title, page, render
from malirussia.report.output import whole_folder, write_whole


def notebooks_in(folder: Path, template: bool = False) -> list[Path]:
    """Return the notebooks that become reports: those whose name starts with their number.

    The *template* for a reader's own notebook is run with them when asked for, and never published.
    """
    paths = sorted(folder.glob("[0-9][0-9]_*.ipynb"))
    if not paths:
        raise FileNotFoundError(f"{folder}: no notebook named like 04_trade.ipynb")
    return paths + (list(folder.glob("template.ipynb")) if template else [])


def shown(notebook: NotebookNode) -> Iterator[tuple[dict, NotebookNode]]:
    """Yield what each output of *notebook* keeps in its metadata, with the output itself."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            yield output.get("metadata", {}).get("malirussia", {}), output


def kept(notebook: NotebookNode, kind: str) -> list[dict]:
    """Return what the outputs of *notebook* keep of one *kind*: answer, finding, reading, figure, table."""
    return [about for about, _ in shown(notebook) if about.get("kind") == kind]


def picture(notebook: NotebookNode) -> dict | None:
    """Return the first figure of *notebook*: its PNG as base64 ``data`` and its ``alt`` text."""
    for about, output in shown(notebook):
        if about.get("kind") == "figure":
            return {"data": output.data["image/png"].replace("\n", ""), "alt": output.metadata["image/png"]["alt"]}
    return None


def index_page(notebooks: dict[Path, NotebookNode], package: Package) -> str:
    """Return the page that leads to the reports: what they ask and answer, the tables, how to cite."""
    cards = [
        {
            "page": f"{path.stem}.html",
            "title": notebook_title(notebook),
            "answers": kept(notebook, "answer"),
            "glances": kept(notebook, "glance"),
            "picture": picture(notebook),
        }
        for path, notebook in notebooks.items()
    ]
    overviews = (notebook for path, notebook in notebooks.items() if path.stem.startswith("00_"))
    body = render(
        "collection.html.j2",
        about=package.descriptor,
        story=[finding for notebook in overviews for finding in kept(notebook, "finding")],
        cards=cards,
        scoreboard=audit(package)["verdict"].value_counts(sort=False).to_dict(),
        tables=package.catalog()
        .assign(path=lambda d: [package.resource(name)["path"] for name in d["table"]])
        .to_dict("records"),
        read=package.load("sources")["accessed"].max(),
    )
    return page(package.descriptor["title"], body)


def write_pages(folder: Path, notebooks: dict[Path, NotebookNode], index: str, **options) -> None:
    """Write a page a notebook and the *index* into *folder*; *options* go to the exporter."""
    exporter = ReportExporter(**options)
    for path, notebook in notebooks.items():
        write_whole(folder / f"{path.stem}.html", exporter.from_notebook_node(notebook)[0])
    write_whole(folder / "index.html", index)


def build(notebooks: Path, output: Path, package: Package) -> None:
    """Run the notebooks in folder *notebooks* and replace folder *output* by their pages and the tables.

    A failure leaves *output* as it was.
    """
    executed = execute(notebooks_in(notebooks))
    with whole_folder(output) as fresh:
        write_pages(fresh, executed, index_page(executed, package))
        shutil.copytree(package.root, fresh / "data")
    print(f"{len(executed) + 1} pages in {output}/ — open {output / 'index.html'}")
