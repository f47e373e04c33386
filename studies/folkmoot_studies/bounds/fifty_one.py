"""51 against 49: what one answer for all can do for two groups that want opposite things, and what a slate of two does.

The dilemma is in the introduction of Barreto et al. 2025 (Reward features, arXiv 2503.17338), as a summary of it
reports; the impossibility below is derived here. 51 people of 100 prefer A to B, 49 prefer B to A, and everybody is
asked once. Every figure comes from the project's own models, linear programs and processes, none is written down.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from folkmoot.preferences.models.likelihoods import Compared
from folkmoot.preferences.models.mixture_em import Block, fit_mixture
from folkmoot.processes import Problem, find
from folkmoot.processes.maxmin import max_min, population_proportional, preferences, worst_group
from folkmoot.profile import FloatArray, InputError
from folkmoot.queries import ClosedPool

PEOPLE, MAJORITY = 100, 51
#: What the compromise is worth to either group.
COMPROMISE = 0.7
#: The processes that are asked for a slate of two.
PROCESSES = ("democratic-fast", "greedy-monroe", "equal-shares", "seqpav", "pav")
#: Three groups with favourites of their own: see `near_misses`.
SHARES = (0.6, 0.3, 0.1)
# A ridge this weak moves the logit by less than the last digit shown.
_RIDGE = 1e-6


def run(*, people: int = PEOPLE, majority: int = MAJORITY) -> dict[str, Any]:
    """All figures.

    Args:
        people: the number of people.
        majority: the number of people who prefer A.

    Raises:
        InputError: the majority is no majority, or it is everybody.
    """
    if not people / 2 < majority < people:
        raise InputError(f"{majority} of {people} people is no majority with a minority; choose more than half")
    share = majority / people
    group = (np.arange(people) >= majority).astype(np.int64)
    member = np.eye(2)[group]
    # what A, B and the compromise are worth to the two groups
    worth = np.array([[1.0, 0.0, COMPROMISE], [0.0, 1.0, COMPROMISE]])
    two = worth[:, :2]
    pooled = _pooled(group)
    chosen = int(pooled.argmax())
    lottery, with_compromise = max_min(two), max_min(worth)
    grid = np.linspace(0.0, 1.0, 101)
    return {
        "study": "fifty-one",
        "people": people,
        "majority": majority,
        "pooled": {
            "difference": float(pooled[0] - pooled[1]),
            "logit": float(np.log(share / (1.0 - share))),
            "chosen": "AB"[chosen],
            "unhappy": float((worth[group, chosen] == 0.0).mean()),
            "groups": worth[:, chosen].tolist(),
            "worst_group": worst_group(member, worth[group, chosen])[0],
        },
        "lotteries": {
            "probability_of_a": grid.tolist(),
            "worst_group": np.minimum(grid, 1.0 - grid).tolist(),
            "best": lottery.probability.tolist(),
            "best_worst_group": lottery.level,
        },
        "compromise": {
            "worth": COMPROMISE,
            "probability": with_compromise.probability.tolist(),
            "worst_group": with_compromise.level,
        },
        "proportional": {
            "shares": population_proportional(preferences(worth[group][:, :2])).tolist(),
            "three_groups": population_proportional(near_misses()).tolist(),
            "three_groups_large_beta": population_proportional(near_misses(), beta=50.0).tolist(),
        },
        "slates": [_slate(name, group, two) for name in PROCESSES],
    }


def near_misses(shares: tuple[float, ...] = SHARES) -> FloatArray:
    """P(row is preferred to column) of groups with a favourite each, options and groups side by side on a line.

    Everybody likes an option the better the nearer it is to their favourite, so that the option in the middle is the
    second choice of both its neighbours, and its worst comparison is won by more than its own group.
    """
    place = np.arange(len(shares), dtype=np.float64)
    return preferences(-np.abs(place[:, None] - place), np.array(shares))


def _pooled(group: np.ndarray[Any, np.dtype[np.int64]]) -> FloatArray:
    """One Bradley-Terry model for everybody, fitted by the mixture's code with a single kind of people."""
    n = len(group)
    everyone = Compared(n, np.arange(n), group, 1 - group, 2)
    weights: FloatArray = fit_mixture([Block((everyone,), _RIDGE)], 1, np.random.default_rng(0)).theta[0][0]
    return weights


def _slate(name: str, group: np.ndarray[Any, np.dtype[np.int64]], worth: FloatArray) -> dict[str, Any]:
    pool = ClosedPool(_Table(worth[group]), np.arange(2), np.ones(2, dtype=np.int64))
    selection = find(name).run(Problem(pool, 2), np.random.default_rng(0))
    utilities = worth[group][:, list(selection.candidates)]
    member = np.eye(2)[group]
    return {
        "process": name,
        "slate": ["AB"[j] for j in selection.candidates],
        "groups": [float(utilities[group == g].max(axis=1).mean()) for g in range(2)],
        "worst_group": worst_group(member, utilities)[0],
    }


class _Table:
    """Utilities that are all known."""

    def __init__(self, values: FloatArray) -> None:
        self.values = values
        self.n_agents, self.n_statements = values.shape

    def utilities(self, agents: Any, statements: Any) -> FloatArray:
        """See `Disc.utilities`."""
        return np.asarray(self.values[np.ix_(agents, statements)], dtype=np.float64)

    def known(self, agents: Any, statements: Any) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """See `Disc.known`."""
        return np.ones((len(agents), len(statements)), dtype=np.bool_)


def table(result: dict[str, Any]) -> str:
    """The figures as plain text."""
    pooled, best = result["pooled"], result["lotteries"]
    middle, shares = result["compromise"], result["proportional"]
    minority = result["people"] - result["majority"]
    lines = [
        f"{result['majority']} people prefer A to B, {minority} prefer B to A.",
        "",
        f"{'':<42}{'for A':>8}{'for B':>8}{'worst-off group':>17}",
        _line(f"one answer, pooled Bradley-Terry: {pooled['chosen']}", pooled["groups"]),
        f"   r_A - r_B = {pooled['difference']:.4f} (logit of the share: {pooled['logit']:.4f}); "
        f"{pooled['unhappy']:.0%} are left unhappy, always",
        _line("best lottery over A and B (LP)", best["best"]),
        f"   of {len(best['worst_group'])} lotteries none gives the worse-off group more than "
        f"{max(best['worst_group']):.2f}",
        _line(f"LP with a compromise worth {middle['worth']:.2f} to both", [middle["worst_group"]] * 2),
        f"   probability of A, B, compromise: {_row(middle['probability'])}",
        _line("population-proportional lottery", shares["shares"]),
        f"   groups of 60, 30 and 10 % on a line: {_row(shares['three_groups'])}; with beta = 50: "
        f"{_row(shares['three_groups_large_beta'])}",
        *(_line(f"slate of two, {s['process']}: {'+'.join(s['slate'])}", s["groups"]) for s in result["slates"]),
    ]
    return "\n".join(lines) + "\n"


def _line(what: str, groups: list[float]) -> str:
    return f"{what:<42}{groups[0]:>8.2f}{groups[1]:>8.2f}{min(groups):>17.2f}"


def _row(values: list[float]) -> str:
    return ", ".join(f"{value:.3f}" for value in values)
