"""Thiele's rules by name, exact and one statement after the other; PAV and sequential PAV have files of their own."""

from __future__ import annotations

from dataclasses import replace

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
_Q = {"q": "chance that an approved statement hits, above 0 and at most 1 (default 0.5)"} | _K
_B = {"b": "exponent of the law, P(X > x) = (1 - x)^b (default 1, uniform)"} | _K
_ALPHA = {"alpha": "exponent of the law, P(X > x) = x^-alpha, above 1 (default 3)"} | _K
_TWO = {"k": "how many of the statements that suit a person are read (default 2; with 1 it is PAV)"}


@process(
    id="thiele-approval",
    approvals=True,
    name="plain approval voting",
    guarantee=(),
    complexity=_EXACT,
    source=_SOURCE,
)
def thiele_approval(problem: Problem, rng: np.random.Generator) -> Selection:
    """Plain approval: the committee with the most approvals. The largest group can take every place."""
    return _exactly(problem, approval())


@process(
    id="thiele-coverage",
    approvals=True,
    name="Thiele: an approved member hits",
    guarantee=("jr_unit",),
    complexity=_EXACT,
    source=_READ + _JR,
    parameters=_Q,
)
def thiele_coverage(problem: Problem, rng: np.random.Generator) -> Selection:
    """The committee with the largest sum over agents of the chance that an approved member hits, 1 - (1 - q)^a.

    Increments are geometric. With q = 1 it is Chamberlin-Courant; JR is known for q from 1/2 on, with k = 1.
    """
    return _exactly(problem, _coverage(problem))


@process(
    id="thiele-exponential",
    approvals=True,
    name="Thiele: k best of exponential draws",
    guarantee=(),
    complexity=_EXACT,
    source=_READ,
    parameters=_TWO,
)
def thiele_exponential(problem: Problem, rng: np.random.Generator) -> Selection:
    """The committee with the largest sum over agents of the expected k best of their approved members.

    Values are exponential: a further statement adds min(1, k / approved). With k = 1 it is PAV.
    """
    return _exactly(problem, _exponential(problem))


@process(
    id="thiele-uniform",
    approvals=True,
    name="Thiele: k best of uniform draws",
    guarantee=("jr_unit",),
    complexity=_EXACT,
    source=_READ + _JR,
    parameters=_B,
)
def thiele_uniform(problem: Problem, rng: np.random.Generator) -> Selection:
    """The committee with the largest sum over agents of the expected k best of their approved members.

    Values are uniform (or P(X > x) = (1 - x)^b): flatter than proportional, smaller groups get more than their share.
    JR is known for b = 1 and k = 1.
    """
    return _exactly(problem, _uniform(problem))


@process(
    id="thiele-pareto",
    approvals=True,
    name="Thiele: k best of Pareto draws",
    guarantee=(),
    complexity=_EXACT,
    source=_READ,
    parameters=_ALPHA,
)
def thiele_pareto(problem: Problem, rng: np.random.Generator) -> Selection:
    """The committee with the largest sum over agents of the expected k best of their approved members.

    Values are heavy-tailed, P(X > x) = x^-alpha: a further draw may be the great one, larger groups get more than
    their share.
    """
    return _exactly(problem, _pareto(problem))


@process(
    id="seqthiele-coverage",
    approvals=True,
    name="thiele-coverage, one after the other",
    guarantee=(),
    unit_cost=True,
    complexity=_GREEDY,
    source=_READ,
    parameters=_Q,
)
def seqthiele_coverage(problem: Problem, rng: np.random.Generator) -> Selection:
    """k rounds: the candidate that adds most to the score of `thiele-coverage`. Ties: pool order."""
    return _one_by_one(problem, _coverage(problem), "seqthiele-coverage")


@process(
    id="seqthiele-exponential",
    approvals=True,
    name="thiele-exponential, one after the other",
    guarantee=(),
    unit_cost=True,
    complexity=_GREEDY,
    source=_READ,
    parameters=_TWO,
)
def seqthiele_exponential(problem: Problem, rng: np.random.Generator) -> Selection:
    """k rounds: the candidate that adds most to the score of `thiele-exponential`. Ties: pool order."""
    return _one_by_one(problem, _exponential(problem), "seqthiele-exponential")


@process(
    id="seqthiele-uniform",
    approvals=True,
    name="thiele-uniform, one after the other",
    guarantee=(),
    unit_cost=True,
    complexity=_GREEDY,
    source=_READ,
    parameters=_B,
)
def seqthiele_uniform(problem: Problem, rng: np.random.Generator) -> Selection:
    """k rounds: the candidate that adds most to the score of `thiele-uniform`. Ties: pool order."""
    return _one_by_one(problem, _uniform(problem), "seqthiele-uniform")


@process(
    id="seqthiele-pareto",
    approvals=True,
    name="thiele-pareto, one after the other",
    guarantee=(),
    unit_cost=True,
    complexity=_GREEDY,
    source=_READ,
    parameters=_ALPHA,
)
def seqthiele_pareto(problem: Problem, rng: np.random.Generator) -> Selection:
    """k rounds: the candidate that adds most to the score of `thiele-pareto`. Ties: pool order."""
    return _one_by_one(problem, _pareto(problem), "seqthiele-pareto")


def _coverage(problem: Problem) -> Tail:
    return coverage(problem.parameters.get("q", 0.5), problem.parameters.get("k", 1))


def _exponential(problem: Problem) -> Tail:
    return exponential(problem.parameters.get("k", 2))


def _uniform(problem: Problem) -> Tail:
    return bounded(problem.parameters.get("b", 1), problem.parameters.get("k", 1))


def _pareto(problem: Problem) -> Tail:
    return pareto(problem.parameters.get("alpha", 3), problem.parameters.get("k", 1))


def _exactly(problem: Problem, tail: Tail) -> Selection:
    return _with_tail(exactly(problem, tail), tail)


def _one_by_one(problem: Problem, tail: Tail, process: str) -> Selection:
    return _with_tail(one_by_one(problem, tail, process), tail)


def _with_tail(selection: Selection, tail: Tail) -> Selection:
    """The selection with the tail in its record, default values included."""
    return replace(selection, parameters={**selection.parameters, "tail": {"law": tail.name, **tail.parameters}})
