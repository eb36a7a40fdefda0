"""Money across years and currencies: constant dollars, and conversion with dated rates.

Prices and rates come from the tables ``context_us_prices`` and ``context_exchange_rates``. What they do not
hold is an error that says what they do hold: nothing is extrapolated, interpolated or taken from a
neighbouring year.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TypeAlias

import pandas as pd

from malirussia.package import Package

Amount: TypeAlias = float | pd.Series
Time: TypeAlias = int | str | pd.Timestamp

BASE_YEAR = 2024
# Special Soviet rates (commercial, market) are on record but convert no credits.
USABLE = ("annual_average", "parity")


class RateError(LookupError):
    """The tables hold no price or rate for what was asked; the message says what they hold."""


class Money:
    """Prices and rates of one data package, and what they convert."""

    def __init__(self, package: Package):
        self._package = package

    @cached_property
    def _prices(self) -> dict[str, pd.Series]:
        table = self._package.load("context_us_prices")
        return {
            str(name): rows.set_index("year")["index_value"] for name, rows in table.groupby("series", observed=True)
        }

    @cached_property
    def _rates(self) -> pd.DataFrame:
        return self._package.load("context_exchange_rates").query("rate_kind in @USABLE")

    def constant_dollars(
        self, amount: Amount, year: int | pd.Series, *, base: int = BASE_YEAR, index: str = "cpi_u"
    ) -> Amount:
        """Express current US dollars of *year* in dollars of the year *base*.

        Parameters
        ----------
        amount : float or pandas.Series
            Current US dollars.
        year : int or pandas.Series
            The year of the amount; a series belongs row by row to the amounts.
        base : int
            The year whose prices count.
        index : str
            ``cpi_u``, consumer prices, or ``gdp_deflator``.

        Raises
        ------
        RateError
            No such index, or it has no value for the year or the base.

        Examples
        --------
        >>> constant_dollars(44.4, 1961)  # millions stay millions
        """
        prices = self._prices.get(index)
        if prices is None:
            raise RateError(f"There is no price index {index!r}; held are {_listed(self._prices)}.")
        years = list(year) if isinstance(year, pd.Series) else [year]
        absent = sorted({str(wanted) for wanted in [*years, base] if wanted not in prices.index})
        if absent:
            raise RateError(f"{index} has no value for {', '.join(absent)}; held are {_spans(prices.index)}.")
        factor = year.map(prices).astype(float) if isinstance(year, pd.Series) else prices[year]
        return amount * prices[base] / factor

    def rate(self, currency: str, into: str, when: Time) -> float:
        """Return how many units of *into* one unit of *currency* was worth.

        Parameters
        ----------
        currency, into : str
            ``USD``, ``EUR``, ``XOF``, ``MLF`` (Malian franc), ``SUR`` (Soviet rouble) or ``RUB``.
        when : int, str or Timestamp
            A year, or a day as ``1967-06-30``. A year needs rates that hold for all of it. A day takes the
            yearly average of its year where no parity binds the pair.

        Raises
        ------
        RateError
            A currency is unknown, or no chain of rates links the two at that time.
        """
        known = ["USD", *self._rates["currency"].astype(str).unique()]
        for code in (currency, into):
            if code not in known:
                raise RateError(f"There is no currency {code!r}; held are {_listed(sorted(known))}.")
        first, last = _span(when)
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
            raise RateError(f"No rate links {currency} to {into} for {when}; held are: {self._held(currency, into)}.")
        return reached[into]

    def convert(self, amount: Amount, currency: str, into: str, when: Time | pd.Series) -> Amount:
        """Convert *amount* at the rate of its time; see :meth:`rate`.

        *amount* and *when* may be series that belong together row by row.

        >>> convert(40, "SUR", "USD", 1961)
        """
        if isinstance(when, pd.Series):
            rates = {day: self.rate(currency, into, day) for day in when.unique()}
            return amount * when.map(rates).astype(float)
        return amount * self.rate(currency, into, when)

    def _held(self, *currencies: str) -> str:
        """Say for which times the rates of *currencies* are held."""
        rates = self._rates
        parts = []
        for (currency, base), rows in rates.groupby(["currency", "base"], observed=True):
            if currency in currencies or base in set(currencies) - {"USD"}:
                yearly = rows.query("rate_kind == 'annual_average'")["start"].dt.year
                fixed = rows.query("rate_kind == 'parity'")
                spans = [_spans(yearly)] if len(yearly) else []
                spans += [f"{row.start:%Y-%m-%d} to {row.end:%Y-%m-%d}" for row in fixed.itertuples()]
                parts.append(f"{currency} in {base} {', '.join(spans)}")
        return "; ".join(parts)


def _span(when: Time) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return first and last day of a year, or a day twice."""
    if isinstance(when, str | pd.Timestamp):
        day = pd.Timestamp(when)
        return day, day
    return pd.Timestamp(int(when), 1, 1), pd.Timestamp(int(when), 12, 31)


def _steps(rates: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return the factors between currencies that *rates* link, both ways."""
    steps: dict[str, dict[str, float]] = {}
    for row in rates.itertuples():
        steps.setdefault(row.base, {})[row.currency] = row.rate
        steps.setdefault(row.currency, {})[row.base] = 1 / row.rate
    return steps


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(str, names))


def _spans(years: Iterable[int]) -> str:
    """Write years as spans: 1961, 1985–1990."""
    ordered = pd.Series(sorted(years))
    runs = ordered.groupby(ordered - ordered.index).agg(["min", "max"])
    return ", ".join(f"{a}" if a == b else f"{a}–{b}" for a, b in runs.itertuples(index=False))
