"""What kinds and groups of annotators prefer: plain traits of the answers they choose, and pairs they part over."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ...profile import FloatArray, IntArray
from ...profile.pairs import Pairs
from .intervals import Estimate, mean_over

_WORD = re.compile(r"\S+")
_LIST = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s", re.MULTILINE)
_HEDGE = re.compile(
    r"\b(?:may|might|perhaps|possibly|it depends|generally|often|however|on the other hand|some people)\b", re.I
)
_REFUSAL = re.compile(
    r"\b(?:i can(?:'|’)?t (?:help|assist)|i cannot|i am unable|i(?:'|’)m (?:sorry|unable)|as an ai|"
    r"i do(?:n(?:'|’)t| not) have (?:personal|opinions))\b",
    re.I,
)
_FEELING = re.compile(
    r"\b(?:i understand|i hear you|that sounds|sorry to hear|you(?:'|’)re not alone|feel(?:ing)?s?)\b", re.I
)
_NUMBER = re.compile(r"\d")

#: Traits of an answer, each a number; what is compared is which answer of a pair has more of it.
TRAITS: dict[str, Callable[[str], float]] = {
    "is longer": lambda text: float(len(_WORD.findall(text))),
    "has more lists": lambda text: float(len(_LIST.findall(text))),
    "hedges more": lambda text: float(len(_HEDGE.findall(text))),
    "refuses more": lambda text: float(len(_REFUSAL.findall(text))),
    "speaks more of feelings": lambda text: float(len(_FEELING.findall(text))),
    "has more figures": lambda text: float(len(_NUMBER.findall(text))),
    "asks back more": lambda text: float(text.count("?")),
}
#: Fewest judgements of pairs that differ in a trait.
LEAST = 20
EXAMPLES = 5


@dataclass(frozen=True)
class Leaning:
    """How often a group chooses the answer that has more of a trait, where the two differ in it.

    Args:
        trait: the trait.
        column: the declared column; empty: the kinds.
        label: the group.
        annotators: how many it has.
        share: the share of their judgements.
    """

    trait: str
    column: str
    label: str
    annotators: int
    share: Estimate


def leanings(pairs: Pairs, kind: IntArray | None) -> tuple[Leaning, ...]:
    """What every kind and declared group leans to; traits in which hardly any pair differs are left out.

    Args:
        pairs: the judgements.
        kind: int64 [n] the kind of every annotator; None: there is one kind.
    """
    groups: Mapping[str, tuple[str, ...]] = pairs.groups
    own = tuple("1" for _ in pairs.annotators) if kind is None else tuple(str(each + 1) for each in kind)
    groups = {"": own, **groups}
    found = []
    for trait, measured in TRAITS.items():
        much = np.array([measured(text) for text in pairs.responses])
        apart = much[pairs.chosen] - much[pairs.rejected]
        differ = (apart != 0) & ~pairs.tied
        if differ.sum() < LEAST:
            continue
        for column, labels in groups.items():
            named = np.array(labels)
            for label in sorted(set(labels) - {""}):
                inside = named == label
                at = differ & inside[pairs.annotator]
                share = mean_over((apart[at] > 0).astype(np.float64), pairs.annotator[at])
                found.append(Leaning(trait, column, label, int(inside.sum()), share))
    return tuple(found)


@dataclass(frozen=True)
class Example:
    """A pair over which two kinds part.

    Args:
        prompt: the prompt.
        first: the answer that the one kind prefers.
        second: the answer that the other prefers.
        kinds: the two kinds, from 1.
        chances: how likely a member of each prefers ``first``, as the kinds' rewards have it.
        judged: how many members of each judged the pair.
        preferred: how many members of each preferred ``first``.
    """

    prompt: str
    first: str
    second: str
    kinds: tuple[int, int]
    chances: tuple[float, float]
    judged: tuple[int, int]
    preferred: tuple[int, int]


def examples(pairs: Pairs, reward: FloatArray, kind: IntArray, most: int = EXAMPLES) -> tuple[Example, ...]:
    """Pairs over which the two largest kinds part most, one a prompt, those judged by most people first.

    Args:
        pairs: the judgements.
        reward: float64 [K, m] the kinds' rewards.
        kind: int64 [n] the kind of every annotator.
        most: how many pairs.
    """
    if len(reward) < 2:
        return ()
    apart = reward[:, pairs.low] - reward[:, pairs.high]
    chance = 0.5 * (1.0 + np.tanh(0.5 * apart[:2]))
    _, first, at = np.unique(pairs.unit, return_index=True, return_inverse=True)
    who = kind[pairs.annotator]
    said = np.stack([np.bincount(at, ((who == k) & ~pairs.tied).astype(float)) for k in (0, 1)])
    for_low = np.stack([np.bincount(at, ((who == k) & (pairs.value > 0)).astype(float)) for k in (0, 1)])
    parted = np.abs(chance[0] - chance[1])[first]
    opposed = ((chance[0] > 0.5) != (chance[1] > 0.5))[first]
    # Where many judged, what the rewards say can be seen in the counts.
    worth = np.where(opposed, parted * np.minimum(np.minimum(said[0], said[1]), 5.0) + 0.01 * parted, -1.0)
    found, prompts = list[Example](), set[int]()
    for unit in np.argsort(-worth, kind="stable").tolist():
        row = int(first[unit])
        prompt = int(pairs.prompt[pairs.low[row]])
        if worth[unit] < 0 or len(found) == most:
            break
        if prompt in prompts:
            continue
        prompts.add(prompt)
        low, high = pairs.responses[int(pairs.low[row])], pairs.responses[int(pairs.high[row])]
        turned = chance[0][row] < 0.5
        chances = [float(1.0 - c if turned else c) for c in chance[:, row]]
        judged = said[:, unit].astype(int).tolist()
        preferred = (said[:, unit] - for_low[:, unit] if turned else for_low[:, unit]).astype(int).tolist()
        one, other = (high, low) if turned else (low, high)
        found.append(
            Example(
                pairs.prompts[prompt], one, other, (1, 2), (chances[0], chances[1]), tuple(judged), tuple(preferred)
            )
        )
    return tuple(found)
