"""cBJR for rankings (NG section 5, future work): what only rankings are needed for, and what they lose.

A ranking gives each agent a rank for every statement: how many statements it likes better. cBJR by ranks takes minus
the rank for the utility: no group of its share may all place some statement among their first r of which none has its
own statement among them. It needs ordinal queries only: Disc(i, a) is a rank, and Gen(S, r, x) a statement for at
most x that most of S place among their first r. Algorithm 1 meets it as it meets cBJR, since utilities may be any
numbers. What rankings alone could also ask for, that no group of its share all prefers a statement to what each has
(`preferred`), is stronger and need not exist (Condorcet's cycle); it is measured beside the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from folkmoot.audits import Subject
from folkmoot.formats import read
from folkmoot.preferences import fit
from folkmoot.processes import PROCESSES, Problem
from folkmoot.profile import BoolArray, FloatArray, InputError, IntArray, Progress
from folkmoot.profile.streams import Stream, stream
from folkmoot.queries import ClosedPool, Completed
from folkmoot.queries.coalitions import largest_coalitions, possible

from ..heldout.study import data_folder

K = 8
PROCESS = "bjr"


class Ranked:
    """The ordinal Disc query: minus the number of candidates that an agent likes better.

    Args:
        values: float64 [n, m], utilities of the candidates; only their order within a row matters.
    """

    def __init__(self, values: FloatArray) -> None:
        self.n_agents, self.n_statements = values.shape
        self.values = -better(values).astype(np.float64)

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        return self.values[np.ix_(agents, statements)]

    def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
        return np.ones((len(agents), len(statements)), dtype=bool)


def better(values: FloatArray) -> IntArray:
    """int64 [n, m]: how many candidates of the row are strictly larger.

    >>> better(np.array([[3.0, 1.0, 3.0, 2.0]])).tolist()
    [[0, 3, 0, 2]]
    """
    ranks = np.empty(values.shape, dtype=np.int64)
    for row, mine in enumerate(values):
        ranks[row] = len(mine) - np.searchsorted(np.sort(mine), mine, "right")
    return ranks


def by_rank(pool: ClosedPool) -> ClosedPool:
    """The same candidates, costs and masses with ranks for utilities."""
    values = pool.utilities(pool.agents, np.arange(pool.size))
    return ClosedPool(Ranked(values), np.arange(pool.size), pool.costs, pool.masses)


def preferred(subject: Subject) -> float:
    """The largest share of its need of a group all of whom prefer one statement outside to what each has."""
    most = 0.0
    for part, block in subject.offers(subject.outside):
        most = max(most, float((possible(subject.own, block, subject.masses) / subject.needs[part]).max(initial=0.0)))
    return most


def examined(pool: ClosedPool, k: int = K) -> dict[str, Any]:
    """P1 on utilities and on ranks, each judged by both and by what groups prefer.

    Returns:
        For ``utilities`` and ``ranks`` (what was chosen by): ``d_utilities`` and ``d_ranks``, d(0) of the slate by
        either, ``preferred``, and ``utility``, the mean utility of people's own statements; ``shared``: statements in
        both slates.
    """
    ranked = by_rank(pool)
    found: dict[str, Any] = {}
    slates = []
    for name, basis in (("utilities", pool), ("ranks", ranked)):
        selection = PROCESSES[PROCESS].run(Problem(basis, k), np.random.default_rng(0))
        subjects = [Subject(one, selection.candidates, selection.assignment, k) for one in (pool, ranked)]
        own = subjects[0].own
        found[name] = {
            "d_utilities": _largest(subjects[0]),
            "d_ranks": _largest(subjects[1]),
            "preferred": preferred(subjects[0]),
            "utility": float(own[np.isfinite(own)].mean()),
        }
        slates.append(set(selection.candidates.tolist()))
    return {**found, "shared": len(slates[0] & slates[1]), "k": k}


def _largest(subject: Subject) -> float:
    """d(0): the largest mass over need of any group that complains."""
    most = 0.0
    for part, block in subject.offers(subject.outside):
        mass, _ = largest_coalitions(subject.own, block, subject.masses)
        most = max(most, float((mass / subject.needs[part]).max(initial=0.0)))
    return most


def run(path: Path | None = None, report: Progress | None = None) -> dict[str, Any]:
    """P1 by utilities and by ranks on real conversations, whose missing answers a model completes.

    Args:
        path: the folder of the conversations, or of one; None: ``data/polis`` of the folder FOLKMOOT_SHARED names.
        report: called with (stage, share done).

    Returns:
        JSON-ready: ``conversations``, each with ``name``, ``people``, ``statements`` and the figures of `examined`.

    Raises:
        InputError: there is no conversation.
    """
    folder = path or data_folder()
    folders = sorted(one for one in folder.iterdir() if one.is_dir()) if folder.is_dir() else []
    if not folders and not folder.is_dir():
        raise InputError(f"there is no conversation in {folder}; name a folder of Polis exports with `path`")
    tell = report or (lambda stage, share: None)
    conversations = []
    for place, one in enumerate(folders or [folder]):
        tell("choosing slates", place / max(len(folders), 1))
        profile = read(one)
        columns = profile.pool(False)
        pool = ClosedPool(
            Completed(profile, fit(profile, stream(0, Stream.FIT))), columns, np.ones(len(columns), dtype=np.int64)
        )
        figures = examined(pool)
        conversations.append({"name": one.name, "people": pool.n_agents, "statements": pool.size, **figures})
    tell("choosing slates", 1.0)
    return {"study": "rankings", "conversations": conversations}


def table(result: Mapping[str, Any]) -> str:
    """The conversations as lines of text."""
    lines = [
        f"{'conversation':46}{'chosen by':12}{'d by utilities':>16}{'d by ranks':>12}{'preferred':>11}{'utility':>9}"
        f"{'shared':>8}"
    ]
    for one in result["conversations"]:
        for name in ("utilities", "ranks"):
            row = one[name]
            lines.append(
                f"{one['name']:46}{name:12}{row['d_utilities']:16.2f}{row['d_ranks']:12.2f}{row['preferred']:11.2f}"
                f"{row['utility']:9.3f}{one['shared']:>5} of {one['k']}"
            )
    return "\n".join(lines)
