"""The lessons: every solution is accepted, an untouched copy is not, and wrong answers are told what is wrong."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import functools
import io
import re
import tomllib

import nbformat
import pandas as pd
import pytest
from conftest import ROOT

import malirussia
from malirussia import audit
from malirussia.lessons import Check, NotSolved
from workshop.check.notebooks import Notebook, clean_run, repeatable_output, run_in_order
from workshop.course.course import assignment, config_in, student_version
from workshop.course.outline import lessons_in, marked
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


def say(memory, answer, check):
    """Run an answer and its check; return what is printed."""
    exec(compile(answer, "answer", "exec"), memory)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(check, "check", "exec"), memory)
    return printed.getvalue()


def graded(memory, answer, check):
    """Run an answer and the whole of its check; return the feedback with which it is refused."""
    with pytest.raises(NotSolved) as refused:
        say(memory, answer, check)
    return str(refused.value)


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


@pytest.mark.parametrize(("name", "exercise"), EXERCISES)
def test_the_solution_is_accepted(name, exercise, prepared):
    notebook = LESSONS[name]
    said = say(prepared(name, exercise), source(notebook, exercise), source(notebook, f"{exercise}_check"))
    assert said == f"{exercise}: solved.\n"


@pytest.mark.parametrize(("name", "exercise", "code"), RIGHT)
def test_a_right_answer_written_differently_is_accepted(name, exercise, code, prepared):
    said = say(prepared(name, exercise), code, source(LESSONS[name], f"{exercise}_check"))
    assert said == f"{exercise}: solved.\n"


@pytest.mark.parametrize(("name", "exercise", "code", "hint"), WRONG)
def test_a_wrong_answer_gets_its_hint_at_the_desk_or_waits_for_grading_which_refuses_it(
    name, exercise, code, hint, prepared
):
    memory = prepared(name, exercise)
    said = say(memory, code, source(student(name), f"{exercise}_check"))
    assert hint in said or "compared when the lesson is graded" in said
    feedback = graded(memory, "", source(LESSONS[name], f"{exercise}_check"))
    assert hint in feedback
    assert "cannot read" not in feedback


@pytest.mark.parametrize(("name", "exercise"), EXERCISES)
def test_an_untouched_exercise_is_unsolved_at_the_desk_and_when_graded(name, exercise, prepared):
    untouched = source(student(name), exercise)
    said = say(prepared(name, exercise), untouched, source(student(name), f"{exercise}_check"))
    assert said == f"{exercise}: not solved yet.\n"
    feedback = graded(prepared(name, exercise), untouched, source(LESSONS[name], f"{exercise}_check"))
    assert feedback == f"{exercise}: not solved yet."


@pytest.mark.parametrize(("name", "exercise"), EXERCISES)
def test_a_check_does_not_trust_what_is_in_memory(name, exercise, prepared):
    """Whoever changes the tables in memory before the check is graded by the tables of the package all the same."""
    notebook = LESSONS[name]
    emptied = "\nfor _key, _value in list(globals().items()):\n    if type(_value).__name__ == 'DataFrame' and _key != "
    emptied += f"'{exercise}':\n        globals()[_key] = _value.iloc[:0]\n"
    said = say(prepared(name, exercise), source(notebook, exercise) + emptied, source(notebook, f"{exercise}_check"))
    assert said == f"{exercise}: solved.\n"


@pytest.mark.parametrize(("name", "exercise"), EXERCISES)
def test_every_foreseen_mistake_differs_from_the_right_answer(name, exercise, prepared, monkeypatch):
    """What only a wrong answer reaches is compared with the right one here: none is broken, none is right."""
    foreseen = {}

    def compare(check, right, hint, mistakes):
        foreseen.update({said: check._difference(wrong) for said, wrong in mistakes.items()})

    monkeypatch.setattr(Check, "_compare", compare)
    say(prepared(name, exercise), source(LESSONS[name], exercise), source(LESSONS[name], f"{exercise}_check"))
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
