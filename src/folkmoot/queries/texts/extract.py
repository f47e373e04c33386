"""Candidate statements out of what participants wrote: their own clauses, word for word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from ...preferences.sentences import sentence_spans
from ...profile import REJECTED, FloatArray, InputError, IntArray, Note, Profile, Provenance, words
from ...profile.sentences import noted
from .clauses import clause_spans
from .recognise import languages_of
from .same import same_texts
from .telling import EMPTY, SHORT, bare, unused, worth
from .words import word_count

Vectors = Callable[[Sequence[str]], FloatArray]
"""Unit vectors of texts, float64 [n_texts, d], e.g. `preferences.models.text_similarity.Embedding().vectors`."""

SHORTEST = 3
"""Words of a statement where most people wrote no more than a few."""

NOT_PUT_UP = ", not put up for choice"
"""How notes on sentences end that cannot be chosen."""

JOINED = "clauses that say the same as an earlier one in another spelling: one statement of all their authors"
"""The note on clauses that were joined."""

GROUP = 10
"""People in a group of nearest people (Fish et al. 2024, 4: groups of 5 and 10)."""

CELLS = 1 << 21
"""Centres times clauses compared at once."""


@dataclass
class _Candidate:
    """A clause with its authors."""

    text: str
    first: int
    rank: int
    authors: dict[int, None] = field(default_factory=dict)


def extract(
    profile: Profile,
    max_words: int,
    min_words: int = 3,
    limit: int = 2000,
    vectors: Vectors | None = None,
    telling: bool = False,
) -> Profile:
    """The profile with the participants' own clauses added as statements.

    Clauses that say the same in another spelling (`same.same_texts`) are one statement in the words of the first, with
    all their authors in its provenance; what
    is already among the statements is not added again, and texts that moderation rejected are not cut up. Ids are
    ``<agent id>.<number of the clause>``, of the first author.

    Where there are more than ``limit`` of them and ``vectors`` is given, they are chosen for groups: one person after
    another is the centre of a group of the nearest people, and the group's clause with the highest mean similarity to
    its members (each by the nearest of their own clauses) is kept. Without ``vectors`` everybody keeps the same number
    of their first clauses, as far as they have that many. Either way is deterministic, and what is left out is counted.

    Args:
        profile: a profile with texts of its agents.
        max_words: the most words of a clause, see `clauses.clauses`.
        min_words: the fewest words of a clause, counted in the same way.
        limit: the most statements to add, at least 1.
        vectors: the embedding by which texts are compared, e.g. ``Embedding().vectors``.
        telling: whether only those clauses are added that can stand by themselves as far as `telling.worth` can tell:
            of everybody the best they wrote, without stray marks. Where fewer than half of the people would then have
            any clause, because answers are short, `SHORTEST` words are enough.

    Returns:
        The profile with statements of provenance ``extracted`` at the end, and notes on what was left out.

    Raises:
        InputError: nobody wrote anything, or ``max_words`` or ``limit`` is below 1.
    """
    if limit < 1:
        raise InputError(f"limit is {limit}; at least 1 statement must be allowed")
    if not any(profile.agents.texts):
        raise InputError("the source has no texts of participants to take statements from; name the text columns")
    candidates, notes = (_told if telling else _candidates)(profile, max_words, min_words)
    found = len(candidates)
    candidates = _joined(candidates)
    if len(candidates) < found:
        notes.append(Note("changed", JOINED, found - len(candidates)))
    if len(candidates) > limit:
        by_author = _by_author(candidates, profile.n_agents)
        if vectors is None:
            chosen, how = _equal_prefix(by_author, limit), noted("everybody's first ones kept")
        else:
            chosen, how = (
                _groups(candidates, by_author, limit, vectors),
                noted("those nearest to groups of people kept"),
            )
        notes.append(Note("dropped", f"clauses beyond the limit of {limit}: {how}", len(candidates) - limit))
        candidates = [candidates[place] for place in sorted(chosen)]
    ids = profile.agents.ids
    taken = set(profile.statements.ids)
    names = []
    for candidate in candidates:
        number = candidate.rank + 1
        while (name := f"{ids[candidate.first]}.{number}") in taken:
            number += 1
        taken.add(name)
        names.append(name)
    return replace(
        profile.with_statements(
            names,
            [candidate.text for candidate in candidates],
            [Provenance("extracted", tuple(ids[agent] for agent in candidate.authors)) for candidate in candidates],
        ),
        notes=profile.notes + tuple(notes),
    )


def _candidates(profile: Profile, max_words: int, min_words: int) -> tuple[list[_Candidate], list[Note]]:
    """Distinct clauses in order of first appearance, and notes on what was left out."""
    moderation = profile.statements.moderation
    keys = [_key(text) for text in profile.statements.texts]
    listed = set(keys)
    rejected = set() if moderation is None else {keys[column] for column in np.flatnonzero(moderation == REJECTED)}
    candidates: dict[str, _Candidate] = {}
    left = {
        noted(f"clauses of more than {max_words} words that cannot be cut"): 0,
        noted(f"clauses of fewer than {min_words} words"): 0,
        noted("texts of participants that moderation rejected, not used for statements"): 0,
    }
    uncut, short, barred = left
    for agent, texts in enumerate(profile.agents.texts):
        rank = 0
        for text in texts:
            if _key(text) in rejected:
                left[barred] += 1
                continue
            for start, end, fits in clause_spans(text, max_words):
                clause = text[start:end]
                key = _key(clause)
                if not fits:
                    left[uncut] += 1
                elif words(clause) < min_words:
                    left[short] += 1
                elif key not in listed:
                    candidate = candidates.setdefault(key, _Candidate(clause, agent, rank))
                    candidate.authors[agent] = None
                    rank += 1
    # A clause of one or two words is no statement; a sentence that cannot be cut might have been one.
    kinds: dict[str, Literal["dropped", "unused"]] = {uncut: "dropped", short: "unused", barred: "unused"}
    return list(candidates.values()), [Note(kinds[what], what, count) for what, count in left.items() if count]


@dataclass(frozen=True)
class _Clause:
    """A clause of somebody's text, with its number among theirs and what it is worth."""

    agent: int
    rank: int
    text: str
    words: int
    worth: int
    reason: str


def _told(profile: Profile, max_words: int, min_words: int) -> tuple[list[_Candidate], list[Note]]:
    """Of everybody the best clauses of enough words, distinct, and notes on what was left out."""
    moderation, keys = profile.statements.moderation, [_key(text) for text in profile.statements.texts]
    rejected = set() if moderation is None else {keys[column] for column in np.flatnonzero(moderation == REJECTED)}
    barred = uncut = 0
    everybody: list[list[_Clause]] = []
    languages = languages_of(["\n".join(texts) for texts in profile.agents.texts])
    for agent, texts in enumerate(profile.agents.texts):
        own: list[_Clause] = []
        number = 0
        for text in texts:
            if _key(text) in rejected:
                barred += 1
                continue
            wholes = set(sentence_spans(text))
            for start, end, fits in clause_spans(text, max_words):
                if not fits:
                    uncut += 1
                    continue
                clause = text[slice(*bare(text, start, end))]
                value, reason = worth(clause, languages[agent], (start, end) in wholes)
                own.append(_Clause(agent, number, clause, word_count(clause), value, reason))
                # Numbers count what is long enough without this rule, too: an id is the same either way.
                number += words(text[start:end]) >= SHORTEST
        everybody.append(own)
    writers = sum(any(text.strip() for text in texts) for texts in profile.agents.texts)
    least = min_words
    if 2 * sum(any(_fits(one, least) for one in own) for own in everybody) < writers:
        least = min(SHORTEST, min_words)
    candidates: dict[str, _Candidate] = {}
    counts: Counter[str] = Counter()
    for own in everybody:
        best = min((one.worth for one in own if _fits(one, least)), default=EMPTY)
        for one in own:
            if not _fits(one, least):
                counts[one.reason if one.worth == EMPTY else SHORT] += 1
            elif one.worth > best:
                counts[one.reason] += 1
            elif (key := _key(one.text)) not in keys:
                candidates.setdefault(key, _Candidate(one.text, one.agent, one.rank)).authors[one.agent] = None
    notes = [Note("unused", f"{what}{NOT_PUT_UP}", n) for what, n in unused(counts, least)]
    if uncut:
        notes.insert(0, Note("dropped", f"clauses of more than {max_words} words that cannot be cut", uncut))
    if barred:
        notes.append(Note("unused", "texts of participants that moderation rejected, not used for statements", barred))
    return list(candidates.values()), notes


def _fits(one: _Clause, least: int) -> bool:
    return one.words >= least and one.worth < EMPTY


def _key(text: str) -> str:
    return " ".join(text.casefold().split())


def _joined(candidates: list[_Candidate]) -> list[_Candidate]:
    """Candidates that say the same as one, the first, with everybody who wrote one of them."""
    speaker = same_texts([candidate.text for candidate in candidates]).speaker.tolist()
    for at, candidate in zip(speaker, candidates, strict=True):
        candidates[at].authors.update(candidate.authors)
    return [candidate for place, candidate in enumerate(candidates) if speaker[place] == place]


def _by_author(candidates: list[_Candidate], n_agents: int) -> list[list[int]]:
    """For every agent the places of the candidates they wrote, in their order."""
    own: list[list[int]] = [[] for _ in range(n_agents)]
    for place, candidate in enumerate(candidates):
        for agent in candidate.authors:
            own[agent].append(place)
    return own


def _equal_prefix(own: list[list[int]], limit: int) -> set[int]:
    """Everybody's first clauses, equally many each; the last round goes to people evenly spread over the order."""
    chosen: set[int] = set()
    for turn in range(max(map(len, own))):
        new = list(dict.fromkeys(places[turn] for places in own if turn < len(places) and places[turn] not in chosen))
        chosen.update(_spread(new, limit - len(chosen)))
        if len(chosen) == limit:
            break
    return chosen


def _spread(entries: list[int], most: int) -> list[int]:
    """At most that many entries, evenly spread."""
    if len(entries) <= most:
        return entries
    return [entries[place * len(entries) // most] for place in range(most)]


def _groups(candidates: list[_Candidate], own: list[list[int]], limit: int, vectors: Vectors) -> set[int]:
    """For groups of nearest people in turn, the clause that is nearest to the whole group."""
    people = _Writers.of([places for places in own if places], vectors([candidate.text for candidate in candidates]))
    chosen: set[int] = set()
    waiting = [iter(ranked) for ranked in people.ranked(_spread(list(range(len(people.counts))), limit))]
    while waiting and len(chosen) < limit:
        still = []
        for ranked in waiting:
            best = next((place for place in ranked if place not in chosen), None)
            if best is not None and len(chosen) < limit:
                chosen.add(best)
                still.append(ranked)
        waiting = still
    if len(chosen) < limit:
        rest = [places for places in ([place for place in entry if place not in chosen] for entry in own) if places]
        chosen |= _equal_prefix(rest, limit - len(chosen))
    return chosen


@dataclass(frozen=True)
class _Writers:
    """The authors: which clauses (rows of ``flat``) are whose, and the clauses' vectors."""

    points: FloatArray
    flat: IntArray
    starts: IntArray
    counts: IntArray

    @classmethod
    def of(cls, own: list[list[int]], points: FloatArray) -> _Writers:
        counts = np.array([len(places) for places in own], dtype=np.int64)
        flat = np.array([place for places in own for place in places], dtype=np.int64)
        return cls(points, flat, np.cumsum(counts) - counts, counts)

    def ranked(self, centres: list[int]) -> Iterator[list[int]]:
        """For every centre the clauses of the people nearest to it, best first."""
        width = max(1, CELLS // len(self.flat))
        for start in range(0, len(centres), width):
            block = np.array(centres[start : start + width], dtype=np.int64)
            mine, first = self._rows(block)
            similar = self.points @ self.points[self.flat[mine]].T
            nearness = np.maximum.reduceat(np.maximum.reduceat(similar, first, axis=1)[self.flat], self.starts, axis=0)
            for group in np.argsort(-nearness, axis=0, kind="stable")[:GROUP].T:
                yield self._best(group)

    def _best(self, group: IntArray) -> list[int]:
        """The group's clauses, those with the highest mean similarity to its members first."""
        rows, first = self._rows(group)
        places = self.flat[rows]
        candidates = np.unique(places)
        utilities = np.maximum.reduceat(self.points[places] @ self.points[candidates].T, first, axis=0)
        return [int(place) for place in candidates[np.argsort(-utilities.sum(axis=0), kind="stable")]]

    def _rows(self, writers: IntArray) -> tuple[IntArray, IntArray]:
        """Rows of ``flat`` that belong to these writers, and where each one's begin."""
        lengths = self.counts[writers]
        first = np.cumsum(lengths) - lengths
        return np.repeat(self.starts[writers] - first, lengths) + np.arange(lengths.sum()), first
