"""The data package is valid for frictionless, which names the place of damage; the rules are in test_check_tables."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import warnings
import zipfile
from collections import defaultdict

import pytest
from conftest import GRAIN_CSV

import malirussia
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


@pytest.mark.slow
def test_frictionless_finds_the_package_valid():
    faults = validation_errors(malirussia.collection.package.root)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (",12.5,", ",1z.5,", r"line 2, column quantity_t"),
        (",12.5,", ",-4,", r"line 2, column quantity_t"),
        ("2002,", "2oo2,", r"line 3, column year"),
        ("delivered", "deliverd", r"line 3, column stage"),
        (",beta-news,", ",,", r"line 3, column source_id"),
        (",beta-news,", ",beta,", r"line 3.*foreign key"),
        ("2002,", "2001,", r"primary key"),
    ],
)
def test_frictionless_names_the_place_of_damage(make_package, old, new, expected):
    root = make_package(grain=GRAIN_CSV.replace(old, new)).root
    assert any(re.search(expected, error, re.IGNORECASE) for error in validation_errors(root))


def test_the_data_dictionary_is_current(root):
    assert (root / "data" / "README.md").read_text(encoding="utf-8") == dictionary(malirussia.collection)


def build(project, folder) -> None:
    """Build wheel and sdist of *project* into *folder*."""
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run(command, cwd=project, check=True, capture_output=True)


@pytest.fixture(scope="module")
def built(root, tmp_path_factory):
    """Return a folder with the wheel and the sdist."""
    folder = tmp_path_factory.mktemp("built")
    build(root, folder)
    return folder


@pytest.fixture(scope="module")
def installed(built):
    """Return a function that runs code where the unpacked wheel is, and nothing else of the collection."""
    folder = built
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")

    def run(code):
        command = [sys.executable, "-c", code]
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        done = subprocess.run(command, cwd=folder / "site", env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.mark.slow
def test_wheel_and_sdist_are_the_same_bytes_from_another_folder_on_another_day(root, built, tmp_path):
    folder = tmp_path / "else where"
    for part in ("src", "data"):
        shutil.copytree(root / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "notebooks").mkdir()
    for part in ("notebooks/template.ipynb", "README.md", "LICENSE", "pyproject.toml", ".gitignore"):
        shutil.copy(root / part, folder / part)
    for path in folder.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    build(folder, folder / "dist")
    again = {path.name: path.read_bytes() for path in (folder / "dist").iterdir()}
    assert again == {name: (built / name).read_bytes() for name in again} and len(again) == 2


@pytest.mark.slow
def test_a_wheel_carries_what_it_must_and_nothing_else(built):
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {"malirussia/_collection/notebooks/template.ipynb", "workshop/pages/templates/malirussia/style.css"} <= names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"malirussia", "workshop"}
    within = {name.split("/")[2] for name in names if name.startswith("malirussia/_collection/")}
    assert within == {"data", "notebooks"}
    assert not [name for name in names if re.search(r"__pycache__|/test_|/raw/", name)]


@pytest.mark.slow
def test_an_installed_wheel_carries_the_data(installed):
    code = "import malirussia; print(malirussia.collection.package.root, len(malirussia.load('trade_bilateral')))"
    assert "_collection" in installed(code)


@pytest.mark.slow
def test_an_installed_wheel_begins_a_notebook_from_the_template_where_one_is(installed):
    code = """
from pathlib import Path
from workshop.commands import new
new(["notebook", "mine"])
print(*Path().glob("*.ipynb"))
"""
    assert installed(code).splitlines()[-1] == "mine.ipynb"


@pytest.mark.slow
def test_an_installed_wheel_shows_figures_and_sentences(installed):
    code = """
import matplotlib
matplotlib.use("Agg")
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
InteractiveShell.instance()
from malirussia import figures, panel, reading, references, show
frame = panel("arms_from_moscow").set_index("year")
peak = frame["arms_from_moscow_tiv_m"].max()
with capture_output() as said:
    fig, ax = figures.canvas()
    ax.plot(frame["arms_from_moscow_tiv_m"])
    about = dict(title="T", subtitle="S", alt="word " * 20, sources=list(references(frame).entries))
    show(fig, "fig_10_01", data=frame, **about)
    reading("At most {peak:.1f} million TIV.", peak=peak)
print(*(sorted(output.data) for output in said.outputs))
"""
    shown = installed(code)
    assert "image/png" in shown and "text/markdown" in shown


def fields():
    """Yield the name of each table with each of its columns."""
    for name, resource in malirussia.collection.package.resources.items():
        yield from ((name, field) for field in resource["schema"]["fields"])


def test_every_table_says_what_a_missing_row_means_and_how_it_is_made():
    for name, resource in malirussia.collection.package.resources.items():
        assert resource.keys() >= {"missingRow", "made"}, name


# A side of a row is named by what it is in the table (supplier, creditor, host), and a mirror has two sources.
SIDES = {"country", "partner", "actors", "source_id", "source_id_2"}


def test_a_column_has_one_heading_in_all_tables():
    found = defaultdict(dict)
    for table, field in fields():
        if field["name"] not in SIDES:
            found[field["name"]].setdefault(field["title"], table)
    assert {column: headings for column, headings in found.items() if len(headings) > 1} == {}


def test_numbers_of_a_column_are_printed_in_one_way():
    found = defaultdict(dict)
    for table, field in fields():
        if field["type"] in ("integer", "number"):
            found[field["name"], field["type"]].setdefault(field.get("numberFormat"), table)
    assert {column: forms for column, forms in found.items() if len(forms) > 1 or None in forms} == {}
    assert all(format(1, form) for forms in found.values() for form in forms)


def test_values_that_are_no_words_have_a_label():
    for name, field in fields():
        for value, label in malirussia.labels(name, field["name"]).items():
            assert "_" not in label, (name, field["name"], value)


def test_labels_of_a_column_that_is_not_there_name_the_nearest():
    with pytest.raises(malirussia.UnknownNameError, match=r"no column 'categry'.*category"):
        malirussia.labels("deployment_ucdp_country_year", "categry")


@pytest.mark.parametrize(
    "rising", [("low", "medium", "high"), ("year", "month", "day"), ("contested", "weak", "good", "primary")]
)
def test_categories_that_have_an_order_rise_in_every_table(rising):
    ordered = [field for _, field in fields() if set(field.get("constraints", {}).get("enum", [])) == set(rising)]
    assert ordered
    for field in ordered:
        assert tuple(field["constraints"]["enum"]) == rising
        assert field["categoriesOrdered"]
