"""A new release of a made-up data set, held against a made-up collection with a notebook of two cells."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from malirussia.package import DataError
from workshop import commands
from workshop.renew.adopt import Move, _may_read
from workshop.run.execute import execute, read
from workshop.run.files import write_notebook

SOURCE = """
title = "Alpha yearbook"
publisher = "Alpha Office"
version = "1.0"
citation = "Alpha Office (2020). Yearbook."
licence = "CC BY 4.0"
may_ship = "yes"
page = "https://alpha.example"
how = "Ask for it."
sources = ["alpha-2020"]

[[files]]
name = "alpha_v1_0.csv"
url = "https://alpha.example/alpha_v1_0.csv"

[[exceptions]]
table = "grain"
rows = "year == 2001"
columns = ["note"]
reason = "By hand."
"""
CLEAN = """
def clean(raw):
    rows = raw.read("alpha_v1_0.csv", ["year", "tonnes", "shipments"], version="version")
    rows = rows.assign(
        partner="SUN", stage="pledged", firm=True, signed="2001-02-03", source_id="alpha-2020", note=None
    ).rename(columns={"tonnes": "quantity_t"})
    columns = ["year", "partner", "stage", "quantity_t", "shipments", "firm", "signed", "source_id", "note"]
    return {"grain": rows[columns]}
"""
GRAIN = """year,partner,stage,quantity_t,shipments,firm,signed,source_id,note
2001,SUN,pledged,12.5,3,true,2001-02-03,alpha-2020,by hand
2002,NA,delivered,,,false,,beta-news,late
2003,SUN,pledged,4.0,1,true,2001-02-03,alpha-2020,
2005,SUN,pledged,7,2,true,2001-02-03,alpha-2020,
"""
OLD = "year,tonnes,shipments,version\n2001,12.46,3,1.0\n2003,4,1,1.0\n2005,7,2,1.0\n"
# 2001 moves within its rounding, 2003 to another number; 2005 is gone, 2004 is new.
NEW = "year,tonnes,shipments,version\n2001,12.52,3,2.0\n2003,5.04,1,2.0\n2004,90.06,8,2.0\n"

FIRST = "from malirussia import finding, load"
SECOND = """total = load("grain")["quantity_t"].sum()
finding("They gave {total:.1f} tonnes.", confidence="high")"""


@pytest.fixture
def project(make_collection, tmp_path):
    """Return a collection with one data set, its file, and a notebook whose outputs are stored."""
    root = make_collection(grain=GRAIN).root
    folder = root / "upstream" / "alpha"
    folder.mkdir(parents=True)
    (folder / "source.toml").write_text(SOURCE)
    (folder / "clean.py").write_text(CLEAN)
    (root / "raw" / "alpha-2.0").mkdir(parents=True)
    (root / "raw" / "alpha_v1_0.csv").write_text(OLD)
    assert commands.raw(["--lock", "alpha", "--root", str(root)]) == 0
    (root / "raw" / "alpha-2.0" / "alpha_v2_0.csv").write_text(NEW)
    return root


def adopt(root, *more, release="2.0"):
    return commands.adopt(["alpha", release, "--root", str(root), *more])


@pytest.fixture
def moved(monkeypatch):
    """Spare a test the run of the notebook."""
    move = Move("01_grain", "finding", "1", "much", "more")
    monkeypatch.setattr("workshop.renew.adopt.moves", lambda collection, trial: [move])


def state(root):
    """Return the bytes of everything that a release may not touch before it is accepted."""
    files = [path for part in ("data", "upstream", "notebooks") for path in (root / part).rglob("*.*")]
    return {path: path.read_bytes() for path in files if path.is_file() and "__pycache__" not in path.parts}


def write_stored_notebook(root):
    """Write the notebook with the sentence that it says of the tables as they are."""
    path = root / "notebooks" / "01_grain.ipynb"
    path.parent.mkdir()
    nbformat.write(new_notebook(cells=[new_code_cell(FIRST), new_code_cell(SECOND)]), path)
    from malirussia.outputs import Sentence, bundle

    notebook = read(path)
    sentence = Sentence("finding", "They gave 23.5 tonnes.", "high")
    data, metadata = bundle(sentence, {"text/plain": sentence.text})
    notebook.cells[1].outputs = [nbformat.v4.new_output("display_data", data=data, metadata=metadata)]
    write_notebook(path, notebook)
    return path


@pytest.mark.slow
def test_a_release_is_told_row_by_row_and_word_by_word_and_writes_nothing(project, capsys):
    write_stored_notebook(project)
    before = state(project)
    assert adopt(project) == 0
    said = capsys.readouterr().out
    assert "grain: 1 rows added, 1 gone, 1 cells changed in 1 rows" in said
    assert "year=2003, quantity_t: 4.0 -> 5 (+25.0 percent)" in said
    assert "year=2004: added" in said
    assert "year=2005: gone" in said
    # 12.5 + 5 + 90.1 in place of 12.5 + 4 + 7
    assert "01_grain, finding 1" in said
    assert "old: They gave 23.5 tonnes. (confidence: high)" in said
    assert "new: They gave 107.6 tonnes. (confidence: high)" in said
    assert "Nothing was written to data/ or upstream/. ACCEPT=1 takes it in." in said
    assert state(project) == before
    with (project / "build" / "adopt" / "alpha-2.0.csv").open(newline="") as file:
        rows = {(row["row"], row["column"]): (row["old"], row["new"], row["percent"]) for row in csv.DictReader(file)}
    assert rows == {
        ("year=2003", "quantity_t"): ("4.0", "5", "+25.0"),
        ("year=2004", "the row"): ("none", "it", ""),
        ("year=2005", "the row"): ("it", "none", ""),
    }
    assert "They gave 107.6 tonnes." in (project / "build" / "adopt" / "alpha-2.0.html").read_text()


def test_an_accepted_release_is_written_whole_and_the_rows_of_others_stay(project, capsys, moved):
    path = write_stored_notebook(project)
    notebook = path.read_bytes()
    assert adopt(project, "--accept") == 0
    assert (project / "data" / "grain.csv").read_text() == (
        "year,partner,stage,quantity_t,shipments,firm,signed,source_id,note\n"
        "2001,SUN,pledged,12.5,3,true,2001-02-03,alpha-2020,by hand\n"
        "2002,NA,delivered,,,false,,beta-news,late\n"
        "2003,SUN,pledged,5,1,true,2001-02-03,alpha-2020,\n"
        "2004,SUN,pledged,90.1,8,true,2001-02-03,alpha-2020,\n"
    )
    about = (project / "upstream" / "alpha" / "source.toml").read_text()
    assert 'version = "2.0"' in about and 'name = "alpha_v2_0.csv"' in about and "url =" not in about
    assert path.read_bytes() == notebook
    said = capsys.readouterr().out
    assert "python -m malirussia refresh 01_grain" in said
    assert "CHANGELOG.md: Alpha Office revised its data, release 2.0" in said
    # From now on the tables are what the new files give.
    assert commands.data(["--root", str(project), "--raw", str(project / "raw" / "alpha-2.0")]) == 0


@pytest.mark.slow
def test_the_copy_on_which_notebooks_run_is_of_the_new_rows_and_leaves_no_trace(project, monkeypatch):
    path = write_stored_notebook(project)
    seen = []

    def watched(paths, *more):
        seen.extend(paths)
        return execute(paths, *more)

    monkeypatch.setattr("workshop.renew.adopt.execute", watched)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    with pytest.raises(RuntimeError, match=r"01_grain\.ipynb, cell 2: AssertionError"):
        notebook = read(path)
        notebook.cells[1].source = SECOND + "\nassert total < 100"
        write_notebook(path, notebook)
        adopt(project)
    assert [one.name for one in seen] == ["01_grain.ipynb"]
    assert path not in seen and not seen[0].exists()
    assert "PYTHONPATH" not in os.environ


@pytest.mark.parametrize(
    ("found", "facts", "may_read"),
    [
        (None, {}, True),
        ("a result", {"file data/grain.csv": "its digest"}, True),
        ("a result", {"file data/sources.csv": "its digest"}, False),
    ],
)
def test_a_notebook_is_left_out_only_where_its_kept_result_rests_on_no_changed_table(
    monkeypatch, tmp_path, found, facts, may_read
):
    class Kept:
        def __init__(self, root):
            self.facts = {}

        def find(self, path):
            self.facts = facts
            return found, ""

    monkeypatch.setattr("workshop.renew.adopt.Cache", Kept)
    assert _may_read(tmp_path, Path("notebooks/01_grain.ipynb"), ["grain.csv"]) is may_read


def untouched(project, fault, error=DataError, **options):
    before = state(project)
    with pytest.raises(error, match=fault):
        adopt(project, "--accept", **options)
    assert state(project) == before


def replace(project, old, new):
    path = project / "raw" / "alpha-2.0" / "alpha_v2_0.csv"
    path.write_text(path.read_text().replace(old, new))


def test_another_version_inside_the_file_stops(project):
    replace(project, "8,2.0", "8,1.9")
    untouched(project, r"alpha_v2_0.csv, column 'version': expected version 2.0, found 1.9")


def test_a_missing_column_stops(project):
    replace(project, "tonnes", "tons")
    untouched(project, r"alpha_v2_0.csv: expected the columns \['tonnes'\], found \['year', 'tons'")


def test_a_missing_file_is_named_with_where_it_comes_from(project):
    fault = r"alpha-3.0: expected a file alpha_v1_0.csv or alpha_v3_0.csv. Ask for it. https://alpha.example"
    untouched(project, fault, FileNotFoundError, release="3.0")


def test_the_bytes_that_are_taken_in_are_no_new_release(project):
    (project / "raw" / "alpha-2.0" / "alpha_v2_0.csv").write_text(OLD)
    untouched(project, "these are the bytes of 1.0, which is taken in already")


def test_a_row_that_another_source_has_is_not_overwritten(project):
    replace(project, "2004,", "2002,")
    untouched(project, r"grain: the release has a row \{'year': '2002'\}, which another source has there")


def test_a_set_that_only_checks_is_not_taken_in(project):
    path = project / "upstream" / "alpha" / "source.toml"
    path.write_text(path.read_text().replace("\n[[files]]", "independent = true\n\n[[files]]", 1))
    untouched(project, "upstream/alpha makes no rows of the tables")


def test_a_cell_beyond_the_description_is_told_but_not_accepted(project, capsys, moved):
    replace(project, "2004,90.06", "2004,-90.06")
    assert adopt(project) == 0
    said = capsys.readouterr().out
    assert (
        "grain, column quantity_t: its description does not allow the new cells; they need {'minimum': -90.1}" in said
    )
    untouched(project, r"nothing was written: widen first.*quantity_t.*minimum.*-90.1.*assemble")
