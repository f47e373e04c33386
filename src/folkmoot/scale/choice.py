"""Choosing among everybody: processes whose queries are counts over people, run on levels on disk."""

from __future__ import annotations

from dataclasses import replace

from ..audits import Subject
from ..processes import Selection
from ..processes import find as find_process
from ..profile import IntArray
from ..profile.records import to_json
from ..profile.sentences import noted
from ..profile.streams import Stream, stream
from ..slates.choose import Chosen, Decided
from ..slates.record import process_record, slate_of
from .pool import WholePool
from .whole import Whole

#: Processes that choose among everybody here; all others choose among those whom the model was fitted to.
AMONG_ALL = ("bjr", "bjr-sampled")


def chosen_among_all(decided: Decided, whole: Whole) -> Selection:
    """What the process of the run, one of `AMONG_ALL`, chooses among everybody.

    Args:
        decided: the choice among those whom the model was fitted to, with what may be chosen.
        whole: everybody, predicted.
    """
    case = decided.case
    whole.progress(noted("choosing among everybody"), 0.0)
    problem = replace(case.eligible.problem(case.task.budget), pool=WholePool(whole, case.pool.costs))
    selection = find_process(case.options.process).run(problem, stream(case.task.seed, Stream.PROCESS))
    whole.progress(noted("choosing among everybody"), 1.0)
    return selection


def redecided(decided: Decided, selection: Selection, assignment: str, place: IntArray, rows: IntArray) -> Decided:
    """The same run with another choice.

    Args:
        decided: the choice among some.
        selection: the choice among everybody.
        assignment: the kind of assignment that is taken.
        place: int64 [n] everybody's place in the slate.
        rows: int64 the numbers of those some.
    """
    case, why = decided.case, str(decided.slate.process.get("usual_budget") or "")
    subject = Subject(case.pool, selection.candidates, place[rows], case.task.budget)
    profile, entry = case.prepared.profile, case.engine.process
    record = process_record(
        profile, case.pool, selection, case.options, assignment, entry.source, usual_budget=why or None
    )
    slate = slate_of(case.source, case.prepared, subject, unit=case.unit, seed=case.task.seed, process=to_json(record))
    return replace(decided, chosen=Chosen(selection, assignment, subject), slate=slate)
