"""Figures of a page in a real browser: on every width, by keyboard, pointer and touch, in the dark, saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT
from test_pages import READY, STRICT, browser, visit  # noqa: F401  fixtures

from workshop.pages import ReportExporter
from workshop.run.cache import Cache
from workshop.run.execute import execute

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (READY or STRICT), reason="no browser: install Chromium, then `make browser`"),
]
SEEN = "[...document.querySelectorAll('figure.drawn svg')].filter(svg => svg.getClientRects().length)"


@pytest.fixture(scope="module", autouse=True)  # before a browser has a loop of its own
def pages(tmp_path_factory) -> Path:
    """A folder with the page of one notebook as a build makes it."""
    folder = tmp_path_factory.mktemp("pages")
    path = ROOT / "notebooks" / "04_trade.ipynb"
    (notebook,) = execute([path], Cache(ROOT)).values()
    html = ReportExporter().from_notebook_node(notebook)[0]
    (folder / "04_trade.html").write_text(html, encoding="utf-8")
    return folder


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_no_figure_is_wider_than_its_box_and_all_of_its_text_is_inside(visit, width):  # noqa: F811
    page = visit("04_trade", width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    outside = f"""{SEEN}.flatMap(svg => {{
        const box = svg.getBoundingClientRect();
        const texts = [...svg.querySelectorAll('text')].map(text => [text.textContent, text.getBoundingClientRect()]);
        return texts.filter(([, area]) => area.left < box.left - 2 || area.right > box.right + 2).map(([said]) => said);
    }})"""
    assert page.evaluate(outside) == []


def test_no_text_is_smaller_than_eleven_pixels_on_a_phone(visit):  # noqa: F811
    page = visit("04_trade", 360)
    sizes = f"""{SEEN}.flatMap(svg => [...svg.querySelectorAll('text')].map(text =>
        parseFloat(getComputedStyle(text).fontSize) * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width))"""
    assert min(page.evaluate(sizes)) >= 11


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lines_and_text_stand_out_from_the_page(visit, scheme):  # noqa: F811
    contrast = """(one, property) => {
        const channels = color => color.match(/[\\d.]+/g).slice(0, 3).map(part => part / 255)
            .map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        const light = color => channels(color).reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
        const [a, b] = [getComputedStyle(one)[property], getComputedStyle(document.body).backgroundColor].map(light);
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05); }"""
    page = visit("04_trade", 1280, scheme)
    texts = page.evaluate(
        f"{SEEN}.flatMap(svg => [...svg.querySelectorAll('text')].map(one => ({contrast})(one, 'fill')))"
    )
    lines = "[...svg.querySelectorAll('g[data-s] > path[stroke]')]"
    strokes = page.evaluate(f"{SEEN}.flatMap(svg => {lines}.map(one => ({contrast})(one, 'stroke')))")
    assert min(texts) >= 4.5
    assert min(strokes) >= 3


def test_arrow_keys_go_from_mark_to_mark_and_say_what_they_are(visit):  # noqa: F811
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
def test_a_pointer_finds_a_mark(visit, width):  # noqa: F811
    page = visit("04_trade", width, has_touch=width == 360)
    mark = page.locator(f"#fig_04_02 .{'narrow' if width == 360 else 'wide'} .points rect").nth(5)
    says = mark.locator("title").text_content()
    mark.scroll_into_view_if_needed()
    area = mark.bounding_box()
    at = (area["x"] + area["width"] / 2, area["y"] + area["height"] / 2)
    (page.touchscreen.tap if width == 360 else page.mouse.move)(*at)
    assert page.locator("#fig_04_02 [role=status]").inner_text() == says


def test_one_series_is_singled_out_and_all_come_back(visit):  # noqa: F811
    page = visit("04_trade")
    button = page.locator("#fig_04_01 .series button").first
    for pressed in ("true", "false"):
        button.click()
        assert button.get_attribute("aria-pressed") == pressed
        assert (page.locator("#fig_04_01 .wide .dim").count() > 0) == (pressed == "true")


def test_data_picture_and_svg_are_saved_from_the_page_itself(visit):  # noqa: F811
    page = visit("04_trade", accept_downloads=True)
    for kind, begins in (
        ("picture", b"\x89PNG"),
        ("svg", b"<svg"),
        ("download:not(.anchor):not(.picture):not(.svg)", b"year"),
    ):
        with page.expect_download() as download:
            page.locator(f"#fig_04_01 a.{kind}").click()
        assert Path(download.value.path()).read_bytes().startswith(begins)
    assert page.complaints == []


def test_without_script_marks_have_titles_and_the_data_open(visit):  # noqa: F811
    page = visit("04_trade", java_script_enabled=False)
    assert page.locator("#fig_04_01 .wide .points title").count() > 50
    page.locator("#fig_04_01 details.rows summary").click()
    assert page.locator("#fig_04_01 details.rows table").is_visible()
