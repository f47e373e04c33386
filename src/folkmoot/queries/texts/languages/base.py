"""Data about a language: function words, negations, and rules about the speaker."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property


class Rule:
    """A pattern that is compiled when it is first looked for: most conversations speak one of the languages.

    Args:
        pattern: a regular expression, in the form that `words.plain` gives a text.
    """

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    def match(self, text: str) -> re.Match[str] | None:
        """The match at the start of a text."""
        return self._compiled.match(text)

    def search(self, text: str, start: int = 0) -> re.Match[str] | None:
        """The first match from a place of a text on."""
        return self._compiled.search(text, start)


@dataclass(frozen=True)
class Speaker:
    """Openings by which a statement speaks about whoever wrote it; each is matched at the start of a sentence.

    Args:
        fact: who or what the speaker is, where the speaker lives, works, what the speaker owns. A statement that opens
            with one is about the speaker even where an opinion follows: nobody else can answer both halves at once.
        habit: what the speaker does, did, knows or has read. About the speaker unless `demand` is found anywhere, or
            `view` after `turn`, or another sentence that is not about the speaker.
        demand: words of a wish, a demand or a verdict.
        turn: words after which a statement goes on to something else (but, because).
        view: words that judge or feel.
    """

    fact: Rule
    habit: Rule
    demand: Rule
    turn: Rule
    view: Rule


@dataclass(frozen=True)
class Language:
    """A language that texts are recognised in.

    Args:
        code: the code of ISO 639-1.
        name: the name in English.
        words: its function words in lower case: articles, pronouns, prepositions, auxiliaries, and negations.
        negations: words, `words` among them or not, that turn a statement round; they always count as content.
        speaker: the rules about the speaker; None: there are none for this language.
        compounds: whether words are joined without a blank ("Straßenbeleuchtung"), so that a long one
            says as much as two.
    """

    code: str
    name: str
    words: frozenset[str]
    negations: frozenset[str] = frozenset()
    speaker: Speaker | None = None
    compounds: bool = False


def split(text: str) -> frozenset[str]:
    """Words between blanks as a set, in the form that `words.plain` gives a text (ss for ß)."""
    return frozenset(text.casefold().split())


def any_of(words: str | Iterable[str]) -> Rule:
    """A pattern that finds any of these words.

    One that ends in ``-`` finds every word that begins so; ``_`` is a blank.

    >>> bool(any_of("must wast-").search("a wasted vote")), bool(any_of("must").search("mustard"))
    (True, False)
    """
    listed = words.casefold().split() if isinstance(words, str) else [word.casefold() for word in words]
    parts = [
        re.escape(word.rstrip("-")).replace("_", r"\s") + (r"\w*" if word.endswith("-") else "") for word in listed
    ]
    return Rule(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")


def one_of(words: str) -> str:
    """Part of a pattern for `opening`: one of these words or parts of patterns between blanks; ``_`` is a blank."""
    return f"(?:{'|'.join(words.split())})".replace("_", r"\s+")


def opening(*parts: str) -> Rule:
    """A pattern for the beginning of a sentence: any of these, each up to the end of a word."""
    return Rule(rf"(?:{'|'.join(parts)})(?!\w)".casefold())
