"""The published runs of PROSE as arrays, statement by statement as they were generated.

`refine.read` reads the same files and merges equal texts; a replay must not, for pool order breaks ties.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from folkmoot.profile import FloatArray, InputError, IntArray, words

# Weight k of specificity in u = agreement - k (6 - specificity) / 5: what the range of the recorded scores fits.
TOP, WEIGHTS = 6.0, {"drugs_80_extreme_middle": 2.0}


@dataclass(frozen=True, eq=False)
class Published:
    """A published run.

    Args:
        agents: the ids of the agents.
        agent_words: int64 [n], the words of the agents' texts.
        scores: float64 [n, m], the utility of every agent for every generated statement; nan where it was never asked.
        costs: int64 [m], the words of each statement.
        first: int64 [m], the first statement of the same text.
        batch: int64 [m], the round that generated the statement.
        group: int64 [m], the number of agents shown to the generating model; -1: those who approve the pool's best.
        texts: the texts of the statements.
        levels: float64 [rounds]; steps: int64 [rounds]: level and cost step of every pass.
        unsatisfied, nominated, accepted: int64 [rounds] as logged; accepted is 0 or 1.
        schedule: the cost steps.
        shortest: the smallest cost step of a pass before the last level.
        grid: the levels, highest first.
        budget: the budget of the slate.
        chosen: int64 [k], the slate, by statement.
        place: int64 [n], the place of each agent's statement in it.
        weight: the weight of specificity.
        slates: every method's slate, as in the data's ``slates.json``.
    """

    agents: tuple[str, ...]
    agent_words: IntArray
    scores: FloatArray
    costs: IntArray
    first: IntArray
    batch: IntArray
    group: IntArray
    texts: tuple[str, ...]
    levels: FloatArray
    steps: IntArray
    unsatisfied: IntArray
    nominated: IntArray
    accepted: IntArray
    schedule: tuple[int, ...]
    shortest: int
    grid: tuple[float, ...]
    budget: int
    chosen: IntArray
    place: IntArray
    weight: float
    slates: Mapping[str, Any]

    @property
    def n(self) -> int:
        return len(self.agents)

    @property
    def m(self) -> int:
        return len(self.costs)

    @property
    def rounds(self) -> int:
        return len(self.levels)

    @property
    def passes(self) -> list[tuple[float, int, int]]:
        """(level, step, round) in order; round -1: the recorded run made no such pass, nothing was generated in it."""
        passes = []
        for level in self.grid:
            for step in self.schedule:
                made = np.flatnonzero((self.levels == level) & (self.steps == step))
                passes += [(level, step, int(t)) for t in made] or [(level, step, -1)]
        return passes

    def own(self, chosen: IntArray, place: IntArray) -> FloatArray:
        """float64 [n]: score of the assigned statement; -inf unassigned."""
        utilities = np.full(self.n, -np.inf)
        seated = np.flatnonzero(place >= 0)
        utilities[seated] = self.scores[seated, chosen[place[seated]]]
        return utilities


def read(folder: Path) -> Published:
    """Reads one run.

    Raises:
        InputError: a file is missing.
    """
    if not (folder / "scores.csv.gz").is_file():
        raise InputError("no recorded run here; name the folder that holds the four runs", file=folder)
    rows = _rows(folder / "statements.csv.gz")
    rounds = _rows(folder / "rounds.csv")
    people = _rows(folder / "agents.csv")
    with gzip.open(folder / "scores.csv.gz", "rt", encoding="utf-8", newline="") as file:
        head, *lines = csv.reader(file)
    info = json.loads((folder / "run_info.json").read_text(encoding="utf-8"))
    slates = json.loads((folder / "slates.json").read_text(encoding="utf-8"))
    text = {row["agent_id"]: row["text"] for row in people}
    ids = tuple(head[1:])
    return Published(
        agents=ids,
        agent_words=np.array([words(text[agent]) for agent in ids], dtype=np.int64),
        scores=np.array([[float(cell) if cell else np.nan for cell in line[1:]] for line in lines]).T.copy(),
        costs=_whole(rows, "words"),
        first=_whole(rows, "first_id"),
        batch=_whole(rows, "round"),
        group=_whole(rows, "cluster_size"),
        texts=tuple(row["text"] for row in rows),
        levels=np.array([float(row["approval_level"]) for row in rounds]),
        steps=_whole(rounds, "budget"),
        unsatisfied=_whole(rounds, "n_unsatisfied"),
        nominated=_whole(rounds, "nominated_statement_id"),
        accepted=_whole(rounds, "accepted"),
        schedule=tuple(info["budget_schedule"]),
        shortest=int(info["minimum_statement_length"]),
        grid=tuple(sorted(map(float, info["approval_levels"]), reverse=True)),
        budget=int(info["word_budget"]),
        chosen=np.array([entry["statement_id"] for entry in slates["PROSE"]["statements"]], dtype=np.int64),
        place=np.array([slates["PROSE"]["assignment"][agent] for agent in ids], dtype=np.int64),
        weight=WEIGHTS.get(info["instance"], 1.0),
        slates=slates,
    )


def _rows(file: Path) -> list[dict[str, str]]:
    body = file.read_bytes()
    text = (gzip.decompress(body) if file.suffix == ".gz" else body).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _whole(rows: list[dict[str, str]], name: str) -> IntArray:
    """A column of whole numbers, -1 where a cell is empty."""
    return np.array([int(row[name] or -1) for row in rows], dtype=np.int64)
