"""One object for what everything stands on: where the collection is, its tables, its sources, its language."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from malirussia.language import Language
from malirussia.money import Money
from malirussia.package import Package
from malirussia.sources import Bibliography

T = TypeVar("T")


def own_root() -> Path:
    """Return the folder of the collection that comes with this code: in an installed wheel, or the checkout."""
    here = Path(__file__).resolve().parent
    installed = here / "_collection"
    return installed if installed.is_dir() else here.parents[1]


@dataclass
class Used:
    """What a notebook has used so far, in the order of first use: tables loaded, sources shown or stated."""

    tables: dict[str, None] = field(default_factory=dict)
    sources: dict[str, None] = field(default_factory=dict)

    def note(self, sources: Iterable[str]) -> None:
        """Note that *sources* stand behind something that was shown or said."""
        self.sources |= dict.fromkeys(sources)


class Collection:
    """A collection of tables and notebooks on disk.

    It is made once and passed on: no function reads a collection from anywhere else.

    Parameters
    ----------
    root : path, optional
        Folder that holds ``data/`` and ``notebooks/``; by default the one that comes with this code.
    language : Language or str
        In which it speaks to readers, or its tag, like ``en``.
    """

    def __init__(self, root: str | Path | None = None, language: Language | str = "en"):
        self.root = Path(root) if root is not None else own_root()
        self.language = language if isinstance(language, Language) else Language(language)
        self.used = Used()
        self._made: dict[Hashable, Any] = {}
        self._made_of: dict[str, tuple] = {}

    def load(self, name: str, **options: Any) -> pd.DataFrame:
        """Read one table and note that it was used; see :meth:`malirussia.package.Package.load`."""
        frame = self.package.load(name, **options)
        self.used.tables.setdefault(name)
        return frame

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what *make* gave for this *key* before, as long as no file of the package has changed since."""
        if (state := self.package.state()) != self._made_of:
            self._made, self._made_of = {}, state
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    @cached_property
    def package(self) -> Package:
        """The tables in ``data/``."""
        return Package(self.root / "data")

    @cached_property
    def bibliography(self) -> Bibliography:
        """The sources of the tables."""
        return Bibliography(self.package, self.language)

    @cached_property
    def money(self) -> Money:
        """Its prices and exchange rates."""
        return Money(self.package)
