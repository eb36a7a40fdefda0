"""What a notebook gains when the package is imported: names behind Tab, and plain frames that a page can show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from malirussia import outputs
from malirussia.explore.listing import Listing
from malirussia.tables import grid

MOST_ROWS = 10
"""How many rows of a longer frame a page shows; of a listing all."""

_CALL = re.compile(r"""\b(load|describe|cite)\(\s*["'](?P<begun>[\w-]*)$""")


def begun_name(text: str) -> tuple[str, str] | None:
    """Return the function and the begun name when *text* ends inside its first argument, else None."""
    found = _CALL.search(text)
    return (found[1], found["begun"]) if found else None


def frame_bundle(frame: pd.DataFrame | pd.Series) -> tuple[dict, dict]:
    """Return a plain frame as Jupyter shows it, with its first rows kept for a page, or all of a listing.

    Parameters
    ----------
    frame : pandas.DataFrame or pandas.Series
        What the last line of a cell gives.
    """
    table = frame.to_frame() if isinstance(frame, pd.Series) else frame
    named = any(name is not None for name in table.index.names)
    most = len(table) if isinstance(table, Listing) else MOST_ROWS
    rows = outputs.Rows(grid(table.head(most), caption="", index=named), total=len(table))
    markup = {"text/html": frame._repr_html_()} if isinstance(frame, pd.DataFrame) else {}
    return outputs.bundle(rows, {**markup, "text/plain": repr(frame)})


def register(shell: Any, names: dict[str, Callable[[], Iterable[str]]]) -> None:
    """Teach an IPython *shell* the names that each function takes, and plain frames that a page can show.

    Jedi, which completes names in IPython and JupyterLab, does not look into strings; a matcher beside it does.
    """
    for kind in (pd.DataFrame, pd.Series):
        shell.display_formatter.mimebundle_formatter.for_type(kind, frame_bundle)
    _complete(shell, names)


def _complete(shell: Any, names: dict[str, Callable[[], Iterable[str]]]) -> None:
    from IPython.core.completer import SimpleCompletion, context_matcher

    @context_matcher(identifier="malirussia.names")
    def match(context: Any) -> dict[str, Any]:
        function, begun = begun_name(context.full_text[: context.cursor_position]) or ("", "")
        known = sorted(names[function]()) if function else []
        completions = [SimpleCompletion(text=name, type="name") for name in known if name.startswith(begun)]
        return {"completions": completions, "matched_fragment": begun, "suppress": bool(completions)}

    shell.Completer.custom_matchers.append(match)
