"""Break a build in the ways a machine can, and see what it says, what it leaves, and whether the former pages stand.

``make faults`` goes through all of them and writes their table into docs/reliability.md; a test takes a few. With
``--load`` it builds from large inputs and writes what they take. What needs rights that are not there is left out and
said so.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
from conftest import GRAIN_CSV, write_collection
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from malirussia.collection import Collection
from workshop.renew.seal import seal
from workshop.run.files import with_generated, write_whole

ROOT = Path(__file__).resolve().parents[1]
FORMER = "former"
BUILD = (sys.executable, "-m", "malirussia", "report", "--root", ".")
SLEEP = "import time; time.sleep(2)"
ODD = """it's "a" $(touch owned) `touch owned` Ségou Мали"""


@dataclass(frozen=True)
class Case:
    """A fault, and what came of it."""

    fault: str
    says: str
    """The last line on the screen."""
    ended: str
    """Why that is not as it should be; empty where it is."""


FAULTS: dict[str, Callable[[Path], Iterator[Case]]] = {}


class NotPermitted(Exception):
    """This user may not bring the fault about."""


def fault(name: str) -> Callable:
    def add(bring_about: Callable) -> Callable:
        FAULTS[name] = bring_about
        return bring_about

    return add


def project(root: Path, *cells: str, copies: int = 1) -> Path:
    """Write a collection of two tables and a notebook that a build takes seconds for, with former pages."""
    head, *rows = GRAIN_CSV.splitlines()
    write_collection(root, grain="\n".join([f"{head},locator", *(f"{row},p. 1" for row in rows), ""]))
    path = root / "data" / "datapackage.json"
    about = json.loads(path.read_text()) | {"title": "Made up", "version": "1", "created": "2026-01-01T00:00:00Z"}
    fields = {field["name"]: field for field in about["resources"][1]["schema"]["fields"]}
    fields["year"]["unit"], fields["shipments"]["unit"] = "year", "shipments"
    told = {"type": "string", "description": "Where it stands."}
    about["resources"][1]["schema"]["fields"].append({"name": "locator", **told, "constraints": {"required": True}})
    about["resources"][0]["schema"]["fields"].append({"name": "reference", **told})
    path.write_text(json.dumps(about))
    sources = root / "data" / "sources.csv"
    head, *rows = sources.read_text().splitlines()
    sources.write_text("\n".join([f"{head},reference", *(f"{row}," for row in rows), ""]))
    (root / "notebooks").mkdir()
    made = [new_markdown_cell("# How much?"), *map(new_code_cell, cells or ("1 + 1",))]
    for number in range(copies):
        nbformat.write(new_notebook(cells=made), root / "notebooks" / f"{number % 90 + 10}_grain{number}.ipynb")
    (root / "reports").mkdir()
    (root / "reports" / "index.html").write_text(FORMER)
    return root


def environment(root: Path, **more: str) -> dict[str, str]:
    """Return the environment of a build that leaves nothing outside of *root*, and keeps no result."""
    scratch = root.parent / "tmp"
    scratch.mkdir(exist_ok=True)
    python = os.pathsep.join([str(ROOT / "src"), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "TMPDIR": str(scratch), "PYTHONPATH": python, "PYTHONWARNINGS": "default", **more}


def started(root: Path, *command: str, **more: str) -> subprocess.Popen:
    return subprocess.Popen(
        command or BUILD, cwd=root, env=environment(root, **more), text=True, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell lets what runs behind it ignore this
    )  # fmt: skip


def ended(process: subprocess.Popen, within: float = 300) -> str:
    """Return what a process has written when it ends; what hangs is killed and says so."""
    try:
        return process.communicate(timeout=within)[0]
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.communicate()[0] + f"\nhangs after {within} s"


def judged(name: str, root: Path, text: str, status: int, *, expected: str, whole: bool | None = False) -> Case:
    """Return the case: one line, with the words *expected*; former pages, or *whole* new ones; nothing left over.

    Where *whole* is None, it may be either of them.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    last, index = lines[-1] if lines else "", root / "reports" / "index.html"
    wrong = []
    if expected not in last:
        wrong.append(f"expected {expected!r}")
    if "Traceback" in text or "never retrieved" in text:
        wrong.append("a traceback")
    if (status == 0) != bool(whole):
        wrong.append(f"status {status}")
    if (
        not index.exists()
        or (index.read_text() == FORMER) == whole
        or not index.read_text().endswith((FORMER, "</html>"))
    ):
        wrong.append("the pages are not as they should be")
    left = [path.name for path in root.iterdir() if path.name.startswith(".") and path.name != ".cache"]
    left += [path.name for path in (root.parent / "tmp").iterdir() if not path.name.startswith("matplotlib")]
    if left:
        wrong.append(f"left over: {', '.join(left)}")
    return Case(name, last.replace(str(root), "…"), "; ".join(wrong))


def built(name: str, root: Path, *command: str, expected: str, whole: bool = False, **more: str) -> Case:
    """Run a build to its end and judge it."""
    process = started(root, *command, **more)
    text = ended(process)
    return judged(name, root, text, process.returncode, expected=expected, whole=whole)


@contextmanager
def mounted(where: Path, *options: str) -> Iterator[None]:
    """Mount something at *where* for the time being."""
    done = subprocess.run(["mount", *options, str(where)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotPermitted("mount")
    try:
        yield
    finally:
        subprocess.run(["umount", str(where)], check=True)


@fault("nothing is wrong")
def none(folder: Path) -> Iterator[Case]:
    yield built("nothing is wrong", project(folder / "p"), expected="open reports/index.html", whole=True)


@fault("the folder of the pages is a mount point")
def mount_point(folder: Path) -> Iterator[Case]:
    name, root = "the folder of the pages is a mount point", project(folder / "p")
    reports = root / "reports"
    for about, options in (("of the same disk", ("--bind", str(reports))), ("of another", ("-t", "tmpfs", "none"))):
        with mounted(reports, *options):
            (reports / "index.html").write_text(FORMER)
            yield built(
                f"{name}, {about}", root, expected="is a mount point and cannot be replaced: give a folder in it"
            )


@fault("the disk is full")
def full_disk(folder: Path) -> Iterator[Case]:
    disk, scratch = folder / "disk", folder / "tmp"
    disk.mkdir()
    scratch.mkdir()
    with mounted(disk, "-t", "tmpfs", "-o", "size=1m", "none"):
        (disk / "tmp").symlink_to(scratch)
        root = project(disk / "p", "1", "print('x' * 100_000)")
        (root / "reports" / "large").write_bytes(bytes(700_000))
        yield built("the disk has less room than the pages take", root, expected="MB are free: make room")
        (root / "reports" / "large").unlink()
        (disk / "filler").write_bytes(bytes(800_000))
        yield built("the disk is full at the end", root, expected="No space left on device")


@fault("the folder cannot be written to")
def read_only(folder: Path) -> Iterator[Case]:
    root = project(folder / "p", "open('/tmp/ran', 'w')")
    with mounted(root, "--bind", str(root)):
        subprocess.run(["mount", "-o", "remount,ro,bind", str(root)], check=True)
        said = "Read-only file system: make it writable, or give another, with --output"
        yield built("the folder cannot be written to", root, expected=said)
        output = folder / "elsewhere"
        process = started(root, *BUILD, "--output", str(output))
        text = ended(process)
        wrong = "" if (output / "index.html").exists() else "no pages"
        yield Case(
            "the folder cannot be written to, the pages lie elsewhere",
            text.splitlines()[-1].replace(str(folder), "…"),
            wrong,
        )


@fault("HOME cannot be written to")
def no_home(folder: Path) -> Iterator[Case]:
    root = project(folder / "p", "import matplotlib.pyplot as plt; plt.plot([1, 2]);", "import IPython; 1")
    more = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), "/proc/nowhere")
    case = built("HOME cannot be written to", root, expected="open reports/index.html", whole=True, **more)
    page = next((root / "reports").glob("10_*.html"), None)
    warned = page is None or "stderr" in page.read_text().partition("<main")[2]
    yield Case(case.fault, case.says, "; ".join(filter(None, [case.ended, "a warning in the page" if warned else ""])))


@fault("there is no loopback interface")
def no_loopback(folder: Path) -> Iterator[Case]:
    if subprocess.run(["unshare", "-n", "true"], capture_output=True, check=False).returncode:
        raise NotPermitted("unshare")
    command = ("unshare", "-n", *BUILD)
    yield built("there is no loopback interface", project(folder / "p"), *command, expected="loopback interface")


@fault("a kernel dies")
def dead_kernel(folder: Path) -> Iterator[Case]:
    root = project(folder / "p", "1", "import os; os._exit(1)")
    yield built("a kernel dies", root, expected="10_grain0.ipynb, cell 3: Kernel died")


@fault("a kernel hangs")
def hanging_kernel(folder: Path) -> Iterator[Case]:
    root = project(folder / "p", "1", "import signal, time; signal.signal(2, signal.SIG_IGN); time.sleep(600)")
    code = (
        "import sys; from workshop.run import execute; execute.CELL_SECONDS = 3; from malirussia.__main__ import main"
    )
    command = (sys.executable, "-c", f"{code}; sys.exit(main(['report', '--root', '.']))")
    expected = "10_grain0.ipynb, cell 3: A cell timed out"
    yield built("a kernel hangs, its cell with a limit of 3 s instead of 600", root, *command, expected=expected)


def _appears(root: Path, pattern: str) -> Callable[[], bool]:
    return lambda: next(root.glob(pattern), None) is not None


def _moments(root: Path) -> dict[str, tuple[Callable[[], bool], float]]:
    """Return moments of a build: what is there by then, and the seconds that pass beyond."""
    return {
        "as it begins": (lambda: True, 0.3),
        "while it loads": (lambda: True, 1.5),
        "as a cell begins": (_appears(root, "notebooks/started"), 0),
        "while a cell runs": (_appears(root, "notebooks/started"), 1),
        "as a notebook ends": (_appears(root, "notebooks/started"), 2),
        "as the first page is written": (_appears(root, ".reports-*/fresh/*"), 0),
        "as the last is written": (_appears(root, ".reports-*/fresh/data"), 0),
        "as they change place": (_appears(root, ".reports-*/former-0"), 0),
    }


@fault("it is stopped")
def stopped(folder: Path) -> Iterator[Case]:
    """Stop builds at moments spread over their steps, by Ctrl-C and by SIGTERM."""
    for number, moment in enumerate(_moments(folder)):
        for sign, name in ((signal.SIGINT, "Ctrl-C"), (signal.SIGTERM, "SIGTERM")):
            root = project(folder / f"{name}{number}" / "p", f"open('started', 'w').close(); {SLEEP}")
            process = started(root)
            reached, more = _moments(root)[moment]
            while process.poll() is None and not reached():
                time.sleep(0.001)
            time.sleep(more)
            process.send_signal(sign)
            text, name = ended(process, 120), f"{name} {moment}"
            if process.returncode == -sign and not text.strip():
                text = "(nothing had begun)"
            if text.rstrip().endswith("\nKeyboardInterrupt") and "in main" not in text:
                text = "(KeyboardInterrupt, said by Python: our code was being loaded)"
            expected = "" if text.startswith("(") or process.returncode == 0 else "stopped; nothing is left half done"
            # Whoever stops it as it ends may find the new pages.
            whole = True if process.returncode == 0 else None
            yield judged(name, root, text, process.returncode, expected=expected, whole=whole)


@fault("two builds at once")
def at_once(folder: Path) -> Iterator[Case]:
    root = project(folder / "p", SLEEP)
    both = [started(root) for _ in range(2)]
    for text, process in [(ended(one), one) for one in both]:
        name = f"two builds at once, the {'first' if process is both[0] else 'second'}"
        yield judged(name, root, text, process.returncode, expected="open reports/index.html", whole=True)


@fault("a folder has an odd name")
def odd_name(folder: Path) -> Iterator[Case]:
    root = project(folder / ODD)
    case = built(f"the folder is called {ODD}", root, expected="open reports/index.html", whole=True)
    ran = [path for path in folder.rglob("owned") if path.is_file()]
    yield Case(case.fault, case.says, case.ended or ("its name was run" if ran else ""))


FAKE = """#!/bin/sh
echo "$0 $*" >> calls
[ "$2" = venv ] || exit 0
mkdir -p "$3/bin" && cp "$0" "$3/bin/python"
"""


def makefile(folder: Path) -> Path:
    """Return a folder with the Makefile and interpreters that do nothing but take down how they were called."""
    folder.mkdir(parents=True)
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    for name in ("python", "other"):
        (folder / name).write_text(FAKE)
        (folder / name).chmod(0o755)
    return folder


def set_up(folder: Path, *arguments: str) -> tuple[bool, str]:
    """Return whether ``make check`` set the environment up anew, and what it wrote to stderr."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "PYTHON"))}
    plain["PATH"] = f"{folder}{os.pathsep}{plain['PATH']}" if ":" not in str(folder) else plain["PATH"]
    command = ["make", "check", *arguments]
    done = subprocess.run(command, cwd=folder, env=plain, capture_output=True, text=True, check=False)
    return "Setting up" in done.stdout, done.stderr


@fault("the environment is no longer that of its folder")
def environments(folder: Path) -> Iterator[Case]:
    """Go through what can become of .venv, in a folder whose name is a command."""
    root = makefile(folder / ODD)
    python = root / ".venv" / "bin" / "python"

    def dead_link() -> None:
        python.unlink()
        python.symlink_to("/nowhere/python3")

    def interrupted() -> None:
        (root / ".venv" / "ready").unlink()

    steps: list[tuple[str, Callable[[], object], tuple[str, ...], bool]] = [
        ("the first set-up", lambda: None, ("PYTHON=./python",), True),
        ("nothing has changed", lambda: None, (), False),
        ("the set-up was interrupted", interrupted, ("PYTHON=./python",), True),
        ("the link to the interpreter is dead", dead_link, ("PYTHON=./python",), True),
        ("PYTHON names another interpreter", lambda: None, ("PYTHON=./other",), True),
        ("PYTHON is no longer given", lambda: None, (), False),
    ]
    for name, change, arguments, anew in steps:
        change()
        done, error = set_up(root, *arguments)
        wrong = error or ("" if done == anew else f"set up: {done}")
        wrong = "its name was run" if any(path.is_file() for path in folder.rglob("owned")) else wrong
        yield Case(f"make: {name}", "sets .venv up anew" if done else "uses .venv as it is", wrong)
    shutil.move(root, moved := folder / "moved")
    done, error = set_up(moved, "PYTHON=./python")
    yield Case(
        "make: the folder was moved", "sets .venv up anew" if done else "", error or ("" if done else "not anew")
    )


@dataclass(frozen=True)
class Load:
    """What a large input takes."""

    what: str
    cpu: float
    """Seconds of all processes together."""
    memory: float
    """The most that one of them held, in MB."""
    says: str


def rows_of(root: Path, rows: int, sources: int) -> None:
    """Write so many rows into the table of a project, resting on so many sources in turn, and seal it."""
    path, about = root / "data" / "datapackage.json", json.loads((root / "data" / "datapackage.json").read_text())
    head, one, _ = (root / "data" / "sources.csv").read_text().splitlines()
    listed = (
        one.replace("alpha-2020", f"alpha-{number:04}").replace("book", f"book-{number}") for number in range(sources)
    )
    (root / "data" / "sources.csv").write_text("\n".join([head, *listed, ""]))
    head = (root / "data" / "grain.csv").read_text().partition("\n")[0]
    lines = (f"2001,SUN,pledged,12.5,{one},true,2001-02-03,alpha-{one % sources:04},,p. {one}" for one in range(rows))
    (root / "data" / "grain.csv").write_text("\n".join([head, *lines, ""]))
    about["resources"][1]["schema"]["primaryKey"] = ["year", "shipments"]
    path.write_text(json.dumps(about))
    seal(Collection(root), [])


def measured(what: str, root: Path, *command: str) -> Load:
    process = started(root, *command)
    assert process.stdout
    text = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    said = text.splitlines()[-1] if process.returncode else "builds" if not command else text.strip()
    return Load(what, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, said.replace(str(root), "…"))


def loads(folder: Path) -> Iterator[Load]:
    """Build from large inputs."""
    yield measured("the small collection that all cases start from", project(folder / "small"))
    root = project(folder / "rows")
    rows_of(root, 1_000_000, 2)
    code = 'from malirussia import Collection; print(f\'{len(Collection(".").load("grain")):,} rows\')'
    yield measured("load a sealed table of 1,000,000 rows", root, sys.executable, "-c", code)
    yield measured("build from that table", root)
    root = project(folder / "sources")
    rows_of(root, 5_000, 5_000)
    yield measured("build from 5,000 sources", root)
    yield measured("build 200 notebooks", project(folder / "many", copies=200))
    lines = "for line in range(300_000): print('line', line)"
    yield measured("a notebook that prints 300,000 lines", project(folder / "lines", lines))
    yield measured("a notebook that prints 50 MB", project(folder / "text", "print('x' * 50_000_000)"))
    root = project(folder / "large")
    path = next((root / "notebooks").iterdir())
    notebook = nbformat.read(path, 4)
    notebook.cells[1].outputs = [new_output("stream", text="x" * 50_000_000)]
    nbformat.write(notebook, path)
    yield measured("build from a notebook of 50 MB, whose stored outputs are not used", root)


def load_table(found: list[Load]) -> str:
    lines = ["| input | CPU seconds | peak MB of one process | what is said |", "| --- | ---: | ---: | --- |"]
    lines += [f"| {one.what} | {one.cpu:.0f} | {one.memory:.0f} | {one.says} |" for one in found]
    return "\n".join(lines) + "\n"


def run(names: list[str] | None = None) -> list[Case]:
    """Go through the faults, all or those of some *names*, each in a folder of its own."""
    cases = []
    for name, bring_about in FAULTS.items():
        if names is None or name in names:
            with tempfile.TemporaryDirectory(prefix="faults-") as folder:
                room = Path(folder).resolve() / "room"
                room.mkdir()
                try:
                    for case in bring_about(room):
                        print(f"{case.fault}: {case.says} {case.ended and f'WRONG: {case.ended}'}", flush=True)
                        cases.append(case)
                except NotPermitted as error:
                    print(f"{name}: left out, this user may not {error}", flush=True)
    return cases


def table(cases: list[Case]) -> str:
    """Return the cases in Markdown."""
    wrong = sum(bool(one.ended) for one in cases)
    lines = [
        f"{len(cases)} cases. Each ends in one line without a traceback (but for Ctrl-C in the first second, as Python "
        f"loads), leaves the former pages whole or new ones in their place, and nothing beside them; {wrong} do not.",
        "",
        "| fault | what is said | not as it should be |",
        "| --- | --- | --- |",
    ]
    lines += [f"| {one.fault} | {one.says} | {one.ended} |".replace("`", "'") for one in cases]
    return "\n".join(lines) + "\n"


def _write(part: str, text: str) -> None:
    path = ROOT / "docs" / "reliability.md"
    write_whole(path, with_generated(path.read_text(encoding="utf-8"), part, text, path.name))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="faults to go through (default: all, and write their table)")
    parser.add_argument("--load", action="store_true", help="also build from large inputs")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what is mounted is taken off again
    cases = run(options.names or None)
    if not options.names:
        _write("faults", table(cases))
    if options.load:
        with tempfile.TemporaryDirectory(prefix="load-") as folder:
            found = []
            for one in loads(Path(folder).resolve()):
                print(one, flush=True)
                found.append(one)
        _write("load", load_table(found))
    return 1 if any(one.ended for one in cases) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
