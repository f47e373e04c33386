"""Does it pay to ask as we ask: people drawn from real answers, against never, always and one step ahead.

Each data set gives features of what somebody wants (which of ten sushi they like; how they vote on the ten statements
of a conversation that most people voted on; how they rate the statements of a pilot) and people whose wants are all
known.
A population is learned from half of them; the others come with a request each, answer truthfully what they are asked,
and are given the best output for the answers. Utility is what is right of it, less the cost of questions.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import folkmoot as fm
from folkmoot.asking.kinds import kinds
from folkmoot.asking.person import PersonValue
from folkmoot.asking.plans import informative, plans
from folkmoot.asking.population import UNASKED
from folkmoot.profile import FloatArray, InputError, IntArray, Progress

from ..pilot import study as pilot
from ..streams import numbers
from ..sushi import data as sushi
from ..sushi.trees import pairs

GAMMAS = (0.0, 1.0, 2.0, 5.0, 10.0)
COST, FEATURES, ALWAYS = 0.3, 10, 3
POLICIES = ("never", f"always {ALWAYS}", "one step", "ours")


@dataclass(frozen=True, eq=False)
class Wants:
    """What people want: codes int64 [n, m], and how many values every feature has."""

    name: str
    codes: IntArray
    sizes: tuple[int, ...]


def run(
    path: Path | None = None,
    instances: int = 150,
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
        ``majority`` and ``minority`` (mean utility of the largest kind, and of all others), ``entropy`` of the outputs
        in bits, and ``behind``: by how many standard errors of the difference in welfare it is behind the best.

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


def judged(wants: Wants, instances: int, seed: int) -> dict[str, Any]:
    """Every policy on one data set."""
    rng = numbers(seed, 19)
    whole = np.flatnonzero((wants.codes != UNASKED).all(axis=1))
    people = rng.permutation(whole)[: min(instances, len(whole) // 2)]
    others = np.setdiff1d(np.arange(len(wants.codes)), people)
    population = kinds(wants.codes[others], wants.sizes, rng)
    truth = wants.codes[people]
    kind = population.belief(truth).argmax(axis=1)
    rows = []
    for gamma in GAMMAS:
        value = PersonValue(population, gamma, COST)
        own = {name: _outcome(value, truth, ask) for name, ask in policies(value).items()}
        welfare = {name: _phi(u + 1.0, gamma) for name, (u, _, _) in own.items()}
        best = max(welfare.values(), key=lambda each: float(each.mean()))
        for name, (u, asked, outputs) in own.items():
            gap = best - welfare[name]
            error = gap.std(ddof=1) / np.sqrt(len(gap)) if len(gap) > 1 else 0.0
            rows.append(
                {
                    "gamma": gamma,
                    "policy": name,
                    "utility": float(u.mean()),
                    "error": float(u.std(ddof=1) / np.sqrt(len(u))),
                    "ce": _back(float(welfare[name].mean()), gamma) - 1.0,
                    "questions": float(asked.mean()),
                    "gini": gini(u),
                    "majority": _mean(u[kind == 0]),
                    "minority": _mean(u[kind != 0]),
                    "entropy": entropy(outputs),
                    "behind": float(gap.mean() / error) if error > 0 else 0.0,
                }
            )
    about = {"name": wants.name, "people": len(people), "learned": len(others), "features": len(wants.sizes)}
    return {**about, "kinds": len(population.weight), "rows": rows}


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

    def one_step(answers: IntArray) -> int:
        if not (answers == UNASKED).any():
            return -1
        belief = population.log_belief(answers)
        worth = value.one_step(belief, answers, np.arange(answers.shape[1])[None])[0]
        return int(worth.argmax()) if worth.max() > value.stop(belief, answers)[0] + 1e-9 else -1

    def ours(answers: IntArray) -> int:
        if not (answers == UNASKED).any():
            return -1
        belief = population.log_belief(answers)
        seen = [value.outlook(answers[0])] if value.gamma > 0 else None
        worth = plans(value, belief, answers, answers == UNASKED, np.random.default_rng(0), outlooks=seen)[0]
        return int(worth.argmax()) if worth.max() > value.stop(belief, answers, seen)[0] + 1e-9 else -1

    return dict(zip(POLICIES, (lambda answers: -1, always, one_step, ours), strict=True))


def _outcome(value: PersonValue, truth: IntArray, ask: Ask) -> tuple[FloatArray, IntArray, IntArray]:
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
            outputs[key] = value.output(value.population.log_belief(answers), answers)[0]
        given[i] = outputs[key]
        asked[i] = (answers != UNASKED).sum()
        utility[i] = (given[i] == wants).sum() - COST * asked[i]
    return utility, asked, given


def _phi(v: FloatArray, gamma: float) -> FloatArray:
    return np.asarray(np.log(v) if gamma == 1 else v ** (1.0 - gamma) / (1.0 - gamma))


def _back(phi: float, gamma: float) -> float:
    return float(np.exp(phi) if gamma == 1 else (phi * (1.0 - gamma)) ** (1.0 / (1.0 - gamma)))


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


def table(result: Mapping[str, Any]) -> str:
    """The figures as plain text."""
    lines = [f"Cost of a question {result['cost']:g}. behind: standard errors of welfare behind the best."]
    for each in result["sets"]:
        lines += [
            "",
            f"{each['name']}: {each['features']} features, {each['people']} people judged, learned from "
            f"{each['learned']} ({each['kinds']} kinds)",
            f"{'gamma':>6} {'policy':9}{'ce':>8}{'behind':>8}{'utility':>9}{'+-':>6}{'questions':>10}{'Gini':>7}"
            f"{'majority':>10}{'minority':>10}{'entropy':>9}",
        ]
        for row in each["rows"]:
            few = "-" if row["minority"] is None else f"{row['minority']:.2f}"
            many = "-" if row["majority"] is None else f"{row['majority']:.2f}"
            lines.append(
                f"{row['gamma']:>6g} {row['policy']:9}{row['ce']:>8.3f}{row['behind']:>8.1f}{row['utility']:>9.3f}"
                f"{row['error']:>6.2f}{row['questions']:>10.2f}{row['gini']:>7.3f}{many:>10}{few:>10}{row['entropy']:>9.2f}"
            )
    return "\n".join(lines) + "\n"
