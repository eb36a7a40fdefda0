"""What the overview says, worked out once more from the tables."""

from __future__ import annotations

import json

import pytest
from conftest import ROOT

from malirussia import gather, load, outputs


@pytest.fixture(scope="module")
def overview():
    notebook = json.loads((ROOT / "notebooks" / "00_overview.ipynb").read_text(encoding="utf-8"))
    return [one.text for kind in ("answer", "finding") for one in outputs.sentences(notebook, kind)]


def test_the_two_spells_of_arms_are_those_of_the_register(overview):
    arms = load("military_arms_imports")
    moscow = arms[arms["partner"] == "RUS"].groupby("year")["tiv_m"].sum()
    soviet, russian = moscow.loc[:1984].sum(), moscow.loc[2017:].sum()
    assert moscow.loc[1985:2016].empty
    assert f"{soviet / arms.query('year <= 1984')['tiv_m'].sum():.0%} of Mali's major arms up to 1984" in overview[1]
    assert f"{russian / arms.query('year >= 2017')['tiv_m'].sum():.0%} from 2017 on" in overview[1]
    assert "Arms stopped in 1984 and came back in 2017, 4 years before Wagner" in overview[0]


def test_the_sum_of_loans_is_set_beside_the_debt_of_2000(overview):
    owed = load("aid_russia_claims").query("country == 'MLI' and year == 2000")["value_musd"].item()
    assert (
        f"570 million dollars of loans are close to what Mali owed Moscow at the end of 2000: {owed:.0f}"
        in (overview[2])
    )


def test_trade_is_counted_as_in_its_own_notebook(overview):
    told = gather(ROOT / "notebooks").query("notebook == '04_trade'")["text"].str.cat()
    assert "24% of Mali's recorded trade in 1964" in overview[3] and "24% of Mali's trade in 1964" in told
    assert "0.7%" in overview[3] and "at most 0.7% in a year" in told


def test_years_of_nearness_are_those_of_the_notebook_on_votes(overview):
    told = gather(ROOT / "notebooks").query("notebook == '05_diplomacy'")["text"].str.cat()
    assert "In 9 of 11 years from 1960 to 1971 Mali stood clearly closer" in told
    assert "in 9 years up to 1971, and once since: in 2023" in overview[4]


def test_deaths_grow_as_in_the_notebook_on_wagner(overview):
    told = gather(ROOT / "notebooks").query("notebook == '03_wagner_deployment'")["text"].str.cat()
    assert "2.0 times as many in Mali" in overview[5] and "2.9 times as many" in overview[5]
    assert "2.0 times those of 2019–2021 in Mali, and 2.9 times in Burkina Faso" in told
