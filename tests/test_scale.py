"""Questions to large files: the same answer from pandas, DuckDB and Spark, and what BigQuery would bill.

What needs the packages of ``make scale`` or Java is skipped without them.
"""

from __future__ import annotations

import shutil
from datetime import date
from importlib.util import find_spec

import numpy as np
import pandas as pd
import pytest

from malirussia.package import DataError
from workshop import commands
from workshop.renew import scale_bench
from workshop.renew.scale_bench import IN_PANDAS, section, write_section

pytestmark = [
    pytest.mark.slow,
    # What pyarrow and PySpark still ask of pandas.
    pytest.mark.filterwarnings("ignore:The 'future.infer_string' option"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
    # PySpark leaves its connections to Java to the collector.
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
]

IBIS = find_spec("ibis") is not None
SPARK = IBIS and find_spec("pyspark") is not None and shutil.which("java") is not None
needs_ibis = pytest.mark.skipif(not IBIS, reason="no Ibis: `make scale`")
ENGINES = [
    pytest.param("duckdb", marks=needs_ibis),
    pytest.param("pyspark", marks=pytest.mark.skipif(not SPARK, reason="no Spark or Java: `make scale`")),
]
ROWS = 10_000


def _events(draw) -> pd.DataFrame:
    """Deaths beyond 32 bits, a country where none is known, one without a name, unknown actors, accents."""
    names = np.array(["Mali", "Zaïre", "Éire", "zulu", "Nowhere", None], dtype=object)
    country = names[draw.integers(0, 6, ROWS)]
    low = draw.integers(0, 10**9, ROWS)
    best = pd.Series(low + draw.integers(0, 20, ROWS), dtype="Int64")
    return pd.DataFrame(
        {
            "id": np.arange(ROWS),
            "country": country,
            "date_start": np.datetime64("1989-12-01") + draw.integers(0, 200, ROWS).astype("timedelta64[D]"),
            "type_of_violence": draw.integers(1, 4, ROWS),
            "side_a": np.array(['Alpha, "the first"', "Bêta", None], dtype=object)[draw.integers(0, 3, ROWS)],
            "best": best.mask(pd.Series(country == "Nowhere") | pd.Series(draw.random(ROWS) < 0.2)),
            "low": low,
            "high": low + 50,
        }
    )


def _flows(draw) -> pd.DataFrame:
    """Products beyond 32 bits, an importer whose imports are 0, values and quantities that are not known."""
    exporter, importer = draw.integers(1, 15, ROWS), draw.integers(1, 15, ROWS)
    value = np.where(importer == 7, 0.0, draw.integers(1, 10**6, ROWS) / 8)
    unknown = (exporter == 3) & (importer == 4)
    return pd.DataFrame(
        {
            "t": draw.integers(1995, 2000, ROWS),
            "i": exporter,
            "j": importer,
            "k": 9_000_000_000 + draw.integers(0, 50, ROWS),
            "v": np.where(unknown, np.nan, value),
            "q": np.where(draw.random(ROWS) < 0.9, np.nan, value / 2),
        }
    )


def _votes(draw) -> pd.DataFrame:
    """Forty states in 250 roll-calls; some are absent (8)."""
    call, state = np.divmod(np.arange(ROWS), 40)
    names = [f"S{number}" for number in range(38)] + ["Ångland", "zed"]
    vote = draw.choice([1, 2, 3, 8], ROWS, p=[0.5, 0.2, 0.2, 0.1])
    return pd.DataFrame({"rcid": call, "year": 2000 + call // 100, "country": np.take(names, state), "vote": vote})


MAKE = {"events": _events, "flows": _flows, "votes": _votes}
KEYS = {
    "events": ["country", "year", "month", "type_of_violence"],
    "flows": ["t", "i", "j"],
    "votes": ["year", "a", "b"],
}


@pytest.fixture(scope="module", params=MAKE)
def asked(request, tmp_path_factory):
    """Return a kind, its frame, and the folder where the frame lies as a Parquet and a CSV file."""
    folder = tmp_path_factory.mktemp(request.param)
    frame = MAKE[request.param](np.random.default_rng(1))
    frame.to_parquet(folder / "file.parquet", index=False)
    frame.to_csv(folder / "file.csv", index=False)
    return request.param, frame, folder


@pytest.fixture(scope="module")
def connections():
    from workshop.renew.scale import connect

    opened: dict = {}
    with pytest.MonkeyPatch.context() as patch:
        # Small questions end before Java's second compiler has paid for itself.
        patch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        yield lambda engine: opened.get(engine) or opened.setdefault(engine, connect(engine))
    for connection in opened.values():
        connection.disconnect()


def _comparable(frame: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return *frame* with rows and columns in one order, and one kind of number and of missing text."""
    keys, words = KEYS[kind], ["country", "a", "b"]
    frame = frame.astype({name: object if name in words else float for name in frame})
    frame[keys] = frame[keys].where(frame[keys].notna(), "(none)")
    return frame.sort_values(keys, ignore_index=True)[sorted(frame)]


@pytest.mark.parametrize("form", ["parquet", "csv"])
@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_gives_the_answer_of_pandas(asked, engine, form, connections):
    from workshop.renew.scale import QUESTIONS, read

    kind, frame, folder = asked
    schema, question = QUESTIONS[kind]
    given = question(read(connections(engine), folder / f"file.{form}", schema)).execute()
    expected = IN_PANDAS[kind](frame)
    assert len(expected) > 100
    pd.testing.assert_frame_equal(_comparable(given, kind), _comparable(expected, kind), rtol=1e-9)


@pytest.fixture
def ask(connections):
    """Return a function that puts the question of a kind to a small frame, in DuckDB."""
    from workshop.renew.scale import QUESTIONS, ibis

    def answer(kind: str, only=lambda table: table, **columns: list) -> pd.DataFrame:
        schema, question = QUESTIONS[kind]
        return connections("duckdb").execute(only(question(ibis.memtable(pd.DataFrame(columns), schema=schema))))

    return answer


@needs_ibis
def test_a_sum_of_nothing_known_is_unknown(ask):
    day = [pd.Timestamp("2012-01-17"), pd.Timestamp("2012-01-31")]
    given = ask(
        "events",
        **{"country": ["Mali"] * 2, "date_start": day, "type_of_violence": [1, 1], "side_a": ["A", None]},
        **{"best": [None, None], "low": [1, 2], "high": [3, 4]},
    )
    assert given["best"].isna().all() and given["median"].isna().all()
    assert given[["events", "low", "high", "actors"]].to_numpy().tolist() == [[2, 3, 7, 1]]


@needs_ibis
def test_suppliers_of_equal_value_share_a_rank_and_those_of_unknown_value_have_none(ask):
    given = ask("flows", **{"t": 2000, "i": [1, 2, 3, 4], "j": 8, "k": 1, "v": [2.0, 4.0, 2.0, None], "q": 1.0})
    given = given.sort_values("i")
    assert given[["i", "rank", "share"]].to_numpy().tolist() == [[1, 2, 0.25], [2, 1, 0.5], [3, 2, 0.25]]


@needs_ibis
def test_imports_of_nothing_have_no_shares(ask):
    """Null in the engine itself: pandas would show a division by zero, which is another thing there, as the same."""
    flows = {"t": 2000, "i": [1, 2], "j": 9, "k": 1, "v": 0.0, "q": 1.0}
    assert len(ask("flows", lambda found: found.filter(found.share.isnull()), **flows)) == 2


@needs_ibis
def test_a_pair_is_counted_where_both_voted(ask):
    given = ask(
        "votes",
        **{"rcid": [1, 1, 2, 2, 3, 3], "year": [2000] * 6, "country": ["MLI", "RUS"] * 3, "vote": [1, 1, 1, 3, 1, 8]},
    )
    assert given.to_dict("records") == [
        {"year": 2000, "a": "MLI", "b": "RUS", "n": 2, "same": 1, "opposite": 1, "share": 0.5}
    ]


@needs_ibis
def test_a_file_without_a_column_is_refused_by_name(connections, tmp_path):
    from workshop.renew.scale import VOTES, read

    path = tmp_path / "votes.csv"
    path.write_text("rcid,year,state,vote\n1,2000,MLI,1\n")
    with pytest.raises(DataError, match=r"votes\.csv: expected a column country, found rcid, year, state, vote"):
        read(connections("duckdb"), path, VOTES)


@needs_ibis
def test_gdelt_is_asked_by_named_columns_and_days():
    from workshop.renew.scale import for_bigquery

    text = for_bigquery("MLI", "RUS", date(2020, 1, 1), date(2020, 1, 10))
    assert "FROM `gdelt-bq`.`gdeltv2`.`events_partitioned`" in text
    assert "SELECT\n      *\n" not in text
    assert "BETWEEN TIMESTAMP('2020-01-01T00:00:00+00:00') AND TIMESTAMP('2020-01-10T00:00:00+00:00')" in text
    # Five numbers of 8 bytes and two codes of 5 in 336,986 rows a day.
    assert "About 0.2 GB billed: 7 columns of 3,369,860 rows" in text


@needs_ibis
def test_a_bill_is_of_whole_columns_and_no_less_than_ten_megabytes():
    from workshop.renew.scale import MB, between, bytes_billed, gdelt_table

    table = gdelt_table()
    assert bytes_billed(table.select("QuadClass"), 10 * MB) == 80 * MB
    assert bytes_billed(table.filter(table.Actor1CountryCode == "MLI").select("QuadClass"), 10 * MB) == 130 * MB
    assert bytes_billed(between(table, "MLI", "RUS", date(2020, 1, 1), date(2020, 1, 2)), 10 * MB) == 500 * MB
    assert bytes_billed(table.select("QuadClass"), 1) == 10 * MB


@needs_ibis
def test_events_between_two_states_are_counted_in_both_directions(connections):
    from workshop.renew.scale import GDELT, between, ibis

    at = [
        pd.Timestamp(text, tz="UTC") for text in ("2020-01-01", "2020-01-02", "2020-01-02", "2020-01-02", "2020-01-03")
    ]
    frame = pd.DataFrame(
        {
            **{"MonthYear": 202001, "QuadClass": 1, "Actor1CountryCode": ["MLI", "RUS", "MLI", "MLI", "MLI"]},
            **{"Actor2CountryCode": ["RUS", "MLI", None, "FRA", "RUS"], "NumArticles": [1, 3, 9, 9, 9]},
            **{"AvgTone": [2.0, -2.0, 9.0, 9.0, 9.0], "_PARTITIONTIME": at},
        }
    )
    question = between(ibis.memtable(frame, schema=GDELT), "MLI", "RUS", date(2020, 1, 1), date(2020, 1, 2))
    assert connections("duckdb").execute(question).to_dict("records") == [
        {"MonthYear": 202001, "QuadClass": 1, "events": 2, "articles": 4, "tone": -1.0}
    ]


@needs_ibis
def test_the_command_writes_the_answer_to_a_file(tmp_path):
    path, output = tmp_path / "flows.parquet", tmp_path / "suppliers.csv"
    scale_bench.make_up("flows", 1000, path)
    assert commands.scale(["ask", "flows", str(path), "--output", str(output), "--memory", "1GB"]) == 0
    written = pd.read_csv(output)
    assert list(written.columns) == ["t", "i", "j", "v", "q", "products", "share", "rank"]
    assert len(written) == len(scale_bench.answer("pandas", "flows", path))


@needs_ibis
def test_a_measurement_is_of_a_process_of_its_own(tmp_path):
    path = tmp_path / "flows.parquet"
    scale_bench.make_up("flows", 1000, path)
    cost = scale_bench.measure("duckdb", "flows", path)
    assert cost["answers"] == len(scale_bench.answer("pandas", "flows", path))
    assert 0.1 < cost["cpu"] < 60 and 50 < cost["mb"] < 2000


FOUND = pd.DataFrame(
    [
        *([kind, 10**7, "parquet", "pandas", 1, 10.0, 2000.0] for kind in ("events", "flows")),
        ["events", 10**7, "parquet", "duckdb", 1, 11.0, 1200.0],
        ["flows", 10**7, "parquet", "duckdb", 1, 9.0, 1210.0],
        ["events", 10**8, "parquet", "duckdb", 1, 90.0, 5900.0],
        ["flows", 10**8, "parquet", "duckdb", 1, 90.0, 6100.0],
    ],
    columns=["kind", "rows", "form", "engine", "answers", "cpu", "mb"],
)


def test_the_table_of_measurements_says_which_promise_was_missed():
    lines = [line.split(" | ") for line in section(FOUND).splitlines() if "parquet" in line]
    promises = {(line[0].strip("| "), line[1]): line[-1].strip("| ") for line in lines}
    assert promises == {
        ("events", "10,000,000"): "kept",
        ("flows", "10,000,000"): "missed",
        ("events", "100,000,000"): "kept",
        ("flows", "100,000,000"): "missed",
    }


def test_the_section_is_renewed_and_the_rest_of_the_page_stays(tmp_path):
    path = tmp_path / "performance.md"
    path.write_text("# Performance\n\nText.\n")
    write_section(path, "first\n")
    write_section(path, "second\n")
    assert path.read_text() == "# Performance\n\nText.\n\n<!-- scale -->\nsecond\n<!-- /scale -->\n"
