"""Thiele's rules by the law of their tail, exact and one statement after the other.

PAV and sequential PAV, which have committees of their own to list, have files of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from ..problem import Problem, Selection
from ..registry import process
from .tails import Tail, approval, bounded, coverage, exponential, pareto
from .thiele import exactly, one_by_one

_SOURCE = "Thiele 1895; Lackner and Skowron 2023 (Multi-Winner Voting with Approval Preferences), section 2.2"
_READ = _SOURCE + "; f: Peng et al. 2024 (arXiv 2307.15142)"
_JR = "; JR: Aziz et al. 2017, since no j-th increment exceeds a j-th of the first"
_EXACT = "NP-hard; all committees where they are few, else an integer program over distinct ballots"
_GREEDY = "k rounds of O(number of approvals)"
_K = {"k": "how many of the statements that suit a person are read (default 1)"}
_K_BEST = "The committee with the largest sum over agents of the expected k best of their approved members."


@dataclass(frozen=True)
class Law:
    """A law of the values of approved statements, whose tail makes one of Thiele's rules.

    Args:
        id: the law in the ids of its processes, ``thiele-<id>`` and ``seqthiele-<id>``.
        name: the field's name for the exact rule.
        about: the documentation of the exact rule.
        tail: the function that gives the tail for values of the parameters, with their defaults.
        parameters: the parameters of the processes: for each name one clause with the default.
        guarantee: the axioms that the exact rule satisfies (`Process.guarantee`).
        source: the papers of the exact rule, and why it satisfies them.
    """

    id: str
    name: str
    about: str
    tail: Callable[..., Tail]
    parameters: Mapping[str, str] = field(default_factory=dict)
    guarantee: tuple[str, ...] = ()
    source: str = _READ

    def tail_of(self, problem: Problem) -> Tail:
        """The tail for the parameters of a problem, default values where it has none."""
        return self.tail(**{name: value for name, value in problem.parameters.items() if name in self.parameters})


APPROVAL = Law(
    "approval",
    "plain approval voting",
    "Plain approval: the committee with the most approvals. The largest group can take every place.",
    approval,
    source=_SOURCE,
)
LAWS = (
    Law(
        "coverage",
        "Thiele: an approved member hits",
        "The committee with the largest sum over agents of the chance that an approved member hits, 1 - (1 - q)^a.\n\n"
        "Increments are geometric. With q = 1 it is Chamberlin-Courant; JR is known for q from 1/2 on, with k = 1.",
        coverage,
        {"q": "chance that an approved statement hits, above 0 and at most 1 (default 0.5)"} | _K,
        ("jr_unit",),
        _READ + _JR,
    ),
    Law(
        "exponential",
        "Thiele: k best of exponential draws",
        f"{_K_BEST}\n\nValues are exponential: a further statement adds min(1, k / approved). With k = 1 it is PAV.",
        partial(exponential, k=2),
        {"k": "how many of the statements that suit a person are read (default 2; with 1 it is PAV)"},
    ),
    Law(
        "uniform",
        "Thiele: k best of uniform draws",
        f"{_K_BEST}\n\n"
        "Values are uniform (or P(X > x) = (1 - x)^b): flatter than proportional, smaller groups get more than their "
        "share.\nJR is known for b = 1 and k = 1.",
        bounded,
        {"b": "exponent of the law, P(X > x) = (1 - x)^b (default 1, uniform)"} | _K,
        ("jr_unit",),
        _READ + _JR,
    ),
    Law(
        "pareto",
        "Thiele: k best of Pareto draws",
        f"{_K_BEST}\n\n"
        "Values are heavy-tailed, P(X > x) = x^-alpha: a further draw may be the great one, larger groups get more than"
        "\ntheir share.",
        pareto,
        {"alpha": "exponent of the law, P(X > x) = x^-alpha, above 1 (default 3)"} | _K,
    ),
)


def _register_exact(law: Law) -> None:
    """Registers ``thiele-<id>``, the committee with the largest score."""

    def run(problem: Problem, rng: np.random.Generator) -> Selection:
        tail = law.tail_of(problem)
        return _with_tail(exactly(problem, tail), tail)

    run.__doc__ = law.about
    process(
        id=f"thiele-{law.id}",
        extra="exact",
        approvals=True,
        name=law.name,
        guarantee=law.guarantee,
        complexity=_EXACT,
        source=law.source,
        parameters=law.parameters,
    )(run)


def _register_sequential(law: Law) -> None:
    """Registers ``seqthiele-<id>``, the candidate that adds most to the score, one after the other."""
    id = f"seqthiele-{law.id}"

    def run(problem: Problem, rng: np.random.Generator) -> Selection:
        tail = law.tail_of(problem)
        return _with_tail(one_by_one(problem, tail, id), tail)

    run.__doc__ = f"k rounds: the candidate that adds most to the score of `thiele-{law.id}`. Ties: pool order."
    process(
        id=id,
        approvals=True,
        name=f"thiele-{law.id}, one after the other",
        guarantee=(),
        unit_cost=True,
        complexity=_GREEDY,
        source=_READ,
        parameters=law.parameters,
    )(run)


def _with_tail(selection: Selection, tail: Tail) -> Selection:
    """The selection with the tail in its record, default values included."""
    return replace(selection, parameters={**selection.parameters, "tail": {"law": tail.name, **tail.parameters}})


for _law in (APPROVAL, *LAWS):
    _register_exact(_law)
for _law in LAWS:
    _register_sequential(_law)
