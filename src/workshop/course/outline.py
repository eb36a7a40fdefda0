"""What a lesson says of itself: its sections with their minutes, its exercises and points, its tables."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from workshop.pages.exporter import notebook_title
from workshop.run.files import with_generated

_SECTION = re.compile(r"^## (.+?)(?: \((\d+) min\))?$", re.MULTILINE)


@dataclass(frozen=True)
class Outline:
    """The frame of one lesson; minutes are those written behind the headings of its sections."""

    title: str
    sections: list[tuple[str, int | None]]
    exercises: dict[str, float]
    """Id of the graded cell to its points, in the order of the lesson."""
    tables: list[str]

    @property
    def minutes(self) -> int:
        return sum(minutes or 0 for _, minutes in self.sections)

    @property
    def points(self) -> float:
        return sum(self.exercises.values())


def marked(cell: NotebookNode, kind: str) -> bool:
    """Return whether nbgrader, which is slow to load, takes *cell* for a ``grade`` or a ``solution``."""
    return bool(cell.metadata.get("nbgrader", {}).get(kind))


def sections(notebook: NotebookNode) -> list[tuple[str, int | None]]:
    """Return the sections of a lesson in order, with the minutes behind their headings."""
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return [(name, int(minutes) if minutes else None) for name, minutes in _SECTION.findall(prose)]


def outline(notebook: NotebookNode) -> Outline:
    """Read the frame of a lesson out of its notebook."""
    graded = [about for cell in notebook.cells if (about := cell.metadata.get("nbgrader", {})).get("grade")]
    return Outline(
        title=notebook_title(notebook),
        sections=sections(notebook),
        exercises={about["grade_id"]: about["points"] for about in graded},
        tables=list(dict.fromkeys(_loaded(notebook))),
    )


def given(notebook: NotebookNode) -> dict[str, Any]:
    """Return what a check may use: what the cells that a lesson gives import, and the functions that they define."""
    memory: dict[str, Any] = {}
    for cell in notebook.cells:
        if cell.cell_type == "code" and not marked(cell, "solution") and not marked(cell, "grade"):
            kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef)
            kept: list[ast.stmt] = [
                statement for statement in ast.parse(cell.source).body if isinstance(statement, kinds)
            ]
            exec(compile(ast.Module(kept, []), cell.get("id", ""), "exec"), memory)
    return memory


def _loaded(notebook: NotebookNode) -> list[str]:
    """Return the names of the tables that the code loads, in order, repetitions included."""
    calls = (
        node
        for cell in notebook.cells
        if cell.cell_type == "code"
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "load"
    )
    names = (call.args[0].value for call in calls if call.args and isinstance(call.args[0], ast.Constant))
    return [name for name in names if isinstance(name, str)]


def lessons_in(folder: Path) -> list[Path]:
    """Return the notebooks of the course in their order."""
    paths = sorted(folder.glob("lesson_[0-9]_*.ipynb"))
    if not paths:
        raise FileNotFoundError(f"{folder}: no notebook named like lesson_2_tidy_tables.ipynb")
    return paths


def with_plan(guide: str, lessons: dict[Path, NotebookNode]) -> str:
    """Return the teacher's *guide* with its generated plan renewed; raise FileError when the marks are not there."""
    lines = ["| lesson | minutes | exercises | points | tables |", "| --- | --- | --- | --- | --- |"]
    for path, notebook in lessons.items():
        about = outline(notebook)
        tables = ", ".join(f"`{name}`" for name in about.tables)
        lines.append(
            f"| [{about.title}]({path.name}) | {about.minutes} | {len(about.exercises)} | {about.points:g} | {tables} |"
        )
    return with_generated(guide, "plan", "\n".join(lines) + "\n", "notebooks/lessons/README.md")
