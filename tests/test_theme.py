"""The draft of a theme: it has the spine, it runs once the table is named, it takes no number that is taken."""

from __future__ import annotations

import re

import nbformat
import pytest
from conftest import ROOT
from nbformat.v4 import new_markdown_cell, new_notebook

from malirussia.collection import Collection
from workshop.check import check
from workshop.commands import new
from workshop.renew.refresh import run_in_place
from workshop.run.execute import NotebookError

QUESTION = "What ties Mali to its neighbours?"
WORDS = "Here stand the words of an author"


@pytest.fixture
def project(tmp_path):
    """Return a project with the tables of the collection and one theme, number 02."""
    (tmp_path / "data").symlink_to(ROOT / "data")
    (tmp_path / "notebooks").mkdir()
    first = new_notebook(cells=[new_markdown_cell("# Why?")])
    nbformat.write(first, tmp_path / "notebooks" / "02_first.ipynb")
    return tmp_path


def draft(project, name="03_trade"):
    assert new(["theme", "--root", str(project), name, QUESTION]) == 0
    return project / "notebooks" / f"{name}.ipynb"


def test_a_draft_says_what_is_next(project, capsys):
    path = draft(project)
    said = capsys.readouterr().out
    assert str(path) in said
    assert "python -m malirussia refresh 03_trade" in said


def test_a_draft_that_is_filled_in_runs_and_keeps_the_conventions(project):
    path = draft(project, "03_trade")
    text = path.read_text(encoding="utf-8")
    assert 'load(\\"trade_africa_rank\\")' in text
    text = text.replace('[\\"FILL IN\\"]', '[\\"africa_imports_musd\\"]').replace("FILL IN", WORDS)
    path.write_text(text, encoding="utf-8")
    run_in_place([path], fold=True)
    notebook = nbformat.read(path, as_version=4)
    assert notebook.cells[0].source.startswith(f"# {QUESTION}\n")
    assert [str(fault) for fault in check(Collection(project), ["03_trade"])] == []


def test_a_draft_without_a_table_marks_its_name(project):
    assert 'load(\\"FILL IN\\")' in draft(project, "03_neighbours").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "question", "fault"),
    [
        ("china", QUESTION, "a theme is named like 07_china: a number from 01 to 09, plain words; found 'china'"),
        ("12_china", QUESTION, "Next free: 01"),
        ("03_Chine populaire", QUESTION, "plain words"),
        ("03_china", "Ties with China", "a theme opens with its question"),
    ],
)
def test_a_wrong_call_is_told_what_is_expected(project, name, question, fault):
    with pytest.raises(NotebookError, match=re.escape(fault)):
        new(["theme", "--root", str(project), name, question])


@pytest.mark.parametrize("name", ["02_second", "02_first"])
def test_a_number_that_is_taken_is_refused(project, name):
    with pytest.raises(FileExistsError, match=r"notebooks/02_first\.ipynb has the number 02\. Next free: 01"):
        draft(project, name)
