"""Build ``build/lessons/``: student and instructor versions of the lessons, hand-outs, an nbgrader course, a zip."""

from __future__ import annotations

import copy
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from traitlets.config import Config, PyFileConfigLoader

from malirussia.collection import Collection
from workshop.course.outline import lessons_in, marked, outline
from workshop.pages.builder import Faults, no_faults, refuse_faults, renderer, write_pages
from workshop.pages.exporter import page, render
from workshop.run.cache import Cache
from workshop.run.execute import execute, read
from workshop.run.files import room_for, whole_folder, write_notebook, write_whole

CONFIG = "nbgrader_config.py"
# What `nbgrader generate_assignment` does, without its gradebook.
STUDENT_STEPS = (
    "LockCells",
    "ClearSolutions",
    "ClearOutput",
    "CheckCellMetadata",
    "ComputeChecksums",
    "ClearHiddenTests",
    "ClearMarkScheme",
    "ComputeChecksums",
    "CheckCellMetadata",
)


def config_in(lessons: Path) -> Config:
    """Return the settings of nbgrader that stand beside the lessons."""
    return PyFileConfigLoader(CONFIG, path=str(lessons)).load_config()


def student_version(notebook: NotebookNode, config: Config) -> NotebookNode:
    """Return a lesson without solutions, hidden tests and outputs, as nbgrader makes it."""
    from nbgrader import preprocessors  # slow to load, and not all that stands here needs it

    student = copy.deepcopy(notebook)
    resources: dict[str, Any] = {}
    for step in STUDENT_STEPS:
        student, resources = getattr(preprocessors, step)(config=config).preprocess(student, resources)
    return student


def sample_submission(notebook: NotebookNode, student: NotebookNode) -> NotebookNode:
    """Return the *student* version of *notebook* with the first exercise solved and the others untouched."""
    sample = copy.deepcopy(student)
    place = next(number for number, cell in enumerate(notebook.cells) if marked(cell, "solution"))
    marks = ("BEGIN SOLUTION", "END SOLUTION")
    lines = notebook.cells[place].source.splitlines()
    sample.cells[place].source = "\n".join(line for line in lines if not any(mark in line for mark in marks))
    return sample


def assignment(path: Path) -> str:
    """Return the name under which nbgrader knows the lesson at *path*: ``lesson_2``."""
    return "_".join(path.stem.split("_")[:2])


def build(collection: Collection, output: Path, faults: Faults = no_faults) -> None:
    """Run all versions of the lessons of *collection* and replace folder *output* by the course.

    The lessons lie in ``notebooks/lessons/``, with their nbgrader settings and ``START.md`` for students; the zip for
    students carries the package, tables included.

    Parameters
    ----------
    collection : Collection
    output : pathlib.Path
        A failure leaves it as it was.

    Raises
    ------
    FileExistsError
        Submissions were put into *output*: they would be lost.
    DataError
        The tables have *faults*.
    """
    lessons = collection.root / "notebooks" / "lessons"
    if (submitted := output / "course" / "submitted").exists():
        raise FileExistsError(f"{submitted}: move the course with its submissions to a place of its own first")
    began, cache = time.time(), Cache(collection.root)
    room_for(output)
    refuse_faults(collection, cache, faults)
    paths, config = lessons_in(lessons), config_in(lessons)
    sources = {path: read(path) for path in paths}
    with whole_folder(output) as fresh:
        for path, notebook in sources.items():
            student = student_version(notebook, config)
            versions = {
                fresh / "student": student,
                fresh / "instructor": notebook,
                fresh / "course" / "source" / assignment(path): notebook,
                fresh / "course" / "sample" / assignment(path): sample_submission(notebook, student),
            }
            for folder, version in versions.items():
                folder.mkdir(parents=True, exist_ok=True)
                write_notebook(folder / path.name, version)
        shutil.copy(lessons / CONFIG, fresh / "course")
        for part in ("student", "instructor"):
            executed = execute(lessons_in(fresh / part), cache)
            page_of = renderer(collection, cache, part, open_code=True)
            pages = {path: page_of(path, notebook) for path, notebook in executed.items()}
            write_pages(fresh / part, pages, course_index(collection, executed, part))
        write_whole(fresh / "index.html", course_index(collection, sources))
        _zip(fresh / "mali-russia-lessons.zip", fresh / "student", lessons / "START.md", collection.root)
    cache.made("lessons", output, began)
    print(f"{len(paths)} lessons in {output}/ — open {output / 'index.html'}")


def course_index(collection: Collection, lessons: Mapping[Path, NotebookNode], audience: str = "") -> str:
    """Return the page that leads to the hand-outs of one *audience*, or of both."""
    rows = [(path.stem, outline(notebook)) for path, notebook in lessons.items()]
    title = collection.language.gettext("Mali–Russia relations: the lessons")
    body = render(collection, "lessons.html.j2", title=title, lessons=rows, audience=audience)
    return page(collection, title, body)


def _zip(target: Path, student: Path, start: Path, project: Path) -> None:
    """Pack what a student needs: notebooks, hand-outs, how to start, and the package to install."""
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
        subprocess.run([*command, "--wheel-dir", scratch, str(project.resolve())], check=True)
        files = sorted([start, *student.iterdir(), *Path(scratch).glob("*.whl")], key=lambda path: path.name)
        with zipfile.ZipFile(target, "w") as archive:
            for path in files:
                # A fixed date, so that the same lessons give the same bytes.
                entry = zipfile.ZipInfo(f"mali-russia-lessons/{path.name}")
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
