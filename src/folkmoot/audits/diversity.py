"""How different the statements of a slate are: as texts, as meanings, and as votes.

Texts: after Kirk et al. 2024 (expectation-adjusted distinct n-grams) and Shaib et al. 2024, "Standardizing the
Measurement of Text Diversity" (compression ratio, self-repetition, n-gram diversity). All of them fall or rise with
the length of texts, so texts are cut to the length of the shortest first. Meanings: Shypula et al. 2025, "Evaluating
the Diversity and Quality of LLM Generated Content" (effective semantic diversity); Friedman and Dieng 2023 (Vendi
score).
"""

from __future__ import annotations

import bz2
import gzip
import math
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..profile import BoolArray, FloatArray, IntArray
from ..queries.texts.clauses import UNSPACED

#: Size of the vocabulary that the expected number of distinct n-grams is taken from (GPT-2's, as the papers' code has).
VOCABULARY = 50_257
LONGEST = 5
Tokens = tuple[str, ...]


def tokens(text: str) -> Tokens:
    """Words in lower case without punctuation at their ends; in scripts without spaces, characters.

    >>> tokens("More BUSES, please!"), tokens("公園を。")
    (('more', 'buses', 'please'), ('公', '園', 'を'))
    """
    words: list[str] = []
    for word in text.lower().split():
        if UNSPACED.search(word):
            parts = UNSPACED.sub(lambda character: f" {character.group()} ", word).split()
        else:
            parts = [word]
        words += [bare for part in parts if (bare := _bare(part))]
    return tuple(words)


def _bare(word: str) -> str:
    """The word without punctuation and symbols at its ends."""
    inside = [at for at, c in enumerate(word) if unicodedata.category(c)[0] not in "PSZC"]
    return word[inside[0] : inside[-1] + 1] if inside else ""


class Matched(NamedTuple):
    """Texts cut to one length.

    Args:
        texts: the texts, of ``length`` tokens each.
        length: the number of tokens they were cut to.
        cut: the number of tokens that were cut off in all.
        short: the number of texts that were too short and left out.
    """

    texts: tuple[Tokens, ...]
    length: int
    cut: int
    short: int


def matched(texts: Sequence[Tokens], *, at_least: int = 1, at: int = 0) -> Matched:
    """Cuts texts to the length of the shortest.

    Args:
        texts: the texts to be compared.
        at_least: texts with fewer tokens are left out, unless fewer than two texts would remain; those without any
            always are.
        at: the length, where it is given already; shorter texts are left out.

    >>> matched([("a", "b", "c"), ("d",), ("e", "f")], at_least=2)
    Matched(texts=(('a', 'b'), ('e', 'f')), length=2, cut=1, short=1)
    """
    kept = [text for text in texts if len(text) >= max(at or at_least, 1)]
    if not at and len(kept) < 2:
        kept = [text for text in texts if text]
    length = at or min(map(len, kept), default=0)
    cut = sum(len(text) - length for text in kept)
    return Matched(tuple(text[:length] for text in kept), length, cut, len(texts) - len(kept))


def _ngrams(text: Tokens, n: int) -> list[Tokens]:
    return [text[at : at + n] for at in range(len(text) - n + 1)]


def distinct(texts: Sequence[Tokens], n: int) -> float:
    """Distinct n-grams over all n-grams; nan where there are none.

    >>> distinct([("a", "b"), ("a", "c")], 1)
    0.75
    """
    grams = [gram for text in texts for gram in _ngrams(text, n)]
    return len(set(grams)) / len(grams) if grams else float("nan")


def adjusted(texts: Sequence[Tokens], longest: int = LONGEST, vocabulary: int = VOCABULARY) -> float:
    """Expectation-adjusted distinct n-grams (EAD), the mean over n = 1..longest; can exceed 1, so compare only.

    ``N / (V (1 - ((V - 1) / V)^C))``: distinct n-grams N over how many distinct ones C draws from a vocabulary of V
    would have. Lengths of n-gram that no text has are left out; nan where none is left.
    """
    ratios = [one for n in range(1, longest + 1) if not math.isnan(one := adjusted_at(texts, n, vocabulary))]
    return sum(ratios) / len(ratios) if ratios else float("nan")


def adjusted_at(texts: Sequence[Tokens], n: int, vocabulary: int = VOCABULARY) -> float:
    """EAD of one length of n-gram.

    >>> adjusted_at([("a", "b", "a")], 1).__round__(4)
    0.6667
    """
    grams = [gram for text in texts for gram in _ngrams(text, n)]
    if not grams:
        return float("nan")
    # V (1 - (1 - 1/V)^C) without losing digits where C is small beside V.
    expected = -vocabulary * math.expm1(len(grams) * math.log1p(-1.0 / vocabulary))
    return len(set(grams)) / expected


def ngram_diversity(texts: Sequence[Tokens], longest: int = 4) -> float:
    """Sum of distinct-n over n = 1..longest; lengths that no text has are left out, nan where none is left."""
    ratios = [one for n in range(1, longest + 1) if not math.isnan(one := distinct(texts, n))]
    return sum(ratios) if ratios else float("nan")


def compression_ratio(texts: Sequence[Tokens], how: str = "gzip") -> float:
    """Bytes over compressed bytes, compressed once; higher is more redundant; nan without text.

    Args:
        texts: the texts, which are compressed one below the other.
        how: ``gzip``, as the papers have it, or ``bzip2``, whose output is the same in every build of it: builds of
            gzip differ in a few bytes, which a record that has to come out again cannot have.
    """
    raw = "\n".join(" ".join(text) for text in texts).encode("utf-8", "replace")
    if not raw:
        return float("nan")
    packed = gzip.compress(raw, mtime=0) if how == "gzip" else bz2.compress(raw)
    return len(raw) / len(packed)


def self_repetition(texts: Sequence[Tokens], n: int = 4) -> float:
    """Mean over texts of log(1 + how often their n-grams occur in the other texts); nan where no text has one.

    >>> self_repetition([("a", "b"), ("a", "b"), ("c", "d")], 2).__round__(4)
    0.4621
    """
    grams = [_ngrams(text, n) for text in texts]
    if not any(grams):
        return float("nan")
    everywhere = Counter(gram for one in grams for gram in one)
    repetitions = []
    for one in grams:
        here = Counter(one)
        repetitions.append(math.log1p(sum(everywhere[gram] - here[gram] for gram in here)))
    return sum(repetitions) / len(repetitions)


def semantic(vectors: FloatArray) -> float:
    """1 - mean cosine of pairs of texts, 0 (all mean the same) to 2; nan for fewer than two texts with a vector.

    Args:
        vectors: float64 [k, d], one vector a text; rows of zeros (empty texts) are left out.
    """
    unit = _unit(vectors)
    k = len(unit)
    if k < 2:
        return float("nan")
    whole = unit.sum(axis=0)
    return 1.0 - float(((whole * whole).sum() - k) / (k * (k - 1)))


def vendi(vectors: FloatArray) -> float:
    """Vendi score: how many different texts it amounts to, 1 to k; exp of the entropy of the eigenvalues of K / k.

    Args:
        vectors: float64 [k, d], one vector a text; K holds their cosines. Rows of zeros are left out.
    """
    unit = _unit(vectors)
    if not len(unit):
        return float("nan")
    values = np.linalg.eigvalsh(np.einsum("id,jd->ij", unit, unit) / len(unit))
    values = values[values > 1e-12]
    return float(np.exp(-(values * np.log(values)).sum()))


def _unit(vectors: FloatArray) -> FloatArray:
    norms = np.sqrt(np.square(vectors).sum(axis=1, keepdims=True))
    kept = norms[:, 0] > 0
    return np.asarray(vectors[kept] / norms[kept])


class Effective(NamedTuple):
    """Diversity among statements that somebody stands behind.

    Args:
        pairs: the share of pairs of statements that are both valid and of different classes (Div_pair).
        classes: the number of classes with a valid statement, over the number of statements (Div_fixed).
        valid: the share of the statements that are valid.
    """

    pairs: float
    classes: float
    valid: float


def effective(label: IntArray, valid: BoolArray) -> Effective:
    """Effective semantic diversity; two draws are two different statements.

    Args:
        label: int64 [k], the class of every statement.
        valid: bool [k], whether each statement is valid.

    >>> effective(np.array([0, 0, 1]), np.array([True, True, False])).classes.__round__(3)
    0.333
    """
    k = len(label)
    if not k:
        return Effective(float("nan"), float("nan"), float("nan"))
    both = valid[:, None] & valid[None, :] & (label[:, None] != label[None, :])
    pairs = float(both.sum() / (k * (k - 1))) if k > 1 else float("nan")
    return Effective(pairs, len(set(label[valid].tolist())) / k, float(valid.mean()))


def vote_patterns(utilities: FloatArray, masses: IntArray, alike: float) -> IntArray:
    """int64 [k]: classes of statements; those that people answer alike are of one class (single linkage).

    Args:
        utilities: float64 [n, k], people's utilities for the statements, on any scale.
        masses: int64 [n], the mass of every person.
        alike: the correlation over people from which two statements are of one class; a statement on which all agree
            varies with nothing and is alike only to others of that kind.
    """
    weight = masses / masses.sum()
    away = utilities - np.einsum("n,nk->k", weight, utilities)
    cov = np.einsum("n,ni,nj->ij", weight, away, away)
    spread = np.sqrt(np.diag(cov))
    flat = spread <= 1e-9
    scale = np.where(flat, 1.0, spread)
    same = (cov / np.outer(scale, scale) >= alike) | np.outer(flat, flat)
    label = np.arange(len(cov))
    for one in range(len(cov)):
        for other in np.flatnonzero(same[one]):
            label[label == label[other]] = label[one]
    return np.asarray(np.unique(label, return_inverse=True)[1], dtype=np.int64)
