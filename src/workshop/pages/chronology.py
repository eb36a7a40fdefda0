"""Every dated event of the tables in one list, each with its source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from malirussia.cards import labels
from malirussia.claims.rule import day, given, span
from malirussia.collection import Collection
from malirussia.language import N_
from malirussia.sources import safe_url, short_name
from workshop.pages.exporter import page, render
from workshop.pages.frame import Leaf, Site

NAME = "chronology.html"
EVENTS = "events"
# The actors that a reader may choose; each other one is found by its code.
ACTORS = {
    "RUS": N_("Moscow"),
    "FRA": N_("France"),
    "UKR": N_("Ukraine"),
    "USA": N_("United States"),
    "BFA": N_("Burkina Faso"),
    "NER": N_("Niger"),
    "WAGNER": N_("Wagner Group"),
    "AFRICA_CORPS": N_("Africa Corps"),
    "UN": N_("United Nations"),
    "ECOWAS": N_("ECOWAS"),
    "AES": N_("Alliance of Sahel States"),
    "JNIM": N_("JNIM"),
    "FLA": N_("FLA"),
}
THEMES = {
    "aid": N_("aid"),
    "military": N_("military"),
    "deployment": N_("deployment"),
    "trade": N_("trade"),
    "diplomacy": N_("diplomacy"),
    "politics": N_("politics and war"),
}
_THEME_OF = {"economy": "aid", "aid": "aid", "military": "military", "deployment": "deployment", "trade": "trade"}
_THEME_OF |= dict.fromkeys(("politics", "coup", "conflict"), "politics")


@dataclass(frozen=True)
class _Dated:
    """A table whose rows are events: its theme, the kind of event, and the columns that say what happened."""

    theme: str
    kind: str
    title: tuple[str, ...]
    more: tuple[str, ...] = ()
    actors: str = ""
    lead: str = "{title}"


_LOST, _BANS, _TEXT = N_("Aircraft lost: {title}"), N_("Sanctions: {title}"), N_("Resolution {title}")
TABLES = {
    "military_agreements": _Dated("military", "agreement", ("label",), ("description", "status"), "actors"),
    "military_coups": _Dated("politics", "coup", ("description",)),
    "military_deliveries": _Dated("military", "military", ("equipment", "detail"), ("kind", "note"), "partner"),
    "military_aircraft_losses": _Dated(
        "military", "military", ("aircraft", "place"), ("note",), lead=N_("Aircraft lost: {title}")
    ),
    "deployment_sanctions": _Dated(
        "diplomacy", "sanctions", ("action", "target"), ("basis",), "actor", N_("Sanctions: {title}")
    ),
    "deployment_reports": _Dated("deployment", "conflict", ("incident", "place"), ("category", "note")),
    "diplomacy_unga_ukraine_resolutions": _Dated(
        "diplomacy", "un", ("symbol", "topic"), ("note",), lead=N_("Resolution {title}")
    ),
    "aid_debt_events": _Dated("aid", "aid", ("event",), ("note",), lead=N_("Debt: {title}")),
    "trade_deliveries": _Dated("trade", "trade", ("event_type", "commodity_detail"), ("note",)),
}


def _words(collection: Collection, table: str, row: Any, columns: tuple[str, ...]) -> list[str]:
    found = [(column, getattr(row, column)) for column in columns if given(getattr(row, column))]
    return [str(labels(collection, table, column).get(value, value)) for column, value in found]


def _entry(collection: Collection, table: str, row: Any) -> dict[str, Any]:
    """Return what all rows have in common: when it was, and who says so."""
    source = collection.bibliography.entry(row.source_id)
    ends = [date for date in (row.date, getattr(row, "end", None)) if given(date)]
    precision = getattr(row, "date_precision", "day")
    return {
        "date": row.date,
        "when": span((day(date, precision, collection.language) for date in ends), collection.language),
        "table": table,
        "source": short_name(source),
        "url": safe_url(source["url"]),
        "locator": row.locator,
    }


def dated(collection: Collection) -> list[dict[str, Any]]:
    """Return every event that has a date, the earliest first, whichever table holds it."""
    found = [*_events(collection), *(one for name in TABLES for one in _others(collection, name))]
    return sorted(found, key=lambda one: (one["date"], one["title"]))


def _events(collection: Collection) -> Iterator[dict[str, Any]]:
    if EVENTS not in collection.package.resources:
        return
    for row in collection.package.load(EVENTS).itertuples(index=False):
        theme = _THEME_OF.get(row.category, "diplomacy")
        kept = {"theme": theme, "kind": row.category, "actors": row.actors, "rival": not row.is_main}
        yield _entry(collection, EVENTS, row) | kept | {"title": row.title, "more": row.description}


def _others(collection: Collection, table: str) -> Iterator[dict[str, Any]]:
    """Yield the events of another table; what has its row among the events stands there."""
    if table not in collection.package.resources:
        return
    about, rows = TABLES[table], collection.package.load(table)
    known = set(collection.package.load(EVENTS)["event_id"])
    for row in rows[rows["date"].notna()].itertuples(index=False):
        if getattr(row, "event_id", None) in known:
            continue
        actors = str(getattr(row, about.actors)) if about.actors and pd.notna(getattr(row, about.actors)) else "MLI"
        named = ", ".join(_words(collection, table, row, about.title))
        title = collection.language.gettext(about.lead).format(title=named)
        more = ". ".join(_words(collection, table, row, about.more))
        # Reports of other things than fighting stand in the table of fighting.
        kind = "deployment" if getattr(row, "category", "") in ("statement", "transition", "departure") else about.kind
        kept = {"theme": about.theme, "kind": kind, "actors": actors, "rival": False}
        yield _entry(collection, table, row) | kept | {"title": title[:1].upper() + title[1:], "more": more}


def chronology_page(collection: Collection, site: Site) -> str:
    """Return the page of all dated events, by year."""
    said = collection.language.gettext
    entries = dated(collection)
    years: dict[int, list[dict]] = {}
    for one in entries:
        years.setdefault(one["date"].year, []).append(one)
    kinds = labels(collection, EVENTS, "category")
    body = render(
        collection,
        "chronology.html.j2",
        years=years,
        total=len(entries),
        kinds={kind: kinds[kind] for kind in kinds if any(one["kind"] == kind for one in entries)},
        themes={name: said(words) for name, words in THEMES.items()},
        actors={name: said(words) for name, words in ACTORS.items()},
        tables="tables.html" if "tables.html" in site.pages else "",
    )
    about = said("Every dated event of the tables, from 1960 on, each with its source.")
    leaf = Leaf(NAME, about, kind="CollectionPage", scripts=("filter.js",))
    return page(collection, said("Chronology"), body, site=site, leaf=leaf)
