"""Utilities as blocks of 16-bit levels, made shard by shard: what a model predicts, and what people said, on one grid.

Predicted utilities are multiples of 1/1024 everywhere in this library, so a level (the number of such steps above the
scale's lowest utility) loses nothing, sums of levels are exact whatever the order, and a person costs two bytes a
statement.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..preferences.opinion_groups import _mean, _squared
from ..preferences.two_part import TwoPart, expected
from ..profile import BoolArray, FloatArray, InputError, IntArray, Profile
from ..queries.beliefs import Posterior
from ..queries.completed import GRID, Completed
from .shards import Shards

#: People worked on at once: their predictions stay in the processor's cache.
PEOPLE = 4_096
Levels = NDArray[np.uint16]


@dataclass(frozen=True, eq=False)
class Placing:
    """How people are placed in the opinion groups that were found among some of them.

    Args:
        places: int64 [c] pool numbers of the statements by which groups were formed.
        centres: float64 [n_groups, c]: the mean utilities of each group.
    """

    places: IntArray
    centres: FloatArray

    @classmethod
    def of(cls, places: IntArray, utilities: FloatArray, label: IntArray) -> Placing:
        """The middles of groups.

        Args:
            places: int64 [c] pool numbers.
            utilities: float64 [n, c] of the people among whom the groups were found.
            label: int64 [n] their groups, from 0; each has somebody in it.
        """
        groups = range(int(label.max()) + 1)
        ones = np.ones(len(label), dtype=np.int64)
        return cls(places, np.stack([_mean(utilities[label == g], ones[label == g]) for g in groups]))

    def labels(self, utilities: FloatArray) -> IntArray:
        """int64 [n]: the group whose middle is nearest, as `preferences.memberships` places those who join."""
        return np.asarray(_squared(utilities, self.centres).argmin(axis=1), dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Frame:
    """What a worker needs to know besides a shard.

    Args:
        profile: the statements, without people.
        model: fitted to some of the people; it meets the others.
        columns: int64 [m] the columns of the pool.
        placing: how people are placed in groups of opinion; None: there are none.
        seed: of the run.
    """

    profile: Profile
    model: TwoPart
    columns: IntArray
    placing: Placing | None
    seed: int

    @property
    def top(self) -> int:
        """The highest level."""
        low, high = self.profile.answers.scale.utility_range
        return round((high - low) * GRID)

    @property
    def approval(self) -> int:
        """The level from which somebody approves."""
        scale = self.profile.answers.scale
        return int(np.ceil((scale.approval - scale.utility_range[0]) * GRID))

    def utility(self, levels: NDArray[np.integer]) -> FloatArray:
        """Levels as utilities, float64."""
        return self.profile.answers.scale.utility_range[0] + levels / GRID

    def write(self, file: Path) -> None:
        """Keeps it for the workers."""
        file.write_bytes(pickle.dumps(self))

    def check(self) -> None:
        """Says why utilities of this scale are no levels.

        Raises:
            InputError: the scale is too long.
        """
        if self.top >= 2**16:
            raise InputError("the scale is longer than 63; read such a source into memory (`large='no'`)")


@lru_cache(maxsize=2)
def frame_in(file: Path) -> Frame:
    """The frame in a file that this program wrote; a worker reads it once."""
    frame: Frame = pickle.loads(file.read_bytes())  # noqa: S301 - our own file in a folder of our own
    return frame


@dataclass(frozen=True, eq=False)
class Prediction:
    """What is predicted of a shard.

    Args:
        expected: int64 [m]: over everybody the chances of approval in levels; 0 or `GRID` where somebody answered.
    """

    expected: IntArray


def predict(frame: Frame, shards: Shards, number: int, places: IntArray) -> Prediction:
    """Writes the levels of a shard, uint16 [m, n], beside its votes, and returns what is counted on the way.

    Args:
        frame: of the run.
        shards: the votes.
        number: of the shard.
        places: int64 [k] pool numbers of statements for which chances of approval are kept too, uint16 [k, n].
    """
    shard = shards.shard(number)
    n, m = shard.n_agents, len(frame.columns)
    levels = np.empty((m, n), dtype=np.uint16)
    kept = np.empty((len(places), n), dtype=np.uint16)
    sums, label = np.zeros(m, dtype=np.int64), np.zeros(n, dtype=np.int8)
    for start in range(0, n, PEOPLE):
        part = shard.profile(frame.profile.statements, shards.scale, start, start + PEOPLE)
        met = frame.model.meet(part)
        utilities, chances = levels_and_chances(frame, part, met, frame.columns)
        block = slice(start, start + part.n_agents)
        levels[:, block] = utilities.T
        sums += chances.sum(axis=0, dtype=np.int64)
        kept[:, block] = chances[:, places].T
        if frame.placing is not None:
            label[block] = frame.placing.labels(frame.utility(utilities[:, frame.placing.places]))
    np.save(shards.path(number, "levels.npy"), levels)
    np.save(shards.path(number, "chances.npy"), kept)
    np.save(shards.path(number, "label.npy"), label)
    return Prediction(sums)


def levels_and_chances(frame: Frame, profile: Profile, met: TwoPart, columns: IntArray) -> tuple[Levels, Levels]:
    """Utilities as `Completed.utilities` gives them and chances as `Posterior.chances`, in levels, uint16 [n, k] both.

    They are predicted once for both, and rounded once.

    Args:
        frame: of the run.
        profile: some people.
        met: the model that has met them.
        columns: int64 [k] statements.

    Raises:
        InputError: an answer is no multiple of 1/1024.
    """
    scale, a = profile.answers.scale, profile.answers
    low = scale.utility_range[0]
    side, agree = met.parts(np.arange(profile.n_agents), columns)
    levels = _steps(expected(side, agree, scale) - low if low else expected(side, agree, scale))
    if scale.kind == "vote":
        np.multiply(side, agree, out=side)
    else:
        posterior = Posterior(Completed(profile, met), frame.seed, scale.approval)
        side = posterior._reaching(agree, met.trials)
    chances = _steps(side)
    place = np.full(profile.n_statements, -1, dtype=np.int64)
    place[columns] = np.arange(len(columns))
    at = place[a.statement]
    inside = at >= 0
    rows, at, utility = a.agent[inside], at[inside], scale.utility(a.value[inside])
    steps = (utility - low) * GRID
    if (steps != np.rint(steps)).any():
        raise InputError("some answers are no multiples of 1/1024; read such a source into memory (`large='no'`)")
    levels[rows, at] = steps.astype(np.uint16)
    chances[rows, at] = np.where(utility >= scale.approval, GRID, 0)
    return levels, chances


def _steps(values: FloatArray) -> Levels:
    """Values in steps of 1/1024; the array is used up."""
    values *= GRID
    np.rint(values, out=values)
    return values.astype(np.uint16)


def known_in(frame: Frame, shards: Shards, number: int, places: IntArray | None = None) -> BoolArray:
    """bool [m, n]: which utilities of the pool are people's own answers.

    Args:
        frame: of the run.
        shards: the votes.
        number: of the shard.
        places: int64 [m] pool numbers; None: all.
    """
    shard = shards.shard(number)
    columns = frame.columns if places is None else frame.columns[places]
    place = np.full(frame.profile.n_statements, -1, dtype=np.int64)
    place[columns] = np.arange(len(columns))
    rows = np.repeat(np.arange(shard.n_agents), np.diff(shard.indptr))
    at = place[shard.statement]
    known = np.zeros((len(columns), shard.n_agents), dtype=bool)
    known[at[at >= 0], rows[at >= 0]] = True
    return known
