"""Run notebooks from scratch, each in a fresh kernel of this very environment."""

from __future__ import annotations

import asyncio
import atexit
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from nbformat.reader import NotJSONError

from workshop.run.kernels import OwnKernelManager

# A cell that runs longer is taken to hang.
CELL_SECONDS = 600


class NotebookError(RuntimeError):
    """A notebook cannot be drafted, read, run to its end or shown; the message names notebook, cell and error."""


def read(path: Path) -> NotebookNode:
    """Return the notebook at *path* as it is stored; raise :class:`NotebookError` for a file that is none."""
    try:
        return nbformat.read(path, as_version=4)
    except (NotJSONError, nbformat.ValidationError) as error:
        raise NotebookError(f"{path.name} is not a notebook: {str(error).splitlines()[0]}") from None


class OneClient(NotebookClient):
    """A client that remembers the cell it runs, so that an error can name it."""

    running: int = 0

    async def async_execute_cell(self, cell: NotebookNode, cell_index: int, *args: Any, **kwargs: Any) -> NotebookNode:
        self.running = cell_index
        return await super().async_execute_cell(cell, cell_index, *args, **kwargs)


async def run(path: Path) -> NotebookNode:
    """Return the notebook at *path* with the outputs of a fresh run; the file stays as it is."""
    notebook = read(path)
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
        raise NotebookError(f"{path.name}, cell {client.running + 1}: {error or 'took too long'}") from None
    finally:
        # The client forgets this when its kernel does not start.
        atexit.unregister(client._cleanup_kernel)
    # What differs between machines without a difference in the results is not kept.
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return notebook


async def run_all(paths: list[Path]) -> AsyncIterator[tuple[Path, NotebookNode, float]]:
    """Run notebooks, as many at once as there are cores; yield each as it ends with its seconds."""
    free = asyncio.Semaphore(os.cpu_count() or 1)

    async def one(path: Path) -> tuple[Path, NotebookNode, float]:
        async with free:
            start = time.perf_counter()
            return path, await run(path), time.perf_counter() - start

    tasks = [asyncio.create_task(one(path)) for path in paths]
    try:
        for finished in asyncio.as_completed(tasks):
            yield await finished
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def execute(paths: list[Path]) -> dict[Path, NotebookNode]:
    """Run *paths* and return the executed notebooks in that order, printing a line as each one ends."""

    async def collect() -> dict[Path, NotebookNode]:
        done = {}
        async for path, notebook, seconds in run_all(paths):
            done[path] = notebook
            print(f"[{len(done)}/{len(paths)}] {path.stem} {seconds:.1f} s", flush=True)
        return done

    done = asyncio.run(collect())
    return {path: done[path] for path in paths}
