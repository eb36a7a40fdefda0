"""Rules that the deployment tables keep and that no schema can say."""

from __future__ import annotations

import pandas as pd
import pytest

import malirussia
from malirussia import load


def test_acled_is_held_in_national_months_region_years_and_a_few_country_years():
    held = {}
    for name in malirussia.collection.package.resources:
        frame = load(name)
        if "source_id" in frame and name not in ("sources", "claims_origins"):  # which name sources, and hold no figure
            rows = frame[frame["source_id"].astype("str").str.startswith("acled-")]
            if len(rows):
                held[name] = rows
    assert set(held) == {"deployment_acled_monthly", "deployment_acled_region_year", "deployment_acled_country_year"}
    assert held["deployment_acled_monthly"]["month"].is_unique
    assert set(held["deployment_acled_region_year"].columns) == {
        "year", "region", "events", "fatalities", "source_id", "locator",
    }  # fmt: skip
    assert set(held["deployment_acled_country_year"]["country"]) == {"MLI", "BFA", "NER"}


def test_the_months_of_acled_have_no_gap_and_end_before_the_partial_one():
    months = load("deployment_acled_monthly")["month"]
    assert months.tolist() == pd.date_range("1997-01-01", "2026-03-01", freq="MS").tolist()


@pytest.mark.parametrize(
    ("table", "column", "start"),
    [
        ("deployment_reports", "date", "2026-04-01"),
        ("deployment_personnel", "date", "2026-04-01"),
        ("deployment_bases", "end", "2026-01-01"),  # one departure is known to the year only
    ],
)
def test_what_was_read_only_as_cited_by_others_has_low_confidence(table, column, start):
    late = load(table)[lambda d: d[column] >= pd.Timestamp(start)]
    read = late["source_id"] == "ucdp-candidate-26-0-4"
    assert set(late.loc[~read, "confidence"].astype("str")) == {"low"}


@pytest.mark.parametrize("table", ["deployment_reports", "deployment_personnel", "deployment_bases"])
def test_a_row_whose_source_is_known_as_cited_has_low_confidence(table):
    cited = load("sources").query("seen == 'cited' and published >= '2026'")["source_id"]
    rows = load(table)
    assert set(rows.loc[rows["source_id"].isin(cited), "confidence"].astype("str")) == {"low"}


def test_versions_of_one_fact_count_one_thing():
    reports = load("deployment_reports").dropna(subset=["conflict_group", "counted"])
    things = reports.groupby("conflict_group")["counted"].agg(lambda kinds: set(kinds.astype("str")))
    # Two groups hold what one side calls civilians and the other fighters or missing persons.
    assert set(things[things.map(len) > 1].index) == {"hombori-deaths", "sebabougou"}


def test_the_regions_of_a_year_add_up_to_its_months():
    by_month = load("deployment_acled_monthly").set_index("month")["fatalities"]
    by_region = load("deployment_acled_region_year").groupby("year")["fatalities"].sum()
    assert by_month.groupby(by_month.index.year).sum().loc[2012:2025].tolist() == by_region.tolist()


def test_ucdp_types_of_violence_add_up_to_the_total():
    wide = load("deployment_ucdp_country_year").pivot(index=["country", "year"], columns="category", values="deaths")
    parts = ["state_based", "non_state", "one_sided_any_government", "one_sided_nonstate_group"]
    whole = wide.loc[["MLI", "BFA", "NER"]]  # of the other states the total alone was taken
    assert (whole[parts].sum(axis=1) == whole["total"]).all()
    status = ["dead_warring_parties", "dead_civilians", "dead_unknown_status"]
    mali = wide.loc["MLI"]
    assert (mali[status].sum(axis=1) == mali["total"]).all()


def test_states_beside_mali_have_a_total_in_every_year_and_no_fighting_by_wagner():
    total = load("deployment_ucdp_country_year").query("category == 'total' and year >= 2012")
    years = total.groupby(total["country"].astype("str"))["year"].agg(list)
    assert all(held == list(range(2012, 2025)) for held in years)
    fought = load("deployment_countries").query("role == 'military'")["country"]
    assert set(years.index) & set(fought) == {"MLI"} and len(years) == 11
    earlier = total.query("year <= 2021").groupby("country", observed=True)["deaths"].mean()
    assert (earlier >= 100).all()


def test_mali_and_its_neighbours_have_a_population_in_every_year_of_their_deaths():
    people = load("context_macro").query("indicator == 'population' and country in ['MLI', 'BFA', 'NER']")
    assert people.query("2012 <= year <= 2024").groupby("country", observed=True)["year"].nunique().tolist() == [13] * 3


def test_who_stood_where_can_be_told_for_each_year_from_spans_and_places():
    forces, places = load("military_force_spans"), load("deployment_bases")
    places = places.query("kind != 'equipment_destination'")  # a delivery is no presence

    def there(frame, year):
        return frame[(frame["start"].dt.year <= year) & ~(frame["end"].dt.year < year)]

    assert {year: len(there(places, year)) for year in (2020, 2021, 2022, 2023, 2026)} == {
        2020: 0, 2021: 1, 2022: 7, 2023: 12, 2026: 12
    }  # fmt: skip
    assert list(places.loc[places["latitude"].isna(), "place"]) == ["Gossi"]
    assert set(there(forces, 2021)["force"]) == {"Barkhane", "EUTM Mali", "MINUSMA", "Takuba", "Wagner"}
    assert set(there(forces, 2024)["force"]) == {"EUTM Mali", "Wagner"}
    assert set(there(forces, 2026)["force"]) == {"Africa Corps"}
