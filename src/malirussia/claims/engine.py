"""The engine of the audit: evidence on each claim of a page, and the verdict that follows from it.

A page is a list of claims, a check for each, and what is known about dependence (:class:`Page`). A check is a function
that takes ``load`` and the claim and returns rows of evidence, most easily made with :func:`select` or :func:`rows`.
The rule stands in :mod:`malirussia.claims.rule`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import pandas as pd

from malirussia.claims.rule import STANCES, VERDICTS, claimed, publisher, stances, verdict
from malirussia.collection import Collection
from malirussia.language import Phrase
from malirussia.package import unknown_name

Load = Callable[[str], pd.DataFrame]
Check = Callable[[Load, Any], pd.DataFrame]

# What a row of evidence may hold; a check gives those that it has.
COLUMNS = {
    "stance": "object",
    "finding": "object",
    "value": "float64",
    "low": "float64",
    "high": "float64",
    "unit": "object",
    "start": "datetime64[us]",
    "end": "datetime64[us]",
    "date_precision": "object",
    "member": "object",
    "source_id": "object",
    "locator": "object",
    "table": "object",
}
# What is taken from a row of another table: column of evidence, column of the table.
READ = {"start": "date"}
READ |= {name: name for name in ("value", "low", "high", "unit", "end", "date_precision", "source_id", "locator")}


def rows(frame: pd.DataFrame, table: str, stance: object = None, **columns: object) -> pd.DataFrame:
    """Return rows of *table* as evidence.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows of the table, with its ``source_id`` and ``locator``.
    table : str
        Its name, for the reader of the evidence.
    stance : str or sequence, optional
        One of :data:`malirussia.claims.rule.STANCES` for all rows or for each; left out where the rule computes it.
    **columns
        Values for the columns of evidence (:data:`COLUMNS`): a series or one value for all rows.
    """
    finding = pd.Series(columns.pop("finding", ""), index=frame.index, dtype="object")
    made = {"source_id": frame["source_id"], "locator": frame["locator"], "table": table, "stance": stance}
    made = pd.DataFrame(made | columns, index=frame.index).reindex(columns=list(COLUMNS)).astype(COLUMNS)
    return made.assign(finding=finding.fillna(""))


def say(template: str, **values: object) -> Phrase | pd.Series:
    """Return what a check found in words, for each row where a value is a column; the audit says it to its reader.

    >>> rows(found, "events", finding=say("meeting in {year}", year=found["date"].dt.year))
    """
    index = next((value.index for value in values.values() if isinstance(value, pd.Series)), None)
    if index is None:
        return Phrase(template, **values)
    columns = {name: value if isinstance(value, pd.Series) else [value] * len(index) for name, value in values.items()}
    parts = zip(*columns.values(), strict=True)
    return pd.Series([Phrase(template, **dict(zip(columns, part, strict=True))) for part in parts], index, "object")


def select(table: str, query: str, stance: str | None = None, **columns: str) -> Check:
    """Return a check that takes the rows of *table* that fit *query*; *columns* name the table's columns to use.

    >>> select("trade_bilateral", "year == 2013 and series == 'raw'", value="value_musd")

    The check raises LookupError when no row fits, so that a renamed key does not pass for missing evidence, and
    ValueError for a query that compares dates in a way that pandas gets wrong.
    """

    def check(load: Load, claim: Any) -> pd.DataFrame:
        frame = load(table)
        for name in frame.select_dtypes("datetime").columns:
            if _text_of_date(name).search(query):
                raise ValueError(
                    f"claim {claim.claim_id}: in {query!r} the dates of {table!r} are compared with a text, and pandas "
                    f"finds none that way; write {name}.eq('2021-12-13') or {name} >= '2021-12-13'"
                )
        found = frame.query(query)
        if found.empty:
            raise LookupError(f"claim {claim.claim_id}: no row of {table!r} fits {query!r}")
        return rows(found, table, stance, **{name: found[column] for name, column in columns.items()})

    return check


def _text_of_date(column: str) -> re.Pattern:
    """Return what finds a comparison of *column* with a text by ``==``, ``!=`` or ``in``.

    pandas to 3.1 looks for the text among the dates and finds none: https://github.com/pandas-dev/pandas/issues/35595
    """
    name, text, equal = rf"\b{column}\b`?", r"[\[(]*\s*['\"]", "[=!]="
    return re.compile(rf"{name}\s*({equal}|(not\s+)?in\b)\s*{text}|['\"]\s*{equal}\s*`?{name}|{name}\.isin\(\s*{text}")


def both(*checks: Check) -> Check:
    """Return a check that gives the evidence of all *checks*."""
    return lambda load, claim: pd.concat([check(load, claim) for check in checks])


@dataclass(frozen=True)
class Page:
    """A page to audit.

    Attributes
    ----------
    claims : pandas.DataFrame or str
        The claims, with the columns of the table ``claims`` that they need; or the name of a table.
    checks : mapping
        Claim id to check. A claim without one rests on the table of evidence alone.
    evidence, dependence : str, optional
        Names of the tables of evidence that was read and judged, and of sources that are no witness of a paragraph.
    """

    claims: pd.DataFrame | str
    checks: Mapping[str, Check] = field(default_factory=dict)
    evidence: str | None = None
    dependence: pd.DataFrame | str | None = None


class Evidence:
    """The rows that speak to each claim of a page, before they are judged; each table is read once.

    Parameters
    ----------
    collection : Collection
    page : Page
    """

    def __init__(self, collection: Collection, page: Page):
        self.collection = collection
        self.page = page
        self.load: Load = cache(collection.package.load)
        self._found: dict[str, pd.DataFrame] = {}

    def frame(self, part: pd.DataFrame | str | None) -> pd.DataFrame:
        """Return a part of the page: a frame as it is, a table by its name, nothing as a frame without rows."""
        if isinstance(part, pd.DataFrame):
            return part
        return self.load(part) if part else pd.DataFrame()

    @cached_property
    def claims(self) -> dict[str, Any]:
        """The claims by their id, with all that the rule asks of them."""
        frame = self.frame(self.page.claims)
        blank = {"value": float("nan"), "qualifier": None, "members": None, "checkable": True, "note": ""}
        blank |= {"start": pd.NaT, "end": pd.NaT, "date_precision": "day", "unit": "", "page_paragraph": 0}
        frame = frame.assign(**{name: value for name, value in blank.items() if name not in frame})
        return {row.claim_id: row for row in frame.itertuples(index=False)}

    @cached_property
    def _read(self) -> pd.DataFrame:
        """The rows of the table of evidence, with value and date from the table that they read."""
        if self.page.evidence is None:
            return pd.DataFrame(columns=["claim_id", *COLUMNS])
        frame = self.load(self.page.evidence)
        parts = [frame[frame["table"].isna()]]
        for name, group in frame.groupby("table"):
            key = self.collection.package.resource(name)["schema"]["primaryKey"][0]
            read = self.load(name).set_index(key).loc[group["row_id"]]
            parts.append(group.assign(**{to: read[of].to_numpy() for to, of in READ.items() if of in read}))
        return pd.concat(parts)

    def of(self, claim_id: str) -> pd.DataFrame:
        """Return the rows that speak to one claim, with who published them."""
        if claim_id not in self._found:
            self._found[claim_id] = self._find(claim_id)
        return self._found[claim_id]

    def _find(self, claim_id: str) -> pd.DataFrame:
        read = self._read[self._read["claim_id"] == claim_id]
        parts = [rows(read, "claims_evidence", **read[[name for name in COLUMNS if name in read and name != "table"]])]
        parts[0]["table"] = read["table"].fillna("claims_evidence").astype("object")
        if claim_id in self.page.checks:
            parts.append(self.page.checks[claim_id](self.load, self.claims[claim_id]))
        found = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
        sources = [self.collection.bibliography.entry(source) for source in found["source_id"]]
        return found.assign(
            finding=found["finding"].map(self.collection.language.phrase).astype("object"),
            claim_id=claim_id,
            publisher=[publisher(source["publisher"]) for source in sources],
            reliability=[source["reliability"] for source in sources],
        )


@dataclass(frozen=True)
class Audit:
    """The audit of one page.

    Attributes
    ----------
    collection : Collection
        Where the tables are.
    page : Page
    strictness : float
        Divides the tolerances.
    """

    collection: Collection
    page: Page
    strictness: float = 1.0

    @cached_property
    def _evidence(self) -> Evidence:
        """The evidence, which other audits of the same claims and checks share."""
        about = self.page
        if not isinstance(about.claims, str):
            return Evidence(self.collection, about)
        # What is kept holds the checks, so that no others can come to have their number.
        key = ("evidence", about.claims, about.evidence, id(about.checks))
        return self.collection.once(key, lambda: Evidence(self.collection, about))

    @cached_property
    def _relation(self) -> dict[tuple[str, int], str]:
        frame = self._evidence.frame(self.page.dependence)
        if frame.empty:
            return {}
        keys = zip(frame["source_id"], frame["page_paragraph"], strict=True)
        return dict(zip(keys, frame["relation"].astype("str"), strict=True))

    @cached_property
    def _judged(self) -> dict[str, pd.DataFrame]:
        return {}

    def evidence(self, claim_id: str) -> pd.DataFrame:
        """Return the rows that speak to one claim, judged; raise UnknownNameError for a claim that is not there."""
        claims = self._evidence.claims
        try:
            claim = claims[claim_id]
        except (KeyError, TypeError):
            raise unknown_name("claim", claim_id, list(claims), "audit()") from None
        if claim_id not in self._judged:
            self._judged[claim_id] = self._judge(claim, self._evidence.of(claim_id))
        return self._judged[claim_id].copy()

    def _judge(self, claim: Any, found: pd.DataFrame) -> pd.DataFrame:
        page = getattr(claim, "source_id", None)
        relation = [
            "page" if source == page else self._relation.get((source, claim.page_paragraph), "independent")
            for source in found["source_id"]
        ]
        independent = pd.Series([one == "independent" for one in relation], dtype="bool")
        found = found.assign(relation=relation, independent=independent)
        found["stance"] = stances(claim, found, self.strictness)
        order = found["stance"].map({stance: place for place, stance in enumerate(STANCES)})
        columns = ["claim_id", "stance", "finding", *list(COLUMNS)[2:10], "independent", "relation"]
        columns += ["publisher", "reliability", *list(COLUMNS)[10:]]
        return found.iloc[order.argsort(kind="stable")][columns].reset_index(drop=True)

    def verdict(self, claim_id: str) -> dict[str, Any]:
        """Return verdict, confidence, number of rows, independent witnesses and reason for one claim."""
        judged = self.evidence(claim_id)
        return verdict(self._evidence.claims[claim_id], judged, self.collection.language)

    def verdicts(self) -> pd.DataFrame:
        """Return one row a claim: the claim and its verdict."""
        about = ("claim_id", "theme", "kind", "statement")
        made = [
            {name: getattr(claim, name) for name in about}
            | {"claimed": claimed(claim, self.collection.language)}
            | self.verdict(claim_id)
            for claim_id, claim in self._evidence.claims.items()
        ]
        return pd.DataFrame(made).astype({"verdict": pd.CategoricalDtype(list(VERDICTS), ordered=True)})
