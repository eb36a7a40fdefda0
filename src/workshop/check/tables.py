"""What the schema alone cannot say about the data package; each check returns the faults it finds."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pandas as pd

from malirussia.package import Package
from malirussia.sources import MOST_ROWS

# Hosts of copies, reposts and mirrors: the publisher is cited, or no address at all.
MIRRORS = ("github.com", "githubusercontent.com", "kaggle.com", "blogspot.com", "archive.is", "news-pravda.com")
# SIPRI lets small extracts be shown, credited and for non-commercial use; the whole package stays below this.
MOST_SIPRI_ROWS = 400


def tables(package: Package) -> Iterator[tuple[str, dict, pd.DataFrame]]:
    """Yield name, descriptor and rows of every table but the bibliography."""
    for name, resource in package.resources.items():
        if name != "sources":
            yield name, resource, package.load(name)


def _line(position: int) -> int:
    return position + 2  # the header is line 1


def source_faults(package: Package) -> list[str]:
    """Every observation has a source that exists and a locator."""
    known = set(package.load("sources")["source_id"])
    faults = []
    for name, resource, frame in tables(package):
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        for column in ("source_id", "locator"):
            if not fields.get(column, {}).get("constraints", {}).get("required"):
                faults.append(f"{name}: the schema needs a required column '{column}'")
        for column in frame.columns.intersection(["source_id", "source_id_2"]):
            wrong = frame.loc[frame[column].notna() & ~frame[column].isin(known), column]
            faults += [
                f"{resource['path']}, line {_line(position)}, column '{column}': no source {value!r}"
                for position, value in wrong.items()
            ]
    return faults


def unused_source_faults(package: Package) -> list[str]:
    """Every source is used by a table."""
    used = {
        value
        for _, _, frame in tables(package)
        for column in frame.columns.intersection(["source_id", "source_id_2"])
        for value in frame[column].dropna()
    }
    return [f"sources.csv: no table uses {key!r}" for key in package.load("sources")["source_id"] if key not in used]


def _triples(columns: pd.Index) -> Iterator[tuple[str, str | None, str]]:
    """Yield the columns that belong together: low, value (when there is one) and high."""
    for low in columns:
        if low == "low" or low.startswith("low_") or low.endswith(("_low", "_low_musd")):
            high = low.replace("low", "high")
            stem = low.replace("_low", "").replace("low_", "")
            candidates = ("value",) if low == "low" else (low.replace("low_", "value_"), stem)
            value = next((name for name in candidates if name in columns), None)
            if high in columns:
                yield low, value, high


def range_faults(package: Package) -> list[str]:
    """low <= value <= high wherever two of them are there."""
    faults = []
    for _, resource, frame in tables(package):
        for low, value, high in _triples(frame.columns):
            pairs = [(low, high)] + ([(low, value), (value, high)] if value else [])
            for smaller, larger in pairs:
                wrong = frame[frame[smaller].notna() & frame[larger].notna() & (frame[smaller] > frame[larger])]
                faults += [
                    f"{resource['path']}, line {_line(position)}: {smaller} {row[smaller]} > {larger} {row[larger]}"
                    for position, row in wrong.iterrows()
                ]
    return faults


def key_faults(package: Package) -> list[str]:
    """No row repeats the key of another."""
    faults = []
    for name, resource in package.resources.items():
        frame, key = package.load(name), resource["schema"]["primaryKey"]
        for position, row in frame[frame.duplicated(key)].iterrows():
            faults.append(f"{resource['path']}, line {_line(position)}: repeats the key {[str(row[k]) for k in key]}")
    return faults


def licence_faults(package: Package) -> list[str]:
    """No table holds more of a source than its terms allow."""
    sources = package.load("sources").set_index("source_id")["redistribution"]
    faults, sipri = [], 0
    for name, resource, frame in tables(package):
        for source_id, rows in frame["source_id"].value_counts().items():
            terms = sources.get(source_id)
            sipri += rows if source_id.startswith("sipri") else 0
            if terms == "aggregates" and resource["granularity"] != "aggregate":
                faults.append(f"{name}: {source_id} may be passed on in aggregates only, the table holds facts")
            most = MOST_ROWS.get(terms)
            if most is not None and rows > most:
                faults.append(f"{name}: {rows} rows of {source_id}, at most {most} may be passed on ({terms})")
    if sipri > MOST_SIPRI_ROWS:
        faults.append(f"{sipri} rows of SIPRI in the package, at most {MOST_SIPRI_ROWS}")
    return faults


def unit_faults(package: Package) -> list[str]:
    """Every number says its unit, in the schema and in the column name or a unit column, never in both."""
    faults = []
    for name, resource, _ in tables(package):
        for field in resource["schema"]["fields"]:
            if field["type"] in ("integer", "number") and not field.get("unit"):
                faults.append(f"{name}: the number '{field['name']}' has no unit in the schema")
            if not field.get("description"):
                faults.append(f"{name}: the column '{field['name']}' has no meaning in the schema")
    return faults


def address_faults(package: Package) -> list[str]:
    """No address leads to a copy, mirror or repost."""
    sources = package.load("sources")
    hosts = sources["url"].fillna("").map(lambda url: urlsplit(url).hostname or "")
    wrong = sources[[host.endswith(MIRRORS) if host else False for host in hosts]]
    return [f"sources.csv, line {_line(position)}, column 'url': {row.url}" for position, row in wrong.iterrows()]


def version_faults(package: Package) -> list[str]:
    """Of the rival versions of one event exactly one stands for it, and an event without rivals stands for itself."""
    faults = []
    for name, _, frame in tables(package):
        if {"conflict_group", "is_main"} <= {*frame.columns}:
            key = package.resource(name)["schema"]["primaryKey"][0]
            groups = frame["conflict_group"].fillna(frame[key])
            main = frame.groupby(groups)["is_main"].sum()
            faults += [f"{name}: {count} main versions of '{group}'" for group, count in main[main != 1].items()]
    return faults


def vote_faults(package: Package) -> list[str]:
    """Same, one step apart and opposite votes add up to the votes compared."""
    faults = []
    for _, resource, frame in tables(package):
        if {"agree", "partial", "opposite", "votes_compared"} <= {*frame.columns}:
            wrong = frame[frame["agree"] + frame["partial"] + frame["opposite"] != frame["votes_compared"]]
            faults += [
                f"{resource['path']}, line {_line(position)}: the votes do not add up" for position in wrong.index
            ]
    return faults


def era_faults(package: Package) -> list[str]:
    """Each era opens and closes on the days of its events, and the next one follows at once."""
    eras = package.load("context_eras")
    days = package.load("events").set_index("event_id")["date"]
    fits = eras["date_start"].eq(eras["event_start"].map(days)) & eras["date_end"].eq(eras["event_end"].map(days))
    follows = eras["date_end"].eq(eras["date_start"].shift(-1))
    last = eras.index == eras.index[-1]  # it goes on: no end, no event
    wrong = eras[~(last | (fits & follows)) | (last & eras["date_end"].notna())]
    return [f"context_eras: '{era}' does not fit its events or its neighbour" for era in wrong["era_id"]]


CHECKS = (
    source_faults,
    unused_source_faults,
    range_faults,
    key_faults,
    licence_faults,
    unit_faults,
    address_faults,
    version_faults,
    vote_faults,
    era_faults,
)
