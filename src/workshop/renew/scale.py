"""Questions to files of any size: Ibis expressions that DuckDB, PySpark and BigQuery answer alike.

A question takes Ibis tables and gives an Ibis expression; nothing runs before an engine executes it. What engines do
differently is kept out: every column is read as the type that its schema says, no division by zero, a sum of nothing
known is unknown, months are numbers. Lists of names, order for readers and what was valid on a day are left to pandas.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.operations as ops
from ibis import _

from malirussia.package import DataError

EVENTS = {
    **{"country": "string", "date_start": "date", "type_of_violence": "int64", "side_a": "string"},
    **{"best": "int64", "low": "int64", "high": "int64"},
}
"""Columns of events as UCDP's GED has them."""
FLOWS = {"t": "int64", "i": "int64", "j": "int64", "k": "int64", "v": "float64", "q": "float64"}
"""Columns of flows as CEPII's BACI has them: year, exporter, importer, product, thousand dollars, tonnes."""
VOTES = {"rcid": "int64", "year": "int64", "country": "string", "vote": "int64"}
"""Columns of votes as Voeten has them; vote is 1 yes, 2 abstain, 3 no, else absent or no member."""
GDELT = {
    **{"MonthYear": "int64", "QuadClass": "int64", "Actor1CountryCode": "string", "Actor2CountryCode": "string"},
    **{"NumArticles": "int64", "AvgTone": "float64", "_PARTITIONTIME": "timestamp('UTC')"},
}
"""Columns of the events of GDELT 2.0 at BigQuery that are read here; the last one chooses the days."""
GDELT_ROWS_A_DAY = round(123e6 / 365)
"""GDELT's blog, "Using BigQuery Table Decorators To Lower Query Cost", counts 123 million events in the first year."""

# What BigQuery counts for a value; for text 2 bytes and its length, here codes of three letters. Nulls are free.
BYTES = {"int64": 8, "float64": 8, "timestamp('UTC')": 8, "string": 2 + 3}
MB, LEAST_MB = 2**20, 10  # it rounds up to megabytes, and counts at least ten for a table


def events_by_month(events: Any) -> Any:
    """Return events, deaths (best, low, high, median of best) and distinct actors by country, month and type.

    Deaths are null where no event of the group has a number.
    """
    by = ["country", "year", "month", "type_of_violence"]
    dated = events.mutate(year=_.date_start.year(), month=_.date_start.month())
    return dated.group_by(by).agg(
        events=_.count(),
        best=_.best.sum(),
        low=_.low.sum(),
        high=_.high.sum(),
        actors=_.side_a.nunique(),
        median=_.best.median(),
    )


def suppliers(flows: Any, most: int = 5) -> Any:
    """Return the *most* largest exporters *i* of each importer *j* and year *t*, with value, quantity and products.

    *share* is that of the importer's known imports, null where these are 0; equal values share a rank.
    """
    pairs = flows.group_by(["t", "i", "j"]).agg(v=_.v.sum(), q=_.q.sum(), products=_.k.nunique())
    pairs = pairs.filter(_.v.notnull())
    importer = ibis.window(group_by=["t", "j"])
    falling = ibis.window(group_by=["t", "j"], order_by=ibis.desc("v"))
    ranked = pairs.mutate(share=_.v / _.v.sum().over(importer).nullif(0), rank=ibis.rank().over(falling) + 1)
    return ranked.filter(_["rank"] <= most)


def agreement(votes: Any) -> Any:
    """Return for each pair of states and year the roll-calls both voted in, the same and the opposite votes.

    For one machine and all pairs, matrix products in numpy need a third of the work.
    """
    cast = votes.filter(_.vote.isin([1, 2, 3]))
    other = cast.view()
    pairs = cast.join(other, [cast.rcid == other.rcid, cast.country < other.country]).select(
        year=cast.year, a=cast.country, b=other.country, apart=(cast.vote - other.vote).abs()
    )
    counted = pairs.group_by(["year", "a", "b"]).agg(
        n=_.count(), same=(_.apart == 0).sum(), opposite=(_.apart == 2).sum()
    )
    return counted.mutate(share=_.same / _.n)


QUESTIONS: dict[str, tuple[dict[str, str], Callable[[Any], Any]]] = {
    "events": (EVENTS, events_by_month),
    "flows": (FLOWS, suppliers),
    "votes": (VOTES, agreement),
}
"""By kind of file: its schema, and the question to it."""


def connect(engine: str = "duckdb", memory: str = "") -> Any:
    """Open *engine*, ``duckdb`` or ``pyspark`` on this machine; *memory* like ``4GB`` is the most it may use.

    For a cluster, give ``ibis.pyspark.connect`` its session in place of this.
    """
    if engine == "duckdb":
        limit = {"memory_limit": memory} if memory else {}
        return ibis.duckdb.connect(temp_directory=tempfile.gettempdir(), **limit)
    from pyspark.sql import SparkSession

    settings = {
        "spark.driver.memory": (memory or "2GB").removesuffix("B").lower(),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "4",
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.log.level": "ERROR",
    }
    return ibis.pyspark.connect(SparkSession.builder.master("local[2]").config(map=settings).getOrCreate())


def read(connection: Any, path: Path, schema: dict[str, str]) -> Any:
    """Return the columns of *schema* in the Parquet or CSV file at *path* as a table of *connection*.

    A CSV is read as text and cast, as engines guess other types from the same file.

    Raises
    ------
    DataError
        A column is missing.
    """
    if path.suffix == ".parquet":
        table = connection.read_parquet(path)
    elif connection.name == "duckdb":
        table = connection.read_csv(str(path), all_varchar=True)
    else:
        table = connection.read_csv(str(path), header=True, multiLine=True, escape='"')
    if missing := [name for name in schema if name not in table.columns]:
        raise DataError(f"{path}: expected a column {', '.join(missing)}, found {', '.join(table.columns)}")
    return table.select(*schema).cast(schema)


def between(gdelt: Any, one: str, other: str, since: date, last: date) -> Any:
    """Return events of GDELT between two states, CAMEO codes like ``MLI``, by month and class of event.

    Only the days from *since* to *last* are read. *tone* is the mean of articles, null without any.
    """
    first, second = _.Actor1CountryCode, _.Actor2CountryCode
    day = [ibis.timestamp(limit.isoformat(), timezone="UTC") for limit in (since, last)]
    pair = ((first == one) & (second == other)) | ((first == other) & (second == one))
    found = gdelt.filter(_._PARTITIONTIME.between(*day), pair)
    # The columns by name, as BigQuery bills each that is read.
    events = found.select("MonthYear", "QuadClass", "NumArticles", "AvgTone")
    return (
        events.group_by(["MonthYear", "QuadClass"])
        .agg(
            events=_.count(),
            articles=_.NumArticles.sum(),
            tone=(_.AvgTone * _.NumArticles).sum() / _.NumArticles.sum().nullif(0),
        )
        .order_by(["MonthYear", "QuadClass"])
    )


def gdelt_table() -> Any:
    """Return the events of GDELT 2.0 at BigQuery by day, as a table to compile for; nothing is connected."""
    return ibis.table(GDELT, name="events_partitioned", catalog="gdelt-bq", database="gdeltv2")


def bytes_billed(expression: Any, rows: int) -> int:
    """Return an upper estimate of the bytes that BigQuery bills for *expression* when its days hold *rows* rows.

    It bills whole columns of the days that are read, whatever else is filtered, by the type of the column.
    """
    operation = expression.op()
    named = {field.name for field in operation.find(ops.Field)}
    total = 0
    for table in operation.find(ops.UnboundTable):
        width = sum(BYTES[str(kind)] for name, kind in table.schema.items() if name in named)
        total += max(math.ceil(rows * width / MB), LEAST_MB) * MB
    return total


def for_bigquery(one: str, other: str, since: date, last: date) -> str:
    """Return the SQL of :func:`between` for BigQuery, below comments that say what it would bill."""
    question = between(gdelt_table(), one, other, since, last)
    days = (last - since).days + 1
    rows = days * GDELT_ROWS_A_DAY
    return (
        f"-- About {bytes_billed(question, rows) / 1e9:.1f} GB billed: {len(GDELT)} columns of {rows:,} rows, if each"
        f" of the {days:,} days holds {GDELT_ROWS_A_DAY:,}.\n"
        "-- A dry run at BigQuery says it exactly and costs nothing.\n"
        f"{ibis.to_sql(question, dialect='bigquery')}\n"
    )
