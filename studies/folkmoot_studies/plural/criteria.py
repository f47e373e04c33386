"""Several criteria at once: how the weightings of `processes.criteria` treat noise, and where they agree."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from folkmoot.processes.criteria import (
    advantage_combination,
    dvao,
    reliability_weighted,
    retest_reliability,
    reward_combination,
)
from folkmoot.profile import FloatArray

from ..streams import numbers
from .claims import Figure, Part, over_seeds

GROUPS, G, SEEDS, RETESTS = 20_000, 16, 10, 200
SCALES = (0.1, 1.0, 10.0)
#: Correlation with the truth of reward combination, advantage combination and DVAO, as the specification gives it.
SAID = {0.1: (0.99, 0.70, 0.99), 1.0: (0.69, 0.70, 0.69), 10.0: (0.09, 0.70, 0.09)}


def run(seed: int, folder: Path | None = None) -> list[Figure]:
    """Computes every figure of the part; the folder is not used."""
    return [*_identity(numbers(seed, 0)), *_noise(seed)]


def _identity(rng: np.random.Generator) -> list[Figure]:
    """DVAO against its closed form, on random groups of every size and scale."""
    apart, larger, turned, square, smaller, groups = 0.0, 0, 0, 0.0, np.zeros(0), 0
    for size, k in ((2, 2), (4, 3), (8, 2), (16, 5)):
        r = rng.normal(size=(GROUPS // 4, size, k)) * 10.0 ** rng.uniform(-3, 3, size=(GROUPS // 4, 1, k))
        r += rng.normal(size=(GROUPS // 4, 1, k))
        b = rng.dirichlet(np.ones(k), size=GROUPS // 4)
        advantage, plain = dvao(r, b), reward_combination(r, b)
        x = r - r.mean(axis=1, keepdims=True)
        closed = (x * b[:, None]).sum(axis=2) / (b * x.std(axis=1)).sum(axis=1)[:, None]
        apart = max(apart, float(np.abs(advantage - closed).max()))
        # Signs of what is 0 but for rounding are not compared.
        real = np.abs(closed) > 1e-9
        turned += int((np.sign(advantage) != np.sign(plain))[real].sum())
        larger += int((np.abs(advantage) > np.abs(plain) + 1e-9).sum())
        square = max(square, float((advantage**2).mean(axis=1).max()))
        smaller = np.concatenate([smaller, np.sqrt((advantage**2).mean(axis=1))])
        groups += len(r)
    return [
        Figure(
            f"DVAO = sum b x / sum b sigma on {groups:,} random groups: largest difference",
            "to 1e-9 (section 0.c, 2)",
            apart,
            runs=groups,
            wanted="<= 1e-9",
            passes=apart <= 1e-9,
        ),
        Figure(
            "advantages whose sign differs between DVAO and reward combination",
            "never (section 2)",
            turned,
            runs=groups,
            wanted="0",
            passes=turned == 0,
        ),
        Figure(
            "advantages larger under DVAO", "never (section 2)", larger, runs=groups, wanted="0", passes=larger == 0
        ),
        Figure(
            "largest mean square of DVAO in a group",
            "<= 1 (section 2)",
            square,
            runs=groups,
            wanted="<= 1",
            passes=square <= 1 + 1e-9,
        ),
        Figure("root mean square of DVAO, mean over groups (reward combination: 1)", "", float(smaller.mean())),
    ]


def _noise(seed: int) -> list[Figure]:
    """Objective 1 is the truth with a tenth of noise, objective 2 is noise of scale s."""
    figures = []
    rules = ("reward combination", "advantage combination", "DVAO")
    weights = np.array([0.5, 0.5])
    for scale in SCALES:
        seen: dict[str, list[float]] = {name: [] for name in (*rules, "reliability-weighted", "share of weight")}
        for run_ in range(SEEDS):
            rng = numbers(seed, 1, run_, int(scale * 10))
            truth = rng.normal(size=(GROUPS // 10, G))
            r, again = (_measured(truth, scale, rng) for _ in range(2))
            combinations = (reward_combination(r, weights), advantage_combination(r, weights), dvao(r, weights))
            for name, each in zip(rules, combinations, strict=True):
                seen[name].append(_within(each, truth))
            # The reliability is measured on groups of its own, not on those that are scored.
            other = rng.normal(size=(GROUPS // 10, G))
            rho = retest_reliability(_measured(other, scale, rng), _measured(other, scale, rng))
            seen["reliability-weighted"].append(_within(reliability_weighted(again, weights, rho), truth))
            spread = r.std(axis=1).mean(axis=0)
            seen["share of weight"].append(float(spread[1] / spread.sum()))
        for name, said in zip(rules, SAID[scale], strict=True):
            mean, low, high = over_seeds(seen[name])
            figures.append(
                Figure(
                    f"noise of scale {scale:g}: correlation with the truth, {name}",
                    f"{said:.2f} (section 2)",
                    mean,
                    low,
                    high,
                    SEEDS,
                )
            )
        mean, low, high = over_seeds(seen["reliability-weighted"])
        figures.append(
            Figure(
                f"noise of scale {scale:g}: correlation with the truth, reliability-weighted",
                ">= .95 (section 2)",
                mean,
                low,
                high,
                SEEDS,
                ">= 0.95",
                min(seen["reliability-weighted"]) >= 0.95,
            )
        )
        mean, low, high = over_seeds(seen["share of weight"])
        share = "0.91 (section 0.c)" if scale == SCALES[-1] else ""
        figures.append(Figure(f"noise of scale {scale:g}: DVAO's weight on the noise", share, mean, low, high, SEEDS))
    return [*figures, *_few(seed)]


def _few(seed: int) -> list[Figure]:
    """The same where the reliability rests on one group of `G` that was scored twice."""
    correlations = []
    for run_ in range(RETESTS):
        rng = numbers(seed, 2, run_)
        truth, other = rng.normal(size=(100, G)), rng.normal(size=(1, G))
        rho = retest_reliability(_measured(other, 10.0, rng), _measured(other, 10.0, rng))
        scored = reliability_weighted(_measured(truth, 10.0, rng), np.array([0.5, 0.5]), rho)
        correlations.append(_within(scored, truth))
    claim = f"noise of scale 10, reliability from one group of {G} scored twice: correlation with the truth"
    mean, low, high = over_seeds(correlations)
    share = float(np.mean(np.array(correlations) >= 0.95))
    return [
        Figure(claim, "", mean, low, high, RETESTS),
        Figure(f"{claim}: part of {RETESTS} retests in which it is 0.95 or more", "", share, runs=RETESTS),
    ]


def _measured(truth: FloatArray, scale: float, rng: np.random.Generator) -> FloatArray:
    noise = rng.normal(size=(2, *truth.shape))
    return np.stack([truth + 0.1 * noise[0], scale * noise[1]], axis=-1)


def _within(scores: np.ndarray, truth: FloatArray) -> float:
    """Correlation of advantages with the truth, both standardised within their groups."""
    x = truth - truth.mean(axis=1, keepdims=True)
    y = scores - scores.mean(axis=1, keepdims=True)
    x, y = x / x.std(axis=1, keepdims=True), y / y.std(axis=1, keepdims=True)
    return float((x * y).mean())


PART = Part(
    name="criteria",
    title="Several criteria at once",
    source="Jiang et al. 2026 (DVAO, arXiv 2605.25604), section 2 of the specification",
    run=run,
    remark=(
        "DVAO's dynamic weights cancel: within a group it ranks as the plain weighted sum does and gives a noisy "
        "criterion more weight the noisier it is. Reliability is measured on groups of its own by scoring them twice."
    ),
)
