"""What the repository keeps of a run: outputs in the notebooks, the README's findings, the data dictionary."""

from __future__ import annotations

import base64
from pathlib import Path

from nbformat import NotebookNode

from malirussia import outputs
from malirussia.cards import catalog, describe
from malirussia.collection import Collection
from workshop.check import conventions
from workshop.course.outline import lessons_in, with_plan
from workshop.pages.builder import notebooks_in
from workshop.pages.exporter import notebook_title, only_speaks
from workshop.run.execute import execute
from workshop.run.files import with_generated, write_notebook, write_whole

README_FIGURE = "fig_04_01"


def fold_sentences(notebook: NotebookNode) -> None:
    """Let JupyterLab fold the code of cells that only speak, so that their sentences read as text."""
    for cell in notebook.cells:
        if only_speaks(cell):
            cell.metadata["jupyter"] = {"source_hidden": True}


def readme_findings(notebooks: dict[Path, NotebookNode], most: int = 3) -> str:
    """Return the README's account of the notebooks: each one's question, answer and first findings."""
    parts = []
    for path, notebook in notebooks.items():
        lines = [f"### [{notebook_title(notebook)}](notebooks/{path.name})", ""]
        lines += [f"**{one.text}** (confidence: {one.confidence})" for one in outputs.sentences(notebook, "answer")]
        lines += [""]
        lines += [
            f"- {one.text} (confidence: {one.confidence})" for one in outputs.sentences(notebook, "finding")[:most]
        ]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def with_findings(readme: str, notebooks: dict[Path, NotebookNode]) -> str:
    """Return *readme* with its generated part renewed; raise ValueError when the marks are not there."""
    return with_generated(readme, "findings", readme_findings(notebooks))


def figure_png(notebooks: dict[Path, NotebookNode], figure_id: str) -> bytes:
    """Return the picture of one figure from the stored outputs."""
    for notebook in notebooks.values():
        for about, output in outputs.shown(notebook):
            if isinstance(about, outputs.Figure) and about.id == figure_id:
                return base64.b64decode(outputs.png(output))
    raise LookupError(f"no notebook shows {figure_id}")


def dictionary(collection: Collection) -> str:
    """Return the data dictionary in Markdown: every table with its columns."""
    package = collection.package
    lines = [
        "# Data dictionary",
        "",
        "Generated from `datapackage.json` by `make refresh`; change it there.",
        "",
        package.descriptor["description"],
        "",
        "| table | title | covers | terms of the compilation |",
        "| --- | --- | --- | --- |",
    ]
    lines += [
        f"| [`{row.table}`](#{row.table}) | {row.title} | {row.covers} | {row.licence} |"
        for row in catalog(collection).itertuples()
    ]
    for name, resource in package.resources.items():
        about = describe(collection, name)
        lines += ["", f"## {name}", "", f"**{about.title}** (`{resource['path']}`). {about.description}", ""]
        lines += [f"One row for each {about.key}. Covers {about.coverage}. Terms: {about.licence}.", ""]
        lines += ["| column | type | unit | allowed | meaning |", "| --- | --- | --- | --- | --- |"]
        lines += [
            "| " + " | ".join(str(cell).replace("|", "\\|") for cell in (f"`{row.column}`", *row[2:])) + " |"
            for row in about.fields.itertuples()
        ]
    return "\n".join(lines) + "\n"


def refresh_lessons(folder: Path) -> None:
    """Run the lessons in place and renew the plan in the teacher's guide."""
    executed = execute(lessons_in(folder))
    for path, notebook in executed.items():
        write_notebook(path, notebook)
    guide = folder / "README.md"
    write_whole(guide, with_plan(guide.read_text(encoding="utf-8"), executed))


def refresh(collection: Collection) -> None:
    """Run the notebooks and lessons in place; bring README.md, data/README.md, docs/ and the guide up to date."""
    root = collection.root
    paths = notebooks_in(root / "notebooks", template=True)
    executed = {}
    # The overview gathers what the other notebooks store, so it runs when that is written.
    for is_overview in (False, True):
        for path, notebook in execute([path for path in paths if path.stem.startswith("00_") == is_overview]).items():
            fold_sentences(notebook)
            write_notebook(path, notebook)
            executed[path] = notebook
    if (lessons := root / "notebooks" / "lessons").exists():
        refresh_lessons(lessons)
    notebooks = {path: executed[path] for path in notebooks_in(root / "notebooks")}
    readme = root / "README.md"
    write_whole(readme, with_findings(readme.read_text(encoding="utf-8"), notebooks))
    write_whole(root / "docs" / f"{README_FIGURE}.png", figure_png(notebooks, README_FIGURE))
    write_whole(root / "data" / "README.md", dictionary(collection))
    write_whole(root / "docs" / "conventions.md", conventions())
