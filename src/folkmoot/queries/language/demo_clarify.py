"""What the demo model says to the prompts of a clarifying interview: fixed features, people by number, plain rules.

It knows nothing about any request. Its features are what most things that are written or planned have in common; its
people are drawn from two made-up kinds; it decides by the percentages in the prompt, each feature for itself.
"""

from __future__ import annotations

import hashlib
import json
import re

from ...llm import Call

FEATURES = (
    ("length", "Should it be short, or go into detail?", ("short", "in detail")),
    ("tone", "Should it sound as among friends, or formal?", ("as among friends", "formal")),
    ("budget", "Should it cost as little as possible, or may it cost more for more comfort?", ("cheap", "comfortable")),
    ("pace", "Few things at leisure, or as much as fits in?", ("at leisure", "as much as fits in")),
    ("novelty", "What most people like, or what few know?", ("what most people like", "what few know")),
    ("company", "For one person, or for a group?", ("one person", "a group")),
    ("structure", "A list of points, or running text?", ("a list", "running text")),
    ("pictures", "With pictures, or words alone?", ("with pictures", "words alone")),
)
_ROW = re.compile(r"^\d+\. (.*)$", re.MULTILINE)
_VALUE = re.compile(r"(?:^|; | )(\d+): ([^;]*?)(?: \((\d+)%\))?(?=;|$)")
_SAID = re.compile(r"^(\d+): (\d+)$", re.MULTILINE)
_PERSON = re.compile(r"number (\d+) of \d+")
_NUMBER = re.compile(r"Name (\d+) features")
_COST = re.compile(r"costs the person (\d+) hundredths")
# How often one of a kind wants what the kind wants.
_TRUE_TO_KIND = 0.8


def reply(name: str, call: Call, texts: list[str]) -> str | None:
    """The text of an answer; None: it is no prompt of a clarifying interview.

    Args:
        name: the name of the prompt.
        call: the call.
        texts: what is quoted in it.
    """
    body = call.messages[-1][1]
    if name == "clarify-features":
        found = _NUMBER.search(body)
        number = int(found[1]) if found else len(FEATURES)
        listed = [
            {"feature": feature, "question": question, "values": values} for feature, question, values in FEATURES
        ]
        return json.dumps({"features": listed[:number]})
    if name == "clarify-person":
        found = _PERSON.search(body)
        return json.dumps({"answers": _person(int(found[1]) if found else 1, texts[-1])})
    if name == "clarify-decide":
        return json.dumps(_decided(body, texts))
    if name == "clarify-output":
        # It writes nothing of its own: the request, and what was wanted of it.
        return "\n".join(["DEMO, no output: a language model would now write what was requested.", *texts])
    return None


def _values(row: str) -> list[tuple[str, float]]:
    """The values of a line with their shares, all alike where none is given."""
    found = _VALUE.findall(row)
    return [(value, float(share) / 100 if share else 1.0 / len(found)) for _, value, share in found]


def _person(number: int, features: str) -> list[int]:
    """What one of two kinds wants: the first value of everything, or the last, mostly."""
    kind = number % 3 == 0
    wanted = []
    for at, row in enumerate(_ROW.findall(features)):
        draw = int.from_bytes(hashlib.sha256(f"{number}/{at}".encode()).digest()[:4], "little") / 2**32
        size = max(1, len(_values(row)))
        wanted.append(size if kind == (draw < _TRUE_TO_KIND) else 1)
    return wanted


def _decided(body: str, texts: list[str]) -> dict[str, object]:
    """Asks what is most in doubt by the percentages while the doubt is larger than the cost, each for itself."""
    _, features, told = texts[:3]
    shares = [[share for _, share in _values(row)] for row in _ROW.findall(features)]
    said = {int(at) - 1: int(code) for at, code in _SAID.findall(told)}
    found = _COST.search(body)
    cost = int(found[1]) / 100 if found else 1.0
    doubt = {at: 1.0 - max(row) for at, row in enumerate(shares) if at not in said}
    most = max(doubt, key=lambda at: doubt[at]) if doubt else -1
    guesses = [said.get(at, row.index(max(row)) + 1) for at, row in enumerate(shares)]
    return {"ask": most + 1 if doubt and doubt[most] > cost else 0, "answers": guesses}
