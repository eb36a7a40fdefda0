"""Each rule for notebooks finds its fault and names the cell."""

from __future__ import annotations

import pytest
from conftest import stored
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from malirussia.outputs import Card, Figure, Listed, Sentence
from malirussia.tables import Grid
from workshop.check.notebooks import reading_minutes
from workshop.check.rules import RULES


def code(source="x = 1", count=1, outputs=(), **output):
    outputs = [new_output(**{"output_type": "display_data", **output})] if output else list(outputs)
    return new_code_cell(source, execution_count=count, outputs=outputs)


def keeping(about, data=None):
    return code(outputs=[stored(about, data or {"text/plain": "x"})])


def picture(alt="word " * 20, id="fig_04_01", source_line="Source: X", sources=(), kind=Figure, line="fig_04_01: T"):
    about = Figure(id, "T", "S", alt, 768, source_line, list(sources))
    about = about if kind is Figure else Card("trade_total", "T", (), Grid("C", [], [], []))
    return keeping(about, {"image/png": "", "text/csv": "a\n", "text/plain": line})


def finding(figure="fig_04_01", text="It is so.", kind="finding"):
    return keeping(Sentence(kind, text, "high", figure))


IMPORTS = code("import pandas as pd")
text = new_markdown_cell
EXAMPLES = [
    ("N01", "cell 1, N01 readable: found '%time x', expected Python without magics", [code("%time x")]),
    ("N01", "cell 1, N01 readable: found '!ls', expected Python", [code("!ls")]),
    ("N01", "cell 2, N01 readable: found 'x = (', expected Python", [IMPORTS, code("x = (")]),
    ("N01", "no cell, expected a heading", []),
    ("N03", "cell 2, N03 short-cells: 26 lines, at most 25 expected", [IMPORTS, code("x = 1\n" * 26)]),
    ("N04", "cell 1, N04 imports-first: the first cell of code does more", [code("import os\nx = 1")]),
    ("N04", "cell 2, N04 imports-first: found 'import os', expected", [IMPORTS, code("import os")]),
    ("N05", "cell 2, N05 no-semicolon: found 'x = 1;'", [IMPORTS, code("x = 1;")]),
    ("N06", "cell 2, N06 data-by-load: found read_csv(), expected load()", [IMPORTS, code("pd.read_csv(name)")]),
    ("N06", "found open(), expected load()", [IMPORTS, code("open(name)")]),
    ("N07", "cell 2, N07 no-address: found 'https://example.org/a'", [IMPORTS, code("x = 'https://example.org/a'")]),
    ("N07", "found '../data/trade/total.csv'", [IMPORTS, code("x = '../data/trade/total.csv'")]),
    ("N08", "cell 1, N08 run-in-order: found the execution count None, expected 1", [code(count=None)]),
    ("N08", "found the execution count 2, expected 1", [code(count=2)]),
    ("N09", "cell 1, N09 clean-run: found a warning, 'oh'", [code(output_type="stream", name="stderr", text="oh")]),
    ("N09", "found an error, E: wrong", [code(output_type="error", ename="E", evalue="wrong", traceback=[])]),
    ("N10", "found 'at 0x7f00aa11bb22'", [code(data={"text/plain": "<Axes at 0x7f00aa11bb22>"})]),
    ("N11", "cell 1, N11 computed-numbers: the number 68 is typed into the text", [text("It fell by 68 per cent")]),
    ("N11", "the number 20.6 is typed into the text", [text("20.6 million in 2013")]),
    ("N11", "the number 3,000 is typed into the text", [text("about 3,000 m")]),
    ("N11", "the number 68 is typed into title", [code("show(fig, title='68 per cent')")]),
    ("N11", "the number 68 is typed into alt", [code("show(fig, alt=f'68 per cent {x}')")]),
    ("N12", "finding() takes an f-string, expected a template", [code('finding(f"It is {x}", confidence="high")')]),
    ("N13", "a picture without source line, expected show()", [picture(source_line="")]),
    ("N13", "a picture without source line, expected show()", [picture(kind=Card)]),
    ("N13", "a picture without source line, expected show()", [code(data={"image/png": ""})]),
    ("N13", "a picture without its compared line, expected one that starts with fig_04_02", [picture(id="fig_04_02")]),
    ("N14", "alt text of 1 words, at least 20 expected", [picture(alt="short")]),
    ("N15", "a table without caption, expected show_table()", [code(data={"text/html": "<table><tr></table>"})]),
    ("N16", "found the id fig_04_02, expected fig_04_01", [picture(id="fig_04_02")]),
    ("N17", "the source 'nobody-1900' of fig_04_01 is not in the references", [picture(sources=["nobody-1900"])]),
    ("N18", "cell 2, N18 live-links: the finding points to fig_04_09", [picture(), finding("fig_04_09")]),
    ("N19", "found '# Trade', expected '# ' and a question", [text("# Trade")]),
    ("N20", "0 answers, expected one", [text("# Why?")]),
    ("N20", "2 answers, expected one", [finding(kind="answer")] * 2),
    ("N21", "1 findings, expected two to five", [finding()]),
    ("N21", "6 findings, expected two to five", [finding()] * 6),
    ("N22", "cell 1, N22 borne-out-findings: the finding 'It is so.' names no figure", [finding("")]),
    ("N25", "'Why it matters' has 121 words, at most 120", [text("# Why?\n\n## Why it matters\n" + "word " * 121)]),
    ("N29", "cell 2, N29 filled-in: expected words in place of 'FILL IN: why'", [text("# Why?"), text("FILL IN: why")]),
    ("N43", "cell 1, N43 one-spelling-in-text: found 'Menaka', expected 'Ménaka'", [text("# Why Menaka?")]),
]  # fmt: skip


@pytest.mark.parametrize(("id", "line", "cells"), EXAMPLES)
def test_a_fault_is_found_and_its_place_named(make_notebook, faults_of, id, line, cells):
    faults = faults_of(id, make_notebook(*cells))
    assert line in "\n".join(faults)
    assert all(fault.startswith("notebooks/04_trade.ipynb, ") for fault in faults)


def test_every_rule_has_an_example():
    ids = {id for id, _, _ in EXAMPLES} | {"N02", "N28", "N40"}
    assert ids == {rule.id for rule in RULES if rule.id.startswith("N") and rule.kind != "form"}


def test_a_name_with_spaces_is_found(make_notebook, faults_of):
    (fault,) = faults_of("N02", make_notebook(text("# Why?"), name="My trade.ipynb"))
    assert fault.endswith("found the name 'My trade.ipynb', expected one like 04_trade.ipynb")


@pytest.mark.parametrize(
    ("name", "other"),
    [("04_trade.ipynb", "04_tolls.ipynb"), ("lessons/lesson_2_tidy.ipynb", "lessons/lesson_2_wide.ipynb")],
)
def test_two_notebooks_of_one_number_are_found(make_notebook, faults_of, name, other):
    first, second = (make_notebook(text("# Why?"), name=each) for each in (name, other))
    assert faults_of("N40", first) == [
        f"notebooks/{name}, N40 own-number: {second.path.name} has this number too, expected one of its own"
    ]
    assert len(faults_of("N40", second)) == 1


def test_notebooks_without_a_number_may_begin_alike(make_notebook, faults_of):
    first, _ = (make_notebook(text("# Why?"), name=name) for name in ("my_trade.ipynb", "my_tolls.ipynb"))
    assert faults_of("N40", first) == []


def test_a_long_template_is_found(make_notebook, faults_of):
    cells = [text("word " * 1300)]
    assert (
        "6 minutes to read, less than 6 expected" in faults_of("N28", make_notebook(*cells, name="template.ipynb"))[0]
    )


@pytest.mark.parametrize("content", ["{", '{"cells": 3, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}'])
def test_what_is_no_notebook_has_this_one_fault(make_notebook, faults_of, content):
    notebook = make_notebook(text("# Why?"))
    notebook.path.write_text(content)
    for rule in RULES:
        if rule.kind in notebook.kinds and rule.name not in ("plain-name", "own-number"):
            assert "N01 readable: no valid notebook: " in faults_of(rule.id, notebook)[0]


def test_outputs_of_another_form_are_found(make_notebook, faults_of):
    cell = picture()
    cell.outputs[0].metadata.malirussia.schema = 0
    assert "cell 1, N01 readable: an output of kind 'figure' in form 0" in faults_of("N01", make_notebook(cell))[0]


@pytest.mark.parametrize(
    "sentence", ["From 1960 to 2020, the 1960s", "19 November 1968", "claim C37, `fig_04_01`", "1. First"]
)
def test_years_dates_and_names_are_no_typed_numbers(make_notebook, faults_of, sentence):
    assert faults_of("N11", make_notebook(text(sentence))) == []


def test_a_format_is_no_typed_number(make_notebook, faults_of):
    assert faults_of("N11", make_notebook(code("show(fig, alt='It rose to {last:,.0f}')"))) == []


@pytest.mark.parametrize("id", [f"N{number}" for number in range(13, 19)])
def test_a_good_figure_has_no_fault(make_notebook, faults_of, id):
    cells = [picture(sources=["un-2020"]), finding(), keeping(Listed(["un-2020"], []))]
    assert faults_of(id, make_notebook(*cells)) == []


@pytest.mark.parametrize(
    ("name", "chapter"), [("05_debt.ipynb", "05"), ("lesson_2_tidy.ipynb", "12"), ("mine.ipynb", "10")]
)
def test_figures_bear_the_number_of_their_notebook(make_notebook, faults_of, name, chapter):
    assert f"expected fig_{chapter}_01" in faults_of("N16", make_notebook(picture(), name=name))[0]


@pytest.mark.parametrize(
    "cells", [[text("word " * 25)], [text("As drawn:"), picture()], [finding(kind="reading", text="It stays at 7.")]]
)
def test_words_and_numbers_are_substance(make_notebook, faults_of, cells):
    assert faults_of("N26", make_notebook(text("## Robustness"), *cells, text("## References"))) == []


def test_what_follows_the_next_heading_is_no_substance(make_notebook, faults_of):
    assert faults_of(
        "N42",
        make_notebook(text("## What would change the answer\n\nNone yet\n\n## Limits\n\n" + "word " * 25), picture()),
    )


def test_reading_takes_words_and_pictures(make_notebook):
    assert reading_minutes(make_notebook(text("word " * 400), picture())) == 2.5
