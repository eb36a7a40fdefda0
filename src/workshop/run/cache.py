"""Results of notebooks that need no second run, because nothing that they depend on has changed.

What a result depends on are facts: its code, the versions, the modules of ``malirussia``, and every file, folder and
variable that its kernel was seen to read (:mod:`workshop.run.witness`). A result is used again when every fact stands
as it stood. It lies in ``.cache/`` of the collection, a file a notebook and code, written whole.

``FRESH=1`` or ``CI=true`` in the environment runs everything. This module loads nothing heavy: a build in which there
is nothing to do has to find that out at once.
"""

from __future__ import annotations

import contextlib
import csv
import functools
import hashlib
import io
import json
import math
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from malirussia import uses
from workshop.run.files import write_whole

FOLDER = ".cache"
ABSENT = "absent"

Facts = dict[str, str]
"""What was, by the name of what it is: a kind (file, folder, part, variable, machine), a space, and which."""

# The variables that libraries ask when they are loaded, which is before a witness is there.
_VARIABLES = (
    *("ARROW_", "BLIS_", "IPYTHON", "KMP_", "LANG", "LC_", "LD_", "MALIRUSSIA_", "MATPLOTLIB", "MKL_", "MPL", "NPY_"),
    *("NUMEXPR_", "NUMPY", "OMP_", "OPENBLAS_", "PANDAS", "PYARROW", "PYTHON", "SEABORN", "SOURCE_DATE_EPOCH", "TZ"),
)
_HELPER, _RUNNER, _WORKSHOP = Path(uses.__file__).parent, Path(__file__).parent, Path(__file__).parents[1]
# What of the metadata is for the eye, or made anew by each run.
_NO_MATTER = {"kernelspec", "language_info", "jupyter", "collapsed", "scrolled", "execution"}
_MOST = 8  # results of one name that are kept: former code, other languages, versions for students


def wants_fresh() -> bool:
    """Return whether everything is to run, whatever is kept."""
    return any(os.environ.get(name, "").lower() not in ("", "0", "false") for name in ("FRESH", "CI"))


@dataclass(frozen=True)
class Result:
    """What a run left: for each code cell its outputs and its number."""

    cells: list[dict[str, Any]]

    def fill(self, notebook: Mapping[str, Any]) -> None:
        """Put the outputs into the code cells of *notebook*."""
        for cell, stored in zip(_code_cells(notebook), self.cells, strict=True):
            cell.update(stored)


class Cache:
    """The results that are kept for one collection.

    Parameters
    ----------
    root : path
        The folder of the collection.

    Attributes
    ----------
    facts : dict or None
        All that the results rest on that were found or kept; None once one could not be kept.
    """

    def __init__(self, root: str | Path):
        self.root = Path(root).resolve()
        self.folder = self.root / FOLDER
        self.facts: Facts | None = {}
        self._texts: dict[Path, str] = {}

    def find(self, path: Path) -> tuple[Result | None, str]:
        """Return the result of the notebook at *path* if it still holds; else None, and why it must run."""
        if wants_fresh():
            return None, "everything is run"
        try:
            code = code_of(json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, LookupError, TypeError, OSError):
            return None, "it cannot be read"  # a run will say that better
        entry = _json(self._entry(path, code))
        if entry is None:
            known = any(self.folder.glob(f"{path.stem}-*.json"))
            return None, "its code has changed" if known else "it has not been run here"
        if changed := self._changed(entry.get("facts", {}), self._given()):
            return None, f"{changed} has changed"
        self._rest_on(entry["facts"])
        return Result(entry["cells"]), ""

    def keep(
        self, path: Path, code: str, notebook: Mapping[str, Any], seen: Mapping[str, Any] | None, began: float
    ) -> str:
        """Keep the outputs of a run; return why they cannot be kept, or nothing.

        Parameters
        ----------
        path : pathlib.Path
        code : str
            Of the notebook that was run; see :func:`code_of`.
        notebook : mapping
            With its outputs.
        seen : mapping
            What the witness told; None when it told nothing.
        began : float
            The :func:`time.time` before the kernel was started.
        """
        facts = self._given() | (self._seen(seen) if seen else {})
        fault = (self._unfit(seen) or self._meanwhile(facts, began)) if seen else "what it reads was not seen"
        self._rest_on(None if fault else facts)
        if not fault:
            kept = ("outputs", "execution_count")
            cells = [{name: cell[name] for name in kept} for cell in _code_cells(notebook)]
            entry = json.dumps({"facts": facts, "cells": cells, "seconds": time.time() - began})
            try:
                self.folder.mkdir(exist_ok=True)
                write_whole(self._entry(path, code), entry)
            except OSError as error:
                return f"its result cannot be kept in {FOLDER}/ ({error.strerror})"
            for former in sorted(self.folder.glob(f"{path.stem}-*.json"), key=_age)[:-_MOST]:
                former.unlink(missing_ok=True)
        return fault

    def seconds(self, path: Path) -> float:
        """Return how long the notebook at *path* ran last time; without end where that is not known."""
        former = max(self.folder.glob(f"{path.stem}-*.json"), key=_age, default=None)
        entry = _json(former) if former else None
        return entry.get("seconds", math.inf) if entry else math.inf

    def text(self, name: str, content: str, make: Callable[[], str]) -> str:
        """Return what *make* gives, made anew when *content* or anything but the notebooks differs from last time.

        It is kept once :meth:`made` finds that nothing was changed meanwhile.
        """
        path = self.folder / f"text-{name}.json"
        of = _digest(content + self._rest)
        kept = None if wants_fresh() else _json(path)
        text = kept["text"] if kept and kept["of"] == of else make()
        self._texts[path] = json.dumps({"of": of, "text": text})
        return text

    @functools.cached_property
    def _rest(self) -> str:
        """A digest of what texts rest on beside the notebooks."""
        files = (path for path in self._inputs() if not path.is_relative_to(self.root / "notebooks"))
        return _digest(json.dumps(self._given() | self._files(files)))

    def holds(self, name: str, output: Path) -> bool:
        """Return whether the folder *output* is what was last made under *name*, and all that it was made of stands."""
        entry = None if wants_fresh() else _json(self.folder / f"{name}.json")
        return (
            entry is not None
            and entry["made"] == _made(output)
            and self._changed(entry["facts"], self._given() | self._files(self._inputs())) is None
        )

    def made(self, name: str, output: Path, began: float) -> None:
        """Remember that *output* was made of the collection as it is and of the results that were found or kept."""
        facts = self._given() | self._files(self._inputs())
        if self.facts is not None and not self._meanwhile(facts, began):
            entry = {"facts": facts | self.facts, "made": _made(output)}
            with contextlib.suppress(OSError):  # what cannot be kept is made again
                self.folder.mkdir(exist_ok=True)
                write_whole(self.folder / f"{name}.json", json.dumps(entry))
                for path, text in self._texts.items():
                    write_whole(path, text)

    def _inputs(self) -> Iterator[Path]:
        """Yield what pages and lessons can be made of, beside results."""
        # Also what tells whether the index can offer a bundle of all tables.
        documents = ("README.md", "CHANGELOG.md", "CORRECTIONS.md", "docs/glossary.md", "docs/methods.md")
        names = ("LICENSE", "CITATION.cff", "pyproject.toml", "build/bundle/made-of.txt", *documents)
        yield from (self.root / name for name in names)
        yield from code_in(_WORKSHOP)
        for folder in ("data", "notebooks"):
            files = sorted((self.root / folder).rglob("*"))
            yield from (path for path in files if path.is_file() and not path.parent.name.startswith((".", "__")))

    def _rest_on(self, facts: Facts | None) -> None:
        self.facts = None if facts is None or self.facts is None else self.facts | facts

    def _entry(self, path: Path, code: str) -> Path:
        # What lies beside a notebook may stand in the way of a module that it imports.
        beside = sorted(one.name for one in path.parent.iterdir() if one.suffix in (".py", ".so") or one.is_dir())
        edition = _digest("\n".join([code, os.environ.get("MALIRUSSIA_LANGUAGE", ""), *beside]))
        return self.folder / f"{path.stem}-{edition[:16]}.json"

    def _changed(self, facts: Facts, given: Facts) -> str | None:
        """Return the first thing that is not as in *facts*; *given* are those that hold for all, as they are now."""
        for name, state in facts.items():
            if (given[name] if name in given else self._state(name)) != state:
                return name.partition(" ")[2]
        return next((name.partition(" ")[2] for name in given if name not in facts), None)

    def _unfit(self, seen: Mapping[str, Any]) -> str:
        """Return what a run did that a result cannot do again."""
        written = [
            path for path in map(Path, seen["written"]) if path.is_relative_to(self.root) or not _is_scratch(path)
        ]
        faults = [f"it writes {self._label(path)}" for path in written]
        return ", ".join(faults + [f"it asks {other}" for other in seen["elsewhere"]])

    def _meanwhile(self, facts: Facts, began: float) -> str:
        """Return which file of *facts* was changed since *began*: what was read of it is not certain then."""
        for name in facts:
            kind, _, label = name.partition(" ")
            path = self.root / (label.rpartition(": ")[0] if kind == "part" else label)
            if kind in ("file", "part") and path.exists() and path.stat().st_ctime >= began:
                return f"{label} was changed meanwhile"
        return ""

    def _given(self) -> Facts:
        """Return what any result rests on."""
        facts = _machine() | {
            f"variable {name}": _digest(value) for name, value in os.environ.items() if name.startswith(_VARIABLES)
        }
        locks = self.root.glob("requirements*.lock")
        modules = [one for folder in (_HELPER, _RUNNER) for one in code_in(folder)]
        return facts | self._files([*locks, *modules])

    def _files(self, files: Iterable[Path]) -> Facts:
        return {name: self._state(name) for name in (f"file {self._label(path)}" for path in files)}

    def _seen(self, seen: Mapping[str, Any]) -> Facts:
        names = [f"{kind[:-1]} {self._label(path)}" for kind in ("files", "folders") for path in seen[kind]]
        names += [f"part {self._label(path)}: {part}" for path, part in seen["parts"]]
        names += [f"variable {name}" for name in seen["variables"]]
        return {name: self._state(name) for name in names}

    def _label(self, path: str | Path) -> str:
        path = Path(path)
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)

    def _state(self, name: str) -> str:
        """Return what is now under the *name* of a fact."""
        kind, _, label = name.partition(" ")
        try:
            if kind == "file":
                return _file_digest(self.root / label)
            if kind == "folder":
                return _digest("/".join(sorted(one.name for one in (self.root / label).iterdir())))
            if kind == "part":
                path, _, part = label.rpartition(": ")
                return _part_digest(self.root / path, part)
        except (OSError, ValueError, LookupError):
            return ABSENT
        if kind == "variable" and label in os.environ:
            return _digest(os.environ[label])
        return ABSENT


def code_of(notebook: Mapping[str, Any]) -> str:
    """Return a digest of the code of *notebook*, as it is stored or as nbformat gives it, with metadata that matter."""
    cells = [(_joined(cell["source"]), _mattering(cell["metadata"])) for cell in _code_cells(notebook)]
    return _digest(json.dumps([cells, _mattering(notebook["metadata"])], sort_keys=True))


def code_in(folder: Path) -> Iterator[Path]:
    """Yield the files of a package that can change what it does, catalogues of words among them."""
    for path in sorted(folder.rglob("*.*")):
        if path.is_file() and path.suffix not in (".pyc", ".pot") and "_collection" not in path.parts:
            yield path


def _code_cells(notebook: Mapping[str, Any]) -> list:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def _joined(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _mattering(metadata: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in metadata.items() if name not in _NO_MATTER}


@functools.cache
def _machine() -> Facts:
    """Return the interpreter and what is installed for it; a package is known by its version and its moment."""
    endings = (".dist-info", ".egg-info", ".egg-link", ".pth")
    folders = [folder for folder in dict.fromkeys(map(Path, sys.path)) if folder.is_dir()]
    found = [one for folder in folders for one in sorted(folder.iterdir()) if one.suffix in endings]
    installed = [f"{one} {one.stat().st_mtime_ns}" for one in found]
    python = f"{sys.version} {sys.executable} {sys.flags} {sys.platform}"
    return {"machine the interpreter": _digest(python), "machine an installed package": _digest("\n".join(installed))}


def _digest(text: str | bytes) -> str:
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def _file_digest(path: Path) -> str:
    return _known_digest(path, _stamp(path))


@functools.cache
def _known_digest(path: Path, stamp: tuple[int, ...]) -> str:
    return _digest(path.read_bytes())


def _part_digest(path: Path, part: str) -> str:
    return _digest_by_part(path, _stamp(path)).get(part, ABSENT)


@functools.cache
def _digest_by_part(path: Path, stamp: tuple[int, ...]) -> dict[str, str]:
    """Return a digest of each part: the tables of a descriptor, the rows of a table, the outputs of a notebook."""
    text = path.read_text(encoding="utf-8")
    parts: dict[str, Any] = {uses.EVERYTHING: text}
    if path.suffix == ".csv":
        head, *rows = csv.reader(io.StringIO(text, newline=""))
        parts |= {row[0]: [head, row] for row in rows if row}
    elif path.suffix == ".ipynb":
        parts[uses.OUTPUTS] = [cell.get("outputs") for cell in json.loads(text)["cells"]]
    else:
        parts |= {one["name"]: one for one in json.loads(text)["resources"]}
    return {name: _digest(json.dumps(part, sort_keys=True)) for name, part in parts.items()}


def _stamp(path: Path) -> tuple[int, ...]:
    about = path.stat()
    return about.st_mtime_ns, about.st_ctime_ns, about.st_size, about.st_ino


def _made(output: Path) -> dict[str, list[int]]:
    """Return size and moment of each file in a folder that was made."""
    files = (path for path in sorted(output.rglob("*")) if path.is_file())
    return {path.relative_to(output).as_posix(): [path.stat().st_size, path.stat().st_mtime_ns] for path in files}


def _is_scratch(path: Path) -> bool:
    return path.is_relative_to(tempfile.gettempdir())


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # another build was faster
        return 0


def _json(path: Path) -> dict[str, Any] | None:
    """Return the content of a file of the cache; None where there is none, or none that can be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None
