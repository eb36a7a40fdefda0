"""Tasks of an analyst, each one obvious line or a clear error."""

from __future__ import annotations

import pandas as pd
import pytest

from malirussia import codebook, constant_dollars, convert, load, panel, references, rows_by_source

MALI = ["un_agreement", "ideal_point", "arms_from_moscow", "import_share_of_moscow", "gdp", "oda", "deaths"]
MALI += ["electoral_democracy"]


@pytest.fixture(scope="module")
def mali():
    with pytest.warns(UserWarning) as said:
        return panel(MALI, years=(1960, 2024)), str(said[0].message)


def test_a_panel_of_mali_is_one_call_and_says_where_each_series_ends(mali):
    frame, said = mali
    assert frame.shape == (65, 10)
    assert "import_share_of_moscow: MLI 1963–2014 (43 years)" in said
    assert "deaths_ucdp: MLI 1989–2024" in said
    assert "gdp_musd: MLI 1968–2023" in said


def test_a_panel_says_where_a_source_changes_and_keeps_to_one(mali):
    book = codebook(mali[0]).set_index("indicator")
    assert "gdp_pwt goes back to 1960" in book.at["gdp", "default"]
    assert "every African state from 1989" in book.at["deaths", "default"]


def test_a_pivoted_panel_has_its_references(mali):
    wide = mali[0].pivot(index="year", columns="country")
    assert set(references(wide).entries) == set(" ".join(codebook(mali[0])["source_id"]).split())


def test_neighbours_are_asked_for_as_mali_is():
    frame = panel(["ideal_point", "deaths"], countries=["MLI", "BFA", "NER"], years=(2012, 2023))
    assert frame.groupby("country")["deaths_ucdp"].count().to_dict() == {"BFA": 12, "MLI": 12, "NER": 12}


def test_a_country_without_a_series_is_said_before_anyone_computes_with_it():
    with pytest.warns(UserWarning, match="arms_from_moscow_tiv_m: nothing for BFA"):
        panel(["arms_from_moscow", "deaths"], countries=["MLI", "BFA"], years=(1997, 2024))


def test_roubles_of_1961_are_dollars_of_2020_in_one_line_for_one_sum_and_for_a_list():
    one = constant_dollars(convert(40, "SUR", "USD", 1961), 1961, base=2020)
    many = constant_dollars(convert([40, 20], "SUR", "USD", 1961), 1961, base=2020)
    assert list(many) == pytest.approx([one, one / 2])


def test_sources_of_several_tables_and_rows_on_weak_sources_are_one_line_each():
    assert "cow-trade-v4" in set(rows_by_source().query("tables > 1")["source_id"])
    assert rows_by_source().query("reliability <= 'weak'")["rows"].sum() > 100


def test_rows_by_source_add_up_to_those_of_a_table():
    counted = rows_by_source().groupby("table")["rows"].sum()
    assert counted["military_arms_imports"] == len(load("military_arms_imports"))
    assert "sources" not in counted


@pytest.mark.parametrize("query", ["date.eq('2021-12-13')", "date >= '2021-12-13' and date < '2021-12-14'"])
def test_an_event_is_found_by_its_day_as_load_says(query):
    assert len(load("events").query(query)) == 1


def test_a_year_without_arms_is_zero_in_a_plot_and_not_a_bridge():
    arms = panel("arms_from_moscow", years=(1976, 1981)).set_index("year")["arms_from_moscow_tiv_m"]
    assert arms.round(1).tolist() == [88.5, 0, 0, 0, 0, 73.2]


def test_a_merge_on_the_country_keeps_the_soviet_years():
    regimes = load("context_regimes").query("country == 'RUS' and index == 'electoral_democracy'")
    points = panel("ideal_point", countries="RUS", years=(1965, 1991))
    assert len(points.merge(regimes, on=["country", "year"])) == 27


def test_a_pivot_of_ideal_points_averages_no_editions():
    points = panel("ideal_point", countries=["MLI", "RUS"], years=(2020, 2023))
    wide = points.pivot_table(index="year", columns="country", values="ideal_point_un")
    one = load("diplomacy_unga_ideal_points").query("edition == 'v2026' and country == 'MLI' and year == 2023")
    assert wide.at[2023, "MLI"] == one["ideal_point"].item()


def test_what_is_not_there_says_what_is():
    with pytest.raises(LookupError, match="deaths has nothing for MLI in 1960–1980; it has MLI 1989–2024"):
        panel("deaths", years=(1960, 1980))
    with pytest.raises(LookupError, match=r"There is no indicator 'gdp_growth'. Nearest: gdp"):
        panel("gdp_growth")


def test_a_panel_is_a_plain_frame():
    assert type(panel("gdp")) is pd.DataFrame
