"""A whole population shard by shard: predicted, seated, counted; each stage is a map over shards and a sum."""

from __future__ import annotations

import hashlib
import pickle
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..profile import InputError, IntArray, Profile, Progress, needs, silent
from ..profile.costs import floors
from ..profile.executors import Executor
from ..profile.sentences import noted
from .blocks import Frame, Levels, Prediction, frame_in, predict
from .counts import Counts, Plan, SlateSeen, count, seen
from .seating import seat_everybody
from .shards import Shards
from .witnesses import Asked, Found, find

#: Shards that are counted in one task: as many tasks as keep workers busy, each worth sending.
TASKS = 32


@dataclass(frozen=True)
class Where:
    """What every task is told: where the frame and the shards are.

    Args:
        frame: the file of the frame.
        shards: the folder of the shards.
    """

    frame: Path
    shards: Path

    def open(self) -> tuple[Frame, Shards]:
        """The frame and the shards."""
        return frame_in(self.frame), Shards(self.shards)


@dataclass(frozen=True, eq=False)
class Whole:
    """A population in shards with what is needed to work on it.

    Args:
        where: its files.
        frame: of the run.
        shards: the votes.
        executor: runs the work.
        progress: called with (stage, share done).
    """

    where: Where
    frame: Frame
    shards: Shards
    executor: Executor
    progress: Progress = silent

    @classmethod
    def of(cls, frame: Frame, shards: Shards, folder: Path, executor: Executor, progress: Progress = silent) -> Whole:
        """Writes the frame down for the workers.

        Raises:
            InputError: the scale is too long for levels.
        """
        frame.check()
        # Named by content: a worker that has read one frame does not take it for another.
        data = pickle.dumps(frame)
        file = folder / f"frame-{hashlib.sha256(data).hexdigest()[:16]}.pickle"
        file.write_bytes(data)
        return cls(Where(file, shards.folder), frame, shards, executor, progress)

    def each(self, stage: str, function: Callable[[Any], Any], *rest: Any) -> Iterator[Any]:
        """Runs a function on every shard; results come in the order of the shards."""
        tasks = [(self.where, number, *rest) for number in range(self.shards.count)]
        for done, result in enumerate(self.executor.map(function, tasks)):
            self.progress(stage, (done + 1) / len(tasks))
            yield result

    def grouped(self, stage: str, function: Callable[[Any], Any], *rest: Any) -> Iterator[Any]:
        """Runs a function on groups of neighbouring shards, whose results add up anyway."""
        numbers = np.array_split(np.arange(self.shards.count), min(TASKS, self.shards.count))
        tasks = [(self.where, part.tolist(), *rest) for part in numbers if len(part)]
        for done, result in enumerate(self.executor.map(function, tasks)):
            self.progress(stage, (done + 1) / len(tasks))
            yield result

    def predicted(self, places: IntArray) -> IntArray:
        """Writes everybody's levels, and returns int64 [m]: over everybody the chances of approval in levels.

        Args:
            places: int64 [k] pool numbers of statements of which chances are kept.

        Raises:
            InputError: there is too little room on the disk.
        """
        bytes_ = 2 * self.shards.n_agents * (len(self.frame.columns) + len(places) + 2)
        free = shutil.disk_usage(self.shards.folder).free
        if free < bytes_:
            raise InputError(
                f"files on the way take {bytes_ / 2**30:,.1f} GiB, and {free / 2**30:,.1f} GiB are free; name another "
                "folder with `scratch`",
                file=self.shards.folder,
            )
        sums = np.zeros(len(self.frame.columns), dtype=np.int64)
        for one in self.each(noted("predicting for everybody"), _predict, places):
            sums += one.expected
        return sums

    def seen(self, places: IntArray) -> SlateSeen:
        """Everybody's levels of and answers to some statements."""
        n, k = self.shards.n_agents, len(places)
        levels, kinds = np.empty((n, k), dtype=np.uint16), np.empty((n, k), dtype=np.int8)
        for number, part in enumerate(self.each(noted("looking at the slate"), _seen, places)):
            first, stop = self.shards.bounds(number)
            levels[first:stop], kinds[first:stop] = part.levels, part.kinds
        return SlateSeen(levels, kinds)

    def seat(self, levels: Levels, costs: IntArray, budget: int) -> IntArray:
        """int64 [n]: the balanced assignment with the largest total utility."""
        self.progress(noted("assigning everybody"), 0.0)
        total = self.shards.n_agents
        low = self.frame.profile.answers.scale.utility_range[0]
        place = seat_everybody(levels, low, floors(costs, total, budget), needs(costs, total, budget))
        self.progress(noted("assigning everybody"), 1.0)
        return place

    def placed(self, place: IntArray) -> None:
        """Writes down for the workers who has which statement."""
        for number in range(self.shards.count):
            first, stop = self.shards.bounds(number)
            np.save(self.shards.path(number, "place.npy"), place[first:stop].astype(np.int16))

    def counted(self, plan: Plan, groups: int, least: int) -> Counts:
        """Counts everybody."""
        total: Counts | None = None
        for one in self.grouped(noted("auditing everybody"), _count, plan, groups, least):
            total = one if total is None else total.__iadd__(one)
        assert total is not None
        return total

    def own_chances(self, place: IntArray, kept: IntArray) -> NDArray[np.uint16]:
        """uint16 [n]: everybody's chance of approving their own statement, in levels of 1/1024; 0 without one.

        Args:
            place: int64 [n] everybody's place in the slate.
            kept: int64 [k]: which of the statements given to `predicted` stands at each place.
        """
        found = np.zeros(len(place), dtype=np.uint16)
        for number in range(self.shards.count):
            first, stop = self.shards.bounds(number)
            chances = np.load(self.shards.path(number, "chances.npy"), mmap_mode="r")
            rows = np.flatnonzero(place[first:stop] >= 0)
            found[first + rows] = chances[kept[place[first + rows]], rows]
        return found

    def asker(self, plan: Plan) -> Callable[[Sequence[Asked]], list[Found]]:
        """A function that finds groups of people."""

        def ask(asked: Sequence[Asked]) -> list[Found]:
            total: list[Found] | None = None
            for part in self.grouped(noted("looking for witnesses"), _find, plan, tuple(asked)):
                total = part if total is None else [one + other for one, other in zip(total, part, strict=True)]
            assert total is not None
            return total

        return ask

    def names(self, rows: IntArray) -> list[str]:
        """The ids of people, in the order of their numbers.

        Args:
            rows: int64, ascending.
        """
        found: list[str] = []
        for number in range(self.shards.count):
            first, stop = self.shards.bounds(number)
            low, high = np.searchsorted(rows, (first, stop))
            if low < high:
                ids = self.shards.ids(number)
                found += [ids[row] for row in (rows[low:high] - first).tolist()]
        return found


def _predict(task: tuple[Where, int, IntArray]) -> Prediction:
    where, number, places = task
    return predict(*where.open(), number, places)


def _seen(task: tuple[Where, int, IntArray]) -> SlateSeen:
    where, number, places = task
    return seen(*where.open(), number, places)


def _count(task: tuple[Where, list[int], Plan, int, int]) -> Counts:
    where, numbers, plan, groups, least = task
    frame, shards = where.open()
    total: Counts | None = None
    for number in numbers:
        one = count(frame, plan, shards, number, groups, least)
        total = one if total is None else total.__iadd__(one)
    assert total is not None
    return total


def _find(task: tuple[Where, list[int], Plan, tuple[Asked, ...]]) -> list[Found]:
    where, numbers, plan, asked = task
    frame, shards = where.open()
    total: list[Found] | None = None
    for number in numbers:
        part = find(frame, plan, shards, number, asked)
        total = part if total is None else [one + other for one, other in zip(total, part, strict=True)]
    assert total is not None
    return total


def answers_per_statement(shards: Shards, statements: int) -> IntArray:
    """int64 [n_statements]: how many answered each."""
    total = np.zeros(statements, dtype=np.int64)
    for number in range(shards.count):
        statement = np.load(shards.path(number, "statement.npy"), mmap_mode="r")
        total += np.bincount(statement, minlength=statements)
    return total


def fingerprint_of(frame: Profile, shards: Shards, texts: dict[str, tuple[str, ...]]) -> str:
    """The same as `folkmoot.profile.fingerprint` of the profile in memory, without it being there.

    Args:
        frame: the statements.
        shards: people and answers.
        texts: what people wrote, by id.
    """
    digest = hashlib.sha256()
    s, scale = frame.statements, shards.scale

    def words(items: Iterable[str], end: bool = True) -> None:
        for item in items:
            digest.update(item.encode("utf-8", "surrogatepass") + b"\0")
        if end:
            digest.update(b"\1")

    numbers = range(shards.count)
    for number in numbers:
        words(shards.ids(number), False)
    digest.update(b"\1")
    words(s.ids)
    words(s.texts)
    if texts:
        for number in numbers:
            # Somebody who wrote nothing is an empty list of texts, which ends like any other.
            end = 0
            for name in shards.ids(number):
                if name in texts:
                    digest.update(b"\1" * end)
                    words(texts[name])
                    end = 0
                else:
                    end += 1
            digest.update(b"\1" * end)
    digest.update(repr((scale.kind, float(scale.low), float(scale.high), scale.complete)).encode() + b"\1")
    for part in (_ones, _agents, _statements, _values):
        for number in numbers:
            digest.update(part(shards, number))
        digest.update(b"\1")
    for array in (s.moderation, s.costs):
        if array is not None:
            digest.update(array.astype(array.dtype.newbyteorder("<")).tobytes() + b"\1")
    if any(s.kinds):
        digest.update("\0".join(s.kinds).encode() + b"\1")
    return digest.hexdigest()


def _ones(shards: Shards, number: int) -> bytes:
    first, stop = shards.bounds(number)
    return np.ones(stop - first, dtype="<i8").tobytes()


def _agents(shards: Shards, number: int) -> bytes:
    first, stop = shards.bounds(number)
    indptr = np.load(shards.path(number, "indptr.npy"))
    return np.repeat(np.arange(first, stop, dtype="<i8"), np.diff(indptr)).tobytes()


def _statements(shards: Shards, number: int) -> bytes:
    return bytes(np.load(shards.path(number, "statement.npy")).astype("<i8").tobytes())


def _values(shards: Shards, number: int) -> bytes:
    return bytes(np.load(shards.path(number, "value.npy")).astype("<f8").tobytes())
