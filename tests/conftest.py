"""Fixtures: the repository, and small data packages to damage."""

from __future__ import annotations

import functools
import json
import os
import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_notebook, new_output

from malirussia import outputs
from malirussia.collection import Collection
from malirussia.package import Package
from workshop.renew import raw
from workshop.run import kernels

ROOT = Path(__file__).resolve().parents[1]
# A folder that was downloaded as an archive passes, too.
in_git = pytest.mark.skipif(not (ROOT / ".git").exists() or not shutil.which("git"), reason="no clone of a repository")


def pytest_configure():
    """Keep settings of the user out of the kernels of nbval, of the figures that tests draw and of their commands."""
    if "PYTEST_XDIST_WORKER" not in os.environ:  # which has them from the process that started it
        os.environ.update(kernels.own_settings())
    os.environ.pop(raw.VARIABLE, None)  # the folder of the publishers' files is of the commands, not of the tests


def pytest_collection_modifyitems(items):
    """Put slow tests and notebooks first: what takes long would else hold up one of two workers at the end."""
    items.sort(key=lambda item: isinstance(item, pytest.Function) and not item.get_closest_marker("slow"))


def own_server(patch: pytest.MonkeyPatch, *modules: str) -> None:
    """Let kernels come from a server that ends with *patch*; the common one, which takes seconds to load, stays.

    It loads *modules*; without any, all that the common one loads.
    """
    uncached = functools.lru_cache(**kernels._server.cache_parameters())(kernels._server.__wrapped__)
    patch.setattr(kernels, "_server", uncached)
    if modules:
        patch.setattr(kernels, "PRELOADED", modules)


@pytest.fixture
def light(monkeypatch):
    """Let kernels come from a server of this test that loads little, where the libraries do not matter."""
    own_server(monkeypatch, "ipykernel.kernelapp")


@pytest.fixture(scope="module")
def unasked():
    """Build without asking the rules about all tables: tests/test_check.py does, tests/test_seals.py that builds do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("workshop.commands._data_faults", lambda collection: "")
        yield


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


SOURCES_CSV = """source_id,title,publisher,published,accessed,url,kind,licence,redistribution,reliability,note
alpha-2020,Alpha yearbook,Alpha Office,2020-05,2026-11-23,https://alpha.example/book,dataset,CC BY 4.0,open,primary,
beta-news,A report on wheat,Beta News,,,,press,terms not seen,facts,good,no address known
"""

GRAIN_CSV = """year,partner,stage,quantity_t,shipments,firm,signed,source_id,note
2001,SUN,pledged,12.5,3,true,2001-02-03,alpha-2020,
2002,NA,delivered,,,false,,beta-news,late
"""


def _field(name: str, kind: str, required: bool = True, **constraints) -> dict:
    rules = {"required": True, **constraints} if required else constraints
    return {"name": name, "type": kind, "description": f"the {name}", "constraints": rules}


GRAIN_FIELDS = [
    _field("year", "integer"),
    _field("partner", "string"),
    _field("stage", "string", enum=["pledged", "delivered"]),
    {**_field("quantity_t", "number", required=False, minimum=0), "unit": "tonnes"},
    _field("shipments", "integer", required=False),
    _field("firm", "boolean"),
    _field("signed", "date", required=False),
    _field("source_id", "string"),
    _field("note", "string", required=False),
]


def _resource(name: str, fields: list[dict], key: list[str]) -> dict:
    return {
        "name": name,
        "path": f"{name}.csv",
        "title": f"Title of {name}",
        "description": f"What {name} holds.",
        "coverage": {"temporal": "2001/2002"},
        "licenses": [{"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0"}],
        "schema": {"fields": fields, "primaryKey": key},
    }


def stored(about: outputs.Kept, data: dict | None = None, metadata: dict | None = None) -> NotebookNode:
    """Return an output of a notebook that keeps *about*."""
    data, metadata = outputs.bundle(about, data or {}, metadata)
    return new_output("display_data", data=data, metadata=metadata)


def write_collection(root: Path, grain: str | bytes = GRAIN_CSV, sources: str = SOURCES_CSV) -> Collection:
    """Write a collection of two tables, ``sources`` and ``grain``, into the folder *root* and open it."""
    columns = SOURCES_CSV.split("\n", 1)[0].split(",")
    resources = [
        _resource("sources", [_field(name, "string", required=False) for name in columns], ["source_id"]),
        _resource("grain", GRAIN_FIELDS, ["year"]),
    ]
    source = {"resource": "sources", "fields": ["source_id"]}
    resources[1]["schema"]["foreignKeys"] = [{"fields": ["source_id"], "reference": source}]
    data = root / "data"
    data.mkdir(parents=True, exist_ok=True)
    (data / "datapackage.json").write_text(json.dumps({"description": "Test", "resources": resources}))
    (data / "sources.csv").write_text(sources, encoding="utf-8")
    (data / "grain.csv").write_bytes(grain.encode() if isinstance(grain, str) else grain)
    return Collection(root)


@pytest.fixture
def make_collection(tmp_path):
    """Return a function that writes such a collection for one test."""
    return functools.partial(write_collection, tmp_path)


@pytest.fixture
def make_package(make_collection):
    """Return a function that writes the package of such a collection and opens it."""

    def make(**files: str | bytes) -> Package:
        return make_collection(**files).package

    return make


@pytest.fixture
def make_notebook(tmp_path):
    """Return a function that writes a notebook below ``notebooks/`` and opens it as the rules see it."""
    from workshop.check.notebooks import Notebook

    def make(*cells: NotebookNode, name: str = "04_trade.ipynb") -> Notebook:
        path = tmp_path / "notebooks" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        notebook = new_notebook()
        # Examples may hold the same cell twice.
        notebook.cells = [NotebookNode({**cell, "id": f"cell-{number}"}) for number, cell in enumerate(cells)]
        nbformat.write(notebook, path)
        return Notebook(path, tmp_path)

    return make


@pytest.fixture
def faults_of():
    """Return a function that gives the lines of what one rule finds in one subject."""
    from workshop.check.rules import RULES

    return lambda id, subject: [str(fault) for rule in RULES if rule.id == id for fault in rule.faults(subject)]
