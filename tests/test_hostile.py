"""Nothing from data, notebooks, sources or descriptors runs in a page, sends, loads or leads away."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from html.parser import HTMLParser

import pytest
from conftest import SOURCES_CSV, stored, write_collection
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

from malirussia import outputs
from malirussia.package import DataError
from malirussia.tables import Grid
from workshop.pages.bundle import codebook_page
from workshop.pages.exporter import ReportExporter
from workshop.pages.figures import is_inert
from workshop.pages.frame import clean, markdown
from workshop.pages.site import own_pages, site_of

OWNED = "document.title='owned'"
MARKUP = [
    f"<script>{OWNED}</script>",
    f"<img src=x onerror={OWNED}>",
    '<img src="https://evil.example/pixel.png">',
    '<meta http-equiv="refresh" content="0; url=https://evil.example">',
    '<base href="https://evil.example/">',
    '<form action="https://evil.example"><input name="word"><button>Send</button></form>',
    '<a href="javascript:alert(1)">a</a>',
    '<a href="java&#115;cript&colon;alert(1)">b</a>',
    '<a href="da\tta:text/html;base64,PHNjcmlwdD4=">c</a>',
    '<a href="data&colon;text/html,<script>alert(1)</script>">d</a>',
    '<a href="vbscript:x">e</a>',
    f"<svg onload={OWNED}><script>{OWNED}</script></svg>",
    "<svg><foreignObject><iframe src='javascript:alert(1)'></iframe></foreignObject></svg>",
    '<svg><a><animate attributeName="href" values="javascript:alert(1)"/><text>x</text></a></svg>',
    '<svg><use href="data:image/svg+xml;base64,PHN2Zz4="/></svg>',
    '<p style="background:url(https://evil.example/x)">styled</p>',
    "<style>body{background:url(https://evil.example/x)}</style>",
    '<link rel="stylesheet" href="https://evil.example/x.css">',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<object data="https://evil.example"></object><embed src="https://evil.example">',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    '<details open ontoggle="alert(1)"><summary>s</summary></details>',
    '<p id="code-switch">clobbered</p>',
    "<title></title><textarea></textarea><template><img src=x onerror=alert(1)></template>",
]  # fmt: skip
ATTACK = "\n\n".join(MARKUP)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'
FORMULAS = "name,value\n=HYPERLINK(1),-1.5\n+1,-2e-05\n@SUM(A1),3\n-cmd,4\n"
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGP8z8DAwMDAxMDAwMDAAAANHQEDasKb6QAAAABJRU5ErkJggg=="
OWN = {
    "a",
    "abbr",
    "article",
    "aside",
    "body",
    "caption",
    "code",
    "details",
    "div",
    "em",
    "figcaption",
    "figure",
    "footer",
}
OWN |= {
    "h1",
    "h2",
    "h3",
    "head",
    "header",
    "html",
    "img",
    "li",
    "link",
    "main",
    "meta",
    "nav",
    "ol",
    "p",
    "pre",
    "q",
    "s",
}
OWN |= {
    "button",
    "section",
    "span",
    "strong",
    "summary",
    "svg",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "title",
    "tr",
    "ul",
}


class Tags(HTMLParser):
    """Every tag with its attributes, and what stands in script and style."""

    def __init__(self, page):
        super().__init__()
        self.found, self.inside = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def names(self):
        return [(tag, *attrs) for tag, attrs in self.found]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A collection whose sources and descriptions are attacks."""
    return collection_with(tmp_path_factory.mktemp("hostile"), ATTACK, "javascript:alert(1)")


def collection_with(root, words, url):
    """Write a collection in which all words are the same, and the address of its source is *url*."""
    row = dict.fromkeys([*SOURCES_CSV.split("\n", 1)[0].split(","), "reference"], words)
    row |= {"source_id": "alpha-2020", "url": url, "accessed": "2026-01-01", "redistribution": "open"}
    file = io.StringIO()
    writer = csv.DictWriter(file, row)
    writer.writeheader()
    writer.writerow(row)
    collection = write_collection(root, sources=file.getvalue())
    path = root / "data" / "datapackage.json"
    about = json.loads(path.read_text()) | dict.fromkeys(("title", "description"), words)
    about |= {"created": "2026-01-01T00:00:00Z", "version": "1"}
    reference = {"name": "reference", "type": "string"}
    about["resources"][0]["schema"]["fields"].append(reference)
    for resource in about["resources"]:
        resource |= {"title": words, "description": words}
        for field in resource["schema"]["fields"]:
            field |= {"description": words, "unit": words}
    path.write_text(json.dumps(about))
    return collection


@pytest.fixture(scope="module")
def page(hostile):
    """The page of a notebook from elsewhere."""
    grid = Grid(ATTACK, [ATTACK], [True], [[ATTACK]])
    shown = {"id": "tab_01_01", "title": ATTACK, "source_line": ATTACK, "sources": ["alpha-2020"]}
    figure = outputs.Figure("fig_01_01", ATTACK, ATTACK, ATTACK, '1" onload="alert(1)', ATTACK, ["alpha-2020"])
    layouts = {"wide": SVG.format("<script>alert(1)</script>"), "narrow": SVG.format(""), "series": [ATTACK]}
    hidden = f'{PNG}" onerror="alert(1)'
    kept = [
        stored(outputs.Sentence("answer", ATTACK, "high"), {"text/markdown": ATTACK}),
        stored(outputs.Table(**shown, grid=grid), {"text/html": ATTACK, "text/csv": FORMULAS}),
        stored(outputs.Card(ATTACK, ATTACK, (ATTACK,), grid), {"text/html": ATTACK}),
        stored(outputs.Rows(grid, 7), {"text/html": ATTACK}),
        stored(figure, {"image/png": hidden, "text/csv": FORMULAS, outputs.SCREENS: layouts}),
        stored(outputs.Listed(["alpha-2020"], ["grain"]), {"text/html": ATTACK}),
    ]
    kinds = {"text/html", "text/markdown", "text/latex", "text/plain", "image/svg+xml", "image/png", "image/jpeg"}
    plain = [new_output("display_data", data={kind: ATTACK}) for kind in sorted(kinds)]
    plain += [new_output("display_data", data={"application/javascript": OWNED, "text/html": ATTACK})]
    plain += [new_output("stream", text=ATTACK), new_output("error", ename=ATTACK, evalue=ATTACK, traceback=[ATTACK])]
    raw = new_raw_cell(ATTACK, metadata={"raw_mimetype": "text/html"})
    picture = "![kept](attachment:dot.png)"
    cells = [new_markdown_cell(f"# {MARKUP[0]}\n\n{ATTACK}"), new_code_cell(ATTACK, outputs=kept + plain), raw]
    cells += [new_markdown_cell(picture, attachments={"dot.png": {"image/png": PNG}})]
    return ReportExporter(collection=hostile).from_notebook_node(new_notebook(cells=cells))[0]


def complaints(page, *more):
    """Yield what a page has that could run, send, load or lead away."""
    for tag, attrs in Tags(page).found:
        where = f"{tag} {attrs}"
        if tag not in OWN | {"script", "style", *more}:
            yield f"tag: {where}"
        for name, value in attrs.items():
            if name.startswith("on") or name in ("style", "srcdoc", "action", "formaction", "ping", "background"):
                yield f"attribute: {where}"
            if name in ("href", "src", "data", "xlink:href"):
                led = re.sub(r"[\s\x00-\x20]", "", value or "").lower()
                if re.match(r"(?!https?:|mailto:|#|data:(image/|text/csv;charset=utf-8;base64,))[^/?#]*:", led):
                    yield f"address: {where}"
                if tag != "a" and re.match(r"https?:|//", led):
                    yield f"loads: {where}"
        if tag == "meta" and attrs.get("http-equiv", "Content-Security-Policy") != "Content-Security-Policy":
            yield f"leads away: {where}"


def test_a_page_of_a_hostile_notebook_holds_nothing_that_acts(page):
    assert list(complaints(page)) == []
    assert page.count("<script") == 2 and page.count("<style") == 1
    assert "Content-Security-Policy" in page and "evil.example" in page  # told as words


def test_what_is_no_danger_stays(page):
    assert f'<img src="data:image/png;base64,{PNG}" alt="kept">' in page
    assert clean('<table class="dataframe"><tr><th scope="row">a</th></tr></table>').startswith(
        '<table class="dataframe">'
    )
    assert (
        clean('<ul class="references"><li id="source-x">a</li></ul>')
        == '<ul class="references"><li id="source-x">a</li></ul>'
    )
    said = '<a href="../docs/glossary.md#dac">a</a> <a href="https://un.org/a?b=1&amp;c=2">b</a> $a &lt; b$'
    assert clean(said) == said
    assert "<strong>bold</strong>" in markdown("**bold**")


@pytest.mark.parametrize("attack", MARKUP)
def test_markup_is_cleaned_piece_by_piece(attack):
    for made in (clean(attack), markdown(attack)):
        assert list(complaints(made)) == []
        assert not re.search(r"<(script|style|meta|base|form|input|iframe|svg|object|embed|link|title)\b", made)
    assert clean(clean(attack)) == clean(attack)


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>", "<foreignObject/>", '<animate attributeName="href" to="x"/>', "<style/>", "<a/>",
        '<g onload="x"/>', '<g style="x"/>', '<use href="https://evil.example#a"/>', '<image href="data:text/html,x"/>',
        '<rect fill="url(https://evil.example/x)"/>', "<title><![CDATA[</title><script>]]></title>", "<?x > ?>",
        '<x:script xmlns:x="http://www.w3.org/2000/svg"/>', '<g xmlns="urn:x"/>', "<!-- x -->", "<g>",
        '<use xmlns:l="http://www.w3.org/1999/xlink" l:href="javascript:x"/>',
    ],
)  # fmt: skip
def test_a_drawing_that_is_more_than_one_is_not_shown_as_one(inside):
    assert not is_inert(SVG.format(inside))
    assert is_inert(SVG.format('<defs><path id="a"/></defs><use href="#a"/><text fill="url(#a)">1 &lt; 2</text>'))


def test_downloads_carry_no_formulas(page):
    found = re.findall(r'href="data:text/csv;charset=utf-8;base64,([^"]*)"', page)
    assert len(found) == 2
    for one in found:
        cells = [row[0] for row in csv.reader(io.StringIO(base64.b64decode(one).decode()))]
        assert cells == ["name", "'=HYPERLINK(1)", "'+1", "'@SUM(A1)", "'-cmd"]
        assert "-1.5" in base64.b64decode(one).decode()


def test_hostile_sources_and_descriptions_add_no_tag_to_the_pages_made_of_them(hostile, tmp_path):
    pages = []
    for one in (collection_with(tmp_path, "word", ""), hostile):
        site = site_of(one, [])
        made = own_pages(one, site, {}) | {"codebook.html": codebook_page(one, codebook_of(one))}
        pages.append({name: Tags(text).names() for name, text in made.items()})
        assert not any(
            "javascript:" in (attrs.get("href") or "") for text in made.values() for _, attrs in Tags(text).found
        )
    assert pages[0] == pages[1]
    assert len(pages[0]) >= 4


def codebook_of(collection):
    from malirussia.explore.export import columns_of

    return columns_of(collection, ["grain"])


@pytest.mark.parametrize("path", ["../outside.csv", "/etc/passwd", "a/../../b.csv"])
def test_a_table_lies_in_the_folder_of_its_package(make_package, path):
    package = make_package()
    package.resource("grain")["path"] = path
    with pytest.raises(DataError, match="expected a path in the folder of the package"):
        package.load("grain")
