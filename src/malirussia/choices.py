"""Every choice under which the change of violence in Mali is reported: the table of robustness.

Which of them is the main one, and why, stands in docs/methods.md; the methods are those of :mod:`malirussia.stats`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

import numpy as np
import pandas as pd

from malirussia import stats
from malirussia.stats import Effect

BEFORE = 36  # months
EARLIER, LATER = (2019, 2021), (2022, 2024)
NEIGHBOURS = {"BFA": "Burkina Faso", "NER": "Niger"}
YEARLY = "deaths a year"
# Words for a choice, its effect, and where they differ from the usual ones, the unit and the rank.
Choices = Iterator[tuple]


def robustness(
    months: pd.DataFrame, acled: pd.DataFrame, ucdp: pd.DataFrame, people: pd.DataFrame, *, date: pd.Timestamp,
    end: pd.Timestamp, worst: pd.Timestamp, rivals: Mapping[str, pd.Timestamp],
) -> pd.DataFrame:  # fmt: skip
    """Return the change of violence in Mali at *date* under every choice, the main one first.

    Parameters
    ----------
    months : pandas.DataFrame
        By month, ``fatalities`` and ``events``.
    acled, ucdp, people : pandas.DataFrame
        Deaths by either project and population, by year, a column for each state: MLI, BFA and NER; all other columns
        of *ucdp* are donors of the synthetic control.
    date, end : pandas.Timestamp
        First and last month of the time that is compared with the months before.
    worst : pandas.Timestamp
        The month that is left out on trial.
    rivals : mapping of str to pandas.Timestamp
        Other changes that may compete with this one: words for a row, and first month.

    Returns
    -------
    pandas.DataFrame
        ``group`` (means, model, years, others), ``choice``, ``ratio`` with ``low`` and ``high``, ``change`` in
        ``unit``, ``n`` (months or years), and ``rank``, for a synthetic control the place of Mali among all states.

    Raises
    ------
    ValueError
        A series has gaps or is too short; see :mod:`malirussia.stats`.
    """
    heads = stats.per_head(acled.loc[: LATER[1]], people)
    yearly = {"ACLED": (acled, YEARLY), "UCDP": (ucdp, YEARLY)}
    yearly["ACLED, for 100,000 inhabitants"] = heads, f"{YEARLY} for 100,000"
    groups = {
        "means": _means(months, date, end, worst),
        "model": _models(months["fatalities"][:end], date, worst, rivals),
        "years": _years(yearly),
        "others": (*_beyond_neighbours(yearly), *_synthetic(ucdp)),
    }
    rows = [
        {"group": group, "choice": choice, "unit": "deaths a month", "rank": "", **effect._asdict()}
        | dict(zip(("unit", "rank"), other, strict=False))
        for group, choices in groups.items()
        for choice, effect, *other in choices
    ]
    return pd.DataFrame(rows)[["group", "choice", *Effect._fields[:-1], "unit", "n", "rank"]]


def _means(months: pd.DataFrame, date: pd.Timestamp, end: pd.Timestamp, worst: pd.Timestamp) -> Choices:
    deaths, held = months["fatalities"], len(months[date:end])
    before, after = stats.windows(deaths, date, BEFORE, held)
    yield f"{BEFORE} months before, {held} after", stats.means_effect(before, after)
    yield f"without {worst:%B %Y}", stats.means_effect(before, after.drop(worst))
    for width in (12, 24, 36):
        yield f"{width} months on either side", stats.means_effect(*stats.windows(deaths, date, width))
    for donut in (3, 6):
        around = stats.windows(deaths, date, BEFORE, held - donut, donut=donut)
        yield f"{donut} months on either side of the date left out", stats.means_effect(*around)
    for length in (1, 3, 12):
        yield f"months drawn in runs of {length}", stats.means_effect(before, after, length=length)
    yield "medians in place of means", _plain(before.median(), after.median(), len(before) + len(after))
    events = stats.windows(months["events"], date, BEFORE, held)
    yield "recorded events in place of deaths", stats.means_effect(*events), "events a month"


def _models(deaths: pd.Series, date: pd.Timestamp, worst: pd.Timestamp, rivals: Mapping[str, pd.Timestamp]) -> Choices:
    starts = {f"{BEFORE} months before": date - pd.DateOffset(months=BEFORE), "2015": "2015-01", "2012": "2012-01"}
    trends = ["two levels", "one trend", "a trend before, another after"]
    for (since, start), (slopes, trend) in product(starts.items(), enumerate(trends)):
        for left, words in (([], ""), ([worst], f", without {worst:%B %Y}")):
            effect = stats.step_model(deaths[start:], date, slopes=slopes, leave_out=left)
            yield f"{trend}, from {since}{words}", effect
    near = deaths[date - pd.DateOffset(months=BEFORE) :]
    for donut in (3, 6):
        words = f"{trends[2]}, {donut} months on either side of the date left out"
        yield words, stats.step_model(near, date, slopes=2, donut=donut)
    for name, rival in rivals.items():
        effect = stats.step_model(near, date, rivals=[rival])
        yield f"two levels, and a step of its own for {name}", effect


def _years(yearly: Mapping[str, tuple[pd.DataFrame, str]]) -> Choices:
    for name, (values, unit) in yearly.items():
        earlier, later = (values.loc[slice(*years), "MLI"] for years in (EARLIER, LATER))
        effect = _plain(earlier.mean(), later.mean(), len(earlier) + len(later))
        yield f"{LATER[0]}–{LATER[1]} over {EARLIER[0]}–{EARLIER[1]}, {name}", effect, unit


def _beyond_neighbours(yearly: Mapping[str, tuple[pd.DataFrame, str]]) -> Choices:
    for (name, (values, unit)), states in product(yearly.items(), (["BFA", "NER"], ["BFA"], ["NER"])):
        effect = stats.difference_in_differences(values, "MLI", states, EARLIER, LATER)
        yield f"beyond {' and '.join(NEIGHBOURS[state] for state in states)}, {name}", effect, unit


def _synthetic(ucdp: pd.DataFrame) -> Choices:
    first, last = LATER
    for (words, left), logs in product((("", []), (" without the two neighbours", [*NEIGHBOURS])), (True, False)):
        deaths = ucdp.loc[2012:last].drop(columns=left).astype(float)
        found = stats.synthetic_control(np.log1p(deaths) if logs else deaths, "MLI", first)
        path = np.expm1(found.path) if logs else found.path
        effect = _plain(path.loc[first:].mean(), deaths.loc[first:, "MLI"].mean(), len(deaths))
        rank = f"{found.placebos['rank']['MLI']} of {len(found.placebos)}"
        yield f"synthetic control in {'logs' if logs else 'levels'}{words}", effect, YEARLY, rank


def _plain(before: float, after: float, n: int) -> Effect:
    return Effect(float(after / before), np.nan, np.nan, float(after - before), n)
