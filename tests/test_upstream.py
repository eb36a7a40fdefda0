"""From the publishers' files to the tables: made-up files of the same form, faults, and the real files if there."""

from __future__ import annotations

import functools
import os
import shutil
from pathlib import Path

import pandas as pd
import pytest
from conftest import ROOT
from made_up import EXPECTED as MORE_EXPECTED
from made_up import MADE_UP as MORE
from made_up import dated, write
from made_up import frame as _frame
from made_up_africa import EXPECTED as EXPECTED_OF_AFRICA
from made_up_africa import MADE_UP as AFRICA

from malirussia.package import DataError, Package
from workshop import commands
from workshop.renew.data import compare, rebuild, renew
from workshop.renew.raw import VARIABLE, fetch
from workshop.renew.upstream import LOCK, Raw, UpstreamSet, sha256, upstream_sets

SETS = {one.name: one for one in upstream_sets(ROOT)}
PACKAGE = Package(ROOT / "data")


@pytest.mark.parametrize("one", SETS.values(), ids=SETS)
def test_a_set_says_what_it_is_and_which_bytes_were_read(one):
    assert {name: entry["url"] for name, entry in one.lock.items()} == {file.name: file.url for file in one.about.files}
    assert all(len(entry["sha256"]) == 64 and entry["bytes"] > 0 for entry in one.lock.values())
    assert set(one.about.sources) <= set(PACKAGE.load("sources")["source_id"])
    assert all(
        getattr(one.about, key) for key in ("title", "publisher", "version", "citation", "licence", "page", "how")
    )


def test_a_name_stands_for_the_same_bytes_in_every_set():
    files = [(name, entry["sha256"]) for one in SETS.values() for name, entry in one.lock.items()]
    assert len({name for name, _ in files}) == len(set(files))


@pytest.mark.skipif(VARIABLE not in os.environ, reason=f"{VARIABLE} names no folder of raw files")
@pytest.mark.parametrize("one", SETS.values(), ids=SETS)
def test_the_tables_are_what_the_publishers_files_give(one):
    raw = one.open(Path(os.environ[VARIABLE]))
    if raw is None:
        pytest.skip("its files are not there")
    if any(path.suffix == ".rda" for path in raw.paths.values()):
        pytest.importorskip("pyreadr")
    results = list(compare(one, rebuild(one, raw), PACKAGE))
    assert [str(difference) for result in results for difference in result.differences] == []
    assert all(result.rows for result in results)


# Made-up files of the form that each set has, and what a few cells of the tables made from them must be.

STEMS = [
    *("sb_total_deaths", "ns_total_deaths", "os_main_govt_killings", "os_any_govt_killings", "os_nsgroup_killings"),
    "cumulative_total_deaths_in_orgvio",
]
COUNTRY_YEARS = {
    "country_cy": ["Mali", "Mali", "Niger", "Libya", "Chad", "Yemen (North Yemen)"],
    "country_id_cy": [432, 432, 436, 620, 483, 678],
    "year_cy": [1996, 2012, 2011, 2012, 2012, 2012],
    **{f"{stem}_low_cy": [1, 20, 3, 4, 5, 6] for stem in STEMS},
    **{f"{stem}_best_cy": [1, 21, 3, 4, 5, 6] for stem in STEMS},
    **{f"{stem}_high_cy": [1, 22, 3, 4, 5, 6] for stem in STEMS},
    **{
        f"cumulative_total_deaths_{who}_in_orgvio_cy": [1, 7, 3, 4, 5, 6] for who in ("parties", "civilians", "unknown")
    },
    "version": [25.1] * 6,
}
BATTLES = """
conflict_id dyad_id side_a_2nd side_b bd_best bd_low bd_high gwno_loc year version
7 1 Government~of~France,Government~of~Chad Beta 30 20 40 432 2013 25.1
7 2 . Alpha 12 10 15 432 2013 25.1
7 3 . Alpha 12 10 15 432 2011 25.1
8 4 . Gamma 12 10 15 433,432 2013 25.1
"""
DEBT = """
debtor_name year category value creditor_name
Mali 2000 bilateral 1000000 France
Mali 2000 bilateral 500000 France
Mali 2000 commercial~banks 250000 All~creditors
Mali 2000 bilateral 1 Ruritania
Angola 2000 other~private 2000000 Russian~Federation
Angola 2001 other~private 2000000 Russian~Federation
Angola 2001 bilateral 3000000 Russian~Federation
"""
DATAHUB = """
Country~Name Country~Code Year Value
Mali MLI 1959 1
Mali MLI 1960 5000000
Mali MLI 1985 7000000
Egypt,~Arab~Rep. EGY 1989 7000000
Egypt,~Arab~Rep. EGY 1990 8000000
France FRA 1990 9000000
Africa~Eastern~and~Southern AFE 1990 9000000
"""
GAPMINDER = [
    *("aid_received_per_person_current_us", "aid_received_total_us_inflation_adjusted"),
    *("external_debt_total_us_not_inflation_adjusted", "debt_to_foreigners_by_public_and_private_percent_of_gni"),
    "armed_forces_personnel_total",
]
MONTHS = """
Date Index
1961-01-01 29.8
1961-02-01 30
2008-01-01 215
2008-02-01 215.001
"""
REIGN = """
stateabb leader sdate smonth syear
MLI Assimi~Goita 19 8 2020
MLI Keita 4 9 2013
"""
TRADE = """
exp imp time export
RUS MLI 2012 2443088
MLI RUS 2012 0
RUS FRA 2012 5
"""
GROUPS = """
year importer_name target value share
2018-2020 Mali Wheat 26913.5763 35.2
2018-2020 Chad Wheat 5 1
"""
TOTALS = """
year source target value importer_name
2018-2020 Russia Mali 54679.2296 Mali
"""
TROOPS = """
Year Country Mission Female Male Total
2014 Chad MINUSMA 10 1000 1010
2014 Russian~Federation MINUSMA 0 0 0
2017 Chad MINUSMA 10 1000 1010
2014 Chad UNMIL 10 1000 1010
"""
RUNWAYS = """
id airport_ident length_ft surface le_latitude_deg le_longitude_deg he_latitude_deg he_longitude_deg
506467 GAKL 6234 TURF 18.4 1.41 18.5 1.43
1 LFPG 9000 ASP 49 2 49 2
"""
LIED = """
year GWn sovereign opposition competition lexical_index
1960 432 1 1 0 2
1960 220 1 1 1 6
1963 511 1 1 1 6
1960 540 0 0 0 0
2001 432 1 1 1 6
"""
INDICES = [f"{index}{bound}" for index in ("v2x_polyarchy", "v2x_libdem") for bound in ("", "_codelow", "_codehigh")]
VDEM = pd.DataFrame({
    "country_text_id": ["MLI", "RUS", "RUS", "ERI"],
    "GWn": [432.0, 365.0, 365.0, 531.0],
    "in_GW_system": [True, True, True, False],
    "year": [1989.0, 1991.0, 1992.0, 1989.0],
    **{name: [0.5, 0.2, 0.3, 0.9] for name in INDICES},
})  # fmt: skip
PWT = """
isocode year cgdpo pl_gdpo
MLI 1960 2000.5 0.125
MLI 1959 2000.5 0.125
TCD 1960 2000.5 0.125
"""
CALLS = """
rcid date amend para
1 0 0 0
2 1 1 0
3 366 0 .
"""
VOTES = """
rcid country_code vote
1 ML yes
1 RU yes
1 US no
1 CN yes
2 ML yes
2 RU abstain
3 ML no
3 CN no
"""
SQUARE = [[0.12345, 1], [2, 1], [2, 3], [0.12345, 1]]
STATES = {
    "features": [
        {"properties": {"ADM0_A3": "SAH"}, "geometry": {"type": "Polygon", "coordinates": [SQUARE]}},
        {"properties": {"ADM0_A3": "MLI"}, "geometry": {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]}},
        {"properties": {"ADM0_A3": "FRA"}, "geometry": {"type": "Polygon", "coordinates": [SQUARE]}},
    ]
}

# Sets whose rows get their codes from the concordance.
CODED = {
    *("lied", "sipri_spending", "state_lists", "ucdp_country_year", "unvotes", "vdem", "voeten_ideal_points"),
    *("voeten_pairs", "world_bank_indicators"),
}
MADE_UP: dict[str, list] = (
    MORE
    | AFRICA
    | {
        "ucdp_country_year": [pd.DataFrame(COUNTRY_YEARS)],
        "ucdp_battle_deaths": [_frame(BATTLES)],
        "world_bank_debt": [_frame(DEBT), _frame(DEBT).iloc[:0]],
        "world_bank_indicators": [
            *(_frame(DATAHUB), _frame(DATAHUB)),
            *(pd.DataFrame({"geo": ["mli", "tcd"], "time": [1985, 1985], name: [4900, 1]}) for name in GAPMINDER),
        ],
        "penn_world_table": [_frame(PWT)],
        "bls_prices": [_frame(MONTHS)],
        "natural_earth": [STATES],
        "lied": [_frame(LIED)],
        "vdem": [VDEM],
        "reign": [_frame(REIGN)],
        "comtrade": [_frame(TRADE)],
        "baci": [_frame(GROUPS), _frame(TOTALS)],
        "un_troops": [_frame(TROOPS)],
        "ourairports": [_frame(RUNWAYS)],
        "unvotes": [_frame(VOTES), dated(_frame(CALLS), "date")],
    }
)

# Set, table: the rows made from those files, as some of their columns.
EXPECTED: dict[tuple[str, str], tuple[list[str], list[tuple]]] = (
    MORE_EXPECTED
    | EXPECTED_OF_AFRICA
    | {
        ("ucdp_battle_deaths", "deployment_ucdp_conflict_year"): (
            [
                "year",
                "conflict_id",
                "opponent",
                "deaths",
                "supporting_governments",
                "france_supports",
                "russia_supports",
            ],
            [(2013, 7, "Alpha, Beta", 42, 2, True, False)],
        ),
        ("world_bank_debt", "aid_debt_by_creditor"): (
            ["partner", "creditor_class", "measure", "value_musd"],
            [("FRA", "bilateral", "stock_end_year", 1.5), ("XCO", "commercial", "stock_end_year", 0.25)],
        ),
        ("world_bank_debt", "aid_russia_claims"): (
            ["year", "country", "creditor_class", "value_musd"],
            [(2000, "AGO", "other_private", 2), (2001, "AGO", "bilateral", 3)],
        ),
        ("ucdp_country_year", "deployment_ucdp_africa"): (
            ["country", "year", "low_deaths", "deaths", "high_deaths"],
            [
                ("MLI", 1996, 1, 1, 1),
                ("MLI", 2012, 20, 21, 22),
                *[("NER", 2011, 3, 3, 3), ("LBY", 2012, 4, 4, 4), ("TCD", 2012, 5, 5, 5)],
            ],
        ),
        ("world_bank_indicators", "military_personnel"): (["year", "series", "persons"], [(1985, "World Bank", 4900)]),
        ("penn_world_table", "context_macro"): (["country", "year", "value"], [("MLI", 1960, 250.0625)]),
        ("bls_prices", "context_us_prices"): (["year", "index_value"], [(1961, 29.9), (2008, 215.0)]),
        ("lied", "context_multiparty"): (
            ["country", "criterion", "states", "states_coded"],
            [
                ("AFR", "opposition_in_elections", 1, 1),
                ("AFR", "opposition_in_elections", 1, 1),
                ("AFR", "competitive_elections", 0, 1),
                ("AFR", "competitive_elections", 1, 1),
                ("WLD", "opposition_in_elections", 2, 2),
                ("WLD", "opposition_in_elections", 1, 1),
                ("WLD", "electoral_regime", 1, 2),
                ("WLD", "electoral_regime", 1, 1),
            ],
        ),
        ("lied", "context_regimes"): (
            ["year", "country", "index", "value"],
            [(1960, "MLI", "lexical_index", 2), (2001, "MLI", "lexical_index", 6)],
        ),
        ("vdem", "context_multiparty"): (["year", "states", "states_coded"], [(1989, 1, 1)]),
        ("reign", "context_leaders"): (["leader_id", "start"], [("mli-2020-assimi-goita", pd.Timestamp("2020-08-19"))]),
        ("comtrade", "trade_bilateral"): (
            ["year", "flow", "value_musd"],
            [(2012, "rus_exports_to_mli", 2.443088), (2012, "mli_exports_to_rus", 0)],
        ),
        ("baci", "trade_goods"): (
            ["partner", "category", "value"],
            [("RUS_UKR", "wheat", 26.9135763), ("RUS", "all_goods", 54.6792296)],
        ),
        ("baci", "trade_bilateral"): (["year", "end_year", "value_musd"], [(2018, 2020, 54.6792)]),
        ("un_troops", "military_foreign_forces"): (
            ["row_id", "persons"],
            [("minusma-mean-2014", 1010), ("minusma-mean-2014-rus", 0)],
        ),
        ("ourairports", "military_airfields"): (
            ["row_id", "length_m", "surface", "latitude", "longitude"],
            [("kidal-2026-current", 1900, "dirt", 18.45, 1.42)],
        ),
        ("unvotes", "diplomacy_unga_agreement"): (
            ["year", "partner", "vote_set", "votes_compared", "agree", "partial", "opposite"],
            [
                (1970, "RUS", "all_recorded", 2, 1, 1, 0),
                (1970, "USA", "all_recorded", 1, 0, 0, 1),
                (1971, "CHN", "all_recorded", 1, 1, 0, 0),
                (1970, "RUS", "final_passage", 1, 1, 0, 0),
                (1970, "USA", "final_passage", 1, 0, 0, 1),
                (1971, "CHN", "final_passage", 1, 1, 0, 0),
            ],
        ),
    }
)


@pytest.fixture
def made_up(tmp_path):
    """Return a function that writes the made-up files of a set and opens them."""

    def make(name: str) -> Raw:
        if name in CODED:
            pytest.importorskip("country_converter")
        about = SETS[name].about
        paths = {
            file.name: write(tmp_path / file.name, content)
            for file, content in zip(about.files, MADE_UP[name], strict=True)
        }
        return Raw(about.version, paths)

    return make


@pytest.fixture(scope="module")
def frames(tmp_path_factory):
    """Return a function that gives the frames made from the made-up files of a set; they are made once."""

    @functools.cache
    def make(name: str) -> dict[str, pd.DataFrame]:
        if name in CODED:
            pytest.importorskip("country_converter")
        folder, about = tmp_path_factory.mktemp(name), SETS[name].about
        paths = {file.name: folder / file.name for file in about.files}
        for path, content in zip(paths.values(), MADE_UP[name], strict=True):
            write(path, content)
        return rebuild(SETS[name], Raw(about.version, paths))

    return make


@pytest.mark.parametrize("name", SETS)
def test_rows_have_the_columns_of_their_table(name, frames):
    one = SETS[name]
    for table, rows in frames(name).items() if one.about.sources else ():
        columns = list(PACKAGE.load(table))
        assert list(rows) == [column for column in columns if not one.about.independent or column in rows]
        assert len(rows)


@pytest.mark.parametrize(("name", "table"), EXPECTED, ids=" ".join)
def test_rows_follow_the_rule_of_their_table(name, table, frames):
    columns, rows = EXPECTED[name, table]
    made = frames(name)[table][columns]
    cells = made.astype(object).where(made.notna(), None)
    assert [tuple(row) for row in cells.itertuples(index=False)] == [
        tuple(pytest.approx(cell) if type(cell) in (int, float) else cell for cell in row) for row in rows
    ]


def test_of_states_set_beside_mali_the_total_alone_is_taken(made_up):
    table = rebuild(SETS["ucdp_country_year"], made_up("ucdp_country_year"))["deployment_ucdp_country_year"]
    assert table.loc[table["country"] == "TCD", "category"].tolist() == ["total"]
    assert set(table["country"]) == {"MLI", "TCD"}


def test_every_row_of_a_data_set_is_made_by_a_set_or_marked_as_standing_apart(frames):
    made: dict[str, set[str]] = {}
    for name, one in SETS.items():
        for table in frames(name) if one.about.sources else ():
            made.setdefault(table, set()).update(one.about.sources)
    about = {name: PACKAGE.resource(name)["made"] for name in PACKAGE.resources}
    assert {name for name in made if about[name]["how"] not in ("derived", "mixed")} == set()
    kinds = PACKAGE.load("sources").set_index("source_id")["kind"]
    for name, told in about.items():
        if told["how"] in ("derived", "mixed"):
            sources, apart = set(PACKAGE.load(name)["source_id"]), set(told.get("apart", []))
            left = sources - made.get(name, set())
            assert apart <= left, name
            # What the press or an archive says may stand beside the rows of a data set where the table is mixed.
            assert {
                source for source in left - apart if told["how"] == "derived" or kinds[source] == "dataset"
            } == set(), name


def test_years_before_a_country_was_taken_are_left_out(made_up):
    table = rebuild(SETS["ucdp_country_year"], made_up("ucdp_country_year"))["deployment_ucdp_country_year"]
    table = table[table["country"] != "TCD"]
    assert set(zip(table["country"], table["year"], strict=True)) == {("MLI", 2012)}
    total = table[table["category"] == "total"]
    assert total[["low_deaths", "deaths", "high_deaths"]].to_numpy().tolist() == [[20, 21, 22]]
    assert set(table.loc[table["low_deaths"].isna(), "category"]) == {
        "dead_warring_parties",
        "dead_civilians",
        "dead_unknown_status",
    }


def test_every_african_state_is_taken_and_no_other(made_up):
    table = rebuild(SETS["world_bank_indicators"], made_up("world_bank_indicators"))["context_macro"]
    gdp = table[table["indicator"] == "gdp"]
    assert gdp[["country", "year", "value", "locator"]].to_numpy().tolist() == [
        ["MLI", 1960, 5, "NY.GDP.MKTP.CD, Mali"],
        ["MLI", 1985, 7, "NY.GDP.MKTP.CD, Mali"],
        ["EGY", 1989, 7, "NY.GDP.MKTP.CD, Egypt, Arab Rep."],
        ["EGY", 1990, 8, "NY.GDP.MKTP.CD, Egypt, Arab Rep."],
    ]
    assert set(table.loc[table["country"] == "TCD", "indicator"]) == {"net_oda_constant_2023", "external_debt"}


def test_pairs_of_states_are_compared_before_and_after(made_up):
    frames = rebuild(SETS["voeten_pairs"], made_up("voeten_pairs"))
    dyads = frames["diplomacy_unga_dyads"].set_index(["country", "partner", "vote_set"])
    moscow = dyads.loc["MLI", "RUS", "all_recorded"]
    assert (moscow["votes_before"], moscow["agree_before"]) == (21, 11)
    assert (moscow["votes_after"], moscow["agree_after"]) == (21, 21)
    assert moscow["change"] == pytest.approx(21 / 21 - 11 / 21)
    # Four of the six pairs with votes enough did not change; that of Mali and Paris changed as much.
    assert (moscow["rank"], moscow["share_below"]) == (1, pytest.approx(4 / 6))
    assert 0.2 < moscow["change_low"] < moscow["change"] < moscow["change_high"] < 0.8
    assert dyads.loc[("RUS", "MLI", "all_recorded"), "change"] == moscow["change"]
    assert dyads.loc[("MLI", "RUS", "final_passage"), "change"] == pytest.approx(0.5)
    assert dyads.loc[("USA", "RUS", "all_recorded"), ["change", "change_low", "change_high"]].eq(0).all()
    assert set(dyads.index.unique("country")) == {"MLI", "RUS", "USA", "FRA"}  # Beijing was away
    quantiles = frames["diplomacy_unga_dyad_quantiles"].set_index(["vote_set", "percent"])
    assert quantiles["pairs"].unique().tolist() == [6]
    assert quantiles.loc["final_passage", "change"].loc[[0, 50, 100]].tolist() == pytest.approx([0, 0, 0.5])


def test_the_draws_of_roll_calls_are_the_same_each_time(made_up):
    raw = made_up("voeten_pairs")
    first, again = (rebuild(SETS["voeten_pairs"], raw)["diplomacy_unga_dyads"] for _ in range(2))
    pd.testing.assert_frame_equal(first, again)


def test_a_state_keeps_the_parts_of_its_outline(made_up):
    table = rebuild(SETS["natural_earth"], made_up("natural_earth"))["context_outlines"]
    assert table.groupby("country")["part"].max().to_dict() == {"ESH": 1, "MLI": 2}
    assert set(table.loc[table["country"] == "ESH", "locator"]) == {"Admin 0 - Countries, 1:110m, ADM0_A3 SAH"}


def test_moscow_speaks_for_two_states(made_up):
    table = rebuild(SETS["vdem"], made_up("vdem"))["context_regimes"]
    assert "ERI" not in set(table["country"])  # a colony is rated, and is no state
    table = table[table["index"] == "electoral_democracy"]
    assert table["historical_state"].fillna("").tolist() == ["", "SUN", "RUS"]


# Faults: each stops, and names file, column and what was expected.


def test_a_missing_column_is_named_with_its_file(made_up, tmp_path):
    raw = made_up("ucdp_battle_deaths")
    write(raw.paths["ucdp_conflict_deaths.csv"], _frame(BATTLES).drop(columns="bd_low"))
    with pytest.raises(
        DataError, match=r"ucdp_conflict_deaths.csv: expected the columns \['bd_low'\], found \['conflict"
    ):
        rebuild(SETS["ucdp_battle_deaths"], raw)


def test_another_version_inside_the_file_is_named(made_up):
    raw = made_up("ucdp_battle_deaths")
    write(raw.paths["ucdp_conflict_deaths.csv"], _frame(BATTLES).assign(version="26.1"))
    with pytest.raises(DataError, match=r"deaths.csv, column 'version': expected version 25.1, found 26.1"):
        rebuild(SETS["ucdp_battle_deaths"], raw)


@pytest.mark.parametrize(
    ("sheet", "row", "fault"),
    [
        ("Deaths", "Mali", r"milex.xlsx: expected a sheet 'Deaths', found \['Money'\]"),
        ("Money", "Chad", r"milex.xlsx, sheet 'Money', first column: expected \['Chad'\]"),
    ],
)
def test_a_sheet_or_row_that_is_not_there_is_named(tmp_path, sheet, row, fault):
    raw = Raw("1", {"milex.xlsx": write(tmp_path / "milex.xlsx", {"Money": [["Country", 1961], ["Mali", 5]]})})
    with pytest.raises(DataError, match=fault):
        raw.cells("milex.xlsx", sheet, header="Country", row=row)


def test_a_script_that_inserts_nothing_is_named(tmp_path):
    raw = Raw("1", {"fields.sql.gz": write(tmp_path / "fields.sql.gz", "SELECT 1;")})
    with pytest.raises(DataError, match=r"fields\.sql\.gz: expected INSERT INTO"):
        raw.read("fields.sql.gz", ["Name"])


SOURCE = """
title = "Alpha yearbook"
publisher = "Alpha Office"
version = "1"
citation = "Alpha Office (2020). Yearbook."
licence = "CC BY 4.0"
may_ship = "yes"
page = "https://alpha.example"
how = "Ask for it."
sources = ["alpha-2020"]
files = [{ name = "alpha.csv" }]
"""
CLEAN = """
def clean(raw):
    rows = raw.read("alpha.csv", ["year", "tonnes"])
    rows = rows.assign(
        partner="SUN", stage="pledged", shipments=3, firm=True, signed="2001-02-03", source_id="alpha-2020", note=None
    ).rename(columns={"tonnes": "quantity_t"})
    columns = ["year", "partner", "stage", "quantity_t", "shipments", "firm", "signed", "source_id", "note"]
    return {"grain": rows[columns]}
"""


@pytest.fixture
def alpha(make_collection, tmp_path):
    """Return a function that makes a collection with one data set and its raw file, and opens the set."""

    def make(tonnes: float = 12.5, exceptions: str = "", **files) -> tuple[UpstreamSet, Path, Package]:
        package = make_collection(**files).package
        folder, raw = tmp_path / "upstream" / "alpha", tmp_path / "raw"
        folder.mkdir(parents=True)
        raw.mkdir()
        (folder / "source.toml").write_text(SOURCE + exceptions)
        (folder / "clean.py").write_text(CLEAN)
        (raw / "alpha.csv").write_text(f"year,tonnes\n2001,{tonnes}\n")
        assert commands.raw(["--lock", "--root", str(tmp_path), "--raw", str(raw), "alpha"]) == 0
        return UpstreamSet(folder), raw, package

    return make


def differences(one: UpstreamSet, raw: Path, package: Package) -> list[str]:
    return [str(one) for result in compare(one, rebuild(one, one.open(raw)), package) for one in result.differences]


def test_equal_rows_have_no_difference_and_rows_of_the_press_are_not_asked_for(alpha):
    one, raw, package = alpha()
    (result,) = compare(one, rebuild(one, one.open(raw)), package)
    assert (result.rows, result.cells, result.differences) == (1, 9, [])


@pytest.mark.parametrize("tonnes", [12.45, 12.55, 12.549])
def test_every_rounding_of_the_publishers_number_is_right(alpha, tonnes):
    assert differences(*alpha(tonnes)) == []


@pytest.mark.parametrize("tonnes", [12.449, 12.551, 125])
def test_what_is_no_rounding_of_it_differs(alpha, tonnes):
    assert differences(*alpha(tonnes)) == [
        f"grain, year=2001, quantity_t: data/ has 12.5, the raw files give {float(tonnes)}"
    ]


GRAIN = """year,partner,stage,quantity_t,shipments,firm,signed,source_id,note
2001,SUN,pledged,12.5,3,true,2001-02-03,alpha-2020,
2002,NA,delivered,,,false,,beta-news,late
"""


def test_a_changed_cell_is_named(alpha):
    one, raw, package = alpha(grain=GRAIN.replace("3,true", "3,false"))
    assert differences(one, raw, package) == ["grain, year=2001, firm: data/ has false, the raw files give true"]


def test_a_row_on_one_side_is_named(alpha):
    one, raw, package = alpha(grain=GRAIN.replace("2001,SUN", "2003,SUN"))
    assert differences(one, raw, package) == [
        "grain, year=2003, the row: data/ has it, the raw files give none",
        "grain, year=2001, the row: data/ has none, the raw files give it",
    ]


EXCEPTION = """
[[exceptions]]
table = "grain"
rows = "year == 2001"
columns = ["quantity_t"]
reason = "The yearbook of 2021 says so."
"""


def test_an_exception_explains_a_difference(alpha):
    one, raw, package = alpha(13, EXCEPTION)
    (result,) = compare(one, rebuild(one, one.open(raw)), package)
    assert (result.differences, len(result.explained)) == ([], 1)


def test_the_table_of_rows_says_how_many_are_equal_and_why_others_are_not(alpha, tmp_path):
    one, raw, package = alpha(13, EXCEPTION)
    said = []
    assert renew([one], raw, package, said.append) == 0
    assert [line.split() for line in said[:2]] == [
        ["set", "table", "rows", "equal", "differ", "reason"],
        ["alpha", "grain", "1", "0", "1", *["The", "yearbook", "of", "2021", "says", "so."]],
    ]
    assert said[-1] == f"1 of 1 data sets present below {raw}; 1 rows compared, 0 differences"


def test_an_exception_that_explains_nothing_is_an_error(alpha):
    one, raw, package = alpha(12.5, EXCEPTION)
    with pytest.raises(DataError, match=r"source.toml: these exceptions explain no difference: grain, year == 2001"):
        list(compare(one, rebuild(one, one.open(raw)), package))


def test_a_row_of_another_source_is_refused(alpha):
    one, raw, _ = alpha()
    path = one.folder / "clean.py"
    path.write_text(path.read_text().replace('source_id="alpha-2020"', 'source_id="beta-news"'))
    with pytest.raises(DataError, match=r"upstream/alpha: rows of grain name the sources \['beta-news'\]"):
        rebuild(one, one.open(raw))


def test_other_bytes_than_those_that_were_read_are_refused(alpha):
    one, raw, _ = alpha()
    path = raw / "alpha.csv"
    path.write_text("year,tonnes\n2001,99.9\n")
    with pytest.raises(DataError, match=rf"alpha.csv: expected the file of Alpha yearbook, 1, .*{sha256(path)}"):
        one.open(raw)
    (status,) = fetch([one], raw)
    assert status.state == "refused"


def test_a_file_is_found_wherever_it_lies(alpha):
    one, raw, _ = alpha()
    (raw / "some" / "folder").mkdir(parents=True)
    shutil.move(raw / "alpha.csv", raw / "some" / "folder")
    (status,) = fetch([one], raw)
    assert (status.state, status.note) == ("present", "some/folder/alpha.csv")


def test_a_recipe_writes_what_is_no_table_beside_the_collection(tmp_path, make_collection):
    package = make_collection().package
    raw = tmp_path / "raw"
    raw.mkdir()
    folder = shutil.copytree(SETS["ucdp_ged"].folder, tmp_path / "upstream" / "ucdp_ged")
    write(raw / "GEDEvent_v25_1.csv", MADE_UP["ucdp_ged"][0])
    assert commands.raw(["--lock", "--root", str(tmp_path), "--raw", str(raw), "ucdp_ged"]) == 0
    said = []
    assert renew([UpstreamSet(folder)], raw, package, said.append) == 0
    made = tmp_path / "build" / "data" / "ged_mali_actors.csv"
    assert f"is a recipe: {made}" in said[2]
    assert pd.read_csv(made)["deaths"].tolist() == [2, 10, 5, 15]


def test_without_raw_files_the_tables_stand(alpha, capsys):
    one, raw, package = alpha()
    (raw / "alpha.csv").unlink()
    said = []
    assert renew([one], raw, package, said.append) == 0
    assert said[1].split() == ["alpha", "not", "present"]
    assert said[-1].startswith("The tables stand as they are shipped.")
    (status,) = fetch([one], raw)
    assert status.state == "put"
    assert "Ask for it. https://alpha.example (CC BY 4.0)" in status.note


def test_a_file_that_is_fetched_is_kept_only_with_the_right_bytes(alpha, tmp_path, monkeypatch):
    pooch = pytest.importorskip("pooch")
    one, raw, _ = alpha()
    there = tmp_path / "server.csv"
    shutil.move(raw / "alpha.csv", there)
    address = 'files = [{ name = "alpha.csv", url = "https://alpha.example/alpha.csv" }]'
    path = one.folder / "source.toml"
    path.write_text(path.read_text().replace('files = [{ name = "alpha.csv" }]', address))
    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", lambda self, url, output, _: shutil.copy(there, output))
    (status,) = fetch([UpstreamSet(one.folder)], raw)
    assert (status.state, (raw / "alpha" / "alpha.csv").read_bytes()) == ("fetched", there.read_bytes())

    (raw / "alpha" / "alpha.csv").unlink()
    there.write_text("year,tonnes\n2001,99.9\n")
    (status,) = fetch([UpstreamSet(one.folder)], raw)
    assert (status.state, list((raw / "alpha").iterdir())) == ("refused", [])


def test_the_command_says_in_its_status_whether_a_cell_differs(alpha, tmp_path, monkeypatch, capsys):
    _, raw, _ = alpha(13)
    monkeypatch.setenv(VARIABLE, str(raw))
    assert commands.data(["--root", str(tmp_path)]) == 1
    assert "data/ has 12.5, the raw files give 13" in capsys.readouterr().out
    (raw / "alpha.csv").unlink()
    assert commands.data(["--root", str(tmp_path)]) == 0
    with pytest.raises(DataError, match="no data set 'beta'; it holds alpha"):
        commands.data(["beta", "--root", str(tmp_path)])


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('may_ship = "yes"', 'may_ship = "perhaps"', "'may_ship': expected yes, aggregates or no, found 'perhaps'"),
        ('page = "https://alpha.example"\n', "", "missing 1 required positional argument: 'page'"),
        ("title =", "titel =", "titel"),
    ],
)
def test_a_fault_of_the_description_is_named(alpha, old, new, fault):
    one, _, _ = alpha()
    path = one.folder / "source.toml"
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(DataError, match="source.toml.*" + fault):
        _ = UpstreamSet(one.folder).about


def test_a_missing_lock_says_how_it_is_written(alpha):
    one, _, _ = alpha()
    (one.folder / LOCK).unlink()
    with pytest.raises(DataError, match=r"lock.json is missing: `raw --lock alpha` writes it"):
        _ = UpstreamSet(one.folder).lock
