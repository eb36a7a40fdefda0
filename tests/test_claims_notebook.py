"""Notebook 06 cannot lie: its shares and counts are recomputed, and a false value or picture is found."""

from __future__ import annotations

import functools
import re

import false_notebook
import pandas as pd
import pytest

import malirussia
from malirussia import outputs

pytestmark = pytest.mark.slow

NAME = "06_claims"
STORED = false_notebook.stored(NAME)
CONTRADICTED = ["C03", "C12c", "C12d", "C25", "C29", "C31d", "C34", "C49", "C61"]


@functools.cache
def audit(*without):
    """Return the verdicts, or those that there would be *without* the tables of dependence or of origins."""
    return malirussia.audit(**{name: pd.DataFrame() for name in without})


def said(kind):
    """Return what the notebook says: its answer, its findings or its readings, in one text."""
    return " ".join(sentence.text for sentence in outputs.sentences(STORED, kind))


def test_the_answer_gives_the_shares_of_all_verdicts():
    share = audit()["verdict"].value_counts(normalize=True).mul(100).round().astype(int)
    assert share["confirmed"] == 36
    answer = said("answer")
    assert f"confirm {share['confirmed']}% of the page's {len(audit())} claims" in answer
    assert f"bear out {share['partly confirmed']}% in part and contradict {share['contradicted']}%" in answer
    assert f"For {share['not independently confirmed']}% no independent source" in answer


def test_the_first_finding_holds_the_shares_of_two_themes():
    confirmed = audit().groupby("theme")["verdict"].agg(lambda verdict: (verdict == "confirmed").mean())
    assert (confirmed["deployment"], confirmed["aid"], confirmed["trade"]) == pytest.approx((10 / 15, 4 / 23, 0))
    assert "Wagner's deployment the records confirm 67%, of those on Soviet aid 17%" in said("finding")


def test_the_errors_anyone_can_look_up_are_those_of_the_records():
    speech = malirussia.evidence("C49").query("independent")["start"].unique()
    assert list(speech) == [pd.Timestamp("2021-06-14")]
    names = malirussia.load("deployment_statement_counts")["signatories_named"].dropna()
    assert set(names) == {15}
    assert "dated 7 days late, and 16 signatories of a joint statement were 15" in said("finding")


def test_two_of_sixteen_quantities_are_confirmed():
    verdicts = audit().query("kind == 'quantity'").set_index("claim_id")["verdict"]
    assert list(verdicts[verdicts == "confirmed"].index) == ["C52", "C59"]
    assert (len(verdicts), (verdicts == "not independently confirmed").sum()) == (16, 9)
    assert "Of 16 quantities on the page the records confirm 2. For 9" in said("finding")
    assert "The picture has 13 of the 16; for the others no number but the page's speaks to the claim" in said(
        "reading"
    )


def test_the_rows_of_numbers_are_the_quantities_for_which_another_number_was_found():
    cell, _ = false_notebook.figure(STORED, "fig_06_02")
    place = STORED.cells.index(cell)
    (names,) = [one.source for one in STORED.cells[:place] if one.source.startswith("about =")]
    order = re.findall(r'"(C\w+)": "', names)
    claims = audit().query("kind == 'quantity'")["claim_id"]
    found = pd.concat([malirussia.evidence(claim) for claim in claims])
    found = found.query("stance != 'context' and relation != 'page'").dropna(subset="unit")
    witnessed = found.groupby("claim_id")["independent"].any()
    assert set(order) == set(witnessed.index)
    assert [bool(witnessed[claim]) for claim in order] == sorted(witnessed, reverse=True)


def test_under_every_rule_the_deployment_holds_better_than_aid():
    dependence = malirussia.load("claims_dependence")
    rules = [{"strictness": 2}, {"strictness": 0.5}, {"dependence": dependence.query("confidence == 'high'")}]
    rules += [{"dependence": pd.DataFrame()}, {"origins": pd.DataFrame()}]
    shares = [
        malirussia.audit(**asked).groupby("theme")["verdict"].agg(lambda verdict: (verdict == "confirmed").mean())
        for asked in rules
    ]
    least = min(share["deployment"] / share["aid"] for share in shares)
    assert f"at least {least:.1f} times as often" in said("reading")
    assert [share.idxmax() for share in shares] == ["diplomacy"] + ["deployment"] * 4


def test_copies_would_move_fourteen_verdicts():
    usual, copied = audit()["verdict"].astype("str"), audit("dependence")["verdict"].astype("str")
    more = (copied == "confirmed").sum() - (usual == "confirmed").sum()
    assert [(usual != copied).sum(), more] == [14, 6]
    assert "14 verdicts would change. 6 more claims would pass for confirmed" in said("finding")


def test_the_worked_example_has_nine_publishers_and_one_origin():
    by = {name: one.set_index("claim_id").loc["C61"] for name, one in (("origin", audit()), ("name", audit("origins")))}
    assert [by["origin"]["independent"], by["name"]["independent"]] == [1, 9]
    weak = malirussia.evidence("C61").query("independent and stance == 'supports'")
    assert list(weak["reliability"]) == ["weak"]
    assert "By publisher there would be 9 witnesses, one of them a weak dissent; by origin there is 1." in said(
        "reading"
    )


def test_loans_are_said_to_be_close_to_the_debt_and_no_more():
    debt = malirussia.load("aid_debt_by_creditor").query("partner == 'RUS' and measure == 'stock_end_year'")
    assert debt.set_index("year")["value_musd"][2000] == pytest.approx(566.4, abs=0.05)
    text = said("reading")
    assert (
        "570 million dollars of loans are close to the 566.4 million that Mali owed Russia at the end of 2000" in text
    )
    assert "equal" not in text


def test_every_claim_stands_in_the_ledger_and_every_contradicted_one_in_its_table():
    tables = {kept.id: kept.grid.rows for kept, _ in outputs.shown(STORED) if isinstance(kept, outputs.Table)}
    verdicts = audit().astype({"verdict": "str"})
    ledger = [[row[0], row[3]] for row in tables["tab_06_03"]]
    assert ledger == verdicts[["claim_id", "verdict"]].to_numpy().tolist()
    told = {row[0]: row[2] for row in tables["tab_06_01"]}
    assert [claim for claim, verdict in told.items() if verdict == "contradicted"] == CONTRADICTED
    assert [claim for claim, verdict in told.items() if verdict == "disputed"] == ["C30", "C31e"]


def test_the_invented_claims_come_out_as_they_should():
    """The coup came on 24 May, imports were near four billion, the USSR outlived Traoré's rule by nine months."""
    (shown,) = [
        output.data["text/plain"]
        for cell in STORED.cells
        if cell.source.startswith("tried =")
        for output in cell.outputs
    ]
    assert re.findall(r"contradicted|confirmed", shown) == ["contradicted", "confirmed", "contradicted"]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        pytest.param("total = len(verdicts)", "total = 66", "'total' in answer() is the literal '66'", id="a total"),
        pytest.param(
            "days = (speech - held).dt.days.max()", "days = 6", "'days' in finding() is the literal '6'", id="days"
        ),
        pytest.param(
            "Of {asked_n} quantities", "Of 15 quantities", "the number 15 is typed into finding()", id="a count"
        ),
    ],
)
def test_a_false_value_is_refused(tmp_path, old, new, fault):
    assert fault in false_notebook.faults(NAME, tmp_path, old, new, "N34", "N35")


FALSE = {
    "right": ("fig_06_01", "", "", ""),
    "a share of another verdict": (
        "fig_06_01",
        "barh(names, shares[verdict]",
        "barh(names, shares[verdict].sort_values()",
        "fig_06_01 draws: bars 'confirmed', blue",
    ),
    "exchanged colours": (
        "fig_06_01",
        "[fg.BLUE, fg.SKY, fg.VERMILION, fg.GREY]",
        "[fg.VERMILION, fg.SKY, fg.BLUE, fg.GREY]",
        "fig_06_01 draws: bars 'confirmed', vermilion",
    ),
    "witnesses and copies exchanged": (
        "fig_06_02",
        'points.query("independent")',
        'points.query("not independent")',
        "fig_06_02 lacks: line 'witness', blue marker o",
    ),
    "a range not drawn": (
        "fig_06_02",
        'ax.hlines(ranges["claim_id"].map(order.index), ranges["low"], ranges["high"], color=fg.BLUE)\n',
        "",
        "fig_06_02 lacks: ranges, blue",
    ),
}


@pytest.fixture(scope="module")
def drawn():
    return false_notebook.draw(NAME, FALSE)


@pytest.mark.parametrize("fault", FALSE)
def test_a_wrong_picture_differs_from_the_stored_one_in_the_mark_that_is_wrong(drawn, fault):
    figure_id, _, _, told = FALSE[fault]
    changes = false_notebook.changed_marks(false_notebook.figure(STORED, figure_id)[1], drawn[fault])
    assert told in changes if told else changes == ""


def test_figures_are_few_and_told_in_twenty_to_sixty_words():
    shown = [about for about, _ in outputs.shown(STORED) if isinstance(about, outputs.Figure)]
    assert [one.id for one in shown] == ["fig_06_01", "fig_06_02"]
    for one in shown:
        assert 20 <= len(one.alt.split()) <= 60, one.id
        assert not re.search(r"[{}]", one.title + one.subtitle + one.alt), one.id
