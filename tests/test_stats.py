"""The circular block bootstrap: reproducible, in place, and wider where neighbours resemble each other."""

from __future__ import annotations

import numpy as np
import pytest

from malirussia.stats import block_interval, block_means


def waves(size=240):
    """Return a series in which neighbours resemble each other: slow waves with some noise."""
    noise = np.random.default_rng(1).normal(size=size)
    return 10 + 3 * np.sin(np.arange(size) / 8) + noise


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
