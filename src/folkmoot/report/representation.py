"""The report's figures about people: the least well represented, groups of the source, and how well it fits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..audits.records import LeastRepresented
from ..slates.public.order import numbers
from . import conflicts
from .facts import Facts
from .numbers import figure, of, percent
from .terms import voice

MOST_TEXTS, MOST_AGREED, MOST_LABELS = 3, 3, 12


@dataclass(frozen=True)
class Person:
    """One of those whose statement fits least, with their texts and answers.

    Args:
        id: the person's id, as in the source.
        number: the number of the statement they are assigned to; None without one.
        said: what they said of it, or what is predicted.
        best: the same of their favourite statement of the slate.
        own_texts: their own texts; ``more_texts`` are not shown, ``hidden`` were rejected by moderation.
        agreed: the texts of statements they agreed with, apart from their own; ``agreed_words`` says how many there
            are.
        votes: their answers to the slate's statements, each with the numbers of the statements.
        silent: whether they neither wrote nor answered.
        conflict: how their own answers conflict with their statement (or their favourite), in words.
        spoken: the texts of what they agree with out of the same persona as their statement, as the model of personas
            has it.
        against: the answers that rarely go together with it, as pairs (words, text of the statement that was answered).
    """

    id: str
    number: int | None
    said: str
    best: str
    own_texts: tuple[str, ...]
    more_texts: int
    hidden: int
    agreed: tuple[str, ...]
    agreed_words: str
    votes: tuple[tuple[str, tuple[int, ...]], ...]
    silent: bool
    conflict: str = ""
    spoken: tuple[str, ...] = ()
    against: tuple[tuple[str, str], ...] = ()

    @property
    def spoke(self) -> bool:
        """Whether there is anything to read of them."""
        return bool(self.own_texts or self.hidden or self.agreed_words or self.conflict or self.silent)


def least(facts: Facts) -> list[Person]:
    """The least well represented people, worst first, as the audit names them.

    Args:
        facts: the view with its look-ups.
    """
    people = [_person(facts, entry) for entry in (facts.audit.least if facts.audit is not None else ())]
    return [person for person in people if person is not None]


def _person(facts: Facts, entry: LeastRepresented) -> Person | None:
    row = facts.profile.agent_index.get(entry.agent)
    if row is None:
        return None
    number = facts.number(entry.statement)
    texts = facts.profile.agents.texts[row] if facts.profile.agents.texts else ()
    shown = [text for text in texts if text.strip() and text not in facts.rejected]
    answers, own = facts.answers(row), voice(facts.slate).people
    middle = facts.profile.answers.scale.midpoint
    liked = [column for column, utility in answers if utility > middle]
    theirs = {*shown, *facts.rejected}
    pool = [text for column in liked if (text := facts.profile.statements.texts[column]) not in theirs]
    places = {int(column): number for column, number in zip(facts.columns, numbers(facts.slate), strict=True)}
    votes: dict[str, list[int]] = {}
    for number_in_slate, word in sorted((places[c], _answer(facts, u)) for c, u in answers if c in places):
        votes.setdefault(word, []).append(number_in_slate)
    conflict, against = conflicts.conflict_in_words(facts, entry.agent)
    return Person(
        id=entry.agent,
        number=number,
        said="–" if number is None else _said(facts, entry.utility, known=bool(facts.answered[row])),
        best=_level(facts, entry.best_in_slate),
        own_texts=tuple(shown[:MOST_TEXTS]),
        more_texts=max(0, len(shown) - MOST_TEXTS),
        hidden=sum(1 for text in texts if text in facts.rejected),
        agreed=tuple(pool[:MOST_AGREED]) if own else (),
        agreed_words=_agreed(facts, len(liked), len(answers)) if own else "",
        votes=tuple((word, tuple(numbers)) for word, numbers in votes.items()),
        silent=own and facts.measured != "comparisons" and not answers and not any(text.strip() for text in texts),
        conflict=conflict,
        spoken=facts.view.spoken.get(entry.agent, ()),
        against=against,
    )


def _said(facts: Facts, utility: float | None, *, known: bool) -> str:
    """What a person said of their statement, or what is predicted of it."""
    w = facts.w
    if known and utility is not None and facts.terms.kind in ("vote", "approval"):
        return _answer(facts, utility)
    if known:
        return _level(facts, utility)
    if facts.measured == "texts":
        return w.gettext("similarity %(value)s", value=figure(w, utility))
    return w.gettext("predicted %(value)s", value=_level(facts, utility))


def _level(facts: Facts, utility: float | None) -> str:
    """A utility beside the end of its scale."""
    if utility is None:
        return "–"
    w = facts.w
    if facts.measured == "texts":
        return figure(w, utility)
    return w.gettext("%(value)s of %(high)s", value=figure(w, utility), high=f"{facts.terms.high:g}")


def _agreed(facts: Facts, liked: int, answered: int) -> str:
    w, t = facts.w, facts.terms
    if not t.votes or not answered:
        return ""
    if t.kind == "vote":
        return w.gettext("Agreed with %(n)s of %(answered)s statements they answered", n=liked, answered=answered)
    if t.kind == "approval":
        return w.gettext("Approved %(n)s of %(answered)s statements they answered", n=liked, answered=answered)
    return w.gettext(
        "Put above the middle of the scale %(n)s of %(answered)s statements they answered", n=liked, answered=answered
    )


def _answer(facts: Facts, utility: float) -> str:
    t, middle = facts.terms, facts.profile.answers.scale.midpoint
    if t.kind not in ("vote", "approval"):
        return f"{utility:g}"
    if utility == middle and t.middle:
        return t.middle
    return t.approve if utility > middle else t.reject


@dataclass(frozen=True)
class Group:
    """One label of a grouping of the source: (label, people, unassigned, mean utility of the rest)."""

    label: str
    people: str
    unassigned: str
    mean: str


def groups(facts: Facts) -> list[tuple[str, list[Group]]]:
    """How well the statements fit the groups of the source, for groupings with a readable number of labels.

    Args:
        facts: the view with its look-ups.
    """
    tables = []
    own, n, w = facts.view.own, facts.profile.n_agents, facts.w
    for name, labels in facts.profile.agents.groups.items():
        kinds = list(dict.fromkeys(labels))
        if not 1 < len(kinds) <= MOST_LABELS:
            continue
        rows = []
        for kind in sorted(kinds):
            mine = np.array([label == kind for label in labels])
            values = own[mine & (facts.place >= 0)]
            mean = (
                float(np.average(values, weights=facts.profile.masses[mine & (facts.place >= 0)]))
                if len(values)
                else None
            )
            nobody, people = int((mine & (facts.place < 0)).sum()), int(mine.sum())
            label = kind or w.gettext("no label")
            rows.append(Group(label, of(w, people, n), of(w, nobody, people), figure(w, mean)))
        tables.append((name, rows))
    return tables


def represented(facts: Facts) -> list[tuple[str, str]]:
    """Figures about the assigned people, name and value.

    Args:
        facts: the view with its look-ups.
    """
    if facts.audit is None:
        return []
    u, w = facts.audit.utility, facts.w
    assigned = facts.slate.n_agents - facts.unassigned
    rows = [(w.gettext("People assigned to a statement"), of(w, assigned, facts.slate.n_agents))]
    if facts.weighted:
        rows.append((w.gettext("Share of the weight that is assigned"), percent(w, u.represented)))
    if facts.measured == "texts":
        names = (
            w.gettext("Mean similarity"),
            w.gettext("Median similarity"),
            w.gettext("Similarity of the worst-off quarter, at most"),
            w.gettext("Lowest similarity"),
        )
    else:
        names = (
            w.gettext("Mean utility"),
            w.gettext("Median utility"),
            w.gettext("Utility of the worst-off quarter, at most"),
            w.gettext("Lowest utility"),
        )
    rows += [(name, figure(w, value)) for name, value in zip(names, (u.mean, u.median, u.q1, u.min), strict=True)]
    rows.append((w.gettext("Inequality of it (Gini, 0 = equal)"), figure(w, u.gini)))
    if u.own_is_favourite is not None:
        share = percent(w, u.own_is_favourite)
        name = w.gettext("Are assigned to their favourite statement of the list")
        rows.append((name, w.gettext("%(share)s of the assigned", share=share)))
    return rows
