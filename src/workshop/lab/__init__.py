"""JupyterLab as ``make lab`` opens it.

What it saves stays as it was stored, and it asks the network for no news. ``JUPYTER_CONFIG_PATH`` names this folder;
the folder ``quiet/`` in it, named as well, leaves out what nbgrader adds: menus for teachers wait to be asked for.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

KERNEL = ("kernelspec", "language_info")
"""What JupyterLab writes into a notebook of the kernel that opened it: another one on each machine."""


def keep_kernel(model: dict[str, Any], path: str, contents_manager: Any, **more: Any) -> None:
    """Save a notebook with what was stored of its kernel, so that opening it changes nothing; a hook of the server."""
    file = Path(contents_manager.root_dir) / path
    if model["type"] != "notebook" or not file.exists():
        return
    stored = json.loads(file.read_text(encoding="utf-8"))["metadata"]
    model["content"]["metadata"].update({part: stored[part] for part in KERNEL if part in stored})
