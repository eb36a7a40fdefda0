"""The course that is built from the lessons, and a submission that is graded with nbgrader."""

from __future__ import annotations

import contextlib
import hashlib
import io
import re
import shutil
import zipfile
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from malirussia import audit
from malirussia.__main__ import main
from workshop.course.course import config_in, sample_submission, student_version
from workshop.course.outline import lessons_in, outline, with_plan
from workshop.run.files import FileError

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("unasked")]

FOLDER = ROOT / "notebooks" / "lessons"
HEADINGS = "# Lesson 2: How much?\n\n## Data (8 min)\n\n## Exercise A: all (40 min)\n\n## References"


def cell(source, grade_id, *, grade, points=None):
    about = {"grade": grade, "grade_id": grade_id, "locked": grade, "schema_version": 3, "solution": not grade}
    about |= {"task": False} | ({"points": points} if grade else {})
    return new_code_cell(source, id=grade_id.replace("_", "-"), metadata={"nbgrader": about})


def small_lesson():
    """Return a lesson as small as it can be."""
    solution = "total = None\n### BEGIN SOLUTION\ntotal = 4\n### END SOLUTION"
    check = (
        'check = Check("total", globals())\ncheck.number(0, 9, "too much")\n### BEGIN HIDDEN TESTS\ncheck.equal(4)\n'
        "### END HIDDEN TESTS\ncheck.report()"
    )
    return new_notebook(
        metadata={"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
        cells=[
            new_markdown_cell(HEADINGS, id="a"),
            new_code_cell("from malirussia.lessons import Check", id="b"),
            cell(solution, "total", grade=False),
            cell(check, "total_check", grade=True, points=2),
        ],
    )


@pytest.fixture
def notebook():
    return small_lesson()


def small_project(parent):
    """Return a project with that one lesson; the package that the zip carries is the real one."""
    folder = parent / "Ségou data" / "notebooks" / "lessons"
    folder.mkdir(parents=True)
    nbformat.write(small_lesson(), folder / "lesson_2_small.ipynb")
    for name in ("nbgrader_config.py", "START.md"):
        shutil.copy(FOLDER / name, folder)
    for name in ("pyproject.toml", "README.md", "LICENSE", "src", "data"):
        (folder.parents[1] / name).symlink_to(ROOT / name)
    (folder.parent / "template.ipynb").symlink_to(ROOT / "notebooks" / "template.ipynb")  # the wheel carries it
    return folder.parents[1]


@pytest.fixture
def project(tmp_path):
    return small_project(tmp_path)


@pytest.fixture(scope="module")
def built(tmp_path_factory, unasked):
    """Return such a project with its course, and what was said while that was built."""
    project = small_project(tmp_path_factory.mktemp("built"))
    with contextlib.redirect_stdout(io.StringIO()) as said:
        assert main(["lessons", "--root", str(project)]) == 0
    return project, said.getvalue()


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_course_has_all_versions_and_two_builds_are_byte_identical(built, tmp_path, monkeypatch, light):
    project, said = built
    built = project / "build" / "lessons"
    assert "[1/1] lesson_2_small" in said
    versions = ("index.html", "lesson_2_small.html", "lesson_2_small.ipynb")
    assert set(digests(built)) == {
        "index.html",
        "mali-russia-lessons.zip",
        "course/nbgrader_config.py",
        "course/sample/lesson_2/lesson_2_small.ipynb",
        "course/source/lesson_2/lesson_2_small.ipynb",
        *(f"{part}/{name}" for part in ("student", "instructor") for name in versions),
    }
    page = (built / "student" / "lesson_2_small.html").read_text(encoding="utf-8")
    assert "total: not solved yet." in page
    assert '<details class="code" open>' in page
    assert "check.equal" not in page
    assert "total: solved." in (built / "instructor" / "lesson_2_small.html").read_text(encoding="utf-8")
    assert 'href="student/lesson_2_small.html"' in (built / "index.html").read_text(encoding="utf-8")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert main(["lessons", "--root", str(project), "--output", str(tmp_path / "again")]) == 0
    assert digests(tmp_path / "again") == digests(built)


def test_the_zip_holds_what_a_student_needs_and_nothing_that_tells_a_solution(built):
    project, _ = built
    with zipfile.ZipFile(project / "build" / "lessons" / "mali-russia-lessons.zip") as archive:
        names = [name.removeprefix("mali-russia-lessons/") for name in archive.namelist()]
        wheels = [name for name in names if name.endswith(".whl")]
        assert sorted(set(names) - set(wheels)) == [
            "START.md",
            "index.html",
            "lesson_2_small.html",
            "lesson_2_small.ipynb",
        ]
        wheel = archive.read(f"mali-russia-lessons/{wheels[0]}")
        texts = [archive.read(name) for name in archive.namelist() if not name.endswith(".whl")]
    assert all(b"BEGIN SOLUTION" not in text and b"total = 4" not in text for text in texts)
    with zipfile.ZipFile(io.BytesIO(wheel)) as package:
        inside = package.namelist()
    assert "malirussia/lessons.py" in inside
    assert "malirussia/_collection/data/trade/partner_annual.csv" in inside
    assert sorted(name for name in inside if name.endswith(".ipynb")) == [
        "malirussia/_collection/notebooks/template.ipynb",
        "workshop/renew/theme.ipynb",
    ]


def test_submissions_are_never_overwritten(project, capsys):
    submitted = project / "build" / "lessons" / "course" / "submitted" / "ada"
    submitted.mkdir(parents=True)
    assert main(["lessons", "--root", str(project)]) == 1
    assert "move the course with its submissions to a place of its own first" in capsys.readouterr().err
    assert submitted.exists()


def test_a_lesson_that_fails_is_named_and_leaves_the_former_course(project, capsys):
    (project / "build" / "lessons").mkdir(parents=True)
    (project / "build" / "lessons" / "index.html").write_text("former")
    path = project / "notebooks" / "lessons" / "lesson_2_small.ipynb"
    path.write_text(path.read_text().replace("total = 4", "total = 5"))
    assert main(["lessons", "--root", str(project)]) == 1
    assert "lesson_2_small.ipynb, cell 4: NotSolved: total: not yet: this is not it." in capsys.readouterr().err
    assert (project / "build" / "lessons" / "index.html").read_text() == "former"


def test_a_folder_without_lessons_is_named(tmp_path, capsys):
    assert main(["lessons", "--root", str(tmp_path)]) == 1
    assert "no notebook named like lesson_2" in capsys.readouterr().err


def test_the_outline_of_a_lesson(notebook):
    about = outline(notebook)
    assert (about.title, about.minutes, about.points) == ("Lesson 2: How much?", 48, 2)
    assert about.sections == [("Data", 8), ("Exercise A: all", 40), ("References", None)]
    assert about.exercises == {"total_check": 2}


def test_the_guide_shows_the_plan_of_the_lessons():
    guide = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert with_plan(guide, {path: nbformat.read(path, as_version=4) for path in lessons_in(FOLDER)}) == guide
    with pytest.raises(FileError, match="needs one part between"):
        with_plan("no marks", {})


def test_the_guide_s_key_to_the_capstone_is_what_the_audit_says():
    guide = (FOLDER / "README.md").read_text(encoding="utf-8")
    key = re.findall(r"^ +- (C\d\d): ([a-z ]+), (high|medium|low)\.", guide, re.MULTILINE)
    verdicts = audit().set_index("claim_id")[["verdict", "confidence"]]
    assert len(key) >= 5
    assert [(name, *verdicts.loc[name]) for name, _, _ in key] == key


def test_the_sample_has_its_first_exercise_solved(notebook):
    config = config_in(FOLDER)
    student = student_version(notebook, config)
    sample = sample_submission(notebook, student)
    assert sample.cells[2].source == "total = None\ntotal = 4"
    assert [one for one in sample.cells if one.id != "total"] == [one for one in student.cells if one.id != "total"]
