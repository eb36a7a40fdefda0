"""The README shows what the committed notebooks found; nbval compares their outputs (see ``make test``)."""

from __future__ import annotations

import re

import nbformat
from conftest import ROOT

from workshop.renew.refresh import README_FIGURE, figure_png, with_findings

NOTEBOOKS = {
    path: nbformat.read(path, as_version=4) for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
}


def test_only_the_overview_shows_what_other_themes_add():
    code = {
        path.stem: "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
        for path, notebook in NOTEBOOKS.items()
    }
    assert [name for name, source in code.items() if re.search(r"\b(catalog|gather)\(", source)] == ["00_overview"]


def test_the_readme_shows_the_findings_of_the_notebooks():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert with_findings(readme, NOTEBOOKS) == readme


def test_the_readme_shows_the_picture_of_the_notebook():
    assert (ROOT / "docs" / f"{README_FIGURE}.png").read_bytes() == figure_png(NOTEBOOKS, README_FIGURE)
