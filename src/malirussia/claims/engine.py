"""The engine of the audit: evidence on each claim of a page, and the verdict that follows from it.

A page is a list of claims, a check for each, and what is known about dependence and origins (:class:`Page`). A check is
a function that takes ``load`` and the claim and returns rows of evidence, most easily made with :func:`select` or
:func:`rows`. The rule stands in :mod:`malirussia.claims.rule`, the units in :mod:`malirussia.claims.units`, who saw or
said it first in :mod:`malirussia.claims.origins`, the words of a verdict in :mod:`malirussia.claims.trace`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd

from malirussia.claims.inputs import ClaimsError, checked_checks, checked_claims, checked_columns, checked_evidence
from malirussia.claims.origins import Origins, publisher
from malirussia.claims.rule import STANCES, VERDICTS, Row, claimed, given, in_units, stances, verdict, witnesses
from malirussia.claims.trace import trace
from malirussia.collection import Collection
from malirussia.language import Phrase
from malirussia.package import Package, unknown_name

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
    "asked": "object",
    "source_id": "object",
    "locator": "object",
    "table": "object",
}
# What is taken from a row of another table: column of evidence, column of the table.
READ = {"start": "date"}
READ |= {name: name for name in ("value", "low", "high", "unit", "end", "date_precision", "source_id", "locator")}
NUMBERS = ("value", "low", "high")


class Tables:
    """What a check is given as ``load``: each table is read once, and the units of its columns are known.

    >>> load("trade_bilateral")
    """

    def __init__(self, package: Package):
        self._package = package
        self._read: dict[str, pd.DataFrame] = {}
        self._by_key: dict[str, dict[str, Any]] = {}

    def __call__(self, name: str) -> pd.DataFrame:
        """Return one table; checks change no frame that they load."""
        if name not in self._read:
            self._read[name] = self._package.load(name)
        return self._read[name]

    def unit(self, name: str, column: str) -> str | None:
        """Return the unit that the description of a table states for a column, or None."""
        fields = self._package.resource(name)["schema"]["fields"]
        return next((field.get("unit") for field in fields if field["name"] == column), None)

    def row(self, name: str, key: str) -> Any:
        """Return the first row of a table with this first key, as a named tuple, or None."""
        if name not in self._by_key:
            column = self._package.resource(name)["schema"]["primaryKey"][0]
            self._by_key[name] = {}
            for row in self(name).itertuples(index=False):
                self._by_key[name].setdefault(getattr(row, column), row)
        return self._by_key[name].get(key)


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
        Values for the columns of evidence (:data:`COLUMNS`): a series or one value for all rows. A number has a
        ``unit``; ``asked`` says in words what the check asks before it counts a row as supporting.
    """
    finding = pd.Series(columns.pop("finding", ""), index=frame.index, dtype="object").fillna("")
    made = {"source_id": frame["source_id"], "locator": frame["locator"], "table": table, "stance": stance}
    return pd.DataFrame({**made, "finding": finding, **columns}, index=frame.index)


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

    The unit of a number is the one that the description of the table states for its column.

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
        taken = {name: found[column] for name, column in columns.items()}
        if "unit" not in taken:
            taken |= _unit_of(load, table, found, [columns[name] for name in NUMBERS if name in columns])
        return rows(found, table, stance, **taken)

    check.__name__ = f"select({table!r}, {query!r})"
    return check


def _unit_of(load: Load, table: str, found: pd.DataFrame, numbers: list[str]) -> dict[str, Any]:
    """Return the unit of the first of the columns *numbers*, where the description of the table states one."""
    stated = load.unit(table, numbers[0]) if numbers and isinstance(load, Tables) else None
    if stated is None:
        return {}
    own = stated.removeprefix("see column ")
    return {"unit": stated if own == stated else found[own]}


def _text_of_date(column: str) -> re.Pattern:
    """Return what finds a comparison of *column* with a text by ``==``, ``!=`` or ``in``.

    pandas to 3.1 looks for the text among the dates and finds none: https://github.com/pandas-dev/pandas/issues/35595
    """
    name, text, equal = rf"\b{column}\b`?", r"[\[(]*\s*['\"]", "[=!]="
    return re.compile(rf"{name}\s*({equal}|(not\s+)?in\b)\s*{text}|['\"]\s*{equal}\s*`?{name}|{name}\.isin\(\s*{text}")


def both(*checks: Check) -> Check:
    """Return a check that gives the evidence of all *checks*."""

    def check(load: Load, claim: Any) -> pd.DataFrame:
        return pd.concat([one(load, claim) for one in checks], ignore_index=True)

    check.__name__ = f"both({', '.join(_named(one) for one in checks)})"
    return check


def _named(check: Check) -> str:
    return getattr(check, "__name__", repr(check))


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
    origins, publishers : pandas.DataFrame or str, optional
        Who saw or said first what a source says, and which names are one speaker; or the names of such tables.
    """

    claims: pd.DataFrame | str
    checks: Mapping[str, Check] = field(default_factory=dict)
    evidence: str | None = None
    dependence: pd.DataFrame | str | None = None
    origins: pd.DataFrame | str | None = None
    publishers: pd.DataFrame | str | None = None


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
        self.load = Tables(collection.package)
        self._found: dict[str, list[Row]] = {}

    def frame(self, part: pd.DataFrame | str | None) -> pd.DataFrame:
        """Return a part of the page: a frame as it is, a table by its name, nothing as a frame without rows."""
        if isinstance(part, pd.DataFrame):
            return part
        return self.load(part) if part else pd.DataFrame()

    @cached_property
    def claims(self) -> dict[str, Any]:
        """The claims by their id, with all that the rule asks of them."""
        frame = checked_claims(self.frame(self.page.claims))
        found = {row.claim_id: row for row in frame.itertuples(index=False)}
        checked_checks(self.page.checks, found)
        return found

    @cached_property
    def _origins(self) -> Origins:
        edges, speakers = self.frame(self.page.origins), self.frame(self.page.publishers)
        return Origins(
            checked_columns(edges, "origins", ("source_id", "scope", "follows", "origin")),
            checked_columns(speakers, "publishers", ("publisher", "speaker")),
        )

    @cached_property
    def _read(self) -> dict[str, list[Row]]:
        """The rows of the table of evidence by claim, with value and date from the table that they read."""
        found: dict[str, list[Row]] = {}
        if self.page.evidence is None:
            return found
        frame = self.load(self.page.evidence)
        plain = _records(frame, self.page.evidence)
        at = zip(frame["evidence_id"], frame["claim_id"], frame["table"], frame["row_id"], plain, strict=True)
        for evidence_id, claim_id, table, row_id, row in at:
            if claim_id not in self.claims:
                where = f"{self.page.evidence}, row {evidence_id}, column 'claim_id'"
                raise ClaimsError(f"{where}: expected a claim of {self.page.claims!r}, found {claim_id!r}")
            if given(table):
                row = self._reading(row, table, row_id)
            found.setdefault(claim_id, []).append(row)
        return found

    def _reading(self, row: Row, table: str, row_id: str) -> Row:
        """Return a row of evidence with what it reads in a row of another table."""
        read = self.load.row(table, row_id)
        if read is None:
            raise ClaimsError(f"{self.page.evidence}: the table {table!r} has no row {row_id!r} to read")
        taken: dict[str, Any] = {to: cell for to, of in READ.items() if given(cell := getattr(read, of, None))}
        return replace(row, table=table, **taken)

    def of(self, claim_id: str) -> list[Row]:
        """Return the rows that speak to one claim, with who published them and who saw or said it first.

        Raises
        ------
        ClaimsError
            The check of the claim fails, or gives what is no evidence.
        """
        if claim_id not in self._found:
            found = [*self._read.get(claim_id, []), *self._checked(claim_id)]
            self._found[claim_id] = [self._with_source(claim_id, row) for row in found]
        return self._found[claim_id]

    def _checked(self, claim_id: str) -> list[Row]:
        if claim_id not in self.page.checks:
            return []
        check, claim = self.page.checks[claim_id], self.claims[claim_id]
        where = f"claim {claim_id}, check {_named(check)}"
        try:
            made = check(self.load, claim)
        except (KeyError, AttributeError, NameError, TypeError) as error:
            raise ClaimsError(f"{where}: it ends in {type(error).__name__}: {error}") from error
        return _records(checked_evidence(made, where, COLUMNS), where=f"check {_named(check)}")

    def _with_source(self, claim_id: str, row: Row) -> Row:
        source = self.collection.bibliography.entry(row.source_id)
        row.finding = self.collection.language.phrase(row.finding) if given(row.finding) else ""
        row.publisher = publisher(source["publisher"])
        row.origin = self._origins.of(row.source_id, claim_id, source["publisher"])
        row.reliability = source["reliability"]
        return row


def _records(frame: pd.DataFrame, table: str | None = None, where: str = "") -> list[Row]:
    """Return the rows of a frame of evidence; a cell that holds nothing is None."""
    names = [name for name in COLUMNS if name in frame and not (table and name == "table")]
    made = []
    for cells in zip(*(frame[name].tolist() for name in names), strict=True):
        row = Row(table=table, check=where)
        for name, cell in zip(names, cells, strict=True):
            setattr(row, name, cell if given(cell) else None)
        made.append(row)
    return made


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
        if any(isinstance(part, pd.DataFrame) for part in (about.claims, about.origins, about.publishers)):
            return Evidence(self.collection, about)
        # What is kept holds the checks, so that no others can come to have their number.
        key = ("evidence", about.claims, about.evidence, about.origins, about.publishers, id(about.checks))
        return self.collection.once(key, lambda: Evidence(self.collection, about))

    @cached_property
    def _relation(self) -> dict[tuple[str, int], str]:
        columns = ("source_id", "page_paragraph", "relation")
        frame = checked_columns(self._evidence.frame(self.page.dependence), "dependence", columns)
        if frame.empty:
            return {}
        keys = zip(frame["source_id"], frame["page_paragraph"], strict=True)
        return dict(zip(keys, frame["relation"].astype("str"), strict=True))

    @cached_property
    def _judged(self) -> dict[str, list[Row]]:
        return {}

    def _rows(self, claim_id: str) -> list[Row]:
        """Return the rows that speak to one claim, judged; raise UnknownNameError for a claim that is not there."""
        claims = self._evidence.claims
        try:
            claim = claims[claim_id]
        except (KeyError, TypeError):
            raise unknown_name("claim", claim_id, list(claims), "audit()") from None
        if claim_id not in self._judged:
            self._judged[claim_id] = list(self._judge(claim, self._evidence.of(claim_id)))
        return self._judged[claim_id]

    def _judge(self, claim: Any, found: list[Row]) -> Iterator[Row]:
        page = getattr(claim, "source_id", None)
        related = [
            replace(
                in_units(claim, row),
                relation="page"
                if row.source_id == page
                else self._relation.get((row.source_id, claim.page_paragraph), "independent"),
                computed=not given(row.stance),
            )
            for row in found
        ]
        stance = stances(claim, related, self.strictness)
        made = (replace(row, stance=said) for row, said in zip(related, stance, strict=True))
        return iter(sorted(made, key=lambda row: STANCES.index(row.stance)))

    def evidence(self, claim_id: str) -> pd.DataFrame:
        """Return the rows that speak to one claim, judged; raise UnknownNameError for a claim that is not there."""
        columns = ["claim_id", *list(COLUMNS)[:11], "independent", "relation", "publisher", "origin", "reliability"]
        columns += list(COLUMNS)[11:]
        made = [
            {name: getattr(row, name) for name in columns if name != "claim_id"} | {"claim_id": claim_id}
            for row in self._rows(claim_id)
        ]
        return pd.DataFrame(made, columns=columns).astype({**COLUMNS, "independent": "bool"})

    def verdict(self, claim_id: str) -> dict[str, Any]:
        """Return verdict, confidence, number of rows, independent witnesses, reason and trace for one claim.

        The trace: ``rule`` that decided, ``witnesses`` by origin, ``thresholds``, and ``turn``, the nearest change
        that would turn the verdict.
        """
        found = self._rows(claim_id)
        claim = self._evidence.claims[claim_id]
        word, confidence = verdict(claim, found, checked=claim_id in self.page.checks)
        counted = {"evidence": len(found), "independent": len(witnesses(found))}
        told = trace(claim, found, word, self.strictness, self.collection.language)
        return {"verdict": word, "confidence": confidence, **counted, **told}

    def verdicts(self) -> pd.DataFrame:
        """Return one row a claim: the claim, its verdict and the trace of it."""
        about = ("claim_id", "theme", "kind", "statement")
        made = [
            {name: getattr(claim, name) for name in about}
            | {"claimed": claimed(claim, self.collection.language)}
            | self.verdict(claim_id)
            for claim_id, claim in self._evidence.claims.items()
        ]
        return pd.DataFrame(made).astype({"verdict": pd.CategoricalDtype(list(VERDICTS), ordered=True)})
