"""What a notebook gains: names behind Tab, in a real IPython shell, and plain frames for pages."""

from __future__ import annotations

import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

import malirussia
from malirussia.jupyter import begun_name, register


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('load("tra', ("load", "tra")),
        ("x = malirussia.describe('", ("describe", "")),
        ('cite( "cow-tr', ("cite", "cow-tr")),
        ('payload("tra', None),
        ('load("trade_total")', None),
        ("load(name", None),
    ],
)
def test_a_begun_name_is_recognised(text, found):
    assert begun_name(text) == found


@pytest.fixture(scope="module")
def shell():
    shell = InteractiveShell()
    register(
        shell,
        {
            "load": lambda: malirussia.collection.package.resources,
            "cite": lambda: malirussia.collection.bibliography.entries,
        },
    )
    return shell


def complete(shell, text):
    with provisionalcompleter():
        return [completion.text for completion in shell.Completer.completions(text, len(text))]


def test_table_names_and_source_ids_complete(shell):
    assert complete(shell, 'load("trade_b') == ["trade_bilateral"]
    assert complete(shell, 'cite("cow-trade') == ["cow-trade-v4"]
    assert set(malirussia.catalog()["table"]) <= set(complete(shell, 'load("'))


def test_other_text_completes_as_before(shell):
    assert complete(shell, "prin") == ["print"]
