"""The README shows what the committed notebooks found; nbval compares their outputs (see ``make test``)."""

from __future__ import annotations

import re

import nbformat
from conftest import ROOT
from false_notebook import assert_short

from malirussia import outputs
from workshop.pages.top import reading_minutes
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


def test_all_notebooks_are_read_in_75_minutes_and_the_overview_in_six():
    minutes = {path.stem: reading_minutes(notebook) for path, notebook in NOTEBOOKS.items()}
    assert sum(minutes.values()) <= 75
    assert minutes["00_overview"] <= 6


def test_answers_and_findings_are_short():
    for notebook in NOTEBOOKS.values():
        assert_short([one.text for kind in ("answer", "finding") for one in outputs.sentences(notebook, kind)])


def test_no_sentence_counts_none_as_a_digit():
    for path, notebook in NOTEBOOKS.items():
        for kind in ("answer", "finding", "reading"):
            told = [one.text for one in outputs.sentences(notebook, kind) if re.search(r"(?<!\S)0 [a-z]", one.text)]
            assert told == [], path.stem
