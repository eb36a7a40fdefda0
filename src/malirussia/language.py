"""The words of the collection in a reader's language."""

from __future__ import annotations

import gettext
from functools import cached_property
from pathlib import Path

CATALOGUES = Path(__file__).parent / "locales"


class Language:
    """The language in which a collection speaks.

    Parameters
    ----------
    tag : str
        Like ``en`` or ``fr``. What its catalogue does not hold stays in English.
    """

    def __init__(self, tag: str = "en"):
        self.tag = tag

    @cached_property
    def _words(self) -> gettext.NullTranslations:
        return gettext.translation("malirussia", CATALOGUES, [self.tag], fallback=True)

    def gettext(self, text: str) -> str:
        """Return *text* in this language."""
        return self._words.gettext(text) if text else text
