"""Part of the plural study: several personas a person, and taste apart from what is copied from whom."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from folkmoot.preferences import fit
from folkmoot.preferences.entries import with_answers
from folkmoot.preferences.held_out import binary_losses, hold
from folkmoot.preferences.models.persona_net import Parameters, attention
from folkmoot.preferences.models.personas import fit_choices, scores
from folkmoot.processes.calibrated import rerank
from folkmoot.profile import APPROVAL, Agents, Answers, BoolArray, FloatArray, IntArray, Profile, Statements
from folkmoot.queries.calibration import divergence

from ..streams import numbers
from .claims import Figure, Part, conversation, over_seeds
from .copying import social

PEOPLE, ITEMS, CLUSTERS, LIKES, TOP = 200, 240, 6, 30, 10
SEEDS = 3
#: Conversations with more people take minutes for all models.
MOST_PEOPLE = 1500
MODELS = ("bias", "latent-classes", "low-rank", "personas", "social-poisson")


class Tastes(NamedTuple):
    """Made-up choices.

    Args:
        train: bool [n, m], the choices to learn from.
        held: bool [n, m], the choices that are held out.
        cluster: int64 [m], the cluster of every item.
        tastes: int64 [n, 2], the larger and the smaller taste of everybody.
    """

    train: BoolArray
    held: BoolArray
    cluster: IntArray
    tastes: IntArray


def run(seed: int, folder: Path | None) -> list[Figure]:
    """Computes every acceptance figure of the spec's sections 3 and 4, and held-out votes of real conversations."""
    return [*_personas(seed), *_votes(seed, folder), *social(seed), FILM_TRUST]


FILM_TRUST = Figure(
    "FilmTrust: not measured, the data are not available here",
    "NCRR popularity .479, PF .505, SPF .475: no gain (section 4)",
    float("nan"),
)


def two_tastes(rng: np.random.Generator) -> Tastes:
    """Four fifths of everybody's choices from one cluster, a fifth from another, popular items more often."""
    cluster, popular = np.arange(ITEMS) % CLUSTERS, rng.gamma(1.0, 1.0, ITEMS) + 0.2
    tastes = np.argsort(rng.random((PEOPLE, CLUSTERS)), axis=1)[:, :2]
    # The largest of popularity^(1/uniform) are a draw without replacement (Efraimidis and Spirakis 2006).
    key = np.log(rng.random((PEOPLE, ITEMS))) / popular
    chose = np.zeros((PEOPLE, ITEMS), dtype=np.bool_)
    for place, share in ((0, 0.8), (1, 0.2)):
        inside = np.where(cluster == tastes[:, place, None], key, -np.inf)
        best = np.argsort(-inside, axis=1)[:, : round(share * LIKES)]
        np.put_along_axis(chose, best, True, axis=1)
    held = chose & (rng.random(chose.shape) < 0.2)
    return Tastes(chose & ~held, held, cluster, tastes)


def _personas(seed: int) -> list[Figure]:
    judged_by: dict[str, list[tuple[float, float, float]]] = {}
    apart = []
    for number in range(SEEDS):
        rng = numbers(seed, 3, number)
        world = two_tastes(rng)
        plain = {d: fit_choices(world.train, np.random.default_rng(number), personas=1, rank=d) for d in (4, 8)}
        several = fit_choices(world.train, np.random.default_rng(number), ridge=0.3)
        apart.append(_apart(several, world))
        ranked = {
            "MF d=4": scores(plain[4]),
            "MF d=8": scores(plain[8]),
            "AMP-CF T=4 d=4": scores(several),
            "soft classes (6)": _classes(world),
        }
        for name, values in ranked.items():
            judged_by.setdefault(name, []).append(_judged(_top(values, world), world))
        judged_by.setdefault("MF d=4, re-ranked", []).append(_judged(_calibrated(ranked["MF d=4"], world), world))
    said = {
        "MF d=4": (".391", ".005", ".71"),
        "MF d=8": (".365", ".072", ".417"),
        "AMP-CF T=4 d=4": (".362", ".078", ".412"),
        "MF d=4, re-ranked": ("", "a calibrated re-rank reaches the target exactly (0.e)", ""),
    }
    figures = []
    for place, what in enumerate(("recall@10", "share of the smaller taste in the top 10 (target .20)", "KL to taste")):
        for name, rows in judged_by.items():
            mean, low, high = over_seeds([row[place] for row in rows])
            wanted, passes = "", None
            if name.endswith("re-ranked") and place == 1:
                wanted, passes = ".20 +- .005", abs(mean - 0.2) <= 0.005
            source = said.get(name, ("", "", ""))[place]
            figures.append(Figure(f"{name}: {what}", source, mean, low, high, SEEDS, wanted, passes))
    mean, low, high = over_seeds(apart)
    claim = "AMP-CF: people whose two tastes land on different personas"
    figures.append(Figure(claim, ".795 (section 3)", mean, low, high, SEEDS, ">= .75", mean >= 0.75))
    return figures


def _top(values: FloatArray, world: Tastes) -> IntArray:
    return np.argsort(-np.where(world.train, -np.inf, values), axis=1, kind="stable")[:, :TOP]


def _calibrated(values: FloatArray, world: Tastes) -> IntArray:
    """Everybody's top 10 re-ranked to the tastes of 80:20, scores on 0..1."""
    owners = np.eye(CLUSTERS)[world.cluster]
    rows = []
    for u, row in enumerate(values):
        scale = (row - row.min()) / max(float(np.ptp(row)), 1e-12)
        out = np.flatnonzero(world.train[u]).tolist()
        rows.append(rerank(scale, owners, _target(world, u), TOP, locked_out=out, few=0).chosen)
    return np.array(rows, dtype=np.int64)


def _target(world: Tastes, person: int) -> FloatArray:
    target = np.zeros(CLUSTERS)
    target[world.tastes[person]] = 0.8, 0.2
    return target


def _judged(top: IntArray, world: Tastes) -> tuple[float, float, float]:
    """Recall, share of the smaller taste, and divergence from the tastes, each a mean over people."""
    hits, held = np.take_along_axis(world.held, top, axis=1).sum(axis=1), world.held.sum(axis=1)
    some = held > 0
    shares = np.stack([(world.cluster[top] == c).mean(axis=1) for c in range(CLUSTERS)], axis=1)
    small = np.take_along_axis(shares, world.tastes[:, 1:], axis=1).mean()
    far = np.mean([float(divergence(_target(world, u), shares[u])) for u in range(PEOPLE)])
    return float((hits[some] / held[some]).mean()), float(small), float(far)


def _apart(p: Parameters, world: Tastes) -> float:
    """Share of people whose two tastes are mostly spoken for by different personas."""
    row, column = np.divmod(np.arange(PEOPLE * ITEMS), ITEMS)
    who = attention(p, row, column)[0].argmax(axis=0).reshape(PEOPLE, ITEMS)
    mostly = np.empty((PEOPLE, 2), dtype=np.int64)
    for place in (0, 1):
        chosen = world.train & (world.cluster == world.tastes[:, place, None])
        counts = np.stack([(chosen & (who == t)).sum(axis=1) for t in range(len(p.persona))], axis=1)
        mostly[:, place] = counts.argmax(axis=1)
    return float((mostly[:, 0] != mostly[:, 1]).mean())


def _classes(world: Tastes) -> FloatArray:
    """Soft membership in six latent classes: what the same choices are worth to a mixture."""
    row, column = np.nonzero(world.train)
    profile = Profile(
        Agents(tuple(f"{i}" for i in range(PEOPLE))),
        Statements(tuple(f"{j}" for j in range(ITEMS)), ("",) * ITEMS),
        Answers.of(row, column, np.ones(len(row)), APPROVAL),
    )
    model = fit(profile, np.random.default_rng(0), "latent-classes", classes=CLUSTERS, splits=[])
    return model.utilities(np.arange(PEOPLE), np.arange(ITEMS))


def _votes(seed: int, folder: Path | None) -> list[Figure]:
    claim = "real conversations, a tenth of the votes held out: log-loss of the sided ones, "
    if folder is None:
        return [Figure(claim + "not measured: no conversations at hand", "", float("nan"))]
    losses: dict[str, list[float]] = {name: [] for name in MODELS}
    for number, place in enumerate(sorted(path for path in folder.iterdir() if path.is_dir())):
        profile = conversation(place)
        if profile.n_agents > MOST_PEOPLE:
            continue
        rng = numbers(seed, 33, number)
        held = hold(profile, rng, fewest=10)
        a = profile.answers
        test = held & (a.value != 0)
        for name in MODELS:
            model = fit(with_answers(profile, ~held), np.random.default_rng(0), name)
            p = model.at(a.agent[test], a.statement[test])[1]
            losses[name].append(float(binary_losses(p, (a.value[test] > 0).astype(np.float64)).mean()))
    figures = []
    for name in MODELS:
        mean, low, high = over_seeds(losses[name])
        label = "social-poisson without follows (plain Poisson factorization)" if name == "social-poisson" else name
        figures.append(Figure(claim + label, "", mean, low, high, len(losses[name])))
    gap = np.array(losses["personas"]) - np.array(losses["latent-classes"])
    mean, low, high = over_seeds(gap)
    said = "soft membership does it (sections 3 and 14)"
    figures.append(Figure("personas minus soft classes, log-loss a conversation", said, mean, low, high, len(gap)))
    return figures


PART = Part(
    "personas",
    "Personas, and taste apart from copying",
    "Barkan, Fuchs, Caciularu, Koenigstein 2020; Chaney, Blei, Eliassi-Rad 2015",
    run,
    "Both synthetic worlds are drawn anew, so only comparisons within a row of figures mean something. How "
    "friends copy is not stated in the source; where nearly everything is copied on and on, popularity does almost as "
    "well as the graph. FilmTrust is not available here, so the published absence of a gain there is "
    "neither confirmed nor denied.",
)
