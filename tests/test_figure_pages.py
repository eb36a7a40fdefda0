"""Pages of figures: what each holds and leads to, what its code is, how it is cited, embedded and shared."""

from __future__ import annotations

import io
import json
import posixpath
import re
from types import SimpleNamespace

import nbformat
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT, stored
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from PIL import Image

import malirussia
from malirussia import outputs
from malirussia.collection import Collection
from malirussia.figures.screens.card import CARD, card
from workshop.pages.exporter import ReportExporter
from workshop.pages.figure_pages import claims_of, figure_pages, lineages_of, with_claims
from workshop.pages.figures import small_svg
from workshop.pages.frame import BASE, below
from workshop.pages.lineage import lineages, lineages_in
from workshop.pages.site import own_pages, site_of

PATH = ROOT / "notebooks" / "04_trade.ipynb"
LINK = re.compile(r'<(?:a|link)\b[^>]*? href="(?![\w+.-]+:)([^"#]*)(?:#([^"]*))?"')


@pytest.fixture(scope="module")
def whole() -> SimpleNamespace:
    """The pages of one notebook and its figures by file name, as they are with a base address."""
    collection, notebooks = Collection(ROOT), {PATH: nbformat.read(PATH, 4)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(BASE, "https://example.org/mali")
        site = site_of(collection, notebooks)
    exporter = ReportExporter(collection=collection, site=site, beside_index=True)
    text = exporter.from_notebook_node(notebooks[PATH], {"metadata": {"name": PATH.stem}})[0]
    found, claims = lineages_of(collection, notebooks), claims_of(collection)
    made = {"04_trade.html": with_claims(collection, text, claims, found)}
    made |= figure_pages(collection, site, made, found, claims) | own_pages(collection, site, notebooks)
    return SimpleNamespace(collection=collection, claims=claims, found=found, pages=made)


def soup(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "html.parser")


def test_a_page_of_a_figure_holds_picture_sentences_sources_terms_and_leads_on(whole):
    page = soup(whole.pages["figures/fig_04_02.html"])
    lineage = whole.found["fig_04_02"][1]
    assert page.h1.get_text() == "Do the two sides report the same trade?"
    figure = page.select_one("figure#fig_04_02")
    assert figure.img["alt"] == lineage.about.alt and lineage.about.alt in page.select_one("#main").get_text()
    assert figure.select_one("a[download$=csv]") and not figure.select_one("a.anchor")
    assert all(one.text in page.get_text() for one in lineage.sentences) and lineage.sentences
    listed = {one["id"]: one.get_text() for one in page.select(".references li")}
    assert listed.keys() == {f"source-{key}" for key in lineage.about.sources}
    licences = [whole.collection.bibliography.entry(key)["licence"] for key in lineage.about.sources]
    assert all(licence in text for licence, text in zip(licences, listed.values(), strict=True))
    assert page.select_one('a[href="../04_trade.html#fig_04_02"]')
    beside = [one["href"] for one in page.select("nav.neighbours a")]
    assert beside == ["../figures/fig_04_01.html", "../figures/fig_04_03.html"]
    record = json.loads(page.find("script", type="application/ld+json").string)
    assert record["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert page.find("meta", property="og:image")["content"] == "https://example.org/mali/figures/fig_04_02.png"


def test_all_links_lead_somewhere(whole):
    ids = {name: set(re.findall(r' id="([^"]+)"', text)) for name, text in whole.pages.items()}
    for name in ("04_trade.html", "figures.html", *(one for one in ids if one.startswith("figures/"))):
        for target, part in LINK.findall(whole.pages[name]):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(name), target)) if target else name
            assert path in (*ids, "index.html") or path.startswith(("data/", "bundle/", "downloads/")), (name, target)
            assert not part or part in ids[path], (name, target, part)


def test_steps_of_a_figure_run_by_themselves_and_draw_the_same(whole, monkeypatch):
    drawn = {}
    monkeypatch.setattr(malirussia, "show", lambda fig, key, data, **_: drawn.update({key: data}))
    monkeypatch.setattr(malirussia, "finding", lambda *_, **__: None)
    for key in ("fig_04_02", "fig_04_04"):
        lineage = whole.found[key][1]
        names = {}
        for step in lineage.steps:
            exec(compile(step.code, key, "exec"), names)
        assert f"[n={len(drawn[key])};" in lineage.output["data"]["text/plain"]
        assert len(lineage.steps) < len([cell for cell in nbformat.read(PATH, 4).cells if cell.cell_type == "code"]) / 2


def test_only_what_a_figure_needs_is_on_its_way_and_tables_are_those_that_it_loads():
    about = outputs.Figure("fig_01_01", "T", "S", "A", 768, "Source: X", ["x"])
    code = [
        "from malirussia import load, show",
        "x = load('one')",
        "x = load('two')",
        "other = load('three')",
        "x['twice'] = [other for other in x]",
        "word = load('four')",
        "fig = x.plot()\nshow(fig, title='{word.most:%Y}')",
    ]
    cells = [new_markdown_cell("## Why?\nFirst."), *(new_code_cell(one) for one in code)]
    cells[-1].outputs = [stored(about)]
    cells.append(new_code_cell("", outputs=[stored(outputs.Sentence("finding", "It is.", "high", "fig_01_01"))]))
    found = lineages(new_notebook(cells=cells), lambda word: f"t_{word}" if word != "four" else None)["fig_01_01"]
    assert [step.code for step in found.steps] == [code[at] for at in (0, 2, 4, 5, 6)]
    assert found.tables == ["t_two"]
    assert (found.section, found.steps[0].words) == ("Why?", "First.")
    assert [one.text for one in found.sentences] == ["It is."]


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("0*.ipynb")), ids=lambda path: path.stem)
def test_figures_rest_on_tables_that_their_notebook_lists(path):
    notebook = nbformat.read(path, 4)
    listed = {
        name for about, _ in outputs.shown(notebook) if isinstance(about, outputs.Listed) for name in about.tables
    }
    # What converts sums of money asks the package, which keeps no list.
    listed |= {"context_exchange_rates", "context_currency_regimes", "context_us_prices"}
    for key, lineage in lineages_in(Collection(ROOT), notebook).items():
        assert set(lineage.tables) <= listed, key


def test_findings_figures_claims_and_tables_lead_to_one_another(whole):
    trade = {claim.id for claim in whole.claims if "trade_dyad_annual" in claim.tables}
    assert trade
    theme, claims, tables = (soup(whole.pages[name]) for name in ("04_trade.html", "claims.html", "tables.html"))
    for name in trade:
        assert theme.select_one(f'figure#fig_04_02 a[href="claims.html#{name}"]')
        assert claims.select_one(f'#{name} a[href="figures/fig_04_02.html"]')
        assert claims.select_one(f'#{name} a[href="04_trade.html"]')
    assert theme.select_one('figure#fig_04_02 a[href="tables.html#trade_dyad_annual"]')
    assert tables.select_one('#trade_dyad_annual a[href="figures/fig_04_02.html"]')
    on_it = {claim.id for claim in whole.claims if claim.theme == "trade"}
    assert {one.get_text() for one in theme.select("ul.claims a")} == on_it
    # An event on a figure is no evidence that it bears on.
    assert "events" in whole.found["fig_04_01"][1].tables
    assert all("trade_dyad_annual" in claim.tables for claim in whole.claims if claim.id in trade)


def test_a_figure_is_cited_and_embedded_by_its_address(whole):
    cite = soup(whole.pages["04_trade.html"]).select_one("figure#fig_04_02 details.cite")
    text, code = (one.get_text() for one in cite.select(".citation"))
    assert text.endswith("https://example.org/mali/figures/fig_04_02.html")
    frame = soup(code).iframe
    assert frame["src"] == "https://example.org/mali/figures/fig_04_02.embed.html"
    assert int(frame["height"]) > 300 and frame["title"] == whole.found["fig_04_02"][1].about.title
    embedded = soup(whole.pages["figures/fig_04_02.embed.html"])
    assert embedded.select_one("figure img") and not embedded.select("nav, details, footer")
    assert "CC BY 4.0" in embedded.select_one(".mark").get_text()
    assert {one["href"].partition("#")[0] for one in embedded.select("a:not([download])")} == {
        "../figures/fig_04_02.html"
    }


def test_without_a_base_address_it_says_so_and_by_itself_a_page_leads_to_no_figure():
    site = site_of(Collection(ROOT), [PATH])
    text = ReportExporter(site=site).from_filename(str(PATH), {"metadata": {"name": PATH.stem}})[0]
    cite = soup(text).select_one("figure#fig_04_02 details.cite").get_text()
    assert "Address within these pages: figures/fig_04_02.html" in cite
    assert "No address is set" in cite and "ADDRESS-OF-THESE-PAGES" in cite
    alone = ReportExporter().from_filename(str(PATH))[0]
    assert not re.search(r"figures/|tables\.html|claims\.html|<!-- claims|iframe", alone.partition("<main")[2])


def test_links_of_a_page_in_a_folder_lead_up_and_its_words_stay():
    assert below('<a class="x" href="a.html">href="b.html"</a>') == '<a class="x" href="../a.html">href="b.html"</a>'
    assert below('<a href="#a"><a href="https://x"><a href="data:,">').count("../") == 0


def test_a_card_has_its_size_and_the_whole_picture():
    png = io.BytesIO()
    Image.new("RGB", (400, 900), "#d55e00").save(png, "png")
    made = Image.open(io.BytesIO(card(png.getvalue(), "Mali–Russia relations"))).convert("RGB")
    assert made.size == CARD
    middle = [made.getpixel((CARD[0] // 2, y)) for y in range(CARD[1])]
    assert 550 < sum(color != (255, 255, 255) for color in middle) < CARD[1]


def test_a_small_picture_is_another_one_on_its_page():
    svg = '<svg x="1"><defs><path id="fig_01_01-w-a" d="M 1.255 2\nL 3 4.7891\n"/></defs><use href="#fig_01_01-w-a"/>'
    svg += '<path fill="none"/><g>\n<g data-s="1"><path d="M 0 0"/></g></g><text x="1">1960</text>'
    svg += '<g class="points" fill="none"><rect/></g></svg>'
    small = small_svg(svg, "small")
    assert '<path id="small-fig_01_01-w-a" d="M1.2 2L3 4.7"/>' in small
    assert '<use href="#small-fig_01_01-w-a"/>' in small
    assert '<path d="M0 0"/><text' in small
    assert "points" not in small and "1960" in small and '<path fill="none"/>' not in small
    assert "1960" not in small_svg(svg, "small", words=False)
