"""The catalogues of words: what there is to translate, gathered with Babel, and the translations, compiled.

Words stand in four places: the code, the templates of pages, the notebooks and the descriptions of the tables. A
translator takes ``malirussia.pot``, saves the translations as ``<language>/LC_MESSAGES/malirussia.po`` beside it, and
``python -m malirussia words`` compiles them.
"""

from __future__ import annotations

import ast
import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import nbformat
from babel.messages import Catalog, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from malirussia.language import DOMAIN
from workshop.pages.frame import TERM
from workshop.pages.markdown import blocks
from workshop.pages.top import is_top
from workshop.run.files import write_whole

KEYWORDS = {**extract.DEFAULT_KEYWORDS, "say": None, "Phrase": None}
# Where a call in a notebook holds words: functions whose first argument is a template; steps of a check, with hints,
# and what writes into a figure; keywords that hold a text; the keys of `mistakes`, and the headings `rename` gives.
SENTENCES = ("answer", "finding", "reading")
WRITERS = ("number", "expect", "text", "annotate", "set_title", "set_xlabel", "set_ylabel")
TEXTS = ("title", "subtitle", "alt", "xlabel", "ylabel", "label", "hint")
DESCRIBED = ("title", "description", "unit", "label", "means", "why", "rule")

Message = tuple[int, None, str, list[str]]


def _constants(nodes: Iterable[ast.expr | None]) -> list[str]:
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def _said(call: ast.Call) -> Iterator[str]:
    """Yield the words that a call shows to a reader: texts as they are typed, as no other can be looked up."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name in SENTENCES or name in WRITERS:
        yield from _constants(call.args[:1] if name in SENTENCES else call.args)
    for keyword in call.keywords:
        texts = _constants([keyword.value]) if keyword.arg in TEXTS else []
        yield from (" ".join(text.split()) if keyword.arg == "alt" else text for text in texts)
        if isinstance(keyword.value, ast.Dict):
            yield from _constants(keyword.value.keys if keyword.arg == "mistakes" else [])
            yield from _constants(keyword.value.values if keyword.arg == "columns" and name == "rename" else [])


def from_notebook(file: BinaryIO, keywords: object, comment_tags: object, options: object) -> Iterator[Message]:
    """Yield the words of a notebook, its cell for a line: Markdown by blocks, and what calls show."""
    for number, cell in enumerate(nbformat.reads(file.read().decode("utf-8"), as_version=4).cells, start=1):
        if is_top(cell):
            continue  # it is made from sentences that are gathered where they are said
        if cell.cell_type == "markdown":
            found = [cell.source[start:end] for start, end in blocks(cell.source)]
        else:
            calls = (node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call))
            found = [text for call in calls for text in _said(call)]
        yield from ((number, None, text, []) for text in found if text)


def from_descriptions(file: BinaryIO, keywords: object, comment_tags: object, options: object) -> Iterator[Message]:
    """Yield the words of the descriptions of tables and columns."""
    yield from ((0, None, text, []) for text in _described(json.load(file)))


def _described(node: Any) -> Iterator[str]:
    for key, inner in node.items() if isinstance(node, dict) else enumerate(node):
        if key in DESCRIBED and isinstance(inner, str):
            yield inner
        elif isinstance(inner, dict | list) and key not in ("licenses", "sources"):
            yield from _described(inner)


def from_glossary(file: BinaryIO, keywords: object, comment_tags: object, options: object) -> Iterator[Message]:
    """Yield the terms of the glossary and what they mean."""
    for name, meaning in TERM.findall(file.read().decode("utf-8")):
        yield from ((0, None, text, []) for text in (name.strip(), " ".join(meaning.split())))


PLACES: list[tuple[str, Any]] = [
    ("src/**.py", "python"),
    ("src/**.j2", "jinja2.ext:babel_extract"),
    ("notebooks/**.ipynb", from_notebook),
    ("data/datapackage.json", from_descriptions),
    ("docs/glossary.md", from_glossary),
]


def template(root: Path) -> Catalog:
    """Return all words of the project in *root*, each with the files in which it stands."""
    catalogue = Catalog(project=DOMAIN, header_comment="# The words of Mali–Russia relations.", fuzzy=False)
    # A fault in a template is an error, not an empty list of words.
    found = extract.extract_from_dir(root, PLACES, {"**.j2": {"silent": "false"}}, KEYWORDS)
    for name, line, message, comments, context in sorted(found, key=lambda one: (one[0], one[1])):
        if message:
            catalogue.add(message, locations=[(name, line)], auto_comments=comments, context=context)
    return catalogue


def write_template(root: Path, folder: Path) -> None:
    """Write ``malirussia.pot`` into *folder*: the same bytes for the same words, so without a date."""
    content = io.BytesIO()
    write_po(content, template(root), width=100)
    undated = re.sub(rb'^"(?:POT-Creation|PO-Revision)-Date:.*\n', b"", content.getvalue(), flags=re.MULTILINE)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / f"{DOMAIN}.pot", undated)


def compile_catalogues(folder: Path) -> None:
    """Compile every translation in *folder* to the form that is read at run time.

    Raises
    ------
    RuntimeError
        A translation lacks a value of its text, or has one too many; the message names file and line.
    """
    for path in sorted(folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.parts[-3])
        for message in catalogue:
            wanted = _values(message.id)
            if message.id and any(message.string or "") and (found := _values(message.string)) != wanted:
                raise RuntimeError(f"{path}, line {message.lineno}: expected the values {wanted}, found {found}")
        content = io.BytesIO()
        write_mo(content, catalogue)
        write_whole(path.with_suffix(".mo"), content.getvalue())


def _values(texts: Any) -> list[str]:
    """Return the names of the values filled into a text or its plural forms: ``{name:.1%}`` or ``%(name)s``."""
    return sorted(set(re.findall(r"(?:\{|%\()(\w+)", " ".join([texts] if isinstance(texts, str) else texts))))
