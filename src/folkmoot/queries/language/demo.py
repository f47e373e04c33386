"""The demo model: a stand-in for a language model that comes with the package, offline and the same every time.

It answers the same prompts as a language model would, so that everything around one can be tried, tested and taught
without a key, a network or money. It writes nothing of its own: for a group it takes sentences that people of the group
wrote, those that come nearest to what all of them wrote, and it scores by how near texts are (wordllama), which is
topic and not stance. It says so (`WARNING`) wherever a slate of it is shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

import numpy as np

from ...llm import Answer, Call, Endpoint, Failed
from ...llm.account import Account
from ...llm.local import DEMO
from ...preferences.sentences import sentence_spans
from ...profile import FloatArray, words
from ...profile.sentences import noted
from ..texts.recognise import languages_of
from ..texts.telling import EMPTY, HALF, OPINION, bare, worth
from . import demo_clarify
from .rehearsal import FENCE, lines_of, lists_of, opinion_of, top_of

ADDRESS = "http://demo.invalid"
"""What stands for the address of its endpoint; nothing is ever sent there."""
WARNING = noted(
    "DEMO, not a result: no language model was asked. The bundled demo model picked people's own sentences and "
    "compared texts by their subject; it cannot tell who is for and who is against. Use it to try things out, and "
    "name a real model before you publish anything."
)

Vectors = Callable[[Sequence[str]], FloatArray]

_LIMIT = re.compile(r"(?:at most|budget is|within) (\d+) words")
# How near the texts of a person and a statement are (cosine), and the mark for it from 1 to 6, straight in between.
_MARKS = ((-1.0, 1.0), (0.15, 1.0), (0.3, 2.0), (0.42, 3.0), (0.53, 4.0), (0.68, 5.0), (0.88, 6.0), (1.01, 6.0))
_FREE = 30  # words of a statement where nothing limits it
_PHRASE = 15  # words of a phrase of a summary
_PHRASES = 4
_LENGTH = 0.1  # what using all words is worth, beside nearness
_WORTH = {OPINION: 0.25, HALF: -0.25, EMPTY: -1.0}
_JOINT = re.compile(
    r"^(?:and|but|so|also|plus|because|then|und|aber|auch|also|denn|et|mais|car|aussi|y|pero|además|también),?\s+",
    re.IGNORECASE,
)


def endpoint() -> Endpoint:
    """What stands for the endpoint of the demo model: it costs nothing."""
    free = Decimal(0)
    return Endpoint(DEMO, ADDRESS, input_price=free, output_price=free)


def is_demo(asked: Endpoint | None) -> bool:
    """Whether this stands for the demo model."""
    return asked is not None and (asked.model, asked.base_url) == (DEMO, ADDRESS)


def demo() -> Account:
    """The demo model, ready for ``folkmoot.slate(..., engine="llm", model=demo())``."""
    return Account(Demo(), endpoint())


class Demo:
    """A model whose answers are a fixed function of the prompt (a `folkmoot.llm.Model`).

    Args:
        vectors: the embedding by which texts are compared; None: the one that comes with the ``text`` extra.

    Raises:
        MissingExtraError: the ``text`` extra is not installed.
    """

    def __init__(self, vectors: Vectors | None = None) -> None:
        if vectors is None:
            from ...preferences.models.text_similarity import Embedding

            vectors = Embedding().vectors
        self._embed = vectors
        self._known: dict[str, FloatArray] = {}

    def answers(self, calls: Sequence[Call]) -> list[Answer | Failed]:
        """See `Model.answers`."""
        quoted = [_quoted(call) for call in calls]
        self._learn(list({sentence for texts in quoted for text in texts for sentence in own(text)}))
        return [self._answer(call, texts) for call, texts in zip(calls, quoted, strict=True)]

    def _answer(self, call: Call, texts: Sequence[str]) -> Answer | Failed:
        name = call.query.partition("/")[0]
        if name in ("agreement", "agreement-many", "agreement-list"):
            marks = [_mark(self._near(texts[0], statement)) for statement in texts[1:]]
        elif name in ("specificity", "specificity-many", "specificity-list"):
            marks = [_mark(self._covered(texts[0], statement)) for statement in texts[1:]]
        elif name in ("rating", "rating-list"):
            marks = [(_mark(self._near(texts[0], texts[-1])) - 1) * 0.8]
        elif name == "evaluation":
            return Answer(json.dumps({"score": round(_mark(self._near(texts[0], texts[-1])))}))
        elif name == "summary":
            phrases = _phrases(texts[0])
            return Answer(json.dumps({"aspects": phrases, "details": [], "background": [], "summary": texts[0][:300]}))
        elif name == "tags":
            fits = {
                str(k): round(1 + 1.2 * (_mark(self._near(texts[0], tag)) - 1)) for k, tag in enumerate(texts[1:], 1)
            }
            return Answer(json.dumps(fits))
        elif name.removesuffix("-object") in ("statement", "statement-free", "cluster-statement", "salient", "shorter"):
            # A request to shorten continues a conversation: its texts are those of the first request.
            return opinion_of(self._statement(texts[1:], _limit(call), call.sample), name)
        elif name in ("zero-shot", "contextless", "slate-shorter"):
            return Answer("\n".join(f"- {line}" for line in self._slate(texts, _limit(call))))
        elif (said := demo_clarify.reply(name, call, list(texts))) is not None:
            return Answer(said)
        else:
            return Failed(f"the demo model knows no prompt {call.query}; name a language model")
        if name.endswith("-many"):
            return lines_of(marks)
        if name.endswith("-list"):
            return lists_of(marks)
        top = top_of(marks[0])
        return Answer(top[0][0], top)

    def _near(self, person: str, statement: str) -> float:
        """How near a person's own sentences come to those of a statement, on average over these."""
        mine, said = self._points(own(person)), self._points(own(statement))
        return float((said @ mine.T).max(axis=1).mean()) if len(mine) and len(said) else 0.0

    def _covered(self, person: str, statement: str) -> float:
        """How near a statement comes to the two sentences of a person that are nearest to it, on average."""
        mine, said = self._points(own(person)), self._points(own(statement))
        return float(np.sort((mine @ said.T).max(axis=1))[-2:].mean()) if len(mine) and len(said) else 0.0

    def _statement(self, people: Sequence[str], limit: int, sample: int) -> str:
        """The sentence of these people, within so many words, that comes nearest to what all of them wrote.

        One sentence, because two of them may contradict each other and nearness would not tell.
        """
        listed = _sayable(people)
        short = [one for one in listed if words(one[0]) <= limit]
        if not short:
            # Too long for the limit rather than half a sentence: it is asked to shorten, and then left out.
            return min([text for text, _ in listed] or people, key=words, default="")
        listed = short
        near = self._to_everybody([text for text, _ in listed], people).mean(axis=0)
        near += np.array([_WORTH.get(value, 0.0) + _LENGTH * words(text) / limit for text, value in listed])
        # Another sample of the same request has the next best sentence.
        return listed[int(np.argsort(-near, kind="stable")[_place(sample) % min(3, len(listed))])][0]

    def _slate(self, texts: Sequence[str], limit: int) -> list[str]:
        """Different sentences of everybody within so many words, those nearest to most people first."""
        topic, people = (texts[0] if texts else ""), texts[1:]
        listed = [one for one in _sayable(people) if words(one[0]) <= min(limit, _FREE)]
        if not listed:
            return [" ".join(f"What matters most to me is: {topic or 'that we are asked'}".split()[:limit])]
        near = self._to_everybody([text for text, _ in listed], people)
        near += np.array([_WORTH.get(value, 0.0) for _, value in listed])
        lengths = np.array([words(text) for text, _ in listed])
        chosen: list[int] = []
        best = np.zeros(len(people))
        while True:
            gains = np.maximum(near, best[:, None]).mean(axis=0) - best.mean()
            gains[(lengths > limit - lengths[chosen].sum()) | np.isin(np.arange(len(listed)), chosen)] = -1.0
            if gains.max() <= 0:
                return [listed[at][0] for at in chosen] or [listed[int(lengths.argmin())][0]]
            chosen.append(int(gains.argmax()))
            best = np.maximum(best, near[:, chosen[-1]])

    def _to_everybody(self, texts: Sequence[str], people: Sequence[str]) -> FloatArray:
        """float64 [n_people, n_texts]: how near each text comes to the nearest sentence of each person."""
        self._learn([*texts, *(sentence for person in people for sentence in own(person))])
        points = self._points(texts).T
        rows = [(self._points(own(person)) @ points).max(axis=0) for person in people if own(person)]
        return np.array(rows).reshape(-1, len(texts)) if rows else np.zeros((1, len(texts)))

    def _points(self, texts: Sequence[str]) -> FloatArray:
        return np.array([self._known[text] for text in texts]) if texts else np.zeros((0, 1))

    def _learn(self, texts: Sequence[str]) -> None:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._embed(new), strict=True))


@lru_cache(maxsize=20_000)
def own(text: str) -> tuple[str, ...]:
    """The sentences of a text; the whole of it where it has none."""
    return tuple(text[start:end] for start, end in sentence_spans(text)) or ((text,) if text.strip() else ())


def _sayable(people: Sequence[str]) -> list[tuple[str, int]]:
    """Different sentences of these people, those that are worth most to be said, with their worth."""
    listed = {sentence: value for text in people for sentence, value in _judged(text) if value < EMPTY}
    return [one for one in listed.items() if one[1] < HALF] or list(listed.items())


@lru_cache(maxsize=20_000)
def _judged(text: str) -> tuple[tuple[str, int], ...]:
    """The sentences of a text as they can be said, with what each is worth."""
    (language,) = languages_of([text])
    judged = []
    for start, end in sentence_spans(text):
        sentence = text[slice(*bare(text, start, end))]
        spoken = _spoken(sentence)
        if spoken:
            joined = _JOINT.match(sentence) is not None
            value = worth(spoken if joined else sentence, language)[0]
            judged.append((spoken, value if words(spoken) >= 4 else max(value, HALF)))
    return tuple(judged)


def _spoken(sentence: str) -> str:
    """A sentence that stands alone: without a joint before it, a capital first, a full stop last."""
    plain = " ".join(_JOINT.sub("", sentence).split())
    if not plain:
        return ""
    return plain[0].upper() + plain[1:] + ("" if plain[-1] in '.!?…。！？"”»)' else ".")


def _phrases(text: str) -> list[str]:
    judged = sorted(_judged(text), key=lambda one: one[1])
    short = [spoken for spoken, value in judged if value < EMPTY and words(spoken) <= _PHRASE]
    return short[:_PHRASES] or [" ".join(text.split()[:_PHRASE])]


def _place(sample: int) -> int:
    """Which of the best sentences the statement begins with: samples go by hundreds (a request), then by ones."""
    return sample // 100 + sample % 100


def _limit(call: Call) -> int:
    limits = [
        int(number) for role, content in call.messages if role != "assistant" for number in _LIMIT.findall(content)
    ]
    return limits[-1] if limits else _FREE


def _mark(near: float) -> float:
    """The mark from 1 to 6 for a cosine."""
    for (low, below), (high, above) in pairwise(_MARKS):
        if near <= high:
            return below + (above - below) * (near - low) / (high - low)
    return _MARKS[-1][1]


def _quoted(call: Call) -> list[str]:
    return [match[2] for role, content in call.messages if role == "user" for match in FENCE.finditer(content)]
