"""How fast the collection is, beside what anyone has: ``python -m workshop.bench [--rounds 3] [MEASURE …]``.

Every measure has two or more sides, which run in turn, round by round, each in processes of its own; a ratio is taken
within a round, so that it holds when the machine's speed drifts. The sides work on copies of the checkout. Without
names of measures all are taken and written to ``docs/performance.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import median

from malirussia.collection import Collection
from workshop.run.files import with_generated, write_whole

BASE = "a379ba0"
"""The commit with which speed is compared: the last one before it was worked on."""
COPIES = (10, 50, 200)
TABLE, READERS = "trade/gold.csv", ["04_trade"]
WARM = "malirussia-warm"
CORES = os.cpu_count() or 1
_KEPT_OUT = ("PYTHONPATH", "CI", "FRESH", "MAKEFLAGS", "JUPYTER_DEFAULT_PROVISIONER_NAME")
_NBVAL = [
    "-m",
    "pytest",
    "-q",
    "-p",
    "no:cacheprovider",
    "-o",
    "addopts=",
    "-o",
    "filterwarnings=",
    "--nbval",
    "--nbval-current-env",
]
_CELLS = """
import contextlib, importlib, io, json, os, sys, time
from pathlib import Path
import nbformat
from IPython.core.interactiveshell import InteractiveShell
from workshop.run.kernels import PRELOADED
for name in PRELOADED:
    importlib.import_module(name)
os.chdir("notebooks")
wall, cpu = time.perf_counter(), time.process_time()
for path in sorted(Path().glob("[0-9][0-9]_*.ipynb")):
    shell = InteractiveShell()
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in nbformat.read(path, 4).cells:
            if cell.cell_type == "code":
                shell.run_cell(cell.source).raise_error()
print(json.dumps([time.perf_counter() - wall, time.process_time() - cpu]))
"""
_LOAD = """
import json, sys, time
import pandas as pd
import malirussia
package = malirussia.collection.package
frames = {name: package.load(name) for name in package.resources}
if sys.argv[1] == "load":
    read = {name: lambda name=name: package.load(name) for name in frames}
else:
    def bare(name, frame):
        dates = [column for column in frame if frame[column].dtype.kind == "M"]
        types = {column: frame[column].dtype for column in frame if column not in dates}
        path = package.root / package.resource(name)["path"]
        options = {"keep_default_na": False, "na_values": [""], "date_format": "%Y-%m-%d", "parse_dates": dates}
        return lambda: pd.read_csv(path, dtype=types, **options)
    read = {name: bare(name, frame) for name, frame in frames.items()}
wall, cpu = time.perf_counter(), time.process_time()
for call in read.values():
    call()
print(json.dumps([time.perf_counter() - wall, time.process_time() - cpu]))
"""
_SMALL = (
    "from malirussia import load, show_table\nshow_table(load('trade_total').head(), 'tab_01_01', title='Some years')"
)


class BenchError(RuntimeError):
    """A side of a measure failed; the message has the end of what it printed."""


@dataclass
class Spent:
    """What one run took: seconds of wall clock and processors, kilobytes of its largest process, what it said."""

    wall: float
    cpu: float
    memory: int = 0
    said: str = ""


@dataclass
class Measure:
    """A question to sides by name, which are run after *before*; *target* says what the first is to reach."""

    name: str
    title: str
    sides: dict[str, Callable[[], Spent]]
    target: str
    reached: Callable[[Measure], bool]
    before: Callable[[], object] = lambda: None
    taken: dict[str, list[Spent]] = field(default_factory=dict)

    def take(self, rounds: int) -> None:
        """Run all sides in turn, as often as *rounds* says."""
        for number in range(rounds):
            self.before()
            for side, run in self.sides.items():
                spent = run()
                self.taken.setdefault(side, []).append(spent)
                print(f"{self.name} {number + 1}: {side} {spent.wall:.2f} s, {spent.cpu:.2f} s of CPU", flush=True)

    def seconds(self) -> float:
        """Return the median seconds of wall clock of the first side."""
        return median(spent.wall for spent in self.taken[next(iter(self.sides))])

    def ratio(self, side: str, part: str = "wall") -> float:
        """Return the median of :meth:`ratios`."""
        return median(self.ratios(side, part))

    def ratios(self, side: str, part: str = "wall") -> list[float]:
        """Return by round how many times as long (or as large) as the first a *side* was."""
        ours = next(iter(self.sides))
        pairs = zip(self.taken[side], self.taken[ours], strict=True)
        return [getattr(theirs, part) / getattr(mine, part) for theirs, mine in pairs]


def run(arguments: list[str], folder: Path, **env: str) -> Spent:
    """Run this Python in *folder* with its own ``src``; raise :class:`BenchError` when it fails."""
    return spend([sys.executable, *arguments], folder, PYTHONPATH=str(folder / "src"), **env)


def spend(command: list[str], folder: Path, **env: str) -> Spent:
    """Run *command* in *folder* and return what it and all that it waited for took."""
    clean = {name: value for name, value in os.environ.items() if name not in _KEPT_OUT}
    with tempfile.TemporaryFile("w+") as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=clean | env, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read()
    if process.returncode:
        raise BenchError(f"{' '.join(command[:6])} …: {said[-1500:]}")
    return Spent(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, said)


def inside(arguments: list[str], folder: Path) -> Spent:
    """Run this Python on code that times a part of itself and prints wall and CPU seconds as JSON."""
    spent = run(arguments, folder)
    wall, cpu = json.loads(spent.said.splitlines()[-1])
    return Spent(wall, cpu, spent.memory)


def nbconvert(folder: Path, scratch: Path) -> Spent:
    """Let nbconvert run the notebooks of *folder* and make HTML of them."""
    paths = sorted(str(path) for path in (folder / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    return run(["-m", "nbconvert", "--to", "html", "--execute", "--output-dir", str(scratch / "html"), *paths], folder)


def copy_of_now(root: Path, folder: Path) -> Path:
    """Copy the checkout at *root*, as it stands and without what is ignored, to *folder*."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (root / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, folder / name)
    return folder


def copy_of_base(root: Path, folder: Path) -> Path:
    """Unpack the commit :data:`BASE` to *folder*."""
    folder.mkdir()
    archive = subprocess.run(["git", "archive", BASE], cwd=root, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x"], cwd=folder, input=archive, check=True)
    # Without entry points: those that are installed lead to modules that this commit did not have.
    about = folder / "src" / "malirussia-0.dist-info" / "METADATA"
    about.parent.mkdir()
    about.write_text(f"Metadata-Version: 2.1\nName: malirussia\nVersion: {version('malirussia')}\n")
    return folder


def change_sentence(root: Path) -> None:
    """Add a word to a text of a notebook."""
    path = root / "notebooks" / "01_soviet_aid.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = [cell for cell in notebook["cells"] if cell["cell_type"] == "markdown"][-1]
    cell["source"] = [*cell["source"], "\n\nMore."]
    write_whole(path, json.dumps(notebook))


def change_table(root: Path) -> None:
    """Let the last two rows of a table change places, and seal it: other bytes, the same content."""
    path = root / "data" / TABLE
    *lines, first, last = path.read_text(encoding="utf-8").splitlines(keepends=True)
    write_whole(path, "".join([*lines, last, first]))
    run(["-m", "malirussia", "seal", "--accept"], root)


def copies(root: Path, folder: Path, count: int) -> Spent:
    """Build the pages of *count* copies of a notebook with a table."""
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, writes

    shutil.rmtree(folder, ignore_errors=True)
    (folder / "notebooks").mkdir(parents=True)
    (folder / "data").symlink_to(root / "data")
    text = writes(new_notebook(cells=[new_markdown_cell("# How much?"), new_code_cell(_SMALL)]))
    for number in range(count):
        (folder / "notebooks" / f"01_{number:03}.ipynb").write_text(text, encoding="utf-8")
    return run(["-m", "malirussia", "report", "--root", str(folder)], root, FRESH="1")


def measures(root: Path, scratch: Path) -> Iterator[Measure]:
    """Yield what is measured, on copies of the checkout at *root* in the folder *scratch*."""
    now, base = copy_of_now(root, scratch / "now"), copy_of_base(root, scratch / "base")
    report, nbval = ["-m", "malirussia", "report"], [*_NBVAL, "notebooks"]
    fresh, again = partial(run, report, now, FRESH="1"), partial(run, report, now)
    at_base = f"nbconvert at {BASE}"
    yield Measure(
        "fresh",
        "fresh run of all notebooks to HTML",
        {"ours": fresh, at_base: partial(nbconvert, base, scratch), "nbconvert now": partial(nbconvert, now, scratch)},
        f"{at_base}: ≥ 5",
        lambda it: it.ratio(at_base) >= 5,
    )
    yield Measure(
        "limit",
        "fresh run beside its cells alone",
        {"ours": fresh, "cells in one process": partial(inside, ["-c", _CELLS], now)},
        f"≤ 1.2 of the cells' time on {CORES} cores",
        lambda it: it.ratio("cells in one process") * 1.2 >= CORES,
    )
    yield Measure("nothing", "nothing changed", {"ours": again}, "< 1 s", lambda it: it.seconds() < 1, again)
    change = partial(change_sentence, now)
    yield Measure("sentence", "one sentence changed", {"ours": again}, "< 3 s", lambda it: it.seconds() < 3, change)
    change = partial(change_table, now)
    yield Measure("table", "one table changed", {"ours": again}, "its readers only", only_readers_ran, change)
    at_base = f"nbval at {BASE}"
    yield Measure(
        "nbval",
        "nbval of all notebooks",
        {
            "ours": partial(run, [*nbval, "-n2", "--dist=loadscope"], now, JUPYTER_DEFAULT_PROVISIONER_NAME=WARM),
            "nbval now": partial(run, nbval, now),
            at_base: partial(run, nbval, base),
        },
        f"nbval now: ≥ 3, {at_base}: ≥ 4",
        lambda it: it.ratio("nbval now") >= 3 and it.ratio(at_base) >= 4,
    )
    yield Measure(
        "load",
        "all tables loaded beside a bare read_csv with the same types",
        {side: partial(inside, ["-c", _LOAD, side], now) for side in ("load", "read_csv")},
        "CPU ≥ 0.67",
        lambda it: it.ratio("read_csv", "cpu") >= 1 / 1.5,
    )
    most = f"{COPIES[-1]} copies"
    yield Measure(
        "copies",
        "one notebook many times",
        {f"{count} copies": partial(copies, now, scratch / "many", count) for count in COPIES},
        "linear, memory flat",
        lambda it: it.ratio(most, "cpu") <= COPIES[-1] / COPIES[0] and it.ratio(most, "memory") <= 1.2,
    )
    quick, test = (partial(spend, ["make", target], root, FRESH="1") for target in ("quick", "test"))
    yield Measure("quick", "`make quick`", {"ours": quick}, "< 15 s", lambda it: it.seconds() < 15)
    yield Measure("test", "`make test`, all notebooks run", {"ours": test}, "≤ 75 s", lambda it: it.seconds() <= 75)


def only_readers_ran(measure: Measure) -> bool:
    """Say whether the notebooks that read the changed table ran, and no others."""
    return all(re.findall(r"^\[\d+/\d+\] (\w+)", one.said, re.M) == READERS for one in measure.taken["ours"])


def row(measure: Measure) -> str:
    """Return a line of the table: the sides, how they compare with ours, and whether the target is reached."""
    sides = [
        f"{side} {median(s.wall for s in taken):.2f} s ({median(s.cpu for s in taken):.2f} s of CPU"
        + (f", {median(s.memory for s in taken) / 1024:.0f} MB" if measure.name == "copies" else "")
        + ")"
        for side, taken in measure.taken.items()
    ]
    compared = [
        f"{side}: {median(ratios := measure.ratios(side)):.2f} ({min(ratios):.2f}–{max(ratios):.2f}), "
        f"CPU {median(measure.ratios(side, 'cpu')):.2f}"
        for side in list(measure.sides)[1:]
    ]
    reached = "yes" if measure.reached(measure) else "**no**"
    cells = [measure.title, "<br>".join(sides), "<br>".join(compared) or "–", measure.target, reached]
    return "| " + " | ".join(cells) + " |"


def machine(root: Path) -> str:
    """Return in a sentence what the measures were taken on; a busy machine is called so."""
    model = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.M)
    names = ("pandas", "matplotlib", "nbconvert", "nbclient", "ipykernel", "nbval", "pytest")
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=root, capture_output=True, text=True).stdout
    load = os.getloadavg()[0]
    busy = f"**The machine was busy (load {load:.1f}): only ratios count.** " if load > 0.5 else ""
    return (
        f"{busy}{time.strftime('%Y-%m-%d')}, commit {commit.strip()}, {CORES} cores of {model[1] if model else '?'}, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in names)
        + f", {len(Collection(root).package.resources)} tables."
    )


def table(taken: list[Measure]) -> str:
    """Return the measures as a table in Markdown."""
    head = (
        "| measure | median seconds | compared with the first | to reach | reached |\n| --- | --- | --- | --- | --- |"
    )
    return "\n".join([head, *map(row, taken)])


def main() -> None:
    """Take the measures that are asked for, or all, and say what came out."""
    parser = argparse.ArgumentParser(prog="python -m workshop.bench", description="Measure how fast the collection is.")
    parser.add_argument("names", nargs="*", metavar="MEASURE", help="fresh, limit, nothing, … (default: all)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is taken (default: 3)")
    options = parser.parse_args()
    root = Path().absolute()
    about = machine(root)
    taken = []
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        for measure in measures(root, Path(scratch)):
            if not options.names or measure.name in options.names:
                measure.take(options.rounds)
                taken.append(measure)
    result = f"{about}\n\nRounds: {options.rounds}.\n\n{table(taken)}\n"
    print(result)
    if not options.names:
        page = root / "docs" / "performance.md"
        write_whole(page, with_generated(page.read_text(encoding="utf-8"), "measured", result, page.name))


if __name__ == "__main__":
    main()
