"""What people wrote behind a statement: word for word, for every statement that somebody else than they wrote.

A citation is a whole sentence of a person whom the statement represents, taken out of their text as it stands, so it is
exact by construction and is checked all the same. What of the statement itself no text of these people has (figures,
names, quotations) is listed beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ..preferences.sentences import sentence_spans
from ..profile import FloatArray, InputError, Profile, Slate, WorkError, words
from ..queries.language.lint import Finding, lint
from ..queries.language.people import addressed

# Sentences of fewer words say too little by themselves.
FEWEST = 4

Vectors = Callable[[Sequence[str]], FloatArray]


@dataclass(frozen=True)
class Citation:
    """A sentence of somebody's.

    Args:
        agent: the id of the person.
        text: which of the person's texts it is from, from 0.
        start: the place of its first character in that text.
        quote: the sentence, as it stands there.
        near: how near it comes to the statement, the cosine of their embeddings.
    """

    agent: str
    text: int
    start: int
    quote: str
    near: float


@dataclass(frozen=True)
class Cited:
    """A statement with what is behind it.

    Args:
        id: of the statement.
        text: of the statement.
        people: how many people it represents.
        writers: how many of them wrote something.
        citations: what comes nearest to it of what they wrote, each of another person, the nearest first.
        findings: what of the statement none of their texts has.
    """

    id: str
    text: str
    people: int
    writers: int
    citations: tuple[Citation, ...]
    findings: tuple[Finding, ...]


def cited(profile: Profile, slate: Slate, most: int = 3, vectors: Vectors | None = None) -> tuple[Cited, ...]:
    """The statements of a slate with citations.

    Args:
        profile: the people with what they wrote.
        slate: the slate, with the people that its statements represent.
        most: the most citations of a statement, at least 1.
        vectors: the embedding by which sentences are compared; None: the bundled one.

    Raises:
        InputError: nobody wrote anything, the slate does not say whom its statements represent, or it is of others.
        MissingExtraError: the ``text`` extra is not installed.
    """
    if most < 1:
        raise InputError(f"{most} citations of a statement; at least 1 is needed")
    if not any(text.strip() for texts in profile.agents.texts for text in texts):
        raise InputError("nobody wrote anything in this source, so there is nothing to cite")
    if not any(one.agents for one in slate.statements):
        raise InputError("the slate does not say whom its statements represent; take one that folkmoot slate made")
    if vectors is None:
        from ..preferences.models.text_similarity import Embedding

        vectors = Embedding().vectors
    return tuple(
        Cited(one.id, one.text, len(one.agents), *behind(profile, one.text, one.agents, most, vectors))
        for one in slate.statements
    )


def behind(
    profile: Profile, statement: str, agents: Sequence[str], most: int, vectors: Vectors
) -> tuple[int, tuple[Citation, ...], tuple[Finding, ...]]:
    """How many of these people wrote something, what of it comes nearest, and what of the statement none of it has.

    Args:
        profile: the people with what they wrote.
        statement: the statement.
        agents: the ids of the people.
        most: the most citations.
        vectors: the embedding by which sentences are compared.

    Raises:
        InputError: one of them is not in the source.
    """
    sentences: list[tuple[str, int, int, str]] = []
    sources = [profile.topic]
    writers = 0
    for name in agents:
        row = profile.agent_index.get(name)
        if row is None:
            raise InputError(
                f"the slate represents {name!r}, who is not in the source; take the source it was made from"
            )
        texts = [text for text in profile.agents.texts[row] if text.strip()] if profile.agents.texts else []
        writers += bool(texts)
        sources += texts
        for place, text in enumerate(profile.agents.texts[row] if texts else ()):
            for start, end in sentence_spans(text):
                quote = text[start:end]
                # What addresses a model is not repeated to people as an opinion.
                if words(quote) >= FEWEST and addressed(quote) is None:
                    sentences.append((name, place, start, quote))
    findings = lint(statement, sources, profile.agents.ids)
    if not sentences:
        return writers, (), findings
    near = vectors([quote for *_, quote in sentences]) @ vectors([statement])[0]
    chosen: list[Citation] = []
    for at in np.argsort(-near, kind="stable").tolist():
        name, place, start, quote = sentences[at]
        if len(chosen) == most:
            break
        if all(name != one.agent and quote.casefold() != one.quote.casefold() for one in chosen):
            chosen.append(Citation(name, place, start, quote, round(float(near[at]), 4)))
    for one in chosen:
        text = profile.agents.texts[profile.agent_index[one.agent]][one.text]
        if text[one.start : one.start + len(one.quote)] != one.quote:
            raise WorkError(f"a citation of {one.agent!r} is not in their text; this is a fault of folkmoot, report it")
    return writers, tuple(chosen), findings
