"""A figure for every screen: two layouts of one drawing, real text, marks that say what they are."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from malirussia import figures as fg
from malirussia import load, outputs, show
from malirussia.figures.screens.points import number
from workshop.pages.figures import figure_svg, font_faces, rows_html

ALT = " ".join(["word"] * 20)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def shown(monkeypatch):
    monkeypatch.setenv("MALIRUSSIA_SCREENS", "1")
    found = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw, metadata: found.append(bundle))
    yield found
    plt.close("all")


def draw(shown, *, columns=1, names=("Moscow", "France"), sources=None, rows=3):
    """Show two lines in each of some panels; return the layouts."""
    years = list(range(2001, 2001 + rows))
    lines = pd.DataFrame(
        {"RUS": [1.5 + n for n in range(rows)], "FRA": [9.25 - n / 7 for n in range(rows)]}, index=years
    )
    fig, axes = fg.canvas(ncols=columns, squeeze=False)
    for ax in axes.flat:
        fg.draw_lines(ax, lines, dict(zip(("RUS", "FRA"), names, strict=True)))
    events = pd.DataFrame({"date": pd.to_datetime(["2002-07-01"]), "title": ["A turn"]})
    fg.mark_events(axes.flat[0], events)
    data = lines.rename_axis("year")
    show(
        fig,
        "fig_99_01",
        title="T",
        subtitle="S",
        sources="cow-trade-v4" if sources is None else sources,
        alt=ALT,
        data=data,
    )
    return outputs.screens({"data": shown[-1]})


def size(svg):
    return tuple(float(part) for part in re.search(r'viewBox="0 \S+ (\S+) (\S+)"', svg).groups())


def test_without_a_build_a_figure_is_a_picture_alone(shown, monkeypatch):
    monkeypatch.delenv("MALIRUSSIA_SCREENS")
    assert draw(shown) is None
    assert "image/png" in shown[0]


def test_two_drawings_are_the_same_text(shown):
    assert draw(shown) == draw(shown)


def test_the_narrow_layout_is_for_a_phone_and_no_text_in_it_is_small(shown):
    narrow = draw(shown)["narrow"]
    assert size(narrow)[0] == 240  # points: 320 CSS pixels
    assert min(float(one) for one in re.findall(r'font-size="([\d.]+)px"', narrow) or [0]) * 96 / 72 >= 11


def test_panels_beside_each_other_stand_one_below_the_other_on_a_phone(shown):
    one, two = draw(shown), draw(shown, columns=2)
    assert size(two["narrow"])[1] > 1.7 * size(one["narrow"])[1]
    assert size(two["wide"]) == pytest.approx(size(one["wide"]), abs=25)


def test_text_is_text_and_nothing_in_it_is_active(shown):
    attack = "<script>alert(1)</script>"
    drawn = draw(shown, names=(attack, "France"), rows=9)
    for name in ("wide", "narrow"):
        tree = ElementTree.fromstring(drawn[name])
        texts = [text.text for text in tree.iter(f"{SVG}text")]
        assert {"France", "A turn", "2004"} <= set(texts)
        assert {one.tag.removeprefix(SVG) for one in tree.iter()} <= {
            "svg", "g", "path", "defs", "use", "text", "clipPath", "rect", "title",
        }  # fmt: skip
        assert not [
            one for one in tree.iter() if "style" in one.attrib or any(name.startswith("on") for name in one.attrib)
        ]


def test_ids_differ_between_layouts_and_all_that_is_referred_to_is_there(shown):
    drawn = draw(shown)
    ids = {name: re.findall(r' id="([^"]+)"', drawn[name]) for name in ("wide", "narrow")}
    assert not set(ids["wide"]) & set(ids["narrow"])
    for name, there in ids.items():
        assert len(there) == len(set(there))
        assert set(re.findall(r'(?:href="|url\()#([^")]+)', drawn[name])) <= set(there)


def test_a_mark_says_series_year_value_and_source(shown):
    drawn = draw(shown)
    for svg in (drawn["wide"], drawn["narrow"]):
        titles = re.findall(r"<title>(.*?)</title>", svg)
        assert len(titles) == 6
        assert titles[1] == "Moscow, 2002: 2.5. Correlates of War Project (2016)"
    assert drawn["series"] == ["Moscow", "France"]
    assert drawn["wide"].count('data-s="0"') > 3


def test_the_source_of_a_mark_is_that_of_its_row(shown):
    rows = pd.DataFrame({"year": [2002, 2002], "value": [2.5, 8.0], "source_id": ["wits-mali", "cow-trade-v4"]})
    titles = re.findall(r"<title>(.*?)</title>", draw(shown, sources=[rows])["wide"])
    assert next(one for one in titles if "Moscow, 2002" in one).endswith(". World Bank, from UN Comtrade (2025)")


def test_values_stay_unsaid_where_terms_withhold_them(shown):
    strict = load("sources").query("redistribution == 'facts'")["source_id"].iloc[0]
    drawn = draw(shown, sources=strict, rows=101)  # more than its terms let be passed on
    assert "text/csv" not in shown[0]
    assert "<title>" not in drawn["wide"] + drawn["narrow"]


@pytest.mark.parametrize(
    ("value", "said"), [(0, "0"), (12345.6, "12,346"), (2.5, "2.5"), (0.012345, "0.01235"), (-3, "-3")]
)
def test_numbers_are_written_with_four_digits_that_count(value, said):
    assert number(value) == said


def test_what_is_for_pages_is_not_stored():
    output = {"data": {outputs.SCREENS: {"wide": ""}, "image/png": ""}}
    outputs.drop_screens({"cells": [{"outputs": [output]}, {}]})
    assert list(output["data"]) == ["image/png"]


def test_a_page_carries_the_font_of_its_figures_and_no_other():
    assert font_faces("<p>No figure</p>") == ""
    faces = font_faces('<text font-weight="bold" x="1">Дружба</text><text x="1">Mali</text>')
    assert faces.count("@font-face") == 2
    assert len(faces) < 120_000
    assert font_faces('<text x="1">Mali</text>') == font_faces('<text x="1">Niger</text>')


def test_the_alternative_text_of_a_layout_is_escaped():
    assert figure_svg("<svg >", 'a "b" <c>').startswith('<svg role="img" aria-label="a &quot;b&quot; &lt;c&gt;"')


def test_the_data_are_a_table_in_which_nothing_is_markup():
    table, left = rows_html("year,who\n2001,<b>\n2002,\n", "C & D")
    assert "<caption>C &amp; D</caption>" in table
    assert '<td>2001</td><td class="words">&lt;b&gt;</td>' in table
    assert left == 0
    assert rows_html("n\n" + "1\n" * 310, "C")[1] == 10
