"""No word on a page is left in plain English when the pages are made in the pseudo-language."""

from __future__ import annotations

import functools
import re

import nbformat
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from malirussia.collection import Collection
from malirussia.language import PSEUDO
from workshop.course.course import course_index
from workshop.course.outline import lessons_in
from workshop.pages.builder import index_page, notebooks_in
from workshop.pages.exporter import ReportExporter
from workshop.run.execute import execute

pytestmark = pytest.mark.slow

COLLECTION = Collection(ROOT, PSEUDO)
NOTEBOOKS = notebooks_in(ROOT / "notebooks", unpublished=True) + lessons_in(ROOT / "notebooks" / "lessons")
WORD = re.compile(r"(?<!\w)[A-Za-z]{4,}(?!\w)")
CODE = "script, style, code, .highlight"
SPOKEN = ("alt", "aria-label", "title", "data-copied", "data-selected")

MADE_UP = [
    new_markdown_cell(
        "# How much did they trade?\n\nA **bold** text with a [link](https://example.org/page), `code`\n"
        "and two lines.\n\n## Data: what is counted\n\n- The first point\n- The second point"
    ),
    new_code_cell(
        "import matplotlib.pyplot as plt\n"
        "import pandas as pd\n"
        "from malirussia import answer, audit, describe, finding, load, reading, references\n"
        "from malirussia import show, show_table\n"
        "from malirussia.claims.rule import claimed\n"
        "from malirussia.lessons import Check"
    ),
    new_code_cell(
        "trade = load('trade_partner_annual')\nfigures = pd.DataFrame({'Year': [1964, 2014], 'Share': [0.25, 0.01]})"
    ),
    new_code_cell("answer('Trade fell by {fall:.0%} from {first}', fall=0.96, first=1964, confidence='medium')"),
    new_code_cell("finding('Only {share:.1%} is left', share=0.01, confidence='high', figure='fig_01_01')"),
    new_code_cell("reading('The year {year} is an exception', year=1991)"),
    new_code_cell(
        "fig, ax = plt.subplots()\n"
        "ax.plot(figures['Year'], figures['Share'], label='Moscow')\n"
        "ax.set(xlabel='Year', ylabel='Share')\n"
        "ax.legend()\n"
        "show(fig, 'fig_01_01', title='A fall by {fall:.0%}', subtitle='Share of trade', sources=trade, data=figures,\n"
        "     alt='Line chart of a share that falls ' + 'from a quarter to a hundredth, ' * 3, values={'fall': 0.96})"
    ),
    new_code_cell("show_table(figures, 'tab_01_01', title='The figures once more', sources=trade, index=False)"),
    new_code_cell(
        "counted = audit()['verdict'].value_counts().rename_axis('Verdict').rename('Claims').reset_index()\n"
        "show_table(counted, 'tab_01_02', title='Verdicts', sources=trade)"
    ),
    new_code_cell("describe('trade_partner_annual')"),
    new_code_cell("print(claimed(next(load('claims').query('start.notna() and value.isna()').itertuples())))"),
    new_code_cell(
        "check = Check('sum', {'sum': 'text'})\ncheck.number()\ncheck.report()\n"
        "check = Check('sum', {'sum': 0.5})\n"
        "check.expect(lambda answer: answer, 1, 'was it divided by the total?')\ncheck.report()\n"
        "check = Check('sum', {'sum': pd.DataFrame({'a': [1]})})\ncheck.table(['b'], key=['b'])\ncheck.report()\n"
        "check = Check('sum', {'sum': 1})\ncheck.equal(1)\ncheck.report()\nCheck('sum', {'sum': None}).report()"
    ),
    new_code_cell("references(trade)"),
]


def _any_of(texts: set[str]) -> re.Pattern:
    longest_first = sorted(filter(None, texts), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


@functools.cache
def _quoted() -> re.Pattern:
    """Find what is quoted as it stands: sources, data sets, licences, names of tables."""
    entries, resources = COLLECTION.bibliography.entries, COLLECTION.package.resources
    texts = {entry[part] for entry in entries.values() for part in ("publisher", "title", "url", "licence")}
    texts |= {licence["title"] for resource in resources.values() for licence in resource["licenses"]}
    texts |= {resource.get("made", {}).get("data") or "" for resource in resources.values()}
    return _any_of(texts | {*resources} | {resource["path"] for resource in resources.values()})


@functools.cache
def _codes() -> re.Pattern:
    """Find what describes a column in a cell of a table: its name, type, pattern and listed values."""
    fields = [field for resource in COLLECTION.package.resources.values() for field in resource["schema"]["fields"]]
    rules = [field.get("constraints", {}) for field in fields]
    texts = {field[part] for field in fields for part in ("name", "type")} | {rule.get("pattern", "") for rule in rules}
    return _any_of(texts | {str(value) for rule in rules for value in rule.get("enum", [])})


def leftovers(html: str) -> list[str]:
    """Return each plain English word of a page with the element in which it stands."""
    soup = BeautifulSoup(html, "html.parser").html
    for part in soup.select(CODE):
        part.decompose()
    texts = [(text.parent.name, text) for text in soup.find_all(string=True)]
    texts += [(f"{tag.name} {name}", tag[name]) for tag in soup.find_all(True) for name in SPOKEN if tag.get(name)]
    found = []
    for place, text in texts:
        left = _quoted().sub(" ", text)
        found += [f"<{place}>: {word}" for word in WORD.findall(_codes().sub(" ", left) if place == "td" else left)]
    return found


@pytest.fixture(scope="module")
def made_up(tmp_path_factory):
    """Return a small notebook that shows one of everything, run in the pseudo-language."""
    folder = tmp_path_factory.mktemp("notebooks")
    path = folder / "00_made_up.ipynb"
    nbformat.write(new_notebook(cells=MADE_UP), path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MALIRUSSIA_LANGUAGE", PSEUDO)
        return execute([path])


def test_the_proof_finds_english():
    notebook = new_notebook(cells=[new_markdown_cell("# How much?")])
    html = ReportExporter(collection=Collection(ROOT)).from_notebook_node(notebook)[0]
    assert "<a>: Skip" in leftovers(html)
    assert "<h1>: much" in leftovers(html)


def test_a_notebook_with_one_of_everything_leaves_no_english(made_up):
    (notebook,) = made_up.values()
    html = ReportExporter(collection=COLLECTION).from_notebook_node(notebook)[0]
    assert html.count("<figure") == 3
    key = COLLECTION.package.resource("trade_partner_annual")["schema"]["primaryKey"]
    named = [f"<p>: {word}" for name in key for word in WORD.findall(name)]  # in the card
    assert leftovers(html) == ["<th>: Year", "<th>: Share", *named]  # the data behind a figure keep their names


def test_the_index_leaves_no_english(made_up):
    assert leftovers(index_page(made_up, COLLECTION)) == []


@pytest.mark.parametrize("audience", ["", "student", "instructor"])
def test_the_pages_that_lead_to_the_lessons_leave_no_english(audience):
    lessons = {path: nbformat.read(path, 4) for path in lessons_in(ROOT / "notebooks" / "lessons")}
    assert leftovers(course_index(COLLECTION, lessons, audience)) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_prose_of_every_notebook_leaves_no_english(path):
    notebook = nbformat.read(path, 4)
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    html = ReportExporter(collection=COLLECTION).from_notebook_node(notebook)[0]
    assert leftovers(html) == []
