"""The language that a source is mainly in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import chain, islice

from ..profile import Profile
from ..queries.texts.recognise import languages_of

#: So many texts say what language a source is in.
ENOUGH = 1000


def language_of(profile: Profile, languages: Iterable[str | None] | None = None) -> str:
    """The language that the source states, else that of more than half of the texts that have one; empty: not known.

    Args:
        profile: the source.
        languages: the languages of its statements, where they have been recognised already.
    """
    stated = profile.facts.get("language")
    if isinstance(stated, str) and stated:
        return stated
    if languages is None:
        texts = profile.statements.texts or chain.from_iterable(profile.agents.texts)
        languages = languages_of(tuple(islice(texts, ENOUGH)))
    often = Counter(code for code in languages if code)
    code, number = next(iter(often.most_common(1)), ("", 0))
    return code if 2 * number > sum(often.values()) else ""
