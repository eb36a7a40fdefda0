"""The lessons: every solution is accepted, an untouched copy is not, and wrong answers are told what is wrong."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import copy
import functools
import io
import json
import re
import tomllib

import nbformat
import pandas as pd
import pytest
from conftest import ROOT

import malirussia
from malirussia import audit, lessons
from malirussia.lessons import Check, NotSolved
from workshop.check.notebooks import Notebook, clean_run, repeatable_output, run_in_order
from workshop.course import plain
from workshop.course.course import assignment, config_in, student_version
from workshop.course.outline import given, lessons_in, marked
from workshop.run import kernels
from workshop.run.execute import run

pytestmark = pytest.mark.slow

FOLDER = ROOT / "notebooks" / "lessons"
PATHS = {assignment(path): path for path in lessons_in(FOLDER)}
LESSONS = {name: nbformat.read(path, as_version=4) for name, path in PATHS.items()}
ANSWERS = {
    name: tomllib.loads((ROOT / "tests" / "lesson_answers" / f"{name}.toml").read_text(encoding="utf-8"))
    for name in PATHS
}
is_grade, is_solution = (functools.partial(marked, kind=kind) for kind in ("grade", "solution"))
each_lesson = pytest.mark.parametrize("name", PATHS)


@functools.cache
def student(name):
    """Return the version of a lesson that students get."""
    return student_version(LESSONS[name], config_in(FOLDER))


def source(notebook, grade_id):
    return next(cell.source for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def exercises(notebook):
    """Return the ids of the exercises that are checked by code."""
    return [
        cell.metadata.nbgrader.grade_id for cell in notebook.cells if cell.cell_type == "code" and is_solution(cell)
    ]


EXERCISES = [(name, exercise) for name, notebook in LESSONS.items() for exercise in exercises(notebook)]
RIGHT = [
    (name, exercise, code) for name, exercise in EXERCISES for code in ANSWERS[name].get(exercise, {}).get("right", [])
]
WRONG = [
    (name, exercise, one["code"], one["says"])
    for name, exercise in EXERCISES
    for one in ANSWERS[name].get(exercise, {}).get("wrong", [])
]


@pytest.fixture(scope="module")
def prepared():
    """Return a function that gives the names in memory before an exercise, all earlier ones solved."""
    known, verdicts = {}, audit()

    def before(name, exercise):
        if name not in known:
            memory, known[name] = {}, {}
            with contextlib.redirect_stdout(io.StringIO()):
                for cell in LESSONS[name].cells:
                    if cell.cell_type == "code":
                        if is_solution(cell):
                            known[name][cell.metadata.nbgrader.grade_id] = dict(memory)
                        exec(compile(cell.source, f"{name}.{cell.id}", "exec"), memory)
                        if "audit" in memory:
                            # It takes a second, and each of many answers would ask for it anew.
                            memory["audit"] = verdicts.copy
        return dict(known[name][exercise])

    return before


def answered(memory, answer):
    """Run an answer; return the names that are in memory then."""
    exec(compile(answer, "answer", "exec"), memory)
    return memory


def say(memory, check):
    """Run a check; return what is printed."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(check, "check", "exec"), memory)
    return printed.getvalue()


def grade(name, exercise, memory):
    """Run the whole check of an answer as it is graded: apart, on the plain value; return what is printed."""
    apart = given(LESSONS[name])
    if "audit" in apart:
        apart["audit"] = memory["audit"]  # as in memory: it takes a second
    if exercise in memory:
        data = json.loads(json.dumps(plain.encode(memory[exercise])))
        apart[exercise] = plain.decode(data, lambda *arguments: memory[exercise](*copy.deepcopy(arguments)))
    return say(apart, source(LESSONS[name], f"{exercise}_check"))


def refused(name, exercise, memory):
    """Return the feedback with which an answer is refused."""
    with pytest.raises(NotSolved) as fault:
        grade(name, exercise, memory)
    return str(fault.value)


def shown(name, names):
    """Run a lesson up to the last cell before the exercises that holds one of *names*; return all that is shown."""
    cells = [cell for cell in LESSONS[name].cells if cell.cell_type == "code"]
    cells = cells[: next(place for place, cell in enumerate(cells) if is_solution(cell))]
    naming = [place for place, cell in enumerate(cells) if any(name in cell.source for name in names)]
    memory = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        for cell in cells[: max(naming, default=-1) + 1]:
            exec(compile(ast.Interactive(ast.parse(cell.source).body), name, "single"), memory)
    return re.sub(r" at 0x\w+", "", printed.getvalue())


@each_lesson
def test_a_lesson_shows_the_same_when_tables_and_sources_are_added(name, monkeypatch):
    names = ("catalog(", 'load("sources")')
    before = shown(name, names)
    load, tables, sources = malirussia.load, malirussia.catalog(), malirussia.load("sources")
    tables = pd.concat([tables.iloc[[0]].assign(table="aid_new"), tables])
    sources = pd.concat([sources.iloc[[-1]].assign(source_id="0-new", publisher="New"), sources], ignore_index=True)
    monkeypatch.setattr(malirussia, "load", lambda table: sources if table == "sources" else load(table))
    monkeypatch.setattr(malirussia, "catalog", lambda: tables)
    assert shown(name, names) == before


@each_lesson
def test_every_exercise_has_answers_of_both_kinds(name):
    kinds = {exercise: (len(kind["right"]), len(kind["wrong"])) for exercise, kind in ANSWERS[name].items()}
    assert list(kinds) == exercises(LESSONS[name])
    assert [exercise for exercise, (right, wrong) in kinds.items() if right < 1 or wrong < 3] == []


SOLVED = [
    *((name, exercise, source(LESSONS[name], exercise)) for name, exercise in EXERCISES),
    *RIGHT,
]


@pytest.mark.parametrize(("name", "exercise", "code"), SOLVED)
def test_a_right_answer_is_accepted_at_the_desk_and_when_graded(name, exercise, code, prepared):
    memory = answered(prepared(name, exercise), code)
    said = say(dict(memory), source(student(name), f"{exercise}_check"))
    assert "compared when the lesson is graded" in said, _seal_of(name, exercise, memory)
    assert grade(name, exercise, memory) == f"{exercise}: solved.\n"


def _seal_of(name, exercise, memory):
    """Return the seal that the check of an exercise should have."""
    lines = source(student(name), f"{exercise}_check").replace("check.report()", "")
    say(memory, lines)
    check = memory["check"]
    return f'{check.fault or ""} check.sealed("{lessons._seal(check.name, check.answer, check.key)}")'


DESK: dict[tuple[str, str], list[str]] = {}
"""What the wrong answers of an exercise are told at the desk."""


@pytest.mark.parametrize(("name", "exercise", "code", "hint"), WRONG)
def test_a_wrong_answer_is_refused_in_words(name, exercise, code, hint, prepared):
    memory = answered(prepared(name, exercise), code)
    said = say(dict(memory), source(student(name), f"{exercise}_check"))
    DESK.setdefault((name, exercise), []).append(said)
    assert hint in said or "this is not it. Read the task" in said or "compared when the lesson is graded" in said
    feedback = refused(name, exercise, memory)
    assert hint in feedback
    assert "cannot read" not in feedback


def test_at_the_desk_few_wrong_answers_pass_in_silence():
    """Where an answer is one of a few, a check that tells right from wrong would tell the answer."""
    said = [one for some in DESK.values() for one in some]
    if len(said) < len(WRONG):
        pytest.skip("only with all wrong answers")
    silent = [exercise for (_, exercise), some in DESK.items() for one in some if "compared when" in one]
    assert set(silent) <= {"nearest", "china_year"}
    assert len(silent) / len(said) <= 0.15


@pytest.mark.parametrize(("name", "exercise"), EXERCISES)
def test_an_untouched_exercise_is_unsolved_at_the_desk_and_when_graded(name, exercise, prepared):
    for memory in (answered(prepared(name, exercise), source(student(name), exercise)), prepared(name, exercise)):
        said = say(dict(memory), source(student(name), f"{exercise}_check"))
        assert said == f"{exercise}: not solved yet.\n"
        assert refused(name, exercise, memory) == f"{exercise}: not solved yet."


@pytest.mark.parametrize(("name", "exercise"), EXERCISES)
def test_every_foreseen_mistake_differs_from_the_right_answer(name, exercise, prepared, monkeypatch):
    """What only a wrong answer reaches is compared with the right one here: none is broken, none is right."""
    foreseen = {}

    def compare(check, right, hint, mistakes):
        foreseen.update({said: check._difference(wrong) for said, wrong in mistakes.items()})

    monkeypatch.setattr(Check, "_compare", compare)
    grade(name, exercise, answered(prepared(name, exercise), source(LESSONS[name], exercise)))
    assert [said for said, difference in foreseen.items() if difference is None] == []


@each_lesson
def test_students_see_neither_solution_nor_hidden_test(name):
    text = nbformat.writes(student(name))
    for trace in ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS", "check.equal", '"outputs": [{'):
        assert trace not in text
    assert all(not cell.metadata.editable for cell in student(name).cells if is_grade(cell) and not is_solution(cell))


@each_lesson
def test_an_untouched_student_notebook_runs_to_its_end(name, tmp_path, monkeypatch):
    monkeypatch.setattr(kernels, "build_settings", kernels.own_settings)  # no layouts of a page: nobody looks at them
    path = tmp_path / f"{name}.ipynb"
    nbformat.write(student(name), path)
    notebook = asyncio.run(run(path))
    nbformat.write(notebook, path)
    faults = [
        fault
        for rule in (run_in_order, clean_run, repeatable_output)
        for fault in rule.faults(Notebook(path, tmp_path))
    ]
    assert not faults, "\n".join(map(str, faults))
    said = [
        output.text for cell in notebook.cells if is_grade(cell) and cell.cell_type == "code" for output in cell.outputs
    ]
    assert said == [f"{exercise}: not solved yet.\n" for exercise in exercises(LESSONS[name])]
