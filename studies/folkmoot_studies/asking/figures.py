"""The figures of When to Ask a Question as values: axes, panels and curves as their captions and the text say.

What captions leave open (which p, gamma and k have a curve, how many panels there are) is chosen so that every case
that the text names can be read. Figures 7 and 8 are about data: `folkmoot study sushi` draws them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from folkmoot.asking import Situation, optima, optimum_map
from folkmoot.profile import FloatArray

from .claims import best

Row = dict[str, Any]
Setting = Mapping[str, float]

HUNDREDTHS = tuple(i / 100 for i in range(50))
ALPHAS = tuple(round(0.5 + i / 50, 2) for i in range(26))
BASE: Setting = {"alpha": 0.5, "p": 0.1, "gamma": 0.0}
CAPTION = "as its caption says"
OWN = "our own: the paper gives three of its values (Lemma 13)"


@dataclass(frozen=True)
class Figure:
    """One figure as data.

    Args:
        name: the name of its file, without ending: ``figure-2``, or a word where it is none of the paper's.
        title: the title of the figure.
        note: the point that the reader should see in it.
        kind: what its y axis shows: ``eu`` (expected utility), ``welfare``, ``k_opt`` (best numbers of questions),
            ``zeros`` (of the output), ``entropy_bits``; or ``map``: ``k_opt`` over p and alpha.
        x: the variable of the x axis: ``p``, ``gamma`` or ``a`` (ones answered).
        panels: by title, what a panel is about: n, alpha, p, gamma, k, over `BASE`.
        lines: by label, what differs from curve to curve.
        at: the values of x; none for ``a``.
        columns: how many panels stand side by side.
    """

    name: str
    title: str
    note: str
    kind: str
    x: str
    panels: Mapping[str, Setting]
    lines: Mapping[str, Setting] = field(default_factory=lambda: {"": {}})
    at: Sequence[float] = ()
    columns: int = 2

    @property
    def number(self) -> int | None:
        """Its number in the paper; None: it is not the paper's."""
        _, _, number = self.name.partition("figure-")
        return int(number) if number else None

    @property
    def origin(self) -> str:
        """Whose figure it is."""
        return CAPTION if self.number else OWN

    @property
    def head(self) -> str:
        """What it is called."""
        return f"Figure {self.number}" if self.number else self.name.capitalize()

    def rows(self) -> list[Row]:
        """The values, JSON-ready; ``k_opt`` and ``zeros`` hold every optimum (of ``zeros`` the fewest and most)."""
        make = {"eu": _worth, "welfare": _worth, "zeros": _outputs, "entropy_bits": _entropies}.get(self.kind, _best)
        return [
            {"panel": title, "line": label, **row}
            for title, shared in self.panels.items()
            for label, own in self.lines.items()
            for row in make(self, {**BASE, **shared, **own})
        ]


def _worth(figure: Figure, setting: Setting) -> list[Row]:
    """W(k, gamma), which is E[U(k)] without inequality aversion, at every p; and whether no other k is worth more."""
    n, k = int(setting["n"]), int(setting["k"])
    if k > n:
        return []
    worth, chosen = _by_k(n, setting["alpha"], setting["gamma"], tuple(figure.at))
    return [
        {"p": p, figure.kind: float(worth[place, k]), "best": k in sets}
        for place, (p, sets) in enumerate(zip(figure.at, chosen, strict=True))
    ]


@cache
def _by_k(n: int, alpha: float, gamma: float, at: tuple[float, ...]) -> tuple[FloatArray, list[tuple[int, ...]]]:
    """Welfare float64 [p, k], and the best numbers of questions at every p."""
    equivalent = optimum_map(n, [alpha], list(at), [gamma]).ce[0, :, 0]
    return welfare(equivalent, gamma), [sets[0] for sets in best(n, [alpha], list(at), [gamma]).values()]


def welfare(equivalent: FloatArray, gamma: float) -> FloatArray:
    """W of certainty equivalents, utility shifted by 1 as in the paper; without inequality aversion utility itself."""
    if gamma == 0:
        return equivalent
    if gamma == 1:
        return np.asarray(np.log(equivalent + 1))
    return np.asarray((equivalent + 1) ** (1 - gamma) / (1 - gamma))


def _best(figure: Figure, setting: Setting) -> list[Row]:
    axes = {name: [value] for name, value in setting.items()} | {figure.x: list(figure.at)}
    if figure.kind == "map":
        axes["alpha"] = list(ALPHAS)
    best_numbers = best(int(setting["n"]), axes["alpha"], axes["p"], axes["gamma"])
    return [
        {"alpha": alpha, "p": p, "gamma": gamma, "k_opt": list(chosen)}
        for (alpha, p), sets in best_numbers.items()
        for gamma, chosen in zip(axes["gamma"], sets, strict=True)
    ]


def _outputs(figure: Figure, setting: Setting) -> list[Row]:
    k = int(setting["k"])
    (solution,) = optima(_situation(setting), [setting["gamma"]])
    m = solution.situation.n - k
    return [{"a": a, "zeros": [m - tie[-1], m - tie[0]]} for a, tie in enumerate(solution.per_k[k].ones)]


def _entropies(figure: Figure, setting: Setting) -> list[Row]:
    return [
        {
            "gamma": solution.gamma,
            "k_opt": list(solution.k_opt),
            "entropy_bits": solution.per_k[solution.k_opt[0]].entropy_bits,
        }
        for solution in optima(_situation(setting), figure.at)
    ]


def _situation(setting: Setting) -> Situation:
    return Situation(int(setting["n"]), setting["alpha"], setting["p"])


def _named(name: str, values: Sequence[float], words: str = "") -> dict[str, Setting]:
    return {f"{words or name} = {value:g}": {name: float(value)} for value in values}


_NS = _named("n", (3, 6, 10, 30))
_KS = _named("k", (0, 1, 2, 3, 5))
_PS = _named("p", (1e-4, 0.1, 0.2, 0.3, 0.4))

FIGURES: tuple[Figure, ...] = (
    Figure(
        "figure-2",
        "Expected utility of k questions by p: alpha = 1/2",
        "With growing p asking nothing overtakes asking: one question is better below (1 - 1/sqrt(n - 1)) / 2 (Lemma "
        "7); an even number never is",
        "eu",
        "p",
        _NS,
        _KS,
        HUNDREDTHS,
    ),
    Figure(
        "figure-3",
        "Expected utility of k questions by p: alpha = 0.9",
        "Nothing is worth asking at n = 3 and 6 (Lemma 8), nor at n = 10 but for a tie at p = 0; at n = 30 one "
        "question is, then two, then none",
        "eu",
        "p",
        {title: {**own, "alpha": 0.9} for title, own in _NS.items()},
        _KS,
        HUNDREDTHS,
    ),
    Figure(
        "figure-4",
        "Questions worth asking by p and alpha: n = 30, gamma = 0",
        "Regions of one, two and three questions, not nested in alpha",
        "map",
        "p",
        {"n = 30": {"n": 30}},
        at=HUNDREDTHS,
        columns=1,
    ),
    Figure(
        "figure-5",
        "Zeros output after a ones answered: n = 40, k = 20, alpha = 1/2",
        "From all or nothing to a straight line as gamma grows, for every p; bars where outputs tie",
        "zeros",
        "a",
        {title: {**own, "n": 40, "k": 20} for title, own in _named("gamma", (0, 2, 10, 50)).items()},
        _PS,
    ),
    Figure(
        "figure-6",
        "Questions worth asking by gamma: alpha = 1/2",
        "For small p more are worth asking as gamma grows, then fewer, and in the end none; at p = 0.0001 k* turns "
        "more than once",
        "k_opt",
        "gamma",
        _named("n", (10, 25)),
        _PS,
        tuple(i / 2 for i in range(61)),
    ),
    Figure(
        "figure-9",
        "Welfare W(k, gamma) by p: alpha = 1/2, n = 10",
        "The best k is marked on each curve; scales of different gamma cannot be compared",
        "welfare",
        "p",
        {title: {**own, "n": 10} for title, own in _named("gamma", (0, 1, 2, 5)).items()},
        _named("k", range(6)),
        HUNDREDTHS,
    ),
    Figure(
        "figure-10",
        "Welfare W(k, gamma) by p: alpha = 0.9, n = 10",
        "The best k is marked on each curve: with a small minority inequality aversion makes asking pay at all",
        "welfare",
        "p",
        {title: {**own, "n": 10, "alpha": 0.9} for title, own in _named("gamma", (0, 1, 2, 5)).items()},
        _named("k", range(6)),
        HUNDREDTHS,
    ),
    Figure(
        "figure-11",
        "Zeros output after a ones answered: k = 3, alpha = 1/2",
        "At n = 6 and gamma = 10 outputs mix after mixed answers: zeros 3, 2, 1, 0 (Lemma 10)",
        "zeros",
        "a",
        {
            f"n = {n}, gamma = {gamma}": {"n": n, "k": 3, "gamma": float(gamma)}
            for n in (6, 10, 25)
            for gamma in (2, 10, 20, 50)
        },
        _PS,
        columns=4,
    ),
    Figure(
        "figure-12",
        "Questions worth asking by gamma, other n: alpha = 1/2",
        "n = 3 at p = 0.1 only falls, from 1 to 0; n = 25 at p = 0.1 has 4, 6 and 2 at gamma = 2, 5 and 10",
        "k_opt",
        "gamma",
        _named("n", (3, 6, 25, 30)),
        _PS,
        tuple(i / 4 for i in range(61)),
    ),
    Figure(
        "figure-13",
        "Questions worth asking by p and alpha for several n: gamma = 0",
        "Figure 4 for other n: the more features, the wider the regions where asking pays, and more of them",
        "map",
        "p",
        _NS,
        at=HUNDREDTHS,
    ),
    Figure(
        "entropy",
        "Entropy of the output at the best k by gamma: alpha = 1/2, p = 0.1",
        "n = 25 has 1.2318, 2.4209, 1.5001 bits at gamma = 2, 5, 10 (Lemma 13)",
        "entropy_bits",
        "gamma",
        {"": {}},
        _named("n", (10, 25)),
        tuple(i / 4 for i in range(61)),
        columns=1,
    ),
)
