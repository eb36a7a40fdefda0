"""Notebook 05 says what its tables hold: its numbers are counted again here, and a false value or picture is named."""

from __future__ import annotations

import re

import false_notebook
import numpy as np
import pandas as pd
import pytest
from conftest import ROOT

from malirussia import load, outputs

NAME = "05_diplomacy"
STORED = false_notebook.stored(NAME)
SAID = {kind: [one.text for one in outputs.sentences(STORED, kind)] for kind in ("answer", "finding", "reading")}


def said(kind, words):
    """Return the one sentence of a kind that holds *words*."""
    (found,) = [text for text in SAID[kind] if words in text]
    return found


def drawn_in(figure_id):
    return outputs.drawn(false_notebook.figure(STORED, figure_id)[1])


def wilson(agree, votes):
    """Wilson's interval of 95 percent, from its formula."""
    z = 1.959964
    middle = (agree + z**2 / 2) / (votes + z**2)
    half = z / (votes + z**2) * np.sqrt(agree * (votes - agree) / votes + z**2 / 4)
    return middle - half, middle + half


@pytest.fixture(scope="module")
def africa():
    """Shares of votes as Moscow, a row a year and a column a state."""
    votes = load("diplomacy_unga_africa_states").query("partner == 'RUS' and votes_compared >= 10")
    votes = votes.assign(share=votes["agree"] / votes["votes_compared"])
    return votes.astype({"country": "str"}).pivot(index="year", columns="country", values="share")


@pytest.fixture(scope="module")
def mali():
    return load("diplomacy_unga_africa_states").query("partner == 'RUS' and country == 'MLI'").set_index("year")


@pytest.fixture(scope="module")
def points():
    ideal = load("diplomacy_unga_ideal_points").query("edition == 'v2026'").astype({"country": "str"})
    return ideal.pivot(index="year", columns="country", values="ideal_point")


# What it says


def test_clearly_closer_are_the_years_in_which_the_african_median_lies_below_malis_range(africa, mali):
    median = africa.drop(columns="MLI").median(axis=1)
    low, high = wilson(mali["agree"], mali["votes_compared"])
    clear = list(mali.index[low > median.reindex(mali.index)])
    assert clear == [1960, 1961, 1962, *range(1966, 1972), 2023]
    assert not (high < median.reindex(mali.index)).any()
    assert "In 9 of 11 years from 1960 to 1971" in said("finding", "clearly closer")
    assert "then in none until 2023" in said("finding", "clearly closer")


def test_between_the_spells_mali_voted_as_africa_did(africa, mali):
    between = mali.loc[1972:2022]
    median = africa.drop(columns="MLI").median(axis=1).loc[1972:2022]
    gap = 100 * (between["agree"] - between["votes_compared"] * median).sum() / between["votes_compared"].sum()
    assert 1 < gap < 1.6
    assert f"the gap was {gap:.1f} points" in SAID["answer"][0]


def test_place_in_africa_of_2023_and_2016_is_that_of_the_table(africa):
    baseline = load("diplomacy_unga_africa").query("partner == 'RUS' and measure == 'share_same_vote'")
    ranks = baseline.set_index("year")["mali_rank"]
    assert (ranks[2023], ranks[2016], africa.loc[2023].count()) == (1, 38, 53)
    assert (round(100 * africa.loc[2023, "MLI"], 1), round(100 * africa.loc[2023].drop("MLI").median(), 1)) == (
        77.8,
        53.6,
    )
    found = said("finding", "roll-calls")
    assert "77.8% of roll-calls, the median African state in 53.6%" in found
    assert "In Africa Mali was number 1; in 2016 it had been number 38" in found
    assert "from 2018 to 2021 it was number 6 to 11" in said("reading", "before Wagner came")
    assert list(ranks.loc[2018:2021]) == [7, 7, 6, 11]


def test_the_record_year_is_told_with_the_median_of_africa():
    told = said("reading", "record year")
    assert "1988" in told and "97.7%" in told and "94.8%" in told and "number 9 of 50" in told


def test_agreement_with_france_rose_less_than_in_africa():
    baseline = load("diplomacy_unga_africa").query("partner == 'FRA' and measure == 'share_same_vote'")
    median = 100 * baseline.set_index("year")["median_others"]
    assert (round(median.loc[1961:1967].mean(), 1), round(median.loc[1969:1976].mean(), 1)) == (26.1, 35.7)
    told = said("reading", "before the coup")
    assert "from 25.0% before the coup to 32.6% after" in told
    assert "from 26.1% to 35.7%: the gap grew" in told


def test_both_sets_of_votes_are_told_with_their_ranges():
    pair = load("diplomacy_unga_dyads").query("country == 'MLI' and partner == 'RUS'").set_index("vote_set")
    found = said("finding", "Without amendments")
    for row in pair.itertuples():
        told = f"{100 * row.change_low:+.1f} to {100 * row.change_high:+.1f}"
        assert told in found
        assert row.rank == 2
    assert "8.8 points higher (range +0.5 to +16.8)" in found
    assert "4.9 (-3.0 to +13.3), which may be none" in found
    assert pair.loc["final_passage", "change_low"] < 0 < pair.loc["all_recorded", "change_low"]
    (about,) = [one for one in outputs.sentences(STORED, "finding") if one.text == found]
    assert about.confidence == "low"


def test_the_pair_stands_among_all_pairs_and_washington_first_among_malis_own():
    told = said("reading", "second largest rise")
    assert "among 190 states" in told
    assert (
        "With all roll-calls the draws put it between place 1 and 8. Of all pairs 98.0% rose less (72% to 99.7%)"
        in told
    )
    own = load("diplomacy_unga_dyads").query("partner == 'MLI' and vote_set == 'final_passage'").set_index("rank")
    assert (own.loc[1, "country"], own.loc[3, "country"]) == ("USA", "RUS")
    assert "number 3 among Mali's own pairs. That of the United States is first" in said("reading", "own pairs")


def test_no_on_ukraine_came_in_december_2021_and_for_good_in_november_2022():
    votes = load("diplomacy_unga_ukraine_votes").query("country == 'MLI'").set_index("resolution_id")["vote"]
    texts = load("diplomacy_unga_ukraine_resolutions").set_index("resolution_id").sort_values("date")
    cast = votes.astype("str").reindex(texts.index)
    assert texts.loc[cast == "no", "date"].min() == pd.Timestamp("2021-12-09")
    of_2022 = cast[(texts["date"] >= "2022-01-01") & (texts["date"] < "2022-11-14")]
    assert list(of_2022) == ["abstain", "abstain", "no", "abstain"]
    since = cast[texts["date"] >= "2022-11-14"]
    assert (len(since), set(since)) == (11, {"no"})
    found = said("finding", "first voted no")
    assert "in December 2021, abstained 3 times in 2022" in found
    assert "on all 11 texts since November 2022" in found


def test_half_of_the_parting_since_2023_is_malis_and_none_since_2022(points):
    moved = points.loc[2025] - points.loc[2023]
    assert (round(moved["RUS"], 2), round(moved["MLI"], 2)) == (0.71, -0.75)
    assert round(points.loc[2025, "MLI"] - points.loc[2022, "MLI"], 2) == -0.02
    found = said("finding", "half of the parting")
    assert "Moscow moved 0.71 towards Washington and Mali 0.75 away" in found
    assert "measured from 2022, Mali moved 0.02 away" in found


def test_every_choice_of_years_and_votes_stands_in_the_table():
    (table,) = [about for about, _ in outputs.shown(STORED) if getattr(about, "id", "") == "tab_05_02"]
    rows = {row[0]: [float(cell.replace("−", "-")) for cell in row[1:]] for row in table.grid.rows}
    assert len(rows) == 7
    assert rows["before: 2018–20"][2] == 2.9
    assert rows["after: 2022 alone"][2] == 1.4
    assert rows["after: 2023 alone"][2] == 15.1
    holding_zero = [name for name, row in rows.items() if row[3] < 0 < row[4]]
    assert len(holding_zero) == 4
    assert rows["all roll-calls, 2016–20 to 2022–24"][3] == 0.4


# What it cannot say


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        pytest.param(
            'mali_away, other_away = -late_mali, -moved("MLI", 2022, 2025)',
            "mali_away, other_away = -late_mali, 0.5",
            "'other_away' in finding() is the literal '0.5'",
            id="a value",
        ),
        pytest.param(
            "then in none until {again.year}.",
            "then in none until 2020.",
            "the number 2020. is typed into finding()",
            id="a year in a finding",
        ),
        pytest.param(
            "At first, and again in {again.year}, Mali",
            "At first, and again in 2021, Mali",
            "the number 2021, is typed into show()",
            id="a number in a title",
        ),
    ],
)
def test_a_false_value_is_refused(tmp_path, old, new, fault):
    assert fault in false_notebook.faults(NAME, tmp_path, old, new, "N34", "N35")


FALSE = {
    "right": ("fig_05_02", "", "", ""),
    "Mali and Africa exchanged": (
        "fig_05_02",
        "fg.draw_lines(ax, lines, ",
        'fg.draw_lines(ax, lines.rename(columns={"MLI": "OTH", "OTH": "MLI"}), ',
        "fig_05_02 draws: line 'Mali', green marker v -, n=63 of 64: first (1960, 42.8571)",
    ),
    "Wagner two years early": (
        "fig_05_02",
        "fg.mark_events(ax, marked)",
        'fg.mark_events(ax, marked.assign(date=marked["date"] - pd.DateOffset(years=2)))',
        "fig_05_02 draws: event 2019-12-01 'Wagner arrives in Mali'",
    ),
    "ranges left out": (
        "fig_05_02",
        'fg.draw_ranges(ax, own.reset_index(), "year", "low", "high", color=fg.actor("MLI")["color"])\n',
        "",
        "fig_05_02 lacks: ranges, green, n=63",
    ),
    "a no drawn as an abstention": (
        "fig_05_04",
        'rows = cast[(cast["vote"] == "no") == filled]',
        'rows = cast[(cast["vote"] == "no") != filled]',
        "fig_05_04 draws: line, green marker v hollow None, n=14",
    ),
    "the older edition not hollow": (
        "fig_05_05",
        "hollow={code: [2024] for code in axis}",
        "hollow={}",
        "fig_05_05 lacks: line 'Mali, doubtful', green marker v hollow",
    ),
    "Russia in the colour of China": (
        "fig_05_01",
        "fg.draw_lines(ax, same[list(names)], names, ",
        'fg.draw_lines(ax, same[list(names)].rename(columns={"RUS": "CHN", "CHN": "RUS"}), names, ',
        "fig_05_01 lacks: line 'Moscow', vermilion marker o -, n=63 of 64: first (1960, 86.9565)",
    ),
}


@pytest.fixture(scope="module")
def drawn():
    return false_notebook.draw(NAME, FALSE)


@pytest.mark.slow
@pytest.mark.parametrize("fault", FALSE)
def test_a_wrong_picture_differs_from_the_stored_one_in_the_mark_that_is_wrong(drawn, fault):
    figure_id, _, _, told = FALSE[fault]
    changes = false_notebook.changed_marks(false_notebook.figure(STORED, figure_id)[1], drawn[fault])
    assert told in changes if told else changes == ""


def test_a_year_without_roll_calls_is_a_gap_in_every_line():
    for figure_id in ("fig_05_01", "fig_05_02"):
        lines = [line for line in drawn_in(figure_id).splitlines() if line.startswith("  line '")]
        assert all(" of 64" in line for line in lines)


def test_what_the_title_of_pairs_compares_is_drawn_for_both_sets():
    drawn = drawn_in("fig_05_03")
    for state in ("North Korea", "Mali", "Burkina Faso", "Niger"):
        assert drawn.count(f"text {state!r}") == 2
    rank = load("diplomacy_unga_dyads").query("partner == 'RUS' and rank == 1")
    assert set(rank["country"]) == {"PRK"}


# How it reads


def test_figures_are_five_and_told_in_twenty_to_sixty_words():
    figures = [about for about, _ in outputs.shown(STORED) if isinstance(about, outputs.Figure)]
    assert [one.id for one in figures] == [f"fig_05_0{number}" for number in range(1, 6)]
    false_notebook.assert_told_whole(figures)


def test_every_link_to_a_term_leads_to_the_glossary():
    headings = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    terms = {line[3:].lower().replace(" ", "-") for line in headings if line.startswith("## ")}
    text = "\n".join(cell.source for cell in STORED.cells if cell.cell_type == "markdown")
    linked = set(re.findall(r"glossary\.md#([\w-]+)", text))
    assert linked and linked <= terms
