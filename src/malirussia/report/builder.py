"""Build ``reports/``: every notebook run from scratch, one page each, and an index."""

from __future__ import annotations

import html
import shutil
import tempfile
from pathlib import Path

from nbformat import NotebookNode

from malirussia.report.execute import execute
from malirussia.report.exporter import ReportExporter, notebook_title, page


def notebooks_in(folder: Path, template: bool = False) -> list[Path]:
    """Return the notebooks that become reports: those whose name starts with their number.

    The *template* for a reader's own notebook is run with them when asked for, and never published.
    """
    paths = sorted(folder.glob("[0-9][0-9]_*.ipynb"))
    if not paths:
        raise FileNotFoundError(f"{folder}: no notebook named like 04_trade.ipynb")
    return paths + (list(folder.glob("template.ipynb")) if template else [])


def kept(notebook: NotebookNode, kind: str) -> list[dict]:
    """Return what the outputs of *notebook* keep of one *kind*: answer, finding, reading, figure, table."""
    return [
        output.metadata["malirussia"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.get("metadata", {}).get("malirussia", {}).get("kind") == kind
    ]


def index_page(notebooks: dict[Path, NotebookNode]) -> str:
    """Return the page that leads to the reports: question, answer and findings of each notebook."""
    cards = []
    for path, notebook in notebooks.items():
        answers = "".join(
            f"<p><strong>{html.escape(answer['text'])}</strong> (confidence: {answer['confidence']})</p>"
            for answer in kept(notebook, "answer")
        )
        findings = "".join(
            f"<li>{html.escape(finding['text'])} (confidence: {finding['confidence']})</li>"
            for finding in kept(notebook, "finding")
        )
        link = f'<a href="{path.stem}.html">{html.escape(notebook_title(notebook))}</a>'
        cards.append(f'<section class="card"><h2>{link}</h2>{answers}<ul>{findings}</ul></section>')
    return page("Mali–Russia relations", "<h1>Mali–Russia relations: the reports</h1>" + "\n".join(cards))


def build(notebooks: Path, output: Path) -> None:
    """Run the notebooks in folder *notebooks* and replace folder *output* by their pages.

    The pages are written beside *output* and moved into its place together; a failure leaves it as it was.
    """
    executed = execute(notebooks_in(notebooks))
    exporter = ReportExporter()
    pages = {f"{path.stem}.html": exporter.from_notebook_node(notebook)[0] for path, notebook in executed.items()}
    pages["index.html"] = index_page(executed)
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{output.name}-", dir=output.parent) as scratch:
        fresh, former = Path(scratch) / "fresh", Path(scratch) / "former"
        fresh.mkdir()
        for name, text in pages.items():
            (fresh / name).write_text(text, encoding="utf-8", newline="\n")
        if output.exists():
            shutil.move(output, former)
        try:
            shutil.move(fresh, output)
        except OSError:
            if former.exists():
                shutil.move(former, output)
            raise
    print(f"{len(pages)} pages in {output}/ — open {output / 'index.html'}")
