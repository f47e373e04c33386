"""The audit on the terminal: what holds, what does not, and whether the record came out again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..audit import Audit
from ..profile import Slate
from .words import plain

YES, NO = "holds", "VIOLATED"


def audit_summary(slate: Slate, audit: Audit, checks: Mapping[str, Any]) -> str:
    """About one screen of plain text.

    Args:
        slate: that was audited.
        audit: its figures.
        checks: of `folkmoot.api.compare`.
    """
    known, worst = audit.certificate["known"], audit.worst
    lines = [*(f"Note: {plain(note)}" for note in audit.notes)]
    lines += [*_record(checks), ""]
    lines.append(f"{len(slate.statements)} statements against a pool of {audit.pool_size}.")
    lines.append(f"  cBJR on completed utilities   {NO if audit.violated else YES}{_closest(worst)}")
    if audit.bjr is not None:
        lines.append(f"  BJR (every statement costs 1) {YES if audit.bjr else NO}")
    lines.append(
        f"  cBJR on people's own answers  {NO if known['violations'] else YES}{_closest(known['worst'])}"
        f"; {known['answered']:.0%} of all answers are known"
    )
    lines.append(f"  cJR (without balance)         {_axiom(audit.cjr)}")
    lines.append(f"  EJR+ (approvals)              {_axiom(audit.ejr_plus)}")
    lines.append(f"  JR (approvals)                {_axiom(audit.jr)}")
    lines.append(f"  balanced assignment           {'yes' if audit.balanced else 'NO'}")
    draws = audit.certificate["draws"]
    if draws:
        lines += ["", "Worst d over draws of the unknown answers (below 1: nobody can complain):"]
        for kind, spread in draws.items():
            name = {"slate": "this slate", "popular": "most popular", "random": "random"}.get(kind, kind)
            lines.append(
                f"  {name:<13} median {spread['median']:.2f}   95 % {spread['p95']:.2f}   "
                f"violated in {spread['violated']:.0%} of draws"
            )
    mean, lowest = audit.utility["mean"], audit.utility["min"]
    if mean is not None and lowest is not None:
        lines += ["", f"Utility of the represented: mean {mean:.3f}, lowest {lowest:.3f}."]
    for number, violation in enumerate(audit.violations[:5], start=1):
        if number == 1:
            lines += ["", f"{len(audit.violations)} violation(s) on completed utilities, worst first:"]
        lines.append(
            f"  {violation['mass']} people ({violation['need']} needed) would rather have "
            f"[{plain(violation['statement'])}] {plain(violation['text'])}"
        )
    return "\n".join(lines)


def _record(checks: Mapping[str, Any]) -> list[str]:
    names = {
        "source": ("The source is the one the slate was chosen from.", "The source is NOT the one recorded."),
        "slate": ("Chosen again: the same slate.", "Chosen again: a DIFFERENT slate came out."),
        "figures": ("Every recorded figure came out again.", "Recorded figures did NOT come out again: {differs}."),
    }
    told = [
        texts[0] if checks[key] else texts[1].format(differs=", ".join(checks["differs"]))
        for key, texts in names.items()
        if checks[key] is not None
    ]
    return told or ["The slate records no audit; these figures are new."]


def _closest(worst: Mapping[str, Any] | None) -> str:
    if worst is None:
        return "; nobody wants another statement more"
    return f" (largest coalition {worst['mass']} of {worst['need']} needed, d = {worst['ratio']:.2f})"


def _axiom(found: Mapping[str, Any]) -> str:
    return f"{YES if found['holds'] else NO} (ratio {found['ratio']:.2f})"
