"""The conventions of a theme notebook; each check returns the faults it finds, with the cell number."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution

from malirussia import outputs
from workshop.course.outline import outline

Shown = outputs.Figure | outputs.Table

MOST_LINES = 25
MIN_ALT_WORDS = 20
SENTENCES = ("answer", "finding", "reading")
SHOWN_TEXT = ("title", "subtitle", "alt")
SECTIONS = ("Why it matters", "Data", "Robustness", "Limits", "References")
LESSON_OPENING = ("Who it is for", "Questions", "Objectives")
LESSON_SECTIONS = ("Data", "Worked example", "Exercise A", "Key points", "Further reading", "References")
READERS = re.compile(r"open|urlopen|urlretrieve|Path|read_(?!only)\w+|from_csv|loadtxt|genfromtxt")
PATH_OR_URL = re.compile(r"https?://|\.(?:csv|json|xlsx?|parquet|txt|png|ipynb)$|^\.{0,2}/\w")
# Digits that are no computed figures: years, dates, ids of claims and figures, numbered list items.
NOT_FIGURES = re.compile(
    r"\b(?:1[89]|20)\d\d(?:[–-]\d\d)?s?\b|\b\d{1,2} (?=January|February|March|April|May|June|July|August|September"
    r"|October|November|December)|\bC\d\d\b|\b(?:fig|tab)_\d\d_\d\d\b|^\s*\d\. |`[^`]*`|\]\([^)]*\)"
    r"|^# Lesson \d:|\(\d+ min\)$",
    re.MULTILINE,
)


def typed_numbers(text: str) -> list[str]:
    """Return the numbers in *text* that are neither years nor names."""
    return re.findall(r"\d[\d.,]*", NOT_FIGURES.sub(" ", text))


def code_cells(notebook: NotebookNode) -> Iterator[tuple[int, NotebookNode]]:
    """Yield number (from 1) and cell of every code cell that is not empty."""
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code" and cell.source.strip():
            yield number, cell


def all_outputs(notebook: NotebookNode) -> Iterator[tuple[int, NotebookNode]]:
    """Yield cell number and output of every output."""
    for number, cell in code_cells(notebook):
        for output in cell.outputs:
            yield number, output


def _text(output: NotebookNode) -> str:
    return str(output.get("data", {}).get("text/plain", ""))


def run_faults(notebook: NotebookNode) -> list[str]:
    """The notebook was run from top to bottom, without error or warning."""
    counts = [cell.execution_count for _, cell in code_cells(notebook)]
    faults = []
    if counts != list(range(1, len(counts) + 1)):
        faults.append(f"execution counts are {counts}: run it from top to bottom (make refresh)")
    for number, output in all_outputs(notebook):
        if output.output_type == "error":
            faults.append(f"cell {number}: an error is stored")
        if output.get("name") == "stderr":
            faults.append(f"cell {number}: a warning is stored: {output.text[:80]!r}")
        if re.search(r"\bat 0x[0-9a-f]{6}", _text(output)):
            faults.append(f"cell {number}: the output shows an address in memory")
    return faults


def code_faults(notebook: NotebookNode) -> list[str]:
    """Cells are short, hold no magics, no trailing semicolon, no path or URL, and import in the first one only."""
    faults = []
    for place, (number, cell) in enumerate(code_cells(notebook)):
        lines = cell.source.splitlines()
        longest = max(len(part.splitlines()) for part in cell.source.split("### BEGIN HIDDEN TESTS\n"))
        if longest > MOST_LINES:
            faults.append(f"cell {number}: {longest} lines, at most {MOST_LINES}")
        if any(line.rstrip().endswith(";") for line in lines):
            faults.append(f"cell {number}: a trailing semicolon")
        if re.search(r"^\s*[%!]", cell.source, re.MULTILINE):
            faults.append(f"cell {number}: a magic or shell line")
            continue
        tree = ast.parse(cell.source)
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
        if place == 0 and len(imports) != len(tree.body):
            faults.append(f"cell {number}: the first code cell holds imports only")
        if place > 0 and imports:
            faults.append(f"cell {number}: imports belong in the first code cell")
        faults += [f"cell {number}: {fault}" for fault in _reads(tree)]
    return faults


def _reads(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if READERS.fullmatch(name):
                yield f"reads by itself ({name}): use load()"
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and PATH_OR_URL.search(node.value):
            yield f"a path or address: {node.value!r}"


def number_faults(notebook: NotebookNode) -> list[str]:
    """No number is typed into prose: not in Markdown, not in sentences, titles or alternative text."""
    faults = []
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "markdown":
            faults += [f"cell {number}: the number {typed} is typed" for typed in typed_numbers(cell.source)]
    for number, cell in code_cells(notebook):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Call):
                faults += [f"cell {number}: {fault}" for fault in _typed_in_call(node)]
    return faults


def _typed_in_call(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name in SENTENCES and call.args and any(isinstance(n, ast.JoinedStr) for n in ast.walk(call.args[0])):
        yield f"{name}() takes a template and values, not an f-string"
    for keyword in call.keywords:
        if keyword.arg in SHOWN_TEXT:
            for text in _literals(keyword.value):
                yield from (f"the number {typed} is typed into {keyword.arg}" for typed in typed_numbers(text))


def _literals(node: ast.AST) -> Iterator[str]:
    """Yield the text typed in an expression: not what stands inside the braces of an f-string."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif not isinstance(node, ast.FormattedValue):
        for child in ast.iter_child_nodes(node):
            yield from _literals(child)


def figure_faults(notebook: NotebookNode, chapter: str) -> list[str]:
    """Every picture and table goes through show(): source line, alt text, data, id in order; links lead to one."""
    faults, ids = [], {"fig": [], "tab": []}
    listed: set[str] = set()
    for number, output in all_outputs(notebook):
        data, about = output.get("data", {}), outputs.read(output)
        if "image/png" in data:
            faults += [f"cell {number}: {fault}" for fault in _picture_faults(data, about)]
        if "<table" in data.get("text/html", "") and "<caption>" not in data["text/html"]:
            faults.append(f"cell {number}: a table without caption: use show_table()")
        if isinstance(about, Shown):
            ids[about.id[:3]].append(about.id)
        if isinstance(about, outputs.Listed):
            listed |= {*about.sources}
    for kind, found in ids.items():
        wanted = [f"{kind}_{chapter}_{place:02}" for place in range(1, len(found) + 1)]
        if found != wanted:
            faults.append(f"ids are {found}, expected {wanted}")
    for number, output in all_outputs(notebook):
        about = outputs.read(output)
        if isinstance(about, Shown) and (absent := {*about.sources} - listed):
            faults.append(f"cell {number}: sources that the references do not list: {sorted(absent)}")
        figure = about.figure if isinstance(about, outputs.Sentence) else ""
        if figure and figure not in ids["fig"] + ids["tab"]:
            faults.append(f"cell {number}: the finding points to {figure}, which is not there")
    return faults


def _picture_faults(data: dict, about: outputs.Kept | None) -> Iterator[str]:
    if not isinstance(about, outputs.Figure) or not about.source_line:
        yield "a picture without source line: use show()"
        return
    if len(about.alt.split()) < MIN_ALT_WORDS:
        yield f"alt text of {len(about.alt.split())} words, at least {MIN_ALT_WORDS}"
    if not data.get("text/plain", "").startswith(about.id):
        yield "a picture without its compared line"


def spine_faults(notebook: NotebookNode) -> list[str]:
    """Question first, then one answer, three to five findings, the glance, and the sections of the reader guide."""
    faults = []
    if notebook.cells[0].cell_type != "markdown" or not re.match(r"# .+\?", notebook.cells[0].source):
        faults.append("cell 1: the notebook opens with its question as heading")
    kept = [about for about, _ in outputs.shown(notebook)]
    kinds = [about.kind for about in kept]
    if kinds.count("answer") != 1:
        faults.append(f"{kinds.count('answer')} answers, expected one")
    if not 3 <= kinds.count("finding") <= 5:
        faults.append(f"{kinds.count('finding')} findings, expected three to five")
    if kinds.count("glance") != 1:
        faults.append("at_a_glance() is called once")
    for finding in outputs.sentences(notebook, "finding"):
        if not finding.figure:
            faults.append(f"a finding without figure: {finding.text[:60]!r}")
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    faults += [f"no section '{name}'" for name in SECTIONS if not any(h.startswith(name) for h in headings)]
    why = re.search(r"^## Why it matters\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    if why and len(why.group(1).split()) > 120:
        faults.append(f"'Why it matters' has {len(why.group(1).split())} words, at most 120")
    return faults


def lesson_faults(notebook: NotebookNode) -> list[str]:
    """A lesson names its audience, questions and objectives, times its sections, works an example, asks exercises."""
    about = outline(notebook)
    opening = notebook.cells[0].source
    faults = [f"cell 1: no part '{part}'" for part in LESSON_OPENING if f"**{part}" not in opening]
    if not re.match(r"# Lesson \d: .+\?", opening):
        faults.append("cell 1: the lesson opens with its number and its question")
    names = [name for name, _ in about.sections]
    faults += [f"no section '{part}'" for part in LESSON_SECTIONS if not any(name.startswith(part) for name in names)]
    untimed = [
        name for name, minutes in about.sections if not minutes and name not in ("Further reading", "References")
    ]
    faults += [f"the section '{name}' has no minutes" for name in untimed]
    if not 45 <= about.minutes <= 60:
        faults.append(f"the sections take {about.minutes} minutes, expected 45 to 60")
    if not any(cell.cell_type == "markdown" and is_solution(cell) for cell in notebook.cells):
        faults.append("no open question")
    if sum(cell.cell_type == "code" and is_solution(cell) for cell in notebook.cells) < 3:
        faults.append("fewer than three exercises in code")
    return faults + [fault for number, cell in code_cells(notebook) for fault in _exercise_faults(number, cell)]


def _exercise_faults(number: int, cell: NotebookNode) -> Iterator[str]:
    """A solution is marked; a check gives hints before its hidden part, which loads its tables anew."""
    if is_solution(cell) and "### BEGIN SOLUTION\n" not in cell.source:
        yield f"cell {number}: no solution marked"
    if is_solution(cell) and not re.search(r"^\w+ = None\n### BEGIN", cell.source, re.MULTILINE):
        yield f"cell {number}: the answer is not set to None before the solution"
    if is_solution(cell) and "____" in cell.source.partition("### END SOLUTION")[0]:
        yield f"cell {number}: the lines to fill in stand below the answer that is None: above, it would overwrite them"
    if is_grade(cell):
        visible, _, hidden = cell.source.partition("### BEGIN HIDDEN TESTS\n")
        if "check.equal(" not in hidden or "check.equal(" in visible:
            yield f"cell {number}: check.equal() belongs in the hidden tests"
        if not re.search(r"check\.(number|word|names|table)\(", visible):
            yield f"cell {number}: nothing is checked before the hidden tests"
        if "### END HIDDEN TESTS\ncheck.report()" not in hidden:
            yield f"cell {number}: the check ends with its report"
        if "load(" not in hidden:
            yield f"cell {number}: the hidden tests load no table: a student may have changed the one in memory"


def reading_minutes(notebook: NotebookNode) -> float:
    """Return the minutes that the prose (200 words a minute) and the pictures and tables (half a minute) take."""
    words = sum(len(cell.source.split()) for cell in notebook.cells if cell.cell_type == "markdown")
    kept = [about for about, _ in outputs.shown(notebook)]
    words += sum(len(about.text.split()) for about in kept if isinstance(about, outputs.Sentence))
    return words / 200 + 0.5 * sum(isinstance(about, Shown) for about in kept)


def minutes_faults(notebook: NotebookNode) -> list[str]:
    """The stated reading time is near the one that the length gives."""
    stated = next((glance.minutes for glance in outputs.glances(notebook)), 0)
    real = reading_minutes(notebook)
    return [] if abs(stated - real) <= 2 else [f"{stated} minutes to read are stated, the length gives {real:.0f}"]
