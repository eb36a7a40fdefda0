"""What a rule is, and what it finds.

A rule looks at one subject, a notebook or a table, and yields the places where the subject departs from it, each with
what was found and what was expected. Its id is permanent: an id that is given up is not given again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

Found = Iterable[tuple[str, str]]
"""Place in the file (empty for the whole of it) and message, for each departure."""


class Subject(Protocol):
    """What rules are asked about."""

    file: str
    """Path below the root of the collection."""
    kinds: tuple[str, ...]
    """The kinds of rules that hold for it, see :data:`KINDS`."""
    names: tuple[str, ...]
    """Short names under which it may be asked for, beside its path."""


@dataclass(frozen=True)
class Rule:
    """One convention, in words for readers and as a check."""

    id: str
    name: str
    kind: str
    expected: str
    why: str
    check: Callable[[Any], Found]

    def faults(self, subject: Subject) -> list[Fault]:
        """Return the faults of *subject*, or those of a file that has to be read for the check and cannot be."""
        try:
            return [Fault(subject.file, place, self, message) for place, message in self.check(subject)]
        except Unreadable as error:
            return error.faults


@dataclass(frozen=True)
class Fault:
    """A departure from a rule; its text is one line with file, place, rule and what was expected."""

    file: str
    place: str
    rule: Rule
    message: str

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.file, self.place, f"{self.rule.id} {self.rule.name}: {self.message}")))


class Unreadable(Exception):
    """A file cannot be read, so that no other rule can be asked; it carries the faults that say where and why."""

    def __init__(self, faults: list[Fault]):
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


KINDS = {
    "notebook": "Every notebook",
    "theme": "Notebooks of a theme",
    "form": "How notebooks of a theme read",
    "template": "The template",
    "lesson": "Lessons",
    "file": "Every table",
    "table": "Every table but the bibliography",
    "sources": "The bibliography",
    "description": "The description of a table",
    "package": "The package as a whole",
}
"""The kinds of rules, in the order and with the headings of ``docs/conventions.md``."""

RULES: list[Rule] = []
"""All rules in the order in which they are asked."""


def rule(kind: str, id: str, expected: str, why: str) -> Callable[[Callable[[Any], Found]], Rule]:
    """Make a function that yields places and messages into the rule that bears its name, and add it to the rules.

    Parameters
    ----------
    kind : str
        For what it holds, a key of :data:`KINDS`.
    id : str
        Its permanent id: N… for notebooks, L… for lessons, T… for tables.
    expected, why : str
        What it asks for and for what reason, in sentences for contributors.
    """

    def collect(check: Callable[[Any], Found]) -> Rule:
        RULES.append(Rule(id, check.__name__.replace("_", "-"), kind, expected, why, check))
        return RULES[-1]

    return collect
