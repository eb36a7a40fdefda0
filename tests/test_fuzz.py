"""A sample of the cases of `make fuzz`: whatever is damaged is noticed, and its place named."""

from __future__ import annotations

import fuzz
import pytest


def test_there_are_as_many_kinds_of_damage_as_promised():
    assert len(fuzz.ALL) >= 60
    assert len(set(fuzz.ALL)) == len(fuzz.ALL)


@pytest.mark.slow
def test_sixty_damages_are_noticed_and_their_places_named():
    cases = fuzz.run(60, seed=2026)
    assert fuzz.unnoticed(cases) == []
    assert [one for one in cases if one.loaded and not fuzz.placed(one)] == []


@pytest.mark.slow
def test_sound_data_are_noticed_by_nobody(tmp_path):
    bench = fuzz.Bench(tmp_path)
    for name in ("context_macro", "events", "sources"):
        table = bench.tables[name]
        assert (bench._loaded(name, table.resource), bench._checked(table, table.resource)) == ("", "")
