"""A new person from a few answers: which question to ask, and how far few answers go.

Made up: 5 features, people and questions Gaussian, answers logistic; what is learned is the sign of the person's logit
on fresh questions. The source gives no scale: here people have standard deviation `SIGNAL` in every direction. Real:
conversations with factors fitted to some participants, and others met as if they were new, who are asked among half of
their own votes and judged by the other half.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from folkmoot.preferences.entries import sided_entries, with_answers
from folkmoot.preferences.factors import fit_factors, sigmoid
from folkmoot.preferences.models.few_shot import Loadings, d_optimal, located, pref_rule, v_optimal
from folkmoot.profile import BoolArray, FloatArray, Profile

from ..streams import numbers
from .claims import Figure, Part, bootstrap, conversation, over_seeds

Rule = Callable[[Loadings, FloatArray, np.random.Generator], FloatArray]

D, PEOPLE, QUESTIONS, FRESH, SIGNAL, PRECISION = 5, 200, 200, 400, 3.0, 0.1
ASKED = (1, 3, 5, 10, 20)
SEEDS = 6
#: Source figures of the made-up world.
SAID = {
    "random": (0.643, 0.711, 0.775, 0.822, 0.889),
    "PReF": (0.681, 0.802, 0.850, 0.903, 0.939),
    "D-optimal": (0.681, 0.806, 0.851, 0.900, 0.936),
}
ON_VOTES = (0, 3, 5, 10)
#: Source figures on votes, of the conversations that are here: random, PReF.
SAID_ON_VOTES = {
    "canadian-electoral-reform": ((0.801, 0.807, 0.810, 0.830), (0.801, 0.831, 0.841, 0.837)),
    "scoop-hivemind.biodiversity": ((0.848, 0.849, 0.854, 0.859), (0.848, 0.857, 0.861, 0.868)),
}
#: People with fewer votes, and statements with fewer, are left out, as in the source; new people have a few more.
VOTES, VOTERS, NEW_VOTES = 15, 10, 24
RANK, NEW_SHARE, MOST_NEW, MOST_OLD, SPLITS = 3, 0.3, 120, 500, 2
SOURCE = "re-run of PReF in the project's specification, section 10"


def _random(loadings: Loadings, y: FloatArray, rng: np.random.Generator) -> FloatArray:
    return rng.random(y.shape)


RULES: dict[str, Rule] = {
    "random": _random,
    "PReF": lambda loadings, y, rng: pref_rule(loadings, located(loadings, y)),
    "D-optimal": lambda loadings, y, rng: d_optimal(loadings, located(loadings, y)),
    "V-optimal": lambda loadings, y, rng: v_optimal(loadings, ~np.isnan(y)),
}


def interviews(
    loadings: Loadings,
    answers: FloatArray,
    rule: Rule,
    stops: tuple[int, ...],
    rng: np.random.Generator,
    allowed: BoolArray | None = None,
) -> list[FloatArray]:
    """Answers float64 [n, m], nan where no question was asked, after every number of questions in ``stops``.

    Args:
        loadings: the loadings of the statements, and the prior.
        answers: float64 [n, m], what people would answer.
        rule: gives the scores of the questions.
        stops: the numbers of questions, in rising order.
        rng: the generator of the rule.
        allowed: bool [n, m], which questions may be asked; None allows all.
    """
    open_ = np.ones(answers.shape, dtype=np.bool_) if allowed is None else allowed.copy()
    y = np.full(answers.shape, np.nan)
    people, stages = np.arange(len(answers)), []
    for count in range(stops[-1] + 1):
        if count in stops:
            stages.append(y.copy())
        if count < stops[-1]:
            scores = np.where(open_, rule(loadings, y, rng), -np.inf)
            question = scores.argmax(axis=1)
            some = open_.any(axis=1)
            y[people[some], question[some]] = answers[people[some], question[some]]
            open_[people, question] = False
    return stages


def made_up(name: str, seed: int, people: int = PEOPLE) -> FloatArray:
    """Share of fresh questions whose sign is known, after every number of answers in `ASKED`, float64 [5]."""
    rng = numbers(seed, 1)
    x, fresh = rng.normal(size=(QUESTIONS, D)), rng.normal(size=(FRESH, D))
    w = SIGNAL * rng.normal(size=(people, D))
    answers = (rng.random((people, QUESTIONS)) < sigmoid(w @ x.T)).astype(np.float64)
    loadings = Loadings(np.zeros(QUESTIONS), x, np.zeros(D), np.eye(D) / PRECISION)
    truth = w @ fresh.T > 0
    return np.array(
        [
            float(((located(loadings, y).mean @ fresh.T > 0) == truth).mean())
            for y in interviews(loadings, answers, RULES[name], ASKED, numbers(seed, 2))
        ]
    )


def trimmed(profile: Profile) -> Profile:
    """The profile without people with fewer than `VOTES` votes and statements with fewer than `VOTERS` voters."""
    a = profile.answers
    people = np.bincount(a.agent, minlength=profile.n_agents) >= VOTES
    keep = people[a.agent]
    statements = np.bincount(a.statement[keep], minlength=profile.n_statements) >= VOTERS
    return with_answers(profile, keep & statements[a.statement])


def on_votes(profile: Profile, seed: int) -> dict[str, FloatArray]:
    """By rule: float64 [n_agents, stops, 2] right guesses of new people's held-out votes, and how many there were."""
    rng = numbers(seed, 4)
    sided = sided_entries(profile)
    given = np.bincount(sided.row, minlength=profile.n_agents)
    able = rng.permutation(np.flatnonzero(given >= NEW_VOTES))
    new = np.sort(able[: min(MOST_NEW, int(NEW_SHARE * (given > 0).sum()))])
    rest = rng.permutation(np.setdiff1d(np.flatnonzero(given), new))[:MOST_OLD]
    old = np.isin(profile.answers.agent, rest)
    factors = fit_factors(sided_entries(with_answers(profile, old)), RANK, rng, sweeps=40, tolerance=1e-4)
    loadings = Loadings.of(factors)
    votes = np.full((profile.n_agents, profile.n_statements), np.nan)
    votes[sided.row, sided.column] = sided.y
    votes = votes[new]
    said = ~np.isnan(votes)
    rank = np.where(said, rng.random(votes.shape), np.inf).argsort(axis=1).argsort(axis=1)
    held = said & (rank < said.sum(axis=1, keepdims=True) // 2)
    counts_by_rule = {}
    for name, rule in RULES.items():
        turns = interviews(loadings, votes, rule, ON_VOTES, numbers(seed, 5), said & ~held)
        right = [((loadings.rate(located(loadings, y).mean) > 0.5) == (votes > 0.5)) & held for y in turns]
        counts = np.stack([hit.sum(axis=1) for hit in right], axis=1).astype(np.float64)
        counts_by_rule[name] = np.zeros((profile.n_agents, len(ON_VOTES), 2))
        counts_by_rule[name][new] = np.stack([counts, np.broadcast_to(held.sum(axis=1)[:, None], counts.shape)], axis=2)
    return counts_by_rule


def _share(people: FloatArray) -> float:
    return float(people[:, 0].sum() / people[:, 1].sum())


def run(seed: int, folder: Path | None) -> list[Figure]:
    """Computes all figures of the part."""
    figures = []
    values = {name: np.array([made_up(name, seed + s) for s in range(SEEDS)]) for name in SAID}
    for name, said in SAID.items():
        for at, answers in enumerate(ASKED):
            figures.append(
                Figure(
                    f"made up, {answers} answers, {name}: signs known",
                    f"{said[at]:.3f} ({SOURCE})",
                    *over_seeds(values[name][:, at]),
                    SEEDS,
                )
            )
    gap = over_seeds(values["PReF"][:, 3] - values["random"][:, 4])
    figures.append(Figure("made up: PReF after 10 less random after 20", "0.014", *gap, SEEDS, ">= 0", gap[0] >= 0.0))
    if folder is None:
        return [*figures, Figure("conversations (no folder given)", "", float("nan"))]
    for place in sorted(path for path in folder.iterdir() if path.is_dir()):
        figures += _conversation(place, seed)
    return figures


def _conversation(place: Path, seed: int) -> list[Figure]:
    profile = trimmed(conversation(place))
    runs = [on_votes(profile, seed + s) for s in range(SPLITS)]
    # people are the clusters: whoever is new in both splits stays one person
    by_rule = {name: np.sum([each[name] for each in runs], axis=0) for name in RULES}
    new = by_rule["random"][:, 0, 1] > 0
    by_rule = {name: people[new] for name, people in by_rule.items()}
    rng = numbers(seed, 6)
    said = dict(zip(("random", "PReF"), SAID_ON_VOTES.get(place.name, ((), ())), strict=True))
    n = int(new.sum())
    figures = []
    for name, people in by_rule.items():
        for at, answers in enumerate(ON_VOTES):
            if answers or name == "random":
                printed = f"{said[name][at]:.3f} ({SOURCE})" if said.get(name) else ""
                interval = bootstrap(people[:, at], _share, rng, 300)
                figures.append(
                    Figure(f"{place.name}, {answers} answers, {name}: votes foreseen", printed, *interval, n)
                )
    both = np.concatenate([by_rule["PReF"][:, 2], by_rule["random"][:, 2]], axis=1)
    gain = bootstrap(both, lambda people: _share(people[:, :2]) - _share(people[:, 2:]), rng, 300)
    figures.append(Figure(f"{place.name}, 5 answers: PReF less random", "0.01 to 0.03", *gain, n))
    return figures


PART = Part(
    "low-rank",
    "Few-shot personal models",
    "Shenfeld et al. 2025 (PReF, arXiv 2503.06358); Barreto et al. 2025 (Reward features, 2503.17338)",
    run,
    "Intervals on conversations: new people drawn again, over two splits. The source's vTaiwan and taxes conversations "
    "are not here. Its made-up world gives no scale of people's vectors: here the standard deviation is 3, which puts "
    "random asking where the source has it from 10 answers on. Nothing tells questions apart before the first answer "
    "except the length of their vectors, and no rule beats random there; the source's 0.681 after one answer did not "
    "come out at any scale from 1 to 3.",
)
