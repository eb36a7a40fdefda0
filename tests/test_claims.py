"""The claims audit: the rule, the evidence of this page, and that a changed figure moves a verdict."""

from __future__ import annotations

import csv
import shutil
import sys

import numpy as np
import pandas as pd
import pytest

import malirussia
import malirussia.claims
from malirussia.claims import Audit, rows, select
from malirussia.claims.globalsecurity import PAGE
from malirussia.claims.globalsecurity.checks import CHECKS
from malirussia.claims.rule import VERDICTS, claimed, publisher, stances, verdict
from malirussia.collection import Collection
from malirussia.package import Package, UnknownNameError


@pytest.fixture(scope="module")
def audit():
    """The verdicts on the page, by claim."""
    return malirussia.audit().set_index("claim_id")


@pytest.fixture
def copy(tmp_path):
    """A copy of the collection whose cells a test may change."""
    shutil.copytree(malirussia.collection.package.root, tmp_path / "data")
    return Collection(tmp_path)


def change(collection, table, column, text, **where):
    """Write *text* into *column* of the rows of *table* whose cells are those of *where*; at least one row."""
    package = collection.package
    path = package.root / package.resource(table)["path"]
    with path.open(encoding="utf-8", newline="") as file:
        table_rows = list(csv.DictReader(file))
    hit = [row for row in table_rows if all(row[name] in cells for name, cells in where.items())]
    assert hit, f"no row of {table} with {where}"
    for row in hit:
        row[column] = text
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(table_rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table_rows)


# The page


def test_every_claim_has_a_verdict_with_its_reason(audit):
    assert list(audit.index) == list(malirussia.load("claims")["claim_id"])
    assert len(audit) == 66
    assert audit["verdict"].isin(VERDICTS).all()
    assert audit["confidence"].isin(["high", "medium", "low"]).all()
    assert (audit["reason"].str.len() > 15).all()
    assert audit["reason"].str.endswith(".").all()
    assert not audit["reason"].str.contains(r"\bnan\b|None|NaT").any()


def test_every_kind_of_verdict_occurs(audit):
    assert set(audit["verdict"]) == set(VERDICTS)


def test_evidence_names_source_place_and_table():
    found = malirussia.evidence("C37")
    assert list(found["source_id"]) == ["imf-dots-2022"]
    assert found.loc[0, ["stance", "independent", "relation", "table"]].to_list() == [
        "supports",
        False,
        "origin",
        "trade_dyad_annual",
    ]
    assert found["locator"].str.len().min() > 0


@pytest.mark.parametrize(
    ("claim", "value", "words"),
    [
        ("C37", 20.651768, "Russia's report of both directions; Mali's side, of unknown origin, has 0.1"),
        ("C38", 6.589527, "Russia's report of both directions; Mali's side, of unknown origin, has 11.4"),
        ("C39", -68.1, "-68 % in Russia's reports; Mali's side, of unknown origin, goes from 0.1 to 11.4 million"),
    ],
)
def test_trade_is_judged_by_russia_s_reports_which_the_page_probably_follows(audit, claim, value, words):
    found = malirussia.evidence(claim).iloc[0]
    assert found["value"] == pytest.approx(value, abs=0.05 if claim == "C39" else 1e-6)
    assert (found["finding"], found["stance"], found["relation"]) == (words, "supports", "origin")
    assert audit.loc[claim, ["verdict", "confidence"]].to_list() == ["not independently confirmed", "medium"]


@pytest.mark.parametrize("claim", ["C08", "C37", "C38", "C39", "C40"])
def test_no_claim_rests_on_the_estimates_and_zeros_of_correlates_of_war(claim):
    assert "cow-trade-v4" not in set(malirussia.evidence(claim)["source_id"])


def test_an_unknown_claim_is_named_with_its_neighbours():
    with pytest.raises(UnknownNameError, match=r"no claim 'C99'.*audit\(\) lists all 66"):
        malirussia.evidence("C99")


@pytest.mark.slow
def test_audit_and_evidence_read_each_table_once(monkeypatch):
    read, load = [], Package.load
    monkeypatch.setattr(Package, "load", lambda self, name: read.append(name) or load(self, name))
    collection = Collection()
    for claim in malirussia.claims.audit(collection)["claim_id"]:
        malirussia.claims.evidence(collection, claim)
    malirussia.claims.audit(collection, strictness=2)
    malirussia.claims.audit(collection, dependence=pd.DataFrame())
    assert len(read) > 20
    assert sorted(set(read)) == sorted(read)


def test_what_is_done_to_a_frame_of_evidence_stays_with_it():
    found = malirussia.evidence("C37")
    found["stance"] = "contradicts"
    assert "contradicts" not in set(malirussia.evidence("C37")["stance"])


def test_a_table_that_has_changed_is_audited_anew(copy):
    first = malirussia.claims.evidence(copy, "C55")["stance"]
    change(copy, "claims_evidence", "stance", "contradicts", claim_id=["C55"])
    assert "contradicts" not in set(first)
    assert "contradicts" in set(malirussia.claims.evidence(copy, "C55")["stance"])


def test_checks_are_for_claims_of_the_page():
    assert sorted(set(CHECKS) - set(malirussia.load("claims")["claim_id"])) == []


def test_the_package_does_not_load_the_audit():
    import subprocess

    code = "import sys, malirussia; print('malirussia.claims' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "False"


def test_rows_that_read_another_table_name_its_source_and_place():
    frame = malirussia.load("claims_evidence").dropna(subset="table")
    assert len(frame) > 30
    for name, group in frame.groupby("table"):
        key = malirussia.collection.package.resource(name)["schema"]["primaryKey"][0]
        read = malirussia.load(name).set_index(key).loc[group["row_id"], ["source_id", "locator"]]
        assert read.to_numpy().tolist() == group[["source_id", "locator"]].to_numpy().tolist()
        assert group[["value", "low", "high", "start"]].isna().all(axis=None)


@pytest.mark.parametrize("table", ["aid_projects", "aid_amounts", "aid_education_claims"])
def test_what_a_table_calls_dependent_is_no_witness(table):
    flagged = malirussia.load(table).query("not independent")
    dependent = set(zip(flagged["source_id"], flagged["locator"], strict=True))
    audit = Audit(malirussia.collection, PAGE)
    aid = malirussia.load("claims").query("theme == 'aid'")["claim_id"]
    found = pd.concat([audit.evidence(claim) for claim in aid]).query("table == @table")
    among = np.array([pair in dependent for pair in zip(found["source_id"], found["locator"], strict=True)])
    assert among.any()
    assert found.loc[among & found["independent"], ["claim_id", "source_id"]].to_numpy().tolist() == []


# A changed figure moves the verdict, for every kind of claim and for what else the rule looks at

PRESS_LISTS = ["ansa-2021-12-24", "journaldumali-2021-12", "reuters-2021-12-23", "upi-2021-12-24"]
EVSTIGNEEVA = {"event_id": ["2021-06-14-evstigneeva"]}


@pytest.mark.parametrize(
    ("claim", "edits", "before", "after"),
    [
        pytest.param(
            "C54",
            [("deployment_reports", "date", "2019-12-20", {"conflict_group": ["putin-2018"]})],
            "confirmed",
            "contradicted",
            id="date",
        ),
        pytest.param(
            "C49",
            [
                ("events", "date", "2021-06-21", EVSTIGNEEVA),
                ("claims_evidence", "start", "2021-06-21", {"claim_id": ["C49"]}),
            ],
            "contradicted",
            "confirmed",
            id="date of the speech",
        ),
        pytest.param(
            "C03",
            [("aid_projects", "value", "4", {"measure": ["plan_length"]})],
            "contradicted",
            "confirmed",
            id="quantity",
        ),
        pytest.param(
            "C61",
            [("deployment_statement_counts", "signatories_named", "16", {"signatories_named": ["15"]})],
            "contradicted",
            "disputed",
            id="quantity, exact",
        ),
        pytest.param(
            "C59",
            [("deployment_personnel", "value", "400", {"date_precision": ["day", "month"], "country": ["MLI"]})],
            "confirmed",
            "disputed",
            id="quantity, at least",
        ),
        pytest.param(
            "C58",
            [("deployment_fx_daily", "usd_per_eur", "1.15", {"date": ["2021-09-13"]})],
            "confirmed",
            "contradicted",
            id="arithmetic",
        ),
        pytest.param(
            "C62",
            [("deployment_statement_lists", "country", "CAN", {"country": ["NOR", "SWE"]})],
            "confirmed",
            "contradicted",
            id="arithmetic on a list",
        ),
        pytest.param(
            "C53",
            [("deployment_countries", "role", "non_military", {"country": ["MOZ"]})],
            "confirmed",
            "partly confirmed",
            id="list",
        ),
        pytest.param(
            "C63",
            [("deployment_statement_lists", "country", "USA", {"country": ["EST"]})],
            "confirmed",
            "contradicted",
            id="list, absence",
        ),
        pytest.param(
            "C45",
            [("military_agreements", "source_id", "maliweb-2011-40276", {"row_id": ["group-2013"]})],
            "partly confirmed",
            "confirmed",
            id="list, a member seen by a witness",
        ),
        pytest.param(
            "C28",
            [("aid_projects", "date", "1955-01-01", {"conflict_group": ["kalana-opening"]})],
            "confirmed",
            "contradicted",
            id="event",
        ),
        pytest.param(
            "C10",
            [("military_arms_imports", "tiv_m", "90", {"year": ["1969"]})],
            "confirmed",
            "disputed",
            id="characterisation by a threshold",
        ),
        pytest.param(
            "C55",
            [("claims_evidence", "stance", "contradicts", {"claim_id": ["C55"]})],
            "confirmed",
            "contradicted",
            id="characterisation by a reading",
        ),
        pytest.param(
            "C42",
            [("military_agreements", "date", "2003-07-04", {"row_id": ["ratification-2024-07-04"]})],
            "partly confirmed",
            "confirmed",
            id="characterisation by a date",
        ),
        pytest.param(
            "C64",
            [
                ("deployment_acled_country_year", "value", "10", {"year": ["2022", "2023", "2024"]}),
                ("deployment_ucdp_country_year", "deaths", "0", {"year": ["2022", "2023", "2024"]}),
            ],
            "partly confirmed",
            "contradicted",
            id="forecast",
        ),
        pytest.param(
            "C36",
            [("claims", "checkable", "true", {"claim_id": ["C36"]})],
            "not checkable",
            "not independently confirmed",
            id="what cannot be checked",
        ),
        pytest.param(
            "C37",
            [("claims_dependence", "source_id", "wits", {"source_id": ["imf-dots-2022"]})],
            "not independently confirmed",
            "confirmed",
            id="dependence",
        ),
        pytest.param(
            "C30",
            [("sources", "reliability", "good", {"source_id": ["bamada-59ans"]})],
            "disputed",
            "contradicted",
            id="reliability of the only witness",
        ),
    ],
)
def test_a_changed_figure_moves_the_verdict(copy, audit, claim, edits, before, after):
    assert audit.loc[claim, "verdict"] == before
    for table, column, text, where in edits:
        change(copy, table, column, text, **where)
    assert Audit(copy, PAGE).verdict(claim)["verdict"] == after


def test_without_heed_of_dependence_copies_count_as_witnesses(audit):
    blind = malirussia.audit(dependence=pd.DataFrame()).set_index("claim_id")
    moved = blind.index[blind["verdict"] != audit["verdict"]]
    assert {"C32", "C35", "C37", "C38", "C39"} <= set(moved)
    assert blind.loc["C37", "verdict"] == "confirmed"
    assert (blind["independent"] >= audit["independent"]).all()


def test_halved_tolerances_can_only_make_numbers_harder_to_meet():
    loose, strict = (Audit(malirussia.collection, PAGE, strictness).evidence("C56") for strictness in (1, 2))
    assert loose.loc[loose["value"].between(5500, 5600), "stance"].eq("supports").all()
    assert strict.loc[strict["value"].between(5500, 5600), "stance"].eq("contradicts").all()


# The rule by itself


def claim_of(kind="quantity", **changes):
    about = {"claim_id": "T1", "kind": kind, "value": 100.0, "unit": "t", "qualifier": "exact", "members": None}
    about |= {"start": pd.Timestamp("2020-03-10"), "end": pd.NaT, "date_precision": "day"}
    about |= {"checkable": True, "note": "A wish", "tolerance_pct": float("nan"), **changes}
    return next(pd.DataFrame([about]).astype({"end": "datetime64[us]"}).itertuples())


def evidence_of(*cells, **shared):
    """Rows of evidence, independent and of good sources unless *cells* say otherwise."""
    blank = {"stance": None, "value": None, "low": None, "high": None, "start": None, "end": None}
    blank |= {"date_precision": "day", "member": None, "finding": "seen", "unit": "t", "independent": True}
    blank |= {"publisher": "A", "reliability": "good", "relation": "independent"}
    frame = pd.DataFrame([blank | shared | one for one in cells])
    numbers = dict.fromkeys(("value", "low", "high"), "float64")
    return frame.astype({**numbers, "start": "datetime64[us]", "end": "datetime64[us]", "stance": "object"})


@pytest.mark.parametrize(
    ("changes", "cells", "expected"),
    [
        ({}, {"value": 110}, "supports"),
        ({}, {"value": 111}, "contradicts"),
        ({}, {"value": 89}, "contradicts"),
        ({}, {"low": 105, "high": 130}, "supports"),
        ({}, {"low": 111, "high": 130}, "contradicts"),
        ({}, {}, "context"),
        ({"value": float("nan")}, {"value": 5}, "context"),
        ({"qualifier": "at_least"}, {"value": 900}, "supports"),
        ({"qualifier": "at_least"}, {"value": 80}, "contradicts"),
        ({"tolerance_pct": 0.0}, {"value": 101}, "contradicts"),
        ({"kind": "arithmetic"}, {"value": 102}, "supports"),
        ({"kind": "arithmetic"}, {"value": 103}, "contradicts"),
        ({"kind": "date"}, {"start": "2020-03-11"}, "supports"),
        ({"kind": "date"}, {"start": "2020-03-12"}, "contradicts"),
        ({"kind": "date"}, {"start": "2020-03-01", "date_precision": "month"}, "partly"),
        ({"kind": "date"}, {"start": "2020-03-05", "end": "2020-03-20"}, "partly"),
        ({"kind": "date"}, {"start": "2019-01-01", "date_precision": "year"}, "contradicts"),
        ({"kind": "date", "date_precision": "month"}, {"start": "2020-03-31"}, "supports"),
        ({"kind": "date"}, {}, "context"),
        ({"kind": "event", "date_precision": "year"}, {"start": "2020-12-31"}, "supports"),
        ({"kind": "event", "date_precision": "month"}, {"start": "1959-01-01"}, "contradicts"),
        ({"kind": "event", "start": pd.NaT}, {"start": "1959-01-01"}, "context"),
        ({"kind": "forecast"}, {"value": 9.9}, "context"),
        ({"kind": "forecast"}, {"value": 40}, "partly"),
        ({"kind": "forecast"}, {"value": -40}, "contradicts"),
        ({}, {"value": 100, "stance": "context"}, "context"),
    ],
)
def test_a_stance_is_computed_by_kind_unless_it_is_coded(changes, cells, expected):
    assert list(stances(claim_of(**changes), evidence_of(cells))) == [expected]


def test_the_members_of_a_list_are_looked_for_among_the_witnesses():
    claim = claim_of("list", members="X;Y")
    x, y, z = {"member": "X"}, {"member": "Y"}, {"member": "Z"}
    assert list(stances(claim, evidence_of(x, y, z))) == ["supports", "supports", "context"]
    assert list(stances(claim, evidence_of(x, {**y, "independent": False}))) == ["partly", "partly"]


S, P, C = ({"stance": stance} for stance in ("supports", "partly", "contradicts"))
WEAK, B = {"reliability": "weak"}, {"publisher": "B"}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([S], ("confirmed", "medium")),
        ([S, S], ("confirmed", "medium")),
        ([S, S | B], ("confirmed", "high")),
        ([S | {"reliability": "primary"}], ("confirmed", "high")),
        ([S | WEAK], ("partly confirmed", "low")),
        ([S | WEAK, S | WEAK | B], ("confirmed", "low")),
        ([P], ("partly confirmed", "medium")),
        ([P, C | B], ("partly confirmed", "medium")),
        ([C], ("contradicted", "medium")),
        ([C | WEAK], ("disputed", "low")),
        ([S, C | B], ("disputed", "low")),
        ([S, S | B, S | {"publisher": "D"}, C | {"publisher": "E"}], ("confirmed", "medium")),
        ([C, C | B, C | {"publisher": "D"}, S | {"publisher": "E"}], ("contradicted", "medium")),
        ([S | {"independent": False, "relation": "copy"}], ("not independently confirmed", "low")),
        ([S | {"independent": False, "relation": "origin"}], ("not independently confirmed", "medium")),
        ([{"stance": "context"}], ("not independently confirmed", "low")),
    ],
)
def test_the_verdict_follows_from_the_witnesses(cells, expected):
    found = verdict(claim_of(), evidence_of(*cells))
    assert (found["verdict"], found["confidence"]) == expected
    assert found["evidence"] == len(cells)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "100 t"),
        ({"qualifier": "at_least", "value": 10000.0}, "at least 10,000 t"),
        ({"qualifier": "about", "value": 20.6}, "about 20.6 t"),
        ({"value": float("nan")}, "10 March 2020"),
        ({"value": float("nan"), "date_precision": "month"}, "March 2020"),
        ({"value": float("nan"), "date_precision": "year", "end": pd.Timestamp("2022-12-31")}, "2020 to 2022"),
        ({"value": float("nan"), "start": pd.NaT}, ""),
    ],
)
def test_what_is_claimed_is_said_in_words(changes, expected):
    assert claimed(claim_of(**changes)) == expected


def test_what_cannot_be_checked_says_why():
    found = verdict(claim_of(checkable=False), evidence_of(S))
    assert (found["verdict"], found["reason"]) == ("not checkable", "A wish.")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Reuters, carried by Ynet", "Reuters"),
        ("US Department of State, Office of the Historian", "US Department of State"),
        ("Goemans, Gleditsch, Chiozza", "Goemans, Gleditsch, Chiozza"),
        ("Maliactu (L'Essor archive series)", "Maliactu"),
    ],
)
def test_who_carries_a_text_is_no_second_witness(name, expected):
    assert publisher(name) == expected


# Another page


def test_another_page_is_audited_with_claims_and_small_checks():
    page = pd.DataFrame(
        {
            "claim_id": ["T1", "T2", "T3"],
            "theme": ["trade", "trade", "trade"],
            "kind": ["quantity", "characterisation", "quantity"],
            "statement": ["Imports were 23 million", "They fell", "Nobody counted"],
            "value": [23.0, None, 5.0],
            "unit": ["million USD", "", "t"],
        }
    )

    def fell(load, claim):
        frame = load("trade_bilateral").query("series == 'raw' and flow == 'mli_imports_from_rus'").set_index("year")
        stance = "supports" if frame.loc[2014, "value_musd"] < frame.loc[2013, "value_musd"] else "contradicts"
        return rows(frame.loc[[2014]], "trade_bilateral", stance, finding="lower than the year before")

    one = "series == 'raw' and flow == 'mli_imports_from_rus' and year == 2013"
    checks = {"T1": select("trade_bilateral", one, value="value_musd"), "T2": fell}
    found = malirussia.audit(claims=page, checks=checks).set_index("claim_id")
    assert list(found["verdict"]) == ["confirmed", "confirmed", "not independently confirmed"]
    assert malirussia.evidence("T2", claims=page, checks=checks)["finding"].item() == "lower than the year before"


def test_a_check_that_selects_nothing_is_an_error():
    check = select("trade_bilateral", "year == 1900")
    with pytest.raises(LookupError, match="claim T1: no row of 'trade_bilateral' fits 'year == 1900'"):
        check(malirussia.load, claim_of())


@pytest.mark.parametrize(
    "query",
    [
        "date == '2021-12-13'",
        "'2021-12-13' == date",
        'category == "agreement" and date != "2021-12-13"',
        "date in ['2021-12-13']",
        "`date` not in ('2021-12-13',)",
        "date.isin(['2021-12-13'])",
    ],
)
def test_a_check_that_looks_for_a_text_among_dates_is_an_error(query):
    with pytest.raises(ValueError, match=r"claim T1: .* write date\.eq\('2021-12-13'\)"):
        select("events", query)(malirussia.load, claim_of())


@pytest.mark.parametrize("query", ["date.eq('2021-12-13')", "date >= '2021-12-13' and '2021-12-13' >= date"])
def test_a_check_finds_a_date(query):
    assert len(select("events", query)(malirussia.load, claim_of())) == 1
