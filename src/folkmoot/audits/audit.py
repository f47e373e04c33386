"""The audit: every figure about a slate, with the witnesses behind them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..profile import FloatArray, Profile, Progress, silent
from ..profile.records import OMITTED, from_json, to_json
from ..profile.sentences import noted
from ..profile.shown import bar, counted, line, table
from ..queries import Completed
from . import approval, cbjr, certificate
from .agreement import Agreement, Divisive
from .answer_records import AnswerFigures
from .balance import is_balanced
from .barred import Barred
from .cbjr import Witness
from .plural_records import Plural
from .public_records import Public
from .records import (
    Axiom,
    Cbjr,
    CertificateRecord,
    Coalition,
    CompletedAnswers,
    KnownAnswers,
    LeastRepresented,
    Point,
    StatementFigures,
    Welfare,
    WorstCase,
)
from .subject import Subject
from .turning import turns
from .welfare import welfare

# Steps of b on the frontier: sixteenths of the scale's range are exact in binary on every usual scale.
FRONTIER_STEPS = 16
# Violations whose members are listed by name.
NAMED = 10


@dataclass(frozen=True)
class Audit:
    """Every figure about one slate; as ``slate.json`` has it under "audit" (`as_dict`, `read`).

    Args:
        cbjr: balanced justified representation with costs on completed utilities.
        bjr: balanced justified representation; None where statements do not all cost 1 (cBJR is its form with costs).
        cjr: cBJR without balance; this and the next two are axioms without balance.
        jr: justified representation on approvals.
        ejr_plus: EJR+ on approvals.
        utility: the welfare of the represented.
        balanced: whether every statement represents floor or ceil of its share (up to the heaviest agent's weight).
        certificate: what cBJR rests on: own answers, predictions, draws, the worst case.
        per_statement: for each statement of the slate, how many it represents and how well.
        least: the least well represented people, worst first.
        excluded: how many statements could not be chosen, by reason.
        plural: who would see what, and how minorities fare; None where it was not computed.
        notes: what a reader must know to read the figures.
        answers: how much of the answers is opinion and what their weights changed; None without weights.
        agreement: how many agree with the statement they are assigned to; None: not worked out.
        popular: the same for the most popular statements, where there is something to draw.
        barred: what may not be chosen; None: every statement may.
        divisive: statements outside that divide people although a large enough group wants them.
        public: what a page for the public may need; None: it was not worked out.
    """

    cbjr: Cbjr
    bjr: bool | None
    cjr: Axiom
    jr: Axiom
    ejr_plus: Axiom
    utility: Welfare
    balanced: bool
    certificate: CertificateRecord
    per_statement: tuple[StatementFigures, ...]
    least: tuple[LeastRepresented, ...]
    excluded: Mapping[str, int] = field(default_factory=dict)
    plural: Plural | None = None
    notes: tuple[str, ...] = ()
    answers: AnswerFigures | None = field(default=None, metadata=OMITTED)
    agreement: Agreement | None = field(default=None, metadata=OMITTED)
    popular: Agreement | None = field(default=None, metadata=OMITTED)
    barred: Barred | None = field(default=None, metadata=OMITTED)
    divisive: Divisive | None = field(default=None, metadata=OMITTED)
    public: Public | None = field(default=None, metadata=OMITTED)

    def __repr__(self) -> str:
        bjr = "" if self.bjr is None else f"BJR {'holds' if self.bjr else 'violated'}"
        return line(
            "Audit",
            f"cBJR {'violated' if self.violated else 'holds'}",
            bjr,
            "balanced" if self.balanced else "not balanced",
            f"{counted(self.pool_size, 'statement')} to choose from",
        )

    def _repr_html_(self) -> str:
        """For notebooks: every check with its verdict and how near it is to the other one, and the notes."""
        known, draws = self.certificate.known, self.certificate.draws or {}
        checks = [
            ("cBJR, with predictions", not self.violated, 0.0 if self.worst is None else self.worst.ratio),
            ("cBJR, on people's own answers", not known.violations, known.d),
            ("cJR (without balance)", self.cjr.holds, self.cjr.ratio),
            ("EJR+ (approvals)", self.ejr_plus.holds, self.ejr_plus.ratio),
            ("JR (approvals)", self.jr.holds, self.jr.ratio),
        ]
        rows = [(name, "holds" if holds else "violated", f"{ratio:.2f}") for name, holds, ratio in checks]
        for kind, spread in draws.items():
            who = {"slate": "this slate", "popular": "the most popular", "random": "random statements"}.get(kind, kind)
            rows.append((f"cBJR over {spread.draws} draws: {who}", bar(spread.violated) + " of draws violate it", ""))
        heads = ("check", "verdict", "largest group, of what it needs")
        return table("Audit", (repr(self)[6:-1],), heads, rows, self.notes)

    @property
    def violated(self) -> bool:
        """cBJR is violated on completed utilities."""
        return self.cbjr.violated

    @property
    def violations(self) -> tuple[Coalition, ...]:
        """Violations of cBJR on completed utilities, worst first, each with its witness."""
        return self.cbjr.violations

    @property
    def frontier(self) -> tuple[Point, ...]:
        """(b, d(b)) on completed utilities; a violation of (b, d)-cBJR exists iff d <= d(b)."""
        return self.cbjr.frontier

    @property
    def worst(self) -> Coalition | None:
        """The coalition closest to (or furthest into) a violation."""
        return self.cbjr.worst

    @property
    def pool_size(self) -> int:
        """The number of statements that the slate was compared with."""
        return self.cbjr.pool_size

    def as_dict(self) -> dict[str, Any]:
        """The audit as it stands in ``slate.json`` under "audit"."""
        record: dict[str, Any] = to_json(self)
        return record

    @classmethod
    def read(cls, recorded: Mapping[str, Any]) -> Audit:
        """The audit from what stands in ``slate.json`` under "audit".

        Raises:
            InputError: what stands there is no audit.
        """
        return from_json(cls, recorded, "audit")


def audit(
    profile: Profile,
    completed: Completed,
    subject: Subject,
    *,
    seed: int = 0,
    draws: int = 100,
    compared: Sequence[tuple[str, Subject]] = (),
    notes: Sequence[str] = (),
    progress: Progress = silent,
) -> Audit:
    """Audits a slate.

    Args:
        profile: the profile whose ids are reported.
        completed: the utilities, known and predicted.
        subject: the slate over its pool.
        seed: the seed of the posterior draws.
        draws: the number of posterior draws; 0 leaves them out.
        compared: other slates to evaluate on the same draws, as (kind, slate).
        notes: notes to carry into the audit.
        progress: called with (stage, share done).
    """
    tell = progress
    low, high = profile.answers.scale.utility_range
    level = profile.answers.scale.approval
    slacks = np.linspace(0.0, high - low, FRONTIER_STEPS + 1)
    tell(noted("auditing"), 0.0)
    swept = cbjr.sweep(subject, subject.own, subject.offers, slacks, every=True)
    violations, worst = _witnesses(profile, subject, swept, subject.own, subject.offers)
    tell(noted("auditing"), 0.5)
    known = _known(profile, subject, level)
    unbalanced = cbjr.worst(subject, subject.best, subject.offers)
    worst_case = WorstCase(certificate.worst_case(subject, low, high))
    predicted = completed.model is not None and 0 < known.answered < 1
    turned = turns(subject, completed, seed, draws) if predicted else None
    tell(noted("auditing"), 1.0)
    drawn = None
    if draws and completed.model is not None:
        drawn = certificate.over_draws(
            [("slate", subject), *compared],
            completed,
            seed,
            draws,
            lambda share: tell(noted("drawing unknown answers"), share),
        )
    return Audit(
        cbjr=Cbjr(
            violated=bool(violations),
            violations=violations,
            frontier=tuple((float(b), float(d)) for b, d in zip(slacks, swept.frontier, strict=True)),
            pool_size=subject.pool.size,
            worst=worst,
        ),
        bjr=not violations if (subject.pool.costs == 1).all() else None,
        cjr=Axiom(
            holds=unbalanced is None or not unbalanced.violates,
            ratio=unbalanced.ratio if unbalanced else 0.0,
            witness=_coalition(profile, subject, unbalanced) if unbalanced else None,
        ),
        jr=_justified(profile, subject, approval.jr(subject, subject.slate, subject.offers, level)),
        ejr_plus=_justified(profile, subject, approval.ejr_plus(subject, subject.slate, subject.offers, level)),
        utility=welfare(subject, low, high),
        balanced=is_balanced(subject),
        certificate=CertificateRecord(
            known, CompletedAnswers(len(violations), float(swept.frontier[0])), drawn, worst_case, turned
        ),
        per_statement=_per_statement(subject, completed.said, level),
        least=_least(profile, subject),
        notes=tuple(notes),
    )


def _known(profile: Profile, subject: Subject, level: float) -> KnownAnswers:
    """The certificate on people's own answers only: a coalition counts only members who answered both statements."""
    pool = subject.pool
    swept = cbjr.sweep(subject, subject.own_known, subject.offers_known, np.zeros(1), every=True)
    violations, worst = _witnesses(profile, subject, swept, subject.own_known, subject.offers_known)
    assigned = subject.assignment >= 0
    answered_own = np.isfinite(subject.own_known) & assigned
    # People who did not answer a statement of the slate may approve it: no complaint rests on a guess.
    slate_known = np.where(pool.known(pool.agents, subject.chosen), subject.slate, np.inf)
    answered = sum(int(pool.known(pool.agents, part).sum()) for part, _ in subject.offers(np.arange(pool.size)))
    happy = answered_own & (subject.own >= level)
    return KnownAnswers(
        violations=violations,
        d=float(swept.frontier[0]),
        worst=worst,
        answered=answered / (pool.n_agents * pool.size) if pool.size else 0.0,
        own_statement_answered=int(answered_own.sum()),
        own_statement_approved=int(happy.sum()),
        jr=_justified(profile, subject, approval.jr(subject, slate_known, subject.offers_known, level)),
        ejr_plus=_justified(profile, subject, approval.ejr_plus(subject, slate_known, subject.offers_known, level)),
    )


def _witnesses(
    profile: Profile, subject: Subject, swept: cbjr.Sweep, own: FloatArray, offers: cbjr.Offers
) -> tuple[tuple[Coalition, ...], Coalition | None]:
    """Every violation and the worst coalition.

    The worst ten violations list their members by name; the others list statement and threshold, which determine them.
    """

    def shown(complaint: cbjr.Complaint, named: bool = True) -> Coalition:
        return _coalition(profile, subject, cbjr.witness(subject, own, offers, complaint), named)

    violations = tuple(shown(complaint, place < NAMED) for place, complaint in enumerate(swept.violations))
    return violations, shown(swept.worst[0]) if swept.worst[0] else None


def _coalition(
    profile: Profile, subject: Subject, w: Witness, named: bool = True, ratio: float | None = None
) -> Coalition:
    column = int(subject.pool.statements[w.candidate])
    return Coalition(
        statement=profile.statements.ids[column],
        text=profile.statements.texts[column],
        cost=int(subject.pool.costs[w.candidate]),
        threshold=float(w.theta),
        mass=w.mass,
        need=w.need,
        ratio=w.ratio if ratio is None else ratio,
        gap=None if math.isnan(w.gap) else w.gap,
        agents=tuple(profile.agents.ids[row] for row in w.members) if named else None,
    )


def _justified(profile: Profile, subject: Subject, result: approval.Justified) -> Axiom:
    # The axiom's own ratio: the witness's is rounded to a whole number of people.
    witness = _coalition(profile, subject, result.witness, ratio=result.ratio) if result.witness else None
    return Axiom(result.holds, result.ratio, result.satisfaction, witness)


def _per_statement(subject: Subject, completed: Completed, level: float) -> tuple[StatementFigures, ...]:
    """How many each statement represents, how well, and everybody's answers to it, whatever their weight."""
    pool, columns = subject.pool, subject.pool.statements[subject.chosen]
    known = completed.known(pool.agents, columns)
    answered = subject.slate if completed is pool.disc else completed.utilities(pool.agents, columns)
    figures = []
    for place in range(len(subject.chosen)):
        mine = subject.assignment == place
        worth, values, has_answered = subject.slate[:, place], answered[:, place], known[:, place]
        figures.append(
            StatementFigures(
                mass=int(pool.masses[mine].sum()),
                people=int(mine.sum()),
                mean=float(np.average(worth[mine], weights=pool.masses[mine])) if mine.any() else None,
                min=float(worth[mine].min()) if mine.any() else None,
                answered=int((mine & has_answered).sum()),
                approve=int((mine & has_answered & (values >= level)).sum()),
                all_answered=int(has_answered.sum()),
                all_approve=int((has_answered & (values >= level)).sum()),
                all_reject=int((has_answered & (values < np.nextafter(level, -np.inf))).sum()),
                all_predicted_approve=int((values >= level).sum()),
            )
        )
    return tuple(figures)


def _least(profile: Profile, subject: Subject, most: int = 10) -> tuple[LeastRepresented, ...]:
    order = np.argsort(subject.own, kind="stable")[:most]
    records = []
    for row in order:
        place = int(subject.assignment[row])
        records.append(
            LeastRepresented(
                agent=profile.agents.ids[row],
                utility=float(subject.own[row]) if place >= 0 else None,
                statement=_id(profile, subject, place) if place >= 0 else None,
                best_in_slate=float(subject.best[row]) if len(subject.chosen) else None,
            )
        )
    return tuple(records)


def _id(profile: Profile, subject: Subject, place: int) -> str:
    return profile.statements.ids[int(subject.pool.statements[subject.chosen[place]])]
