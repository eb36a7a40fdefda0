"""Raw files: what is there, what can be fetched, and what a person has to put there."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from malirussia.package import DataError
from workshop.renew.upstream import GROUP, LOCK, File, UpstreamSet, sha256

VARIABLE = "MALIRUSSIA_RAW"


def raw_folder(root: Path, chosen: Path | None = None) -> Path:
    """Return the folder of raw files: *chosen*, else that of the environment, else ``raw/`` of the collection."""
    return chosen or Path(os.environ.get(VARIABLE) or root / "raw")


@dataclass(frozen=True)
class Status:
    """How it stands with one raw file: present, fetched, put (by a person) or refused, and what to know of it."""

    upstream: UpstreamSet
    file: File
    state: str
    note: str

    def __str__(self) -> str:
        return f"{self.state:<8}  {self.upstream.name:<22}  {self.file.name}: {self.note}"


def fetch(sets: list[UpstreamSet], raw: Path) -> Iterator[Status]:
    """Yield the status of every file of *sets* below *raw*; fetch those that are missing and have an address.

    A file that is there is only checked, without a network. Nothing is kept that has other bytes than the lock says.
    """
    for one in sets:
        for file in one.about.files:
            try:
                path = one.found(file, raw)
            except DataError as error:
                yield Status(one, file, "refused", str(error))
                continue
            if path:
                yield Status(one, file, "present", str(path.relative_to(raw)))
            else:
                yield _fetched(one, file, raw) if file.url else Status(one, file, "put", _by_hand(one))


def _fetched(one: UpstreamSet, file: File, raw: Path) -> Status:
    try:
        import pooch
    except ImportError:
        return Status(one, file, "put", f"{_by_hand(one)} Fetching {GROUP}.")
    pooch.get_logger().setLevel("WARNING")
    folder, known = raw / one.name, f"sha256:{one.lock[file.name]['sha256']}"
    try:
        pooch.retrieve(file.url, known, fname=file.name, path=folder)
    except ValueError as error:  # other bytes than expected: pooch names both hashes and keeps nothing
        return Status(one, file, "refused", " ".join(str(error).split()))
    except OSError as error:
        return Status(one, file, "put", f"{_by_hand(one)} ({file.url} was not reached: {type(error).__name__})")
    return Status(one, file, "fetched", f"{one.name}/{file.name}")


def _by_hand(one: UpstreamSet) -> str:
    return f"put it anywhere below the folder of raw files. {one.about.how} {one.about.page} ({one.about.licence})"


def write_lock(one: UpstreamSet, raw: Path) -> Path:
    """Write the lock of *one* from the files of its names below *raw*; it changes only where their bytes do.

    Raises
    ------
    FileNotFoundError
        A file is missing, or more than one has its name.
    """
    lock = {}
    for file in one.about.files:
        paths = sorted(raw.rglob(file.name))
        if len(paths) != 1:
            raise FileNotFoundError(f"{raw}: expected one file {file.name} for {one.name}, found {len(paths)}")
        lock[file.name] = {"bytes": paths[0].stat().st_size, "sha256": sha256(paths[0]), "url": file.url}
    path = one.folder / LOCK
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
