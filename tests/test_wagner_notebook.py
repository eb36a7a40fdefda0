"""Notebook 03 says what its tables hold: its numbers are counted again here, and a false value or picture is named."""

from __future__ import annotations

import re

import false_notebook
import pandas as pd
import pytest
from conftest import ROOT

from malirussia import load, outputs
from malirussia.values import by_year

NAME = "03_wagner_deployment"
STORED = false_notebook.stored(NAME)
SAID = {kind: [one.text for one in outputs.sentences(STORED, kind)] for kind in ("answer", "finding", "reading")}
ARRIVAL = pd.Timestamp("2021-12-01")


def said(kind, words):
    """Return the one sentence of a kind that holds *words*."""
    (found,) = [text for text in SAID[kind] if words in text]
    return found


def mean(series, first, last):
    return series.loc[first:last].mean()


@pytest.fixture(scope="module")
def deaths():
    return load("deployment_acled_monthly").set_index("month")["fatalities"].astype(float)


@pytest.fixture(scope="module")
def yearly():
    return by_year(load("deployment_acled_country_year").query("measure == 'fatalities'"), "country", "value")


# What it says


def test_deaths_a_month_before_and_with_wagner_are_those_of_the_table(deaths):
    before, during = mean(deaths, "2018-12", "2021-11"), mean(deaths, "2021-12", "2025-05")
    assert (round(before), round(during), round(mean(deaths, "2025-06", "2026-03"))) == (183, 359, 327)
    assert f"from {before:.0f} in the three years before Wagner to {during:.0f}" in said("finding", "a month rose")
    assert f"{during / before:.1f} times" in said("finding", "a month rose")
    calm = deaths.loc["2021-12":"2025-05"].drop(pd.Timestamp("2022-03-01")).mean()
    assert f"without March 2022, the month of Moura, the ratio is {calm / before:.1f}" in said("reading", "Moura")


def test_the_answer_says_doubled_and_faster_next_door_because_the_tables_do(deaths, yearly):
    assert 1.9 < mean(deaths, "2021-12", "2025-05") / mean(deaths, "2018-12", "2021-11") < 2.1
    ucdp = by_year(load("deployment_ucdp_country_year").query("category == 'total'"), "country", "deaths")
    for counted in (yearly, ucdp):
        grown = mean(counted, 2022, 2024) / mean(counted, 2019, 2021)
        more = mean(counted, 2022, 2024) - mean(counted, 2019, 2021)
        assert grown["BFA"] > grown["MLI"] > grown["NER"]
        assert more["BFA"] > more["MLI"] > more["NER"]
    (answer,) = SAID["answer"]
    assert "doubled after Wagner came, but rose faster next door in Burkina Faso" in answer
    assert "cannot say that Wagner was the cause" in answer


def test_growth_of_the_neighbours_stands_on_both_scales(yearly):
    more = mean(yearly, 2022, 2024) - mean(yearly, 2019, 2021)
    assert (more["MLI"].round(), more["BFA"].round(), more["NER"].round()) == (2192, 4447, 228)
    assert "were 2.0 times those of 2019–2021 in Mali, and 2.9 times in Burkina Faso" in said("finding", "those of")
    assert "2,192 more a year in Mali, 4,447 in Burkina Faso and 228 in Niger" in said("reading", "more a year")


def test_mali_is_third_among_the_african_states_that_were_at_war_before():
    deaths = by_year(load("deployment_ucdp_africa"), "country", "deaths")
    before, after = mean(deaths, 2019, 2021), mean(deaths, 2022, 2024)
    ranked = (after / before)[before >= 100].sort_values(ascending=False)
    assert list(ranked.index[:3]) == ["SDN", "BFA", "MLI"]
    assert f"Among {len(ranked)} such states Mali's growth is number 3" in said("reading", "such states")


def test_no_earlier_month_saw_as_many_more_deaths_and_a_third_were_steeper(deaths):
    months = pd.date_range("2013-01", "2019-12", freq="MS")  # two years on, all of them before Wagner
    two = pd.DateOffset(months=24)
    day = pd.Timedelta(days=1)
    around = {
        month: (mean(deaths, month - two, month - day), mean(deaths, month, month + two - day))
        for month in [*months, ARRIVAL]
    }
    rise = {month: after - before for month, (before, after) in around.items()}
    times = {month: after / before for month, (before, after) in around.items()}
    larger = sum(rise[month] >= rise[ARRIVAL] for month in months)
    steeper = [month for month in months if times[month] >= times[ARRIVAL]]
    assert (len(months), larger, len(steeper)) == (84, 0, 33)
    assert [month.year for month in steeper].count(2013) == 1
    assert {month.year for month in steeper} == {2013, 2016, 2017, 2018}
    assert "Of 84 earlier months none saw" in said("finding", "earlier months")
    assert "in proportion 33 did, nearly all in 2016–2018" in said("finding", "earlier months")


def test_most_of_what_governments_killed_before_wagner_fell_in_one_year():
    mali = by_year(load("deployment_ucdp_country_year").query("country == 'MLI'"), "category", "deaths")
    killed = mali["one_sided_any_government"]
    assert (killed.loc[2018:2021].sum(), killed[2020]) == (363, 262)
    assert (round(mean(killed, 2018, 2021)), round(mean(killed, 2022, 2024))) == (91, 275)
    found = said("finding", "governments killed")
    assert "governments killed 91 civilians a year from 2018 to" in found
    assert "275 after; of the 363 before, 262 died in 2020" in found


def test_the_fee_in_dollars_is_that_of_its_day_and_of_its_cheapest_month():
    euros = 6000 / 655.957
    daily = euros * load("deployment_fx_daily").set_index("date")["usd_per_eur"]
    monthly = euros * load("deployment_fx_monthly").set_index("month")["usd_per_eur_mean"]
    assert (daily.round(1) == 10.8).sum() == 11
    assert (round(monthly.min(), 1), f"{monthly.idxmin():%B %Y}") == (9.0, "October 2022")
    told = said("reading", "trading days")
    assert "The 10.8 million dollars were right on 11 of 22 trading days of September 2021" in told
    assert "By October 2022 the same francs were worth 9.0 million" in told


def test_the_sum_of_washington_fits_two_fees_and_proves_neither():
    euros = 6000 / 655.957
    monthly = euros * load("deployment_fx_monthly").set_index("month")["usd_per_eur_mean"]
    months = monthly.loc["2021-12":"2023-06"]
    told = said("reading", "more than 200 million")
    assert f"The {len(months)} months make {months.sum():.0f} million at each month's rate" in told
    assert "205 at the printed one; 20 times the rounder fee fits as well" in told


def test_the_choice_that_removes_the_step_is_told_with_the_one_that_gives_it():
    assert "2.35 times, with a range of 1.75 to 3.15" in said("reading", "from 36 months before”")
    assert "1.24 times, 0.76 to 2.03, which cannot be told from none" in said("reading", "from 2015”")
    assert "1.10 times, 0.50 to 2.39" in said("reading", "Beyond Burkina Faso and Niger together")
    assert "1.65 times as many deaths in logs and 0.73 in levels" in said("reading", "a mixture of ten states")


def test_every_choice_stands_in_the_table_and_in_the_picture():
    (table,) = [(about, output) for about, output in outputs.shown(STORED) if getattr(about, "id", "") == "tab_03_05"]
    choices = table[0].grid.rows
    assert len(choices) == 50
    drawn = outputs.drawn(false_notebook.figure(STORED, "fig_03_05")[1])
    counts = [int(number) for number in re.findall(r"line .*?n=(\d+)", drawn)]
    assert sum(counts[-3:]) == len(choices)


def test_years_in_which_wagner_fought_and_was_not_coded_are_shaded_in_the_picture():
    drawn = outputs.drawn(false_notebook.figure(STORED, "fig_03_04")[1])
    assert "x 2022 to 2024" in drawn
    supported = load("deployment_ucdp_conflict_year").groupby("year")["russia_supports"].max()
    assert list(supported.index[supported]) == [2024]


# What it cannot say


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        pytest.param(
            'mali, burkina = at(grown, "MLI", "times"), at(grown, "BFA", "times")',
            'mali, burkina = at(grown, "MLI", "times"), 1.2',
            "'burkina' in finding() is the literal '1.2'",
            id="a value",
        ),
        pytest.param(
            "nearly all in {first.year}–{last.year}",
            "nearly all in 2014–{last.year}",
            "the number 2014 is typed into finding()",
            id="a year in a finding",
        ),
        pytest.param(
            "UCDP lists {widest:.0f} governments",
            "UCDP lists 16 governments",
            "the number 16 is typed into show()",
            id="a number in a title",
        ),
    ],
)
def test_a_false_value_is_refused(tmp_path, old, new, fault):
    assert fault in false_notebook.faults(NAME, tmp_path, old, new, "N34", "N35")


FALSE = {
    "right": ("fig_03_02", "", "", ""),
    "states exchanged": (
        "fig_03_02",
        "fg.draw_lines(ax, lines, states",
        'fg.draw_lines(ax, lines.rename(columns={"MLI": "BFA", "BFA": "MLI"}), states',
        "fig_03_02 draws: line 'Mali', green marker v -",
    ),
    "Wagner two years early": (
        "fig_03_02",
        "fg.mark_events(ax, came)",
        'fg.mark_events(ax, came.assign(date=came["date"] - pd.DateOffset(years=2)))',
        "fig_03_02 draws: event 2019-12-01 'Wagner arrives in Mali'",
    ),
    "a mean of the wrong time": (
        "fig_03_01",
        "ax.hlines(part.value, start, end",
        "ax.hlines(part.value + 100, start, end",
        "fig_03_01 draws: ranges, black, n=1",
    ),
    "a force that stays": (
        "fig_03_01",
        'strip.hlines(owner, stood["start"], stood["end"]',
        'strip.hlines(owner, stood["start"], edges[-1]',
        "fig_03_01 lacks: ranges",
    ),
    "low and high left out": (
        "fig_03_03",
        "ax.vlines(middle, low[every], high[every], color=fg.BLACK, linewidth=1.5)\n",
        "",
        "fig_03_03 lacks: ranges, black, n=13",
    ),
    "Russia's dead given to Mali": (
        "fig_03_03",
        "bottom=mali_alone.iloc[[-1]], color=fg.VERMILION",
        "bottom=mali_alone.iloc[[-1]], color=fg.GREEN",
        "fig_03_03 lacks: bars, vermilion",
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


# How it reads


def test_figures_are_five_and_told_in_twenty_to_sixty_words():
    figures = [about for about, _ in outputs.shown(STORED) if isinstance(about, outputs.Figure)]
    assert [one.id for one in figures] == [f"fig_03_0{number}" for number in range(1, 6)]
    false_notebook.assert_told_whole(figures)


def test_every_link_to_a_term_leads_to_the_glossary():
    terms = {
        re.sub(r"[^\w -]", "", line[3:].lower()).replace(" ", "-")
        for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("## ")
    }
    linked = {anchor for cell in STORED.cells for anchor in re.findall(r"docs/glossary\.md#([\w-]+)\)", cell.source)}
    assert linked
    assert linked <= terms
