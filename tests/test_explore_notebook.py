"""The tutorial on finding and taking out data: its form, what its figures claim, and that its way is the short one."""

from __future__ import annotations

import re

import pytest
from conftest import ROOT

from malirussia import panel
from malirussia.outputs import Figure
from workshop.check.notebooks import Notebook
from workshop.check.rules import RULES

NOTEBOOK = Notebook(ROOT / "notebooks" / "explore.ipynb", ROOT)
FORM = {"N30", "N31", "N32", "N33", "N34", "N35", "N36", "N37", "N39"}


def test_the_tutorial_has_the_form_of_the_second_edition():
    rules = [rule for rule in RULES if rule.id in FORM or rule.kind == "notebook"]
    assert [str(fault) for rule in rules for fault in rule.faults(NOTEBOOK)] == []


def test_what_lists_the_whole_collection_is_run_and_not_compared():
    """Its lines change with every table that is added, and are then no fault of the tutorial."""
    lists = re.compile(r"\b(catalog|find|indicators|rows_by_source)\(")
    listing = [cell for cell in NOTEBOOK.code if lists.search(cell.source)]
    assert len(listing) == 4
    ignored = [cell for cell in NOTEBOOK.code if "nbval-ignore-output" in cell.node.metadata.get("tags", [])]
    assert [cell.number for cell in ignored] == [cell.number for cell in listing]


@pytest.mark.parametrize("language", ["r", "python"])
def test_the_same_panel_takes_more_lines_elsewhere(language):
    text = next(cell.source for cell in NOTEBOOK.prose if "The same panel elsewhere" in cell.source)
    theirs = re.search(rf"```{language}\n(.*?)```", text, re.DOTALL)[1]
    call = (
        'panel(["gdp_per_head", "electoral_democracy", "deaths"], countries=["MLI", "BFA", "NER"], years=(1960, 2024))'
    )
    ours = ["from malirussia import panel", call]
    assert sum(bool(line.strip()) for line in theirs.splitlines()) > len(ours)


def test_the_titles_of_the_figures_are_true():
    titles = [figure.title for _, figure in NOTEBOOK.kept(Figure)]
    assert titles == [
        "Moscow's arms came to Mali in two spells",
        "At the end, Burkina Faso has more reported deaths than Mali",
    ]
    arms = panel("arms_from_moscow", years=(1960, 2024)).set_index("year")["arms_from_moscow_tiv_m"]
    assert arms.loc[1985:2016].sum() == 0 < min(arms.loc[:1984].sum(), arms.loc[2017:].sum())
    deaths = panel("deaths", countries=["MLI", "BFA"], years=2024).set_index("country")["deaths_ucdp"]
    assert deaths["BFA"] > deaths["MLI"]
