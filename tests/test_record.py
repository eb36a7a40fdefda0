"""What a figure draws is written down, so that a wrong picture changes a line."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from malirussia import figures as fg
from malirussia.figures.record import drawn

EVENTS = pd.DataFrame({"date": pd.to_datetime(["1968-11-19"]), "title": ["Coup of 1968"]})


def draw(colors=("FRA", "CHN"), events=EVENTS, ranges=True, label="France"):
    """Draw what a notebook draws, with one thing wrong when asked for."""
    fig, ax = plt.subplots()
    for name, code, values in (("France", colors[0], [27.5, 20]), ("China", colors[1], [5, 30])):
        ax.plot([1964, 2014], values, label=name, **fg.actor(code))
    ax.set(xlim=(1960, 2020), ylim=(0, 40), ylabel="Percent")
    if ranges:
        frame = pd.DataFrame({"year": [1970], "value": [9], "low": [8], "high": [11]})
        fg.plot_ranges(ax, frame, "year", "value", "low", "high", color=fg.GREEN, label="Estimate")
    fg.mark_events(ax, events)
    fg.label_ends(ax, {label: (2014, 20)}, {label: fg.BLUE})
    return fig


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


@pytest.fixture
def right():
    return drawn(draw())


def changed(right, wrong):
    return set(drawn(wrong).splitlines()) - set(right.splitlines())


def test_two_drawings_of_the_same_are_equal(right):
    assert changed(right, draw()) == set()


def test_marks_are_named_with_colour_number_and_ends(right):
    assert "  line 'France', blue marker s --, n=2: first (1964, 27.5), last (2014, 20), mean 23.75" in right
    assert "axes 1: x 1960 to 2020, y 0 to 40, y label 'Percent'" in right


def test_exchanged_colours_change_a_line(right):
    lines = changed(right, draw(colors=("CHN", "FRA")))
    assert any(line.startswith("  line 'France', orange") for line in lines)


def test_an_event_a_year_late_changes_a_line(right):
    late = EVENTS.assign(date=EVENTS["date"] + pd.DateOffset(years=1))
    assert any("event 1969-11-19 'Coup of 1968'" in line for line in changed(right, draw(events=late)))


def test_a_range_that_is_not_drawn_loses_a_line(right):
    assert "  ranges, green, n=1: first (1970, 8) to (1970, 11), last (1970, 8) to (1970, 11)" in right
    assert "ranges" not in drawn(draw(ranges=False))


def test_a_wrong_label_at_the_end_changes_a_line(right):
    assert any("text 'Frankreich'" in line for line in changed(right, draw(label="Frankreich")))


def test_dates_stand_as_dates():
    fig, ax = plt.subplots()
    ax.plot(pd.to_datetime(["2021-12-01", "2022-03-01"]), [1, 2])
    assert "first (2021-12-01, 1), last (2022-03-01, 2)" in drawn(fig)


def test_bars_areas_points_and_pictures_are_seen():
    fig, (left, right) = plt.subplots(ncols=2)
    left.bar([1, 2], [3, 4], label="Deaths")
    left.fill_between([1, 2], [0, 1], [1, 3], color=fg.SKY)
    left.scatter([1], [5], color=fg.PINK)
    right.imshow([[0, 1], [2, 3]])
    text = drawn(fig)
    assert "bars 'Deaths', vermilion, n=2" in text
    assert "sum 7" in text
    assert "area, sky" in text
    assert "points, pink, n=1: first (1, 5)" in text
    assert "image, 2×2, 0 to 3, sum 6" in text


LINES = pd.DataFrame({"RUS": [23.5, None, 6.6], "FRA": [27.5, 20.0, 15.0]}, index=[1964, 1965, 1966])


def test_doubtful_years_of_one_line_are_hollow_and_no_others():
    fig, ax = fg.canvas()
    fg.draw_lines(ax, LINES, {"RUS": "Moscow", "FRA": "France"}, hollow={"RUS": [1965, 1966]})
    lines = [line for line in drawn(fig).splitlines() if " line " in line]
    assert lines[0].startswith("  line 'Moscow', vermilion marker o -, n=2 of 3: first (1964, 23.5)")
    assert lines[1].startswith("  line 'Moscow, doubtful', vermilion marker o hollow None, n=1: first (1966, 6.6)")
    assert len(lines) == 3


def test_axes_that_share_a_scale_show_the_highest_line_of_both():
    _, axes = fg.canvas(ncols=2, sharey=True)
    for ax, factor in zip(axes, (1, 10), strict=True):
        fg.draw_lines(ax, factor * LINES, {})
    assert axes[0].get_ylim() == axes[1].get_ylim()
    assert axes[0].get_ylim()[1] > 275
    assert max(axes[0].get_xticks()) <= 1966


def test_ranges_are_drawn_behind_a_line():
    fig, ax = fg.canvas()
    frame = pd.DataFrame({"year": [2020], "low": [72.7], "high": [95.2]})
    fg.draw_ranges(ax, frame, "year", "low", "high", color=fg.VERMILION)
    assert "  ranges, vermilion, n=1: first (2020, 72.7) to (2020, 95.2), last (2020, 72.7) to (2020, 95.2)" in drawn(
        fig
    )


def test_lines_below_zero_are_drawn_and_zero_with_them():
    _, ax = fg.canvas()
    fg.draw_lines(ax, LINES - 20, {})
    bottom, top = ax.get_ylim()
    assert bottom < -13.4
    assert top > 7.5
    _, ax = fg.canvas()
    fg.draw_lines(ax, LINES, {})
    assert ax.get_ylim()[0] == 0
