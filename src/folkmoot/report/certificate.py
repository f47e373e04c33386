"""The certificate in plain words, for the page and for the terminal."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..audits import Audit
from ..audits.certificate import Spread
from ..audits.records import Axiom, Coalition
from ..profile import IntArray, Slate
from ..slates.recorded import recorded
from . import agreement
from .barred import narrowed
from .facts import Facts
from .words import PEOPLE, Voice, count, figure, of, percent, some, voice

QUESTION = (
    "Is there a statement that could be chosen and was left out although a large enough group of people all prefer it "
    "to the statement they are assigned to? Someone assigned to no statement counts for any statement, whatever they "
    "think of it."
)
DEFINITION = (
    "(b, d)-cBJR is violated by a group S of people, a statement a of the pool that is not in the slate, and a level "
    "θ, if |S| ≥ d · ⌈c(a) · n / B⌉, and every i in S has u_i(a) ≥ θ and u_i(w(i)) < θ − b. Here c(a) is the cost of "
    "a, n the number of people (or their total weight), B the budget, u_i(a) the utility of a for i, and w(i) the "
    "statement i is assigned to; someone with no statement counts as below every level. The slate satisfies cBJR "
    "(balanced justified representation with costs) if nothing violates it with b = 0 and d = 1. Boehmer, Fish, "
    "Procaccia 2025, Definition 2.1; with unit costs Fish et al. 2024, Definition 1. d(b) is the largest |S| / "
    "⌈c(a) · n / B⌉ of any such group at that b."
)
LISTS = {
    "popular": "an equally long list of the most popular statements",
    "random": "random ones",
}
KINDS = {"slate": "This slate", "popular": "The most popular statements", "random": "Random statements"}


@dataclass(frozen=True)
class Look:
    """One of the certificate's audits of the slate, in words.

    Args:
        basis: what the audit rests on.
        answer: whether such a group exists, in a few words.
        words: the same answer in full sentences.
        holds: True where there is no such group, False where there is one, None where it is not known.
    """

    basis: str
    answer: str
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
        slate: the audited slate.
        votes: whether people answered (otherwise utilities are similarities of texts).
    """
    audit = recorded(slate).audit
    if audit is None:
        return []
    record, cbjr = audit.certificate, audit.cbjr
    known, completed = record.known, record.completed
    everything, says = known.answered >= 1, voice(slate)
    cells = slate.n_agents * cbjr.pool_size
    result = []
    if votes:
        share = "all" if everything else percent(known.answered)
        basis = f"{says.head} only ({share} of {count(cells)} possible ones)"
        result.append(_look(basis, known.violations, known.d, known.worst))
    else:
        words = "Nobody voted, so nothing here rests on people's own answers."
        result.append(Look("People's own answers only", "Cannot be said", words, None))
    if everything:
        return result
    basis = "Similarity of texts (topic, not stance)"
    if votes:
        basis = says.completed
    result.append(_look(basis, cbjr.violations, completed.d, cbjr.worst))
    if record.draws:
        spread = record.draws["slate"]
        violated, times = spread.violated, spread.draws
        words = (
            f"Predictions are uncertain, so the {says.unknown} were filled in at random {count(times)} times, as "
            f"likely as the model holds each answer. In {of(round(violated * times), times)} of these draws there is "
            f"such a group. The largest one reaches {percent(spread.median)} of the size it would need in the "
            f"median draw, and at most {percent(spread.p95)} in 95% of them."
        )
        result.append(Look("Predictions drawn at random", f"In {percent(violated)} of draws", words, violated == 0))
    elif votes and recorded(slate).engine.model != "none":
        words = f"No draws of the {says.unknown} were made, so how sure the line above is, is not known."
        result.append(Look("Predictions drawn at random", "Not measured", words, None))
    worst = record.worst_case.d
    words = f"If all the {says.doubted} went against the slate, a group could reach {percent(worst)} of what it needs. "
    words += "What is known cannot rule that out." if worst >= 1 else "So the answer is no whatever they are."
    result.append(
        Look(
            "Everything unknown against the slate",
            "Cannot be ruled out" if worst >= 1 else "No",
            words,
            None if worst >= 1 else True,
        )
    )
    return result


def _look(basis: str, hits: Sequence[Coalition], d: float, worst: Coalition | None) -> Look:
    violations = len(hits)
    if violations:
        statements = some(violations, "statement")
        words = (
            f"Yes: {statements} outside the slate {'has' if violations == 1 else 'have'} such a group behind "
            f"{'it' if violations == 1 else 'them'}; the largest reaches {percent(d)} of the size it needs."
            f"{LACKING if _lacking(hits) else ''}"
        )
        return Look(basis, f"Yes, for {statements}", words, False)
    if worst is None or d == 0:
        return Look(basis, "No", "No. Not one person is known to prefer a statement that was left out.", True)
    return Look(basis, "No", f"No. The group that comes closest has {percent(d)} of the size it would need.", True)


LACKING = " Nobody in any such group is assigned to a statement; what they think of these does not matter."


def _lacking(hits: Sequence[Coalition]) -> bool:
    """Whether no member of these coalitions has a statement, so that none of them can prefer another one to it."""
    return bool(hits) and all(hit.gap is None for hit in hits)


def verdict(slate: Slate, *, votes: bool) -> str:
    """The certificate in one to three sentences."""
    audit = recorded(slate).audit
    if audit is None:
        return "The slate was not audited."
    words = _verdict(slate, audit, votes=votes)
    return f"Among the statements that could be chosen: {words[0].lower()}{words[1:]}" if narrowed(slate) else words


def _verdict(slate: Slate, audit: Audit, *, votes: bool) -> str:
    record = audit.certificate
    predicted = _behind(audit.violations)
    if not votes:
        return f"By similarity of texts, {predicted}. Whether people are for or against was not measured."
    own, says = _behind(record.known.violations), voice(slate)
    if record.known.answered >= 1:
        return f"On {says.own} (all are known), {own}."
    words = f"On {says.own} alone, {own}. With {says.others}, {predicted}."
    if not record.known.violations and not record.completed.violations:
        words = (
            f"Neither on {says.own} alone nor with {says.rest} does any large enough group "
            "prefer a statement that was left out."
        )
    return f"{words} {compared(record.draws, says)}" if record.draws else words


def _behind(hits: Sequence[Coalition]) -> str:
    if not hits:
        return "no large enough group prefers a statement that was left out"
    who = ", made up of people assigned to no statement, whatever they think of it" if _lacking(hits) else ""
    if len(hits) == 1:
        return f"1 statement that was left out would have a large enough group behind it{who}"
    some_out = f"{count(len(hits))} statements that were left out would have a large enough group behind each of them"
    return f"{some_out}{who}"


def compared(draws: Mapping[str, Spread], says: Voice = PEOPLE) -> str:
    """Compares the slate with random and most popular ones on the same draws, in one sentence."""
    shares = {kind: percent(value.violated) for kind, value in draws.items()}
    times = some(draws["slate"].draws, "random draw")
    words = f"In {times} of the {says.unknown} there is such a group {shares['slate']} of the time"
    others = [f"{shares[kind]} for {LISTS[kind]}" for kind in ("popular", "random") if kind in shares]
    return f"{words}; with the same draws, {' and '.join(others)}." if others else f"{words}."


def assumptions(slate: Slate) -> list[str]:
    """What the figures on unknown answers take for granted, how much it would take to turn them, and how good they are.

    Args:
        slate: the audited slate.
    """
    audit = recorded(slate).audit
    if audit is None or not audit.certificate.known.answered or audit.certificate.known.answered >= 1:
        return []
    if recorded(slate).engine.model == "none":
        return []
    if not voice(slate).people:
        return [
            "What is predicted takes for granted that the language model was asked about a random choice of the pairs, "
            "given its scores."
        ]
    words = [f"{_at_random(slate)} {DIRECTION}", *turns(slate)]
    if audit.certificate.draws:
        words.append(CALIBRATED)
    return words


#: What `folkmoot study calibration` measured, as docs/studies/calibration.md has it.
AUDITS, CONVERSATIONS, PREDICTED, FOUND = 528, 6, 0.167, 0.141
CALIBRATED = (
    f"The draws err on the safe side: on held-out votes of {CONVERSATIONS} conversations such a group was predicted "
    f"with a chance of {percent(PREDICTED)} on average, and found in {percent(FOUND)} of {AUDITS} audits (`folkmoot "
    "study calibration`)."
)
DIRECTION = (
    "If they think less of it, fewer of them agree with the statement they are assigned to than expected, and fewer "
    "want one that was left out; if they think more of it, more do."
)


def _at_random(slate: Slate) -> str:
    verb = agreement.verb(slate)
    said, say = ("voted on", "vote") if verb == "voted" else (verb, "answer")
    return (
        f"Predictions take for granted that people skip at random: that those who have not {said} a statement think of "
        f"it as others do who otherwise {say} alike."
    )


def turns(slate: Slate) -> list[str]:
    """How far unseen answers would have to differ from predictions until the finding turns, in one paragraph.

    Shares are rounded up, so that what is said of a shift holds for it.

    Args:
        slate: the audited slate; nothing is said where it was not people who answered.
    """
    audit = recorded(slate).audit
    if audit is None or audit.certificate.turning is None or not voice(slate).people:
        return []
    found = audit.certificate.turning
    more, less = ("less", "more") if found.violated else ("more", "less")
    cases = {
        "the statements that were left out": (found.outside, more),
        "the one they are assigned to": (found.assigned, less),
    }
    turning = [f"with {what} {_at_least(slate, by, way)}" for what, (by, way) in cases.items() if by is not None]
    words = []
    if turning:
        group = "a large enough group would prefer a statement that was left out"
        if found.violated:
            group = "no large enough group would prefer a statement that was left out any more"
        lead = "As far as predictions go, by which the least difference is a preference,"
        who = f"those who have not {'voted on' if agreement.verb(slate) == 'voted' else 'answered'} a statement agreed"
        words.append(f"{lead} {group} if {who} {', or '.join(turning)}.")
    standing = [what for what, (by, _) in cases.items() if by is None]
    if standing:
        words.append(
            f"Whatever those who have not answered think of {', or of '.join(standing)}, that alone would not change "
            "the finding."
        )
    if found.draws and found.drawn is None:
        words.append(
            "However much they agreed with what was left out, fewer than half of the random draws would hold such a "
            "group."
        )
    elif found.draws and found.drawn:
        words.append(
            "Half of the random draws would hold such a group if they agreed with what was left out "
            f"{_at_least(slate, found.drawn, 'more')}."
        )
    return [" ".join(words)]


def _at_least(slate: Slate, shift: float, direction: str) -> str:
    """A shift in words: of votes in percentage points, of other answers as a share of the scale."""
    points = max(1, math.ceil(round(shift * 100, 6)))
    if agreement.verb(slate) == "voted":
        return f"at least {some(points, 'percentage point')} {direction} often than predicted"
    return f"by at least {points}% of the scale {direction} than predicted"


def rows(slate: Slate) -> list[Row]:
    """The table of draws, the slate first."""
    audit = recorded(slate).audit
    draws = (None if audit is None else audit.certificate.draws) or {}
    return [
        Row(
            name=KINDS.get(kind, kind),
            slates=f"{some(draws[kind].draws, 'draw')}, {some(draws[kind].slates, 'slate')}",
            median=percent(draws[kind].median),
            p95=percent(draws[kind].p95),
            violated=percent(draws[kind].violated),
            low=draws[kind].median,
            high=draws[kind].p95,
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


def witnesses(facts: Facts) -> list[Case]:
    """Every violation, worst first; without one the group that comes closest. Own answers before predictions."""
    slate, votes, audit = facts.slate, facts.terms.votes, facts.audit
    if audit is None:
        return []
    known, cbjr = audit.certificate.known, audit.cbjr
    looked = []
    if votes:
        looked.append((f"on {voice(slate).own} only", known.violations, known.worst))
    if not votes or known.answered < 1:
        basis = "with predictions" if votes else "by similarity of texts"
        looked.append((basis, cbjr.violations, cbjr.worst))
    cases = []
    for basis, hits, worst in looked:
        for hit in hits:
            cases.append(_case(facts, f"Large enough {basis}", hit))
        if not hits and worst:
            cases.append(_case(facts, f"Closest {basis}", worst))
    return cases


def _case(facts: Facts, title: str, w: Coalition) -> Case:
    slate, t = facts.slate, facts.terms
    if w.agents is None:
        return _unnamed(slate, title, w)
    names = [name for name in w.agents if name in facts.profile.agent_index]
    rows = np.array([facts.profile.agent_index[name] for name in names], dtype=np.int64)
    without = rows[facts.place[rows] < 0]
    people, lacking = len(w.agents), len(without)
    weight = "" if people == w.mass else f" with a weight of {count(w.mass)}"
    who = f"{some(people, 'person', 'people')}{weight}"
    clause = _answered(facts, w.statement, without)
    if lacking == people:
        words = f"{who} assigned to no statement{clause}."
    elif lacking:
        words = (
            f"{who}: {count(people - lacking)} would rather have this statement than the one they are assigned to, "
            f"and {count(lacking)} {'is someone' if lacking == 1 else 'are people'} assigned to no statement"
            f"{clause}."
        )
    else:
        words = f"{who} would rather have this statement than the one they are assigned to."
    words += (
        f" {_takes(slate, w)}, so it would have to stand for "
        f"{count(w.need)}: the group has {percent(w.ratio)} of what it needs."
    )
    each = "each of them" if people > 1 else "them"
    noun = "It is worth" if t.votes else "Its similarity is"
    if lacking < people:
        words += (
            f" {noun} {figure(w.threshold)} or more for {each}, and the statement they are assigned to less"
            f"{' (or they have none)' if lacking else ''}."
        )
    else:
        words += (
            f" {noun} {figure(w.threshold)} or more for {each}, on a scale from {t.low:g} to {t.high:g}: whoever "
            "has no statement counts, however little that is."
        )
    if w.gap is not None and lacking < people:
        words += f" On average it is worth {w.gap:.2f} more to those of them who have a statement."
    return Case(title, w.statement, w.text, words, w.agents)


def _takes(slate: Slate, w: Coalition) -> str:
    if slate.unit == "statements":
        return f"It would take one of {count(slate.budget)} places"
    return f"It costs {count(w.cost)} of {count(slate.budget)} {slate.unit}"


def _unnamed(slate: Slate, title: str, w: Coalition) -> Case:
    """A case whose members the audit does not list (it lists those of the largest ones only)."""
    need, ratio = count(w.need), percent(w.ratio)
    words = f"A group of {count(w.mass)}"
    if w.gap is None:
        words += ", all of them people assigned to no statement"
    words += f". {_takes(slate, w)}, so it would have to "
    words += f"stand for {need}: the group has {ratio} of what it needs. The audit does not list its members."
    return Case(title, w.statement, w.text, words, ())


def _answered(facts: Facts, statement: str, rows: IntArray) -> str:
    """How these people answered a statement, as a clause."""
    t, column = facts.terms, facts.profile.statement_index.get(statement)
    if not t.votes or not len(rows):
        return ""
    answers = facts.profile.answers
    mine = (answers.statement == column) & np.isin(answers.agent, rows)
    utility, middle = answers.scale.utility(answers.value[mine]), answers.scale.midpoint
    above, below = int((utility > middle).sum()), int((utility < middle).sum())
    answered, says = len(utility), voice(facts.slate)
    if t.complete:
        below, answered = below + len(rows) - answered, len(rows)
    if not answered:
        return f", none of whom {says.gave} this one"
    kinds = ((t.approve, above), (t.middle, answered - above - below), (t.reject, below))
    counts = ", ".join(f"{count(number)} {_short(name)}" for name, number in kinds if number)
    if answered == len(rows):
        return f" and who {says.gave} this one ({counts})"
    return f", {count(answered)} of whom {says.gave} this one ({counts}); for the others it is predicted"


def _short(name: str) -> str:
    """The name of an answer after a count: 'above the middle', not 'are above the middle (2)'."""
    return name.removeprefix("are ").partition(" (")[0]


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
    """Further axioms, as rows of (name, what would violate it, result on own answers, result with predictions)."""
    audit = recorded(slate).audit
    if audit is None:
        return []
    known = audit.certificate.known
    both = {"cjr": (None, audit.cjr), "jr": (known.jr, audit.jr), "ejr_plus": (known.ejr_plus, audit.ejr_plus)}
    return [
        (*AXIOMS[key], _axiom(own) if votes else "cannot be said", _axiom(predicted))
        for key, (own, predicted) in both.items()
    ]


def _axiom(axiom: Axiom | None) -> str:
    if axiom is None:
        return "not computed"
    return f"{'holds' if axiom.holds else 'violated'} ({percent(axiom.ratio)})"
