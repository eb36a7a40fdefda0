"""Numbers that know the row they come from."""

from __future__ import annotations

import copy

import numpy as np
import pandas as pd
import pytest

from malirussia.values import Value, at, by_year, earliest, highest, latest, lowest, only


@pytest.fixture
def share():
    return pd.Series([0.1, 0.4, np.nan, 0.2], index=pd.Index([1963, 1964, 1965, 1966], name="year"), name="share")


@pytest.fixture
def trade():
    return pd.DataFrame({"partner": ["FRA", "CHN"], "year": [2013, 2014], "value_musd": [39.0, 60.5]})


def test_a_value_carries_its_year_as_a_whole_number(share):
    peak = highest(share)
    assert f"{peak:.1%} in {peak.year}" == "40.0% in 1964"
    assert lowest(share).year == 1963


def test_a_value_of_a_frame_carries_its_row(trade):
    top = highest(trade, "value_musd")
    assert (top, top.partner, top.year) == (60.5, "CHN", 2014)


def test_the_last_year_without_a_value_is_passed_over(share):
    assert latest(share[:3]).year == 1964
    assert earliest(share).year == 1963


def test_the_row_of_a_frame_in_time(trade):
    assert latest(trade).partner == "CHN"


def test_two_series_in_one_year_are_refused(trade):
    with pytest.raises(ValueError, match="2014 stands in more than one row"):
        latest(trade.assign(year=2014), "value_musd")


def test_one_row_is_the_only_one(trade):
    found = only(trade.query("partner == 'FRA'"), "value_musd")
    assert (found, found.year) == (39.0, 2013)
    assert only(trade.head(1)).partner == "FRA"
    assert only(trade.head(1), "partner") == "FRA"


def test_no_row_and_too_many_rows_are_named(trade):
    with pytest.raises(ValueError, match=r"one row is wanted, and 2 are left, the first: .*'FRA'"):
        only(trade, "value_musd")
    with pytest.raises(ValueError, match="and 0 are left"):
        only(trade.head(0), "value_musd")
    with pytest.raises(ValueError, match="the cell of 'value_musd' is empty"):
        only(trade.head(1).assign(value_musd=np.nan), "value_musd")


def test_a_year_is_picked_by_its_label(share):
    assert at(share, 1966).year == 1966
    with pytest.raises(LookupError, match="nothing for 2020; the index goes from 1963 to 1966"):
        at(share, 2020)


def test_what_a_value_does_not_have_is_named(share):
    with pytest.raises(AttributeError, match="no 'unit'; its row has year, share"):
        _ = highest(share).unit


def test_a_difference_has_no_year(share):
    assert not isinstance(highest(share) - lowest(share), Value)


def test_a_value_survives_a_copy(share):
    assert copy.deepcopy(highest(share)).year == 1964


@pytest.mark.parametrize("empty", [pd.Series([np.nan], index=pd.Index([1960], name="year"), name="x")])
def test_a_series_without_values_is_an_error(empty):
    for of in (highest, lowest, latest, earliest):
        with pytest.raises(ValueError, match="no value in 'x'"):
            of(empty)


def test_by_year_a_missing_year_is_a_gap_and_no_zero():
    rows = pd.DataFrame({"year": [2008, 2008, 2010], "reporter": ["MLI", "RUS", "MLI"], "value_musd": [78, 9, 50]})
    sides = by_year(rows.astype({"reporter": "category"}), "reporter", "value_musd")
    assert list(sides.index) == [2008, 2009, 2010]
    assert list(sides.columns) == ["MLI", "RUS"]
    assert sides["MLI"].to_list()[::2] == [78.0, 50.0]
    assert sides.loc[2009].isna().all()
    assert latest(sides["MLI"]).year == 2010


def test_by_year_takes_one_row_a_year_and_entry():
    rows = pd.DataFrame({"year": [2020, 2020], "reporter": ["RUS", "RUS"], "value_musd": [95.2, 72.7]})
    with pytest.raises(ValueError, match="2020 has more than one row for reporter 'RUS': choose a series"):
        by_year(rows, "reporter", "value_musd")
    with pytest.raises(ValueError, match="there is no row"):
        by_year(rows.head(0), "reporter", "value_musd")


def test_a_year_cannot_be_given_to_a_value_or_row(share, trade):
    with pytest.raises(AttributeError, match="the year of a value is that of its row"):
        highest(share).year = 1999
    row = only(trade.head(1))
    with pytest.raises(AttributeError, match="the year of a row is that of its table"):
        row.year = 1999
    with pytest.raises(TypeError, match="cannot be set"):
        row["year"] = 1999
