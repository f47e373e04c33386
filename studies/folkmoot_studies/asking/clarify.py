"""Does it pay to ask as we ask: people drawn from real answers, against never, always and one step ahead.

Each data set gives features of what somebody wants (which of ten sushi they like; how they vote on the ten statements
of a conversation that most people voted on; how they rate the statements of a pilot) and people whose wants are all
known.
People come with a request each, answer truthfully what they are asked, and are given the best output for the answers;
a population is learned from the others (in `FOLDS`, so that everybody can be judged). Utility is what is right of the
output, less the cost of questions.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import folkmoot as fm
from folkmoot.asking.foremost import SLACK, gains
from folkmoot.asking.kinds import kinds
from folkmoot.asking.person import PersonValue
from folkmoot.asking.plans import informative
from folkmoot.asking.population import UNASKED, Population
from folkmoot.asking.whole import ONE_STEP, STOP
from folkmoot.profile import BoolArray, FloatArray, InputError, IntArray, Progress
from folkmoot.queries.language.clarify import decide
from folkmoot.queries.language.demo import Demo

from ..pilot import study as pilot
from ..streams import numbers
from ..sushi import data as sushi
from ..sushi.trees import pairs
from .clarify_printed import table

__all__ = ["GAMMAS", "Wants", "data", "entropy", "gini", "judged", "policies", "run", "table"]

GAMMAS = (0.0, 1.0, 2.0, 5.0, 10.0)
COST, FEATURES, ALWAYS, FOLDS = 0.3, 10, 3, 4
POLICIES = ("never", f"always {ALWAYS}", "one step", "rollout", "by prompt", "ours")
# Where fewer people are judged, they are split into folds so often that there are as many interviews.
INTERVIEWS = 600


@dataclass(frozen=True, eq=False)
class Wants:
    """What people want: codes int64 [n, m], and how many values every feature has."""

    name: str
    codes: IntArray
    sizes: tuple[int, ...]


def run(
    path: Path | None = None,
    instances: int = 600,
    only: str | None = None,
    seed: int = 0,
    report: Progress | None = None,
) -> dict[str, Any]:
    """Every policy on every data set at every inequality aversion of `GAMMAS`.

    Args:
        path: the folder with ``sushi``, ``polis`` and ``chatbot_pilot``; None: ``data`` of the folder FOLKMOOT_SHARED
            names.
        instances: the most people judged of each data set.
        only: the name of the one data set to look at.
        seed: draws who is learned from and who is judged.
        report: called with (stage, share done).

    Returns:
        JSON-ready: ``sets``, each with ``name``, ``people`` judged, ``learned`` from, ``kinds``, and ``rows``: gamma,
        policy, ``utility`` and ``error`` (a standard error), ``ce`` (certainty equivalent), ``questions``, ``gini``,
        ``majority`` and ``minority`` (mean utility of the larger kind, and of the smaller), ``w0`` and ``w1`` (their
        certainty equivalents), ``w1_plain`` (``w1`` of what ours does at gamma 0, at this gamma), ``entropy`` of the
        outputs in bits, and ``behind``: by how many standard errors of the paired difference in welfare it is behind
        the best. Where fewer people are judged than `INTERVIEWS` they are split into folds anew, ``splits`` times, and
        what a person has is the average. People are split into majority and minority by a population of two kinds,
        alpha and 1 - alpha of the paper. What decides ``by prompt`` is the demo model, which stands for a language
        model and is none.

    Raises:
        InputError: there are no data.
    """
    tell = report or (lambda stage, share: None)
    found = [wants for wants in data(path) if only is None or wants.name == only]
    if not found:
        raise InputError("no data here; name the folder with sushi, polis and chatbot_pilot with `path`")
    sets = []
    for place, wants in enumerate(found):
        tell(f"asking people of {wants.name}", place / len(found))
        sets.append(judged(wants, instances, seed))
    return {"study": "clarify", "cost": COST, "sets": sets}


def data(path: Path | None) -> Iterator[Wants]:
    """The data sets that are there."""
    folder = path or Path(os.environ.get("FOLKMOOT_SHARED", ".")) / "data"
    if (folder / "sushi").is_dir():
        users = sushi.read(folder / "sushi").users
        yield Wants("sushi", np.repeat(pairs(sushi.N), users, axis=0), (2,) * sushi.N)
    conversations = sorted(folder.glob("polis/*/comments.csv"))
    for file in conversations:
        profile = fm.read(file.parent)
        answered = np.bincount(profile.answers.statement, minlength=profile.n_statements)
        pool = profile.pool()
        most = pool[np.argsort(-answered[pool], kind="stable")[:FEATURES]]
        votes = profile.dense(most)
        codes = np.where(np.isnan(votes), UNASKED, np.nan_to_num(votes) + 1).astype(np.int64)
        yield Wants(file.parent.name, codes, (3,) * len(most))
    ratings = folder / "chatbot_pilot" / "validation_ratings.csv"
    if ratings.is_file():
        codes = pilot.read(ratings)
        codes = codes - codes.min()
        yield Wants("pilot", codes, (int(codes.max()) + 1,) * codes.shape[1])


def judged(wants: Wants, instances: int, seed: int, gammas: Sequence[float] = GAMMAS) -> dict[str, Any]:
    """Every policy on one data set."""
    rng = numbers(seed, 19)
    whole = np.flatnonzero((wants.codes != UNASKED).all(axis=1))
    people = rng.permutation(whole)[:instances]
    minority = kinds(wants.codes, wants.sizes, rng, 2).belief(wants.codes[people]).argmax(axis=1) == 1
    splits = []
    for _ in range(-(-INTERVIEWS // len(people))):
        places = rng.permutation(len(people))
        for fold in (places[at::FOLDS] for at in range(FOLDS)):
            splits.append((fold, kinds(np.delete(wants.codes, people[fold], axis=0), wants.sizes, rng)))
    rows: list[dict[str, Any]] = []
    plain: FloatArray | None = None
    for gamma in gammas:
        more, own = _rows(wants.codes[people], splits, minority, gamma)
        plain = own["ours"] if gamma == 0 else plain
        for row in more:
            row["w1_plain"] = None
            if row["policy"] == "ours" and plain is not None:
                row["w1_plain"] = _equivalent(_phi(plain + 1.0, gamma).mean(axis=0)[minority], gamma)
        rows += more
    return {
        "name": wants.name,
        "people": len(people),
        "learned": len(wants.codes) - len(splits[0][0]),
        "splits": len(splits) // FOLDS,
        "features": len(wants.sizes),
        "minority": float(minority.mean()),
        "kinds": sorted({len(population.weight) for _, population in splits}),
        "rows": rows,
    }


def _rows(
    truth: IntArray, splits: Sequence[tuple[IntArray, Population]], minority: BoolArray, gamma: float
) -> tuple[list[dict[str, Any]], dict[str, FloatArray]]:
    """What every policy brings at one inequality aversion: rows, and utilities [splits, n]."""
    found: dict[str, list[tuple[IntArray, Outcome]]] = {name: [] for name in POLICIES}
    for fold, population in splits:
        for name, outcome in _fold(population, gamma, truth[fold]).items():
            found[name].append((fold, outcome))
    # A row for each split into folds, in the order of the people.
    order = np.concatenate([fold for fold, _ in splits]).reshape(-1, len(truth)).argsort(axis=1)

    def gathered(parts: Sequence[tuple[IntArray, Outcome]], what: int) -> FloatArray:
        values = np.concatenate([outcome[what] for _, outcome in parts])
        values = values.reshape(-1, len(truth), *values.shape[1:])
        return np.stack([each[row] for each, row in zip(values, order, strict=True)])

    utility = {name: gathered(parts, 0) for name, parts in found.items()}
    # Welfare of everybody on average over splits: what another split would have brought is no property of a person.
    welfare = {name: _phi(u + 1.0, gamma).mean(axis=0) for name, u in utility.items()}
    best = max(welfare.values(), key=lambda each: float(each.mean()))
    rows = []
    for name, u in utility.items():
        gap = best - welfare[name]
        error = gap.std(ddof=1) / np.sqrt(len(gap)) if len(gap) > 1 else 0.0
        mean = u.mean(axis=0)
        rows.append(
            {
                "gamma": gamma,
                "policy": name,
                "utility": float(mean.mean()),
                "error": float(mean.std(ddof=1) / np.sqrt(len(mean))),
                "ce": _equivalent(welfare[name], gamma),
                "questions": float(gathered(found[name], 1).mean()),
                "gini": float(np.mean([gini(each) for each in u])),
                "majority": _mean(mean[~minority]),
                "minority": _mean(mean[minority]),
                "w0": _equivalent(welfare[name][~minority], gamma),
                "w1": _equivalent(welfare[name][minority], gamma),
                "entropy": float(np.mean([entropy(each) for each in gathered(found[name], 2)])),
                "behind": float(gap.mean() / error) if error > 0 else 0.0,
            }
        )
    return rows, utility


# Utilities, numbers of questions, and outputs.
Outcome = tuple[FloatArray, IntArray, IntArray]


def _fold(population: Population, gamma: float, truth: IntArray) -> dict[str, Outcome]:
    """Outcomes by policy, for people who are not among those that the population was learned from."""
    value = PersonValue(population, gamma, COST)
    model = ByPrompt(population)
    ways = policies(value)

    def best(answers: IntArray) -> IntArray:
        return np.asarray(value.output(population.log_belief(answers), answers)[0])

    found = {name: _outcome(truth, ask, best) for name, ask in ways.items()}
    return {name: found[name] if name in found else _outcome(truth, model.ask, model.output) for name in POLICIES}


class ByPrompt:
    """The demo model decides by prompt whether to ask, and guesses the rest.

    Args:
        population: the population that shares of people are told from.
    """

    def __init__(self, population: Population) -> None:
        self._model = Demo(lambda texts: np.zeros((len(texts), 1)))
        shares = population.predicted(population.weight[None])[0]
        self._shares = shares.tolist()
        values = tuple(f"value {code}" for code in range(shares.shape[1]))
        self._features = [(f"feature {at + 1}", "", values) for at in range(len(shares))]

    def _decided(self, answers: IntArray) -> tuple[int | None, list[int]]:
        said = {int(at): int(answers[0, at]) for at in np.flatnonzero(answers[0] != UNASKED)}
        return decide(self._model, "Hand over what I want.", self._features, self._shares, said, COST)

    def ask(self, answers: IntArray) -> int:
        """The question, -1: answer now."""
        asked = self._decided(answers)[0]
        return -1 if asked is None else asked

    def output(self, answers: IntArray) -> IntArray:
        """int64 [m]: what the model guesses, and what was said."""
        return np.array(self._decided(answers)[1], dtype=np.int64)


# From the answers int64 [1, m] to the question, -1: answer now.
Ask = Callable[[IntArray], int]


def policies(value: PersonValue) -> dict[str, Ask]:
    """What to ask next, by the name of the policy; the same output follows for all."""
    population = value.population

    def says(answers: IntArray) -> FloatArray:
        worth = informative(population, population.belief(answers))
        return np.asarray(np.where(answers == UNASKED, worth, -np.inf)[0])

    def always(answers: IntArray) -> int:
        return int(says(answers).argmax()) if (answers != UNASKED).sum() < min(ALWAYS, answers.shape[1]) else -1

    def ahead(then: str) -> Ask:
        def ask(answers: IntArray) -> int:
            table = value.whole(population.log_belief(answers)[0], answers[0], answers[0] == UNASKED)
            assert table is not None  # there are at most `FEATURES` of them
            worth = table.questions(answers[0], then)
            return int(worth.argmax()) if worth.max() > table.stop(answers[0]) + 1e-9 else -1

        return ask

    def ours(answers: IntArray) -> int:
        logs, open_ = population.log_belief(answers)[0], answers[0] == UNASKED
        worth = gains(value, logs, answers[0], open_, np.random.default_rng(0))
        return int(worth.argmax()) if worth.max() > SLACK * COST else -1

    # First, so that what everybody may answer is gone through once.
    start = np.full((1, population.n_statements), UNASKED)
    value.whole(population.log_belief(start)[0], start[0], start[0] == UNASKED)
    return {
        "never": lambda answers: -1,
        f"always {ALWAYS}": always,
        "one step": ahead(STOP),
        "rollout": ahead(ONE_STEP),
        "ours": ours,
    }


def _outcome(truth: IntArray, ask: Ask, output: Callable[[IntArray], IntArray]) -> Outcome:
    """Utilities, numbers of questions, and outputs; what was decided after the same answers is decided once."""
    known: dict[bytes, int] = {}
    outputs: dict[bytes, IntArray] = {}
    utility, asked = np.zeros(len(truth)), np.zeros(len(truth), dtype=np.int64)
    given = np.zeros_like(truth)
    for i, wants in enumerate(truth):
        answers = np.full((1, len(wants)), UNASKED)
        while True:
            key = answers.tobytes()
            if key not in known:
                known[key] = ask(answers)
            if known[key] < 0:
                break
            answers[0, known[key]] = wants[known[key]]
        if key not in outputs:
            outputs[key] = output(answers)
        given[i] = outputs[key]
        asked[i] = (answers != UNASKED).sum()
        utility[i] = (given[i] == wants).sum() - COST * asked[i]
    return utility, asked, given


def _phi(v: FloatArray, gamma: float) -> FloatArray:
    return np.asarray(np.log(v) if gamma == 1 else v ** (1.0 - gamma) / (1.0 - gamma))


def _back(phi: float, gamma: float) -> float:
    return float(np.exp(phi) if gamma == 1 else (phi * (1.0 - gamma)) ** (1.0 / (1.0 - gamma)))


def _equivalent(welfare: FloatArray, gamma: float) -> float | None:
    """The sure utility that is as good as welfare is on average; None: there is nobody."""
    return _back(float(welfare.mean()), gamma) - 1.0 if len(welfare) else None


def _mean(values: FloatArray) -> float | None:
    return float(values.mean()) if len(values) else None


def gini(values: FloatArray) -> float:
    """Half the mean difference of two people over the mean; 0: all are equal."""
    apart = np.abs(values[:, None] - values).mean()
    return float(apart / (2.0 * values.mean())) if values.mean() > 0 else 0.0


def entropy(outputs: IntArray) -> float:
    """Entropy of whole outputs over people, bits: how much they differ from person to person."""
    _, counts = np.unique(outputs, axis=0, return_counts=True)
    shares = counts / counts.sum()
    return max(0.0, float(-(shares * np.log2(shares)).sum()))
