"""House style, and the one way out of a notebook for figures and tables.

Importing this module sets the house style of matplotlib for the session. :func:`show` and
:func:`show_table` add title, source line and alternative text and refuse a figure that lacks one.
"""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Iterable, Mapping

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from malirussia import bibliography
from malirussia.data import MISSING, presentable, table_html

WIDTH = 8.0  # inches; every figure has this width, so that text has one size in all reports
DPI = 192
MIN_ALT_WORDS = 20

# Okabe and Ito's palette: told apart with the common colour-vision deficiencies.
ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILION, PINK, BLACK = (
    "#E69F00",
    "#56B4E9",
    "#009E73",
    "#F0E442",
    "#0072B2",
    "#D55E00",
    "#CC79A7",
    "#222222",
)
GREY = "#6E6E6E"
# One colour, marker and dash an actor in every notebook; USSR and Russia share theirs.
ACTORS: dict[str, dict] = {
    "RUS": {"color": VERMILION, "marker": "o", "linestyle": "-"},
    "FRA": {"color": BLUE, "marker": "s", "linestyle": "--"},
    "CHN": {"color": ORANGE, "marker": "^", "linestyle": "-."},
    "USA": {"color": SKY, "marker": "D", "linestyle": ":"},
    "MLI": {"color": GREEN, "marker": "v", "linestyle": "-"},
    "OTH": {"color": GREY, "marker": "x", "linestyle": "--"},
}
ACTORS["SUN"] = ACTORS["RUS"]

STYLE = {
    "figure.figsize": (WIDTH, 4.4),
    "figure.dpi": 96,
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.edgecolor": GREY,
    "axes.labelcolor": BLACK,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.prop_cycle": mpl.cycler(color=[VERMILION, BLUE, ORANGE, GREEN, PINK, SKY, GREY]),
    "grid.color": "#E4E4E4",
    "grid.linewidth": 0.8,
    "text.color": BLACK,
    "xtick.color": BLACK,
    "ytick.color": BLACK,
    "lines.markersize": 4,
    "legend.frameon": False,
    "svg.hashsalt": "malirussia",
    "axes.formatter.use_locale": False,
}
mpl.rcParams.update(STYLE)

_ID = {"fig": re.compile(r"fig_\d\d_\d\d"), "tab": re.compile(r"tab_\d\d_\d\d")}


def actor(code: str, **changes) -> dict:
    """Return the line style of an actor (ISO3; ``OTH`` for any without a style of its own)."""
    return {**ACTORS.get(code, ACTORS["OTH"]), **changes}


def show(
    fig: Figure,
    figure_id: str,
    *,
    title: str,
    subtitle: str,
    sources: object,
    alt: str,
    data: pd.DataFrame | pd.Series,
) -> None:
    """Finish *fig*, display it once with its alternative text and data, and close it.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
    figure_id : str
        Permanent name like ``fig_04_01``: notebook, then number.
    title, subtitle : str
        The finding in words; then measure, unit and period.
    sources : pandas.DataFrame, str, or a list of them
        Loaded tables or source ids; their publishers make the source line.
    alt : str
        At least 20 words: type, axes, range, main reading, exception.
    data : pandas.DataFrame or pandas.Series
        What is plotted. It travels with the figure as CSV as far as the terms of the sources allow, and its
        size and ends stand in the text of the output, which nbval compares.

    Raises
    ------
    ValueError
        A part is missing, or the alternative text is too short.
    """
    _require("fig", figure_id, title=title, subtitle=subtitle)
    if len(alt.split()) < MIN_ALT_WORDS:
        raise ValueError(f"{figure_id}: alt text of {MIN_ALT_WORDS} words or more is needed, not {len(alt.split())}")
    frame = data.to_frame() if isinstance(data, pd.Series) else data
    if frame.empty:
        raise ValueError(f"{figure_id}: there is no data behind the figure")
    source_line = bibliography.source_line(*_as_list(sources))
    _frame_text(fig, title, subtitle, source_line)
    picture = _png(fig)
    plt.close(fig)
    _display(
        {
            "image/png": picture,
            **_data_behind(frame, sources),
            "text/plain": f"{figure_id}: {title} [{_ends(frame)}]",
        },
        {
            "image/png": {"alt": " ".join(alt.split()), "width": round(fig.get_figwidth() * 96)},
            "malirussia": _kept("figure", figure_id, title, subtitle, sources, source_line),
        },
    )


def show_table(
    frame: pd.DataFrame,
    table_id: str,
    *,
    title: str,
    sources: object,
    index: bool = False,
    **options,
) -> None:
    """Display *frame* as a table with caption, header scopes and source line.

    Keyword *options* (``formatters``, ``float_format``) go to :meth:`pandas.DataFrame.to_html`.
    """
    _require("tab", table_id, title=title)
    if frame.empty:
        raise ValueError(f"{table_id}: the table has no rows")
    source_line = bibliography.source_line(*_as_list(sources))
    text = presentable(frame, index).to_string(index=index, na_rep=MISSING, **options)
    markup = table_html(frame, caption=title, index=index, **options)
    _display(
        {
            "text/html": markup,
            **_data_behind(frame, sources, index),
            "text/plain": f"{table_id}: {title}\n{text}\n{source_line}",
        },
        {"malirussia": _kept("table", table_id, title, "", sources, source_line)},
    )


def _require(kind: str, name: str, **texts: str) -> None:
    if not _ID[kind].fullmatch(name):
        raise ValueError(f"{name!r}: expected a name like '{kind}_04_01'")
    for part, text in texts.items():
        if not text.strip():
            raise ValueError(f"{name}: the {part} is empty")


def _as_list(sources: object) -> list:
    return list(sources) if isinstance(sources, list | tuple) else [sources]


def _kept(kind: str, name: str, title: str, subtitle: str, sources: object, source_line: str) -> dict:
    from malirussia.sources import source_ids

    return {
        "kind": kind,
        "id": name,
        "title": title,
        "subtitle": subtitle,
        "source_line": source_line,
        "sources": source_ids(*_as_list(sources)),
    }


def _display(bundle: dict, metadata: dict) -> None:
    from IPython.display import display

    display(bundle, raw=True, metadata=metadata)


def _png(fig: Figure) -> bytes:
    """Return *fig* as PNG with a palette: less than half the size, and free of version and time."""
    buffer, small = io.BytesIO(), io.BytesIO()
    fig.savefig(buffer, format="png", dpi=DPI)
    Image.open(buffer).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(small, "png", optimize=True)
    return small.getvalue()


def _data_behind(frame: pd.DataFrame, sources: object, index: bool | None = None) -> dict[str, str]:
    """Return the part of an output that holds its data, empty where a source does not let them be passed on."""
    allowed = bibliography.may_pass_on(len(frame), *_as_list(sources))
    return {"text/csv": _csv(frame, index)} if allowed else {}


def _csv(frame: pd.DataFrame, index: bool | None = None) -> str:
    """Return *frame* as CSV; an index without a name is only a count of rows and is left out."""
    if index is None:
        index = any(name is not None for name in frame.index.names)
    return frame.to_csv(index=index, float_format="%.6g", lineterminator="\n")


def _ends(frame: pd.DataFrame) -> str:
    """Say in one line how many rows *frame* has and what stands in the first and the last."""
    named = frame.reset_index() if frame.index.name or frame.index.nlevels > 1 else frame
    first, last = (", ".join(_short(cell) for cell in named.iloc[row]) for row in (0, -1))
    return f"n={len(frame)}; first: {first}; last: {last}"


def _short(cell: object) -> str:
    if isinstance(cell, float | np.floating):
        return f"{cell:.6g}"
    if isinstance(cell, pd.Timestamp):
        return f"{cell:%Y-%m-%d}"
    return str(cell)


def _frame_text(fig: Figure, title: str, subtitle: str, source_line: str) -> None:
    """Write title and subtitle above the axes and the source line below; keep room for all of them."""
    height = fig.get_figheight()
    top = 1.0
    for text, size, weight, color in ((title, 12.5, "bold", BLACK), (subtitle, 9.5, "normal", GREY)):
        wrapped = textwrap.fill(text, width=72 if weight == "bold" else 108)
        fig.text(0.012, top - 0.06 / height, wrapped, size=size, weight=weight, color=color, va="top", linespacing=1.25)
        top -= (wrapped.count("\n") + 1) * size * 1.3 / 72 / height
    wrapped = textwrap.fill(source_line, width=135)
    fig.text(0.012, 0.04 / height, wrapped, size=7.5, color=GREY, va="bottom", linespacing=1.25)
    bottom = ((wrapped.count("\n") + 1) * 7.5 * 1.3 / 72 + 0.1) / height
    fig.set_layout_engine("constrained", rect=(0.005, bottom, 0.99, top - 0.14 / height - bottom))


def label_ends(ax: Axes, labels: Mapping[str, tuple[float, float]], colors: Mapping[str, str]) -> None:
    """Write a label behind the last point of each line, moved apart where they would overlap.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Its limits must be final.
    labels : mapping
        Text to the (x, y) of the line's last point, in data units.
    colors : mapping
        Text to colour.
    """
    size = mpl.rcParams["font.size"] - 0.5
    to_points = 72 / ax.figure.dpi
    ax.figure.draw_without_rendering()
    heights = {text: ax.transData.transform(point)[1] * to_points for text, point in labels.items()}
    placed = _spread(heights, gap=size * 1.25)
    for text, (x, y) in labels.items():
        ax.annotate(
            text,
            (x, y),
            xytext=(7, placed[text] - heights[text]),
            textcoords="offset points",
            color=colors[text],
            size=size,
            va="center",
            weight="bold",
            annotation_clip=False,
        )


def _spread(wanted: Mapping[str, float], gap: float) -> dict[str, float]:
    """Return positions at least *gap* apart, in the order of the *wanted* ones and near them."""
    names = sorted(wanted, key=lambda name: wanted[name])
    groups: list[list[str]] = []
    centres: list[float] = []
    for name in names:
        groups.append([name])
        centres.append(wanted[name])
        while len(groups) > 1 and centres[-1] - centres[-2] < gap * (len(groups[-1]) + len(groups[-2])) / 2:
            upper = groups.pop()
            groups[-1] += upper
            centres.pop()
            centres[-1] = sum(wanted[member] for member in groups[-1]) / len(groups[-1])
    return {
        name: centre + gap * (place - (len(group) - 1) / 2)
        for group, centre in zip(groups, centres, strict=True)
        for place, name in enumerate(group)
    }


def mark_events(ax: Axes, events: pd.DataFrame) -> None:
    """Draw a thin line at each event's date with its title above the axes, stacked where they would overlap.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Time axis in years (numbers) or in dates; its limits must be final.
    events : pandas.DataFrame
        Rows of the table ``events``: columns ``date`` and ``title``.
    """
    dated = ax.xaxis.get_converter() is not None
    ax.figure.draw_without_rendering()
    ends: list[float] = []  # where the last title of each row ends, in pixels
    events = events.sort_values("date")
    places = events["date"] if dated else _decimal_year(events["date"])
    for x, title in zip(places, events["title"], strict=True):
        ax.axvline(x, color=GREY, linewidth=0.8, linestyle=(0, (2, 2)), zorder=0.5)
        label = ax.annotate(
            title, (x, 1), xycoords=("data", "axes fraction"), textcoords="offset points", size=7.5,
            color=GREY, ha="center", va="bottom", xytext=(0, 3), annotation_clip=False,
        )  # fmt: skip
        box = label.get_window_extent()
        row = next((number for number, end in enumerate(ends) if box.x0 > end + 4), len(ends))
        ends[row : row + 1] = [box.x1]
        label.set_position((0, 3 + 10 * row))


_LABEL = 8.0  # size of the text of a timeline in points
_RULER = 0.034  # half the width of the ruler of years, as a share of the axes
_AROUND = 1.6  # inches of height that show() and the legend may take around the axes of a timeline


def timeline(ax: Axes, events: pd.DataFrame, styles: Mapping[str, Mapping], left: Iterable[str] = ()) -> None:
    """Draw dated events along a vertical ruler of years, earliest on top; their labels never overlap.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The only axes of its figure; each label of the fuller side takes about 0.15 inches of height.
    events : pandas.DataFrame
        Columns ``date``, ``label`` and ``kind``; optional ``date_precision`` (``day``, ``month`` or ``year``: what is
        not known is not written, and the marker is hollow) and ``date_end`` (the days up to it are a bar).
    styles : mapping
        Kind to its ``color`` and ``marker``, in the order of the legend.
    left : iterable of str
        Kinds whose labels stand to the left of the ruler; all others stand to the right.

    Raises
    ------
    ValueError
        A kind has no style, or the labels of a side do not fit; the message says which height they need.
    """
    rows = events.assign(kind=events["kind"].astype("str"), year=_decimal_year(events["date"]))
    rows = rows.sort_values("date", kind="stable")
    if unknown := set(rows["kind"]) - set(styles):
        raise ValueError(f"no style for the kinds {sorted(unknown)}")
    first, last = np.floor(rows["year"].min()) - 1, np.floor(rows["year"].max()) + 2
    ax.set(xlim=(0, 1), ylim=(last, first), xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    ax.axvspan(0.5 - _RULER, 0.5 + _RULER, color="#EFEFEF", zorder=0)
    for year in mpl.ticker.MaxNLocator(8, integer=True, steps=[1, 2, 5, 10]).tick_values(first, last):
        if first < year < last:
            ax.text(0.5, year, f"{year:.0f}", size=_LABEL, color=GREY, ha="center", va="center")
    on_left = rows["kind"].isin(set(left))
    for sign, side in ((-1, rows[on_left]), (1, rows[~on_left])):
        places = _places((side["year"] - first) / (last - first), ax.figure.get_figheight())
        for event, place in zip(side.itertuples(), places, strict=True):
            _draw_event(ax, event, styles[event.kind], sign, 1 - place)
    shown = [kind for kind in styles if kind in set(rows["kind"])]
    handles = [mpl.lines.Line2D([], [], linestyle="none", label=kind, **styles[kind]) for kind in shown]
    ax.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0), ncols=min(len(shown), 4), fontsize=_LABEL)


def _decimal_year(dates: pd.Series) -> pd.Series:
    return dates.dt.year + (dates.dt.day_of_year - 1) / 365.25


def _places(wanted: pd.Series, height: float) -> list[float]:
    """Return places from 0 (top) to 1 in the order of the *wanted* ones, far enough apart for labels to be read."""
    gap = _LABEL * 1.32 / 72 / (height - _AROUND) if height > _AROUND else np.inf
    if len(wanted) * gap > 1:
        needed = len(wanted) * _LABEL * 1.32 / 72 + _AROUND
        raise ValueError(f"{len(wanted)} labels on one side need a figure {needed:.1f} inches high, not {height:.1f}")
    placed = list(_spread(dict(enumerate(wanted)), gap).values())
    for number, place in enumerate(placed):
        placed[number] = max(place, gap * (number + 0.5))
    for number, place in enumerate(placed):
        placed[number] = min(place, 1 - gap * (len(placed) - number - 0.5))
    return placed


def _draw_event(ax: Axes, event, style: Mapping, sign: int, place: float) -> None:
    """Draw the marker of one event at the edge of the ruler and its label at height *place* of that side."""
    precision = getattr(event, "date_precision", "day")
    written = {
        "day": f"{event.date.day} {event.date:%b %Y}",
        "month": f"{event.date:%b %Y}",
        "year": f"{event.date:%Y}",
    }
    x, color = 0.5 + sign * _RULER, style["color"]
    if pd.notna(until := getattr(event, "date_end", pd.NaT)):
        ax.plot([x, x], [event.year, _decimal_year(pd.Series([until]))[0]], color=color, linewidth=3)
    face = color if precision == "day" else "white"
    ax.plot(x, event.year, marker=style["marker"], color=color, markerfacecolor=face, markersize=5.5, zorder=3)
    ax.annotate(
        f"{written[precision]}  {event.label}", (x, event.year), xytext=(x + sign * 0.045, place), size=_LABEL,
        textcoords="axes fraction", va="center", ha="left" if sign > 0 else "right", arrowprops={
            "arrowstyle": "-", "color": color, "linewidth": 0.6, "shrinkA": 1, "shrinkB": 2,
            "relpos": (0 if sign > 0 else 1, 0.5),
        },
    )  # fmt: skip


def plot_ranges(ax: Axes, frame: pd.DataFrame, x: str, value: str, low: str, high: str, **style) -> None:
    """Plot column *value* against *x* as points, with the range from *low* to *high* as a pale bar behind each.

    Keyword *style* (``color``, ``marker``, ``label``) goes to :meth:`matplotlib.axes.Axes.plot`.
    """
    ax.vlines(frame[x], frame[low], frame[high], color=style.get("color"), linewidth=3, alpha=0.35, zorder=1.5)
    ax.plot(frame[x], frame[value], **{"linestyle": "none", "markersize": 6, "zorder": 3, **style})


def draw_outlines(ax: Axes, outlines: pd.DataFrame, highlight: str = "MLI") -> None:
    """Draw country outlines in plain longitude and latitude, the *highlight* country filled.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    outlines : pandas.DataFrame
        Rows of the table ``context_outlines``: columns ``iso3``, ``part``, ``order``, ``lon``, ``lat`` in degrees.
    highlight : str
        ISO3 code.
    """
    for (iso3, _), ring in outlines.sort_values("order").groupby(["iso3", "part"], observed=True):
        face = "#F3E9D2" if iso3 == highlight else "#F7F7F7"
        ax.fill(ring["lon"], ring["lat"], facecolor=face, edgecolor=GREY, linewidth=0.6, zorder=0.5)
    middle = np.deg2rad(outlines.loc[outlines["iso3"] == highlight, "lat"].mean())
    ax.set_aspect(1 / np.cos(middle))
    ax.set(xticks=[], yticks=[])
    ax.grid(False)
