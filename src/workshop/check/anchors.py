"""The code of our notebooks beside that of three well-made collections, for ``docs/conventions.md``."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median

from malirussia import outputs
from workshop.check.form import code_lines, follows_reason
from workshop.check.notebooks import SENTENCES, Notebook

HEAD = (
    "notebook",
    "cells of code",
    "lines",
    "lines a cell: median / nine of ten / most",
    "cells after a question or reason",
    "lines before the first picture",
    "raw rows",
    "numbers in sentences",
)
# Read in their repositories in November 2026; a dash is what was not measured.
ANCHORS = (
    ("Los Angeles Times, street-racing-analysis", "27", "45", "1.7 in the mean", "19", "–", "–", "typed"),
    ("BuzzFeed News, three repositories", "–", "–", "1 to 2 / 6 to 13 / 33", "–", "41", "at once", "typed"),
    (
        "Allen Downey, ThinkStats and ElementsOfDataScience", "–", "–",
        "2 / 6 to 7 / 43; one chart refined over seven cells of 3 to 5", "–", "–", "–", "typed",
    ),
)  # fmt: skip


def measured(notebook: Notebook) -> tuple[str, ...]:
    """Return the row of a notebook of ours."""
    cells = notebook.code
    lengths = sorted(map(code_lines, cells))
    pictures = [any(isinstance(kept, outputs.Figure) for _, kept in cell.outputs) for cell in cells]
    before = str(sum(map(code_lines, cells[: pictures.index(True)]))) if any(pictures) else "–"
    asked = sum(follows_reason(notebook, cell) for cell in cells)
    speaking = sum(name in SENTENCES for cell in cells for name, _ in cell.calls())
    return (
        f"`{notebook.path.name}`",
        str(len(cells)),
        str(sum(lengths)),
        f"{median(lengths):g} / {lengths[int(0.9 * len(lengths))]} / {lengths[-1]}",
        str(asked),
        before,
        "where a table is first loaded",
        f"computed, in {speaking} sentences",
    )


def beside_anchors(notebooks: Iterable[Notebook]) -> list[str]:
    """Return the lines of the table: notebooks of the second edition, then those of others."""
    rows = [*map(measured, notebooks), *ANCHORS]
    return [f"| {' | '.join(row)} |" for row in (HEAD, ["---"] * len(HEAD), *rows)]
