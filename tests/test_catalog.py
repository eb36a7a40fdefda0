"""The list of all tables and the card of one, as a reader meets them."""

from __future__ import annotations

import pandas as pd
import pytest

import malirussia
from malirussia import catalog, describe, load
from malirussia.explore.listing import Listing
from malirussia.jupyter import MOST_ROWS, frame_bundle
from malirussia.outputs import read

COLUMNS = ["table", "theme", "title", "rows", "covers", "countries", "updated", "licence"]


@pytest.fixture(scope="module")
def listed():
    return catalog()


def test_each_table_is_listed_once_and_by_theme(listed):
    assert list(listed) == COLUMNS
    assert sorted(listed["table"]) == sorted(malirussia.collection.package.resources)
    assert listed["theme"].is_monotonic_increasing


@pytest.mark.parametrize(
    ("column", "value"),
    [("theme", "military"), ("rows", 77), ("covers", "1960–2025"), ("countries", "MLI")],
)
def test_a_line_says_how_much_a_table_holds_of_when_and_where(listed, column, value):
    assert listed.set_index("table").at["military_arms_imports", column] == value


def test_a_table_was_updated_when_the_last_of_its_sources_was_read(make_collection):
    lines = malirussia.explore.catalog.catalog(make_collection()).set_index("table")
    assert lines.at["grain", "updated"] == "2026-11-23"


def test_the_list_counts_as_no_use_of_a_table():
    fresh = malirussia.Collection()
    malirussia.explore.catalog.catalog(fresh)
    assert not fresh.used.tables


def test_the_list_shows_every_table_with_its_whole_title_as_text_in_jupyter_and_on_a_page(listed):
    data, metadata = frame_bundle(listed)
    page = [row[0] for row in read({"metadata": metadata}).grid.rows]
    for table, title in zip(listed["table"], listed["title"], strict=True):
        assert table in page
        assert f">{table}<" in data["text/html"] and f"{table} " in data["text/plain"]
        assert title.replace("&", "&amp;") in data["text/html"] and title in data["text/plain"]


def test_text_stands_theme_by_theme_in_columns_that_are_the_same(listed):
    parts = [part.split("\n") for part in repr(listed).split("\n\n")]
    assert [part[0] for part in parts] == list(listed["theme"].unique())
    assert len({part[1] for part in parts}) == 1


def test_many_countries_are_shown_as_their_number(listed):
    line = next(line for line in repr(listed).split("\n") if line.startswith("aid_africa_commitments "))
    codes = listed.set_index("table").at["aid_africa_commitments", "countries"].split()
    assert f"{len(codes)} countries" in line and "AGO" not in line


def test_what_is_made_from_a_listing_is_a_plain_frame(listed):
    for made in (listed.head(20), listed.query("rows > 100"), listed[["table"]], listed.copy()):
        assert type(made) is pd.DataFrame
    _, metadata = frame_bundle(listed.head(20))
    assert len(read({"metadata": metadata}).grid.rows) == MOST_ROWS


def test_other_lists_show_whole_as_well():
    for listed in (malirussia.indicators(), malirussia.codebook("deaths"), malirussia.find("oda")):
        assert isinstance(listed, Listing)


def test_a_card_says_what_a_missing_row_means_and_how_the_table_was_made():
    text = repr(describe("military_arms_imports"))
    assert "A missing row means zero. SIPRI" in text
    assert "Made in part by hand, in part from SIPRI Arms Transfers Database" in text


def test_the_columns_of_a_card_stand_to_the_left():
    lines = repr(describe("military_arms_imports")).split("\n")
    head = next(line for line in lines if line.startswith("column "))
    row = next(line for line in lines if line.startswith("tiv_m "))
    assert row.index("million TIV") == head.index("unit")


def test_the_reliability_of_sources_has_an_order():
    sources = load("sources")
    weak = sources[sources["reliability"] <= "weak"]
    assert set(weak["reliability"]) == {"contested", "weak"}
    assert sources["reliability"].max() == "primary"
