"""Plain values on their way out of a kernel: what a student's code gives, without the code.

The kernel that runs a submission calls :func:`give`, which writes a value as JSON; the process that grades reads it
with :func:`decode`. What arrives there are numbers, texts, dates, collections of these, arrays and tables, made anew:
no method, no class and no function of the student's comes along. A function stays in the kernel, and is asked there
with :func:`answer`.
"""

from __future__ import annotations

import datetime
import itertools
import json
import math
import re
import types
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

MIME = "application/vnd.malirussia.answer+json"
MOST = 100_000  # values in one answer; the largest that a lesson asks for has some hundreds
DEPTH = 4
_TYPE = re.compile(r"bool(ean)?|[uU]?[iI]nt\d+|[fF]loat\d+|str|category|datetime64\[(s|ms|us|ns)(, UTC)?\]")
_held: dict[str, Callable] = {}


class Stranger:
    """Stands for a value that is none of the plain ones; its class bears the name of the one it had."""


def encode(value: Any, depth: int = 0) -> Any:
    """Return *value* in lists, dictionaries, texts and numbers that JSON can hold; what is not plain as its type."""
    if value is None or value is ...:
        return None
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(value)
    if isinstance(value, str):
        return str(value)
    if value is pd.NA or value is pd.NaT:
        return math.nan
    if isinstance(value, datetime.date | np.datetime64):
        return {"time": pd.Timestamp(value).isoformat()}
    if depth > DEPTH or isinstance(value, type):
        return {"other": type(value).__name__}
    if isinstance(value, pd.DataFrame):
        levels = [value.index.get_level_values(level) for level in range(value.index.nlevels)]
        columns = [value.iloc[:, place] for place in range(value.shape[1])]
        names = [encode(name, depth + 1) for name in (*value.index.names, *value.columns)]
        return {"table": [[_column(one) for one in (*levels, *columns)], names, len(levels)]}
    if isinstance(value, pd.Series):
        return {"series": encode(value.to_frame(), depth), "name": encode(value.name, depth + 1)}
    if isinstance(value, pd.Index):
        return {"index": encode(value.to_frame(index=False), depth)}
    if isinstance(value, np.ndarray):
        return {"array": [encode(one, depth + 1) for one in value.ravel()[:MOST]], "shape": value.shape}
    if isinstance(value, Mapping):
        return {"dict": [[encode(one, depth + 1) for one in pair] for pair in itertools.islice(value.items(), MOST)]}
    if isinstance(value, Iterable):
        kind = {tuple: "tuple", set: "set", frozenset: "set"}.get(type(value), "list")
        return {kind: [encode(one, depth + 1) for one in itertools.islice(value, MOST)]}
    return {"function": True} if callable(value) else {"other": type(value).__name__}


def _column(column: pd.Series | pd.Index) -> list[Any]:
    return [str(column.dtype), [encode(one, 2) for one in column.astype(object)]]


def decode(data: Any, function: Callable | None = None) -> Any:
    """Make the value anew that :func:`encode` has written; *function* stands for one."""
    if not isinstance(data, dict):
        return data
    kind, held = next(iter(data.items()))
    match kind:
        case "time":
            return pd.Timestamp(held)
        case "table":
            columns, names, levels = held
            names = [tuple(name) if isinstance(name, list) else name for name in map(decode, names)]
            made = [_series(*column) for column in columns]
            frame = pd.DataFrame(dict(enumerate(made[levels:])), index=made[0].index).set_axis(names[levels:], axis=1)
            return frame.set_axis(
                pd.MultiIndex.from_arrays(made[:levels]) if levels > 1 else pd.Index(made[0])
            ).rename_axis(index=names[:levels])
        case "series":
            return decode(held).iloc[:, 0].rename(decode(data["name"]))
        case "index":
            frame = decode(held)
            return pd.MultiIndex.from_frame(frame) if frame.shape[1] > 1 else pd.Index(frame.iloc[:, 0])
        case "array":
            return np.array([decode(one) for one in held]).reshape(data["shape"])
        case "dict":
            return {decode(key): decode(one) for key, one in held}
        case "list" | "tuple" | "set":
            return {"list": list, "tuple": tuple, "set": set}[kind](decode(one) for one in held)
        case "function":
            return function
    return type(str(held), (Stranger,), {})()


def _series(kind: str, values: list[Any]) -> pd.Series:
    made = pd.Series([decode(one) for one in values], dtype=object)
    return made.astype(kind) if _TYPE.fullmatch(kind) else made


def give(name: str, memory: Mapping[str, Any]) -> None:
    """Show the value that is called *name* in *memory*, and keep it as it is now when it is a function."""
    value = memory.get(name)
    if isinstance(value, types.FunctionType):
        # With the names of this moment: a later cell may change what it looks up.
        _held[name] = types.FunctionType(
            value.__code__, dict(value.__globals__), name, value.__defaults__, value.__closure__
        )
        _held[name].__kwdefaults__ = value.__kwdefaults__
    elif callable(value):
        _held[name] = value
    _show({"absent": True} if name not in memory else {"value": encode(value)})


def answer(name: str, arguments: str) -> None:
    """Ask the function that :func:`give` has kept as *name*; each call gets *arguments* of its own."""
    try:
        _show({"value": encode(_held[name](*decode(json.loads(arguments))))})
    except Exception as error:
        _show({"raised": type(error).__name__})


def _show(data: dict[str, Any]) -> None:
    from IPython.display import display

    display({MIME: json.dumps(data)}, raw=True)
