"""The certificate in plain words, for the page and for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..profile import Slate
from .words import count, of, percent, some

QUESTION = (
    "Is there a statement that was left out although a large enough group of people all prefer it to the statement "
    "that represents them?"
)
DEFINITION = (
    "(b, d)-cBJR is violated by a group S of people, a statement a of the pool that is not in the slate, and a level "
    "θ, if |S| ≥ d · ⌈c(a) · n / B⌉, and every i in S has u_i(a) ≥ θ and u_i(w(i)) < θ − b. Here c(a) is the cost of "
    "a, n the number of people (or their total weight), B the budget, u_i(a) the utility of a for i, and w(i) the "
    "statement that represents i; someone with no statement counts as below every level. The slate satisfies cBJR "
    "(balanced justified representation with costs) if nothing violates it with b = 0 and d = 1. Boehmer, Fish, "
    "Procaccia 2025, Definition 2.1; with unit costs Fish et al. 2024, Definition 1. d(b) is the largest |S| / "
    "⌈c(a) · n / B⌉ of any such group at that b."
)
KINDS = {"slate": "This slate", "popular": "The most popular statements", "random": "Random statements"}


@dataclass(frozen=True)
class Look:
    """One way to look at the slate.

    Args:
        basis: what it rests on.
        found: the answer in a few words.
        words: the same in full sentences.
        holds: True no such group, False there is one, None it cannot be said.
    """

    basis: str
    found: str
    words: str
    holds: bool | None


@dataclass(frozen=True)
class Row:
    """One kind of slate over the draws, ready to print."""

    name: str
    slates: str
    median: str
    p95: str
    violated: str
    low: float
    high: float


def looks(slate: Slate, *, votes: bool) -> list[Look]:
    """The certificate on own answers, with predictions, over draws, and in the worst case.

    Args:
        slate: audited.
        votes: people answered (otherwise utilities are similarities of texts).
    """
    if slate.audit is None:
        return []
    found, cbjr = slate.audit["certificate"], slate.audit["cbjr"]
    known, completed = found["known"], found["completed"]
    everything = known["answered"] >= 1
    cells = slate.n_agents * cbjr["pool_size"]
    result = []
    if votes:
        share = "all" if everything else percent(known["answered"])
        basis = f"People's own answers only ({share} of {count(cells)} possible ones)"
        result.append(_look(basis, len(known["violations"]), known["d"], known["worst"]))
    else:
        words = "Nobody voted, so nothing here rests on people's own answers."
        result.append(Look("People's own answers only", "Cannot be said", words, None))
    if everything:
        return result
    basis = "Own answers, the rest predicted" if votes else "Similarity of texts (topic, not stance)"
    result.append(_look(basis, completed["violations"], completed["d"], cbjr["worst"]))
    draws = found["draws"]
    if draws:
        slate_draws = draws["slate"]
        violated, times = slate_draws["violated"], slate_draws["draws"]
        words = (
            f"Predictions are uncertain, so the unanswered questions were filled in at random {count(times)} times, as "
            f"likely as the model holds each answer. In {of(round(violated * times), times)} of these draws there is "
            f"such a group. The largest one reaches {percent(slate_draws['median'])} of the size it would need in the "
            f"median draw, and at most {percent(slate_draws['p95'])} in 95% of them."
        )
        result.append(Look("Predictions drawn at random", f"In {percent(violated)} of draws", words, violated == 0))
    elif votes:
        words = "No draws of the unknown answers were made, so how sure the line above is, is not known."
        result.append(Look("Predictions drawn at random", "Not measured", words, None))
    worst = found["worst_case"]["d"]
    words = (
        f"If every unanswered question went against the slate, a group could reach {percent(worst)} of what it needs. "
    )
    words += (
        "The answers that are there cannot rule that out." if worst >= 1 else "So the answer is no whatever they are."
    )
    result.append(
        Look(
            "Every unknown answer against the slate",
            "Cannot be ruled out" if worst >= 1 else "No",
            words,
            None if worst >= 1 else True,
        )
    )
    return result


def _look(basis: str, violations: int, d: float, worst: Mapping[str, Any] | None) -> Look:
    if violations:
        statements = some(violations, "statement")
        words = (
            f"Yes: {statements} outside the slate {'has' if violations == 1 else 'have'} such a group behind "
            f"{'it' if violations == 1 else 'them'}; the largest reaches {percent(d)} of the size it needs."
        )
        return Look(basis, f"Yes, for {statements}", words, False)
    if worst is None or d == 0:
        return Look(basis, "No", "No. Not one person is known to prefer a statement that was left out.", True)
    return Look(basis, "No", f"No. The group that comes closest has {percent(d)} of the size it would need.", True)


def verdict(slate: Slate, *, votes: bool) -> str:
    """The certificate in one to three sentences."""
    if slate.audit is None:
        return "The slate was not audited."
    found = slate.audit["certificate"]
    predicted = _behind(found["completed"]["violations"])
    if not votes:
        return f"By similarity of texts, {predicted}. Whether people are for or against was not measured."
    own = _behind(len(found["known"]["violations"]))
    if found["known"]["answered"] >= 1:
        return f"On people's own answers (all are known), {own}."
    words = f"On people's own answers alone, {own}. With predictions for the answers nobody gave, {predicted}."
    if not found["known"]["violations"] and not found["completed"]["violations"]:
        words = (
            "Neither on people's own answers alone nor with predictions for the rest does any large enough group "
            "prefer a statement that was left out."
        )
    return f"{words} {compared(found['draws'])}" if found["draws"] else words


def _behind(violations: int) -> str:
    if not violations:
        return "no large enough group prefers a statement that was left out"
    if violations == 1:
        return "1 statement that was left out would have a large enough group behind it"
    return f"{count(violations)} statements that were left out would have a large enough group behind each of them"


def compared(draws: Mapping[str, Any]) -> str:
    """How the slate does beside random and most popular ones on the same draws, in one sentence."""
    shares = {kind: percent(value["violated"]) for kind, value in draws.items()}
    times = some(draws["slate"]["draws"], "random draw")
    words = f"In {times} of the unknown answers there is such a group {shares['slate']} of the time"
    others = [f"{shares[kind]} for {KINDS[kind].lower()}" for kind in ("popular", "random") if kind in shares]
    return f"{words}; with the same draws, {' and '.join(others)} of equal length." if others else f"{words}."


def rows(slate: Slate) -> list[Row]:
    """The table of draws, the slate first."""
    draws = (slate.audit or {}).get("certificate", {}).get("draws") or {}
    return [
        Row(
            name=KINDS.get(kind, kind),
            slates=f"{some(draws[kind]['draws'], 'draw')}, {some(draws[kind]['slates'], 'slate')}",
            median=percent(draws[kind]["median"]),
            p95=percent(draws[kind]["p95"]),
            violated=percent(draws[kind]["violated"]),
            low=draws[kind]["median"],
            high=draws[kind]["p95"],
        )
        for kind in ("slate", "popular", "random", *sorted(set(draws) - set(KINDS)))
        if kind in draws
    ]


@dataclass(frozen=True)
class Case:
    """A group and the statement it would want: the evidence behind a number."""

    title: str
    statement: str
    text: str
    words: str
    agents: tuple[str, ...]


def witnesses(slate: Slate, *, votes: bool) -> list[Case]:
    """Every violation, worst first; without one the group that comes closest. Own answers before predictions."""
    if slate.audit is None:
        return []
    found, cbjr = slate.audit["certificate"], slate.audit["cbjr"]
    looked = [("on people's own answers only", found["known"]["violations"], found["known"]["worst"])] if votes else []
    if not votes or found["known"]["answered"] < 1:
        basis = "with predictions" if votes else "by similarity of texts"
        looked.append((basis, cbjr["violations"], cbjr["worst"]))
    cases = []
    for basis, hits, worst in looked:
        for hit in hits:
            cases.append(_case(slate, f"Large enough {basis}", hit))
        if not hits and worst:
            cases.append(_case(slate, f"Closest {basis}", worst))
    return cases


def _case(slate: Slate, title: str, w: Mapping[str, Any]) -> Case:
    people = len(w["agents"])
    weight = "" if people == w["mass"] else f" with a weight of {count(w['mass'])}"
    words = (
        f"{some(people, 'person', 'people')}{weight} would rather have this statement. It costs {count(w['cost'])} of "
        f"{count(slate.budget)} {slate.unit}, so it would have to stand for {count(w['need'])}: the group has "
        f"{percent(w['ratio'])} of what it needs. Each of them values it at {w['threshold']:.2f} or more, and the "
        "statement that represents them at less (or they have none)."
    )
    if w["gap"] is not None:
        words += f" On average it is worth {w['gap']:.2f} more to those of them who have a statement."
    return Case(title, w["statement"], w["text"], words, tuple(w["agents"]))


AXIOMS = {
    "cjr": (
        "cJR, justified representation with costs",
        "the same without balance: a group complains only if every statement of the slate is worse for its members",
    ),
    "jr": ("JR on approvals", "a large enough group agrees on a statement and approves nothing in the slate"),
    "ejr_plus": (
        "EJR+ on approvals, up to any statement",
        "a group that approves a statement left out deserves more of the budget than any member approves of the slate",
    ),
}


def axioms(slate: Slate, *, votes: bool) -> list[tuple[str, str, str, str]]:
    """Further axioms: (name, what would violate it, on own answers, with predictions)."""
    if slate.audit is None:
        return []
    known = slate.audit["certificate"]["known"]
    return [
        (
            name,
            words,
            _axiom(known.get(key)) if votes else "cannot be said",
            _axiom(slate.audit.get(key)),
        )
        for key, (name, words) in AXIOMS.items()
    ]


def _axiom(found: Mapping[str, Any] | None) -> str:
    if not found:
        return "not computed"
    return f"{'holds' if found['holds'] else 'violated'} ({percent(found['ratio'])})"
