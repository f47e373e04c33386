"""What an exact audit found, with the evidence behind it in ids of the source."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from ..profile import Profile
from .cbjr import Witness
from .priceability import Prices
from .quota import Quota
from .registry import Finding, Group
from .subject import Subject


def finding_of(profile: Profile, subject: Subject, finding: Finding, level: float | None) -> dict[str, Any]:
    """What an exact audit found, JSON-ready.

    Args:
        profile: whose ids are reported.
        subject: that was audited.
        finding: of it.
        level: from which an agent approves; None where the audit looks at utilities.

    Returns:
        ``holds``; ``ratio``, the largest share of the mass it would need that a group reaches (None where there is no
        such figure); for audits on approvals ``quota`` with ``limit``, the mass per unit of cost above which the axiom
        holds and at which it fails, ``hare``, the one that the axiom asks for, and ``droop``: does it hold just above
        n / (B + 1); ``witness``, the group behind the ratio, the assignment, or the prices.
    """
    quota = None
    if finding.ratio is not None and level is not None:
        hare = Fraction(subject.pool.total_mass, subject.budget)
        found = Quota(finding.ratio * hare, hare, subject.budget, finding)
        quota = {"limit": float(found.limit), "hare": float(hare), "droop": found.at_droop}
    return {
        "holds": finding.holds,
        "ratio": None if finding.ratio is None else float(finding.ratio),
        "quota": quota,
        "witness": _evidence(profile, subject, finding.witness, level),
    }


def _evidence(profile: Profile, subject: Subject, witness: Any, level: float | None) -> dict[str, Any] | None:
    people, ids = profile.agents.ids, profile.statements.ids
    columns = subject.pool.statements
    if witness is None:
        return None
    if isinstance(witness, Prices):
        names = [ids[int(columns[a])] for a in witness.statements]
        groups = [np.flatnonzero(witness.group == g) for g in range(len(witness.payments))]
        return {
            "money": str(witness.money),
            "payments": [
                {"agents": [people[row] for row in rows], "all_pay": {n: str(x) for n, x in paid.items()}}
                for rows, pays in zip(groups, witness.payments, strict=True)
                if (paid := {name: x for name, x in zip(names, pays, strict=True) if x})
            ],
        }
    if isinstance(witness, np.ndarray) and witness.shape == (profile.n_agents,):
        return {
            "assignment": {
                ids[int(columns[a])]: [people[row] for row in np.flatnonzero(witness == place)]
                for place, a in enumerate(subject.chosen)
            },
            "unassigned": [people[row] for row in np.flatnonzero(witness < 0)],
        }
    if not isinstance(witness, Group | Witness):
        return {"told": str(witness)}
    candidates = witness.candidates if isinstance(witness, Group) else (witness.candidate,)
    found = {
        "statements": [
            {
                "id": ids[int(columns[a])],
                "text": profile.statements.texts[int(columns[a])],
                "cost": int(subject.pool.costs[a]),
            }
            for a in candidates
        ],
        "people": len(witness.members),
        "mass": witness.mass,
        "need": witness.need,
        "agents": [people[row] for row in witness.members],
    }
    if isinstance(witness, Group):
        return {**found, "deserved": float(witness.deserved), "has": float(witness.has)}
    if level is None:
        return {**found, "threshold": witness.theta}
    # What of the slate the best-served of them approves, in cost.
    has = (subject.slate[witness.members] >= level) @ subject.pool.costs[subject.chosen]
    return {**found, "has": int(has.max(initial=0))}
