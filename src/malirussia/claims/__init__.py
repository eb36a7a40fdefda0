"""The claims audit: from a list of claims and the tables to verdicts, with the evidence at hand.

>>> from malirussia import audit, evidence
>>> audit()           # a verdict on each claim of the GlobalSecurity page, with its trace
>>> evidence("C37")   # the rows behind one of them

The rule stands in :mod:`malirussia.claims.rule`, the engine in :mod:`malirussia.claims.engine`; a page with its checks
is a folder beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypedDict, Unpack

import pandas as pd

from malirussia.claims.engine import Audit, Check, Load, Page, both, rows, select
from malirussia.claims.inputs import ClaimsError
from malirussia.claims.origins import OriginError
from malirussia.claims.units import UnitError
from malirussia.collection import Collection

__all__ = [
    "Asked",
    "Audit",
    "Check",
    "ClaimsError",
    "Load",
    "OriginError",
    "Page",
    "UnitError",
    "audit",
    "both",
    "evidence",
    "rows",
    "select",
]


class Asked(TypedDict, total=False):
    """What may be asked of an audit, each by its name; what is left out is that of the collection's own page.

    Attributes
    ----------
    claims : pandas.DataFrame
        Claims of another page, with the columns of the table ``claims`` that they need.
    checks : mapping
        Claim id to check.
    dependence : pandas.DataFrame
        Sources that are no witness of a paragraph, like the table ``claims_dependence``; a frame without rows for none.
    origins : pandas.DataFrame
        Who saw or said it first, like the table ``claims_origins``; a frame without rows where publishers count.
    strictness : float
        Divides the tolerances; 1 where it is left out.
    """

    claims: pd.DataFrame
    checks: Mapping[str, Check]
    dependence: pd.DataFrame
    origins: pd.DataFrame
    strictness: float


def _audit(collection: Collection, asked: Asked) -> Audit:
    """Return the audit that is asked for; that of the collection's own page, as it stands, is made once."""
    from malirussia.claims.globalsecurity import PAGE

    if unknown := asked.keys() - Asked.__annotations__.keys():
        raise TypeError(f"an audit has no argument {sorted(unknown)}; it has {list(Asked.__annotations__)}")
    parts = {name: part for name, part in asked.items() if part is not None}
    strictness = float(parts.pop("strictness", 1.0))  # type: ignore[arg-type]
    if not parts:
        return collection.once(("audit", strictness), lambda: Audit(collection, PAGE, strictness))
    page = Page(parts["claims"], origins=PAGE.origins, publishers=PAGE.publishers) if "claims" in parts else PAGE
    return Audit(collection, replace(page, **parts), strictness)  # type: ignore[arg-type]


def audit(collection: Collection, **asked: Unpack[Asked]) -> pd.DataFrame:
    """Return the verdicts as a frame, one row a claim; :class:`Asked` says what can be given.

    Returns
    -------
    pandas.DataFrame
        Columns ``claim_id``, ``theme``, ``kind``, ``statement``, ``claimed``, ``verdict`` (a category), ``confidence``,
        ``evidence`` (rows), ``independent`` (witnesses: origins, not texts), ``reason``, and the trace: ``rule`` that
        decided, ``witnesses`` by origin, ``thresholds``, ``turn`` (the nearest change that would turn the verdict).

    Raises
    ------
    ClaimsError
        Claims, checks or evidence do not have their form; names table, row and column.
    UnitError
        A number is held against a claim in a unit that measures something else; names claim, both units, the check.
    """
    return _audit(collection, asked).verdicts()


def evidence(collection: Collection, claim_id: str, **asked: Unpack[Asked]) -> pd.DataFrame:
    """Return the rows of evidence on one claim, each with its stance, source, origin and place; see :func:`audit`."""
    return _audit(collection, asked).evidence(claim_id)
