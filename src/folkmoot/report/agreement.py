"""Who is assigned to a statement and who agrees with theirs, in sentences.

Being assigned and agreeing are two figures; only who agrees is represented.
"""

from __future__ import annotations

from ..audits import Audit
from ..audits.agreement import Agreement
from ..audits.records import StatementFigures
from ..profile import Slate
from ..slates.recorded import recorded
from .compared import fitted
from .measured import Measured, measured
from .numbers import ENGLISH, percent
from .translations import Words
from .words import plain

#: The process with a weight for what many agree with.
ROBUST = "robust"
#: The mark of a seat that rests on predictions by more than half.
PREDICTED = "*"


def assigned(slate: Slate, w: Words = ENGLISH, kind: Measured | None = None) -> list[str]:
    """Who is left over, who agrees with the statement they are assigned to, and who is only expected to.

    Args:
        slate: the slate with its record.
        w: the language.
        kind: what was measured; None: what the slate itself says of it.
    """
    kind = kind or measured(slate)
    left, n = _left_over(slate)
    if not n:
        return []
    found = []
    if left:
        found.append(
            w.ngettext(
                "%(n)s of %(whole)s participants (%(share)s) is assigned to no statement; every figure below on who "
                "agrees and on large groups is about this person too.",
                "%(n)s of %(whole)s participants (%(share)s) are assigned to no statement; every figure below on who "
                "agrees and on large groups is about them too.",
                left,
                whole=n,
                share=percent(w, left / n),
            )
        )
    if left == n:
        return found
    audit = recorded(slate).audit
    figures = None if audit is None else audit.agreement
    if audit is None or figures is None:
        return [*found, _assigned(w, n - left, n), _not_asked(slate, w, kind)]
    return [*found, *_agreeing(slate, audit, figures, w, kind)]


def _left_over(slate: Slate) -> tuple[int, int]:
    """How many are left over, and of how many; a slate that names nobody has the assignment of its audit."""
    audit = recorded(slate).audit
    named = slate.unassigned or any(statement.agents for statement in slate.statements)
    if named or not slate.statements or audit is None or audit.agreement is None:
        return len(slate.unassigned), slate.n_agents
    whole = round(total(audit, audit.agreement))
    return whole - audit.agreement.assigned, whole


def _assigned(w: Words, people: int, n: int) -> str:
    if people == n:
        return w.ngettext(
            "The one participant is assigned to a statement.",
            "Each of %(n)s participants is assigned to a statement.",
            n,
        )
    return w.ngettext(
        "%(n)s of %(whole)s participants (%(share)s) is assigned to a statement.",
        "%(n)s of %(whole)s participants (%(share)s) are assigned to a statement.",
        people,
        whole=n,
        share=percent(w, people / n),
    )


def _not_asked(slate: Slate, w: Words, kind: Measured) -> str:
    if kind == "texts":
        return w.gettext(
            "This rests on how alike a statement is to what people wrote: nobody was asked whether they agree with "
            "theirs."
        )
    if kind == "comparisons":
        rests = w.gettext(
            "This rests on which of two statements people preferred: nobody was asked whether they agree with theirs."
        )
        return f"{rests} {fitted(slate, w)}".strip()
    return w.gettext("How many agree with theirs was not counted.")


def _agreeing(slate: Slate, audit: Audit, figures: Agreement, w: Words, kind: Measured) -> list[str]:
    """The headline: who agrees with theirs by their own answer; then who does not, and who is expected to."""
    whole = total(audit, figures)
    share = percent(w, figures.agreed / whole) if whole else w.whole_percent(0)
    values = {"part": figures.agreed, "whole": round(whole), "share": share}
    who = (
        w.gettext("%(part)s of %(whole)s (%(share)s), by weight,", **values)
        if recorded(slate).source.weighted
        else w.gettext("%(part)s of %(whole)s participants (%(share)s)", **values)
    )
    found = [_headline(w, kind, who, weighed=audit.answers is not None)]
    against, silent = figures.voted - figures.agreed, figures.assigned - figures.voted
    if against:
        found.append(_against(w, kind, against))
    elif kind == "votes" and figures.voted:
        found.append(w.gettext("Nobody is assigned to a statement they voted against or passed on."))
    if silent:
        expected = round(figures.expected - figures.agreed)
        found.append(_silent(w, kind, silent, expected))
    return found


def _headline(w: Words, kind: Measured, who: str, *, weighed: bool) -> str:
    if kind == "scores":
        return w.gettext(
            "By the language model's scores, %(who)s agree with the statement they are assigned to.", who=who
        )
    if weighed:
        return w.gettext(
            "%(who)s agree with the statement they are assigned to by their own answer, counted by its weight.", who=who
        )
    if kind == "approvals":
        return w.gettext("%(who)s approved the statement they are assigned to.", who=who)
    if kind == "ratings":
        return w.gettext("%(who)s rated the statement they are assigned to above the middle of the scale.", who=who)
    if kind == "points":
        return w.gettext("%(who)s gave points to the statement they are assigned to.", who=who)
    if kind == "rankings":
        return w.gettext("%(who)s ranked the statement they are assigned to in the upper half.", who=who)
    if kind == "votes":
        return w.gettext("%(who)s agreed, by their own vote, with the statement they are assigned to.", who=who)
    return w.gettext("%(who)s agreed, by their own answer, with the statement they are assigned to.", who=who)


def _against(w: Words, kind: Measured, n: int) -> str:
    if kind == "votes":
        return w.gettext("%(n)s disagreed with theirs or passed on it.", n=n)
    if kind == "approvals":
        return w.gettext("%(n)s did not approve theirs.", n=n)
    if kind == "ratings":
        return w.gettext("%(n)s rated theirs in the middle or below.", n=n)
    if kind == "points":
        return w.gettext("%(n)s gave no points to theirs.", n=n)
    if kind == "rankings":
        return w.gettext("%(n)s ranked theirs in the middle or below.", n=n)
    if kind == "scores":
        return w.gettext("%(n)s are scored otherwise.", n=n)
    return w.gettext("%(n)s answered theirs otherwise.", n=n)


def _silent(w: Words, kind: Measured, n: int, expected: int) -> str:
    if kind == "scores":
        return w.ngettext(
            "The language model was not asked about theirs for %(n)s; about %(expected)s is expected to agree.",
            "The language model was not asked about theirs for %(n)s; about %(expected)s of them are expected to "
            "agree.",
            n,
            expected=expected,
        )
    if kind == "votes":
        return w.ngettext(
            "%(n)s has not voted on theirs; about %(expected)s is expected to agree.",
            "%(n)s have not voted on theirs; about %(expected)s of them are expected to agree.",
            n,
            expected=expected,
        )
    return w.ngettext(
        "%(n)s has not answered theirs; about %(expected)s is expected to be for it.",
        "%(n)s have not answered theirs; about %(expected)s of them are expected to be for it.",
        n,
        expected=expected,
    )


def edited(slate: Slate, w: Words = ENGLISH, kind: Measured | None = None) -> str:
    """The words before the wording of the source, where a statement is published in the organiser's.

    Args:
        slate: the slate with its record.
        w: the language.
        kind: what was measured; None: what the slate itself says of it.
    """
    kind = kind or measured(slate)
    if kind in ("texts", "comparisons"):
        return w.gettext("edited by the organiser; the source says")
    if kind == "votes":
        return w.gettext("edited by the organiser; people voted on")
    return w.gettext("edited by the organiser; people answered")


def total(audit: Audit, figures: Agreement) -> float:
    """The mass of everybody, whether assigned or not.

    Args:
        audit: the audit of the slate.
        figures: its agreement.
    """
    share = audit.utility.represented
    return figures.assigned / share if share else float(figures.assigned)


def divisive(slate: Slate, w: Words = ENGLISH) -> str:
    """How many statements that some want and most do not did not make it, and the largest; empty without any.

    Args:
        slate: the audited slate.
        w: the language.
    """
    record = recorded(slate)
    audit = record.audit
    if audit is None or audit.divisive is None or not audit.divisive.count:
        return ""
    one = audit.divisive
    values = {"id": plain(one.id), "text": plain(one.text), "share": percent(w, one.agree)}
    found = w.ngettext(
        "%(n)s statement that divides people is not on the list although enough people for a place agree with it, or "
        "are expected to: [%(id)s] “%(text)s” (%(share)s). At least a third of those who answered it are for it and a "
        "third against.",
        "%(n)s statements that divide people are not on the list although enough people for a place agree with each, "
        "or are expected to. At least a third of those who answered are for them and a third against. The largest is "
        "[%(id)s] “%(text)s” (%(share)s).",
        one.count,
        **values,
    )
    if record.process.id == ROBUST and record.process.options.consensus > 0:
        found += " " + w.gettext("`--consensus 0` gives large divided groups statements of their own.")
    return found


def thin(slate: Slate, figures: StatementFigures) -> bool:
    """Whether a statement's seat rests on predictions by more than half.

    Args:
        slate: the audited slate.
        figures: those of the statement.
    """
    audit = recorded(slate).audit
    if audit is None or audit.certificate.known.answered >= 1:
        return False
    if recorded(slate).source.answers == 0 and not audit.certificate.known.answered:
        return False
    return 2 * figures.answered < figures.people
