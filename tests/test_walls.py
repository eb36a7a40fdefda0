"""The walls of the house: who may import whom, read from the code itself."""

from __future__ import annotations

import ast
import functools
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from conftest import ROOT

SRC = ROOT / "src"
FILES = {".".join(path.relative_to(SRC).with_suffix("").parts): path for path in sorted(SRC.rglob("*.py"))}
FILES = {name.removesuffix(".__init__"): path for name, path in FILES.items()}
# What stands at the top, where a person or another program comes in: it may ask the face for its collection.
FACES = {"malirussia", "workshop.pages.exporter"}
DRAWING = {"matplotlib", "seaborn", "PIL"}


def imported(path: Path, name: str) -> set[str]:
    """Return the modules that the file of module *name* imports anywhere, functions included."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            inside = {f"{node.module}.{one.name}" for one in node.names}
            found |= (inside & FILES.keys()) or {node.module}
            if inside - FILES.keys():
                found.add(node.module)
    return found - {name}


@functools.cache
def arrows() -> dict[str, set[str]]:
    """Return by module what it imports."""
    return {name: imported(path, name) for name, path in FILES.items()}


def own() -> dict[str, set[str]]:
    """Return by module which of ours it imports."""
    return {name: {target for target in targets if target in FILES} for name, targets in arrows().items()}


def packages(targets: set[str]) -> set[str]:
    return {target.split(".")[0] for target in targets}


def test_what_notebooks_import_knows_nothing_of_the_workshop():
    small = {name: targets for name, targets in arrows().items() if name.startswith("malirussia")}
    assert {name for name, targets in small.items() if "workshop" in packages(targets)} == set()


def test_only_figures_draw():
    drawing = {name for name, targets in arrows().items() if packages(targets) & DRAWING}
    assert {name for name in drawing if not name.startswith("malirussia.figures")} == set()


def test_tables_are_loaded_with_pandas_alone():
    assert packages(arrows()["malirussia.package"]) <= {
        "__future__", "collections", "contextlib", "csv", "datetime", "difflib", "functools", "io", "json", "operator",
        "re", "numpy", "pandas", "pathlib", "typing", "malirussia",
    }  # fmt: skip


def test_what_reads_the_publishers_files_needs_pandas_alone():
    # And numpy, which pandas brings: pairs of states are counted as products of matrices.
    upstream = {str(path.relative_to(ROOT)): imported(path, "") for path in (ROOT / "upstream").rglob("*.py")}
    assert {name for name, targets in upstream.items() if packages(targets) - {"numpy", "pandas"}} == set()


def test_no_module_below_the_face_reads_its_collection():
    assert {name for name, targets in own().items() if "malirussia" in targets} <= FACES


def test_there_is_no_circle():
    try:
        tuple(TopologicalSorter(own()).static_order())
    except CycleError as error:
        pytest.fail(f"a circle of imports: {' -> '.join(error.args[1])}")


def test_rooms_look_one_way():
    """Running and writing know nothing of pages, pages nothing of courses, and only commands and renewal see all."""
    order = ["run", "pages", "course", "check", "renew", "commands", "bench"]
    for name, targets in own().items():
        room = name.split(".")[1] if name.startswith("workshop.") else None
        for target in (one.split(".") for one in targets if room and one.startswith("workshop.")):
            if len(target) > 1:
                assert order.index(target[1]) <= order.index(room), f"{name} imports {'.'.join(target)}"


def code_lines(path: Path) -> int:
    """Return the lines that hold code: words for the reader are not what makes a helper large."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    words: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            words |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = enumerate(text.splitlines(), start=1)
    return sum(bool(line.strip()) and line.strip()[0] != "#" and number not in words for number, line in lines)


def lines_of(*packages: str) -> int:
    """Return the lines of code in all modules of some packages."""
    inside = tuple(f"{package}." for package in packages)
    return sum(code_lines(path) for name, path in FILES.items() if f"{name}.".startswith(inside))


def test_the_helper_stays_small():
    """Without the engines that most notebooks never load, each of which has a wall of its own."""
    engines = ("malirussia.claims", "malirussia.explore", "malirussia.figures.screens", "malirussia.lessons")
    assert lines_of("malirussia") - lines_of(*engines) <= 2340


def test_the_checks_of_lessons_stay_small():
    assert lines_of("malirussia.lessons") <= 180


def test_figures_for_pages_and_for_sharing_stay_small():
    assert lines_of("malirussia.figures.screens") <= 470


def test_the_way_of_exploring_stays_small():
    assert lines_of("malirussia.explore") <= 900
