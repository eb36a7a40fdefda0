"""Ask the rules about a collection, or about the files of it that are named; write them down for contributors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import TypeVar

from malirussia.collection import Collection
from malirussia.package import unknown_name
from workshop.check import form, lessons, sense, sources, spelling  # noqa: F401  (their rules join the others)
from workshop.check.anchors import beside_anchors
from workshop.check.notebooks import Notebook
from workshop.check.rules import KINDS, RULES, Fault, Subject
from workshop.check.tables import Whole, descriptions_in, tables_in

S = TypeVar("S", bound=Subject)


def subjects(collection: Collection) -> list[Subject]:
    """Return all that rules are asked about: notebooks, lessons, tables, descriptions, the package as a whole."""
    folder = collection.root / "notebooks"
    paths = sorted(folder.glob("*.ipynb")) + sorted((folder / "lessons").glob("lesson_*.ipynb"))
    notebooks = [Notebook(path, collection.root) for path in paths]
    tables = tables_in(collection)
    whole = Whole(collection, tables, [notebook for notebook in notebooks if "theme" in notebook.kinds])
    return [*notebooks, *tables.values(), *descriptions_in(collection), whole]


def _names(subject: Subject) -> set[str]:
    """Return the names that ask for *subject*: its own, its path and the folders that hold it."""
    path = PurePosixPath(subject.file)
    return {*subject.names, *map(str, (path, *path.parents))}


def select(
    everything: Sequence[S],
    names: Iterable[str] = (),
    what: str = "notebook or table",
    listing: str = "data/README.md, with the folder notebooks/,",
) -> list[S]:
    """Return those of *everything* that *names* ask for, all when there is no name; for the names see :func:`check`.

    Raises
    ------
    UnknownNameError
        A name is that of nothing there; the message says *what* was looked for, suggests the nearest, and names the
        *listing* of all.
    """
    wanted = {Path(name).as_posix() for name in names}
    for name in sorted(wanted.difference(*map(_names, everything))):
        known = list(dict.fromkeys(subject.names[0] for subject in everything if subject.names))
        raise unknown_name(what, name, known, listing)
    return [subject for subject in everything if not wanted or wanted & _names(subject)]


def ask(asked: Iterable[Subject]) -> list[Fault]:
    """Return the faults that the rules find in the subjects *asked*, each once."""
    found = [rule.faults(subject) for subject in asked for rule in RULES if rule.kind in subject.kinds]
    return list(dict.fromkeys(fault for faults in found for fault in faults))


def check(collection: Collection, names: Iterable[str] = ()) -> list[Fault]:
    """Return the departures of a collection from its conventions.

    Parameters
    ----------
    collection : Collection
    names : iterable of str
        What to look at, by default everything: a notebook (``04_trade``, its first words, ``04`` or ``lesson_2``, its
        file name or path), a table with its description (``trade_total`` or the path of its CSV), or a folder
        (``data``, ``data/trade``, ``notebooks``). The rules for the package as a whole are asked with ``data`` only.

    Returns
    -------
    list of Fault
        In the order of files and rules. Of a file that cannot be read little more is said than that.

    Raises
    ------
    UnknownNameError
        A name is that of no notebook, table or folder; the message suggests the nearest.
    """
    return ask(select(subjects(collection), names))


def closing(asked: Sequence[Subject], faults: Sequence[Fault]) -> str:
    """Return the last line of a report: how many faults, or what was looked at without finding any."""
    if faults:
        return _count(len(faults), "fault")
    kinds = {"notebook": "notebook", "file": "table"}
    counts = {word: sum(kind in subject.kinds for subject in asked) for kind, word in kinds.items()}
    return "no fault in " + " and ".join(_count(count, word) for word, count in counts.items() if count)


def _count(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def conventions(root: Path) -> str:
    """Return the conventions in Markdown, for ``docs/conventions.md`` of the collection at *root*."""
    lines = [
        "# Conventions",
        "",
        "Generated from `src/workshop/check/` by `make refresh`; change it there.",
        "",
        "What every notebook, lesson and table of the collection keeps to, and why. The tests ask all of it; so does",
        "",
        "    python -m malirussia check                 # everything",
        "    python -m malirussia check 04_trade        # one notebook",
        "    python -m malirussia check trade_total     # one table, or the path of its CSV",
        "    python -m malirussia check data            # all tables, and the package as a whole",
        "",
        "It prints a line for each fault, with file, cell or line, rule and what was expected. The id of a rule is "
        "permanent: comments and commit messages may refer to it.",
    ]
    for kind, heading in KINDS.items():
        lines += ["", f"## {heading}", "", "| id | rule | what is expected | why |", "| --- | --- | --- | --- |"]
        lines += [
            f"| {rule.id} | {rule.name} | {rule.expected.replace('|', chr(92) + '|')} | {rule.why} |"
            for rule in RULES
            if rule.kind == kind
        ]
    themes = [Notebook(path, root) for path in sorted((root / "notebooks").glob("[0-9][0-9]_*.ipynb"))]
    lines += [
        "",
        "## What the rhythm is measured by",
        "",
        "The rules for how a notebook reads come from some that read well. Theirs are measured as published, ours as "
        "rule N31 counts: lines that hold only the words of a figure or sentence are left out. A dash: not measured.",
        "",
        *beside_anchors(notebook for notebook in themes if "form" in notebook.kinds),
    ]
    return "\n".join(lines) + "\n"
