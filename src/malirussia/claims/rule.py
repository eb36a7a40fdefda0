"""From evidence to a verdict: the rule, in words and in code.

A claim is held against rows of evidence. A row is one source that speaks to the claim, with a number, a date, a member
of a list, or our reading of its words.

1. Stance. A row *supports* a claim, supports it *partly* (a part of it, or a weaker form), *contradicts* it, or is
   *context* (scale, circumstances). It is computed wherever a number or a date decides:

   - date: within one day of the claim; a coarser date (a month, a span) that holds the claimed day supports partly;
   - quantity: within ten per cent, ranges by overlap, "at least" from below only; the claim may ask for less or none;
   - arithmetic: the number worked out again, within two per cent;
   - list: the independent sources together name every member, or only some (partly);
   - event: dated inside the period that the claim speaks of; a date outside contradicts it;
   - characterisation: a threshold that the check states, or our reading, which stands in the table of evidence;
   - forecast: what it forecasts moved by ten per cent or more. Movement in time does not show a cause: partly at best.

2. Independence. The page itself, the text that it probably follows, other versions and copies of that text, and
   records with a common ancestor are no witnesses. The table ``claims_dependence`` lists them.
3. Witnesses. Rows of one publisher are one witness, with the best reliability among them.
4. Verdict. No witness: *not independently confirmed*. Witnesses for the whole claim only: *confirmed*; against it
   only: *contradicted*; for a part, whatever is said against the rest: *partly confirmed*; for the whole and against:
   *disputed*, unless one side weighs three times the other (a weak or contested source weighs half).
   A claim about which no fact can be found out is *not checkable*.
5. Confidence. High: a primary record, or two witnesses with a good one among them, and no dissent. Medium: one good
   witness, or the former with dissent; a claim without witness whose origin is known. Low: all else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

from malirussia.language import ENGLISH, N_, Language, reader_language

VERDICTS = (
    N_("confirmed"),
    N_("partly confirmed"),
    N_("disputed"),
    N_("contradicted"),
    N_("not independently confirmed"),
    N_("not checkable"),
)
STANCES = (N_("supports"), N_("partly"), N_("contradicts"), N_("context"))
# Days for dates, per cent of the value for the others.
TOLERANCE = {"date": 1.0, "quantity": 10.0, "arithmetic": 2.0, "forecast": 10.0}
OUTWEIGHS = 3.0
WEIGHT = {"primary": 1.0, "good": 1.0, "weak": 0.5, "contested": 0.5}


def publisher(name: str) -> str:
    """Return who speaks: the name without the outlet that carries it or the office that files it."""
    return re.split(r", (?:[a-z]|Office|Economic|Vestnik)| \(", name)[0]


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
    if pd.notna(claim.value):
        words = {"about": _("about {number} {unit}"), "at_least": _("at least {number} {unit}")}
        number = language.format(claim.value, ",g")
        return words.get(claim.qualifier, "{number} {unit}").format(number=number, unit=claim.unit)
    ends = [date for date in (claim.start, claim.end) if pd.notna(date)]
    return span((day(date, claim.date_precision, language) for date in ends), language) if ends else ""


def stances(claim: Any, rows: pd.DataFrame, strictness: float = 1.0) -> pd.Series:
    """Return the stance of each of the *rows* on *claim*: the coded one, else the computed one.

    Parameters
    ----------
    claim : named tuple
        One row of the table ``claims``.
    rows : pandas.DataFrame
        Evidence with the columns of :data:`malirussia.claims.engine.COLUMNS`.
    strictness : float
        Divides the tolerances: 2 halves them.
    """
    if claim.kind == "list":
        computed = _members(claim, rows)
    else:
        compare = {"date": _date, "event": _event, "forecast": _forecast}.get(claim.kind, _quantity)
        computed = pd.Series(
            [compare(claim, row, strictness) for row in rows.itertuples()], index=rows.index, dtype="object"
        )
    return rows["stance"].astype("object").where(rows["stance"].notna(), computed)


def _tolerance(claim: Any, strictness: float) -> float:
    own = getattr(claim, "tolerance_pct", None)
    default = TOLERANCE.get(claim.kind, TOLERANCE["quantity"])
    return (default if own is None or pd.isna(own) else own) / strictness


def _quantity(claim: Any, row: Any, strictness: float) -> str:
    low = row.low if pd.notna(row.low) else row.value
    high = row.high if pd.notna(row.high) else row.value
    if pd.isna(low) or pd.isna(claim.value):
        return "context"
    margin = abs(claim.value) * _tolerance(claim, strictness) / 100
    too_low = high < claim.value - margin
    too_high = low > claim.value + margin and claim.qualifier != "at_least"
    return "contradicts" if too_low or too_high else "supports"


def _forecast(claim: Any, row: Any, strictness: float) -> str:
    if pd.isna(row.value) or abs(row.value) < _tolerance(claim, 1 / strictness):
        return "context"
    return "partly" if row.value > 0 else "contradicts"


def _span(start: pd.Timestamp, end: pd.Timestamp, precision: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return first and last day of a date known to a day, month or year."""
    if pd.notna(end):
        return start, end
    offset = {"month": pd.offsets.MonthEnd(0), "year": pd.offsets.YearEnd(0)}.get(precision)
    return start, start + offset if offset is not None else start


def _date(claim: Any, row: Any, strictness: float) -> str:
    if pd.isna(row.start):
        return "context"
    margin = pd.Timedelta(days=TOLERANCE["date"] / strictness)
    start, end = _span(claim.start, claim.end, claim.date_precision)
    first, last = _span(row.start, row.end, row.date_precision)
    if first > end + margin or last < start - margin:
        return "contradicts"
    return "supports" if first >= start - margin and last <= end + margin else "partly"


def _event(claim: Any, row: Any, strictness: float) -> str:
    found = _date(claim, row, strictness) if pd.notna(claim.start) else "context"
    return "supports" if found == "partly" else found


def _members(claim: Any, rows: pd.DataFrame) -> pd.Series:
    wanted = set(claim.members.split(";")) if isinstance(claim.members, str) else set()
    listed = rows["member"].isin(wanted)
    missing = wanted - set(rows.loc[rows["independent"], "member"].dropna())
    return pd.Series("context", index=rows.index, dtype="object").mask(listed, "partly" if missing else "supports")


def verdict(claim: Any, rows: pd.DataFrame, language: Language = ENGLISH) -> dict:
    """Return verdict, confidence, counts and reason for *claim* from judged *rows* of evidence.

    The reason is a sentence in the *language*; the verdict is one of :data:`VERDICTS` in any.
    """
    rows = rows.assign(weight=rows["reliability"].map(WEIGHT))
    best_first = rows.iloc[rows["reliability"].map(list(WEIGHT).index).argsort(kind="stable")]
    witnesses = {
        stance: best_first[best_first["independent"] & (best_first["stance"] == stance)]
        .groupby("publisher", sort=False)["weight"]
        .max()
        for stance in ("supports", "partly", "contradicts")
    }
    whole, part, against = witnesses.values()
    if not claim.checkable:
        found = "not checkable"
    elif whole.empty and part.empty and against.empty:
        found = "not independently confirmed"
    elif against.empty or whole.sum() >= OUTWEIGHS * against.sum():
        found = "confirmed" if whole.sum() >= 1 else "partly confirmed"
    elif whole.empty and not part.empty:
        found = "partly confirmed"
    else:
        found = "contradicted" if against.sum() >= max(1, OUTWEIGHS * whole.sum()) else "disputed"
    return {
        "verdict": found,
        "confidence": _confidence(found, rows, witnesses),
        "evidence": len(rows),
        "independent": len(set(whole.index) | set(part.index) | set(against.index)),
        "reason": _reason(found, claim, rows, witnesses, language),
    }


def _confidence(found: str, rows: pd.DataFrame, witnesses: dict[str, pd.Series]) -> str:
    if found == "not checkable":
        return "high"
    if found == "not independently confirmed":
        return "medium" if (rows["relation"] == "origin").any() else "low"
    if found == "disputed":
        return "low"
    side = {"confirmed": "supports", "partly confirmed": "partly", "contradicted": "contradicts"}[found]
    names = witnesses[side]
    own = rows[rows["independent"] & (rows["stance"] == side)]
    strong = (own["reliability"] == "primary").any() or (len(names) > 1 and names.max() == 1)
    dissent = any(len(others) for stance, others in witnesses.items() if stance != side and stance != "partly")
    if strong and not dissent:
        return "high"
    return "medium" if strong or names.max() == 1 else "low"


def _names(publishers: list[str], language: Language, most: int = 2) -> str:
    rest, names = len(publishers) - most, "; ".join(publishers[:most])
    if rest <= 0:
        return names
    return language.ngettext("{names} and {count} more", "{names} and {count} more", rest).format(
        names=names, count=rest
    )


def _reason(found: str, claim: Any, rows: pd.DataFrame, witnesses: dict[str, pd.Series], language: Language) -> str:
    """Say in one sentence why the verdict is what it is."""
    _ = language.gettext
    own = rows[rows["independent"]]
    who = {stance: _names(list(names.index), language) for stance, names in witnesses.items()}
    said = {
        stance: _("{names}: {words}").format(
            names=who[stance], words=_said(claim, own[own["stance"] == stance], stance, names, language)
        )
        for stance, names in witnesses.items()
    }
    against = _(". Against: {said}").format(said=said["contradicts"]) if who["contradicts"] else ""
    if found == "not checkable":
        return f"{claim.note}."
    if found == "not independently confirmed":
        bearing = rows[~rows["independent"] & (rows["relation"] != "page") & (rows["stance"] != "context")]
        same = _names(list(bearing["publisher"].drop_duplicates()), language)
        if not same:
            return _("No source but the page was found.")
        return _("No witness; of the same origin: {names}.").format(names=same)
    if found == "partly confirmed":
        part = said["partly"] if who["partly"] else said["supports"]
        return _("In part: {said}{against}.").format(said=part, against=against)
    if found == "contradicted":
        borne = _(". As claimed: {names}").format(names=who["supports"]) if who["supports"] else ""
        return f"{said['contradicts']}{borne}."
    return f"{said['supports'] if who['supports'] else _('No witness for it')}{against}."


def _said(claim: Any, rows: pd.DataFrame, stance: str, names: pd.Series, language: Language) -> str:
    """Return what the *rows* found: dates, numbers or members where they decide, else the first witness's words."""
    if rows.empty:
        return ""
    if claim.kind == "list" and rows["member"].notna().all():
        return language.gettext("on record are {members}").format(members=", ".join(sorted(set(rows["member"]))))
    if claim.kind == "date" and stance != "partly" and rows["start"].notna().any():
        dates = rows.sort_values("start")[["start", "date_precision"]]
        return ", ".join(dict.fromkeys(day(date, exact, language) for date, exact in dates.itertuples(index=False)))
    numbers = rows.loc[rows["unit"].fillna(claim.unit) == claim.unit, ["value", "low", "high"]].stack().dropna()
    if claim.kind in ("quantity", "arithmetic") and stance != "partly" and len(numbers):
        shown = (f"{number:,.1f}".removesuffix(".0") for number in (numbers.min(), numbers.max()))
        return f"{span(map(language.numerals, shown), language)} {claim.unit}"
    return rows.loc[rows["publisher"] == names.index[0], "finding"].iloc[0].rstrip(".")
