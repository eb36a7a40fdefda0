"""The claims of the audited page in one list: each with its verdict, the evidence on either side, and the rule."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from malirussia.cards import labels
from malirussia.claims import audit, evidence
from malirussia.claims.rule import STANCES, claimed
from malirussia.collection import Collection
from malirussia.explore.export import export
from malirussia.sources import safe_url, short_name
from workshop.pages.exporter import page, render
from workshop.pages.frame import CLAIMS, Leaf, Site

# What a verdict is on the scale of schema.org's ratings, where it is a point on one.
RATING = {"confirmed": 3, "partly confirmed": 2, "contradicted": 1}


def verdicts(collection: Collection) -> pd.DataFrame:
    """Return the verdicts of the audit beside the words of the page and the place of each claim in it."""
    claims = collection.package.load("claims")
    told = claims[["claim_id", "wording", "page_paragraph", "note", "source_id", "locator"]]
    return audit(collection).merge(told, on="claim_id", validate="1:1")


def evidence_by_claim(collection: Collection) -> dict[str, pd.DataFrame]:
    """Return the rows of evidence on each claim of the audited page."""

    def make() -> dict[str, pd.DataFrame]:
        return {name: evidence(collection, name) for name in audit(collection)["claim_id"]}

    return collection.once("evidence by claim", make)


def _sides(collection: Collection, claim_id: str) -> dict[str, list[dict]]:
    """Return the rows of evidence on a claim by what they say to it."""
    rows = evidence_by_claim(collection)[claim_id].assign(qualifier=None)
    sides: dict[str, list[dict]] = {stance: [] for stance in STANCES}
    for row in rows.itertuples(index=False):
        entry = collection.bibliography.entry(row.source_id)
        name, url = short_name(entry), safe_url(entry["url"])
        said = {"value": claimed(row, collection.language), "name": name, "url": url, "title": entry["title"]}
        sides[row.stance].append(row._asdict() | said)
    return {stance: found for stance, found in sides.items() if found}


def _review(collection: Collection, site: Site, claim: dict[str, Any]) -> dict[str, Any]:
    """Return what schema.org says of the check of one claim."""
    source = collection.bibliography.entry(claim["source_id"])
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": claim["verdict"]}
    if claim["verdict"] in RATING:
        rating |= {"ratingValue": RATING[claim["verdict"]], "bestRating": 3, "worstRating": 1}
    author = {"@type": "Organization", "name": site.authors or collection.language.gettext("Mali–Russia relations")}
    appearance = {"@type": "WebPage", "name": source["title"]}
    if url := safe_url(source["url"]):
        appearance["url"] = url
    publisher = {"@type": "Organization", "name": source["publisher"]}
    return {
        "@type": "ClaimReview",
        "url": f"{site.base}{CLAIMS}#{claim['claim_id']}",
        "claimReviewed": claim["wording"],
        "itemReviewed": {"@type": "Claim", "appearance": appearance, "author": publisher},
        "reviewRating": rating,
        "author": author,
    }


def claims_page(
    collection: Collection, site: Site, figures: Mapping[str, Sequence[tuple[str, str]]] | None = None
) -> str:
    """Return the page of all claims: to read without a script, to filter, sort and search with it.

    *figures* holds address and name of those on the same tables, by claim.
    """
    said = collection.language.gettext
    claims = verdicts(collection).to_dict("records")
    shown = [claim | {"sides": _sides(collection, claim["claim_id"])} for claim in claims]
    body = render(
        collection,
        "claims.html.j2",
        claims=shown,
        page=collection.bibliography.entry(claims[0]["source_id"]),
        kinds=labels(collection, "claims", "kind"),
        orders={word: at for at, word in enumerate(audit(collection)["verdict"].cat.categories)},
        tables="tables.html" if "tables.html" in site.pages else "",
        downloads=bool(site.pages),
        pages={theme: name for theme in {claim["theme"] for claim in claims} if (name := site.theme_of(theme))},
        figures=figures or {},
    )
    title = said("The claims of the page, one by one")
    about = said(
        "Each checkable claim of the audited page: its words, the verdict, and the evidence for and against it."
    )
    more = {"hasPart": [_review(collection, site, claim) for claim in claims]}
    leaf = Leaf(CLAIMS, about, kind="CollectionPage", more=more, scripts=("filter.js",))
    return page(collection, title, body, site=site, leaf=leaf)


def write_claims(collection: Collection, folder: Path) -> None:
    """Write verdicts and evidence into *folder*: as CSV, and as JSON in one file."""
    found = verdicts(collection)
    rows = pd.concat(evidence_by_claim(collection).values())
    export(collection, found, folder / "claims.csv", words_of="claims")
    export(collection, rows, folder / "evidence.csv")
    listed = json.loads(found.to_json(orient="records", date_format="iso"))
    for claim in listed:
        part = rows[rows["claim_id"] == claim["claim_id"]]
        claim["evidence_rows"] = json.loads(part.to_json(orient="records", date_format="iso"))
    (folder / "claims.json").write_text(json.dumps(listed, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
