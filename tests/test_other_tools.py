"""The tables as they come into other tools, which guess types from the first rows and read no schema."""

from __future__ import annotations

import csv
import re

import duckdb
import polars
import pytest

import malirussia

PACKAGE = malirussia.collection.package
NAMES = list(PACKAGE.resources)


def columns(name, kind):
    return [field["name"] for field in PACKAGE.resource(name)["schema"]["fields"] if field["type"] == kind]


@pytest.mark.parametrize("name", NAMES)
def test_polars_reads_a_table_without_error_and_the_same_numbers(name):
    read, ours = polars.read_csv(PACKAGE.path(name)), PACKAGE.load(name)
    assert read.shape == ours.shape
    for column in columns(name, "number"):
        assert read[column].cast(polars.Float64).to_list() == [None if x != x else x for x in ours[column]], column


@pytest.mark.parametrize("name", NAMES)
def test_duckdb_reads_a_table_without_error_and_the_same_numbers(name):
    ours = PACKAGE.load(name)
    read = duckdb.sql(f"from read_csv('{PACKAGE.path(name)}')")
    assert read.shape == ours.shape
    for column in columns(name, "number"):
        found = [row[0] for row in duckdb.sql(f'select cast("{column}" as double) from read').fetchall()]
        assert found == [None if x != x else x for x in ours[column]], column


# What readr of R takes a column for by its first 1000 rows; where none is filled, for TRUE and FALSE.
GUESSES = {
    "logical": r"T|F|TRUE|FALSE|true|false",
    "double": r"-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?",
    "date": r"\d{4}-\d\d-\d\d",
    "character": r"(?s:.*)",
}


def guessed(cells):
    return next(form for form in GUESSES.values() if all(re.fullmatch(form, cell) for cell in cells if cell))


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_is_what_r_guesses_from_the_first_thousand(name):
    with PACKAGE.path(name).open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    for column, cells in zip(head, zip(*rows, strict=True), strict=True):
        form = guessed(cells[:1000])
        # readr reads NA as missing.
        assert [cell for cell in cells if cell not in ("", "NA") and not re.fullmatch(form, cell)] == [], column


def test_what_r_guesses_is_seen_to_fail_where_the_first_thousand_are_empty():
    assert guessed([""] * 1000) == GUESSES["logical"]
    assert guessed(["1", "2.5", ""]) == GUESSES["double"]
