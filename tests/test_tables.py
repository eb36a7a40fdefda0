"""A frame as a table to read."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from malirussia.tables import grid, to_html, to_text


def test_tables_have_caption_and_scopes_and_no_markup_from_cells():
    frame = pd.DataFrame({"a<b": ["<script>"]}, index=pd.Index(["x"], name="key"))
    markup = to_html(grid(frame, caption="C & D", index=True))
    assert "<caption>C &amp; D</caption>" in markup
    assert markup.count('scope="row"') == 1
    assert "<script>" not in markup


def test_columns_of_text_are_aligned_to_the_left():
    markup = to_html(grid(pd.DataFrame({"n": [1], "word": ["a"]}), caption="C"))
    assert re.findall(r'<t[hd]( scope="col")?( style="text-align: left")?>(.*?)<', markup) == [
        (' scope="col"', "", "n"),
        (' scope="col"', ' style="text-align: left"', "word"),
        ("", "", "1"),
        ("", ' style="text-align: left"', "a"),
    ]


@pytest.mark.parametrize("index", [True, False])
def test_a_pivoted_frame_makes_a_table_without_empty_headings(index):
    frame = pd.DataFrame({"y": [1, 2], "k": ["a", "b"], "v": [3, 4]}).pivot(index="y", columns="k", values="v")
    markup = to_html(grid(frame if index else frame.reset_index(), caption="C", index=index))
    assert re.findall(r"<th(?: [^>]*)?>(.*?)</th>", markup) == ["y", "a", "b", *(["1", "2"] if index else [])]
    assert markup.count("<tr>") == 3


def test_a_page_aligns_by_class_and_a_notebook_on_the_spot():
    table = grid(pd.DataFrame({"word": ["a"]}), caption="C")
    assert 'class="words"' in to_html(table, by_class=True)
    assert "style" not in to_html(table, by_class=True)


def test_numbers_without_a_format_are_written_as_pandas_writes_their_column():
    table = grid(pd.DataFrame({"x": [1.5, 2.25, None], "n": pd.array([1, None, 3], dtype="Int64")}), caption="C")
    assert table.rows == [["1.50", "1"], ["2.25", "–"], ["–", "3"]]


def test_a_formatter_writes_its_column_and_a_missing_cell_stays_a_dash():
    table = grid(pd.DataFrame({"x": [0.5, None]}), caption="C", formatters={"x": "{:.0%}".format})
    assert table.rows == [["50%"], ["–"]]


def test_a_pivot_with_years_as_columns_is_a_table():
    frame = pd.DataFrame(
        {2013: pd.array([1, None], dtype="Int64"), 2014: [2, 3]}, index=pd.Index(["FRA", "CHN"], name="partner")
    )
    assert grid(frame, caption="C", index=True).head == ["partner", "2013", "2014"]
    assert "2013" in to_text(frame, index=True)
