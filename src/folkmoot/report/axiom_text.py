"""Exact audits on the terminal: each axiom's result, with the group behind it in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..audits import find
from ..audits.axiom_records import AxiomResult, Evidence, GroupEvidence, PriceEvidence, QuotaFigures
from ..audits.registry import ALTERNATIVE
from ..profile import Slate
from ..slates.recorded import recorded
from .numbers import ENGLISH, figure
from .text import wrap
from .translations import Words
from .words import plain, shorten

WIDTH = 16
INDENT = " " * (WIDTH + 2)
# Statements of a witness that are printed, and characters of each; --json has them whole.
SHOWN, LETTERS = 6, 160


def axioms_summary(
    results: Mapping[str, AxiomResult], slate: Slate, requested: Sequence[str] = (), w: Words = ENGLISH
) -> str:
    """One paragraph per axiom.

    Args:
        results: the results by id, from `folkmoot.audited`.
        slate: the audited slate, as `folkmoot.audited` returns it.
        requested: the audits that were requested; the others were added because one refused. Empty: all were requested.
        w: the language.
    """
    levels = [result.level for result in results.values() if result.level is not None]
    head = w.gettext("Exact audits:")
    if levels:
        head = w.gettext("Exact audits (who values a statement %(level)s approves it):", level=_from(w, levels[0]))
    lines = [head]
    for id, result in results.items():
        words = _answer(id, result, results, w) + _quota(result.quota, slate, w)
        if requested and id not in requested:
            words += " " + w.gettext("(Added, because another audit refused.)")
        lines += wrap(f"  {id:<{WIDTH}}{words}", INDENT)
        if result.holds is False:
            lines += _statements(result.witness, w)
    return "\n".join(line.rstrip() for line in lines)


def _answer(id: str, result: AxiomResult, results: Mapping[str, AxiomResult], w: Words) -> str:
    if result.refused:
        return _refused(id, result, results, w)
    witness = result.witness
    if id in ("priceability", "cbjr-exists"):
        money = witness.money if isinstance(witness, PriceEvidence) else ""
        return _without_group(id, w, holds=bool(result.holds), money=str(money))
    if isinstance(witness, GroupEvidence):
        if not result.holds:
            return w.gettext("VIOLATED: %(group)s", group=_group(id, witness, w))
        return w.gettext(
            "holds: the group that comes closest has %(mass)s of %(need)s needed.", mass=witness.mass, need=witness.need
        )
    if not result.holds:
        return w.gettext("VIOLATED.")
    return w.gettext("holds: no group has anything to ask for.") if result.ratio == 0 else w.gettext("holds.")


def _without_group(id: str, w: Words, *, holds: bool, money: str) -> str:
    if id == "priceability" and holds:
        return w.gettext(
            "holds: with %(money)s of money for each person, people who approve it pay for every statement of the "
            "list.",
            money=money,
        )
    if id == "priceability":
        return w.gettext("VIOLATED: no equal sum of money for everybody explains the list.")
    if holds:
        return w.gettext("holds: there is a balanced assignment without a violation of cBJR (--json names it).")
    return w.gettext("VIOLATED: every balanced assignment of people to these statements violates cBJR.")


def _quota(quota: QuotaFigures | None, slate: Slate, w: Words) -> str:
    """The smallest quota for which the axiom holds, beside the quota that the axiom asks for."""
    if quota is None or not quota.limit:
        return ""
    values = {
        "limit": _number(w, quota.limit),
        "hare": _number(w, quota.hare),
        "measure": _measure(slate, w),
    }
    if quota.droop:
        return " " + w.gettext(
            "Smallest quota for which it holds: above %(limit)s %(measure)s, where the axiom asks for %(hare)s; the "
            "Droop quota will do.",
            **values,
        )
    return " " + w.gettext(
        "Smallest quota for which it holds: above %(limit)s %(measure)s, where the axiom asks for %(hare)s.", **values
    )


def _measure(slate: Slate, w: Words) -> str:
    """What a quota counts."""
    unit = {
        "words": w.gettext("word"),
        "characters": w.gettext("character"),
        "statements": w.gettext("statement"),
        "cost": w.gettext("unit of cost"),
    }.get(slate.unit, slate.unit)
    if recorded(slate).source.weighted:
        return w.gettext("weight per %(unit)s", unit=unit)
    return w.gettext("people per %(unit)s", unit=unit)


def _refused(id: str, result: AxiomResult, results: Mapping[str, AxiomResult], w: Words) -> str:
    # What to do instead is said below, of this very axiom.
    name, why = result.name, plain(str(result.refused)).replace(ALTERNATIVE, "").strip(" .")
    if why.casefold().startswith(f"{name}: ".casefold()):
        why = why[len(name) + 2 :]
    if result.because is None:
        return w.gettext("NOT DECIDED: %(why)s. Instead: %(instead)s", why=why, instead=find(id).instead)
    values = {"other": results[result.because].name, "name": name, "why": why}
    if result.holds:
        return w.gettext("holds, because %(other)s holds and implies it; the check itself refused: %(why)s.", **values)
    return w.gettext(
        "VIOLATED, because %(other)s is violated, which %(name)s would imply; the check itself refused: %(why)s.",
        **values,
    )


def _group(id: str, found: GroupEvidence, w: Words) -> str:
    """Who could do better, and how."""
    who = w.ngettext("%(n)s person", "%(n)s people", found.people)
    if found.people != found.mass:
        who = w.gettext("%(who)s with a weight of %(weight)s", who=who, weight=found.mass)
    who = w.gettext("%(who)s (%(need)s needed)", who=who, need=found.need)
    these = w.ngettext("this statement", "these %(n)s statements", len(found.statements))
    values = {
        "who": who,
        "these": these,
        "has": figure(w, found.has).removesuffix(w.decimal(0.0, 2)[1:]),
        "deserved": figure(w, found.deserved).removesuffix(w.decimal(0.0, 2)[1:]),
    }
    if id == "cbjr":
        return w.gettext(
            "%(who)s value this statement %(level)s or more, and what they are assigned to less.",
            who=who,
            level=figure(w, found.threshold),
        )
    said = {
        "jr": w.gettext("%(who)s approve %(these)s, and nothing on the list.", **values),
        "ejr-plus": w.gettext(
            "%(who)s approve %(these)s; what any one of them approves on the list costs at most %(has)s.", **values
        ),
        "budgeting-ejr": w.gettext(
            "%(who)s would each have %(deserved)s or more of %(these)s, and have at most %(has)s of the list.", **values
        ),
        "pjr": w.gettext("%(who)s approve %(these)s; all together they approve %(has)s of the list.", **values),
        "ejr": w.gettext("%(who)s approve %(these)s; none of them approves more than %(has)s of the list.", **values),
        "fjr": w.gettext(
            "%(who)s approve %(deserved)s or more of %(these)s each, and none of them more than %(has)s of the list.",
            **values,
        ),
        "core": w.gettext("%(who)s approve more of %(these)s than of the list, each of them.", **values),
    }
    return said.get(id) or w.gettext("%(who)s could do better with %(these)s.", **values)


def _statements(witness: Evidence | None, w: Words) -> list[str]:
    shown = witness.statements if isinstance(witness, GroupEvidence) else ()
    lines = []
    for s in shown[:SHOWN]:
        text = "" if s.text == s.id else shorten(plain(s.text), LETTERS)
        lines += wrap(f"{INDENT}[{shorten(plain(s.id), 40)}] {text}", INDENT + "  ")
    if len(shown) > SHOWN:
        lines.append(INDENT + w.gettext("and %(n)s more (--json lists them)", n=len(shown) - SHOWN))
    return lines


def _number(w: Words, value: float) -> str:
    """A number with four significant digits; from 1,000 on a whole number.

    >>> _number(ENGLISH, 3.0), _number(ENGLISH, 12345.6), _number(ENGLISH, 1 / 30_000)
    ('3', '12,346', '3.333e-05')
    """
    return f"{value:.4g}" if value < 1000 else w.count(round(value))


def _from(w: Words, level: float) -> str:
    """A level in words; a scale approves what is above its middle, so from the float next to it.

    >>> _from(ENGLISH, 2.0), _from(ENGLISH, 0.5000000000000001)
    ('2 or more', 'more than 0.5')
    """
    if float(f"{level:g}") == level:
        return w.gettext("%(level)s or more", level=f"{level:g}")
    return w.gettext("more than %(level)s", level=f"{level:g}")
