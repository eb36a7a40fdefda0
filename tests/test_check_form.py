"""Each rule for notebooks of the second edition finds its fault and names the cell."""

from __future__ import annotations

import pytest
from conftest import ROOT, stored
from nbformat.v4 import new_code_cell, new_markdown_cell

from malirussia.outputs import DRAWN, Figure, Rows, Sentence
from malirussia.tables import Grid
from workshop.check.form import CHANGE, code_lines
from workshop.check.notebooks import Notebook
from workshop.check.rules import RULES

text = new_markdown_cell
PICTURE = Figure("fig_04_01", "T", "S", "word " * 20, 768, "Source: X", [])


def code(source="x = 1", outputs=(), folded=False):
    cell = new_code_cell(source, execution_count=1, outputs=list(outputs))
    if folded:
        cell.metadata["jupyter"] = {"source_hidden": True}
    return cell


def drawn(line):
    return code("show(fig)", [stored(PICTURE, {"image/png": "", DRAWN: f"axes 1: x 0 to 1\n  {line}"})])


def top(words):
    cell = text(words)
    cell.metadata["malirussia"] = {"generated": "top"}
    return cell


def said(words, kind="finding"):
    return code("finding('x')", [stored(Sentence(kind, words, "high"))])


LONG = "\n".join(["x = 1"] * 21)
TITLED = 'show(fig, "fig_04_01", title="In {year_of} it fell", alt="Line")'
APART = "owed_year, owed = 2000, debt[2000]\nfinding('{owed_year}')"
WRONG_TOP = [text("# Why?"), top("It rose.")]
EXAMPLES = [
    ("N30", "cell 1, N30 reason-before-code: code without a question", [code()]),
    ("N30", "cell 3, N30", [text("Why?"), code(), code()]),
    ("N31", "half of the cells have up to 6 lines, at most 5 expected", [code("x = 1\n" * 6)]),
    ("N31", "nine of ten of the cells have up to 13 lines", [code("x = 1\n" * 13)]),
    ("N31", "cell 1, N31 calm-rhythm: 21 lines, at most 20 expected", [code(LONG)]),
    ("N32", "cell 1, N32 narrow-code: a line of 101 columns", [code("x = " + "1" * 97)]),
    ("N32", "expected the formatter to be let", [code("x = 1  # fmt: skip")]),
    ("N33", "26 lines before the first picture, at most 25", [code("x = 1\n" * 26), drawn("line, blue")]),
    ("N34", "finding() is passed the values ['share']", [code('finding("It is {share}", share=2, confidence="high")')]),
    ("N34", "the number 1964 is typed into finding()", [code('finding("In 1964 it was {share}")')]),
    ("N34", "the number 1960 is typed into show()", [code('show(fig, "fig_04_01", subtitle="Percent, 1960–2014")')]),
    ("N34", "show() takes", [code('show(fig, "fig_04_01", title=f"In {year}")')]),
    ("N35", "'share' in finding() is the literal '0.235'", [code("share = 0.235"), code("finding('{share:.0%}')")]),
    ("N35", "'owed_year' in finding() is the literal '2000'", [code(APART)]),
    ("N35", "'when' in reading() is the literal", [code("when = {'year': 1968}"), code("reading('In {when[year]}')")]),
    ("N35", "'year_of' in show() is the literal '-1'", [code("year_of = -1"), code(TITLED)]),
    ("N36", "a folded cell computes: 'x = 1'", [code("x = 1", folded=True)]),
    ("N37", "no rows of ['trade_total'] are shown", [code('trade = load("trade_total")'), code(), code("trade")]),
    ("N38", "the second cell is not the generated top", [text("# Why?"), text("Words")]),
    ("N38", "cell 2, N38 current-top: the top does not say 'It fell.'", [*WRONG_TOP, said("It fell.")]),
    ("N39", "expected blue and marker s for France", [drawn("line 'France', orange marker s --, n=2")]),
    ("N39", "expected vermilion and marker o for Moscow", [drawn("line 'Moscow', vermilion marker s -, n=2")]),
    ("N39", "expected orange and marker ^ for China", [drawn("legend 'China': blue")]),
    ("N41", "no section 'What would change the answer', expected one", [text("## Why it matters")]),
    ("N42", "cell 1, N42 choices-told: 'What would change the answer' holds", [text(f"## {CHANGE}\n\nNone yet")]),
]  # fmt: skip


@pytest.mark.parametrize(("id", "line", "cells"), EXAMPLES)
def test_a_fault_is_found_and_its_place_named(make_notebook, faults_of, id, line, cells):
    assert line in "\n".join(faults_of(id, make_notebook(*cells)))


def test_every_rule_has_an_example():
    assert {id for id, _, _ in EXAMPLES} == {rule.id for rule in RULES if rule.kind == "form"}


def test_the_rules_hold_for_every_theme(make_notebook):
    assert "form" in make_notebook(text("# Why?"), name="07_china.ipynb").kinds
    assert "form" not in make_notebook(text("# Why?"), name="lesson_1_what.ipynb").kinds


def test_the_template_shows_the_form_though_it_has_no_top_and_sections_of_its_own(faults_of):
    template = Notebook(ROOT / "notebooks" / "template.ipynb", ROOT)
    rules = [rule for rule in RULES if rule.kind == "form" and rule.name not in ("current-top", "spine")]
    assert [line for rule in rules for line in faults_of(rule.id, template)] == []


def test_words_of_a_figure_do_not_count_as_lines(make_notebook):
    source = (
        'show(\n    fig,\n    "fig_04_01",\n    title="It fell",\n    alt=(\n        "One "\n        "two"\n    ),\n)'
    )
    (cell,) = make_notebook(code(source)).code
    assert code_lines(cell) <= 6


@pytest.mark.parametrize(
    ("id", "cells"),
    [
        ("N30", [text("Why?"), code(), said("It fell.")]),
        ("N34", [code('finding("In {peak.year} it was {peak:.1%}", confidence="high", figure="fig_04_01")')]),
        ("N35", [code("peak = highest(share)"), code('finding("It was {peak:.0%}")')]),
        ("N35", [code('fee = stated(6, unit="x", source="y", locator="z")'), code('finding("It was {fee}")')]),
        ("N36", [code('finding("x")\nreferences()', folded=True)]),
        ("N37", [code('load("trade_total").head()', [stored(Rows(Grid("", [], [], []), 1))])]),
        ("N38", [text("# Why?"), top("**It fell.**"), said("It fell.")]),
        ("N42", [text(f"## {CHANGE}\n\n" + "word " * 25)]),
        ("N39", [drawn("line 'France', blue marker s --, n=2"), drawn("bars 'France', blue, n=2")]),
    ],
)
def test_what_is_well_made_has_no_fault(make_notebook, faults_of, id, cells):
    assert faults_of(id, make_notebook(*cells)) == []
