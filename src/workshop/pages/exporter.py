"""The nbconvert exporter: one notebook to one self-contained page.

``jupyter nbconvert --to malirussia_report notebook.ipynb``, or in JupyterLab "Save and Export Notebook As".
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from nbconvert.exporters import HTMLExporter
from nbconvert.filters import Highlight2HTML
from nbformat import NotebookNode
from pygments.formatters import HtmlFormatter
from traitlets import Bool, Instance, default

import malirussia
from malirussia import outputs
from malirussia.collection import Collection
from malirussia.language import N_, Language
from malirussia.sources import safe_url, short_name
from malirussia.tables import to_html
from malirussia.words import label, last_read
from workshop.pages.figures import (
    embed_code,
    embed_heights,
    figure_svg,
    font_faces,
    is_inert,
    rows_html,
    small_svg,
    without_formulas,
)
from workshop.pages.frame import CLAIMS, Leaf, Site, below, clean, terms_in
from workshop.pages.lineage import lineages_in
from workshop.pages.markdown import translated
from workshop.pages.top import is_top
from workshop.run.execute import NotebookError

FIRST_WIDTH = 736
"""Of the picture beside the answer, in pixels: that of a column of text."""

NO_BASE = "https://ADDRESS-OF-THESE-PAGES/"
"""What stands in code for other pages where no base address is set."""

TEMPLATES = Path(__file__).parent / "templates"
_SECTION = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)


def _speak(environment: Environment, language: Language) -> Environment:
    """Let the templates of *environment* translate: ``{{ _("…") }}``, ``{% trans %}``, and numbers by a filter."""
    environment.add_extension("jinja2.ext.i18n")
    environment.globals.update(gettext=language.gettext, ngettext=language.ngettext)
    environment.filters |= {"number": language.format, "figure_svg": figure_svg, "small_svg": small_svg}
    return environment


@cache
def _environment(language: Language) -> Environment:
    folder = FileSystemLoader(TEMPLATES / "malirussia")
    return _speak(Environment(loader=folder, undefined=StrictUndefined, trim_blocks=True, autoescape=True), language)


def render(collection: Collection, template: str, **values: object) -> str:
    """Fill one of the page templates in the language of *collection*; text is escaped, HTML must be marked as safe."""
    return _environment(collection.language).get_template(template).render(**values)


def _file(name: str) -> str:
    return (TEMPLATES / "malirussia" / name).read_text(encoding="utf-8")


@cache
def _style() -> str:
    """Return the stylesheet with the colours of code in a light and a dark page."""
    css = "".join(_file(name) for name in ("style.css", "figures.css"))
    light, dark = (
        HtmlFormatter(style=name, nobackground=True).get_style_defs(".highlight") for name in ("xcode", "github-dark")
    )
    return f"{css}{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}"


@cache
def _script(*names: str) -> str:
    """Return the code of all pages, and what else a page needs."""
    return "\n".join(
        (TEMPLATES / "malirussia" / name).read_text("utf-8") for name in ("script.js", "figures.js", *names)
    )


def running_title(title: str, sheets: str = "") -> str:
    """Return the style that prints *title* at the head of each sheet, or of those that the style calls *sheets*.

    Each character is written by its number.
    """
    said = "".join(f"\\{ord(sign):x} " for sign in title)
    return f'\n@page {sheets} {{ @top-left {{ content: "{said}"; font: 8pt sans-serif; }} }}'


def stylesheet(body: str) -> str:
    """Return the style of a page with this *body*, and the font of its figures."""
    return _style() + font_faces(body)


def policy(style: str, script: str = "") -> str:
    """Return the security policy of a page that asks for nothing and has this *style* and *script* alone."""
    runs = f" script-src {_hash(script)};" if script else ""
    return (
        f"default-src 'none'; img-src data:; font-src data:; style-src {_hash(style)};{runs} "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    """Return the source expression that lets a page use this inline *text* under its security policy."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def page(
    collection: Collection,
    title: str,
    body: str,
    toc: list[tuple[str, str]] | None = None,
    *,
    beside_index: bool = True,
    site: Site | None = None,
    leaf: Leaf | None = None,
    template: str = "page.html.j2",
) -> str:
    """Return a whole page around *body*, which is HTML already; *toc* holds (id, HTML text) pairs.

    It leads to the index where it stands *beside* one, and to the other pages of the *site*; *leaf* is what it says
    of itself, and the *template* what stands around the body.
    """
    site, leaf = site or Site(), leaf or Leaf()
    changed = leaf.changed or site.changed.get(leaf.name, site.released)
    leaf = replace(leaf, read=leaf.read or site.read, changed=changed)
    style, script = stylesheet(body) + running_title(title), _script(*leaf.scripts)
    made = render(
        collection,
        template,
        title=title,
        body=Markup(body),
        toc=[(slug, Markup(text)) for slug, text in toc or []],
        lang=collection.language.tag,
        style=Markup(style),
        script=Markup(script),
        policy=policy(style, script),
        version=version("malirussia"),
        beside_index=beside_index,
        site=site,
        leaf=leaf,
        record=site.record(leaf, title, collection.language.tag),
    )
    return below(made) if "/" in leaf.name else made


def csv_behind(output: Mapping) -> str | None:
    """Return the data behind a figure or table as they are offered; None where they are withheld."""
    data = outputs.csv(output)
    return data if data is None else without_formulas(data)


def inert_screens(output: Mapping) -> dict[str, Any] | None:
    """Return a figure in the layouts of a page; None, and its picture is shown, where they hold more than a drawing."""
    found = outputs.screens(output)
    return found if found and is_inert(found["wide"]) and is_inert(found["narrow"]) else None


Shown = outputs.Figure | outputs.Table


def source_names(collection: Collection, about: Shown) -> tuple[list[tuple[str, str]], int]:
    """Return (source id, short name) of what a figure keeps, each name once, and how many more there are.

    Up to a dozen are named; of a longer list the first eight.
    """
    named: dict[str, str] = {}
    for key in about.sources:
        named.setdefault(short_name(collection.bibliography.entry(key)), key)
    pairs = [(key, name) for name, key in named.items()]
    return (pairs, 0) if len(pairs) <= 12 else (pairs[:8], len(pairs) - 8)


def figure_citation(collection: Collection, about: Shown, address: str = "") -> str:
    """Return the line with which a figure or table is cited, together with its sources and its *address*."""
    pairs, rest = source_names(collection, about)
    language = collection.language
    listed = "; ".join(name for _, name in pairs)
    if rest:
        listed += language.ngettext("; and {count} more", "; and {count} more", rest).format(count=rest)
    cited = language.gettext("Mali–Russia relations, version {version} ({year}), {figure}: {title}. Data: {sources}.")
    cited = cited.format(
        version=version("malirussia"),
        year=collection.package.descriptor["created"][:4],
        figure=label(collection, about.id),
        title=about.title,
        sources=listed,
    )
    if address and not safe_url(address):
        address = language.gettext("Address within these pages: {address}").format(address=address)
    return f"{cited} {address}".strip()


def mark(collection: Collection, about: Shown, address: str = "") -> str:
    """Return what goes along with a picture that is passed on: project, number, licence, and its *address*."""
    licences = collection.package.descriptor.get("licenses", [])
    parts = [collection.language.gettext("Mali–Russia relations"), label(collection, about.id)]
    parts += [one["name"].replace("CC-BY-", "CC BY ") for one in licences[:1]]
    return " · ".join([*parts, address] if address and safe_url(address) else parts)


def notebook_title(notebook: NotebookNode, name: str = "the notebook") -> str:
    """Return the text of the first heading of a notebook; raise NotebookError, with its *name*, when there is none."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (found := re.match(r"#\s+(.+)", cell.source)):
            return found.group(1).strip()
    raise NotebookError(f"{name} has no heading of the first level: it opens with '# ' and its question")


def _first_figure(notebook: NotebookNode) -> tuple[outputs.Figure, Mapping] | None:
    findings = outputs.sentences(notebook, "finding")
    wanted = findings[0].figure if findings else ""
    found = [(about, output) for about, output in outputs.shown(notebook) if isinstance(about, outputs.Figure)]
    return min(found, key=lambda pair: pair[0].id != wanted, default=None)


def picture(notebook: NotebookNode, width: int | None = None) -> dict[str, Any]:
    """Return the figure that bears out the first finding of *notebook*, or its first figure; nothing without any.

    Its ``id``, ``title`` and ``alt`` text, its layouts for a page as ``screens`` where a build has drawn them, and its
    PNG as base64 ``data``; where a *width* is given, that is made small, and left out beside layouts.
    """
    if not (found := _first_figure(notebook)):
        return {}
    about, output = found
    drawn, data = inert_screens(output), outputs.png(output)
    if drawn and width is not None:
        data = ""
    elif width is not None:
        from malirussia.figures.picture import small  # which is slow to load

        data = base64.b64encode(small(base64.b64decode(data), width)).decode()
    return {"id": about.id, "title": about.title, "alt": about.alt, "screens": drawn, "data": data}


def led_to_figures(collection: Collection, markup: str) -> str:
    """Return a sentence in HTML whose figure, in brackets behind it, leads to where it stands on the page."""
    for kind, name in (("fig", N_("Figure {number}")), ("tab", N_("Table {number}"))):
        before, behind = map(re.escape, collection.language.gettext(name).split("{number}"))
        pattern = rf"(?<=\()({before}(\d+)\.(\d+){behind})(?=, )"
        for whole, chapter, number in re.findall(pattern, markup):
            link = f'(<a href="#{kind}_{int(chapter):02}_{int(number):02}">{whole}</a>, '
            markup = markup.replace(f"({whole}, ", link)
    return markup


def only_speaks(cell: NotebookNode) -> bool:
    """Say whether all that *cell* puts out are sentences."""
    kept = [outputs.read(output) for output in cell.get("outputs", [])]
    return bool(kept) and all(isinstance(about, outputs.Sentence) for about in kept)


def with_anchors(body: str) -> tuple[str, list[tuple[str, str]]]:
    """Give each section heading in *body* an id of its own; return the text and the (id, HTML text) pairs.

    nbconvert adds ids only together with a link inside the heading, which a screen reader would read out.
    """
    toc: list[tuple[str, str]] = []

    def mark(found: re.Match) -> str:
        plain = re.sub(r"<[^>]*>|&\w+;", "", found[1])
        slug = re.sub(r"\W+", "-", plain).strip("-").lower() or "section"
        slug += f"-{len(toc) + 1}" if slug in dict(toc) else ""
        toc.append((slug, found[1]))
        return f'<h2 id="{slug}">{found[1]}</h2>'

    return _SECTION.sub(mark, body), toc


class ReportExporter(HTMLExporter):
    """Export a notebook as a self-contained HTML report: no remote request, code folded unless asked, alt text kept."""

    export_from_notebook = "Mali–Russia report (HTML)"

    collection = Instance(Collection, help="The collection whose notebook this is.")
    beside_index = Bool(False, help="Lead to the index.html beside the page.").tag(config=True)
    site = Instance(Site, help="The pages beside this one; none by default: links to them are left out.")
    open_code = Bool(False, help="Show the code at once instead of folding it.").tag(config=True)

    @default("collection")
    def _own_collection(self) -> Collection:
        return malirussia.collection

    @default("site")
    def _no_site(self) -> Site:
        return Site(terms=terms_in(self.collection))

    @default("template_name")
    def _template_name(self) -> str:
        return "malirussia"

    @default("extra_template_basedirs")
    def _template_folder(self) -> list[str]:
        return [str(TEMPLATES)]

    @default("exclude_anchor_links")
    def _no_anchor_links(self) -> bool:
        return True

    def _create_environment(self) -> Environment:
        return _speak(super()._create_environment(), self.collection.language)

    def default_filters(self) -> Iterator[tuple[str, Callable]]:
        yield from super().default_filters()
        for about in (label, figure_citation, source_names, mark):
            yield about.__name__, partial(about, self.collection)
        yield "highlight_code", Highlight2HTML(pygments_lexer="python", parent=self)
        yield "only_speaks", only_speaks
        yield "is_top", is_top
        yield "kept", outputs.read
        yield "csv_behind", csv_behind
        yield "png", outputs.png
        yield "clean", clean
        yield "led_to_figures", partial(led_to_figures, self.collection)
        yield "screens", inert_screens
        yield "rows_html", rows_html
        # The security policy of a page forbids inline styles: its stylesheet aligns by class.
        yield "grid_html", partial(to_html, by_class=True)

    # nbconvert's exporters, too, give text where their base promises a notebook.
    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        has_top = any(map(is_top, nb.cells))
        resources = {**(resources or {}), "open_code": self.open_code}
        name = resources.get("metadata", {}).get("name", "")
        resources["picture"] = picture(nb, FIRST_WIDTH) if has_top else {}
        leaf = self._leaf(nb, name)
        resources["address"] = self.site.base + leaf.name if leaf.name else ""
        resources["beside"] = self._beside(nb, f"{name}.html") if self.site.pages else {}
        nb = translated(nb, self.collection.language)
        # HTMLExporter would then parse the whole page to add what the templates give it: alternative texts, tabindex.
        body, resources = super(HTMLExporter, self).from_notebook_node(nb, resources, **kw)
        body, toc = with_anchors(self.site.linked(body) + self._claims(name))
        whole = page(
            self.collection,
            notebook_title(nb),
            body,
            toc,
            beside_index=self.beside_index,
            site=self.site,
            leaf=leaf,
        )
        return whole, resources

    def _beside(self, notebook: NotebookNode, name: str) -> dict[str, dict[str, Any]]:
        """Return what lies beside the page *name* for each figure and table of *notebook*, by its id."""
        found: dict[str, dict[str, Any]] = {}
        for key, one in lineages_in(self.collection, notebook).items():
            found[key] = {"address": f"{self.site.base}{name}#{key}", "tables": one.tables}
            found[key]["claims"] = CLAIMS in self.site.pages
            if isinstance(one.about, outputs.Figure) and (own := self.site.figure(key)):
                address = (self.site.base or NO_BASE) + self.site.figure(key, "embed.html")
                found[key] |= {"page": own, "address": self.site.base + own}
                found[key] |= {"embed": embed_code(address, one.about, one.output)}
                found[key] |= {"heights": embed_heights(one.about, one.output)}
        return found

    def _claims(self, name: str) -> str:
        """Return the place for the claims on the theme of notebook *name*; a build fills it once they are judged."""
        if CLAIMS not in self.site.pages:
            return ""
        themes = self.collection.package.load("claims")["theme"].unique()
        title = self.collection.language.gettext("What the audited page says on this")
        return "".join(
            f'<section class="text">\n<h2>{title}</h2>\n<!-- claims of {theme} -->\n</section>'
            for theme in themes
            if self.site.theme_of(theme) == f"{name}.html"
        )

    def _leaf(self, notebook: NotebookNode, name: str) -> Leaf:
        """Return what the page of *notebook* says of itself."""
        listed = [about for about, _ in outputs.shown(notebook) if isinstance(about, outputs.Listed)]
        name, first = f"{name}.html", _first_figure(notebook)
        card = self.site.figure(first[0].id, "png") if first else ""
        return Leaf(
            name=name if name in self.site.pages else "",
            description=" ".join(one.text for one in outputs.sentences(notebook, "answer")),
            read=last_read(self.collection, listed[-1].sources) if listed else "",
            kind="Report",
            card=card or "card.png",
        )


class MenuExporter(ReportExporter):
    """The same under a name to read, for the menu of JupyterLab; ``make lab`` leaves out the one for the command line.

    Each kind of exporter can be left out by itself, and is by its class.
    """
