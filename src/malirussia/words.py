"""Sentences whose numbers are computed: the answer, the findings and the readings of figures.

Each function takes a template in the syntax of :meth:`str.format`; its values are names of the notebook. A digit typed
into the template is an error, so that no number in prose can drift from the data. The sentence is shown
at once; its text, confidence and figure are kept with the output, from where the overview and the README
gather them (:mod:`malirussia.outputs`).
"""

from __future__ import annotations

import difflib
import html
import math
import re
import string
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from malirussia import outputs
from malirussia.collection import Collection
from malirussia.language import Language
from malirussia.outputs import CONFIDENCE, Sentence, SentenceKind

MOST_VALUES = 6
SHORTEST_NAME = 3
_FIGURE = re.compile(r"(?:fig|tab)_\d\d_\d\d")


def names_of_caller() -> dict[str, Any]:
    """Return the names of the notebook whose cell called the function that asks for them."""
    return sys._getframe(2).f_globals


def root_of(field: str) -> str:
    """Return the name with which a field of a template begins: that of ``peak.year`` is ``peak``."""
    return re.split(r"[.\[]", field)[0]


def values_for(template: str, names: Mapping[str, object]) -> dict[str, object]:
    """Return those *names* of a notebook that *template* uses: ``{peak.year}`` uses ``peak``.

    Raises
    ------
    ValueError
        Something else than a name with attributes, items and a format stands in braces, a name has fewer than three
        letters or is not there, more than six values are used, or one is missing or not finite.
    """
    parts = string.Formatter().parse(template)
    fields = [(field, conversion) for _, field, _, conversion in parts if field is not None]
    if len(fields) > MOST_VALUES:
        raise ValueError(f"{len(fields)} values in one sentence, at most {MOST_VALUES}: make two of it")
    used: dict[str, object] = {}
    for field, conversion in fields:
        root = root_of(field)
        if conversion or not root.isidentifier():
            raise ValueError(f"{field!r} stands in braces, expected a name of the notebook")
        if len(root) < SHORTEST_NAME:
            raise ValueError(f"the name {root!r} says too little: {SHORTEST_NAME} letters or more")
        if root not in names:
            near = difflib.get_close_matches(root, [name for name in names if not name.startswith("_")], n=3)
            raise ValueError(f"the notebook has no {root!r}" + (f"; near it: {', '.join(near)}" if near else ""))
        used[root] = names[root]
        value, _ = string.Formatter().get_field(field, (), used)
        if _is_missing(value):
            raise ValueError(f"the value of {field!r} is missing or not finite: {value!r}")
    return used


def filled(language: Language, text: str, names: Mapping[str, object]) -> str:
    """Return a title or alternative *text*, translated, with the *names* that stand in braces filled in."""
    text = language.gettext(text)
    return language.fill(text, **values_for(text, names)) if "{" in text else text


def sentence(language: Language, template: str, /, **values: object) -> str:
    """Fill *template*, translated, with *values* as the *language* writes them.

    Raises
    ------
    ValueError
        A digit is typed into the template, a value is missing or left over, or a value is not a number
        where one is to be shown (NaN, infinity, NA).
    """
    template, used = language.gettext(template), set()
    for literal, field, spec, _ in string.Formatter().parse(template):
        typed = re.search(r"\d[\d.,]*", literal)
        if typed:
            raise ValueError(f"the number {typed.group()!r} is typed into the sentence: name a value")
        if field is not None:
            used.add(root_of(field))
            if spec and re.search(r"[{}]", spec):
                raise ValueError("a format inside a format is not supported")
    if missing := used - set(values):
        raise ValueError(f"no value given for {sorted(missing)}")
    if unused := set(values) - used:
        raise ValueError(f"values that the sentence does not use: {sorted(unused)}")
    for name, value in values.items():
        if _is_missing(value):
            raise ValueError(f"the value of {name!r} is missing or not finite: {value!r}")
    return language.fill(template, **values)


def _is_missing(value: Any) -> bool:
    if isinstance(value, str):
        return not value
    try:
        return not math.isfinite(value)
    except TypeError:
        return value is None or repr(value) in ("<NA>", "NaT")


def shown_as_typed(text: str) -> str:
    """Return *text* so that Markdown shows it as it stands: values come from tables and may hold markup."""
    return re.sub(r"([\\`*_\[\]$])", r"\\\1", html.escape(text, quote=False))


def _say(about: Sentence, markdown: str) -> None:
    outputs.display(about, {"text/markdown": markdown, "text/plain": about.text})


def _graded(
    collection: Collection,
    kind: SentenceKind,
    template: str,
    confidence: str,
    figure: str,
    values: dict[str, object],
    names: Mapping[str, object],
) -> None:
    if confidence not in CONFIDENCE:
        raise ValueError(f"confidence is one of {', '.join(CONFIDENCE)}, not {confidence!r}")
    if figure and not _FIGURE.fullmatch(figure):
        raise ValueError(f"a figure is named like 'fig_04_01', not {figure!r}")
    text = _told(collection.language, template, values, names)
    about = Sentence(kind, text, confidence, figure)
    _say(about, f"{lead(about)} ({grade(collection, about)})")


def lead(about: Sentence) -> str:
    """Return an answer or a finding in Markdown, without its grade."""
    plain = shown_as_typed(about.text)
    return f"**{plain}**" if about.kind == "answer" else f"- {plain}"


def grade(collection: Collection, about: Sentence) -> str:
    """Return what stands in brackets behind an answer or a finding: its figure and its confidence."""
    _ = collection.language.gettext
    figure = f"{label(collection, about.figure)}, " if about.figure else ""
    return figure + _("confidence: {confidence}").format(confidence=_(about.confidence))


def _told(language: Language, template: str, values: dict[str, object], names: Mapping[str, object]) -> str:
    """Fill *template* with the *values* that are passed, or with *names* of the notebook."""
    return sentence(language, template, **(values or values_for(template, names)))


def label(collection: Collection, figure: str) -> str:
    """Name a figure or table for a reader: ``fig_04_01`` is Figure 4.1."""
    _ = collection.language.gettext
    kind, chapter, number = figure.split("_")
    name = _("Figure {number}") if kind == "fig" else _("Table {number}")
    return name.format(number=f"{int(chapter)}.{int(number)}")


def answer(collection: Collection, template: str, *, confidence: str, **values: object) -> None:
    """Show the one-sentence answer of a notebook with its confidence (high, medium or low)."""
    _graded(collection, "answer", template, confidence, "", values, names_of_caller())


def finding(collection: Collection, template: str, *, confidence: str, figure: str = "", **values: object) -> None:
    """Show a finding with its confidence and the id of the figure or table that bears it out.

    The sentence takes its values from names of the notebook, with their attributes, items and formats:

    >>> finding("In {peak.year} it was {peak:.1%}", confidence="high", figure="fig_04_01")

    Values may be passed instead.
    """
    _graded(collection, "finding", template, confidence, figure, values, names_of_caller())


def reading(collection: Collection, template: str, **values: object) -> None:
    """Show running text with computed numbers: what a figure says, its exception, its caveat."""
    text = _told(collection.language, template, values, names_of_caller())
    _say(Sentence("reading", text), shown_as_typed(text))


def period(collection: Collection, tables: Iterable[str]) -> str:
    """Return the first and last year that *tables* cover together: 1960–2026."""
    spans = [collection.package.resource(name)["coverage"]["temporal"].split("/") for name in tables]
    return f"{min(span[0][:4] for span in spans)}–{max(span[-1][:4] for span in spans)}"


def last_read(collection: Collection, sources: Iterable[str]) -> str:
    """Return the day on which the last of *sources* was read."""
    return max(collection.bibliography.entry(key)["accessed"] for key in sources)
