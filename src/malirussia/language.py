"""The words, numbers and dates of the collection in a reader's language.

Words are looked up in gettext catalogues, ``locales/<language>/LC_MESSAGES/malirussia.mo``; what a catalogue does not
hold stays in English. Numbers and dates are written as Python's own format writes them, so that English needs nothing
else; for another language Babel says which symbols, spaces and names of months stand in their place.
"""

from __future__ import annotations

import datetime
import gettext
import numbers
import os
import re
import string
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from babel import Locale

CATALOGUES = Path(__file__).parent / "locales"
DOMAIN = "malirussia"
PSEUDO = "en-XA"
"""The language in which every text that goes through a catalogue is accented and stands in brackets: what is still
plain English there could not be translated."""

# A number as Python writes it, with its sign and per cent.
_NUMERAL = re.compile(r"(?:(?<!\d)-)?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?: ?%)?")
_NAMES = {"%B": "MMMM", "%b": "MMM", "%A": "EEEE", "%a": "EEE"}
_ACCENTS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "àƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýžÀƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽ",
)
# What is no word in a text: values to fill in, code, the address of a link, tags and entities of HTML.
_KEPT = re.compile(r"(\{[^{}]*\}|%\(\w+\)[sd]|`[^`]*`|\]\([^)]*\)|https?://[^\s)]+|</?\w[^>]*>|&#?\w+;)")


def N_(text: str) -> str:
    """Mark a word for the catalogues that is a key in the code and is translated where it is shown."""
    return text


class Phrase(str):
    """A text in English that remembers the template and the values it is made of, to be said in another language.

    For text that is made where no reader's language is known; :meth:`Language.phrase` says it.
    """

    template: str
    values: dict[str, object]

    def __new__(cls, template: str, **values: object) -> Phrase:
        made = super().__new__(cls, template.format(**values))
        made.template, made.values = template, values
        return made


class Language:
    """The language in which a collection speaks.

    Parameters
    ----------
    tag : str
        Like ``en`` or ``fr``; :data:`PSEUDO` for the language of tests.
    catalogues : path
        Folder of the catalogues.
    """

    def __init__(self, tag: str = "en", catalogues: str | Path = CATALOGUES):
        self.tag = tag
        self._catalogues = Path(catalogues)

    @cached_property
    def _words(self) -> gettext.NullTranslations:
        if self.tag == PSEUDO:
            return _Pseudo()
        return gettext.translation(DOMAIN, self._catalogues, [self.tag.replace("-", "_")], fallback=True)

    @cached_property
    def _locale(self) -> Locale | None:
        """What Babel knows of the language; None for English, which Python writes by itself."""
        if self.tag.partition("-")[0] == "en":
            return None
        from babel import Locale

        return Locale.parse(self.tag, sep="-")

    def gettext(self, text: str) -> str:
        """Return *text* in this language."""
        return self._words.gettext(text) if text else text

    def ngettext(self, one: str, many: str, number: int) -> str:
        """Return the text that goes with *number* of something in this language."""
        return self._words.ngettext(one, many, number)

    def phrase(self, value: object) -> object:
        """Return a :class:`Phrase` in this language; any other value comes from a table and stays as it is."""
        return self.fill(self.gettext(value.template), **value.values) if isinstance(value, Phrase) else value

    def fill(self, template: str, /, **values: object) -> str:
        """Fill *template* like :meth:`str.format`, with numbers and dates as this language writes them.

        Raises
        ------
        ValueError
            A value is missing.
        """
        return _Filler(self).vformat(template, (), values)

    def format(self, value: object, spec: str = "") -> str:
        """Return *value* as Python's format *spec* writes it, with the symbols and names of this language.

        A *spec* that ends in ``or none`` writes a count of zero as a word.

        >>> Language("fr").format(0.068, ".1%")
        '6,8\\xa0%'
        >>> Language().format(0, "or none")
        'none'
        """
        value = self.phrase(value)
        if spec.endswith("or none"):
            return self.format(value, spec.removesuffix("or none")) if value else self.gettext("none")
        if self.tag == PSEUDO and isinstance(value, datetime.date):
            return format(value, spec).translate(_ACCENTS)
        if self._locale is None:
            return format(value, spec)
        if isinstance(value, datetime.date):
            return format(value, re.sub("%[BbAa]", lambda found: self._name(found[0], value), spec))
        text = format(value, spec)
        return self.numerals(text) if isinstance(value, numbers.Number) and not isinstance(value, bool) else text

    def _name(self, directive: str, date: datetime.date) -> str:
        from babel.dates import format_date

        return format_date(date, _NAMES[directive], self._locale)

    def numerals(self, text: str) -> str:
        """Return *text* with the numbers in it, written by Python, as this language writes them."""
        locale = self._locale
        return text if locale is None else _NUMERAL.sub(lambda found: _numeral(found[0], locale), text)


def _numeral(text: str, locale: Locale) -> str:
    from babel.numbers import get_decimal_symbol, get_group_symbol, get_minus_sign_symbol

    symbols = {".": get_decimal_symbol, ",": get_group_symbol, "-": get_minus_sign_symbol}
    made = "".join(symbols[sign](locale) if sign in symbols else sign for sign in text.rstrip(" %"))
    if not text.endswith("%"):
        return made
    pattern = locale.percent_formats[None]
    return f"{pattern.prefix[0]}{made}{pattern.suffix[0]}"


ENGLISH = Language()


def reader_language() -> Language:
    """Return the language that the environment variable ``MALIRUSSIA_LANGUAGE`` names; English without it."""
    return Language(os.environ.get("MALIRUSSIA_LANGUAGE", "en"))


class _Filler(string.Formatter):
    """Fill a template with values as a language writes them."""

    def __init__(self, language: Language):
        self._language = language

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:
        if key not in kwargs:
            raise ValueError(f"no value given for {key!r}")
        return kwargs[key]

    def format_field(self, value: object, format_spec: str) -> str:
        return self._language.format(value, format_spec)


class _Pseudo(gettext.NullTranslations):
    """A catalogue that holds every text there is."""

    def gettext(self, message: str) -> str:
        if message.startswith("⟦"):
            return message  # said already, like a label that is drawn in a figure
        parts = _KEPT.split(message)
        parts[::2] = [part.translate(_ACCENTS) for part in parts[::2]]
        return f"⟦{''.join(parts)}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)
