"""Every figure about a slate, put together: the audit, what is beside it, what a reader must know, and the view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..audits import Audit, Subject
from ..audits import audit as audit_subject
from ..audits.agreement import agreement, divisive, expected_by_statement
from ..audits.barred import Barred, BarredStatement, known, worth_asking
from ..audits.plural_records import Groups
from ..processes import Problem
from ..processes import find as find_process
from ..profile import PENDING, IntArray, Options, Slate
from ..profile.sentences import noted
from ..profile.streams import Stream, stream
from .case import Case
from .eligibility import eligible
from .evidence import evidence as answered
from .familiar import familiar
from .record import command_of
from .spoke import copied, spoke
from .tails import unchanged
from .weighing import answer_figures

if TYPE_CHECKING:
    from .view import View

RANDOM_SLATES = 10
# A statement that fewer people answered stands on predictions more than on votes; the audit says so.
FEW_ANSWERS = 10
# The process that fills a slate whose own process stops before.
FILLING = "bjr"


def figures_of(case: Case, subject: Subject, *, plain: Subject | None, draws: int, notes: Sequence[str] = ()) -> Audit:
    """The audit of a slate with everything beside it.

    Args:
        case: the case that the slate was chosen from, or located in.
        subject: the slate.
        plain: the slate that was chosen without weights; None: there is none.
        draws: the number of draws of the answers that nobody gave.
        notes: what had to be assumed.
    """
    prepared, task = case.prepared, case.task
    profile, predicted = prepared.profile, prepared.disc.model is not None
    # Similarity of texts has no posterior to draw from: draws are for answers that people could have given.
    said = len(profile.answers) + len(profile.comparisons)
    count = draws if said and predicted else 0
    whole, subject = subject, case.held(subject)
    beliefs, approval = case.beliefs, profile.answers.scale.approval
    compared = _compared(_same_pool(case, subject), task.seed) if count else []
    popular = next((one for kind, one in compared if kind == "popular"), None)
    if popular is None and said:
        popular = _popular(_same_pool(case, subject), task.seed)
    cautions = (*_cautions(case, subject, predicted), *unchanged(case, whole), *copied(prepared, whole))
    audit = audit_subject(
        profile,
        prepared.disc,
        subject,
        seed=task.seed,
        draws=count,
        compared=compared,
        notes=(*_sampled(case), *prepared.notes, *notes, *cautions),
        progress=task.progress,
    )
    if len(profile.answers):
        expected = expected_by_statement(subject, beliefs, approval)
        per_statement = tuple(
            replace(entry, expected=mass) for entry, mass in zip(audit.per_statement, expected, strict=True)
        )
        s = profile.statements
        audit = replace(
            audit,
            per_statement=per_statement,
            agreement=agreement(subject, beliefs, approval),
            popular=next((agreement(one, beliefs, approval) for kind, one in compared if kind == "popular"), None),
            divisive=divisive(subject, beliefs, profile.answers.scale, s.ids, s.texts),
        )
    audit = replace(audit, barred=_barred(case, whole, count))
    # Late: only a whole audit needs them.
    from ..audits.plural import plural_figures

    columns = subject.pool.statements
    groups, vectors = case.groups, prepared.vectors(columns)
    plural = plural_figures(profile, subject, groups, stream(task.seed, Stream.PLURAL), vectors)
    from .public.figures import public_figures

    public = public_figures(case, subject, popular)
    audit = replace(audit, excluded=case.eligible.excluded(case.unit), plural=plural, public=public)
    if prepared.weighing is None:
        return audit
    task.progress(noted("measuring what the weights changed"), 0.0)
    return replace(audit, answers=answer_figures(prepared.weighing, subject, plain, case.eligible.locked_in))


def _same_pool(case: Case, subject: Subject) -> Problem:
    """What other slates are chosen from, so that they can be held against the same statements."""
    out = case.pool.statements[list(case.eligible.locked_out)]
    barred = np.flatnonzero(np.isin(subject.pool.statements, out))
    return Problem(subject.pool, subject.budget, locked_out=tuple(barred.tolist()))


def _barred(case: Case, subject: Subject, draws: int) -> Barred | None:
    """What may not be chosen, with what is known of it; None where every statement may be."""
    verdicts, profile = case.eligible.verdicts, case.prepared.profile
    counts = {name: n for name, n in verdicts.counts.items() if n}
    if not verdicts.barred and not verdicts.notes:
        return None
    statements = tuple(BarredStatement(b.id, b.text, b.reason, b.answers, b.said_by) for b in verdicts.barred)
    part = case.barred(subject)
    if not len(profile.answers):
        return Barred(statements, counts, verdicts.notes)
    violations, d = known(profile, part)
    # What lacks answers may lack more: the rules that are asked first hide it.
    beside = replace(verdicts.rules, min_answers=0, duplicates=False, evidence_for_pending=False)
    lacking = np.array([reason == "too_few_answers" for reason in verdicts.reasons], dtype=bool)
    lacking &= eligible(profile, beside).may_be_chosen
    moderation, texts = profile.statements.moderation, profile.statements.texts
    waiting = np.zeros(len(texts), dtype=bool)
    if moderation is not None and (moderation > PENDING).any():
        waiting = moderation == PENDING
    large, unseen, ask = worth_asking(
        profile,
        case.prepared.disc,
        part,
        verdicts.answers,
        case.task.seed,
        draws,
        askable=lacking,
        waiting=waiting,
        enough=verdicts.rules.min_answers,
        sense=familiar(texts, verdicts.may_be_chosen),
    )
    return Barred(statements, counts, verdicts.notes, violations, d, large, unseen, ask)


def _compared(problem: Problem, seed: int) -> list[tuple[str, Subject]]:
    """The most popular slate and random ones of equal length, each with its best balanced assignment."""
    rng = stream(seed, Stream.COMPARED)
    found = []
    for kind, count in (("popular", 1), ("random", RANDOM_SLATES)):
        for _ in range(count):
            selection = find_process(kind).run(problem, rng)
            subject = Subject(problem.pool, selection.candidates, selection.assignment, problem.budget)
            found.append((kind, subject))
    return found


def _popular(problem: Problem, seed: int) -> Subject:
    """The most popular slate, the same as among `_compared`."""
    selection = find_process("popular").run(problem, stream(seed, Stream.COMPARED))
    return Subject(problem.pool, selection.candidates, selection.assignment, problem.budget)


def _sampled(case: Case) -> list[str]:
    """That only some of the people were read, where that is so."""
    sample = case.source.facts.get("sample")
    if not sample:
        return []
    people, whole, seed = sample["people"], sample["of"], sample["seed"]
    return [
        noted(
            f"A sample: only {people:,} of {whole:,} participants, drawn at random (seed {seed}), were read. Every "
            "figure is about these people; the others count nowhere."
        )
    ]


def _cautions(case: Case, subject: Subject, predicted: bool) -> list[str]:
    """What a reader should know about the statements that were chosen; what is advised works with the other options."""
    found = []
    profile = case.prepared.profile
    columns = subject.pool.statements[subject.chosen]
    moderation = profile.statements.moderation
    if moderation is not None and (moderation[columns] == PENDING).any():
        pending = columns[moderation[columns] == PENDING]
        advice = _leaving_out(case, pending, "--strict", strict=True)
        part, k = len(pending), len(columns)
        found.append(
            noted(
                f"{part} of the {k} statements was never accepted by moderation{advice}."
                if part == 1
                else f"{part} of the {k} statements were never accepted by moderation{advice}."
            )
        )
    thin = columns[answered(profile)[columns] < FEW_ANSWERS]
    if len(profile.answers) and predicted and len(thin):
        advice = _leaving_out(case, thin, f"--min-answers {FEW_ANSWERS}", min_answers=FEW_ANSWERS)
        part, k = len(thin), len(columns)
        found.append(
            noted(
                f"{part} of the {k} statements was answered by fewer than {FEW_ANSWERS} people, the rest is "
                f"predicted{advice}."
                if part == 1
                else f"{part} of the {k} statements were answered by fewer than {FEW_ANSWERS} people, the rest is "
                f"predicted{advice}."
            )
        )
    nobody = int(subject.masses[subject.assignment < 0].sum())
    short = (subject.pool.costs == 1).all() and len(columns) < subject.budget
    left, most = f"{nobody / subject.pool.total_mass:.0%}", subject.budget
    if short and nobody and not len(subject.outside):
        fills = case.options.process and case.fills
        advice = noted(f"; with --budget {len(columns)} nobody is") if fills else ""
        found.append(
            noted(
                f"No more than {len(columns)} statements may be chosen, so {left} of the people are left over{advice}."
            )
        )
    elif short and 20 * nobody > subject.pool.total_mass:
        advice = _filling(case, subject)
        found.append(
            noted(
                f"{len(columns)} of {most} statements were enough for every group that is large enough, and "
                f"{left} of the people are left over{advice}."
            )
        )
    return found


def _leaving_out(case: Case, columns: IntArray, flag: str, **changes: Any) -> str:
    """The clause that an option leaves these statements out; empty where it would not, or would be refused.

    Args:
        case: the case that the slate was chosen from, or located in.
        columns: the statements.
        flag: the option as it is given on the command line.
        changes: the same as fields of `Options`.
    """
    options = replace(case.options, **changes)
    if not case.options.process or case.prepared.source is not None or options == case.options:
        return ""  # nothing was chosen here by options, or a language model wrote the statements
    other = replace(case.eligible, options=options)
    fixed = np.isin(columns, case.pool.statements[list(case.eligible.locked_in)])
    free = np.setdiff1d(np.arange(case.pool.size), other.locked_out)
    free = free[~np.isin(case.pool.statements[free], columns)]
    # What is left has to be as much as the slate could spend now, so that one like it can be chosen.
    enough = int(case.pool.costs[free].sum()) >= case.task.budget
    if fixed.all() or not enough:
        return ""
    if fixed.any():
        return noted(f"; {flag} leaves such statements out, but for those that are locked in")
    return noted(f"; {flag} leaves such statements out")


def _filling(case: Case, subject: Subject) -> str:
    """The clause that another process fills the slate; empty where it would not, or would be refused."""
    options, source = case.options, case.prepared.source
    if options.process in ("", FILLING) or source is not None or options.consensus != Options().consensus:
        return ""
    selection = find_process(FILLING).run(case.eligible.problem(subject.budget), stream(case.task.seed, Stream.PROCESS))
    if len(selection.rounds) < subject.budget or (selection.assignment < 0).any():
        return ""
    return noted(f"; --process {FILLING} fills the slate and assigns everybody")


def view_of(case: Case, slate: Slate, audit: Audit, subject: Subject) -> View:
    """Everything a report shows.

    Args:
        case: the case that the slate was chosen from, or located in.
        slate: the slate with its record.
        audit: the figures of the slate.
        subject: the same slate over its pool.
    """
    from ..formats.doctor import doctor
    from .conflicts import of_the_least
    from .view import View

    prepared = case.prepared
    return View(
        profile=prepared.profile,
        slate=slate,
        own=subject.own,
        positions=prepared.positions(subject.pool.statements),
        diagnosis=doctor(prepared.source or prepared.profile),
        source="SOURCE",
        command=command_of(slate),
        # A language model's scores are not people's own answers.
        conflicts=of_the_least(prepared.profile, subject, [entry.agent for entry in audit.least])
        if prepared.source is None
        else None,
        spoken=spoke(prepared, subject, audit.least),
        groups=_groups(case, audit),
    )


def _groups(case: Case, audit: Audit) -> IntArray | None:
    """int64 [n_agents]: the opinion group of each agent, as the audit has them; None where there are not several."""
    plural = audit.plural
    if plural is None or not isinstance(plural.groups, Groups) or len(plural.groups.people) < 2:
        return None
    found = case.groups
    return None if found is None else found[0].argmax(axis=1)
