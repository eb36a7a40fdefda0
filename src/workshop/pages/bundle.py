"""All tables in one piece for other tools: a Parquet set, a SQLite file, and a codebook of every column."""

from __future__ import annotations

import hashlib
import html
import zipfile
from pathlib import Path

import pandas as pd

from malirussia.collection import Collection
from malirussia.explore.export import columns_of, export, inert
from malirussia.tables import grid, to_html
from workshop.pages.exporter import page
from workshop.run.files import room_for, whole_folder, write_whole

NAME = "mali-russia"
MADE_OF = "made-of.txt"


def digest(collection: Collection) -> str:
    """Return a digest of all tables and their descriptions: a bundle of others is an old one."""
    package, found = collection.package, hashlib.sha256()
    for path in [package.root / "datapackage.json", *map(package.path, package.resources)]:
        found.update(path.read_bytes())
    return found.hexdigest()


def is_current(folder: Path, collection: Collection) -> bool:
    """Say whether the bundle in *folder* is there and of the tables as they are."""
    made = folder / MADE_OF
    return made.exists() and made.read_text(encoding="utf-8").strip() == digest(collection)


def build_bundle(collection: Collection, output: Path) -> None:
    """Replace folder *output* by the bundle; a failure leaves it as it was. The same tables give the same bytes."""
    room_for(output)
    names = list(collection.package.resources)
    book = columns_of(collection, names)
    print(f"writing {len(names)} tables", flush=True)
    with whole_folder(output) as fresh:
        export(collection, names, fresh / f"{NAME}.sqlite")
        _write_parquet(collection, names, fresh)
        inert(book).to_csv(fresh / "codebook.csv", index=False, lineterminator="\n")
        write_whole(fresh / "codebook.html", codebook_page(collection, book))
        write_whole(fresh / MADE_OF, digest(collection) + "\n")
    print(f"all in {output}/; the next `make report` offers it with the tables")


def _write_parquet(collection: Collection, names: list[str], folder: Path) -> None:
    with zipfile.ZipFile(folder / f"{NAME}-parquet.zip", "w") as archive:
        for name in names:
            path = export(collection, name, folder / f"{name}.parquet")
            # A fixed date, so that the same tables give the same bytes; what is in it is packed already.
            archive.writestr(zipfile.ZipInfo(f"{NAME}-parquet/{path.name}"), path.read_bytes())
            path.unlink()


def codebook_page(collection: Collection, book: pd.DataFrame) -> str:
    """Return the codebook as a page: a table of columns for each table."""
    said = collection.language.gettext
    title = said("Codebook: every column of every table")
    parts = [f"<h1>{html.escape(title)}</h1>"]
    for name, rows in book.groupby("table", sort=False):
        about = said(collection.package.resource(name)["title"])
        shown = grid(rows[["column", "label", "unit", "meaning"]], about, language=collection.language)
        missing = html.escape(rows["missing_row"].iloc[0])
        parts += [
            f'<h2 id="{html.escape(name)}">{html.escape(name)}</h2>',
            f"<p>{html.escape(said('A missing row means:'))} {missing}</p>",
            f'<div class="scroll" tabindex="0" role="group" aria-label="{html.escape(name)}">',
            f"{to_html(shown, by_class=True)}</div>",
        ]
    toc = [(html.escape(name), html.escape(name)) for name in book["table"].unique()]
    return page(collection, title, "\n".join(parts), toc, beside_index=False)
