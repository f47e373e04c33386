"""What an exact audit found, with the evidence behind it in ids of the source."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from ..profile import Profile
from .axiom_records import (
    AssignmentEvidence,
    Evidence,
    GroupEvidence,
    OtherEvidence,
    Payments,
    PriceEvidence,
    QuotaFigures,
    WantedStatement,
)
from .cbjr import Witness
from .priceability import Prices
from .quota import Quota
from .registry import Finding, Group
from .subject import Subject


def quota_of(subject: Subject, finding: Finding, level: float | None) -> QuotaFigures | None:
    """The smallest quota for which an axiom on approvals holds; None where there is no such figure.

    Args:
        subject: the slate that was audited.
        finding: the audit's finding on it.
        level: the utility from which an agent approves; None where the audit looks at utilities.
    """
    if finding.ratio is None or level is None:
        return None
    hare = Fraction(subject.pool.total_mass, subject.budget)
    quota = Quota(finding.ratio * hare, hare, subject.budget, finding)
    return QuotaFigures(limit=float(quota.limit), hare=float(hare), droop=quota.at_droop)


def evidence_of(profile: Profile, subject: Subject, witness: Any, level: float | None) -> Evidence | None:
    """The witness of a finding in ids of the source.

    Args:
        profile: the profile whose ids are reported.
        subject: the slate that was audited.
        witness: the finding's witness.
        level: the approval level, as for `quota_of`.
    """
    people, ids = profile.agents.ids, profile.statements.ids
    columns = subject.pool.statements
    if witness is None:
        return None
    if isinstance(witness, Prices):
        names = [ids[int(columns[a])] for a in witness.statements]
        groups = [np.flatnonzero(witness.group == g) for g in range(len(witness.payments))]
        return PriceEvidence(
            money=str(witness.money),
            payments=tuple(
                Payments(tuple(people[row] for row in rows), {n: str(x) for n, x in paid.items()})
                for rows, pays in zip(groups, witness.payments, strict=True)
                if (paid := {name: x for name, x in zip(names, pays, strict=True) if x})
            ),
        )
    if isinstance(witness, np.ndarray) and witness.shape == (profile.n_agents,):
        return AssignmentEvidence(
            assignment={
                ids[int(columns[a])]: tuple(people[row] for row in np.flatnonzero(witness == place))
                for place, a in enumerate(subject.chosen)
            },
            unassigned=tuple(people[row] for row in np.flatnonzero(witness < 0)),
        )
    if isinstance(witness, Group | Witness):
        return _group(profile, subject, witness, level)
    return OtherEvidence(str(witness))


def _group(profile: Profile, subject: Subject, witness: Group | Witness, level: float | None) -> GroupEvidence:
    columns, s = subject.pool.statements, profile.statements
    candidates = witness.candidates if isinstance(witness, Group) else (witness.candidate,)
    deserved = threshold = has = None
    if isinstance(witness, Group):
        deserved, has = float(witness.deserved), float(witness.has)
    elif level is None:
        threshold = witness.theta
    else:
        # The cost of what the best-served member approves in the slate.
        approved = (subject.slate[witness.members] >= level) @ subject.pool.costs[subject.chosen]
        has = int(approved.max(initial=0))
    return GroupEvidence(
        statements=tuple(
            WantedStatement(s.ids[int(columns[a])], s.texts[int(columns[a])], int(subject.pool.costs[a]))
            for a in candidates
        ),
        people=len(witness.members),
        mass=witness.mass,
        need=witness.need,
        agents=tuple(profile.agents.ids[row] for row in witness.members),
        deserved=deserved,
        threshold=threshold,
        has=has,
    )
