"""Print the pages to PDF with a headless Chromium."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find_browser() -> str | None:
    """Return the path of the first Chromium on the search path, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def print_pages(folder: Path) -> None:
    """Write a PDF beside every page in *folder*, each whole or not at all.

    Raises
    ------
    FileNotFoundError
        No Chromium is installed, or the folder holds no pages.
    RuntimeError
        Chromium did not print a page.
    """
    browser = find_browser()
    if browser is None:
        raise FileNotFoundError("printing needs Chromium: install it (on Debian: apt install chromium)")
    pages = sorted(folder.glob("*.html"))
    if not pages:
        raise FileNotFoundError(f"{folder}: no pages to print")
    for place, page in enumerate(pages, start=1):
        with tempfile.TemporaryDirectory(prefix=".pdf-", dir=folder) as scratch:
            _print(browser, page, Path(scratch) / "page.pdf", Path(scratch) / "profile")
            (Path(scratch) / "page.pdf").replace(page.with_suffix(".pdf"))
        print(f"[{place}/{len(pages)}] {page.stem}.pdf", flush=True)


def _print(browser: str, page: Path, target: Path, profile: Path) -> None:
    options = ["--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
    options += ["--no-pdf-header-footer", f"--user-data-dir={profile}", f"--print-to-pdf={target}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--no-sandbox")  # Chromium refuses to start for root otherwise
    done = subprocess.run([browser, *options, page.resolve().as_uri()], capture_output=True, text=True, timeout=300)
    if done.returncode or not target.exists():
        raise RuntimeError(f"{page.name}: Chromium printed no PDF: {done.stderr.strip()[-300:]}")
