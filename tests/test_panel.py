"""One frame of several tables: its cells, its gaps, and what its columns still say elsewhere."""

from __future__ import annotations

import time
import warnings

import numpy as np
import pandas as pd
import pytest

import malirussia
from malirussia import codebook, indicators, panel, references
from malirussia.explore.panels import Indicator, _series, declared
from malirussia.package import DataError, UnknownNameError
from malirussia.sources import source_ids

EVERY = [one.name for one in declared().values() if one.freq == "year"]


@pytest.fixture(scope="module")
def whole():
    """All indicators of all countries, 1960 to 2024."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return panel(EVERY, countries=None, years=(1960, 2024))


@pytest.fixture
def small():
    return panel(["arms_from_moscow", "deaths"], countries=["MLI"], years=(1997, 2024))


# Read from the CSV files.
@pytest.mark.parametrize(
    ("country", "year", "column", "value"),
    [
        ("MLI", 1980, "un_agreement_share", 71 / 103),
        ("MLI", 1980, "un_agreement_with_washington_share", 23 / 103),
        ("BFA", 2023, "ideal_point_un", -0.5665),
        ("MLI", 1976, "arms_from_moscow_tiv_m", 88.5),
        ("MLI", 1981, "arms_from_moscow_tiv_m", 73.18),
        ("MLI", 1981, "arms_imports_tiv_m", 73.18 + 18.0),
        ("MLI", 1964, "imports_from_moscow_musd", 9),
        ("MLI", 1964, "import_share_of_moscow", 9 / 31),
        ("NER", 2019, "exports_reported_by_russia_musd", 1.010803),
        ("MLI", 1968, "gdp_musd", 343.771973),
        ("MLI", 2020, "gdp_per_head_usd", 17465.392764e6 / 21713836),
        ("BFA", 2000, "population_persons", 11925546),
        ("MLI", 1982, "oda_musd_2023", 578.683167),
        ("MLI", 2024, "external_debt_musd", 6439.962214),
        ("MLI", 2002, "debt_to_moscow_musd", 123.249),
        ("MLI", 2009, "debt_to_moscow_musd", 0),
        ("RUS", 2024, "electoral_democracy_index", 0.172),
        ("BFA", 2023, "deaths_ucdp", 6122),
        ("MLI", 1997, "deaths_ucdp", 22),
        ("MLI", 2024, "military_spending_musd_2023", 906.37),
    ],
)
def test_a_cell_is_that_of_the_table(whole, country, year, column, value):
    cell = whole.set_index(["country", "year"]).at[(country, year), column]
    assert cell == pytest.approx(value)


def test_there_is_one_row_a_country_and_year(whole):
    assert len(whole) == whole["country"].nunique() * 65
    assert not whole.duplicated(["country", "year"]).any()
    assert set(whole.drop(columns=["country", "year"]).dtypes) == {np.dtype("float64")}


def test_a_year_without_a_delivery_is_zero_and_one_the_register_does_not_cover_is_missing():
    with pytest.warns(UserWarning, match="arms_from_moscow_tiv_m: MLI 1960–2025"):
        arms = panel("arms_from_moscow", years=(1958, 2025)).set_index("year")["arms_from_moscow_tiv_m"]
    assert arms.loc[1977:1980].eq(0).all()
    assert arms.loc[[1958, 1959]].isna().all()


def test_zeros_are_of_the_country_of_the_table_alone(whole):
    assert whole.query("country == 'BFA'")["arms_from_moscow_tiv_m"].isna().all()


def test_a_country_that_the_query_leaves_out_has_zeros_where_a_missing_row_is_zero(make_collection):
    collection = make_collection()
    collection.package.resource("grain")["missingRow"] = {"means": "zero", "why": ""}
    rows = pd.DataFrame(
        {
            "country": ["MLI", "BFA"],
            "year": [2001, 2002],
            "partner": ["RUS", "USA"],
            "tonnes": [3.0, 4.0],
            "source_id": "a",
        }
    )
    grain = Indicator("grain", "", table="grain", value="tonnes", unit="", default="", query="partner == 'RUS'")
    found = _series(collection, grain, lambda table: rows)
    assert found.to_dict() == {("MLI", 2001): 3, ("MLI", 2002): 0, ("BFA", 2001): 0, ("BFA", 2002): 0}


def test_months_are_rows_where_a_table_has_months():
    frame = panel(["deaths_acled_month", "events_acled_month"], years=(2021, 2022), freq="month")
    assert list(frame) == ["country", "month", "deaths_acled_month", "events_acled_month"]
    assert frame["month"].tolist() == pd.date_range("2021-01", "2022-12", freq="MS").tolist()
    assert frame.set_index("month").at[pd.Timestamp("2022-03-01"), "deaths_acled_month"] == 1152


def test_months_left_open_are_those_that_are_covered_and_others_are_said():
    assert panel("events_acled_month", freq="month")["month"].max() == pd.Timestamp("2026-03-01")
    with pytest.warns(UserWarning, match="events_acled_month: MLI 1997-01–2026-03"):
        panel("events_acled_month", years=(2025, 2026), freq="month")


def test_moscow_is_one_actor_across_1991(whole):
    arms = whole.query("country == 'MLI'").set_index("year")["arms_from_moscow_tiv_m"]
    assert arms[1984] == 13.12 and arms[2017] == 23


def test_what_nobody_reported_is_missing(whole):
    debt = whole.query("country == 'MLI'").set_index("year")["debt_to_moscow_musd"]
    assert debt.loc[2010:].isna().all()


def test_years_left_open_are_those_that_the_indicators_cover():
    frame = panel(["un_agreement", "deaths"])
    assert (frame["year"].min(), frame["year"].max()) == (1960, 2024)


def test_a_zero_that_may_be_no_record_is_missing():
    with pytest.warns(UserWarning, match="imports_from_moscow_musd: MLI"):
        imports = panel("imports_from_moscow", countries=["MLI"], years=(1960, 1964)).set_index("year").iloc[:, -1]
    assert list(imports.index[imports.isna()]) == [1960, 1961, 1962]


def test_a_column_that_ends_before_the_years_asked_for_says_so():
    with pytest.warns(UserWarning, match=r"import_share_of_moscow: MLI 1963–2014 \(43 years\)"):
        panel(["import_share_of_moscow", "population"], years=(1960, 2024))


def test_a_country_that_one_indicator_lacks_is_named():
    with pytest.warns(UserWarning, match="arms_imports_tiv_m: nothing for BFA"):
        panel(["arms_imports", "deaths"], countries=["MLI", "BFA"])


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"indicators": ["deaths"], "years": (1960, 1980)}, "MLI.* 1989–2024"),
        ({"indicators": ["arms_imports"], "countries": ["BFA"]}, "there are MLI"),
        ({"indicators": ["deaths"], "freq": "month"}, "deaths: not by month; by month there is deaths_acled_month"),
        ({"indicators": ["deaths_acled_month"]}, "not by year; by year there is un_agreement"),
        ({"indicators": ["deaths_acled_month"], "years": 1990, "freq": "month"}, "in 1990; it has MLI 1997-01–2026-03"),
        ({"indicators": ["deaths", "gdp"], "countries": ["Mali"]}, "no indicator asked for has Mali; there are AGO"),
    ],
)
def test_what_is_not_there_is_an_error_that_says_what_is(asked, words):
    with pytest.raises(LookupError, match=words):
        panel(**asked)


def test_an_unknown_indicator_is_an_error_with_the_nearest():
    with pytest.raises(UnknownNameError, match="Nearest: gdp"):
        panel(["gpd"])


def test_another_frequency_than_year_and_month_is_an_error():
    with pytest.raises(ValueError, match="expected freq to be year or month, found 'week'"):
        panel("deaths", freq="week")


def test_years_the_wrong_way_round_are_an_error():
    with pytest.raises(ValueError, match="from first to last"):
        panel("deaths", years=(2024, 1997))


def test_a_query_that_leaves_two_rows_of_a_year_is_an_error():
    loose = Indicator("loose", "", "context_regimes", value="value", unit="", default="", query="country == 'MLI'")
    with pytest.raises(DataError, match="more than one row for MLI in 1960"):
        loose.values(loose.rows(malirussia.collection.package.load))


def test_no_column_of_a_panel_is_a_column_of_a_table():
    resources = malirussia.collection.package.resources.values()
    columns = {field["name"] for resource in resources for field in resource["schema"]["fields"]}
    assert not columns & {one.column for one in declared().values()}


def test_an_indicator_is_one_series_of_one_source_but_votes_go_on_in_another_edition():
    load = malirussia.collection.package.load
    several = {name for name, one in declared().items() if one.rows(load)["source_id"].nunique() != 1}
    assert several and {one.partition("_with_")[0] for one in several} == {"un_agreement"}


def test_every_source_of_an_indicator_is_cited():
    frame = panel("un_agreement", years=(2010, 2020))
    assert codebook(frame)["source_id"].tolist() == ["unvotes-0-3-0 voeten-unga-2024"]
    assert set(references(frame).entries) == {"unvotes-0-3-0", "voeten-unga-2024"}


def test_a_panel_of_all_african_states_has_ten_indicators_and_more():
    africa = sorted(malirussia.load("context_african_states").query("country != 'EAZ'")["country"].unique())
    names = ["un_agreement", "un_agreement_with_paris", "un_agreement_with_washington", "un_agreement_with_beijing"]
    names += ["gdp", "population", "oda", "external_debt", "electoral_democracy", "lexical_index", "deaths"]
    with pytest.warns(UserWarning, match="NaN where an indicator has nothing"):
        frame = panel(names, africa, years=(1960, 2024))
    assert len(frame) == 54 * 65
    held = frame.set_index(["country", "year"]).notna().groupby("country").any()
    assert held.drop(columns="external_debt_musd").all(axis=None)
    mali = frame.query("country == 'MLI'").set_index("year")
    votes = malirussia.load("diplomacy_unga_agreement").query("vote_set == 'all_recorded' and complete")
    votes = votes.query("partner == 'CHN'").set_index("year")
    pd.testing.assert_series_equal(
        mali["un_agreement_with_beijing_share"].dropna(), votes["agree"] / votes["votes_compared"], check_names=False
    )


def test_one_year_alone_may_be_asked_for():
    assert panel("gdp", countries="BFA", years=1989)["year"].tolist() == [1989]


def test_the_list_says_where_each_indicator_comes_from():
    listed = indicators().set_index("indicator")
    assert list(listed.index) == list(declared())
    assert listed.loc["deaths", ["first_year", "last_year"]].tolist() == [1989, 2024]
    assert listed.loc["arms_from_moscow", "countries"] == "MLI"
    assert listed.loc["arms_from_moscow", "last_year"] == 2025
    assert listed.at["deaths_acled_month", "freq"] == "month"
    assert listed.ne("").all(axis=None)


def test_the_codebook_knows_a_column_after_merge_pivot_and_export(small, tmp_path):
    small.to_csv(tmp_path / "panel.csv", index=False)
    other = pd.DataFrame({"year": [2023, 2024], "own": [1, 2]})
    for frame in (
        small,
        small.merge(other, on="year"),
        small.pivot(index="year", columns="country"),
        pd.read_csv(tmp_path / "panel.csv"),
    ):
        book = codebook(frame).set_index("column")
        assert list(book.index) == ["arms_from_moscow_tiv_m", "deaths_ucdp"]
        assert book.at["arms_from_moscow_tiv_m", "missing"].startswith("zero: ")
        assert book.at["deaths_ucdp", "source_id"] == "ucdp-ovcy-251"
        assert list(references(frame).entries) == ["sipri-tr-2026-05", "ucdp-ovcy-251"]


def test_the_codebook_takes_names_of_columns_and_of_indicators():
    assert codebook(["deaths_ucdp", "gdp"])["column"].tolist() == ["deaths_ucdp", "gdp_musd"]
    with pytest.raises(UnknownNameError):
        codebook(["value_musd"])


def test_a_frame_that_is_no_panel_has_no_codebook():
    with pytest.raises(ValueError, match="no column is of a panel; there are year"):
        codebook(pd.DataFrame({"year": [1960]}))


def test_references_of_a_panel_merged_with_a_table_are_those_of_both(small):
    events = malirussia.load("events").assign(year=lambda frame: frame["date"].dt.year).query("year == 2021")
    found = references(small.merge(events, on="year")).entries
    assert {"sipri-tr-2026-05", "ucdp-ovcy-251", *source_ids(events)} == set(found)


def test_a_panel_counts_as_a_use_of_its_tables_and_the_list_does_not():
    fresh = malirussia.Collection()
    malirussia.explore.panels.indicators(fresh)
    assert not fresh.used.tables
    malirussia.explore.panels.panel(fresh, ["deaths"])
    assert list(fresh.used.tables) == ["deployment_ucdp_africa"]


def test_a_panel_of_all_states_takes_less_than_a_second_of_work():
    begun = time.process_time()  # what others do on the machine does not count
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = panel(EVERY, countries=None, years=(1960, 2024))
    assert len(frame) >= 54 * 65
    assert time.process_time() - begun < 1
