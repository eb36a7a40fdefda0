"""All figures of the notebooks in both layouts, as the last build has kept them: legible, and in the actors' colours.

Where none is kept, on a machine that has not built the pages, there is nothing to ask.
"""

from __future__ import annotations

import re

import nbformat
import pytest
from conftest import ROOT
from layouts import faults

from malirussia import outputs
from malirussia.figures.style import COLOR_NAMES
from workshop.pages.figures import is_inert
from workshop.run.cache import Cache
from workshop.run.kernels import own_settings

PATHS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
LEAST = 8.75
CODES = {name: code for code, name in COLOR_NAMES.items()}


@pytest.fixture(params=PATHS, ids=[path.stem for path in PATHS])
def figures(request, monkeypatch):
    for name in (*own_settings(), "COLUMNS", "LINES"):  # of this process, as a build has it
        monkeypatch.delenv(name, raising=False)
    result, why = Cache(ROOT).find(request.param)
    if result is None:
        pytest.skip(f"no figures are kept: {why}")
    result.fill(notebook := nbformat.read(request.param, 4))
    return [
        (about.id, outputs.screens(output), outputs.drawn(output))
        for about, output in outputs.shown(notebook)
        if isinstance(about, outputs.Figure)
    ]


def test_the_figures_of_a_notebook_are_legible_in_both_layouts_and_true_to_what_is_drawn(figures):
    for name, screens, record in figures:
        for layout in ("wide", "narrow"):
            found = faults(screens[layout], LEAST)
            assert not found, f"{name}, {layout}: {found}"
            assert is_inert(screens[layout]), f"{name}, {layout}: a page would show its picture instead"
            # A series in a page has the colour that the notebook drew, which its record names.
            for series, color in re.findall(r"^  (?:line|points) '(.*?)', (\w+)(?: marker| -|,)", record, re.MULTILINE):
                if series in screens["series"] and color in CODES:
                    number = screens["series"].index(series)
                    parts = re.findall(rf'<g data-s="{number}">.*?</g>', screens[layout], re.DOTALL)
                    assert any(CODES[color] in part for part in parts), f"{name}, {layout}: {series} is not {color}"
