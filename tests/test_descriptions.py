"""Descriptions beside the tables: read, checked, assembled; and drafted for a new table."""

from __future__ import annotations

import json

import pytest
from conftest import GRAIN_CSV, SOURCES_CSV
from test_package import validation_errors

from malirussia.collection import Collection
from malirussia.package import DataError, Package
from workshop.check import check
from workshop.check.descriptions import assemble, from_yaml
from workshop.commands import new
from workshop.renew.new import new_table, next_steps, to_yaml
from workshop.renew.refresh import refresh_package
from workshop.run.files import FILL_IN

PACKAGE_YAML = """\
name: test-package
title: A package
description: Two tables.
version: 0.1.0
created: 2026-11-24T00:00:00Z
licence: {name: CC-BY-4.0, title: Creative Commons Attribution 4.0}
contributors: [{title: Someone, roles: [author]}]
columns:
  source_id: {heading: Source, meaning: Key into the table sources}
  note: {heading: Note, meaning: Short remark, may_be_empty: true, max_length: 200}
"""

SOURCES_YAML = """\
title: Sources
description: Every source once.
period: 2020
granularity: facts
missing_row: {means: zero, why: All are listed}
key: [source_id]
columns:
  source_id:
  note:
""" + "".join(
    f"  {name}: {{heading: {name}, meaning: The {name}, may_be_empty: true}}\n"
    for name in SOURCES_CSV.split("\n", 1)[0].split(",")[1:-1]
)

GRAIN_YAML = """\
title: Deliveries of grain
description: One row is one delivery.
period: 2001/2002
places: [MLI, SUN]
granularity: facts
missing_row: {means: not reported, why: Some years have no report}
made: {how: by hand, rule: Read in the yearbook}
key: [year]
columns:
  year: {heading: Year, meaning: Calendar year, type: integer, unit: year, minimum: 1960, maximum: 2020}
  partner: {heading: Partner, meaning: Who sent it, pattern: '[A-Z]+'}
  stage:
    heading: Stage
    meaning: How far it came
    values:
      pledged: promised only
      delivered:
    ordered: true
  quantity_t: {heading: Quantity, meaning: Weight, type: number, unit: tonnes, may_be_empty: true, minimum: 0}
  shipments: {heading: Shipments, meaning: How many, type: integer, unit: '1', may_be_empty: true}
  firm: {heading: Firm, meaning: True when signed, type: boolean}
  signed: {heading: Signed, meaning: Day, type: date, may_be_empty: true, minimum: 2000-01-01}
  source_id:
  note:
"""


@pytest.fixture
def data(tmp_path):
    """The folder of a small package with its descriptions."""
    folder = tmp_path / "data"
    (folder / "aid").mkdir(parents=True)
    files = {
        "package.yaml": PACKAGE_YAML,
        "sources.csv": SOURCES_CSV,
        "sources.yaml": SOURCES_YAML,
        "aid/grain.csv": GRAIN_CSV,
        "aid/grain.yaml": GRAIN_YAML,
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def change(data):
    """Return a function that replaces a text in a file of the package."""

    def change(name, old, new):
        text = (data / name).read_text(encoding="utf-8")
        assert old in text
        (data / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def grain_of(data):
    return next(one for one in json.loads(assemble(data))["resources"] if one["name"] == "aid_grain")


def test_the_package_is_assembled_from_its_descriptions(root):
    current = (root / "data" / "datapackage.json").read_text(encoding="utf-8")
    assert current == assemble(root / "data"), "run: python -m malirussia assemble"


def test_what_follows_by_rule_is_added(data):
    grain = grain_of(data)
    assert (grain["path"], grain["format"], grain["encoding"]) == ("aid/grain.csv", "csv", "utf-8")
    assert grain["licenses"] == [{"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0"}]
    assert grain["coverage"] == {"temporal": "2001/2002", "spatial": ["MLI", "SUN"]}
    assert grain["schema"]["foreignKeys"] == [
        {"fields": ["source_id"], "reference": {"resource": "sources", "fields": ["source_id"]}}
    ]
    fields = {field["name"]: field for field in grain["schema"]["fields"]}
    assert list(fields) == GRAIN_CSV.split("\n", 1)[0].split(",")
    assert fields["year"]["constraints"] == {"required": True, "unique": True, "minimum": 1960, "maximum": 2020}
    assert fields["note"]["description"] == "Short remark"


def test_values_become_categories_with_labels(data):
    stage = next(field for field in grain_of(data)["schema"]["fields"] if field["name"] == "stage")
    assert stage["constraints"]["enum"] == ["pledged", "delivered"]
    assert stage["categories"] == [{"value": "pledged", "label": "promised only"}, {"value": "delivered"}]
    assert stage["categoriesOrdered"] is True


def test_what_a_missing_row_means_and_how_a_table_is_made_are_kept(data):
    grain = grain_of(data)
    assert grain["missingRow"] == {"means": "not reported", "why": "Some years have no report"}
    assert grain["made"] == {"how": "by hand", "rule": "Read in the yearbook"}


def test_the_assembled_package_is_valid_and_loads(data):
    refresh_package(Collection(data.parent))
    assert validation_errors(data) == []
    grain = Package(data).load("aid_grain")
    assert grain["stage"].cat.ordered
    assert "aid_grain" in (data / "README.md").read_text(encoding="utf-8")


def test_assembling_twice_gives_the_same_file(data):
    assert assemble(data) == assemble(data)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("title: Deliveries of grain\n", "", "key 'title': missing, expected what the table holds, in one line"),
        (
            "missing_row: {means: not reported, why: Some years have no report}\n",
            "",
            "key 'missing_row': missing, expected what a missing row means",
        ),
        ("title: D", "titel: D", "key 'titel': unknown key, expected title?"),
        ("unit: tonnes", "units: tonnes", "key 'columns.quantity_t.units': unknown key, expected unit?"),
        ("heading: Year, ", "", "key 'columns.year.heading': missing, expected what stands above the column"),
        ("type: number", "type: float", "key 'columns.quantity_t.type': expected string, integer, number, date or"),
        (
            "period: 2001/2002",
            "period: 2001 to 2002",
            "key 'period': expected the time covered in ISO 8601: 1960/2020, 2021-12/2026-03 or 2023, found '2001 to",
        ),
        ("period: 2001/2002", "period: 2001-13/2002", "key 'period': expected the time covered"),
        ("period: 2001/2002", "period: 20012002", "key 'period': expected the time covered"),
        ("granularity: facts", "granularity: rows", "key 'granularity': expected facts or aggregate, found 'rows'"),
        (
            "means: not reported",
            "means: nothing",
            "key 'missing_row.means': expected zero, not reported, not collected",
        ),
        ("minimum: 2000-01-01", "minimum: 2000", "key 'columns.signed.minimum': expected a value of type date"),
        ("minimum: 1960", "minimum: '1960'", "key 'columns.year.minimum': expected a value of type integer"),
        ("pattern: '[A-Z]+'", "pattern: '[A-Z+'", "key 'columns.partner.pattern': expected a regular expression"),
        ("type: boolean", "type: boolean, minimum: 0", "key 'columns.firm.minimum': expected nothing in a column of"),
        (
            "      pledged: promised only",
            "      1: one",
            "'columns.stage.values': expected values of type string, found 1;",
        ),
        ("  note:\n", "", "key 'columns.note': missing, expected the description of this column of the CSV"),
        ("  note:\n", "  note:\n  fee: {heading: F, meaning: f}\n", "key 'columns.fee': expected a column of the CSV"),
        ("shipments: {", "ships: {", "key 'columns.shipments': missing"),
        ("partner: {heading: Partner, meaning: Who sent it, pattern: '[A-Z]+'}", "partner:", "package.yaml has none"),
        ("key: [year]", "key: [yaer]", "key 'key': expected columns of the table, found 'yaer'"),
        (
            "meaning: Weight",
            "meaning: FILL IN (what a cell says)",
            "'columns.quantity_t.meaning': expected words in place",
        ),
        ("places: [MLI, SUN]", "places: [FILL IN]", "key 'places': expected words in place of 'FILL IN'"),
        (
            "meaning: Who sent it",
            "meaning: W, refers_to: aid_gift.id",
            "expected to refer to a column, found no aid_gift.id",
        ),
        ("columns:", "name: sources\ncolumns:", "expected a name of its own"),
    ],
)
def test_a_fault_of_a_description_names_file_table_and_key(data, change, old, new, expected):
    change("aid/grain.yaml", old, new)
    with pytest.raises(DataError) as caught:
        assemble(data)
    assert expected in str(caught.value)
    assert "grain.yaml, table '" in str(caught.value)


def test_all_faults_are_named_at_once(data, change):
    change("aid/grain.yaml", "title: D", "titel: D")
    change("sources.yaml", "key: [source_id]\n", "")
    with pytest.raises(DataError) as caught:
        assemble(data)
    assert "key 'titel'" in str(caught.value)
    assert "sources.yaml, table 'sources', key 'key': missing" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("title: D", "title: [D", "not valid YAML"),
        ("period: 2001/2002", "period: 2001/2002\nperiod: 2003", "'period' stands twice"),
    ],
)
def test_what_is_no_yaml_is_named_by_line(data, change, old, new, expected):
    change("aid/grain.yaml", old, new)
    with pytest.raises(DataError, match=rf"grain\.yaml, line \d+: .*{expected}"):
        assemble(data)


def test_a_csv_without_description_is_a_fault(data):
    (data / "aid" / "grain.yaml").unlink()
    with pytest.raises(DataError, match=r"grain\.csv, table 'aid_grain': expected its description in grain\.yaml"):
        assemble(data)


def test_a_description_without_csv_is_a_fault(data):
    (data / "aid" / "grain.csv").unlink()
    with pytest.raises(DataError, match=r"grain\.yaml, table 'aid_grain': expected the rows .* in grain\.csv"):
        assemble(data)


def test_a_fault_of_the_head_is_named(data, change):
    change("package.yaml", "version: 0.1.0\n", "")
    with pytest.raises(DataError, match=r"package\.yaml, key 'version': missing"):
        assemble(data)


def test_a_damaged_description_leaves_the_package_as_it_was(data, change):
    refresh_package(Collection(data.parent))
    before = (data / "datapackage.json").read_text(encoding="utf-8")
    change("aid/grain.yaml", "title: D", "titel: D")
    with pytest.raises(DataError):
        refresh_package(Collection(data.parent))
    assert (data / "datapackage.json").read_text(encoding="utf-8") == before


def test_dates_yes_and_no_are_text(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("day: 2020-01-01\nvalues: {yes: Yes, no: No}\nordered: true\n")
    assert from_yaml(path) == {"day": "2020-01-01", "values": {"yes": "Yes", "no": "No"}, "ordered": True}


def test_what_is_written_reads_back_the_same(tmp_path):
    description = {"period": "2020-01-01", "values": {"yes": None, "1": "one: two", 2: "true"}, "long": "a word " * 40}
    (tmp_path / "a.yaml").write_text(to_yaml(description), encoding="utf-8")
    assert from_yaml(tmp_path / "a.yaml") == description


NEW_CSV = """\ufeffyear,project,stage,value_musd,signed,sure,code,source_id,locator,note\r
2001,Dam,pledged,12.5,2001-02-03,true,001,alpha-2020,p. 1,\r
2002,Road,pledged,3,,false,002,alpha-2020,p. 2,"late, and small"\r
2002,Bridge,done,3,,false,003,gamma-2001,p. 3,\r
2003,Bridge,done,4,,false,004,gamma-2001,p. 3,\r
"""


@pytest.fixture
def csv_file(tmp_path):
    path = tmp_path / "projects.csv"
    path.write_bytes(NEW_CSV.encode())
    return path


def test_a_new_table_is_copied_and_its_description_drafted(data, csv_file):
    told = new_table(data, "china_projects", csv_file)
    assert told == data / "china" / "projects.yaml"
    copied = told.with_suffix(".csv").read_bytes().decode()
    assert copied == NEW_CSV.lstrip("\ufeff").replace("\r\n", "\n")
    draft = from_yaml(told)
    assert draft["period"] == "2001/2003"
    columns = draft["columns"]
    assert columns["year"] | {"meaning": ""} == {
        "heading": "Year",
        "meaning": "",
        "type": "integer",
        "unit": "year",
        "format": "d",
        "minimum": 2001,
        "maximum": 2003,
    }
    assert columns["stage"]["values"] == {"pledged": None, "done": None}
    assert (columns["value_musd"]["minimum"], columns["value_musd"]["maximum"]) == (3, 12.5)
    assert (columns["signed"]["type"], columns["signed"]["may_be_empty"]) == ("date", True)
    assert columns["sure"]["type"] == "boolean"
    assert "type" not in columns["code"], "a code with zeros in front is text"
    assert columns["source_id"] is None, "package.yaml describes it"
    assert draft["key"] == ["code"]


def test_the_first_number_of_a_column_with_decimals_gets_a_point(data, csv_file):
    rows = ["year,tonnes,shipments,source_id,locator", "2001,,3,alpha-2020,p. 1", "2002,4,5,alpha-2020,p. 2"]
    csv_file.write_text("\n".join([*rows, "2003,4.5,6,alpha-2020,p. 3"]) + "\n")
    told = new_table(data, "trade_rice", csv_file)
    assert told.with_suffix(".csv").read_text().splitlines()[2] == "2002,4.0,5,alpha-2020,p. 2"


def test_a_new_column_is_shown_like_those_of_its_name(data, csv_file):
    csv_file.write_text("year,quantity_t,source_id,locator\n2001,1.5,a,p. 1\n2002,2,a,p. 1\n")
    new = from_yaml(new_table(data, "aid_x", csv_file))["columns"]["quantity_t"]
    old = from_yaml(data / "aid" / "grain.yaml")["columns"]["quantity_t"]
    assert (new["heading"], new["unit"], new["format"]) == (old["heading"], old["unit"], ",.1f")


def test_the_key_guessed_takes_several_columns_where_one_does_not_do(data, csv_file):
    csv_file.write_text("year,partner,source_id,locator\n2001,SUN,a,p. 1\n2001,FRA,a,p. 1\n2002,SUN,a,p. 1\n")
    assert from_yaml(new_table(data, "aid_x", csv_file))["key"] == ["year", "partner"]


def test_a_draft_marks_what_a_person_must_write_and_no_mark_may_stay(data, csv_file):
    new_table(data, "china_projects", csv_file)
    with pytest.raises(DataError) as caught:
        assemble(data)
    for key in ("title", "description", "licence.name", "missing_row.means", "made.rule", "columns.value_musd.unit"):
        assert f"projects.yaml, table 'china_projects', key '{key}': expected words in place of" in str(caught.value)
    assert "columns.year.unit" not in str(caught.value)


def test_a_draft_that_is_filled_in_is_valid_and_loads(data, csv_file):
    csv_file.write_bytes(NEW_CSV.replace("gamma-2001", "beta-news").encode())
    told = new_table(data, "china_projects", csv_file)
    draft = from_yaml(told)
    draft |= {"granularity": "facts", "missing_row": {"means": "zero", "why": "All are listed"}, "places": ["CHN"]}
    draft["made"] = {"how": "by hand", "rule": "Read"}
    draft["columns"]["locator"] = {"heading": "Place", "meaning": "Where"}
    told.write_text(to_yaml(draft).replace(FILL_IN, "Words"), encoding="utf-8")
    refresh_package(Collection(data.parent))
    assert validation_errors(data) == []
    assert len(Package(data).load("china_projects")) == 4


@pytest.fixture
def assembled(data):
    """The same package, assembled."""
    refresh_package(Collection(data.parent))
    return data


def faults_of_descriptions(data, *names):
    faults = check(Collection(data.parent), names)
    return [str(fault) for fault in faults if fault.rule.kind == "description"]


@pytest.mark.parametrize("name", ["aid_grain", "aid/grain.csv", "data/aid/grain.csv", "data/aid/grain.yaml", "data"])
def test_check_asks_the_description_under_every_name_of_its_table(assembled, change, name):
    assert faults_of_descriptions(assembled, name) == []
    change("aid/grain.yaml", "title: Deliveries of grain", "titel: FILL IN (what)")
    assert faults_of_descriptions(assembled, name) == [
        "data/aid/grain.yaml, table 'aid_grain', key 'titel', T18 complete-description: expected words in place of "
        "'FILL IN (what)'",
        "data/aid/grain.yaml, table 'aid_grain', key 'title', T18 complete-description: missing, expected what the "
        "table holds, in one line",
        "data/aid/grain.yaml, table 'aid_grain', key 'titel', T18 complete-description: unknown key, expected title?",
    ]


def test_check_finds_a_description_that_is_missing(assembled):
    (assembled / "aid" / "grain.yaml").unlink()
    assert faults_of_descriptions(assembled, "aid_grain") == [
        "data/aid/grain.csv, table 'aid_grain', T18 complete-description: expected its description in grain.yaml, "
        "found none"
    ]


def test_check_tells_a_fault_of_the_head_once(assembled, change):
    change("package.yaml", "version: 0.1.0\n", "")
    assert [line.partition(" T18")[0] for line in faults_of_descriptions(assembled)] == [
        "data/package.yaml, key 'version',"
    ]


def test_check_finds_a_description_that_is_not_assembled(assembled, change, csv_file):
    change("aid/grain.yaml", "title: Deliveries", "title: Gifts")
    fault = "T19 assembled-description: datapackage.json does not say the same, expected it assembled"
    (found,) = faults_of_descriptions(assembled)
    assert f"data/aid/grain.yaml, {fault}" in found
    new_table(assembled, "china_projects", csv_file)
    assert (
        "china/projects.yaml, table 'china_projects', key 'title', T18"
        in faults_of_descriptions(assembled, "china_projects")[0]
    )


def test_what_is_next_is_said(data, csv_file):
    steps = next_steps(new_table(data, "china_projects", csv_file), data)
    assert "Add to" in steps and "gamma-2001" in steps and "alpha-2020" not in steps
    for told in ("malirussia assemble", "malirussia check china_projects", 'load("china_projects")'):
        assert told in steps


@pytest.mark.parametrize("name", ["projects", "China_projects", "china-projects", "../china_x", "china_", ""])
def test_a_bad_name_of_a_new_table_is_refused(data, csv_file, name):
    with pytest.raises(DataError, match="expected theme_content in small letters"):
        new_table(data, name, csv_file)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "expected a line of column names and at least one row"),
        ("year,source_id,locator\n", "at least one row"),
        ("year,locator\n2001,p. 1\n", "line 1: expected the columns source_id as well"),
        ("year\n2001\n", "line 1: expected the columns source_id and locator as well"),
        ("Year of it,source_id,locator\n2001,a,p. 1\n", r"line 1: expected column names like value_musd"),
        ("year,year,source_id,locator\n1,1,a,p. 1\n", r"line 1: expected each column once, found \['year'\]"),
        ("year,source_id,locator\n2001,a,p. 1\n2002,a\n", "line 3: expected 3 cells, found 2"),
        (b"year,source_id,locator\n2001,a,\xe9\n", "byte 30: expected UTF-8 text"),
    ],
)
def test_what_is_no_table_is_refused_and_nothing_written(data, csv_file, text, expected):
    csv_file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(DataError, match=expected):
        new_table(data, "china_projects", csv_file)
    assert not (data / "china").exists()


def test_an_existing_table_is_refused(data, csv_file):
    with pytest.raises(FileExistsError, match="the table 'aid_grain' exists"):
        new_table(data, "aid_grain", csv_file)
    assert (data / "aid" / "grain.yaml").read_text(encoding="utf-8") == GRAIN_YAML


def test_a_copy_that_fails_leaves_no_description(data, csv_file, monkeypatch):
    import workshop.renew.new as module

    def fail_at_csv(path, content):
        if path.suffix == ".csv":
            raise OSError("the disk is full")
        path.write_text(content)

    monkeypatch.setattr(module, "write_whole", fail_at_csv)
    with pytest.raises(OSError, match="full"):
        new_table(data, "aid_projects", csv_file)
    assert not (data / "aid" / "projects.yaml").exists()


def test_the_command_drafts_and_says_what_is_next(data, csv_file, capsys):
    assert new(["table", "--root", str(data.parent), "china_projects", str(csv_file)]) == 0
    assert "What is next" in capsys.readouterr().out


def test_the_command_knows_what_can_be_new(capsys):
    with pytest.raises(SystemExit) as caught:
        new(["planet"])
    assert caught.value.code == 2
    assert "table" in capsys.readouterr().err
