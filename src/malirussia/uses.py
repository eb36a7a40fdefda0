"""Say to who watches this process that only a part of a file counts, so that a change elsewhere in it means nothing.

It is said through Python's own audit events: nobody need listen, and who does (:mod:`workshop.run.witness`) needs no
word from here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

EVERYTHING, OUTPUTS = "everything", "outputs"
"""Parts that are no table of a descriptor: all of it, and the outputs of a notebook."""


@contextmanager
def partly(path: Path) -> Iterator[None]:
    """Open and read *path* inside: what counts of it is told with :func:`uses`."""
    sys.audit("malirussia.partly", str(path))
    try:
        yield
    finally:
        sys.audit("malirussia.whole", str(path))


def uses(path: Path, part: str) -> None:
    """Tell that this *part* of the file at *path* counts: a table of a descriptor, the outputs of a notebook."""
    sys.audit("malirussia.uses", str(path), part)
