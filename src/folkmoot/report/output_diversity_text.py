"""Diversity of two sets of outputs in a terminal."""

from __future__ import annotations

import math
from collections.abc import Mapping

from ..slates.output_diversity import FIGURES, Compared, Diversities
from .numbers import ENGLISH, count, figure
from .words import plain, spelt

_NAMES = {
    "distinct": "distinct words",
    "ead": "distinct n-grams beside chance (EAD)",
    "compression": "compression ratio (more is alike)",
    "self_repetition": "self-repetition (more is alike)",
    "meaning": "distance in meaning",
    "vendi": "different meanings (Vendi)",
}


def diversity_text(found: Diversities) -> str:
    """The comparison as plain text: a table a domain, and a sentence on what can be told.

    Args:
        found: the comparison.
    """
    first, second = (plain(name) for name in found.files)
    what = "prompts" if found.prompted else "random parts of outputs that name no prompt"
    blocks = [f"first: {first}; second: {second}; compared by {what}, as many outputs, cut to one length"]
    for domain in found.domains:
        name = plain(domain.name) or "all"
        lines = [
            f"{name}: {count(ENGLISH, domain.prompts)} {'prompts' if found.prompted else 'parts'}, "
            f"{count(ENGLISH, domain.outputs)} outputs each, cut to {domain.length:.0f} words",
            f"  {'':<38}{'first':>8}{'second':>8}  difference",
        ]
        for key, one in domain.figures.items():
            lines.append(
                f"  {_NAMES[key]:<38}{figure(ENGLISH, one.first, 3):>8}{figure(ENGLISH, one.second, 3):>8}  "
                f"{_apart(one)}"
            )
        lines.append("  " + _verdict(domain.figures))
        blocks.append("\n".join(lines))
    if found.left_out:
        blocks.append(f"left out: {count(ENGLISH, found.left_out)} outputs beyond what both sets have for a prompt")
    if not found.embedded:
        blocks.append("meaning was not compared: it needs the text extra (pip install 'folkmoot[text]')")
    blocks.append("Whether outputs are any good is not measured: noise is diverse, too.")
    return "\n".join(map(spelt, "\n\n".join(blocks).split("\n")))


def _apart(one: Compared) -> str:
    if not math.isfinite(one.low):
        return f"{one.difference:+.3f} (one prompt: no interval)"
    return f"{one.difference:+.3f} [{one.low:+.3f}, {one.high:+.3f}]"


def _verdict(figures: Mapping[str, Compared]) -> str:
    """Which set is more diverse, by the figures that can tell."""
    signs = {name: one.clear * (1 if FIGURES[name] else -1) for name, one in figures.items()}
    more = [_NAMES[name].split(" (")[0] for name, sign in signs.items() if sign > 0]
    less = [_NAMES[name].split(" (")[0] for name, sign in signs.items() if sign < 0]
    if more and less:
        return f"The second set is more diverse by {', '.join(more)}, and less by {', '.join(less)}."
    if more:
        return f"The second set is more diverse (by {', '.join(more)})."
    if less:
        return f"The second set is less diverse (by {', '.join(less)})."
    return "No difference can be told."
