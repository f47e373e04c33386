"""The certificate in plain words, for the page and for the terminal: was a large group overlooked?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..audits.certificate import Spread
from ..audits.records import Axiom, Coalition
from ..profile import Slate
from ..slates.recorded import recorded
from .measured import Measured, measured
from .numbers import ENGLISH, of, percent
from .terms import Voice, voice
from .translations import Words
from .verdict import LIKELY, lacking


def definition(w: Words = ENGLISH) -> str:
    """The exact definition of what the certificate looks for."""
    return w.gettext(
        "(b, d)-cBJR is violated by a group S of people, a statement a of the pool that is not on the list, and a "
        "level θ, if |S| ≥ d · ⌈c(a) · n / B⌉, and every i in S has u_i(a) ≥ θ and u_i(w(i)) < θ − b. Here c(a) is the "
        "cost of a, n the number of people (or their total weight), B the budget, u_i(a) the utility of a for i, and "
        "w(i) the statement i is assigned to; someone with no statement counts as below every level. The list "
        "satisfies cBJR (balanced justified representation with costs) if nothing violates it with b = 0 and d = 1. "
        "Boehmer, Fish, Procaccia 2025, Definition 2.1; with unit costs Fish et al. 2024, Definition 1. d(b) is the "
        "largest |S| / ⌈c(a) · n / B⌉ of any such group at that b."
    )


@dataclass(frozen=True)
class Look:
    """One of the certificate's audits of the slate, in words.

    Args:
        basis: what the audit rests on.
        answer: whether such a group exists, in a few words.
        words: the same answer in full sentences.
        holds: True where there is no such group, False where there is one, None where it is not known.
    """

    basis: str
    answer: str
    words: str
    holds: bool | None


@dataclass(frozen=True)
class Row:
    """One kind of slate over the draws, ready to print."""

    name: str
    slates: str
    median: str
    p95: str
    violated: str
    low: float
    high: float


def looks(slate: Slate, *, votes: bool, w: Words = ENGLISH, kind: Measured | None = None) -> list[Look]:
    """The certificate on own answers, with predictions, over draws, and in the worst case.

    Args:
        slate: the audited slate.
        votes: whether people answered (otherwise utilities are similarities of texts).
        w: the language.
        kind: what was measured; None: what the slate itself says of it.
    """
    audit = recorded(slate).audit
    if audit is None:
        return []
    record, cbjr, says = audit.certificate, audit.cbjr, voice(slate, w)
    comparisons = (kind or measured(slate)) == "comparisons"
    known = record.known
    everything = known.answered >= 1
    result = []
    if votes and not comparisons:
        basis = _own_basis(w, says, known.answered, slate.n_agents * cbjr.pool_size)
        result.append(_look(w, basis, known.violations, known.d, known.worst))
    else:
        result.append(
            Look(
                w.gettext("By people's own answers only"),
                w.gettext("Cannot be said"),
                w.gettext("Nobody was asked whether they agree with a statement, so nothing here rests on own answers.")
                if comparisons
                else w.gettext("Nobody voted, so nothing here rests on people's own answers."),
                None,
            )
        )
    if everything:
        return result
    basis = _completed(w, says) if votes else w.gettext("By similarity of texts (topic, not stance)")
    if comparisons:
        basis = w.gettext("Predicted from people's comparisons")
    result.append(_look(w, basis, cbjr.violations, record.completed.d, cbjr.worst))
    if record.draws:
        result.append(_drawn(w, says, record.draws["slate"]))
    elif votes and recorded(slate).engine.model != "none":
        words = w.gettext("Nothing was drawn at random, so how sure the line above is, is not known.")
        result.append(Look(w.gettext("Predictions drawn at random"), w.gettext("Not measured"), words, None))
    return [*result, _at_worst(w, says, record.worst_case.d)]


def _own_basis(w: Words, says: Voice, answered: float, cells: int) -> str:
    share = w.gettext("all") if answered >= 1 else percent(w, answered)
    values = {"share": share, "cells": cells}
    if not says.people:
        return w.gettext("By the language model's scores only (%(share)s of %(cells)s possible ones)", **values)
    if says.weighed:
        return w.gettext("By people's likely opinions only (%(share)s of %(cells)s possible ones)", **values)
    return w.gettext("By people's own answers only (%(share)s of %(cells)s possible ones)", **values)


def _completed(w: Words, says: Voice) -> str:
    if not says.people:
        return w.gettext("The language model's scores, the rest predicted")
    if says.weighed:
        return w.gettext("Every answer by its weight; what was not answered is predicted")
    return w.gettext("Own answers, the rest predicted")


def _look(w: Words, basis: str, hits: Sequence[Coalition], d: float, worst: Coalition | None) -> Look:
    if hits:
        number = len(hits)
        words = w.ngettext(
            "Yes: %(n)s statement outside the list has such a group behind it; the largest reaches %(share)s of the "
            "size it needs.",
            "Yes: %(n)s statements outside the list have such a group behind them; the largest reaches %(share)s of "
            "the size it needs.",
            number,
            share=percent(w, d),
        )
        if lacking(hits):
            words += " " + w.gettext(
                "Nobody in any such group is assigned to a statement; what they think of these does not matter."
            )
        return Look(basis, w.ngettext("Yes, for %(n)s statement", "Yes, for %(n)s statements", number), words, False)
    if worst is None or d == 0:
        words = w.gettext("No. Not one person is known to prefer a statement that was left out.")
        return Look(basis, w.gettext("No"), words, True)
    words = w.gettext("No. The group that comes closest has %(share)s of the size it would need.", share=percent(w, d))
    return Look(basis, w.gettext("No"), words, True)


def _drawn(w: Words, says: Voice, spread: Spread) -> Look:
    values = {
        "times": spread.draws,
        "found": of(w, round(spread.violated * spread.draws), spread.draws),
        "median": percent(w, spread.median),
        "p95": percent(w, spread.p95),
    }
    words = (
        w.gettext(
            "Predictions are uncertain, so the unknown answers were filled in at random %(times)s times, as likely as "
            "the model holds each answer. In %(found)s of these draws there is such a group. The largest one reaches "
            "%(median)s of the size it would need in the median draw, and at most %(p95)s in 95 of 100 of them.",
            **values,
        )
        if says.people
        else w.gettext(
            "Predictions are uncertain, so the pairs that the language model was not asked about were filled in at "
            "random %(times)s times, as likely as the model holds each answer. In %(found)s of these draws there is "
            "such a group. The largest one reaches %(median)s of the size it would need in the median draw, and at "
            "most %(p95)s in 95 of 100 of them.",
            **values,
        )
    )
    answer = w.gettext("In %(share)s of draws", share=percent(w, spread.violated))
    return Look(
        w.gettext("Predictions drawn at random"),
        answer,
        words,
        spread.violated == 0 or (None if spread.violated < LIKELY else False),
    )


def _at_worst(w: Words, says: Voice, worst: float) -> Look:
    share = percent(w, worst)
    if not says.people:
        words = w.gettext(
            "If all pairs that the language model was not asked about went against the list, a group could reach "
            "%(share)s of what it needs.",
            share=share,
        )
    elif says.weighed:
        words = w.gettext(
            "If all unknown answers and unlikely opinions went against the list, a group could reach %(share)s of what "
            "it needs.",
            share=share,
        )
    else:
        words = w.gettext(
            "If all unknown answers went against the list, a group could reach %(share)s of what it needs.", share=share
        )
    basis = w.gettext("Everything unknown against the list")
    if worst >= 1:
        words += " " + w.gettext("What is known cannot rule that out.")
        return Look(basis, w.gettext("Cannot be ruled out"), words, None)
    return Look(basis, w.gettext("No"), f"{words} " + w.gettext("So the answer is no whatever they are."), True)


def kinds(w: Words = ENGLISH) -> dict[str, str]:
    """The names of the lists that are compared on draws."""
    return {
        "slate": w.gettext("This list"),
        "popular": w.gettext("The most popular statements"),
        "random": w.gettext("Random statements"),
    }


def rows(slate: Slate, w: Words = ENGLISH) -> list[Row]:
    """The table of draws, the slate first.

    Args:
        slate: the audited slate.
        w: the language.
    """
    audit = recorded(slate).audit
    draws = (None if audit is None else audit.certificate.draws) or {}
    names = kinds(w)
    return [
        Row(
            name=names.get(kind, kind),
            slates=w.ngettext(
                "%(n)s draw, %(lists)s", "%(n)s draws, %(lists)s", draws[kind].draws, lists=_lists(w, draws[kind])
            ),
            median=percent(w, draws[kind].median),
            p95=percent(w, draws[kind].p95),
            violated=percent(w, draws[kind].violated),
            low=draws[kind].median,
            high=draws[kind].p95,
        )
        for kind in (*names, *sorted(set(draws) - set(names)))
        if kind in draws
    ]


def _lists(w: Words, spread: Spread) -> str:
    return w.ngettext("%(n)s list", "%(n)s lists", spread.slates)


def axioms(slate: Slate, *, votes: bool, w: Words = ENGLISH) -> list[tuple[str, str, str, str]]:
    """Further axioms, as rows of (name, what would violate it, result on own answers, result with predictions).

    Args:
        slate: the audited slate.
        votes: whether people answered.
        w: the language.
    """
    audit = recorded(slate).audit
    if audit is None:
        return []
    known = audit.certificate.known
    cannot = w.gettext("cannot be said")
    both = (
        (
            w.gettext("cJR, justified representation with costs"),
            w.gettext(
                "the same without balance: a group complains only if every statement of the list is worse for its "
                "members"
            ),
            None,
            audit.cjr,
        ),
        (
            w.gettext("JR on approvals"),
            w.gettext("a large enough group agrees on a statement and approves nothing on the list"),
            known.jr,
            audit.jr,
        ),
        (
            w.gettext("EJR+ on approvals, up to any statement"),
            w.gettext(
                "a group that approves a statement left out deserves more of the budget than any member approves of "
                "the list"
            ),
            known.ejr_plus,
            audit.ejr_plus,
        ),
    )
    return [
        (name, meaning, _axiom(own, w) if votes else cannot, _axiom(predicted, w))
        for name, meaning, own, predicted in both
    ]


def _axiom(axiom: Axiom | None, w: Words) -> str:
    if axiom is None:
        return w.gettext("not computed")
    share = percent(w, axiom.ratio)
    if axiom.holds:
        return w.gettext("holds (%(share)s)", share=share)
    return w.gettext("violated (%(share)s)", share=share)
