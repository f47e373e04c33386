"""Whether the tail of a Thiele rule, how far smaller groups count, changed anything here."""

from __future__ import annotations

from dataclasses import replace

from ..audits import Subject
from ..processes import find
from ..profile import InputError
from ..profile.sentences import noted
from ..profile.streams import Stream, stream
from ..queries import ClosedPool
from ..queries.beliefs import LIKELY, Chances
from .case import Case
from .fill import filled

#: The rule whose groups count in proportion, and the rules that have another tail.
PROPORTIONAL = "seqpav"
_OTHERS = ("thiele-", "seqthiele-")


def unchanged(case: Case, subject: Subject) -> list[str]:
    """A note that sequential PAV chooses the same statements, where it does; empty for processes without a tail.

    Args:
        case: the case that the slate was chosen from.
        subject: the slate over the pool of the case.
    """
    options = case.options
    if not options.process.startswith(_OTHERS) or options.refine:
        return []
    problem = case.problem
    pool, beliefs = problem.pool, problem.beliefs
    seen = replace(problem, parameters={}, beliefs=None)
    if beliefs is not None:  # as approvals are seen where answers are missing
        likely = ClosedPool(Chances(beliefs, pool.disc), pool.statements, pool.costs, pool.masses)
        seen = replace(seen, pool=likely, approval=LIKELY)
    try:
        selection = find(PROPORTIONAL).run(seen, stream(case.task.seed, Stream.PROCESS))
    except InputError:  # as where statements do not all cost 1
        return []
    chosen = (filled(problem, selection) if case.fills else selection).candidates
    if set(chosen.tolist()) != set(subject.chosen.tolist()):
        return []
    return [
        noted(
            f"The tail of {options.process} changed nothing here: {PROPORTIONAL}, by which groups count in proportion, "
            "chooses the same statements."
        )
    ]
