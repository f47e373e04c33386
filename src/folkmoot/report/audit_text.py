"""The audit on the terminal: what holds, what does not, and whether the recorded slate was reproduced."""

from __future__ import annotations

from dataclasses import replace

from ..audits import Audit
from ..audits.records import Axiom, Coalition
from ..profile import Slate
from ..slates.compare import Checks
from . import agreement, barred, certificate
from .answers import weights_in_brief
from .counted import excluded
from .plural import lines as plural_lines
from .text import wrap
from .words import WEIGHED, count, percent, plain, some, voice

YES, NO = "holds", "VIOLATED"
SIMILARITY = "by similarity of texts"


def audit_summary(slate: Slate, audit: Audit, checks: Checks) -> str:
    """The audit in about one screen of plain text.

    Args:
        slate: the slate that was audited.
        audit: the audit's figures.
        checks: the result of `folkmoot.compare`.
    """
    known, worst = audit.certificate.known, audit.worst
    # Without a single answer every utility is a similarity of texts.
    audited = replace(slate, audit=audit.as_dict())
    voted, says = known.answered > 0, voice(audited)
    lines = [*(f"Note: {plain(note)}" for note in audit.notes)]
    lines += [*_record(checks), ""]
    people = [*agreement.assigned(audited), agreement.popular(audited)]
    lines += [line for words in people if words for line in wrap(words)] + [""]
    narrow = barred.narrowed(audited)
    against = (
        f"{some(audit.pool_size, 'statement')} that could be chosen"
        if narrow
        else f"a pool of {count(audit.pool_size)}"
    )
    lines.append(f"{some(len(slate.statements), 'statement')} against {against}.")
    basis = "on completed utilities" if voted else SIMILARITY
    lines.append(f"  {f'cBJR {basis}':<29} {NO if audit.violated else YES}{_closest(worst)}")
    if audit.bjr is not None:
        lines.append(f"  BJR (every statement costs 1) {YES if audit.bjr else NO}")
    if voted:
        own = f"{NO if known.violations else YES}{_closest(known.worst)}; "
        what = "likely opinions" if says is WEIGHED else "known"
        own += f"{percent(known.answered)} of all {'answers' if says.people else 'pairs'} are {what}"
    else:
        own = "not applicable: nobody voted"
    lines.append(f"  {f'cBJR on {says.own}':<29} {own}")
    lines.append(f"  {'cJR (without balance)' if voted else f'cJR {SIMILARITY}':<29} {_axiom(audit.cjr)}")
    lines.append(f"  {'EJR+ (approvals)' if voted else f'EJR+ {SIMILARITY}':<29} {_axiom(audit.ejr_plus)}")
    lines.append(f"  {'JR (approvals)' if voted else f'JR {SIMILARITY}':<29} {_axiom(audit.jr)}")
    lines.append(f"  balanced assignment           {'yes' if audit.balanced else 'NO'}")
    for place, statement in enumerate(slate.statements, start=1):
        if statement.original:
            new, old = plain(statement.text), plain(statement.original)
            lines += ["", *wrap(f"Statement {place}, “{new}”, is {agreement.edited(audited)}: “{old}”.")]
    draws = audit.certificate.draws
    if draws:
        lines += ["", f"Worst d over draws of the {says.unknown} (below 1: nobody can complain):"]
        for kind, spread in draws.items():
            name = {"slate": "this slate", "popular": "most popular", "random": "random"}.get(kind, kind)
            lines.append(
                f"  {name:<13} median {spread.median:.2f}   95 % {spread.p95:.2f}   "
                f"violated in {spread.violated:.0%} of draws"
            )
    mean, lowest = audit.utility.mean, audit.utility.min
    if mean is not None and lowest is not None:
        lines += [
            "",
            f"{'Utility' if voted else 'Similarity'} of the assigned: mean {mean:.3f}, lowest {lowest:.3f}.",
        ]
    for sentence in certificate.assumptions(audited):
        lines += ["", *wrap(sentence)]
    for sentence in weights_in_brief(audited):
        lines += ["", *wrap(sentence)]
    if audit.plural is not None:
        lines += ["", *plural_lines(audit.plural)]
    for number, violation in enumerate(audit.violations[:5], start=1):
        if number == 1:
            lines += ["", f"{some(len(audit.violations), 'violation')} {basis}, worst first:"]
        lines.append(f"  {_group(slate, violation)} [{plain(violation.statement)}] {plain(violation.text)}")
    for sentence in filter(None, (*barred.sentences(audited), agreement.divisive(audited))):
        lines += ["", *wrap(sentence)]
    lines += _exclusions(audited)
    return "\n".join(lines)


def _exclusions(slate: Slate) -> list[str]:
    """How many statements could not be chosen, by reason."""
    reasons = [f"{count(number)} {why}" for why, number in excluded(slate)]
    return ["", *wrap(f"Could not be chosen: {', '.join(reasons)}.")] if reasons else []


def _group(slate: Slate, coalition: Coalition) -> str:
    """Describes the coalition behind a left-out statement; only people with a statement can prefer another one."""
    if coalition.agents is None:
        whose = " without a statement of their own" if coalition.gap is None else ""
        return f"A group of {count(coalition.mass)}{whose} ({count(coalition.need)} needed):"
    people = len(coalition.agents)
    who = some(people, "person", "people")
    weight = "" if people == coalition.mass else f" with a weight of {count(coalition.mass)}"
    need = f"{weight} ({count(coalition.need)} needed)"
    represented = {name for statement in slate.statements for name in statement.agents}
    lacking = sum(1 for name in coalition.agents if name not in represented)
    # The audit itself says so where the slate names nobody: without a gap no one of them has a statement.
    if coalition.gap is None or (lacking == people and represented):
        return f"{who} without a statement of their own{need}:"
    if not represented:
        return f"{who}{need} would rather have, or have no statement of their own:"
    if lacking:
        others = count(people - lacking)
        return f"{who}{need}, {count(lacking)} without a statement of their own; the other {others} would rather have"
    return f"{who}{need} would rather have"


def _record(checks: Checks) -> list[str]:
    differs = ", ".join(checks.differs)
    names = (
        (checks.source, "The source is the one the slate was chosen from.", "The source is NOT the one recorded."),
        (checks.slate, "Chosen again: the same slate.", "Chosen again: a DIFFERENT slate."),
        (
            checks.figures,
            "Every recorded figure was reproduced.",
            f"Recorded figures did NOT come out again: {differs}.",
        ),
    )
    words = [right if check else wrong for check, right, wrong in names if check is not None]
    return words or ["The slate records no audit; these figures are new."]


def _closest(worst: Coalition | None) -> str:
    if worst is None:
        return "; nobody wants another statement more"
    return f" (largest coalition {worst.mass} of {worst.need} needed, d = {worst.ratio:.2f})"


def _axiom(axiom: Axiom) -> str:
    return f"{YES if axiom.holds else NO} (ratio {axiom.ratio:.2f})"
