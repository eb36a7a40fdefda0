"""The bench: what it times, and how it compares."""

from __future__ import annotations

import subprocess
import sys

import pytest
from conftest import ROOT, in_git

from workshop.bench import BenchError, Measure, Spent, change_sentence, change_table, copy_of_now, row, spend

SPIN = "import time\nwhile time.process_time() < 0.2: pass"


def test_the_cpu_of_a_program_that_a_program_starts_counts(tmp_path):
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SPIN!r}], check=True); print('done')"
    spent = spend([sys.executable, "-c", code], tmp_path)
    assert spent.cpu >= 0.2
    assert spent.memory > 1000
    assert spent.said == "done\n"


def test_a_side_that_fails_ends_the_bench_with_what_it_said(tmp_path):
    with pytest.raises(BenchError, match="no such table"):
        spend([sys.executable, "-c", "raise SystemExit('no such table')"], tmp_path)


def test_the_variables_of_make_do_not_reach_a_side(tmp_path, monkeypatch):
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("RIVER", "Niger")
    code = "import os; print(os.environ.get('CI'), os.environ['RIVER'], os.environ['FRESH'])"
    assert spend([sys.executable, "-c", code], tmp_path, FRESH="1").said == "None Niger 1\n"


def test_sides_run_in_turn_and_ratios_are_taken_within_a_round(capsys):
    seconds = iter([1, 4, 2, 10, 4, 12])
    order = []

    def side(name):
        return lambda: order.append(name) or Spent(next(seconds), 1)

    measure = Measure("m", "a question", {"ours": side("ours"), "theirs": side("theirs")}, "≥ 4", lambda it: True)
    measure.take(3)
    assert order == ["ours", "theirs"] * 3
    assert measure.ratios("theirs") == [4, 5, 3]
    assert "theirs: 4.00 (3.00–5.00), CPU 1.00 | ≥ 4 | yes |" in row(measure)
    assert capsys.readouterr().out.startswith("m 1: ours 1.00 s, 1.00 s of CPU\nm 1: theirs 4.00 s")


@in_git
def test_what_is_changed_is_a_copy_of_what_git_lists(tmp_path):
    now = copy_of_now(ROOT, tmp_path / "now")
    assert (now / "src" / "malirussia" / "__init__.py").exists()
    assert not (now / ".venv").exists()
    before = {path: (now / path).read_bytes() for path in ("notebooks/01_soviet_aid.ipynb", "data/trade/gold.csv")}
    change_sentence(now)
    change_table(now)
    assert all((now / path).read_bytes() != text for path, text in before.items())
    table = before["data/trade/gold.csv"].splitlines()
    assert sorted((now / "data/trade/gold.csv").read_bytes().splitlines()) == sorted(table)
    status = subprocess.run(["git", "status", "--short", "data", "notebooks"], cwd=ROOT, capture_output=True, text=True)
    assert "gold" not in status.stdout
