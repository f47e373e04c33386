"""What every exact audit promises, tried on small random slates of which some keep its axiom and some do not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..audits import AUDITS, Entry, Finding, Subject, implied
from ..profile import FolkmootError
from .instances import Instance, instances, some_slate
from .suite import Suite

LEVELS = (1.0, 2.0)


def slates(seed: int, count: int, **options: Any) -> Iterator[tuple[int, Instance, Subject]]:
    """Random slates of random instances with weights; some agents are unassigned."""
    for number, instance in instances(
        seed, count, n=6, m=4, kinds=("approval", "integer"), weighted=True, budget=7, **options
    ):
        place, assignment = some_slate(np.random.default_rng([71, seed, number]), instance)
        yield number, instance, Subject(instance.pool(), place, assignment, instance.budget)


def copied(instance: Instance, subject: Subject) -> Subject:
    """The same slate with as many copies of every agent as the agent weighs."""
    copies = np.repeat(subject.assignment, instance.masses)
    return Subject(instance.copied().pool(), subject.chosen, copies, instance.budget)


def finding(entry: Entry, subject: Subject, number: int, **options: Any) -> Finding:
    """The verdict of an audit; the approval level alternates with the number of the slate."""
    level = (LEVELS[number % len(LEVELS)],) if entry.approvals else ()
    return entry.check(subject, *level, **options)


def declares_itself(entry: Entry) -> None:
    """It says what the axiom is, how it is decided, up to which size, and what is sound beyond that size."""
    for name in ("name", "says", "exactness", "limit", "complexity", "source"):
        assert getattr(entry, name), f"it declares no {name}"
    unlimited = entry.limit.startswith("none")
    assert unlimited != bool(entry.instead), "`instead` is said where there is a limit, and only there"
    for other in (*entry.implies, *entry.implies_equal):
        assert other in AUDITS, f"it implies {other!r}, which is no audit; there are {', '.join(AUDITS)}"


def says_both(entry: Entry) -> None:
    """It holds for some slates and not for others, and its finding is complete: verdict, matching ratio, witness."""
    verdicts = set()
    for number, instance, subject in slates(71, 80):
        one, where = finding(entry, subject, number), f"slate {number} of {instance}"
        verdicts.add(one.holds)
        assert one.ratio is None or one.holds == (one.ratio < 1), f"holds={one.holds} at ratio {one.ratio}, {where}"
        shown = one.holds or one.ratio is None or one.witness is not None
        assert shown, f"a violation without the group behind it, {where}"
        other = finding(entry, subject, number)
        assert (one.holds, one.ratio) == (other.holds, other.ratio), f"another verdict the second time, {where}"
    assert verdicts == {True, False}, f"it always says {verdicts.pop()}"


def takes_weights_as_copies(entry: Entry) -> None:
    """An agent of weight w counts like w agents with the same utilities."""
    if entry.whole_agents:
        return
    for number, instance, subject in slates(71, 80):
        one, other = finding(entry, subject, number), finding(entry, copied(instance, subject), number)
        with_weights, with_copies = (one.holds, one.ratio), (other.holds, other.ratio)
        assert with_weights == with_copies, (
            f"{with_weights} with weights, {with_copies} with copies, slate {number} of {instance}"
        )


def takes_what_it_declares(entry: Entry) -> None:
    """``slack``, ``nodes`` and ``timed`` are arguments of its check where it declares them, and change no verdict."""
    options: dict[str, Any] = {"nodes": entry.nodes} if entry.nodes else {}
    options |= {"time_limit": 60.0} if entry.timed else {}
    options |= {"slack": False} if entry.slack else {}
    for number, instance, subject in slates(71, 80):
        assert finding(entry, subject, number, **options).holds == finding(entry, subject, number).holds, (
            f"another verdict with {options}, slate {number} of {instance}"
        )


def gives_up_with_a_sentence(entry: Entry) -> None:
    """If its time or its steps do not suffice it raises an error of one sentence, and never guesses."""
    options: dict[str, Any] = {"nodes": 1} if entry.nodes else {"time_limit": 0.0} if entry.timed else {}
    for number, instance, subject in slates(73, 40) if options else ():
        try:
            verdict = finding(entry, subject, number, **options).holds
        except FolkmootError as error:
            assert str(error), "it gives up without a word"
            assert "\n" not in str(error), f"more than one line: {error}"
        else:
            assert verdict == finding(entry, subject, number).holds, (
                f"a guess with {options}, slate {number} of {instance}"
            )


def implies_what_it_declares(entry: Entry) -> None:
    """Every axiom that it declares to imply holds wherever its own axiom holds."""
    for equal_costs in (True, False):
        below = implied(entry.id, equal_costs=equal_costs) if entry.id in AUDITS else frozenset(entry.implies)
        for number, instance, subject in slates(75, 80, unit_cost=equal_costs) if below else ():
            if entry.check(subject, *([1.0] if entry.approvals else [])).holds:
                for other in sorted(below):
                    weaker = AUDITS[other]
                    holds = weaker.check(subject, *([1.0] if weaker.approvals else [])).holds
                    assert holds, f"it holds and {other} does not, slate {number} of {instance}"


check_audit: Suite[Entry] = Suite(
    declares_itself,
    says_both,
    takes_weights_as_copies,
    takes_what_it_declares,
    gives_up_with_a_sentence,
    implies_what_it_declares,
)
"""Checks an exact audit against its declaration (`folkmoot.audits.Entry`)."""
