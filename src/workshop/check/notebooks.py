"""The rules for notebooks: their code, outputs and words, and the spine of a theme."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import nbformat
from nbformat import NotebookNode

from malirussia import outputs
from workshop.check.rules import Fault, Found, Unreadable, rule
from workshop.pages import top
from workshop.run.files import FILL_IN

MOST_LINES = 25
MIN_ALT_WORDS = 20
MOST_WORDS_OF_WHY = 120
MIN_WORDS_OF_SUBSTANCE = 25
MOST_MINUTES_OF_TEMPLATE = 6
SENTENCES = ("answer", "finding", "reading")
SHOWN_TEXT = ("title", "subtitle", "alt")
READERS = re.compile(r"open|urlopen|urlretrieve|Path|read_(?!only)\w+|from_csv|loadtxt|genfromtxt")
PATH_OR_URL = re.compile(r"https?://|\.(?:csv|json|xlsx?|parquet|txt|png|ipynb)$|^\.{0,2}/\w")
# Digits that are no computed figures: years, dates, ids of claims and figures, numbered list items.
NOT_FIGURES = re.compile(
    r"\b(?:1[89]|20)\d\d(?:[–-]\d\d)?s?\b|\b\d{1,2} (?=January|February|March|April|May|June|July|August|September"
    r"|October|November|December)|\bC\d\d[a-e]?\b|\b(?:fig|tab)_\d\d_\d\d\b|^\s*\d\. |`[^`]*`|\]\([^)]*\)"
    r"|^# Lesson \d:|\(\d+ min\)$",
    re.MULTILINE,
)

SHOWN: tuple[type[outputs.Figure | outputs.Table], ...] = (outputs.Figure, outputs.Table)
K = TypeVar("K", bound=outputs.Kept)


@dataclass(frozen=True)
class Cell:
    """A cell: its number from 1, the syntax tree of its code (empty for text), its outputs with what they keep."""

    number: int
    node: NotebookNode
    tree: ast.Module
    outputs: list[tuple[NotebookNode, outputs.Kept | None]]

    @property
    def place(self) -> str:
        return f"cell {self.number}"

    @property
    def source(self) -> str:
        return self.node.source

    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        """Yield every call in the code with the bare name of what is called."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield getattr(node.func, "attr", getattr(node.func, "id", "")), node


@dataclass
class Section:
    """What stands below one heading of the second level."""

    heading: str
    place: str
    text: str = ""
    kept: list[outputs.Kept] = field(default_factory=list)


class Notebook:
    """A notebook as the rules see it.

    Parameters
    ----------
    path, root : pathlib.Path
        The file and the root of the collection. The name tells the kind: ``04_trade`` is a theme,
        ``lesson_2_tidy_tables`` a lesson. The first words of it, ``04`` or ``lesson_2``, ask for it too.
    """

    def __init__(self, path: Path, root: Path):
        self.path = path
        self.file = path.relative_to(root).as_posix()
        theme, lesson = re.match(r"\d\d(?=_)", path.stem), re.match(r"lesson_(\d)(?=_)", path.stem)
        kind = "theme" if theme else "lesson" if lesson else "template" if path.stem == "template" else "own"
        self.kinds: tuple[str, ...] = ("notebook", kind, *(["form"] if theme else []))
        words = path.stem.split("_")
        self.names: tuple[str, ...] = (path.stem, path.name, *("_".join(words[:end]) for end in range(1, len(words))))
        # Copies of the template are numbered like it.
        self.chapter = theme[0] if theme else f"1{lesson[1]}" if lesson else "10"

    @cached_property
    def node(self) -> NotebookNode:
        """The notebook; raise Unreadable when it is none."""
        try:
            node = nbformat.read(self.path, as_version=4)
            nbformat.validate(node)
        except Exception as error:  # nbformat lets through whatever it runs into in a damaged file
            reason = str(error).strip().partition("\n")[0]
            raise Unreadable([Fault(self.file, "", readable, f"no valid notebook: {reason}")]) from None
        if not node.get("cells"):
            raise Unreadable([Fault(self.file, "", readable, "no cell, expected a heading at least")])
        return node

    @cached_property
    def cells(self) -> list[Cell]:
        """Its cells; raise Unreadable when code is no Python or an output is of another form."""
        found, faults = [], []
        for number, cell in enumerate(self.node.cells, start=1):
            try:
                tree = ast.parse(cell.source if cell.cell_type == "code" else "")
                found.append(Cell(number, cell, tree, [(out, outputs.read(out)) for out in cell.get("outputs", [])]))
            except SyntaxError as error:
                message = f"found {(error.text or '').strip()!r}, expected Python without magics and shell lines"
                faults.append(Fault(self.file, f"cell {number}", readable, message))
            except outputs.OutputError as error:
                faults.append(Fault(self.file, f"cell {number}", readable, str(error)))
        if faults:
            raise Unreadable(faults)
        return found

    @property
    def code(self) -> list[Cell]:
        """The cells of code that are not empty."""
        return [cell for cell in self.cells if cell.node.cell_type == "code" and cell.source.strip()]

    @property
    def prose(self) -> list[Cell]:
        """The cells of Markdown."""
        return [cell for cell in self.cells if cell.node.cell_type == "markdown"]

    def displays(self) -> Iterator[tuple[str, NotebookNode, outputs.Kept | None]]:
        """Yield the place of every output, the output and what it keeps."""
        for cell in self.cells:
            for output, kept in cell.outputs:
                yield cell.place, output, kept

    def kept(self, *types: type[K]) -> list[tuple[str, K]]:
        """Return place and parts of the outputs that keep one of some *types*."""
        return [(place, kept) for place, _, kept in self.displays() if isinstance(kept, types)]

    def shown(self) -> list[tuple[str, outputs.Figure | outputs.Table]]:
        """Return place and parts of the figures and tables."""
        return self.kept(*SHOWN)

    def sentences(self, kind: str) -> list[tuple[str, outputs.Sentence]]:
        """Return place and parts of the sentences of one kind."""
        return [(place, sentence) for place, sentence in self.kept(outputs.Sentence) if sentence.kind == kind]

    def sections(self) -> list[Section]:
        """Return what stands below each heading of the second level, in order."""
        found: list[Section] = []
        for cell in self.cells:
            for line in cell.source.splitlines() if cell.node.cell_type == "markdown" else ():
                if line.startswith("## "):
                    found.append(Section(line.removeprefix("## "), cell.place))
                elif found:
                    found[-1].text += line + "\n"
            if found:
                found[-1].kept += [kept for _, kept in cell.outputs if kept]
        return found


def typed_numbers(text: str) -> list[str]:
    """Return the numbers in *text* that are neither years nor names."""
    return re.findall(r"\d[\d.,]*", NOT_FIGURES.sub(" ", text))


def reading_minutes(notebook: Notebook) -> float:
    """Return the minutes that the prose (200 words a minute) and the pictures and tables (half a minute) take."""
    return top.reading_minutes(notebook.node)


@rule(
    "notebook",
    "N01",
    "The file is a valid notebook, its code is plain Python without magics and shell lines, and its outputs are stored "
    "in the form that this version reads.",
    "Pages, lessons and the other rules are made from what stands in the file.",
)
def readable(notebook: Notebook) -> Found:
    len(notebook.cells)  # what cannot be read is told by the exception
    return ()


@rule(
    "notebook",
    "N02",
    "The file name has small letters, digits and underscores only; the number of a theme comes first.",
    "The name becomes the address of a page, and the number the order of the collection.",
)
def plain_name(notebook: Notebook) -> Found:
    if not re.fullmatch(r"(\d\d_)?[a-z0-9_]+\.ipynb", notebook.path.name):
        yield "", f"found the name {notebook.path.name!r}, expected one like 04_trade.ipynb"


@rule(
    "notebook",
    "N03",
    f"A cell of code has at most {MOST_LINES} lines; the hidden tests of a lesson count apart.",
    "A reader follows one idea at a time. What needs more lines is a function with a name.",
)
def short_cells(notebook: Notebook) -> Found:
    for cell in notebook.code:
        longest = max(len(part.splitlines()) for part in cell.source.split("### BEGIN HIDDEN TESTS\n"))
        if longest > MOST_LINES:
            yield cell.place, f"{longest} lines, at most {MOST_LINES} expected"


@rule(
    "notebook",
    "N04",
    "The first cell of code imports, and nothing else; no other cell imports.",
    "Whoever runs the notebook learns at its head what it needs.",
)
def imports_first(notebook: Notebook) -> Found:
    for position, cell in enumerate(notebook.code):
        imports = [node for node in ast.walk(cell.tree) if isinstance(node, ast.Import | ast.ImportFrom)]
        if position == 0 and len(imports) != len(cell.tree.body):
            yield cell.place, "the first cell of code does more than import, expected imports only"
        if position > 0 and imports:
            yield cell.place, f"found {ast.unparse(imports[0])!r}, expected imports in the first cell of code only"


@rule(
    "notebook",
    "N05",
    "No line ends in a semicolon.",
    "It hides what the cell shows. A cell that should show nothing ends in an assignment.",
)
def no_semicolon(notebook: Notebook) -> Found:
    for cell in notebook.code:
        for line in cell.source.splitlines():
            if line.rstrip().endswith(";"):
                yield cell.place, f"found {line.strip()!r}, expected no semicolon at its end"


@rule(
    "notebook",
    "N06",
    "Data come from `load()`, never from a reader of files.",
    "`load()` gives the types and units of the schema, and finds damage; a file read by itself does not.",
)
def data_by_load(notebook: Notebook) -> Found:
    for cell in notebook.code:
        for name, _ in cell.calls():
            if READERS.fullmatch(name):
                yield cell.place, f"found {name}(), expected load()"


@rule(
    "notebook",
    "N07",
    "Code holds no path and no web address.",
    "The notebook runs anywhere and without a network; addresses stand in the bibliography.",
)
def no_address(notebook: Notebook) -> Found:
    for cell in notebook.code:
        for node in ast.walk(cell.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and PATH_OR_URL.search(node.value):
                yield cell.place, f"found {node.value!r}, expected no path or address"


@rule(
    "notebook",
    "N08",
    "The notebook was run from its first cell to its last.",
    "Only then do its outputs belong to its code. `make refresh` does it.",
)
def run_in_order(notebook: Notebook) -> Found:
    for position, cell in enumerate(notebook.code, start=1):
        if cell.node.execution_count != position:
            yield cell.place, f"found the execution count {cell.node.execution_count}, expected {position}"
            return


@rule(
    "notebook",
    "N09",
    "No error and no warning is stored.",
    "A reader cannot tell a harmless warning from one that spoils the result.",
)
def clean_run(notebook: Notebook) -> Found:
    for place, output, _ in notebook.displays():
        if output.output_type == "error":
            yield place, f"found an error, {output.ename}: {output.evalue}, expected none"
        if output.get("name") == "stderr":
            yield place, f"found a warning, {output.text[:80]!r}, expected none"


@rule(
    "notebook",
    "N10",
    "No output shows an address in memory, like `<Axes at 0x7f…>`.",
    "It differs from run to run, and two runs are compared. End the cell in what is worth showing.",
)
def repeatable_output(notebook: Notebook) -> Found:
    for place, output, _ in notebook.displays():
        if address := re.search(r"\bat 0x[0-9a-f]{6}\w*", str(output.get("data", {}).get("text/plain", ""))):
            yield place, f"found {address[0]!r}, expected no address in memory"


@rule(
    "notebook",
    "N11",
    "No number is typed into prose, title, subtitle or alternative text; years, dates and names are no such numbers.",
    "A typed number stays as it is when the data change. Sentences take theirs from the code.",
)
def computed_numbers(notebook: Notebook) -> Found:
    for cell in notebook.cells:
        typed_here = cell.node.cell_type == "markdown" and not top.is_top(cell.node)
        texts = [("the text", cell.source)] if typed_here else []
        for _, call in cell.calls():
            for keyword in call.keywords:
                if keyword.arg in SHOWN_TEXT:
                    texts += [(keyword.arg, text) for text in _literals(keyword.value)]
        for where, text in texts:
            for typed in typed_numbers(text):
                yield cell.place, f"the number {typed} is typed into {where}, expected a computed one"


def without_fields(template: str) -> str:
    """Return what is typed in a template: not what stands in its braces, formats included."""
    return re.sub(r"\{[^{}]*\}", "", template)


def _literals(node: ast.AST) -> Iterator[str]:
    """Yield the text typed in an expression: not what stands in braces, of an f-string or a template."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield without_fields(node.value)
    elif not isinstance(node, ast.FormattedValue):
        for child in ast.iter_child_nodes(node):
            yield from _literals(child)


@rule(
    "notebook",
    "N12",
    "`answer()`, `finding()` and `reading()` take a template and values, not an f-string.",
    "The sentence can be checked and translated before its numbers are known.",
)
def sentence_templates(notebook: Notebook) -> Found:
    for cell in notebook.code:
        for name, call in cell.calls():
            if name in SENTENCES and call.args and any(isinstance(n, ast.JoinedStr) for n in ast.walk(call.args[0])):
                yield cell.place, f"{name}() takes an f-string, expected a template and values"


@rule(
    "notebook",
    "N13",
    "Every picture is shown by `show()`, with a source line, and a line that stands for it when runs are compared.",
    "A picture travels: whoever sees it alone must learn whose data it shows.",
)
def shown_pictures(notebook: Notebook) -> Found:
    for place, output, kept in notebook.displays():
        data = output.get("data", {})
        if "image/png" in data:
            if not isinstance(kept, outputs.Figure) or not kept.source_line:
                yield place, "a picture without source line, expected show()"
            elif not data.get("text/plain", "").startswith(kept.id):
                yield place, f"a picture without its compared line, expected one that starts with {kept.id}"


@rule(
    "notebook",
    "N14",
    f"The alternative text of a picture has at least {MIN_ALT_WORDS} words.",
    "Who does not see the picture learns from it what is compared, over which years, and what comes out.",
)
def alternative_text(notebook: Notebook) -> Found:
    for place, figure in notebook.kept(outputs.Figure):
        if (words := len(figure.alt.split())) < MIN_ALT_WORDS:
            yield place, f"alt text of {words} words, at least {MIN_ALT_WORDS} expected"


@rule(
    "notebook",
    "N15",
    "Every table is shown by `show_table()`, with a caption.",
    "A caption says what a row is; a screen reader starts with it.",
)
def captioned_tables(notebook: Notebook) -> Found:
    for place, output, kept in notebook.displays():
        text = output.get("data", {}).get("text/html", "")
        if "<table" in text and "<caption>" not in text and not isinstance(kept, outputs.Rows):
            yield place, "a table without caption, expected show_table()"


@rule(
    "notebook",
    "N16",
    "Figures and tables are numbered in their order: `fig_04_01`, `fig_04_02` … in notebook 04, `fig_12_01` in lesson "
    "2, `fig_10_01` in the template.",
    "Ids are addresses. Text and pages point to them.",
)
def ids_in_order(notebook: Notebook) -> Found:
    counts = {"fig": 0, "tab": 0}
    for place, shown in notebook.shown():
        kind = "fig" if isinstance(shown, outputs.Figure) else "tab"
        counts[kind] += 1
        wanted = f"{kind}_{notebook.chapter}_{counts[kind]:02}"
        if shown.id != wanted:
            yield place, f"found the id {shown.id}, expected {wanted}"


@rule(
    "notebook",
    "N17",
    "Every source of a figure or table stands in the references.",
    "A reader can look up what the notebook rests on.",
)
def listed_sources(notebook: Notebook) -> Found:
    listed = {source for _, references in notebook.kept(outputs.Listed) for source in references.sources}
    for place, shown in notebook.shown():
        for source in shown.sources:
            if source not in listed:
                yield place, f"the source {source!r} of {shown.id} is not in the references, expected it there"


@rule(
    "notebook",
    "N18",
    "The figure to which a finding points is in the notebook.",
    "A finding is linked to what bears it out.",
)
def live_links(notebook: Notebook) -> Found:
    ids = [shown.id for _, shown in notebook.shown()]
    for place, sentence in notebook.kept(outputs.Sentence):
        if sentence.figure and sentence.figure not in ids:
            yield place, f"the finding points to {sentence.figure}, which is not there, expected one of {ids}"


@rule(
    "theme",
    "N19",
    "The notebook opens with its question as heading.",
    "A question in plain words tells a reader whether to stay.",
)
def question_first(notebook: Notebook) -> Found:
    first = notebook.cells[0]
    if first.node.cell_type != "markdown" or not re.match(r"# .+\?", first.source):
        yield first.place, f"found {first.source.partition(chr(10))[0]!r}, expected '# ' and a question"


@rule(
    "theme",
    "N20",
    "There is one answer.",
    "It stands below the question, on the index and in the README.",
)
def one_answer(notebook: Notebook) -> Found:
    if (count := len(notebook.sentences("answer"))) != 1:
        yield "", f"{count} answers, expected one"


@rule(
    "theme",
    "N21",
    "There are two to five findings.",
    "More are not remembered, one alone is the answer itself.",
)
def two_to_five_findings(notebook: Notebook) -> Found:
    if not 2 <= (count := len(notebook.sentences("finding"))) <= 5:
        yield "", f"{count} findings, expected two to five"


@rule(
    "theme",
    "N22",
    "Every finding names the figure or table that bears it out.",
    "A reader can check it with one click.",
)
def borne_out_findings(notebook: Notebook) -> Found:
    for place, finding in notebook.sentences("finding"):
        if not finding.figure:
            yield place, f"the finding {finding.text[:60]!r} names no figure, expected one"


def missing_sections(notebook: Notebook, names: Iterable[str]) -> Found:
    """Yield a fault for each of *names* with which no section begins."""
    headings = [section.heading for section in notebook.sections()]
    for name in names:
        if not any(heading.startswith(name) for heading in headings):
            yield "", f"no section '{name}', expected one"


@rule(
    "theme",
    "N25",
    f"'Why it matters' has at most {MOST_WORDS_OF_WHY} words.",
    "A reader came for the answer.",
)
def short_why(notebook: Notebook) -> Found:
    for section in notebook.sections():
        words = len(section.text.split())
        if section.heading.startswith("Why it matters") and words > MOST_WORDS_OF_WHY:
            yield section.place, f"'{section.heading}' has {words} words, at most {MOST_WORDS_OF_WHY} expected"


def thin_sections(notebook: Notebook, names: tuple[str, ...]) -> Found:
    """Yield a fault for each section that begins with one of *names* and holds neither words nor numbers."""
    for section in notebook.sections():
        if section.heading.startswith(names):
            said = [kept.text for kept in section.kept if isinstance(kept, outputs.Sentence)]
            numbers = any(isinstance(kept, SHOWN) for kept in section.kept) or re.search(r"\d", " ".join(said))
            words = len(" ".join([section.text, *said]).split())
            if words < MIN_WORDS_OF_SUBSTANCE and not numbers:
                yield (
                    section.place,
                    f"'{section.heading}' holds {words} words and no output with numbers, "
                    f"at least {MIN_WORDS_OF_SUBSTANCE} words or such an output expected",
                )


@rule(
    "template",
    "N28",
    f"The template is read in less than {MOST_MINUTES_OF_TEMPLATE} minutes.",
    "It is there to be overwritten.",
)
def short_template(notebook: Notebook) -> Found:
    if (minutes := reading_minutes(notebook)) >= MOST_MINUTES_OF_TEMPLATE:
        yield "", f"{minutes:.0f} minutes to read, less than {MOST_MINUTES_OF_TEMPLATE} expected"


@rule(
    "notebook",
    "N29",
    f"Nothing is marked {FILL_IN}.",
    "The mark of a draft stands where its author has not been yet.",
)
def filled_in(notebook: Notebook) -> Found:
    for cell in notebook.cells:
        for line in cell.source.splitlines():
            if FILL_IN in line:
                yield cell.place, f"expected words in place of {line.strip()!r}"


@rule(
    "notebook",
    "N40",
    "The number of a theme or lesson is its own.",
    "It is the order of the collection, and part of the address of every figure.",
)
def own_number(notebook: Notebook) -> Found:
    number = re.match(r"(\d\d|lesson_\d)_", notebook.path.stem)
    for other in sorted(notebook.path.parent.glob(f"{number[0]}*.ipynb")) if number else ():
        if other != notebook.path:
            yield "", f"{other.name} has this number too, expected one of its own"
