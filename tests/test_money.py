"""Constant dollars and conversion, against figures that others computed or printed."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest

from malirussia import at_rate_of_day, compare, constant_dollars, convert, load, money, rate
from malirussia.money import RateError

OF_1984 = "xof-1984"

# Means of the twelve monthly indices (BLS CUUR0000SA0), taken apart from the published annual averages.
MONTHLY_MEANS = {1961: 29.892, 1970: 38.825, 1976: 56.908, 1989: 123.967, 2000: 172.2, 2003: 183.958, 2024: 313.689}
# CFA francs a dollar as printed in the CIA World Factbook, editions 1990 to 2002.
PRINTED_XOF = {
    1985: 449.26, 1986: 346.30, 1987: 300.54, 1988: 297.85, 1989: 319.01, 1990: 272.26, 1991: 282.11, 1992: 264.69,
    1993: 283.16, 1994: 555.20, 1995: 499.15, 1996: 511.55, 1997: 583.67, 1998: 589.95, 1999: 615.70, 2000: 711.98,
    2001: 733.04,
}  # fmt: skip
# Annual deflator of US GDP, 2012 = 100, in the vintage of 2018 (BEA A191RD).
OLDER_DEFLATOR = {1997: 74.399, 2000: 78.025, 2003: 82.625, 2008: 94.419, 2012: 100.0, 2015: 104.691}


@pytest.mark.parametrize("year", MONTHLY_MEANS)
def test_consumer_prices_agree_with_the_monthly_indices(year):
    expected = 100 * MONTHLY_MEANS[2024] / MONTHLY_MEANS[year]
    assert constant_dollars(100, year) == pytest.approx(expected, rel=0.002)


@pytest.mark.parametrize("year", OLDER_DEFLATOR)
def test_the_deflator_agrees_with_an_older_vintage(year):
    expected = OLDER_DEFLATOR[2015] / OLDER_DEFLATOR[year]
    assert constant_dollars(1, year, base=2015, index="gdp_deflator") == pytest.approx(expected, rel=0.01)


def test_the_base_year_leaves_an_amount_as_it_is():
    assert constant_dollars(570, 2000, base=2000) == 570


def test_there_and_back_is_the_same_amount():
    there = constant_dollars(100, 1961, base=1990)
    assert constant_dollars(there, 1990, base=1961) == pytest.approx(100)


def test_the_indices_are_not_mixed():
    assert constant_dollars(1, 1961, index="gdp_deflator") < 0.8 * constant_dollars(1, 1961)


@pytest.mark.parametrize("year", PRINTED_XOF)
def test_the_cfa_franc_agrees_with_the_printed_rates(year):
    assert rate("USD", "XOF", year) == pytest.approx(PRINTED_XOF[year], rel=0.003)


def test_the_credit_of_1961_agrees_with_the_us_report():
    # L'Essor prints 40 million roubles, the US report of 27 March 1961 44.4 million dollars.
    assert convert(40, "SUR", "USD", 1961) == pytest.approx(44.4, abs=0.05)


def test_the_malian_franc_agrees_with_the_world_bank_reports():
    # Currency equivalents printed in AF-50 (September 1966) and P-1177a (April 1973).
    assert rate("USD", "MLF", 1966) == pytest.approx(247, rel=0.01)
    assert rate("USD", "MLF", 1973) == pytest.approx(460, rel=0.05)


def test_the_malian_franc_was_halved_on_a_day():
    assert rate("MLF", "XOF", "1967-05-04") == 1
    assert rate("MLF", "XOF", pd.Timestamp(1967, 5, 5)) == 0.5


@pytest.mark.parametrize("year", range(1999, 2025))
def test_the_yearly_rates_agree_with_the_euro_parity(year):
    cross = rate("USD", "XOF", year) / rate("USD", "EUR", year)
    assert cross == pytest.approx(rate("EUR", "XOF", year), rel=0.003)


def test_the_euro_parity_is_exact():
    # 43 billion francs and 64.8 million euro are one cancellation (Les Affaires BF, April 2015).
    assert rate("EUR", "XOF", 2015) == 655.957
    assert convert(43_000, "XOF", "EUR", "2015-04-10") == pytest.approx(64.8, rel=0.02)


def test_a_year_without_franc_rate_is_reached_through_the_euro():
    assert rate("USD", "XOF", 2025) == pytest.approx(0.8845 * 655.957)


def test_both_directions_are_inverse():
    for pair, when in ((("RUB", "XOF"), 2013), (("SUR", "XOF"), 1961), (("MLF", "USD"), "1967-06-30")):
        assert rate(*pair, when) * rate(*reversed(pair), when) == pytest.approx(1)


def test_a_currency_in_itself_is_one():
    assert rate("XOF", "XOF", 1998) == 1


def test_special_rouble_rates_convert_nothing():
    special = load("context_exchange_rates").query("rate_kind in ['commercial', 'market']")
    assert set(special["currency"]) == {"SUR"}
    assert rate("USD", "SUR", "1990-12-01") == 0.58
    with pytest.raises(RateError, match="No rate links SUR to USD"):
        rate("SUR", "USD", "1991-04-04")


def test_series_are_handled_row_by_row():
    frame = pd.DataFrame({"amount": [256_086.0, 711.98], "year": [1998, 2000]}, index=[7, 3])
    dollars = convert(frame["amount"], "XOF", "USD", frame["year"])
    assert list(dollars.index) == [7, 3]
    assert dollars.to_list() == pytest.approx([256_086 / 589.95177, 711.98 / 710.20798])
    real = constant_dollars(frame["amount"], frame["year"], base=2000)
    assert real[3] == pytest.approx(711.98)
    assert real[7] == pytest.approx(256_086 * 172.2 / 163.0)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        ({"year": 1959}, r"cpi_u has no value for 1959; held are 1960–2025"),
        ({"year": 2000, "base": 2030}, r"no value for 2030; held are 1960–2025"),
        ({"year": pd.Series([2000, 1950, 2031])}, r"no value for 1950, 2031"),
        ({"year": 2000, "index": "ppi"}, r"no price index 'ppi'; held are cpi_u, gdp_deflator"),
    ],
)
def test_prices_that_are_not_held_are_an_error_that_says_what_is(ask, message):
    with pytest.raises(RateError, match=message):
        constant_dollars(1, **ask)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (
            ("GBP", "USD", 1976),
            r"no currency 'GBP'; held are EUR, FRF, FRF-1948, MLF, RUB, RUR, SUR, SUR-1947, USD, XOF",
        ),
        (("USD", "sur", 1961), r"no currency 'sur'"),
        (("SUR", "USD", 1976), r"SUR to USD for 1976; held are: SUR in USD 1985–1990, 1961-01-01 to 1961-12-31"),
        (("RUR", "USD", 1994), r"No rate links RUR to USD for 1994; held are: RUR in RUB 1992-01-01 to 1997-12-31"),
        (("RUB", "USD", 2025), r"RUB to USD for 2025; held are: .*RUB in USD 1993, 1996–2023"),
        (
            ("XOF", "EUR", 1990),
            r"EUR was not in force on 1990-01-01: new French franc \(FRF, 1960-01-01 to 1998-12-31\) was",
        ),
        (("MLF", "USD", 1967), r"for 1967; it changed from Malian franc at par .* to Malian franc, halved"),
        (("XOF", "FRF", 1994), r"from CFA franc, for two Malian francs .*1994-01-11\) to CFA franc, halved"),
        (("MLF", "USD", 1990), r"MLF was not in force on 1990-01-01: CFA franc, for two Malian francs"),
        (("XOF", "USD", 1965), r"Malian franc at par .* was, and CFA franc, .*was not.*rebased='xof-1984'"),
        (("RUB", "USD", 1996), r"Russian rouble of 1992 .* was, and Russian rouble of 1998 .*rebased='rub-1998'"),
        (("SUR", "USD", 1955), r"Soviet rouble of 1947 .* was, and Soviet rouble of 1961 .* was not"),
        (("USD", "XOF", 2031), r"USD to XOF for 2031"),
    ],
)
def test_rates_that_are_not_held_are_an_error_that_says_what_is(ask, message):
    with pytest.raises(RateError, match=message):
        rate(*ask)


def test_every_rate_of_the_table_is_used_or_special():
    table = load("context_exchange_rates")
    usable = table[table["rate_kind"].isin(money.USABLE)]
    for row in usable.itertuples():
        # The series of the rouble and of the CFA franc reach back to times at which Moscow and Mali had other money.
        restated = {"RUB": "rub-1998", "XOF": None if row.start.year < 1962 else OF_1984}.get(row.currency)
        found = 1 / rate(row.currency, row.base, row.start, rebased=restated)
        assert found == pytest.approx(row.rate * (0.5 if restated == OF_1984 and row.start.year <= 1967 else 1))


def test_regimes_of_a_country_follow_each_other_without_gap_or_overlap():
    regimes = load("context_currency_regimes").dropna(subset="country").sort_values("start")
    for _, rows in regimes.groupby("country", observed=True):
        assert list(rows["start"][1:] - rows["end"].to_numpy()[:-1]) == [pd.Timedelta(days=1)] * (len(rows) - 1)
        assert rows["end"].isna().tolist() == [False] * (len(rows) - 1) + [True]


def test_the_french_franc_reaches_the_dollar_through_the_cfa_franc():
    # 4.937 francs a dollar were the parity of 1960, the mean of 1984 was 8.74.
    assert rate("USD", "FRF", 1961) == pytest.approx(4.937, rel=0.01)
    assert rate("FRF", "XOF", "1994-01-11") == 50
    assert rate("FRF", "XOF", "1994-01-12") == 100


def test_the_credit_of_1961_is_one_sum_in_three_moneys():
    # 200 million new francs "and more" beside 40 million roubles; the CFA francs of the same line are twice too many.
    said = load("aid_amounts").set_index("amount_id")["value"]
    dollars = said["1961-credit-usd-us-report"]
    assert convert(said["1961-credit-sur-essor"], "SUR", "USD", "1961-03") == pytest.approx(dollars, rel=0.01)
    assert convert(said["1961-credit-frf-essor"], "FRF", "USD", "1961-03") == pytest.approx(dollars, rel=0.1)
    assert convert(said["1961-credit-xof-essor"], "XOF", "USD", "1961-03") == pytest.approx(2 * dollars, rel=0.1)


def test_roubles_before_1998_were_a_thousandth():
    assert rate("USD", "RUR", 1997) == pytest.approx(5784.83)
    assert rate("RUB", "USD", 1997, rebased="rub-1998") == pytest.approx(1 / 5.78483)


@pytest.mark.parametrize(
    ("day", "factor"),
    [(1961, 2), (1962, 2), (1966, 2), ("1967-05-04", 2), ("1967-05-05", 1), (1968, 1), (1984, 1), (1995, 1)],
)
def test_figures_in_the_franc_of_1984_are_half_until_may_1967(day, factor):
    assert at_rate_of_day(100, day, OF_1984) == 100 * factor
    assert at_rate_of_day(100, day, None) == 100


def test_spending_in_local_money_gives_the_dollars_of_the_day():
    # SIPRI prints 962 million francs and 3.92 million dollars for 1961.
    assert convert(962, "XOF", "USD", 1965, rebased=OF_1984) == pytest.approx(2 * 962 / rate("USD", "MLF", 1965))


def test_a_year_of_two_parities_has_no_rate_of_the_day():
    both = r"1967 has two rates of the day, Malian franc at par .*1967-05-04\) and Malian franc, halved .*1984-05-31\)"
    with pytest.raises(RateError, match=both):
        at_rate_of_day(5.08, 1967, OF_1984)
    with pytest.raises(RateError, match=both):
        compare(series("SIPRI", 1967, 1968), series("COW", 1967, 1968))


def series(name: str, *years: int) -> pd.DataFrame:
    spending = load("military_spending").query("measure == 'current'")
    return spending[(spending["series"] == name) & spending["year"].isin(years)]


def total(source: str, flow: str, *years: int) -> pd.DataFrame:
    trade = load("trade_total").query("source_id == @source and flow == @flow")
    return trade[trade["year"].isin(years)].rename(columns={"value_musd": "value"})


def test_spending_of_the_sixties_agrees_at_the_rate_of_the_day():
    years = [*range(1961, 1967), *range(1968, 1977)]
    ratio = compare(series("COW", *years), series("SIPRI", *years))
    assert ratio.between(0.8, 1.25).all()
    assert ratio[1961] == pytest.approx(8.18 / 3.92 / 2)


def test_malian_francs_taken_at_par_are_twice_too_many_in_the_eighties():
    printed = series("COW", 1981)["value"].item() / series("SIPRI", 1981)["value"].item()
    assert printed == pytest.approx(2.0, abs=0.01)
    assert compare(series("COW", 1981, 1984), series("SIPRI", 1981, 1984)).between(0.9, 1.15).all()
    assert at_rate_of_day([1, 1, 1], [1966, 1968, 1985], "mlf-1962").tolist() == [1, 0.5, 0.5]


def test_imports_of_the_sixties_agree_at_the_rate_of_the_day():
    years = range(1961, 1965)
    ratio = compare(total("unctad-merch", "imports", *years), total("wdi-merch-imports", "imports", *years))
    assert ratio.between(0.97, 1.02).all()


@pytest.mark.parametrize("flow", ["imports", "exports"])
def test_no_two_compilers_differ_by_two_in_the_sixties(flow):
    trade = load("trade_total").query("flow == @flow and 1961 <= year <= 1969 and year != 1967")
    day = trade.assign(value=at_rate_of_day(trade["value_musd"], trade["year"], trade["rebased"]))
    spread = day.groupby("year")["value"].agg(lambda values: values.max() / values.min())
    assert (spread < 1.6).all()


def test_output_did_not_triple_in_1967():
    macro = load("context_macro").query("country == 'MLI'").set_index(["indicator", "year"])
    assert set(macro["rebased"].dropna()) == {OF_1984}
    before = at_rate_of_day(macro.loc[("gdp_pwt", 1966), "value"], 1966, OF_1984) * rate("USD", "MLF", 1966)
    after = macro.loc[("gdp", 1967), "value"] * rate("USD", "MLF", "1967-06-30")
    assert before == pytest.approx(94_900, rel=0.01)
    assert after == pytest.approx(135_800, rel=0.01)
    assert after / before == pytest.approx(1.43, rel=0.01)


@pytest.mark.parametrize(
    ("row", "year", "share"), [("1961-credit-usd-us-report", 1961, 17.5), ("1963-line-bloc", 1963, 34.3)]
)
def test_credits_against_the_output_of_their_year(row, year, share):
    output = load("context_macro").query("country == 'MLI' and indicator == 'gdp_pwt' and year == @year").squeeze()
    credit = load("aid_amounts").set_index("amount_id").loc[row, "value"]
    assert 100 * credit / at_rate_of_day(output["value"], year, output["rebased"]) == pytest.approx(share, abs=0.1)


def test_sipri_marks_1961_to_1965_as_its_estimates():
    early = load("military_spending").query("series == 'SIPRI' and year <= 1966 and measure != 'constant_2023'")
    assert set(early.loc[early["estimate"], "year"]) == set(range(1961, 1966))
    assert early["estimate"].sum() == 10


def test_no_missing_value_is_kept_as_a_count_of_trade():
    assert load("trade_total").query("source_id == 'cow-trade-v4' and flow == 'imports'")["year"].min() == 1963
    assert load("trade_total")["value_musd"].min() > 5


@pytest.mark.parametrize(
    "day",
    [
        "1967-05-04", datetime.date(1967, 5, 4), datetime.datetime(1967, 5, 4, 12), pd.Timestamp("1967-05-04"),
        pd.Timestamp("1967-05-04", tz="UTC"), np.datetime64("1967-05-04"),
    ],
)  # fmt: skip
def test_days_of_all_usual_kinds_are_one_day(day):
    assert rate("MLF", "XOF", day) == 1


@pytest.mark.parametrize("year", [1961, np.int64(1961), np.int16(1961), "1961", "1961-07"])
def test_years_and_months_of_all_usual_kinds_are_one_span(year):
    assert rate("SUR", "USD", year) == pytest.approx(1 / 0.9)


@pytest.mark.parametrize(
    "when",
    [
        "1961-1-5",
        "May 1961",
        "05/01/1961",
        "",
        "61",
        19610101,
        61,
        1961.0,
        True,
        None,
        pd.NaT,
        pd.NA,
        float("nan"),
        "1961-02-30",
    ],
)
def test_what_is_no_year_or_iso_date_is_refused_in_words(when):
    for ask in (
        lambda: rate("SUR", "USD", when),
        lambda: constant_dollars(1, when),
        lambda: convert([1], "SUR", "USD", [when]),
    ):
        with pytest.raises(ValueError, match=r"Expected a year like 1961, an ISO date|There is no day '1961-02-30'"):
            ask()


def test_lists_arrays_and_indexes_are_handled_row_by_row():
    days = pd.DatetimeIndex(["1967-05-04", "1967-05-05"])
    for amounts in ([10, 10], (10, 10), np.array([10, 10]), pd.Index([10, 10])):
        assert convert(amounts, "MLF", "XOF", days).tolist() == [10, 5]
    assert convert(10, "MLF", "XOF", list(days.date)).tolist() == [10, 5]
    assert convert([10, 10], "MLF", "XOF", "1967-05-05").tolist() == [5, 5]
    assert constant_dollars([570, 570], np.array([2000, 2000]), base=2000).tolist() == [570, 570]
    mixed = convert(pd.Series([10, 10], index=["a", "b"], name="debt"), "MLF", "XOF", days)
    assert mixed.to_dict() == {"a": 10, "b": 5}
    assert mixed.name == "debt"
    assert at_rate_of_day([1, 1, 1], [1961, 1961, 1968], [OF_1984, None, OF_1984]).tolist() == [2, 1, 1]


def test_rows_that_do_not_belong_together_are_an_error():
    amounts, years = pd.Series([1, 2]), pd.Series([1961, 1961], index=[1, 2])
    with pytest.raises(ValueError, match="The rows of amount and year have different labels"):
        constant_dollars(amounts, years)
    with pytest.raises(ValueError, match="The rows of amount and when have different labels"):
        convert(amounts, "SUR", "USD", years)
    with pytest.raises(ValueError, match="Expected as many values of each, found amount 3, when 2"):
        convert([1, 2, 3], "SUR", "USD", [1961, 1961])
    with pytest.raises(ValueError, match="Expected numbers as amounts, found 'forty'"):
        convert("forty", "SUR", "USD", 1961)


def test_series_are_compared_year_by_year_or_not_at_all():
    with pytest.raises(ValueError, match="the same years in both series, found 1963–1964 in one alone"):
        compare(series("COW", 1961, 1962), series("SIPRI", *range(1961, 1965)))
    twice = pd.concat([series("COW", 1961), series("SIPRI", 1961)])
    with pytest.raises(ValueError, match="one row a year, found several for 1961"):
        compare(twice, twice)


@pytest.mark.parametrize(
    ("rebased", "message"),
    [
        ("xof", r"no currency regime 'xof'; held are sur-1947, frf-1948,.*xof-1999"),
        ("rub-1998", r"No parity links Soviet rouble of 1961 .* to Russian rouble of 1998"),
    ],
)
def test_a_series_restated_in_an_unknown_money_is_an_error(rebased, message):
    with pytest.raises(RateError, match=message):
        at_rate_of_day(1, 1961, rebased)


def test_a_restated_series_is_in_the_money_of_its_regime():
    with pytest.raises(RateError, match="Expected a regime of MLF with a dollar rate of its own, found 'xof-1984'"):
        convert(1, "MLF", "USD", 1965, rebased=OF_1984)
