"""Exact audits on the terminal: each axiom's result, with the group behind it in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..audits import find
from ..audits.axiom_records import AxiomResult, Evidence, GroupEvidence, PriceEvidence, QuotaFigures
from ..audits.registry import ALTERNATIVE
from ..profile import Slate
from ..slates.recorded import recorded
from .text import wrap
from .words import UNITS, count, figure, plain, shorten, some

WIDTH = 16
INDENT = " " * (WIDTH + 2)
# Statements of a witness that are printed, and characters of each; --json has them whole.
SHOWN, LETTERS = 6, 160


def axioms_summary(results: Mapping[str, AxiomResult], slate: Slate, requested: Sequence[str] = ()) -> str:
    """One paragraph per axiom.

    Args:
        results: the results by id, from `folkmoot.audited`.
        slate: the audited slate, as `folkmoot.audited` returns it.
        requested: the audits that were requested; the others were added because one refused. Empty: all were requested.
    """
    people = "weight" if recorded(slate).source.weighted else "people"
    measure = f"{people} per {UNITS.get(slate.unit, slate.unit)}"
    levels = [result.level for result in results.values() if result.level is not None]
    lines = ["Exact audits" + (f" (who values a statement {_from(levels[0])} approves it):" if levels else ":")]
    for id, result in results.items():
        words = _answer(id, result, results) + _quota(result.quota, measure)
        if requested and id not in requested:
            words += " (Added, because another audit refused.)"
        lines += wrap(f"  {id:<{WIDTH}}{words}", INDENT)
        if result.holds is False:
            lines += _statements(result.witness)
    return "\n".join(line.rstrip() for line in lines)


def _answer(id: str, result: AxiomResult, results: Mapping[str, AxiomResult]) -> str:
    if result.refused:
        return _refused(id, result, results)
    witness = result.witness
    if id in WITHOUT_GROUP:
        money = witness.money if isinstance(witness, PriceEvidence) else ""
        return WITHOUT_GROUP[id][not result.holds].format(money=money)
    if isinstance(witness, GroupEvidence):
        if not result.holds:
            return f"VIOLATED: {_group(id, witness)}"
        return f"holds: the group that comes closest has {count(witness.mass)} of {count(witness.need)} needed."
    if not result.holds:
        return "VIOLATED."
    return "holds: no group has anything to ask for." if result.ratio == 0 else "holds."


WITHOUT_GROUP = {
    "priceability": (
        "holds: with {money} of money for each person, people who approve it pay for every statement of the slate.",
        "VIOLATED: no equal sum of money for everybody explains the slate.",
    ),
    "cbjr-exists": (
        "holds: there is a balanced assignment without a violation of cBJR (--json names it).",
        "VIOLATED: every balanced assignment of people to these statements violates cBJR.",
    ),
}


def _quota(quota: QuotaFigures | None, measure: str) -> str:
    """The smallest quota for which the axiom holds, beside the quota that the axiom asks for."""
    if quota is None or not quota.limit:
        return ""
    words = f" Smallest quota for which it holds: above {_number(quota.limit)} {measure}, where the axiom asks for "
    return words + _number(quota.hare) + ("; the Droop quota will do." if quota.droop else ".")


def _refused(id: str, result: AxiomResult, results: Mapping[str, AxiomResult]) -> str:
    # What to do instead is said below, of this very axiom.
    name, why = result.name, plain(str(result.refused)).replace(ALTERNATIVE, "").strip(" .")
    if why.casefold().startswith(f"{name}: ".casefold()):
        why = why[len(name) + 2 :]
    if result.because is None:
        return f"NOT DECIDED: {why}. Instead: {find(id).instead}"
    other, holds = results[result.because].name, result.holds
    settled = f"{other} holds and implies it" if holds else f"{other} is violated, which {name} would imply"
    return f"{'holds' if holds else 'VIOLATED'}, because {settled}; the check itself refused: {why}."


def _group(id: str, w: GroupEvidence) -> str:
    """Who could do better, and how."""
    people = some(w.people, "person", "people")
    weight = "" if w.people == w.mass else f" with a weight of {count(w.mass)}"
    who, k = f"{people}{weight} ({count(w.need)} needed)", len(w.statements)
    these = "this statement" if k == 1 else f"these {count(k)} statements"
    if id == "cbjr":
        return f"{who} value this statement {figure(w.threshold)} or more, and what represents them less."
    has = figure(w.has).removesuffix(".00")
    if id == "jr":
        return f"{who} approve {these}, and nothing in the slate."
    if id == "ejr-plus":
        return f"{who} approve {these}; what any one of them approves in the slate costs at most {has}."
    deserved = figure(w.deserved).removesuffix(".00")
    if id == "budgeting-ejr":
        return f"{who} would each have {deserved} or more of {these}, and have at most {has} of the slate."
    if id == "pjr":
        return f"{who} approve {these}; all together they approve {has} of the slate."
    if id == "ejr":
        return f"{who} approve {these}; none of them approves more than {has} of the slate."
    if id == "fjr":
        return f"{who} approve {deserved} or more of {these} each, and none of them more than {has} of the slate."
    if id == "core":
        return f"{who} approve more of {these} than of the slate, each of them."
    return f"{who} could do better with {these}."


def _statements(witness: Evidence | None) -> list[str]:
    shown = witness.statements if isinstance(witness, GroupEvidence) else ()
    lines = []
    for s in shown[:SHOWN]:
        text = "" if s.text == s.id else shorten(plain(s.text), LETTERS)
        lines += wrap(f"{INDENT}[{shorten(plain(s.id), 40)}] {text}", INDENT + "  ")
    if len(shown) > SHOWN:
        lines.append(f"{INDENT}and {count(len(shown) - SHOWN)} more (--json lists them)")
    return lines


def _number(value: float) -> str:
    """A number with four significant digits; from 1,000 on a whole number.

    >>> _number(3.0), _number(12345.6), _number(1 / 30_000)
    ('3', '12,346', '3.333e-05')
    """
    return f"{value:.4g}" if value < 1000 else f"{value:,.0f}"


def _from(level: float) -> str:
    """A level in words; a scale approves what is above its middle, so from the float next to it.

    >>> _from(2.0), _from(0.5000000000000001)
    ('2 or more', 'more than 0.5')
    """
    return f"{level:g} or more" if float(f"{level:g}") == level else f"more than {level:g}"
