"""Statements that say nearly the same: by their words, and by how the people who answered both answered them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from math import isqrt
from unicodedata import combining

import numpy as np

from ...profile import Answers, BoolArray, IntArray
from .co_voters import CoVoters
from .cosine import cosines
from .languages import LANGUAGES
from .words import amounts, pieces, plain, tokens

MANY, SOME = 30, 10
"""People who answered both statements: enough to tell how alike they are to a reader, and to say anything at all."""
_NUMBERED = re.compile(r"^\W*\d{1,3}[.):]\s+")  # of a list: no amount
#: What negates in Chinese, Japanese, Thai, Lao and Khmer, whose words are not told apart: too many are better than few,
#: for a statement and its contrary differ in one character and are no duplicates.
_UNBROKEN = re.compile("[不没沒無无非勿未禁]|反对|反對|反対|拒|ない|なく|ません|ぬ|ไม่|ห้าม|อย่า|ບໍ່|ຫ້າມ|មិន|កុំ|ហាម")
_LEAST = 0.2
_PAIRS, _STATEMENTS = 50, 1000
_WORK = 1 << 29  # statements squared times 64 people that the percentile looks at


@dataclass(frozen=True)
class NearDuplicates:
    """Which statements say nearly the same.

    Args:
        pairs: int64 [n_pairs, 2] the places of near-duplicates, the earlier first, in order. Nearness is no
            equivalence: a may be near b, and b near c, without a being near c.
        size: the number of statements that were compared.
    """

    pairs: IntArray
    size: int

    def near(self, place: int) -> IntArray:
        """int64: places of the statements near this one, in order, without itself."""
        one, other = self.pairs.T
        return np.sort(np.concatenate([other[one == place], one[other == place]]))

    def spoken_for(self, order: Iterable[int], always: Collection[int] = ()) -> IntArray:
        """The statement that is kept in place of each one, int64 [size], -1 for a statement that is kept itself.

        In that order every statement is kept unless it is near one that is already kept; then the first kept of
        those stands for it. So no chains arise: whatever is removed is itself near the statement that stands for it,
        and no two kept ones are near, those of ``always`` excepted.

        Args:
            order: the places of statements, those to be kept first; a place that is not in it is not compared.
            always: the places that are kept whatever they are near, before all others.
        """
        beside: dict[int, list[int]] = {}
        for one, other in self.pairs.tolist():
            beside.setdefault(one, []).append(other)
            beside.setdefault(other, []).append(one)
        speaker = np.full(self.size, -1, dtype=np.int64)
        rank: dict[int, int] = {}
        for place in [*always, *(place for place in order if place not in set(always))]:
            kept = [other for other in beside.get(place, ()) if other in rank]
            if kept and place not in always:
                speaker[place] = min(kept, key=rank.__getitem__)
            else:
                rank[place] = len(rank)
        return speaker


def near_duplicates(
    texts: Sequence[str],
    answers: Answers,
    columns: IntArray,
    languages: Sequence[str | None] = (),
) -> NearDuplicates:
    """Finds near-duplicates by comparing every two statements.

    With cos the cosine of the TF-IDF weights of their stems (`cosine.cosines`), co the people who answered both, alike
    the likeness of their answers and kappa the same beyond chance (`co_voters.Alike`), two statements are near

    * if they are the same text but for case and punctuation;
    * with co >= 10, if on average neither is answered better by more than a tenth of the scale, and one of these holds:
      cos >= .20, co >= 30, alike >= max(.85, 99th percentile of alike over all pairs with co >= 30) and kappa >= .35
      (.50 below cos .30); cos >= .40, alike >= .85 and kappa >= .50; cos >= .45, alike >= .80 and kappa >= .25;
      cos >= .55 or the same stems, alike >= .70 and kappa >= .35; where a negation stands in one of the two only, kappa
      has to be at least .50;
    * with co < 10, if cos >= .55 or the stems are the same, and both or neither have a negation, and the same numbers.

    Two texts that both name numbers, but not one in common, are never near: they ask for different amounts. What the
    answers have to show beyond being alike keeps statements apart that everybody agrees with and that are about the
    same subject only, and a bolder statement from a milder one ("medical" and "recreational", one answered better). In
    conversations of the Austrian climate council nine sentences were put to people twice, in the same words: alike was
    .89 to .94 there, kappa .50 to .86 (median .76). All comparisons are of whole numbers.

    Args:
        texts: the texts of m statements.
        answers: the answers of the profile.
        columns: int64 [m] the statements' columns in the answers.
        languages: the code of every text's language or None (`recognise.languages_of`); empty: no function words are
            left out.
    """
    texts = [_NUMBERED.sub("", text) for text in texts]
    used = [LANGUAGES[code] for code in dict.fromkeys(languages) if code is not None]
    negations = frozenset(word for language in used for word in language.negations)
    without = frozenset(word for language in used for word in language.words) - negations
    similar = cosines(texts, without, _LEAST)
    voters = CoVoters(answers, columns)
    alike = voters.of(similar.pairs)
    people = int(answers.agent[-1]) + 1 if len(answers) else 0
    # Where very many people answered, fewer statements tell the percentile as well.
    parts, of = voters.quantile(99, MANY, min(_STATEMENTS, isqrt(_WORK // (people // 64 + 1))), _PAIRS)
    if not len(similar.pairs):
        return NearDuplicates(similar.pairs, len(texts))
    cos = {hundredths: similar.at_least(hundredths) for hundredths in (20, 30, 40, 45, 55)}
    close = cos[55] | (similar.same > 0)
    kappa = {hundredths: alike.beyond_chance(hundredths) for hundredths in (25, 35, 50)}
    turned = _pairwise([_negating(text, negations) for text in texts], similar.pairs, _one_has_some)
    named = [amounts(text) for text in texts]
    alike_enough = (
        (
            cos[20]
            & (alike.both >= MANY)
            & alike.at_least(85, 100)
            & alike.at_least(parts, of)
            & np.where(cos[30], kappa[35], kappa[50])
        )
        | (cos[40] & alike.at_least(85, 100) & kappa[50])
        | (cos[45] & alike.at_least(80, 100) & kappa[25])
        | (close & alike.at_least(70, 100) & kappa[35])
    )
    shown = alike_enough & alike.even(10) & (~turned | kappa[50]) & ~_pairwise(named, similar.pairs, _nothing_in_common)
    unasked = close & ~turned & ~_pairwise(named, similar.pairs, frozenset.__ne__)
    equal = [frozenset([_bare(text)]) for text in texts]
    near = np.where(alike.both >= SOME, shown, unasked) | ~_pairwise(equal, similar.pairs, frozenset.__ne__)
    return NearDuplicates(similar.pairs[near], len(texts))


def _negating(text: str, negations: Collection[str]) -> frozenset[str]:
    """The words of a text that negate, and where there are no blanks between words what negates as a part of it."""
    return frozenset([*(word for word in tokens(text) if word in negations), *_UNBROKEN.findall(plain(text))])


def _bare(text: str) -> str:
    """A text without case and punctuation; what stands outside of `tokens` is told apart as well."""
    if pieces(text):
        return "".join(character for character in plain(text) if character.isalnum() or combining(character))
    return " ".join(tokens(text)) or plain(text)


def _pairwise(
    sets: Sequence[frozenset[str]], pairs: IntArray, of: Callable[[frozenset[str], frozenset[str]], bool]
) -> BoolArray:
    return np.array([of(sets[one], sets[other]) for one, other in pairs.tolist()], dtype=bool)


def _one_has_some(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one) != bool(other)


def _nothing_in_common(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one) and bool(other) and not one & other
