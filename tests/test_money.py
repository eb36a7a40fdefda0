"""Constant dollars and conversion, against figures that others computed or printed."""

from __future__ import annotations

import pandas as pd
import pytest

from malirussia import constant_dollars, convert, load, money, rate
from malirussia.money import RateError

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
        (("GBP", "USD", 1976), r"no currency 'GBP'; held are EUR, MLF, RUB, SUR, USD, XOF"),
        (("USD", "sur", 1961), r"no currency 'sur'"),
        (("SUR", "USD", 1976), r"SUR to USD for 1976; held are: SUR in USD 1985–1990, 1961-01-01 to 1961-12-31"),
        (("RUB", "USD", 1994), r"RUB in USD 1993, 1996–2023"),
        (("XOF", "EUR", 1990), r"XOF in EUR 1999-01-01"),
        (("MLF", "USD", 1967), r"MLF to USD for 1967; .*1967-05-05 to 1984-05-31"),
        (("MLF", "USD", 1990), r"MLF to USD for 1990"),
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
        assert rate(row.base, row.currency, row.start) == pytest.approx(row.rate)
