"""The top of a notebook, made from what its cells put out: answer, findings, and what they rest on.

The code runs in its natural order, where the answer comes last; GitHub, JupyterLab and pages show it first.
"""

from __future__ import annotations

from nbformat import NotebookNode

from malirussia import outputs
from malirussia.collection import Collection
from malirussia.words import grade, last_read, lead, period
from workshop.run.execute import NotebookError

GENERATED = "top"
WORDS_A_MINUTE = 200
MINUTES_A_FIGURE = 0.5


def reading_minutes(notebook: NotebookNode) -> float:
    """Return the minutes that the prose and the pictures and tables of *notebook* take; its top is not counted."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "markdown" and not is_top(cell)]
    words = sum(len(cell.source.split()) for cell in cells)
    kept = [about for about, _ in outputs.shown(notebook)]
    words += sum(len(about.text.split()) for about in kept if isinstance(about, outputs.Sentence))
    shown = sum(isinstance(about, outputs.Figure | outputs.Table) for about in kept)
    return words / WORDS_A_MINUTE + MINUTES_A_FIGURE * shown


def is_top(cell: NotebookNode) -> bool:
    """Say whether *cell* is the one that holds the generated top."""
    return cell.metadata.get("malirussia", {}).get("generated") == GENERATED


def top(collection: Collection, notebook: NotebookNode, name: str = "the notebook") -> str:
    """Return the top of *notebook* in Markdown: its answer, its findings, and its tables, period and sources.

    Raises
    ------
    NotebookError
        The notebook, called *name*, does not list the tables and sources that it used.
    """
    _ = collection.language.gettext
    lists = [about for about, _output in outputs.shown(notebook) if isinstance(about, outputs.Listed)]
    used = lists[-1] if lists else outputs.Listed([], [])
    if not (used.tables and used.sources):
        raise NotebookError(
            f"{name} lists {len(used.tables)} tables and {len(used.sources)} sources, expected some: its last cell is "
            "`references()`, below what was loaded and shown"
        )
    lines = [lead(one) for one in outputs.sentences(notebook, "answer")]
    findings = [f"{lead(one)} ({grade(collection, one)})" for one in outputs.sentences(notebook, "finding")]
    facts = [
        _("Period: {period}").format(period=period(collection, used.tables)),
        _("sources: {count}, listed at the end").format(count=len(used.sources)),
        _("tables: {names}").format(names=", ".join(f"`{name}`" for name in used.tables)),
        _("data read up to {date}").format(date=last_read(collection, used.sources)),
        _("{minutes} minutes to read").format(minutes=max(1, round(reading_minutes(notebook)))),
    ]
    return "\n\n".join([*lines, "\n".join(findings), "*" + "; ".join(facts) + ".*"])


def renew_top(collection: Collection, notebook: NotebookNode, name: str = "the notebook") -> None:
    """Write the top into the cell of *notebook* that holds it; a notebook without such a cell stays as it is."""
    for cell in filter(is_top, notebook.cells):
        cell.source = top(collection, notebook, name)
