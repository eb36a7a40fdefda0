"""Methods: right on series whose answer is known, and the numbers they give for Mali."""

from __future__ import annotations

import subprocess
import sys
from functools import cache

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT

from malirussia import load, stats
from malirussia.choices import EARLIER, LATER, robustness
from malirussia.stats import block_interval, block_means
from malirussia.values import only

ARRIVAL, END, MOURA = (pd.Timestamp(day) for day in ("2021-12-01", "2025-05-01", "2022-03-01"))
RIVALS = {
    "France's announcement (February 2022)": pd.Timestamp("2022-02-01"),
    "the last French forces (August 2022)": pd.Timestamp("2022-08-01"),
}


def wide(table, query, value):
    frame = load(table).query(query).pivot(index="year", columns="country", values=value)
    return frame.rename(columns=str).astype(float)


@cache
def acled():
    return wide("deployment_acled_country_year", "measure == 'fatalities'", "value")


@cache
def ucdp():
    return wide("deployment_ucdp_country_year", "category == 'total' and year >= 2012", "deaths")


@cache
def people():
    return wide("context_macro", "indicator == 'population'", "value")


@cache
def months():
    return load("deployment_acled_monthly").set_index("month")[["events", "fatalities"]].astype(float)


@cache
def deaths():
    return months()["fatalities"]


@pytest.fixture(scope="module")
def choices():
    table = robustness(
        months(), acled(), ucdp(), people(), date=ARRIVAL, end=END, worst=MOURA, rivals=RIVALS
    )  # fmt: skip
    return table.set_index("choice")


def waves(size=240):
    """Return a series in which neighbours resemble each other: slow waves with some noise."""
    noise = np.random.default_rng(1).normal(size=size)
    return 10 + 3 * np.sin(np.arange(size) / 8) + noise


def counts(size=120, jump=3.0, growth=1.0, seed=4):
    """Return counts by month that jump in month 60: a negative binomial whose mean is known."""
    level = 50 * growth ** (np.arange(size) / 12) * np.where(np.arange(size) < 60, 1, jump)
    drawn = np.random.default_rng(seed).negative_binomial(20, 20 / (20 + level))
    return pd.Series(drawn.astype(float), index=pd.date_range("2010-01-01", periods=size, freq="MS"))


# Runs of neighbours


def test_the_same_seed_gives_the_same_means():
    assert (block_means(waves(), 6, seed=3) == block_means(waves(), 6, seed=3)).all()
    assert (block_means(waves(), 6, seed=3) != block_means(waves(), 6, seed=4)).any()


def test_single_values_give_the_textbook_error_of_the_mean():
    series = np.random.default_rng(2).exponential(size=200)
    assert block_means(series, 1, draws=20_000).std() == pytest.approx(series.std() / np.sqrt(200), rel=0.05)


def test_runs_keep_neighbours_together():
    series = np.arange(12.0)
    assert set(block_means(series, 12)) == {series.mean()}
    # Two runs of six of the numbers 0..11, wherever they begin on the circle, have means that are multiples of a half.
    assert set((2 * block_means(series, 6)) % 1) == {0.0}


def test_values_at_the_ends_are_drawn_as_often_as_those_in_the_middle():
    for place in (0, 5, 11):
        one = np.zeros(12)
        one[place] = 12
        assert block_means(one, 5, draws=40_000).mean() == pytest.approx(1, abs=0.02)


def test_likeness_of_neighbours_widens_the_interval():
    assert block_means(waves(), 12).std() > 2 * block_means(waves(), 1).std()


def test_the_last_run_is_cut_to_the_length_of_the_series():
    # Seven values in runs of three: the third run gives one value, so every resample has seven values.
    means = block_means([1, 1, 1, 9, 9, 9, 9], 3, draws=2000)
    assert set(np.round(means * 7).astype(int)) <= {7 + 8 * count for count in range(8)}


@pytest.mark.parametrize("length", [0, -1, 5])
def test_a_run_that_does_not_fit_is_refused(length):
    with pytest.raises(ValueError, match="does not fit"):
        block_means([1, 2, 3, 4], length)


def test_gaps_are_refused():
    with pytest.raises(ValueError, match="gaps"):
        block_means([1, np.nan, 3], 1)


def test_one_quantity_has_one_interval():
    assert block_interval(waves()) == block_interval(waves())
    mean, ratio = block_interval(waves()), block_interval(waves(), 2 * waves())
    assert mean.low < mean.value < mean.high and ratio.value == pytest.approx(0.5)
    # Both sides are drawn by themselves: the same series twice does not give the same draws twice.
    assert ratio.high - ratio.low > (mean.high - mean.low) / mean.value / 2


# Windows and steps


def test_windows_move_outwards_around_a_donut_and_keep_their_length():
    series = pd.Series(range(24), index=pd.date_range("2020-01-01", periods=24, freq="MS"))
    date = pd.Timestamp("2021-01-01")
    assert [list(part) for part in stats.windows(series, date, 3)] == [[9, 10, 11], [12, 13, 14]]
    assert [list(part) for part in stats.windows(series, date, 3, 2, donut=2)] == [[7, 8, 9], [14, 15]]
    with pytest.raises(ValueError, match="13 and 2 months around January 2021 reach beyond the series"):
        stats.windows(series, date, 13, 2)
    with pytest.raises(ValueError, match="2021-01-02 is no month"):
        stats.windows(series, pd.Timestamp("2021-01-02"), 1)


def test_a_step_model_finds_the_step_that_was_put_in():
    date = pd.Timestamp("2015-01-01")
    for growth, slopes in ((1.0, 0), (1.2, 1), (1.2, 2)):
        found = stats.step_model(counts(growth=growth), date, slopes=slopes)
        assert found.low < 3 < found.high and found.high / found.low < 2
    # Growth that the model does not know of is taken for a step.
    assert stats.step_model(counts(jump=1.0, growth=1.3), date).ratio > 2
    assert stats.step_model(counts(jump=1.0, growth=1.3), date, slopes=1).low < 1


def test_a_step_model_of_two_levels_is_the_ratio_of_means_and_its_change_their_difference():
    series, date = counts(), pd.Timestamp("2015-01-01")
    means = stats.means_effect(*stats.windows(series, date, 60))
    found = stats.step_model(series, date)
    assert found[:1] + found[3:] == pytest.approx((means.ratio, means.change, 120), rel=1e-4)


def test_what_is_left_out_of_a_step_model_does_not_count():
    series, date = counts(), pd.Timestamp("2015-01-01")
    spoiled = series.copy()
    spoiled["2015-01-01"] = 90_000
    plain = stats.step_model(series, date, donut=1)
    assert stats.step_model(spoiled, date, donut=1) == plain and plain.n == 118
    left = stats.step_model(spoiled, date, leave_out=[date])
    assert left.n == 119 and left.ratio == pytest.approx(plain.ratio, rel=0.05)


def test_a_rival_step_takes_its_part():
    series = counts(jump=1.0) + pd.Series(200.0 * (np.arange(120) >= 72), index=counts().index)
    date, rival = pd.Timestamp("2015-01-01"), pd.Timestamp("2016-01-01")
    assert stats.step_model(series, date).ratio > 3
    assert stats.step_model(series, date, rivals=[rival]).ratio == pytest.approx(1, abs=0.15)


# Other dates


def test_other_dates_overlap_and_are_treated_as_their_windows_say():
    series = pd.Series(1.0, index=pd.date_range("2010-01-01", periods=60, freq="MS"))
    series["2013-01-01":] = 4
    date = pd.Timestamp("2013-01-01")
    others = stats.other_dates(series, date, 6)
    assert others.index[0] == pd.Timestamp("2010-07-01") and others.index[-1] == pd.Timestamp("2014-07-01")
    assert others.loc[date, ["ratio", "change"]].tolist() == [4, 3]
    overlapping = others.index[others["overlaps"]]
    assert (overlapping[0], overlapping[-1]) == (pd.Timestamp("2012-08-01"), pd.Timestamp("2013-06-01"))
    assert others.index[others["treated"]][0] == pd.Timestamp("2012-08-01")
    counted = stats.as_large(others, date).set_index(["scale", "months"])
    assert counted.loc[("change", "untreated"), ["as_large", "of"]].tolist() == [0, 25]


# Comparisons


def test_difference_in_differences_is_growth_over_the_growth_of_others():
    years = [2019, 2020, 2021, 2022]
    values = pd.DataFrame({"A": [10, 10, 40, 40], "B": [1, 1, 2, 2], "C": [3, 3, 3, 3]}, index=years, dtype=float)
    found = stats.difference_in_differences(values, "A", ["B"], (2019, 2020), (2021, 2022))
    assert (found.ratio, found.change, found.n) == (pytest.approx(2), 29, 4)
    both = stats.difference_in_differences(values, "A", ["B", "C"], (2019, 2020), (2021, 2022))
    assert (both.ratio, both.change) == (pytest.approx(4 / np.sqrt(2)), 29.5)
    with pytest.raises(ValueError, match="above zero"):
        stats.difference_in_differences(values.replace(1, 0), "A", ["B"], (2019, 2020), (2021, 2022))


def test_a_synthetic_control_finds_the_mixture_and_the_gap():
    years = range(2010, 2020)
    donors = pd.DataFrame(np.random.default_rng(5).uniform(50, 150, (10, 4)), index=years, columns=list("BCDE"))
    treated = 0.7 * donors["B"] + 0.3 * donors["D"]
    treated.loc[2017:] += 40
    found = stats.synthetic_control(donors.assign(A=treated), "A", 2017)
    assert found.weights.round(4).to_dict() == {"B": 0.7, "C": 0, "D": 0.3, "E": 0}
    assert found.gap.loc[2017:].tolist() == pytest.approx([40] * 3, abs=0.01)
    assert found.placebos.loc["A", "rank"] == 1 and sorted(found.placebos["rank"]) == [1, 2, 3, 4, 5]
    other = stats.synthetic_control(donors.assign(A=treated + 900), "A", 2017)
    # The treated unit is no donor of the others.
    assert other.placebos.loc[list("BCDE"), "fit"].tolist() == found.placebos.loc[list("BCDE"), "fit"].tolist()
    with pytest.raises(ValueError, match="every year of every state"):
        stats.synthetic_control(donors.assign(A=treated.where(treated.index > 2010)), "A", 2017)


# Shares and rates


def test_shares_of_votes_have_the_interval_of_wilson():
    found = stats.share_interval(pd.Series([0, 41, 78]), pd.Series([41, 78, 78]))
    z = 1.959963985
    share, n = 41 / 78, 78
    centre, half = share + z**2 / (2 * n), z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    assert found.loc[1].tolist() == pytest.approx(
        [share, *((centre + side * half) / (1 + z**2 / n) for side in (-1, 1))]
    )
    assert found["low"].min() == 0 and found["high"].max() == pytest.approx(1)
    with pytest.raises(ValueError, match="larger than its whole"):
        stats.share_interval(pd.Series([2]), pd.Series([1]))
    with pytest.raises(ValueError, match="different rows"):
        stats.share_interval(pd.Series([2]), pd.Series([3], index=[7]))


def test_votes_with_moscow_are_known_to_five_to_seven_points():
    votes = load("diplomacy_unga_agreement").query("partner == 'RUS' and year >= 2017 and complete").copy()
    votes = votes[votes["votes_compared"].between(41, 78)]
    share = votes["agree"] / votes["votes_compared"]
    error = np.sqrt(share * (1 - share) / votes["votes_compared"])
    assert error.between(0.045, 0.075).all() and len(error) > 3
    wilson = stats.share_interval(votes["agree"], votes["votes_compared"])
    assert ((wilson["high"] - wilson["low"]) / 2 / error).between(1.8, 2).all()


def test_votes_of_the_1960s_are_few_and_their_shares_known_to_eight_to_twenty_points():
    votes = load("diplomacy_unga_agreement").query("partner == 'RUS' and vote_set == 'final_passage' and year <= 1970")
    wilson = stats.share_interval(votes["agree"], votes["votes_compared"])
    assert (votes["votes_compared"].min(), votes["votes_compared"].max()) == (18, 45)
    half = (wilson["high"] - wilson["low"]) / 2
    assert half.min() == pytest.approx(0.076, abs=0.001) and half.max() == pytest.approx(0.199, abs=0.001)


def test_a_pooled_share_weighs_large_years_more_and_skips_years_without_one_of_the_two():
    years = [2000, 2001, 2002]
    part, whole = pd.Series([1, 10, np.nan], index=years), pd.Series([10, 1000, 500], index=years)
    assert stats.pooled_share(part, whole) == pytest.approx(11 / 1010)
    with pytest.raises(ValueError, match="the part of 2000 is larger"):
        stats.pooled_share(whole, part)
    with pytest.raises(ValueError, match="different rows"):
        stats.pooled_share(part, whole.loc[2001:])
    with pytest.raises(ValueError, match="nothing"):
        stats.pooled_share(part.loc[2002:], whole.loc[2002:])


def test_moscows_share_of_trade_is_half_as_large_pooled_as_in_the_mean_of_years():
    rows = load("trade_partner_annual")
    rows = rows.assign(trade=rows["imports_musd"].astype(float) + rows["exports_musd"].astype(float))
    whole = rows.groupby("year")["trade"].sum()
    part = rows[rows["partner"] == "RUS"].set_index("year")["trade"]
    mean = {years: (part / whole).loc[slice(*years)].mean() for years in ((1960, 1984), (1985, 2016))}
    pooled = {years: stats.pooled_share(part.loc[slice(*years)], whole.loc[slice(*years)]) for years in mean}
    assert [round(100 * share, 1) for share in mean.values()] == [5.5, 1.6]
    assert [round(100 * share, 1) for share in pooled.values()] == [2.7, 0.8]


def test_deaths_per_head_need_a_population_of_every_year():
    killed = pd.DataFrame({"MLI": [50.0, np.nan]}, index=[2020, 2021])
    inhabitants = pd.DataFrame({"MLI": [1e6], "NER": [2e6]}, index=[2020])
    assert stats.per_head(killed, inhabitants).loc[2020].tolist() == [5]
    with pytest.raises(ValueError, match="no population of MLI in 2021"):
        stats.per_head(killed.fillna(1), inhabitants)


def test_importing_the_statistics_imports_no_model():
    code = "import sys, malirussia.choices; print({'statsmodels', 'scipy'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


# What comes out for Mali


def rounded(row, digits=2):
    return tuple(round(float(row[name]), digits) for name in ("ratio", "low", "high"))


def test_deaths_about_double_and_the_interval_wraps_around():
    before, after = stats.windows(deaths(), ARRIVAL, 36, 42)
    effect = stats.means_effect(before, after)
    assert effect.ratio == pytest.approx(1.96, abs=0.005)
    assert (effect.low, effect.high) == pytest.approx((1.54, 2.47), abs=0.015)
    assert effect[:3] == block_interval(after, before)


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("two levels, from 36 months before", (1.96, 1.54, 2.50)),
        ("a trend before, another after, from 36 months before", (2.35, 1.75, 3.15)),
        # Months are counted by the calendar; numbered without the one that is left out they give 1.93.
        ("a trend before, another after, from 36 months before, without March 2022", (1.92, 1.50, 2.47)),
        ("a trend before, another after, from 2015", (1.24, 0.76, 2.03)),
        ("one trend, from 2015", (0.88, 0.46, 1.70)),
        ("a trend before, another after, 6 months on either side of the date left out", (1.86, 1.17, 2.95)),
        ("two levels, and a step of its own for France's announcement (February 2022)", (1.28, 1.01, 1.61)),
        ("beyond Burkina Faso and Niger, ACLED", (1.10, 0.50, 2.39)),
        ("beyond Burkina Faso, ACLED", (0.72, 0.32, 1.63)),
        ("beyond Niger, ACLED", (1.67, 0.67, 4.17)),
    ],
)
def test_the_step_of_december_2021_hangs_on_the_choice(choices, choice, expected):
    assert rounded(choices.loc[choice]) == expected


def test_trends_from_years_before_the_war_grew_remove_the_step_and_short_windows_do_not(choices):
    model = choices[choices["group"] == "model"]
    assert set(model.index[model["low"] <= 1]) == {
        f"{trend}, from {since}{left}"
        for since, trends in {"2015": ("one trend", "a trend before, another after"), "2012": ("one trend",)}.items()
        for trend in trends
        for left in ("", ", without March 2022")
    }
    assert (choices.loc[choices["group"] == "means", "low"].dropna() > 1.4).all()
    without = ["without March 2022", "3 months on either side of the date left out", "medians in place of means"]
    assert choices.loc[without, "ratio"].round(2).tolist() == [1.86, 2.01, 1.93]


def test_no_comparison_shows_a_rise_beyond_that_of_the_neighbours(choices):
    beyond = choices[choices.index.str.startswith("beyond")]
    assert beyond["change"].head(3).round().tolist() == [-145, -2255, 1964]
    assert len(beyond) == 9 and ((beyond["low"] < 1) & (beyond["high"] > 1)).all()


def test_the_absolute_change_was_largest_in_burkina_faso(choices):
    change = acled().loc[slice(*LATER)].mean() - acled().loc[slice(*EARLIER)].mean()
    assert change.round().to_dict() == {"BFA": 4447, "MLI": 2192, "NER": 228}
    assert choices.loc["2022–2024 over 2019–2021, ACLED", ["ratio", "change"]].tolist() == pytest.approx(
        [1.99, 2192], abs=0.01
    )
    assert choices.loc["2022–2024 over 2019–2021, UCDP", "ratio"] == pytest.approx(1.89, abs=0.005)
    assert choices.loc["2022–2024 over 2019–2021, ACLED, for 100,000 inhabitants", "ratio"] == pytest.approx(
        1.82, abs=0.005
    )


def test_the_synthetic_control_turns_with_scale_and_donors(choices):
    rows = choices[choices["rank"] != ""]
    assert rows["rank"].tolist() == ["5 of 11", "2 of 11", "3 of 9", "1 of 9"]
    assert rows["change"].round().tolist() == [1011, -953, 1431, 1316]


@pytest.mark.parametrize(
    ("width", "of", "ratio", "change"),
    [
        (12, (147, 125, 96), (6, 5, 5), (2, 0, 0)),
        (24, (135, 89, 84), (36, 33, 33), (3, 0, 0)),
        (36, (123, 72, 72), (51, 36, 36), (3, 0, 0)),
    ],
)
def test_no_month_outside_the_windows_of_december_2021_rose_as_much_in_deaths_but_many_in_proportion(
    width, of, ratio, change
):
    others = stats.other_dates(deaths(), ARRIVAL, width).loc["2013-01-01":]
    counted = stats.as_large(others, ARRIVAL).set_index(["scale", "months"])
    assert tuple(counted.loc["ratio", "of"]) == of
    assert tuple(counted.loc["ratio", "as_large"]) == ratio and tuple(counted.loc["change", "as_large"]) == change
    large = others.index[others["change"] >= others.loc[ARRIVAL, "change"]].drop(ARRIVAL)
    assert set(large) <= set(pd.date_range("2022-01-01", "2022-03-01", freq="MS"))


def test_the_steeper_escalation_in_proportion_is_one_run_of_months():
    others = stats.other_dates(deaths(), ARRIVAL, 24).loc["2013-01-01":"2021-11-01"]
    steep = others.index[others["ratio"] >= stats.other_dates(deaths(), ARRIVAL, 24).loc[ARRIVAL, "ratio"]]
    assert steep.tolist() == [
        pd.Timestamp("2013-01-01"), *pd.date_range("2016-04-01", "2018-11-01", freq="MS"),
    ]  # fmt: skip


def test_acled_counts_ever_more_deaths_than_ucdp():
    gap = (acled()["MLI"] / ucdp()["MLI"]).round(1)
    assert gap.loc[[2021, 2024]].tolist() == [1.5, 2.1]


def test_the_table_has_every_choice_once_with_its_unit_and_the_note_names_them(choices):
    assert choices.index.is_unique and choices[["ratio", "change", "n"]].notna().all(axis=None)
    assert set(choices["unit"]) == {
        "deaths a month", "events a month", "deaths a year", "deaths a year for 100,000",
    }  # fmt: skip
    assert choices.index[0] == "36 months before, 42 after"
    assert only(choices.head(1), "ratio").low == choices["low"].iloc[0]
    # Whoever adds a choice names it in the note.
    assert choices["group"].value_counts().to_dict() == {"model": 22, "others": 13, "means": 12, "years": 3}
    note = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
    named = [
        "12, 24 or 36 months on either side", "3 or 6 months on either side of the date left out",
        "runs of 1, 3 or 12", "medians", "recorded events", "without March 2022", "two levels", "one trend",
        "a trend before, another after", "from 2015", "from 2012", "a step of its own", "ACLED", "UCDP",
        "100,000 inhabitants", "Burkina Faso", "Niger", "in logs", "in levels", "without the two neighbours",
    ]  # fmt: skip
    assert [words for words in named if words not in note] == []
