"""The words and numbers drawn in a figure in the reader's language."""

from __future__ import annotations

from typing import Any

from matplotlib.artist import Artist
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import Formatter

from malirussia.language import Language


class _Ticks(Formatter):
    """Write the ticks of another formatter in a language."""

    def __init__(self, inner: Formatter, language: Language):
        self._inner = inner
        self._language = language

    def format_ticks(self, values: list[float]) -> list[str]:
        return [self._said(text) for text in self._inner.format_ticks(values)]

    def __call__(self, x: float, pos: int | None = None) -> str:
        return self._said(self._inner(x, pos))

    def get_offset(self) -> str:
        return self._said(self._inner.get_offset())

    def _said(self, text: str) -> str:
        return self._language.numerals(self._language.gettext(text))


def translate(fig: Figure, language: Language) -> None:
    """Say labels, legends, notes and ticks of *fig* in *language*; English is what the notebooks write."""
    if language.tag == "en":
        return
    for axis in fig.findobj(Axis):
        axis.set_major_formatter(_Ticks(axis.get_major_formatter(), language))
    for text in fig.findobj(Text):
        text.set_text(language.gettext(text.get_text()))
    # The names of series, which pages say of each mark.
    series: list[Any] = [*fig.findobj(Artist), *(container for ax in fig.axes for container in ax.containers)]
    for one in series:
        if isinstance(label := one.get_label(), str) and label and not label.startswith("_"):
            one.set_label(language.gettext(label))
