"""A model with made-up answers, with which the calls of a run can be counted before a real model is asked.

Utilities are drawn, once for every pair, from shares like those of the published runs of PROSE (Boehmer, Fish,
Procaccia 2025), so that about as many statements are accepted at every level. The resulting counts are an estimate,
never a bound.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import log

from ...llm import Answer, Call, Failed, Ledger, Top

FENCE = re.compile(r"<<< ([0-9a-f]{12})\n(.*?)\n\1 >>>", re.DOTALL)
_LIMIT = re.compile(r"at most (\d+) words")
# Share of people by their utility of a statement, and the utility; in between it rises evenly.
_SHARES = ((0.0, 0.0), (0.28, 1.0), (0.5, 2.0), (0.7, 3.0), (0.88, 4.0), (0.955, 5.0), (1.0, 6.0))


class Rehearsal:
    """Made-up answers, the same for the same call (a `folkmoot.llm.Model`).

    Args:
        ledger: the ledger whose answers are used where it has them; None: there is none.
        model: the name of the model whose answers in the ledger are used.
        logprobs: whether the endpoint gives log-probabilities; without them every rating is asked for several times.
    """

    def __init__(self, ledger: Ledger | None = None, model: str = "", logprobs: bool = True) -> None:
        self._ledger, self._model, self._logprobs = ledger, model, logprobs
        self.calls: list[Call] = []

    def answers(self, calls: Sequence[Call]) -> list[Answer | Failed]:
        """See `Model.answers`."""
        self.calls += calls
        known = {} if self._ledger is None else self._ledger.find(self._model, [call.key for call in calls])
        return [known[call.key] if call.key in known else self._made_up(call) for call in calls]

    def _made_up(self, call: Call) -> Answer:
        answer = _answer(call)
        return answer if self._logprobs else replace(answer, top=None, tokens=None)


def _answer(call: Call) -> Answer:
    name = call.query.partition("/")[0]
    texts = [match[2] for role, content in call.messages if role == "user" for match in FENCE.finditer(content)]
    if name == "embedding":
        return Answer(json.dumps([byte / 255 for byte in _digest(call.messages[0][1])[:8]]))
    if name in ("agreement", "specificity", "rating", "evaluation", "stance"):
        value = _utility(texts[0], texts[-1], 4.0 if name == "rating" else 6.0)
        if name == "evaluation":
            return Answer(json.dumps({"score": round(value)}))
        return Answer(str(round(value)), top_of(value))
    if name == "rating-list":
        return lists_of([_utility(texts[0], texts[-1], 4.0)])
    if name.endswith("-list"):
        return lists_of([_utility(texts[0], text, 6.0) for text in texts[1:]])
    if name.endswith("-many"):
        return lines_of([_utility(texts[0], text, 6.0) for text in texts[1:]])
    if name == "summary":
        phrases = [part.strip()[:80] for part in re.split(r"[.!?\n]", texts[0]) if part.strip()][:4]
        return Answer(json.dumps({"aspects": phrases, "details": [], "background": []}))
    if name == "tags":
        return Answer(json.dumps({str(k): 1 + int(6.9 * _share(texts[0], tag)) for k, tag in enumerate(texts[1:], 1)}))
    length = int(limits[-1]) if (limits := _LIMIT.findall(call.messages[0][1] + call.messages[-1][1])) else 20
    words = [f"{_digest(call.key, str(k)).hex()[:5]}" for k in range(max(1, length))]
    if name in ("zero-shot", "contextless", "slate-shorter"):
        return Answer("\n".join(f"- {' '.join(words[k : k + 10])}" for k in range(0, len(words), 10)))
    return opinion_of(" ".join(words), name)


def _utility(person: str, statement: str, highest: float) -> float:
    share = _share(person, statement)
    for (low, below), (high, above) in pairwise(_SHARES):
        if share <= high:
            value = below + (above - below) * (share - low) / (high - low)
            break
    # Agreement and specificity of this value give a utility of about it.
    return max(highest / 6.0, value * highest / 6.0)


def _share(*texts: str) -> float:
    return int.from_bytes(_digest(*texts)[:8], "big") / 2**64


def _digest(*texts: str) -> bytes:
    return hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).digest()


def top_of(value: float) -> Top:
    """Candidates of a token whose mean is this value, which is at least 0: the whole numbers around it."""
    low = int(value)
    above = value - low
    pairs = [(str(low), 1.0 - above), (str(low + 1), above)]
    return tuple((label, log(p)) for label, p in sorted(pairs, key=lambda pair: -pair[1]) if p > 0)


def opinion_of(text: str, name: str) -> Answer:
    """A statement, in the form in which the prompt of this name asks for it."""
    if name.endswith("-object"):
        return Answer(json.dumps({"opinion": text}, ensure_ascii=False))
    return Answer(f"<opinion>{text}</opinion>")


def lists_of(values: Sequence[float]) -> Answer:
    """A list of ten ratings for every value, as near to it on average as whole numbers allow."""
    lists = {}
    for number, value in enumerate(values, start=1):
        low, above = int(value), round(10 * (value - int(value)))
        lists[str(number)] = [low + 1] * above + [low] * (10 - above)
    return Answer(json.dumps(lists))


def lines_of(values: Sequence[float]) -> Answer:
    """A line for every value, ``NUMBER: RATING``, with the candidates of every token."""
    tokens: list[tuple[str, Top]] = []
    for number, value in enumerate(values, start=1):
        tokens += [(part, ((part, 0.0),)) for part in (str(number), ":", " ")]
        top = top_of(value)
        tokens += [(top[0][0], top), ("\n", (("\n", 0.0),))]
    return Answer("".join(part for part, _ in tokens), tokens[0][1], tokens=tuple(tokens))
