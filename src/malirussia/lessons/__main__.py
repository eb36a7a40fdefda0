"""``python -m malirussia.lessons``: build the lessons for students and teachers."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from malirussia.data import DataError
from malirussia.lessons.course import build


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m malirussia.lessons", description=__doc__)
    parser.add_argument("--root", type=Path, default=Path(), help="folder that holds notebooks/lessons/")
    parser.add_argument("--output", type=Path, help="folder of the course (default: build/lessons in the root)")
    options = parser.parse_args(arguments)
    output = options.output or options.root / "build" / "lessons"
    try:
        build(options.root / "notebooks" / "lessons", output, options.root)
    except (RuntimeError, DataError, FileNotFoundError, FileExistsError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
