"""The nbconvert exporter: one notebook to one self-contained page.

``jupyter nbconvert --to malirussia_report notebook.ipynb``, or in JupyterLab "Save and Export Notebook As".
"""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from pygments.formatters import HtmlFormatter
from traitlets import default

from malirussia.findings import label

TEMPLATES = Path(__file__).parent / "templates"
_SECTION = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES / "malirussia"), undefined=StrictUndefined, trim_blocks=True)


@cache
def _style() -> str:
    """Return the stylesheet with the colours of code in a light and a dark page."""
    css = (TEMPLATES / "malirussia" / "style.css").read_text(encoding="utf-8")
    light, dark = (
        HtmlFormatter(style=name, nobackground=True).get_style_defs(".highlight")
        for name in ("friendly_grayscale", "github-dark")
    )
    return f"{css}{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}"


def page(title: str, body: str, toc: list[tuple[str, str]] | None = None, lang: str = "en") -> str:
    """Return a whole page around *body*, which is HTML already; *toc* holds (id, HTML text) pairs."""
    template = _environment().get_template("page.html.j2")
    return template.render(
        title=title, body=body, toc=toc or [], lang=lang, style=_style(), version=version("malirussia")
    )


def notebook_title(notebook: NotebookNode) -> str:
    """Return the text of the first heading of a notebook."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (found := re.match(r"#\s+(.+)", cell.source)):
            return found.group(1).strip()
    raise ValueError("the notebook has no heading of the first level")


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
    """Export a notebook as a self-contained HTML report: no remote request, code folded, alt text kept."""

    export_from_notebook = "Mali–Russia report (HTML)"

    @default("template_name")
    def _template_name(self) -> str:
        return "malirussia"

    @default("extra_template_basedirs")
    def _template_folder(self) -> list[str]:
        return [str(TEMPLATES)]

    @default("exclude_anchor_links")
    def _no_anchor_links(self) -> bool:
        return True

    def default_filters(self):
        yield from super().default_filters()
        yield "figure_label", lambda name: label(name) if name else "Figure"

    def from_notebook_node(self, nb, resources=None, **kw):
        body, resources = super().from_notebook_node(nb, resources, **kw)
        body, toc = with_anchors(body)
        return page(notebook_title(nb), body, toc, lang=self.language_code), resources
