"""``python -m malirussia COMMAND``: hand over to the command that an installed package offers under that name.

The commands that make, check and renew things stand in the entry points ``malirussia.commands``, so that what a
notebook imports knows nothing of them.
"""

from __future__ import annotations

import argparse
import signal
import sys
from importlib.metadata import entry_points

from malirussia.outputs import OutputError
from malirussia.package import DataError, UnknownNameError


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit status: 0 when all is well, 1 for a fault, 2 for a wrong call."""
    commands = {entry.name: entry for entry in entry_points(group="malirussia.commands")}
    parser = argparse.ArgumentParser(prog="python -m malirussia", description="What the collection can do.")
    parser.add_argument("command", choices=sorted(commands))
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="its own arguments: COMMAND --help lists them")
    options = parser.parse_args(arguments)
    try:
        return commands[options.command].load()(options.rest)
    except (RuntimeError, DataError, OutputError, UnknownNameError, OSError, KeyboardInterrupt) as error:
        print(f"error: {error}" if str(error) else "stopped; nothing is left half done", file=sys.stderr)
        return 1


if __name__ == "__main__":
    # Whoever is asked to end puts away what was begun, as after Ctrl-C, which a shell may let a process ignore.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    sys.exit(main())
