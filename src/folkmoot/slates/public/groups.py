"""Groups of opinion, and what each agrees with more often than the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ...audits.public_records import Mark, OpinionGroup, OpinionGroups, Statement
from ...profile import BoolArray, FloatArray, IntArray
from ...queries.texts.words import STEM, grammar, pieces, tokens
from .said import FOR, Said

#: Fewest votes of somebody who is in a group, as in Polis; half of the statements where that is fewer.
LEAST_VOTES = 7
#: Fewest people among whom groups are looked for, and the smallest group, one in so many of them.
LEAST_PEOPLE, ONE_IN = 40, 20
#: How clearly groups have to be apart.
APART = 0.25
#: People whose silhouettes are worked out.
SAMPLED = 1_000
#: Fewest votes in a group, and among the others, by which a statement tells them apart, where a group is large enough
#: (in a small one half of it has to have voted, and so many people at least); and from which z it does.
LEAST_EACH, LEAST_FEW, CLEAR = 30, 10, 2.0
#: Statements that are kept for each group, so that staff can hide some.
KEPT = 12
#: A stem tells what a statement is about if it has this many letters and at most so many statements have it.
LETTERS, RARE, RARE_SHARE = 5, 30, 20


def grouped(
    said: Said, points: FloatArray, opinion: IntArray, published: IntArray, how: str
) -> tuple[OpinionGroups, IntArray]:
    """The groups, without what tells them apart, and everybody's place among them (-1: in none).

    Args:
        said: what everybody said.
        points: float64 [n_agents, 2] everybody's place on the map of opinions.
        opinion: int64 [n_agents] everybody's opinion group, the same that audits look at.
        published: int64 columns of the statements that people could answer.
        how: how the groups were found.
    """
    none = np.full(len(points), -1, dtype=np.int64)
    least = min(LEAST_VOTES, (len(published) + 1) // 2)
    active = said.each >= max(1, least)
    if int(active.sum()) < LEAST_PEOPLE:
        return OpinionGroups("few people"), none
    _, label = np.unique(opinion[active], return_inverse=True)
    label = np.argsort(np.argsort(-np.bincount(label), kind="stable"), kind="stable")[label.reshape(-1)]
    apart = silhouette(points[active], label)
    sizes = np.bincount(label)
    if len(sizes) < 2 or apart < APART or ONE_IN * int(sizes.min()) < int(active.sum()):
        return OpinionGroups("unclear", silhouette=round(apart, 3)), none
    none[active] = label
    groups = tuple(OpinionGroup(int(size)) for size in sizes)
    return OpinionGroups("", groups, least, int((~active).sum()), round(apart, 3), how), none


def silhouette(points: FloatArray, label: IntArray) -> float:
    """How clearly clusters are apart: the mean silhouette (Rousseeuw 1987) of up to 1,000 people, evenly taken.

    Args:
        points: float64 [n, 2].
        label: int64 [n] clusters from 0.
    """
    some = np.unique(np.linspace(0, len(points) - 1, min(len(points), SAMPLED)).astype(np.int64))
    at, own = points[some], label[some]
    size = np.bincount(own, minlength=int(label.max()) + 1)
    if len(size) < 2:
        return -1.0
    away = np.hypot(at[:, None, 0] - at[None, :, 0], at[:, None, 1] - at[None, :, 1])
    total = np.stack([away[:, own == group].sum(axis=1) for group in range(len(size))], axis=1)
    rows = np.arange(len(some))
    inside = total[rows, own] / np.maximum(size[own] - 1, 1)
    mean = total / np.maximum(size, 1)
    mean[:, size == 0] = np.inf
    mean[rows, own] = np.inf
    outside = mean.min(axis=1)
    larger = np.maximum(inside, outside)
    apart = np.where((size[own] > 1) & (larger > 0), (outside - inside) / np.where(larger > 0, larger, 1.0), 0.0)
    return float(apart.mean())


def with_marks(
    found: OpinionGroups, shown: list[Statement | None], cells: IntArray, texts: tuple[str, ...]
) -> OpinionGroups:
    """The groups with what each agrees with more often than all others together: the largest z first.

    Args:
        found: the groups.
        shown: for every column the statement, None where it may not be shown.
        cells: int64 [groups, n_statements, 3] what each group said (`Said.counts`).
        texts: the texts of all statements.
    """
    if not found.groups:
        return found
    may = np.array([one is not None for one in shown], dtype=bool)
    stems = _subjects(texts, may)
    groups = []
    for place, group in enumerate(found.groups):
        others = np.delete(np.arange(len(found.groups)), place)
        sizes = group.people, sum(found.groups[other].people for other in others)
        z = _z(cells[place], cells[others].sum(axis=0), may, *map(_enough, sizes))
        order = np.argsort(-z, kind="stable")[:KEPT]
        marks = []
        for column in order[z[order] >= CLEAR].tolist():
            one = shown[column]
            assert one is not None
            fields = (one.id, one.text, one.language, one.all, one.groups)
            marks.append(Mark(*fields, z=round(float(z[column]), 3), subject=stems[column]))
        groups.append(replace(group, marks=tuple(marks)))
    return replace(found, groups=tuple(groups))


def _enough(people: int) -> int:
    """Votes that are enough in a group of that size."""
    return min(LEAST_EACH, max(LEAST_FEW, people // 2))


def _z(own: IntArray, others: IntArray, may: BoolArray, least: int, least_others: int) -> FloatArray:
    """float64 [n_statements]: z of the difference of two shares, 0 where too few voted."""
    n, m = own.sum(axis=1).astype(np.float64), others.sum(axis=1).astype(np.float64)
    enough = may & (n >= least) & (m >= least_others)
    n, m = np.maximum(n, 1.0), np.maximum(m, 1.0)
    both = (own[:, FOR] + others[:, FOR]) / (n + m)
    spread = np.sqrt(both * (1.0 - both) * (1.0 / n + 1.0 / m))
    differs = own[:, FOR] / n - others[:, FOR] / m
    return np.where(enough & (spread > 0), differs / np.maximum(spread, 1e-300), 0.0)


def _subjects(texts: tuple[str, ...], may: BoolArray) -> list[tuple[str, ...]]:
    """Stems of each text that few texts have, in order; in scripts without blanks what stands for words there."""
    shown = [text if one else "" for text, one in zip(texts, may.tolist(), strict=True)]
    stems = [{token[:STEM] for token in tokens(text) if len(token) >= LETTERS} for text in shown]
    stems = [one | more for one, more in zip(stems, _unbroken(shown), strict=True)]
    often = Counter(stem for one in stems for stem in one)
    most = min(RARE, max(2, int(may.sum()) // RARE_SHARE))
    return [tuple(sorted(stem for stem in one if often[stem] <= most)) for one in stems]


def _unbroken(texts: Sequence[str]) -> list[set[str]]:
    """What stands for the words of each text where no blanks do, without grammar and without what only one text has."""
    found, left_out = [set(pieces(text)) for text in texts], grammar([text for text in texts if text])
    often = Counter(piece for one in found for piece in one)
    return [{piece for piece in one if often[piece] > 1 and not left_out.intersection(piece)} for one in found]
