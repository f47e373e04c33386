"""How far unseen answers may differ: what is printed holds of the numbers behind it, and of the conversation."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from report_views import CASES, figured, view

import folkmoot as fm
from conversations import write_conversation
from folkmoot.audits.cbjr import worst
from folkmoot.audits.certificate import worst_case
from folkmoot.audits.turning import Turning
from folkmoot.profile import FloatArray
from folkmoot.report import View, render
from folkmoot.report.assumptions import assumptions
from folkmoot.report.audit_text import audit_summary
from folkmoot.report.turns import turns
from folkmoot.slates.case import Found
from folkmoot.slates.compare import Checks
from folkmoot.slates.recorded import recorded

LEAD = "As far as predictions go, by which the least difference is a preference,"


def turned(found: Turning) -> View:
    made = view()
    audit = recorded(made.slate).audit
    assert audit is not None
    return figured(made, certificate=replace(audit.certificate, turning=found))


def test_both_ways() -> None:
    made = turned(Turning(violated=False, outside=0.0832, assigned=0.21, drawn=0.3, draws=20))
    (words,) = turns(made.slate)
    assert words == (
        f"{LEAD} a large enough group would prefer a statement that was left out if those who have not voted on a "
        "statement agreed with the statements that were left out at least 9 percentage points more often than "
        "predicted, or with the one they are assigned to at least 21 percentage points less often than predicted. Half "
        "of the random draws would hold such a group if they agreed with what was left out at least 30 percentage "
        "points more often than predicted."
    )
    assert words in " ".join(render(made).split())
    audit = recorded(made.slate).audit
    assert audit is not None
    told = audit_summary(made.slate, audit, Checks(True, None, True, ()))
    assert words in " ".join(told.split())
    assert words in assumptions(made.slate)


def test_violated_already() -> None:
    (words,) = turns(turned(Turning(violated=True, outside=0.01, assigned=None, drawn=0.0, draws=20)).slate)
    assert words == (
        f"{LEAD} no large enough group would prefer a statement that was left out any more if those who have not voted "
        "on a statement agreed with the statements that were left out at least 1 percentage point less often than "
        "predicted. Whatever those who have not answered think of the one they are assigned to, that alone would not "
        "change the finding."
    )


def test_never() -> None:
    (words,) = turns(turned(Turning(violated=False, outside=None, assigned=None, drawn=None, draws=20)).slate)
    assert words == (
        "Whatever those who have not answered think of the statements that were left out, or of the one they are "
        "assigned to, that alone would not change the finding. However much they agreed with what was left out, fewer "
        "than half of the random draws would hold such a group."
    )


@pytest.mark.parametrize("name", ["texts", "not audited", "votes"])
def test_nothing_is_said_of_what_was_not_looked_for(name: str) -> None:
    assert turns(CASES[name].slate) == []


@pytest.mark.parametrize(
    "budget", [pytest.param(2, marks=pytest.mark.long), 4, pytest.param(8, marks=pytest.mark.long)]
)
def test_what_is_printed_of_a_conversation_is_so(budget: int, tmp_path: Path) -> None:
    """The points in the sentence turn the verdict; one tenth of a point less than the record says does not."""
    profile = fm.read(write_conversation(tmp_path / "c", seed=budget))
    slate = fm.slate(profile, budget, unit="statements", draws=12)
    audit = recorded(slate).audit
    assert audit is not None
    found = audit.certificate.turning
    assert found is not None
    assert found.violated == audit.violated
    subject = Found.of(profile, slate)
    held = subject.case.held(subject.subject)
    own, fixed = held.own, ~np.isposinf(held.own_known)

    def violated(outside: float, assigned: float) -> bool:
        def offers(candidates: np.ndarray) -> object:
            for part, block in held.offers(candidates):
                known = held.pool.known(held.pool.agents, part)
                yield part, np.where(known, block, np.clip(block + outside, 0, 1))

        moved: FloatArray = np.where(fixed, own, np.clip(own + assigned, 0, 1))
        closest = worst(held, moved, offers)  # type: ignore[arg-type]
        return closest is not None and closest.violates

    sign = -1 if found.violated else 1
    text = " ".join(turns(slate))
    assert text
    for shift, pattern, unit in (
        (found.outside, r"statements that were left out at least (\d+) percentage", np.array([sign, 0])),
        (found.assigned, r"they are assigned to at least (\d+) percentage", np.array([0, -sign])),
    ):
        match = re.search(pattern, text)
        assert (match is None) == (shift is None)
        if match is not None and shift is not None:
            points = int(match.group(1)) / 100
            assert shift <= points < shift + 0.01 + 1e-9
            assert violated(*(unit * points)) != found.violated
            assert violated(*(unit * (shift - 0.001))) == found.violated
        else:
            assert violated(*(unit * 1.0)) == found.violated
    if found.outside is not None and not found.violated:
        assert worst_case(held, 0.0, 1.0) >= 1
