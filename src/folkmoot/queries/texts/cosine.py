"""The likeness of texts by their words: TF-IDF of stems, in integers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from ...profile import IntArray
from .words import STEM, stems

MOST = 2
"""Times that a stem counts in one text at most."""
_UNIT = 64  # weights are multiples of 1/_UNIT, so that sums of their products are exact
_PRODUCTS = 1 << 17  # pairs of texts, and of stems that they share, looked at together


@dataclass(frozen=True)
class Cosines:
    """Pairs of texts that share words, each with an exact cosine.

    Args:
        pairs: int64 [n_pairs, 2] the pairs, the earlier text first, in order.
        dots: int64 [n_pairs] the dot product of the two weight vectors.
        norms: int64 [n_texts] the dot product of every text's weights with themselves; 0: no words.
        same: bool as int64 [n_pairs], 1 where both texts have exactly the same stems, as often.
    """

    pairs: IntArray
    dots: IntArray
    norms: IntArray
    same: IntArray

    def at_least(self, hundredths: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """bool [n_pairs]: cosine of at least so many hundredths, compared in whole numbers.

        Args:
            hundredths: the bound in hundredths, 0 to 100.
        """
        first, second = self.pairs.T
        # Python's integers: the squares do not fit into 64 bits where texts are long.
        reached = [
            (100 * dot) ** 2 >= hundredths**2 * one * other
            for dot, one, other in zip(
                self.dots.tolist(), self.norms[first].tolist(), self.norms[second].tolist(), strict=True
            )
        ]
        return np.array(reached, dtype=bool)


def cosines(texts: Sequence[str], without: Collection[str] = (), least: float = 0.2) -> Cosines:
    """Cosines of the TF-IDF weights of all pairs of texts for which it is not too small.

    A stem's weight is the logarithm of (number of texts / texts that have it), rounded to 1/64, times how often it
    occurs, at most twice: whole numbers, so that products and their comparisons are exact and the same everywhere.
    A stem that every text has weighs 1/64, so that equal texts are equal even where there are only they. A longer word
    that begins with a whole word of five letters counts as that word: "riverfront" as "river", "robotics" as "robot".

    Args:
        texts: the texts of m statements.
        without: the function words that are left out.
        least: the smallest cosine; pairs below are left out (some that are a little below may stay).

    Raises:
        ValueError: ``least`` is not positive: every pair would be listed.
    """
    if least <= 0:
        raise ValueError("least must be positive")
    written = [stems(text, without) for text in texts]
    counted = _joined(written)
    kinds = {stem: at for at, stem in enumerate(dict.fromkeys(stem for count in counted for stem in count))}
    row = np.array([at for at, count in enumerate(counted) for _ in count], dtype=np.int64)
    stem = np.array([kinds[each] for count in counted for each in count], dtype=np.int64)
    often = np.array([min(times, MOST) for count in counted for times in count.values()], dtype=np.int64)
    having = np.bincount(stem, minlength=len(kinds))
    weight = np.array([max(round(_UNIT * math.log(len(texts) / n)), 1) for n in having.tolist()], dtype=np.int64)
    value = often * weight[stem] if len(stem) else often
    norms = np.bincount(row, value.astype(np.float64) ** 2, minlength=len(texts)).astype(np.int64)
    order = np.argsort(stem, kind="stable")  # by stem, texts in order
    begin = np.searchsorted(stem[order], np.arange(len(kinds) + 1))
    starts = np.searchsorted(row, np.arange(len(texts) + 1))
    pairs = [np.zeros((0, 2), dtype=np.int64)]
    dots = [np.zeros(0, dtype=np.int64)]
    size = len(texts)
    load = np.concatenate([[0], np.cumsum(np.bincount(row, having[stem], size) + size)])
    first = 0
    while first < size:
        # So many texts that what is worked on together is bounded, and at least one.
        last = max(first + 1, int(np.searchsorted(load, load[first] + _PRODUCTS, side="right")) - 1)
        own = slice(int(starts[first]), int(starts[last]))
        # Each stem of these texts beside every text that has it.
        others = begin[stem[own] + 1] - begin[stem[own]]
        within = np.arange(int(others.sum())) - np.repeat(np.cumsum(others) - others, others)
        places = order[np.repeat(begin[stem[own]], others) + within]
        products = (np.repeat(value[own], others) * value[places]).astype(np.float64)  # added up far below 2**53
        cells = np.repeat((row[own] - first) * size, others) + row[places]
        dot = np.bincount(cells, products, (last - first) * size).reshape(-1, size)
        near = (dot > 0) & (dot >= (least - 1e-9) * np.sqrt(norms[first:last, None] * 1.0 * norms))
        near &= np.arange(size) > np.arange(first, last)[:, None]
        one, other = np.nonzero(near)
        pairs.append(np.stack([one + first, other], axis=1))
        dots.append(dot[one, other].astype(np.int64))
        first = last
    all_pairs = np.concatenate(pairs)
    kind: dict[frozenset[tuple[str, int]], int] = {}
    alike = np.array([kind.setdefault(frozenset(count.items()), len(kind)) for count in written], dtype=np.int64)
    same = (alike[all_pairs[:, 0]] == alike[all_pairs[:, 1]]).astype(np.int64)
    return Cosines(all_pairs, np.concatenate(dots), norms, same)


def _joined(written: Sequence[Counter[str]]) -> list[Counter[str]]:
    """Stems with those joined of which one is a whole word and the other the beginning of a longer one."""
    words = {stem for count in written for stem in count if len(stem) == STEM - 1}
    joined = [Counter[str]() for _ in written]
    for into, count in zip(joined, written, strict=True):
        for stem, times in count.items():
            into[stem[:-1] if len(stem) == STEM and stem[:-1] in words else stem] += times
    return joined
