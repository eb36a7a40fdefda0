"""Notebook 01 says what its tables hold: its numbers are counted again here, and a false value or picture is named."""

from __future__ import annotations

import false_notebook
import numpy as np
import pandas as pd
import pytest

from malirussia import load, outputs

NAME = "01_soviet_aid"
STORED = false_notebook.stored(NAME)
SAID = {kind: [one.text for one in outputs.sentences(STORED, kind)] for kind in ("answer", "finding", "reading")}
PAGE = 570


def said(kind, words):
    """Return the one sentence of a kind that holds *words*."""
    (found,) = [text for text in SAID[kind] if words in text]
    return found


def rows_of(table_id):
    """Return the cells of a stored table by the first cell of each row."""
    (found,) = [about for about, _ in outputs.shown(STORED) if getattr(about, "id", "") == table_id]
    return {first: rest for first, *rest in found.grid.rows}


@pytest.fixture(scope="module")
def stocks():
    return load("aid_debt_by_creditor").query("measure == 'stock_end_year'")


@pytest.fixture(scope="module")
def owed(stocks):
    return stocks.query("partner == 'RUS'").set_index("year")["value_musd"]


@pytest.fixture(scope="module")
def mali():
    rows = load("context_macro").query("country == 'MLI'")
    return rows.pivot(index="year", columns="indicator", values="value").astype(float)


# What it says


def test_the_answer_is_that_the_loans_are_the_debt_and_no_record_of_lending_comes_close(owed):
    assert abs(owed[2000] / PAGE - 1) < 0.01
    (answer,) = SAID["answer"]
    assert answer.startswith('The 570 million dollars of "loans"')
    assert "are almost exactly what Mali owed Russia in 2000" in answer
    assert "In dollars of the day, no record of lending comes close" in answer
    amounts = load("aid_amounts").query("independent and country == 'MLI' and historical_state == 'SUN'")
    in_dollars = amounts.query("unit == 'million USD'")["value"]
    francs = amounts.query("amount_id == '1998-loans-256bn'")["value"].item() / 589.951774
    assert max(in_dollars.max(), francs) < 0.8 * PAGE
    assert round(francs) == 434
    assert "The highest is 434 million, an estimate of 1998" in said("finding", "figure for lending")


def test_the_debt_fell_by_78_percent_in_2002_and_124_million_were_what_was_left(owed):
    assert round(1 - owed[2002] / owed[2001], 2) == 0.78
    found = said("finding", "Mali owed Russia")
    assert "566.4 million dollars, 99.4% of the page's sum" in found
    assert "78% left the books in 2002" in found
    assert f"match what was left in 2002 ({124 / owed[2002]:.0%})" in said("reading", "reported cancelled")


def test_a_near_match_is_one_of_two_among_154(stocks):
    sized = stocks[stocks["value_musd"].between(100, 2000)]
    near = sized[(sized["value_musd"] / PAGE - 1).abs() < 0.01]
    assert (len(stocks), len(sized)) == (282, 154)
    assert list(zip(near["partner"], near["year"], strict=True)) == [("RUS", 2000), ("AFDB", 2016)]
    assert "Of 154 debts two lie within one percent" in said("reading", "African Development Bank")


def test_the_first_credit_is_set_against_the_output_of_its_day_not_half_of_it(mali):
    # The publisher states the output of these years in a later franc, at half of the dollars of the day.
    assert round(44.4 / (2 * mali.loc[1961, "gdp_pwt"]), 3) == 0.175
    assert round(100 / (2 * mali.loc[1963, "gdp_pwt"]), 2) == 0.34
    told = said("reading", "estimated output")
    assert "The credit of 1961 was 17.5% of a year's estimated output" in told
    assert "credits of 1963 34%. The debt of 2000 was 19.1%" in told


def test_mali_lies_on_the_line_of_the_median_by_share_and_below_it_per_head():
    rows = load("aid_africa_commitments").query("edition == 1991 and country != 'BDI'")
    sums = rows.pivot(index="country", columns="donor_group", values="value_musd")
    share = 100 * sums["communist"] / sums.sum(axis=1)
    assert (share.count(), len(share)) == (44, 50)
    assert share["MLI"] < share.median()
    assert share["MLI"] > share.fillna(0).median()
    people = load("context_macro").query("indicator == 'population' and year == 1989").set_index("country")["value"]
    per_head = (1e6 * sums["communist"] / people).dropna()
    assert (round(per_head["MLI"]), round(per_head.median())) == (21, 35)
    found = said("finding", "aid promises")
    assert "5.8% of the aid promises on record for Mali; the African median is 6.0%" in found
    table = rows_of("tab_01_03")
    assert table["1991, as printed"][:4] == ["44", "5.8", "6.0", "25"]
    assert table["1991, none as zero"][:4] == ["50", "5.8", "5.4", "25"]


def test_half_of_the_planned_gold_by_every_count_of_the_total():
    kalana = load("aid_projects").query("project_id == 'kalana-mine' and measure == 'output_total'")
    grams = np.where(kalana["unit"] == "kg", 1000, 31.1034768) * kalana["value"]
    years = grams / 7 / 1000
    assert (round(min(years) / 800, 2), round(max(years) / 700, 2)) == (0.45, 0.52)
    assert "45% to 52% of its planned output from 1985 to 1991" in said("finding", "Kalana")
    assert said("reading", "of that plan") == "It gave 36% of that plan, and 71% of the first at most."


def test_the_ledger_of_works_says_what_independent_sources_show():
    evidence = {work: cells[-1][0] for work, cells in rows_of("tab_01_01").items()}
    marks = pd.Series(evidence).value_counts()
    assert (marks["●"], marks["○"] + marks["◐"], marks["–"]) == (8, 5, 4)
    assert evidence["Gabriel Touré hospital"] == "○"
    assert evidence["Gao airfield"] == "◐"


def test_ten_thousand_is_said_from_2017_to_2025_and_13_to_72_were_counted():
    assert (
        said("finding", "Malians trained") == "The claim of 10,000 Malians trained has not moved from 2017 to 2025, "
        "and no count stands behind it. UNESCO found 13 to 72 Malian students in Russia in a year."
    )
    drawn = outputs.drawn(false_notebook.figure(STORED, "fig_01_05")[1])
    assert "text '85,000: a misprint'" in drawn


def test_the_claim_of_degrees_is_much_and_is_not_ruled_out():
    known = pd.Series({1960: 0, 1965: 2221, 1977: 15837, 1989: 44531})
    years = np.interp(range(1960, 1992), known.index, known).sum()
    assert (round(5 * 10_000 / years, 2), round(6 * 10_000 / years, 2)) == (0.09, 0.10)
    told = said("reading", "Soviet degrees")
    assert "9% to 10% of all African and Arab students" in told
    assert "nothing rules it out" in told
    assert f"{50 * 31 + 290 * 3:,} at most" in told


def test_every_choice_that_reaches_the_page_s_sum_stands_in_the_table():
    percent = {choice: int(cells[1]) for choice, cells in rows_of("tab_01_02").items()}
    assert percent["debt to Russia, end of 2000"] == 99
    assert percent["loans by 1998, rate of 1998"] == 76
    assert percent["loans by 1998, rate of 2008"] == 101
    assert percent["loans by 1976, dollars of 2000, lent in 1976"] == 74
    assert percent["loans by 1976, dollars of 2000, lent in 1961"] == 141


# What it cannot say


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        pytest.param(
            "match, fall = owing / page, 1 - low / high",
            "match, fall = owing / page, 0.5",
            "'fall' in finding() is the literal '0.5'",
            id="a value",
        ),
        pytest.param(
            "At the end of {owing.year} Mali owed",
            "At the end of 1999 Mali owed",
            "the number 1999 is typed into finding()",
            id="a year in a finding",
        ),
        pytest.param(
            "lies below the page's {page:.0f} million",
            "lies below the page's 750 million",
            "the number 750 is typed into show()",
            id="a number in a title",
        ),
    ],
)
def test_a_false_value_is_refused(tmp_path, old, new, fault):
    assert fault in false_notebook.faults(NAME, tmp_path, old, new, "N34", "N35")


FALSE = {
    "right": ("fig_01_02", "", "", ""),
    "stock and line exchanged": (
        "fig_01_02",
        'fg.draw_lines(ax, lines, {"RUS": "Russia"})',
        'fg.draw_lines(ax, lines.set_axis(["RUS", "all states"], axis="columns"), {"RUS": "Russia"})',
        "fig_01_02 draws: line 'Russia', vermilion marker o -, n=31 of 33: first (1980, 503.641)",
    ),
    "an event a year late": (
        "fig_01_02",
        "fg.mark_events(ax, settled)",
        'fg.mark_events(ax, settled.assign(date=settled["date"] + pd.DateOffset(years=1)))',
        "fig_01_02 draws: event 2003-05-24 'Russia and Mali settle the Soviet debt'",
    ),
    "the page's sum elsewhere": (
        "fig_01_01",
        "ax.axvline(page, color",
        "ax.axvline(434, color",
        "fig_01_01 draws: line, black :, n=2: first (434, 0)",
    ),
    "all Communist states in Moscow's colour": (
        "fig_01_01",
        "fg.GREY, fg.VERMILION, fg.GREY",
        "fg.VERMILION, fg.VERMILION, fg.VERMILION",
        "fig_01_01 draws: bars, vermilion,",
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
    assert [one.id for one in figures] == [f"fig_01_0{number}" for number in range(1, 6)]
    false_notebook.assert_told_whole(figures)
