"""The audit: every figure about a slate, with the witnesses behind them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from ..profile import FloatArray, Profile
from ..queries import Completed
from . import approval, cbjr, certificate
from .balance import is_balanced
from .cbjr import Witness
from .subject import Subject
from .welfare import welfare

# Steps of b on the frontier: sixteenths of the scale's range are exact in binary on every usual scale.
FRONTIER_STEPS = 16
# Violations whose members are listed by name.
NAMED = 10


@dataclass(frozen=True)
class Audit:
    """Every figure about one slate, JSON-ready (`as_dict`).

    Args:
        pool_size: statements the slate was held against (its own are not held against it).
        frontier: (b, d(b)) on completed utilities; a violation of (b, d)-cBJR exists iff d <= d(b).
        violations: of cBJR on completed utilities, worst first, each with its witness.
        worst: the coalition closest to (or furthest into) a violation.
        bjr: balanced justified representation; None where statements do not all cost 1 (cBJR is its form with costs).
        balanced: every statement represents floor or ceil of its share (up to the heaviest agent's weight).
        utility: welfare of the represented.
        cjr, jr, ejr_plus: axioms without balance, {"holds", "ratio", "witness"}.
        certificate: ``known`` (people's own answers only), ``completed``, ``draws`` (posterior), ``worst_case``.
        per_statement: for each statement of the slate how many it represents and how well.
        least: ids of the least well represented people, worst first.
        notes: what a reader must know to read the figures.
        excluded: how many statements could not be chosen, for what reason.
        plural: who would see what, and how minorities fare (`plural.plural_figures`).
        answers: how much of the answers is opinion and what their weights changed (`slates.weighing`), None without
            weights.
    """

    pool_size: int
    frontier: tuple[tuple[float, float], ...]
    violations: tuple[Mapping[str, Any], ...]
    worst: Mapping[str, Any] | None
    bjr: bool | None
    balanced: bool
    utility: Mapping[str, float | None]
    cjr: Mapping[str, Any]
    jr: Mapping[str, Any]
    ejr_plus: Mapping[str, Any]
    certificate: Mapping[str, Any]
    per_statement: tuple[Mapping[str, Any], ...]
    least: tuple[Mapping[str, Any], ...]
    notes: tuple[str, ...] = ()
    excluded: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] | None = None
    plural: Mapping[str, Any] = field(default_factory=dict)

    @property
    def violated(self) -> bool:
        """cBJR is violated on completed utilities."""
        return bool(self.violations)

    def as_dict(self) -> dict[str, Any]:
        """The audit as it stands in ``slate.json`` under "audit"."""
        return {
            "cbjr": {
                "violated": self.violated,
                "violations": list(self.violations),
                "frontier": [list(point) for point in self.frontier],
                "pool_size": self.pool_size,
                "worst": self.worst,
            },
            "bjr": self.bjr,
            "cjr": self.cjr,
            "jr": self.jr,
            "ejr_plus": self.ejr_plus,
            "utility": dict(self.utility),
            "balanced": self.balanced,
            "certificate": self.certificate,
            "per_statement": list(self.per_statement),
            "least": list(self.least),
            "excluded": self.excluded,
            "plural": self.plural,
            "notes": list(self.notes),
            **({} if self.answers is None else {"answers": self.answers}),
        }


def audit(
    profile: Profile,
    completed: Completed,
    subject: Subject,
    *,
    seed: int = 0,
    draws: int = 100,
    compared: Sequence[tuple[str, Subject]] = (),
    notes: Sequence[str] = (),
    report: Callable[[str, float], None] | None = None,
) -> Audit:
    """Audits a slate.

    Args:
        profile: whose ids are reported.
        completed: the utilities, known and predicted.
        subject: the slate over its pool.
        seed: of posterior draws.
        draws: number of posterior draws; 0 leaves them out.
        compared: other slates to put on the same draws, as (kind, slate).
        notes: carried into the audit.
        report: told (stage, share done).
    """
    tell = report or (lambda stage, share: None)
    low, high = profile.answers.scale.utility_range
    level = profile.answers.scale.approval
    slacks = np.linspace(0.0, high - low, FRONTIER_STEPS + 1)
    tell("auditing", 0.0)
    swept = cbjr.sweep(subject, subject.own, subject.offers, slacks, every=True)
    violations, worst = _witnesses(profile, subject, swept, subject.own, subject.offers)
    tell("auditing", 0.5)
    known = _known(profile, subject, level)
    unbalanced = cbjr.worst(subject, subject.best, subject.offers)
    found = {
        "known": known,
        "completed": {"violations": len(violations), "d": float(swept.frontier[0])},
        "draws": None,
        "worst_case": {"d": certificate.worst_case(subject, low, high)},
    }
    tell("auditing", 1.0)
    if draws and completed.model is not None:
        spread = certificate.over_draws(
            [("slate", subject), *compared],
            completed,
            seed,
            draws,
            lambda share: tell("drawing unknown answers", share),
        )
        found["draws"] = {kind: asdict(value) for kind, value in spread.items()}
    return Audit(
        pool_size=subject.pool.size,
        frontier=tuple((float(b), float(d)) for b, d in zip(slacks, swept.frontier, strict=True)),
        violations=violations,
        worst=worst,
        bjr=not violations if (subject.pool.costs == 1).all() else None,
        balanced=is_balanced(subject),
        utility=welfare(subject, low, high),
        cjr={
            "holds": unbalanced is None or not unbalanced.violates,
            "ratio": unbalanced.ratio if unbalanced else 0.0,
            "witness": _witness(profile, subject, unbalanced) if unbalanced else None,
        },
        jr=_justified(profile, subject, approval.jr(subject, subject.slate, subject.offers, level)),
        ejr_plus=_justified(profile, subject, approval.ejr_plus(subject, subject.slate, subject.offers, level)),
        certificate=found,
        per_statement=_per_statement(subject, completed.said, level),
        least=_least(profile, subject),
        notes=tuple(notes),
    )


def _known(profile: Profile, subject: Subject, level: float) -> dict[str, Any]:
    """The certificate on people's own answers only: a coalition counts only members who said both things."""
    pool = subject.pool
    swept = cbjr.sweep(subject, subject.own_known, subject.offers_known, np.zeros(1), every=True)
    violations, worst = _witnesses(profile, subject, swept, subject.own_known, subject.offers_known)
    assigned = subject.assignment >= 0
    said = np.isfinite(subject.own_known) & assigned
    # Who did not say what they think of a statement of the slate may approve it: no complaint rests on a guess.
    slate_known = np.where(pool.known(pool.agents, subject.chosen), subject.slate, np.inf)
    answered = sum(int(pool.known(pool.agents, part).sum()) for part, _ in subject.offers(np.arange(pool.size)))
    happy = said & (subject.own >= level)
    return {
        "violations": list(violations),
        "d": float(swept.frontier[0]),
        "worst": worst,
        "answered": answered / (pool.n_agents * pool.size) if pool.size else 0.0,
        "own_statement_answered": int(said.sum()),
        "own_statement_approved": int(happy.sum()),
        "jr": _justified(profile, subject, approval.jr(subject, slate_known, subject.offers_known, level)),
        "ejr_plus": _justified(profile, subject, approval.ejr_plus(subject, slate_known, subject.offers_known, level)),
    }


def _witnesses(
    profile: Profile, subject: Subject, swept: cbjr.Sweep, own: FloatArray, offers: cbjr.Offers
) -> tuple[tuple[Mapping[str, Any], ...], Mapping[str, Any] | None]:
    """Every violation and the worst coalition.

    The members of the worst ten violations by name; of the others statement and threshold, which give them.
    """

    def shown(complaint: cbjr.Complaint, named: bool = True) -> dict[str, Any]:
        return _witness(profile, subject, cbjr.witness(subject, own, offers, complaint), named)

    violations = tuple(shown(complaint, place < NAMED) for place, complaint in enumerate(swept.violations))
    return violations, shown(swept.worst[0]) if swept.worst[0] else None


def _witness(profile: Profile, subject: Subject, w: Witness, named: bool = True) -> dict[str, Any]:
    column = int(subject.pool.statements[w.candidate])
    members = {"agents": [profile.agents.ids[row] for row in w.members]} if named else {}
    return {
        "statement": profile.statements.ids[column],
        "text": profile.statements.texts[column],
        "cost": int(subject.pool.costs[w.candidate]),
        "threshold": float(w.theta),
        "mass": w.mass,
        "need": w.need,
        "ratio": w.ratio,
        "gap": None if math.isnan(w.gap) else w.gap,
        **members,
    }


def _justified(profile: Profile, subject: Subject, found: approval.Justified) -> dict[str, Any]:
    return {
        "holds": found.holds,
        "ratio": found.ratio,
        "satisfaction": found.satisfaction,
        # The axiom's own ratio: the witness's is rounded to a whole number of people.
        "witness": {**_witness(profile, subject, found.witness), "ratio": found.ratio} if found.witness else None,
    }


def _per_statement(subject: Subject, completed: Completed, level: float) -> tuple[Mapping[str, Any], ...]:
    """How many each statement represents, how well, and what everybody answered to it, whatever it counts for."""
    pool, columns = subject.pool, subject.pool.statements[subject.chosen]
    known = completed.known(pool.agents, columns)
    answered = subject.slate if completed is pool.disc else completed.utilities(pool.agents, columns)
    found = []
    for place in range(len(subject.chosen)):
        mine = subject.assignment == place
        worth, values, said = subject.slate[:, place], answered[:, place], known[:, place]
        found.append(
            {
                "mass": int(pool.masses[mine].sum()),
                "people": int(mine.sum()),
                "mean": float(np.average(worth[mine], weights=pool.masses[mine])) if mine.any() else None,
                "min": float(worth[mine].min()) if mine.any() else None,
                "answered": int((mine & said).sum()),
                "approve": int((mine & said & (values >= level)).sum()),
                "all_answered": int(said.sum()),
                "all_approve": int((said & (values >= level)).sum()),
                "all_reject": int((said & (values < np.nextafter(level, -np.inf))).sum()),
                "all_predicted_approve": int((values >= level).sum()),
            }
        )
    return tuple(found)


def _least(profile: Profile, subject: Subject, most: int = 10) -> tuple[Mapping[str, Any], ...]:
    order = np.argsort(subject.own, kind="stable")[:most]
    found = []
    for row in order:
        place = int(subject.assignment[row])
        found.append(
            {
                "agent": profile.agents.ids[row],
                "utility": float(subject.own[row]) if place >= 0 else None,
                "statement": _id(profile, subject, place) if place >= 0 else None,
                "best_in_slate": float(subject.best[row]) if len(subject.chosen) else None,
            }
        )
    return tuple(found)


def _id(profile: Profile, subject: Subject, place: int) -> str:
    return profile.statements.ids[int(subject.pool.statements[subject.chosen[place]])]
