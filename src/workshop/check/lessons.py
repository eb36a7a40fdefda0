"""The rules for lessons: what a teacher plans with, and how an exercise and its check are written."""

from __future__ import annotations

import re

from workshop.check.notebooks import Cell, Notebook
from workshop.check.rules import Found, rule
from workshop.course.outline import marked, sections

OPENING = ("Who it is for", "Questions", "Objectives")
SECTIONS = ("Data", "Worked example", "Exercise A", "Key points", "Further reading", "References")
UNTIMED = ("Further reading", "References")
MINUTES = (45, 60)
LEAST_EXERCISES = 3
HIDDEN = "### BEGIN HIDDEN TESTS\n"


def _exercises(notebook: Notebook) -> list[Cell]:
    return [cell for cell in notebook.code if marked(cell.node, "solution")]


def _checks(notebook: Notebook) -> list[tuple[str, str, str]]:
    """Return place, visible and hidden part of the cells that check an exercise."""
    found = []
    for cell in notebook.code:
        if marked(cell.node, "grade"):
            visible, _, hidden = cell.source.partition(HIDDEN)
            found.append((cell.place, visible, hidden))
    return found


@rule(
    "lesson",
    "L01",
    f"The first cell says in bold: {', '.join(OPENING)}.",
    "A teacher decides on these lines whether the lesson fits.",
)
def lesson_opening(notebook: Notebook) -> Found:
    for part in OPENING:
        if f"**{part}" not in notebook.cells[0].source:
            yield "cell 1", f"no part '{part}', expected '**{part}'"


@rule("lesson", "L02", "The heading is the number of the lesson and its question.", "Lessons are called by number.")
def numbered_question(notebook: Notebook) -> Found:
    if not re.match(r"# Lesson \d: .+\?", opening := notebook.cells[0].source):
        yield "cell 1", f"found {opening.partition(chr(10))[0]!r}, expected '# Lesson 2: ' and a question"


@rule(
    "lesson",
    "L03",
    f"There are sections that begin with {', '.join(SECTIONS)}.",
    "Students see how it is done before they do it, and take the key points home.",
)
def lesson_sections(notebook: Notebook) -> Found:
    names = [name for name, _ in sections(notebook.node)]
    for part in SECTIONS:
        if not any(name.startswith(part) for name in names):
            yield "", f"no section '{part}', expected one"


@rule(
    "lesson",
    "L04",
    f"Every section but {' and '.join(UNTIMED)} states its minutes: `## Data (5 min)`.",
    "A teacher plans the hour with them.",
)
def timed_sections(notebook: Notebook) -> Found:
    for name, minutes in sections(notebook.node):
        if not minutes and name not in UNTIMED:
            yield "", f"the section '{name}' states no minutes, expected '(5 min)' behind it"


@rule(
    "lesson",
    "L05",
    f"The sections take {MINUTES[0]} to {MINUTES[1]} minutes together.",
    "A lesson fits a class.",
)
def lesson_minutes(notebook: Notebook) -> Found:
    minutes = sum(minutes or 0 for _, minutes in sections(notebook.node))
    if not MINUTES[0] <= minutes <= MINUTES[1]:
        yield "", f"the sections take {minutes} minutes, expected {MINUTES[0]} to {MINUTES[1]}"


@rule("lesson", "L06", "There is an open question, graded by a person.", "Not all that is worth asking has one answer.")
def open_question(notebook: Notebook) -> Found:
    if not any(marked(cell.node, "solution") for cell in notebook.prose):
        yield "", "no open question, expected one"


@rule(
    "lesson",
    "L07",
    f"There are at least {LEAST_EXERCISES} exercises in code.",
    "What is done once is not learnt.",
)
def enough_exercises(notebook: Notebook) -> Found:
    if (count := len(_exercises(notebook))) < LEAST_EXERCISES:
        yield "", f"{count} exercises in code, at least {LEAST_EXERCISES} expected"


@rule(
    "lesson",
    "L08",
    "An exercise marks its solution with `### BEGIN SOLUTION`.",
    "Without the mark the students' version shows the solution.",
)
def marked_solution(notebook: Notebook) -> Found:
    for cell in _exercises(notebook):
        if "### BEGIN SOLUTION\n" not in cell.source:
            yield cell.place, "no solution marked, expected ### BEGIN SOLUTION"


@rule(
    "lesson",
    "L09",
    "The answer is set to None right before the solution.",
    "An untouched exercise then runs, and its check says that it is not solved yet.",
)
def empty_answer(notebook: Notebook) -> Found:
    for cell in _exercises(notebook):
        if not re.search(r"^\w+ = None\n### BEGIN", cell.source, re.MULTILINE):
            yield cell.place, "the answer is not set to None before the solution, expected 'name = None' there"


@rule(
    "lesson",
    "L10",
    "Lines to fill in stand below the answer that is None.",
    "Above it they would be overwritten by None.",
)
def blanks_below(notebook: Notebook) -> Found:
    for cell in _exercises(notebook):
        if "____" in cell.source.partition("### END SOLUTION")[0]:
            yield cell.place, "lines to fill in stand above the end of the solution, expected them below"


@rule(
    "lesson",
    "L11",
    "`check.equal()` stands in the hidden tests, and only there.",
    "It holds the right answer, which students must not see.",
)
def hidden_answer(notebook: Notebook) -> Found:
    for place, visible, hidden in _checks(notebook):
        if "check.equal(" not in hidden or "check.equal(" in visible:
            yield place, "check.equal() is missing or can be seen, expected it in the hidden tests"


@rule(
    "lesson",
    "L12",
    "Before the hidden tests a check looks at the form of the answer: `number()`, `word()`, `names()` or `table()`.",
    "A student gets a hint at once, not only with the grade.",
)
def hints_first(notebook: Notebook) -> Found:
    for place, visible, _ in _checks(notebook):
        if not re.search(r"check\.(number|word|names|table)\(", visible):
            yield place, "nothing is checked before the hidden tests, expected the form of the answer"


@rule("lesson", "L13", "A check ends with its report.", "What it found is told once, and in one way.")
def last_report(notebook: Notebook) -> Found:
    for place, _, hidden in _checks(notebook):
        if "### END HIDDEN TESTS\ncheck.report()" not in hidden:
            yield place, "no report behind the hidden tests, expected check.report()"


@rule(
    "lesson",
    "L14",
    "The hidden tests load their tables anew.",
    "A student may have changed the one in memory.",
)
def fresh_tables(notebook: Notebook) -> Found:
    for place, _, hidden in _checks(notebook):
        if "load(" not in hidden:
            yield place, "the hidden tests load no table, expected load()"
