"""What the outputs of a notebook keep for those who read it later: the one contract between writers and readers.

A sentence, figure or table shown in a notebook leaves its parts in the metadata of its output. They are written by
:func:`display` and :func:`bundle` and read by :func:`read`, here and nowhere else; pages, overview, README, lessons and
checks work on the types below.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar, Literal, get_args

import pandas as pd

from malirussia.language import N_
from malirussia.tables import Grid
from malirussia.uses import OUTPUTS, partly, uses

SCHEMA = 1
"""Number of the form in which outputs keep their parts; it grows when a reader of the former form would err."""

KEY = "malirussia"
DRAWN = "text/vnd.malirussia.drawn"
"""Media type of what a figure draws (:mod:`malirussia.figures.record`), which a test compares."""
SCREENS = "application/vnd.malirussia.screens+json"
"""Media type of a figure in the layouts of a page (:mod:`malirussia.figures.screens`); notebooks do not store it."""
CONFIDENCE = (N_("high"), N_("medium"), N_("low"))
SentenceKind = Literal["answer", "finding", "reading"]


class OutputError(ValueError):
    """A stored output does not keep what this version reads; the message says what to do."""


@dataclass(frozen=True)
class Sentence:
    """An answer, a finding or running text, with the numbers filled in."""

    kind: SentenceKind
    text: str
    confidence: str = ""
    figure: str = ""
    """Id of the figure or table that bears a finding out."""


@dataclass(frozen=True)
class Figure:
    """A picture with what stands around it; ``alt`` is its text for those who do not see it."""

    kind: ClassVar[str] = "figure"
    id: str
    title: str
    subtitle: str
    alt: str
    width: int
    """Width on a page in CSS pixels."""
    source_line: str
    sources: list[str]


@dataclass(frozen=True)
class Table:
    """A table with its caption and sources."""

    kind: ClassVar[str] = "table"
    id: str
    title: str
    source_line: str
    sources: list[str]
    grid: Grid


@dataclass(frozen=True)
class Card:
    """What a table of the data package holds."""

    kind: ClassVar[str] = "card"
    name: str
    title: str
    paragraphs: tuple[str, ...]
    grid: Grid


@dataclass(frozen=True)
class Listed:
    """The references of a notebook: the ids of its sources, and the tables that its cells loaded until then."""

    kind: ClassVar[str] = "references"
    sources: list[str]
    tables: list[str]


@dataclass(frozen=True)
class Rows:
    """The first rows of a plain frame, and how many it has."""

    kind: ClassVar[str] = "rows"
    grid: Grid
    total: int


Kept = Sentence | Figure | Table | Card | Listed | Rows
_TYPES: dict[str, type[Kept]] = dict.fromkeys(get_args(SentenceKind), Sentence)
_TYPES |= {one.kind: one for one in (Figure, Table, Card, Listed, Rows)}


def numbered(folder: str | Path) -> list[Path]:
    """Return the notebooks in *folder* whose names are like 04_trade; what a tool copies beside them is named else."""
    return [path for path in sorted(Path(folder).glob("[0-9][0-9]_*.ipynb")) if f"_{path.stem}".isidentifier()]


def bundle(about: Kept, data: dict[str, Any], metadata: dict | None = None) -> tuple[dict, dict]:
    """Return the data and the metadata of an output that keeps *about*."""
    parts = {"schema": SCHEMA, "kind": about.kind, **asdict(about)}
    return data, {**(metadata or {}), KEY: parts}


def display(about: Kept, data: dict[str, Any], metadata: dict | None = None) -> None:
    """Show *data*, a mapping of media type to content, as an output that keeps *about*."""
    if not find_spec("IPython"):  # as in a script, where nothing shows more than text
        return print(data["text/plain"])
    from IPython.display import display as show

    data, metadata = bundle(about, data, metadata)
    show(data, raw=True, metadata=metadata)


def read(output: Mapping) -> Kept | None:
    """Return what an output of a notebook keeps; None when it was not made by this package.

    Raises
    ------
    OutputError
        It was stored in another form.
    """
    parts = dict(output.get("metadata", {}).get(KEY, {}))
    if not parts:
        return None
    schema, kind = parts.pop("schema", None), parts.pop("kind", None)
    if schema != SCHEMA or kind not in _TYPES:
        raise OutputError(f"an output of kind {kind!r} in form {schema}, expected form {SCHEMA}: run `make refresh`")
    made = _TYPES[kind]
    if made is Sentence:
        parts["kind"] = kind
    if set(parts) != {field.name for field in fields(made)}:
        raise OutputError(f"a stored {kind} has the parts {sorted(parts)}: run `make refresh`")
    if "grid" in parts:
        parts["grid"] = Grid(**parts["grid"])
    return made(**parts)


def outputs(notebook: Mapping) -> Iterator[tuple[int, Mapping]]:
    """Yield the number of the cell, from 1, and each of its outputs."""
    for number, cell in enumerate(notebook["cells"], start=1):
        for output in cell.get("outputs", []):
            yield number, output


def shown(notebook: Mapping) -> Iterator[tuple[Kept, Mapping]]:
    """Yield what the outputs of *notebook* keep, each with the output itself."""
    for _, output in outputs(notebook):
        if about := read(output):
            yield about, output


def sentences(notebook: Mapping, kind: str) -> list[Sentence]:
    """Return the sentences of one *kind*: answer, finding or reading."""
    return [about for about, _ in shown(notebook) if isinstance(about, Sentence) and about.kind == kind]


def csv(output: Mapping) -> str | None:
    """Return the data behind a figure or table as CSV; None when the terms of a source withhold it."""
    return output.get("data", {}).get("text/csv")


def drawn(output: Mapping) -> str:
    """Return what a figure draws, line by line; empty for an output without a figure."""
    return output.get("data", {}).get(DRAWN, "")


def png(output: Mapping) -> str:
    """Return the picture of an output as base64 text without line breaks."""
    return output["data"]["image/png"].replace("\n", "")


def screens(output: Mapping) -> dict[str, Any] | None:
    """Return a figure in the layouts of a page; None for one that was not drawn for a page."""
    return output.get("data", {}).get(SCREENS)


def drop_screens(notebook: Mapping) -> None:
    """Take what is for pages alone out of the outputs of *notebook*, before it is stored."""
    for _, output in outputs(notebook):
        output.get("data", {}).pop(SCREENS, None)


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
    OutputError
        A notebook cannot be read; names it.
    """
    paths = [path for path in numbered(folder) if not path.stem.startswith("00_")]
    if not paths:
        raise FileNotFoundError(f"{Path(folder).resolve()}: no notebook named like 04_trade.ipynb")
    rows = []
    for path in paths:
        try:
            with partly(path):
                kept = [about for about, _ in shown(json.loads(path.read_text(encoding="utf-8")))]
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise OutputError(f"{path.name} is not a notebook, or damaged: {error}") from None
        uses(path, OUTPUTS)
        sources = {one.id: one.sources for one in kept if isinstance(one, Figure | Table)}
        rows += [
            {"notebook": path.stem, **asdict(one), "sources": sources.get(one.figure, [])}
            for one in kept
            if isinstance(one, Sentence) and one.kind != "reading"
        ]
    frame = pd.DataFrame(rows, columns=["notebook", "kind", "text", "confidence", "figure", "sources"])
    return frame.assign(confidence=pd.Categorical(frame["confidence"], CONFIDENCE, ordered=True))
