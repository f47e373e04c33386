"""Preference data in a terminal: what was found, a few lines each."""

from __future__ import annotations

import math
from collections.abc import Callable

from ..slates.preference_data import Found
from .numbers import ENGLISH, figure
from .preference_words import (
    among,
    calibrated,
    compared,
    fails,
    left_out,
    number,
    of_kinds,
    overlap,
    ranged,
    share,
    with_themselves,
)
from .words import spelt

#: A group is named as losing weight if it loses so much of it.
LOSES = 0.1


def preference_text(found: Found, remedy: Callable[[str], str] = str) -> str:
    """The findings as plain text.

    Args:
        found: what was found.
        remedy: names parameters in a sentence as the reader knows them: as flags, on a command line.
    """
    parts = [_head(found), _agreement(found), _kinds(found, remedy), _failing(found), _groups(found), _filters(found)]
    parts += [_differences(found), _notes(found)]
    lines = "\n\n".join(part for part in parts if part).split("\n")
    # Nothing that a source says may move the cursor.
    return "\n".join(map(spelt, lines))


def _head(found: Found) -> str:
    asked = number(found.prompts, "prompt") if found.prompted else number(found.prompts, "part") + " never compared"
    who = number(found.annotators, "annotator") if found.annotators else "annotators not told apart"
    lines = [
        f"{number(found.pairs, 'judgement')} ({found.shape}; {number(found.ties, 'tie')}) of "
        f"{number(found.responses, 'answer')} to {asked}, by {who}",
        f"overlap: {overlap(found)}" + (f"; features: {found.features}" if found.features else ""),
    ]
    if found.licence:
        lines.append(f"source: {found.licence}")
    return "\n".join(lines)


def _agreement(found: Found) -> str:
    return f"Agreement. {among(found)}\n{with_themselves(found)}"


def _kinds(found: Found, remedy: Callable[[str], str]) -> str:
    lines = [remedy(of_kinds(found))]
    if len(found.held_out) > 1 and found.ties < found.pairs:
        tried = ", ".join(f"{k}: {figure(ENGLISH, v, 3)}" for k, v in found.held_out.items())
        lines.append(f"log-likelihood of annotators left out, nats each, by number of kinds: {tried}")
    return "\n".join(lines)


def _failing(found: Found) -> str:
    lines = [fails(found)] if fails(found) else []
    if compared(found):
        lines.append("  kind   annotators  judgements  one model            kinds")
        for one in (*found.by_kind, found.everybody):
            p, m = one.pooled, one.mixture
            lines.append(
                f"  {one.label:<9} {one.annotators:>7} {p.judgements:>11}  {ranged(p.value, p.low, p.high):<19}  "
                f"{ranged(m.value, m.low, m.high)}"
            )
    lines += [calibrated(found)] if calibrated(found) else []
    return "\n".join(lines)


def _groups(found: Found) -> str:
    lines = []
    for column, groups in found.by_group.items():
        known = [one for one in groups if math.isfinite(one.pooled.value)]
        if not known:
            continue
        worst = min(known, key=lambda one: one.pooled.value)
        best = min(known, key=lambda one: one.mixture.value)
        p, m = worst.pooled, best.mixture
        lines.append(
            f"{column}: one model serves {worst.label} worst, {ranged(p.value, p.low, p.high)} of "
            f"{number(p.judgements, 'judgement')} by {number(worst.annotators, 'annotator')}; the kinds serve "
            f"{best.label} worst, {ranged(m.value, m.low, m.high)}"
        )
    return "\n".join(["Declared groups.", *lines]) if lines else ""


def _filters(found: Found) -> str:
    lines = []
    for at, one in enumerate(found.filtered):
        losing = [loss for loss in one.losses if loss.before > 0 and loss.after < (1.0 - LOSES) * loss.before]
        names = ", ".join(
            f"{loss.column or 'kind'} {loss.label} from {share(loss.before)} to {share(loss.after)}"
            for loss in losing[:4]
        )
        lines.append(left_out(found, at, f"{one.left_out} of {one.judged} annotators"))
        if one.left_out and one.losses:
            falls = f"Shares of all judgements that fall: {names}." if names else "No group loses much weight."
            lines[-1] += " " + falls
    return "\n".join(["Leaving out annotators.", *lines]) if lines else ""


def _differences(found: Found) -> str:
    lines = []
    for trait in dict.fromkeys(one.trait for one in found.leanings):
        kinds = [one for one in found.leanings if one.trait == trait and not one.column]
        told = ", ".join(f"kind {one.label} {share(one.share.value)}" for one in kinds if one.share.judgements)
        if len(kinds) > 1 and told:
            lines.append(f"the answer that {trait}: {told}")
    for one in found.examples[:2]:
        lines.append(
            f"e.g. {_short(one.prompt)!r}: kind {one.kinds[0]} prefers {_short(one.first)!r} "
            f"({one.preferred[0]} of {one.judged[0]}), kind {one.kinds[1]} {_short(one.second)!r} "
            f"({one.judged[1] - one.preferred[1]} of {one.judged[1]})"
        )
    return "\n".join(["What kinds choose.", *lines]) if lines else ""


def _notes(found: Found) -> str:
    return "\n".join(f"{note.kind}: {note.what} ({note.count})" for note in found.notes)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "..."
