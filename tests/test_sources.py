"""Citations, source lines and references, also of hostile rows."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from conftest import SOURCES_CSV

from malirussia import UnknownNameError, cite, former, load, references
from malirussia.sources import Bibliography, safe_url, source_ids


@pytest.fixture
def books(make_package):
    return Bibliography(make_package())


def test_a_citation_names_publisher_date_title_address_and_licence(books):
    assert books.cite("alpha-2020") == (
        "Alpha Office (2020-05): Alpha yearbook. https://alpha.example/book Accessed 2026-11-23. Licence: CC BY 4.0."
    )


def test_a_citation_without_date_and_address_says_so(books):
    assert books.cite("beta-news") == "Beta News (no date): A report on wheat. Licence: terms not seen."


def test_a_citation_without_address_names_the_number_in_the_archive():
    assert "Soviet intentions in Mali. Telegram 1976 BAMAKO 3030. Accessed" in cite("cable-1976-bamako-3030")


def test_an_id_that_was_merged_still_cites_the_page_and_names_the_new_id():
    with pytest.warns(DeprecationWarning, match="'vz-2023-07-29' is part of 'vzglyad-2023-07-29' now"):
        assert cite("vz-2023-07-29") == cite("vzglyad-2023-07-29")


def test_every_merged_id_is_gone_and_its_new_one_is_there():
    ids = set(load("sources")["source_id"])
    assert not ids & set(former.SOURCES)
    assert set(former.SOURCES.values()) <= ids


def test_the_audited_page_is_told_by_date_and_hash_as_its_address_is_not_known():
    page = load("sources").set_index("source_id").loc["globalsecurity-2022"]
    assert pd.isna(page["url"])
    assert page["published"] == "2022-01-24"
    assert re.search(r"SHA-256 .* [0-9a-f]{64}$", page["reference"])


def test_grades_are_in_order():
    grades = load("sources")["reliability"]
    assert (grades >= "good").sum() > (grades < "good").sum() > 0


def test_an_unknown_source_suggests_the_nearest(books):
    with pytest.raises(UnknownNameError, match=r"alpha-2020.*load\(\"sources\"\) lists all 2"):
        books.cite("alpha-202")


def test_every_source_of_the_package_can_be_cited():
    for source_id in load("sources")["source_id"]:
        assert cite(source_id).endswith(".")


def test_references_are_sorted_by_publisher_and_distinct(books):
    found = books.references("beta-news", pd.DataFrame({"source_id": ["alpha-2020", "beta-news"]}))
    assert list(found.entries) == ["alpha-2020", "beta-news"]
    assert repr(found).splitlines()[0].startswith("[alpha-2020] Alpha Office")


def test_both_source_columns_count():
    frame = pd.DataFrame({"source_id": ["a", "a"], "source_id_2": ["b", None]})
    assert source_ids(frame, "c", frame["source_id"]) == ["a", "b", "c"]


@pytest.mark.parametrize("items", [(), (pd.DataFrame({"source_id": []}),)])
def test_no_source_at_all_is_an_error(items):
    with pytest.raises(ValueError, match="at least one source"):
        source_ids(*items)


def test_a_frame_that_lost_its_sources_is_an_error():
    with pytest.raises(ValueError, match="pass the loaded table"):
        source_ids(pd.DataFrame({"value": [1]}))


def test_the_source_line_names_publishers_once(books):
    assert books.source_line("alpha-2020", "alpha-2020") == "Source: Alpha Office (2020)"
    assert books.source_line("alpha-2020", "beta-news") == "Sources: Alpha Office (2020); Beta News"


def test_a_long_source_line_counts_the_rest(make_package):
    rows = "".join(f"s{n},T,Publisher {n},2020,,,press,x,facts,good,\n" for n in range(7))
    books = Bibliography(make_package(sources=SOURCES_CSV + rows))
    line = books.source_line(*[f"s{n}" for n in range(7)])
    assert line.endswith("Publisher 3 (2020); and 3 more")


def test_hostile_rows_show_as_text(make_package):
    row = 'bad,<script>x</script>,"<img src=x>",2020,,javascript:alert(1),press,<b>,facts,weak,\n'
    found = Bibliography(make_package(sources=SOURCES_CSV + row)).references("bad")
    markup = found._repr_mimebundle_()[0]["text/html"]
    assert "<script" not in markup
    assert "<img" not in markup
    assert "<a " not in markup
    assert "javascript" not in markup


@pytest.mark.parametrize(
    "url", ["javascript:x", "data:text/html,x", "ftp://a.example", "http:", "//a", "", None, "http://[x"]
)
def test_what_is_no_web_address_makes_no_link(url):
    assert safe_url(url) == ""


def test_references_of_a_loaded_table():
    assert len(references(load("trade_bilateral")).entries) >= 3
