"""Every African state: the tables agree with the older ones on Mali, and pairs of states with known counts."""

from __future__ import annotations

import pandas as pd
import pytest

from malirussia import load


def test_the_baseline_of_votes_follows_from_the_votes_of_every_state():
    votes = load("diplomacy_unga_africa_states").astype({"partner": "str"}).query("votes_compared >= 10")
    shares = votes.assign(share=votes["agree"] / votes["votes_compared"])
    wide = shares.pivot(index=["year", "partner"], columns="country", values="share")
    found = pd.DataFrame(
        {
            "african_states": wide.count(axis="columns"),
            "median_others": wide.drop(columns="MLI").median(axis="columns").round(4),
            "mali_rank": wide.rank(axis="columns", ascending=False, method="min")["MLI"],
        }
    )
    told = load("diplomacy_unga_africa").query("measure == 'share_same_vote'").astype({"partner": "str"})
    told = told.set_index(["year", "partner"])[list(found)]
    pd.testing.assert_frame_equal(found.loc[told.index], told, check_dtype=False, atol=1.01e-4)


def test_votes_of_mali_are_those_of_its_own_table():
    keys = ["year", "partner"]
    own = load("diplomacy_unga_agreement").query("vote_set == 'all_recorded' and complete").set_index(keys)
    found = load("diplomacy_unga_africa_states").query("country == 'MLI'").set_index(keys)
    columns = ["votes_compared", "agree"]
    pd.testing.assert_frame_equal(found[columns].sort_index(), own[columns].sort_index(), check_index_type=False)


def test_totals_of_the_dead_are_the_same_in_both_tables():
    keys = ["country", "year"]
    columns = ["deaths", "low_deaths", "high_deaths"]
    detailed = load("deployment_ucdp_country_year").query("category == 'total'").astype({"country": "str"})
    africa = load("deployment_ucdp_africa").set_index(keys)[columns]
    detailed = detailed.set_index(keys)[columns]
    pd.testing.assert_frame_equal(africa.loc[detailed.index], detailed, check_dtype=False)


@pytest.mark.parametrize(
    ("votes", "before", "after", "below"),
    [("all_recorded", 316 / 504, 118 / 165, 0.9801), ("final_passage", 291 / 437, 118 / 165, 0.9316)],
)
def test_mali_and_russia_among_all_pairs(votes, before, after, below):
    dyads = load("diplomacy_unga_dyads").astype({"partner": "str"}).query("vote_set == @votes")
    pairs = dyads.set_index(["country", "partner"])
    pair, same = pairs.loc["MLI", "RUS"], pairs.loc["RUS", "MLI"]
    assert pair["agree_before"] / pair["votes_before"] == pytest.approx(before)
    assert pair["change"] == pytest.approx(after - before, abs=1e-4)
    assert (pair["rank"], pair["share_below"]) == (2, pytest.approx(below, abs=1e-4))
    assert pair.filter(like="change").tolist() == same.filter(like="change").tolist()
    assert dyads.groupby("partner").size().to_dict() == {"MLI": 190, "RUS": 190}


def test_todays_states_are_in_a_list_and_zanzibar_is_gone():
    states = load("context_african_states")
    assert set(states.loc[states["end"].notna(), "country"]) == {"EAZ"}
    assert states.query("end.isna()")["country"].nunique() == 54
    start = states.query("list == 'cow'").set_index("country")["start"]
    assert (start["SSD"], start["ERI"]) == (pd.Timestamp("2011-07-09"), pd.Timestamp("1993-05-24"))
