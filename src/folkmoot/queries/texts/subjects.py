"""Statements about the same subject: by words that go together in the conversation, and by how people answered."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...profile import Answers, IntArray
from .co_voters import CoVoters
from .cosine import Cosines, cosines
from .languages import LANGUAGES
from .words import grammar

LARGEST = 2000
"""Statements up to which subjects are looked for: the work is cubic in their number."""
_LEAST = 0.1  # cosine from which one text counts among the other's neighbours
_UNIT = 1024  # cosines are multiples of 1/_UNIT, so that sums of their products are exact
_SHARED, _KAPPA, _BOTH = 4, 27, 30  # hundredths, hundredths, people


def same_subject(
    texts: Sequence[str],
    answers: Answers,
    columns: IntArray,
    among: IntArray,
    languages: Sequence[str | None] = (),
) -> IntArray:
    """Pairs of statements that are about the same subject, int64 [n_pairs, 2], the earlier first, in order.

    Every text is described by its neighbours: the texts of the conversation with which its cosine is at least .10,
    itself among them. Two statements are about the same subject if the cosine of these descriptions is at least .04
    and the people who answered both (30 or more) answered them alike beyond chance (kappa at least .27). So "cable
    rates" and "Google Fiber" belong together without a word in common: other texts speak of both. Neither half would
    do alone: what everybody cares for is answered alike, and "the county needs" stands in texts about anything.

    This is looser than `near_duplicates`: such statements say different things and may well stand side by side. All
    comparisons are of whole numbers. With more than 2,000 statements none are looked for.

    Args:
        texts: the texts of m statements, also of those that may not be chosen: they tell which words go together.
        answers: the answers of the profile.
        columns: int64 [m] the statements' columns in the answers.
        among: int64, ascending: places of the statements of which pairs are wanted.
        languages: the code of every text's language or None; empty: no function words are left out.
    """
    none = np.zeros((0, 2), dtype=np.int64)
    if not 1 < len(texts) <= LARGEST:
        return none
    used = [LANGUAGES[code] for code in dict.fromkeys(languages) if code is not None]
    without = frozenset(word for language in used for word in language.words) | grammar(texts)
    pairs = among[_sharing(_neighbours(cosines(texts, without, _LEAST), len(texts))[among])]
    if not len(pairs):
        return none
    alike = CoVoters(answers, columns).of(pairs)
    return pairs[(alike.both >= _BOTH) & alike.beyond_chance(_KAPPA)]


def _neighbours(similar: Cosines, size: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """float64 [m, m] cosines in whole multiples of 1/1024: symmetric, 1024 on the diagonal, 0 below the least one."""
    first, second = similar.pairs.T
    # Roots and quotients are correctly rounded, so every machine has the same ones.
    cosine = np.rint(_UNIT * similar.dots / np.sqrt(similar.norms[first] * 1.0 * similar.norms[second]))
    rows = np.eye(size) * _UNIT
    rows[first, second] = rows[second, first] = cosine
    return rows


def _sharing(rows: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> IntArray:
    """int64 [n_pairs, 2]: pairs of rows with a cosine that is large enough."""
    # Sums of at most 2,000 products of 1024 * 1024 are whole numbers below 2**53, in whatever order they are added.
    product = rows @ rows.T
    norms = np.diag(product)
    one, other = np.nonzero(np.triu(product, 1))
    dots = product[one, other]
    near = 100.0 * dots >= _SHARED * np.sqrt(norms[one] * norms[other])
    return np.stack([one[near], other[near]], axis=1).astype(np.int64)
