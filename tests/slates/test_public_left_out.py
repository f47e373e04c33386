"""What was published, less what was left out by the reasons that the page gives, is what it says remained."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

import folkmoot as fm
from folkmoot.profile import ACCEPTED, PENDING, REJECTED, PageOptions
from folkmoot.report.public import render_public
from folkmoot.slates.recorded import recorded
from public_slates import camps


def moderated(accepted: int, rejected: int) -> fm.Profile:
    """Of 24 statements some are accepted and some rejected, the others wait; every other one has few answers."""
    profile = camps(60, 24, seen=0.7)
    state = np.full(24, PENDING, dtype=np.int8)
    state[:accepted], state[24 - rejected :] = ACCEPTED, REJECTED
    a = profile.answers
    keep = (a.statement % 4 != 0) | (a.agent < 6)
    answers = type(a).of(a.agent[keep], a.statement[keep], a.value[keep], a.scale)
    return replace(profile, statements=replace(profile.statements, moderation=state), answers=answers)


@pytest.mark.parametrize(("accepted", "rejected"), [(10, 4), (0, 0)])
@pytest.mark.parametrize("options", [{}, {"locked_out": ["s1", "s3", "s12"]}, {"max_length": 9, "locked_in": ["s4"]}])
def test_published_less_the_reasons_is_what_remained(accepted: int, rejected: int, options: dict[str, object]) -> None:
    slate = fm.slate(moderated(accepted, rejected), 3, unit="statements", draws=0, **options)  # type: ignore[arg-type]
    public = recorded(slate).audit.public  # type: ignore[union-attr]
    assert public is not None
    assert public.left_out is not None
    assert public.published - sum(public.left_out.values()) == public.free
    # What is on the list is published, though moderation may not have come to it.
    assert (accepted or 24 - rejected) <= public.published <= (accepted + 3 if accepted else 24 - rejected)
    text = re.sub(r"<[^>]*>", "", render_public(slate, PageOptions(lang="en")).html)
    said = re.search(r"Left out of the choice: (.*?)\. (\d+) remained\.", text)
    assert said
    reasons = sum(int(n) for n in re.findall(r"\((\d+)\)", said[1]))
    assert public.published - reasons == int(said[2])


def test_an_older_slate_that_does_not_say_why_gives_no_reasons() -> None:
    slate = fm.slate(moderated(10, 4), 3, unit="statements", draws=0)
    assert slate.audit is not None
    public = {name: value for name, value in slate.audit["public"].items() if name != "left_out"}
    html = render_public(replace(slate, audit={**slate.audit, "public": public}), PageOptions(lang="en")).html
    assert "Left out of the choice" not in html
