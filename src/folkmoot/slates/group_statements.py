"""A statement that a language model writes for every opinion group, with what people of the group wrote behind it.

Where people voted or rated, the groups are the opinion groups of the conversation (`preferences.opinion_groups`); where
they only wrote, those who stand behind the same statement of the slate, since texts tell what people write about and
not which side they are on. A statement whose figures, names or quotations none of the group's texts has is written once
more, and then held back: it stands with what is wrong with it, for people to judge, and is never among the others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..profile import InputError, IntArray, Profile, Slate, WorkError, recorded_assignment
from ..profile.sentences import noted
from ..profile.streams import Stream, stream
from ..queries.language.lint import NOT_CHECKED, UNCHECKED, UNFOUNDED, Finding, lint
from .citations import Citation, Vectors, behind

if TYPE_CHECKING:
    from ..llm import Model
    from ..queries.language.writer import Written

SUFFIX = ".groups.json"
# The most words of a group's statement.
WORDS = 40
# Whoever is in a smaller group could be told by its statement.
LEAST = 3
# So often is a statement asked for that has something nobody wrote.
ATTEMPTS = 3

OPINION = noted("opinion groups, by people's answers")
BEHIND = noted("who stands behind the same statement of the slate")
NO_STATEMENT = noted("no statement was written")
_REFUSED = "not in the pool"  # as `Writer` has it, with its reason
_TWICE = "is there already"


@dataclass(frozen=True)
class GroupStatement:
    """What was written for one group.

    Args:
        people: how many people are in the group.
        writers: how many of them wrote something.
        text: the statement; empty where none was written.
        citations: what comes nearest to it of what they wrote, each of another person.
        findings: what of the statement none of their texts has, or why there is none; with any, it is held back.
        about: the statement of the slate that these people stand behind, by its id; empty for opinion groups.
        attempts: how often it was asked for.
    """

    people: int
    writers: int
    text: str
    citations: tuple[Citation, ...]
    findings: tuple[Finding, ...]
    about: str = ""
    attempts: int = 1

    @property
    def held_back(self) -> bool:
        """Whether it may not stand among the others."""
        return not self.text or any(finding.kind != NOT_CHECKED for finding in self.findings)


@dataclass(frozen=True)
class GroupStatements:
    """Everything that was written for the groups of a source.

    Args:
        model: the name of the model that wrote; empty: not known.
        how: what the groups are.
        groups: the groups with their statements, the largest first.
        apart: people who are in no group that is large enough.
    """

    model: str
    how: str
    groups: tuple[GroupStatement, ...]
    apart: int

    def to_json(self) -> str:
        """As kept beside the slate; participants' ids are in it, so it is for the organisers, as ``slate.json`` is."""
        groups = [asdict(one) | {"held_back": one.held_back} for one in self.groups]
        return json.dumps(asdict(self) | {"groups": groups}, ensure_ascii=False, indent=1) + "\n"


def group_statements(
    profile: Profile,
    slate: Slate,
    model: Model,
    *,
    words: int = WORDS,
    most: int = 3,
    structured: bool = False,
    vectors: Vectors | None = None,
) -> GroupStatements:
    """Has a statement written for every group; one call each, and one more for its control question.

    Args:
        profile: the people with what they wrote.
        slate: a slate of theirs.
        model: the model that writes.
        words: the most words of a statement.
        most: the most citations of a statement.
        structured: whether the model is asked for structured answers.
        vectors: the embedding by which sentences are compared; None: the bundled one.

    Raises:
        InputError: nobody wrote anything, or there are no groups that are large enough.
        WorkError: nothing was written for any group.
        MissingExtraError: the ``text`` extra is not installed.
    """
    from ..queries.language.disc import LanguageDisc
    from ..queries.language.people import people as shown
    from ..queries.language.writer import Group, Writer

    if words < 1 or most < 1:
        raise InputError("a statement needs at least 1 word, and 1 citation")
    if not any(text.strip() for texts in profile.agents.texts for text in texts):
        raise InputError("nobody wrote anything in this source, so nothing can be written from it and nothing cited")
    people = shown(profile, votes=False)
    labels, how, about = _groups(profile, slate)
    rows = [np.flatnonzero(labels == place) for place in range(int(labels.max(initial=-1)) + 1)]
    rows = [group for group in rows if len(group) >= LEAST and any(people.texts[int(row)] for row in group)]
    rows.sort(key=lambda group: (-len(group), int(group[0])))
    if not rows:
        raise InputError(f"no group of at least {LEAST} people wrote anything; there is nothing to write for")
    disc = LanguageDisc(model, people, weight=0.0, structured=structured)
    writer = Writer(
        model, disc, profile.topic, "words", profile.agents.ids, "cluster-statement", control=True,
        structured=structured,
    )  # fmt: skip
    # Everybody's text is more than one request holds; the same people are drawn every time.
    sources = [_drawn(group, place) for place, group in enumerate(rows)]
    written: list[Written | None] = [None] * len(rows)
    attempts = [0] * len(rows)
    for turn in range(ATTEMPTS):
        again = [k for k, one in enumerate(written) if one is None or _wrong(profile, rows[k], one)]
        if not again:
            break
        before = len(writer.written)
        writer.write([Group("opinion group", sources[k], 0.0 if not turn else 0.7) for k in again], words, None, turn)
        new = {one.group.agents.tobytes(): one for one in writer.written[before:]}
        for place in again:
            attempts[place] += 1
            found = new.get(sources[place].tobytes())
            first = written[place]
            if found is not None and (first is None or not _wrong(profile, rows[place], found)):
                written[place] = found
    if not any(written):
        reasons = (
            "; ".join(reason for reason, _ in writer.tally.reasons.most_common(2)) or "none had the form asked for"
        )
        raise WorkError(f"no statement was written for any group ({reasons}); try another model")
    if vectors is None:
        from ..preferences.models.text_similarity import Embedding

        vectors = Embedding().vectors
    groups = tuple(
        _one(profile, group, one, most, vectors, about.get(int(labels[group[0]]), ""), tries)
        for group, one, tries in zip(rows, written, attempts, strict=True)
    )
    endpoint = getattr(model, "endpoint", None)
    apart = profile.n_agents - sum(one.people for one in groups)
    return GroupStatements("" if endpoint is None else endpoint.model, how, groups, apart)


def beside(slate_file: Path) -> Mapping[str, Any] | None:
    """What was written for the groups of this slate, from the file beside it; None where there is none.

    Raises:
        InputError: the file cannot be read.
    """
    file = slate_file.with_suffix(SUFFIX)
    if not file.is_file():
        return None
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(found, dict) or not all(isinstance(one["text"], str) for one in found["groups"]):
            raise ValueError
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError("is not what folkmoot llm groups wrote; remove it, or write it anew", file=file) from None
    return found


def _groups(profile: Profile, slate: Slate) -> tuple[IntArray, str, dict[int, str]]:
    """Everybody's group (-1: none), what the groups are, and the statement of the slate behind each."""
    if len(profile.answers) or len(profile.comparisons):
        from ..engines.embedded import prepare
        from ..preferences.opinion_groups import memberships

        prepared = prepare(profile, "auto", seed=slate.seed)
        member, _ = memberships(prepared.disc, getattr(prepared.disc, "model", None), profile)
        return member.argmax(axis=1), OPINION, {}
    place = recorded_assignment(profile, slate)
    if place is None:
        raise InputError("people only wrote, and the slate does not say whom its statements represent: nobody is told "
                         "from anybody; take a slate that folkmoot slate made")  # fmt: skip
    return np.asarray(place, dtype=np.int64), BEHIND, {k: one.id for k, one in enumerate(slate.statements)}


def _drawn(rows: IntArray, place: int, most: int = 200) -> IntArray:
    return rows if len(rows) <= most else np.sort(stream(place, Stream.AMONG, 0).choice(rows, most, replace=False))


def _one(
    profile: Profile, rows: IntArray, written: Written | None, most: int, vectors: Vectors, about: str, attempts: int
) -> GroupStatement:
    names = [profile.agents.ids[int(row)] for row in rows]
    text = "" if written is None else written.text
    writers, citations, findings = behind(profile, text, names, most, vectors)
    if written is None:
        return GroupStatement(len(rows), writers, "", (), (Finding(NO_STATEMENT),), about, attempts)
    if wrong := _wrong(profile, rows, written):
        findings = tuple(dict.fromkeys([*findings, *wrong]))
    return GroupStatement(len(rows), writers, text, citations, findings, about, attempts)


def _wrong(profile: Profile, rows: IntArray, written: Written) -> list[Finding]:
    """Why a statement may not stand: what no text of the whole group has, and why the writer held it back."""
    texts = [text for row in rows for text in profile.agents.texts[int(row)]]
    found = [one for one in lint(written.text, [profile.topic, *texts], profile.agents.ids) if one.kind != NOT_CHECKED]
    found += [one for one in written.findings if one.kind in (UNFOUNDED, UNCHECKED)]
    found += [one for one in written.findings if one.kind == _REFUSED and one.what != _TWICE and not found]
    return found
