"""The rules for names: one spelling everywhere, with accents; what publishers print stays as they print it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import pandas as pd

from workshop.check.notebooks import Notebook
from workshop.check.rules import Found, rule
from workshop.check.tables import Table, in_line

SPELLINGS = ("Goïta", "Keïta", "Konaté", "Ménaka", "Ségou", "Sénou", "Sévaré", "Touré", "Traoré")


def _without_accents(name: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", name) if not unicodedata.combining(sign))


OTHER = {_without_accents(name): name for name in SPELLINGS}
_OTHER = re.compile(rf"\b(?:{'|'.join(OTHER)})\b")


def other_spellings(text: str) -> Iterator[tuple[str, str]]:
    """Yield each name in *text* that is spelled another way, and the spelling that is ours."""
    for found in _OTHER.findall(text):
        yield found, OTHER[found]


@rule(
    "file",
    "T24",
    f"Names have one spelling: {', '.join(SPELLINGS)}. Titles in the bibliography, places in a source "
    "and the words of the audited page stay as they are printed.",
    "Who filters or searches for a person or place finds all rows.",
)
def one_spelling(table: Table) -> Found:
    printed = {"locator", "locator_2", "wording"} | ({"title"} if table.name == "sources" else set())
    for column in table.frame.columns.difference(printed, sort=False):
        cells = table.frame[column].astype("str") if _holds_words(table.frame[column]) else pd.Series(dtype="str")
        for position, cell in cells[cells.str.contains(_OTHER)].items():
            for found, ours in other_spellings(cell):
                yield in_line(position, column), f"found {found!r}, expected {ours!r}"


def _holds_words(column: pd.Series) -> bool:
    return isinstance(column.dtype, pd.CategoricalDtype) or pd.api.types.is_string_dtype(column)


@rule(
    "notebook",
    "N43",
    f"Names have one spelling: {', '.join(SPELLINGS)}.",
    "A reader who searches for a name finds every place.",
)
def one_spelling_in_text(notebook: Notebook) -> Found:
    for cell in notebook.cells:
        for found, ours in other_spellings(cell.source):
            yield cell.place, f"found {found!r}, expected {ours!r}"
