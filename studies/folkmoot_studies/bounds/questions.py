"""alpha-JR with measured stance (arXiv 2511.04588): an audit by cosines beside the same audit by votes.

De, Gelauff, Goel, Milli, Procaccia and Siu audit slates of questions by JR for general utilities and take for a
person's utility the cosine between the embeddings of what the person proposed and a question. Here the people who
proposed something also voted: both utilities of the same person for the same statement are known, and so is what the
audit says.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from folkmoot.audits import AUDITS, Subject
from folkmoot.formats import read
from folkmoot.preferences import fit
from folkmoot.preferences.models.text_similarity import Embedding
from folkmoot.processes import PROCESSES, Problem
from folkmoot.profile import BoolArray, FloatArray, InputError, IntArray, Progress
from folkmoot.profile.streams import Stream, stream
from folkmoot.queries import ClosedPool, Completed

from ..heldout.study import data_folder
from ..streams import numbers

K, RANDOM = 8, 20
CHOSEN = ("bjr", "popular")


class Fixed:
    """Utilities that are given as a whole.

    Args:
        values: float64 [n, m].
    """

    def __init__(self, values: FloatArray) -> None:
        self.values = values
        self.n_agents, self.n_statements = values.shape

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        return self.values[np.ix_(agents, statements)]

    def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
        return np.ones((len(agents), len(statements)), dtype=bool)


def run(path: Path | None = None, seed: int = 0, report: Progress | None = None) -> dict[str, Any]:
    """Both audits of the same slates, for the people of each conversation who proposed a statement.

    Args:
        path: the folder of the conversations, or of one; None: ``data/polis`` of the folder FOLKMOOT_SHARED names.
        seed: the seed of the random slates.
        report: called with (stage, share done).

    Returns:
        JSON-ready: ``conversations``: ``name``, ``authors``, ``statements``, ``auc`` (how likely a statement of others
        that an author agrees with has the larger cosine than one the author disagrees with), ``votes`` (how many of
        each), and ``slates`` {how it was chosen: alpha by ``votes`` and by ``cosine``}; random slates are means.

    Raises:
        InputError: there is no conversation.
        MissingExtraError: the embedding is not installed.
    """
    folder = path or data_folder()
    folders = sorted(one for one in folder.iterdir() if one.is_dir()) if folder.is_dir() else []
    if not folders and not folder.is_dir():
        raise InputError(f"there is no conversation in {folder}; name a folder of Polis exports with `path`")
    tell = report or (lambda stage, share: None)
    embedding, conversations = Embedding(), []
    for place, one in enumerate(folders or [folder]):
        tell("auditing slates", place / max(len(folders), 1))
        figures = _examined(one, embedding, seed)
        if figures is not None:
            conversations.append({"name": one.name, **figures})
    tell("auditing slates", 1.0)
    return {"study": "questions", "seed": seed, "conversations": conversations}


def _examined(folder: Path, embedding: Embedding, seed: int) -> dict[str, Any] | None:
    profile = read(folder)
    columns = profile.pool(False)
    place = {agent: row for row, agent in enumerate(profile.agents.ids)}
    own: dict[int, list[int]] = {}
    for at, column in enumerate(columns.tolist()):
        for agent in profile.statements.provenance[column].agents if profile.statements.provenance else ():
            if agent in place:
                own.setdefault(place[agent], []).append(at)
    authors = np.array(sorted(own), dtype=np.int64)
    if len(authors) <= K:
        return None
    vectors = embedding.vectors([profile.statements.texts[column] for column in columns.tolist()])
    cosine = np.array([(vectors[own[author]] @ vectors.T).max(axis=0) for author in authors.tolist()])
    completed = Completed(profile, fit(profile, stream(0, Stream.FIT)))
    measured = completed.utilities(authors, columns)
    known = completed.known(authors, columns)
    for row, author in enumerate(authors.tolist()):
        known[row, own[author]] = False
    low, high = profile.answers.scale.utility_range
    agree, disagree = cosine[known & (measured == high)], cosine[known & (measured == low)]
    pools = {
        name: ClosedPool(
            Fixed(values.astype(np.float64)), np.arange(len(columns)), np.ones(len(columns), dtype=np.int64)
        )
        for name, values in (("votes", measured), ("cosine", cosine))
    }
    slates: dict[str, dict[str, float]] = {}
    for process in CHOSEN:
        for name, pool in pools.items():
            chosen = PROCESSES[process].run(Problem(pool, K), np.random.default_rng(0)).candidates
            slates[f"{process} on {name}"] = {basis: alpha(pools[basis], chosen) for basis in pools}
    rng = numbers(seed, 91)
    drawn = [rng.choice(len(columns), K, replace=False) for _ in range(RANDOM)]
    slates["at random"] = {basis: float(np.mean([alpha(pools[basis], one) for one in drawn])) for basis in pools}
    return {
        "authors": len(authors),
        "statements": len(columns),
        "auc": larger(agree, disagree),
        "votes": [len(agree), len(disagree)],
        "slates": slates,
    }


def alpha(pool: ClosedPool, chosen: IntArray) -> float:
    """alpha of JR for utilities."""
    subject = Subject(pool, np.asarray(chosen, dtype=np.int64), np.full(pool.n_agents, -1), K)
    ratio = AUDITS["alpha-jr"].check(subject).ratio
    return float(ratio) if ratio is not None else 0.0


def larger(one: FloatArray, other: FloatArray) -> float:
    """How likely a number of the first is larger than one of the second, ties counting half."""
    if not len(one) or not len(other):
        return 0.5
    ranked = np.sort(other)
    below, upto = np.searchsorted(ranked, one, "left"), np.searchsorted(ranked, one, "right")
    return float((below + upto).mean() / (2 * len(other)))


def table(result: Mapping[str, Any]) -> str:
    """The conversations as lines of text."""
    lines = []
    for one in result["conversations"]:
        lines.append(
            f"{one['name']}: {one['authors']} authors, {one['statements']} statements; the cosine tells agreement from "
            f"disagreement with an area of {one['auc']:.2f} ({one['votes'][0]:,} and {one['votes'][1]:,} votes)"
        )
        lines.append(f"  {'slate of ' + str(K):24}{'alpha by votes':>16}{'by cosine':>12}")
        lines += [f"  {name:24}{row['votes']:16.2f}{row['cosine']:12.2f}" for name, row in one["slates"].items()]
    return "\n".join(lines)
