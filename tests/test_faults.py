"""What a machine does to a build: a sample of `make faults`, and the steps that must hold at any moment."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import faults
import nbformat
import pytest
from conftest import ROOT, stored
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from malirussia import outputs
from malirussia.__main__ import main
from malirussia.collection import Collection
from malirussia.package import DataError
from workshop import commands
from workshop.pages import builder
from workshop.run import files
from workshop.run.cache import Cache
from workshop.run.execute import NotebookError, read


def test_an_environment_is_made_anew_when_it_must_and_a_folder_s_name_never_runs(tmp_path):
    cases = list(faults.FAULTS["the environment is no longer that of its folder"](tmp_path))
    assert len(cases) == 7
    assert [one for one in cases if one.ended] == []


def test_every_fault_is_in_the_table_of_the_document():
    text = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    assert all(word in text for word in ("mount point", "SIGTERM", "Ctrl-C", "loopback", "HOME", "No space left"))


@pytest.mark.parametrize("at", ["the folder", "a link to it"])
def test_a_signal_at_any_step_of_the_change_leaves_old_or_new_pages(tmp_path, monkeypatch, at):
    output = tmp_path / "reports"
    output.mkdir()
    (output / "page").write_text("old")
    if at == "a link to it":
        output.rename(tmp_path / "there")
        output.symlink_to(tmp_path / "there")
    rename = Path.rename

    def stopped_there(self, target):
        found = rename(self, target)
        signal.raise_signal(signal.SIGINT)
        return found

    monkeypatch.setattr(Path, "rename", stopped_there)
    with pytest.raises(KeyboardInterrupt), files.whole_folder(output) as fresh:
        (fresh / "page").write_text("new")
    assert (output / "page").read_text() == "new"
    assert output.is_symlink() == (at == "a link to it")
    assert [path for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_what_stood_there_returns_when_the_new_cannot_take_its_place(tmp_path, monkeypatch):
    output = tmp_path / "reports"
    output.mkdir()
    (output / "page").write_text("old")
    rename = Path.rename

    def fails(self, target):
        if self.name == "fresh":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(OSError, match="No space left"), files.whole_folder(output):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["reports"]
    assert (output / "page").read_text() == "old"


def test_a_folder_that_cannot_be_replaced_is_told_before_the_work(tmp_path, monkeypatch):
    output = tmp_path / "Ségou reports"
    output.mkdir()
    (output / "page").write_bytes(b"x" * 1000)
    files.room_for(output)
    monkeypatch.setattr(files, "_mounted", lambda: [os.fsencode(output)])
    with pytest.raises(OSError, match="is a mount point and cannot be replaced"):
        files.room_for(output)
    monkeypatch.setattr(files, "_mounted", list)
    monkeypatch.setattr(files.shutil, "disk_usage", lambda _: Free)
    with pytest.raises(OSError, match="are free: make room"):
        files.room_for(output)
    with pytest.raises(OSError, match="make it writable, or give another, with --output"):
        files.room_for(Path("/proc/nowhere/reports"))


class Free:
    free = 10


def test_mount_points_are_read_with_every_letter(monkeypatch):
    line = b"36 35 98:0 / /srv/S\\303\\251gou\\040data rw - ext3 /dev/root rw\n"
    monkeypatch.setattr(files.Path, "read_bytes", lambda _: line)
    assert files._mounted() == [os.fsencode("/srv/Ségou data")]


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    (tmp_path / "a").write_text("old")
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(OSError, match="full"):
        files.write_whole(tmp_path / "a", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_cache_that_cannot_be_written_stops_nothing(tmp_path, make_notebook):
    path = make_notebook(new_code_cell("1")).path
    cache = Cache(tmp_path)
    (tmp_path / ".cache").write_text("in the way")
    seen = dict.fromkeys(("files", "folders", "parts", "variables", "written", "elsewhere"), ())
    notebook = nbformat.read(path, 4)
    assert "cannot be kept in .cache/" in cache.keep(path, "code", notebook, seen, 2e9)
    cache.made("report", tmp_path / "reports", 2e9)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device", "/full"), "error: [Errno 28] No space left on device: '/full'\n"),
        (KeyboardInterrupt(), "stopped; nothing is left half done\n"),
    ],
)
def test_a_fault_of_the_machine_is_one_line(monkeypatch, capsys, error, said):
    def fails(_):
        raise error

    monkeypatch.setattr(commands, "check", fails)
    assert main(["check"]) == 1
    assert capsys.readouterr().err == said


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "<<<<<<< HEAD\n{}\n=======\n",
        '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": ["x"]}',
    ],
)
def test_a_notebook_of_any_damage_is_named(tmp_path, text):
    path = tmp_path / "04_trade.ipynb"
    path.write_text(text)
    with pytest.raises(NotebookError, match=r"04_trade\.ipynb is not a notebook: ."):
        read(path)
    if text != "[]":
        with pytest.raises(outputs.OutputError, match=r"04_trade\.ipynb"):
            outputs.gather(tmp_path)


def test_what_a_tool_copies_beside_a_notebook_is_neither_published_nor_counted(tmp_path):
    about = stored(outputs.Sentence("finding", "It fell", "high"))
    for name in ("04_trade", "04_trade-Copy1", "04_trade (1)", "04_trade-checkpoint", "05_trade.sync-conflict-2026"):
        cells = [new_markdown_cell("# How?"), new_code_cell("1", outputs=[about])]
        nbformat.write(new_notebook(cells=cells), tmp_path / f"{name}.ipynb")
    assert [path.stem for path in builder.notebooks_in(tmp_path)] == ["04_trade"]
    assert len(outputs.gather(tmp_path)) == 1


def test_a_page_beyond_its_budget_is_refused_with_the_output_named(make_collection, tmp_path):
    collection = make_collection()
    collection.package.descriptor["created"] = "2026"
    large = [new_output("stream", text="small"), new_output("display_data", data={"text/plain": "x" * 2_000_000})]
    notebook = new_notebook(cells=[new_markdown_cell("# How?"), new_code_cell("1", outputs=large)])
    page_of = builder.renderer(collection, Cache(tmp_path), "report")
    with pytest.raises(NotebookError, match=r"10_a\.ipynb: a page of 2\.0 MB.*that of cell 2 \(text/plain\), 2\.0 MB"):
        page_of(tmp_path / "10_a.ipynb", notebook)


def test_no_bundle_is_made_of_tables_with_faults(make_collection, tmp_path):
    make_collection()
    with pytest.raises(DataError, match=r"T04 stated-meanings|T05 sourced-rows"):
        commands.bundle(["--root", str(tmp_path)])
    assert not (tmp_path / "build").exists()


def test_a_collection_without_claims_has_no_score(make_collection):
    assert builder.scoreboard(make_collection()) == {}
    assert builder.scoreboard(Collection())
