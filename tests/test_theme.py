"""The draft of a theme: it has the spine, it runs once the table is named, it takes no number that is taken."""

from __future__ import annotations

import re
import subprocess
import sys

import nbformat
import pytest
from conftest import ROOT
from nbformat.v4 import new_markdown_cell, new_notebook

from malirussia.collection import Collection
from workshop.check import check
from workshop.commands import new
from workshop.renew.refresh import run_in_place
from workshop.run.execute import NotebookError
from workshop.run.files import FILL_IN

pytestmark = pytest.mark.slow

QUESTION = "What ties Mali to its neighbours?"
WORDS = "So"


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


def fill(path, *changes):
    """Replace texts in the code and words of a notebook."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        for before, after in changes:
            cell.source = cell.source.replace(before, after)
    nbformat.write(notebook, path)


def run(project, path):
    run_in_place(Collection(project), [path], fold=True)
    return [str(fault) for fault in check(Collection(project), [path.stem])]


COLUMN = ('["FILL IN"]', '["africa_imports_musd"]')


def test_a_draft_that_is_filled_in_runs_and_keeps_the_conventions(project):
    path = draft(project)
    assert 'load(\\"trade_africa_rank\\")' in path.read_text(encoding="utf-8")
    fill(path, COLUMN, (FILL_IN, WORDS))
    assert run(project, path) == []
    title, top, *_ = nbformat.read(path, as_version=4).cells
    assert title.source.startswith(f"# {QUESTION}\n")
    assert top.source.startswith(f"**{WORDS}: the answer in one or two short sentences, like ")
    assert "(Figure 3.1, confidence" in top.source
    assert "tables: `trade_africa_rank`" in top.source


def test_in_a_draft_that_runs_only_the_marks_are_faults(project):
    path = draft(project)
    fill(path, COLUMN)
    assert {line.partition(" N")[2][:2] for line in run(project, path)} == {"29"}


def test_a_draft_that_was_not_run_lacks_its_outputs_beside_the_marks(project):
    draft(project)
    faults = [fault.rule.name for fault in check(Collection(project), ["03_trade"])]
    lacking = {"run-in-order", "one-answer", "two-to-five-findings", "rows-seen"}
    assert {*faults} == {"filled-in", *lacking}


def test_the_formatter_changes_nothing_in_a_draft(project):
    path = draft(project)
    ruff = [sys.executable, "-m", "ruff", "format", "--check", "--config", str(ROOT / "notebooks" / "ruff.toml")]
    done = subprocess.run([*ruff, str(path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_a_notebook_without_references_is_named(project):
    path = draft(project)
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.pop()
    nbformat.write(notebook, path)
    fill(path, COLUMN)
    with pytest.raises(NotebookError, match=r"03_trade\.ipynb lists 0 tables and 0 sources, expected some"):
        run_in_place(Collection(project), [path], fold=True)


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
