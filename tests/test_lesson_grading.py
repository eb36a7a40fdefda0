"""Submissions that are graded with nbgrader: honest ones, broken ones, and attempts to get points for nothing."""

from __future__ import annotations

import codecs
import copy
import csv
import itertools
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from malirussia.lessons import Check, NotSolved
from workshop.course import plain, repair
from workshop.course.course import config_in, sample_submission, student_version
from workshop.course.outline import outline

pytestmark = pytest.mark.slow

FOLDER = ROOT / "notebooks" / "lessons"
LESSON = "lesson_2"
FILE = "small_sums.ipynb"

# Each tries to get the points of two exercises, or to read what is hidden; none of the answers is right.
ATTEMPTS = {
    "patches": """
from malirussia import lessons
lessons.Check.equal = lessons.Check._compare = lambda *arguments, **options: None
lessons.Check.report = lambda self: print("solved")
lessons._same = lessons.NotSolved.__init__ = lambda *arguments: True
---
class Check:
    def __init__(self, *arguments): pass
    def __getattr__(self, name): return lambda *arguments, **options: print("solved")
---
import builtins, json, math, pandas
math.isclose = pandas.DataFrame.equals = builtins.isinstance = lambda *arguments, **options: True
json.dumps = lambda *arguments, **options: '{"value": 4710, "graded": true, "crash": 5}'
---
import sys, types
fake = types.ModuleType("malirussia.lessons")
fake.Check = Check
sys.modules["malirussia.lessons"] = sys.modules["workshop.course.plain"] = fake
fake.give = fake.answer = lambda *arguments: print("solved")
---
globals()["__builtins__"] = {}
""",
    "answers": """
class Equal(float):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
    def __float__(self): return self
    __le__ = __ge__ = __lt__ = __gt__ = __eq__
    def __sub__(self, other): return 0
    __rsub__ = __truediv__ = __rtruediv__ = __mul__ = __sub__
total = Equal(1)
---
class Words(str):
    def __eq__(self, other): return True
    def __hash__(self): return hash("1: 2")
def twice(n): return Words("anything")
---
class Trick(Exception):
    def __str__(self): return "solved"
    def _render_traceback_(self):
        get_ipython().run_cell = None
        return ["solved"]
raise Trick
""",
    "reads": """
print("\\n".join(In), _ih, _i, _oh, list(globals()))
print(list(get_ipython().history_manager.get_range()))
---
import sys
frame, seen = sys._getframe(), []
while frame:
    seen += [frame.f_locals, frame.f_globals]
    frame = frame.f_back
print([text for one in seen for text in map(str, one.values()) if "HIDDEN " + "TESTS" in text])
---
import gc
print([one for one in gc.get_objects() if isinstance(one, dict) and "check.eq" + "ual" in str(one.get("source", ""))])
---
from pathlib import Path
for path in Path(COURSE).rglob("*"):
    print(path, path.read_text())
---
for path in (f"{COURSE}/source/small/small_sums.ipynb", f"{COURSE}/gradebook.db", f"{COURSE}/nbgrader_config.py"):
    print(open(path, "rb").read())
---
import subprocess
print(subprocess.run(f"cat {COURSE}/source/small/*; ls {COURSE}; env", shell=True, capture_output=True, text=True))
---
import os
os.symlink(COURSE, "here"); print(os.listdir("here"))
---
print(open(f"/proc/{os.getppid()}/environ").read(), open(f"/proc/{os.getppid()}/maps").read())
---
seen = []
def twice(n):
    seen.append(n); print(n); open("seen", "a").write(str(n))
    return 0
---
print(total, globals().get("check"), globals().get("right"))
""",
    "later": """
print(seen, open("seen").read())
""",
    "writes": """
import sqlite3
book = sqlite3.connect(f"{COURSE}/gradebook.db")
book.execute("update grade set auto_score = 9, manual_score = 9"); book.commit()
---
from pathlib import Path
import site, sys
for folder in (*site.getsitepackages(), *sys.path, COURSE, str(Path.home()), sys.prefix):
    try:
        Path(folder, "sitecustomize.py").write_text("print('solved')")
    except OSError as error:
        print(type(error).__name__)
---
start = Path(get_ipython().profile_dir.startup_dir, "0.py")
start.write_text("total = 4711 - 1\\nopen('left', 'w')")
---
import atexit, os
atexit.register(lambda: Path(COURSE, "left").touch())
os.environ.update(HOME=COURSE, PATH=COURSE, PYTHONSTARTUP="x.py", PYTHONPATH=COURSE, IPYTHONDIR=COURSE)
---
if not os.fork():
    os.setsid()
    if not os.fork():
        import time
        time.sleep(0.3)
        try:
            Path(COURSE, "left").touch()
        finally:
            os._exit(0)
    os._exit(0)
---
import socket
print(socket.create_connection(("127.0.0.1", 22), timeout=1))
---
import ctypes
print(ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0))
os.kill(os.getppid(), 9)
""",
    "threads": """
import threading, time
def again():
    while True:
        from malirussia import lessons
        lessons.Check.report = lambda self: print("solved")
        globals()["Check"] = type("Check", (), {"report": lambda self: print("solved")})
        globals().setdefault("total", 4710)
        time.sleep(0.01)
threading.Thread(target=again).start()
---
get_ipython().display_pub.publish = lambda *arguments, **options: print("solved")
---
from ipykernel.kernelapp import IPKernelApp
kernel = IPKernelApp.instance().kernel
for value in ({"value": [1] * 9}, {"value": {"table": 1}}, {"value": {"array": [1], "shape": [9, 9]}}, 7):
    text = __import__("json").dumps(value)
    kernel.session.send(
        kernel.iopub_socket, "display_data", {"data": {"application/vnd.malirussia.answer+json": text}, "metadata": {}},
        parent=kernel.get_parent(), ident=b"display_data",
    )
""",
    "shows": """
from IPython.display import HTML, Javascript, display
display(HTML("<script>steal()</script>"), Javascript("steal()"))
display({"image/png": 'x" onerror="steal()', "text/html": "<b onclick='steal()'>"}, raw=True)
---
print("steal" * 300_000)
""",
    "exits": """
import os
os._exit(0)
""",
    "loops": """
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
""",
}


def part(source, grade_id, *, grade, points=None, kind=new_code_cell):
    solution = not grade or kind is new_markdown_cell
    about = {"grade": grade, "grade_id": grade_id, "locked": not solution, "schema_version": 3, "solution": solution}
    about |= {"task": False} | ({"points": points} if grade else {})
    return kind(source, id=grade_id.replace("_", "-"), metadata={"nbgrader": about})


def small_lesson():
    """Return a lesson with an exercise on a number, one on a function, and an open question."""
    told = """def told(n):
    try:
        return f"{n}: {twice(n)}"
    except Exception as error:
        return type(error).__name__


check = Check("twice", {**globals(), "twice": globals().get("twice") and {told(n) for n in (1, 2)}})
check.names()
### BEGIN HIDDEN TESTS
check.answer = check.answer and {*check.answer, told(987)}
check.equal(["1: 2", "2: 4", "987: 1974"])
### END HIDDEN TESTS
check.report()"""
    total = """check = Check("total", globals())
check.number(0, 9000, "too much")
### BEGIN HIDDEN TESTS
check.equal(4711, hint="the_hint")
### END HIDDEN TESTS
check.report()"""
    return new_notebook(
        metadata={"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
        cells=[
            new_markdown_cell("# Small sums", id="a"),
            new_code_cell("from malirussia.lessons import Check", id="b"),
            part("total = None\n### BEGIN SOLUTION\ntotal = 4711\n### END SOLUTION", "total", grade=False),
            part(total, "total_check", grade=True, points=2),
            part(
                "twice = None\n### BEGIN SOLUTION\ndef twice(n):\n    return 2 * n\n### END SOLUTION",
                "twice",
                grade=False,
            ),
            part(told, "twice_check", grade=True, points=1),
            new_markdown_cell("## Why?", id="c"),
            part("### BEGIN SOLUTION\nSo.\n### END SOLUTION", "why", grade=True, points=1, kind=new_markdown_cell),
            new_markdown_cell("## References", id="d"),
        ],
    )


CONFIG = config_in(FOLDER)
STUDENT = student_version(small_lesson(), CONFIG)
TOTAL, TOTAL_CHECK, TWICE, TWICE_CHECK, WHY = 2, 3, 4, 5, 7


def solved():
    """Return the small lesson as a student hands it in who has solved it."""
    notebook = copy.deepcopy(STUDENT)
    for place, source in (
        (TOTAL, "total = 4000\ntotal += 711"),
        (TWICE, "def twice(n):\n    return n + n"),
        (WHY, "So."),
    ):
        notebook.cells[place].source = source
    return notebook


def attempt(code, course):
    """Return a submission with wrong answers, and with *code* wherever it may stand."""
    notebook = copy.deepcopy(STUDENT)
    notebook.cells[TOTAL].source, notebook.cells[TWICE].source = "total = 1", "def twice(n):\n    return 1"
    code = code.replace("{COURSE}", str(course)).replace("COURSE", repr(str(course)))
    for place in (TWICE_CHECK, TOTAL_CHECK):
        notebook.cells[place:place] = [new_code_cell(one.strip()) for one in code.split("\n---\n")]
    notebook.cells.append(new_code_cell("print('\\n'.join(In), globals())"))
    return notebook


def text_of(notebook):
    return nbformat.writes(notebook)


def broken(course):
    """Return what students hand in who mean well: name to the bytes of files."""
    lost = solved()
    for cell in lost.cells:
        cell.metadata = {}
        del cell["id"]
    lost.nbformat_minor = 4
    future = solved()
    for cell in future.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.schema_version = 99
    forged = copy.deepcopy(STUDENT)
    forged.cells[TOTAL_CHECK].metadata.nbgrader |= {"points": 100, "locked": False, "solution": True}
    forged.cells[TOTAL_CHECK].source = "4"
    forged.cells.append(part("9", "total_check", grade=True, points=9))
    forged.cells[-1].id = "more"
    forged.cells[WHY].source = "<script>steal()</script> a < b"
    del forged.cells[TWICE_CHECK]
    other = new_notebook(cells=[new_markdown_cell("# Lesson 9: Another?")])
    return {
        "solved": {FILE: text_of(solved())},
        "untouched": {FILE: text_of(STUDENT)},
        "lost": {FILE: codecs.BOM_UTF8.decode() + text_of(lost).replace("\n", "\r\n")},
        "future": {"small sums (1).ipynb": text_of(future)},
        "forged": {FILE: text_of(forged)},
        "torn": {FILE: text_of(solved())[:900]},
        "other": {FILE: text_of(other)},
        "unclear": {"a.ipynb": text_of(solved()), "b.ipynb": text_of(solved())},
        "zipped": {"answers.zip": "PK"},
    }


# What the guide does, in one process: nbgrader is slow to load.
NBGRADER = """
import contextlib, sys
from nbgrader.apps.nbgraderapp import NbGraderApp
for step in sys.argv[1:]:
    NbGraderApp.clear_instance()
    with contextlib.suppress(SystemExit):
        NbGraderApp.launch_instance(step.split())
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return a course after the steps of the guide: a real lesson, and the small one with all kinds of submissions."""
    course = tmp_path_factory.mktemp("a course")
    shutil.copy(FOLDER / "nbgrader_config.py", course)
    (path,) = FOLDER.glob(f"{LESSON}_*.ipynb")
    instructor = nbformat.read(path, as_version=4)
    student = student_version(instructor, CONFIG)
    right = copy.deepcopy(student)
    for mine, theirs in zip(right.cells, instructor.cells, strict=True):
        if mine.metadata.get("nbgrader", {}).get("solution"):
            mine.source = theirs.source
    files = {
        f"source/{LESSON}/{path.name}": text_of(instructor),
        f"source/small/{FILE}": text_of(small_lesson()),
        f"submitted/sample/{LESSON}/{path.name}": text_of(sample_submission(instructor, student)),
        f"submitted/solved/{LESSON}/{path.name}": text_of(right),
    }
    for name, code in ATTEMPTS.items():
        files[f"submitted/{name}/small/{FILE}"] = text_of(attempt(code, course))
    for name, some in broken(course).items():
        files |= {f"submitted/{name}/small/{file}": text for file, text in some.items()}
    for name, text in files.items():
        target = course / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
    archive = course / "downloaded" / "small" / "archive" / "Small sums-4711.zip"
    archive.parent.mkdir(parents=True)
    with zipfile.ZipFile(archive, "w") as moodle:
        moodle.writestr(f"Ségou Traoré_4711_assignsubmission_file_/{FILE}", text_of(solved()))
        moodle.writestr("Ada Keïta_4712_assignsubmission_file_my sums.ipynb", text_of(solved()))
    # As in an environment that is activated: nbgrader calls alembic by its name.
    path_of = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    steps = [f"{step} {name}" for step in ("generate_assignment",) for name in (LESSON, "small")]
    steps += ["zip_collect small", f"autograde {LESSON}", "autograde small --Execute.timeout=6"]
    steps += [f"generate_feedback {LESSON} --student=sample", "generate_feedback small --student=shows", "export"]
    done = subprocess.run(
        [sys.executable, "-c", NBGRADER, *steps],
        cwd=course,
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": path_of},
    )
    assert done.returncode == 0, done.stderr
    (course / "log").write_text(done.stderr, encoding="utf-8")
    return course


@pytest.fixture(scope="module")
def log(course):
    return (course / "log").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def rows(course):
    with (course / "grades.csv").open(encoding="utf-8") as file:
        return {(row["student_id"], row["assignment"]): row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def scores(course):
    """Return the points by code of each submission: exercise to points."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {
            (submission.student.id, name): {
                grade.name: grade.auto_score for one in submission.notebooks for grade in one.grades
            }
            for name in (LESSON, "small")
            for submission in gradebook.assignment_submissions(name)
        }


def graded(course, student, lesson="small", file=FILE):
    return nbformat.read(course / "autograded" / student / lesson / file, as_version=4)


def outputs(cells):
    return json.dumps([cell.outputs for cell in cells if cell.cell_type == "code"])


def is_check(cell):
    return cell.metadata.get("nbgrader", {}).get("grade", False)


@pytest.mark.parametrize("name", ATTEMPTS)
def test_no_attempt_earns_a_point_or_reads_what_is_hidden(name, course, scores):
    assert scores[name, "small"]["total_check"] == scores[name, "small"]["twice_check"] == 0
    shown = outputs(cell for cell in graded(course, name).cells if not is_check(cell))
    assert [hidden for hidden in ("the_hint", "BEGIN HIDDEN", "check.equal(4711", "987") if hidden in shown] == []


def test_no_attempt_leaves_anything_behind(course, scores):
    assert not (course / "left").exists()
    assert list(course.rglob("sitecustomize.py")) == []
    assert scores["solved", "small"] == {"total_check": 2, "twice_check": 1, "why": None}
    assert scores["untouched", "small"] == {"total_check": 0, "twice_check": 0, "why": 0}


def test_feedback_speaks_in_words_hides_the_check_and_runs_nothing(course):
    text = (course / "feedback" / "shows" / "small" / FILE).with_suffix(".html").read_text(encoding="utf-8")
    assert "total: not yet: this is not it. the_hint" in text
    assert "Traceback (" not in text
    assert "check.equal(" not in text
    shown = BeautifulSoup(text, "html.parser")
    assert shown.select("[onerror], [onclick]") == []
    assert [script for script in shown("script") if script.text.strip().startswith("steal")] == []


def test_what_a_cell_prints_is_kept_up_to_a_limit(course):
    assert (course / "autograded" / "shows" / "small" / FILE).stat().st_size < 3_000_000


def test_a_notebook_that_does_not_go_on_says_where_and_keeps_what_was_answered_before(course, scores):
    said = outputs(filter(is_check, graded(course, "exits").cells))
    assert "total: not solved yet. (cell 4 ended the kernel)" in said
    assert "(cell 4 did not end in 6 seconds)" in outputs(filter(is_check, graded(course, "loops").cells))


def test_a_real_lesson_gets_its_points(course, scores, rows):
    (path,) = FOLDER.glob(f"{LESSON}_*.ipynb")
    points = outline(nbformat.read(path, as_version=4)).exercises
    by_hand = [name for name in points if not name.endswith("_check")]
    assert scores["solved", LESSON] == points | dict.fromkeys(by_hand)
    assert scores["sample", LESSON] == dict.fromkeys(points, 0) | {next(iter(points)): next(iter(points.values()))}
    assert rows["solved", LESSON]["state"] == "graded; waits for points by hand"
    assert rows["sample", LESSON]["state"] == "graded"


def test_nbgrader_makes_the_student_notebook_that_is_handed_out(course):
    released = nbformat.read(next((course / "release" / LESSON).iterdir()), as_version=4)
    ours = student_version(nbformat.read(next((course / "source" / LESSON).iterdir()), as_version=4), CONFIG)
    assert json.loads(nbformat.writes(released))["cells"] == json.loads(nbformat.writes(ours))["cells"]


@pytest.mark.parametrize("name", ["lost", "future", "Ségou Traoré", "Ada Keïta"])
def test_what_can_be_repaired_gets_all_its_points(name, scores):
    assert scores[name, "small"] == {"total_check": 2, "twice_check": 1, "why": None}


def test_a_check_that_was_changed_or_deleted_is_the_one_that_was_handed_out(course, scores, rows):
    assert scores["forged", "small"] == {"total_check": 0, "twice_check": 0, "why": None}
    assert "twice_check was missing" in rows["forged", "small"]["state"]
    (why,) = (cell for cell in graded(course, "forged").cells if "steal" in cell.source)
    assert why.source == "&lt;script>steal()&lt;/script> a < b"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("torn", f"refused: {FILE} is no whole notebook"),
        ("other", "no cell holds an exercise of small_sums; the first begins with '# Lesson 9: Another?'"),
        ("unclear", f"refused: none of a.ipynb, b.ipynb is called {FILE}: leave one of them"),
        ("zipped", "refused: no notebook that could be graded"),
    ],
)
def test_what_is_refused_is_no_zero(name, words, rows, log):
    row = rows[name, "small"]
    assert words in row["state"]
    assert row["score"] == ""
    assert rows["untouched", "small"]["score"] == "0.0"
    if name in ("torn", "other"):
        assert f"{name}, small: " in log


def test_who_has_handed_in_nothing_is_told_from_both(rows):
    assert (rows["sample", "small"]["score"], rows["sample", "small"]["state"]) == ("", "not handed in")


# Below here nothing is executed: the repair of cells, and what is taken out of a kernel.


def repaired(change):
    """Return sources and parts of a solved notebook that *change* has broken, after its repair, and the notes."""
    notebook, notes = solved(), []
    change(notebook.cells)
    cells = repair._repaired(notebook.cells, STUDENT.cells, notes)
    return [(cell.metadata.get("nbgrader", {}).get("grade_id", ""), cell.source) for cell in cells], notes


def again(place, source, to=None):
    def change(cells):
        cells.insert(place + 1 if to is None else to, copy.deepcopy(cells[place]))
        cells[place + 1 if to is None else to].source = source

    return change


def cut(place, line):
    """Return a change that splits a cell as JupyterLab does: both halves keep the metadata."""

    def change(cells):
        head, tail = cells[place].source.split("\n", line)[:line], cells[place].source.split("\n")[line:]
        cells.insert(place + 1, copy.deepcopy(cells[place]))
        cells[place].source, cells[place + 1].source = "\n".join(head), "\n".join(tail)

    return change


def stripped(*places):
    def change(cells):
        for place in places:
            cells[place].metadata, cells[place].id = nbformat.NotebookNode(), f"x{place}"

    return change


def deleted(place):
    return lambda cells: cells.pop(place)


def moved(place, to):
    return lambda cells: cells.insert(to, cells.pop(place))


WHOLE = ["total", "total_check", "twice", "twice_check", "why"]


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (again(TOTAL, "total = 5", TOTAL), "total stands in the cells 3, 4"),
        (again(TOTAL, STUDENT.cells[TOTAL].source), "total stands in the cells 3, 4"),
        (again(TOTAL_CHECK, "print(1)"), None),
        (cut(TOTAL, 1), "total stands in the cells 3, 4"),
        (cut(TOTAL_CHECK, 1), None),
        (stripped(TOTAL), "total was known by its text alone"),
        (stripped(TOTAL_CHECK), "total_check was known by its text alone"),
        (stripped(WHY), "why was known by its text alone"),
        (deleted(TWICE_CHECK), "twice_check was missing"),
        (moved(TWICE, 8), None),
    ],
)
def test_cells_that_were_copied_split_moved_or_stripped_still_make_the_answer(change, note):
    cells, notes = repaired(change)
    assert notes == ([note] if note else [])
    parts = [name for name, _ in cells if name]
    assert sorted(parts) == sorted(WHOLE)
    assert all(parts.index(name) < parts.index(f"{name}_check") for name in ("total", "twice"))
    memory = {"Check": lambda *arguments: None}
    for name, source in cells:
        if name == "total_check":
            break
        if name in ("", "total") and "total" in source and not source.startswith("#"):
            exec(source, memory)
    assert memory["total"] == 4711
    assert dict(cells)["why"] == "So."
    for name in ("total_check", "twice_check"):
        assert dict(cells)[name] == next(cell.source for cell in STUDENT.cells if cell.id == name.replace("_", "-"))


def test_an_answer_that_was_written_below_its_check_is_checked_below():
    def change(cells):
        again(TOTAL, "total = 3", 6)(cells)
        cells[TOTAL].source = STUDENT.cells[TOTAL].source

    cells, _ = repaired(change)
    parts = [name for name, _ in cells]
    assert parts.index("total_check") == parts.index("total") + 1 == 5
    assert dict(cells)["total"] == "total = 3"


def test_an_open_answer_in_pieces_is_read_as_one():
    cells, _ = repaired(again(WHY, "And so."))
    assert dict(cells)["why"] == "So.\n\nAnd so."
    assert [name for name, _ in cells].count("why") == 1


def test_an_open_answer_whose_cell_is_lost_is_read_by_a_person():
    def change(cells):
        cells[WHY:] = [new_markdown_cell("Elsewhere, I say why.")]
        del cells[WHY - 1]

    cells, notes = repaired(change)
    assert dict(cells)["why"] == f"{repair.NO_CELL}\n\nElsewhere, I say why."
    assert notes == ["why has no cell"]


def test_an_answer_that_was_deleted_is_none():
    cells, notes = repaired(deleted(TOTAL))
    assert dict(cells)["total"] == STUDENT.cells[TOTAL].source
    assert notes == ["total has no cell"]


def equal(one, other):
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other)
    elif isinstance(one, pd.Series):
        pd.testing.assert_series_equal(one, other)
    elif isinstance(one, pd.Index):
        pd.testing.assert_index_equal(one, other)
    elif isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, other)
    else:
        assert one == other or (pd.isna(one) and pd.isna(other))
        assert type(one) is type(other)


TABLE = pd.DataFrame(
    {
        "key": ["a", "b"],
        "n": pd.array([1, None], dtype="Int64"),
        "share": [0.5, np.nan],
        "day": pd.to_datetime(["2021-12-01", None]),
        "kind": pd.Categorical(["x", "y"]),
        "true": [True, False],
        "mixed": pd.Series([1, "a"], dtype=object),
        "own": pd.Series([1, 2], dtype=object),
    }
)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        10**50,
        0.1,
        float("nan"),
        "text",
        [1, "a", [2.5]],
        (1, 2),
        {1, 2},
        {"a": 1, 2: [3]},
        pd.Timestamp("2021-12-01"),
        TABLE,
        TABLE.set_index("key"),
        TABLE.set_index(["key", "true"]),
        TABLE["n"],
        TABLE.set_index("key")["share"],
        pd.Index(["a", "b"], name="key"),
        np.array([[1.5, 2], [3, 4]]),
    ],
)
def test_a_plain_value_comes_out_of_the_kernel_as_it_was(value):
    equal(value, plain.decode(json.loads(json.dumps(plain.encode(value)))))


def test_what_is_not_plain_comes_as_its_name_alone():
    class Figure:
        pass

    assert plain.encode(Figure()) == {"other": "Figure"}
    assert type(plain.decode({"other": "Figure"})).__name__ == "Figure"
    assert plain.encode(len) == plain.encode(lambda: 1) == {"function": True}
    assert plain.decode({"function": True}, len) is len


def nested():
    value = []
    for _ in range(10_000):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        itertools.count(),
        itertools.repeat(4711, 3),
        nested(),
        10**5000,
        "4711",
        [4711],
        type("Same", (float,), {"__eq__": lambda self, other: True, "__hash__": lambda self: 0})(1),
        type("Same", (), {"__eq__": lambda self, other: True, "__float__": lambda self: 4711.0})(),
        type("Same", (str,), {"__str__": lambda self: self.none})("x"),
        len,
    ],
    ids=lambda value: type(value).__name__,
)
def test_no_object_passes_for_the_right_number(value):
    try:
        taken = plain.decode(json.loads(json.dumps(plain.encode(value))))
    except (ValueError, AttributeError):
        return  # in the kernel: nothing is shown then, and no answer there
    check = Check("total", {"total": taken})
    check.number()
    check.equal(4711)
    with pytest.raises(NotSolved):
        check.report()


def test_a_function_is_asked_as_it_was_when_its_answer_was_taken(monkeypatch):
    shown = []
    monkeypatch.setattr(plain, "_show", shown.append)
    memory = {}
    exec("step = 2\ndef more(numbers, by=1):\n    numbers.append(0)\n    return len(numbers) + step * by", memory)
    plain.give("more", memory)
    memory["step"] = 100
    plain.answer("more", json.dumps(plain.encode(([1, 1],))))
    plain.answer("more", json.dumps(plain.encode((3,))))
    plain.give("none", memory)
    assert shown == [{"value": {"function": True}}, {"value": 5}, {"raised": "AttributeError"}, {"absent": True}]
