"""What the tables hold, for a reader: a card of each, the words of its columns, the references of what was used."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from malirussia import outputs
from malirussia.collection import Collection
from malirussia.explore.listing import to_lines
from malirussia.explore.panels import panel_sources
from malirussia.language import N_, Language
from malirussia.package import told, unknown_name
from malirussia.sources import SOURCE_COLUMNS, References
from malirussia.tables import MISSING, grid, to_html

COLUMNS = (N_("column"), N_("type"), N_("unit"), N_("allowed"), N_("meaning"))


@dataclass(frozen=True)
class Description:
    """What one table holds; shows as a readable card in Jupyter.

    Attributes
    ----------
    name, title, description, licence, coverage, key : str
    missing_row, made : str
        What a missing row means, and how the table is made; empty where that is not described.
    fields : pandas.DataFrame
        One row a column: ``column``, ``type``, ``unit``, ``allowed``, ``meaning``.
    language : Language
        In which the card is shown.
    """

    name: str
    title: str
    description: str
    licence: str
    coverage: str
    key: str
    missing_row: str
    made: str
    fields: pd.DataFrame
    language: Language

    def __repr__(self) -> str:
        columns = to_lines(grid(self.fields, "", language=self.language))
        return "\n".join((f"{self.name}: {self.title}", *self._paragraphs, "", columns))

    @property
    def _paragraphs(self) -> tuple[str, ...]:
        facts = self.language.gettext("Covers {coverage}. One row for each {key}. Licence: {licence}.")
        facts = facts.format(coverage=self.coverage, key=self.key, licence=self.licence)
        return tuple(text for text in (self.description, facts, self.missing_row, self.made) if text)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict, dict]:
        caption = self.language.gettext("Columns of {table}").format(table=self.name)
        columns = grid(self.fields, caption, language=self.language)
        card = outputs.Card(name=self.name, title=self.title, paragraphs=self._paragraphs, grid=columns)
        text = "".join(f"<p>{html.escape(one)}</p>" for one in self._paragraphs)
        markup = f"<p><strong>{html.escape(self.title)}</strong> (<code>{self.name}</code>)</p>{text}{to_html(columns)}"
        return outputs.bundle(card, {"text/html": markup, "text/plain": repr(self)})


def describe(collection: Collection, name: str) -> Description:
    """Return what table *name* holds: description, coverage, licence and its columns."""
    resource = collection.package.resource(name)
    translated = collection.language.gettext
    rows = [
        (
            field["name"],
            field["type"],
            translated(field.get("unit", "")),
            _allowed(field, collection.language),
            translated(told(f"table '{name}', column '{field['name']}'", field, "description")),
        )
        for field in _told(resource, "schema.fields")
    ]
    return Description(
        name=name,
        title=translated(_told(resource, "title")),
        description=translated(_told(resource, "description")),
        licence=licence(resource),
        coverage=period(resource),
        key=", ".join(_told(resource, "schema.primaryKey")),
        missing_row=_missing_row(resource, collection.language),
        made=_made(resource, collection.language),
        fields=pd.DataFrame(rows, columns=COLUMNS),
        language=collection.language,
    )


def headings(collection: Collection, name: str) -> dict[str, str]:
    """Return the heading of each column of table *name*, as a printed table carries it."""
    fields = collection.package.resource(name)["schema"]["fields"]
    return {field["name"]: field.get("title", field["name"]) for field in fields}


def labels(collection: Collection, name: str, column: str) -> dict:
    """Return the label in words of each value that *column* of table *name* may hold.

    A value that says what it means by itself is its own label; a column without listed values has none.

    Raises
    ------
    UnknownNameError
        No such table, or no such column in it.
    """
    fields = {field["name"]: field for field in collection.package.resource(name)["schema"]["fields"]}
    if column not in fields:
        raise unknown_name("column", column, list(fields), f"describe({name!r})")
    listed = [one for one in fields[column].get("categories", []) if isinstance(one, dict)]
    translated = collection.language.gettext
    words = {one["value"]: translated(one["label"]) for one in listed if "label" in one}
    return {value: words.get(value, str(value)) for value in fields[column].get("constraints", {}).get("enum", [])}


def labelled(collection: Collection, frame: pd.DataFrame, name: str) -> tuple[pd.DataFrame, dict[str, Callable]]:
    """Return *frame* in the words of table *name*, and what writes its numbers.

    Columns and named levels of the index that are columns of the table get their headings, and listed values their
    labels; the functions by heading write numbers in the format of the table.
    """
    levels = [level for level in frame.index.names if level is not None]
    shown = frame.reset_index() if levels else frame.copy()
    names, writers = headings(collection, name), {}
    for field in collection.package.resource(name)["schema"]["fields"]:
        column = field["name"]
        if column not in shown:
            continue
        if words := labels(collection, name, column):
            shown[column] = shown[column].astype("object").map(lambda value, words=words: words.get(value, value))
        elif "numberFormat" in field:
            writers[names[column]] = _writer(field["numberFormat"])
    shown = shown.rename(columns=names)
    return (shown.set_index([names.get(level, level) for level in levels]) if levels else shown), writers


def _told(resource: dict, key: str) -> Any:
    return told(f"table '{resource['name']}'", resource, key)


def _writer(number_format: str) -> Callable:
    return lambda number: MISSING if pd.isna(number) else format(number, number_format)


def _missing_row(resource: dict, language: Language) -> str:
    entry, _, translated = resource.get("missingRow"), language.gettext, language.gettext
    if not entry:
        return ""
    meaning, why = translated(entry["means"]), translated(entry["why"])
    return _("A missing row means {meaning}. {why}").format(meaning=meaning, why=why)


def _made(resource: dict, language: Language) -> str:
    entry, _, translated = resource.get("made"), language.gettext, language.gettext
    if not entry:
        return ""
    words = {
        "derived": _("Made from {data}."),
        "by hand": _("Coded by hand."),
        "mixed": _("Made in part by hand, in part from {data}."),
    }
    return f"{words[entry['how']].format(data=entry.get('data'))} {translated(entry['rule'])}"


def licence(resource: dict) -> str:
    """Return the terms of a table in words."""
    where = f"table '{resource['name']}', licence"
    return "; ".join(told(where, one, "title") for one in _told(resource, "licenses"))


def period(resource: dict) -> str:
    """Return the years that a table covers: 1960–2014."""
    first, _, last = _told(resource, "coverage.temporal").partition("/")
    return f"{first[:4]}–{last[:4]}" if last else first[:4]


def _allowed(field: dict, language: Language) -> str:
    """Say in words what the schema allows in a column."""
    _ = language.gettext
    rules = field.get("constraints", {})
    words = []
    if "enum" in rules:
        words.append(", ".join(map(str, rules["enum"])))
    if "minimum" in rules or "maximum" in rules:
        least, most = rules.get("minimum", ""), rules.get("maximum", "")
        words.append(_("{least} to {most}").format(least=least, most=most).strip())
    if "pattern" in rules:
        words.append(_("pattern {pattern}").format(pattern=rules["pattern"]))
    if not rules.get("required"):
        words.append(_("may be empty"))
    return "; ".join(words)


def references(collection: Collection, *items: pd.DataFrame | pd.Series | str) -> References:
    """Return the references of frames, columns of ids or single ids, sorted by publisher.

    A panel has no column of sources: its columns name them, see :func:`malirussia.explore.panels.codebook`.
    Without *items*: of all that was shown or stated in the notebook so far, with the tables that were loaded.
    """
    if items:
        return collection.bibliography.references(*_with_panels(collection, items))
    used = collection.used
    return replace(collection.bibliography.references(*used.sources), tables=tuple(used.tables))


def _with_panels(collection: Collection, items: tuple) -> Iterator[pd.DataFrame | pd.Series | str]:
    """Yield *items*, with the ids of sources in place of a panel, and beside it where a table was merged with it."""
    for item in items:
        ids = panel_sources(collection, item)
        yield from ids
        if not ids or any(name in item for name in SOURCE_COLUMNS):
            yield item
