"""The collection keeps its conventions; the command asks about what it is given and prints a line for each fault."""

from __future__ import annotations

import pytest
from conftest import ROOT
from nbformat.v4 import new_markdown_cell

from malirussia.package import UnknownNameError
from workshop import commands
from workshop.check import check, conventions
from workshop.check.rules import KINDS, RULES


@pytest.mark.slow
def test_the_collection_keeps_its_conventions(capsys):
    status = commands.check(["--root", str(ROOT)])
    printed = capsys.readouterr().out
    assert status == 0, printed
    assert printed.startswith("no fault in ")


def test_ids_are_unique_and_names_as_well():
    for words in ([rule.id for rule in RULES], [rule.name for rule in RULES]):
        assert sorted(set(words)) == sorted(words)


@pytest.fixture(scope="module")
def written():
    return conventions(ROOT)


def test_the_written_conventions_are_current(written):
    assert (ROOT / "docs" / "conventions.md").read_text(encoding="utf-8") == written


def test_every_rule_stands_in_the_written_conventions_once(written):
    assert {rule.kind for rule in RULES} <= set(KINDS)
    assert [rule.id for rule in RULES if written.count(f"| {rule.id} | {rule.name} | ") != 1] == []


def test_ours_stands_beside_three_others_with_what_the_rules_measure(written):
    measured = written.partition("## What the rhythm is measured by")[2]
    rows = [line for line in measured.splitlines() if line.startswith("| ")][2:]
    ours = [row for row in rows if row.startswith("| `")]
    assert len(rows) - len(ours) == 3
    assert any(row.startswith("| `04_trade.ipynb` | ") for row in ours)
    for row in ours:
        cells, _, lengths, asked, before = [part.strip() for part in row.split("|")[2:7]]
        assert asked == cells
        assert [int(part) <= most for part, most in zip(lengths.split(" / "), (5, 12, 20), strict=True)] == [True] * 3
        assert int(before) <= 25


@pytest.fixture
def collection(make_collection, make_notebook):
    """A collection with one notebook, one lesson and two tables, all with faults."""
    for name in ("04_trade.ipynb", "lessons/lesson_2_tidy_tables.ipynb"):
        make_notebook(new_markdown_cell("## Limits"), name=name)
    return make_collection()


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("04_trade", {"notebooks/04_trade.ipynb"}),
        ("04_trade.ipynb", {"notebooks/04_trade.ipynb"}),
        ("./notebooks/04_trade.ipynb", {"notebooks/04_trade.ipynb"}),
        ("04", {"notebooks/04_trade.ipynb"}),
        ("lesson_2", {"notebooks/lessons/lesson_2_tidy_tables.ipynb"}),
        ("lesson_2_tidy_tables", {"notebooks/lessons/lesson_2_tidy_tables.ipynb"}),
        ("notebooks", {"notebooks/04_trade.ipynb", "notebooks/lessons/lesson_2_tidy_tables.ipynb"}),
        ("grain", {"data/grain.csv"}),
        ("grain.csv", {"data/grain.csv"}),
        ("data/grain.csv", {"data/grain.csv"}),
        ("data", {"data/grain.csv", "data/sources.csv", "data/datapackage.json"}),
    ],
)
def test_only_what_is_named_is_looked_at(collection, name, files):
    assert {fault.file for fault in check(collection, [name])} <= files
    assert {fault.file for fault in check(collection, [name])}


def test_without_a_name_everything_is_looked_at(collection):
    everything = check(collection)
    parts = [fault for name in ("04_trade", "lesson_2", "data") for fault in check(collection, [name])]
    assert [str(fault) for fault in everything] == [str(fault) for fault in parts]


def test_an_unknown_name_gets_the_nearest(collection):
    with pytest.raises(UnknownNameError, match=r"no notebook or table 'grains'\. Nearest: grain"):
        check(collection, ["04_trade", "grains"])


def test_the_command_prints_faults_and_their_number(collection, capsys):
    assert commands.check(["--root", str(collection.root), "grain"]) == 1
    *faults, last = capsys.readouterr().out.splitlines()
    assert "data/grain.csv, column 'year', T03 stated-units: the schema names no unit of this number" in faults[0]
    assert last == f"{len(faults)} faults"


def test_the_command_says_what_it_found_sound(capsys):
    assert commands.check(["--root", str(ROOT), "trade_total"]) == 0
    assert capsys.readouterr().out == "no fault in 1 table\n"
