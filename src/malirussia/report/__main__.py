"""``python -m malirussia.report``: build or print the reports, or refresh what the repository keeps of the runs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from malirussia import package
from malirussia.data import DataError
from malirussia.report.builder import build
from malirussia.report.pdf import print_pages
from malirussia.report.refresh import refresh


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m malirussia.report", description=__doc__)
    parser.add_argument("action", nargs="?", choices=("build", "refresh", "pdf"), default="build")
    parser.add_argument("--root", type=Path, default=Path(), help="folder that holds notebooks/ and data/")
    parser.add_argument("--output", type=Path, help="folder of the reports (default: reports in the root)")
    options = parser.parse_args(arguments)
    output = options.output or options.root / "reports"
    try:
        if options.action == "build":
            build(options.root / "notebooks", output, package)
        elif options.action == "pdf":
            print_pages(output)
        else:
            refresh(options.root)
    except (RuntimeError, DataError, FileNotFoundError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
