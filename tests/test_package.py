"""The data package is valid, and damage to a copy of it is found and named."""

from __future__ import annotations

import csv
import json
import re
import shutil
import warnings

import pytest

import malirussia
from malirussia.package import Package
from workshop.check import tables as package_checks
from workshop.renew.refresh import dictionary


def validation_errors(root) -> list[str]:
    """Validate the package at *root* with frictionless; return one line an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # frictionless and its dependencies warn about themselves
        import frictionless

        report = frictionless.validate(str(root / "datapackage.json"))
    return [
        f"{file}, line {row}, column {column}: {note}"
        for file, row, column, note in report.flatten(["place", "rowNumber", "fieldName", "message"])
    ] + [error.message for error in report.errors]


@pytest.fixture
def copy(tmp_path):
    """A copy of the data package that a test may damage."""
    shutil.copytree(malirussia.collection.package.root, tmp_path / "data")
    return Package(tmp_path / "data")


def change(package, name, row, **cells):
    """Change *cells* of data row number *row* of a table, or repeat that row when no cell is given."""
    path = package.root / package.resource(name)["path"]
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    if cells:
        for column, text in cells.items():
            rows[row + 1][rows[0].index(column)] = text
    else:
        rows.append(rows[row + 1])
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def test_frictionless_finds_the_package_valid():
    assert validation_errors(malirussia.collection.package.root) == []


@pytest.mark.parametrize("check", package_checks.CHECKS)
def test_the_package_is_sound(check):
    assert check(malirussia.collection.package) == []


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"value_musd": "2o.6"}, r"line 6, column value_musd"),
        ({"value_musd": "-4"}, r"line 6, column value_musd"),
        ({"year": "19660"}, r"line 6, column year"),
        ({"flow": "mli_imports"}, r"line 6, column flow"),
        ({"source_id": ""}, r"line 6, column source_id"),
        ({"source_id": "cow-trade-v5"}, r"line 6.*foreign key"),
        ({}, r"primary key"),
    ],
)
def test_frictionless_names_the_place_of_damage(copy, cells, expected):
    change(copy, "trade_bilateral", 4, **cells)
    assert any(re.search(expected, error, re.IGNORECASE) for error in validation_errors(copy.root))


@pytest.mark.parametrize(
    ("check", "table", "cells", "expected"),
    [
        (
            "source_faults",
            "trade_bilateral",
            {"source_id": "nobody-1900"},
            "line 6, column 'source_id': no source 'nobody-1900'",
        ),
        ("range_faults", "trade_bilateral", {"low_musd": "9999"}, "line 6: low_musd 9999.0 > high_musd"),
        ("range_faults", "trade_bilateral", {"value_musd": "9999"}, "line 6: value_musd 9999.0 > high_musd"),
        ("key_faults", "trade_bilateral", {}, "repeats the key"),
        ("address_faults", "sources", {"url": "https://github.com/someone/copy"}, "line 6, column 'url'"),
        ("version_faults", "events", {"is_main": "false"}, "0 main versions of '1961-01-20-keita-demands-evacuation'"),
        ("version_faults", "events", {"conflict_group": "recognition-1960"}, "2 main versions of 'recognition-1960'"),
        ("vote_faults", "diplomacy_unga_agreement", {"agree": "1"}, "line 6: the votes do not add up"),
        ("era_faults", "context_eras", {"date_start": "2020-08-19"}, "'2012-war-and-missions' does not fit"),
        ("era_faults", "context_eras", {"date_end": "2026-01-01"}, "'2020-junta' does not fit"),
    ],
)
def test_damage_is_found_and_named(copy, check, table, cells, expected):
    change(copy, table, 4, **cells)
    faults = getattr(package_checks, check)(copy)
    assert any(expected in fault for fault in faults), faults


def rewrite(package, edit):
    """Apply *edit* to the descriptor of a copied package and open it anew."""
    descriptor = json.loads(json.dumps(package.descriptor))
    edit({resource["name"]: resource for resource in descriptor["resources"]})
    (package.root / "datapackage.json").write_text(json.dumps(descriptor))
    return Package(package.root)


def test_a_number_without_unit_is_named(copy):
    copy = rewrite(copy, lambda by_name: by_name["trade_total"]["schema"]["fields"][0].pop("unit"))
    assert package_checks.unit_faults(copy) == ["trade_total: the number 'year' has no unit in the schema"]


def test_a_table_that_may_hold_rows_without_locator_is_named(copy):
    def edit(by_name):
        fields = by_name["trade_total"]["schema"]["fields"]
        next(field for field in fields if field["name"] == "locator")["constraints"].pop("required")

    assert any("required column 'locator'" in fault for fault in package_checks.source_faults(rewrite(copy, edit)))


def test_aggregates_in_a_table_of_facts_are_refused(copy):
    copy = rewrite(copy, lambda by_name: by_name["trade_partner_annual"].update(granularity="facts"))
    assert any("aggregates only" in fault for fault in package_checks.licence_faults(copy))


def test_too_many_rows_of_a_restricted_source_are_refused(copy):
    position = list(copy.load("sources")["source_id"]).index("cow-trade-v4")
    change(copy, "sources", position, redistribution="facts")
    assert any("at most 100 may be passed on (facts)" in fault for fault in package_checks.licence_faults(copy))


def test_a_source_that_no_table_uses_is_named(copy):
    with (copy.root / "sources.csv").open("a", encoding="utf-8") as file:
        file.write("nobody-1900,T,P,,,,press,x,facts,good,\n")
    assert package_checks.unused_source_faults(copy) == ["sources.csv: no table uses 'nobody-1900'"]


def test_the_data_dictionary_is_current(root):
    assert (root / "data" / "README.md").read_text(encoding="utf-8") == dictionary(malirussia.collection)


def test_an_installed_wheel_carries_the_data(root, tmp_path):
    import subprocess
    import sys
    import zipfile

    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    code = "import malirussia; print(malirussia.collection.package.root, len(malirussia.load('trade_bilateral')))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path / "site", check=True, capture_output=True, text=True
    )
    assert "_collection" in done.stdout
