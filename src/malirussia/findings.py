"""Sentences whose numbers are computed: the answer, the findings and the readings of figures.

Each function takes a template in the syntax of :meth:`str.format` and the values for it. A digit typed
into the template is an error, so that no number in prose can drift from the data. The sentence is shown
at once; its text, confidence and figure are kept in the metadata of the output, from where the overview
and the README gather them.
"""

from __future__ import annotations

import html
import json
import math
import re
import string
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from malirussia import bibliography, package
from malirussia.data import LEFT
from malirussia.sources import source_ids

CONFIDENCE = ("high", "medium", "low")
_FIGURE = re.compile(r"(?:fig|tab)_\d\d_\d\d")


def sentence(template: str, **values: object) -> str:
    """Fill *template* with *values*.

    Raises
    ------
    ValueError
        A digit is typed into the template, a value is missing or left over, or a value is not a number
        where one is to be shown (NaN, infinity, NA).
    """
    used = set()
    for literal, field, spec, _ in string.Formatter().parse(template):
        typed = re.search(r"\d[\d.,]*", literal)
        if typed:
            raise ValueError(f"the number {typed.group()!r} is typed into the sentence: pass it as a value")
        if field is not None:
            used.add(re.split(r"[.\[]", field)[0])
            if spec and re.search(r"[{}]", spec):
                raise ValueError("a format inside a format is not supported")
    if missing := used - set(values):
        raise ValueError(f"no value given for {sorted(missing)}")
    if unused := set(values) - used:
        raise ValueError(f"values that the sentence does not use: {sorted(unused)}")
    for name, value in values.items():
        if _is_missing(value):
            raise ValueError(f"the value of {name!r} is missing or not finite: {value!r}")
    return template.format(**values)


def _is_missing(value: object) -> bool:
    if isinstance(value, str):
        return not value
    try:
        return not math.isfinite(value)
    except TypeError:
        return value is None or repr(value) in ("<NA>", "NaT")


def _markdown(text: str) -> str:
    """Return *text* so that Markdown shows it as it stands: values come from tables and may hold markup."""
    return re.sub(r"([\\`*_\[\]$])", r"\\\1", html.escape(text, quote=False))


def _display(bundle: dict, **kept: object) -> None:
    from IPython.display import display

    display(bundle, raw=True, metadata={"malirussia": kept})


def _show(text: str, markdown: str, **kept: object) -> None:
    _display({"text/markdown": markdown, "text/plain": text}, **kept, text=text)


def _graded(kind: str, template: str, confidence: str, figure: str | None, values: dict) -> None:
    if confidence not in CONFIDENCE:
        raise ValueError(f"confidence is one of {', '.join(CONFIDENCE)}, not {confidence!r}")
    if figure is not None and not _FIGURE.fullmatch(figure):
        raise ValueError(f"a figure is named like 'fig_04_01', not {figure!r}")
    text = sentence(template, **values)
    grade = f"confidence: {confidence}"
    link = f"[{label(figure)}](#{figure}), " if figure else ""
    plain = _markdown(text)
    lead = f"**{plain}**" if kind == "answer" else f"- {plain}"
    _show(text, f"{lead} ({link}{grade})", kind=kind, confidence=confidence, figure=figure)


def label(figure: str) -> str:
    """Name a figure or table for a reader: ``fig_04_01`` is Figure 4.1."""
    kind, chapter, number = figure.split("_")
    return f"{'Figure' if kind == 'fig' else 'Table'} {int(chapter)}.{int(number)}"


def answer(template: str, *, confidence: str, **values: object) -> None:
    """Show the one-sentence answer of a notebook with its confidence (high, medium or low)."""
    _graded("answer", template, confidence, None, values)


def finding(template: str, *, confidence: str, figure: str | None = None, **values: object) -> None:
    """Show a finding with its confidence and the id of the figure or table that bears it out.

    >>> finding("The share fell to {share:.1%}", share=0.004, confidence="high", figure="fig_04_01")
    """
    _graded("finding", template, confidence, figure, values)


def reading(template: str, **values: object) -> None:
    """Show running text with computed numbers: what a figure says, its exception, its caveat."""
    text = sentence(template, **values)
    _show(text, _markdown(text), kind="reading")


def at_a_glance(tables: Iterable[str], *, minutes: int) -> None:
    """Show what a notebook rests on: its tables, their periods and sources, and the minutes to read it.

    Parameters
    ----------
    tables : iterable of str
        Names of the tables that the notebook loads.
    minutes : int
        Reading time; the tests hold it near what the length of the text gives.
    """
    names = list(tables)
    entries = [bibliography.entry(key) for key in source_ids(*(package.load(name) for name in names))]
    periods = [package.resource(name)["coverage"]["temporal"].split("/") for name in names]
    facts = {
        "Period": f"{min(first[:4] for first, *_ in periods)}–{max(last[:4] for *_, last in periods)}",
        "Sources": f"{len(entries)}, listed at the end",
        "Figures read": f"up to {max(entry['accessed'] for entry in entries)}",
        "Minutes to read": str(minutes),
        "Tables": ", ".join(names),
    }
    rows = "".join(
        f'<tr><th scope="row"{LEFT}>{key}</th><td{LEFT}>{html.escape(fact)}</td></tr>' for key, fact in facts.items()
    )
    text = "\n".join(f"{key}: {fact}" for key, fact in facts.items())
    markup = f"<table><caption>At a glance</caption><tbody>{rows}</tbody></table>"
    _display({"text/html": markup, "text/plain": text}, kind="glance", minutes=minutes, tables=names, text=text)


def gather(folder: str | Path = ".") -> pd.DataFrame:
    """Return the answers and findings that the theme notebooks in *folder* keep in their stored outputs.

    Parameters
    ----------
    folder : path
        Where the notebooks are; for a notebook itself, the folder it runs in.

    Returns
    -------
    pandas.DataFrame
        One row a sentence: ``notebook`` (file name without ending), ``kind`` (answer or finding), ``text``,
        ``confidence``, ``figure`` (empty for an answer) and ``sources``, the list of source ids of that figure.

    Raises
    ------
    FileNotFoundError
        The folder holds no theme notebook.
    """
    paths = [path for path in sorted(Path(folder).glob("[0-9][0-9]_*.ipynb")) if not path.stem.startswith("00_")]
    if not paths:
        raise FileNotFoundError(f"{Path(folder).resolve()}: no notebook named like 04_trade.ipynb")
    rows = []
    for path in paths:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        kept = [
            output.get("metadata", {}).get("malirussia", {}) for cell in cells for output in cell.get("outputs", [])
        ]
        sources = {one["id"]: one["sources"] for one in kept if "id" in one}
        rows += [
            {
                "notebook": path.stem,
                "kind": one["kind"],
                "text": one["text"],
                "confidence": one["confidence"],
                "figure": one["figure"] or "",
                "sources": sources.get(one["figure"], []),
            }
            for one in kept
            if one.get("kind") in ("answer", "finding")
        ]
    frame = pd.DataFrame(rows, columns=["notebook", "kind", "text", "confidence", "figure", "sources"])
    return frame.assign(confidence=pd.Categorical(frame["confidence"], CONFIDENCE, ordered=True))
