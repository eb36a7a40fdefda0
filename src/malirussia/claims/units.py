"""Units of the audit: what may be compared with what, and by which factor.

Units are those of a registry of pint that holds what the tables count and nothing else. Every currency is a dimension
of its own, so that no money turns into another by itself: a check converts it, with :mod:`malirussia.money` or at a
rate that it names. The trend-indicator value (TIV) measures military volume and is no money.

>>> factor("hectares", "km2")
0.01
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pint import Unit, UnitRegistry

# Each a dimension of its own; pint adds the plural with s.
MONEY = ("USD", "EUR", "XOF", "MLF", "FRF", "SUR", "RUR", "RUB")
COUNTED = (
    "aircraft", "case", "death", "deal", "event", "flight", "institution", "item", "meeting", "object", "person",
    "rank", "school", "seat", "state", "student", "unit", "vehicle", "vote",
)  # fmt: skip
DEFINITIONS = (
    *(f"{name} = [{name}]" for name in (*MONEY, *COUNTED)),
    "@alias USD = usd",
    "@alias EUR = eur",
    "@alias XOF = xof",
    "country = [country] = _ = countries",
    # A school with n places is a school for n students.
    "place = student",
    "TIV = [military_volume]",
    "kilo- = 1000 = k-",
    "thousand = 1e3",
    "million = 1e6",
    "billion = 1e9",
    "percent = 0.01",
    "metre = [length] = m = meter",
    "foot = 0.3048 metre = _ = feet",
    "hectare = 10000 metre ** 2 = ha",
    "gram = [mass] = g",
    "tonne = 1000 kilogram = t",
    "litre = 0.001 metre ** 3 = l = liter",
    "year = [time]",
    "month = year / 12",
    "day = year / 365.25",
)


class UnitError(ValueError):
    """Two units measure different things, or one of them is not known."""


@cache
def _registry() -> UnitRegistry:
    try:
        from pint import UnitRegistry
    except ImportError:
        raise ImportError("the audit compares units with pint: pip install 'malirussia[analysis]'") from None
    registry: UnitRegistry = UnitRegistry(None)
    for definition in DEFINITIONS:
        registry.define(definition)
    return registry


@cache
def _unit(text: str) -> Unit:
    """Return the unit of a text as tables write it: ``million USD (current)``, ``t per year``, ``km2``."""
    plain = re.sub(r"[,(]?\s*\bcurrent\b\)?", "", text).replace("_", " ").replace(" per ", " / ").strip()
    plain = re.sub(r"(?<=[a-z])([23])\b", r"**\1", plain)
    registry = _registry()
    try:
        return registry.parse_units(plain)
    except Exception as error:
        known = ", ".join((*MONEY, *COUNTED[:3]))
        raise UnitError(f"the unit {text!r} is not known ({error}); held are lengths, weights, {known} …") from None


@cache
def factor(unit: str, into: str) -> float:
    """Return by what a number in *unit* is multiplied to be one in the unit *into*.

    Raises
    ------
    UnitError
        The two measure different things; the message names both. Or one of them is not known.
    """
    if unit == into:
        return 1.0
    one, other = _unit(unit), _unit(into)
    if one.dimensionality != other.dimensionality:
        raise UnitError(f"{unit!r} cannot be compared with {into!r}: they measure different things")
    return float(_registry().Quantity(1, one).to(other).magnitude)
