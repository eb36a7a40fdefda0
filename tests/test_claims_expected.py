"""Every value, witness and verdict of the audit, held as a table; and faults that the table must show.

The table is ``claims_expected.csv``, one row a row of evidence. After a change that is meant:
``python tests/test_claims_expected.py --renew``; the diff is what CORRECTIONS.md or CHANGELOG.md tells.
"""

from __future__ import annotations

import csv
import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import malirussia
from malirussia.claims import Audit, Page, rule
from malirussia.claims.globalsecurity import PAGE, checks
from malirussia.collection import Collection

EXPECTED = Path(__file__).with_name("claims_expected.csv")
COLUMNS = ["claim_id", "verdict", "confidence", "witnesses", "source_id", "origin", "stance"]
COLUMNS += ["value", "low", "high", "unit", "start", "asked"]
tables = functools.cache(malirussia.collection.package.load)


def text(cell: Any) -> str:
    """Return a cell as it stands in the table."""
    if not rule.given(cell):
        return ""
    spec = ".8g" if isinstance(cell, float) else "%Y-%m-%d" if isinstance(cell, pd.Timestamp) else ""
    return format(cell, spec) if spec else str(cell)


def found(audit: Audit, claim_ids: list[str]) -> list[list[str]]:
    """Return the rows of the table for some claims, as the audit finds them."""
    made = []
    for claim_id in claim_ids:
        told = audit.verdict(claim_id)
        shared = [claim_id, told["verdict"], told["confidence"], str(told["independent"])]
        for row in audit._rows(claim_id) or [rule.Row(stance="")]:
            made.append(shared + [text(getattr(row, name)) for name in COLUMNS[4:]])
    return made


@functools.cache
def held() -> dict[str, list[list[str]]]:
    """The table by claim."""
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file)
    assert header == COLUMNS
    by_claim: dict[str, list[list[str]]] = {}
    for line in lines:
        by_claim.setdefault(line[0], []).append(line)
    return by_claim


def test_every_value_witness_and_verdict_is_the_expected_one():
    ids = list(malirussia.load("claims")["claim_id"])
    assert list(held()) == ids
    expected, now = (
        [line for lines in held().values() for line in lines],
        found(Audit(malirussia.collection, PAGE), ids),
    )
    differ = [
        f"{mark} {', '.join(line)}"
        for mark, one, other in (("-", expected, now), ("+", now, expected))
        for line in one
        if line not in other
    ]
    assert differ == []


# Faults. Each is one slip that a person could make in the rule, in a check or in a table, and the claims that show it.

Change = Callable[[pd.DataFrame], pd.DataFrame]


def cells(column: str, to: Any, **where: Any) -> Change:
    """Change a column, to a value or by a function of it, in the rows whose cells are those of *where*."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        hit = checks.where(frame, **where).index
        assert len(hit), f"no row with {where}"
        new = to(frame.loc[hit, column]) if callable(to) else to
        plain = (
            frame[column].astype("object") if isinstance(frame[column].dtype, pd.CategoricalDtype) else frame[column]
        )
        return frame.assign(**{column: plain.where(~frame.index.isin(hit), new)})

    return change


def less(**where: Any) -> Change:
    """Leave out the rows whose cells are those of *where*."""
    return lambda frame: frame.drop(checks.where(frame, **where).index)


def swapped(column: str, one: str, other: str) -> Change:
    return lambda frame: frame.assign(**{column: frame[column].astype("object").replace({one: other, other: one})})


DEATHS, RIGHTS = "deployment_acled_country_year", "deployment_rights_counts"
TRADE, RANK = "trade_dyad_annual", "diplomacy_unga_africa"
COUNTS, LISTS = "deployment_statement_counts", "deployment_statement_lists"

TABLES: dict[str, tuple[list[str], str, Change]] = {
    "the plan of the page taken for the record": (["C03"], "aid_projects", cells("value", 4.0, measure="plan_length")),
    "hectares for square kilometres": (["C26"], "aid_projects", cells("unit", "km2", measure="area")),
    "an area dropped": (
        ["C26"],
        "aid_projects",
        less(project_id="office-du-niger", source_id="onuchko-malijskie-etyudy"),
    ),
    "francs unconverted": (
        ["C30"],
        "context_exchange_rates",
        cells("rate", 1.0, currency="XOF", rate_kind="annual_average"),
    ),
    "the debt of another year": (["C30"], "aid_debt_by_creditor", less(year=2000)),
    "euro for dollars": (["C58"], "deployment_fx_daily", cells("usd_per_eur", 1.0, date=checks.FEE_DAY)),
    "the parity doubled": (["C57"], "deployment_fx_daily", cells("xof_per_eur", lambda c: c * 2, date=checks.FEE_DAY)),
    "the two sides of trade exchanged": (["C37", "C38", "C39"], TRADE, swapped("reporter", "RUS", "MLI")),
    "imports alone": (["C37"], TRADE, less(flow="exports")),
    "trade in thousands": (["C38"], TRADE, cells("value_musd", lambda c: c * 1000)),
    "estimates taken for reports": (["C39"], TRADE, cells("estimate", True, year=2014)),
    "votes with France without the year of the turn": (
        ["C09b"],
        "diplomacy_unga_agreement",
        less(partner="FRA", year=1975),
    ),
    "agreement with the United States": (["C09b"], "diplomacy_unga_agreement", swapped("partner", "FRA", "USA")),
    "the African median of Moscow": (["C09b"], RANK, swapped("partner", "FRA", "RUS")),
    "ranks counted from the other end": (
        ["C05a"],
        RANK,
        lambda f: f.assign(mali_rank=f["african_states"] + 1 - f["mali_rank"]),
    ),
    "Chinese tanks left out": (["C10a"], "military_arms_imports", less(partner="CHN", year=1981)),
    "deliveries by others dropped": (
        ["C10a"],
        "military_arms_imports",
        lambda f: f[(f["partner"] == "RUS") | (f["year"] > 1976)],
    ),
    "a runway in feet": (["C19"], "military_airfields", lambda f: f.assign(length_m=f["length_m"] / 0.3048)),
    "works taken for finished": (
        ["C19"],
        "military_airfields",
        cells("status", "lengthened", airfield_id="bamako-old"),
    ),
    "totals before names": (["C61"], COUNTS, lambda f: f.assign(signatories_named=pd.NA)),
    "the page among the lists": (["C62"], LISTS, lambda f: f[f["source_id"] != "globalsecurity-2022"]),
    "a signatory too many": (["C63"], LISTS, cells("country", "USA", country="EST")),
    "a country where Wagner only advised": (
        ["C53"],
        "deployment_countries",
        cells("role", "non_military", country="MLI"),
    ),
    "planned men taken for deployed": (["C59"], "deployment_personnel", cells("status", "deployed")),
    "ends of ranges dropped": (["C59"], "deployment_personnel", lambda f: f.assign(low=np.nan, high=np.nan)),
    "local strengths as national": (["C59"], "deployment_personnel", cells("scope", "national")),
    "fees of other kinds": (["C56"], "deployment_costs", cells("kind", "monthly_fee")),
    "all deaths for civilians": (["C65"], DEATHS, swapped("measure", "fatalities", "civilian_fatalities")),
    "deaths of one year dropped": (["C64"], DEATHS, less(year=2023)),
    "a neighbour dropped": (["C64"], DEATHS, less(country="BFA")),
    "counts of quarters as years": (["C65"], RIGHTS, lambda f: f.assign(end=f["start"] + pd.Timedelta(days=364))),
    "the war a year later": (
        ["C52"],
        "events",
        cells("date", pd.Timestamp("2014-01-11"), event_id="2013-01-11-serval"),
    ),
    "coup and rally exchanged": (
        ["C47"],
        "events",
        cells("date", pd.Timestamp("2021-05-30"), event_id="2021-05-24-coup"),
    ),
    "a meeting dropped": (["C45"], "military_agreements", less(row_id="group-2011-a")),
    "ratified before it was": (
        ["C42"],
        "military_agreements",
        cells("date", pd.Timestamp("2004-07-04"), row_id="ratification-2024-07-04"),
    ),
    "other multiparty states": (["C33", "C34"], "context_multiparty", lambda f: f.assign(year=f["year"] - 1)),
    "a coded stance turned": (["C55"], "claims_evidence", cells("stance", "contradicts", claim_id="C55")),
    "evidence dropped": (["C12d"], "claims_evidence", less(evidence_id="c12-09")),
    "evidence under another claim": (
        ["C12a", "C12b"],
        "claims_evidence",
        cells("claim_id", "C12b", evidence_id="c12-05"),
    ),
    "the date of another row": (
        ["C13"],
        "claims_evidence",
        cells("row_id", "mopti-2026-current", evidence_id="c13-01"),
    ),
    "a tolerance forgotten": (["C61"], "claims", lambda f: f.assign(tolerance_pct=np.nan)),
    "at least read as exactly": (["C59"], "claims", cells("qualifier", "exact", claim_id="C59")),
    "a claimed value mistyped": (["C15", "C18"], "claims", lambda f: f.assign(value=f["value"] * 10)),
    "a month read as a day": (["C54"], "claims", cells("date_precision", "day", claim_id="C54")),
    "an origin taken for a witness": (["C37"], "claims_dependence", less(source_id="imf-dots-2022")),
    "a dependent source of another paragraph": (
        ["C32"],
        "claims_dependence",
        lambda f: f.assign(page_paragraph=f["page_paragraph"] + 1),
    ),
    "carriers without their agency": (["C61"], "claims_origins", less(scope="C61;C62;C63")),
    "an edge to another origin": (["C34"], "claims_origins", less(source_id="jod-plattner")),
}


def seeded(table: str, change: Change) -> Audit:
    """Return the audit of a collection in which one table is changed."""
    collection = Collection()
    collection.package.load = lambda name: change(tables(name)) if name == table else tables(name)
    collection.__dict__["bibliography"] = malirussia.collection.bibliography
    return Audit(collection, PAGE)


def is_caught(audit: Audit, claim_ids: list[str]) -> list[str]:
    """Return the claims for which the audit gives anything else than the expected rows, or an error."""
    caught = []
    for claim_id in claim_ids:
        try:
            same = found(audit, [claim_id]) == held()[claim_id]
        except (LookupError, ValueError):
            same = False
        caught += [] if same else [claim_id]
    return caught


@pytest.mark.parametrize(("claim_ids", "table", "change"), TABLES.values(), ids=TABLES)
def test_a_fault_in_a_table_is_caught(claim_ids, table, change):
    assert is_caught(seeded(table, change), claim_ids) == claim_ids


def test_without_a_fault_nothing_is_caught():
    assert is_caught(seeded("claims", lambda frame: frame), list(held())) == []


def no_part(whole: float, part: float, against: float) -> str:
    return DECIDE(whole, 0, against) if whole or against else DECIDE(whole, part, against)


DECIDE = rule.decide
CODE: dict[str, tuple[list[str], object, str, Any]] = {
    "twice outweighs": (["C02", "C05b"], rule, "OUTWEIGHS", 2.0),
    "four times outweighs": (["C29"], rule, "OUTWEIGHS", 4.0),
    "weak sources weigh one": (["C27a", "C30", "C56"], rule, "WEIGHT", dict.fromkeys(rule.WEIGHT, 1.0)),
    "good sources weigh half": (["C46"], rule, "WEIGHT", {**rule.WEIGHT, "good": 0.5}),
    "quantities within five per cent": (["C56"], rule, "TOLERANCE", {**rule.TOLERANCE, "quantity": 5.0}),
    "quantities within thirty per cent": (["C03"], rule, "TOLERANCE", {**rule.TOLERANCE, "quantity": 30.0}),
    "sums within one per cent": (["C57"], rule, "TOLERANCE", {**rule.TOLERANCE, "arithmetic": 1.0}),
    "dates within ten days": (["C49"], rule, "TOLERANCE", {**rule.TOLERANCE, "date": 10.0}),
    "forecasts from two hundred per cent on": (
        ["C64", "C65"],
        rule,
        "TOLERANCE",
        {**rule.TOLERANCE, "forecast": 200.0},
    ),
    "a part is no dissent": (["C05b"], rule, "decide", no_part),
    "the most favourable row speaks": (["C10a", "C12d"], rule, "_voice", lambda said: max(said)),
    "a fall taken for a rise": (["C39"], checks, "_when", lambda holds: np.where(holds, "contradicts", "supports")),
    "four fifths are almost all": (["C10a"], checks, "ALMOST_ALL", 0.8),
    "a twentieth is few": (["C05a", "C33"], checks, "FEW", 0.05),
    "tanks of another year": (["C10a"], checks, "CHINESE_TANKS", 1976),
    "one year on each side": (["C64", "C65"], checks, "YEARS", 1),
    "the rate of another day": (["C58"], checks, "FEE_DAY", pd.Timestamp("2021-09-10")),
    "no time to arrive": (["C59"], checks, "ARRIVED", pd.Timestamp("2021-09-01")),
    "one-sided deaths dropped": (["C64"], checks, "UCDP_DEATHS", ("state_based", "non_state")),
    "deaths by the state alone": (["C65"], checks, "ONE_SIDED", ("one_sided_any_government",)),
    "two countries for three": (["C64"], checks, "SAHEL", ("MLI", "BFA")),
    "the mean for the median": (["C05a"], pd.Series, "median", pd.Series.mean),
    "the median for the mean": (["C09b", "C64", "C65"], pd.Series, "mean", pd.Series.median),
}


@pytest.mark.parametrize(("claim_ids", "place", "name", "wrong"), CODE.values(), ids=CODE)
def test_a_fault_in_the_rule_or_in_a_check_is_caught(monkeypatch, claim_ids, place, name, wrong):
    monkeypatch.setattr(place, name, wrong)
    assert is_caught(seeded("claims", lambda frame: frame), claim_ids) == claim_ids


@pytest.mark.parametrize(
    ("part", "claim_ids"),
    [("dependence", ["C26", "C32", "C35"]), ("origins", ["C61", "C64", "C34"]), ("evidence", ["C55", "C12c"])],
)
def test_a_part_of_the_page_left_out_is_caught(part, claim_ids):
    parts = {name: getattr(PAGE, name) for name in Page.__dataclass_fields__} | {part: None}
    assert is_caught(Audit(seeded("claims", lambda frame: frame).collection, Page(**parts)), claim_ids) == claim_ids


def test_a_check_dropped_is_caught():
    for claim_id in ("C01", "C19", "C40", "C61"):
        left = {name: check for name, check in PAGE.checks.items() if name != claim_id}
        parts = {name: getattr(PAGE, name) for name in Page.__dataclass_fields__} | {"checks": left}
        assert is_caught(Audit(malirussia.collection, Page(**parts)), [claim_id]) == [claim_id]


if __name__ == "__main__" and sys.argv[1:] == ["--renew"]:
    lines = found(Audit(malirussia.collection, PAGE), list(malirussia.load("claims")["claim_id"]))
    with EXPECTED.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *lines])
    print(f"{EXPECTED.name}: {len(lines)} rows")
