"""Search by a word over what the data package says about its tables."""

from __future__ import annotations

import pytest

from malirussia import find
from malirussia.explore.search import PLACES, WAYS


def places(words):
    return list(find(words)[["table", "column", "place"]].itertuples(index=False, name=None))


def test_an_abbreviation_finds_the_indicator_and_then_the_values_that_hold_it():
    found = places("oda")
    assert found[0] == ("context_macro", "oda_musd_2023", "indicator")
    assert ("context_macro", "indicator", "value") in found


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("military_arms_imports", ("military_arms_imports", "", "table")),
        ("roll-calls", ("diplomacy_unga_agreement", "rollcalls", "heading")),
        ("IMTS", ("trade_dyad_annual", "dataset", "value")),
        ("Burkina", ("deployment_ucdp_country_year", "country", "label")),
        ("TIV", ("military_arms_imports", "tiv_m", "unit")),
        ("drones", ("military_arms_imports", "", "description")),
    ],
)
def test_a_word_is_found_wherever_it_stands(words, place):
    assert place in places(words)


def test_whole_words_come_before_starts_and_these_before_parts():
    found = find("tiv")
    ways = found["found"].map(WAYS.index)
    assert ways.is_monotonic_increasing
    assert set(found["found"]) == {"word", "part of a word"}
    within = found[found["found"] == "word"]["place"].map(PLACES.index)
    assert within.is_monotonic_increasing


def test_of_two_words_places_with_both_are_listed_alone():
    found = find("Moscow arms")
    assert found.at[0, "column"] == "arms_from_moscow_tiv_m"
    assert ("military_arms_deals", "partner", "label") in places("arms moscow")
    assert set(found["table"]) <= {"military_arms_imports", "military_arms_africa", "military_arms_deals"}


def test_a_misspelt_word_finds_the_nearest():
    found = find("agreemnt")
    assert set(found["found"]) == {"like a word"}
    assert "diplomacy_unga_agreement" in set(found["table"])


def test_nothing_like_it_is_a_frame_without_rows():
    found = find("xyzzyqq")
    assert found.empty
    assert list(found) == ["table", "column", "place", "text", "found"]


@pytest.mark.parametrize("words", ["", " ", "?!"])
def test_no_word_is_an_error(words):
    with pytest.raises(ValueError, match="expected a word"):
        find(words)
