"""Kernels that start fast and clean.

:class:`WarmProvisioner` forks a kernel from a process that has the heavy libraries loaded. Jupyter knows it as
``malirussia-warm``: a tool uses it for a kernel whose specification names it, or for every kernel when the variable
``JUPYTER_DEFAULT_PROVISIONER_NAME`` does. Each kernel is a process of its own, with the command, folder, environment
and streams that the tool gives it; where no fork can give the kernel that a plain start would, it is started plainly.
The one difference is that the modules are there already: ``matplotlib.pyplot`` after ``import matplotlib`` alone.
Ruff finds a name that a notebook never imports (F821); tests/test_trade_notebook.py runs one in a cold kernel.

:class:`OwnKernelManager` is what our own builds start kernels with: this interpreter, and no settings of the user.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import functools
import json
import math
import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
import weakref
from collections.abc import Mapping
from pathlib import Path
from queue import Empty
from typing import IO, Any

from jupyter_client import AsyncKernelClient, AsyncKernelManager
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.provisioning import LocalProvisioner
from traitlets import Type

from workshop.run import forkserver
from workshop.run.forkserver import LAUNCHER, NUMBER, launcher

# What a kernel loads at its start and on its way, and what the notebooks draw with. Our own package is left out: it
# loads in a few hundredths of a second, sets the style of matplotlib, and who works on it wants the code as it is now.
PRELOADED = (
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "psutil",
    "sqlite3",
    "tornado.platform.asyncio",
    "IPython.core.completerlib",
    "IPython.core.pylabtools",
    "IPython.extensions.storemagic",
    "pandas",
    "pandas.io.formats.html",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "seaborn",
)
# In which a server has loaded the libraries, or will not.
_SECONDS = 60
# What differs from kernel to kernel and means nothing to the libraries.
_VOLATILE = ("JPY_", "PYTEST_", "MALIRUSSIA_")
# Where the libraries look; what is not absolute counts from the folder of the kernel.
_PATHS = ("PYTHONPATH", "MATPLOTLIBRC", "MPLCONFIGDIR")


class ForkedKernel:
    """A forked process; it has the part of :class:`subprocess.Popen` that a provisioner uses."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, channel: socket.socket, server: Server):
        self.pid = pid
        self.returncode: int | None = None
        self._channel = channel
        self._server = server  # kept, because it ends with the last that holds it
        # A kernel that nobody holds any more ends with its socket.
        weakref.finalize(self, channel.close)

    def poll(self) -> int | None:
        """Return the exit status, negative for a signal, or None while the process runs."""
        if self.returncode is None:
            try:
                status = self._channel.recv(NUMBER.size)
            except BlockingIOError:
                return None
            except ConnectionError:
                status = b""
            # Without a word: the server was killed, and its kernels end with it.
            self.returncode = NUMBER.unpack(status)[0] if status else -signal.SIGKILL
            self._channel.close()
        return self.returncode

    def wait(self) -> int | None:
        """Wait for the end of the process and return its exit status."""
        if self.returncode is None:
            self._channel.setblocking(True)
        return self.poll()

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


class Server:
    """A :mod:`forkserver <workshop.run.forkserver>` process; it and its kernels end with this object.

    Parameters
    ----------
    python : sequence of str
        The interpreter with its own options.
    env : mapping
        The environment of the process.
    """

    def __init__(self, python: tuple[str, ...], env: Mapping[str, str]):
        self._control, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(
                [*python, forkserver.__file__, str(theirs.fileno()), *PRELOADED],
                pass_fds=[theirs.fileno()],
                env=env,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        weakref.finalize(self, _end, self._control, process)

    async def fork(self, request: dict[str, Any], stdout: int, stderr: int) -> ForkedKernel:
        """Fork a kernel; raise OSError when the server does not answer."""
        channel, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(self._control, [b"k"], [theirs.fileno(), stdout, stderr])
            channel.setblocking(False)
            loop = asyncio.get_running_loop()
            async with asyncio.timeout(_SECONDS):
                await loop.sock_sendall(channel, json.dumps(request).encode() + b"\n")
                pid = await loop.sock_recv(channel, NUMBER.size)
            if not pid:
                raise ConnectionError("the forkserver has ended")
        except BaseException:
            channel.close()
            raise
        return ForkedKernel(NUMBER.unpack(pid)[0], channel, self)


def _end(control: socket.socket, process: subprocess.Popen) -> None:
    control.close()
    try:
        process.wait(_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@functools.lru_cache(maxsize=1)
def _server(python: tuple[str, ...], env: tuple[tuple[str, str], ...], installed: int) -> Server:
    """Return the server for kernels of this interpreter and environment.

    *installed* is when a package was last installed: what is loaded must be what is there.
    """
    return Server(python, dict(env))


class WarmProvisioner(LocalProvisioner):
    """Forks the kernels of this interpreter; what cannot be forked is started as the base class does."""

    process: Any = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel that *cmd* stands for and return how to reach it."""
        asked = {name: value for name, value in kwargs.items() if name != "kernel_id"}
        if _can_fork(cmd, **asked):
            try:
                self.process = await _fork(cmd, **asked)
            except OSError:
                _server.cache_clear()
            else:
                self.pid = self.pgid = self.process.pid
                self.cwd = kwargs.get("cwd") or Path.cwd()
                return self.connection_info
        return await super().launch_kernel(cmd, **kwargs)

    async def shutdown_requested(self, restart: bool = False) -> None:
        """Wait a moment for the kernel that has just been asked to end; the manager would look ten times a second."""
        await self._until_ended(1)

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel and wait for its end."""
        await super().kill(restart=restart)
        await self._until_ended(_SECONDS)

    async def _until_ended(self, seconds: int) -> None:
        for _ in range(100 * seconds):
            if await self.poll() is not None:
                break
            await asyncio.sleep(0.01)


def _can_fork(
    cmd: list[str],
    env: Mapping[str, str],
    cwd: str | None = None,
    stdout: IO | int | None = None,
    stderr: IO | int | None = None,
    **other: Any,
) -> bool:
    """Return whether a fork gives the kernel that a plain start would."""
    return (
        # Elsewhere a fork is unsafe (macOS), not there (Windows) or untried.
        sys.platform == "linux"
        and cmd[0] == sys.executable
        and launcher(cmd) is not None
        and not any(isinstance(stream, int) for stream in (stdout, stderr))
        and not other
        # What the libraries would read from the kernel's own folder.
        and not Path(cwd or "", "matplotlibrc").exists()
        and all(Path(path).is_absolute() for name in _PATHS for path in env.get(name, "/").split(os.pathsep))
    )


async def _fork(
    cmd: list[str],
    env: Mapping[str, str],
    cwd: str | None = None,
    stdout: IO | None = None,
    stderr: IO | None = None,
) -> ForkedKernel:
    """Fork a kernel from the server for its interpreter and environment, which is started when it is not there."""
    server = _server_for(cmd, env)
    request = {"command": cmd, "cwd": str(Path(cwd or "").absolute()), "env": dict(env)}
    return await server.fork(request, stdout.fileno() if stdout else 1, stderr.fileno() if stderr else 2)


def _server_for(cmd: list[str], env: Mapping[str, str]) -> Server:
    lasting = tuple(one for one in env.items() if not one[0].startswith(_VOLATILE))
    installed = Path(sysconfig.get_path("purelib")).stat().st_mtime_ns
    return _server(tuple(cmd[: cmd.index("-m")]), lasting, installed)


def warm_up() -> None:
    """Start the server for our own kernels, so that it loads the libraries while this process loads what it needs."""
    cmd, env = [sys.executable, "-m", LAUNCHER], {**os.environ, **build_settings()}
    if _can_fork(cmd, env):
        _server_for(cmd, env)


def own_settings() -> dict[str, str]:
    """Return the environment variables that keep a user's settings of IPython, matplotlib and Python out of a kernel.

    The list of fonts stays where matplotlib keeps it. pandas has no settings outside of a process.
    """
    return {"IPYTHONDIR": _empty_folder(), "MATPLOTLIBRC": os.devnull, "PYTHONSTARTUP": ""}


def build_settings() -> dict[str, str]:
    """Return the variables of a kernel of a build: its figures come in the layouts of a page, too."""
    return {**own_settings(), "MALIRUSSIA_SCREENS": "1"}


@functools.cache
def _empty_folder() -> str:
    """Return a folder for the time of this process."""
    folder = tempfile.mkdtemp(prefix="ipython-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


class OwnKernelClient(AsyncKernelClient):
    """A client that loses no time: a kernel of ours is a process on this machine and known to be alive or not."""

    def start_channels(
        self, shell: bool = True, iopub: bool = True, stdin: bool = True, hb: bool = False, control: bool = True
    ) -> None:
        """Open the channels; not the heartbeat, which may take a second to close when the kernel has gone."""
        super().start_channels(shell, iopub, stdin, hb, control)

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Return when the kernel answers and its outputs arrive.

        The base class then listens for 0.2 s to what else arrives, which nobody reads.

        Raises
        ------
        RuntimeError
            The kernel has died, or did not answer in *timeout* seconds.
        """
        end = time.monotonic() + (timeout or math.inf)
        while time.monotonic() < end:
            self.kernel_info()
            with contextlib.suppress(Empty):
                await self.get_shell_msg(timeout=1)
                await self.get_iopub_msg(timeout=0.2)
                return
            if not await self.is_alive():
                raise RuntimeError("the kernel died before it answered")
        raise RuntimeError(f"the kernel did not answer in {timeout} seconds")


class OwnKernelManager(AsyncKernelManager):
    """Start the kernel with this interpreter, whatever kernels the user has registered under the same name."""

    client_factory = Type(OwnKernelClient)
    settings = staticmethod(build_settings)

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.provisioner = WarmProvisioner(kernel_spec=self.kernel_spec, parent=self)
        # A socket that finds no kernel yet tries again after so many milliseconds, not 100.
        self.context.reconnect_ivl = 10

    @property
    def launcher(self) -> list[str]:
        """The module that runs a kernel, with arguments of its own."""
        return [LAUNCHER]

    @property
    def kernel_spec(self) -> KernelSpec:
        # A kernel that is stopped because another notebook failed has nothing to tell that its user could mend.
        options = ["--log-level=CRITICAL", "--HistoryManager.enabled=False"]
        argv = [sys.executable, "-m", *self.launcher, "-f", "{connection_file}", *options]
        return KernelSpec(argv=argv, env=self.settings(), display_name="Python 3", language="python")
