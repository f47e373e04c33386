"""Which statements may be chosen, and why the others may not: for every process, and for the audit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import asdict, dataclass, field, replace
from functools import cache, cached_property
from typing import Any

import numpy as np

from ..profile import ACCEPTED, PENDING, REJECTED, BoolArray, InputError, IntArray, Profile, costs
from ..profile.sentences import noted
from ..queries.texts.languages import LANGUAGES
from ..queries.texts.near_duplicates import NearDuplicates, near_duplicates
from ..queries.texts.recognise import languages_of
from ..queries.texts.speaker import RULED, about_the_speaker
from ..queries.texts.subjects import same_subject
from ..queries.texts.words import different_words, word_count
from .evidence import evidence, lowered
from .rules import REASONS, Rules

#: Fewest words of a sentence: where most texts are shorter, they are names.
SENTENCE = 4


@dataclass(frozen=True)
class Barred:
    """A statement that may not be chosen.

    Args:
        id: of the statement.
        text: as written.
        reason: one of `rules.REASONS`.
        answers: people who answered it.
        said_by: id of the statement that speaks for it; empty where the reason is another one.
        pending: moderation has not accepted it: its text is for the organisers' list, not for a public page.
    """

    id: str
    text: str
    reason: str
    answers: int
    said_by: str = ""
    pending: bool = False


@dataclass(frozen=True, eq=False)
class Eligibility:
    """Which statements of a profile may be chosen.

    Args:
        profile: with the statements.
        rules: that were asked for.
        reasons: id of the reason of every statement, one of `rules.REASONS`; empty: it may be chosen.
        said_by: int64 [n_statements] column of the statement that speaks for this one, -1: it speaks for itself.
        answers: int64 [n_statements] people who answered each.
        min_answers: answers that were enough in the end, `Rules.min_answers` or fewer.
        notes: a sentence for whatever was lowered or not applied.
        languages: code of every statement's language or None; empty where no rule looks at texts.
        compared: int64: columns of the statements among which near-duplicates were looked for.
        duplicates: which of them are near, by their places in ``compared``; None where that was not looked for.
    """

    profile: Profile
    rules: Rules
    reasons: tuple[str, ...]
    said_by: IntArray
    answers: IntArray
    min_answers: int
    notes: tuple[str, ...] = ()
    languages: tuple[str | None, ...] = ()
    compared: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    duplicates: NearDuplicates | None = None
    _near: dict[int, IntArray] = field(default_factory=dict, repr=False)

    @cached_property
    def may_be_chosen(self) -> BoolArray:
        """bool [n_statements]."""
        return np.array([not reason for reason in self.reasons], dtype=bool)

    @cached_property
    def same_subject(self) -> tuple[tuple[int, int], ...]:
        """Pairs of columns of statements that may be chosen and are about the same subject; none among mere names."""
        if self.duplicates is None:
            return ()
        columns = np.flatnonzero([reason != "rejected" for reason in self.reasons])
        texts = [self.profile.statements.texts[j] for j in columns.tolist()]
        languages = [self.languages[j] for j in columns.tolist()]
        among = np.flatnonzero(self.may_be_chosen[columns])
        pairs = same_subject(texts, self.profile.answers, columns, among, languages)
        return tuple((int(one), int(other)) for one, other in columns[pairs])

    @property
    def columns(self) -> IntArray:
        """int64: columns of the statements that may be chosen, in order."""
        return np.flatnonzero(self.may_be_chosen)

    @property
    def counts(self) -> dict[str, int]:
        """How many statements may not be chosen, by reason; reasons of none are 0."""
        found = Counter(self.reasons)
        return {reason: found[reason] for reason in REASONS}

    @property
    def barred(self) -> tuple[Barred, ...]:
        """Every statement that may not be chosen: by reason in their order, then most answers first.

        Statements that moderation rejected are counted, not listed: their texts are not for the public.
        """
        order = list(REASONS)
        places = [j for j, reason in enumerate(self.reasons) if reason not in ("", "rejected")]
        places.sort(key=lambda j: (order.index(self.reasons[j]), -int(self.answers[j]), j))
        s = self.profile.statements
        return tuple(
            Barred(
                s.ids[j],
                s.texts[j],
                self.reasons[j],
                int(self.answers[j]),
                s.ids[self.said_by[j]] if self.said_by[j] >= 0 else "",
                s.moderation is not None and bool(s.moderation[j] == PENDING),
            )
            for j in places
        )

    def also(self, column: int) -> IntArray:
        """int64: columns of the statements that this one speaks for, most answers first; empty if it is barred."""
        found = np.flatnonzero(self.said_by == column)
        return found[np.argsort(-self.answers[found], kind="stable")]

    def same_group(self, column: int) -> IntArray:
        """int64: columns of the statements that say nearly the same as this one, itself among them, in order.

        For an audit: whoever is content with one of them is content with the chosen one. Also of a statement that may
        not be chosen (a slate written by hand may hold one), but never statements that moderation rejected, and only
        itself where duplicates are not looked for.

        Args:
            column: of the statement in the profile.
        """
        if column not in self._near:
            self._near[column] = self._same_group(column)
        return self._near[column]

    def _same_group(self, column: int) -> IntArray:
        itself = np.array([column], dtype=np.int64)
        if self.duplicates is None or self.reasons[column] == "rejected":
            return itself
        columns, near = np.union1d(self.compared, itself), self.duplicates
        if len(columns) > len(self.compared):
            near = _near(self.profile, columns, self.languages)
        return np.union1d(columns[near.near(int(np.searchsorted(columns, column)))], itself)

    def as_dict(self) -> dict[str, Any]:
        """Ready for JSON: rules, answers that were enough, counts, notes, and the list of what is barred."""
        return {
            "rules": asdict(self.rules),
            "min_answers": self.min_answers,
            "eligible": int(self.may_be_chosen.sum()),
            "counts": self.counts,
            "notes": list(self.notes),
            "barred": [asdict(each) for each in self.barred],
        }


def eligible(
    profile: Profile,
    rules: Rules | None = None,
    *,
    keep: Collection[str] = (),
    avoid: Collection[str] = (),
    budget: int | None = None,
    unit: str = "words",
) -> Eligibility:
    """Says which statements may be chosen.

    The rules are asked in the order of `rules.REASONS`, and the first one that bars a statement is its reason. Which of
    them fit depends on the source. Complete ballots (an election, a participatory budget) lack no answers and name
    projects, so only moderation counts. Where most of what people answered is named in fewer than four words (dishes,
    candidates), no rule looks at texts (but `Rules.names_too`). Otherwise all apply, those about the speaker in the
    languages that have rules. `Eligibility.notes` says what was not applied.

    Of near-duplicates (`queries.texts.near_duplicates`) the one that most people answered speaks for the others (ties:
    the first one in the source). Where the floor of answers is lowered they count as one candidate.

    Args:
        profile: with the statements.
        rules: None: the usual ones.
        keep: ids of statements that are locked in: no rule bars them, and they speak for what is near them.
        avoid: ids of statements that are locked out: they may be chosen as far as these rules go (whoever locks them
            out keeps them out), but speak for others only where nothing else can.
        budget: of the slate; None: ``min_answers`` is never lowered.
        unit: of the budget, as in `profile.costs`.

    Raises:
        InputError: an id that is not in the profile, a statement to keep that moderation rejected, a budget below 1.
    """
    rules = rules or Rules()
    if budget is not None and budget < 1:
        raise InputError(f"budget must be at least 1, not {budget}")
    locked, shunned = _columns(profile, keep), _columns(profile, avoid)
    s, m = profile.statements, profile.n_statements
    moderation = s.moderation if s.moderation is not None else np.full(m, ACCEPTED, dtype=np.int8)
    answers = evidence(profile)
    kinds = s.kinds or ("",) * m
    notes: list[str] = []
    reasons = np.full(m, "", dtype=object)
    kept = np.isin(np.arange(m), locked)

    def bar(reason: str, which: BoolArray) -> None:
        reasons[which & (reasons == "") & ~kept] = reason

    rejected = moderation == REJECTED
    if (rejected & kept).any():
        name = s.ids[int(np.flatnonzero(rejected & kept)[0])]
        raise InputError(f"statement {name!r} was rejected by moderation and is not in the pool")
    bar("rejected", rejected)
    bar("not_accepted", (moderation < ACCEPTED) & rules.strict)
    complete = profile.answers.scale.complete
    sentences = not complete and _sentences(profile, rules, answers, reasons == "", notes)
    counted = sentences or (rules.names_too and rules.min_words > 0)
    if complete and not counted and replace(rules, names_too=False) != Rules.none():
        notes.append(noted("Ballots are complete, so nothing is left out for its text or for too few answers."))
    texts = [text if reason == "" else "" for text, reason in zip(s.texts, reasons, strict=True)]
    languages = languages_of(texts) if counted else ()
    none = np.zeros(m, dtype=bool)
    short = speaker = none
    if counted:
        joined = [code in LANGUAGES and LANGUAGES[code].compounds for code in languages]
        words = [min(word_count(t, c), different_words(t, c)) for t, c in zip(texts, joined, strict=True)]
        short = np.array(words, dtype=np.int64) < rules.min_words
    if sentences and rules.about_the_speaker:
        speaker = np.array([about_the_speaker(t, code) for t, code in zip(texts, languages, strict=True)], dtype=bool)
        # What the source says of a statement counts for more than what its words look like.
        speaker &= np.array([kind != "opinion" for kind in kinds], dtype=bool)
    if rules.about_the_speaker and not complete:
        speaker = speaker | np.array([kind == "about the speaker" for kind in kinds], dtype=bool)
    meta = np.array([kind == "metadata" for kind in kinds], dtype=bool) if rules.metadata and not complete else none
    compare = sentences and rules.duplicates
    first = np.lexsort((np.arange(m), -answers, np.isin(np.arange(m), shunned)))

    @cache
    def duplicates(key: bytes) -> NearDuplicates:
        return _near(profile, np.frombuffer(key, dtype=np.int64), languages)

    def spoken_for(which: BoolArray, among: BoolArray) -> IntArray:
        """int64 [m]: column of what speaks for each of some statements, of near-duplicates among more; -1: itself."""
        columns = np.flatnonzero(among)
        place = np.cumsum(among) - 1
        inside = first[which[first]]
        spoken = duplicates(columns.tobytes()).spoken_for(
            place[inside].tolist(), place[np.flatnonzero(kept & which)].tolist()
        )
        found = np.full(m, -1, dtype=np.int64)
        found[columns[spoken >= 0]] = columns[spoken[spoken >= 0]]
        return found

    def distinct(which: BoolArray, widest: BoolArray) -> int:
        return int(which.sum() - (spoken_for(which, widest) >= 0).sum()) if compare else int(which.sum())

    floor = 0 if complete else rules.min_answers
    fixed = (moderation == PENDING) & rules.evidence_for_pending
    if floor and not answers.any():
        floor = 0
        notes.append(noted("Nobody has answered anything yet, so nothing is left out for too few answers."))
    elif floor and budget is not None:
        others = (reasons == "") & ~(short | speaker | meta)
        floor = lowered(floor, answers, others | kept, fixed, costs(profile, unit), budget, distinct)
        if floor < rules.min_answers:
            notes.append(_lowered(rules.min_answers, floor, bool((fixed & others).any())))
    asked = np.where(fixed, rules.min_answers if answers.any() and not complete else 0, floor)
    bar("too_few_answers", answers < asked)
    bar("too_little_text", short)
    bar("about_the_speaker", speaker)
    bar("metadata", meta)
    passed, near = np.flatnonzero(reasons == ""), None
    said_by = np.full(m, -1, dtype=np.int64)
    if sentences and rules.about_the_speaker:
        notes += _without_rules([languages[j] for j in passed.tolist()])
    if compare:
        near, said_by = duplicates(passed.tobytes()), spoken_for(reasons == "", reasons == "")
        bar("said_better_elsewhere", said_by >= 0)
    return Eligibility(
        profile, rules, tuple(reasons.tolist()), said_by, answers, floor, tuple(notes), languages, passed, near
    )


def _near(profile: Profile, columns: IntArray, languages: tuple[str | None, ...]) -> NearDuplicates:
    places = columns.tolist()
    texts = [profile.statements.texts[j] for j in places]
    return near_duplicates(texts, profile.answers, columns, [languages[j] for j in places])


def _sentences(profile: Profile, rules: Rules, answers: IntArray, pool: BoolArray, notes: list[str]) -> bool:
    """Whether the statements are sentences, so that rules about texts fit; a note where they are not."""
    if not (rules.min_words or rules.about_the_speaker or rules.duplicates):
        return False
    names = rules.pool_of_names
    if names is None:
        # Of those that people answered: a conversation may be full of scribbles that nobody ever saw.
        known = pool & (answers >= max(rules.min_answers, 1))
        known = known if known.any() else pool
        lengths = [word_count(profile.statements.texts[j]) for j in np.flatnonzero(known)]
        names = 2 * sum(length >= SENTENCE for length in lengths) < len(lengths)
    if names and not (rules.names_too and rules.min_words):
        notes.append(noted("Most of what can be chosen are names, not sentences, so nothing is left out for its text."))
    elif names and (rules.about_the_speaker or rules.duplicates):
        notes.append(
            noted("Most of what can be chosen are names, not sentences, so no other rule looks at their texts.")
        )
    return not names


def _columns(profile: Profile, names: Collection[str]) -> IntArray:
    if isinstance(names, str):
        raise InputError(f"statements are named in a list, not in the text {names!r}")
    index = profile.statement_index
    unknown = [name for name in names if name not in index]
    if unknown:
        raise InputError(f"the source has no statement {unknown[0]!r}; lock statements by the ids of the source")
    return np.array([index[name] for name in names], dtype=np.int64)


def _lowered(wanted: int, floor: int, pending: bool) -> str:
    if pending:
        return noted(
            f"Too few different statements have {wanted} answers for this budget, so {floor} "
            f"{'is' if floor == 1 else 'are'} enough here (still {wanted} for statements that moderation has not "
            "accepted)."
        )
    return noted(
        f"Too few different statements have {wanted} answers for this budget, so {floor} "
        f"{'is' if floor == 1 else 'are'} enough here."
    )


def _without_rules(languages: list[str | None]) -> list[str]:
    """A sentence on statements in languages without rules about the speaker; none where all have rules."""
    counts = Counter(code for code in languages if code not in RULED)
    if not counts:
        return []
    parts = [noted(f"{n} in {LANGUAGES[code].name}") for code, n in counts.most_common() if code is not None]
    parts += [noted(f"{counts[None]} in a language that was not recognised")] if counts[None] else []
    known, others = ", ".join(LANGUAGES[code].name for code in RULED), "; ".join(parts)
    return [noted(f"Statements about their authors are told by rules for {known} only; not looked at: {others}.")]
