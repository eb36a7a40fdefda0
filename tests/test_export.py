"""Frames and tables in the files of other tools: cells, labels, units and sources; whole or not at all."""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing

import duckdb
import openpyxl
import pandas as pd
import pytest

import malirussia
from malirussia import export, load, panel
from malirussia.collection import Collection
from malirussia.explore.export import WRITERS
from malirussia.package import UnknownNameError

KINDS = list(WRITERS)
SOURCES = {"sipri-tr-2026-05", "ucdp-ovcy-251"}


@pytest.fixture(scope="module")
def frame():
    return panel(["arms_from_moscow", "deaths"], years=(1997, 2024))


def sqlite(path, query):
    with closing(sqlite3.connect(path)) as connection:
        return pd.read_sql(query, connection)


def parquet_note(path, key):
    rows = duckdb.sql(f"select key, value from parquet_kv_metadata('{path}')").fetchall()
    return pd.DataFrame(json.loads({bytes(name).decode(): bytes(text).decode() for name, text in rows}[key]))


READ = {
    ".csv": pd.read_csv,
    ".xlsx": lambda path: pd.read_excel(path, sheet_name="data"),
    ".parquet": lambda path: duckdb.sql(f"from '{path}'").df(),
    ".dta": pd.read_stata,
    ".sqlite": lambda path: sqlite(path, "select * from data"),
}
NOTES = {
    ".csv": lambda path, key: pd.read_csv(path.with_suffix(f".{key}.csv")),
    ".xlsx": lambda path, key: pd.read_excel(path, sheet_name=key),
    ".parquet": parquet_note,
    ".dta": lambda path, key: pd.read_csv(path.with_suffix(f".{key}.csv")),
    ".sqlite": lambda path, key: sqlite(path, f"select * from {key}"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_panel_comes_back_with_its_cells_labels_units_and_sources(frame, tmp_path, kind):
    path = export(frame, tmp_path / f"panel{kind}")
    read = READ[kind](path)
    pd.testing.assert_frame_equal(read.astype({"country": "str"}), frame, check_dtype=False)
    about = NOTES[kind](path, "columns").set_index("column")
    assert about.at["arms_from_moscow_tiv_m", "label"] == "Major arms delivered by Moscow"
    assert about.at["arms_from_moscow_tiv_m", "unit"].startswith("million TIV")
    assert about.at["arms_from_moscow_tiv_m", "missing_row"].startswith("zero: ")
    assert about.at["year", "label"] == "Year"
    assert set(NOTES[kind](path, "sources")["source_id"]) == SOURCES


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_comes_with_the_words_of_its_description(tmp_path, kind):
    path = export("context_eras", tmp_path / f"eras{kind}")
    about = NOTES[kind](path, "columns").set_index("column")
    assert about.at["start", "label"] == malirussia.headings("context_eras")["start"]
    assert about["meaning"].ne("").all()
    assert set(NOTES[kind](path, "sources")["source_id"]) == set(load("context_eras")["source_id"])


def test_a_day_is_a_day_in_each_kind(tmp_path):
    for kind in KINDS:
        export("context_eras", tmp_path / f"eras{kind}")
    begun = load("context_eras")["start"].iloc[0]
    assert duckdb.sql(f"select start from '{tmp_path}/eras.parquet'").fetchone()[0] == begun.date()
    assert pd.read_stata(tmp_path / "eras.dta")["start"].iloc[0] == begun
    assert pd.read_csv(tmp_path / "eras.csv")["start"].iloc[0] == f"{begun:%Y-%m-%d}"
    assert sqlite(tmp_path / "eras.sqlite", "select start from context_eras")["start"].iloc[0] == f"{begun:%Y-%m-%d}"
    assert pd.read_excel(tmp_path / "eras.xlsx")["start"].iloc[0] == begun
    cells = openpyxl.load_workbook(tmp_path / "eras.xlsx")["context_eras"][2]
    assert {cell.number_format for cell in cells if cell.is_date} == {"YYYY-MM-DD"}


def test_variables_of_stata_have_labels_within_its_limits(tmp_path):
    wide = panel(["un_agreement_with_washington", "deaths"], years=(2012, 2023))
    with pd.io.stata.StataReader(export(wide, tmp_path / "panel.dta")) as file:
        labels = file.variable_labels()
    assert labels["deaths_ucdp"] == "Deaths in organised violence, deaths, best estimate"
    (cut,) = [name for name in labels if name.startswith("un_agreement")]
    assert len(cut) == 32 and len(labels[cut]) == 80 and labels[cut].endswith("…")


def test_a_pivoted_panel_keeps_labels_and_sources(frame, tmp_path):
    path = export(frame.pivot(index="year", columns="country"), tmp_path / "wide.xlsx")
    assert list(READ[".xlsx"](path)) == ["year", "arms_from_moscow_tiv_m_MLI", "deaths_ucdp_MLI"]
    about = NOTES[".xlsx"](path, "columns").set_index("column")
    assert about.at["deaths_ucdp_MLI", "label"] == "Deaths in organised violence"
    assert set(NOTES[".xlsx"](path, "sources")["source_id"]) == SOURCES


def test_what_was_made_of_a_table_has_its_words_and_the_sources_named(tmp_path):
    arms = load("military_arms_imports")
    sums = arms.groupby("supplier_group", observed=True)["tiv_m"].sum()
    path = export(sums.to_frame(), tmp_path / "sums.sqlite", sources=arms, words_of="military_arms_imports")
    about = NOTES[".sqlite"](path, "columns").set_index("column")
    assert about.at["tiv_m", "unit"] == "million TIV" and about.at["supplier_group", "label"] == "Supplier group"
    assert set(NOTES[".sqlite"](path, "sources")["source_id"]) == set(arms["source_id"])


def test_several_tables_go_into_one_file_of_a_kind_that_holds_them(tmp_path):
    path = export(["trade_gold", "trade_cotton"], tmp_path / "trade.xlsx")
    assert openpyxl.load_workbook(path).sheetnames == ["trade_gold", "trade_cotton", "columns", "sources"]


FORMULAS = ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\tx"]


def test_a_formula_is_a_text_in_excel_and_inert_in_csv(tmp_path):
    risky = pd.DataFrame({"text": [*FORMULAS, "plain", None], "number": [-1.0] * 7})
    export(risky, tmp_path / "risky.csv", sources=[])
    export(risky, tmp_path / "risky.xlsx", sources=[])
    read = pd.read_csv(tmp_path / "risky.csv")
    assert read["text"].tolist()[:6] == [*(f"'{text}" for text in FORMULAS), "plain"]
    assert read["text"].isna().sum() == 1 and read["number"].eq(-1).all()
    cells = openpyxl.load_workbook(tmp_path / "risky.xlsx")["data"]["A"][1:6]
    assert [(cell.value, cell.data_type) for cell in cells] == [(text, "s") for text in FORMULAS]


@pytest.mark.parametrize("kind", KINDS)
def test_a_failure_leaves_the_file_that_was_there_and_nothing_else(frame, tmp_path, kind, monkeypatch):
    path = tmp_path / f"panel{kind}"
    path.write_text("as it was")
    written = WRITERS[kind]

    def fails(content, target):
        written(content, target)
        raise OSError("no space left")

    monkeypatch.setitem(WRITERS, kind, fails)
    with pytest.raises(OSError, match="no space"):
        export(frame, path)
    assert path.read_text() == "as it was"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("kind", "module"), [(".xlsx", "openpyxl"), (".parquet", "duckdb")])
def test_what_is_not_installed_is_named_with_the_group(frame, tmp_path, kind, module, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ImportError, match=rf"{kind} needs {module}: .*malirussia\[explore\]"):
        export(frame, tmp_path / f"panel{kind}")


@pytest.mark.parametrize(
    ("what", "name", "error", "words"),
    [
        ("trade_gold", "panel.ods", ValueError, "expected one of the endings .csv, .xlsx"),
        (["trade_gold", "trade_cotton"], "trade.csv", ValueError, "holds one table, not 2: take .xlsx or .sqlite"),
        ("trade_gold", "nowhere/gold.csv", FileNotFoundError, "there is no folder .*nowhere"),
        ("trade_gld", "gold.csv", UnknownNameError, "Nearest: trade_gold"),
        (pd.DataFrame({"own": [1]}), "own.csv", ValueError, "name its sources, sources=…"),
        (pd.DataFrame([[1, 2]], columns=["own", "own"]), "own.csv", ValueError, "two columns have one name: own, own"),
    ],
)
def test_what_cannot_be_written_is_an_error_that_says_why(tmp_path, what, name, error, words):
    with pytest.raises(error, match=words):
        export(what, tmp_path / name)
    assert not list(tmp_path.iterdir())


def corners(frame):
    """Return the first and the last row, and those with the longest text and with an empty cell of each column."""
    rows = {0, len(frame) - 1, *(int(column.isna().argmax()) for _, column in frame.items())}
    rows |= {int(texts.fillna("").str.len().argmax()) for _, texts in frame.select_dtypes("str").items()}
    return frame.iloc[sorted(rows)]


@pytest.mark.slow
def test_every_table_can_be_written(tmp_path, monkeypatch):
    names = [*malirussia.collection.package.resources]
    frames = {name: corners(load(name)) for name in names}
    monkeypatch.setattr(Collection, "load", lambda collection, name: frames[name])
    for kind in (".xlsx", ".sqlite"):
        export(names, tmp_path / f"all{kind}")
    assert len(openpyxl.load_workbook(tmp_path / "all.xlsx").sheetnames) == len({*names, "columns", "sources"})
    for name in names:
        for kind in (".csv", ".parquet", ".dta"):
            assert len(READ[kind](export(name, tmp_path / f"{name}{kind}"))) == len(frames[name])
