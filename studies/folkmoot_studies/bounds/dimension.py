"""How complex are a conversation's opinions? Its VC dimension, between bounds, and what follows for samples (GSC 3.3).

d is the largest number of people of whom every subset are exactly those that value some statement at some level. From
below: people who are found to be shattered, by adding one after the other. From above: m statements give at most
m (d + 1) sets among d people, and a set of d people can only be shattered if these are 2^d. P2 asks about samples of
16 C k^4 (d + ln(k / delta)) people; beside that stands from which size on its slates do meet BJR.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, log
from pathlib import Path
from typing import Any

import numpy as np

from folkmoot.audits import Subject
from folkmoot.formats import read
from folkmoot.preferences import fit
from folkmoot.processes import PROCESSES, Problem
from folkmoot.processes.democratic.bjr_sampled import dimension, sample_size
from folkmoot.profile import FloatArray, InputError, Progress
from folkmoot.profile.streams import Stream, stream
from folkmoot.queries import ClosedPool, Completed

from ..heldout.study import data_folder
from ..streams import numbers

K, DELTA, SIZES, RUNS = 5, 0.05, (25, 50, 100, 200), 20
# Starts of the search from below, and people who are tried at each step of one.
STARTS, TRIED = 30, 200


def run(
    path: Path | None = None, instances: int = RUNS, seed: int = 0, report: Progress | None = None
) -> dict[str, Any]:
    """The bounds on every conversation's dimension, the sample sizes they give, and what smaller samples do.

    Args:
        path: the folder of the conversations, or of one; None: ``data/polis`` of the folder FOLKMOOT_SHARED names.
        instances: how many runs of P2 each sample size is tried in.
        seed: the seed of the search and of the samples.
        report: called with (stage, share done).

    Returns:
        JSON-ready: ``conversations`` with ``name``, ``people``, ``statements``, ``least`` and ``most`` (of the
        dimension), ``shattered`` (how many people the search ended with in each start), ``sample`` (by Theorem 6 with
        C = 1, at either bound), ``met`` {size: runs whose slate meets BJR}, ``runs``, ``k``.

    Raises:
        InputError: there is no conversation.
    """
    folder = path or data_folder()
    found = sorted(one for one in folder.iterdir() if one.is_dir()) if folder.is_dir() else []
    folders = found or ([folder] if folder.is_dir() and any(folder.iterdir()) else [])
    if not folders:
        raise InputError(f"there is no conversation in {folder}; name a folder of Polis exports with `path`")
    tell = report or (lambda stage, share: None)
    conversations = []
    for place, one in enumerate(folders):
        tell("searching shattered people", place / len(folders))
        profile = read(one)
        columns = profile.pool(False)
        completed = Completed(profile, fit(profile, stream(0, Stream.FIT)))
        pool = ClosedPool(completed, columns, np.ones(len(columns), dtype=np.int64))
        conversations.append({"name": one.name, **examined(pool, instances, seed)})
    tell("searching shattered people", 1.0)
    return {"study": "dimension", "seed": seed, "conversations": conversations}


def examined(pool: ClosedPool, runs: int, seed: int) -> dict[str, Any]:
    """The figures of one pool; see `run`."""
    values = pool.utilities(pool.agents, np.arange(pool.size))
    ends = [len(shattered_people(values, numbers(seed, 61, start))) for start in range(STARTS)]
    least, most = max(ends), dimension(pool.size)
    met = {}
    for size in SIZES:
        if 2 * size < pool.n_agents:
            met[size] = sum(_meets(pool, size, numbers(seed, 62, size, number)) for number in range(runs))
    return {
        "people": pool.n_agents,
        "statements": pool.size,
        "least": least,
        "most": most,
        "shattered": ends,
        "sample": [ceil(16 * K**4 * (d + log(K / DELTA))) for d in (least, most)],
        "met": met,
        "runs": runs,
        "k": K,
    }


def shattered_people(values: FloatArray, rng: np.random.Generator) -> list[int]:
    """People of whom every subset likes some statement at some level and the rest does not, found greedily.

    Args:
        values: float64 [n, m], the utilities.
        rng: the generator that draws whom to try.
    """
    found: list[int] = []
    while True:
        tried = rng.permutation(len(values))[:TRIED]
        fresh = [int(i) for i in tried if int(i) not in found]
        more = next((i for i in fresh if shatters(values[[*found, i]])), None)
        if more is None:
            return found
        found.append(more)


def shatters(values: FloatArray) -> bool:
    """Whether every subset of these people is {i: u_i(a) >= theta} for some statement a and threshold theta.

    Args:
        values: float64 [d, m].
    """
    d, m = values.shape
    if 2**d > m * (d + 1):
        return False
    order = np.argsort(-values, axis=0, kind="stable")
    sorted_ = np.take_along_axis(values, order, axis=0)
    sets = np.cumsum(1 << order, axis=0)
    # A threshold separates neighbours only if they differ; below everybody it always does, above everybody as well.
    ends = np.concatenate([sorted_[1:] < sorted_[:-1], np.ones((1, m), dtype=bool)])
    return bool(len(np.unique(sets[ends])) == 2**d - 1)


def _meets(pool: ClosedPool, size: int, rng: np.random.Generator) -> bool:
    """Whether the slate of P2 with samples of this size meets BJR on the whole pool."""
    whole = sample_size(pool, K, {"d": 0.0, "delta": DELTA})
    parameters = {"d": 0.0, "delta": DELTA, "C": (size - 0.5) / whole}
    selection = PROCESSES["bjr-sampled"].run(Problem(pool, K, parameters=parameters), rng)
    return not Subject(pool, selection.candidates, selection.assignment, K).violates_cbjr


def table(result: Mapping[str, Any]) -> str:
    """The conversations as lines of text."""
    lines = [
        f"{'conversation':46}{'people':>8}{'statements':>12}{'dimension':>12}{'sample by Theorem 6':>24}   "
        "BJR met by size"
    ]
    for one in result["conversations"]:
        bounds, sample = f"{one['least']} to {one['most']}", "{:,} to {:,}".format(*one["sample"])
        met = ", ".join(f"{size}: {count} of {one['runs']}" for size, count in one["met"].items())
        lines.append(f"{one['name']:46}{one['people']:>8}{one['statements']:>12}{bounds:>12}{sample:>24}   {met}")
    return "\n".join(lines)
