"""Recognises the language of a text by lists of function words; None where it is not clear."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from .languages import LANGUAGES
from .words import KEPT, tokens

LEAST = 2
"""Function words that a text needs to be recognised by itself."""


def languages_of(texts: Sequence[str]) -> tuple[str | None, ...]:
    """Code of the language of every text of one conversation, None where it is not clear.

    A text speaks for a language if it has at least two of its function words and half as many again as of any other.
    A language is one of the conversation's if a tenth of those texts (and at least two, or the only one) speak for it.
    A text that speaks for none counts to the language that at least four fifths of the others speak for, unless it has
    words of another language and none of that one. In integers throughout.

    Args:
        texts: the texts of the conversation's statements; the fewer, the less is recognised.

    Returns:
        One entry for each text: a key of `languages.LANGUAGES` or None.

    >>> languages_of(["We need more of the buses in the evening.", "I live on Lopez.", "Parks!"])
    ('en', 'en', 'en')
    >>> languages_of(["Lisää busseja iltaan", "Enemmän puita kaupunkiin"])
    (None, None)
    """
    counts = [_hits(text) for text in texts]
    own = [_clear(text) for text in texts]
    speaking = Counter(code for code in own if code)
    total = sum(speaking.values())
    known = {code for code, n in speaking.items() if 10 * n >= total and (n >= 2 or total == 1)}
    main = next((code for code, n in speaking.most_common(1) if 5 * n >= 4 * total and code in known), None)
    return tuple(
        code if code in known else main if code is None and _may_be(count, main) else None
        for code, count in zip(own, counts, strict=True)
    )


@lru_cache(maxsize=KEPT)
def _hits(text: str) -> Mapping[str, int]:
    words = tokens(text)
    return {code: sum(map(language.words.__contains__, words)) for code, language in LANGUAGES.items()}


@lru_cache(maxsize=KEPT)
def _clear(text: str) -> str | None:
    (first, most), (_, next_) = Counter(_hits(text)).most_common(2)
    return first if most >= LEAST and 2 * most >= 3 * next_ else None


def _may_be(count: Mapping[str, int], main: str | None) -> bool:
    return main is not None and (count[main] > 0 or not any(count.values()))
