"""Bring submissions into the form that nbgrader grades, or refuse them in words.

:func:`find` gives a notebook the name that nbgrader looks for, :class:`Submission` reads it, whatever program has
written it, and :class:`Repair` gives each exercise its cells back. What was repaired, or why a submission is refused,
stands in ``notices/STUDENT/ASSIGNMENT.txt``, in the log and in the table of grades.
"""

from __future__ import annotations

import copy
import json
import re
import shutil
from collections import defaultdict
from pathlib import Path
from typing import Any, NoReturn

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

OWN_TEXT = "?"
NO_CELL = "No cell of this question was found. All other texts of the notebook that are the student's own:"


class Refused(NbGraderException):
    """A submission that cannot be repaired; the message says why."""


def notice(student: str, assignment: str) -> Path:
    """Return the file that says what was repaired in a submission, or why it was refused."""
    return Path("notices", student, f"{assignment}.txt")


def note(student: str, assignment: str, words: str) -> None:
    """Add a line to the notice on a submission."""
    path = notice(student, assignment)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{words}\n")


def find(assignment: str, student: str, notebooks: list[str]) -> None:
    """Give what a student has handed in the name under which nbgrader looks for it.

    nbgrader calls it in the folder of the course before each submission, with wildcards as *assignment* and *student*;
    it goes on with what is left in *notebooks*.
    """
    folder = Path(notebooks[0]).parent
    student, assignment = folder.parent.name, folder.name
    notice(student, assignment).unlink(missing_ok=True)
    for wanted in Path("release", assignment).glob("*.ipynb"):
        target = folder / wanted.name
        if not target.exists() and len(notebooks) == 1:
            note(student, assignment, f"repaired: the file is called {Path(notebooks[0]).name}")
            shutil.copy(notebooks[0], target)
            notebooks[:] = [str(target)]
        elif not target.exists():
            names = ", ".join(sorted(Path(name).name for name in notebooks))
            note(student, assignment, f"refused: none of {names} is called {wanted.name}: leave one of them")
            notebooks.clear()


def refuse(resources: dict[str, Any], words: str) -> NoReturn:
    """Note why a submission is refused, and end its grading."""
    student, assignment = resources["nbgrader"]["student"], resources["nbgrader"]["assignment"]
    note(student, assignment, f"refused: {words}")
    raise Refused(f"{student}, {assignment}: {words}")


class Submission(NotebookExporter):
    """Read notebooks as they come: with a byte order mark, in UTF-16, with other ends of lines, of older versions."""

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> tuple[Any, dict[str, Any]]:
        """Read the file *filename* and export it."""
        try:
            data = Path(filename).read_bytes()
            notebook = nbformat.reads(data.decode(json.detect_encoding(data)).lstrip("\ufeff"), as_version=4)
            for number, cell in enumerate(notebook.cells, start=1):
                if cell.cell_type not in ("code", "markdown", "raw") or not isinstance(cell.metadata, dict):
                    raise ValueError(f"cell {number} is of no known kind")
                cell.source = "\n".join(cell.source.splitlines()).strip("\ufeff")
                if cell.cell_type == "markdown":  # a page would run what stands in a tag
                    cell.source = re.sub(r"<(?=[a-zA-Z/!?])", "&lt;", cell.source)
        except Exception as error:
            refuse(resources, f"{Path(filename).name} is no whole notebook ({str(error).partition(chr(10))[0]})")
        return self.from_notebook_node(notebook, resources, **kw)


class Repair(NbGraderPreprocessor):
    """Give each exercise its cells back: its check once and unchanged, its answer where the student wrote it.

    Cells are known by nbgrader's metadata, else by their id, else by what stands in them. The student's cells keep
    their order and run as they stand, so an answer that was split, copied or written elsewhere counts.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Return the cells of *nb*, and in between what the release has for nbgrader."""
        about = resources["nbgrader"]
        release = nbformat.read(Path("release", about["assignment"], f"{about['notebook']}.ipynb"), as_version=4)
        notes: list[str] = []
        cells = _repaired(nb.cells, release.cells, notes)
        if not cells:
            heading = next((cell.source.partition("\n")[0] for cell in nb.cells if cell.source), "")
            refuse(resources, f"no cell holds an exercise of {about['notebook']}; the first begins with '{heading}'")
        for words in notes:
            self.log.warning("%s, %s: %s", about["student"], about["assignment"], words)
            note(about["student"], about["assignment"], f"repaired: {words}")
        return nbformat.from_dict({**release, "cells": cells}), resources


def _repaired(mine: list[NotebookNode], release: list[NotebookNode], notes: list[str]) -> list[NotebookNode]:
    """Return the cells of a submission with all parts of the *release*, or none when it has no part at all."""
    parts = {cell.metadata.nbgrader.grade_id: cell for cell in release if "nbgrader" in cell.metadata}
    owners = _owners(mine, release, parts, notes)
    if not set(owners).intersection(parts):
        return []
    kept: list[NotebookNode | None] = [_plain(cell) for cell in mine]
    behind: dict[int, list[NotebookNode]] = defaultdict(list)  # what is put behind a cell; -1: before the first
    answer = [-1]
    for name, part in parts.items():
        places = [place for place, owner in enumerate(owners) if owner == name]
        if is_solution(part):
            counts = [place for place in places if not _alike(mine[place].source, part.source)] or places[:1]
            for place in set(places).difference(counts[:1] if is_grade(part) else counts):
                kept[place] = None
            if len(places) > 1:
                notes.append(f"{name} stands in the cells {', '.join(str(place + 1) for place in places)}")
            if not counts:
                notes.append(f"{name} has no cell")
                texts = [cell.source for cell, owner in zip(mine, owners, strict=True) if owner == OWN_TEXT]
                lost = [NO_CELL, *texts] if is_grade(part) and texts else [part.source]
                behind[answer[-1]].append(_part(part, *lost))
            elif is_grade(part):
                kept[counts[0]] = _part(part, *(mine[place].source for place in counts))
            else:
                kept[counts[-1]] = _part(part, mine[counts[-1]].source)
            answer = counts or answer[-1:]
        else:
            for place in places:
                kept[place] = None
            if not places:
                notes.append(f"{name} was missing")
            # Where the student has it, when an answer stands before it.
            spot = next((place for place in reversed(places) if place > answer[0]), answer[-1])
            behind[spot].append(_part(part, part.source))
    return [*behind[-1], *(cell for place, own in enumerate(kept) for cell in (own, *behind[place]) if cell)]


def _part(part: NotebookNode, *sources: str) -> NotebookNode:
    """Return a cell of the release with other text in it."""
    return nbformat.from_dict({**copy.deepcopy(part), "source": "\n\n".join(sources)})


def _plain(cell: NotebookNode) -> NotebookNode:
    """Return a cell of the student's own: nbgrader shall not take it for one of its."""
    make = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}[cell.cell_type]
    return make(cell.source)


def _alike(one: str, other: str) -> bool:
    return one.split() == other.split()


def _owners(
    mine: list[NotebookNode], release: list[NotebookNode], parts: dict[str, NotebookNode], notes: list[str]
) -> list[str]:
    """Return for each cell the name of the part that it holds; an empty text for none."""
    ids = {part.id: name for name, part in parts.items()}
    owners = []
    for cell in mine:
        about = cell.metadata.get("nbgrader")
        name = about.get("grade_id") if isinstance(about, dict) else None
        owners.append(name if name in parts else ids.get(cell.get("id"), ""))
    given = {tuple(cell.source.split()) for cell in release}
    above = {name: release[release.index(part) - 1].source for name, part in parts.items()}
    for name, part in parts.items():
        if name in owners:
            continue
        for place, cell in enumerate(mine):
            text = tuple(cell.source.split())
            if owners[place] or (text in given and not _alike(cell.source, part.source)):
                continue
            if is_solution(part) and is_grade(part):
                found = place > 0 and cell.cell_type != "code" and _alike(mine[place - 1].source, above[name])
            elif is_solution(part):
                found = re.search(rf"^({name}\s*=(?!=)|def {name}\()", cell.source, re.MULTILINE)
            else:
                found = re.search(rf"^check = Check\(.{name.removesuffix('_check')}\W", cell.source, re.MULTILINE)
            if found:
                owners[place] = name
        if name in owners:
            notes.append(f"{name} was known by its text alone")
    return [
        owner or OWN_TEXT * (cell.cell_type != "code" and tuple(cell.source.split()) not in given)
        for cell, owner in zip(mine, owners, strict=True)
    ]
