"""Preference data as one page that can be shown: no annotator's id, no group of fewer than five, no private prompt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..slates.preference_data import Found
from ..slates.public.safe import LEAST, withheld
from .numbers import ENGLISH
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
    rule,
    share,
    with_themselves,
)
from .templating import TEMPLATES, templates

_MINORITY = " Whoever is in a minority differs from the majority; that is no inconsistency."


@dataclass(frozen=True)
class Row:
    """A row of a table.

    Args:
        label: the group.
        cells: the other cells.
    """

    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """A table with the sentence above it.

    Args:
        title: the title.
        says: the sentence.
        head: the names of the columns.
        rows: the rows.
        left_out: how many groups are not shown, because too few annotators are in them or beside them.
    """

    title: str
    says: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    left_out: int = 0


def preference_page(found: Found) -> str:
    """The page as HTML; the same findings give the same bytes.

    Args:
        found: what was found.
    """
    small = 0 < found.annotators < LEAST
    hidden = _hidden(found)
    content = {
        "css": (TEMPLATES / "review.css").read_text(encoding="utf-8"),
        "found": found,
        "facts": _facts(found),
        "small": small,
        "parts": [] if small else [part for part in _parts(found, hidden) if part.rows or part.says],
        "examples": [] if small else _examples(found, hidden),
        "private": bool(found.examples),
        "least": LEAST,
    }
    page: str = templates(ENGLISH).get_template("preferences.html").render(**content)
    return page


def _hidden(found: Found) -> dict[str, frozenset[str]]:
    """Labels that may not be shown, by column; the kinds under the empty name."""
    groups: dict[str, dict[str, int]] = {"": {str(at + 1): size for at, size in enumerate(found.kinds)}}
    for column, each in found.by_group.items():
        groups[column] = {one.label: one.annotators for one in each}
    hidden = {}
    for column, sizes in groups.items():
        # Who declares nothing is a part as well: the rest of the whole.
        rest = found.annotators - sum(sizes.values())
        at = withheld([*sizes.values(), max(rest, 0)])
        hidden[column] = frozenset(label for place, label in enumerate(sizes) if place in at)
    return hidden


def _facts(found: Found) -> tuple[tuple[str, str], ...]:
    who = (
        "not told apart"
        if not found.annotators
        else f"fewer than {LEAST}"
        if found.annotators < LEAST
        else number(found.annotators, "annotator")
    )
    return (
        ("Annotators", who),
        ("Prompts", number(found.prompts, "prompt") if found.prompted else "no column says"),
        ("Answers", number(found.responses, "answer")),
        ("Judgements", f"{number(found.pairs, 'judgement')}, {number(found.ties, 'tie')}"),
        ("Overlap", overlap(found)),
        ("Features", {"given": "given", "embedded": "from the texts (offline embedding)"}.get(found.features, "none")),
        *((("Source", found.licence),) if found.licence else ()),
    )


def _parts(found: Found, hidden: dict[str, frozenset[str]]) -> Sequence[Part]:
    head = ("annotators", "judgements", "one model foresees", "the kinds foresee")
    kinds_says = of_kinds(found) if not hidden[""] or len(found.kinds) < 2 else _without_sizes(found)
    parts = [
        Part("Agreement", f"{among(found)} {with_themselves(found)}", (), ()),
        Part("Kinds of annotators", kinds_says, (), ()),
        _served(
            "Whom one reward model fails",
            fails(found) if not hidden[""] else "",
            head,
            found.by_kind if compared(found) else (),
            hidden[""],
            "kind ",
        ),
        Part("Pairwise calibration", calibrated(found), (), ()),
    ]
    for column, groups in found.by_group.items():
        parts.append(_served(f"By {column}", "", head, groups, hidden[column], ""))
    parts += _filters(found, hidden)
    parts.append(_leanings(found, hidden))
    return parts


def _without_sizes(found: Found) -> str:
    return (
        f"{len(found.kinds)} kinds of annotators; a kind is so small that their sizes are not shown."
        if not found.describe
        else f"{len(found.kinds)} kinds that describe annotators; a kind is so small that their sizes are not shown."
    )


def _served(
    title: str, says: str, head: tuple[str, ...], groups: Sequence[object], hidden: frozenset[str], before: str
) -> Part:
    rows, left_out = [], 0
    for one in groups:
        label = getattr(one, "label", "")
        if label in hidden:
            left_out += 1
            continue
        p, m = one.pooled, one.mixture  # type: ignore[attr-defined]
        cells = (
            str(one.annotators),  # type: ignore[attr-defined]
            str(p.judgements),
            ranged(p.value, p.low, p.high),
            ranged(m.value, m.low, m.high),
        )
        rows.append(Row(f"{before}{label}", cells))
    return Part(title, says, head, tuple(rows), left_out)


def _filters(found: Found, hidden: dict[str, frozenset[str]]) -> list[Part]:
    parts = []
    for at, one in enumerate(found.filtered):
        few = one.left_out < LEAST
        who = f"fewer than {LEAST} annotators" if few else f"{one.left_out} of {one.judged} annotators"
        says = left_out(found, at, who, _MINORITY if one.rule == "majority" else "")
        rows, fewer = [], 0
        for loss in one.losses if one.left_out else ():
            if few or loss.label in hidden.get(loss.column, frozenset()):
                fewer += 1
                continue
            rows.append(Row(f"{loss.column or 'kind'} {loss.label}", (share(loss.before), share(loss.after))))
        title = f"Leaving out those {rule(one.rule)}"
        parts.append(Part(title, says, ("share of judgements before", "after"), tuple(rows), fewer))
    return parts


def _leanings(found: Found, hidden: dict[str, frozenset[str]]) -> Part:
    rows, left_out = [], 0
    for one in found.leanings:
        if one.label in hidden.get(one.column, frozenset()):
            left_out += 1
        elif math.isfinite(one.share.value) and one.share.people >= LEAST:
            estimate = one.share
            cells = (f"{one.column or 'kind'} {one.label}", ranged(estimate.value, estimate.low, estimate.high))
            rows.append(Row(f"the answer that {one.trait}", cells))
    says = "How often the answer is chosen that has more of it, where the two answers differ in it." if rows else ""
    return Part("What groups choose", says, ("group", "share"), tuple(rows), left_out)


def _examples(found: Found, hidden: dict[str, frozenset[str]]) -> list[dict[str, str]]:
    """Pairs that enough annotators of both kinds judged: their prompts are nobody's own."""
    shown = []
    for one in found.examples:
        if min(one.judged) < LEAST or {str(kind) for kind in one.kinds} & hidden[""]:
            continue
        shown.append(
            {
                "prompt": one.prompt,
                "first": one.first,
                "second": one.second,
                "says": f"Kind {one.kinds[0]} prefers the first answer with {share(one.chances[0])}, kind "
                f"{one.kinds[1]} with {share(one.chances[1])}.",
            }
        )
    return shown
