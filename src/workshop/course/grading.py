"""Grade submissions with nbgrader: the students' code behind a wall, the hidden checks apart from it.

``nbgrader_config.py`` of the course names these parts. :class:`GradeApart` takes the place of nbgrader's ``Execute``:
it runs the cells of a submission in a kernel that can read neither solutions nor grades, takes the answers out of it as
plain values (:mod:`workshop.course.plain`), and runs the checks on them in this process, where no code of a student's
ever runs. :class:`Grades` exports the points, and says of each submission that was not graded why.
"""

from __future__ import annotations

import contextlib
import csv
import functools
import io
import json
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output
from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin
from nbgrader.preprocessors import Execute
from nbgrader.utils import is_grade, is_solution

from malirussia.lessons import NotSolved
from workshop.course import plain
from workshop.course.outline import given
from workshop.course.repair import notice
from workshop.run import walled
from workshop.run.kernels import OwnKernelManager, own_settings

CELLS = 4  # that may take as long as nbgrader's time limit for a cell allows
MOST_PRINTED = 1_000_000  # characters of a submission
MOST_ANSWERED = 10_000_000
SHOWN = ("text/plain", "image/png")
COLUMNS = ["assignment", "student_id", "last_name", "first_name", "email", "score", "max_score", "state"]


class WalledKernelManager(OwnKernelManager):
    """Start the kernel behind the wall, with a folder of its own."""

    settings = staticmethod(own_settings)
    folder = ""

    @property
    def launcher(self) -> list[str]:
        return [walled.__name__, self.folder]


class GradeApart(Execute):
    """Run a submission, take its answers, and judge them here when its last cell has run."""

    def preprocess(self, nb: NotebookNode, resources: Any, km: Any = None) -> tuple[NotebookNode, dict[str, Any]]:
        """Execute the cells of *nb*, and put into its checks what they say."""
        if not walled.version():
            self.log.warning("no wall on this system (Linux from 5.13 on has one): the code runs with your rights")
        self.answers: dict[str, dict[str, Any]] = {}
        self.crash, self.end, self.asking = "", "", False
        self.printed, self.until = 0, time.monotonic() + CELLS * self.timeout
        self.kernel_manager_class = WalledKernelManager
        self.timeout_func = lambda cell: max(1, min(self.timeout, int(self.until - time.monotonic())))
        self.shutdown_kernel = "immediate"
        self.interrupt_on_timeout = False  # code that never ends may not listen either
        with tempfile.TemporaryDirectory(prefix="submission-", ignore_cleanup_errors=True) as folder:
            self.folder = folder
            return super().preprocess(nb, {**resources, "metadata": {"path": folder}}, km)

    def create_kernel_manager(self) -> WalledKernelManager:
        """Return a kernel for this submission alone."""
        self.km = WalledKernelManager()
        self.km.folder = self.folder
        return self.km

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Run a cell of the student's, or take the answer for a check; judge all of them behind the last cell."""
        if cell.cell_type == "code" and not self.end:
            with self._ends(f"cell {index + 1}"):
                if is_check(cell):
                    self.answers[answer_of(cell)] = {**self._ask("give", answer_of(cell)), "crash": self.crash}
                else:
                    self.execute_cell(cell, index, store_history=True)
                    errors = [output for output in cell.outputs if output.output_type == "error"]
                    self.crash = errors[0].ename if errors else ""
        if index == len(self.nb.cells) - 1:
            for check in filter(is_check, self.nb.cells):
                check.outputs = [self._judge(check, resources)]
        return cell, resources

    @contextlib.contextmanager
    def _ends(self, where: str) -> Iterator[None]:
        """Note *where* the kernel has ended or time has run out; nothing runs after that."""
        try:
            yield
        except (DeadKernelError, CellTimeoutError) as error:
            late = isinstance(error, CellTimeoutError)
            self.end = f"{where} " + (f"did not end in {self.timeout} seconds" if late else "ended the kernel")
        if time.monotonic() > self.until:
            self.end = f"{where} was the last: together they took more than {CELLS * self.timeout} seconds"

    def output(self, outs: Any, msg: dict[str, Any], display_id: str, cell_index: int) -> Any:
        """Keep what a cell shows up to a limit, and nothing that could do more in a page than be seen."""
        content = msg["content"]
        self.printed += 0 if self.asking else len(content.get("text", ""))
        if self.printed > MOST_PRINTED and not self.asking:
            return None
        if data := content.get("data"):
            kinds = [plain.MIME] if self.asking else SHOWN
            shown = {kind: str(data[kind]) for kind in kinds if kind in data and not _harms(kind, data)}
            msg = {**msg, "content": {**content, "data": shown or {"text/plain": ""}}}
        return super().output(outs, msg, display_id, cell_index)

    def _ask(self, function: str, *arguments: str) -> dict[str, Any]:
        """Call a function of :mod:`workshop.course.plain` in the kernel; what it shows is read as data."""
        call = f"{function}({', '.join(map(repr, arguments))}{', globals()' * (function == 'give')})"
        cell = new_code_cell(f"__import__({plain.__name__!r}, fromlist=['plain']).{call}")
        first, self.asking = self.nb.cells[0], True
        try:
            self.execute_cell(cell, 0, store_history=False)
        finally:
            self.nb.cells[0], self.asking = first, False  # nbclient puts there what it executes
        shown = [output.get("data", {}).get(plain.MIME, "") for output in cell.outputs]
        data = next(filter(None, shown), "")
        try:
            return dict(json.loads(data)) if len(data) < MOST_ANSWERED else {}
        except (ValueError, TypeError, RecursionError):
            return {}

    def _call(self, name: str, *arguments: Any) -> Any:
        """Ask a student's function, with arguments that it may do with as it likes."""
        told = {}
        if not self.end:
            with self._ends("the check"):
                told = self._ask("answer", name, json.dumps(plain.encode(arguments)))
        if "value" in told:
            return plain.decode(told["value"])
        raise type(str(told.get("raised", "NoAnswer")), (Exception,), {})

    def _judge(self, cell: NotebookNode, resources: dict[str, Any]) -> NotebookNode:
        """Run a check on its answer; return what it says as an output of the cell."""
        name = answer_of(cell)
        taken = self.answers.get(name)
        memory = dict(memory_of(source_of(self, resources)))
        try:
            if taken and "absent" not in taken:
                memory[name] = plain.decode(taken["value"], functools.partial(self._call, name))
        except Exception:
            memory[name] = plain.Stranger()
        memory["get_ipython"] = functools.partial(_shell, taken["crash"] if taken else "")
        try:
            with contextlib.redirect_stdout(io.StringIO()) as said:
                exec(compile(cell.source, name, "exec"), memory)
        except NotSolved as fault:
            return _error(f"{fault} ({self.end})" if self.end and not taken else str(fault))
        except Exception as error:
            self.log.error("%s, %s: %s", resources["nbgrader"]["student"], name, error, exc_info=True)
            return _error(f"{name}: the check could not judge this answer ({type(error).__name__}); ask your teacher.")
        return new_output("stream", name="stdout", text=said.getvalue())


def _shell(crash: str) -> SimpleNamespace:
    """Stand for the shell of the kernel: of it a check asks with which error the cell before ended."""
    error = type(crash, (Exception,), {})() if crash else None
    return SimpleNamespace(last_execution_result=SimpleNamespace(error_in_exec=error))


def _harms(kind: str, data: dict[str, Any]) -> bool:
    """Say whether a picture is none, but a text that would end up in a page as it is."""
    return kind == "image/png" and not re.fullmatch(r"[\w+/=\s]*", str(data[kind]), re.ASCII)


def _error(words: str) -> NotebookNode:
    return new_output("error", ename="NotSolved", evalue=words, traceback=[words])


def is_check(cell: NotebookNode) -> bool:
    """Return whether a cell checks an answer by code."""
    return cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)


def answer_of(check: NotebookNode) -> str:
    """Return the name of the variable that a check looks at."""
    return check.metadata.nbgrader.grade_id.removesuffix("_check")


def source_of(preprocessor: Any, resources: dict[str, Any]) -> Path:
    """Return the instructor's notebook of what *preprocessor* works on."""
    about, course = resources["nbgrader"], preprocessor.parent.parent.coursedir
    folder = course.format_path(course.source_directory, ".", about["assignment"])
    return Path(folder) / f"{about['notebook']}.ipynb"


@functools.lru_cache(maxsize=1)
def memory_of(source: Path) -> dict[str, Any]:
    """Return what the checks of an instructor's notebook may use."""
    return given(nbformat.read(source, as_version=4))


class Grades(ExportPlugin):
    """Export the points as a table of which the column ``state`` tells a zero from what was never graded."""

    def export(self, gradebook: Gradebook) -> None:
        """Write ``grades.csv``, or the file that ``--to`` names."""
        known = {student.id: student for student in gradebook.students}
        rows = []
        for assignment in gradebook.assignments:
            names = known.keys() | {path.parent.name for path in Path("submitted").glob(f"*/{assignment.name}")}
            if assignment.name in (self.assignment or [assignment.name]):
                names &= set(self.student or names)
                rows += [self._row(gradebook, assignment, name, known.get(name)) for name in sorted(names)]
        with Path(self.to or "grades.csv").open("w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, COLUMNS)
            table.writeheader()
            table.writerows(rows)

    def _row(self, gradebook: Gradebook, assignment: Any, name: str, student: Any) -> dict[str, Any]:
        row = {column: getattr(student, column, "") or "" for column in ("last_name", "first_name", "email")}
        row |= {"assignment": assignment.name, "student_id": name, "max_score": assignment.max_score}
        path = notice(name, assignment.name)
        row["state"] = path.read_text(encoding="utf-8").strip().replace("\n", "; ") if path.exists() else "graded"
        if not Path("autograded", name, assignment.name).exists():
            handed_in = Path("submitted", name, assignment.name).exists()
            unknown = "refused: no notebook that could be graded" if handed_in else "not handed in"
            return row | {"state": row["state"] if row["state"].startswith("refused") else unknown}
        submission = gradebook.find_submission(assignment.name, name)
        row["state"] += "; waits for points by hand" * submission.needs_manual_grade
        return row | {"score": max(0.0, submission.score - submission.late_submission_penalty)}
