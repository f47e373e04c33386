"""Statements that say nearly the same, by the words they share."""

from __future__ import annotations

from collections.abc import Sequence

from .words import pieces, tokens

# Statements that share this much of their words (Jaccard index of the sets of lower-case tokens) are near-duplicates.
NEAR = 0.6


def near_pairs(texts: Sequence[str], near: float = NEAR) -> tuple[tuple[int, int], ...]:
    """Pairs of statements that share at least ``near`` of their words; O(m^2) comparisons of small sets.

    >>> near_pairs(["More buses, now!", "Fewer cars.", "more buses now"])
    ((0, 2),)
    >>> near_pairs(["应该多种一些树", "减少汽车", "应该多种一些树吧。"])
    ((0, 2),)
    """
    words = [_words(text) for text in texts]
    return tuple(
        (before, at)
        for at, one in enumerate(words)
        for before, other in enumerate(words[:at])
        if len(one & other) >= near * len(one | other)
    )


def _words(text: str) -> frozenset[str]:
    """The different words of a text, and what stands for words where there are no blanks between them."""
    unbroken = pieces(text)
    rest = tokens(text) if unbroken else (word.strip(".,;:!?\"'()").lower() for word in text.split())
    return frozenset([*unbroken, *rest]) - {""}


def near_duplicates(texts: Sequence[str], near: float = NEAR) -> int:
    """Number of statements that are near-duplicates of an earlier one.

    >>> near_duplicates(["More buses, now!", "more buses now", "Fewer cars."])
    1
    """
    return len({at for _, at in near_pairs(texts, near)})
