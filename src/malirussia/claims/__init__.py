"""The claims audit: from a list of claims and the tables to verdicts, with the evidence at hand.

>>> from malirussia import audit, evidence
>>> audit()           # a verdict on each claim of the GlobalSecurity page
>>> evidence("C37")   # the rows behind one of them

The rule stands in :mod:`malirussia.claims.rule`, the engine in :mod:`malirussia.claims.engine`; a page with its checks
is a folder beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from malirussia.claims.engine import Audit, Check, Load, Page, both, rows, select
from malirussia.collection import Collection

__all__ = ["Audit", "Check", "Load", "Page", "audit", "both", "evidence", "rows", "select"]


def _page(claims: pd.DataFrame | None, **parts: Any) -> Page:
    """Return the page of the collection, or one of other *claims*, with those *parts* that are given."""
    from malirussia.claims.globalsecurity import PAGE

    page = PAGE if claims is None else Page(claims)
    return replace(page, **{name: part for name, part in parts.items() if part is not None})


def _audit(
    collection: Collection,
    claims: pd.DataFrame | None,
    checks: Mapping[str, Check] | None,
    dependence: pd.DataFrame | None,
    strictness: float,
) -> Audit:
    """Return the audit that is asked for; that of the collection's own page, as it stands, is made once."""
    if claims is None and checks is None and dependence is None:
        return collection.once(("audit", strictness), lambda: Audit(collection, _page(None), strictness))
    return Audit(collection, _page(claims, checks=checks, dependence=dependence), strictness)


def audit(
    collection: Collection,
    claims: pd.DataFrame | None = None,
    checks: Mapping[str, Check] | None = None,
    dependence: pd.DataFrame | None = None,
    strictness: float = 1.0,
) -> pd.DataFrame:
    """Return the verdicts as a frame, one row a claim.

    Parameters
    ----------
    claims : pandas.DataFrame, optional
        Claims of another page, with the columns of the table ``claims`` that they need.
    checks : mapping, optional
        Claim id to check.
    dependence : pandas.DataFrame, optional
        Sources that are no witness of a paragraph, like the table ``claims_dependence``; a frame without rows for none.
    strictness : float
        Divides the tolerances.
    """
    return _audit(collection, claims, checks, dependence, strictness).verdicts()


def evidence(
    collection: Collection,
    claim_id: str,
    claims: pd.DataFrame | None = None,
    checks: Mapping[str, Check] | None = None,
    dependence: pd.DataFrame | None = None,
    strictness: float = 1.0,
) -> pd.DataFrame:
    """Return the rows of evidence on one claim, each with its stance, source and place; see :func:`audit`."""
    return _audit(collection, claims, checks, dependence, strictness).evidence(claim_id)
