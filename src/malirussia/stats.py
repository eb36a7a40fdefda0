"""What a change is measured by: windows, models, comparisons, and intervals for all of them.

What is reported, and which choices were fixed beforehand, stands in docs/methods.md. Models come from statsmodels and
scipy, which the group ``analysis`` brings; they are imported where they are used, so that the rest needs numpy alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

RUN = 6  # months that stay together when a mean is resampled, and over which the errors of a model may hang together
Dates = Iterable[pd.Timestamp]
Years = tuple[int, int]


class Interval(NamedTuple):
    """A value and the ends of its 95 percent interval."""

    value: float
    low: float
    high: float


class Effect(NamedTuple):
    """A level after against a level before.

    ``ratio`` is after over before, ``low`` and ``high`` the ends of its 95 percent interval (NaN where there is none),
    ``change`` after minus before in the unit of the outcome, and ``n`` the number of months or years it rests on.
    """

    ratio: float
    low: float
    high: float
    change: float
    n: int


class Synthetic(NamedTuple):
    """A synthetic control.

    ``weights`` are those of the donors, ``path`` the synthetic series, ``gap`` the treated series minus it.
    ``placebos`` has a row for the treated unit and each donor: ``fit`` (root mean square gap before), ``miss`` (the
    same after), ``ratio`` (miss over fit), ``gap`` (mean gap after) and ``rank`` by ratio, 1 being the largest.
    """

    weights: pd.Series
    path: pd.Series
    gap: pd.Series
    placebos: pd.DataFrame


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


def windows(
    series: pd.Series, date: pd.Timestamp, before: int, after: int | None = None, *, donut: int = 0
) -> tuple[pd.Series, pd.Series]:
    """Return the months before *date* and those from it on.

    Parameters
    ----------
    series : pandas.Series
        By month, without gaps; the index holds first days of months.
    date : pandas.Timestamp
        The first month after the change.
    before, after : int
        Months on either side; *after* is as long as *before* where it is not given.
    donut : int
        Months on either side of the date that are left out; the windows move outwards and keep their length.

    Raises
    ------
    ValueError
        The series does not reach that far, or the date is not in it.
    """
    if date not in series.index:
        raise ValueError(f"{date:%Y-%m-%d} is no month of the series")
    after, place = before if after is None else after, series.index.get_loc(date)
    if place - donut - before < 0 or place + donut + after > len(series):
        raise ValueError(f"{before} and {after} months around {date:%B %Y} reach beyond the series")
    return series.iloc[place - donut - before : place - donut], series.iloc[place + donut : place + donut + after]


def means_effect(before: pd.Series, after: pd.Series, *, length: int = RUN) -> Effect:
    """Return the mean after against the mean before, with the interval of :func:`block_interval`.

    The plainest model: a constant level on each side. What else changed between the two windows is in the ratio too.
    """
    ratio = block_interval(after, before, length=length)
    return Effect(*ratio, float(after.mean() - before.mean()), len(before) + len(after))


def step_model(
    series: pd.Series, date: pd.Timestamp, *, slopes: int = 0, donut: int = 0, leave_out: Dates = (), rivals: Dates = ()
) -> Effect:
    """Return the step of a series of counts at *date*: an interrupted time series.

    The model is a negative binomial regression with a log link: counts vary more than a Poisson model lets them. Its
    standard errors are those of Newey and West over six months, as neighbouring months are alike. Assumed is that the
    level before, with its slope if there is one, would have gone on. Source: Lopez Bernal, Cummins and Gasparrini
    (2017), Interrupted time series regression for the evaluation of public health interventions: a tutorial; the fit
    is ``statsmodels.api.NegativeBinomial``.

    Parameters
    ----------
    series : pandas.Series
        Counts by month; its first and last month are those of the model.
    date : pandas.Timestamp
        The first month after the change.
    slopes : int
        0: two levels; 1: one trend throughout; 2: a trend before and another one after.
    donut : int
        Months on either side of the date that are left out.
    leave_out : iterable of pandas.Timestamp
        Single months that are left out.
    rivals : iterable of pandas.Timestamp
        First months of other steps that may compete with this one.

    Returns
    -------
    Effect
        ``change`` is the jump at the date, a month.

    Raises
    ------
    ValueError
        The fit did not converge.
    """
    from statsmodels.api import NegativeBinomial

    index = pd.DatetimeIndex(series.index)
    time = (index.year - date.year) * 12 + index.month - date.month
    model = pd.DataFrame({"level": 1.0, "step": (time >= 0).astype(float)}, index=index)
    for place, rival in enumerate(rivals):
        model[f"rival {place}"] = (index >= rival).astype(float)
    if slopes:
        model["trend"] = time / 12
    if slopes == 2:
        model["later trend"] = time.to_numpy().clip(0) / 12
    kept = ~index.isin(list(leave_out)) & ~((time >= -donut) & (time < donut))
    fit = NegativeBinomial(series[kept].astype(float), model[kept]).fit(
        disp=0, maxiter=500, cov_type="HAC", cov_kwds={"maxlags": RUN}
    )
    if not fit.mle_retvals["converged"]:
        raise ValueError("the negative binomial model did not converge")
    ratio, (low, high) = np.exp(fit.params["step"]), np.exp(fit.conf_int().loc["step"])
    return Effect(
        float(ratio), float(low), float(high), float(np.exp(fit.params["level"]) * (ratio - 1)), int(kept.sum())
    )


def other_dates(series: pd.Series, date: pd.Timestamp, width: int) -> pd.DataFrame:
    """Return the change around every month for which there are two windows of *width* months.

    Returns
    -------
    pandas.DataFrame
        By month: ``ratio`` and ``change`` of the means; ``overlaps``, whether its later window shares a month with
        that of *date*; ``treated``, whether either of its windows has a month from *date* on.
    """
    mean = series.rolling(width).mean()
    before, after = mean.shift(1), mean.shift(1 - width)
    frame = pd.DataFrame({"ratio": after / before, "change": after - before}).dropna()
    distance = (frame.index.year - date.year) * 12 + frame.index.month - date.month
    return frame.assign(overlaps=abs(distance) < width, treated=distance > -width)


def as_large(others: pd.DataFrame, date: pd.Timestamp) -> pd.DataFrame:
    """Return how many other months have a change at least as large as *date*, on both scales.

    Windows share months with each other, so a share is a yardstick and no test of significance.

    Parameters
    ----------
    others : pandas.DataFrame
        From :func:`other_dates`.
    date : pandas.Timestamp
        The month they are compared with; it is counted in no row.

    Returns
    -------
    pandas.DataFrame
        ``scale`` (ratio, change), ``months`` (all, no overlap, untreated), ``as_large``, ``of`` and ``share``.
    """
    rest = others.drop(date)
    chosen = {"all": rest, "no overlap": rest[~rest["overlaps"]], "untreated": rest[~rest["treated"]]}
    rows = [
        (scale, name, int((rows[scale] >= others.loc[date, scale]).sum()), len(rows))
        for scale in ("ratio", "change")
        for name, rows in chosen.items()
    ]
    frame = pd.DataFrame(rows, columns=["scale", "months", "as_large", "of"])
    return frame.assign(share=frame["as_large"] / frame["of"])


def difference_in_differences(
    values: pd.DataFrame, treated: str, others: list[str], before: Years, after: Years
) -> Effect:
    """Return how much more a state changed than the mean of others.

    The model is least squares of the yearly gap, log of the treated minus mean log of the others, on a step. Assumed is
    that the gap would have stayed; years are treated as independent, so with few of them the interval is a rough one.
    Source: Angrist and Pischke (2009), Mostly Harmless Econometrics, chapter 5; the fit is ``statsmodels.api.OLS``.

    Parameters
    ----------
    values : pandas.DataFrame
        By year, a column for each state; no zeros.
    treated : str
    others : list of str
        The states compared with.
    before, after : tuple of int
        First and last year of either side.

    Returns
    -------
    Effect
        ``ratio``: growth over that of the others (of geometric means); ``change``: change of the yearly mean minus
        that of the others.

    Raises
    ------
    ValueError
        A value is missing, zero or negative.
    """
    from statsmodels.api import OLS

    sides = [values.loc[first:last, [treated, *others]].astype(float) for first, last in (before, after)]
    rows = pd.concat(sides)
    if not (rows > 0).all(axis=None):
        raise ValueError("logs need values above zero, in every year and state")
    gap = np.log(rows[treated]) - np.log(rows[others]).mean(axis=1)
    model = pd.DataFrame({"level": 1.0, "step": (rows.index >= after[0]).astype(float)}, index=rows.index)
    fit = OLS(gap, model).fit()
    ratio, (low, high) = np.exp(fit.params["step"]), np.exp(fit.conf_int().loc["step"])
    grown = sides[1].mean() - sides[0].mean()
    return Effect(float(ratio), float(low), float(high), float(grown[treated] - grown[others].mean()), len(rows))


def synthetic_control(values: pd.DataFrame, treated: str, first: int) -> Synthetic:
    """Return the mixture of other states that was nearest to one before a date, and how the two went on.

    The weights of the donors are none below zero and add up to one; they minimise the squared gap of all years before
    *first*. Each donor is then treated in turn, the others being its donors, the treated one left out. Assumed is that
    the mixture would have gone on to follow, and that no donor was touched by what is studied. Source: Abadie, Diamond
    and Hainmueller (2010), Synthetic control methods for comparative case studies; weights by ``scipy.optimize``.

    Parameters
    ----------
    values : pandas.DataFrame
        By year, a column for each state: levels or logs.
    treated : str
        All other columns are its donors.
    first : int
        First year after the change.

    Raises
    ------
    ValueError
        A value is missing.
    """
    if values.isna().any(axis=None):
        raise ValueError("a synthetic control needs every year of every state")
    donors = [name for name in values if name != treated]
    rows = {}
    for unit in [treated, *donors]:
        pool = [name for name in donors if name != unit]
        weights = _weights(values.loc[: first - 1, unit], values.loc[: first - 1, pool])
        path = values[pool] @ weights
        gap = values[unit] - path
        fit, miss = (float(np.sqrt((part**2).mean())) for part in (gap.loc[: first - 1], gap.loc[first:]))
        rows[unit] = {"fit": fit, "miss": miss, "ratio": miss / fit, "gap": gap.loc[first:].mean()}
        if unit == treated:
            found = weights, path, gap
    placebos = pd.DataFrame.from_dict(rows, orient="index")
    return Synthetic(*found, placebos.assign(rank=placebos["ratio"].rank(ascending=False).astype(int)))


def _weights(target: pd.Series, pool: pd.DataFrame) -> pd.Series:
    """Return the weights with which *pool* comes nearest to *target*: none below zero, adding up to one."""
    from scipy.optimize import nnls

    # A row of ones that weighs far more than the years holds the sum.
    heavy = 1e4 * pool.to_numpy().max()
    weights, _ = nnls(np.vstack([pool, np.full(pool.shape[1], heavy)]), np.append(target, heavy))
    return pd.Series(weights / weights.sum(), index=pool.columns)


def share_interval(counts: pd.Series, totals: pd.Series) -> pd.DataFrame:
    """Return shares with Wilson's 95 percent interval, which stays between 0 and 1 also where counts are few.

    The model is a binomial one: votes are treated as independent draws, which roll-calls on one subject are not, so
    the interval is a least one. Source: Wilson (1927), Probable inference, the law of succession, and statistical
    inference; the interval is ``statsmodels.stats.proportion.proportion_confint``.

    Parameters
    ----------
    counts, totals : pandas.Series
        Of the same index.

    Returns
    -------
    pandas.DataFrame
        ``share``, ``low`` and ``high``, from 0 to 1.

    Raises
    ------
    ValueError
        The two have different rows, or a count is larger than its total.
    """
    from statsmodels.stats.proportion import proportion_confint

    counts, totals = _same_rows(counts, totals)
    low, high = proportion_confint(counts.to_numpy(), totals.to_numpy(), method="wilson")
    return pd.DataFrame({"share": counts / totals, "low": low, "high": high})


def pooled_share(part: pd.Series, whole: pd.Series) -> float:
    """Return the sum of *part* over the sum of *whole*: the share of a period, in which large years weigh more.

    A mean of yearly shares weighs a year with little trade like one with much. Years in which either is missing are
    left out of both sums.

    Raises
    ------
    ValueError
        The two have different rows, a part is larger than its whole, or nothing is left.
    """
    known = part.notna() & whole.notna() if part.index.equals(whole.index) else slice(None)
    part, whole = _same_rows(part[known], whole[known])
    if not whole.sum():
        raise ValueError("there is nothing of which to take a share")
    return float(part.sum() / whole.sum())


def _same_rows(part: pd.Series, whole: pd.Series) -> tuple[pd.Series, pd.Series]:
    if not part.index.equals(whole.index):
        raise ValueError("the two series have different rows")
    if (part > whole).any():
        raise ValueError(f"the part of {(part > whole).idxmax()} is larger than its whole")
    return part.astype(float), whole.astype(float)


def per_head(counts: pd.DataFrame, people: pd.DataFrame, *, per: int = 100_000) -> pd.DataFrame:
    """Return counts for every *per* inhabitants.

    Parameters
    ----------
    counts, people : pandas.DataFrame
        By year, a column for each state; *people* may have more years and states.
    per : int

    Raises
    ------
    ValueError
        There is no population for a year of a state that has a count.
    """
    people = people.reindex(index=counts.index, columns=counts.columns).astype(float)
    if (missing := (counts.notna() & people.isna()).stack()).any():
        year, state = missing[missing].index[0]
        raise ValueError(f"there is no population of {state} in {year}")
    return counts.astype(float) / people * per
