"""Notebook 04 cannot lie: a false value, a typed year and a wrong picture each fail, and the fault is named."""

from __future__ import annotations

import re

import false_notebook
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from malirussia import outputs
from workshop.run import kernels
from workshop.run.execute import execute

pytestmark = pytest.mark.slow

NAME = "04_trade"
STORED = false_notebook.stored(NAME)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        pytest.param(
            "fall = 1 - low / high",
            "fall = 0.42",
            "'fall' in finding() is the literal '0.42', expected a computed value",
            id="a value",
        ),
        pytest.param(
            'high, low = at(turnover["RUS"], 2013), at(turnover["RUS"], 2014)',
            'high, low = {"year": 2012}, at(turnover["RUS"], 2014)',
            "'high' in finding() is the literal \"{'year': 2012}\"",
            id="a year beside its value",
        ),
        pytest.param(
            "weight = again.value_musd / again.africa_musd",
            "weight, again.year = 0.2, 2019",
            "'weight' in reading() is the literal '0.2'",
            id="two at once",
        ),
        pytest.param(
            "In {peak.year} Moscow took",
            "In 1965 Moscow took",
            "the number 1965 is typed into finding()",
            id="a year in a sentence",
        ),
        pytest.param(
            "{start.year}–{end.year}; hollow",
            "1960–{end.year}; hollow",
            "the number 1960 is typed into show()",
            id="a year in a subtitle",
        ),
        pytest.param(
            """confidence="low",
    figure="tab_04_01",""",
            """confidence="low",
    figure="tab_04_01",
    least_given=200_000,""",
            "finding() is passed the values ['least_given'], expected names in the sentence",
            id="a value that is passed",
        ),
    ],
)
def test_a_false_value_is_refused(tmp_path, old, new, fault):
    assert fault in false_notebook.faults(NAME, tmp_path, old, new, "N34", "N35")


FALSE = {
    "right": ("fig_04_01", "", "", ""),
    "swapped colours": (
        "fig_04_01",
        "draw_lines(ax, lines, names",
        'draw_lines(ax, lines.rename(columns={"FRA": "CHN", "CHN": "FRA"}), '
        '{"RUS": "Moscow", "FRA": "China", "CHN": "France"}',
        "fig_04_01 draws: line 'France', orange marker ^ -.",
    ),
    "an event a year late": (
        "fig_04_01",
        "mark_events(ax, turns)",
        'mark_events(ax, turns.assign(date=turns["date"] + pd.DateOffset(years=1)))',
        "fig_04_01 draws: event 1992-12-26 'End of the USSR'",
    ),
    "a wrong end label": (
        "fig_04_01",
        '"RUS": "Moscow"',
        '"RUS": "USSR"',
        "fig_04_01 draws: text 'USSR', vermilion",
    ),
    "estimates drawn as records": (
        "fig_04_01",
        ', hollow={"RUS": estimated}',
        "",
        "fig_04_01 lacks: line 'Moscow, doubtful', vermilion marker o hollow",
    ),
    "a range not drawn": (
        "fig_04_02",
        'fg.draw_ranges(ax, editions, "year", "min", "max", color=fg.VERMILION, linewidth=6)\n',
        "",
        "fig_04_02 lacks: ranges, vermilion",
    ),
}


@pytest.fixture(scope="module")
def drawn():
    return false_notebook.draw(NAME, FALSE)


@pytest.mark.parametrize("fault", FALSE)
def test_a_wrong_picture_differs_from_the_stored_one_in_the_mark_that_is_wrong(drawn, fault):
    figure_id, _, _, told = FALSE[fault]
    changes = false_notebook.changed_marks(false_notebook.figure(STORED, figure_id)[1], drawn[fault])
    assert told in changes if told else changes == ""


def test_a_kernel_that_has_loaded_nothing_draws_the_same(tmp_path, monkeypatch):
    """What the notebook does not import, a warm kernel or this process may have loaded all the same."""
    monkeypatch.setattr(kernels, "_can_fork", lambda *arguments, **others: False)
    before = STORED.cells[: STORED.cells.index(false_notebook.figure(STORED, "fig_04_01")[0]) + 1]
    path = tmp_path / f"{NAME}.ipynb"
    code = [cell for cell in before if cell.cell_type == "code"]
    nbformat.write(new_notebook(cells=code, metadata=STORED.metadata), path)
    (run,) = execute([path]).values()
    (old, new) = (outputs.drawn(false_notebook.figure(notebook, "fig_04_01")[1]) for notebook in (STORED, run))
    assert new == old


def test_swapped_colours_break_the_rule_of_the_palette(drawn, make_notebook, faults_of):
    cell = new_code_cell("show(fig)", outputs=[drawn["swapped colours"]])
    found = "\n".join(faults_of("N39", make_notebook(cell)))
    assert "fig_04_01: \"line 'France'" in found
    assert "expected blue and marker s for France" in found


def test_figures_are_few_and_told_in_twenty_to_sixty_words():
    shown = [about for about, _ in outputs.shown(STORED)]
    figures = [one.id for one in shown if isinstance(one, outputs.Figure)]
    assert 4 <= len(figures) <= 6
    assert len(set(figures)) == len(figures)
    for one in shown:
        if isinstance(one, outputs.Figure):
            assert 20 <= len(one.alt.split()) <= 60, one.id
            assert not re.search(r"[{}]", one.title + one.subtitle + one.alt), one.id
