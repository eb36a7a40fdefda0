"""The Markdown of a notebook block by block: what a translator is given, and what a page puts in its place."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator

from nbformat import NotebookNode

from malirussia.language import Language

# What opens a block of its own, and is no part of its text: the mark of a heading, a list item or a quotation.
_MARK = re.compile(r"^\s*(?:#{1,6}\s+|[-*+]\s+|\d+[.)]\s+|>\s?)?")
_FENCE = re.compile(r"\s*(?:```|~~~)")


def blocks(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of the text of each heading, paragraph and list item; code in fences is none."""
    start = end = place = 0
    fenced = heading = False
    for line in text.splitlines(keepends=True):
        mark = len(line) - len(_MARK.sub("", line))
        opens, fence = line[:mark].strip(), bool(_FENCE.match(line))
        if start < end and (heading or fence or fenced or opens or not line.strip()):
            yield start, end
            start = end
        if line.strip() and not fence and not fenced:
            start = start if start < end else place + mark
            end = place + len(line.rstrip())
        heading = opens.startswith("#")
        fenced ^= fence
        place += len(line)
    if start < end:
        yield start, end


def translated(notebook: NotebookNode, language: Language) -> NotebookNode:
    """Return *notebook* with its Markdown in *language*; code and outputs are those of its run."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for start, end in reversed(list(blocks(cell.source))):
                cell.source = cell.source[:start] + language.gettext(cell.source[start:end]) + cell.source[end:]
    return notebook
