"""Which way of forming groups brings statements that many people like: Figure 2 of Fish et al. 2024, from any run.

People are drawn at random, again and again, 40 of 100 as in the paper. Each time one statement of every source, drawn
from what the run wrote, is held against them by the utility of the person in the middle, the 20th-highest of 40: that
is what a generative query is asked for. Nothing is asked; utilities are those of the run, the rest predicted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..profile import FloatArray, InputError, IntArray, Profile
from ..profile.streams import Stream, stream

if TYPE_CHECKING:
    from ..engines.written import Written

DRAWS, SHARE = 50, 0.4


@dataclass(frozen=True)
class Source:
    """One way of forming the groups that statements are written for.

    Args:
        statements: how many of the run's statements it brought.
        quartiles: of the utility in the middle over the draws: smallest, first quartile, median, third, largest.
        best: share of the draws in which its statement was liked better than that of every other source.
    """

    statements: int
    quartiles: tuple[float, float, float, float, float]
    best: float


@dataclass(frozen=True)
class Sources:
    """All sources of a run.

    Args:
        draws: how often people were drawn.
        people: how many each time.
        rank: the rank of the utility that counts, from the highest.
        known: the share of the utilities that the model was asked for; the rest is predicted.
        by_source: the sources by name.
        maximum: quartiles of the best of all sources, draw by draw.
    """

    draws: int
    people: int
    rank: int
    known: float
    by_source: Mapping[str, Source]
    maximum: tuple[float, float, float, float, float]


def sources(written: Written, profile: Profile, *, draws: int = DRAWS, seed: int = 0) -> Sources:
    """Compares the sources of the statements that a run wrote.

    Args:
        written: the run.
        profile: its candidates with the model's scores.
        draws: how often people are drawn, at least 1.
        seed: of the draws.

    Raises:
        InputError: fewer than 1 draw, or the run wrote nothing that is in its pool.
    """
    if draws < 1:
        raise InputError(f"{draws} draws of people; at least 1 is needed")
    disc = written.prepare(profile).disc
    first = written.source.n_statements if profile.n_statements == written.queries.disc.n_statements else 0
    offset = written.source.n_statements - first
    of: dict[str, list[int]] = {}
    for entry in written.queries.writer.written:
        if entry.number >= 0:
            of.setdefault(entry.group.generator, []).append(entry.number - offset)
    if not of:
        raise InputError("the run wrote no statement that could be chosen, so there are no sources to compare")
    n = profile.n_agents
    size = max(1, round(SHARE * n))
    rank = -(-size // 2)
    columns: IntArray = np.array(sorted({at for many in of.values() for at in many}), dtype=np.int64)
    utilities = disc.utilities(np.arange(n), columns)
    known = disc.known(np.arange(n), columns)
    place = {at: k for k, at in enumerate(columns.tolist())}
    rng = stream(seed, Stream.SOURCES)
    values = np.empty((draws, len(of)))
    for draw in range(draws):
        rows = rng.choice(n, size, replace=False)
        for k, many in enumerate(of.values()):
            column = place[many[int(rng.integers(len(many)))]]
            values[draw, k] = np.sort(utilities[rows, column])[::-1][rank - 1]
    top = values.max(axis=1)
    sole = (values == top[:, None]) & ((values == top[:, None]).sum(axis=1) == 1)[:, None]
    found = {
        name: Source(len(many), _quartiles(values[:, k]), float(sole[:, k].mean()))
        for k, (name, many) in enumerate(of.items())
    }
    return Sources(draws, size, rank, float(known.mean()), found, _quartiles(top))


def _quartiles(values: FloatArray) -> tuple[float, float, float, float, float]:
    low, first, middle, third, high = np.quantile(values, [0, 0.25, 0.5, 0.75, 1]).tolist()
    return low, first, middle, third, high
