"""The report: what a page holds, and what a failing build leaves behind."""

from __future__ import annotations

import base64
import hashlib
import math
import os
import re
import shutil
import subprocess
import sys
import time

import nbformat
import pandas as pd
import pytest
from conftest import ROOT, stored, write_collection
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import malirussia
from malirussia import audit
from malirussia.__main__ import main
from malirussia.outputs import Figure, Sentence, sentences
from workshop.pages.builder import index_page, notebooks_in, renderer
from workshop.pages.exporter import ReportExporter, notebook_title, with_anchors
from workshop.renew.refresh import fold_sentences, with_findings
from workshop.run.cache import Cache
from workshop.run.execute import NotebookError, _seconds_in_all, execute
from workshop.run.files import FileError

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("unasked")]

# A picture of four pixels.
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGP8z8DAwMDAxMDAwMDAAAANHQEDasKb6QAAAABJRU5ErkJggg=="
REMOTE = re.compile(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//|@import|url\(\s*["']?(?:https?:)?//""")


def figure_output(alt="A <b>line</b>"):
    about = Figure("fig_01_01", "It <i>fell</i>", "Percent", alt, 768, "Source: X", ["cow-trade-v4"])
    return stored(about, {"image/png": PNG, "text/csv": "a\n1\n", "text/plain": "fig_01_01: T [n=1]"})


def graded(kind):
    data = {"text/markdown": f"- {kind} text (confidence: high)", "text/plain": f"{kind} text"}
    return stored(Sentence(kind, f"{kind} text", "high"), data)


@pytest.fixture
def notebook():
    return new_notebook(
        cells=[
            new_markdown_cell("# How much?"),
            new_code_cell("x = '<script>'", outputs=[graded("answer"), graded("finding")]),
            new_markdown_cell("## The first part\n\nText."),
            new_code_cell("draw()", outputs=[figure_output()]),
        ]
    )


@pytest.fixture
def html(notebook):
    return ReportExporter().from_notebook_node(notebook)[0]


def test_a_page_asks_for_nothing_from_outside(html):
    assert not REMOTE.search(html)


def test_the_security_policy_allows_just_the_page_s_own_style_and_script(html):
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1].replace("&#39;", "'")
    assert "default-src 'none'" in policy
    for tag in ("style", "script"):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not re.search(r"<[^>]+ (style|on\w+)=", html)


def test_a_page_has_language_title_contents_and_landmarks(html):
    assert '<html lang="en">' in html
    assert "<title>How much?</title>" in html
    assert '<a href="#the-first-part">The first part</a>' in html
    assert 'id="the-first-part"' in html
    assert '<main id="main" tabindex="-1">' in html


def test_alt_text_caption_and_data_reach_the_page(html):
    assert 'alt="A &lt;b&gt;line&lt;/b&gt;"' in html
    assert "<strong>Figure 1.1.</strong> It &lt;i&gt;fell&lt;/i&gt;" in html
    assert base64.b64encode(b"a\n1\n").decode() in html
    assert 'id="fig_01_01"' in html


def test_a_sentence_leads_to_its_figure_on_the_page_and_nowhere_in_the_notebook(notebook):
    markdown = "- It fell (Figure 1.1, confidence: high)"
    notebook.cells[1].outputs = [
        stored(Sentence("finding", "It fell", "high", "fig_01_01"), {"text/markdown": markdown})
    ]
    html = ReportExporter().from_notebook_node(notebook)[0]
    assert 'It fell (<a href="#fig_01_01">Figure 1.1</a>, confidence: high)' in html


def test_code_is_folded_and_escaped(html):
    assert html.count('<details class="code">') == 2
    assert "&lt;script&gt;" in html


def test_the_stylesheet_is_small(notebook):
    notebook.cells = notebook.cells[:1]
    assert len(ReportExporter().from_notebook_node(notebook)[0]) < 42_000


def test_the_exporter_is_registered_with_nbconvert_and_in_the_menu_of_jupyterlab():
    from nbconvert.exporters import get_exporter

    assert get_exporter("malirussia_report") is ReportExporter
    assert issubclass(get_exporter("Mali-Russia report"), ReportExporter)


def page_of(data):
    output = new_output("display_data", data={"text/plain": "as text", **data})
    return ReportExporter().from_notebook_node(
        new_notebook(cells=[new_markdown_cell("# How much?"), new_code_cell("x", outputs=[output])])
    )[0]


def test_a_page_made_elsewhere_leads_to_no_index_and_one_of_the_collection_does(notebook):
    link = '<a href="index.html">'
    assert link not in ReportExporter().from_notebook_node(notebook)[0]
    assert link in ReportExporter(beside_index=True).from_notebook_node(notebook)[0]


def test_a_frame_of_another_library_comes_without_styles_of_its_own():
    html = page_of({"text/html": pd.DataFrame({"a": [1]})._repr_html_()})
    table = html[html.index("<main") :]
    assert '<table class="dataframe">' in table
    assert "<style" not in table and "style=" not in table


@pytest.mark.parametrize(
    ("kind", "data", "shown"),
    [
        ("image/svg+xml", "<svg onload='x'/>", '<img src="data:image/svg+xml;base64,'),
        ("image/jpeg", "AAAA", '<img src="data:image/jpeg;base64,AAAA"'),
        ("text/latex", r"$\alpha < 1$", r"$\alpha &lt; 1$"),
        ("application/vnd.jupyter.widget-view+json", {"model_id": "x"}, "a page cannot hold it"),
        ("application/javascript", "alert(1)", "a page runs none"),
    ],
)
def test_what_a_page_cannot_hold_has_a_picture_its_source_or_a_word_in_its_place(kind, data, shown):
    html = page_of({kind: data})
    assert shown in html
    assert "alert(1)" not in html and "<svg" not in html


def test_equal_headings_get_ids_of_their_own():
    body, toc = with_anchors("<h2>Data</h2><h2>Data</h2><h2>§</h2>")
    assert [slug for slug, _ in toc] == ["data", "data-2", "section"]
    assert all(f'<h2 id="{slug}">' in body for slug, _ in toc)


def test_a_notebook_without_heading_is_an_error():
    with pytest.raises(NotebookError, match="no heading"):
        notebook_title(new_notebook(cells=[new_markdown_cell("text")]))


def test_kept_outputs_are_found_by_kind(notebook):
    assert [one.text for one in sentences(notebook, "finding")] == ["finding text"]


def test_the_index_leads_to_each_page_and_tells_the_story_of_the_overview(notebook, tmp_path):
    index = index_page(
        {tmp_path / "00_all.ipynb": notebook, tmp_path / "01_how.ipynb": notebook}, malirussia.collection
    )
    assert '<a href="01_how.html">How much?</a>' in index
    assert index.count("<p>answer text") == 2
    assert index.count("<li>finding text") == 1
    assert index.count(f"data:image/png;base64,{PNG}") == 1
    assert index.count('alt="A &lt;b&gt;line&lt;/b&gt;"') == 3
    assert "GlobalSecurity.org" in index.partition("<h2")[0]
    for verdict, number in audit()["verdict"].value_counts().items():
        assert f'<th scope="row" class="words">{verdict}</th><td>{number}</td>' in index


def write(folder, name, *cells):
    folder.mkdir(parents=True, exist_ok=True)
    cells = [new_markdown_cell(f"# {name}"), *map(new_code_cell, cells)]
    nbformat.write(new_notebook(cells=cells), folder / f"{name}.ipynb")


def test_a_build_runs_the_notebooks_and_replaces_the_reports(tmp_path, capsys):
    root = tmp_path / "Ségou data"
    write(root / "notebooks", "01_one", "1 + 1")
    write(root / "notebooks", "notes", "1 / 0")
    (root / "data").symlink_to(ROOT / "data")
    (root / "reports").mkdir()
    (root / "reports" / "old.html").write_text("old")
    assert main(["report", "--root", str(root)]) == 0
    assert {path.name for path in (root / "reports").iterdir()} >= {"01_one.html", "data", "index.html"}
    assert not (root / "reports" / "old.html").exists()
    # What a page offers for download lies beside it.
    claims = (root / "reports" / "claims.html").read_text()
    offered = re.findall(r'href="(downloads/[^"]+)"', claims)
    assert offered and all((root / "reports" / name).exists() for name in offered)
    assert sorted(path.name for path in root.iterdir()) == [".cache", "data", "notebooks", "reports"]
    said = capsys.readouterr().out
    assert said.index("01_one starts") < said.index("[1/1] 01_one")


@pytest.mark.parametrize(
    ("before", "took", "seconds"),
    [
        pytest.param({"a": 8, "b": 4, "c": 4}, {"b": 4}, 16, id="as last time"),
        pytest.param({"a": 8, "b": 4, "c": 4}, {"b": 10}, 22, id="slower than last time"),
        pytest.param({"a": math.inf, "b": 6, "c": math.inf}, {"b": 6}, 18, id="never run: as the mean"),
        pytest.param({"a": 5}, {"a": 7}, 7, id="one alone has one core"),
    ],
)
def test_what_is_left_is_told_from_what_notebooks_took_before(monkeypatch, before, took, seconds):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    assert _seconds_in_all(before, took) == seconds / min(2, len(before))


def test_what_comes_last_is_done_once_whether_notebooks_run_or_not(tmp_path):
    write(tmp_path, "01_one", "1 + 1")
    calls = []
    for paths in ([], notebooks_in(tmp_path)):
        execute(paths, last=lambda: calls.append(1))
    assert calls == [1, 1]
    with pytest.raises(ZeroDivisionError):
        execute([], last=lambda: 1 / 0)


def test_a_failing_cell_ends_the_build_and_leaves_the_former_reports(tmp_path, capsys):
    (tmp_path / "data").symlink_to(ROOT / "data")
    write(tmp_path / "notebooks", "01_one", "1 + 1", "undefined_name")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "index.html").write_text("former")
    assert main(["report", "--root", str(tmp_path)]) == 1
    assert "01_one.ipynb, cell 3: NameError: name 'undefined_name' is not defined" in capsys.readouterr().err
    assert (tmp_path / "reports" / "index.html").read_text() == "former"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "notebooks", "reports"]


def test_a_kernel_that_dies_is_named(tmp_path, capsys):
    (tmp_path / "data").symlink_to(ROOT / "data")
    write(tmp_path / "notebooks", "01_one", "import os; os._exit(1)")
    assert main(["report", "--root", str(tmp_path)]) == 1
    assert "01_one.ipynb, cell 2" in capsys.readouterr().err


def test_a_build_without_data_says_so_before_a_notebook_runs(tmp_path, capsys):
    write(tmp_path / "notebooks", "01_one", "open('ran', 'w').close()")
    assert main(["report", "--root", str(tmp_path)]) == 1
    assert "datapackage.json is missing" in capsys.readouterr().err
    assert not (tmp_path / "notebooks" / "ran").exists()


def test_a_folder_without_notebooks_is_named(tmp_path, capsys):
    assert main(["report", "--root", str(tmp_path)]) == 1
    assert "no notebook named like" in capsys.readouterr().err


def test_the_template_is_run_but_not_published(tmp_path):
    for name in ("template", "02_two", "01_one"):
        write(tmp_path, name)
    assert [path.stem for path in notebooks_in(tmp_path)] == ["01_one", "02_two"]
    assert [path.stem for path in notebooks_in(tmp_path, unpublished=True)] == ["01_one", "02_two", "template"]
    (tmp_path / "template.ipynb").unlink()
    assert notebooks_in(tmp_path, unpublished=True) == notebooks_in(tmp_path)


def test_two_builds_are_byte_identical(tmp_path, monkeypatch, light):
    pages = []
    for name, zone in (("a", "UTC"), ("b", "Asia/Tokyo")):
        monkeypatch.setenv("TZ", zone)
        root = tmp_path / name
        write(root / "notebooks", "01_one", "import os; sorted({'x', 'y'})")
        page_of = renderer(write_collection(root), Cache(root), "report")
        pages += [page_of(path, notebook) for path, notebook in execute(notebooks_in(root / "notebooks")).items()]
    assert pages[0] == pages[1]


def test_printed_text_is_one_output_however_it_arrives(tmp_path):
    write(tmp_path, "01_one", "import sys, time\nfor x in 'ab':\n    print(x); sys.stdout.flush(); time.sleep(0.3)")
    (path,) = notebooks_in(tmp_path)
    assert [output.text for output in execute([path])[path].cells[1].outputs] == ["a\nb\n"]


def test_printing_without_chromium_says_what_to_install(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["pdf", "--root", str(tmp_path)]) == 1
    assert "printing needs Chromium: install it" in capsys.readouterr().err


def test_a_killed_build_leaves_the_former_reports(tmp_path):
    (tmp_path / "data").symlink_to(ROOT / "data")
    write(tmp_path / "notebooks", "01_one", "import time; open('started', 'w').close(); time.sleep(600)")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "index.html").write_text("former")
    code = f"""
import workshop.run.lean
from pathlib import Path
from malirussia.collection import Collection
from workshop.pages.builder import build
from workshop.run import kernels
kernels.PRELOADED = ()
build(Collection(Path({str(tmp_path)!r})), Path({str(tmp_path / "reports")!r}))
"""
    build = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "TMPDIR": str(tmp_path)})
    while not (tmp_path / "notebooks" / "started").exists():
        assert build.poll() is None
        time.sleep(0.05)
    build.kill()
    build.wait()
    assert [path.name for path in (tmp_path / "reports").iterdir()] == ["index.html"]
    assert (tmp_path / "reports" / "index.html").read_text() == "former"


def test_data_that_may_not_be_passed_on_are_left_out_with_a_reason(notebook):
    del notebook.cells[3].outputs[0].data["text/csv"]
    html = ReportExporter().from_notebook_node(notebook)[0]
    assert "do not let its data be passed on" in html
    assert "text/csv" not in html


def test_only_cells_that_just_speak_are_folded(notebook):
    fold_sentences(notebook)
    folded = [cell.metadata.get("jupyter", {}).get("source_hidden", False) for cell in notebook.cells]
    assert folded == [False, True, False, False]


def test_refresh_writes_outputs_readme_picture_and_dictionary(tmp_path):
    shutil.copytree(malirussia.collection.package.root, tmp_path / "data")
    draw = "import pandas as pd; import matplotlib.pyplot as plt; from malirussia import show; f, _ = plt.subplots()"
    show = (
        "show(f, 'fig_04_01', title='T', subtitle='S', sources='cow-trade-v4', alt='word ' * 20, "
        "data=pd.DataFrame({'a': [1]}))"
    )
    write(tmp_path / "notebooks", "04_one", f"{draw}\n{show}")
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text("<!-- findings -->\nold\n<!-- /findings -->\n")
    (tmp_path / "data" / "README.md").write_text("old")
    assert main(["refresh", "--root", str(tmp_path)]) == 0
    run = nbformat.read(tmp_path / "notebooks" / "04_one.ipynb", 4)
    assert run.cells[1].execution_count == 1
    assert "old" not in (tmp_path / "README.md").read_text()
    assert "[04_one](notebooks/04_one.ipynb)" in (tmp_path / "README.md").read_text()
    assert (tmp_path / "docs" / "fig_04_01.png").read_bytes().startswith(b"\x89PNG")
    assert "## trade_bilateral" in (tmp_path / "data" / "README.md").read_text()


@pytest.fixture
def small(tmp_path, monkeypatch):
    """Return a project with an overview, two themes, one of which has the picture of the README, and a lesson.

    Its package is not assembled.
    """
    monkeypatch.setattr("workshop.renew.refresh.refresh_package", lambda collection: None)
    (tmp_path / "data").symlink_to(ROOT / "data")
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text("<!-- findings -->\n<!-- /findings -->\n")
    notebooks = tmp_path / "notebooks"
    write(notebooks, "00_all", "from malirussia import catalog, gather; print(*gather()['text'], len(catalog()) > 0)")
    write(notebooks, "01_one", "from malirussia import finding; finding('It is {x}', x=4, confidence='high')")
    nbformat.write(
        new_notebook(cells=[new_markdown_cell("# Two?"), new_code_cell("x", outputs=[figure_output()])]),
        notebooks / "04_two.ipynb",
    )
    write(notebooks / "lessons", "lesson_2_small", "1 + 1")
    (notebooks / "lessons" / "README.md").write_text("<!-- plan -->\n<!-- /plan -->\n")
    return tmp_path


def test_the_overview_runs_when_the_findings_of_the_others_are_written(small, capsys):
    assert main(["refresh", "--root", str(small), "01_one"]) == 1
    assert "no notebook shows fig_04_01" in capsys.readouterr().err
    overview = nbformat.read(small / "notebooks" / "00_all.ipynb", 4)
    assert overview.cells[1].outputs[0].text == "It is 4 True\n"


@pytest.mark.parametrize(
    ("names", "run"),
    [
        (["01_one"], ["01_one", "00_all"]),
        (["notebooks/01_one.ipynb"], ["01_one", "00_all"]),
        (["00"], ["00_all"]),
        (["lesson_2"], ["lesson_2_small"]),
        (["01", "lesson_2"], ["01_one", "00_all", "lesson_2_small"]),
    ],
)
def test_refresh_runs_what_is_named_and_the_overview_after_a_theme(small, names, run, capsys, monkeypatch):
    monkeypatch.setattr("workshop.renew.refresh.README_FIGURE", "fig_01_01")
    assert main(["refresh", "--root", str(small), *names]) == 0
    assert re.findall(r"^\[\d/\d\] (\w+)", capsys.readouterr().out, re.MULTILINE) == run
    assert "[Two?](notebooks/04_two.ipynb)" in (small / "README.md").read_text()
    assert "lesson_2_small.ipynb" in (small / "notebooks" / "lessons" / "README.md").read_text()
    assert (small / "docs" / "fig_01_01.png").exists()


def test_refresh_names_the_notebooks_nearest_to_one_that_is_not_there(small, capsys):
    assert main(["refresh", "--root", str(small), "04_tow"]) == 1
    assert "There is no notebook '04_tow'. Nearest: 04_two" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("<<<<<<< HEAD", "01_one.ipynb is not a notebook"),
        (nbformat.writes(new_notebook(cells=[new_code_cell("x = (")])), "01_one.ipynb, cell 1: SyntaxError"),
        (nbformat.writes(new_notebook(cells=[new_code_cell("x = 1")])), "01_one.ipynb has no heading"),
    ],
    ids=["conflict", "syntax", "heading"],
)
def test_a_notebook_with_a_fault_ends_in_one_line(small, text, fault, capsys):
    (small / "notebooks" / "00_all.ipynb").unlink()
    (small / "notebooks" / "01_one.ipynb").write_text(text)
    assert main(["refresh", "--root", str(small), "01_one"]) == 1
    assert fault in capsys.readouterr().err


def test_a_readme_without_marks_is_named(notebook, tmp_path):
    with pytest.raises(FileError, match="needs one part between"):
        with_findings("# Title", {tmp_path / "01_one.ipynb": notebook})
