"""The audit on the terminal: plain sentences first, the names of the measures after them in brackets."""

from __future__ import annotations

from dataclasses import replace

from ..audits import Audit
from ..audits.records import Axiom, Coalition
from ..profile import Profile, Slate
from ..slates.compare import Checks
from ..slates.public.order import places
from ..slates.recorded import recorded
from . import agreement, barred, certificate
from .answers import weights_in_brief
from .assumptions import assumptions
from .counted import excluded
from .measured import Measured, measured
from .numbers import ENGLISH, figure, percent
from .plural_text import lines as plural_lines
from .plural_words import chosen_by
from .popular import popular
from .terms import voice
from .text import wrap
from .translations import Words
from .verdict import verdict
from .words import plain

#: So many violations are printed.
SHOWN = 5


def audit_summary(
    slate: Slate, audit: Audit, checks: Checks, profile: Profile | None = None, w: Words = ENGLISH
) -> str:
    """The audit in about one screen of plain text.

    Args:
        slate: the slate that was audited.
        audit: the audit's figures.
        checks: the result of `folkmoot.compare`.
        profile: what people said; it says what was measured.
        w: the language.
    """
    audited = replace(slate, audit=audit.as_dict())
    kind = measured(audited, profile)
    asked = kind != "texts"
    lines = [
        line
        for note in audit.notes
        for line in wrap(w.gettext("Note: %(note)s", note=plain(w.recorded(note))), "      ")
    ]
    lines += [*_record(checks, w), ""]
    people = [*agreement.assigned(audited, w, kind), popular(audited, w, kind)]
    lines += [line for words in people if words for line in wrap(words)]
    asks = w.gettext("Did we overlook a large group?")
    lines += ["", *wrap(f"{asks} {verdict(audited, votes=asked, w=w, kind=kind)}")]
    lines += ["", *_looked(audited, audit, w, kind)]
    for number, place in enumerate(places(audited), start=1):
        if (statement := slate.statements[place]).original:
            words = w.gettext(
                "Statement %(number)s, “%(text)s”, is %(edited)s: “%(original)s”.",
                number=number,
                text=plain(statement.text),
                edited=agreement.edited(audited, w, kind),
                original=plain(statement.original),
            )
            lines += ["", *wrap(words)]
    lines += _drawn(audited, audit, w)
    mean, lowest = audit.utility.mean, audit.utility.min
    if mean is not None and lowest is not None:
        values = {"mean": figure(w, mean, 3), "lowest": figure(w, lowest, 3)}
        worth = (
            w.gettext("Utility of the assigned: mean %(mean)s, lowest %(lowest)s.", **values)
            if asked
            else w.gettext("Similarity of the assigned: mean %(mean)s, lowest %(lowest)s.", **values)
        )
        lines += ["", worth]
    for sentence in (*assumptions(audited, w), *weights_in_brief(audited, w)):
        lines += ["", *wrap(sentence)]
    if audit.plural is not None:
        first, *rest = plural_lines(audit.plural, chosen_by(recorded(slate).process), w, kind)
        lines += ["", first]
        lines += [line for words in rest for line in wrap(f"  {plain(words)}", "    ")]
    lines += _violations(slate, audit, w, kind)
    for sentence in filter(None, (*barred.sentences(audited, w), agreement.divisive(audited, w))):
        lines += ["", *wrap(sentence)]
    lines += _exclusions(audited, w)
    return "\n".join(line.rstrip() for line in lines)


def _looked(slate: Slate, audit: Audit, w: Words, kind: Measured) -> list[str]:
    """What was looked for, each as a sentence with its answer; the measure's name follows in brackets."""
    known, says, size = audit.certificate.known, voice(slate, w), audit.pool_size
    against = (
        w.ngettext(
            "The list was held against %(n)s statement that could be chosen.",
            "The list was held against %(n)s statements that could be chosen.",
            size,
        )
        if barred.narrowed(slate)
        else w.ngettext(
            "The list was held against %(n)s statement of the pool.",
            "The list was held against %(n)s statements of the pool.",
            size,
        )
    )
    found = [against]
    if kind not in ("texts", "comparisons") and known.answered:
        share = percent(w, known.answered)
        basis = w.gettext("By %(own)s alone (%(share)s of all are known)", own=says.own, share=share)
        found.append(_said(w, basis, not known.violations, known.worst, w.gettext("cBJR on own answers")))
    else:
        nothing = w.gettext("By people's own answers alone: cannot be said, nobody was asked about a statement. [cBJR]")
        found.append(nothing)
    basis = w.gettext("By similarity of texts") if kind == "texts" else w.gettext("With predictions")
    measure = w.gettext("cBJR by similarity of texts") if kind == "texts" else w.gettext("cBJR on completed utilities")
    found.append(_said(w, basis, not audit.violated, audit.worst, measure))
    if audit.bjr is not None:
        found.append(_yes(w, w.gettext("The same where every statement costs 1"), audit.bjr, "BJR"))
    found.append(
        _axiom(w, w.gettext("Where a group counts only if nothing on the list is as good for it"), audit.cjr, "cJR")
    )
    found.append(
        _axiom(
            w,
            w.gettext("Where a group counts by how much of the budget it deserves"),
            audit.ejr_plus,
            w.gettext("EJR+ on approvals"),
        )
    )
    approvals = w.gettext("JR on approvals")
    found.append(
        _axiom(w, w.gettext("Where a group counts only if it approves nothing on the list"), audit.jr, approvals)
    )
    found.append(
        w.gettext("Every statement stands for its fair share of people: yes. [balanced assignment]")
        if audit.balanced
        else w.gettext("Every statement stands for its fair share of people: NO. [balanced assignment]")
    )
    return [line for words in found for line in wrap(words, "  ")]


def _said(w: Words, basis: str, holds: bool, closest: Coalition | None, measure: str) -> str:
    """Whether a large group was overlooked, on a basis, with the group that comes closest."""
    if closest is None:
        return w.gettext(
            "%(basis)s: no large group was overlooked, nobody wants another statement more. [%(measure)s]",
            basis=basis,
            measure=measure,
        )
    values = {
        "basis": basis,
        "mass": closest.mass,
        "need": closest.need,
        "d": figure(w, closest.ratio),
        "measure": measure,
    }
    if holds:
        return w.gettext(
            "%(basis)s: no large group was overlooked; the closest has %(mass)s of %(need)s needed. "
            "[%(measure)s holds, d = %(d)s]",
            **values,
        )
    return w.gettext(
        "%(basis)s: a large group was OVERLOOKED, with %(mass)s where %(need)s are needed. [%(measure)s VIOLATED, "
        "d = %(d)s]",
        **values,
    )


def _yes(w: Words, basis: str, holds: bool, measure: str) -> str:
    if holds:
        return w.gettext("%(basis)s: no large group was overlooked. [%(measure)s holds]", basis=basis, measure=measure)
    return w.gettext("%(basis)s: a large group was OVERLOOKED. [%(measure)s VIOLATED]", basis=basis, measure=measure)


def _axiom(w: Words, basis: str, axiom: Axiom, measure: str) -> str:
    values = {"basis": basis, "measure": measure, "ratio": figure(w, axiom.ratio)}
    if axiom.holds:
        return w.gettext("%(basis)s: no large group was overlooked. [%(measure)s holds, ratio %(ratio)s]", **values)
    return w.gettext("%(basis)s: a large group was OVERLOOKED. [%(measure)s VIOLATED, ratio %(ratio)s]", **values)


def _drawn(slate: Slate, audit: Audit, w: Words) -> list[str]:
    """The draws as lines, the slate first."""
    draws = audit.certificate.draws
    if not draws:
        return []
    head = (
        w.gettext(
            "The largest group, as a share of the size it would need (1 and more: overlooked), over random draws:"
        )
        if voice(slate).people
        else w.gettext(
            "The largest group, as a share of the size it would need (1 and more: overlooked), over random draws of "
            "what the language model was not asked about:"
        )
    )
    names, lines = certificate.kinds(w), ["", *wrap(head)]
    wide = max(len(names.get(kind, kind)) for kind in draws)
    for kind, spread in draws.items():
        told = w.gettext(
            "median %(median)s, in 95 of 100 draws at most %(p95)s; overlooked in %(share)s of draws",
            median=figure(w, spread.median),
            p95=figure(w, spread.p95),
            share=percent(w, spread.violated),
        )
        lines += wrap(f"  {names.get(kind, kind):<{wide}}  {told}", "    ")
    return lines


def _violations(slate: Slate, audit: Audit, w: Words, kind: Measured) -> list[str]:
    if not audit.violations:
        return []
    head = (
        w.ngettext(
            "%(n)s group was overlooked by similarity of texts:",
            "%(n)s groups were overlooked by similarity of texts, the largest first:",
            len(audit.violations),
        )
        if kind == "texts"
        else w.ngettext(
            "%(n)s group was overlooked, with predictions:",
            "%(n)s groups were overlooked, with predictions, the largest first:",
            len(audit.violations),
        )
    )
    lines = ["", head]
    for violation in audit.violations[:SHOWN]:
        told = f"  {_group(slate, violation, w)} [{plain(violation.statement)}] {plain(violation.text)}"
        lines += wrap(told, "    ")
    return lines


def _exclusions(slate: Slate, w: Words) -> list[str]:
    """How many statements could not be chosen, by reason."""
    reasons = [f"{w.count(number)} {why}" for why, number in excluded(slate, w)]
    if not reasons:
        return []
    return ["", *wrap(w.gettext("Could not be chosen: %(reasons)s.", reasons=w.listed(reasons)))]


def _group(slate: Slate, coalition: Coalition, w: Words) -> str:
    """Describes the coalition behind a left-out statement; only people with a statement can prefer another one."""
    values = {"need": coalition.need}
    if coalition.agents is None:
        if coalition.gap is None:
            return w.gettext(
                "A group of %(mass)s without a statement of their own (%(need)s needed):", mass=coalition.mass, **values
            )
        return w.gettext("A group of %(mass)s (%(need)s needed):", mass=coalition.mass, **values)
    people = len(coalition.agents)
    who = w.ngettext("%(n)s person", "%(n)s people", people)
    if people != coalition.mass:
        who = w.gettext("%(who)s with a weight of %(weight)s", who=who, weight=coalition.mass)
    represented = {name for statement in slate.statements for name in statement.agents}
    lacking = sum(1 for name in coalition.agents if name not in represented)
    # The audit itself says so where the slate names nobody: without a gap no one of them has a statement.
    if coalition.gap is None or (lacking == people and represented):
        return w.gettext("%(who)s without a statement of their own (%(need)s needed):", who=who, **values)
    if not represented:
        return w.gettext(
            "%(who)s (%(need)s needed) would rather have, or have no statement of their own:", who=who, **values
        )
    if lacking:
        return w.gettext(
            "%(who)s (%(need)s needed), %(lacking)s without a statement of their own; the other %(others)s would "
            "rather have",
            who=who,
            lacking=lacking,
            others=people - lacking,
            **values,
        )
    return w.gettext("%(who)s (%(need)s needed) would rather have", who=who, **values)


def _record(checks: Checks, w: Words) -> list[str]:
    differs = ", ".join(checks.differs)
    names = (
        (
            checks.source,
            w.gettext("The source is the one the list was chosen from."),
            w.gettext("The source is NOT the one recorded."),
        ),
        (checks.slate, w.gettext("Chosen again: the same list."), w.gettext("Chosen again: a DIFFERENT list.")),
        (
            checks.figures,
            w.gettext("Every recorded figure was reproduced."),
            w.gettext("Recorded figures did NOT come out again: %(figures)s.", figures=differs),
        ),
    )
    words = [right if check else wrong for check, right, wrong in names if check is not None]
    return words or [w.gettext("The list records no audit; these figures are new.")]
