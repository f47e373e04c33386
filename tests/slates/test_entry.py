"""A slip in what a call of the library is given first is said at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import folkmoot as fm
from folkmoot.profile import Agents, Answers, Profile, Scale, Statements
from folkmoot.slates.audited import audited

CALLS: tuple[Callable[..., Any], ...] = (fm.audit, audited, fm.axioms)


@pytest.fixture(scope="module")
def profile() -> Profile:
    answers = Answers.of([0, 1], [0, 1], [1.0, 1.0], Scale("vote", -1, 1))
    return Profile(Agents(("p", "q")), Statements(("a", "b"), ("More buses, please.", "Plant more trees.")), answers)


@pytest.fixture(scope="module")
def slate() -> fm.Slate:
    return fm.Slate.from_json('["a"]')


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("folder", "the text 'folder' is not what people said; pass a profile: fm.read('folder')"),
        (Path("folder"), "pass a profile: fm.read('folder')"),
        (None, "None is not what people said; pass a profile: fm.read(...)"),
        (3, "an object of the type int is not"),
    ],
)
def test_what_is_no_profile_is_refused(given: Any, says: str, slate: fm.Slate) -> None:
    with pytest.raises(fm.InputError) as error:
        fm.slate(given)
    assert says in str(error.value)
    for call in CALLS:
        with pytest.raises(fm.InputError) as error:
            call(given, slate)
        assert says in str(error.value)


@pytest.mark.parametrize("call", CALLS)
def test_what_is_no_slate_or_stands_first_is_refused(
    call: Callable[..., Any], profile: Profile, slate: fm.Slate
) -> None:
    with pytest.raises(fm.InputError, match=r"pass a profile: fm\.read\(\.\.\.\), and the slate after it"):
        call(slate, profile)
    with pytest.raises(fm.InputError, match=r"fm\.Slate\.load\('slate\.json'\)"):
        call(profile, "slate.json")
    with pytest.raises(fm.InputError, match="None is no slate"):
        call(profile, None)
