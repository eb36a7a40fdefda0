"""The way out of a notebook: source line, alternative text, data and one compared line."""

from __future__ import annotations

import io
import itertools
import re

import matplotlib.image as mpimg
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from malirussia import figures as fg
from malirussia import load, outputs, show, show_table
from malirussia.figures.picture import DPI

ALT = " ".join(["word"] * 20)


@pytest.fixture
def shown(monkeypatch):
    outputs = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw, metadata: outputs.append((bundle, metadata)))
    yield outputs
    plt.close("all")


@pytest.fixture
def frame():
    return pd.DataFrame({"value_musd": [1.0, 2.5, 1 / 3]}, index=pd.Index([2001, 2002, 2003], name="year"))


def draw(frame, **changes):
    fig, ax = plt.subplots()
    ax.plot(frame.index, frame["value_musd"])
    parts = {
        "title": "Trade rose", "subtitle": "Million US dollars", "sources": "cow-trade-v4", "alt": ALT, "data": frame,
    }  # fmt: skip
    show(fig, **{"figure_id": "fig_99_01", **parts, **changes})
    return fig


def test_a_figure_comes_with_alt_text_data_and_one_line(shown, frame):
    draw(frame)
    ((bundle, metadata),) = shown
    assert metadata["image/png"]["alt"] == ALT
    assert bundle["text/csv"] == "year,value_musd\n2001,1\n2002,2.5\n2003,0.333333\n"
    assert bundle["text/plain"] == "fig_99_01: Trade rose [n=3; first: 2001, 1; last: 2003, 0.333333]"
    assert metadata["malirussia"]["sources"] == ["cow-trade-v4"]
    assert "Correlates of War" in metadata["malirussia"]["source_line"]


def test_a_changed_figure_changes_its_compared_line(shown, frame):
    draw(frame)
    draw(frame.assign(value_musd=lambda d: d["value_musd"] * 2))
    assert shown[0][0]["text/plain"] != shown[1][0]["text/plain"]


def test_the_figure_is_closed_and_shown_once(shown, frame):
    draw(frame)
    assert plt.get_fignums() == []
    assert len(shown) == 1


def test_two_drawings_are_byte_identical(shown, frame):
    draw(frame)
    draw(frame)
    assert shown[0][0]["image/png"] == shown[1][0]["image/png"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"alt": "too short"}, "alt text of 20 words or more is needed, not 2"),
        ({"title": " "}, "the title is empty"),
        ({"subtitle": ""}, "the subtitle is empty"),
        ({"figure_id": "Figure 1"}, "expected a name like 'fig_04_01'"),
        ({"data": pd.DataFrame()}, "no data behind the figure"),
        ({"sources": []}, "at least one source is needed"),
        ({"sources": "cow-trade"}, "Nearest: cow-trade-v4"),
    ],
)
def test_a_figure_that_lacks_a_part_is_refused(shown, frame, change, message):
    with pytest.raises((ValueError, LookupError), match=message):
        draw(frame, **change)
    assert not shown


def test_title_and_source_line_do_not_touch_the_axes(shown, frame):
    fig, ax = plt.subplots()
    ax.plot([0, 1])
    long = "A finding that takes very many words to tell " * 4
    show(fig, "fig_99_02", title=long, subtitle=long, sources=load("trade_total"), alt=ALT, data=frame)
    fig.draw_without_rendering()
    boxes = sorted((text.get_window_extent() for text in fig.texts), key=lambda box: -box.y1)
    area = ax.get_tightbbox()
    assert boxes[0].y0 >= boxes[1].y1 - 1
    assert boxes[1].y0 >= area.y1
    assert boxes[2].y1 <= area.y0
    assert all(box.x1 <= fig.bbox.x1 and box.y0 >= 0 and box.y1 <= fig.bbox.y1 for box in boxes)


@pytest.mark.parametrize(
    "title", ["W" * 90, "MOSCOW MOVED MAMMOTH WEAPONS TO MALI WHILE MINUSMA WITHDREW COMPLETELY WWW"]
)
def test_a_title_of_wide_letters_breaks_where_the_picture_ends(shown, frame, title):
    fig = draw(frame, title=title, subtitle=2 * title)
    fig.set_dpi(DPI)  # letters are wider in a smaller picture
    fig.draw_without_rendering()
    assert all(text.get_window_extent().x1 <= fig.bbox.x1 for text in fig.texts)
    assert fig.texts[0].get_text().replace("\n", " ").replace("W W", "WW") == title


def test_where_nothing_shows_pictures_a_figure_says_its_line(frame, monkeypatch, capsys):
    monkeypatch.setattr(outputs, "find_spec", lambda _: None)
    draw(frame)
    assert capsys.readouterr().out == "fig_99_01: Trade rose [n=3; first: 2001, 1; last: 2003, 0.333333]\n"


def test_a_table_has_caption_scopes_and_sources(shown, frame):
    show_table(frame, "tab_99_01", title="Trade & more", sources="cow-trade-v4", index=True)
    ((bundle, metadata),) = shown
    assert "<caption>Trade &amp; more</caption>" in bundle["text/html"]
    assert 'scope="col"' in bundle["text/html"]
    assert bundle["text/plain"].endswith(metadata["malirussia"]["source_line"])
    assert bundle["text/csv"].startswith("year,value_musd\n")


def test_a_table_in_the_words_of_its_schema_has_headings_labels_and_formats(shown):
    held = {"indicator": ["gdp", "population"], "value": [1234.5, None], "year": pd.array([1990, None], dtype="Int64")}
    frame = pd.DataFrame(held | {"own": [1, 2]})
    show_table(frame, "tab_99_01", title="T", sources="cow-trade-v4", words_of="context_macro")
    ((bundle, _),) = shown
    heads = re.findall(r"<th [^>]*>(.*?)</th>", bundle["text/html"])
    cells = re.findall(r"<td[^>]*>(.*?)</td>", bundle["text/html"])
    assert heads == ["Indicator", "Value", "Year", "own"]
    assert cells == ["GDP (World Bank)", "1,234.5", "1990", "1", "population", "–", "–", "2"]
    assert bundle["text/csv"].startswith("indicator,value,year,own\ngdp,1234.5,1990,1\n"), "data keep names and codes"


def test_columns_that_name_the_rows_have_headings_too(shown):
    frame = pd.DataFrame({"country": ["MLI"], "year": [1990], "value": [2.0]}).set_index(["country", "year"])
    options = {"title": "T", "sources": "cow-trade-v4", "index": True}
    show_table(frame, "tab_99_01", words_of="context_macro", **options)
    assert re.findall(r'<th scope="col"[^>]*>(.*?)</th>', shown[0][0]["text/html"]) == ["Country", "Year", "Value"]


def test_long_cells_of_a_table_are_not_cut(shown):
    text = "word " * 60
    show_table(pd.DataFrame({"note": [text]}), "tab_99_02", title="T", sources="cow-trade-v4")
    assert text.strip() in shown[0][0]["text/html"]


def test_missing_cells_of_a_table_show_as_a_dash(shown):
    table = pd.DataFrame({"kind": pd.Categorical(["a", None]), "n": pd.array([1, None], dtype="Int64")})
    show_table(table, "tab_99_03", title="T", sources="cow-trade-v4")
    assert shown[0][0]["text/html"].count("–") == 2
    assert "nan" not in shown[0][0]["text/html"]


@pytest.mark.parametrize("change", [{"table_id": "fig_99_01"}, {"title": ""}])
def test_a_table_that_lacks_a_part_is_refused(shown, frame, change):
    with pytest.raises(ValueError):
        show_table(frame, **{"table_id": "tab_99_01", "title": "T", "sources": "cow-trade-v4", **change})


def test_an_empty_table_is_refused(shown):
    with pytest.raises(ValueError, match="no rows"):
        show_table(pd.DataFrame({"a": []}), "tab_99_01", title="T", sources="cow-trade-v4")


def test_labels_at_line_ends_do_not_overlap():
    fig, ax = plt.subplots()
    ax.set(xlim=(0, 10), ylim=(0, 100))
    ends = {"one": (10, 50.0), "two": (10, 50.5), "three": (10, 51.0), "far": (10, 5.0)}
    fg.label_ends(ax, ends, dict.fromkeys(ends, "black"))
    fig.draw_without_rendering()
    boxes = sorted((text.get_window_extent() for text in ax.texts), key=lambda box: box.y0)
    assert all(lower.y1 <= upper.y0 + 1 for lower, upper in itertools.pairwise(boxes))
    plt.close(fig)


@pytest.mark.parametrize("dated", [False, True])
def test_event_titles_do_not_overlap(dated):
    fig, ax = plt.subplots()
    events = pd.DataFrame(
        {"date": pd.to_datetime([f"20{year:02}-06-01" for year in range(12, 24)]), "title": "An event of that year"}
    )
    ax.plot(events["date"] if dated else events["date"].dt.year, np.arange(12))
    fg.mark_events(ax, events)
    fig.draw_without_rendering()
    boxes = [Text.get_window_extent(text) for text in ax.texts]  # without the lines that lead to them
    assert len(boxes) == 12
    assert not any(a.overlaps(b) for place, a in enumerate(boxes) for b in boxes[place + 1 :])
    plt.close(fig)


def test_no_line_to_the_title_of_an_event_crosses_another_title():
    fig, ax = plt.subplots()
    days = ["1968-11-19", "1991-03-26", "1991-12-26", "2012-03-22", "2020-08-18"]
    ax.set_xlim(1960, 2025)
    fg.mark_events(ax, pd.DataFrame({"date": pd.to_datetime(days), "title": "A title of usual length"}))
    fig.draw_without_rendering()
    boxes = [Text.get_window_extent(text) for text in ax.texts]
    lines = [ax.transData.transform((text.xy[0], 0))[0] for text in ax.texts]
    for box in boxes:
        above = (other.y0 for x, other in zip(lines, boxes, strict=True) if box.x0 + 1 < x < box.x1 - 1)
        assert all(bottom <= box.y0 + 1 for bottom in above)
    plt.close(fig)


def test_labels_are_placed_anew_when_the_figure_is_laid_out(shown, frame):
    fig, ax = plt.subplots()
    ax.plot(frame.index, frame["value_musd"])
    fg.label_ends(ax, {"one": (2003, 1.0), "two": (2003, 1.01)}, {"one": "black", "two": "black"})
    ax.set_ylim(0, 1000)  # after the labels were asked for
    show(fig, "fig_99_04", title="T", subtitle="S", sources="cow-trade-v4", alt=ALT, data=frame)
    low, high = sorted((Text.get_window_extent(text) for text in ax.texts), key=lambda box: box.y0)
    assert low.y1 <= high.y0 + 1


def test_ussr_and_russia_look_the_same_and_an_unknown_actor_has_a_style():
    assert fg.actor("SUN") == fg.actor("RUS")
    assert fg.actor("XYZ") == fg.actor("OTH")
    assert fg.actor("FRA", linewidth=3)["linewidth"] == 3


def test_the_picture_is_sharp_on_dense_screens(shown, frame):
    draw(frame)
    bundle, metadata = shown[0]
    width = mpimg.imread(io.BytesIO(bundle["image/png"])).shape[1]
    assert width >= 1.5 * metadata["image/png"]["width"] - 1


def test_outlines_fill_the_country_asked_for_and_keep_its_shape():
    outlines = load("context_outlines")
    fig, ax = plt.subplots()
    fg.draw_outlines(ax, outlines)
    assert len(ax.patches) == outlines.groupby(["country", "part"], observed=True).ngroups
    plain = ax.patches[-1].get_facecolor()  # the last country of the table is not Mali
    (filled,) = (patch for patch in ax.patches if patch.get_facecolor() != plain)
    mali = outlines.query("country == 'MLI'").sort_values("order")[["longitude", "latitude"]].to_numpy()
    assert (filled.get_xy()[: len(mali)] == mali).all()
    fig.draw_without_rendering()
    east, north = (
        ax.transData.transform(point) - ax.transData.transform((0, 17.5)) for point in ((1, 17.5), (0, 18.5))
    )
    assert east[0] / north[1] == pytest.approx(np.cos(np.deg2rad(17.5)), rel=0.02)
    plt.close(fig)
