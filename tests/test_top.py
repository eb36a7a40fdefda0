"""The top of a notebook says what its outputs say, and counts what they list."""

from __future__ import annotations

import re

import nbformat
import pytest
from conftest import ROOT, stored
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import malirussia
from malirussia import outputs
from workshop.pages.top import is_top, renew_top, top
from workshop.run.execute import NotebookError

NOTEBOOKS = {path.stem: nbformat.read(path, 4) for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))}
TOPPED = [name for name, notebook in NOTEBOOKS.items() if any(map(is_top, notebook.cells))]


def small(*kept):
    cell = new_markdown_cell("old")
    cell.metadata["malirussia"] = {"generated": "top"}
    return new_notebook(cells=[new_markdown_cell("# Why?"), cell, new_code_cell("x", outputs=list(map(stored, kept)))])


ANSWER = outputs.Sentence("answer", "It fell by 5 * 2.", "high")
FINDING = outputs.Sentence("finding", "It fell in 2014.", "low", "fig_04_01")
LISTED = outputs.Listed(["cow-trade-v4"], ["trade_total"])


@pytest.mark.parametrize("name", TOPPED)
def test_the_stored_top_is_the_one_of_the_stored_outputs(name):
    (cell,) = filter(is_top, NOTEBOOKS[name].cells)
    assert cell.source == top(malirussia.collection, NOTEBOOKS[name])


@pytest.mark.parametrize("name", TOPPED)
def test_the_sources_said_are_those_listed_and_all_that_was_shown(name):
    kept = [about for about, _ in outputs.shown(NOTEBOOKS[name])]
    (listed,) = (about for about in kept if isinstance(about, outputs.Listed))
    shown = {key for about in kept if isinstance(about, outputs.Figure | outputs.Table) for key in about.sources}
    assert shown <= set(listed.sources)
    said = re.search(r"sources: (\d+)", top(malirussia.collection, NOTEBOOKS[name]))
    assert int(said[1]) == len(listed.sources)


def test_answer_findings_and_what_was_used_stand_in_this_order():
    answer, finding, facts = top(malirussia.collection, small(FINDING, ANSWER, LISTED)).split("\n\n")
    assert answer == r"**It fell by 5 \* 2.**"
    assert finding == "- It fell in 2014. (Figure 4.1, confidence: low)"
    assert facts.startswith("*Period: 1960–")
    assert "sources: 1, listed at the end; tables: `trade_total`" in facts


def test_the_top_is_renewed_in_its_cell_alone():
    notebook = small(ANSWER, LISTED)
    renew_top(malirussia.collection, notebook)
    assert notebook.cells[0].source == "# Why?"
    assert notebook.cells[1].source.startswith("**It fell")


def test_a_notebook_without_references_is_told_what_it_lacks():
    with pytest.raises(NotebookError, match=r"references\(\)"):
        top(malirussia.collection, small(ANSWER))
