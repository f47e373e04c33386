"""The first line: what was read, what could not be chosen and why, and why there is no statement at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from report_views import profile, view

from folkmoot.profile import Slate
from folkmoot.report import View, render, summary
from folkmoot.report.counted import counted
from folkmoot.report.facts import Facts
from folkmoot.report.status import status


def changed(made: View, *, excluded: dict[str, int] | None = None, **options: Any) -> View:
    """The same view with other options, and what they excluded."""
    slate = made.slate
    audit = dict(slate.audit or {}) | ({} if excluded is None else {"excluded": excluded})
    return replace(made, slate=replace(slate, audit=audit, process={**slate.process, "options": options}))


def empty(made: View, budget: int = 1) -> View:
    slate = replace(made.slate, statements=(), unassigned=made.profile.agents.ids, budget=budget)
    return replace(made, slate=slate)


def test_every_reason_is_counted_in_plain_words() -> None:
    reasons = {"without_words": 1, "locked_out": 2, "too_short": 3, "too_long": 4, "too_few_answers": 1000}
    line = status(changed(view(), excluded=reasons).slate, view().profile).line
    assert (
        "1 without a single word, 2 ruled out by the organiser, 3 shorter than allowed, 4 longer than allowed "
        "and 1,000 answered by too few people (one statement can be among several of these)." in line
    )
    priced = changed(view(), excluded={"without_words": 2})
    assert "2 at no cost" in status(replace(priced.slate, unit="cost")).line


def test_one_reason_counts_unless_options_are_among_them() -> None:
    rules = {
        "too_few_answers": 5,
        "too_little_text": 1,
        "about_the_speaker": 2,
        "metadata": 3,
        "said_better_elsewhere": 4,
    }
    line = status(changed(view(), excluded=rules).slate, view().profile).line
    assert line.endswith(
        "these could not be chosen: 5 answered by too few people, 1 with too few words, 2 about their author instead "
        "of what should be done, 3 marked by the source as questions about participants and 4 put nearly the same "
        "way by another."
    )
    assert "several of these" in status(changed(view(), excluded=rules | {"locked_out": 1}).slate).line
    assert "several of these" not in status(changed(view(), excluded={"locked_out": 1}).slate).line


def test_strict_counts_pending_statements() -> None:
    made = changed(view(), excluded={}, strict=True)
    line = status(made.slate, made.profile).line
    assert "Moderation rejected 1 of 4 statements; it could not be chosen." in line
    assert "Moderation has not accepted 1 of 4 statements yet; it could not be chosen." in line
    alone = status(replace(made.slate, source={**made.slate.source, "pool": 2})).line
    assert "Moderation rejected or has not accepted yet 2 of 4 statements; they could not be chosen." in alone


def test_many_rejected_and_none() -> None:
    slate = changed(view(), excluded={}).slate
    many = replace(slate, source={**slate.source, "statements": 896, "pool": 607})
    assert status(many).line.startswith(
        "All data could be read. Moderation rejected 289 of 896 statements; they could not be chosen."
    )
    none = replace(slate, source={"pool": 4, "statements": 4})
    assert "chosen" not in status(none).line
    assert "chosen" not in status(replace(slate, source={})).line


def test_an_unaudited_slate_alone_does_not_know_why() -> None:
    slate = replace(view().slate, audit=None)
    assert "1 of 4 statements, empty or kept out by moderation, could not be chosen." in status(slate).line


@pytest.mark.parametrize(
    ("people", "lacking", "words"),
    [
        (1, 0, "The one participant is assigned to a statement. "),
        (2, 0, "Each of 2 participants is assigned to a statement. "),
        (2, 1, "1 of 2 participants (50%) is assigned to no statement; every figure below on who agrees and on "),
        (3, 2, "2 of 3 participants (67%) are assigned to no statement; every figure below on who agrees and on "),
        (2, 2, "2 of 2 participants (100%) are assigned to no statement; every figure below on who agrees and on "),
    ],
)
def test_one_and_many(people: int, lacking: int, words: str) -> None:
    slate = replace(view().slate, n_agents=people, unassigned=("x",) * lacking)
    assert status(slate).people.startswith(words)
    assert status(slate).lines[0] == status(slate).people


def test_an_empty_slate_says_so_first_and_why() -> None:
    small = empty(view())
    start = "No statement was chosen: the budget of 1 word is too small for any statement that could be chosen"
    assert status(small.slate, small.profile).line.startswith(f"{start} (the cheapest costs 2 words). All data could")
    assert " ".join(summary(small).split()).startswith(start)
    assert start in render(small)
    assert "mean utility" not in summary(small)
    barred = empty(changed(view(), excluded={"too_short": 3}, min_length=9))
    assert status(barred.slate, barred.profile).line.startswith(
        "No statement was chosen: every statement was excluded."
    )
    assert status(barred.slate).line.startswith("No statement was chosen: every statement was excluded.")


@pytest.mark.parametrize(
    "options",
    [
        {"max_length": 1},
        {"min_answers": 7},
        {"locked_out": ["s0", "s1", "s3", "unknown"]},
        {"strict": True, "locked_out": ["s0", "s1"]},
    ],
)
def test_an_empty_slate_with_everything_ruled_out(options: dict[str, Any]) -> None:
    made = empty(changed(view(), excluded={}, **options), budget=100)
    assert status(made.slate, made.profile).line.startswith("No statement was chosen: every statement was excluded.")


def test_an_empty_slate_for_other_reasons() -> None:
    enough = empty(changed(view(), excluded={}), budget=100)
    line = status(enough.slate, enough.profile).line
    assert line.startswith("No statement was chosen: no statement that could be chosen had enough people behind it.")
    alone = status(enough.slate).line
    assert alone.startswith("No statement was chosen: none that could be chosen is within the budget of 100 words, or")
    nobody = Slate((), (), 5, "words", 0)
    assert status(nobody).line.startswith("No statement was chosen: nobody took part.")
    full = view(profile())
    assert "No statement was chosen" not in status(full.slate, full.profile).line


def test_statements_without_words_are_not_said_to_be_in_the_pool() -> None:
    rows = dict(counted(Facts(changed(view(), excluded={"without_words": 1, "too_long": 1}))))
    assert rows["· without a single word, so not in the pool"] == "1 of 4 (25%)"
    assert rows["· longer than allowed (the audit still counts them)"] == "1 of 4 (25%)"
