"""Seals: by what a table and its schema are known, and where a file differs from what was sealed.

The seal of a table stands in ``datapackage.json``: ``hash``, ``bytes`` and ``rows`` of its file, and ``schemaHash``.
``seals.json`` beside it holds a short mark of each row and column: too little to restore a cell, and enough to name
its place.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable
from itertools import zip_longest
from os.path import commonprefix
from pathlib import Path
from zlib import crc32

SEAL = ("hash", "bytes", "rows", "schemaHash")
MARKS = "seals.json"
SHOWS = "`python -m malirussia seal` shows what differs"
MARK = 4  # characters of the mark of a row
_WORDS = {"title", "description", "numberFormat", "formerly", "formerlyValues", "categories"}


def digest(content: bytes) -> str:
    """Return the hash of a file, the same with the line ends of any system."""
    return "sha256:" + hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def schema_digest(resource: dict) -> str:
    """Return the hash of what the entry of a table says of its cells: all of the schema but words for readers."""
    fields = [{key: field[key] for key in field.keys() - _WORDS} for field in resource["schema"]["fields"]]
    return digest(json.dumps({**resource["schema"], "fields": fields}, sort_keys=True).encode())


def marks(content: bytes) -> dict:
    """Return the marks of the ``rows`` of a CSV, header first and in one text, and those of its ``columns``."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8", "replace"), newline="")))
    columns = {cells[0]: _mark(cells) for cells in zip_longest(*rows, fillvalue="")}
    return {"rows": "".join(_mark(row)[:MARK] for row in rows), "columns": columns}


def _mark(cells: Iterable[str]) -> str:
    return format(crc32("\t".join(cells).encode()), "08x")


def difference(content: bytes, path: str, root: Path) -> str:
    """Return where *content* first differs from what was sealed of the file at *path* in the package at *root*.

    It reads like ``, line 3, column 'year'``; empty where no marks are kept.
    """
    try:
        kept, found = json.loads((root / MARKS).read_text(encoding="utf-8"))[path], marks(content)
    except (OSError, ValueError, LookupError):
        return ""
    line = len(commonprefix([kept["rows"], found["rows"]])) // MARK + 1  # noqa: RUF071  (no paths: by character)
    columns = [f"column '{name}'" for name, mark in found["columns"].items() if kept["columns"].get(name) != mark]
    return ", ".join([f", line {line}", *columns[: 1 if len(kept["rows"]) == len(found["rows"]) else 0]])
