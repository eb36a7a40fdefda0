"""Warm kernels: what a notebook sees in them is as in cold ones, and they end with what started them."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import subprocess
import sys
import time
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT, own_server
from nbformat.v4 import new_code_cell, new_notebook

from workshop.run import execute, forkserver, kernels

pytestmark = pytest.mark.slow

PROCESS = """
import asyncio, decimal, gc, json, locale, logging, os, resource, signal, sys, threading, time, warnings
from pathlib import Path

parent = int(os.environ.pop("JPY_PARENT_PID")) == os.getppid()
# Standard input is a closed pipe or /dev/null, both at their end; how many sockets are open depends on the moment.
descriptors = [one for one in Path("/proc/self/fd").iterdir() if one.name != "0" and one.exists()]
connection = sys.argv[2]
print(json.dumps({
    "folder": os.getcwd(),
    "environment": dict(sorted(os.environ.items())),
    "parent": parent,
    "arguments": [one.replace(connection, "FILE") for one in [*sys.argv, *sys.orig_argv]],
    "path": sys.path,
    "flags": str(sys.flags),
    "main": [__name__, sys.modules["__main__"].__dict__ is globals()],
    "names": sorted(globals()),
    "group": [os.getpgrp() == os.getpid(), os.getsid(0) == os.getpid()],
    "umask": os.umask(0o22),
    "limits": [resource.getrlimit(one) for one in range(16)],
    "open": sorted({os.readlink(one).split(":")[0] for one in descriptors}),
    "mask": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])),
    "signals": [str(signal.getsignal(one)).split(" at ")[0] for one in sorted(signal.valid_signals())],
    "threads": sorted(one.name.split("-")[0] for one in threading.enumerate()),
    "locale": [locale.setlocale(locale.LC_ALL), str(locale.localeconv()), locale.getpreferredencoding()],
    "zone": time.tzname,
    "logging": [str(logging.root), str(logging.root.handlers)],
    "policy": str(type(asyncio.get_event_loop_policy())),
    "collector": [gc.isenabled(), gc.get_threshold(), gc.get_debug()],
    "decimal": str(decimal.getcontext()),
    "streams": [[one.encoding, one.errors, one.line_buffering] for one in (sys.__stdout__, sys.__stderr__)],
    "hooks": [str(one).split(" at ")[0] for one in (sys.displayhook, sys.excepthook, sys.gettrace(), sys.getprofile())],
    "importers": [str(one).split(" at ")[0] for one in [*sys.meta_path, *sys.path_hooks]],
    "limit": sys.getrecursionlimit(),
    "shell": get_ipython().profile_dir.location,
}, indent=1))
"""
IMPORTS = """
import random
import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns

warnings.simplefilter("ignore", pd.errors.Pandas4Warning)
"""
LIBRARIES = """
print(json.dumps({
    "style": {name: str(value) for name, value in mpl.rcParams.items()},
    "backend": mpl.get_backend(),
    "maps": sorted(mpl.colormaps),
    "units": sorted(str(one) for one in mpl.units.registry),
    "options": {name: str(pd.get_option(name)) for name in pd._config.config._registered_options},
    "numpy": [str(np.get_printoptions()), str(np.geterr())],
    "warnings": sorted(str(one) for one in warnings.filters),
    "formats": sorted(str(one) for one in get_ipython().display_formatter.formatters["image/png"].type_printers),
}, indent=1))
"""
RESULTS = (
    "fig, ax = plt.subplots(); ax.plot([1, 3, 2]); ax.set_title('Ségou')",
    "frame = pd.DataFrame({'amount': [1.5, 2], 'year': pd.to_datetime(['1960-09-22', '1968-11-19'])}); frame",
    "sns.lineplot(frame, x='year', y='amount')",
    "big = np.random.default_rng(1).normal(size=(300, 300)); np.linalg.inv(big @ big.T).tobytes().hex()[-99:]",
    "random.seed(1); np.random.seed(1); random.random(), np.random.random()",
)
PARENT = """
import os
from pathlib import Path
print("forkserver.py" in Path(f"/proc/{os.getppid()}/cmdline").read_text())
"""
forking = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "Ségou's data"
    folder.mkdir()
    return folder


@pytest.fixture
def cold(monkeypatch):
    """Return a function after which kernels are started plainly."""
    return lambda: monkeypatch.setattr(kernels, "_can_fork", lambda *arguments, **others: False)


def write(path, *cells):
    nbformat.write(new_notebook(cells=[new_code_cell(cell) for cell in cells]), path)
    return path


def outputs(path):
    return [cell.outputs for cell in execute.execute([path])[path].cells]


def text(outputs):
    return "".join(output.get("text", "") for output in outputs)


def printed(path):
    return "".join(map(text, outputs(path)))


def gone(*processes, within=10):
    """Return whether the processes of these ids end within so many seconds."""
    end = time.monotonic() + within
    while any(Path(f"/proc/{pid}").exists() for pid in processes):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def appeared(path, within=60):
    end = time.monotonic() + within
    while not path.exists():
        assert time.monotonic() < end, f"{path} was not written"
        time.sleep(0.05)
    return path.read_text()


@forking
def test_a_warm_kernel_gives_byte_for_byte_what_a_cold_one_gives(folder, monkeypatch, cold):
    own_server(monkeypatch)
    monkeypatch.setenv("TZ", "Africa/Bamako")
    monkeypatch.setenv("RIVER", "Níger")
    path = write(folder / "a.ipynb", PARENT, PROCESS, IMPORTS, LIBRARIES, *RESULTS, LIBRARIES)
    forked, *warm = outputs(path)
    cold()
    plain, *results = outputs(path)
    assert (text(forked), text(plain)) == ("True\n", "False\n")
    assert "\n".join(map(text, warm)) == "\n".join(map(text, results))
    assert warm == results


@forking
def test_kernels_share_nothing(folder):
    code = """
    import os, random, sys, tempfile, uuid
    import matplotlib, numpy, pandas
    print(os.getpid(), random.random(), numpy.random.random(), uuid.uuid4(), tempfile.mktemp())
    print(os.environ.pop("HOME"), pandas.get_option("display.max_rows"), matplotlib.rcParams["lines.linewidth"])
    print(os.getcwd())
    pandas.set_option("display.max_rows", 3)
    matplotlib.rcParams["lines.linewidth"] = 9
    os.chdir("/")
    """
    paths = [write(folder / f"{name}.ipynb", code) for name in "abc"]
    texts = [notebook.cells[0].outputs[0].text.splitlines() for notebook in execute.execute(paths).values()]
    drawn, *settings = zip(*texts, strict=True)
    assert all(len(set(column)) == 3 for column in zip(*map(str.split, drawn), strict=True))
    assert all(len(set(column)) == 1 for column in settings)


def test_a_kernel_that_is_killed_is_named(folder, light):
    path = write(folder / "a.ipynb", "1", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(execute.NotebookError, match=r"a.ipynb, cell 2: Kernel died"):
        outputs(path)


def test_a_cell_that_hangs_is_named(folder, light, monkeypatch):
    monkeypatch.setattr(execute, "CELL_SECONDS", 1)
    path = write(folder / "a.ipynb", "1", "import time; time.sleep(600)")
    with pytest.raises(execute.NotebookError, match=r"a.ipynb, cell 2: A cell timed out .* after 1 seconds"):
        outputs(path)


def test_a_kernel_that_cannot_start_is_named(folder, light, monkeypatch):
    path = write(folder / "a.ipynb", "1")
    monkeypatch.setattr(kernels, "LAUNCHER", "no_such_module")
    with pytest.raises(execute.NotebookError, match=r"a.ipynb, cell 1: the kernel died before it answered"):
        outputs(path)


def test_a_kernel_that_nobody_holds_any_more_is_told_to_end():
    ours, theirs = socket.socketpair()
    with theirs:
        kernels.ForkedKernel(0, ours, None)
        assert theirs.recv(1) == b""


def test_a_kernel_can_be_interrupted_and_goes_on(folder, light):
    async def interrupted():
        manager = kernels.OwnKernelManager()
        await manager.start_kernel(cwd=str(folder))
        client = manager.client()
        client.start_channels()
        try:
            await client.wait_for_ready(timeout=60)
            sleeping = asyncio.create_task(client.execute_interactive("import time; time.sleep(600)", timeout=60))
            await asyncio.sleep(1)
            await manager.interrupt_kernel()
            return [(await sleeping)["content"]["ename"], (await client.execute_interactive("1"))["content"]["status"]]
        finally:
            client.stop_channels()
            await manager.shutdown_kernel()

    assert asyncio.run(interrupted()) == ["KeyboardInterrupt", "ok"]


@forking
def test_no_process_outlives_a_build_that_is_killed(folder):
    code = """
    import os, subprocess, time
    from pathlib import Path
    sleep = subprocess.Popen(["sleep", "600"])
    Path("new").write_text(f"{os.getpid()} {os.getppid()} {sleep.pid}")
    Path("new").rename("started")
    time.sleep(600)
    """
    path = write(folder / "a.ipynb", code)
    run = f"""
import workshop.run.lean
from pathlib import Path
from workshop.run import execute, kernels
kernels.PRELOADED = ()
execute.execute([Path({str(path)!r})])
"""
    build = subprocess.Popen([sys.executable, "-c", run], env={**os.environ, "TMPDIR": str(folder)})
    processes = appeared(folder / "started").split()
    assert not gone(*processes, within=0)
    build.kill()
    build.wait()
    assert gone(*processes)


@forking
def test_a_server_that_is_killed_takes_its_kernels_along_and_is_replaced(folder, light):
    path = write(
        folder / "a.ipynb", "import os, signal; os.kill(os.getppid(), signal.SIGKILL)", "import time; time.sleep(60)"
    )
    with pytest.raises(execute.NotebookError, match="Kernel died"):
        outputs(path)
    path = write(folder / "a.ipynb", PARENT)
    # The first kernel notices and starts plainly; the next has a new server.
    assert [printed(path), printed(path)] == ["False\n", "True\n"]


@forking
def test_a_server_ends_when_the_environment_is_another(folder, light, monkeypatch):
    path = write(folder / "a.ipynb", "import os; print(os.getppid())")
    servers = {printed(path), printed(path)}
    monkeypatch.setenv("RIVER", "Niger")
    servers.add(printed(path))
    former, current = sorted(map(int, servers), key=lambda pid: Path(f"/proc/{pid}").exists())
    assert gone(former, within=0)
    assert not gone(current, within=0)


@forking
def test_a_server_that_is_started_early_is_that_of_the_kernels(folder, light):
    kernels.warm_up()
    assert printed(write(folder / "a.ipynb", PARENT)) == "True\n"
    assert kernels._server.cache_info().misses == 1


@pytest.mark.parametrize("forked", [True, False])
def test_settings_of_the_user_do_not_reach_a_build(folder, monkeypatch, cold, forked):
    own_server(monkeypatch, "ipykernel.kernelapp", "matplotlib")
    profile = folder / "ipython" / "profile_default"
    (profile / "startup").mkdir(parents=True)
    (profile / "startup" / "00.py").write_text("started = 1")
    (profile / "ipython_config.py").write_text("get_config().InteractiveShellApp.exec_lines = ['configured = 1']")
    (folder / "python.py").write_text("greeted = 1")
    (folder / "matplotlib").mkdir()
    (folder / "matplotlib" / "matplotlibrc").write_text("lines.linewidth: 9")
    monkeypatch.setenv("IPYTHONDIR", str(folder / "ipython"))
    monkeypatch.setenv("PYTHONSTARTUP", str(folder / "python.py"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
    monkeypatch.delenv("MATPLOTLIBRC", raising=False)
    if not forked:
        cold()
    code = """
    import matplotlib
    print({"started", "configured", "greeted"} & {*globals()}, matplotlib.rcParams["lines.linewidth"])
    """
    assert printed(write(folder / "a.ipynb", code)) == "set() 1.5\n"


COMMAND = [sys.executable, "-m", forkserver.LAUNCHER, "-f", "x.json"]


@forking
@pytest.mark.parametrize(
    ("command", "changes"),
    [
        (["/usr/bin/python3", *COMMAND[1:]], {}),
        ([sys.executable, "-m", "bash_kernel"], {}),
        (COMMAND, {"stdout": subprocess.PIPE}),
        (COMMAND, {"preexec_fn": print}),
        (COMMAND, {"env": {"PYTHONPATH": "/a:src"}}),
        (COMMAND, {"cwd": "styled"}),
    ],
)
def test_what_a_fork_could_not_give_is_started_plainly(folder, monkeypatch, command, changes):
    monkeypatch.chdir(folder)
    (folder / "styled").mkdir()
    (folder / "styled" / "matplotlibrc").touch()
    assert kernels._can_fork(COMMAND, env={"PYTHONPATH": "/a"}, cwd="")
    assert not kernels._can_fork(command, **{"env": {}, **changes})


def test_kernels_are_started_plainly_where_a_fork_is_unsafe(folder, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not kernels._can_fork(COMMAND, env={})


@forking
def test_kernels_are_started_plainly_when_the_server_does_not_start(folder, light, monkeypatch):
    monkeypatch.setattr(forkserver, "__file__", str(folder / "missing.py"))
    assert printed(write(folder / "a.ipynb", PARENT)) == "False\n"


TOOLS = """
import sys
import workshop.run.lean
import pytest
from nbconvert.nbconvertapp import main
from workshop.run import kernels
kernels.PRELOADED = ("ipykernel.kernelapp",)
main(["--to", "notebook", "--execute", "--inplace", "a.ipynb"])
sys.exit(pytest.main(["--nbval", "--nbval-current-env", "-p", "no:cacheprovider", "a.ipynb"]))
"""


@forking
def test_other_tools_have_warm_kernels_by_jupyter_s_own_variable(folder):
    """As the entry point of this checkout says, whatever is installed: nbconvert stores an output, nbval compares."""
    about = folder / "site" / "kernels-1.dist-info"
    about.mkdir(parents=True)
    name, value = provisioner()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: kernels\nVersion: 1\n")
    (about / "entry_points.txt").write_text(f"[jupyter_client.kernel_provisioners]\n{name} = {value}\n")
    path = write(folder / "a.ipynb", PARENT)
    search = os.pathsep.join([str(about.parent), str(ROOT / "src")])
    env = {**os.environ, "PYTHONPATH": search, "JUPYTER_DEFAULT_PROVISIONER_NAME": name}
    run = subprocess.run([sys.executable, "-c", TOOLS], env=env, cwd=folder, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    assert nbformat.read(path, as_version=4).cells[0].outputs[0].text == "True\n"


def provisioner():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    ((name, value),) = project["entry-points"]["jupyter_client.kernel_provisioners"].items()
    return name, value


def test_make_names_the_provisioner_that_the_package_offers():
    name, value = provisioner()
    assert EntryPoint(name, value, "").load() is kernels.WarmProvisioner
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.findall(r"export JUPYTER_DEFAULT_PROVISIONER_NAME := (\S+)", makefile) == [name]
