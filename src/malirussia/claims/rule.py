"""From evidence to a verdict: the rule, in words and in code.

A claim is held against rows of evidence. A row is one source that speaks to the claim, with a number, a date, a member
of a list, or our reading of its words.

1. Units. A number is compared in the unit of the claim; a unit that measures something else is an error.
2. Stance. A row *supports* a claim, supports it *partly* (a part of it, or a weaker form), *contradicts* it, or is
   *context* (scale, circumstances). It is computed wherever a number or a date decides:

   - date: within one day of the claim; a coarser date (a month, a span) that holds the claimed day supports partly;
   - quantity: within ten per cent, ranges by overlap, "at least" from below only; the claim may ask for less or none;
   - arithmetic: the number worked out again, within two per cent;
   - list: independent origins together name every member, each with a weight of one, or only some (partly);
   - event: dated inside the period that the claim speaks of; a date outside contradicts it;
   - characterisation: a threshold that the check states, or our reading, which stands in the table of evidence;
   - forecast: what it forecasts moved by ten per cent or more. Movement in time does not show a cause: partly at best.

3. Independence. The page itself, the text that it probably follows, other versions and copies of that text, and
   records with a common ancestor are no witnesses. The table ``claims_dependence`` lists them.
4. Witnesses. All rows of one origin (``claims_origins``: who saw or said it first) are one witness. Its rows of the
   best grade speak for it, by the least favourable of them; where these stand on both sides, it bears the claim out
   in part. A witness weighs one, a weak or contested one half.
5. Verdict. A witness in part is half a dissent, from either side. The claim is *confirmed* when the witnesses for the
   whole weigh at least one, and three times those against and half of those in part; *contradicted* when those against
   weigh as much the other way; else *disputed* with witnesses for the whole and against, or against alone, and *partly
   confirmed* in all other cases. No witness: *not independently confirmed*. Neither a check nor a row of evidence:
   *not checked*. A claim about which no fact can be found out is *not checkable*.
6. Confidence. High: a primary record, or two witnesses with a good one among them, and no witness on another side.
   Medium: one good witness, or the former with dissent; a claim without witness whose origin is known. Low: all else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from malirussia.claims.units import UnitError, factor
from malirussia.language import N_, Language, reader_language

VERDICTS = (
    N_("confirmed"),
    N_("partly confirmed"),
    N_("disputed"),
    N_("contradicted"),
    N_("not independently confirmed"),
    N_("not checked"),
    N_("not checkable"),
)
STANCES = (N_("supports"), N_("partly"), N_("contradicts"), N_("context"))
KINDS = ("date", "quantity", "arithmetic", "list", "event", "characterisation", "forecast")
# Days for dates, per cent of the value for the others.
TOLERANCE = {"date": 1.0, "quantity": 10.0, "arithmetic": 2.0, "forecast": 10.0}
OUTWEIGHS = 3.0
WEIGHT = {"primary": 1.0, "good": 1.0, "weak": 0.5, "contested": 0.5}
_GRADES = list(WEIGHT)


def given(value: Any) -> bool:
    """Say whether a cell holds something: neither None nor NaN, NaT or NA."""
    return value is not None and value is not pd.NA and value == value


@dataclass
class Row:
    """One row of evidence; what it does not hold is None. Numbers are in *unit*."""

    stance: Any = None
    finding: Any = ""
    value: Any = None
    low: Any = None
    high: Any = None
    unit: Any = None
    start: Any = None
    end: Any = None
    date_precision: Any = None
    member: Any = None
    asked: Any = None
    source_id: str = ""
    locator: Any = None
    table: Any = None
    publisher: str = ""
    origin: str = ""
    reliability: str = "good"
    relation: str = "independent"
    check: str = ""
    computed: bool = False

    @property
    def independent(self) -> bool:
        """Whether the row may be a witness of the page."""
        return self.relation == "independent"


@dataclass(frozen=True)
class Witness:
    """What one origin says of a claim, in one voice; of its ``rows`` those of its stance stand first."""

    origin: str
    stance: str
    weight: float
    primary: bool
    rows: tuple[Row, ...] = ()


def tolerance(claim: Any, strictness: float = 1.0) -> float:
    """Return the tolerance of a claim: days for a date, else per cent of its value."""
    own = getattr(claim, "tolerance_pct", None)
    default = TOLERANCE.get(claim.kind, TOLERANCE["quantity"])
    return float(own if own is not None and given(own) else default) / strictness


def in_units(claim: Any, row: Row) -> Row:
    """Return the row with its numbers in the unit of the claim, where it is compared with it.

    Raises
    ------
    UnitError
        The two units measure different things; names claim, both units, and the check or table of the row.
    """
    numbers = [name for name in ("value", "low", "high") if given(getattr(row, name))]
    if given(row.stance) or not numbers or claim.kind not in ("quantity", "arithmetic", "forecast"):
        return row
    into = "percent" if claim.kind == "forecast" else claim.unit
    if not given(into) or row.unit == into:
        return row
    where = f"claim {claim.claim_id}, {row.check or f'table {row.table}'}, source {row.source_id!r}"
    amount = f"{getattr(row, numbers[0]):,g}"
    if not given(row.unit):
        raise UnitError(f"{where}: {amount} has no unit, and the claim is in {into!r}")
    try:
        by = factor(row.unit, into)
    except UnitError as error:
        claimed_amount = f"{claim.value:,g} {into}" if claim.kind != "forecast" else into
        raise UnitError(f"{where}: {amount} {row.unit} against {claimed_amount}: {error}") from None
    return replace(row, unit=into, **{name: getattr(row, name) * by for name in numbers})


def stances(claim: Any, rows: Sequence[Row], strictness: float = 1.0) -> list[str]:
    """Return the stance of each of the *rows* on *claim*: the coded one, else the computed one.

    Parameters
    ----------
    claim : named tuple
        One row of the table ``claims``.
    rows : sequence of Row
        Evidence, its numbers in the unit of the claim (:func:`in_units`).
    strictness : float
        Divides the tolerances: 2 halves them.
    """
    if claim.kind == "list":
        computed = _members(claim, rows)
    else:
        compare = {"date": _date, "event": _event, "forecast": _forecast}.get(claim.kind, _quantity)
        computed = ["" if given(row.stance) else compare(claim, row, strictness) for row in rows]
    return [row.stance if given(row.stance) else found for row, found in zip(rows, computed, strict=True)]


def bounds(claim: Any, strictness: float = 1.0) -> tuple[float, float]:
    """Return the lowest and the highest number that bear out a quantity."""
    margin = abs(claim.value) * tolerance(claim, strictness) / 100
    return claim.value - margin, float("inf") if claim.qualifier == "at_least" else claim.value + margin


def _quantity(claim: Any, row: Row, strictness: float) -> str:
    low = row.low if given(row.low) else row.value
    high = row.high if given(row.high) else row.value
    if not given(claim.value) or not (given(low) and given(high)):
        return "context"
    least, most = bounds(claim, strictness)
    return "contradicts" if high < least or low > most else "supports"


def _forecast(claim: Any, row: Row, strictness: float) -> str:
    if not given(row.value) or abs(row.value) < tolerance(claim, 1 / strictness):
        return "context"
    return "partly" if row.value > 0 else "contradicts"


def _span(start: pd.Timestamp, end: Any, precision: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return first and last day of a date known to a day, month or year."""
    if given(end):
        return start, end
    offset = {"month": pd.offsets.MonthEnd(0), "year": pd.offsets.YearEnd(0)}.get(precision)
    return start, start + offset if offset is not None else start


def _date(claim: Any, row: Row, strictness: float) -> str:
    if not given(row.start):
        return "context"
    margin = pd.Timedelta(days=TOLERANCE["date"] / strictness)
    start, end = _span(claim.start, claim.end, claim.date_precision)
    first, last = _span(row.start, row.end, row.date_precision)
    if first > end + margin or last < start - margin:
        return "contradicts"
    return "supports" if first >= start - margin and last <= end + margin else "partly"


def _event(claim: Any, row: Row, strictness: float) -> str:
    found = _date(claim, row, strictness) if given(claim.start) else "context"
    return "supports" if found == "partly" else found


def _members(claim: Any, rows: Sequence[Row]) -> list[str]:
    """Members that independent origins name with a weight of one together are on record; one weak source is too few."""
    wanted = set(claim.members.split(";")) if isinstance(claim.members, str) else set()
    named: dict[str, dict[str, float]] = {}
    for row in rows:
        if row.independent and row.member in wanted:
            by = named.setdefault(row.member, {})
            by[row.origin] = max(by.get(row.origin, 0), WEIGHT[row.reliability])
    whole = all(sum(named.get(member, {}).values()) >= 1 for member in wanted)
    return ["context" if row.member not in wanted else "supports" if whole else "partly" for row in rows]


def witnesses(rows: Sequence[Row]) -> list[Witness]:
    """Return the origins that speak to the claim, each with one voice, the best graded first."""
    speaking: dict[str, list[Row]] = {}
    for row in rows:
        if row.independent and row.stance != "context":
            speaking.setdefault(row.origin, []).append(row)
    found = []
    for origin, own in speaking.items():
        best = min(_GRADES.index(row.reliability) for row in own)
        voices = [row for row in own if _GRADES.index(row.reliability) == best]
        said = _voice({row.stance for row in voices})
        voices.sort(key=lambda row: row.stance != said)
        found.append((best, Witness(origin, said, WEIGHT[_GRADES[best]], best == 0, tuple(voices))))
    return [witness for _, witness in sorted(found, key=lambda pair: pair[0])]


def _voice(said: set[str]) -> str:
    if said >= {"supports", "contradicts"}:
        return "partly"
    return next(stance for stance in ("contradicts", "partly", "supports") if stance in said)


def weights(found: Sequence[Witness]) -> tuple[float, float, float]:
    """Return what the witnesses for the whole, for a part and against weigh together."""
    whole, part, against = (sum(one.weight for one in found if one.stance == stance) for stance in STANCES[:3])
    return whole, part, against


def decide(whole: float, part: float, against: float) -> str:
    """Return the verdict of witnesses who weigh so much for the whole, for a part and against; see the rule."""
    if not (whole or part or against):
        return "not independently confirmed"
    if whole >= max(1, OUTWEIGHS * (against + part / 2)):
        return "confirmed"
    if against >= max(1, OUTWEIGHS * (whole + part / 2)):
        return "contradicted"
    return "disputed" if against and (whole or not part) else "partly confirmed"


def verdict(claim: Any, rows: Sequence[Row], *, checked: bool = True) -> tuple[str, str]:
    """Return verdict and confidence for *claim* from judged *rows*; *checked* says that it has a check."""
    if not claim.checkable:
        return "not checkable", "high"
    if not rows and not checked:
        return "not checked", "low"
    found = witnesses(rows)
    word = decide(*weights(found))
    return word, _confidence(word, rows, found)


def _confidence(word: str, rows: Sequence[Row], found: Sequence[Witness]) -> str:
    if word == "not independently confirmed":
        return "medium" if any(row.relation == "origin" for row in rows) else "low"
    if word == "disputed":
        return "low"
    side = {"confirmed": "supports", "partly confirmed": "partly", "contradicted": "contradicts"}[word]
    own = [one for one in found if one.stance == side]
    good = any(one.weight == 1 for one in own)
    strong = any(one.primary for one in own) or (good and len(own) > 1)
    if strong and len(own) == len(found):
        return "high"
    return "medium" if good else "low"


def day(date: pd.Timestamp, precision: str, language: Language) -> str:
    """Return a date in words, as far as it is known."""
    _ = language.gettext
    words = {"month": _("{date:%B %Y}"), "year": "{date:%Y}"}.get(precision, _("{date.day} {date:%B %Y}"))
    return language.fill(words, date=date)


def span(texts: Iterable[str], language: Language) -> str:
    """Return one text as it is, two as the ends of a span."""
    first, *rest = dict.fromkeys(texts)
    return language.gettext("{first} to {last}").format(first=first, last=rest[0]) if rest else first


def claimed(claim: Any, language: Language | None = None) -> str:
    """Return the number or the date of a claim in words; an empty text if it has neither."""
    language = language or reader_language()
    _ = language.gettext
    if given(claim.value):
        words = {"about": _("about {number} {unit}"), "at_least": _("at least {number} {unit}")}
        number = language.format(claim.value, ",g")
        return words.get(claim.qualifier, "{number} {unit}").format(number=number, unit=claim.unit)
    ends = [date for date in (claim.start, claim.end) if given(date)]
    return span((day(date, claim.date_precision, language) for date in ends), language) if ends else ""
