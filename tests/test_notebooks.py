"""The committed notebooks keep the conventions; nbval compares their outputs (see ``make test``)."""

from __future__ import annotations

import re

import nbformat
import pytest
from conftest import ROOT, stored
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import malirussia
from malirussia.outputs import Card, Figure, Glance, Sentence
from malirussia.tables import Grid
from workshop.check import notebooks as checks
from workshop.renew.refresh import README_FIGURE, figure_png, with_findings

PATHS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
NOTEBOOKS = {path: nbformat.read(path, as_version=4) for path in PATHS}
TEMPLATE = nbformat.read(ROOT / "notebooks" / "template.ipynb", as_version=4)
each_notebook = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def test_names_are_plain():
    names = [path.name for path in (ROOT / "notebooks").glob("*.ipynb")]
    assert [name for name in names if not re.fullmatch(r"(\d\d_)?[a-z0-9_]+\.ipynb", name)] == []


@each_notebook
@pytest.mark.parametrize(
    "check",
    [checks.run_faults, checks.code_faults, checks.number_faults, checks.spine_faults, checks.minutes_faults],
)
def test_conventions(path, check):
    assert check(NOTEBOOKS[path]) == []


@each_notebook
def test_figures(path):
    assert checks.figure_faults(NOTEBOOKS[path], path.name[:2]) == []


@each_notebook
def test_the_notebook_is_valid(path):
    nbformat.validate(NOTEBOOKS[path])


@pytest.mark.parametrize("check", [checks.run_faults, checks.code_faults, checks.number_faults])
def test_the_template_keeps_the_conventions(check):
    assert check(TEMPLATE) == []


def test_the_template_shows_a_figure_and_is_short():
    assert checks.figure_faults(TEMPLATE, "10") == []
    assert checks.reading_minutes(TEMPLATE) < 6


def test_every_table_is_used_by_a_notebook():
    code = "\n".join(cell.source for notebook in NOTEBOOKS.values() for _, cell in checks.code_cells(notebook))
    used = set(re.findall(r'load\(\s*"([a-z_]+)"', code)) | {"sources"}
    assert sorted(set(malirussia.collection.package.resources) - used) == []


def test_the_readme_shows_the_findings_of_the_notebooks():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert with_findings(readme, NOTEBOOKS) == readme


def test_the_readme_shows_the_picture_of_the_notebook():
    assert (ROOT / "docs" / f"{README_FIGURE}.png").read_bytes() == figure_png(NOTEBOOKS, README_FIGURE)


# The checks themselves: each fault below is found.


def run(source="x", count=1, **output):
    outputs = [new_output(**{"output_type": "display_data", **output})] if output else []
    return new_code_cell(source, execution_count=count, outputs=outputs)


def notebook(*cells):
    return new_notebook(cells=list(cells))


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        (run(count=None), "execution counts"),
        (run(count=2), "execution counts"),
        (run(output_type="stream", name="stderr", text="careful"), "a warning is stored"),
        (run(output_type="error", ename="E", evalue="e", traceback=[]), "an error is stored"),
        (run(data={"text/plain": "<Axes at 0x7f00aa11bb22>"}), "an address in memory"),
    ],
)
def test_a_run_with_faults_is_found(cell, fault):
    assert fault in checks.run_faults(notebook(cell))[0]


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("x = 1;", "trailing semicolon"),
        ("%matplotlib inline", "a magic"),
        ("!ls", "a magic"),
        ("\n".join(["x = 1"] * 26), "26 lines"),
        ("import os", "imports belong"),
        ("pd.read_csv(name)", "reads by itself (read_csv)"),
        ("open(name)", "reads by itself (open)"),
        ("x = 'https://example.org/a'", "a path or address"),
        ("x = '../data/trade/total.csv'", "a path or address"),
    ],
)
def test_code_with_faults_is_found(source, fault):
    setup = run("import pandas as pd")
    assert fault in " ".join(checks.code_faults(notebook(setup, run(source))))


def test_code_before_the_imports_is_found():
    assert "imports only" in checks.code_faults(notebook(run("import os\nx = 1")))[0]


@pytest.mark.parametrize("text", ["It fell by 68 per cent", "20.6 million in 2013", "about 3,000 m"])
def test_typed_numbers_are_found(text):
    assert checks.number_faults(notebook(new_markdown_cell(text)))
    assert checks.number_faults(notebook(run(f"show(fig, title='{text}')")))
    assert checks.number_faults(notebook(run(f"show(fig, alt=f'{text} {{x}}')")))


@pytest.mark.parametrize(
    "text", ["From 1960 to 2020, the 1960s", "19 November 1968", "claim C37, `fig_04_01`", "1. First"]
)
def test_years_dates_and_names_are_no_typed_numbers(text):
    assert checks.number_faults(notebook(new_markdown_cell(text))) == []


def test_an_f_string_in_a_finding_is_found():
    assert "not an f-string" in checks.number_faults(notebook(run('finding(f"It is {x}", confidence="high")')))[0]


def picture(alt="word " * 20, id="fig_04_01", source_line="Source: X", sources=(), kind=Figure):
    about = Figure(id, "T", "S", alt, 768, source_line, list(sources))
    about = about if kind is Figure else Card("trade_total", "T", (), Grid("C", [], [], []))
    return keeping(about, {"image/png": "", "text/csv": "a\n", "text/plain": "fig_04_01: T"})


def keeping(about, data=None):
    return new_code_cell("x", execution_count=1, outputs=[stored(about, data or {"text/plain": "x"})])


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        (picture(alt="short"), "alt text of 1 words"),
        (picture(source_line=""), "without source line"),
        (picture(kind=Card), "without source line"),
        (picture(id="fig_04_02"), "without its compared line"),
        (run(data={"text/html": "<table><tr></table>"}), "without caption"),
        (run(data={"image/png": ""}), "without source line"),
        (picture(sources=["nobody-1900"]), "references do not list: ['nobody-1900']"),
    ],
)
def test_figures_with_faults_are_found(cell, fault):
    assert fault in " ".join(checks.figure_faults(notebook(cell), "04"))


def test_a_good_figure_has_no_fault():
    assert checks.figure_faults(notebook(picture()), "04") == []


def test_ids_out_of_order_and_dead_links_are_found():
    assert "expected ['fig_05_01']" in checks.figure_faults(notebook(picture()), "05")[0]
    dead = keeping(Sentence("finding", "x", "high", "fig_04_09"))
    assert "points to fig_04_09" in checks.figure_faults(notebook(dead), "04")[0]


def test_a_notebook_without_spine_is_found():
    faults = " ".join(checks.spine_faults(notebook(new_markdown_cell("# Trade"), run())))
    for fault in ("opens with its question", "0 answers", "0 findings", "at_a_glance", "no section 'References'"):
        assert fault in faults


def test_a_long_preamble_is_found():
    text = "# Why?\n\n## Why it matters\n" + "word " * 121
    assert any("121 words" in fault for fault in checks.spine_faults(notebook(new_markdown_cell(text))))


def test_a_wrong_reading_time_is_found():
    glance = keeping(Glance(30, [], []))
    assert "30 minutes to read" in checks.minutes_faults(notebook(new_markdown_cell("word " * 400), glance))[0]
