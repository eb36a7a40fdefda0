"""A notebook of a theme made false on purpose: what the rules say of it, and what its pictures then draw."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import nbformat
import pytest
from conftest import ROOT
from conftest import stored as output_of
from nbformat import NotebookNode

import malirussia
from malirussia import outputs
from workshop.check.notebooks import Notebook
from workshop.check.rules import RULES


def stored(name: str) -> NotebookNode:
    """Return a notebook as it is stored, with its outputs."""
    return nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)


def faults(name: str, folder: Path, old: str, new: str, *ids: str) -> str:
    """Return what the rules *ids* say of a notebook with *old* put as *new*, which must stand in just one cell."""
    notebook = stored(name)
    (cell,) = [cell for cell in notebook.cells if cell.cell_type == "code" and old in cell.source]
    cell.source = cell.source.replace(old, new)
    path = folder / "notebooks" / f"{name}.ipynb"
    path.parent.mkdir()
    nbformat.write(notebook, path)
    seen = Notebook(path, folder)
    return "\n".join(str(fault) for rule in RULES if rule.id in ids for fault in rule.faults(seen))


def figure(notebook: NotebookNode, figure_id: str) -> tuple[NotebookNode, NotebookNode]:
    """Return the cell that shows a figure, and its output."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            kept = outputs.read(output)
            if isinstance(kept, outputs.Figure) and kept.id == figure_id:
                return cell, output
    raise LookupError(figure_id)


def draw(name: str, false: Mapping[str, tuple[str, str, str, str]]) -> dict[str, NotebookNode]:
    """Run a notebook up to the last figure of *false*, and each false drawing after it; return what these show.

    A false drawing is the id of a figure, what stands in its cell, what is put in its place, and what is told of it.
    All of it runs here, where the libraries are loaded, and only what is compared is drawn; no picture is encoded.
    """
    notebook = stored(name)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    cells = {one: figure(notebook, false[one][0])[0] for one in false}
    memory: dict[str, Any] = {}
    shown: list[NotebookNode] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outputs, "display", lambda *kept: shown.append(output_of(*kept)))
        patch.setattr("malirussia.figures.show.png", lambda fig: "")
        with pytest.MonkeyPatch.context() as unseen:
            unseen.setattr(malirussia, "show", lambda fig, *about, **more: plt.close(fig))
            for cell in code[: max(map(code.index, cells.values()))]:
                exec(compile(cell.source, f"{name}.{cell.id}", "exec"), memory)
        memory["show"] = malirussia.show
        pictures = {}
        for one, (_, old, new, _) in false.items():
            assert old in cells[one].source
            exec(cells[one].source.replace(old, new) if old else cells[one].source, memory)
            pictures[one] = shown[-1]
    return pictures


def changed_marks(old: NotebookNode, new: NotebookNode) -> str:
    """Return the lines of the picture *new* that *old* does not draw, and those that it misses, with its id."""
    name = outputs.read(old).id
    before, after = (outputs.drawn(output).splitlines() for output in (old, new))
    drawn = [f"{name} draws: {line.strip()}" for line in after if line not in before]
    return "\n".join([*drawn, *(f"{name} lacks: {line.strip()}" for line in before if line not in after)])


def assert_told_whole(figures: Iterable[outputs.Figure]) -> None:
    """Hold that each figure is told in twenty to sixty words, and that no name in braces was left unfilled."""
    for one in figures:
        assert 20 <= len(one.alt.split()) <= 60, one.id
        assert not re.search(r"[{}]", one.title + one.subtitle + one.alt), one.id


def assert_short(texts: Iterable[str]) -> None:
    """Hold that no sentence of *texts* has more than 25 words."""
    for text in texts:
        for sentence in re.split(r"(?<=[.;:]) ", text):
            assert len(sentence.split()) <= 25, sentence
