"""Room for own work: a notebook from the template where nothing looks, and JupyterLab as `make lab` opens it."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from conftest import ROOT, in_git

from workshop import commands
from workshop.lab import KERNEL, keep_kernel
from workshop.renew.own import new_notebook, own_folder
from workshop.run.execute import NotebookError

LAB = ROOT / "src" / "workshop" / "lab"


def test_a_new_notebook_is_the_template_without_outputs(tmp_path):
    path = new_notebook("my_question", tmp_path / "scratch")
    assert path == tmp_path / "scratch" / "my_question.ipynb"
    made, template = (nbformat.read(one, 4) for one in (path, ROOT / "notebooks" / "template.ipynb"))
    assert [cell.source for cell in made.cells] == [cell.source for cell in template.cells]
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in made.cells)


def test_a_notebook_that_is_there_is_not_overwritten(tmp_path):
    path = new_notebook("mine", tmp_path)
    path.write_text("hours of work")
    with pytest.raises(FileExistsError, match=r"mine\.ipynb exists"):
        new_notebook("mine", tmp_path)
    assert path.read_text() == "hours of work"


@pytest.mark.parametrize("name", ["", "../04_trade", "my question", "-x", "mine.ipynb"])
def test_what_is_no_name_of_a_file_is_refused(tmp_path, name):
    with pytest.raises(NotebookError, match="expected a name of letters"):
        new_notebook(name, tmp_path)


def test_the_command_says_how_to_open_it_and_how_a_page_is_made(tmp_path, capsys):
    assert commands.new(["notebook", "mine", "--output", str(tmp_path / "scratch")]) == 0
    said = capsys.readouterr().out
    assert "make lab" in said and "the folder scratch" in said and "Mali-Russia report" in said


@in_git
def test_own_work_is_left_alone_by_git_style_tests_and_builds():
    assert own_folder() == ROOT / "scratch"
    ignored = subprocess.run(["git", "check-ignore", "scratch/mine.ipynb"], cwd=ROOT, capture_output=True, text=True)
    assert ignored.stdout.strip() == "scratch/mine.ipynb"
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'extend-exclude = ["scratch"]' in pyproject and 'testpaths = ["tests", "notebooks"]' in pyproject


def saved(tmp_path, stored, opened):
    """Return the metadata with which a notebook is saved: *stored* on disk, *opened* by JupyterLab."""
    if stored is not None:
        (tmp_path / "a.ipynb").write_text(json.dumps({"metadata": stored, "cells": []}))
    model = {"type": "notebook", "content": {"metadata": dict(opened), "cells": []}}
    keep_kernel(model, "a.ipynb", SimpleNamespace(root_dir=str(tmp_path)), future=True)
    return model["content"]["metadata"]


OPENED = {
    "kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"},
    "language_info": {"version": "3.13"},
}


def test_a_notebook_is_saved_with_what_was_stored_of_its_kernel(tmp_path):
    stored = {"kernelspec": {"name": "python3"}, "language_info": {"name": "python"}}
    assert saved(tmp_path, stored, OPENED | {"title": "new"}) == stored | {"title": "new"}


def test_a_new_notebook_is_saved_with_the_kernel_that_opened_it(tmp_path):
    assert saved(tmp_path, None, OPENED) == OPENED


def test_every_notebook_stores_of_its_kernel_what_is_the_same_on_each_machine():
    for path in (ROOT / "notebooks").rglob("*.ipynb"):
        if ".ipynb_checkpoints" not in path.parts:
            metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
            assert set(metadata) == set(KERNEL), path.name
            assert metadata["language_info"] == {"file_extension": ".py", "name": "python"}, path.name


def test_the_settings_name_what_is_there():
    settings = json.loads((LAB / "jupyter_server_config.json").read_text())
    module, _, name = settings["ContentsManager"]["pre_save_hook"].rpartition(".")
    assert getattr(import_module(module), name) is keep_kernel
    exporters = import_module("workshop.pages")
    assert {name for name in settings if name.endswith("Exporter")} <= set(exporters.__all__)


def test_everything_that_nbgrader_adds_to_the_server_is_left_out():
    def extensions(path):
        return json.loads(path.read_text(encoding="utf-8"))["ServerApp"]["jpserver_extensions"]

    added = extensions(Path(sys.prefix) / "etc" / "jupyter" / "jupyter_server_config.d" / "nbgrader.json")
    assert extensions(LAB / "quiet" / "jupyter_server_config.json") == dict.fromkeys(sorted(added), False)
