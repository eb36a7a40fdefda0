"""Notebooks that passed nbval and would pass again are not run again: ``pytest -p workshop.run.passed --nbval``.

What a notebook is known by is its file, outputs and all, and whatever a run of it rests on; that is kept for those
which ``make refresh`` or ``make report`` has run here (:mod:`workshop.run.cache`). With ``CI=true`` or ``FRESH=1`` all
notebooks are run.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from workshop.run.cache import FOLDER, Cache
from workshop.run.files import write_whole
from workshop.run.kernels import own_settings

REASON = "nothing it rests on has changed since it passed"


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Passed(config.rootpath, config.inipath))


class Passed:
    """What is known of the notebooks of a session.

    Parameters
    ----------
    root : pathlib.Path
        The folder of the collection.
    settings : pathlib.Path, optional
        The file with the settings of pytest.
    """

    def __init__(self, root: Path, settings: Path | None = None):
        self.root = root
        self.settings = settings
        self.before: dict[Path, str] = {}
        """By notebook what it was known by before it ran."""
        self.left: Counter[Path] = Counter()
        """By notebook how many cells have not passed."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Skip the cells of notebooks that would pass again."""
        self.left.update(item.path for item in items if item.path.suffix == ".ipynb")
        known = {path: self.known_by(path) for path in self.left}
        self.before = {path: key for path, key in known.items() if key}
        same = {path for path, key in self.before.items() if key == self.passed(path)}
        for item in items:
            if item.path in same:
                item.add_marker(pytest.mark.skip(reason=REASON))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo) -> Any:
        report = yield
        if report.when == "call" and report.passed:
            self.left[item.path] -= 1
        return report

    def pytest_sessionfinish(self) -> None:
        """Remember the notebooks of which every cell has passed, unless something has changed meanwhile."""
        for path, key in self.before.items():
            if not self.left[path] and key == self.known_by(path):
                write_whole(self.file(path), key)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        skipped = terminalreporter.stats.get("skipped", [])
        names = {Path(one.fspath).stem for one in skipped if REASON in str(one.longrepr)}
        if names:
            terminalreporter.write_line(f"{len(names)} notebooks not run, {REASON}: {', '.join(sorted(names))}")

    def known_by(self, path: Path) -> str | None:
        """Return a digest of the notebook at *path* and of what its result rests on; None when none is kept."""
        cache = Cache(self.root)
        with pytest.MonkeyPatch.context() as patch:
            # What a build sets for its kernels alone is under pytest in the environment of this process, and so is the
            # size of the terminal, which readline writes there.
            for name in (*own_settings(), "COLUMNS", "LINES"):
                patch.delenv(name, raising=False)
            result, _ = cache.find(path)
        if not result:
            return None
        texts = [one.read_text(encoding="utf-8") for one in (path, self.settings) if one]
        return hashlib.sha256(json.dumps([texts, cache.facts], sort_keys=True).encode()).hexdigest()

    def passed(self, path: Path) -> str | None:
        """Return what the notebook at *path* was known by when it last passed."""
        file = self.file(path)
        return file.read_text(encoding="utf-8") if file.exists() else None

    def file(self, path: Path) -> Path:
        return self.root / FOLDER / f"passed-{path.stem}"
