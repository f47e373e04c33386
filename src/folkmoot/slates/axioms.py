"""Exact audits of a slate by the ids they are registered under, each within its time; the call is `axioms`."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isfinite
from typing import Any

import numpy as np

from ..audits import AUDITS, Entry, Finding, Subject, implied
from ..audits import find as find_audit
from ..audits.axiom_records import AxiomResult
from ..audits.evidence import evidence_of, quota_of
from ..profile import FolkmootError, InputError, Profile, Progress, Slate, WorkError, silent
from .case import Found
from .entry import expect_both
from .weighing import Given

# Exact at any size: what can be said where an exact audit refuses.
SOUND = ("jr", "ejr-plus")
SECONDS = 60.0


def axioms(
    profile: Profile,
    slate: Slate,
    names: Sequence[str] = ("all",),
    *,
    level: float | None = None,
    seconds: float = SECONDS,
    repeats: Given | None = None,
    report: Progress | None = None,
) -> dict[str, AxiomResult]:
    """Exact audits of any slate, also one written by hand (it is located in its source as by `folkmoot.audited`).

    >>> import folkmoot as fm
    >>> p = fm.read("election.toi")                      # doctest: +SKIP
    >>> s = fm.Slate.from_json('["1", "4", "7"]')        # doctest: +SKIP
    >>> fm.axioms(p, s, ["core"])["core"].holds          # doctest: +SKIP

    Args:
        profile: what people said.
        slate: the slate of a run, or one written by hand.
        names: ids in `folkmoot.audits.AUDITS`, or ``all``.
        level: utility from which an agent approves a statement; None: as the scale of the answers has it.
        seconds: about how long each audit may take.
        repeats: the repeated answers, as `folkmoot.audited` takes them.
        report: called with (stage, share done).

    Returns:
        The result of every audit by its id, in the order of ``names``; `AxiomResult.as_dict` gives it as JSON has it.
        What an audit refused is settled by one that implies it and holds, or by one that it implies and that fails;
        ``holds`` is None where there is neither. Where one was refused, ``jr`` and ``ejr-plus``, which never are, are
        there as well.

    Raises:
        InputError: an unknown audit, a level that is no number, or as `folkmoot.audited`.
    """
    expect_both(profile, slate)
    wanted = audit_ids(names)
    progress = report or silent
    found = Found.of(profile, slate, progress=progress, repeats=repeats)
    return run_audits(found, wanted, level, seconds, progress)


def audit_ids(names: Sequence[str]) -> list[str]:
    """Ids of audits, each once, in order; ``all`` stands for every one.

    Raises:
        InputError: an unknown audit, or no list.
    """
    if isinstance(names, str):
        raise InputError(f"axioms must be a list, not the text {names!r}")
    # Those that always have an answer come first.
    every = sorted(AUDITS, key=lambda id: bool(AUDITS[id].instead))
    return list(dict.fromkeys(id for name in names for id in (every if name == "all" else [find_audit(name).id])))


def run_audits(
    slate: Found, wanted: Sequence[str], level: float | None, seconds: float, progress: Progress
) -> dict[str, AxiomResult]:
    """What `axioms` returns, for a slate that has been located in its source already."""
    profile, subject = slate.case.prepared.profile, slate.subject
    at = profile.answers.scale.approval if level is None else float(level)
    if not isfinite(at) or not seconds > 0:
        raise InputError("the level must be a number, and the seconds a number above 0")
    found: dict[str, AxiomResult] = {}

    def look(id: str) -> None:
        progress(f"checking {id}", 0.0)
        entry = find_audit(id)
        seen = at if entry.approvals else None
        try:
            finding = _decided(entry, subject, seen, seconds)
        except FolkmootError as error:
            found[id] = AxiomResult(entry.name, seen, refused=str(error))
            return
        found[id] = AxiomResult(
            name=entry.name,
            level=seen,
            holds=finding.holds,
            ratio=None if finding.ratio is None else float(finding.ratio),
            quota=quota_of(subject, finding, seen),
            witness=evidence_of(profile, subject, finding.witness, seen),
        )

    for id in wanted:
        look(id)
    if any(result.refused for result in found.values()):
        for id in SOUND:
            if id not in found:
                look(id)
    return _settled(found, equal_costs=len(np.unique(subject.pool.costs)) == 1)


def _decided(entry: Entry, subject: Subject, level: float | None, seconds: float) -> Finding:
    """The answer, and its ratio as well where there is time for it."""
    end = time.monotonic() + seconds
    if not entry.slack:
        return _within(entry, subject, level, end, {})
    finding = _within(entry, subject, level, end, {"slack": False})
    try:
        return _within(entry, subject, level, end, {"slack": True})
    except WorkError:
        # A violation shows a group, but not the largest.
        return replace(finding, ratio=None)


def _within(entry: Entry, subject: Subject, level: float | None, end: float, options: Mapping[str, Any]) -> Finding:
    """One check until about that time.

    A search that counts its steps and not the seconds is begun anew with as many more as there seems to be time for.
    """
    given = () if level is None else (level,)
    if entry.timed:
        return entry.check(subject, *given, **options, time_limit=max(0.0, end - time.monotonic()))
    if not entry.nodes:
        return entry.check(subject, *given, **options)
    steps, most = 8, entry.nodes
    while True:
        begin = time.monotonic()
        try:
            return entry.check(subject, *given, **options, nodes=steps)
        except WorkError:
            now = time.monotonic()
            more = min(16, int((end - now) / max(now - begin, 1e-3)))
            if steps >= most or more < 2:
                raise
            steps = min(most, steps * more)


def _settled(found: Mapping[str, AxiomResult], *, equal_costs: bool) -> dict[str, AxiomResult]:
    """What was refused follows, where it does, from what implies it or from what it implies."""
    decided = {id: result.holds for id, result in found.items() if not result.refused}

    def settle(id: str, result: AxiomResult) -> AxiomResult:
        if not result.refused:
            return result
        below = implied(id, equal_costs=equal_costs)
        broken = [other for other, holds in decided.items() if holds is False and other in below]
        kept = [other for other, holds in decided.items() if holds and id in implied(other, equal_costs=equal_costs)]
        if not broken and not kept:
            return result
        return replace(result, holds=not broken, because=(broken or kept)[0])

    return {id: settle(id, result) for id, result in found.items()}
