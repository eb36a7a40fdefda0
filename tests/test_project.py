"""What holds the project together: dependencies, lock file, set-up."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tomllib
from importlib import resources

import pytest
import yaml
from conftest import ROOT, in_git

from workshop.check.spelling import other_spellings

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = {
    name: (ROOT / name).read_text(encoding="utf-8")
    for name in (
        "requirements.lock",
        "requirements-browser.lock",
        "requirements-renew.lock",
        "requirements-scale.lock",
        "requirements-setup.lock",
    )
}


APART = ("browser", "renew", "scale", "setup")  # groups that have a lock file of their own


def wanted(apart: str = "") -> set[str]:
    """Return the requirements of the group that is pinned *apart*, or those of all the others."""
    project = PYPROJECT["project"]
    groups = {"": project["dependencies"], **project["optional-dependencies"], **PYPROJECT["dependency-groups"]}
    chosen = [apart] if apart else [name for name in groups if name not in APART]
    return {requirement for name in chosen for requirement in groups[name]}


def test_conda_users_get_the_same_ranges():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    plain = [line for line in environment["dependencies"] if isinstance(line, str)]
    python = f"python{PYPROJECT['project']['requires-python']}"
    named = [re.sub(r"^duckdb", "python-duckdb", requirement) for requirement in wanted()]  # its name at conda-forge
    assert sorted(plain) == sorted([*named, python, "pip"])


@pytest.mark.parametrize("name", LOCKS)
def test_every_dependency_is_pinned_with_hashes(name):
    pins = re.findall(r"^([a-z0-9][a-z0-9._-]*)==[^ ]+.*\\$", LOCKS[name], re.MULTILINE)
    requirements = wanted(next((group for group in APART if group in name), ""))
    assert {re.split(r"[<>=[]", requirement)[0] for requirement in requirements} <= set(pins)
    assert LOCKS[name].count("--hash=sha256:") >= len(pins) >= len(requirements)


@in_git
def test_no_file_names_an_index_address():
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    texts = [ROOT / name for name in files if name and not name.endswith(".png")]
    pattern = re.compile("index" + "-url|/simp" + "le/|hosted" + r"\.org")
    assert [path.name for path in texts if pattern.search(path.read_text(encoding="utf-8"))] == []


def test_the_version_is_one():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == PYPROJECT["project"]["version"]
    assert f"## {citation['version']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_deposit_is_described_as_the_citation_says():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    deposit = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8"))
    same = ("title", "version", "license")
    assert {name: deposit[name] for name in same} == {name: citation[name] for name in same}
    assert deposit["creators"] == citation["authors"] == citation["preferred-citation"]["authors"]
    assert citation["preferred-citation"]["title"] == citation["title"]
    assert re.fullmatch(r"[1-9]\d*", citation["preferred-citation"]["edition"])


@pytest.mark.parametrize("package", ["malirussia", "workshop"])
def test_a_package_says_that_it_is_typed(package):
    assert (resources.files(package) / "py.typed").is_file()


@in_git
def test_every_text_has_the_same_line_ends_on_every_system():
    listed = subprocess.run(["git", "ls-files", "--eol"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    held, attributes = (re.findall(pattern, listed, re.MULTILINE) for pattern in (r"^i/(\S+)", r"attr/(.*?)\s*\t"))
    assert set(held) <= {"lf", "none", "-text"}
    assert set(attributes) <= {"text eol=lf", "text=auto eol=lf", "-text"}


@pytest.mark.parametrize("name", ["correction", "data", "code"])
def test_an_issue_form_asks_labelled_questions(name):
    path = ROOT / ".github" / "ISSUE_TEMPLATE" / f"{name}.yml"
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert {"name", "description", "body"} <= set(form)
    ids = [question["id"] for question in form["body"]]
    assert len(set(ids)) == len(ids)
    assert all(question["attributes"]["label"] for question in form["body"])
    assert any(question.get("validations", {}).get("required") for question in form["body"])


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (None, "Python 3.11 or newer is needed: './python' was not found."),
        (
            '#!/bin/sh\n[ "$1" = -V ] && echo Python 3.9.2\nexit 1\n',
            "Python 3.11 or newer is needed: './python' is Python 3.9.2.",
        ),
        ('#!/bin/sh\ncase "$2" in *venv*) exit 1;; esac\n', "Python's venv module is needed"),
    ],
    ids=["no python", "old python", "no venv"],
)
def test_a_missing_prerequisite_is_named_in_one_line(tmp_path, script, message):
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    if script:
        (tmp_path / "python").write_text(script)
        (tmp_path / "python").chmod(0o755)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    done = subprocess.run(
        ["make", "test", "PYTHON=./python"], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert done.stderr.splitlines()[0].startswith(message)
    assert not (tmp_path / ".venv").exists()


@in_git
def test_documents_spell_names_as_the_tables_do():
    listed = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = {
        name: list(other_spellings((ROOT / name).read_text(encoding="utf-8"))) for name in listed.split("\n") if name
    }
    assert {name: names for name, names in found.items() if names} == {}
