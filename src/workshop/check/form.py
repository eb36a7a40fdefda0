"""The rules for how notebooks of a theme read: code that reads like a lecture, sentences and pictures that hold."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from statistics import median

from malirussia import outputs
from malirussia.figures import style
from malirussia.words import root_of
from workshop.check.notebooks import (
    MIN_WORDS_OF_SUBSTANCE,
    SENTENCES,
    SHOWN_TEXT,
    Cell,
    Notebook,
    missing_sections,
    thin_sections,
    without_fields,
)
from workshop.check.rules import Found, rule
from workshop.pages.top import is_top

MEDIAN_LINES, P90_LINES, MOST_LINES = 5, 12, 20
MOST_COLUMNS = 100
MOST_LINES_BEFORE_PICTURE = 25
CHANGE = "What would change the answer"
SPINE = ("Why it matters", CHANGE, "Method and data", "References")
SPEAKING = (*SENTENCES, "references", "show_table")
ACTOR_NAMES = {
    "Moscow": "RUS", "Russia": "RUS", "USSR": "RUS", "France": "FRA", "China": "CHN", "United States": "USA",
    "Mali": "MLI", "Burkina Faso": "BFA", "Niger": "NER",
}  # fmt: skip


def code_lines(cell: Cell) -> int:
    """Return the lines of code of a cell; lines that hold only the words of a figure or sentence do not count."""
    words: set[int] = set()
    for _, call in cell.calls():
        for value in [*call.args, *(keyword.value for keyword in call.keywords)]:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                words |= set(range(value.lineno, (value.end_lineno or value.lineno) + 1))
    code = {
        node.lineno
        for node in ast.walk(cell.tree)
        if isinstance(node, ast.stmt | ast.expr)
        and not (isinstance(node, ast.Constant) and isinstance(node.value, str))
    }
    return sum(bool(line.strip()) for line in cell.source.splitlines()) - len(words - code)


def _speaks(cell: Cell) -> bool:
    return cell.source.lstrip().startswith(tuple(f"{name}(" for name in SENTENCES))


@rule(
    "form",
    "N30",
    "Every cell of code follows a cell of Markdown that asks its question or gives its reason; a sentence may follow "
    "its figure.",
    "Code without a question is a riddle. A student reads the question, then looks for the answer.",
)
def reason_before_code(notebook: Notebook) -> Found:
    for cell in notebook.code:
        if not follows_reason(notebook, cell):
            yield cell.place, "code without a question before it, expected a cell of Markdown above"


def follows_reason(notebook: Notebook, cell: Cell) -> bool:
    """Say whether a cell of Markdown stands before the *cell* of code, or it is a sentence."""
    former = notebook.cells[cell.number - 2] if cell.number > 1 else None
    return _speaks(cell) or (former is not None and former.node.cell_type == "markdown" and bool(former.source.strip()))


@rule(
    "form",
    "N31",
    f"Cells of code are short: half of them have at most {MEDIAN_LINES} lines, nine of ten at most {P90_LINES}, and "
    f"none more than {MOST_LINES}. Lines that hold only the words of a figure or sentence do not count.",
    "One idea a cell. What two notebooks need, or what takes long, is a function with a name and a test.",
)
def calm_rhythm(notebook: Notebook) -> Found:
    lengths = sorted(code_lines(cell) for cell in notebook.code) or [0]
    for name, found, most in (
        ("half", median(lengths), MEDIAN_LINES),
        ("nine of ten", lengths[int(0.9 * len(lengths))], P90_LINES),
    ):
        if found > most:
            yield "", f"{name} of the cells have up to {found:g} lines, at most {most} expected"
    for cell in notebook.code:
        if (lines := code_lines(cell)) > MOST_LINES:
            yield cell.place, f"{lines} lines, at most {MOST_LINES} expected"


@rule(
    "form",
    "N32",
    f"No line of code has more than {MOST_COLUMNS} columns, and none is kept from the formatter.",
    "Long lines cannot be read beside a picture, nor on a phone.",
)
def narrow_code(notebook: Notebook) -> Found:
    for cell in notebook.code:
        for line in cell.source.splitlines():
            if len(line) > MOST_COLUMNS:
                yield cell.place, f"a line of {len(line)} columns, at most {MOST_COLUMNS} expected"
            if "fmt: " in line:
                yield cell.place, f"found {line.strip()[-20:]!r}, expected the formatter to be let"


@rule(
    "form",
    "N33",
    f"At most {MOST_LINES_BEFORE_PICTURE} lines of code stand before the first picture.",
    "A reader came for the picture.",
)
def picture_soon(notebook: Notebook) -> Found:
    before = 0
    for cell in notebook.code:
        if any(isinstance(kept, outputs.Figure) for _, kept in cell.outputs):
            if before > MOST_LINES_BEFORE_PICTURE:
                yield (
                    cell.place,
                    f"{before} lines before the first picture, at most {MOST_LINES_BEFORE_PICTURE} expected",
                )
            return
        before += code_lines(cell)


@rule(
    "form",
    "N34",
    "A sentence takes its values from names of the notebook: no values are passed, and no number stands in a sentence, "
    "title, subtitle or alternative text, years included.",
    "A value that carries its year cannot be parted from it; a typed one can be false and pass.",
)
def values_by_name(notebook: Notebook) -> Found:
    for cell in notebook.code:
        for name, call in cell.calls():
            texts = call.args[:1] if name in SENTENCES else []
            if name in SENTENCES:
                passed = [keyword.arg for keyword in call.keywords if keyword.arg not in ("confidence", "figure")]
                if passed:
                    yield cell.place, f"{name}() is passed the values {passed}, expected names in the sentence"
            if name in ("show", "show_table"):
                texts = [keyword.value for keyword in call.keywords if keyword.arg in SHOWN_TEXT]
            for text in texts:
                if not (isinstance(text, ast.Constant) and isinstance(text.value, str)):
                    yield cell.place, f"{name}() takes {ast.unparse(text)[:40]!r}, expected words in quotes"
                elif typed := re.findall(r"\d[\d.,]*", without_fields(text.value)):
                    yield cell.place, f"the number {typed[0]} is typed into {name}(), expected a name in braces"


@rule(
    "form",
    "N35",
    "A name in a sentence is computed: nothing that is only a literal is ever assigned to it. A number that stands in "
    "no table is written with `stated()`, its source and its place.",
    "A literal could be false, and every test would pass.",
)
def no_literal_values(notebook: Notebook) -> Found:
    literals = dict(_assigned_literals(notebook))
    for cell in notebook.code:
        for name, call in cell.calls():
            if name not in (*SENTENCES, "show", "show_table"):
                continue
            for text in [*call.args, *(keyword.value for keyword in call.keywords)]:
                for root in _roots(text) & literals.keys():
                    yield (
                        cell.place,
                        f"{root!r} in {name}() is the literal {literals[root]!r}, expected a computed value",
                    )


def _assigned_literals(notebook: Notebook) -> Iterator[tuple[str, str]]:
    """Yield each name to which an expression without any name or call is assigned, and that expression."""
    for cell in notebook.code:
        for node in ast.walk(cell.tree):
            if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr | ast.AugAssign) and node.value:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target, value in (pair for one in targets for pair in _pairs(one, node.value)):
                    if not any(isinstance(part, ast.Name | ast.Call) for part in ast.walk(value)):
                        yield target, ast.unparse(value)


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Pair the names of an assignment with what each is given."""
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple | ast.List):
        parts = value.elts if isinstance(value, ast.Tuple | ast.List) else [value] * len(target.elts)
        for one, part in zip(target.elts, parts, strict=False):
            yield from _pairs(one, part)


def _roots(text: ast.expr) -> set[str]:
    """Return the names with which the fields of a template begin."""
    if not (isinstance(text, ast.Constant) and isinstance(text.value, str)):
        return set()
    fields = (field for _, field, *_ in string.Formatter().parse(text.value) if field)
    return {root_of(field) for field in fields}


@rule(
    "form",
    "N36",
    "A folded cell computes nothing: it holds sentences, tables shown or the references.",
    "Whoever follows the analysis from top to bottom must see all of it.",
)
def folded_cells_speak(notebook: Notebook) -> Found:
    for cell in notebook.code:
        if cell.node.metadata.get("jupyter", {}).get("source_hidden"):
            for node in cell.tree.body:
                call = node.value if isinstance(node, ast.Expr) else None
                if not (isinstance(call, ast.Call) and getattr(call.func, "id", "") in SPEAKING):
                    yield cell.place, f"a folded cell computes: {ast.unparse(node)[:40]!r}, expected sentences only"


@rule(
    "form",
    "N37",
    "Where a table is loaded first, some of its rows are shown.",
    "A reader believes an analysis when the raw rows were seen.",
)
def rows_seen(notebook: Notebook) -> Found:
    seen: set[str] = set()
    cells = notebook.code
    for position, cell in enumerate(cells):
        loaded = {
            str(call.args[0].value)
            for name, call in cell.calls()
            if name == "load" and call.args and isinstance(call.args[0], ast.Constant)
        } - seen
        near = [kept for one in cells[position : position + 2] for _, kept in one.outputs]
        if loaded and not any(isinstance(kept, outputs.Rows | outputs.Card | outputs.Table) for kept in near):
            yield cell.place, f"no rows of {sorted(loaded)} are shown, expected some here or in the next cell"
        seen |= loaded


@rule(
    "form",
    "N38",
    "The top, below the title, is the one that is made from the outputs.",
    "Answer and findings are read first and must be those that the code gives. `make refresh` renews it.",
)
def current_top(notebook: Notebook) -> Found:
    tops = [cell for cell in notebook.cells if is_top(cell.node)]
    if [cell.number for cell in tops] != [2]:
        yield "", "the second cell is not the generated top, expected it there"
        return
    answers = [sentence.text for _, sentence in notebook.sentences("answer")]
    said = [*answers, *(sentence.text for _, sentence in notebook.sentences("finding"))]
    plain = tops[0].source.replace("\\", "")
    for text in said:
        if text not in plain:
            yield tops[0].place, f"the top does not say {text[:50]!r}, expected it as the outputs give it"


@rule(
    "form",
    "N39",
    "An actor has the colour and marker of the palette in every figure.",
    "A reader who has learnt that orange is China must not meet an orange Mali.",
)
def palette(notebook: Notebook) -> Found:
    for place, output, kept in notebook.displays():
        if not isinstance(kept, outputs.Figure):
            continue
        for line in outputs.drawn(output).splitlines():
            found = re.match(r"\s*(line|points|bars|legend) ['\"](.*?)['\"][,:] (\S+)(?: marker (\S+))?", line)
            # "Mali's reports" is Mali's; "Russia and Ukraine" is neither.
            name = re.match(r"(.*?)(?:'s\b.*|,.*)?$", found[2]) if found else None
            code = ACTOR_NAMES.get(name[1]) if name else None
            if found is None or code is None:
                continue
            look = style.ACTORS[code]
            color = style.COLOR_NAMES[look["color"].lower()]
            if found[3].strip(",") != color or found[4] not in (None, look["marker"]):
                wanted = f"{color} and marker {look['marker']}"
                yield place, f"{kept.id}: {line.strip()[:70]!r}, expected {wanted} for {found[2]}"


@rule(
    "form",
    "N41",
    f"There are sections that begin with {', '.join(SPINE)}.",
    "The spine is the same in every notebook, so that a reader of one finds the way in all.",
)
def spine(notebook: Notebook) -> Found:
    yield from missing_sections(notebook, SPINE)


@rule(
    "form",
    "N42",
    f"The section '{CHANGE}' holds at least {MIN_WORDS_OF_SUBSTANCE} words, or an output with numbers: a figure, a "
    "table, a sentence with a number in it.",
    "Which choice would turn the answer is part of the answer. 'None' is not.",
)
def choices_told(notebook: Notebook) -> Found:
    yield from thin_sections(notebook, (CHANGE,))
