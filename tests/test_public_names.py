"""The names that others build on: tables with their columns, figures, functions.

They stand in ``public_names.txt``, one a line. After a change that is meant, write them anew with
``python tests/test_public_names.py --renew``; what is a break, and what to do about it, says docs/maintaining.md.
"""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from conftest import ROOT

from malirussia import outputs
from malirussia.collection import Collection

SNAPSHOT = Path(__file__).with_name("public_names.txt")
MODULES = tuple(f"malirussia{part}" for part in ("", ".choices", ".claims", ".figures", ".lessons", ".stats"))


def table_names(collection: Collection) -> Iterator[str]:
    """Yield every table with its key, and every column with its type and unit."""
    for table, resource in collection.package.resources.items():
        schema = resource["schema"]
        yield f"table {table}: one row for each {', '.join(schema['primaryKey'])}"
        for field in schema["fields"]:
            unit = f", {field['unit']}" if field.get("unit") else ""
            yield f"column {table}.{field['name']}: {field['type']}{unit}"


def shown_names(folder: Path) -> Iterator[str]:
    """Yield every figure and table that a notebook shows."""
    for path in sorted(folder.rglob("*.ipynb")):
        if ".ipynb_checkpoints" not in path.parts:
            for about, _ in outputs.shown(json.loads(path.read_text(encoding="utf-8"))):
                if isinstance(about, outputs.Figure | outputs.Table):
                    yield f"shown {about.id} in {path.stem}"


def code_names(module_name: str) -> Iterator[str]:
    """Yield what a module offers: functions and classes as they are called, all else by name."""
    module = import_module(module_name)
    own = [name for name, part in vars(module).items() if getattr(part, "__module__", "") == module_name]
    for name in getattr(module, "__all__", own):
        part = getattr(module, name)
        if name.startswith("_") or inspect.ismodule(part):
            continue
        yield f"code {module_name}.{name}{called(part)}"
        if inspect.isclass(part) and part.__module__.startswith(module_name):
            methods = inspect.getmembers(part, inspect.isfunction)
            yield from (
                f"code {module_name}.{name}.{method}{called(function)}"
                for method, function in methods
                if not method.startswith("_")
            )


def called(part: object) -> str:
    """Return the parameters of a function or class with their defaults; types may become more exact without a break."""
    try:
        signature = inspect.signature(part)
    except (TypeError, ValueError):  # a constant, an error, the name of a type
        return ""
    bare = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in signature.parameters.values()]
    return str(signature.replace(parameters=bare, return_annotation=inspect.Signature.empty))


def public_names() -> list[str]:
    """Return all names that others build on, sorted."""
    names = {*table_names(Collection(ROOT)), *shown_names(ROOT / "notebooks")}
    return sorted(names.union(*map(code_names, MODULES)))


def difference(held: list[str], found: list[str]) -> list[str]:
    """Return a line for each name that is gone, changed or new."""
    gone, new = sorted({*held} - {*found}), sorted({*found} - {*held})
    return [f"gone or changed: {name}" for name in gone] + [f"new: {name}" for name in new]


def test_the_public_names_are_those_of_the_snapshot():
    lines = difference(SNAPSHOT.read_text(encoding="utf-8").splitlines(), public_names())
    assert not lines, "\n".join(
        [
            f"the public names differ from tests/{SNAPSHOT.name}:",
            *lines,
            "What is gone or changed is a break: docs/maintaining.md says which version grows and how the old name "
            "keeps working for one version; CHANGELOG.md lists it.",
            "When it is meant: .venv/bin/python tests/test_public_names.py --renew",
        ]
    )


def test_the_difference_says_what_is_gone_and_what_is_new():
    held = ["column trade.year: integer", "table trade: one row for each year"]
    found = ["column trade.date: date", "table trade: one row for each year"]
    assert difference(held, found) == ["gone or changed: column trade.year: integer", "new: column trade.date: date"]
    assert difference(held, held) == []


def test_a_new_type_hint_is_no_break_and_a_new_default_is():
    def rate(currency, year=2000): ...
    def typed(currency: str, year: int = 2000) -> float: ...
    def other(currency, year=2001): ...

    assert called(rate) == called(typed) == "(currency, year=2000)"
    assert called(other) != called(rate)


if __name__ == "__main__":
    if sys.argv[1:] != ["--renew"]:
        sys.exit("usage: python tests/test_public_names.py --renew")
    SNAPSHOT.write_text("\n".join(public_names()) + "\n", encoding="utf-8")
