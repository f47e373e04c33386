"""Votes in shards by people: a folder of arrays, of which no two have to be in memory at the same time.

A shard holds the answers of about 10^5 people in compressed sparse rows: where each person's answers begin, the
statements, and the values, sorted by person, then statement. Only whole numbers from -127 to 127 are answers here
(votes, ratings), so that an answer is three bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..profile import Agents, Answers, InputError, IntArray, Profile, Scale, Statements
from ..profile.arrays import frozen

SHARD = 131_072
"""People of a shard."""
VERSION = 1
MOST_STATEMENTS = 2**16


@dataclass(frozen=True)
class Meta:
    """What a folder of shards says of itself.

    Args:
        people: how many there are.
        statements: how many there are.
        answers: how many there are.
        size: people of a shard; the last one may have fewer.
        scale: kind, lowest and highest answer, and whether ballots are complete.
        version: of this layout.
    """

    people: int
    statements: int
    answers: int
    size: int
    scale: tuple[str, float, float, bool]
    version: int = VERSION


@dataclass(frozen=True)
class Shard:
    """The answers of some people.

    Args:
        first: the number of the first of them.
        indptr: int64 [n + 1], answers of person i are ``[indptr[i], indptr[i + 1])``.
        statement: uint16 [n_answers].
        value: int8 [n_answers].
    """

    first: int
    indptr: IntArray
    statement: NDArray[np.uint16]
    value: NDArray[np.int8]

    @property
    def n_agents(self) -> int:
        """How many people."""
        return len(self.indptr) - 1

    def profile(self, statements: Statements, scale: Scale, start: int = 0, stop: int | None = None) -> Profile:
        """The people ``[start, stop)`` of this shard as a profile; their ids are their numbers.

        Args:
            statements: of the whole.
            scale: of the answers.
            start: the first person.
            stop: the person after the last; None: to the end.
        """
        stop = self.n_agents if stop is None else min(stop, self.n_agents)
        rows, low, high = self.indptr[start : stop + 1], int(self.indptr[start]), int(self.indptr[stop])
        answers = Answers(
            frozen(np.repeat(np.arange(stop - start), np.diff(rows))),
            frozen(self.statement[low:high].astype(np.int64)),
            frozen(self.value[low:high].astype(np.float64)),
            scale,
        )
        ids = tuple(map(str, range(self.first + start, self.first + stop)))
        return Profile(Agents(ids), statements, answers)


class Shards:
    """A folder of shards.

    Args:
        folder: where they are.

    Raises:
        InputError: the folder holds none, or those of another version.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise InputError("holds no shards of votes; name the folder that reading wrote", file=folder) from None
        if meta.get("version") != VERSION:
            raise InputError("holds shards of another version of folkmoot; read the source again", file=folder)
        self.meta = Meta(**{**meta, "scale": tuple(meta["scale"])})

    @property
    def n_agents(self) -> int:
        """How many people."""
        return self.meta.people

    @property
    def count(self) -> int:
        """How many shards."""
        return -(-self.meta.people // self.meta.size)

    @cached_property
    def scale(self) -> Scale:
        """The scale of the answers."""
        kind, low, high, complete = self.meta.scale
        return Scale(kind, low, high, complete)  # type: ignore[arg-type]

    def path(self, number: int, name: str) -> Path:
        """A file of a shard."""
        return self.folder / f"{number:05d}" / name

    def bounds(self, number: int) -> tuple[int, int]:
        """The first person of a shard, and the one after its last."""
        first = number * self.meta.size
        return first, min(first + self.meta.size, self.meta.people)

    def shard(self, number: int) -> Shard:
        """The answers of a shard, read into memory (3 bytes an answer, 8 a person)."""
        load = np.load
        parts = (load(self.path(number, f"{name}.npy")) for name in ("indptr", "statement", "value"))
        return Shard(self.bounds(number)[0], *parts)

    def ids(self, number: int) -> list[str]:
        """The ids of the people of a shard."""
        text = self.path(number, "ids.txt").read_text(encoding="utf-8")
        return json.loads(text) if text.startswith("[") else text.split("\n")

    def people(self, rows: IntArray) -> tuple[list[str], Answers]:
        """The ids and the answers of some people, which are then numbered from 0.

        Args:
            rows: int64, ascending: their numbers.
        """
        ids: list[str] = []
        agent, statement, value = [], [], []
        for number in range(self.count):
            first, stop = self.bounds(number)
            low, high = np.searchsorted(rows, (first, stop))
            if low == high:
                continue
            here = rows[low:high] - first
            shard, names = self.shard(number), self.ids(number)
            ids += [names[row] for row in here.tolist()]
            lengths = shard.indptr[here + 1] - shard.indptr[here]
            at = np.repeat(shard.indptr[here] - (np.cumsum(lengths) - lengths), lengths) + np.arange(lengths.sum())
            agent.append(np.repeat(np.arange(low, high), lengths))
            statement.append(shard.statement[at].astype(np.int64))
            value.append(shard.value[at].astype(np.float64))
        empty = np.zeros(0, dtype=np.int64)
        parts = (np.concatenate([empty[:0], *each]) if each else empty for each in (agent, statement, value))
        rows_, columns, values = parts
        return ids, Answers(
            frozen(rows_.astype(np.int64)),
            frozen(columns.astype(np.int64)),
            frozen(values.astype(np.float64)),
            self.scale,
        )


class Writer:
    """Writes a folder of shards.

    Args:
        folder: where they are to be; made if it is not there.
        statements: how many statements there are.
        scale: of the answers.
        size: people of a shard.

    Raises:
        InputError: there are more statements than two bytes hold.
    """

    def __init__(self, folder: Path, statements: int, scale: Scale, size: int = SHARD) -> None:
        if statements > MOST_STATEMENTS:
            raise InputError(f"there are {statements:,} statements; shards hold at most {MOST_STATEMENTS:,}")
        self.folder, self.statements, self.scale, self.size = folder, statements, scale, size
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, number: int, ids: Sequence[str], agent: IntArray, statement: IntArray, value: IntArray) -> int:
        """Writes one shard; returns how many answers it has.

        Args:
            number: of the shard.
            ids: of its people.
            agent: int64, sorted: the row of the person in this shard.
            statement: int64, sorted within a person.
            value: the answers.
        """
        target = self.folder / f"{number:05d}"
        target.mkdir(exist_ok=True)
        indptr = np.searchsorted(agent, np.arange(len(ids) + 1)).astype(np.int64)
        np.save(target / "indptr.npy", indptr)
        np.save(target / "statement.npy", statement.astype(np.uint16))
        np.save(target / "value.npy", value.astype(np.int8))
        plain = not any("\n" in name or "\r" in name for name in ids) and not (ids and ids[0].startswith("["))
        text = "\n".join(ids) if plain else json.dumps(list(ids))
        (target / "ids.txt").write_text(text, encoding="utf-8", newline="\n")
        return len(value)

    def finish(self, people: int, answers: int) -> Shards:
        """Writes what the folder says of itself, last, so that a folder that was left unfinished is none."""
        s = self.scale
        meta = Meta(people, self.statements, answers, self.size, (s.kind, s.low, s.high, s.complete))
        (self.folder / "meta.json").write_text(json.dumps(asdict(meta)), encoding="utf-8")
        return Shards(self.folder)


def write_shards(profile: Profile, folder: Path, size: int = SHARD) -> Shards:
    """A profile in memory as shards.

    Args:
        profile: what people said.
        folder: where the shards are to be.
        size: people of a shard.

    Raises:
        InputError: the answers are no small whole numbers, people have weights, or they compared statements.
    """
    refuse(profile)
    a, writer = profile.answers, Writer(folder, profile.n_statements, profile.answers.scale, size)
    for number, (first, stop) in enumerate(_steps(profile.n_agents, size)):
        low, high = int(profile.indptr[first]), int(profile.indptr[stop])
        rows = a.agent[low:high] - first
        values = a.value[low:high].astype(np.int64)
        writer.write(number, profile.agents.ids[first:stop], rows, a.statement[low:high], values)
    return writer.finish(profile.n_agents, len(a))


def refuse(profile: Profile) -> None:
    """Says why a profile cannot be kept in shards.

    Raises:
        InputError: it cannot.
    """
    a = profile.answers
    if profile.agents.masses is not None:
        raise InputError("people with weights cannot be kept in shards yet; read them into memory (`large='no'`)")
    if len(profile.comparisons):
        raise InputError("comparisons cannot be kept in shards yet; read them into memory (`large='no'`)")
    if a.scale.complete:
        raise InputError("complete ballots cannot be kept in shards yet; read them into memory (`large='no'`)")
    if len(a) and ((a.value != np.rint(a.value)).any() or np.abs(a.value).max() > 127):
        raise InputError(
            "answers in shards are whole numbers from -127 to 127; read other ones into memory (`large='no'`)"
        )


def _steps(total: int, size: int) -> Iterator[tuple[int, int]]:
    for first in range(0, total, size):
        yield first, min(first + size, total)
