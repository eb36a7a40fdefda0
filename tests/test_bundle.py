"""All tables in one piece: what is in it, that it is the same each time, and that an old one is not offered."""

from __future__ import annotations

import sqlite3
import zipfile
from contextlib import closing

import duckdb
import pandas as pd
import pytest

import malirussia
from workshop.pages.bundle import build_bundle, is_current
from workshop.pages.frame import Site
from workshop.pages.site import tables_page

FILES = ["codebook.csv", "codebook.html", "made-of.txt", "mali-russia-parquet.zip", "mali-russia.sqlite"]


@pytest.fixture
def collection(make_collection):
    return make_collection()


@pytest.fixture
def bundle(collection, tmp_path):
    build_bundle(collection, tmp_path / "bundle")
    return tmp_path / "bundle"


def test_a_bundle_holds_every_table_in_both_forms(bundle, tmp_path):
    assert sorted(path.name for path in bundle.iterdir()) == FILES
    with closing(sqlite3.connect(bundle / "mali-russia.sqlite")) as connection:
        assert pd.read_sql("select * from grain", connection)["quantity_t"].tolist()[0] == 12.5
        held = pd.read_sql("select name from sqlite_master", connection)["name"]
    assert set(held) == {"grain", "sources", "columns"}
    with zipfile.ZipFile(bundle / "mali-russia-parquet.zip") as archive:
        archive.extractall(tmp_path)
    read = duckdb.sql(f"from '{tmp_path}/mali-russia-parquet/grain.parquet'").df()
    assert read["source_id"].tolist() == ["alpha-2020", "beta-news"]


def test_the_codebook_has_a_line_for_every_column_of_every_table(bundle, collection):
    book = pd.read_csv(bundle / "codebook.csv")
    resources = collection.package.resources
    columns = [(name, field["name"]) for name in resources for field in resources[name]["schema"]["fields"]]
    assert list(book[["table", "column"]].itertuples(index=False, name=None)) == columns
    page = (bundle / "codebook.html").read_text()
    assert '<h2 id="grain">' in page and "tonnes" in page and 'href="#grain"' in page


def test_the_same_tables_give_the_same_bytes(bundle, collection, tmp_path):
    build_bundle(collection, tmp_path / "again")
    for name in FILES:
        assert (bundle / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


def test_a_bundle_of_former_tables_is_known(bundle, collection):
    assert is_current(bundle, collection)
    path = collection.package.path("grain")
    path.write_text(path.read_text().replace("12.5", "12.6"))
    assert not is_current(bundle, collection)
    assert not is_current(bundle / "nowhere", collection)


def test_the_page_of_tables_offers_a_bundle_that_is_there():
    link = 'href="bundle/mali-russia.sqlite"'
    assert link in tables_page(malirussia.collection, Site(), {}, bundle=True)
    assert link not in tables_page(malirussia.collection, Site(), {})
