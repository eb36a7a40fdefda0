"""The site: what its pages know of each other, and the pages that are made from no notebook."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from nbformat.v4 import new_markdown_cell, new_notebook

from malirussia.claims import audit, evidence
from malirussia.collection import Collection
from malirussia.language import PSEUDO
from workshop.pages.builder import index_page, notebooks_in
from workshop.pages.chronology import TABLES, chronology_page, dated
from workshop.pages.claims_page import claims_page, write_claims
from workshop.pages.exporter import ReportExporter, page
from workshop.pages.frame import BASE, Leaf, Site, markdown
from workshop.pages.presence import map_page
from workshop.pages.search import entries, search_page
from workshop.pages.site import own_pages, site_of, tables_page
from workshop.pages.trust import bibtex, document_page, own_item, sources_page, write_citations

WHOLE = Collection(ROOT)
GLOSSARY = """# Glossary

All words.

## TIV

A unit of <b>volume</b>.

## c.i.f. and f.o.b.

How goods are
valued.
"""


@pytest.fixture
def linking(tmp_path):
    """Return a notebook with links in a collection with a glossary, and the path of the notebook."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "glossary.md").write_text(GLOSSARY)
    (tmp_path / "data").symlink_to(ROOT / "data")
    text = (
        "# How much?\n\nIn [TIV](../docs/glossary.md#tiv), [valued](../docs/glossary.md#cif-and-fob), as in "
        "[votes](05_votes.ipynb#fig_05_02) and [outside](https://example.org/)."
    )
    path = tmp_path / "notebooks" / "04_trade.ipynb"
    path.parent.mkdir()
    for name, said in (("04_trade", text), ("05_votes", "# Which votes?")):
        nbformat.write(new_notebook(cells=[new_markdown_cell(said)]), path.with_name(f"{name}.ipynb"))
    return path


def test_on_a_site_links_lead_to_pages_and_words_show_their_meaning(linking):
    collection = Collection(linking.parents[1])
    site = site_of(collection, notebooks_in(linking.parent))
    html = ReportExporter(collection=collection, site=site).from_filename(str(linking))[0]
    assert '<a href="glossary.html#tiv" aria-describedby="term-1">TIV</a>' in html
    assert '<span role="tooltip" id="term-1">A unit of &lt;b&gt;volume&lt;/b&gt;.</span>' in html
    assert '<a href="glossary.html#cif-and-fob" aria-describedby="term-2">valued</a>' in html
    assert '<a href="05_votes.html#fig_05_02">votes</a>' in html
    glossary = own_pages(collection, site, {})["glossary.html"]
    assert '<dt id="cif-and-fob">c.i.f. and f.o.b.</dt>' in glossary


def test_a_page_by_itself_keeps_the_meanings_and_links_to_no_neighbour(linking):
    html = ReportExporter(collection=Collection(linking.parents[1])).from_filename(str(linking))[0]
    assert '<button type="button" aria-describedby="term-1">TIV</button>' in html
    assert "How goods are valued." in html
    assert re.findall(r'href="([^"#]+)"', html.partition("<main")[2]) == ["https://example.org/"]


CITED = "title: T\nversion: 1.0.0\nauthors: [{name: The authors}]\ndate-released: 2026-11-24\n"


def test_each_page_leads_to_those_before_and_after_it_and_says_who_made_it_when(linking):
    root = linking.parents[1]
    (root / "CITATION.cff").write_text(CITED)
    collection = Collection(root)
    site = site_of(collection, notebooks_in(linking.parent))
    named = {"metadata": {"name": "04_trade"}}
    html = ReportExporter(collection=collection, site=site).from_notebook_node(nbformat.read(linking, 4), named)[0]
    assert '<a href="05_votes.html" rel="next">Which votes?</a>' in html
    assert 'rel="prev"' not in html
    assert '<a href="glossary.html">Glossary</a>' in html
    assert "Authors: The authors." in html
    assert "canonical" not in html and "og:" not in html and site.base == ""


def test_with_a_base_address_pages_name_theirs_and_are_listed(linking, monkeypatch):
    monkeypatch.setenv(BASE, "https://example.org/mali")
    root = linking.parents[1]
    (root / "CITATION.cff").write_text(CITED)
    collection = Collection(root)
    notebooks = {path: nbformat.read(path, 4) for path in notebooks_in(linking.parent)}
    site = site_of(collection, notebooks)
    index = index_page(notebooks, collection, {}, site=site)
    assert '<link rel="canonical" href="https://example.org/mali/index.html">' in index
    assert '<meta property="og:url" content="https://example.org/mali/index.html">' in index
    record = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', index)[1])
    assert record["@type"] == "Dataset"
    assert "https://example.org/mali/data/trade/total.csv" in [one["contentUrl"] for one in record["distribution"]]
    made = own_pages(collection, site, notebooks)
    listed = [one.text for one in ElementTree.fromstring(made["sitemap.xml"]).iter() if one.tag.endswith("loc")]
    assert listed == [f"https://example.org/mali/{name}" for name in site.pages]
    assert len(list(ElementTree.fromstring(made["feed.xml"]))) > len(site.pages)


def test_a_base_that_is_no_web_address_is_named(linking, monkeypatch):
    monkeypatch.setenv(BASE, "javascript:alert(1)")
    with pytest.raises(ValueError, match="MALIRUSSIA_BASE_URL is 'javascript"):
        site_of(Collection(linking.parents[1]), [])


def test_hostile_text_stays_text_in_the_head_and_for_machines():
    attack = "</script><script>alert(1)</script>\"'><img src=x>"
    site = Site({"a.html": attack, "index.html": attack}, base="https://example.org/", authors=attack)
    html = page(WHOLE, attack, "", site=site, leaf=Leaf("a.html", attack, more={"keywords": [attack]}))
    assert "<script>alert" not in html and "<img src=x>" not in html
    assert attack not in html.partition("</style>")[0].partition("<style>")[2]
    record = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html)[1])
    assert record["keywords"] == [attack]


def test_markdown_becomes_html_that_cannot_run():
    text = "# Title\n\n[a](javascript:alert(1)) <img src=x onerror=alert(1)>\n\n| a |\n| --- |\n| b |\n"
    html = markdown(text)
    assert "<h1>Title</h1>" in html and re.search(r"<td>\s*b", html)
    assert "<img" not in html and 'href="javascript' not in html


@pytest.fixture(scope="module")
def claims() -> BeautifulSoup:
    """The page of all claims, without a site."""
    return BeautifulSoup(claims_page(WHOLE, Site()), "html.parser")


def test_every_claim_has_an_entry_with_verdict_words_of_the_page_rule_and_evidence(claims):
    collection = WHOLE
    found = audit(collection).set_index("claim_id")
    words = collection.load("claims").set_index("claim_id")["wording"]
    assert [entry["id"] for entry in claims.select(".entry")] == list(found.index)
    for item in claims.select(".item"):
        name = item.select_one(".entry")["id"]
        assert item.select_one("summary").get_text().startswith(found.loc[name, "verdict"])
        assert item.select_one("blockquote").get_text(strip=True) == words[name]
        assert found.loc[name, "rule"] in item.get_text()
        rows = evidence(collection, name)
        assert len(item.select(".evidence li")) == len(rows)
        assert all(locator in item.get_text() for locator in rows["locator"])


def test_each_claim_is_reviewed_for_machines(claims):
    record = json.loads(claims.find("script", type="application/ld+json").string)
    reviews = {one["url"]: one for one in record["hasPart"]}
    found = audit(WHOLE).set_index("claim_id")["verdict"]
    assert {url: one["reviewRating"]["alternateName"] for url, one in reviews.items()} == {
        f"claims.html#{name}": verdict for name, verdict in found.items()
    }
    assert reviews["claims.html#C01"]["itemReviewed"]["appearance"]["name"] == "Mali - Russia Relations"


def test_claims_can_be_taken_away_as_csv_and_json(tmp_path):
    write_claims(WHOLE, tmp_path)
    listed = json.loads((tmp_path / "claims.json").read_text())
    table = pd.read_csv(tmp_path / "claims.csv")
    assert [one["claim_id"] for one in listed] == list(table["claim_id"]) == list(audit(WHOLE)["claim_id"])
    assert sum(len(one["evidence_rows"]) for one in listed) == len(pd.read_csv(tmp_path / "evidence.csv"))


def test_every_dated_row_stands_in_the_chronology_with_its_source():
    collection = WHOLE
    html = BeautifulSoup(chronology_page(collection, Site()), "html.parser")
    entries = dated(collection)
    assert len(html.select(".item")) == len(entries)
    assert [one["date"] for one in entries] == sorted(one["date"] for one in entries)
    assert set(collection.load("events")["title"]) <= {one["title"] for one in entries}
    assert {one["table"] for one in entries} == {"events", *TABLES}
    for item, one in zip(html.select(".item"), entries, strict=True):
        assert one["title"] and one["source"] in item.get_text() and one["locator"] in item.get_text()
        assert item["data-year"] == str(one["date"].year)


def test_all_tables_are_listed_with_their_file_and_the_pages_that_rest_on_them():
    collection, path = WHOLE, ROOT / "notebooks" / "04_trade.ipynb"
    notebooks = {path: nbformat.read(path, 4)}
    html = BeautifulSoup(tables_page(collection, site_of(collection, notebooks), notebooks), "html.parser")
    files = {item.select_one("a[download]").get_text(): item for item in html.select(".item")}
    assert files.keys() == collection.package.resources.keys()
    item = files["trade_partner_annual"]
    assert item.select_one("a[download]")["href"] == "data/trade/partner_annual.csv"
    assert item.select_one('a[href="04_trade.html"]') and item.select_one("#trade_partner_annual")
    assert not files["military_coups"].select_one('a[href="04_trade.html"]')


def test_the_answer_has_a_picture_beside_it_and_what_it_rests_on_is_folded():
    html = BeautifulSoup(ReportExporter().from_filename(str(ROOT / "notebooks" / "04_trade.ipynb"))[0], "html.parser")
    first = html.select_one("main figure")
    assert first["class"] == ["first"]
    assert html.select_one(first.select_one("a")["href"]).name == "figure"
    assert first.find_next("ul").find_previous("figure") is first
    folded = html.select("details.folded")
    assert "data read up to" in folded[0].get_text()
    assert folded[-1].select_one("ul.references") and not folded[-1].has_attr("open")


@pytest.fixture(scope="module")
def whole() -> tuple[Collection, dict, Site]:
    """The collection, one of its notebooks, and its site."""
    path = ROOT / "notebooks" / "04_trade.ipynb"
    notebooks, collection = {path: nbformat.read(path, 4)}, WHOLE
    return collection, notebooks, site_of(collection, notebooks)


def test_corrections_and_method_are_pages_whose_links_lead_to_pages(whole):
    collection, _, site = whole
    html = document_page(collection, site, "CORRECTIONS.md")
    assert "<h1>Corrections</h1>" in html and "mended in silence" in html
    assert ".md" not in "".join(re.findall(r'href="([^"]*)"', html))


def test_where_other_pages_are_translated_a_document_says_that_it_is_in_english(whole):
    collection = Collection(ROOT, PSEUDO)
    html = BeautifulSoup(document_page(collection, whole[2], "CORRECTIONS.md"), "html.parser")
    section = html.select_one("section.text")
    assert html.html["lang"] == collection.language.tag != section["lang"] == "en"
    assert section.find_previous_sibling("p").get_text() == collection.language.gettext(
        "This page is kept in English only."
    )
    assert html.select("nav.toc a") and all(one.select_one("[lang=en]") for one in html.select("nav.toc a"))
    assert not BeautifulSoup(document_page(*whole[::2], "CORRECTIONS.md"), "html.parser").select("section[lang]")


def test_all_sources_are_listed_with_the_tables_that_rest_on_them(whole):
    collection, _, site = whole
    html = BeautifulSoup(sources_page(collection, site), "html.parser")
    assert {item["id"] for item in html.select(".item")} == {f"source-{key}" for key in collection.bibliography.entries}
    assert html.select_one("#source-cow-trade-v4 a[href='tables.html#trade_total']")


def test_the_collection_and_its_sources_can_be_cited_by_other_tools(whole, tmp_path):
    collection, _, site = whole
    write_citations(collection, site, tmp_path)
    items = json.loads((tmp_path / "citations.json").read_text())
    assert len({one["id"] for one in items}) == len(items) == len(collection.bibliography.entries) + 1
    entry = bibtex(own_item(collection, site) | {"title": "50 % of {all} & more"})
    assert "title = {{50 \\% of \\{all\\} \\& more}}" in entry
    text = (tmp_path / "citations.bib").read_text()
    assert text.count("@misc{") == len(items)


def test_all_that_can_be_found_leads_somewhere(whole):
    collection, notebooks, site = whole
    found = list(entries(collection, site, notebooks))
    assert {kind for kind, *_ in found} >= {"page", "finding", "figure", "claim", "data", "term", "source"}
    assert {href.partition("#")[0] for _, _, href, _ in found} <= site.pages.keys()
    pages = own_pages(collection, site, notebooks)
    ids = {name: set(re.findall(r'id="([^"]+)"', text)) for name, text in pages.items()}
    for _, _, href, _ in found:
        name, _, part = href.partition("#")
        assert name not in pages or not part or part in ids[name], href
    assert "04_trade.html#fig_04_01" in search_page(collection, site, notebooks)


def test_the_map_shows_the_last_year_and_lists_every_place(whole):
    collection, _, site = whole
    html = BeautifulSoup(map_page(collection, site), "html.parser")
    bases = collection.load("deployment_bases")
    assert len(html.select("section:has(#places) li")) == len(bases)
    last = max(int(mark["data-final"]) for mark in html.select("#map [data-first]"))
    gone = set(bases.loc[bases["end"].dt.year < last, "place"])
    off = {mark.find("title").get_text() for mark in html.select("#map g.off")}
    assert off == gone
    # Bamako lies in the south-west of Mali, Kidal in its north-east.
    at = {mark.find("title").get_text(): mark.circle for mark in html.select("#map g[data-first]")}
    west, east = at["Bamako airport"], at["Kidal"]
    assert float(west["cx"]) < float(east["cx"]) and float(west["cy"]) > float(east["cy"])
