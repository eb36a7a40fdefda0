"""What a notebook reads, written down in its own kernel: files, folders, variables of the environment.

Python tells an audit hook of every file that is opened, whichever library opens it, and of what else may make the
result of a run unfit to be used again: what is written, the network, programs that are started.
"""

from __future__ import annotations

import json
import os
import sys
import sysconfig
from collections.abc import Iterator
from importlib.util import source_from_cache
from typing import Any

CACHED = "__pycache__"
# What is installed is known by its version; the rest is made by the machine as it goes.
_INSTALLED = tuple(
    {os.path.join(sysconfig.get_path(name), "") for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    | {os.path.join(os.path.dirname(os.__file__), ""), "/proc/", "/sys/", "/dev/"}
)
_IMPORT = "<frozen importlib._bootstrap_external>"
_CHANGES = {"os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.link", "os.symlink", "os.truncate"}
_CALLS = {"socket.connect", "socket.getaddrinfo", "socket.sendto"}
_STARTS = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "pty.spawn"}

files: set[str] = set()
folders: set[str] = set()
parts: set[tuple[str, str]] = set()
variables: set[str] = set()
written: set[str] = set()
elsewhere: set[str] = set()
"""What was asked of others than files: the network, programs."""

_partly: list[str] = []


class _Environ(os._Environ):
    """The environment, with a note of each variable that is asked for."""

    def __getitem__(self, key: str) -> str:
        variables.add(os.fsdecode(key))
        return super().__getitem__(key)

    def __iter__(self) -> Iterator[str]:
        for name in super().__iter__():
            variables.add(name)
            yield name


def start() -> None:
    """Write down from now on what this process reads."""
    os.environ.__class__ = _Environ
    sys.addaudithook(_note)


def told() -> str:
    """Return what was written down, as JSON."""
    kinds = ("files", "folders", "parts", "variables", "written", "elsewhere")
    return json.dumps({kind: sorted(globals()[kind]) for kind in kinds})


def _note(event: str, args: tuple) -> None:
    if event == "open":
        _note_open(*args)
    elif event in ("os.listdir", "os.scandir"):
        # What import finds is written down when it is opened.
        if sys._getframe(1).f_code.co_filename != _IMPORT and (path := _path(args[0] or ".")):
            folders.add(path)
    elif event == "sqlite3.connect":
        if path := _path(args[0]):
            files.add(path)
    elif event in _CHANGES:
        _note_change(args[0])
    elif event in _CALLS:
        elsewhere.add("the network")
    elif event in _STARTS:
        elsewhere.add("a program")
    elif event == "malirussia.partly":
        _partly.append(os.path.abspath(args[0]))
    elif event == "malirussia.whole":
        _partly.pop()
    elif event == "malirussia.uses":
        parts.add((os.path.abspath(args[0]), args[1]))


def _path(given: Any) -> str | None:
    """Return a path in full; None for one that needs no note, and for the number of a file that is open."""
    if not isinstance(given, str | bytes | os.PathLike):
        return None
    path = os.path.abspath(os.fsdecode(given))
    return None if path.startswith(_INSTALLED) else path


def _note_open(given: Any, mode: str | None, flags: int) -> None:
    path = _path(given)
    if path is None or path in _partly:
        return
    if flags & (os.O_WRONLY | os.O_RDWR) or set(mode or "") & set("wax+"):
        _note_change(path)
    elif path.endswith(".pyc"):
        # An import that finds it looks at the source no more.
        files.add(source_from_cache(path) if os.path.basename(os.path.dirname(path)) == CACHED else path)
    else:
        files.add(path)


def _note_change(given: Any) -> None:
    if (path := _path(given)) and CACHED not in path:
        written.add(path)
