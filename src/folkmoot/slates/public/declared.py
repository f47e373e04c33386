"""Groups of the source on a page for the public: figures of five people and more, and none that others give away."""

from __future__ import annotations

import numpy as np

from ...audits import Subject
from ...audits.declared import declared_groups, publishable
from ...audits.public_records import DeclaredColumn
from ...profile import Profile

#: Columns that a platform adds by itself: nobody declared them.
_PLATFORM = {"polis": "group"}


def declared_columns(profile: Profile, subject: Subject) -> tuple[DeclaredColumn, ...]:
    """How well the list serves the groups that the source declares.

    Args:
        profile: the people with their groups.
        subject: the slate.
    """
    if not len(subject.chosen):
        return ()
    low, high = profile.answers.scale.utility_range
    own = np.where(subject.assignment >= 0, (subject.own - low) / ((high - low) or 1.0), 0.0)
    weight = subject.masses.astype(np.float64)
    groups = [one for one in declared_groups(profile) if one.column != _PLATFORM.get(profile.source)]
    found = []
    for one in publishable(groups):
        size = len(one.labels)
        total = np.bincount(one.part, weight, size)
        mean = np.bincount(one.part, weight * own, size) / np.maximum(total, 1e-300)
        found.append(DeclaredColumn(one.column, one.labels, one.others, one.people, tuple(np.round(mean, 2).tolist())))
    return tuple(found)
