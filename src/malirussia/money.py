"""Money across years and currencies: constant dollars, dated rates, and series that a publisher restated.

Prices, rates and the money in force come from the tables ``context_us_prices``, ``context_exchange_rates`` and
``context_currency_regimes``. What they do not hold is an error that says what they do hold: nothing is extrapolated,
interpolated or taken from a neighbouring year.

A time is a year (``1961``), or a year, month or day in ISO form (``"1961-03-27"``), or a date of Python, numpy or
pandas. Amounts and times may be lists, arrays, indexes or series that belong together row by row.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable
from functools import cache, cached_property
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from pandas.api.types import is_bool, is_integer, is_list_like

from malirussia.package import Package

# A number or many: a list, an array, an index or a series.
Amount: TypeAlias = Any
# A time or many; see the top of this module.
Time: TypeAlias = Any

BASE_YEAR = 2024
# Special Soviet rates (commercial, market) are on record but convert no credits.
USABLE = ("annual_average", "parity")
ISO_TIME = r"\d{4}(-\d{2}(-\d{2})?)?"


class RateError(LookupError):
    """The tables hold no price or rate for what was asked; the message says what they hold."""


class Money:
    """Prices, rates and currency regimes of one data package, and what they convert."""

    def __init__(self, package: Package):
        self._package = package

    @cached_property
    def _prices(self) -> dict[str, pd.Series]:
        table = self._package.load("context_us_prices")
        return {
            str(name): rows.set_index("year")["index_value"] for name, rows in table.groupby("series", observed=True)
        }

    @cached_property
    def _regimes(self) -> pd.DataFrame:
        """The regimes by key, in the order of time; an open end is the end of time.

        ``unit`` is the money in which regimes of one country compare: the anchor where that is a money of the country,
        like the CFA franc for the Malian franc, else the currency itself; ``per_unit`` is the parity with it.
        ``replaced`` is how many units of the country's first money one unit stands for.
        """
        table = self._package.load("context_currency_regimes").sort_values("start").set_index("regime_id")
        table = table.astype({"country": "str", "currency": "str", "anchor": "str"})
        home = table["anchor"].isin(["XOF", "RUB"])
        return table.assign(
            end=table["end"].fillna(pd.Timestamp.max.normalize()),
            unit=table["currency"].mask(home, table["anchor"]),
            per_unit=table["parity"].where(home, 1),
            replaced=table["units_before"].fillna(1).groupby(table["country"]).cumprod(),
        )

    @cached_property
    def _rates(self) -> pd.DataFrame:
        """Every rate that converts: averages of years, and the parities of regimes."""
        rates = self._package.load("context_exchange_rates").query("rate_kind in @USABLE")
        fixed = self._regimes.dropna(subset="parity").rename(columns={"anchor": "base", "parity": "rate"})
        columns = ["currency", "base", "rate_kind", "start", "end", "rate"]
        return pd.concat([rates.astype({"rate_kind": "str"})[columns], fixed.assign(rate_kind="parity")[columns]])

    def constant_dollars(self, amount: Amount, year: Time, *, base: int = BASE_YEAR, index: str = "cpi_u") -> Amount:
        """Express current US dollars of *year* in dollars of the year *base*.

        Parameters
        ----------
        amount : float, or list, array or Series of them
            Current US dollars; millions stay millions.
        year : int, or list, array or Series of them
            The year of the amount, or a date in it.
        base : int
            The year whose prices count.
        index : str
            ``cpi_u``, consumer prices (BLS), or ``gdp_deflator`` (BEA).

        Returns
        -------
        float, numpy.ndarray or pandas.Series
            One amount for each row; a Series keeps its index.

        Raises
        ------
        RateError
            No such index, or it has no value for the year or the base.
        ValueError
            A time is none, or the rows do not belong together.

        Examples
        --------
        >>> constant_dollars(44.4, 1961)
        """
        prices = self._prices.get(index)
        if prices is None:
            raise RateError(f"There is no price index {index!r}; held are {_listed(self._prices)}.")
        wanted = {_year(one) for one in (year if is_list_like(year) else [year])} | {base}
        if absent := sorted(map(str, wanted - set(prices.index))):
            raise RateError(f"{index} has no value for {', '.join(absent)}; held are {_spans(prices.index)}.")
        return _row_by_row(lambda when: prices[base] / prices[_year(when)], amount, year=year)

    def rate(self, currency: str, into: str, when: Time, *, rebased: str | None = None) -> float:
        """Return how many units of *into* one unit of *currency* was worth.

        Parameters
        ----------
        currency, into : str
            ``USD``, ``EUR``, ``XOF``, ``MLF`` (Malian franc), ``FRF``, ``SUR`` (Soviet rouble of 1961), ``RUR``
            (Russian before 1998), ``RUB``, ``FRF-1948`` or ``SUR-1947``. What is converted is money of Mali, Moscow
            or France: CFA francs of 1962 to 1984 need *rebased*, though the CFA franc was money elsewhere.
        when : int, str or date
            One time. A year or month needs rates that hold for all of it. A day takes the yearly average of its year
            where no parity binds the pair.
        rebased : str, optional
            The regime in which the publisher stated the series of *currency*, like ``xof-1984``, for times at which
            that money was not in force: the rate is then that of the money of the day.

        Raises
        ------
        RateError
            A currency is unknown or was not in force, or no chain of rates links the two at that time.
        ValueError
            The time is none.
        """
        first, last = _span(when)
        if rebased and not self._regime(rebased)["currency"] == self._regime(rebased)["unit"] == currency:
            raise RateError(f"Expected a regime of {currency} with a dollar rate of its own, found {rebased!r}.")
        known = sorted({"USD", *self._rates["currency"].astype("str"), *self._regimes["currency"]})
        for code in (currency, into):
            if code not in known:
                raise RateError(f"There is no currency {code!r}; held are {_listed(known)}.")
        if not rebased:
            self._check_in_force(currency, first, last, self._regimes.dropna(subset="country"))
        self._check_in_force(into, first, last, self._regimes)
        rates = self._rates
        steps = _steps(rates[(rates["start"] <= first) & (rates["end"] >= last)])
        reached = {currency: 1.0}
        frontier = [currency]
        while frontier and into not in reached:
            found = {
                code: reached[near] * factor
                for near in frontier
                for code, factor in steps.get(near, {}).items()
                if code not in reached
            }
            reached |= found
            frontier = list(found)
        if into not in reached:
            raise RateError(
                f"No rate links {currency} to {into} for {_said(when)}; {self._changes(currency, into, first, last)}"
                f"held are: {self._held(currency, into)}."
            )
        return reached[into] * (self._of_the_day(when, rebased) if rebased else 1)

    def convert(self, amount: Amount, currency: str, into: str, when: Time, *, rebased: Any = None) -> Amount:
        """Convert *amount* at the rate of its time; see :meth:`rate` for currencies, times and errors.

        *amount*, *when* and *rebased* may be lists, arrays or series that belong together row by row: series with
        the same index, all else of the same length, or a ValueError says which are not.

        >>> convert(40, "SUR", "USD", 1961)
        """

        def factor(when: Time, rebased: Any) -> float:
            return self.rate(currency, into, when, rebased=None if pd.isna(rebased) else rebased)

        return _row_by_row(factor, amount, when=when, rebased=rebased)

    def at_rate_of_day(self, amount: Amount, when: Time, rebased: Any) -> Amount:
        """Turn dollars that a publisher took from a restated series into dollars at the rate of the day.

        A publisher who states a country's old figures in a later money, and divides them by the dollar rate of that
        later money, prints too little or too much by the parity of the day. Malian figures in the CFA franc of 1984
        are half of what they should be before 5 May 1967, and right after it; Malian francs taken at par with the CFA
        franc, as one publisher does for 1981 to 1984, are twice too many after that day.

        Parameters
        ----------
        amount : float, or list, array or Series of them
            Dollars, or any other money, as published.
        when : int, str or date, or many
            The time of the amount.
        rebased : str or None, or many
            The column ``rebased`` of the amount's table: a regime of ``context_currency_regimes``, or nothing where the
            publisher took the rate of the day.

        Returns
        -------
        float, numpy.ndarray or pandas.Series
            The amounts, those without *rebased* as they are.

        Raises
        ------
        RateError
            No such regime, no parity links it to the money of the day, or that money changed its parity within the
            year; the message names the regimes.
        ValueError
            A time is none, or the rows do not belong together.

        Examples
        --------
        >>> at_rate_of_day(127.0, 1961, "xof-1984")
        """
        return _row_by_row(
            lambda when, rebased: 1.0 if pd.isna(rebased) else self._of_the_day(when, rebased),
            amount,
            when=when,
            rebased=rebased,
        )

    def compare(self, first: pd.DataFrame, second: pd.DataFrame, value: str = "value") -> pd.Series:
        """Divide one series by another, both at the rate of the day.

        Parameters
        ----------
        first, second : pandas.DataFrame
            One row a year, for the same years, in one unit, with the columns ``year``, *value* and ``rebased``.
        value : str
            The column of the amounts.

        Returns
        -------
        pandas.Series
            *first* divided by *second*, by year.

        Raises
        ------
        RateError
            A restated series crosses a change of parity; the message names both regimes.
        ValueError
            The years differ, or one of them has several rows.
        """
        sides = []
        for frame in (first, second):
            rows = frame.set_index("year").sort_index()
            if twice := sorted(set(rows.index[rows.index.duplicated()])):
                raise ValueError(f"Expected one row a year, found several for {_listed(twice)}.")
            sides.append(self.at_rate_of_day(rows[value], rows.index, rows["rebased"]))
        one, other = sides
        if odd := sorted(set(one.index) ^ set(other.index)):
            raise ValueError(f"Expected the same years in both series, found {_spans(odd)} in one alone.")
        return one / other

    def _regime(self, name: str) -> Any:
        if name not in self._regimes.index:
            raise RateError(f"There is no currency regime {name!r}; held are {_listed(self._regimes.index)}.")
        return self._regimes.loc[name]

    def _of_country(self, country: str, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
        """Return the regimes of one country that overlap a span."""
        return _overlapping(self._regimes[self._regimes["country"] == country], first, last)

    def _check_in_force(self, code: str, first: pd.Timestamp, last: pd.Timestamp, regimes: pd.DataFrame) -> None:
        """Raise when none of the *regimes* of the money *code* overlaps a span."""
        own = regimes[regimes["currency"] == code]
        if own.empty or len(_overlapping(own, first, last)):
            return
        later = own[own["start"] > last]
        asked = next((later if len(later) else own[::-1]).itertuples())
        instead = self._of_country(asked.country, first, last)
        money = " and ".join(map(_named, instead.itertuples())) or "no money that is held"
        raise RateError(
            f"{code} was not in force on {first:%Y-%m-%d}: {money} was, and {_named(asked)} was not. "
            f"If the publisher stated the series in the latter, say rebased={asked.Index!r}."
        )

    def _of_the_day(self, when: Time, rebased: str) -> float:
        """Return by what a figure stated in the regime *rebased* is multiplied to be at the rate of the day."""
        first, last = _span(when)
        target = self._regime(rebased)
        factors: dict[float, Any] = {}
        for row in self._of_country(target["country"], first, last).itertuples():
            if row.unit != target["unit"]:
                raise RateError(f"No parity links {_named(row)} to {target['name']} ({target['currency']}).")
            # The publisher divided by what the later money replaced, and took its parity for the one of the day.
            factors.setdefault(target["replaced"] / row.replaced * target["per_unit"] / row.per_unit, row)
        if not factors:
            raise RateError(f"No money of the country of {rebased} is held for {_said(when)}.")
        if len(factors) > 1:
            raise RateError(
                f"{_said(when)} has two rates of the day, {' and '.join(map(_named, factors.values()))}: "
                f"a figure of the whole period, stated in {rebased}, has no single value at the rate of the day."
            )
        return next(iter(factors))

    def _changes(self, currency: str, into: str, first: pd.Timestamp, last: pd.Timestamp) -> str:
        """Name the regimes between which a money changed within a span, or return nothing."""
        for code in (currency, into):
            own = self._regimes[self._regimes["currency"] == code].dropna(subset="country")
            for country in _overlapping(own, first, last)["country"].unique():
                if len(rows := self._of_country(country, first, last)) > 1:
                    return f"it changed from {' to '.join(map(_named, rows.itertuples()))}; "
        return ""

    def _held(self, *currencies: str) -> str:
        """Say for which times the rates of *currencies* are held."""
        parts = []
        for (currency, base), rows in self._rates.groupby(["currency", "base"], observed=True):
            if currency in currencies or base in set(currencies) - {"USD"}:
                yearly = rows.query("rate_kind == 'annual_average'")["start"].dt.year
                fixed = rows.query("rate_kind == 'parity'")
                spans = [_spans(yearly)] if len(yearly) else []
                spans += sorted({_days(row) for row in fixed.itertuples()})
                parts.append(f"{currency} in {base} {', '.join(spans)}")
        return "; ".join(parts)


def _span(when: Time) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and the last day of a time; raise ValueError in words for what is none."""
    if is_integer(when) and not is_bool(when) and 1000 <= when <= 9999:
        when = str(when)
    if isinstance(when, str) and re.fullmatch(ISO_TIME, when):
        try:
            period = pd.Period(when)
        except ValueError:
            raise ValueError(f"There is no day {when!r} in the calendar.") from None
        return period.start_time, period.end_time.normalize()
    if isinstance(when, datetime.date | np.datetime64) and not pd.isna(when):
        day = pd.Timestamp(when).tz_localize(None).normalize()
        return day, day
    raise ValueError(f"Expected a year like 1961, an ISO date like '1961-03-27' or a date, found {when!r}.")


def _year(when: Time) -> int:
    return _span(when)[0].year


def _said(when: Time) -> str:
    return str(when) if isinstance(when, str) or is_integer(when) else f"{pd.Timestamp(when):%Y-%m-%d}"


def _row_by_row(factor: Callable[..., float], amount: Amount, **by: Any) -> Amount:
    """Multiply *amount* by what *factor* returns for the values of *by* in their order, each row by its own.

    Returns a Series where one of them is a Series, an array where one is a list, an array or an index, else a float.
    """
    given = {"amount": amount, **by}
    many = {name: values for name, values in given.items() if is_list_like(values)}
    series = {name: values for name, values in many.items() if isinstance(values, pd.Series)}
    (first, index), *others = [(name, values.index) for name, values in series.items()] or [("", None)]
    for name, other in others:
        if not other.equals(index):
            raise ValueError(f"The rows of {first} and {name} have different labels; align the series first.")
    if len({len(values) for values in many.values()}) > 1:
        lengths = ", ".join(f"{name} {len(values)}" for name, values in many.items())
        raise ValueError(f"Expected as many values of each, found {lengths}.")
    length = len(next(iter(many.values()))) if many else 1
    rows = {name: list(many[name]) if name in many else [value] * length for name, value in given.items()}
    known = cache(factor)
    factors = [known(*values) for values in zip(*(rows[name] for name in by), strict=True)]
    try:
        values = pd.Series(rows["amount"], dtype="float64").to_numpy() * np.array(factors, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"Expected numbers as amounts, found {amount!r}.") from None
    if series:
        return pd.Series(values, index=index, name=getattr(amount, "name", None))
    return values if many else float(values[0])


def _overlapping(spans: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    return spans[(spans["start"] <= last) & (spans["end"] >= first)]


def _steps(rates: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return the factors between currencies that *rates* link, both ways."""
    steps: dict[str, dict[str, float]] = {}
    for row in rates.itertuples():
        steps.setdefault(row.base, {})[row.currency] = row.rate
        steps.setdefault(row.currency, {})[row.base] = 1 / row.rate
    return steps


def _days(row: Any) -> str:
    """Write the span of a rate or regime in days."""
    return f"{row.start:%Y-%m-%d} on" if row.end.year > 2200 else f"{row.start:%Y-%m-%d} to {row.end:%Y-%m-%d}"


def _named(row: Any) -> str:
    """Write a regime with its days."""
    return f"{row.name} ({row.currency}, {_days(row)})"


def _listed(names: Iterable[object]) -> str:
    return ", ".join(map(str, names))


def _spans(years: Iterable[int]) -> str:
    """Write years as spans: 1961, 1985–1990."""
    ordered = pd.Series(sorted(years))
    runs = ordered.groupby(ordered - ordered.index).agg(["min", "max"])
    return ", ".join(f"{a}" if a == b else f"{a}–{b}" for a, b in runs.itertuples(index=False))
