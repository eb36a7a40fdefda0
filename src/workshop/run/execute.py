"""Run notebooks, each in a fresh kernel of this very environment, unless their results are kept and still hold."""

from __future__ import annotations

import ast
import asyncio
import atexit
import json
import math
import os
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import fmean
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from workshop.run.cache import Cache, code_of, wants_fresh
from workshop.run.kernels import OwnKernelManager

# A cell that runs longer is taken to hang.
CELL_SECONDS = 600

Each = Callable[[Path, NotebookNode], None]
_WITNESS = "__import__('workshop.run.witness', fromlist=['start'])"


class NotebookError(RuntimeError):
    """A notebook cannot be drafted, read, run to its end or shown; the message names notebook, cell and error."""


def read(path: Path) -> NotebookNode:
    """Return the notebook at *path* as it is stored; raise :class:`NotebookError` for a file that is none."""
    try:
        return nbformat.read(path, as_version=4)
    except (nbformat.ValidationError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise NotebookError(f"{path.name} is not a notebook: {_first_line(error)}") from None


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "") or type(error).__name__


class OneClient(NotebookClient):
    """A client that remembers the cell it runs, so that an error can name it, and what the kernel was seen to read."""

    running: int = 0
    seen: dict[str, Any] | None = None

    @asynccontextmanager
    async def async_setup_kernel(self, **kwargs: Any) -> AsyncIterator[None]:
        async with super().async_setup_kernel(**kwargs):
            await self._ask(f"{_WITNESS}.start()")
            yield
            self.seen = await self._ask(f"{_WITNESS}.told()")

    async def _ask(self, expression: str) -> Any:
        """Return what the kernel says to *expression*, in JSON, outside of all cells; None where it says nothing."""
        assert self.kc is not None
        message = self.kc.execute("", silent=True, user_expressions={"asked": expression})
        reply = await self.async_wait_for_reply(message)
        said = reply["content"].get("user_expressions", {}).get("asked", {}) if reply else {}
        text = ast.literal_eval(said["data"]["text/plain"]) if said.get("status") == "ok" else None
        return json.loads(text) if text else None

    async def async_execute_cell(self, cell: NotebookNode, cell_index: int, *args: Any, **kwargs: Any) -> NotebookNode:
        self.running = cell_index
        return await super().async_execute_cell(cell, cell_index, *args, **kwargs)


async def run(path: Path, cache: Cache | None = None) -> NotebookNode:
    """Return the notebook at *path* with the outputs of a fresh run; the file stays as it is.

    With a *cache*, they are kept there.
    """
    began, notebook = time.time(), read(path)
    code = code_of(notebook)
    client = OneClient(
        notebook,
        kernel_manager_class=OwnKernelManager,
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        # How many pieces printed text arrives in depends on the moment.
        coalesce_streams=True,
        timeout=CELL_SECONDS,
    )
    try:
        await client.async_execute()
    except CellExecutionError as error:
        raise NotebookError(f"{path.name}, cell {client.running + 1}: {error.ename}: {error.evalue}") from None
    except (RuntimeError, TimeoutError) as error:
        raise NotebookError(f"{path.name}, cell {client.running + 1}: {_first_line(error)}") from None
    finally:
        # The client forgets this when its kernel does not start.
        atexit.unregister(client._cleanup_kernel)
    if cache and (fault := cache.keep(path, code, notebook, client.seen, began)):
        print(f"{path.stem} will run again next time: {fault}", flush=True)
    return _plain(notebook)


def _plain(notebook: NotebookNode) -> NotebookNode:
    """Drop what differs between machines without a difference in the results."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"file_extension": ".py", "name": "python"},
    }
    return notebook


async def run_all(
    paths: list[Path], cache: Cache | None = None, last: Callable[[], object] | None = None
) -> AsyncIterator[tuple[Path, NotebookNode, float]]:
    """Run notebooks, as many at once as there are cores; yield each as it ends with its seconds.

    *last* is called when a core has no notebook left to run.
    """
    free = asyncio.Semaphore(os.cpu_count() or 1)

    async def one(path: Path) -> tuple[Path, NotebookNode, float]:
        async with free:
            print(f"{path.stem} starts", flush=True)
            start = time.perf_counter()
            return path, await run(path, cache), time.perf_counter() - start

    async def call_last() -> None:
        async with free:
            if last:
                await asyncio.to_thread(last)

    tasks = [asyncio.create_task(one(path)) for path in paths]
    closing = asyncio.create_task(call_last())
    try:
        for finished in asyncio.as_completed(tasks):
            yield await finished
        await closing
    finally:
        for task in (*tasks, closing):
            task.cancel()
        await asyncio.gather(*tasks, closing, return_exceptions=True)


def execute(
    paths: list[Path],
    cache: Cache | None = None,
    each: Each | None = None,
    last: Callable[[], object] | None = None,
) -> dict[Path, NotebookNode]:
    """Return the notebooks at *paths*, run, in that order.

    A line says which are not run, one why each of the others is, and one as each starts and as each ends, with the
    time that is left.

    Parameters
    ----------
    paths : list of pathlib.Path
    cache : Cache, optional
        What it holds is not run again.
    each : callable, optional
        Called with path and notebook of each that is done, while others still run.
    last : callable, optional
        Called when a core has no notebook left to run, beside those that still run.
    """
    done = _found(paths, cache) if cache else {}
    before = {path: cache.seconds(path) if cache else math.inf for path in paths if path not in done}
    # The longest first, so that none runs alone at the end; one with many pictures is taken to be long.
    left = sorted(before, key=lambda path: (before[path], path.stat().st_size), reverse=True)

    async def collect() -> None:
        start = time.perf_counter()
        took: dict[Path, float] = {}
        async for path, notebook, seconds in run_all(left, cache, last):
            done[path], took[path] = notebook, seconds
            rest = _seconds_in_all(before, took) - (time.perf_counter() - start)
            more = f", about {max(rest, 1):.0f} s left" if len(took) < len(left) else ""
            print(f"[{len(took)}/{len(left)}] {path.stem} {seconds:.1f} s{more}", flush=True)
            if each:
                await asyncio.to_thread(each, path, notebook)

    for path, notebook in done.items():
        if each:
            each(path, notebook)
    if left:
        _ask_loopback()
    if left or last:
        with asyncio.Runner(loop_factory=_OwnLoop) as runner:
            runner.run(collect())
    return {path: done[path] for path in paths}


def _seconds_in_all(before: dict[Path, float], took: dict[Path, float]) -> float:
    """Return how long the cores need for all notebooks from the start: each as long as it *took*, or last time did.

    One that was never run is taken for the mean of those that have ended.
    """
    known = {path: seconds for path, seconds in before.items() if seconds < math.inf} | took
    return sum(known.get(path, fmean(took.values())) for path in before) / min(os.cpu_count() or 1, len(before))


def _ask_loopback() -> None:
    """Raise NotebookError where kernels cannot be reached: each would be waited for in vain."""
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            socket.create_connection(server.getsockname(), 5).close()
    except OSError as error:
        raise NotebookError(f"kernels need the loopback interface, `ip link set lo up`: {error}") from None


class _OwnLoop(asyncio.SelectorEventLoop):
    """Leaves signals alone: at Ctrl-C nbclient would end the kernel of one notebook, and nothing else."""

    def add_signal_handler(self, sig: int, callback: Callable, *args: Any) -> None:  # type: ignore[override]
        raise RuntimeError("Ctrl-C and SIGTERM end the whole build")


def _found(paths: list[Path], cache: Cache) -> dict[Path, NotebookNode]:
    """Return the notebooks whose results still hold, and say what is run and why."""
    found = {}
    for path in paths:
        result, why = cache.find(path)
        if result:
            result.fill(notebook := read(path))
            found[path] = _plain(nbformat.from_dict(notebook))
        elif not wants_fresh():
            print(f"{path.stem} runs: {why}", flush=True)
    if found:
        print(
            f"{len(found)} of {len(paths)} not run, nothing they read has changed: {', '.join(p.stem for p in found)}"
        )
    return found
