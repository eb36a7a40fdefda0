"""Results that are kept: used again when nothing they rest on has changed, and only then."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import matplotlib
import nbformat
import pytest
from conftest import write_collection
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from workshop.run import cache as kept
from workshop.run.cache import Cache, Result
from workshop.run.execute import execute
from workshop.run.files import whole_folder
from workshop.run.kernels import own_settings
from workshop.run.passed import Passed

pytestmark = pytest.mark.slow

READER = """
import os
from pathlib import Path
from matplotlib.ft2font import FT2Font
from malirussia import Collection
from beside import word
collection = Collection("..")
print(word, len(collection.load("grain")), collection.bibliography.cite("alpha-2020"), os.environ.get("FLAVOUR"))
print(FT2Font("../face.ttf").family_name, Path("../note.txt").exists() or "no note")
try:
    print(open("../more.txt").read())
except FileNotFoundError:
    print("nothing more")
"""
OVERVIEW = "from malirussia import gather; print(len(gather()))"


def write(path, *cells):
    path.parent.mkdir(parents=True, exist_ok=True)
    cells = [nbformat.from_dict({**cell, "id": f"cell-{number}"}) for number, cell in enumerate(cells)]
    nbformat.write(new_notebook(cells=cells), path)


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Return a project whose two notebooks have been run, and what they put out."""
    root = tmp_path_factory.mktemp("project") / "ran"
    write_collection(root)
    for package in ("malirussia", "workshop/run"):
        module = root / "src" / package / "module.py"
        module.parent.mkdir(parents=True)
        module.write_text("x = 1\n")
    (root / "requirements.lock").write_text("pandas==3.1.0\nseaborn==0.13.2\n")
    shutil.copy(Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf"), root / "face.ttf")
    notebooks = root / "notebooks"
    write(notebooks / "00_all.ipynb", new_code_cell(OVERVIEW))
    write(notebooks / "01_one.ipynb", new_markdown_cell("# One?"), new_code_cell(READER), new_code_cell("1 + 1"))
    (notebooks / "beside.py").write_text("word = 'beside'\n")
    with pytest.MonkeyPatch.context() as patch:
        point_to(root, patch)
        done = execute(sorted(notebooks.glob("*.ipynb")), Cache(root))
    assert done[notebooks / "01_one.ipynb"].cells[1].outputs[0].text.startswith("beside 2 Alpha Office")
    return root, done


def point_to(root, patch):
    """Let the packages of a project be those that count, and no wish of the machine for fresh runs."""
    patch.setattr(kept, "_HELPER", root / "src" / "malirussia")
    patch.setattr(kept, "_RUNNER", root / "src" / "workshop" / "run")
    patch.setattr(kept, "_WORKSHOP", root / "src" / "workshop")
    for name in ("FRESH", "CI", "FLAVOUR", "MALIRUSSIA_LANGUAGE", *own_settings()):
        patch.delenv(name, raising=False)


@pytest.fixture
def project(ran, tmp_path, monkeypatch):
    """Return a copy of the project, to change something in it."""
    root = tmp_path / "project"
    shutil.copytree(ran[0], root)
    point_to(root, monkeypatch)
    return root


def why(root, name="01_one"):
    """Return why a notebook must run, None when it need not."""
    result, reason = Cache(root).find(root / "notebooks" / f"{name}.ipynb")
    return None if result else reason


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def edit_notebook(root, change, name="01_one"):
    path = root / "notebooks" / f"{name}.ipynb"
    notebook = nbformat.read(path, 4)
    change(notebook)
    nbformat.write(notebook, path)


def describe(root, table):
    """Change the title of a table in the descriptor, or add a table there."""
    path = root / "data" / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    resources = {one["name"]: one for one in descriptor["resources"]}
    resources[table] = resources.get(table, resources["grain"]) | {"name": table, "title": "New"}
    path.write_text(json.dumps(descriptor | {"resources": list(resources.values())}), encoding="utf-8")


def test_what_has_not_changed_is_not_run(project):
    assert (why(project), why(project, "00_all")) == (None, None)


def test_a_result_found_is_the_result_that_was_run(ran, project, capsys):
    paths = sorted((project / "notebooks").glob("*.ipynb"))
    again = execute(paths, Cache(project))
    assert list(again.values()) == list(ran[1].values())
    assert capsys.readouterr().out == "2 of 2 not run, nothing they read has changed: 00_all, 01_one\n"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda root: edit(root / "data" / "grain.csv", "12.5", "12.6"), "data/grain.csv has changed"),
        (lambda root: (root / "data" / "grain.csv").unlink(), "data/grain.csv has changed"),
        (lambda root: describe(root, "grain"), "data/datapackage.json: grain has changed"),
        (lambda root: edit(root / "data" / "sources.csv", "Alpha Office", "A"), "data/sources.csv: alpha-2020 has"),
        (lambda root: edit(root / "src/malirussia/module.py", "1", "2"), "src/malirussia/module.py has changed"),
        (lambda root: (root / "src/malirussia/new.py").write_text(""), "src/malirussia/new.py has changed"),
        (lambda root: (root / "src/malirussia/module.py").unlink(), "src/malirussia/module.py has changed"),
        (lambda root: edit(root / "src/workshop/run/module.py", "1", "2"), "src/workshop/run/module.py has changed"),
        (lambda root: edit(root / "requirements.lock", "0.13.2", "0.13.3"), "requirements.lock has changed"),
        (lambda root: (root / "face.ttf").write_bytes(b"another"), "face.ttf has changed"),
        (lambda root: (root / "more.txt").write_text("more"), "more.txt has changed"),
        (lambda root: edit(root / "notebooks/beside.py", "beside", "aside"), "notebooks/beside.py has changed"),
        (lambda root: (root / "notebooks/pandas.py").write_text(""), "its code has changed"),
        (lambda root: edit_notebook(root, lambda nb: nb.cells[2].update(source="1 + 2")), "its code has changed"),
        (lambda root: edit_notebook(root, lambda nb: nb.cells.append(new_code_cell("3"))), "its code has changed"),
        (
            lambda root: edit_notebook(root, lambda nb: nb.cells[2].metadata.update(tags=["raises-exception"])),
            "its code has changed",
        ),
        (lambda root: edit_notebook(root, lambda nb: nb.metadata.update(widgets={})), "its code has changed"),
    ],
    ids=[
        *("cell of a table", "deleted table", "descriptor", "source", "helper", "new module", "module gone", "runner"),
        *("lock", "font", "file that was not there", "module beside", "module in the way", "code", "new cell", "tag"),
        "metadata",
    ],
)
def test_a_change_in_what_it_rests_on_runs_a_notebook(project, change, reason):
    change(project)
    assert why(project).startswith(reason)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda patch, folder: patch.setenv("FLAVOUR", "sweet"), "FLAVOUR has changed"),
        (lambda patch, folder: patch.setenv("MPLBACKEND", "svg"), "MPLBACKEND has changed"),
        (lambda patch, folder: patch.setenv("TZ", "Asia/Tokyo"), "TZ has changed"),
        (lambda patch, folder: patch.setenv("MALIRUSSIA_LANGUAGE", "fr"), "its code has changed"),
        (lambda patch, folder: patch.setattr(sys, "version", "4.0"), "the interpreter has changed"),
        (lambda patch, folder: patch.setattr(sys, "executable", "/usr/bin/python"), "the interpreter has changed"),
        (lambda patch, folder: install(patch, folder), "an installed package has changed"),
        (lambda patch, folder: patch.setenv("FRESH", "1"), "everything is run"),
        (lambda patch, folder: patch.setenv("CI", "true"), "everything is run"),
    ],
    ids=["variable it reads", "backend", "zone", "language", "version", "interpreter", "package", "FRESH", "CI"],
)
def test_a_change_of_the_machine_runs_a_notebook(project, change, reason, monkeypatch, tmp_path):
    change(monkeypatch, tmp_path)
    kept._machine.cache_clear()
    assert why(project) == reason
    monkeypatch.undo()
    kept._machine.cache_clear()


def install(patch, folder):
    (folder / "site" / "matplotlib-3.12.9.dist-info").mkdir(parents=True)
    patch.syspath_prepend(folder / "site")


@pytest.mark.parametrize(
    "change",
    [
        lambda root: edit_notebook(root, lambda nb: nb.cells[0].update(source="# Another?")),
        lambda root: edit_notebook(root, lambda nb: nb.cells.insert(1, new_markdown_cell("More."))),
        lambda root: edit_notebook(root, lambda nb: nb.cells[1].metadata.update(jupyter={"source_hidden": True})),
        lambda root: edit_notebook(
            root, lambda nb: nb.metadata.update(language_info={"name": "python", "version": "4"})
        ),
        lambda root: edit(root / "data" / "sources.csv", "Beta News", "Gamma"),
        lambda root: describe(root, "another"),
        lambda root: (root / "data" / "another.csv").write_text("a\n1\n"),
        lambda root: (root / "notebooks" / "02_two.ipynb").write_text("{}"),
        lambda root: os.utime(root / "data" / "grain.csv"),
        lambda root: (root / "src" / "malirussia" / "words.pot").write_text(""),
    ],
    ids=[
        *("text", "new text", "folded", "kernel", "another source", "another descriptor", "another table"),
        *("another notebook", "touched", "catalogue template"),
    ],
)
def test_a_change_elsewhere_runs_no_notebook(project, change):
    change(project)
    assert why(project) is None


def test_changed_text_stands_among_the_outputs_that_were_kept(project):
    edit_notebook(project, lambda nb: nb.cells.insert(1, new_markdown_cell("More.")))
    path = project / "notebooks" / "01_one.ipynb"
    (done,) = execute([path], Cache(project)).values()
    assert [cell.cell_type for cell in done.cells] == ["markdown", "markdown", "code", "code"]
    assert done.cells[3].outputs[0].data["text/plain"] == "2"


def test_the_overview_runs_when_an_output_changes_and_not_for_text(project):
    edit_notebook(project, lambda nb: nb.cells[0].update(source="# Another?"))
    assert why(project, "00_all") is None
    output = nbformat.v4.new_output("stream", name="stdout", text="4")
    edit_notebook(project, lambda nb: nb.cells[1].update(outputs=[output]))
    assert why(project, "00_all") == "notebooks/01_one.ipynb: outputs has changed"


def test_the_overview_runs_for_a_new_theme(project):
    write(project / "notebooks" / "02_two.ipynb")
    assert why(project, "00_all") == "notebooks has changed"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("open('../made.txt', 'w').close()", "it writes made.txt"),
        ("import os; os.mkdir('made')", "it writes notebooks/made"),
        ("import subprocess; subprocess.run(['true'])", "it asks a program"),
        ("import socket; socket.getaddrinfo('localhost', 80)", "it asks the network"),
        ("import os, time; time.sleep(0.1); os.utime('../data/grain.csv'); open('../data/grain.csv')", "meanwhile"),
    ],
    ids=["file", "folder", "program", "network", "changed meanwhile"],
)
def test_a_result_that_may_differ_next_time_is_not_kept(project, code, reason, capsys):
    path = project / "notebooks" / "03_three.ipynb"
    write(path, new_code_cell(code))
    cache = Cache(project)
    execute([path], cache)
    assert reason in capsys.readouterr().out
    assert why(project, "03_three") == "it has not been run here"
    assert cache.facts is None


def test_a_run_that_fails_is_not_kept(project):
    write(project / "notebooks" / "03_three.ipynb", new_code_cell("1 / 0"))
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        execute([project / "notebooks" / "03_three.ipynb"], Cache(project))
    assert why(project, "03_three") == "it has not been run here"


@pytest.mark.parametrize("damage", ["", "{", "[1]", '{"facts": {}}'])
def test_a_damaged_result_is_no_result(project, damage):
    (path,) = (project / ".cache").glob("01_one-*.json")
    path.write_text(damage)
    assert why(project)


def test_few_former_results_of_a_notebook_stay(project):
    path = project / "notebooks" / "03_three.ipynb"
    for number in range(12):
        notebook = {"cells": [{"cell_type": "code", "source": f"{number}", "metadata": {}}], "metadata": {}}
        notebook["cells"][0] |= {"outputs": [], "execution_count": 1}
        seen = dict.fromkeys(("files", "folders", "parts", "variables", "written", "elsewhere"), ())
        assert Cache(project).keep(path, kept.code_of(notebook), notebook, seen, time.time() + 60) == ""
    assert len(list((project / ".cache").glob("03_three-*.json"))) == 8


class Cell:
    """What pytest knows of a cell of a notebook."""

    def __init__(self, path):
        self.path, self.marks = path, []

    def add_marker(self, mark):
        self.marks.append(mark.name)


def nbval(root, *outcomes, meanwhile=lambda root: None):
    """Let pytest run the two cells of a notebook, with these outcomes; return whether it runs them at all."""
    session, cells = Passed(root), [Cell(root / "notebooks" / "01_one.ipynb") for _ in range(2)]
    session.pytest_collection_modifyitems(cells)
    meanwhile(root)
    for cell, passed in zip(cells, outcomes, strict=True):
        making = session.pytest_runtest_makereport(cell, None)
        next(making)
        with pytest.raises(StopIteration):
            making.send(SimpleNamespace(when="call", passed=passed))
    session.pytest_sessionfinish()
    return [cell.marks for cell in cells] != [["skip"], ["skip"]]


def test_a_notebook_that_passed_is_not_tested_again_until_something_changes(project, monkeypatch):
    assert nbval(project, True, True)
    assert not nbval(project, True, True)
    monkeypatch.setenv("IPYTHONDIR", "/another")  # as it is under pytest
    assert not nbval(project, True, True)
    edit_notebook(project, lambda nb: nb.cells[2].update(execution_count=7))
    assert nbval(project, True, True)
    edit(project / "data" / "grain.csv", "12.5", "12.6")
    assert nbval(project, True, True)


@pytest.mark.parametrize("name", ["CI", "FRESH"])
def test_every_notebook_is_tested_where_everything_is_run(project, name, monkeypatch):
    assert nbval(project, True, True)
    assert not nbval(project, True, True)
    monkeypatch.setenv(name, "true")
    assert nbval(project, True, True)


@pytest.mark.parametrize(
    ("outcomes", "meanwhile"),
    [
        ((True, False), lambda root: None),
        ((True, True), lambda root: edit_notebook(root, lambda nb: nb.cells[0].update(source="# Another?"))),
    ],
    ids=["a cell failed", "it was changed meanwhile"],
)
def test_a_notebook_is_tested_again_that_did_not_pass_as_it_is(project, outcomes, meanwhile):
    assert nbval(project, *outcomes, meanwhile=meanwhile)
    assert nbval(project, True, True)


def test_pages_hold_until_what_they_are_made_of_or_they_themselves_change(project, tmp_path):
    output = tmp_path / "reports"
    output.mkdir()
    page = output / "01_one.html"

    def make():
        page.write_text("page")
        cache = Cache(project)
        assert cache.find(project / "notebooks" / "01_one.ipynb")[0]
        cache.made("report", output, time.time() + 60)

    changes = [
        lambda: edit(page, "page", "gape"),
        page.unlink,
        lambda: (output / "more.html").write_text(""),
        lambda: (project / "src" / "workshop" / "page.html.j2").write_text("a template"),
        lambda: edit_notebook(project, lambda nb: nb.cells[0].update(source="# Another?")),
        lambda: edit(project / "data" / "sources.csv", "Beta News", "Gamma"),
    ]
    for change in changes:
        make()
        assert Cache(project).holds("report", output)
        change()
        assert not Cache(project).holds("report", output)


def test_builds_at_once_leave_one_whole_folder(tmp_path):
    output = tmp_path / "reports"

    def build(number):
        with whole_folder(output) as fresh:
            for name in "ab":
                (fresh / name).write_text(str(number))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(build, range(200)))
    assert len({(output / name).read_text() for name in "ab"}) == 1
    assert sorted(path.name for path in output.iterdir()) == ["a", "b"]
    assert [path.name for path in tmp_path.iterdir()] == ["reports"]


def test_a_result_fills_the_code_cells_alone():
    notebook = new_notebook(cells=[new_markdown_cell("a"), new_code_cell("1")])
    Result([{"outputs": [], "execution_count": 7}]).fill(notebook)
    assert notebook.cells[1].execution_count == 7
