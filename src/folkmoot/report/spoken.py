"""The language of what is written about a slate: the one that is asked for, that of the source, or English."""

from __future__ import annotations

from ..profile import Slate
from ..slates.recorded import recorded
from .translations import Words, known, words


def speech(slate: Slate, lang: str = "") -> Words:
    """The language of a slate's review page and summary, as that of its page for the public.

    Args:
        slate: the slate with its record.
        lang: the language that is asked for; empty: that of the source if there is a translation, else English.

    Raises:
        InputError: if there is no catalogue for the language that is asked for.
    """
    if lang:
        return words(lang)
    audit = recorded(slate).audit
    source = "" if audit is None or audit.public is None else audit.public.language
    return spoken(source)


def spoken(code: str) -> Words:
    """The words of a language if there are any, else English."""
    return words(code if code and known(code) else "en")
