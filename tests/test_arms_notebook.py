"""Notebook 02 says what its tables hold: its numbers are counted again here, and a false value or picture is named."""

from __future__ import annotations

import re

import false_notebook
import pytest

from malirussia import load, outputs

NAME = "02_military_relationship"
STORED = false_notebook.stored(NAME)
SAID = {kind: [one.text for one in outputs.sentences(STORED, kind)] for kind in ("answer", "finding", "reading")}
TABLES = {about.id: about for about, _ in outputs.shown(STORED) if isinstance(about, outputs.Table)}


def said(kind, words):
    """Return the one sentence of a kind that holds *words*."""
    (found,) = [text for text in SAID[kind] if words in text]
    return found


def grade(words):
    (found,) = [one.confidence for one in outputs.sentences(STORED, "finding") if words in one.text]
    return found


def moscows_part(rows):
    return rows.loc[rows["partner"] == "RUS", "tiv_m"].sum() / rows["tiv_m"].sum()


@pytest.fixture(scope="module")
def arms():
    return load("military_arms_imports")


@pytest.fixture(scope="module")
def russian_deals():
    return load("military_arms_deals").query("partner == 'RUS' and historical_state == 'RUS'")


def spent(measure):
    """Return the spending of Mali and its two neighbours by country and year, from the tables as they stand."""
    mali = load("military_spending").query("series == 'SIPRI' and measure == @measure").assign(country="MLI")
    near = load("military_spending_neighbours").query("measure == @measure")
    columns = ["country", "year", "value"]
    parts = [part[columns].astype({"country": "str"}) for part in (mali, near)]
    return {name: rows.set_index("year")["value"] for part in parts for name, rows in part.groupby("country")}


# What it says


def test_the_two_shares_and_the_gap_are_those_of_the_register_of_may(arms):
    assert set(arms["source_id"]) == {"sipri-tr-2026-05"}
    moscow = arms.loc[arms["partner"] == "RUS", "year"]
    ended, returned = moscow[moscow < 1992].max(), moscow[moscow > 1991].min()
    assert (ended, returned) == (1984, 2017)
    to, since = arms[arms["year"] <= ended], arms[arms["year"] >= returned]
    assert (round(100 * moscows_part(to)), round(100 * moscows_part(since))) == (90, 41)
    (answer,) = SAID["answer"]
    assert "By 1984 the Soviet Union had sent 90% of Mali's major arms" in answer
    assert "none until 2017. Since then Russia has supplied 41%" in answer
    assert "For 32 years after, Moscow sent none" in said("finding", "Soviet Union")


def test_two_years_brought_two_thirds_of_the_soviet_arms(arms):
    soviet = arms.query("historical_state == 'SUN'").set_index("year")["tiv_m"]
    assert sorted(soviet.nlargest(2).index) == [1976, 1981]
    assert f"{soviet.nlargest(2).sum() / soviet.sum():.0%} of them in 1976 and 1981" in said("finding", "Soviet Union")


def test_the_first_and_largest_deal_is_four_years_older_than_the_coup(russian_deals):
    sums = russian_deals.groupby("deal_id")["tiv_m"].sum()
    first = russian_deals.sort_values("order_year").iloc[0]
    assert (sums.idxmax(), first["deal_id"], first["order_year_estimated"]) == ("rus-2016-mi-35m",) * 2 + (False,)
    assert "dates from 2016: 4 combat helicopters, 4 years before the coup of 2020" in said("finding", "first deal")
    assert "helicopters ordered 4 years before the 2020 coup" in SAID["answer"][0]
    assert f"The first deal is {sums.max() / sums.sum():.0%} of all" in said("reading", "first deal is")


def test_no_sentence_dates_the_orders_of_2020_after_the_coup_but_the_one_whose_month_is_known(russian_deals):
    ordered = russian_deals.query("order_year == 2020").groupby("equipment", observed=True)["tiv_m"].sum()
    dated, rest = ordered["Mi-171"], ordered.drop("Mi-171").sum()
    assert (round(dated, 1), round(rest, 1)) == (29.0, 15.4)
    told = said("reading", "nobody gives")
    assert "29.0 million TIV have a month: helicopters of December" in told
    assert "For 15.4 million nobody gives one" in told
    assert "For 9 of 14 deals the year itself is SIPRI's estimate" in told
    assert not [text for texts in SAID.values() for text in texts if "December 2020 on" in text]


def test_what_is_unknown_of_2023_is_told_and_counted_among_the_choices(arms):
    unknown = arms.query("partner == 'UNK' and year == 2023")["tiv_m"].item()
    assert f"Of {unknown:.1f} million TIV of unknown origin in 2023, 34 are one transport" in said(
        "reading", "unknown o"
    )
    since = arms.query("year >= 2017")
    moscow = since["partner"].isin(["RUS", "UNK"])
    part = since.loc[moscow, "tiv_m"].sum() / since["tiv_m"].sum()
    (row,) = [row for row in TABLES["tab_02_03"].grid.rows if "are Russian" in str(row)]
    assert f"{100 * part:.0f}" in str(row) and f"{100 * part:.0f}" == "51"
    assert "lies between 36% and 51%" in said("reading", "lies between")


def test_one_edition_of_the_register_is_used_and_the_other_named(arms):
    may = moscows_part(arms.query("2020 <= year <= 2024"))
    customers = load("military_arms_africa").query("country == 'MLI' and partner == 'RUS' and start_year == 2020")
    february = customers["share_of_imports_pct"].item() / 100
    assert (f"{may:.1%}", f"{february:.1%}") == ("39.4%", "42.8%")
    told = said("reading", "register of May")
    assert "39.4% by the register of May and 42.8% by that of February" in told
    assert [text for texts in SAID.values() for text in texts if "42.8%" in text or "43%" in text] == [told]


@pytest.mark.parametrize(("state", "start", "place"), [("SUN", 1950, 13), ("RUS", 1992, 9), ("RUS", 2020, 3)])
def test_places_among_moscows_customers_are_counted_in_the_table(state, start, place):
    rows = load("military_arms_africa").query("historical_state == @state and start_year == @start")
    assert rows.set_index("country")["tiv_m"].rank(ascending=False)["MLI"] == place
    assert [text for text in SAID["reading"] if re.search(rf"number {place}\b", text)]


def test_spending_has_neighbours_and_no_departure_in_its_sentence():
    share = spent("share_of_gdp")
    told = said("finding", "military spending")
    assert f"from {share['MLI'][2013]:.1f}% of output in 2013 to {share['MLI'][2021]:.1f}% in 2021" in told
    ahead = [year for year in range(2021, 2025) if share["BFA"][year] > share["MLI"][year]]
    assert ahead == [2023, 2024] and "Since 2023 Burkina Faso's is higher" in told
    assert not re.search(r"left|French|UN mission|forces", told)


def test_the_factor_of_spending_is_split_and_set_beside_the_neighbours():
    dollars = spent("constant_2023")
    growth = {name: series / series[2013] for name, series in dollars.items()}
    assert (round(growth["MLI"][2024], 1), round(growth["MLI"][2015], 1)) == (6.1, 2.4)
    assert (round(growth["BFA"][2024], 1), round(growth["BFA"][2015], 1), round(growth["NER"][2024], 1)) == (
        6,
        1.1,
        3.9,
    )
    assert "6.1 times as much in 2024 as in 2013, and 2.4 times by 2015" in said("reading", "times as much in")
    assert "In Burkina Faso it was 6.0 times, and 1.1 by 2015; in Niger 3.9" in said("reading", "In Burkina Faso")
    assert round(dollars["BFA"][2024]) == 1002


def test_the_agreements_of_21_million_are_set_against_money_of_the_day():
    cow = load("military_spending").query("series == 'COW' and measure == 'current' and 1961 <= year <= 1976")
    assert f"{21 / cow['value'].sum():.1%}" == "12.6%"
    assert "21 million dollars would be 12.6% of Mali's spending" in said("reading", "Correlates of War")
    assert "13.6% by SIPRI" in said("reading", "Correlates of War")  # 16.5 as printed, half of the dollars of the day


def test_the_mission_of_the_un_and_the_russians_are_counted_on_one_scale():
    mission = load("military_foreign_forces").query("force == 'MINUSMA' and component == 'uniformed' and persons > 0")
    russians = load("deployment_personnel").query("country == 'MLI' and status == 'deployed' and scope == 'national'")
    last, most = mission.sort_values("date").iloc[-1], russians["high"].fillna(russians["value"]).max()
    told = said("finding", "UN mission")
    assert f"In {last['date']:%B %Y}, before it left, the UN mission counted {last['persons']:,}" in told
    assert f"go up to {most:,}" in told
    assert grade("UN mission") == "medium"


def test_the_agreement_waited_21_years_for_its_ratification():
    days = (
        load("military_agreements").query("status == 'as dated' and confidence == 'high'").set_index("event_id")["date"]
    )
    waited = days["2024-07-04-ratification-2003"] - days["2003-03-25-military-agreement"]
    assert round(waited.days / 365.25) == 21
    assert "signed in March 2003 was ratified by Mali in July 2024, 21 years later" in said("finding", "agreement")


def test_press_and_register_are_those_of_the_reports():
    rows = {str(row[0]): [str(cell) for cell in row[1:]] for row in TABLES["tab_02_01"].grid.rows}
    assert rows["L-39"] == ["9", "15", "11", "1"]
    assert rows["Mi-24P"][:3] == ["4", "5", "3"]
    assert rows["Su-25"] == ["2", "2", "2", "2"]
    agreed = [name for name, cells in rows.items() if len(set(cells[:3])) == 1]
    assert agreed == ["Mi-35M", "Mi-171", "Su-25"]
    assert "agree for 3 of 7 types" in said("reading", "agree for")


def test_figures_are_at_most_five_and_told_in_twenty_to_sixty_words():
    shown = [about for about, _ in outputs.shown(STORED) if isinstance(about, outputs.Figure)]
    assert [one.id for one in shown] == ["fig_02_01", "fig_02_02", "fig_02_03", "fig_02_04"]
    for one in shown:
        assert 20 <= len(one.alt.split()) <= 60, one.id
        assert not re.search(r"[{}]", one.title + one.subtitle + one.alt), one.id


# What a false value or picture does


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        pytest.param(
            "gap = returned.year - ended.year - 1",
            "gap = 31",
            "'gap' in show() is the literal '31', expected a computed value",
            id="a value",
        ),
        pytest.param(
            "ahead = coup.date.year - oldest.order_year",
            "ahead = 5",
            "'ahead' in finding() is the literal '5', expected a computed value",
            id="a value of the answer",
        ),
        pytest.param("Since {passed.year} Burkina", "Since 2022 Burkina", "the number 2022 is typed", id="a year"),
        pytest.param("{dawn.year}–{closing.year}", "1960–{closing.year}", "the number 1960 is typed", id="a subtitle"),
    ],
)
def test_a_false_value_is_refused(tmp_path, old, new, fault):
    assert fault in false_notebook.faults(NAME, tmp_path, old, new, "N34", "N35")


FALSE = {
    "right": ("fig_02_01", "", "", ""),
    "sides exchanged": (
        "fig_02_01",
        'above.bar(sides.index, sides["Moscow"]',
        'above.bar(sides.index, sides["others"]',
        "fig_02_01 lacks: bars 'Moscow', vermilion, n=65: first (1961.4, 0.72)",
    ),
    "an unknown supplier left out": (
        "fig_02_01",
        'below.bar(sides.index, sides["unknown"], bottom=sides["others"], **look)\n',
        "",
        "fig_02_01 lacks: bars 'supplier unknown'",
    ),
    "a coup a year early": (
        "fig_02_02",
        "mark_events(ax, coup_row)",
        'mark_events(ax, coup_row.assign(date=coup_row["date"] - pd.DateOffset(years=1)))',
        "fig_02_02 draws: event 2019-08-18 'Army overthrows President I. B. Keïta'",
    ),
    "estimates drawn as known": (
        "fig_02_02",
        "color=face",
        'color="#F3C9AD"',
        "fig_02_02 lacks: bars, #f3c9ad #ffffff",
    ),
    "ranges of estimates left out": (
        "fig_02_03",
        'fg.plot_ranges(ax, guess, "date", "middle", "least", "most", **look)',
        'ax.plot(guess["date"], guess["middle"], linestyle="none", **look)',
        "fig_02_03 lacks: ranges, vermilion",
    ),
    "neighbours exchanged": (
        "fig_02_04",
        "share[list(states)], states",
        'share[list(states)].rename(columns={"MLI": "BFA", "BFA": "MLI"}), states',
        "fig_02_04 draws: line 'Mali', green marker v -, n=13: first (2012, 1.18)",
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
