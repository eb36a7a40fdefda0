"""What comes into the audit, held to its form: claims, checks, dependence, and what a check returns.

Every fault is an error in words that names table, row and column and says what was expected.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from malirussia.claims.rule import KINDS, STANCES, given
from malirussia.package import unknown_name

QUALIFIERS = ("exact", "about", "at_least")
PRECISIONS = ("day", "month", "year")
REQUIRED = ("claim_id", "theme", "kind", "statement")
BLANK: dict[str, Any] = {
    "value": float("nan"), "unit": "", "qualifier": None, "start": pd.NaT, "end": pd.NaT, "date_precision": "day",
    "members": None, "checkable": True, "note": "", "page_paragraph": 0,
}  # fmt: skip


class ClaimsError(ValueError):
    """Claims, checks or evidence of an audit do not have their form."""


def checked_claims(frame: pd.DataFrame, table: str = "claims") -> pd.DataFrame:
    """Return claims with all columns that the rule asks for, numbers and dates as such.

    Raises
    ------
    ClaimsError
        A column is missing, a claim stands twice, or a cell does not hold what its column asks for.
    """
    if missing := [name for name in REQUIRED if name not in frame]:
        raise ClaimsError(f"{table}: the columns {missing} are missing; expected are at least {list(REQUIRED)}")
    frame = frame.assign(**{name: value for name, value in BLANK.items() if name not in frame})
    frame = frame.assign(
        value=_parsed(frame, table, "value", pd.to_numeric, "a number"),
        page_paragraph=_parsed(frame, table, "page_paragraph", pd.to_numeric, "a number"),
        start=_parsed(frame, table, "start", _dates, "a date YYYY-MM-DD"),
        end=_parsed(frame, table, "end", _dates, "a date YYYY-MM-DD"),
    )
    faults = [
        fault for number, row in enumerate(frame.itertuples(index=False), start=1) for fault in _faults(row, number)
    ]
    twice = frame["claim_id"][frame["claim_id"].duplicated()]
    faults += [f"claim {name}, column 'claim_id': expected once, found again" for name in twice]
    if faults:
        raise ClaimsError("\n".join(f"{table}, {fault}" for fault in faults))
    return frame


def _dates(column: pd.Series) -> pd.Series:
    return pd.to_datetime(column, format=None if column.dtype.kind == "M" else "ISO8601").astype("datetime64[us]")


def _parsed(frame: pd.DataFrame, table: str, name: str, parse: Callable, expected: str) -> pd.Series:
    """Return a column parsed; name the first cell that cannot be."""
    try:
        return parse(frame[name])
    except (ValueError, TypeError):
        for number, (claim, cell) in enumerate(zip(frame["claim_id"], frame[name], strict=True), start=1):
            try:
                parse(pd.Series([cell]))
            except (ValueError, TypeError):
                raise ClaimsError(
                    f"{table}, row {number} (claim {claim}), column '{name}': expected {expected}, found {cell!r}"
                ) from None
        raise


def _faults(claim: Any, number: int) -> list[str]:
    """Return what is wrong with one claim, by column."""
    where = f"row {number} (claim {claim.claim_id})"
    found = []

    def expect(holds: bool, column: str, expected: str) -> None:
        if not holds:
            found.append(f"{where}, column '{column}': expected {expected}, found {getattr(claim, column)!r}")

    expect(isinstance(claim.claim_id, str) and bool(claim.claim_id), "claim_id", "an id")
    expect(claim.kind in KINDS, "kind", f"one of {', '.join(KINDS)}")
    if claim.kind in ("quantity", "arithmetic"):
        expect(given(claim.value), "value", f"the number of a claim of the kind {claim.kind}")
        expect(isinstance(claim.unit, str) and bool(claim.unit), "unit", "the unit of the number")
    if claim.kind == "date":
        expect(given(claim.start), "start", "the date of a claim of the kind date")
    if claim.kind == "list":
        expect(isinstance(claim.members, str) and bool(claim.members), "members", "the members of the list")
    expect(not given(claim.qualifier) or claim.qualifier in QUALIFIERS, "qualifier", f"one of {', '.join(QUALIFIERS)}")
    if given(claim.start):
        expect(claim.date_precision in PRECISIONS, "date_precision", f"one of {', '.join(PRECISIONS)}")
        expect(not given(claim.end) or claim.end >= claim.start, "end", f"no day before {claim.start:%Y-%m-%d}")
    return found


def checked_checks(checks: Mapping[str, Any], claims: Mapping[str, Any]) -> None:
    """Raise for a check of a claim that is not there, or one that is no function."""
    for name, check in checks.items():
        if name not in claims:
            raise unknown_name("claim", name, list(claims), "A check is named after a claim; audit()")
        if not callable(check):
            raise ClaimsError(f"checks, claim {name}: expected a function of load and claim, found {check!r}")


def checked_columns(frame: pd.DataFrame, table: str, names: tuple[str, ...]) -> pd.DataFrame:
    """Return *frame*; raise where it has rows and one of the columns *names* is missing."""
    missing = [name for name in names if name not in frame]
    if len(frame) and missing:
        raise ClaimsError(f"{table}: the columns {missing} are missing; found are {list(frame.columns)}")
    return frame


def checked_evidence(found: Any, where: str, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return what a check gave; raise where it is no evidence: no frame, columns or stances that are not known."""
    if not isinstance(found, pd.DataFrame):
        raise ClaimsError(f"{where}: expected a frame of evidence, found {type(found).__name__}")
    if extra := [name for name in found if name not in columns]:
        raise ClaimsError(f"{where}: the columns {extra} are no part of evidence; they are {list(columns)}")
    if missing := [name for name in ("source_id", "locator") if name not in found]:
        raise ClaimsError(f"{where}: the columns {missing} are missing: evidence names its source and the place in it")
    for number, stance in enumerate(found.get("stance", []), start=1):
        if given(stance) and stance not in STANCES:
            expected = ", ".join(STANCES)
            raise ClaimsError(f"{where}, row {number}, column 'stance': expected one of {expected}, found {stance!r}")
    return found
