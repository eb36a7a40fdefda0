"""The view with widgets: what it offers, that a choice redraws, and that the code shown makes the chart."""

from __future__ import annotations

import sys

import ipywidgets
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

import malirussia
from malirussia import codebook, explorer, figures, indicators, panel
from malirussia.explore.explorer import code_of, draw_chosen
from malirussia.outputs import Figure, read

CHOICE = (["deaths", "ideal_point"], ["MLI", "BFA"], (2012, 2023))


@pytest.fixture
def shown():
    """Return a function that gives what a call displays and prints."""
    InteractiveShell.instance()

    def run(call):
        with capture_output() as said:
            call()
        return list(said.outputs), said.stdout

    yield run
    InteractiveShell.clear_instance()


def test_the_choice_is_every_indicator_by_year_and_every_country(shown):
    box = []
    shown(lambda: box.append(explorer()))
    what, where = box[0].children[0].children
    assert [name for _, name in what.options] == indicators().query("freq == 'year'")["indicator"].tolist()
    assert {"MLI", "BFA", "NER", "RUS"} <= set(where.options)
    assert isinstance(box[0].children[1], ipywidgets.IntRangeSlider)


def test_another_choice_changes_the_code(shown):
    box = []
    shown(lambda: box.append(explorer()))
    (what, where), code = box[0].children[0].children, box[0].children[-1]
    assert "un_agreement" in code.value
    shown(lambda: setattr(what, "value", ("deaths",)))
    assert "panel([&#x27;deaths&#x27;], countries=[&#x27;MLI&#x27;]" in code.value
    shown(lambda: setattr(where, "value", ("MLI", "NER")))
    assert "&#x27;NER&#x27;" in code.value


def test_a_chart_has_its_sources_and_says_what_is_not_covered(shown):
    outputs, said = shown(lambda: draw_chosen(malirussia.collection, ["deaths"], ["MLI", "NER"], (1980, 2024)))
    about = read({"metadata": outputs[0].metadata})
    assert isinstance(about, Figure) and about.source_line == "Source: Uppsala Conflict Data Program (2025)"
    assert "deaths_ucdp: MLI, NER 1989–2024" in said


def test_the_code_that_is_shown_makes_the_same_chart(shown):
    drawn, _ = shown(lambda: draw_chosen(malirussia.collection, *CHOICE))
    code = code_of(malirussia.collection, *CHOICE)
    made, _ = shown(lambda: exec(code, {}))
    assert len(made) == len(drawn) == 1
    assert made[0].data == drawn[0].data
    assert made[0].metadata == drawn[0].metadata


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ((["deaths"], ["MLI"], (1960, 1980)), "deaths has nothing for MLI in 1960–1980"),
        (([], ["MLI"], (1960, 1980)), "Choose at least one indicator"),
        ((["deaths"], ["MLI"], (2000, 2000)), "two years"),
    ],
)
def test_a_choice_without_a_chart_is_answered_in_words(shown, choice, words):
    outputs, said = shown(lambda: draw_chosen(malirussia.collection, *choice))
    assert not outputs and words in said


def test_without_ipywidgets_the_group_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    with pytest.raises(ImportError, match=r"explorer\(\) needs ipywidgets: .*malirussia\[explore\]"):
        explorer()


def test_a_panel_is_drawn_with_the_look_of_each_country_and_negative_values_are_seen():
    frame = panel(["ideal_point", "deaths"], countries=["MLI", "BFA"], years=(2012, 2023))
    first, second = figures.draw_panel(frame, codebook(frame)).axes
    assert [line.get_color() for line in first.lines] == [figures.PINK, figures.GREEN]
    assert first.get_ylim()[0] < frame["ideal_point_un"].min() < 0 == second.get_ylim()[0]
    years = pd.Index(first.lines[0].get_xdata())
    assert (years.min(), years.max()) == (2012, 2023)
