"""The report's figures about people: the least well represented, and groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..audits.records import LeastRepresented
from . import conflicts
from .facts import Facts
from .words import Terms, count, figure, of, percent, some, voice

MOST_TEXTS, MOST_AGREED, MOST_LABELS = 3, 3, 12


@dataclass(frozen=True)
class Person:
    """One of those whose statement fits least, with their texts and answers.

    Args:
        id: the person's id, as in the source.
        line: which statement they are assigned to, and how well it fits.
        number: the number of the statement they are assigned to; None without one.
        text: the text of that statement.
        best: the utility of their favourite statement of the slate.
        own_texts: their own texts; ``more_texts`` are not shown, ``hidden`` were rejected by moderation.
        agreed: the texts of statements they agreed with, apart from their own; ``agreed_words`` says how many there
            are.
        votes: their answers to the slate's statements, each with the numbers of the statements.
        silent: whether they neither wrote nor answered.
        conflict: how their own answers conflict with their statement (or their favourite), in words.
        against: the answers that rarely go together with it, as pairs (words, text of the statement that was answered).
    """

    id: str
    line: str
    number: int | None
    text: str
    best: str
    own_texts: tuple[str, ...]
    more_texts: int
    hidden: int
    agreed: tuple[str, ...]
    agreed_words: str
    votes: tuple[tuple[str, tuple[int, ...]], ...]
    silent: bool
    conflict: str = ""
    against: tuple[tuple[str, str], ...] = ()


def least(facts: Facts) -> list[Person]:
    """The least well represented people, worst first, as the audit names them."""
    people = [_person(facts, entry) for entry in (facts.audit.least if facts.audit is not None else ())]
    return [person for person in people if person is not None]


def _person(facts: Facts, entry: LeastRepresented) -> Person | None:
    row = facts.profile.agent_index.get(entry.agent)
    if row is None:
        return None
    number = facts.number(entry.statement)
    line = "Assigned to no statement."
    if number is not None:
        word = "utility" if facts.terms.votes else "similarity"
        known_as = voice(facts.slate).known
        known = known_as if facts.answered[row] else "predicted" if facts.terms.votes else "of texts"
        line = f"Assigned to statement {number}, {word} {figure(entry.utility)} ({known})."
    texts = facts.profile.agents.texts[row] if facts.profile.agents.texts else ()
    shown = [text for text in texts if text.strip() and text not in facts.rejected]
    answers, own = facts.answers(row), voice(facts.slate).people
    middle = facts.profile.answers.scale.midpoint
    liked = [column for column, utility in answers if utility > middle]
    theirs = {*shown, *facts.rejected}
    pool = [text for column in liked if (text := facts.profile.statements.texts[column]) not in theirs]
    places = {int(column): place for place, column in enumerate(facts.columns, start=1)}
    votes: dict[str, list[int]] = {}
    for number_in_slate, word in sorted(
        (places[c], _answer(facts.terms, u, middle)) for c, u in answers if c in places
    ):
        votes.setdefault(word, []).append(number_in_slate)
    conflict, against = conflicts.conflict_in_words(facts, entry.agent)
    return Person(
        id=entry.agent,
        line=line,
        number=number,
        text="" if number is None else facts.slate.statements[number - 1].text,
        best=figure(entry.best_in_slate),
        own_texts=tuple(shown[:MOST_TEXTS]),
        more_texts=max(0, len(shown) - MOST_TEXTS),
        hidden=sum(1 for text in texts if text in facts.rejected),
        agreed=tuple(pool[:MOST_AGREED]) if own else (),
        agreed_words=_agreed(facts.terms, len(liked), len(answers)) if own else "",
        votes=tuple((word, tuple(numbers)) for word, numbers in votes.items()),
        silent=own and not answers and not any(text.strip() for text in texts),
        conflict=conflict,
        against=against,
    )


def _agreed(t: Terms, liked: int, answered: int) -> str:
    if not t.votes or not answered:
        return ""
    verb = {"agreed": "Agreed with", "approved": "Approved"}.get(t.approve, "Put above the middle of the scale")
    return f"{verb} {count(liked)} of the {some(answered, 'statement')} they answered"


def _answer(t: Terms, utility: float, middle: float) -> str:
    if t.approve not in ("agreed", "approved"):
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
    """How well the statements fit the groups of the source, for groupings with a readable number of labels."""
    tables = []
    own, n = facts.view.own, facts.profile.n_agents
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
            nobody = int((mine & (facts.place < 0)).sum())
            rows.append(Group(kind or "no label", of(int(mine.sum()), n), of(nobody, int(mine.sum())), figure(mean)))
        tables.append((name, rows))
    return tables


def represented(facts: Facts) -> list[tuple[str, str]]:
    """Figures about the assigned people, name and value."""
    if facts.audit is None:
        return []
    u, t = facts.audit.utility, facts.terms
    word = "utility" if t.votes else "similarity"
    assigned = facts.slate.n_agents - facts.unassigned
    rows = [
        ("People assigned to a statement", of(assigned, facts.slate.n_agents)),
        (f"Mean {word}", figure(u.mean)),
        (f"Median {word}", figure(u.median)),
        (f"{word.capitalize()} of the worst-off quarter, at most", figure(u.q1)),
        (f"Lowest {word}", figure(u.min)),
        ("Inequality of it (Gini, 0 = equal)", figure(u.gini)),
    ]
    if facts.weighted:
        rows.insert(1, ("Share of the weight that is assigned", percent(u.represented)))
    if u.own_is_favourite is not None:
        rows.append(
            ("Are assigned to their favourite statement of the slate", f"{percent(u.own_is_favourite)} of the assigned")
        )
    return rows
