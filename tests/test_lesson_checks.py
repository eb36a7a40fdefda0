"""The checks of the lessons: what they accept, and what they say to what they refuse."""

from __future__ import annotations

import datetime
import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from malirussia import lessons
from malirussia.lessons import Check, NotSolved, whole

RIGHT = pd.DataFrame({"partner": ["FRA", "RUS", "CHN"], "share": [0.5, 0.3, np.nan]})


def verdict(answer, kind, right, **options):
    """Return what a check says to *answer*: *kind* is the visible step as (method, arguments)."""
    method, *arguments = kind
    check = Check("x", {"x": answer})
    getattr(check, method)(*arguments)
    check.equal(right, **options)
    try:
        check.report()
    except NotSolved as refused:
        return str(refused)
    return "x: solved."


def number(answer, right=0.25, **options):
    return verdict(answer, ("number", 0, 1, "is it percent?"), right, **options)


def table(answer, **options):
    return verdict(answer, ("table", ["partner", "share"], ["partner"]), RIGHT, **options)


@pytest.mark.parametrize("answer", [0.25, 0.2500001, np.float64(0.25), np.float32(0.25)])
def test_a_number_is_accepted_in_any_type(answer):
    assert number(answer) == "x: solved."


def test_whole_numbers_are_accepted_in_any_type():
    for answer in (1, 1.0, np.int64(1), pd.array([1], dtype="Int64")[0]):
        assert number(answer, right=1) == "x: solved."


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "x: not solved yet."),
        (..., "x: not solved yet."),
        (25, "is it percent?"),
        (0.9, "this is not it."),
        (0.251, "was it rounded"),
        ("0.25", "a number is wanted, and this is a text."),
        (True, "a number is wanted, and this is true or false."),
        (float("nan"), "it is empty (NaN)"),
        (pd.NA, "it is empty (NaN)"),
        (float("inf"), "is something divided by zero?"),
        (pd.Series([0.25]), "take it out with .item()"),
        (pd.Series([0.25, 0.3]), "this is a Series of 2."),
        ([1, 2], "this is a list of 2."),
        ({"a": 1}, "is it built as the task says?"),
    ],
)
def test_what_is_said_to_a_wrong_number(answer, said):
    assert said in number(answer)


def test_the_year_beside_the_right_one_is_not_near():
    assert verdict(1978, ("number",), 1979) == "x: not yet: this is not it."


@pytest.mark.parametrize(
    "answer",
    [
        RIGHT,
        RIGHT.iloc[::-1],
        RIGHT.assign(note="more"),
        RIGHT.set_index("partner"),
        RIGHT.set_index("partner")["share"],
        RIGHT.assign(partner=RIGHT["partner"].astype("category")),
        RIGHT.assign(share=RIGHT["share"].astype("Float64") + 1e-9),
        RIGHT.set_index(pd.Index([7, 7, 9])),
    ],
)
def test_a_table_is_accepted_in_any_order_and_shape(answer):
    assert table(answer) == "x: solved."


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (3, "a table is wanted, and this is a number."),
        (RIGHT.rename(columns={"share": "part"}), "columns are missing: share. Yours are partner, part."),
        (RIGHT.iloc[:0], "the table has no rows"),
        (pd.concat([RIGHT, RIGHT]), "one row for each partner is wanted, and FRA stands more than once."),
        (RIGHT.iloc[:2], "some rows are missing: 1 of them, the first for CHN."),
        (RIGHT.replace("RUS", "SUN"), "some rows should not be there: 1 of them, the first for SUN."),
        (RIGHT.assign(share=[0.3, 0.5, None]), "the column share is not it in 2 of 3 rows, the first for FRA."),
        (RIGHT.fillna(0), "the column share is not it in 1 of 3 rows, the first for CHN."),
        (RIGHT.assign(share=["0.5", "0.3", None]), "the column share is not it in 2 of 3 rows"),
        (RIGHT.assign(share=[0.501, 0.299, None]), "the first for FRA. It is near: was it rounded?"),
        (RIGHT.assign(share="much"), "the column share is not it in 2 of 3 rows"),
    ],
)
def test_what_is_said_to_a_wrong_table(answer, said):
    assert said in table(answer)


def test_years_and_dates_are_keys_in_any_type():
    right = pd.DataFrame({"year": [2010, 2011], "n": [1, 2]})
    for year in ([2010.0, 2011.0], ["2010", "2011"], [np.int32(2010), np.int32(2011)]):
        assert verdict(right.assign(year=year), ("table", ["year", "n"], ["year"]), right) == "x: solved."
    right = pd.DataFrame({"date": pd.to_datetime(["2021-12-01"]), "n": [1]})
    for date in ([datetime.date(2021, 12, 1)], ["2021-12-01"], [np.datetime64("2021-12-01")]):
        assert verdict(right.assign(date=date), ("table", ["date", "n"], ["date"]), right) == "x: solved."


def test_columns_of_text_truth_and_dates_are_compared():
    right = pd.DataFrame(
        {"k": [1, 2], "word": ["a", None], "true": [True, False], "day": pd.to_datetime(["2020-01-01"] * 2)}
    )
    step = ("table", list(right), ["k"])
    assert verdict(right.assign(day=["2020-01-01"] * 2), step, right) == "x: solved."
    for column, wrong in (("word", ["a", "b"]), ("true", [True, True]), ("day", ["2020-01-01", "2020-01-02"])):
        assert f"the column {column} is not it in 1 of 2 rows" in verdict(right.assign(**{column: wrong}), step, right)


@pytest.mark.parametrize("answer", [["FRA", "RUS"], {"RUS", "FRA"}, ("FRA", "RUS", "FRA"), pd.Series(["RUS", "FRA"])])
def test_names_are_accepted_in_any_collection(answer):
    assert verdict(answer, ("names",), ["FRA", "RUS"]) == "x: solved."


def test_years_are_names_too():
    assert verdict(pd.Index([1964.0, 1965.0]), ("names",), [1964, 1965]) == "x: solved."


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("FRA", "a list or a column is wanted, and this is a text."),
        (3, "a list or a column is wanted, and this is a number."),
        (RIGHT, "take its column"),
        (RIGHT.to_numpy(), "take its column"),
        ([], "does a filter leave nothing?"),
        (["FRA"], "the list differs (missing: 1)."),
        (["FRA", "RUS", "USA"], "the list differs (not wanted: USA)."),
    ],
)
def test_what_is_said_to_wrong_names(answer, said):
    assert said in verdict(answer, ("names",), ["FRA", "RUS"])


def test_a_word_is_compared_without_capitals_and_spaces():
    assert verdict(" CIF", ("word", "cif", "fob"), "cif") == "x: solved."
    assert "this is not it." in verdict("fob", ("word", "cif", "fob"), "cif")
    assert "choose one of: cif, fob." in verdict("c.i.f.", ("word", "cif", "fob"), "cif")
    assert "a word in quotes is wanted, and this is a number." in verdict(1, ("word", "cif", "fob"), "cif")


def test_a_known_mistake_gets_its_own_words_and_others_the_hint():
    options = {"mistakes": {"these are exports": 0.75}, "hint": "Divide by the total."}
    assert number(0.75, **options) == "x: not yet: these are exports"
    assert number(0.6, **options) == "x: not yet: this is not it. Divide by the total."
    other = RIGHT.assign(share=[0.1, 0.2, 0.7])
    assert table(other, mistakes={"these are exports": other}) == "x: not yet: these are exports"


def test_the_first_fault_is_the_feedback_and_shows_what_was_found():
    check = Check("x", {"x": RIGHT.assign(share=[0.9, 0.8, 0.0])})
    check.table(["partner", "share"], key=["partner"])
    check.expect(lambda d: d["share"].sum(), 1, "your shares add up to {found:.1f}")
    check.expect(lambda d: 1 / 0, 1, "never said")
    check.equal(RIGHT)
    with pytest.raises(NotSolved, match=r"x: not yet: your shares add up to 1\.7"):
        check.report()


def test_a_measure_that_fails_is_a_fault_of_the_answer():
    check = Check("x", {"x": 3})
    check.expect(lambda d: d["share"], 1, "never said")
    check.equal(3)
    with pytest.raises(NotSolved, match=r"cannot read it \(TypeError\)"):
        check.report()


@pytest.mark.parametrize(
    ("answer", "said"),
    [(None, "not solved yet."), (7, "not yet: is it percent?"), (0.1, "nothing speaks against it so far.")],
)
def test_without_the_hidden_part_a_check_speaks_and_never_stops(answer, said, capsys):
    check = Check("x", {"x": answer})
    check.number(0, 1, "is it percent?")
    check.report()
    assert capsys.readouterr().out.startswith(f"x: {said}")


@pytest.mark.parametrize("names", [{}, {"x": None}, {"x": ...}])
def test_a_cell_that_ended_with_an_error_is_no_answer_that_nobody_has_begun(names):
    ran = SimpleNamespace(error_in_exec=KeyError("shre"), error_before_exec=None)
    check = Check("x", names | {"get_ipython": lambda: SimpleNamespace(last_execution_result=ran)})
    assert check.fault == "not solved yet: the cell before ended with an error (KeyError); mend that first."
    ran.error_in_exec = None
    assert Check("x", names | {"get_ipython": lambda: None}).fault == Check("x", names).fault == "not solved yet."
    ran.error_before_exec = SyntaxError()
    check = Check("x", names | {"get_ipython": lambda: SimpleNamespace(last_execution_result=ran)})
    assert "an error (SyntaxError)" in check.fault


def desk(answer, kind, seal, capsys):
    """Return what a check says at the desk."""
    check = Check("x", {"x": answer})
    getattr(check, kind[0])(*kind[1:])
    check.sealed(seal)
    check.report()
    return capsys.readouterr().out


SEALED = [
    (("number",), 0.25, [0.25 + 1e-12, np.float32(0.25)], [0.251, 0.2502, -0.25, 25, 0]),
    (("number",), 0, [0.0, 1e-15], [1, 1e-6]),
    (("names",), ["FRA", "RUS"], [("RUS", "FRA"), pd.Series(["FRA", "RUS", "RUS"])], [["FRA"], ["FRA", "RUS", "CHN"]]),
    (
        ("table", ["partner", "share"], ["partner"]),
        RIGHT,
        [RIGHT.iloc[::-1], RIGHT.set_index("partner")["share"], RIGHT.assign(share=RIGHT["share"] + 1e-12)],
        [RIGHT.fillna(0), RIGHT.iloc[:2], RIGHT.assign(share=[0.3, 0.5, np.nan]), RIGHT.replace("RUS", "SUN")],
    ),
]


@pytest.mark.parametrize(("kind", "right", "same", "wrong"), SEALED)
def test_the_seal_tells_a_wrong_answer_at_the_desk_and_not_the_right_one(kind, right, same, wrong, capsys):
    check = Check("x", {"x": right})
    getattr(check, kind[0])(*kind[1:])
    seal = lessons._seal("x", check.answer, check.key)
    assert re.fullmatch("[0-9a-f]{8}", seal)
    for answer in (right, *same):
        assert "nothing speaks against it so far" in desk(answer, kind, seal, capsys)
    for answer in wrong:
        assert desk(answer, kind, seal, capsys).startswith("x: not yet: this is not it.")


def test_the_grade_says_more_than_the_seal():
    check = Check("x", {"x": 0.5})
    check.number()
    check.sealed("00000000")
    check.equal(0.25, mistakes={"this is twice as much": 0.5})
    with pytest.raises(NotSolved, match=r"^x: not yet: this is twice as much$"):
        check.report()


def test_numbers_are_whole_within_the_tolerance():
    assert whole(24 * 102.6666667)
    assert whole(pd.Series([12.9999999, 0, -3]))
    assert not whole([12, 12.4])
    assert not whole(float("nan"))
