"""Ranked ballots as a Profile, whatever file they come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from ..profile import Agents, Answers, FloatArray, InputError, IntArray, Profile, Scale, Statements
from ..profile.sentences import noted
from .base import Notes, place
from .weights import masses_in

MOST = 20_000_000
"""How many answers a file is expanded to at most; beyond that, voters with equal ballots share a participant."""

MANY = 100_000
"""About how many participants there are then."""

MOST_VOTERS = 10**12
MOST_READ = 50_000_000
"""The most voters that ballots can count for, and the most answers that ballots can hold."""


@dataclass
class Ballot:
    """A ballot that one or more voters cast.

    Args:
        line: the row of the file.
        ranks: the numbers of the candidates, best first; those in one rank are equal.
        voters: how many voters cast it.
        weight: what each of them counts.
    """

    line: int
    ranks: list[list[int]]
    voters: int = 1
    weight: Fraction = field(default_factory=lambda: Fraction(1))


def share(voters: int, answers: int) -> int:
    """How many voters with equal ballots one participant stands for; 1 unless there are too many.

    Args:
        voters: how many there are.
        answers: how many answers their ballots hold together.
    """
    return max(-(-voters // MANY), -(-answers // MOST)) if answers > MOST else 1


def divided(voters: int, count: int) -> IntArray:
    """So many voters in parts that differ by one at most, int64 [count]."""
    return np.full(count, voters // max(count, 1), dtype=np.int64) + (np.arange(count) < voters % max(count, 1))


def shared(among: int) -> str:
    """What a note says of voters who share a participant."""
    return noted(f"voters, of whom up to {among:,} with equal ballots are one participant whose weight is their number")


def once(ballot: Ballot, path: Path, notes: Notes) -> None:
    """Leaves a candidate that a ballot names twice only where it stands first, and ranks that name nobody out."""
    seen: set[int] = set()
    kept: list[list[int]] = []
    for rank in ballot.ranks:
        new = [c for c in dict.fromkeys(rank) if c not in seen]
        if len(new) < len(rank):
            what = "ballots that name a candidate twice: the first place counts"
            notes.add("changed", what, place(path, ballot.line), ballot.voters)
        seen.update(new)
        kept.append(new)
    ballot.ranks = [rank for rank in kept if rank]


def profile_of(
    path: Path,
    statements: Statements,
    ballots: Sequence[Ballot],
    notes: Notes,
    *,
    source: str,
    topic: str = "",
    complete: bool = True,
    agents: Agents | None = None,
    facts: dict[str, Any] | None = None,
) -> Profile:
    """The profile of ranked ballots; positions are one more than the number of candidates ranked before.

    Args:
        path: the file.
        statements: the candidates.
        ballots: the ballots, each candidate once.
        notes: the notes to which is added what is assumed.
        source: the id of the format.
        topic: what the election is about.
        complete: whether candidates that a ballot leaves out are ranked behind those that it names.
        agents: the voters, one a ballot; None: they are called by number.
        facts: what else is known.

    Raises:
        InputError: if the ballots count for more voters, or hold more answers, than can be read.
    """
    m = len(statements.ids)
    voters = sum(ballot.voters for ballot in ballots)
    if voters > MOST_VOTERS:
        raise InputError(f"counts {voters:,} voters; the most that can be read are {MOST_VOTERS:,}", file=path)
    sizes = [sum(map(len, ballot.ranks)) for ballot in ballots]
    among = share(voters, sum(size * ballot.voters for size, ballot in zip(sizes, ballots, strict=True)))
    statement: list[IntArray] = []
    value: list[FloatArray] = []
    agent: list[IntArray] = []
    masses: list[IntArray] = []
    weights: list[Fraction] = []
    n, total = 0, 0
    for ballot, size in zip(ballots, sizes, strict=True):
        count = -(-ballot.voters // among)
        total += count * size
        if total > MOST_READ:
            raise InputError(
                f"the ballots hold more than {MOST_READ:,} answers, which is the most that can be read; take a part of "
                "the ballots",
                file=path,
                row=ballot.line,
            )
        chosen = np.array([c for rank in ballot.ranks for c in rank], dtype=np.int64)
        lengths = [len(rank) for rank in ballot.ranks]
        places = np.repeat(np.cumsum([1, *lengths[:-1]]) if lengths else [], lengths).astype(np.float64)
        agent.append(np.repeat(np.arange(n, n + count), size))
        statement.append(np.tile(chosen, count))
        value.append(np.tile(places, count))
        masses.append(divided(ballot.voters, count))
        weights += [ballot.weight] * count
        n += count
        if not size:
            notes.add("seen", "voters who ranked nobody", place(path, ballot.line), ballot.voters)
        elif size < m:
            what = "orders that leave candidates out: these are ranked behind, equal"
            if not complete:
                what = "orders that leave candidates out: nothing is assumed of these"
            notes.add("seen", what, place(path, ballot.line), ballot.voters)
    if agents is None:
        notes.add("seen", "ballots are anonymous: voters are called by number", path.name, n)
        agents = Agents(tuple(map(str, range(1, n + 1))), masses=_masses(masses, weights, among))
    if among > 1:
        notes.add("changed", shared(among), path.name, voters)
    if any(weight != 1 for weight in weights):
        notes.add("seen", "ballots with a weight", path.name, sum(weight != 1 for weight in weights))
    return Profile(
        agents,
        statements,
        Answers.of(
            np.concatenate(agent) if agent else [],
            np.concatenate(statement) if statement else [],
            np.concatenate(value) if value else [],
            Scale("ranking", 1.0, float(max(m, 1)), complete=complete),
        ),
        notes.all(),
        topic=topic,
        source=source,
        facts={"files": [path.name], **(facts or {})},
    )


def _masses(masses: list[IntArray], weights: list[Fraction], among: int) -> IntArray | None:
    if not weights or (among == 1 and len(set(weights)) == 1):
        return None
    whole = np.concatenate(masses)
    if len(set(weights)) == 1:
        return whole
    return masses_in([float(w) * int(k) for w, k in zip(weights, whole.tolist(), strict=True)])


def refuse_weight(text: str, path: Path, line: int) -> InputError:
    """The error for a weight that is none."""
    return InputError(f"{text[:40]!r} is no weight; a ballot counts for one voter or more", file=path, row=line)
