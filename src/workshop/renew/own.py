"""A notebook of one's own, begun from the template in a folder that no test, style or build looks at."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat

from malirussia.collection import own_root
from workshop.run.execute import NotebookError
from workshop.run.files import write_notebook


def own_folder() -> Path:
    """Return where notebooks of one's own go: ``scratch/`` of a checkout, else the folder where one is."""
    root = own_root()
    return root / "scratch" if (root / "pyproject.toml").exists() else Path.cwd()


def new_notebook(name: str, folder: Path) -> Path:
    """Write a copy of the template without its outputs as the notebook *name* into *folder*, and return its path.

    Raises
    ------
    NotebookError
        The name is no plain file name.
    FileExistsError
        There is such a notebook.
    """
    if not re.fullmatch(r"\w[\w-]*", name):
        raise NotebookError(f"expected a name of letters, digits, _ and -, like my_question; found {name!r}")
    path = folder / f"{name}.ipynb"
    if path.exists():
        raise FileExistsError(f"{path} exists: give another name, or rename it")
    notebook = nbformat.read(own_root() / "notebooks" / "template.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    folder.mkdir(exist_ok=True)
    write_notebook(path, notebook)
    return path


def next_steps(path: Path) -> str:
    """Return in words how the notebook at *path* is opened, and how a page is made of it."""
    return (
        f"Wrote {path}.\n"
        f"Open it: `make lab`, then the folder {path.parent.name} at the left; or `jupyter lab {path}`.\n"
        "Make a page of it: File, Save and Export Notebook As, Mali-Russia report."
    )
