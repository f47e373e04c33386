"""The audit on the terminal: nobody is said to prefer what they do not, and texts are not called answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from report_views import profile, view

from folkmoot.profile import Slate
from folkmoot.report import View
from folkmoot.report.audit_text import audit_summary
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
    return audit_summary(slate or made.slate, audit, CHECKS)


def test_votes() -> None:
    text = printed(view())
    assert "2 statements against a pool of 3." in text
    assert "  cBJR on completed utilities   holds (largest" in text
    assert "  cBJR on people's own answers  holds (largest coalition 1 of 2 needed, d = 0.50); 80% of all" in text
    assert "  EJR+ (approvals)              holds" in text
    one = replace(view().slate, statements=view().slate.statements[:1])
    assert "1 statement against a pool of 3." in printed(view(), one)


def test_texts_alone_are_not_answers() -> None:
    text = printed(view(profile(votes=False)), mass=3, agents=("ada", "ben", "cy"))
    assert "  cBJR on people's own answers  not applicable: nobody voted\n" in text
    for name in ("cBJR", "cJR", "EJR+", "JR"):
        assert f"  {f'{name} by similarity of texts':<29} " in text
    assert "1 violation by similarity of texts, worst first:" in text
    assert "Similarity of the assigned" in text
    assert "approvals" not in text
    assert "completed" not in text


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
    assert f"1 violation on completed utilities, worst first:\n  {line}" in text
    assert ("would rather" in text) == ("would rather" in line)


def test_a_slate_that_names_nobody_leaves_open_who_has_a_statement() -> None:
    slate = view().slate
    bare = replace(slate, statements=tuple(replace(s, agents=()) for s in slate.statements), unassigned=())
    text = printed(view(), bare, agents=("ada", "ben", "flo"), mass=3)
    assert "3 people (2 needed) would rather have, or have no statement of their own: [s3] A pool" in text
    nobody = printed(view(), bare, agents=("ada", "ben", "flo"), mass=3, gap=None)
    assert "3 people without a statement of their own (2 needed): [s3] A pool" in nobody
