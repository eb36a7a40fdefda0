"""The draft of a theme notebook: the spine, with what a person must fill in marked."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat

from workshop.run.execute import NotebookError
from workshop.run.files import FILL_IN, write_notebook

DRAFT = Path(__file__).with_name("theme.ipynb")
# Figures are numbered after their notebook: from 10 on stand those of the template and the lessons.
NUMBERS = range(1, 10)


def new_theme(root: Path, name: str, question: str) -> Path:
    """Write the draft of the theme notebook *name*, like ``07_china``, and return its path.

    It loads the first table in the folder of the theme, ``data/china/``, if there is one.

    Raises
    ------
    NotebookError
        The name is not a number and words, or the question is none.
    FileExistsError
        A notebook has that number.
    """
    folder = root / "notebooks"
    taken = {int(path.stem[:2]): path.name for path in sorted(folder.glob("[0-9][0-9]_*.ipynb"))}
    free = next((f"{number:02}" for number in NUMBERS if number not in taken), "none")
    parts = re.fullmatch(r"(\d\d)_([a-z0-9_]+)", name)
    if not parts or int(parts[1]) not in NUMBERS:
        raise NotebookError(
            f"a theme is named like 07_china: a number from 01 to 09, plain words; found {name!r}. Next free: {free}"
        )
    if int(parts[1]) in taken:
        raise FileExistsError(f"notebooks/{taken[int(parts[1])]} has the number {parts[1]}. Next free: {free}")
    if not question.strip().endswith("?"):
        raise NotebookError(f"a theme opens with its question, like 'What ties …?'; found {question!r}")
    tables = [f"{parts[2]}_{path.stem}" for path in sorted((root / "data" / parts[2]).glob("*.csv"))]
    filled = {"QUESTION": question.strip(), "TABLE": next(iter(tables), FILL_IN), "_00_": f"_{parts[1]}_"}
    notebook = nbformat.read(DRAFT, as_version=4)
    for cell in notebook.cells:
        cell.source = re.sub("|".join(filled), lambda found: filled[found[0]], cell.source)
    path = folder / f"{name}.ipynb"
    write_notebook(path, notebook)
    return path


def next_steps(path: Path) -> str:
    """Return in words what is left to do for the theme whose notebook was drafted at *path*."""
    marks = path.read_text(encoding="utf-8").count(FILL_IN)
    return (
        f"Wrote {path}. What is next:\n"
        f"1. Fill in the {marks} places marked {FILL_IN}; `make lab` opens the notebook.\n"
        f"2. Run: python -m malirussia refresh {path.stem}\n"
        f"3. Run: python -m malirussia check {path.stem}"
    )
