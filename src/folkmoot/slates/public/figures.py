"""Every figure of a page for the public, worked out from people's own answers and a slate's assignment."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ...audits import Subject
from ...audits.public_records import (
    Asked,
    ByWeight,
    Count,
    Listed,
    OpinionGroups,
    Other,
    Public,
    Statement,
)
from ...profile import ACCEPTED, BoolArray, IntArray, Profile
from ...profile.shown import one_line
from ...queries.texts.recognise import languages_of
from ..language import language_of
from .declared import declared_columns
from .groups import grouped, with_marks
from .said import AGAINST, FOR, MIDDLE, NOTHING, Said, asked_of, count_of
from .unmarked import unmarked

if TYPE_CHECKING:
    from ..case import Case

#: Similarity of texts from which one is close to the other, as a share of the scale.
CLOSE = 0.5
#: Statements by whose texts the language of a source is recognised.
RECOGNISED = 1_000
#: Reasons by which a statement is none that others could be for or against.
NO_OPINIONS = ("about_the_speaker", "metadata")


def public_figures(case: Case, subject: Subject, popular: Subject | None) -> Public:
    """The figures of a page for the public.

    Args:
        case: the case that the slate was chosen from, or located in.
        subject: the slate over what it is held against.
        popular: the slate of the statements with the most support, over the same; None: there is none.
    """
    return Figures(case, subject).public(popular)


@dataclass(frozen=True)
class Figures:
    """What the figures are worked out from, and what they have in common.

    Args:
        case: the case.
        subject: the slate.
    """

    case: Case
    subject: Subject

    @property
    def profile(self) -> Profile:
        return self.case.prepared.profile

    @cached_property
    def asked(self) -> Asked:
        return asked_of(self.profile, self.case.prepared.source is not None)

    @cached_property
    def said(self) -> Said:
        return Said(self.profile)

    @cached_property
    def published(self) -> BoolArray:
        """bool [n_statements]: what people could see; where moderation accepted some, what waits is not shown."""
        state, options = self.profile.statements.moderation, self.case.options
        shown = np.zeros(self.profile.n_statements, dtype=bool)
        shown[self.profile.pool(options.strict)] = True
        if state is not None and (state == ACCEPTED).any():
            shown &= state == ACCEPTED
        shown[self.columns] = True
        return shown

    @cached_property
    def columns(self) -> IntArray:
        return self.subject.pool.statements[self.subject.chosen]

    @cached_property
    def reasons(self) -> tuple[str, ...]:
        """For every statement why it could not be chosen; empty where it could."""
        return tuple(self.case.eligible.reasons(self.case.unit))

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """For every statement the language of its text, empty where it is not clear."""
        found = self.case.eligible.verdicts.languages
        if len(found) != self.profile.n_statements:
            found = languages_of(self.profile.statements.texts[:RECOGNISED])
            found = (*found, *[None] * (self.profile.n_statements - len(found)))
        return tuple(code or "" for code in found)

    @property
    def language(self) -> str:
        """The language that the source is mainly in, empty where it is not clear."""
        return language_of(self.case.source, self.languages)

    @cached_property
    def grouped(self) -> tuple[OpinionGroups, IntArray]:
        none = np.full(self.profile.n_agents, -1, dtype=np.int64)
        if self.asked in ("texts", "scores"):
            return OpinionGroups("nobody voted"), none
        points = self.case.prepared.positions(self.subject.pool.statements)
        found = self.case.groups
        member, how = found if found is not None else (np.ones((len(none), 1)), "")
        return grouped(self.said, points, member.argmax(axis=1), np.flatnonzero(self.published), how)

    @cached_property
    def everybody(self) -> IntArray:
        """int64 [n_statements, 3]."""
        found: IntArray = self.said.counts()[0]
        return found

    @cached_property
    def by_group(self) -> IntArray:
        """int64 [groups, n_statements, 3]."""
        groups, label = self.grouped
        return self.said.counts(label, len(groups.groups)) if groups.groups else np.zeros((0, 0, 3), dtype=np.int64)

    def statement(self, column: int) -> Statement:
        """What the page may show of a statement."""
        s, compared = self.profile.statements, self.said.compared
        sizes = [group.people for group in self.grouped[0].groups]
        if self.asked == "texts":
            everybody = Count(0, 0, 0, self.profile.n_agents)
        else:
            everybody = count_of(self.everybody[column], None if compared else self.profile.n_agents)
        own = (count_of(cells[column], None if compared else n) for cells, n in zip(self.by_group, sizes, strict=True))
        return Statement(s.ids[column], s.texts[column], self.languages[column], everybody, tuple(own))

    @cached_property
    def opinions(self) -> IntArray:
        """int64 [n_agents, k]: what everybody said of the list; of texts, whether theirs is close to it."""
        if self.asked != "texts":
            return self.said.opinions(self.columns)
        low, high = self.profile.answers.scale.utility_range
        close = self.subject.slate >= low + CLOSE * (high - low)
        wrote = np.array([any(text.strip() for text in texts) for texts in self.profile.agents.texts], dtype=bool)
        wrote = wrote if len(wrote) else np.zeros(self.profile.n_agents, dtype=bool)
        return np.where(wrote[:, None], np.where(close, FOR, MIDDLE), NOTHING)

    def listed(self) -> tuple[Listed, ...]:
        """The list, in the order of choice."""
        subject, beliefs = self.subject, self.case.beliefs
        chances = None
        if beliefs is not None and self.asked not in ("texts", "scores"):
            chances = beliefs.chances(subject.pool.agents, self.columns)
        needs, verdicts = subject.needs[subject.chosen], self.case.eligible.verdicts
        found = []
        for place, column in enumerate(self.columns.tolist()):
            mine = subject.assignment == place
            kinds = self.opinions[mine, place]
            silent = mine & (self.opinions[:, place] == NOTHING)
            own = Count(*(int((kinds == kind).sum()) for kind in (FOR, MIDDLE, AGAINST, NOTHING)))
            same = [j for j in verdicts.also(column).tolist() if self.published[j]]
            one = self.statement(column)
            found.append(
                Listed(
                    **{entry.name: getattr(one, entry.name) for entry in fields(Statement)},
                    cost=int(subject.pool.costs[subject.chosen[place]]),
                    need=int(needs[place]),
                    people=int(mine.sum()),
                    own=own,
                    expected=0.0 if chances is None else round(float(chances[silent, place].sum()), 3),
                    similar=tuple(map(self.statement, same)),
                )
            )
        return tuple(found)

    def agree(self, subject: Subject) -> IntArray:
        """int64: rows of the people who are for the statement that stands for them."""
        if not len(subject.chosen):
            return np.zeros(0, dtype=np.int64)
        kinds = self.said.opinions(subject.pool.statements[subject.chosen])
        rows = np.flatnonzero(subject.assignment >= 0)
        agrees: IntArray = rows[kinds[rows, subject.assignment[rows]] == FOR]
        return agrees

    def other(self, popular: Subject) -> Other:
        """The list of the statements with the most support."""
        return Other(
            len(self.agree(popular)),
            int((popular.assignment < 0).sum()),
            set(popular.chosen.tolist()) == set(self.subject.chosen.tolist()),
        )

    def divided(self) -> Statement | None:
        """The published opinion with the most votes on both sides, unless it is on the list.

        People differ most in their age or where they grew up, which divides nobody.
        """
        opinion = np.array([reason not in NO_OPINIONS for reason in self.reasons], dtype=bool)
        both = np.where(self.published & opinion, np.minimum(self.everybody[:, FOR], self.everybody[:, AGAINST]), 0)
        if not len(both) or not both.max():
            return None
        column = int(both.argmax())
        return None if column in self.columns.tolist() else self.statement(column)

    def public(self, popular: Subject | None) -> Public:
        """All of it."""
        profile, source, asked = self.profile, self.case.source, self.asked
        nobody = asked in ("texts", "scores")
        shown = np.flatnonzero(self.published)
        left_out = Counter(self.reasons[j] for j in shown.tolist())
        free = left_out.pop("", 0)
        groups, _ = self.grouped
        if groups.groups:
            every = [self.statement(j) if self.published[j] else None for j in range(profile.n_statements)]
            groups = with_marks(groups, every, self.by_group, profile.statements.texts)
        facts, days = source.facts, source.facts.get("days")
        masses = profile.agents.masses
        by_weight = None
        if masses is not None and not nobody:
            by_weight = ByWeight(int(masses[self.agree(self.subject)].sum()), int(masses.sum()))
        return Public(
            asked=asked,
            topic=" ".join(source.topic.split()),
            question=unmarked(_question(source)),
            language=self.language,
            currency=one_line(facts["currency"], 12) if facts.get("currency") else None,
            days=(str(days[0]), str(days[1])) if days else None,
            credits=tuple(str(facts[key]) for key in ("attribution", "licence", "license") if facts.get(key)),
            people=profile.n_agents,
            said=0 if nobody else self._said(shown),
            written=profile.n_statements,
            published=len(shown),
            free=free,
            left_out=dict(sorted(left_out.items())),
            typical=0 if nobody else int(np.median(self._each(shown))),
            on_none=int((self.opinions == NOTHING).all(axis=1).sum()) if len(self.columns) else profile.n_agents,
            unread=sum(note.count for note in profile.notes if note.kind == "dropped"),
            statements=self.listed(),
            left_over=int((self.subject.assignment < 0).sum()),
            groups=groups,
            popular=None if popular is None or nobody else self.other(popular),
            by_weight=by_weight,
            divided=None if nobody else self.divided(),
            declared=() if nobody else declared_columns(profile, self.subject),
        )

    def _said(self, shown: IntArray) -> int:
        if self.said.compared:
            return len(self.profile.comparisons)
        return int(np.isin(self.said.statement, shown).sum())

    def _each(self, shown: IntArray) -> IntArray:
        """int64 [n_agents]: on how many of these statements each said something."""
        m = max(1, self.profile.n_statements)
        pairs = self.said.pairs
        pairs = pairs[self.published[pairs % m]]
        return np.bincount(pairs // m, minlength=self.profile.n_agents)


def _question(source: Profile) -> str:
    """What people were asked, where the source says it."""
    questions = source.facts.get("questions")
    if isinstance(questions, list | tuple) and len(questions) == 1:
        return str(questions[0])
    return str(source.facts.get("description") or "")
