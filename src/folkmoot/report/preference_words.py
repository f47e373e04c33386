"""Sentences on preference data that the text and the page share; each is a claim that can be false."""

from __future__ import annotations

import math

from ..slates.preference_data import Found
from .numbers import ENGLISH, count, figure, percent

#: How alpha is read, from Krippendorff's own advice.
_READINGS = ((0.8, "high"), (0.667, "enough for tentative conclusions"), (0.0, "low"))


def share(value: float) -> str:
    """A share in percent; a dash where there is none."""
    return percent(ENGLISH, value) if math.isfinite(value) else "–"


def ranged(value: float, low: float, high: float, digits: int = 2) -> str:
    """A figure with its interval."""
    if not math.isfinite(value):
        return "–"
    if not (math.isfinite(low) and math.isfinite(high)):
        return figure(ENGLISH, value, digits)
    return f"{figure(ENGLISH, value, digits)} [{figure(ENGLISH, low, digits)}, {figure(ENGLISH, high, digits)}]"


def number(n: float, one: str, several: str = "") -> str:
    """A count with its noun."""
    return f"{count(ENGLISH, n)} {one if n == 1 else several or one + 's'}"


def overlap(found: Found) -> str:
    """How many judged the same; who judged is named only where the source says so."""
    if not found.annotators:
        return f"{found.per_prompt:.1f} judgements a prompt, {share(found.shared)} of the pairs judged several times"
    return f"{found.per_prompt:.1f} annotators a prompt, {share(found.shared)} of the pairs judged by several"


def among(found: Found) -> str:
    """How much annotators agree with each other."""
    a = found.agreement
    if not a.units:
        by = "by two annotators" if found.annotators else "twice"
        return f"No pair was judged {by}, so how much annotators agree is not known."
    many = f"{number(a.units, 'pair')} judged {'by several' if found.annotators else 'several times'}"
    if not math.isfinite(a.alpha.value):
        return f"Every judgement of the {many} is a tie, so agreement cannot be told from chance."
    word = next((word for least, word in _READINGS if a.alpha.value >= least), "below chance")
    two = "two annotators of one pair say" if found.annotators else "two judgements of one pair say"
    return (
        f"Krippendorff's alpha {ranged(a.alpha.value, a.alpha.low, a.alpha.high)} ({word}); {two} the same in "
        f"{share(a.same)} of cases ({many})."
    )


def with_themselves(found: Found) -> str:
    """How much they agree with themselves."""
    a = found.agreement
    if not found.annotators:
        return "No column says who judged, so agreement with oneself is not known."
    parts = []
    if a.with_self.judgements:
        parts.append(
            f"{number(a.with_self.judgements, 'judgement')} of a pair by somebody who had judged it before: "
            f"{share(a.with_self.value)} are as before."
        )
    if a.cycles.judgements:
        parts.append(
            f"{number(a.cycles.judgements, 'set')} of three answers judged in three rows: {share(a.cycles.value)} go "
            "round in a circle."
        )
    if not parts:
        return "Nobody judged a pair twice or three answers in three rows, so agreement with oneself is not known."
    return " ".join(parts)


def of_kinds(found: Found) -> str:
    """How many kinds, and by what."""
    if not found.annotators:
        return "No column says who judged, so kinds of annotators cannot be told apart."
    if found.annotators == 1:
        return "There is one annotator, so there are no kinds of annotators to look for."
    if not found.searched:
        return f"{number(found.annotators, 'annotator')} are too few to look for kinds among them."
    if found.ties == found.pairs:
        return "Every judgement is a tie, and ties tell no kinds of annotators apart."
    if len(found.kinds) == 1:
        few = f"Only {share(found.shared)} of the pairs were" if found.shared else "No pair was"
        return "One kind: more kinds do not foresee annotators who were left out better." + (
            f" {few} judged by more than one annotator, so without features hardly anything can be learned; features "
            "can be taken from the texts (`embed`)."
            if not found.features and found.shared < 0.1
            else ""
        )
    gain, over = found.gain, found.over_continuum
    sizes = ", ".join(str(size) for size in found.kinds)
    name = "kinds that describe the annotators" if found.describe else "kinds of annotators"
    parts = [f"{len(found.kinds)} {name} ({sizes})"]
    if gain is not None:
        parts.append(
            "they foresee annotators who were left out better than one kind, by "
            f"{ranged(gain.value, gain.low, gain.high)} nats an annotator"
        )
    text = ": ".join(parts) + "."
    if over is not None:
        text += (
            " A continuum (everybody has a place on one line) does as well: the kinds describe annotators, and need "
            "not exist as groups."
            if found.describe
            else " They do better than a continuum (everybody has a place on one line), by "
            f"{ranged(over.value, over.low, over.high)} nats."
        )
    return text


def fails(found: Found) -> str:
    """Whom one model fails, in one sentence."""
    e = found.everybody
    if not e.pooled.judgements:
        return ""
    if not compared(found):
        return _one_model(found)
    worst = min(found.by_kind, key=lambda one: one.pooled.value)
    others = [one for one in found.by_kind if one is not worst]
    names = ", ".join(
        f"{share(one.pooled.value)} of those of kind {one.label} ({number(one.annotators, 'annotator')})"
        for one in others
    )
    return (
        f"One reward model foresees {share(worst.pooled.value)} of the hidden judgements of kind {worst.label} "
        f"({number(worst.annotators, 'annotator')}), and {names}; the kinds foresee {share(worst.mixture.value)} of "
        f"those of kind {worst.label}."
    )


def compared(found: Found) -> bool:
    """Whether kinds can be held against each other: each has hidden judgements that were to be foreseen."""
    return bool(found.by_kind) and all(math.isfinite(one.pooled.value) for one in found.by_kind)


def _one_model(found: Found) -> str:
    """How well one model foresees everybody."""
    estimate = found.everybody.pooled
    text = f"One reward model for everybody foresees {share(estimate.value)} of hidden judgements"
    if found.by_kind:
        without = [f"kind {one.label}" for one in found.by_kind if not one.pooled.judgements]
        return (
            f"{text}. By what they said elsewhere, no annotator seems to be of {' or '.join(without)}, so which kind "
            "it fails is not known."
        )
    if estimate.value == estimate.low == estimate.high:
        return f"{text}, as a coin does: the other judgements tell nothing of them."
    if estimate.people < 2:
        return f"{text}; one annotator alone gives no interval."
    text += f" ({share(estimate.low)} to {share(estimate.high)})."
    return text if found.annotators else f"{text} The interval takes every judgement as that of somebody else."


def left_out(found: Found, at: int, who: str, minority: str = "") -> str:
    """What a rule to leave out annotators does, without the groups that lose by it.

    Args:
        found: what was found.
        at: the place of the rule in ``filtered``.
        who: whom it leaves out, e.g. ``9 of 40 annotators``.
        minority: a sentence on the rule that looks at majorities.
    """
    one = found.filtered[at]
    if not one.left_out:
        everyone = number(one.judged, "annotator")
        if one.rule == "contradictions":
            none, most = "contradicts themselves", "contradict themselves most"
        else:
            none, most = "differs from the majority", "differ most from the majority"
        if one.threshold > 0:
            return f"More than a quarter of {everyone} {most}, all of them equally often, so that none is left out."
        return f"None of {everyone} {none}."
    if not one.units:
        return f"Without the {who} {rule(one.rule)} no majority of several annotators is left to compare."
    return (
        f"Without the {who} {rule(one.rule)}, {share(one.turned)} of {number(one.units, 'majority', 'majorities')} "
        f"turn.{minority}"
    )


def calibrated(found: Found) -> str:
    """Pairwise calibration of one model and of the kinds; nothing where nothing could be calibrated."""
    if found.ties == found.pairs:
        return ""
    one, several = found.calibration.get(1), found.calibration.get(len(found.kinds))
    if one is None or several is None or not one.units:
        unknown = "No pair was judged by two annotators who were left out together, so calibration is not known."
        return unknown if found.annotators else ""
    text = (
        f"Share of reward functions against share of annotators, on {number(one.units, 'pair')}: off by "
        f"{figure(ENGLISH, one.error)} with one reward model"
    )
    if len(found.kinds) > 1:
        text += f", by {figure(ENGLISH, several.error)} with {len(found.kinds)} kinds"
    return text + "."


def rule(name: str) -> str:
    """A rule to leave out annotators, in words."""
    return "who contradict themselves most" if name == "contradictions" else "who differ most from the majority"
