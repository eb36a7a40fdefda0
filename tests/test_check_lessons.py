"""Each rule for lessons finds its fault."""

from __future__ import annotations

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from workshop.check.rules import RULES

OPENING = "# Lesson 2: What is a tidy table?\n\n**Who it is for:** all. **Questions:** one. **Objectives:** two."
SECTIONS = """## Data (10 min)

## Worked example (20 min)

## Exercise A (15 min)

## Key points (5 min)

## Further reading

## References
"""
SOLUTION = "A1 = None\n### BEGIN SOLUTION\nA1 = 1\n### END SOLUTION"
CHECK = """check = Check("A1", A1)
check.number()
### BEGIN HIDDEN TESTS
check.equal(len(load("trade_total")))
### END HIDDEN TESTS
check.report()"""


def graded(cell, **kind):
    cell.metadata["nbgrader"] = {"grade_id": cell.id, "points": 1, "solution": False, "grade": False, **kind}
    return cell


def lesson(old="", new="", exercises=3, open_question=True):
    """Return the cells of a sound lesson with *old* text replaced by *new*."""
    cells = [new_markdown_cell(OPENING), new_markdown_cell(SECTIONS)]
    for _ in range(exercises):
        cells += [graded(new_code_cell(SOLUTION), solution=True), graded(new_code_cell(CHECK), grade=True)]
    if open_question:
        cells.append(graded(new_markdown_cell("Because."), solution=True, grade=True))
    for cell in cells:
        cell.source = cell.source.replace(old, new) if old else cell.source
    return cells


EXAMPLES = [
    ("L01", "cell 1, L01 lesson-opening: no part 'Objectives'", {"old": "**Objectives"}),
    ("L02", "cell 1, L02 numbered-question: found '# Tidy?', expected", {"old": OPENING, "new": "# Tidy?"}),
    ("L03", "no section 'Worked example'", {"old": "Worked example", "new": "Example"}),
    ("L04", "the section 'Data' states no minutes", {"old": " (10 min)"}),
    ("L05", "the sections take 30 minutes, expected 45 to 60", {"old": "(20 min)", "new": "(0 min)"}),
    ("L06", "no open question", {"open_question": False}),
    ("L07", "2 exercises in code, at least 3 expected", {"exercises": 2}),
    ("L08", "cell 3, L08 marked-solution: no solution marked", {"old": "### BEGIN SOLUTION\n"}),
    ("L09", "cell 3, L09 empty-answer: the answer is not set to None", {"old": "A1 = None\n"}),
    ("L10", "cell 3, L10 blanks-below: lines to fill in", {"old": "A1 = None", "new": "# A1 = ____\nA1 = None"}),
    ("L11", "cell 4, L11 hidden-answer: check.equal() is missing or", {"old": "check.equal", "new": "check.same"}),
    ("L11", "check.equal() is missing or can be seen", {"old": "check.number()", "new": "check.equal(1)"}),
    ("L12", "nothing is checked before the hidden tests", {"old": "check.number()", "new": "pass"}),
    ("L13", "no report behind the hidden tests", {"old": "\ncheck.report()"}),
    ("L14", "the hidden tests load no table", {"old": 'load("trade_total")', "new": "trade"}),
]


@pytest.mark.parametrize(("id", "line", "damage"), EXAMPLES)
def test_a_fault_is_found_and_its_place_named(make_notebook, faults_of, id, line, damage):
    faults = faults_of(id, make_notebook(*lesson(**damage), name="lessons/lesson_2_tidy_tables.ipynb"))
    assert line in "\n".join(faults)
    assert all(fault.startswith("notebooks/lessons/lesson_2_tidy_tables.ipynb, ") for fault in faults)


def test_every_rule_has_an_example():
    assert {id for id, _, _ in EXAMPLES} == {rule.id for rule in RULES if rule.id.startswith("L")}


@pytest.mark.parametrize("id", [rule.id for rule in RULES if rule.id.startswith("L")])
def test_a_sound_lesson_has_no_fault(make_notebook, faults_of, id):
    assert faults_of(id, make_notebook(*lesson(), name="lessons/lesson_2_tidy_tables.ipynb")) == []


def test_a_lesson_with_a_magic_says_so(make_notebook, faults_of):
    cells = [*lesson(), new_code_cell("%time x = 1")]
    assert "cell 10, N01 readable" in faults_of("L08", make_notebook(*cells, name="lesson_2_tidy_tables.ipynb"))[0]
