"""A process that has the heavy libraries loaded and forks kernels; :mod:`workshop.run.kernels` starts and uses it.

It runs as ``python forkserver.py DESCRIPTOR MODULE …``: it loads the modules, and the descriptor is a socket whose
other end the client holds. For each kernel the client sends a byte with three descriptors: a socket for this kernel,
its stdout, its stderr. On the kernel's socket stands a line of JSON, ``{"command": […], "cwd": …, "env": {…}}``; the
answers there are the process id and, in the end, the exit status. A kernel ends when the client closes its socket, and
all of them when the client has ended, however it did.

The forkserver of multiprocessing is made for functions: it would run the ``__main__`` of the client again in every
kernel, and has one environment, one stdout and one process group for all.
"""

from __future__ import annotations

import builtins
import contextlib
import gc
import importlib
import io
import json
import os
import runpy
import select
import signal
import socket
import struct
import sys
from types import SimpleNamespace

NUMBER = struct.Struct("q")
LAUNCHER = "ipykernel_launcher"
LAUNCHERS = (LAUNCHER, "workshop.run.walled")


def launcher(command: list[str]) -> str | None:
    """Return the module that *command* starts a kernel with, or None when it is none that can be forked."""
    module = command[command.index("-m") + 1] if "-m" in command[:-1] else None
    return module if module in LAUNCHERS else None


def preload(modules: list[str]) -> None:
    """Import the *modules* under the settings that a kernel makes before a notebook can import them."""
    # A kernel ends by itself when its parent is no longer the process of this id.
    os.environ["JPY_PARENT_PID"] = str(os.getpid())
    os.environ["MPLBACKEND"] = os.environ.get("MPLBACKEND") or "module://matplotlib_inline.backend_inline"
    # What pandas asks on import, to choose its options: whether it is in a notebook, and how printed text is encoded.
    vars(builtins)["get_ipython"] = lambda: SimpleNamespace(kernel=None)
    with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="UTF-8")):
        for name in modules:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
    del vars(builtins)["get_ipython"]
    # What is loaded is never garbage: a kernel that looked through it, at its end too, would copy all of that memory.
    gc.collect()
    gc.freeze()


class ForkServer:
    """The kernels of one client.

    Parameters
    ----------
    control : socket.socket
        Where the requests come from; at its end the kernels are ended.
    """

    def __init__(self, control: socket.socket):
        self.control = control
        self.kernels: dict[int, int] = {}
        """Process id of each kernel by its channel, the descriptor of its socket."""
        self.ends: dict[int, int] = {}
        """Channel of each kernel by the descriptor that tells of its end."""
        self.events = select.poll()
        self.events.register(control, select.POLLIN)

    def serve(self) -> list[int]:
        """Fork kernels until the client has gone; return none then, and in each kernel the descriptors sent for it."""
        while True:
            event, _ = self.events.poll()[0]
            if event in self.ends:
                self.tell_end(event)
            elif event in self.kernels:
                self.events.unregister(event)
                self.kill(self.kernels[event])
            else:
                byte, received, *_ = socket.recv_fds(self.control, 1, 3)
                if not byte:
                    break
                if not self.fork(*received):
                    return received
        for pid in self.kernels.values():
            self.kill(pid)
        while self.ends:
            self.tell_end(next(iter(self.ends)))
        return []

    def fork(self, channel: int, *streams: int) -> int:
        """Fork a process and return its id, or 0 in it; there all that belongs to others is closed."""
        pid = os.fork()
        if not pid:
            for descriptor in (*self.kernels, *self.ends, self.control.detach()):
                os.close(descriptor)
            return 0
        for stream in streams:
            os.close(stream)
        end = os.pidfd_open(pid)
        self.kernels[channel], self.ends[end] = pid, channel
        self.events.register(end, select.POLLIN)
        self.events.register(channel, 0)  # told only when the client has closed it
        answer(channel, pid)
        return pid

    def tell_end(self, end: int) -> None:
        """Wait for the kernel of which *end* tells, and pass its exit status on."""
        channel = self.ends.pop(end)
        _, status = os.waitpid(self.kernels.pop(channel), 0)
        answer(channel, os.waitstatus_to_exitcode(status))
        for descriptor in (end, channel):
            with contextlib.suppress(KeyError):
                self.events.unregister(descriptor)
            os.close(descriptor)

    def kill(self, pid: int) -> None:
        """Kill a kernel with what it has started."""
        try:
            os.killpg(pid, signal.SIGKILL)
        except ProcessLookupError:  # it has just been forked and leads no group yet
            os.kill(pid, signal.SIGKILL)


def answer(channel: int, number: int) -> None:
    with contextlib.suppress(BrokenPipeError):
        os.write(channel, NUMBER.pack(number))


def run_kernel(channel: int, stdout: int, stderr: int) -> None:
    """Run the launcher of kernels as if ``python -m`` had just started it in this process."""
    os.setsid()
    with open(channel, "rb") as file:
        request = json.loads(file.readline())
    for stream, standard in ((stdout, 1), (stderr, 2)):
        os.dup2(stream, standard)
        os.close(stream)
    os.chdir(request["cwd"])
    os.environ.update(request["env"], JPY_PARENT_PID=str(os.getppid()))
    if not sys.flags.safe_path:
        sys.path.insert(0, request["cwd"])
    # The generator of the standard library has been seeded anew by the fork itself.
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()
    sys.orig_argv[:] = request["command"]
    module = launcher(request["command"]) or LAUNCHER
    sys.argv[1:] = request["command"][request["command"].index(module) + 1 :]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def main() -> None:
    if not sys.flags.safe_path:
        del sys.path[0]
    descriptor, *modules = sys.argv[1:]
    preload(modules)
    if descriptors := ForkServer(socket.socket(fileno=int(descriptor))).serve():
        run_kernel(*descriptors)


if __name__ == "__main__":
    main()
