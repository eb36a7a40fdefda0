"""What both sides reported of the trade with Moscow, and what follows for the series that rest on it."""

from __future__ import annotations

import pytest

import malirussia
from malirussia import load
from workshop.check.run import check

FREIGHT = 1.10  # what the compilers add to a partner's exports where an importer sent no report
ROUNDING = 0.0051 * (1 + FREIGHT)  # the IMF prints its estimates to two decimals, on both sides


@pytest.fixture(scope="module")
def dyad():
    return load("trade_dyad_annual")


@pytest.fixture(scope="module")
def mali(dyad):
    """Mali's trade in the Direction of Trade Statistics: a column for each flow and reporter, a row for each year."""
    rows = dyad.query("country == 'MLI' and dataset == 'DOTS'")
    return rows.pivot(index="year", columns=["flow", "reporter"], values="value_musd")


def test_the_headline_values_stand_in_the_table(mali, dyad):
    imports = mali["imports"]
    assert imports["MLI"].loc[2008:2011].round(1).to_list() == [78.0, 77.3, 49.7, 55.4]
    assert imports["RUS"].loc[2015:2020].round(1).to_list() == [6.2, 17.0, 94.1, 41.1, 83.8, 95.2]
    assert imports["MLI"].loc[2015:2020].round(1).to_list() == [15.2, 62.0, 57.8, 54.6, 72.1, 70.4]
    last = dyad.query("country == 'MLI' and flow == 'imports' and year == 2021")
    assert sorted(last["dataset"].astype("str")) == ["Comtrade", "IMTS"]
    assert last["value_musd"].round(1).eq(88.7).all()


def test_the_turnovers_of_the_page_are_near_what_russia_reported_in_both_directions(mali):
    russia = mali.xs("RUS", axis="columns", level="reporter")
    assert russia.loc[2013].to_dict() == {"imports": 20.613503, "exports": 0.038265}
    assert russia.loc[2014].to_dict() == {"imports": 6.501363, "exports": 0.088164}
    claimed = load("trade_bilateral").query("flow == 'turnover' and series == 'claim'").set_index("year")["value_musd"]
    assert claimed.to_dict() == {2013: 20.6, 2014: 6.6}
    # No rule of rounding gives both: 20.6 is the exports alone or the sum cut off, 6.6 is the sum rounded.
    assert russia.loc[2013:2014].sum(axis="columns").round(6).to_dict() == {2013: 20.651768, 2014: 6.589527}
    assert russia["imports"].loc[2013:2014].round(1).to_list() == [20.6, 6.5]


def test_cow_gives_as_mali_s_imports_of_2001_to_2014_what_russia_exported_and_a_tenth(mali):
    cow = load("trade_bilateral").query(
        "source_id == 'cow-trade-v4' and series == 'raw' and flow == 'mli_imports_from_rus'"
    )
    recorded = cow.set_index("year")["value_musd"].loc[2001:2014]
    computed = (FREIGHT * mali["imports"]["RUS"].loc[2001:2014]).round()
    assert len(recorded) == 14
    assert computed.to_dict() == recorded.to_dict()


def test_cow_takes_the_estimates_of_1985_to_1991_over(mali):
    cow = load("trade_bilateral").query("source_id == 'cow-trade-v4' and series == 'raw'")
    cow = cow.pivot(index="year", columns="flow", values="value_musd").loc[1985:1991]
    assert cow["mli_imports_from_rus"].to_list() == mali["imports"]["MLI"].loc[1985:1991].round().to_list()
    assert cow["rus_imports_from_mli"].to_list() == mali["exports"]["RUS"].loc[1985:1991].round().to_list()


def test_the_soviet_side_of_1985_to_1991_is_estimated_from_mali_s_throughout(dyad, mali):
    soviet = dyad.query("country == 'MLI' and reporter == 'RUS' and 1985 <= year <= 1991")
    assert len(soviet) == 14
    assert soviet["estimate_kind"].eq("flagged").all()
    years = mali.loc[1985:1991]
    assert (years["imports"]["MLI"] - FREIGHT * years["imports"]["RUS"]).abs().max() < ROUNDING
    assert (FREIGHT * years["exports"]["MLI"] - years["exports"]["RUS"]).abs().max() < ROUNDING


def test_mali_reported_both_flows_to_1987_and_the_estimates_after_it_grow_alike(dyad, mali):
    own = dyad.query("country == 'MLI' and reporter == 'MLI' and 1985 <= year <= 1991")
    reported = own[~own["estimate"]].groupby("flow", observed=True)["year"].agg(list)
    assert reported.to_dict() == {"imports": [1985, 1986, 1987], "exports": [1985, 1986, 1987]}
    growth = mali.xs("MLI", axis="columns", level="reporter").loc[1987:1991].pct_change().iloc[1:]
    assert growth["imports"].to_list() == pytest.approx([0.25, 0.10, 0.15, 0.10], abs=0.003)
    assert growth["exports"].to_list() == pytest.approx([0.25, 0.10, 0.15, 0.10], abs=0.003)


def test_an_estimate_says_how_it_is_known(dyad):
    assert (dyad["estimate"] == (dyad["estimate_kind"] != "none")).all()
    assert dyad.loc[dyad["year"] > 2021, "estimate_kind"].eq("apparent").all()
    assert dyad.loc[dyad["estimate_kind"] == "apparent", "year"].min() == 2022


def test_importers_count_freight_and_exporters_do_not(dyad):
    importer = (dyad["flow"] == "imports") == (dyad["reporter"] != "RUS")
    assert (importer == (dyad["valuation"] == "cif")).all()


def test_the_reporter_is_one_of_the_pair_and_its_state_fits_the_year(dyad):
    reporter, country = dyad["reporter"].astype("str"), dyad["country"].astype("str")
    assert ((reporter == country) | (reporter == "RUS")).all()
    assert dyad.loc[dyad["year"] < 1992, "historical_state"].eq("SUN").all()
    assert dyad.loc[(dyad["year"] > 1991) & (dyad["reporter"] == "RUS"), "historical_state"].eq("RUS").all()


def test_the_markets_hold_the_exports_of_the_dyads(dyad):
    exports = dyad.query("flow == 'imports' and reporter == 'RUS'")
    keys = ["year", "country", "dataset"]
    markets = load("trade_russia_markets")
    both = markets.astype({"dataset": "str", "country": "str"}).merge(
        exports.astype({"dataset": "str", "country": "str"}), on=keys, suffixes=("", "_dyad")
    )
    assert len(both) == len(markets) == 48
    assert both["value_musd"].eq(both["value_musd_dyad"]).all()
    ranks = markets.query("country == 'MLI' and dataset != 'Comtrade'").set_index("year")["rank"]
    assert ranks.to_list() == [31, 30, 25, 14, 21, 16, 17, 21]


@pytest.mark.parametrize("name", ["trade_dyad_annual", "trade_russia_markets"])
def test_the_new_tables_keep_the_rules_of_the_package(name):
    assert check(malirussia.collection, [name]) == []
