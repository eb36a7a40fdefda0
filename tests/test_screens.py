"""A figure for every screen: two layouts of one drawing, real text, marks that say what they are."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from layouts import faults, texts

from malirussia import figures as fg
from malirussia import load, outputs, show
from malirussia.figures.screens import points
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


def place_of(svg, said):
    """Return the middle of the words *said* in a layout, in its units."""
    x0, y0, x1, y1 = next(text.box for text in texts(svg) if text.said == said)
    return (x0 + x1) / 2, (y0 + y1) / 2


def test_a_series_has_the_colour_of_its_actor_and_no_other(shown):
    drawn = draw(shown)
    for svg in (drawn["wide"], drawn["narrow"]):
        for place, (code, name) in enumerate((("RUS", "Moscow"), ("FRA", "France"))):
            parts = [one for one in ElementTree.fromstring(svg).iter(f"{SVG}g") if one.get("data-s") == str(place)]
            inside = [one for part in parts for one in part.iter()]
            colors = {one.get(kind) for one in inside for kind in ("fill", "stroke")} - {None, "none"}
            assert colors == {fg.ACTORS[code]["color"].lower()}
            assert name in [one.text for one in inside]


def test_an_event_stands_at_its_date_and_a_mark_at_its_value(shown):
    drawn = draw(shown, rows=9)
    for svg in (drawn["wide"], drawn["narrow"]):
        line = re.search(r'<path d="M ([\d.]+) [\d.]+ L? ?\1 [^>]*stroke-dasharray', " ".join(svg.split()))
        (first, _), (last, _) = (place_of(svg, year) for year in ("2002", "2008"))
        assert 2002 + 6 * (float(line[1]) - first) / (last - first) == pytest.approx(2002.5, abs=0.05)
        rect = next(one for one in re.findall(r"<rect.*?</rect>", svg) if "Moscow, 2004: 4.5." in one)
        x, width = (float(re.search(rf' {name}="([\d.]+)"', rect)[1]) for name in ("x", "width"))
        assert 2002 + 6 * (x + width / 2 - first) / (last - first) == pytest.approx(2004, abs=0.05)
        # Tick labels stand a little off the middle of their ticks: the distance between two of them is right.
        marks = re.findall(r'<rect data-s="0"[^>]* y="([\d.]+)"', svg)
        steps = {round(float(one) - float(other), 1) for one, other in pairwise(marks)}
        (_, high), (_, low) = (place_of(svg, value) for value in ("8", "2"))
        assert max(steps) - min(steps) <= 0.2
        assert min(steps) == pytest.approx((low - high) / 6, abs=0.2)


def test_of_very_many_marks_those_of_a_time_answer_together(shown, monkeypatch):
    monkeypatch.setattr(points, "MOST", 40)
    fig, ax = fg.canvas()
    years = np.repeat(np.arange(1960, 1980), 50)
    ax.scatter(years, np.tile(np.arange(50) + 0.5, 20), label="Votes")
    show(fig, "fig_99_02", title="T", subtitle="S", sources="cow-trade-v4", alt=ALT, data=pd.DataFrame({"year": years}))
    titles = re.findall(r"<title>(.*?)</title>", outputs.screens({"data": shown[-1]})["narrow"])
    assert len(titles) == 20
    assert titles[3] == "Votes, 1963: 0.5–49.5 (n=50). Correlates of War Project (2016)"


def test_notes_keep_off_each_other_and_one_without_a_place_is_told_below(shown):
    fig, ax = fg.canvas(height=3)
    bars = ax.bar(range(2000, 2020), 10, width=1)
    ax.set_ylim(0, 10)
    ax.text(2004, 4, "in the middle of bars")
    ax.text(2004, 4, "there as well")
    ax.bar_label(bars, fontsize=6)
    data = pd.DataFrame({"year": [2000]})
    show(fig, "fig_99_03", title="T", subtitle="S", sources="cow-trade-v4", alt=ALT, data=data)
    said = [text.said for text in texts(outputs.screens({"data": shown[-1]})["narrow"])]
    assert {"①", "②", "① in the middle of bars", "② there as well"} <= set(said)
    assert "in the middle of bars" not in said


def test_no_words_of_a_layout_are_small_cut_or_on_others(shown):
    one, four = draw(shown), draw(shown, columns=4, names=("Moscow", "The French Republic"))
    assert faults(one["wide"], 8.75) == faults(one["narrow"], 8.75) == faults(four["narrow"], 8.75) == []


def test_faults_of_words_are_seen():
    words = '<text font-size="9px" x="10" y="20">Mali</text>'
    page = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 40">{}</svg>'
    assert faults(page.format(words), 8) == []
    assert faults(page.format(words + words.replace('y="20"', 'y="24"')), 8) == ["'Mali' lies on 'Mali'"]
    assert faults(page.format(words.replace('x="10"', 'x="50"')), 8) == ["'Mali' is cut"]
    assert faults(page.format(words), 10) == ["'Mali' is small: 9.0"]


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
