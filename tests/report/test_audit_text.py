"""The audit on the terminal: nobody is said to prefer what they do not, and texts are not called answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from report_views import profile, view

from folkmoot.profile import Slate
from folkmoot.report import View
from folkmoot.report.audit_text import audit_summary
from folkmoot.report.translations import words
from folkmoot.slates.compare import Checks
from folkmoot.slates.recorded import recorded

CHECKS = Checks(source=True, slate=None, figures=True, differs=())


def printed(made: View, slate: Slate | None = None, **hit: Any) -> str:
    """The summary, with that coalition as the only violation where one is given."""
    audit = recorded(made.slate).audit
    assert audit is not None
    assert audit.worst is not None
    violations = (replace(audit.worst, **hit),) if hit else ()
    audit = replace(audit, cbjr=replace(audit.cbjr, violated=bool(hit), violations=violations))
    return " ".join(audit_summary(slate or made.slate, audit, CHECKS, made.profile).split())


def test_votes() -> None:
    text = printed(view())
    assert (
        "Did we overlook a large group? No large group is known to have been overlooked: neither by people's own"
        in text
    )
    assert "The list was held against 3 statements of the pool." in text
    assert (
        "By people's own answers alone (80% of all are known): no large group was overlooked; the closest has 1 of 2 "
        "needed. [cBJR on own answers holds, d = 0.50]"
    ) in text
    assert "With predictions: no large group was overlooked; the closest has 1 of 2 needed. [cBJR on completed" in text
    assert "[EJR+ on approvals holds, ratio 0.50]" in text
    # Plain sentences come first: no measure is named before the question is answered.
    assert text.index("Did we overlook") < text.index("cBJR")


def test_what_is_overlooked_is_said_so() -> None:
    text = printed(view(), mass=3, agents=("ada", "ben", "cy"))
    assert "With predictions: a large group was OVERLOOKED, with 1 where 2 are needed." in text
    audit = recorded(view(violated=True).slate).audit
    assert audit is not None
    text = " ".join(audit_summary(view(violated=True).slate, audit, CHECKS).split())
    assert "(80% of all are known): a large group was OVERLOOKED, with 3 where 2 are needed. [cBJR on own" in text
    assert "[cJR VIOLATED, ratio 1.50]" in text


def test_texts_alone_are_not_answers() -> None:
    text = printed(view(profile(votes=False)), mass=3, agents=("ada", "ben", "cy"))
    assert "By people's own answers alone: cannot be said, nobody was asked about a statement. [cBJR]" in text
    assert "[cBJR by similarity of texts VIOLATED, d = 0.50]" in text
    assert "1 group was overlooked by similarity of texts:" in text
    assert "Similarity of the assigned" in text
    assert "completed" not in text
    assert "nobody was asked whether they agree with theirs" in text


@pytest.mark.parametrize(
    ("hit", "line"),
    [
        ({"agents": ("ada",), "mass": 1}, "1 person (2 needed) would rather have [s3] A pool"),
        ({"agents": ("ada", "ben"), "mass": 3}, "2 people with a weight of 3 (2 needed) would rather have [s3]"),
        ({"agents": ("flo",), "mass": 1, "gap": None}, "1 person without a statement of their own (2 needed): [s3] A"),
        (
            {"agents": ("ada", "ben", "flo"), "mass": 3},
            "3 people (2 needed), 1 without a statement of their own; the other 2 would rather have [s3] A pool",
        ),
        (
            {"agents": None, "mass": 900, "gap": None},
            "A group of 900 without a statement of their own (2 needed): [s3]",
        ),
        ({"agents": None, "mass": 900}, "A group of 900 (2 needed): [s3]"),
    ],
)
def test_who_is_behind_a_statement_that_was_left_out(hit: dict[str, Any], line: str) -> None:
    text = printed(view(), **hit)
    assert f"1 group was overlooked, with predictions: {line}" in text
    assert ("would rather" in text) == ("would rather" in line)


def test_german_has_the_same_findings() -> None:
    made = view(violated=True)
    audit = recorded(made.slate).audit
    assert audit is not None
    text = " ".join(audit_summary(made.slate, audit, CHECKS, made.profile, words("de")).split())
    assert "Haben wir eine große Gruppe übersehen? Eine große Gruppe wurde übersehen: Allein nach den eigenen" in text
    assert "(80 % von allen sind bekannt): Eine große Gruppe wurde ÜBERSEHEN, mit 3, wo 2 nötig sind." in text
    assert "overlooked" not in text


def test_a_slate_that_names_nobody_leaves_open_who_has_a_statement() -> None:
    slate = view().slate
    bare = replace(slate, statements=tuple(replace(s, agents=()) for s in slate.statements), unassigned=())
    text = printed(view(), bare, agents=("ada", "ben", "flo"), mass=3)
    assert "3 people (2 needed) would rather have, or have no statement of their own: [s3] A pool" in text
    nobody = printed(view(), bare, agents=("ada", "ben", "flo"), mass=3, gap=None)
    assert "3 people without a statement of their own (2 needed): [s3] A pool" in nobody
