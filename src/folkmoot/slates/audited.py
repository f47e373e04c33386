"""Audits of any slate over a profile, also of one written by hand; the calls are `audit` and `audited`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..audits import Audit
from ..audits.axiom_records import AxiomResult
from ..profile import Profile, Progress, Slate, SlateStatement, silent
from .axioms import SECONDS, audit_ids, run_audits
from .case import Found
from .edits import edited, edits_in, notes_on
from .entry import expect_both
from .figures import figures_of, view_of
from .record import slate_of
from .weighing import Given, recorded_plain

if TYPE_CHECKING:
    from ..llm import Model
    from .swapped import SwapTest


@dataclass(frozen=True)
class Audited:
    """An audit with the slate it makes of the one that was audited: completed, with figures, ready for a report.

    Args:
        slate: the slate with costs, people and provenance as the source has them, its audit and its view.
        audit: the figures.
        draws_differ: whether the number of posterior draws is another one than the slate records.
        axioms: the results of the exact audits that were run, by id.
        swap: whose answers may stand in for a person's, where that was asked for.
    """

    slate: Slate
    audit: Audit
    draws_differ: bool = False
    axioms: Mapping[str, AxiomResult] = field(default_factory=dict)
    swap: SwapTest | None = None


def audit(
    profile: Profile,
    slate: Slate,
    *,
    draws: int | None = None,
    model: Model | None = None,
    repeats: Given | None = None,
    report: Progress | None = None,
) -> Audit:
    """The figures of any slate, also one written by hand; see `audited`."""
    return audited(profile, slate, draws=draws, model=model, repeats=repeats, report=report).audit


def audited(
    profile: Profile,
    slate: Slate,
    *,
    draws: int | None = None,
    axioms: Sequence[str] = (),
    level: float | None = None,
    seconds: float = SECONDS,
    swap: bool = False,
    model: Model | None = None,
    repeats: Given | None = None,
    report: Progress | None = None,
) -> Audited:
    """Audits any slate over a profile, also one written by hand.

    Statements are found by id, else by text; one that is in neither place joins the pool as a statement nobody
    answered, and a note says so. Without recorded agents the slate gets the balanced assignment with the largest
    total utility. Budget and unit are taken from the slate; where it names no unit it is what the source states costs
    in, ``statements`` for an election, else ``words``; where it names no budget it is the source's, else what the slate
    itself costs.

    Args:
        profile: what people said.
        slate: the slate of a run, or one written by hand.
        draws: posterior draws of the unknown answers for the certificate; none: as the slate records.
        axioms: exact audits to run as well, by id, or all. The command folkmoot audits lists them.
        level: utility from which an approval counts in exact audits; none: as the scale of the answers has it.
        seconds: time for each exact audit, about.
        swap: say as well whose answers may stand in for a person's, the most similar person's, their group's, or
            nobody's (profile swap).
        model: what answers as the language model did that wrote the slate, e.g. `folkmoot.llm.Replay` of its ledger.
        repeats: the repeated answers, as `slate` takes them, for a slate that was chosen with weights or by hand.
        report: called with (stage, share done).

    Raises:
        InputError: agents the profile does not have, an agent assigned twice, or a budget the slate exceeds.
    """
    expect_both(profile, slate)
    progress = report or silent
    wanted = audit_ids(axioms) if axioms else []
    found = Found.of(profile, slate, progress=progress, model=model, repeats=repeats)
    case, subject = found.case, found.subject
    weighing = case.prepared.weighing
    plain = None if weighing is None else recorded_plain(weighing, slate, subject)
    count = case.options.draws if draws is None else draws
    made = slate_of(profile, case.prepared, subject, unit=case.unit, seed=slate.seed, process=slate.process)
    texts = zip(made.statements, slate.statements, strict=True)
    given = replace(slate, statements=tuple(_worded(own, s) for own, s in texts))
    edits = edits_in(case.prepared.profile, given)
    made = edited(made, edits)
    usual = slate.process.get("usual_budget")
    notes = (*found.notes, *([str(usual)] if usual else []), *notes_on(made, edits))
    figures = figures_of(case, subject, plain=plain, draws=count, notes=notes)
    made = replace(made, audit=figures.as_dict())
    made = replace(made, view=view_of(case, made, figures, subject))
    exact = run_audits(found, wanted, level, seconds, progress) if wanted else {}
    swapped = None
    if swap:
        from .swapped import swap_test  # with the models, which nothing else here needs at once

        progress("swapping profiles", 0.0)
        swapped = swap_test(profile, slate.seed)
    return Audited(made, figures, draws_differ=count != case.options.draws, axioms=exact, swap=swapped)


def _worded(own: SlateStatement, given: SlateStatement) -> SlateStatement:
    """A statement as the source has it, in the words of the slate that is audited where these are an edit."""
    return replace(own, text=given.text, original=own.text) if given.original else own
