"""Sentences with computed numbers."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from conftest import stored as keep

from malirussia import answer, collection, finding, gather, reading
from malirussia.language import ENGLISH
from malirussia.outputs import CONFIDENCE, Figure, OutputError, Sentence
from malirussia.words import label, sentence


@pytest.fixture
def shown(monkeypatch):
    """Collect what is displayed as (bundle, metadata) pairs."""
    outputs = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw, metadata: outputs.append((bundle, metadata)))
    return outputs


def test_values_are_filled_in_by_their_formats():
    text = sentence(ENGLISH, "Trade fell by {fall:.0%} to {value:,.1f} million", fall=0.681, value=6.6)
    assert text == "Trade fell by 68% to 6.6 million"
    assert [sentence(ENGLISH, "{found:,or none} saw it", found=found) for found in (0, 1200)] == [
        "none saw it",
        "1,200 saw it",
    ]


@pytest.mark.parametrize("template", ["Trade was 20.6 million", "In 2013 trade rose by {x}", "{x} of 3"])
def test_a_typed_number_is_refused(template):
    with pytest.raises(ValueError, match="typed into the sentence"):
        sentence(ENGLISH, template, x=1)


def test_digits_in_names_and_formats_are_no_typed_numbers():
    assert sentence(ENGLISH, "{share_2013:.1%}", share_2013=0.5) == "50.0%"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), None, pd.NA, pd.NaT, ""])
def test_a_missing_value_is_refused(value):
    with pytest.raises(ValueError, match="'x' is missing or not finite"):
        sentence(ENGLISH, "{x}", x=value)


def test_values_must_match_the_template():
    with pytest.raises(ValueError, match=r"no value given for \['y'\]"):
        sentence(ENGLISH, "{x} {y}", x=1)
    with pytest.raises(ValueError, match=r"does not use: \['y'\]"):
        sentence(ENGLISH, "{x}", x=1, y=2)
    with pytest.raises(ValueError, match="format inside a format"):
        sentence(ENGLISH, "{x:{y}}", x=1, y=2)


def test_a_finding_keeps_text_confidence_and_figure(shown):
    finding("It is {x}", x=4, confidence="high", figure="fig_04_01")
    ((bundle, metadata),) = shown
    assert bundle["text/plain"] == "It is 4"
    assert bundle["text/markdown"] == "- It is 4 (Figure 4.1, confidence: high)"
    assert metadata["malirussia"] == {
        "schema": 1, "kind": "finding", "confidence": "high", "figure": "fig_04_01", "text": "It is 4",
    }  # fmt: skip


def test_answer_and_reading_say_their_kind(shown):
    answer("It is {x}", x=4, confidence="low")
    reading("It is {x}", x=5)
    assert [metadata["malirussia"]["kind"] for _, metadata in shown] == ["answer", "reading"]
    assert shown[0][0]["text/markdown"] == "**It is 4** (confidence: low)"
    assert shown[1][0]["text/markdown"] == "It is 5"


def test_markup_in_a_value_shows_as_text(shown):
    reading("Said by {who}", who="<script>x</script> [a](javascript:x) *b* $c$")
    assert shown[0][0]["text/markdown"] == (r"Said by &lt;script&gt;x&lt;/script&gt; \[a\](javascript:x) \*b\* \$c\$")
    assert shown[0][0]["text/plain"].endswith("*b* $c$")


def test_confidence_and_figure_are_checked(shown):
    with pytest.raises(ValueError, match="confidence is one of high, medium, low"):
        finding("x", confidence="sure")
    with pytest.raises(ValueError, match="a figure is named like"):
        finding("x", confidence="high", figure="Figure 1")
    assert not shown


def test_labels_for_readers():
    assert label(collection, "fig_04_01") == "Figure 4.1"
    assert label(collection, "tab_10_12") == "Table 10.12"


def test_the_grades_are_those_of_the_reader_guide():
    assert CONFIDENCE == ("high", "medium", "low")


def stored(name, folder, *kept):
    outputs = [keep(one) for one in kept]
    cells = [{"cell_type": "markdown", "source": "# Q"}, {"cell_type": "code", "outputs": outputs}]
    (folder / name).write_text(json.dumps({"cells": cells}), encoding="utf-8")


def test_a_notebook_that_cannot_be_gathered_is_named(tmp_path):
    (tmp_path / "04_trade.ipynb").write_text("<<<<<<< HEAD")
    with pytest.raises(OutputError, match=r"04_trade\.ipynb is not a notebook, or damaged: Expecting value"):
        gather(tmp_path)


def test_findings_are_gathered_from_stored_outputs(tmp_path):
    answer = Sentence("answer", "Little", "medium")
    finding = Sentence("finding", "It fell", "high", "fig_04_01")
    figure = Figure("fig_04_01", "It fell", "Percent", "Alt", 768, "Source: X", ["cow-trade-v4"])
    stored("04_trade.ipynb", tmp_path, answer, finding, Sentence("reading", "x"), figure)
    stored("00_overview.ipynb", tmp_path, Sentence("finding", "not gathered", "high"))
    stored("notes.ipynb", tmp_path, finding)
    found = gather(tmp_path)
    assert list(found["text"]) == ["Little", "It fell"]
    assert found.loc[1, "sources"] == ["cow-trade-v4"]
    assert list(found["figure"]) == ["", "fig_04_01"]
    assert list(found["confidence"].cat.categories) == ["high", "medium", "low"]


def test_a_folder_without_notebooks_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="no notebook named like"):
        gather(tmp_path)
