"""Words, numbers and dates in a reader's language, and the catalogues they come from."""

from __future__ import annotations

import datetime
import subprocess
import sys

import matplotlib.pyplot as plt
import nbformat
import pandas as pd
import pytest
from conftest import ROOT
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from malirussia.claims import audit, evidence
from malirussia.collection import Collection
from malirussia.figures.translate import translate
from malirussia.language import DOMAIN, ENGLISH, PSEUDO, Language, Phrase
from malirussia.lessons import Check
from malirussia.tables import grid
from malirussia.words import sentence
from workshop.pages.exporter import ReportExporter
from workshop.pages.markdown import blocks
from workshop.renew.words import compile_catalogues, write_template

FRENCH = """msgid ""
msgstr ""
"Language: fr\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

"""
DAY = pd.Timestamp("1960-08-04")


def french(folder, **entries):
    """Write and compile a catalogue; return the language that speaks it."""
    path = folder / "fr" / "LC_MESSAGES" / f"{DOMAIN}.po"
    path.parent.mkdir(parents=True)
    texts = "\n".join(f'msgid "{text}"\nmsgstr "{said}"\n' for text, said in entries.items())
    path.write_text(FRENCH + texts, encoding="utf-8")
    compile_catalogues(folder)
    return Language("fr", folder)


@pytest.mark.parametrize(
    ("value", "spec", "english", "in_french"),
    [
        (0.068, ".1%", "6.8%", "6,8\xa0%"),
        (1234567.89, ",.1f", "1,234,567.9", "1\u202f234\u202f567,9"),
        (-3.5, "", "-3.5", "-3,5"),
        (12000, ",", "12,000", "12\u202f000"),
        (1964, "", "1964", "1964"),
        (DAY, "%d %B %Y", "04 August 1960", "04 août 1960"),
        (datetime.date(1960, 2, 4), "%b %Y", "Feb 1960", "févr. 1960"),
        ("1,234.5 as quoted", "", "1,234.5 as quoted", "1,234.5 as quoted"),
        (True, "", "True", "True"),
    ],
)
def test_digits_are_python_s_and_symbols_and_months_the_language_s(value, spec, english, in_french):
    assert ENGLISH.format(value, spec) == english
    assert Language("fr").format(value, spec) == in_french


def test_a_sentence_is_translated_before_its_values_are_filled_in(tmp_path):
    template = "In {peak.year} it was {share:.1%}"
    language = french(tmp_path, **{template: "La part était de {share:.1%} en {peak.year}"})
    assert sentence(language, template, peak=DAY, share=0.25) == "La part était de 25,0\xa0% en 1960"
    assert sentence(ENGLISH, template, peak=DAY, share=0.25) == "In 1960 it was 25.0%"


def test_a_missing_value_is_named():
    with pytest.raises(ValueError, match="no value given for 'peak'"):
        ENGLISH.fill("In {peak.year}")


def test_the_pseudo_language_marks_words_and_leaves_values_code_and_addresses_alone():
    said = Language(PSEUDO).gettext("See [the {share:.1%}](#fig_04_01), `load()` and <b>more</b> %(n)s &amp; so")
    assert said == "⟦Šéé [ţĥé {share:.1%}](#fig_04_01), `load()` àñð <b>ɱöŕé</b> %(n)s &amp; šö⟧"


def test_what_a_check_found_is_said_in_the_language_of_the_audit(tmp_path):
    text = Phrase("deaths: {change:+.1f} % in {what}", change=3.5, what=Phrase("the Sahel"))
    language = french(tmp_path, **{"deaths: {change:+.1f} % in {what}": "morts\xa0: {change:+.1f} %, {what}"})
    assert text == "deaths: +3.5 % in the Sahel"
    assert language.phrase(text) == "morts\xa0: +3,5 %, the Sahel"
    assert language.phrase("from a table") == "from a table"


@pytest.mark.slow
def test_reasons_and_findings_of_the_audit_are_translated_and_verdicts_stay_keys():
    pseudo = Collection(ROOT, PSEUDO)
    verdicts, english = audit(pseudo), audit(Collection(ROOT))
    assert verdicts["verdict"].equals(english["verdict"])
    assert evidence(pseudo, "C10a")["finding"].str.startswith("⟦").any()
    noted = verdicts["verdict"] == "not checkable"
    assert verdicts.loc[~noted, "reason"].str.contains("⟦").all()


def test_a_table_shows_headings_listed_values_and_numbers_in_the_language(tmp_path):
    stage = pd.Categorical(["pledged", None], ["pledged"])
    frame = pd.DataFrame({"stage": stage, "share": [1234.5, 0.25], "quoted": ["1.5 pledged", "x"]})
    language = french(tmp_path, stage="étape", pledged="promis")
    made = grid(frame, "T", formatters={"share": "{:,.2f}".format}, language=language)
    assert made.head == ["étape", "share", "quoted"]
    assert made.rows == [["promis", "1\u202f234,50", "1.5 pledged"], ["–", "0,25", "x"]]


def test_a_check_answers_and_hints_in_the_language_of_the_student(tmp_path, capsys):
    entries = {"not yet: {fault}": "pas encore\xa0: {fault}", "is it {found:.1f}?": "est-ce {found:.1f}\xa0?"}
    check = Check("sum", {"sum": 0.5}, french(tmp_path, **entries))
    check.expect(lambda answer: answer, 1, "is it {found:.1f}?")
    check.report()
    assert capsys.readouterr().out == "sum: pas encore\xa0: est-ce 0,5\xa0?\n"


def test_what_a_figure_draws_is_said_in_the_language(tmp_path):
    language = french(tmp_path, **{"Share": "Part", "first": "premier"})
    fig, ax = plt.subplots()
    ax.plot([0.5, 1.5], [0, 1], label="Share")
    ax.set(ylabel="Share", xticks=[0.5, 1.5], yticks=[0, 1], yticklabels=["first", "last"])
    legend = ax.legend()
    translate(fig, language)
    fig.draw_without_rendering()
    assert ax.get_ylabel() == "Part"
    assert legend.get_texts()[0].get_text() == "Part"
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["0,5", "1,5"]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["premier", "last"]
    plt.close(fig)


@pytest.mark.slow
def test_english_needs_no_babel():
    code = (
        "import sys; sys.modules['babel'] = None; import malirussia as m;"
        "m.describe('sources'), m.cite('cow-trade-v4'), m.audit()"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


MARKDOWN = """# A heading
Text below
over two lines.

- an *item*
  that goes on
- another
  1. inside
> quoted

```
code
```
"""


def test_markdown_is_cut_into_headings_paragraphs_and_items():
    assert [MARKDOWN[start:end] for start, end in blocks(MARKDOWN)] == [
        "A heading",
        "Text below\nover two lines.",
        "an *item*\n  that goes on",
        "another",
        "inside",
        "quoted",
    ]


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("locales")
    write_template(ROOT, folder)
    return (folder / f"{DOMAIN}.pot").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "not independently confirmed",
        "Skip to the content",
        "Middle rank {rank:.0f} of {states:.0f} African members in votes shared with the USSR",
        "Was Mali ever Moscow's diplomatic ally?",
        "Mali–Russia relations: sourced tables",
    ],
    ids=["code", "page", "check of a claim", "notebook", "descriptions"],
)
def test_the_template_holds_the_words_of_every_place(template, text):
    assert f'msgid "{text}"' in template


def test_the_template_holds_what_calls_of_a_notebook_show(tmp_path):
    code = (
        "finding('It is {x}', x=1, confidence='high')\n"
        "show(fig, 'fig_01_01', title='It ' 'fell', subtitle=f'{x}', alt='''Lines\n  and dots''')\n"
        "ax.annotate('the peak', (1, 2))\n"
        "check.equal(right, mistakes={'these are exports': exports})\n"
        "frame.rename(columns={'share': 'Share, percent'})"
    )
    top = new_markdown_cell("**It is 4.**", metadata={"malirussia": {"generated": "top"}})
    notebook = new_notebook(cells=[new_markdown_cell("# How?\n\nText."), top, new_code_cell(code)])
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "01_one.ipynb").write_text(nbformat.writes(notebook))
    write_template(tmp_path, tmp_path)
    made = (tmp_path / f"{DOMAIN}.pot").read_text()
    for text in (
        "How?",
        "Text.",
        "It is {x}",
        "It fell",
        "Lines and dots",
        "these are exports",
        "the peak",
        "Share, percent",
    ):
        assert f'msgid "{text}"' in made
    assert "notebooks/01_one.ipynb:3" in made
    assert "It is 4." not in made


@pytest.mark.slow
def test_the_template_has_no_date(template, tmp_path):
    assert "Date" not in template.partition("\n\n")[0]
    write_template(ROOT, tmp_path)
    assert (tmp_path / f"{DOMAIN}.pot").read_text(encoding="utf-8") == template


def test_a_few_french_entries_change_a_page(tmp_path):
    entries = {"How much?": "Combien\xa0?", "Skip to the content": "Aller au contenu", "Text.": "Texte."}
    notebook = new_notebook(cells=[new_markdown_cell("# How much?\n\nText.\n\nMore.")])
    collection = Collection(ROOT, french(tmp_path, **entries))
    html = ReportExporter(collection=collection).from_notebook_node(notebook)[0]
    assert '<html lang="fr">' in html
    assert "<title>Combien\xa0?</title>" in html
    assert ">Aller au contenu</a>" in html
    assert "<p>Texte.</p>\n<p>More.</p>" in html
    assert notebook.cells[0].source == "# How much?\n\nText.\n\nMore."


def test_a_translation_that_loses_a_value_is_named(tmp_path):
    with pytest.raises(RuntimeError, match=r"malirussia\.po, line 9: expected the values \['x'\], found \[\]"):
        french(tmp_path, **{"It is {x}": "Il est"})
