"""Does a slate come out again? Chosen again from its own record (`rerun`), and held against it (`compare`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..profile import InputError, Options, Profile, Progress, Slate, fingerprint
from ..profile.options import Goal
from .audited import Audited
from .choose import decide
from .weighing import Given, check_given, named_as, repeated

if TYPE_CHECKING:
    from ..llm import Model


def rerun(
    profile: Profile,
    recorded: Slate,
    *,
    model: Model | None = None,
    repeats: Given | None = None,
    report: Progress | None = None,
) -> Slate:
    """Chooses a slate again, from its source and its own record alone (and, where a language model wrote it, the
    ledger of its run, as ``model``, where it has weights, the repeated answers); without an audit.

    Raises:
        InputError: the slate records no process (it was written by hand).
    """
    if "id" not in recorded.process:
        raise InputError("this slate records no process, so it cannot be chosen again; it can only be audited")
    check_given(recorded, repeats)
    options = replace(Options.of(recorded), draws=0)
    return decide(
        profile,
        Goal.of(recorded),
        options,
        edits=recorded.process.get("edits"),
        model=model,
        repeats=None if repeats is None else named_as(recorded, repeated(profile, repeats)),
        report=report,
    ).slate


@dataclass(frozen=True)
class Checks:
    """Whether what a slate records came out again, each None where there is nothing to compare.

    Args:
        source: the profile is the one the slate was chosen from.
        slate: the same statements, people, process and ties came out again.
        figures: everything else recorded came out again, every digit.
        differs: names of what did not come out again, or has no place in a record.
    """

    source: bool | None
    slate: bool | None
    figures: bool | None
    differs: tuple[str, ...]


def compare(profile: Profile, slate: Slate, found: Audited, again: Slate | None = None) -> Checks:
    """Holds what an audit finds now against what the slate records.

    Args:
        profile: the source, as it was read.
        slate: the slate with its record.
        found: the audit that was made now.
        again: the slate chosen again (`rerun`), if it was.
    """
    audited = slate.audit is not None
    fresh, recorded = json.loads(found.slate.to_json()), json.loads(slate.to_json())
    names = ["n_agents", "unassigned"] if audited or slate.unassigned else []
    names += [name for name in ("engine", "reliability") if recorded[name]]
    differs = [name for name in names if recorded[name] != fresh[name]]
    differs += _differing("source", recorded["source"], fresh["source"], skip="fingerprint")
    differs += [
        f"statements[{place}].{name}"
        for place, (one, other) in enumerate(zip(recorded["statements"], fresh["statements"], strict=True), start=1)
        for name in ("cost", "provenance")
        if audited and one[name] != other[name]
    ]
    if audited:
        audits = recorded["audit"], fresh["audit"]
        if found.draws_differ:
            audits = _without_draws(audits[0]), _without_draws(audits[1])
        differs += _differing("audit", *audits)
    others = [] if again is None else _differing("process", recorded["process"], _with_draws_of(again, recorded))
    same = again is not None and (again.statements, again.unassigned) == (slate.statements, slate.unassigned)
    print_ = slate.source.get("fingerprint")
    return Checks(
        source=print_ == fingerprint(profile) and _same_repeats(recorded, fresh) if audited else None,
        slate=None if again is None else same and not others,
        figures=not differs if audited else None,
        differs=(*differs, *others),
    )


def _without_draws(audit: Mapping[str, Any]) -> dict[str, Any]:
    """The figures that do not depend on the number of draws."""
    body = {key: value for key, value in audit.items() if key not in ("certificate", "popular")}
    if isinstance(barred := body.get("barred"), Mapping):
        body["barred"] = {key: value for key, value in barred.items() if key not in ("large", "ask")}
    return body


def _with_draws_of(again: Slate, recorded: Mapping[str, Any]) -> dict[str, Any]:
    """The process of a slate that was chosen again without draws, with the number of draws that is recorded."""
    process = json.loads(again.to_json())["process"]
    return {**process, "options": {**process["options"], "draws": recorded["process"]["options"].get("draws")}}


def _same_repeats(recorded: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """The repeated answers are those the slate was chosen with."""
    one, other = ((each["audit"] or {}).get("answers") or {} for each in (recorded, now))
    return bool(one.get("fingerprint") == other.get("fingerprint"))


def _differing(name: str, recorded: Mapping[str, Any], now: Mapping[str, Any], skip: str = "") -> list[str]:
    """Names of entries that are not equal, or are in only one of the two."""
    keys = dict.fromkeys([*now, *recorded])
    return [f"{name}.{key}" for key in keys if key != skip and recorded.get(key) != now.get(key)]
