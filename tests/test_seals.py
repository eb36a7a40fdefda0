"""Seals: a table that differs from what was sealed is refused with its place, shown cell by cell, and sealed anew."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import date

import pytest
from conftest import GRAIN_CSV

from malirussia import DataError
from malirussia.collection import Collection
from malirussia.package import Package
from workshop.check.tables import data_subjects, sealed_files, tables_in
from workshop.renew import seal as sealing


@pytest.fixture
def sealed(make_collection):
    """A sealed collection of two tables, in git."""
    collection = make_collection()
    sealing.seal(collection, list(sealing.changes(collection.package, lambda *_: None)))
    git(collection.root, "init", "-q")
    commit(collection.root)
    return Collection(collection.root)


def git(root, *arguments):
    about = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(root), *about, *arguments], check=True, capture_output=True)


def commit(root):
    git(root, "add", ".")
    git(root, "commit", "-qm", "Tables")


def damage(collection, old, new, file="grain.csv"):
    path = collection.root / "data" / file
    assert old in path.read_text(encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    return Collection(collection.root)


def found_in(collection, former=None):
    former = former or sealing.from_git(collection.package.root)
    return list(sealing.changes(Package(collection.package.root), former))


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("12.5", "12.6", r"line 2, column 'quantity_t'"),
        ("late", "lаte", r"line 3, column 'note'"),
        ("2002,NA", "2003,NA", r"line 3, column 'year'"),
        ("2002,NA,delivered,,,false,,beta-news,late\n", "", r"line 3"),
    ],
)
def test_a_table_that_differs_from_its_seal_is_refused_with_its_place(sealed, old, new, place):
    with pytest.raises(DataError, match=rf"grain.csv, {place}: not as it was sealed; `python -m malirussia"):
        damage(sealed, old, new).package.load("grain")


def test_a_value_that_the_schema_forbids_is_told_beside_the_seal(sealed):
    with pytest.raises(DataError) as caught:
        damage(sealed, "12.5", "-1").package.load("grain")
    assert [line.partition("column ")[2] for line in str(caught.value).splitlines()] == [
        "'quantity_t': expected at least 0, found '-1'",
        "'quantity_t': not as it was sealed; `python -m malirussia seal` shows what differs",
    ]


def test_without_marks_a_table_that_differs_is_refused_all_the_same(sealed):
    (sealed.root / "data" / "seals.json").unlink()
    with pytest.raises(DataError, match=r"grain.csv: not as it was sealed"):
        damage(sealed, "12.5", "12.6").package.load("grain")


def test_line_ends_of_another_system_are_no_change(sealed):
    path = sealed.root / "data" / "grain.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert len(Package(path.parent).load("grain")) == 2


def test_a_schema_that_differs_is_refused_and_words_for_readers_may_change(sealed):
    path = sealed.root / "data" / "datapackage.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("the quantity_t", "how much was sent"), encoding="utf-8")
    Package(path.parent).load("grain")
    path.write_text(text.replace('"unit": "tonnes"', '"unit": "kg"'), encoding="utf-8")
    with pytest.raises(DataError, match=r"datapackage.json, table 'grain': its schema is not as it was sealed"):
        Package(path.parent).load("grain")


@pytest.mark.parametrize("key", ["hash", "bytes", "rows", "schemaHash"])
def test_a_seal_that_is_gone_or_false_is_a_fault(sealed, key):
    path = sealed.root / "data" / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    descriptor["resources"][1].pop(key)
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    (fault,) = sealed_files.faults(tables_in(Collection(sealed.root))["grain"])
    assert "T26 sealed-files: found" in str(fault)
    assert "as sealed; `python -m malirussia seal`" in str(fault)


def test_a_changed_cell_is_shown_with_old_new_column_row_and_source(sealed):
    (change,) = found_in(damage(sealed, "12.5", "12.6"))
    assert change == sealing.Change("grain", "line 2", "year=2001", "quantity_t", "12.5", "12.6", "alpha-2020")


def test_rows_that_came_went_or_moved_are_shown(sealed):
    _, first, second = GRAIN_CSV.splitlines(keepends=True)
    moved = damage(sealed, first + second, second + first)
    assert [(change.old, change.new) for change in found_in(moved)] == [
        ("the file as sealed", "another order or writing")
    ]
    gone = damage(moved, second + first, first)
    (change,) = found_in(gone)
    assert (change.row, change.new) == ("year=2002", "row removed")
    more = damage(gone, first, first + second + "2003,SUN,pledged,1.5,,true,,beta-news,\n")
    (change,) = found_in(more)
    assert (change.line, change.row, change.old) == ("line 4", "year=2003", "no row")


def test_without_git_the_marks_tell_line_column_and_new_cell(sealed):
    shutil.rmtree(sealed.root / ".git")
    (change,) = found_in(damage(sealed, "12.5", "12.6"))
    assert (change.line, change.column, change.old, change.new) == (
        "line 2",
        "quantity_t",
        "not at hand",
        "quantity_t=12.6",
    )


def test_without_git_a_folder_of_the_former_data_tells_the_old_cell(sealed, tmp_path):
    shutil.rmtree(sealed.root / ".git")
    shutil.copytree(sealed.root / "data", tmp_path / "former")
    (change,) = found_in(damage(sealed, "12.5", "12.6"), sealing.from_folder(tmp_path / "former"))
    assert (change.old, change.new) == ("12.5", "12.6")


def test_what_was_sealed_is_found_behind_later_commits_too(sealed):
    damaged = damage(sealed, "12.5", "12.6")
    commit(damaged.root)
    (change,) = found_in(damaged)
    assert (change.old, change.new) == ("12.5", "12.6")


def test_sealing_writes_what_changed_and_the_table_loads_again(sealed):
    damaged = damage(sealed, "12.5", "12.6")
    sealing.seal(damaged, found_in(damaged))
    again = Package(sealed.root / "data")
    assert again.load("grain")["quantity_t"][0] == 12.6
    assert found_in(sealed) == []
    told = (sealed.root / "data" / "CHANGES.md").read_text(encoding="utf-8")
    assert "- grain: sealed for the first time, 2 rows" in told
    assert "### grain\n\n| line | row | column | old | new | source |" in told
    assert "| 2 | year=2001 | quantity_t | 12.5 | 12.6 | alpha-2020 |" in told


def test_changes_stand_under_their_day_the_newest_first(tmp_path):
    path = tmp_path / "CHANGES.md"
    for day, new in ((1, "a"), (1, "b"), (2, "c")):
        change = sealing.Change("grain", "line 2", "", "note", "", new, "")
        path.write_text(sealing.with_changes(path, [change], date(2026, 11, day)), encoding="utf-8")
    told = path.read_text(encoding="utf-8")
    assert told.index("## 2026-11-02") < told.index(" c |") < told.index("## 2026-11-01") < told.index(" b |")
    assert told.count("## 2026-11-01") == 1
    assert " a |" in told


def test_assembling_keeps_the_seals_and_gives_none(root, tmp_path):
    from workshop.check.descriptions import assemble

    shutil.copytree(root / "data", tmp_path / "data")
    path = tmp_path / "data" / "context" / "places.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Gao", "Gaw"), encoding="utf-8")
    assert assemble(tmp_path / "data") == (root / "data" / "datapackage.json").read_text(encoding="utf-8")


def test_a_table_that_is_sealed_anew_loads_in_a_running_session(sealed):
    package = Package(sealed.root / "data")
    assert package.load("grain")["quantity_t"][0] == 12.5
    damaged = damage(sealed, "12.5", "12.6")
    with pytest.raises(DataError, match="not as it was sealed"):
        package.load("grain")
    sealing.seal(damaged, found_in(damaged))
    assert package.load("grain")["quantity_t"][0] == 12.6


def test_a_source_that_is_added_in_a_running_session_can_be_cited(sealed):
    assert "Alpha yearbook" in sealed.bibliography.cite("alpha-2020")
    with pytest.raises(LookupError):
        sealed.bibliography.cite("gamma")
    more = damage(sealed, "beta-news,", "gamma,Gamma,G,,,,press,terms,facts,good,\nbeta-news,", "sources.csv")
    sealing.seal(more, found_in(more))
    assert "Gamma" in sealed.bibliography.cite("gamma")


def seal_command(root, *options):
    from workshop import commands

    return commands.seal(["--root", str(root), *options])


@pytest.fixture
def one_table(monkeypatch):
    """Ask the rules about the one table that a test changes."""
    every = data_subjects
    places = ("data/context/places.csv",)
    monkeypatch.setattr(
        "workshop.check.tables.data_subjects", lambda asked: [one for one in every(asked) if one.file in places]
    )


@pytest.mark.slow
def test_the_command_shows_and_seals_only_what_is_meant_and_keeps_the_rules(root, tmp_path, capsys, one_table):
    shutil.copytree(root / "data", tmp_path / "data")
    (tmp_path / "notebooks").mkdir()
    assert seal_command(tmp_path) == 0
    places = tmp_path / "data" / "context" / "places.csv"
    before = places.read_text(encoding="utf-8")
    places.write_text(before.replace("19.4549", "19.4550"), encoding="utf-8")
    former = ("--former", str(root / "data"))
    assert seal_command(tmp_path, *former) == 1
    assert "context_places, line 2, place=Aguelhok, latitude, wof-ml: '19.4549' → '19.4550'" in capsys.readouterr().out
    assert seal_command(tmp_path, *former, "--accept") == 0
    assert seal_command(tmp_path, *former) == 0
    places.write_text(before.replace("19.4549", "fast"), encoding="utf-8")
    assert seal_command(tmp_path, *former, "--accept") == 1
    assert "nothing is sealed before these faults are mended" in capsys.readouterr().out


@pytest.mark.slow
def test_nothing_is_built_of_tables_with_faults(root, tmp_path, one_table):
    from workshop import commands

    shutil.copytree(root / "data", tmp_path / "data")
    (tmp_path / "notebooks").mkdir()
    places = tmp_path / "data" / "context" / "places.csv"
    places.write_text(places.read_text(encoding="utf-8").replace("19.4549", "19.4550"), encoding="utf-8")
    with pytest.raises(DataError, match=r"data/context/places.csv, line 2, column 'latitude', T26 sealed-files"):
        commands.report(["--root", str(tmp_path)])
    assert not (tmp_path / "reports").exists()
