"""Dialectical reconciliation: one side explains, the other asks until it has nothing left, and both may still differ.

Vasileiou, Kumar, Yeoh, Son, Toni 2024, "Dialectical Reconciliation via Structured Argumentative Dialogues". The goal
is one-sided: the human comes to understand why the agent holds its claim; agreement is no goal. Knowledge bases are
sets of propositional clauses. A clause is a tuple of literals, a literal a whole number: 3 is "3 holds", -3 its
opposite. Satisfiability and minimal unsatisfiable subsets come from PySAT (Ignatiev, Morgado, Marques-Silva 2018).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ..profile import InputError, MissingExtraError

Clause = tuple[int, ...]
HUMAN, AGENT = "human", "agent"
WHY, SUPPORT, REFUTE, AGREE_TO_DISAGREE, NOTHING = "why", "support", "refute", "agree to disagree", "nothing to add"


@cache
def _sat() -> Any:
    """Imports the parts of PySAT that are used."""
    try:
        from pysat.examples.lbx import LBX
        from pysat.examples.musx import MUSX
        from pysat.examples.optux import OptUx
        from pysat.formula import WCNF
        from pysat.solvers import Solver
    except ImportError as error:
        raise MissingExtraError(
            f"reconciling answers needs the sat extra ({error}); install it: pip install 'folkmoot[sat]'"
        ) from None
    return {"LBX": LBX, "MUSX": MUSX, "OptUx": OptUx, "WCNF": WCNF, "Solver": Solver}


def require() -> None:
    """Checks that the ``sat`` extra is installed, so that no work starts in vain.

    Raises:
        MissingExtraError: the ``sat`` extra is not installed.
    """
    _sat()


def knowledge(clauses: Iterable[Sequence[int]]) -> tuple[Clause, ...]:
    """Brings clauses into one form: literals by number and each once, clauses each once, in order of first mention.

    Raises:
        InputError: there is an empty clause, or the literal 0.
    """
    distinct = dict.fromkeys(tuple(sorted(set(map(int, clause)), key=lambda x: (abs(x), x))) for clause in clauses)
    for clause in distinct:
        if not clause or 0 in clause:
            raise InputError(f"a clause needs literals, and 0 is none: {clause!r}")
    return tuple(distinct)


def consistent(clauses: Iterable[Clause], assuming: Sequence[int] = ()) -> bool:
    """Can all of it be true at once?

    Args:
        clauses: the clauses, in the form that the module describes.
        assuming: literals that are assumed to be true.

    Raises:
        MissingExtraError: the ``sat`` extra is not installed.
    """
    with _sat()["Solver"](name="minisat22", bootstrap_with=[list(c) for c in clauses]) as solver:
        return bool(solver.solve(assumptions=list(assuming)))


def entails(clauses: Sequence[Clause], claim: Clause) -> bool:
    """Does the claim hold wherever the clauses do?"""
    return not consistent(clauses, [-x for x in claim])


def unsatisfiable_core(soft: Sequence[Clause], hard: Sequence[Clause] = (), smallest: bool = False) -> list[int] | None:
    """Places in ``soft`` of a minimal set that cannot be true together with ``hard``; None if all of it can.

    Args:
        soft: the clauses to choose from.
        hard: the clauses that must hold.
        smallest: find a set with the fewest clauses of all, not merely one from which none can be left out.
    """
    if consistent([*soft, *hard]):
        return None
    if not consistent(hard):
        return []
    formula = _weighted(soft, hard)
    with _sat()["OptUx"](formula) if smallest else _sat()["MUSX"](formula, verbosity=0) as search:
        return sorted(int(number) - 1 for number in search.compute())


def correction(soft: Sequence[Clause], hard: Sequence[Clause] = ()) -> list[int]:
    """Places in ``soft`` of a minimal set to give up, so that the rest can be true together with ``hard``.

    What is left is a maximal subset of ``soft`` consistent with ``hard``; empty where nothing has to go.

    Raises:
        InputError: ``hard`` contradicts itself, so nothing that is given up would help.
    """
    if not consistent(hard):
        raise InputError("what has to stand contradicts itself; nothing can be given up that would help")
    if consistent([*soft, *hard]):
        return []
    with _sat()["LBX"](_weighted(soft, hard), use_cld=True) as search:
        return sorted(int(number) - 1 for number in search.compute())


def _weighted(soft: Sequence[Clause], hard: Sequence[Clause]) -> Any:
    formula = _sat()["WCNF"]()
    for clause in hard:
        formula.append(list(clause))
    for clause in soft:
        formula.append(list(clause), weight=1)
    return formula


def support(base: Sequence[Clause], claim: Clause) -> tuple[Clause, ...]:
    """A minimal part of a consistent knowledge base that entails the claim: the argument for it.

    Raises:
        InputError: the base does not entail the claim.
    """
    core = unsatisfiable_core(base, [(-x,) for x in claim])
    if core is None:
        raise InputError(f"the knowledge base does not entail {claim!r}, so it has no argument for it")
    return tuple(base[at] for at in core)


@dataclass(frozen=True)
class Turn:
    """One utterance.

    Args:
        speaker: who speaks, ``human`` or ``agent``.
        act: what the speaker does: ``why``, ``support``, ``refute``, ``agree to disagree`` or ``nothing to add``.
        clause: what it is about: the claim, or the other's clause that is refuted.
        argument: the speaker's clauses that support or refute it.
    """

    speaker: str
    act: str
    clause: Clause
    argument: tuple[Clause, ...] = ()


@dataclass(frozen=True)
class Dialogue:
    """The turns of a dialogue, and the human's knowledge base after it.

    Args:
        turns: the turns, in order.
        commitments: clauses the agent has uttered.
        revised: the human's knowledge base afterwards: the commitments, and a maximal part of what the human held.
        retracted: the human's clauses that had to be given up.
    """

    turns: tuple[Turn, ...]
    commitments: tuple[Clause, ...]
    revised: tuple[Clause, ...]
    retracted: tuple[Clause, ...]

    @property
    def disagreements(self) -> tuple[Clause, ...]:
        """Clauses on which somebody had nothing new to say: both agreed to disagree."""
        return tuple(turn.clause for turn in self.turns if turn.act == AGREE_TO_DISAGREE)


@dataclass
class _Side:
    """One side of the dialogue and what it has done so far."""

    base: tuple[Clause, ...]
    arguments: list[tuple[Clause, ...]] = field(default_factory=list)
    attacked: set[Clause] = field(default_factory=set)


def dialogue(agent: Sequence[Clause], human: Sequence[Clause], claim: Clause) -> Dialogue:
    """The human asks why; the agent gives its argument; then each in turn refutes what contradicts its own knowledge.

    A side scans the other's arguments from the newest on for a clause it has not taken up yet and that its own base
    contradicts. The refutation is a minimal part of its base that contradicts the clause, if it has not said just that
    before; if it has, both agree to disagree about the clause. The human begins after the agent's first argument; the
    dialogue is over when the human has nothing left. Each side takes up a clause once at most, so there is an end.

    Args:
        agent: the explainer's clauses, consistent, entailing the claim.
        human: the asker's clauses, consistent.
        claim: the clause that the human asks about.

    Raises:
        InputError: a base contradicts itself, or the agent's does not entail the claim.
        MissingExtraError: the ``sat`` extra is not installed.
    """
    sides = {AGENT: _Side(knowledge(agent)), HUMAN: _Side(knowledge(human))}
    for name, side in sides.items():
        if not consistent(side.base):
            raise InputError(f"the {name}'s knowledge base contradicts itself; it cannot take part in a dialogue")
    first = support(sides[AGENT].base, claim)
    sides[AGENT].arguments.append(first)
    turns = [Turn(HUMAN, WHY, claim), Turn(AGENT, SUPPORT, claim, first)]
    speaker, other = HUMAN, AGENT
    while True:
        turn = _next(speaker, sides[speaker], sides[other])
        if turn.act == NOTHING and speaker == HUMAN:
            break
        turns.append(turn)
        speaker, other = other, speaker
    commitments = knowledge(clause for argument in sides[AGENT].arguments for clause in argument)
    revised, retracted = revise(sides[HUMAN].base, commitments)
    return Dialogue(tuple(turns), commitments, revised, retracted)


def _next(name: str, own: _Side, other: _Side) -> Turn:
    for argument in reversed(other.arguments):
        for clause in argument:
            if clause in own.attacked:
                continue
            core = unsatisfiable_core(own.base, [clause])
            if core is None:
                continue
            own.attacked.add(clause)
            answer = tuple(own.base[at] for at in core)
            if answer in own.arguments:
                return Turn(name, AGREE_TO_DISAGREE, clause)
            own.arguments.append(answer)
            return Turn(name, REFUTE, clause, answer)
    return Turn(name, NOTHING, ())


def revise(base: Sequence[Clause], commitments: Sequence[Clause]) -> tuple[tuple[Clause, ...], tuple[Clause, ...]]:
    """A knowledge base after it accepted commitments: (commitments and a maximal part of it, what had to go)."""
    gone = set(correction(base, commitments))
    kept = [clause for at, clause in enumerate(base) if at not in gone]
    return knowledge([*commitments, *kept]), tuple(base[at] for at in sorted(gone))


def understanding(one: Sequence[Clause], other: Sequence[Clause]) -> float:
    """How alike two knowledge bases are, 0 to 1: half what they entail (single literals), half what they say.

    Dice coefficients of the literals each entails and of the clauses each holds; two empty sets are alike.
    """
    return 0.5 * _dice(literals(one), literals(other)) + 0.5 * _dice(set(knowledge(one)), set(knowledge(other)))


def literals(base: Sequence[Clause]) -> set[int]:
    """The single literals that a consistent knowledge base entails (its unit prime implicates)."""
    named = {abs(x) for clause in base for x in clause}
    with _sat()["Solver"](name="minisat22", bootstrap_with=[list(c) for c in base]) as solver:
        return {x for atom in sorted(named) for x in (atom, -atom) if not solver.solve(assumptions=[-x])}


def _dice(one: set[Any], other: set[Any]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 1.0
