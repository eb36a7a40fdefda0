"""Write files and folders whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_whole(path: Path, content: str | bytes) -> None:
    """Write *content* to *path* whole or not at all."""
    scratch = path.with_name(f".{path.name}.new")
    data = content.encode("utf-8") if isinstance(content, str) else content
    scratch.write_bytes(data)
    scratch.replace(path)


@contextmanager
def whole_folder(output: Path) -> Iterator[Path]:
    """Give an empty folder to fill; at the end it takes the place of *output*.

    It lies beside *output*. A failure before or during the move leaves *output* as it was.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{output.name}-", dir=output.parent) as scratch:
        fresh, former = Path(scratch) / "fresh", Path(scratch) / "former"
        fresh.mkdir()
        yield fresh
        if output.exists():
            shutil.move(output, former)
        try:
            shutil.move(fresh, output)
        except OSError:
            if former.exists():
                shutil.move(former, output)
            raise
