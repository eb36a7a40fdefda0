"""Write files and folders whole or not at all, and renew the generated part of a file."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import re
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode

FILL_IN = "FILL IN"
"""The mark in a draft for what a person must write."""


class FileError(RuntimeError):
    """A file that is to be renewed in part does not hold that part."""


def write_whole(path: Path, content: str | bytes) -> None:
    """Write *content* to *path* whole or not at all."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}.new")
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        scratch.write_bytes(data)
        scratch.replace(path)
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise


def write_notebook(path: Path, notebook: NotebookNode) -> None:
    """Write *notebook* to *path* whole or not at all."""
    import nbformat  # which takes a second, and most of what is written is none

    write_whole(path, nbformat.writes(notebook) + "\n")


def with_generated(text: str, name: str, part: str, file: str) -> str:
    """Return the *text* of *file* with *part* between its marks ``<!-- name -->`` and ``<!-- /name -->``.

    Raises
    ------
    FileError
        The marks are not there just once.
    """
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    marked = re.compile(f"({start}\n).*?({end})", re.DOTALL)
    renewed, count = marked.subn(lambda found: found[1] + part + found[2], text)
    if count != 1:
        raise FileError(f"{file} needs one part between {start} and {end}")
    return renewed


def room_for(output: Path) -> None:
    """See to it, before any work, that the folder *output* can be replaced.

    Raises
    ------
    OSError
        It is a mount point, its folder cannot be written to, or there is less room than it takes now.
    """
    output = output.resolve()
    if output.is_mount() or os.fsencode(output) in _mounted():
        raise OSError(f"{output} is a mount point and cannot be replaced: give a folder in it, with --output")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{output.name}-", dir=output.parent):
            pass
    except OSError as error:
        raise OSError(f"{output.parent}: {error.strerror}: make it writable, or give another, with --output") from None
    needed = sum(path.stat().st_size for path in output.rglob("*") if path.is_file())
    if shutil.disk_usage(output.parent).free < needed:
        raise OSError(f"{output.parent}: less than {needed / 1e6:.0f} MB are free: make room")


def _mounted() -> list[bytes]:
    """Return where Linux has mounted something; that a folder of the same disk is, is told nowhere else."""
    try:
        lines = Path("/proc/self/mountinfo").read_bytes().splitlines()
    except OSError:
        return []
    return [line.split()[4].decode("unicode_escape").encode("latin-1") for line in lines]


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM wait until the end of a step that must not be left half done."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting: list[int] = []
    former = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        for one in former:
            signal.signal(one, lambda number, _: waiting.append(number))
        yield
    finally:
        for one, handler in former.items():
            signal.signal(one, handler)
        for number in waiting:
            signal.raise_signal(number)


@contextmanager
def whole_folder(output: Path) -> Iterator[Path]:
    """Give an empty folder to fill; at the end it takes the place of *output*.

    It lies beside *output*. A failure before or during the move leaves *output* as it was. Of two builds at once, that
    which ends last has its way.
    """
    output = output.resolve()
    output.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{output.name}-", dir=output.parent))
    try:
        fresh = scratch / "fresh"
        fresh.mkdir()
        yield fresh
        with undisturbed():
            _take_place(fresh, output, scratch)
    finally:
        with undisturbed():
            shutil.rmtree(scratch, ignore_errors=True)


def _take_place(fresh: Path, output: Path, scratch: Path) -> None:
    """Move *fresh* to *output*; what stands there moves to *scratch*, and back on a failure."""
    for number in itertools.count():
        former = scratch / f"former-{number}"
        with contextlib.suppress(FileNotFoundError):  # there was none, or another build is just putting its own there
            output.rename(former)
        try:
            fresh.rename(output)
            return
        except OSError as error:
            # Another build was faster: its folder has to go first.
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                if former.exists():
                    former.rename(output)
                raise
