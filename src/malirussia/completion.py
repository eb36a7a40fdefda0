"""Table names behind ``load("`` and ``describe("`` when Tab is pressed, source ids behind ``cite("``.

Jedi, which completes names in IPython and JupyterLab, does not look into strings; this adds a matcher beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

_CALL = re.compile(r"""\b(load|describe|cite)\(\s*["'](?P<begun>[\w-]*)$""")


def begun_name(text: str) -> tuple[str, str] | None:
    """Return the function and the begun name when *text* ends inside its first argument, else None."""
    found = _CALL.search(text)
    return (found[1], found["begun"]) if found else None


def register(shell: Any, names: dict[str, Callable[[], Iterable[str]]]) -> None:
    """Add the matcher to an IPython *shell*; *names* gives the names that each function takes."""
    from IPython.core.completer import SimpleCompletion, context_matcher

    @context_matcher(identifier="malirussia.names")
    def match(context: Any) -> dict[str, Any]:
        found = begun_name(context.full_text[: context.cursor_position])
        known = sorted(names[found[0]]()) if found else []
        completions = (
            [SimpleCompletion(text=name, type="name") for name in known if name.startswith(found[1])] if found else []
        )
        return {
            "completions": completions,
            "matched_fragment": found[1] if found else "",
            "suppress": bool(completions),
        }

    shell.Completer.custom_matchers.append(match)
