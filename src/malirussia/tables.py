"""A frame as a table to read: its cells as text, and that as HTML for a notebook or a page."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from malirussia.language import ENGLISH, Language

MISSING = "–"


@dataclass(frozen=True)
class Grid:
    """The text of a table, cell by cell.

    Attributes
    ----------
    caption : str
    head : list of str
        One heading a column.
    words : list of bool
        Whether a column holds words, which are aligned to the left, or numbers.
    rows : list of list of str
    heading_columns : int
        How many columns at the left name their row.
    """

    caption: str
    head: list[str]
    words: list[bool]
    rows: list[list[str]]
    heading_columns: int = 0


def grid(
    frame: pd.DataFrame,
    caption: str,
    index: bool = False,
    formatters: Mapping[str, Callable] | None = None,
    float_format: Callable | None = None,
    language: Language = ENGLISH,
) -> Grid:
    """Return the text of *frame*; an *index* that is shown becomes the columns that name the rows.

    Parameters
    ----------
    frame : pandas.DataFrame
    caption : str
    index : bool
        Whether the index is part of the table.
    formatters : mapping
        Column to the function that writes its cells.
    float_format : callable
        Writes the numbers with decimals of all other columns.
    language : Language
        In which headings, listed values and numbers are shown.
    """
    levels = frame.index.nlevels if index else 0
    shown = frame.reset_index(names=[name or "" for name in frame.index.names]) if index else frame
    columns = [shown.iloc[:, place] for place in range(shown.shape[1])]
    texts = [
        _said(column, _texts(column, (formatters or {}).get(column.name), float_format), language) for column in columns
    ]
    return Grid(
        caption=caption,
        head=[language.gettext(str(name)) for name in shown.columns],
        words=[_is_words(column) for column in columns],
        rows=[list(row) for row in zip(*texts, strict=True)],
        heading_columns=levels,
    )


def _is_words(column: pd.Series) -> bool:
    return not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column)


def _texts(column: pd.Series, formatter: Callable | None, float_format: Callable | None) -> list[str]:
    """Write the cells of one column."""
    if formatter is None and (pd.api.types.is_float_dtype(column) or column.dtype.kind == "M"):
        lines = column.to_string(index=False, header=False, na_rep=MISSING, float_format=float_format)
        return [line.strip() for line in lines.split("\n")]
    write = formatter or str
    return [MISSING if missing else str(write(cell)) for cell, missing in zip(column, column.isna(), strict=True)]


def _said(column: pd.Series, texts: list[str], language: Language) -> list[str]:
    """Say the cells of a column in a language: the values of a list, and numbers; other words are data."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return [text if text == MISSING else language.gettext(text) for text in texts]
    return texts if _is_words(column) else [language.numerals(text) for text in texts]


# Words stand to the left, against the habit of Jupyter: in a notebook by a style of their own, as there is no other
# way, and by class in a page with a stylesheet.
LEFT = {False: ' style="text-align: left"', True: ' class="words"'}


def to_html(table: Grid, *, by_class: bool = False) -> str:
    """Return *table* as HTML with a caption and header scopes; all text is escaped.

    *by_class* marks the columns of words for a stylesheet, instead of aligning them on the spot.
    """
    left = LEFT[by_class]

    def line(cells: list[str], heads: int, scope: str) -> str:
        parts = []
        for place, (text, words) in enumerate(zip(cells, table.words, strict=True)):
            tag, of = ("th", f' scope="{scope}"') if place < heads else ("td", "")
            parts.append(f"<{tag}{of}{left if words else ''}>{html.escape(text, quote=False)}</{tag}>")
        return f"<tr>{''.join(parts)}</tr>"

    head = line(table.head, len(table.head), "col")
    body = "\n".join(line(row, table.heading_columns, "row") for row in table.rows)
    caption = f"<caption>{html.escape(table.caption, quote=False)}</caption>\n" if table.caption else ""
    return f'<table class="dataframe">\n{caption}<thead>{head}</thead>\n<tbody>\n{body}\n</tbody>\n</table>'


def to_text(frame: pd.DataFrame, index: bool = False, **options: Any) -> str:
    """Return *frame* as lines of text in columns; keyword *options* go to :meth:`pandas.DataFrame.to_string`."""
    frame = frame.copy() if index else frame.reset_index(drop=True)
    frame = frame.rename_axis(columns=frame.index.name, index=None) if frame.index.nlevels == 1 else frame
    written = options.get("formatters") or {}
    for name in frame.select_dtypes(["category", "Int64", "boolean"]).columns.difference(written, sort=False):
        frame[name] = frame[name].astype("object").map(str, na_action="ignore")
    return frame.to_string(index=index, na_rep=MISSING, **options)
