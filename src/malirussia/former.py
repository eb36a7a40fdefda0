"""Names of version 0.1.0: columns, codes, and ids of sources. Goes with version 0.3.0, as ``formerly`` and values."""

from __future__ import annotations

import re
import warnings

import pandas as pd

# Columns of codes, in which RUS stands for Moscow at all times; before, SUN stood for it until 1991.
CODES = ("country", "partner", "actor", "actors")
STATE = "historical_state"
# Tables and sources that became part of another one.
TABLES = {"deployment_foreign_forces": "military_foreign_forces"}
SOURCES = {
    "afp-wagner-exit-2025-06": "afp-2025-06-08",
    "bamada-2021-12-24": "journaldumali-2021-12",
    "keita-1962-06-30": "keita-speech-1962-06-30",
    "newspravda-2025-12-22": "pravda-mali-2025-12-22",
    "onuchko-1986": "onuchko-malijskie-etyudy",
    "sputnik-2023-12-22": "sputnik-afrique-2023-12-22",
    "vz-2023-07-29": "vzglyad-2023-07-29",
}


def merged(name: str, kind: str, names: dict[str, str]) -> str:
    """Return the name under which a table or source stands now, after *names*; warn where it is another one."""
    if (new := names.get(name, name)) != name:
        warnings.warn(f"the {kind} '{name}' is part of '{new}' now", DeprecationWarning, stacklevel=4)
    return new


def as_before(frame: pd.DataFrame, table: str, fields: list[dict]) -> pd.DataFrame:
    """Return *frame* with the columns and codes that *table* had before; warn of what they are called now."""
    former = {field["name"]: field.get("formerly", field["name"]) for field in fields}
    values = {field["name"]: field["formerlyValues"] for field in fields if "formerlyValues" in field}
    changes = [f"'{old}' is now '{new}'" for new, old in former.items() if old not in ("", new)]
    changes += [f"'{new}' is new" for new, old in former.items() if not old]
    changes += [f"in '{column}' '{old}' is now {new}" for column, codes in values.items() for new, old in codes.items()]
    changes += [f"Moscow is RUS at all times, and SUN or RUS in '{STATE}'"] if STATE in former else []
    if not changes:
        return frame
    warnings.warn(
        f"{table}: {', '.join(changes)}. The old names can be loaded in this version only.",
        DeprecationWarning,
        stacklevel=3,
    )
    for column in former.keys() & {*CODES, *values}:
        cells = frame[column].astype("object")
        if STATE in former and column in CODES:
            states = frame[STATE].astype("object").fillna("RUS")
            cells = [_put({"RUS": state}, cell) for cell, state in zip(cells, states, strict=True)]
        cells = [_put(values.get(column, {}), cell) for cell in cells]
        frame[column] = pd.Series(cells, index=frame.index, dtype="str")
    return frame.drop(columns=[new for new, old in former.items() if not old]).rename(columns=former)


def _put(codes: dict[str, str], cell: object) -> object:
    """Return a *cell* of one code or several with each of *codes* as it was before."""
    if not codes or not isinstance(cell, str):
        return cell
    return re.sub(rf"\b({'|'.join(map(re.escape, codes))})\b", lambda found: codes[found[0]], cell)
