"""What the tables hold, for a reader: the list of all tables, and a card of each."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

import pandas as pd

from malirussia import outputs
from malirussia.collection import Collection
from malirussia.package import told
from malirussia.tables import grid, to_html


@dataclass(frozen=True)
class Description:
    """What one table holds; shows as a readable card in Jupyter.

    Attributes
    ----------
    name, title, description, licence, coverage, key : str
    fields : pandas.DataFrame
        One row a column: ``column``, ``type``, ``unit``, ``allowed``, ``meaning``.
    """

    name: str
    title: str
    description: str
    licence: str
    coverage: str
    key: str
    fields: pd.DataFrame

    def __repr__(self) -> str:
        return "\n".join((f"{self.name}: {self.title}", *self._paragraphs)) + "\n\n" + self._columns

    @property
    def _paragraphs(self) -> tuple[str, str]:
        facts = f"Covers {self.coverage}. One row for each {self.key}. Licence: {self.licence}."
        return self.description, facts

    @property
    def _columns(self) -> str:
        return self.fields.to_string(index=False, justify="left")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict, dict]:
        columns = grid(self.fields, caption=f"Columns of {self.name}")
        card = outputs.Card(name=self.name, title=self.title, paragraphs=self._paragraphs, grid=columns)
        text = "".join(f"<p>{html.escape(one)}</p>" for one in self._paragraphs)
        markup = f"<p><strong>{html.escape(self.title)}</strong> (<code>{self.name}</code>)</p>{text}{to_html(columns)}"
        return outputs.bundle(card, {"text/html": markup, "text/plain": repr(self)})


def catalog(collection: Collection) -> pd.DataFrame:
    """Return one row a table: ``table``, ``title``, ``covers``, ``licence``."""
    return pd.DataFrame(
        {
            "table": name,
            "title": _told(resource, "title"),
            "covers": period(resource),
            "licence": _licence(resource),
        }
        for name, resource in collection.package.resources.items()
    )


def describe(collection: Collection, name: str) -> Description:
    """Return what table *name* holds: description, coverage, licence and its columns."""
    resource = collection.package.resource(name)
    rows = [
        {
            "column": field["name"],
            "type": field["type"],
            "unit": field.get("unit", ""),
            "allowed": _allowed(field),
            "meaning": told(f"table '{name}', column '{field['name']}'", field, "description"),
        }
        for field in _told(resource, "schema.fields")
    ]
    return Description(
        name=name,
        title=_told(resource, "title"),
        description=_told(resource, "description"),
        licence=_licence(resource),
        coverage=period(resource),
        key=", ".join(_told(resource, "schema.primaryKey")),
        fields=pd.DataFrame(rows),
    )


def _told(resource: dict, key: str) -> Any:
    return told(f"table '{resource['name']}'", resource, key)


def _licence(resource: dict) -> str:
    where = f"table '{resource['name']}', licence"
    return "; ".join(told(where, licence, "title") for licence in _told(resource, "licenses"))


def period(resource: dict) -> str:
    """Return the years that a table covers: 1960–2014."""
    first, _, last = _told(resource, "coverage.temporal").partition("/")
    return f"{first[:4]}–{last[:4]}" if last else first[:4]


def _allowed(field: dict) -> str:
    """Say in words what the schema allows in a column."""
    rules = field.get("constraints", {})
    words = []
    if "enum" in rules:
        words.append(", ".join(map(str, rules["enum"])))
    if "minimum" in rules or "maximum" in rules:
        words.append(f"{rules.get('minimum', '')} to {rules.get('maximum', '')}".strip())
    if "pattern" in rules:
        words.append(f"pattern {rules['pattern']}")
    if not rules.get("required"):
        words.append("may be empty")
    return "; ".join(words)
