"""What the claims of When to Ask a Question are checked against: best numbers of questions, and exact laws."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from decimal import Context, localcontext
from functools import cache

from folkmoot.asking import Optimum, Situation, optimum, optimum_map
from folkmoot.asking.model import exact
from folkmoot.asking.precise import DIGITS, EQUAL, Precise

HALF = 0.5
HUNDREDTHS = tuple(i / 100 for i in range(1, 50))
Sets = list[tuple[int, ...]]


def best(
    n: int, alphas: Sequence[float], ps: Sequence[float], gammas: Sequence[float]
) -> dict[tuple[float, float], Sets]:
    """For every (alpha, p), the sets of best k, one for each gamma, at cost 1; ties of floats are decided exactly."""
    table = optimum_map(n, alphas, ps, gammas)
    return {
        (alpha, p): [
            (k,) if ties == 1 else optimum(Situation(n, alpha, p), gamma).k_opt
            for k, ties, gamma in zip(table.k_opt[i, j].tolist(), table.ties[i, j].tolist(), gammas, strict=True)
        ]
        for i, alpha in enumerate(alphas)
        for j, p in enumerate(ps)
    }


def one_each(sets: Iterable[Sequence[int]]) -> list[int]:
    """The smallest number of each set."""
    return [chosen[0] for chosen in sets]


def turns(values: Sequence[int]) -> int:
    """How often a sequence changes direction.

    >>> turns([1, 1, 2, 2, 1, 0]), turns([3, 2, 2]), turns([2, 3, 4, 2, 3, 0])
    (1, 0, 3)
    """
    signs = [later > earlier for earlier, later in itertools.pairwise(values) if later != earlier]
    return sum(one != other for one, other in itertools.pairwise(signs))


def compare(solution: Optimum, k: int, other: int) -> int:
    """Sign of W(k) - W(other), exact where floats cannot tell."""
    difference = solution.per_k[k].ce - solution.per_k[other].ce
    if abs(difference) > 1e-9 * solution.situation.top:
        return 1 if difference > 0 else -1
    precise = Precise(solution.situation, solution.gamma)
    worth = [precise.welfare(at, solution.per_k[at].fewest.tolist()) for at in (k, other)]
    with localcontext(Context(prec=DIGITS)):
        gap = worth[0] - worth[1]
        return 0 if abs(gap) <= EQUAL * abs(worth[0]) else 1 if gap > 0 else -1


def leximin_by_law(n: int, k: int, a: int, alpha: float, p: float) -> tuple[int, int]:
    """Fewest and most zeros whose law of wrong guesses, compared from all wrong down, is smallest."""
    m = n - k
    one, whole = exact(p).as_integer_ratio()
    first, both = exact(alpha).as_integer_ratio()
    w0 = first * one**a * (whole - one) ** (k - a)
    w1 = (both - first) * (whole - one) ** a * one ** (k - a)
    laws = [
        tuple(w0 * x + w1 * y for x, y in zip(law_of_wrong(m, m - z, p), law_of_wrong(m, z, p), strict=True))
        for z in range(m + 1)
    ]
    least = min(laws)
    chosen = [z for z, law in enumerate(laws) if law == least]
    return chosen[0], chosen[-1]


@cache
def law_of_wrong(m: int, ones: int, p: float) -> tuple[int, ...]:
    """Law of the wrong guesses in cluster 0, from m wrong down to none, times the m-th power of p's denominator."""
    if m == 0:
        return (1,)
    one, whole = exact(p).as_integer_ratio()
    # The last guess is a one while there are any: wrong with probability 1 - p.
    wrong = whole - one if ones else one
    before = law_of_wrong(m - 1, ones - 1 if ones else 0, p)
    return tuple(x * wrong + y * (whole - wrong) for x, y in zip((*before, 0), (0, *before), strict=True))


def listed(values: Iterable[float]) -> str:
    return ", ".join(f"{value:g}" for value in values)


def stretches(values: Iterable[int]) -> str:
    return "→".join(str(value) for value, _ in itertools.groupby(values))
