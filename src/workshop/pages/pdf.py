"""Print the pages to PDF with a headless Chromium."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from malirussia.collection import Collection
from workshop.pages.book import book_page, chapters, on_paper, page_numbers
from workshop.pages.frame import Site

BOOK = "book.pdf"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find_browser() -> str | None:
    """Return the path of the first Chromium on the search path, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def needed_browser() -> str:
    """Return the path of Chromium; raise FileNotFoundError where none is installed."""
    if (browser := find_browser()) is None:
        raise FileNotFoundError("printing needs Chromium: install it (on Debian: apt install chromium)")
    return browser


def print_all(collection: Collection, site: Site, folder: Path) -> None:
    """Write a PDF beside every page in *folder*, and one book of all, each whole or not at all.

    Raises
    ------
    FileNotFoundError
        No Chromium is installed, or the folder holds no pages.
    RuntimeError
        Chromium did not print a page.
    """
    pages = sorted(folder.glob("*.html"))
    if not pages:
        raise FileNotFoundError(f"{folder}: no pages to print")
    for place, page in enumerate(pages, start=1):
        print_page(on_paper(page.read_text(encoding="utf-8"), site.base), page.with_suffix(".pdf"))
        print(f"[{place}/{len(pages) + 1}] {page.stem}.pdf", flush=True)
    print_book(collection, site, folder)
    print(f"[{len(pages) + 1}/{len(pages) + 1}] {BOOK}", flush=True)


def print_book(collection: Collection, site: Site, folder: Path) -> None:
    """Write the book of the pages in *folder*; it is printed twice, since its contents name its own sheets."""
    target, parts = folder / BOOK, chapters(site, folder)
    print_page(book_page(collection, site, parts, {}), target)
    print_page(book_page(collection, site, parts, page_numbers(target)), target)


def print_page(page: str, target: Path) -> None:
    """Print the HTML of a *page* to *target*."""
    browser = needed_browser()
    with tempfile.TemporaryDirectory(prefix=".pdf-", dir=target.parent) as scratch:
        file, printed = Path(scratch) / "page.html", Path(scratch) / "page.pdf"
        file.write_text(page, encoding="utf-8")
        options = ["--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
        options += ["--no-pdf-header-footer", "--generate-pdf-document-outline"]
        options += [f"--user-data-dir={scratch}/profile", f"--print-to-pdf={printed}"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            options.append("--no-sandbox")  # Chromium refuses to start for root otherwise
        done = subprocess.run([browser, *options, file.resolve().as_uri()], capture_output=True, text=True, timeout=300)
        if done.returncode or not printed.exists():
            raise RuntimeError(f"{target.name}: Chromium printed no PDF: {done.stderr.strip()[-300:]}")
        printed.replace(target)
