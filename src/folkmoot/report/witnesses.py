"""The groups behind the certificate's answers: who they are, what they would rather have, how close they come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..audits.records import Coalition
from ..profile import IntArray
from .facts import Facts
from .numbers import figure, percent, sentences
from .terms import voice
from .units import amount


@dataclass(frozen=True)
class Case:
    """A group and the statement it would want: the evidence behind a number; ``grave``: it is large enough."""

    title: str
    statement: str
    text: str
    words: str
    agents: tuple[str, ...]
    grave: bool = False


def witnesses(facts: Facts) -> list[Case]:
    """Every violation, worst first; without one the group that comes closest. Own answers before predictions.

    Args:
        facts: the view with its look-ups.
    """
    votes, audit, w = facts.terms.votes, facts.audit, facts.w
    if audit is None:
        return []
    known, cbjr = audit.certificate.known, audit.cbjr
    own = voice(facts.slate, w).own
    looked = []
    if votes:
        enough = w.gettext("Large enough by %(own)s only", own=own)
        looked.append((enough, w.gettext("Closest by %(own)s only", own=own), known.violations, known.worst))
    if votes and known.answered < 1:
        enough, closest = w.gettext("Large enough with predictions"), w.gettext("Closest with predictions")
        looked.append((enough, closest, cbjr.violations, cbjr.worst))
    elif not votes:
        enough, closest = w.gettext("Large enough by similarity of texts"), w.gettext("Closest by similarity of texts")
        looked.append((enough, closest, cbjr.violations, cbjr.worst))
    cases = []
    for enough, closest, hits, worst in looked:
        cases += [_case(facts, enough, hit) for hit in hits]
        if not hits and worst:
            cases.append(_case(facts, closest, worst))
    return cases


def _case(facts: Facts, title: str, found: Coalition) -> Case:
    if found.agents is None:
        return _unnamed(facts, title, found)
    names = [name for name in found.agents if name in facts.profile.agent_index]
    rows = np.array([facts.profile.agent_index[name] for name in names], dtype=np.int64)
    without = rows[facts.place[rows] < 0]
    people, lacking = len(found.agents), len(without)
    words = sentences(
        _who(facts, found, people, lacking),
        _answered(facts, found.statement, without),
        _need(facts, found),
        _worth(facts, found, people, lacking),
        _gap(facts, found) if lacking < people else "",
    )
    return Case(title, found.statement, found.text, words, found.agents, found.ratio >= 1)


def _who(facts: Facts, found: Coalition, people: int, lacking: int) -> str:
    w = facts.w
    who = w.ngettext("%(n)s person", "%(n)s people", people)
    if people != found.mass:
        who = w.gettext("%(who)s with a weight of %(weight)s", who=who, weight=found.mass)
    if lacking == people:
        return w.gettext("%(who)s assigned to no statement.", who=who)
    if lacking:
        return w.ngettext(
            "%(who)s: %(others)s would rather have this statement than the one they are assigned to, and %(n)s is "
            "assigned to no statement.",
            "%(who)s: %(others)s would rather have this statement than the one they are assigned to, and %(n)s are "
            "assigned to no statement.",
            lacking,
            who=who,
            others=people - lacking,
        )
    return w.gettext("%(who)s would rather have this statement than the one they are assigned to.", who=who)


def _need(facts: Facts, found: Coalition) -> str:
    w, slate = facts.w, facts.slate
    values = {"need": found.need, "share": percent(w, found.ratio)}
    if slate.unit == "statements":
        return w.gettext(
            "It would take one of %(budget)s places, so it would have to stand for %(need)s: the group has %(share)s "
            "of what it needs.",
            budget=slate.budget,
            **values,
        )
    return w.gettext(
        "It costs %(cost)s of %(budget)s, so it would have to stand for %(need)s: the group has %(share)s of what it "
        "needs.",
        cost=found.cost,
        budget=amount(w, slate.budget, slate),
        **values,
    )


def _worth(facts: Facts, found: Coalition, people: int, lacking: int) -> str:
    w, t = facts.w, facts.terms
    values = {"level": figure(w, found.threshold), "low": f"{t.low:g}", "high": f"{t.high:g}"}
    if lacking == people:
        if t.votes:
            return w.gettext(
                "It is worth %(level)s or more to each of them, on a scale from %(low)s to %(high)s: whoever has no "
                "statement counts, however little that is.",
                **values,
            )
        return w.gettext(
            "Its similarity is %(level)s or more for each of them, on a scale from %(low)s to %(high)s: whoever has no "
            "statement counts, however little that is.",
            **values,
        )
    if t.votes:
        return w.gettext("It is worth %(level)s or more to each of them, and what they are assigned to less.", **values)
    return w.gettext(
        "Its similarity is %(level)s or more for each of them, and that of what they are assigned to less.", **values
    )


def _gap(facts: Facts, found: Coalition) -> str:
    if found.gap is None:
        return ""
    return facts.w.gettext(
        "On average it is worth %(gap)s more to those of them who have a statement.", gap=figure(facts.w, found.gap)
    )


def _unnamed(facts: Facts, title: str, found: Coalition) -> Case:
    """A case whose members the audit does not list (it lists those of the largest ones only)."""
    w = facts.w
    if found.gap is None:
        who = w.gettext("A group of %(n)s, all of them people assigned to no statement.", n=found.mass)
    else:
        who = w.gettext("A group of %(n)s.", n=found.mass)
    words = sentences(who, _need(facts, found), w.gettext("The audit does not list its members."))
    return Case(title, found.statement, found.text, words, (), found.ratio >= 1)


def _answered(facts: Facts, statement: str, rows: IntArray) -> str:
    """How those of them without a statement answered this one; empty where nobody answered anything."""
    t, column, w = facts.terms, facts.profile.statement_index.get(statement), facts.w
    if not t.votes or not len(rows):
        return ""
    answers = facts.profile.answers
    mine = (answers.statement == column) & np.isin(answers.agent, rows)
    utility = answers.scale.utility(answers.value[mine])
    above, below = (int(side.sum()) for side in facts.sides(utility))
    answered, people = len(utility), voice(facts.slate).people
    between = answered - above - below
    if t.complete:
        below, answered = below + len(rows) - answered, len(rows)
    if not answered:
        if people:
            return w.gettext("None of those without a statement answered it.")
        return w.gettext("The language model was not asked about it for those without a statement.")
    values = {"answered": answered, "rows": len(rows), "counts": w.listed(t.counts(above, between, below))}
    if people:
        return w.gettext("Of those without a statement %(answered)s of %(rows)s answered it: %(counts)s.", **values)
    return w.gettext(
        "For %(answered)s of the %(rows)s without a statement the language model was asked about it: %(counts)s.",
        **values,
    )
