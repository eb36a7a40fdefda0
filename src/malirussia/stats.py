"""Intervals for the mean of a series whose neighbours resemble each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def block_means(values: ArrayLike, length: int, *, draws: int = 5000, seed: int = 0) -> np.ndarray:
    """Return the means of resamples of *values*, drawn in runs of neighbours (moving-block bootstrap).

    Drawing runs instead of single values keeps the likeness of neighbours, which would otherwise make the
    spread of the means too small. The quantiles of the result are the interval of the mean.

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
    starts = np.random.default_rng(seed).integers(0, series.size - length + 1, size=(draws, runs, 1))
    places = (starts + np.arange(length)).reshape(draws, -1)[:, : series.size]
    return series[places].mean(axis=1)
