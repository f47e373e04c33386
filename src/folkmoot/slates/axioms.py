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
from ..audits.evidence import finding_of
from ..engines.embedded import Report
from ..profile import FolkmootError, InputError, Profile, Slate, WorkError
from .case import Case, silent
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
    report: Report | None = None,
) -> dict[str, dict[str, Any]]:
    """Exact audits of any slate, also one written by hand (found as `api.audited` finds it).

    >>> import folkmoot as fm
    >>> p = fm.read("election.toi")                      # doctest: +SKIP
    >>> s = fm.Slate.from_json('["1", "4", "7"]')        # doctest: +SKIP
    >>> fm.axioms(p, s, ["core"])["core"]["holds"]       # doctest: +SKIP

    Args:
        profile: what people said.
        slate: of a run, or by hand.
        names: ids in `folkmoot.audits.AUDITS`, or ``all``.
        level: utility from which an agent approves a statement; None: as the scale of the answers has it.
        seconds: for each audit, about.
        repeats: as in `api.audited`.
        report: told (stage, share done).

    Returns:
        By id, in the order asked for: ``name``, ``level`` (None: the audit looks at utilities), what
        `finding_of` says, ``refused`` (why the audit itself could not decide, else None) and ``because`` (the
        audit that settles it then: one that implies it and holds, or one it implies and that fails). ``holds`` is None
        where nothing settles it. Where one was refused, ``jr`` and ``ejr-plus``, which never are, are there as well.

    Raises:
        InputError: an unknown audit, a level that is no number, or as `api.audited`.
    """
    wanted = audit_ids(names)
    return run_audits(Case.of(profile, slate, report, repeats=repeats), wanted, level, seconds, report)


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
    case: Case, wanted: Sequence[str], level: float | None, seconds: float, report: Report | None
) -> dict[str, dict[str, Any]]:
    """What `axioms` returns, of a slate that has been found in its source already."""
    tell, subject = report or silent, case.subject
    at = case.profile.answers.scale.approval if level is None else float(level)
    if not isfinite(at) or not seconds > 0:
        raise InputError("the level must be a number, and the seconds a number above 0")
    found: dict[str, dict[str, Any]] = {}

    def look(id: str) -> None:
        tell(f"checking {id}", 0.0)
        entry = find_audit(id)
        seen = at if entry.approvals else None
        found[id] = {"name": entry.name, "level": seen}
        try:
            finding, why = _decided(entry, subject, seen, seconds), None
        except FolkmootError as error:
            finding, why = None, str(error)
        nothing = {"holds": None, "ratio": None, "quota": None, "witness": None}
        told = nothing if finding is None else finding_of(case.profile, subject, finding, seen)
        found[id] |= {**told, "refused": why, "because": None}

    for id in wanted:
        look(id)
    if any(result["refused"] for result in found.values()):
        for id in SOUND:
            if id not in found:
                look(id)
    _settle(found, equal_costs=len(np.unique(subject.pool.costs)) == 1)
    return found


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


def _settle(found: Mapping[str, dict[str, Any]], *, equal_costs: bool) -> None:
    """What was refused follows, where it does, from what implies it or from what it implies."""
    decided = {id: result["holds"] for id, result in found.items() if not result["refused"]}
    for id, result in found.items():
        if result["refused"]:
            below = implied(id, equal_costs=equal_costs)
            broken = [other for other, holds in decided.items() if holds is False and other in below]
            kept = [
                other for other, holds in decided.items() if holds and id in implied(other, equal_costs=equal_costs)
            ]
            if broken or kept:
                result["holds"], result["because"] = not broken, (broken or kept)[0]
