"""Checks that answer in words: what the exercises of the lessons call.

A check cell of a lesson looks at one answer step by step and ends with a report:

>>> check = Check("shares", globals())
>>> check.table(["partner", "share"], key=["partner"])
>>> check.expect(lambda d: d["share"].sum(), 1, "your shares add up to {found:.1f}: did you divide by the total?")
>>> check.sealed("3f51a088")
>>> ### BEGIN HIDDEN TESTS
>>> check.equal(right, mistakes={"these are exports: which column is wanted?": exports})
>>> ### END HIDDEN TESTS
>>> check.report()

The steps before the hidden part run on the student's desk: they tell what speaks against the answer, and never stop
the notebook. The seal says that an answer is not the right one, and not which one is. :meth:`Check.equal` compares with
the right answer. It stands in the hidden part, so that it runs in the instructor's notebook and when a submission is
graded; there a wrong answer is an error, which costs the points.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from malirussia.language import Language, reader_language

TOLERANCE = 1e-4  # relative; less than the last digit that a table of the collection can carry


class NotSolved(AssertionError):
    """An answer that is graded is wrong or missing; the message is the feedback."""


def _step(method: Callable) -> Callable:
    """Leave out a step of a check when an earlier one has found a fault; let no answer break it."""

    @functools.wraps(method)
    def step(self: Check, *args: Any, **kwargs: Any) -> None:
        if not self.fault:
            try:
                found = method(self, *args, **kwargs)
            except Exception as error:
                found = self._("the check cannot read it ({error}): is it built as the task says?")
                found = found.format(error=type(error).__name__)
            self.fault = self._("not yet: {fault}").format(fault=found) if found else ""

    return step


class Check:
    """Judge one answer; the first fault found becomes the feedback.

    Parameters
    ----------
    name : str
        Name of the variable that holds the answer; ``None``, ``...`` and no such variable count as not solved yet.
    names : mapping
        All variables with their values: ``globals()``.
    language : Language, optional
        In which feedback and hints are given; by default the reader's.
    """

    def __init__(self, name: str, names: Mapping[str, Any], language: Language | None = None):
        self.language = language or reader_language()
        self._ = self.language.gettext
        self.name = name
        self.answer: Any = names.get(name)
        self.key: list[str] = []
        self.graded, self.fault, self.doubt = False, "", ""
        if self.answer is None or self.answer is ...:
            last = getattr(names.get("get_ipython", str)(), "last_execution_result", None)
            crash = getattr(last, "error_in_exec", None) or getattr(last, "error_before_exec", None)
            said = self._("not solved yet: the cell before ended with an error ({error}); mend that first.")
            self.fault = said.format(error=type(crash).__name__) if crash else self._("not solved yet.")

    @_step
    def number(self, low: float = -math.inf, high: float = math.inf, hint: str = "") -> str | None:
        """Ask for one finite number from *low* to *high*; *hint* is said when it lies outside."""
        value = self.answer
        if isinstance(value, pd.Series | pd.DataFrame | pd.Index | np.ndarray | list | tuple):
            one = self._("one number is wanted, and this is a {type} that holds it: take it out with .item().")
            many = self._("one number is wanted, and this is a {type} of {size}.")
            return (one if np.size(value) == 1 else many).format(type=type(value).__name__, size=np.size(value))
        if pd.isna(value):
            return self._("it is empty (NaN): does a filter leave nothing, or does an empty cell take part?")
        if isinstance(value, bool | np.bool_ | str):
            return self._("a number is wanted, and this is {kind}.").format(kind=self._kind(value))
        self.answer = float(value)
        if not math.isfinite(self.answer):
            return self._("it is not finite: is something divided by zero?")
        return None if low <= self.answer <= high else self._(hint) or self._("it lies outside of what is possible.")

    @_step
    def word(self, *choices: str) -> str | None:
        """Ask for one of the *choices*; capital letters and spaces around it do not matter."""
        if not isinstance(self.answer, str):
            return self._("a word in quotes is wanted, and this is {kind}.").format(kind=self._kind(self.answer))
        self.answer = self.answer.strip().lower()
        known = [choice.lower() for choice in choices]
        return None if self.answer in known else self._("choose one of: {choices}.").format(choices=", ".join(choices))

    @_step
    def names(self) -> str | None:
        """Ask for a collection of names or years (list, set, column, index), in any order and with repetitions."""
        if isinstance(self.answer, str | Mapping) or not isinstance(self.answer, Iterable):
            return self._("a list or a column is wanted, and this is {kind}.").format(kind=self._kind(self.answer))
        if isinstance(self.answer, pd.DataFrame) or getattr(self.answer, "ndim", 1) > 1:
            return self._("a list or a column is wanted, and this is a table: take its column.")
        self.answer = {_text(name) for name in self.answer}
        return None if self.answer else self._("it is empty: does a filter leave nothing?")

    @_step
    def table(self, columns: list[str], key: list[str]) -> str | None:
        """Ask for a table with *columns*, one row for each *key*; order and further columns do not matter.

        An index that bears the name of a column counts as that column, and a named Series as a table.
        """
        frame = self.answer.to_frame() if isinstance(self.answer, pd.Series) else self.answer
        if not isinstance(frame, pd.DataFrame):
            return self._("a table is wanted, and this is {kind}.").format(kind=self._kind(frame))
        frame = frame.reset_index([name for name in frame.index.names if name in {*columns}.difference(frame.columns)])
        if absent := [name for name in columns if name not in frame.columns]:
            said = self._("columns are missing: {absent}. Yours are {present}.")
            return said.format(absent=", ".join(absent), present=", ".join(map(str, frame.columns)))
        if frame.empty:
            return self._("the table has no rows: does a filter leave nothing?")
        if (double := frame.duplicated(key)).any():
            said = self._("one row for each {key} is wanted, and {first} stands more than once.")
            return said.format(key=self._(" and ").join(key), first=_labels(frame[double], key)[0])
        self.answer, self.key = frame[columns].reset_index(drop=True), key
        return None

    @_step
    def expect(self, measure: Callable[[object], object], wanted: object, hint: str) -> str | None:
        """Ask that *measure* of the answer gives *wanted*; *hint* may show what it gives as ``{found}``."""
        found = measure(self.answer)
        return None if _same(found, wanted) else self.language.fill(self._(hint), found=found)

    @_step
    def sealed(self, seal: str) -> None:
        """Doubt an answer that does not bear the *seal* of the right one; :meth:`equal` says when it is another."""
        if _seal(self.name, self.answer, self.key) != seal:
            self.doubt = self._("not yet: this is not it. Read the task word by word, and leave numbers unrounded.")

    def equal(self, right: object, *, hint: str = "", mistakes: Mapping[str, object] | None = None) -> None:
        """Compare with the *right* answer: the step that grades.

        Parameters
        ----------
        right : number, str, collection of names, or pandas.DataFrame with the columns of :meth:`table`
        hint : str
            What to think of when the answer is wrong in a way that is not foreseen.
        mistakes : mapping
            What to say, to the wrong answer that calls for it.
        """
        self.graded = True
        self._compare(right, hint, mistakes or {})

    @_step
    def _compare(self, right: object, hint: str, mistakes: Mapping[str, object]) -> str | None:
        difference = self._difference(right)
        if difference is None:
            return None
        known = [said for said, wrong in mistakes.items() if self._difference(wrong) is None]
        return self._(known[0]) if known else f"{difference} {self._(hint)}".strip()

    def _difference(self, right: Any) -> str | None:
        """Say how the answer differs from *right* without telling the right values; None when it does not."""
        if isinstance(right, pd.DataFrame):
            return _frame_difference(self.answer, right, self.key, self.language)
        if isinstance(self.answer, set):
            right = {_text(name) for name in right}
            absent, extra = len(right - self.answer), sorted(self.answer - right)
            parts = [self._("missing: {count}").format(count=absent)] * bool(absent)
            parts += [self._("not wanted: {names}").format(names=", ".join(extra))] * bool(extra)
            return self._("the list differs ({how}).").format(how="; ".join(parts)) if parts else None
        right = right.lower() if isinstance(right, str) else right
        if _same(self.answer, right):
            return None
        # A whole number is a count or a year: the one beside it is no rounding.
        if isinstance(self.answer, float) and right != int(right) and math.isclose(self.answer, right, rel_tol=0.01):
            return self._("it is near, but not it: was it rounded, or does a row too many or too few take part?")
        return self._("this is not it.")

    def report(self) -> None:
        """Print the feedback. When the answer was compared with the right one and differs, raise it instead.

        Raises
        ------
        NotSolved
            The answer is graded and is wrong or missing.
        """
        if self.graded and self.fault:
            raise NotSolved(f"{self.name}: {self.fault}")
        so_far = self._("nothing speaks against it so far. Its value is compared when the lesson is graded.")
        print(f"{self.name}: {self.fault or (self._('solved.') if self.graded else self.doubt or so_far)}")

    def _kind(self, value: object) -> str:
        names = {str: self._("a text"), bool: self._("true or false"), pd.DataFrame: self._("a table")}
        names |= dict.fromkeys((int, float), self._("a number"))
        return names.get(type(value)) or self._("a {type}").format(type=type(value).__name__)


def _same(found: Any, wanted: Any) -> bool:
    """Say whether two values are equal; numbers within the tolerance."""
    exact = isinstance(wanted, bool | np.bool_ | str)
    return bool(found == wanted) if exact else math.isclose(found, wanted, rel_tol=TOLERANCE, abs_tol=1e-9)


def whole(numbers: Any) -> bool:
    """Say whether all *numbers* are whole, within the tolerance of a check."""
    return bool(np.isclose(numbers, np.round(np.asarray(numbers, dtype=float)), rtol=TOLERANCE, atol=1e-6).all())


def _seal(name: str, answer: Any, key: list[str]) -> str:
    """Return a digest of an answer in which the last digits of a number, and the order of rows, do not matter."""
    values = sorted(answer) if isinstance(answer, set) else [answer]
    if isinstance(answer, pd.DataFrame):
        frame = answer.set_axis(_labels(answer, key)).sort_index()
        values = [*frame.index, *frame[sorted(set(frame.columns) - set(key))].to_numpy(dtype=object).ravel()]
    return hashlib.sha256("|".join([name, *map(_step_of, values)]).encode()).hexdigest()[:8]


def _step_of(value: Any) -> str:
    """Write a number as the step of a scale that it stands on; 0.4 keeps round ones from the edge of their step."""
    if isinstance(value, str | bool | np.bool_ | datetime.date) or pd.isna(value):
        return _text(value)
    return f"{value > 0} {(math.log(abs(value)) / TOLERANCE + 0.4) // 1}" if abs(value) > 1e-9 else "0"


def _labels(frame: pd.DataFrame, key: list[str]) -> pd.Index:
    """Name each row by its key, in one way for all types: 2010, 2010.0 and "2010" are one year."""
    return pd.Index(frame[key].map(_text).agg(", ".join, axis=1))


def _text(value: object) -> str:
    if isinstance(value, datetime.date) and not pd.isna(value):
        return f"{value:%Y-%m-%d}"
    return str(int(value) if isinstance(value, float | np.floating) and value % 1 == 0 else value)


def _frame_difference(frame: pd.DataFrame, right: pd.DataFrame, key: list[str], language: Language) -> str | None:
    _ = language.gettext
    mine, theirs = (part.set_axis(_labels(part, key)) for part in (frame, right.reset_index()))
    extra, absent = mine.index.difference(theirs.index), theirs.index.difference(mine.index)
    said = _("some rows should not be there: {count} of them, the first for {first}.")
    if not len(extra):
        said = _("some rows are missing: {count} of them, the first for {first}.")
    if len(labels := extra if len(extra) else absent):
        return said.format(count=len(labels), first=labels[0])
    for column in frame.columns.difference(key, sort=False):
        pair = mine[column], theirs.loc[mine.index, column]
        wrong = mine.index[~_equal_columns(*pair)].sort_values()
        if len(wrong):
            said = _("the column {column} is not it in {wrong} of {all} rows, the first for {first}.")
            said += " " + _("It is near: was it rounded?") if _equal_columns(*pair, tolerance=0.01).all() else ""
            return said.format(column=column, wrong=len(wrong), all=len(mine), first=wrong[0])
    return None


def _equal_columns(mine: pd.Series, right: pd.Series, tolerance: float = TOLERANCE) -> np.ndarray:
    """Compare two columns row by row: numbers within the tolerance; an empty cell equals an empty one."""
    if pd.api.types.is_numeric_dtype(right) and not pd.api.types.is_bool_dtype(right):
        numbers = mine.astype(object).map(lambda value: None if isinstance(value, str) else value)
        pair = [pd.to_numeric(column.astype(object), errors="coerce").astype(float) for column in (numbers, right)]
        return np.isclose(pair[0], pair[1], rtol=tolerance, atol=1e-9, equal_nan=True)
    pair = [column.astype(object).where(column.notna(), "").map(_text) for column in (mine, right)]
    return pair[0].to_numpy() == pair[1].to_numpy()
