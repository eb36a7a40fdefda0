"""The commands of ``python -m malirussia``; each takes its arguments and returns the exit status."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from malirussia.collection import Collection
from malirussia.language import CATALOGUES, reader_language
from workshop.run import lean  # noqa: F401
from workshop.run.cache import Cache, wants_fresh
from workshop.run.files import write_whole

PAGES = "folder of the pages (default: reports in the root)"


def _parser(command: str, does: str | None, output: str = "") -> argparse.ArgumentParser:
    """Return a parser with the options that commands share; *output* says what is written there."""
    parser = argparse.ArgumentParser(prog=f"python -m malirussia {command}", description=does)
    parser.add_argument("--root", type=Path, default=Path(), help="folder that holds notebooks/ and data/")
    if output:
        parser.add_argument("--output", type=Path, help=output)
    return parser


def report(arguments: list[str]) -> int:
    """Run the notebooks that have changed, or rest on what has, and write the pages; FRESH=1 runs every notebook."""
    options = _parser("report", report.__doc__, PAGES).parse_args(arguments)
    output = options.output or options.root / "reports"
    if not _holds(options.root, "report", output):
        _warm_up(options.root)
        from workshop.pages.builder import build

        build(Collection(options.root, reader_language()), output, _data_faults)
    return 0


def _data_faults(collection: Collection) -> str:
    """Return what the rules find in the tables and their descriptions, a line a fault."""
    from workshop.check.run import ask
    from workshop.check.tables import data_subjects

    if not (collection.package.root / "datapackage.json").exists():
        return ""  # no tables, no faults: what needs them says that they are missing
    return "\n".join(map(str, ask(data_subjects(collection))))


def _holds(root: Path, name: str, output: Path) -> bool:
    """Say so when there is nothing to do for *output*; what would do it is slow to load."""
    if holds := Cache(root).holds(name, output):
        print(f"nothing has changed since {output}/ was made — open {output / 'index.html'}")
    return holds


def _warm_up(root: Path) -> None:
    """Let kernels get ready beside the imports when notebooks will run for sure."""
    if wants_fresh() or not Cache(root).folder.exists():
        from workshop.run import kernels

        kernels.warm_up()


def pdf(arguments: list[str]) -> int:
    """Print the pages with Chromium, and all of them as one book."""
    from workshop.pages.builder import notebooks_in
    from workshop.pages.pdf import needed_browser, print_all
    from workshop.pages.site import site_of

    options = _parser("pdf", pdf.__doc__, PAGES).parse_args(arguments)
    needed_browser()
    collection = Collection(options.root, reader_language())
    site = site_of(collection, notebooks_in(options.root / "notebooks"))
    print_all(collection, site, options.output or options.root / "reports")
    return 0


def refresh(arguments: list[str]) -> int:
    """Run the notebooks in place and bring what is made from them up to date."""
    from workshop.renew import refresh as renew

    parser = _parser("refresh", refresh.__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="notebooks to run, like 07_china (default: all)")
    options = parser.parse_args(arguments)
    renew.refresh(Collection(options.root), options.names)
    return 0


def assemble(arguments: list[str]) -> int:
    """Assemble data/datapackage.json and the data dictionary from the descriptions beside the tables."""
    from workshop.renew.refresh import refresh_package

    refresh_package(Collection(_parser("assemble", assemble.__doc__).parse_args(arguments).root))
    return 0


def new(arguments: list[str]) -> int:
    """Begin something new: a table, the notebook of a theme, or a notebook of one's own."""
    kinds = {"notebook": _new_notebook, "table": _new_table, "theme": _new_theme}
    parser = argparse.ArgumentParser(prog="python -m malirussia new", description=new.__doc__)
    parser.add_argument("kind", choices=sorted(kinds))
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="its own arguments: new KIND --help lists them")
    options = parser.parse_args(arguments)
    return kinds[options.kind](options.rest)


def _new_table(arguments: list[str]) -> int:
    """Copy a CSV into the package and draft its description."""
    from workshop.renew.new import new_table, next_steps

    parser = _parser("new table", _new_table.__doc__)
    parser.add_argument("name", help="theme and content: trade_cotton becomes data/trade/cotton.csv")
    parser.add_argument("file", type=Path, help="CSV in UTF-8 with the columns source_id and locator among its own")
    options = parser.parse_args(arguments)
    data = options.root / "data"
    print(next_steps(new_table(data, options.name, options.file), data))
    return 0


def _new_theme(arguments: list[str]) -> int:
    """Draft the notebook of a theme."""
    from workshop.renew.theme import new_theme, next_steps

    parser = _parser("new theme", _new_theme.__doc__)
    parser.add_argument("name", help="number and theme: 07_china becomes notebooks/07_china.ipynb")
    parser.add_argument("question", help='what it asks: "What ties Mali to China?"')
    options = parser.parse_args(arguments)
    print(next_steps(new_theme(options.root, options.name, options.question)))
    return 0


def _new_notebook(arguments: list[str]) -> int:
    """Begin a notebook of one's own from the template."""
    from workshop.renew.own import new_notebook, next_steps, own_folder

    parser = argparse.ArgumentParser(prog="python -m malirussia new notebook", description=_new_notebook.__doc__)
    parser.add_argument("name", help="my_question becomes scratch/my_question.ipynb")
    parser.add_argument("--output", type=Path, help="another folder (default: scratch of the checkout, else this one)")
    options = parser.parse_args(arguments)
    print(next_steps(new_notebook(options.name, options.output or own_folder())))
    return 0


def bundle(arguments: list[str]) -> int:
    """Write all tables as one Parquet set and one SQLite file, with a codebook."""
    from workshop.pages.builder import refuse_faults
    from workshop.pages.bundle import build_bundle

    options = _parser("bundle", bundle.__doc__, "folder of the bundle (default: build/bundle)").parse_args(arguments)
    collection = Collection(options.root, reader_language())
    refuse_faults(collection, Cache(options.root), _data_faults)
    build_bundle(collection, options.output or options.root / "build" / "bundle")
    return 0


def lessons(arguments: list[str]) -> int:
    """Build the lessons for students and teachers."""
    options = _parser("lessons", lessons.__doc__, "folder of the course (default: build/lessons)").parse_args(arguments)
    output = options.output or options.root / "build" / "lessons"
    if not _holds(options.root, "lessons", output):
        _warm_up(options.root)
        from workshop.course.course import build

        build(Collection(options.root, reader_language()), output, _data_faults)
    return 0


def words(arguments: list[str]) -> int:
    """Gather the words to translate into the catalogue template, and compile the translations."""
    from workshop.renew.words import compile_catalogues, write_template

    output = "folder of the catalogues (default: that of the package)"
    options = _parser("words", words.__doc__, output).parse_args(arguments)
    folder = options.output or CATALOGUES
    write_template(options.root, folder)
    compile_catalogues(folder)
    return 0


def _raw_parser(command: str, does: str | None) -> argparse.ArgumentParser:
    """Return a parser for a command on the raw files of publishers."""
    parser = _parser(command, does)
    parser.add_argument("sets", nargs="*", metavar="SET", help="data sets, like lied (default: all in upstream/)")
    parser.add_argument("--raw", type=Path, help="folder of the raw files (default: $MALIRUSSIA_RAW, else raw/)")
    return parser


def raw(arguments: list[str]) -> int:
    """Fetch the publishers' files that can be had, and say where a person gets the others."""
    from workshop.renew.raw import fetch, raw_folder, write_lock
    from workshop.renew.upstream import upstream_sets

    parser = _raw_parser("raw", raw.__doc__)
    parser.add_argument("--lock", action="store_true", help="write lock.json of the sets from the files that are there")
    options = parser.parse_args(arguments)
    sets, folder = upstream_sets(options.root, options.sets), raw_folder(options.root, options.raw)
    if options.lock:
        print(*(write_lock(one, folder) for one in sets), sep="\n")
        return 0
    refused = 0
    for status in fetch(sets, folder):
        print(status, flush=True)
        refused += status.state == "refused"
    return 1 if refused else 0


def data(arguments: list[str]) -> int:
    """Rebuild the tables from the publishers' files that are there, and print every cell that differs."""
    from workshop.renew.data import renew
    from workshop.renew.raw import raw_folder
    from workshop.renew.upstream import upstream_sets

    options = _raw_parser("data", data.__doc__).parse_args(arguments)
    sets, folder = upstream_sets(options.root, options.sets), raw_folder(options.root, options.raw)
    differ = renew(sets, folder, Collection(options.root).package, _said)
    return 1 if differ else 0


def scale(arguments: list[str]) -> int:
    """Ask files of any size, compile a question to GDELT for BigQuery, or measure what the questions cost."""
    parser = _parser("scale", scale.__doc__)
    tasks = parser.add_subparsers(dest="task", required=True)
    ask = tasks.add_parser("ask", help="write the answer to the question about a file of events, flows or votes")
    ask.add_argument("kind", choices=["events", "flows", "votes"], help="of GED, BACI or the General Assembly")
    ask.add_argument("file", type=Path, help="Parquet or CSV with the columns of that kind")
    ask.add_argument("--engine", choices=["duckdb", "pyspark"], default="duckdb")
    ask.add_argument("--memory", default="", help="the most that the engine may use, like 4GB")
    ask.add_argument("--output", type=Path, required=True, help="CSV to write")
    gdelt = tasks.add_parser("gdelt", help="print the SQL for events between two states, and what it would bill")
    gdelt.add_argument("one", help="a state by its CAMEO code, like MLI")
    gdelt.add_argument("other", help="the other state, like RUS")
    gdelt.add_argument("since", type=date.fromisoformat, help="first day, like 2015-02-19")
    gdelt.add_argument("last", type=date.fromisoformat, help="last day")
    bench = tasks.add_parser("bench", help="measure pandas and DuckDB on made-up rows, write docs/performance.md")
    bench.add_argument("--rows", type=int, nargs="+", default=[10**6, 10**7, 10**8])
    options = parser.parse_args(arguments)
    try:
        from workshop.renew import scale as large
    except ImportError:
        raise RuntimeError("scale needs the optional packages of this collection: make scale") from None
    from workshop.renew import scale_bench

    if options.task == "gdelt":
        print(large.for_bigquery(options.one, options.other, options.since, options.last))
    elif options.task == "ask":
        found = scale_bench.answer(options.engine, options.kind, options.file, options.memory)
        write_whole(options.output, found.to_csv(index=False))
    else:
        found = scale_bench.bench(options.rows, lambda line: print(line, flush=True))
        scale_bench.write_section(options.root / "docs" / "performance.md", scale_bench.section(found))
    return 0


def adopt(arguments: list[str]) -> int:
    """Hold a new release of a data set against the tables, and say which words, figures and verdicts move with it."""
    from workshop.renew import adopt as taking_in
    from workshop.renew.raw import raw_folder
    from workshop.renew.upstream import upstream_sets

    parser = _parser("adopt", adopt.__doc__)
    parser.add_argument("set", help="data set, like ucdp_country_year")
    parser.add_argument("release", help="its new version; the files lie in SET-RELEASE/ of the folder of raw files")
    parser.add_argument("--raw", type=Path, help="folder of the raw files (default: $MALIRUSSIA_RAW, else raw/)")
    parser.add_argument("--accept", action="store_true", help="write the tables and the lock; without it nothing is")
    options = parser.parse_args(arguments)
    (one,) = upstream_sets(options.root, [options.set])
    folder = raw_folder(options.root, options.raw)
    taking_in.adopt(one, options.release, folder, Collection(options.root), options.accept, _said)
    return 0


def seal(arguments: list[str]) -> int:
    """Show every cell that differs from what was sealed and, where that is meant, seal the tables as they are."""
    from workshop.check.run import ask
    from workshop.check.tables import data_subjects, sealed_files
    from workshop.renew import seal as sealing

    parser = _parser("seal", seal.__doc__)
    parser.add_argument("--accept", action="store_true", help="seal without asking; needed where there is no terminal")
    parser.add_argument("--former", type=Path, metavar="FOLDER", help="the former data/, where there is no git")
    options = parser.parse_args(arguments)
    collection = Collection(options.root)
    data = collection.package.root
    former = sealing.from_folder(options.former) if options.former else sealing.from_git(data)
    found = list(sealing.changes(collection.package, former))
    print(*found, f"{len(found)} changes since the tables were sealed", sep="\n")
    if not found:
        return 0
    if faults := [fault for fault in ask(data_subjects(collection)) if fault.rule is not sealed_files]:
        print(*faults, "nothing is sealed before these faults are mended", sep="\n")
        return 1
    if not options.accept and not (sys.stdin.isatty() and input("Is all of this meant? [y/N] ").lower() == "y"):
        print("not sealed; with ACCEPT=1 `make seal` does not ask")
        return 1
    sealing.seal(collection, found)
    print(f"sealed; {data / sealing.CHANGES} tells what changed")
    return 0


def _said(line: str) -> None:
    print(line, flush=True)


def check(arguments: list[str]) -> int:
    """Print every departure from the conventions, with file, place and rule."""
    from workshop.check.run import ask, closing, select, subjects

    parser = _parser("check", check.__doc__)
    parser.add_argument(
        "names", nargs="*", help="notebooks, tables or folders: 04_trade trade_total data (default: all)"
    )
    options = parser.parse_args(arguments)
    asked = select(subjects(Collection(options.root)), options.names)
    faults = ask(asked)
    print(*faults, closing(asked, faults), sep="\n")
    return 1 if faults else 0
