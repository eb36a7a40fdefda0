"""Run a kernel behind a wall: ``python -m workshop.run.walled FOLDER -f CONNECTION …``.

The kernel, and whatever it starts, reads Python, its packages and the tables, and nothing else: no other folder of
the user, no notebook with solutions, no gradebook. It writes in *FOLDER* alone, opens no connection and signals nobody
outside. Linux holds the wall (Landlock, from 5.13 on; connections from 6.7 on, signals from 6.12 on): what has gone
behind it cannot come out.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import resource
import runpy
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

from workshop.run.forkserver import LAUNCHER

CREATE, ADD, RESTRICT = 444, 445, 446  # system calls, the same on every architecture
_READ = 1 << 0 | 1 << 2 | 1 << 3  # execute, read a file, read a folder
_ON_FILES = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15
_CONNECT = 1 << 1
_SIGNAL = 1 << 0 | 1 << 1  # abstract sockets, signals
SECONDS, FILE, MEMORY = 300, 1 << 27, 1 << 33


class _Rules(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scope", ctypes.c_uint64)]


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = [("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32)]


def version() -> int:
    """Return which version of the wall this system has; 0 when it has none."""
    if sys.platform != "linux":
        return 0
    return max(0, ctypes.CDLL(None).syscall(CREATE, None, ctypes.c_size_t(0), 1))


def close(read: Iterable[Path], write: Iterable[Path]) -> None:
    """Let this process and its children *read* and *write* beneath these paths, and nowhere else; for good.

    Raises
    ------
    OSError
        The system refuses.
    """
    libc, known = ctypes.CDLL(None, use_errno=True), version()
    everything = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(known, 16)) - 1
    rules = _Rules(everything, _CONNECT if known >= 4 else 0, _SIGNAL if known >= 6 else 0)
    size = 8 if known < 4 else 16 if known < 6 else 24

    def call(number: int, *arguments: object) -> int:
        if (result := libc.syscall(number, *arguments)) < 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        return result

    ruleset = call(CREATE, ctypes.byref(rules), ctypes.c_size_t(size), 0)
    for paths, allowed in ((read, _READ), (write, everything)):
        for path in filter(Path.exists, paths):
            descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
            fits = allowed & everything & (-1 if path.is_dir() else _ON_FILES)
            call(ADD, ruleset, 1, ctypes.byref(_Beneath(fits, descriptor)), 0)
            os.close(descriptor)
    if libc.prctl(38, 1, 0, 0, 0):  # nothing that is started gains rights
        raise OSError(ctypes.get_errno(), "no_new_privs")
    call(RESTRICT, ruleset, 0)
    os.close(ruleset)


def readable() -> list[Path]:
    """Return what a kernel needs to read: Python, its packages and libraries, and the tables."""
    package = Path(str(importlib.util.find_spec("malirussia").origin)).parent  # type: ignore[union-attr]
    tables = [package / "_collection", package.parents[1] / "data", package.parents[1] / "pyproject.toml"]
    python = [Path(path) for path in (sys.prefix, sys.base_prefix, sysconfig.get_path("stdlib"), *sys.path) if path]
    return [*python, *tables, *map(Path, ("/usr", "/lib", "/lib64", "/bin", "/etc", "/dev/urandom", "/sys/devices"))]


def main() -> None:
    """Close the wall, then run the launcher of kernels in this process."""
    folder = Path(sys.argv.pop(1))
    connection = Path(sys.argv[sys.argv.index("-f") + 1])
    here = Path.cwd()
    os.environ.update(dict.fromkeys(("HOME", "IPYTHONDIR", "TMPDIR"), str(folder)))
    if version():
        close([*(path for path in readable() if path != here), connection], [folder, Path("/dev/null")])
    for limit, most in ((resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_FSIZE, FILE), (resource.RLIMIT_DATA, MEMORY)):
        resource.setrlimit(limit, (most, most))
    runpy.run_module(LAUNCHER, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
