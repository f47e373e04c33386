"""A fingerprint that distinguishes one source from another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np

from .profile import Profile


def fingerprint(profile: Profile) -> str:
    """SHA-256 of everything that a choice depends on.

    That is ids, texts, moderation, costs, kinds, weights, answers and comparisons; what a source does not have adds
    nothing.
    """
    if "fingerprint" not in profile.derived:
        profile.derived["fingerprint"] = _computed(profile)
    return str(profile.derived["fingerprint"])


def _computed(profile: Profile) -> str:
    digest = hashlib.sha256()
    s = profile.statements
    words: tuple[Iterable[str], ...] = (profile.agents.ids, s.ids, s.texts, *profile.agents.texts)
    for part in words:
        digest.update("".join(f"{item}\0" for item in part).encode("utf-8", "surrogatepass") + b"\1")
    a = profile.answers
    digest.update(repr((a.scale.kind, float(a.scale.low), float(a.scale.high), a.scale.complete)).encode() + b"\1")
    c = profile.comparisons
    compared = (c.agent, c.winner, c.loser) if len(c) else ()
    for array in (profile.masses, a.agent, a.statement, a.value, s.moderation, s.costs, *compared):
        if array is not None:
            digest.update(np.ascontiguousarray(array, array.dtype.newbyteorder("<")).data)  # no copies
            digest.update(b"\1")
    if any(s.kinds):
        digest.update("\0".join(s.kinds).encode() + b"\1")
    return digest.hexdigest()
