"""What the questions of :mod:`workshop.renew.scale` cost on made-up rows: pandas beside DuckDB.

Each measurement is a process of its own. Wall time depends on who else works on the machine and is left out.
"""

from __future__ import annotations

import json
import platform
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from workshop.run.files import with_generated, write_whole

LIMIT = "4GB"
"""What DuckDB may use for the largest tables; the process, with what lies outside its buffers, stays below 6 GB."""
LARGE, PAIRED = 10**8, 10**6
"""Rows from which pandas is left out, and up to which votes are paired: about what the Assembly has held."""
CPU_AT_MOST, MEMORY_AT_MOST, GB_AT_MOST = 1.1, 0.6, 6
"""What is promised: DuckDB to pandas at 10 million rows of Parquet, and the memory at 100 million."""

MADE_UP = {
    "events": """
        select 'Country ' || (hash(i) % 180) as country, date '1989-01-01' + (hash(i, 1) % 13149)::int as date_start,
            1 + (hash(i, 2) % 3)::bigint as type_of_violence,
            case when hash(i, 3) % 20 > 0 then 'Actor ' || (hash(i, 4) % 900) end as side_a,
            (hash(i, 5) % 30)::bigint as low, low + (hash(i, 6) % 20)::bigint as best,
            best + (hash(i, 7) % 40)::bigint as high
        from range({rows}) as numbers(i)""",
    "flows": """
        select 1995 + (hash(n) % 29)::bigint as t,
            (hash(n, 1) % 226)::bigint as i, (hash(n, 2) % 226)::bigint as j,
            10000 + (hash(n, 3) % 5300)::bigint as k, round(exp((hash(n, 4) % 1000) / 110.0), 3) as v,
            case when hash(n, 5) % 25 > 0 then round((hash(n, 6) % 100000) / 7.0, 3) end as q
        from range({rows}) as numbers(n)""",
    "votes": """
        select n // 193 as rcid, 1946 + n // 193 * 193 * 80 // {rows} as year, 'S' || (1000 + n % 193) as country,
            [1, 1, 1, 1, 1, 1, 2, 2, 3, 8][1 + (hash(n) % 10)::bigint] as vote
        from range({rows}) as numbers(n)""",
}


def make_up(kind: str, rows: int, path: Path) -> None:
    """Write *rows* made-up rows of *kind* to *path*, Parquet or CSV; the same each time."""
    import duckdb

    with duckdb.connect(config={"preserve_insertion_order": "false"}) as connection:
        connection.execute(f"copy ({MADE_UP[kind].format(rows=rows)}) to '{path}'")


def events_in_pandas(events: pd.DataFrame) -> pd.DataFrame:
    """Return what ``events_by_month`` says, without Ibis."""
    day = pd.to_datetime(events["date_start"]).dt
    by = ["country", "year", "month", "type_of_violence"]
    groups = events.assign(year=day.year, month=day.month).groupby(by, dropna=False)
    counted = groups.agg(events=("side_a", "size"), actors=("side_a", "nunique"), median=("best", "median"))
    # Without min_count a sum of nothing known would be 0.
    return counted.join(groups[["best", "low", "high"]].sum(min_count=1)).reset_index()


def suppliers_in_pandas(flows: pd.DataFrame, most: int = 5) -> pd.DataFrame:
    """Return what ``suppliers`` says, without Ibis."""
    groups = flows.groupby(["t", "i", "j"])
    pairs = groups[["v", "q"]].sum(min_count=1).join(groups["k"].nunique().rename("products")).reset_index()
    pairs = pairs[pairs["v"].notna()]
    values = pairs.groupby(["t", "j"])["v"]
    total = values.transform("sum")
    pairs = pairs.assign(share=pairs["v"] / total.where(total != 0), rank=values.rank("min", ascending=False))
    return pairs[pairs["rank"] <= most]


def agreement_in_pandas(votes: pd.DataFrame) -> pd.DataFrame:
    """Return what ``agreement`` says, without Ibis; year by year, as all pairs at once take too much memory."""
    parts = []
    for year, cast in votes[votes["vote"].isin([1, 2, 3])].groupby("year"):
        pairs = cast.merge(cast, on="rcid", suffixes=("", "_b"))
        pairs = pairs[pairs["country"] < pairs["country_b"]]
        apart = (pairs["vote"] - pairs["vote_b"]).abs()
        counted = pd.DataFrame(
            {"a": pairs["country"], "b": pairs["country_b"], "same": apart == 0, "opposite": apart == 2}
        )
        groups = counted.groupby(["a", "b"])
        parts.append(groups.sum().assign(n=groups.size()).reset_index().assign(year=year))
    counts = pd.concat(parts, ignore_index=True)
    return counts.assign(share=counts["same"] / counts["n"])


IN_PANDAS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "events": events_in_pandas,
    "flows": suppliers_in_pandas,
    "votes": agreement_in_pandas,
}


def answer(engine: str, kind: str, path: Path, limit: str = "") -> pd.DataFrame:
    """Return the answer of *engine*, ``pandas`` or one of Ibis, to the question about the file of *kind* at *path*."""
    if engine == "pandas":
        return IN_PANDAS[kind](pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path))
    from workshop.renew.scale import QUESTIONS, connect, read  # which pandas need not pay for

    schema, question = QUESTIONS[kind]
    found: pd.DataFrame = question(read(connect(engine, limit), path, schema)).execute()
    return found


def measure(engine: str, kind: str, path: Path, limit: str = "") -> dict[str, Any]:
    """Return rows of the answer, CPU seconds and peak MB of a process that only answers."""
    call = [sys.executable, "-m", __name__, engine, kind, str(path), limit]
    cost: dict[str, Any] = json.loads(subprocess.run(call, check=True, stdout=subprocess.PIPE).stdout)
    return cost


def bench(sizes: list[int], tell: Callable[[str], None]) -> pd.DataFrame:
    """Measure every question at *sizes* rows; return one row a measurement, and *tell* of each as it comes."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for rows in sizes:
            for kind in MADE_UP:
                if kind == "votes" and rows > PAIRED:
                    continue
                # A hundred million rows of text would fill a small disk.
                for form in ("parquet", "csv") if rows < LARGE else ("parquet",):
                    path = Path(folder) / f"{kind}.{form}"
                    make_up(kind, rows, path)
                    for engine in ("pandas", "duckdb") if rows < LARGE else ("duckdb",):
                        cost = measure(engine, kind, path, LIMIT if rows >= LARGE else "")
                        found.append({"kind": kind, "rows": rows, "form": form, "engine": engine, **cost})
                        tell(" ".join(f"{key} {value}" for key, value in found[-1].items()))
                    path.unlink()
    return pd.DataFrame(found)


def section(found: pd.DataFrame) -> str:
    """Return the measurements in Markdown, with what is promised and whether it held."""
    wide = found.pivot(index=["kind", "rows", "form"], columns="engine", values=["cpu", "mb"])
    wide = wide.sort_index(level=["kind", "rows"]).reindex(
        columns=pd.MultiIndex.from_product([["cpu", "mb"], ["pandas", "duckdb"]])
    )
    lines = [
        "## Beyond one machine",
        "",
        f"Made-up rows, Python {platform.python_version()}: seconds of the processor and the most memory of a process"
        f" that reads the file and answers. From {LARGE:,} rows DuckDB has a limit of {LIMIT}, and pandas is not run."
        f" Votes are paired up to {PAIRED:,} rows, about what the General Assembly has held.",
        "",
        f"Promised for Parquet: at 10,000,000 rows DuckDB takes at most {CPU_AT_MOST} of the time of pandas and"
        f" {MEMORY_AT_MOST} of its memory, at 100,000,000 rows it stays within {GB_AT_MOST} GB."
        " `python -m malirussia scale bench` measures anew.",
        "",
        "| file | rows | form | pandas: s, MB | DuckDB: s, MB | DuckDB : pandas | promise |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for (kind, rows, form), cost in wide.iterrows():
        pandas, duckdb = [(cost["cpu", engine], cost["mb", engine]) for engine in ("pandas", "duckdb")]
        ratios = [ours / theirs for ours, theirs in zip(duckdb, pandas, strict=True)]
        promise = ""
        if form == "parquet" and rows == 10**7:
            promise = "kept" if ratios[0] <= CPU_AT_MOST and ratios[1] <= MEMORY_AT_MOST else "missed"
        if form == "parquet" and rows == LARGE:
            promise = "kept" if duckdb[1] <= GB_AT_MOST * 1000 else "missed"
        shown = [f"{one[0]:.1f}, {one[1]:,.0f}" if pd.notna(one[0]) else "–" for one in (pandas, duckdb)]
        ratio = f"{ratios[0]:.2f}, {ratios[1]:.2f}" if pd.notna(ratios[0]) else "–"
        lines.append(f"| {kind} | {rows:,} | {form} | {shown[0]} | {shown[1]} | {ratio} | {promise} |")
    return "\n".join(lines) + "\n"


def write_section(path: Path, text: str) -> None:
    """Write *text* between the marks ``scale`` of the Markdown file at *path*, and add these where they are missing."""
    page = path.read_text(encoding="utf-8") if path.exists() else "# Performance\n"
    if "<!-- scale -->" not in page:
        page += "\n<!-- scale -->\n<!-- /scale -->\n"
    write_whole(path, with_generated(page, "scale", text, path.name))


if __name__ == "__main__":
    rows = len(answer(sys.argv[1], sys.argv[2], Path(sys.argv[3]), sys.argv[4]))
    used = resource.getrusage(resource.RUSAGE_SELF)
    kilobyte = 1 if sys.platform == "darwin" else 1024  # the unit of ru_maxrss
    print(json.dumps({"answers": rows, "cpu": used.ru_utime + used.ru_stime, "mb": used.ru_maxrss * kilobyte / 1e6}))
