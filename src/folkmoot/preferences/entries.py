"""Answers as sparse entries with both orders, and the two sums every model needs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..profile import Agents, Answers, BoolArray, Comparisons, FloatArray, InputError, IntArray, Profile
from .sparse_sums import Routines, routines

#: Scales with more steps than this are treated as if they had this many: a finer scale is not a firmer opinion.
MAX_STEPS = 10
#: Largest number of agents x statements that complete ballots are written out for.
MAX_CELLS = 4_000_000
#: Sums of so many terms or more are worth the time that scipy takes to be imported, where it is installed.
_MANY_TERMS = 200_000


@dataclass(frozen=True)
class Grouping:
    """Where the entries of each group lie in an order that keeps groups together.

    Args:
        label: int64 [n_entries] the group of every entry, in ``[0, size)``.
        size: the number of groups, with the empty ones.
    """

    label: IntArray
    size: int
    _last: list[tuple[IntArray, NDArray[np.int32], NDArray[np.int32]]] = field(
        default_factory=list, repr=False, compare=False
    )

    @cached_property
    def order(self) -> IntArray | None:
        """int64 [n_entries]: the positions of the entries, group by group; None when they already lie so."""
        if not (self.label[1:] < self.label[:-1]).any():
            return None
        # Sorting by counting, where numpy has it: for labels of 16 bits.
        return np.argsort(self.label.astype(np.uint16) if self.size <= 1 << 16 else self.label, kind="stable")

    @cached_property
    def pointers(self) -> IntArray:
        """int64 [size + 1]: the first place of every group in that order, and the end."""
        return np.concatenate([[0], np.cumsum(np.bincount(self.label, minlength=self.size))])

    @cached_property
    def filled(self) -> IntArray:
        """int64 [n_filled]: the groups that have entries."""
        return np.flatnonzero(np.diff(self.pointers))

    @cached_property
    def starts(self) -> IntArray:
        """int64 [n_filled]: the first place of each of them."""
        return self.pointers[self.filled]

    def arrange(self, values: FloatArray) -> FloatArray:
        """Entries in the groups' order."""
        return values if self.order is None else values[self.order]

    def sum(self, arranged: FloatArray, features: FloatArray, target: IntArray) -> FloatArray:
        """Weighted sums of features over each group, float64 [n_features, size].

        One pass over the entries alone: the n x m matrix never exists, and the order of additions is fixed (no BLAS,
        hence the same bits with any number of threads). Long sums are made as one product with a sparse matrix by a
        compiled loop or scipy's; without either they take five times as long, and their last bits may differ.

        Args:
            arranged: float64 [n_entries] the weights in the groups' order.
            features: float64 [n_features, n_targets] the features.
            target: int64 [n_entries] the target of every entry, in the groups' order.
        """
        return np.ascontiguousarray(self.sums(arranged, features.T, target).T)

    def sums(self, arranged: FloatArray, wide: FloatArray, target: IntArray) -> FloatArray:
        """The same sums of features that lie side by side, float64 [size, n_features].

        Args:
            arranged: float64 [n_entries] the weights in the groups' order.
            wide: float64 [n_targets, n_features] the features of each target.
            target: int64 [n_entries] the target of every entry, in the groups' order.
        """
        if (sparse := routines_for(wide.shape[1] * len(target))) is not None:
            sums = np.zeros((self.size, wide.shape[1]))
            columns, pointers = self.places(target)
            sparse.csr_matvecs(self.size, *wide.shape, pointers, columns, arranged, wide.ravel(), sums.ravel())
            return sums
        features = np.ascontiguousarray(wide.T)
        out = np.zeros((len(features), self.size))
        if len(self.filled):
            terms = np.empty(len(target))
            for row, feature in zip(out, features, strict=True):
                feature.take(target, out=terms, mode="clip")  # targets are in range; "clip" saves take a copy
                np.multiply(terms, arranged, out=terms)
                row[self.filled] = np.add.reduceat(terms, self.starts)
        return out.T

    def places(self, target: IntArray) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The targets, and where each group begins and ends, empty ones as well; remembered for the last targets."""
        if not self._last or self._last[0][0] is not target:
            self._last[:] = [(target, target.astype(np.int32), self.pointers.astype(np.int32))]
        return self._last[0][1:]


def routines_for(terms: int) -> Routines | None:
    """Routines for sums of so many terms; None where there are few, or no routines."""
    return routines() if terms >= _MANY_TERMS else None


@dataclass(frozen=True)
class Entries:
    """Binomial observations at (row, column): ``trials`` of which the share ``y`` came out as one.

    Args:
        row: int64 [n_entries] the agents, sorted.
        column: int64 [n_entries] the statements.
        y: float64 [n_entries] the shares of trials that came out as one, in [0, 1].
        trials: the number of trials of every entry (steps of the scale, 1 for votes).
        n_rows: the number of agents.
        n_columns: the number of statements.
        weight: float64 [n_rows] how much each agent counts; None: all the same.
    """

    row: IntArray
    column: IntArray
    y: FloatArray
    trials: int
    n_rows: int
    n_columns: int
    weight: FloatArray | None = None

    @property
    def weights(self) -> FloatArray:
        """float64 [n_rows]: how much each agent counts, 1 on average."""
        return np.ones(self.n_rows) if self.weight is None else self.weight

    def __len__(self) -> int:
        return len(self.y)


def steps(profile: Profile) -> int:
    """Number of binomial trials an answer on the profile's scale stands for: its steps, from 1 to `MAX_STEPS`."""
    scale = profile.answers.scale
    if scale.kind in ("vote", "approval"):
        return 1
    low, high = scale.utility_range
    span = high - low
    return int(min(span, MAX_STEPS)) if span >= 1 and float(span).is_integer() else MAX_STEPS


def share(profile: Profile) -> FloatArray:
    """The utility of every answer rescaled to [0, 1], float64 [n_answers]."""
    scale = profile.answers.scale
    low, high = scale.utility_range
    if high <= low:
        return np.full(len(profile.answers), 0.5)
    clipped = np.clip((scale.utility(profile.answers.value) - low) / (high - low), 0.0, 1.0)
    return np.asarray(clipped, dtype=np.float64)


def weights_of(profile: Profile) -> FloatArray:
    """How much each person's answers count in a fit, float64 [n_agents], 1 on average.

    Masses are ratios (the smallest integers in the ratio of the given weights), not numbers of people: all together
    they are worth as many people as there are.
    """
    masses = profile.masses
    return np.asarray(masses * (len(masses) / max(float(masses.sum()), 1.0)), dtype=np.float64)


def sided_entries(profile: Profile) -> Entries:
    """Agree (1) or disagree (0) of those who took a side; on other scales the rescaled utility of every answer."""
    a = profile.answers
    y = share(profile)
    if a.scale.kind == "vote":
        keep = a.value != 0
        return Entries(a.agent[keep], a.statement[keep], y[keep], 1, *_size(profile))
    return Entries(a.agent, a.statement, y, steps(profile), *_size(profile))


def side_entries(profile: Profile) -> Entries | None:
    """Whether an answer takes a side (1) or passes (0); None on scales without a pass."""
    a = profile.answers
    if a.scale.kind != "vote":
        return None
    return Entries(a.agent, a.statement, np.abs(a.value), 1, *_size(profile))


def _size(profile: Profile) -> tuple[int, int, FloatArray | None]:
    """The numbers of agents and of statements, and how much the agents count."""
    weights = None if profile.agents.masses is None else weights_of(profile)
    return profile.n_agents, profile.n_statements, weights


def with_answers(profile: Profile, keep: BoolArray) -> Profile:
    """The same profile with some of its answers, bool [n_answers]."""
    a = profile.answers
    return replace(profile, answers=Answers.of(a.agent[keep], a.statement[keep], a.value[keep], a.scale))


def completed(profile: Profile) -> Profile:
    """Complete ballots with the statements they leave out written down; other profiles as they are.

    Raises:
        InputError: there are more than `MAX_CELLS` agents x statements; nothing is missing there, so no model is
            needed.
    """
    a = profile.answers
    if not a.scale.complete:
        return profile
    n, m = profile.n_agents, profile.n_statements
    if n * m > MAX_CELLS:
        raise InputError(f"complete ballots, and too many to fit ({n} x {m}); nothing is missing: use statement-mean")
    block = np.full((n, m), a.scale.high if a.scale.kind == "ranking" else a.scale.low)
    block[a.agent, a.statement] = a.value
    scale = replace(a.scale, complete=False)
    rows, columns = np.divmod(np.arange(n * m), max(m, 1))
    return replace(profile, answers=Answers.of(rows, columns, block.ravel(), scale))


def some_people(profile: Profile, answers: int, rng: np.random.Generator) -> Profile:
    """People drawn at random, with all of their answers: about as many as have given ``answers`` together."""
    n = max(1, round(profile.n_agents * min(1.0, answers / max(len(profile.answers), 1))))
    people = np.sort(rng.permutation(profile.n_agents)[:n])
    a = profile.answers
    keep = np.isin(a.agent, people)
    c = profile.comparisons
    those = np.isin(c.agent, people)
    return Profile(
        Agents(tuple(profile.agents.ids[i] for i in people)),
        profile.statements,
        Answers.of(np.searchsorted(people, a.agent[keep]), a.statement[keep], a.value[keep], a.scale),
        comparisons=Comparisons.of(np.searchsorted(people, c.agent[those]), c.winner[those], c.loser[those]),
    )
