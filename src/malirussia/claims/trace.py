"""Why a verdict is what it is: the reason in a sentence, and the trace that a reader can follow.

The trace of a verdict says which rule decided and with which weights, who the witnesses are, by origin, what would
still have borne the claim out, and the nearest change that would turn the verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from malirussia.claims.rule import (
    OUTWEIGHS,
    STANCES,
    Row,
    Witness,
    bounds,
    day,
    decide,
    given,
    span,
    tolerance,
    weights,
    witnesses,
)
from malirussia.language import Language

# A verdict that so many more witnesses would not turn is called settled.
MOST_ADDED = 30


def trace(claim: Any, rows: Sequence[Row], word: str, strictness: float, language: Language) -> dict[str, str]:
    """Return reason, rule, witnesses, thresholds and turn of the verdict *word*, each in words of the *language*."""
    found = witnesses(rows)
    decided = word not in ("not checkable", "not checked")
    return {
        "reason": _reason(word, claim, rows, found, language),
        "rule": _rule(word, found, language),
        "witnesses": _who(found, language),
        "thresholds": _thresholds(claim, rows, strictness, language),
        "turn": _turn(claim, rows, found, strictness, language) if decided else "",
    }


def names(parties: Sequence[str], language: Language, most: int = 2) -> str:
    """Return the first *most* names, and how many more there are."""
    rest, shown = len(parties) - most, "; ".join(parties[:most])
    if rest <= 0:
        return shown
    more = language.ngettext("{names} and {count} more", "{names} and {count} more", rest)
    return more.format(names=shown, count=rest)


def _stance_words(language: Language) -> dict[str, str]:
    _ = language.gettext
    return {"supports": _("for the whole"), "partly": _("for a part"), "contradicts": _("against")}


def _who(found: Sequence[Witness], language: Language) -> str:
    """Name the witnesses of each side, each with the number of its texts where there are several."""
    _ = language.gettext
    told = []
    for stance, words in _stance_words(language).items():
        own = []
        for one in (one for one in found if one.stance == stance):
            texts = len({row.source_id for row in one.rows})
            own.append(
                _("{origin} ({texts} texts)").format(origin=one.origin, texts=texts) if texts > 1 else one.origin
            )
        if own:
            told.append(f"{words}: {'; '.join(own)}")
    return ". ".join(told)


def _rule(word: str, found: Sequence[Witness], language: Language) -> str:
    _ = language.gettext
    if word == "not checkable":
        return _("No fact decides.")
    if word == "not checked":
        return _("No check and no evidence.")
    whole, part, against = weights(found)
    if not found:
        return _("No witness.")
    return language.fill(
        _(
            "Weights: {whole:g} for the whole, {part:g} for a part, {against:g} against. Confirmed from {yes:g} for "
            "the whole on, contradicted from {no:g} against on."
        ),
        whole=whole,
        part=part,
        against=against,
        yes=max(1, OUTWEIGHS * (against + part / 2)),
        no=max(1, OUTWEIGHS * (whole + part / 2)),
    )


def _thresholds(claim: Any, rows: Sequence[Row], strictness: float, language: Language) -> str:
    """Say what bears the claim out: the range of its tolerance, or what the checks ask."""
    _ = language.gettext
    asked = list(dict.fromkeys(str(row.asked) for row in rows if given(row.asked)))
    if claim.kind in ("quantity", "arithmetic") and given(claim.value):
        least, most = bounds(claim, strictness)
        words = _("{least:,.10g} to {most:,.10g} {unit}")
        words = _("{least:,.10g} {unit} or more") if most == float("inf") else words
        words = _("exactly {least:,.10g} {unit}") if most == least else words
        asked.insert(0, language.fill(words, least=least, most=most, unit=claim.unit))
    elif claim.kind == "date":
        days = tolerance(claim, strictness)
        words = language.ngettext("within {days:g} day", "within {days:g} days", 1 if days == 1 else 2)
        asked.insert(0, language.fill(words, days=days))
    elif claim.kind == "forecast":
        asked.insert(0, language.fill(_("a change of {least:g} % or more"), least=tolerance(claim, 1 / strictness)))
    elif claim.kind == "list":
        asked.insert(0, _("each member named by origins that weigh one together"))
    return "; ".join(asked)


def _turn(claim: Any, rows: Sequence[Row], found: Sequence[Witness], strictness: float, language: Language) -> str:
    """Say the nearest change that would turn the verdict: a number that moves, a witness less, or witnesses more."""
    _ = language.gettext
    now = decide(*weights(found))
    if told := _number_turned(claim, rows, now, strictness, language):
        return told
    for one in sorted(found, key=lambda one: one.weight):
        if (other := decide(*weights([each for each in found if each is not one]))) != now:
            return _("Without {origin}: {verdict}.").format(origin=one.origin, verdict=_(other))
    for count in range(1, MOST_ADDED + 1):
        for place, (stance, words) in enumerate(_stance_words(language).items()):
            more = [each + count * (index == place) for index, each in enumerate(weights(found))]
            possible = claim.kind != "forecast" or stance != "supports"
            if possible and (other := decide(*more)) != now:
                said = language.ngettext(
                    "With one more good witness {side}: {verdict}.",
                    "With {count} more good witnesses {side}: {verdict}.",
                    count,
                )
                return said.format(count=count, side=words, verdict=_(other))
    return _("No witness more or less turns it.")


def _number_turned(claim: Any, rows: Sequence[Row], now: str, strictness: float, language: Language) -> str:
    """Say which number in place of the nearest one found would turn the verdict, if a quarter off at most."""
    if claim.kind not in ("quantity", "arithmetic") or not given(claim.value):
        return ""
    _ = language.gettext
    least, most = bounds(claim, strictness)
    best: tuple[float, Row, float, str] | None = None
    for place, row in enumerate(rows):
        if not (row.computed and row.independent) or row.stance == "context" or not given(row.value) or not row.value:
            continue
        bound = min((least, most), key=lambda bound: abs(bound - row.value))
        far = abs(bound / row.value - 1)
        other = "contradicts" if row.stance == "supports" else "supports"
        turned = [replace(each, stance=other) if index == place else each for index, each in enumerate(rows)]
        word = decide(*weights(witnesses(turned)))
        if word != now and far <= 0.25 and (best is None or far < best[0]):
            best = far, row, bound, word
    if best is None:
        return ""
    _far, row, bound, word = best
    words = {
        ("supports", True): _("With less than {number:,.10g} {unit} in place of {value:,.5g} ({origin}): {verdict}."),
        ("supports", False): _("With more than {number:,.10g} {unit} in place of {value:,.5g} ({origin}): {verdict}."),
        ("contradicts", True): _("With {number:,.10g} {unit} or less in place of {value:,.5g} ({origin}): {verdict}."),
        ("contradicts", False): _("With {number:,.10g} {unit} or more in place of {value:,.5g} ({origin}): {verdict}."),
    }[row.stance, bound < row.value]
    if least == most:
        words = _("With {number:,.10g} {unit} in place of {value:,.5g} ({origin}): {verdict}.")
        if row.stance == "supports":
            words = _("With another number than {number:,.10g} {unit} ({origin}): {verdict}.")
    return language.fill(
        words, number=bound, unit=claim.unit, value=row.value, origin=row.origin, verdict=language.gettext(word)
    )


def _reason(word: str, claim: Any, rows: Sequence[Row], found: Sequence[Witness], language: Language) -> str:
    """Say in one or two sentences why the verdict is what it is."""
    _ = language.gettext
    if word == "not checkable":
        return f"{claim.note}."
    if word == "not checked":
        return _("Not checked: no check looks for it, and no evidence on it was collected.")
    if not found:
        return _without_witness(claim, rows, language)
    said = {
        stance: _side(claim, [one for one in found if one.stance == stance], stance, language) for stance in STANCES
    }
    against = _(" Against: {said}.").format(said=said["contradicts"]) if said["contradicts"] else ""
    part = _(" In part: {said}.").format(said=said["partly"]) if said["partly"] else ""
    whole = f"{said['supports']}." if said["supports"] else ""
    if word == "contradicted":
        borne = _(" As claimed: {said}.").format(said=whole.removesuffix(".")) if whole else ""
        return f"{said['contradicts']}.{part}{borne}"
    if word == "disputed" and not whole:
        return _("No witness for it.") + part + against
    if claim.kind == "arithmetic" and whole:
        whole = _("Worked out again with {said}. What goes in is not tested.").format(said=whole.removesuffix("."))
    return (whole + part + against).strip()


def _without_witness(claim: Any, rows: Sequence[Row], language: Language) -> str:
    """Say what there is where no witness is: texts of the same origin, evidence that does not decide, or nothing."""
    _ = language.gettext
    bearing = [row for row in rows if not row.independent and row.relation != "page" and row.stance != "context"]
    beside = [row for row in rows if row.stance == "context"]
    told = []
    if bearing:
        same = names(list(dict.fromkeys(row.origin for row in bearing)), language)
        told.append(_("No witness; of the same origin: {names}.").format(names=same))
    elif beside:
        told.append(_("No witness."))
    if beside:
        who = names(list(dict.fromkeys(row.origin for row in beside)), language)
        words = next((str(row.finding) for row in beside if given(row.finding) and row.finding), "")
        told.append(_("Beside it, without deciding it: {names}: {words}.").format(names=who, words=words.rstrip(".")))
    return " ".join(told) or _("No source but the page was found.")


def _side(claim: Any, own: Sequence[Witness], stance: str, language: Language) -> str:
    """Name the witnesses of one side and what they found: dates, numbers or members, else the words of the first."""
    if not own:
        return ""
    rows = [row for one in own for row in one.rows]
    words = _said(claim, rows, stance, language) or str(own[0].rows[0].finding).rstrip(".")
    who = names([one.origin for one in own], language)
    return language.gettext("{names}: {words}").format(names=who, words=words)


def _said(claim: Any, rows: Sequence[Row], stance: str, language: Language) -> str:
    if claim.kind == "list" and all(given(row.member) for row in rows):
        members = ", ".join(sorted({str(row.member) for row in rows}))
        return language.gettext("on record are {members}").format(members=members)
    if claim.kind == "date" and stance != "partly" and any(given(row.start) for row in rows):
        dated = sorted((row for row in rows if given(row.start)), key=lambda row: row.start)
        return ", ".join(dict.fromkeys(day(row.start, row.date_precision, language) for row in dated))
    if claim.kind in ("quantity", "arithmetic") and stance != "partly":
        numbers = [
            number
            for row in rows
            if (row.unit if given(row.unit) else claim.unit) == claim.unit
            for number in (row.value, row.low, row.high)
            if given(number)
        ]
        if numbers:
            shown = (f"{number:,.1f}".removesuffix(".0") for number in (min(numbers), max(numbers)))
            return f"{span(map(language.numerals, shown), language)} {claim.unit}"
    return ""
