"""Intervals for the mean of a series whose neighbours resemble each other."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

RUN = 6  # months that stay together when a mean is resampled


class Interval(NamedTuple):
    """A value and the ends of its 95 percent interval."""

    value: float
    low: float
    high: float


def block_means(values: ArrayLike, length: int, *, draws: int = 5000, seed: int = 0) -> np.ndarray:
    """Return the means of resamples of *values*, drawn in runs of neighbours (circular block bootstrap).

    Drawing runs instead of single values keeps the likeness of neighbours, which would otherwise make the spread of
    the means too small. The series is laid in a circle: a run that reaches its end goes on at its beginning, so that
    every value is drawn as often as any other. Assumed is one level, without a trend. Source: Politis and Romano
    (1992), A circular block-resampling procedure for stationary data.

    Parameters
    ----------
    values : array_like
        The series in its order in time, without gaps.
    length : int
        Number of neighbours in a run; 1 treats the values as independent.
    draws : int
        Number of resamples.
    seed : int
        Start of the random numbers: the same seed gives the same means.

    Raises
    ------
    ValueError
        A run is shorter than one value or longer than the series, or a value is missing.
    """
    series = np.asarray(values, dtype=float)
    if not 1 <= length <= series.size:
        raise ValueError(f"a run of {length} does not fit into a series of {series.size}")
    if not np.isfinite(series).all():
        raise ValueError("the series has gaps")
    runs = -(-series.size // length)
    starts = np.random.default_rng(seed).integers(0, series.size, size=(draws, runs, 1))
    places = (starts + np.arange(length)).reshape(draws, -1)[:, : series.size]
    return series[places % series.size].mean(axis=1)


def block_interval(values: ArrayLike, base: ArrayLike | None = None, *, length: int = RUN) -> Interval:
    """Return the mean of *values*, or its ratio to the mean of *base*, with its interval from :func:`block_means`.

    Seed and number of draws are fixed, so that one quantity has one interval wherever it is printed.

    Raises
    ------
    ValueError
        As :func:`block_means`.
    """
    value, draws = np.mean(np.asarray(values, dtype=float)), block_means(values, length, draws=20_000)
    if base is not None:
        value = value / np.mean(np.asarray(base, dtype=float))
        draws = draws / block_means(base, length, draws=20_000, seed=1)
    low, high = np.quantile(draws, [0.025, 0.975])
    return Interval(float(value), float(low), float(high))
