"""Who is shown what: own agreement, dissent and fragmentation under policies that show people statements.

Five policies: ``aggregate`` (everybody sees the statements with the highest mean agreement), ``bridging`` (everybody
sees those whose worst group agrees most), ``personal`` (each sees their own favourites), ``slate`` (everybody sees the
slate) and ``assigned`` (each sees the statement that represents them). Lists of one comparison have equal lengths.

The claim that personalising builds echo chambers is argued in "Capturing Individual Human Preferences with Reward
Features" (Barreto et al. 2025); the distance between what groups see follows RADio (Vrijenhoek et al. 2022), here the
Jensen-Shannon divergence itself, in bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..profile import BoolArray, FloatArray, IntArray
from .shown import Shown

#: Statements with their agreement: (int64 [c] numbers, float64 [n, c] in [0, 1]), in order, each statement once.
Blocks = Iterable[tuple[IntArray, FloatArray]]
#: Weighted means below this count as rejecting.
HALF = 0.5
SAMPLES = 200
SHUFFLES = 20
#: Resamples that are added up at once.
TOGETHER = 8
#: The most numbers that comparing groups in several resamples at once may take.
_CELLS = 100_000
#: The smallest fragmentation beyond chance that may be a denominator.
LEAST_APART = 0.02
#: Differences of own agreement smaller than this are rounding.
_NOTHING = 1e-9


@dataclass(frozen=True)
class Landscape:
    """What a population thinks of every statement, and everybody's favourites.

    Args:
        mean: float64 [m], mean agreement with each statement.
        groups: float64 [n_groups, m], mean agreement of each group with each statement.
        favourites: every person's favourite statements, best first; ties go to the smaller number.
    """

    mean: FloatArray
    groups: FloatArray
    favourites: Shown

    def aggregate(self, k: int) -> IntArray:
        """int64 [k]: the statements with the highest mean agreement; ties go to the smaller number."""
        return _first(self.mean, k)

    def bridging(self, k: int) -> IntArray:
        """int64 [k]: the statements that the group that likes them least likes most; ties as above."""
        return _first(self.groups.min(axis=0), k)


def landscape(blocks: Blocks, member: FloatArray, masses: IntArray, size: int, k: int) -> Landscape:
    """Computes the landscape in one pass over everybody's agreement with every statement.

    Args:
        blocks: the agreement of all people with all statements, in blocks.
        member: float64 [n, n_groups], memberships, rows adding up to 1.
        masses: int64 [n], the mass of every person.
        size: m, the number of statements.
        k: the number of favourites to keep, at most m.
    """
    return landscapes(blocks, [member], masses, size, k)[0]


def landscapes(blocks: Blocks, members: Sequence[FloatArray], masses: IntArray, size: int, k: int) -> list[Landscape]:
    """The same for several memberships of the same people, whose favourites are looked for once."""
    weights = [member * masses[:, None] for member in members]
    heaped = [np.maximum(weight.sum(axis=0), 1e-300)[:, None] for weight in weights]
    groups, mean = [np.zeros((weight.shape[1], size)) for weight in weights], np.zeros(size)
    total = float(masses.sum())
    kept = np.zeros((len(masses), 0), dtype=np.int64)
    values = np.zeros((len(masses), 0))
    for part, block in blocks:
        # einsum without BLAS adds in a fixed order whatever the number of threads
        for each, weight, heap in zip(groups, weights, heaped, strict=True):
            each[:, part] = np.einsum("ng,nc->gc", weight, block) / heap
        mean[part] = np.einsum("n,nc->c", masses.astype(np.float64), block) / total
        both = np.hstack([kept, np.broadcast_to(part, block.shape)])
        worth = np.hstack([values, block])
        order = _best(worth, k)
        kept, values = np.take_along_axis(both, order, 1), np.take_along_axis(worth, order, 1)
    return [Landscape(mean, each, Shown(kept, values)) for each in groups]


def _best(worth: FloatArray, k: int) -> IntArray:
    """int64 [n, min(k, c)]: places of the largest entries of every row, best first; ties go to the first place."""
    c = worth.shape[1]
    if c > 4 * k:
        # Everything above the k-th largest value is in; of those equal to it the first ones, so ties have an order.
        edge = np.partition(worth, c - k, axis=1)[:, c - k, None]
        above, level = worth > edge, worth == edge
        free = k - above.sum(axis=1, keepdims=True)
        chosen = above | (level & (np.cumsum(level, axis=1) <= free))
        place = np.flatnonzero(chosen).reshape(-1, k) % c
    else:
        place = np.tile(np.arange(c), (len(worth), 1))
    order = np.argsort(-np.take_along_axis(worth, place, 1), axis=1, kind="stable")[:, :k]
    return np.take_along_axis(place, order, 1)


def _first(scores: FloatArray, k: int) -> IntArray:
    return np.argsort(-scores, kind="stable")[:k]


@dataclass(frozen=True)
class Figures:
    """The figures of one policy; nan where a figure has no meaning.

    Args:
        own: the mean agreement of people with what they are shown.
        counter: the share of what is shown that the person rejects (agreement below one half).
        cross: the share of what is shown that the person's own group mostly rejects.
        fragmentation: the mean over pairs of groups of the Jensen-Shannon divergence of what they are shown, in bits:
            0 all see the same, 1 no two groups have a statement in common.
        worst: the mean agreement of the group that agrees least with what it is shown.
    """

    own: float
    counter: float
    cross: float
    fragmentation: float
    worst: float


class Audience:
    """The people, their groups, and the resamples of people behind the intervals.

    Args:
        member: float64 [n, n_groups], memberships, rows adding up to 1.
        masses: int64 [n], the mass of every person.
        rejects: bool [n_groups, m], whether the group mostly rejects the statement.
        rng: the generator that resamples whole people, with their masses.
        samples: the number of resamples; 0 leaves the intervals out.
    """

    def __init__(
        self,
        member: FloatArray,
        masses: IntArray,
        rejects: BoolArray,
        rng: np.random.Generator | None = None,
        samples: int = 0,
    ) -> None:
        n = len(member)
        self.member, self.masses, self.rejects = member, masses, rejects
        #: uint8 [1 + samples, n]: how often everybody is in; the first row is the population as it is. Nobody is drawn
        #: 256 times from n of n, and eight bytes a resample would be most of what a person takes.
        self.times = np.ones((1 + (samples if rng is not None else 0), n), dtype=np.uint8)
        if rng is not None:
            share = np.full(n, 1.0 / n)
            for row in self.times[1:]:
                row[:] = rng.multinomial(n, share)

    def figures(self, shown: Shown) -> Mapping[str, FloatArray]:
        """float64 [1 + samples] of every figure of `Figures`; the first is the population's.

        People who are shown nothing are left out. The lists themselves stay as they are in every resample.
        """
        there = shown.statement >= 0
        mass = self.masses * 1.0
        agreement = np.where(there, shown.agreement, 0.0)
        against = self.rejects[:, np.where(there, shown.statement, 0)]  # [n_groups, n, k]
        cross = np.einsum("ng,gn->n", self.member, (against & there).sum(axis=2).astype(np.float64))
        heard = there.sum(axis=1) * 1.0
        sums = [heard, agreement.sum(axis=1), ((agreement < HALF) & there).sum(axis=1) * 1.0, cross]
        by_group = self.member * mass[:, None]
        rows = [mass * one for one in sums] + [of * one for one in sums[:2] for of in by_group.T]
        # One row a figure: both sides of the sum lie along people.
        stacked = np.stack(rows)
        drawn = np.concatenate(
            [
                np.einsum("bn,cn->bc", self.times[at : at + TOGETHER].astype(np.float64), stacked)
                for at in range(0, len(self.times), TOGETHER)
            ]
        )
        averaged, group_heard, group_own = np.split(drawn, [4, 4 + by_group.shape[1]], axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            share = averaged[:, 1:] / averaged[:, :1]
            worst = np.where(group_heard > 0, group_own / group_heard, np.inf).min(axis=1)
        return {
            "own": share[:, 0],
            "counter": share[:, 1],
            "cross": share[:, 2],
            "fragmentation": self._fragmentation(shown, by_group),
            "worst": np.where(np.isfinite(worst), worst, np.nan),
        }

    def _fragmentation(self, shown: Shown, by_group: FloatArray) -> FloatArray:
        groups = self.member.shape[1]
        if groups < 2:
            return np.full(len(self.times), np.nan)
        if shown.shared:
            return np.zeros(len(self.times))
        place, size = shown.listed
        # Most people are in one group: only what is not zero is added up, what nobody is shown in a place of its own.
        at, group = np.nonzero(by_group)
        cell, weight = ((size + 1) * group[:, None] + place[at]).ravel(), by_group[at, group]
        values = np.empty(len(self.times))
        together = max(1, min(TOGETHER, _CELLS // (groups * groups * max(size, 1))))
        for first in range(0, len(self.times), together):
            drawn = self.times[first : first + together]
            weights = [np.repeat(weight * times[at], place.shape[1]) for times in drawn]
            mass = np.stack([np.bincount(cell, one, groups * (size + 1)) for one in weights])
            values[first : first + together] = _fragmentations(
                np.ascontiguousarray(mass.reshape(len(drawn), groups, size + 1)[:, :, :size])
            )
        # Resampling repeats people and so sets groups further apart than they are: its spread counts, not its middle.
        # A resample in which fewer than two groups are left says nothing, and takes nothing from the others.
        rest = values[1:][np.isfinite(values[1:])]
        if len(rest):
            values[1:] = np.clip(values[1:] + values[0] - rest.mean(), 0.0, 1.0)
        return values

    def missed(self, shown: Shown) -> int:
        """In how many resamples a group that is shown something has nobody who is; 0 without resamples."""
        there = np.where((shown.statement >= 0).any(axis=1), 1.0, 0.0)
        by_group = self.member * (self.masses * there)[:, None]
        drawn = np.einsum("bn,ng->bg", self.times[1:], by_group[:, by_group.sum(axis=0) > 0])
        return int(np.count_nonzero((drawn <= 0.0).any(axis=1)))

    def chance(self, shown: Shown, rng: np.random.Generator, shuffles: int = SHUFFLES) -> float:
        """Mean fragmentation when memberships are drawn at random: the part due to people differing, not groups."""
        if shown.shared or self.member.shape[1] < 2:
            return 0.0 if self.member.shape[1] > 1 else float("nan")
        by_chance = []
        for _ in range(shuffles):
            member = self.member[rng.permutation(len(self.member))]
            alone = Audience(member, self.masses, self.rejects)
            by_chance.append(alone._fragmentation(shown, member * self.masses[:, None])[0])
        return float(np.mean(by_chance))


def fragmentation(exposure: FloatArray) -> float:
    """Mean Jensen-Shannon divergence over pairs of groups, in bits.

    Args:
        exposure: float64 [n_groups, m], how often each group is shown each statement; groups that are shown nothing
            are left out.

    >>> fragmentation(np.array([[2.0, 0.0], [0.0, 5.0]])), fragmentation(np.array([[1.0, 1.0], [3.0, 3.0]]))
    (1.0, 0.0)
    """
    return float(_fragmentations(exposure[None])[0])


def _fragmentations(exposure: FloatArray) -> FloatArray:
    """float64 [b]: `fragmentation` of each of several exposures, float64 [b, n_groups, m]."""
    total = exposure.sum(axis=2)
    if not (total > 0).all():
        return np.array([fragmentation(one[there]) for one, there in zip(exposure, total > 0, strict=True)])
    groups = exposure.shape[1]
    if groups < 2:
        return np.full(len(exposure), np.nan)
    share = exposure / total[:, :, None]
    entropy = _entropy(share)
    first, second = np.triu_indices(groups, 1)
    # `take` keeps the order in memory, hence that in which numbers are added.
    both, each = (of.take(first, axis=1) + of.take(second, axis=1) for of in (share, entropy))
    apart = _entropy(0.5 * both) - 0.5 * each
    mean = apart.mean(axis=1)
    return np.where(mean > 0, mean, 0.0)


def _entropy(share: FloatArray) -> FloatArray:
    return np.asarray(-(share * np.log2(np.where(share > 0, share, 1.0))).sum(axis=-1))


def point(figures: Mapping[str, FloatArray]) -> Figures:
    """The population's figures."""
    return Figures(**{name: float(values[0]) for name, values in figures.items()})


def index(system: FloatArray, floor: FloatArray | float, ceiling: FloatArray) -> FloatArray:
    """(system - floor) / (ceiling - floor) of every resample; nan where there is nothing between the two.

    Sycophancy: own agreement between the aggregate's (0) and the personal lists' (1). Echo: fragmentation between none
    (0) and that of the personal lists (1).
    """
    span = np.asarray(ceiling - floor, dtype=np.float64)
    wide = np.abs(span) > _NOTHING
    return np.where(wide, (system - floor) / np.where(wide, span, 1.0), np.nan)


def interval(values: FloatArray) -> tuple[float, float, float]:
    """The population's value with the 95 % percentile interval of its resamples (itself where there are none).

    Where no resample has a value, the ends are nan: that is no interval, and none of no width.
    """
    rest = values[1:][np.isfinite(values[1:])]
    if len(values) > 1 and not len(rest):
        return float(values[0]), float("nan"), float("nan")
    if not len(rest) or not np.isfinite(values[0]):
        return float(values[0]), float(values[0]), float(values[0])
    low, high = np.quantile(rest, [0.025, 0.975])
    return float(values[0]), float(low), float(high)


def compare(
    policies: Mapping[str, Shown], audience: Audience, systems: tuple[str, ...], rng: np.random.Generator
) -> dict[str, Any]:
    """Compares policies, and computes the two indices of some of them.

    Args:
        policies: what is shown under each policy, by name, with lists of equal length; ``aggregate`` and ``personal``
            have to be among them.
        audience: the people who are shown the lists.
        systems: the names of the policies whose indices are computed.
        rng: the generator that shuffles memberships.

    Returns:
        ``policies``: `Figures` by policy, each figure as (value, low, high), and ``chance`` (see `Audience.chance`);
        ``sycophancy`` and ``echo``: (value, low, high) by system; ``echo_beyond_chance``: the same, without an
        interval, of the echo index with ``chance`` taken off both sides, nan where the personal
        lists are hardly further apart than by chance; ``missed``: by system, in how many resamples a group has nobody.
    """
    figures = {name: audience.figures(shown) for name, shown in policies.items()}
    aggregate, personal = figures["aggregate"], figures["personal"]
    chance = {name: audience.chance(shown, rng) for name, shown in policies.items()}
    apart = {name: float(values["fragmentation"][0]) - chance[name] for name, values in figures.items()}
    return {
        "policies": {
            name: {**{key: interval(v) for key, v in values.items()}, "chance": chance[name]}
            for name, values in figures.items()
        },
        "sycophancy": {
            name: interval(index(figures[name]["own"], aggregate["own"], personal["own"])) for name in systems
        },
        "echo": {
            name: interval(index(figures[name]["fragmentation"], 0.0, personal["fragmentation"])) for name in systems
        },
        "echo_beyond_chance": {
            # Less than that apart, and chance itself is too uncertain to be a denominator.
            name: (apart[name] / apart["personal"] if apart["personal"] >= LEAST_APART else float("nan"),) * 3
            for name in systems
        },
        "missed": {name: audience.missed(policies[name]) for name in systems},
    }
