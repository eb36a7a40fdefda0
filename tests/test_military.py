"""The military tables agree with one another where they restate one quantity."""

from __future__ import annotations

import pandas as pd
import pytest

from malirussia import load


@pytest.fixture(scope="module")
def imports():
    return load("military_arms_imports")


def test_soviet_and_russian_deals_add_up_to_the_yearly_sums(imports):
    yearly = imports[imports["partner"] == "RUS"].set_index("year")["tiv_m"]
    deals = load("military_arms_deals").groupby("year")["tiv_m"].sum()
    pd.testing.assert_series_equal(deals, yearly, atol=0.011)


def test_moscow_delivers_as_one_state_at_a_time(imports):
    assert imports.loc[imports["historical_state"] == "SUN", "year"].max() < 1992
    assert imports.loc[imports["historical_state"] == "RUS", "year"].min() >= 1992


def test_no_supplier_sells_more_soviet_design_than_it_sells(imports):
    assert (imports["bloc_design_tiv_m"] <= imports["tiv_m"] + 1e-9).all()
    moscow = imports[imports["partner"] == "RUS"]
    assert (moscow["bloc_design_tiv_m"] == moscow["tiv_m"]).all()


def test_the_newest_register_is_the_one_that_the_sums_rest_on(imports):
    newest = load("military_register_vintages").query("edition == edition.max()").set_index("metric")["value"]
    assert newest["tiv_all_suppliers"] == pytest.approx(imports["tiv_m"].sum(), abs=0.05)
    for state, metric in (("SUN", "tiv_ussr"), ("RUS", "tiv_russia")):
        assert newest[metric] == pytest.approx(
            imports.loc[imports["historical_state"] == state, "tiv_m"].sum(), abs=0.02
        )


def test_mali_has_the_same_sums_among_its_neighbours(imports):
    africa = load("military_arms_africa").query("country == 'MLI'")
    for row in africa.query("partner != 'WLD'").itertuples():
        rows = imports[
            (imports["historical_state"] == str(row.historical_state))
            & imports["year"].between(row.start_year, row.end_year)
        ]
        assert row.tiv_m == pytest.approx(rows["tiv_m"].sum(), abs=0.02), row
    for row in africa.query("partner == 'WLD'").itertuples():
        rows = imports[imports["year"].between(row.start_year, row.end_year)]
        assert row.tiv_m == pytest.approx(rows["tiv_m"].sum(), abs=0.1), row


@pytest.mark.parametrize(("state", "start", "customers", "rank"), [("SUN", 1950, 29, 13), ("RUS", 1992, 31, 9)])
def test_ranks_among_moscows_african_customers_can_be_read_off(state, start, customers, rank):
    rows = load("military_arms_africa").query("historical_state == @state and start_year == @start")
    ranks = rows.set_index("country")["tiv_m"].rank(ascending=False)
    assert (len(ranks), ranks["MLI"]) == (customers, rank)


@pytest.mark.parametrize("name", ["military_deliveries", "military_aircraft_losses"])
def test_equipment_keys_are_shared_with_the_deals(name):
    russian = load("military_arms_deals").query("partner == 'RUS'")["equipment"].astype("str")
    reported = load(name).query("partner == 'RUS'")["equipment"].astype("str")
    assert {"Su-25", "L-39", "Su-24M"} <= set(russian) & set(reported)


def test_every_event_with_a_wrong_date_has_a_best_version():
    agreements = load("military_agreements")
    wrong = agreements[agreements["status"].isin(["misdated", "date disputed"])]
    best = agreements[agreements["status"].isin(["as dated", "one origin only"])]
    assert set(wrong["event_id"]) <= set(best["event_id"])
    assert len(wrong) > 0


def test_a_series_of_personnel_keeps_one_definition():
    assert (load("military_personnel").groupby("series", observed=True)["definition"].nunique() == 1).all()


def test_the_known_outliers_of_spending_are_marked():
    spending = load("military_spending").query("measure == 'share_of_gdp'")
    sipri = spending.query("series == 'SIPRI'").set_index("year")["value"]
    other = spending.query("series == 'Factbook'").set_index("year")
    ratio = other["value"] / sipri.reindex(other.index)
    assert set(other.index[(ratio > 2) | (ratio < 0.5)]) == set(other.index[other["suspect"]])


def test_events_of_the_shared_chronology_keep_its_date():
    agreements = load("military_agreements")
    best = agreements[agreements["status"].isin(["as dated", "one origin only"])]
    both = best.merge(load("events"), on="event_id", suffixes=("", "_of_event"))
    assert both["event_id"].nunique() > 25
    assert both.loc[both["date"].dt.year != both["date_of_event"].dt.year, "row_id"].tolist() == []
    days = both[(both["date_precision"] == "day") & (both["date_precision_of_event"] == "day")]
    assert days.loc[days["date"] != days["date_of_event"], "row_id"].tolist() == []


def test_deaths_before_and_after_every_foreign_force_are_one_merge():
    spans, deaths = load("military_force_spans"), load("deployment_acled_monthly")
    both = spans.merge(deaths, how="cross").assign(after=lambda d: d["month"] >= d["start"])
    means = both.groupby(["force", "after"])["fatalities"].mean().unstack()
    assert set(means.index) == {"Serval", "Barkhane", "Takuba", "EUTM Mali", "MINUSMA", "Wagner", "Africa Corps"}
    before, after = deaths[deaths["month"] < "2021-12-01"], deaths[deaths["month"] >= "2021-12-01"]
    assert tuple(means.loc["Wagner"]) == pytest.approx((before["fatalities"].mean(), after["fatalities"].mean()))


def test_every_force_with_a_span_has_strengths_within_it():
    strengths = pd.concat([load("military_foreign_forces"), load("deployment_personnel").query("country == 'MLI'")])
    for span in load("military_force_spans").itertuples():
        dates = strengths.loc[strengths["force"] == span.force, "date"]
        assert ((dates >= span.start) & ~(dates > span.end)).any(), span.force


def test_a_strength_stands_once():
    rows = load("military_foreign_forces").query("persons > 0 and span == 'date'")
    facts = rows[["force", "scope", "component", "date", "persons"]]
    assert not facts.duplicated().any(), rows[facts.duplicated(keep=False)]


def test_the_former_table_of_forces_is_part_of_the_one_of_strengths():
    with pytest.warns(DeprecationWarning, match="'deployment_foreign_forces' is part of 'military_foreign_forces' now"):
        old = load("deployment_foreign_forces")
    pd.testing.assert_frame_equal(old, load("military_foreign_forces"))


def test_the_factbook_estimates_of_wagner_stand_with_the_others():
    cia = load("deployment_personnel").query("source_id == 'cia-factbook'")
    assert set(cia["force"]) == {"Wagner"}
    assert "Wagner" not in set(load("military_foreign_forces")["force"])
