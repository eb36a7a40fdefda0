"""What a figure or table rests on: the steps of its notebook that lead to it, and the tables that they load."""

from __future__ import annotations

import ast
import dis
import string
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import CodeType

from nbformat import NotebookNode

from malirussia import outputs
from malirussia.collection import Collection
from malirussia.explore.panels import declared

_AUDIT = ("claims", "claims_evidence")
_RATES = ("context_currency_regimes", "context_exchange_rates")
LOADED_BY: Mapping[str, tuple[str, ...]] = {
    **{"audit": _AUDIT, "evidence": _AUDIT},
    **{"convert": _RATES, "at_rate_of_day": _RATES, "constant_dollars": ("context_us_prices",)},
}
"""Tables that a function of the collection loads without being told their names."""

Shown = outputs.Figure | outputs.Table


@dataclass(frozen=True)
class Statement:
    """One statement of a cell: the names that it reads, binds and changes, and what it loads."""

    reads: frozenset[str]
    binds: frozenset[str]
    changes: frozenset[str]
    loads: frozenset[str]
    """Tables, and the indicators that a panel takes its columns from."""


@dataclass(frozen=True)
class Step:
    """A code cell on the way to a figure, with the Markdown that stands before it."""

    words: str
    code: str


@dataclass(frozen=True)
class Lineage:
    """What one figure or table rests on."""

    about: Shown
    output: Mapping
    section: str
    """The heading under which it stands."""
    steps: list[Step]
    """In the order of the notebook; the last one draws."""
    tables: list[str]
    sentences: list[outputs.Sentence] = field(default_factory=list)
    """What the notebook says of it: the findings that it bears out, and what is read from it."""


def _names(code: CodeType, inside: bool = False) -> Iterator[tuple[str, str]]:
    """Yield how each name of the notebook is used, as Python resolves it: what a comprehension binds is its own."""
    for one in dis.get_instructions(code):
        if one.opname in ("LOAD_NAME", "LOAD_GLOBAL"):
            yield "reads", one.argval
        elif one.opname == "STORE_NAME" and not inside:
            yield "binds", one.argval
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield from _names(part, inside=True)


def _fields(text: str) -> Iterator[str]:
    """Yield the names that a sentence or title is filled with: ``{worst.month:%Y}`` reads ``worst``."""
    try:
        found = [name for _, name, _, _ in string.Formatter().parse(text) if name]
    except ValueError:  # braces that mean something else
        return
    yield from (name.split(".")[0].split("[")[0] for name in found)


def _base(target: ast.expr) -> str:
    while isinstance(target, ast.Subscript | ast.Attribute):
        target = target.value
    return target.id if isinstance(target, ast.Name) else ""


def _loaded(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    if name in ("load", "panel"):
        yield from (one.value for one in ast.walk(call) if isinstance(one, ast.Constant) and isinstance(one.value, str))
    yield from LOADED_BY.get(name, ())


@cache
def statements(source: str) -> tuple[Statement, ...]:
    """Return the statements of a cell."""
    found = []
    for one in ast.parse(source).body:
        used: dict[str, set[str]] = {"reads": set(), "binds": set()}
        for how, name in _names(compile(ast.Module([one], []), "<cell>", "exec")):
            used[how].add(name)
        inside = list(ast.walk(one))
        if isinstance(one, ast.Expr):
            texts = (part.value for part in inside if isinstance(part, ast.Constant) and isinstance(part.value, str))
            used["reads"].update(name for text in texts for name in _fields(text))
        stores = (part for part in inside if isinstance(part, ast.Subscript | ast.Attribute))
        changed = {_base(part) for part in stores if isinstance(part.ctx, ast.Store)}
        loads = {name for part in inside if isinstance(part, ast.Call) for name in _loaded(part)}
        found.append(Statement(*map(frozenset, (used["reads"], used["binds"], changed, loads))))
    return tuple(found)


def lineages(notebook: NotebookNode, tables_of: Callable[[str], str | None]) -> dict[str, Lineage]:
    """Return what each figure and table of *notebook* rests on, by its id, in their order.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        With its outputs.
    tables_of : callable
        Gives the table behind a word in the code that loads one, None for any other word.
    """
    steps, section, words, last = [], "", "", ""
    found: dict[str, Lineage] = {}
    said: list[tuple[str, outputs.Sentence]] = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            words = cell.source
            if words.startswith("## "):
                section, _, words = words[3:].partition("\n")
                last = ""
            continue
        if cell.cell_type == "code":
            steps.append(Step(words.strip(), cell.source))
            kept = [(outputs.read(output), output) for output in cell.get("outputs", [])]
            for about, output in kept:
                if isinstance(about, Shown):
                    way, loaded = _way(steps)
                    tables = dict.fromkeys(table for name in loaded if (table := tables_of(name)))
                    found[last := about.id] = Lineage(about, output, section, way, list(tables))
                if isinstance(about, outputs.Sentence) and about.kind != "answer":
                    said.append((about.figure or last, about))
        words = ""
    for name, sentence in said:
        if name in found:
            found[name].sentences.append(sentence)
    return found


def _way(steps: list[Step]) -> tuple[list[Step], list[str]]:
    """Return what the last of *steps* needs, with itself, and what these load, both in the order of the notebook."""
    needed: frozenset[str] = frozenset()
    way: list[Step] = []
    loaded: list[str] = []
    for step in reversed(steps):
        parts = statements(step.code)
        if way and not any(needed & (one.binds | one.changes) for one in parts):
            continue
        way.insert(0, step)
        for one in reversed(parts):
            needed = (needed - one.binds) | one.reads
            loaded[:0] = sorted(one.loads)
    return way, loaded


def lineages_in(collection: Collection, notebook: NotebookNode) -> dict[str, Lineage]:
    """Return what each figure and table of *notebook*, a notebook of the *collection*, rests on."""
    held, indicators = collection.package.resources, declared()
    return lineages(
        notebook, lambda word: word if word in held else indicators[word].table if word in indicators else None
    )
