"""Assigned and agreeing are two figures, and where most popular statements do better, the same place says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from report_views import CASES, figured, profile, view

from folkmoot.audits.agreement import Agreement, Divisive
from folkmoot.profile import Options, Scale
from folkmoot.profile.records import to_json
from folkmoot.report import View, render, summary
from folkmoot.report.agreement import assigned, divisive, thin
from folkmoot.report.popular import popular
from folkmoot.slates.recorded import recorded
from public_slates import chosen


def processed(made: View, process: str, **options: Any) -> View:
    """The same view, chosen by another process."""
    record = {**made.slate.process, "id": process, "options": to_json(Options(process=process, **options))}
    return replace(made, slate=replace(made.slate, process=record))


def compared(ours: Agreement, theirs: Agreement, process: str = "robust", **options: Any) -> str:
    """The sentence beside the most popular statements, without draws."""
    made = processed(figured(view(draws=False), agreement=ours, popular=theirs), process, **options)
    return popular(made.slate)


def test_who_is_left_over_comes_first_and_then_who_agrees() -> None:
    first, *rest = assigned(CASES["agreement"].slate)
    assert first == (
        "1 of 6 participants (17%) is assigned to no statement; every figure below on who agrees and on large groups "
        "is about this person too."
    )
    assert rest == [
        "3 of 6 participants (50%) agreed, by their own vote, with the statement they are assigned to.",
        "1 disagreed with theirs or passed on it.",
        "1 has not voted on theirs; about 1 is expected to agree.",
    ]
    for printed in (" ".join(summary(CASES["agreement"]).split()), " ".join(render(CASES["agreement"]).split())):
        assert " ".join([first, *rest]) in printed


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        (
            Agreement(6, 6, 6, 6.0),
            [
                "6 of 6 participants (100%) agreed, by their own vote, with the statement they are assigned to.",
                "Nobody is assigned to a statement they voted against or passed on.",
            ],
        ),
        (
            Agreement(6, 6, 1, 1.0),
            [
                "1 of 6 participants (17%) agreed, by their own vote, with the statement they are assigned to.",
                "5 disagreed with theirs or passed on it.",
            ],
        ),
        (
            Agreement(6, 0, 0, 3.4),
            [
                "0 of 6 participants (0%) agreed, by their own vote, with the statement they are assigned to.",
                "6 have not voted on theirs; about 3 of them are expected to agree.",
            ],
        ),
    ],
)
def test_everybody_is_assigned(figures: Agreement, words: list[str]) -> None:
    made = figured(view(), agreement=figures, utility={**(view().slate.audit or {})["utility"], "represented": 1.0})
    slate = replace(made.slate, unassigned=())
    assert assigned(slate) == words


def test_nobody_is_said_to_agree_who_was_not_asked() -> None:
    assert "nobody was asked whether they agree with theirs" in " ".join(assigned(CASES["texts"].slate))
    assert "How many agree with theirs was not counted." in " ".join(assigned(CASES["not audited"].slate))
    assert "How many agree with theirs was not counted." in " ".join(assigned(CASES["votes"].slate))


def test_scores_of_a_model_are_not_votes() -> None:
    made = figured(view(), agreement=Agreement(5, 3, 2, 3.0))
    slate = replace(made.slate, source={**made.slate.source, "judged": True})
    words = " ".join(assigned(slate))
    assert (
        "By the language model's scores, 2 of 6 participants (33%) agree with the statement they are assigned to. 1 "
        "are scored otherwise. The language model was not asked about theirs for 2; about 1 of them are expected to "
        "agree." in words
    )
    assert "own vote" not in words
    slate = replace(slate, audit={**(slate.audit or {}), "popular": to_json(Agreement(5, 3, 3, 4.0))})
    assert "worse in agreement by the model's scores (2 against 3)" in popular(slate)
    assert "--process" not in popular(slate)


def test_weights_are_named() -> None:
    made = figured(view(), agreement=Agreement(5, 4, 3, 3.6))
    slate = replace(made.slate, source={**made.slate.source, "weighted": True})
    assert "3 of 6 (50%), by weight, agreed, by their own vote, with the statement" in " ".join(assigned(slate))


@pytest.mark.parametrize(
    ("ours", "theirs", "better", "worse", "advice"),
    [
        ((6, 5, 4, 5.0), (6, 4, 3, 5.0), "better in agreement by own votes (4 against 3)", "", ""),
        ((6, 5, 3, 5.0), (6, 4, 4, 5.0), "", "worse in agreement by own votes (3 against 4)", "`--consensus 2`"),
        (
            (6, 5, 4, 4.0),
            (6, 4, 3, 5.0),
            "better in",
            "worse in agreement expected in all (4 against 5)",
            "`--consensus",
        ),
        ((5, 5, 4, 5.0), (6, 4, 4, 5.0), "", "worse in people left over (1 against 0)", "the default process"),
        ((6, 5, 4, 5.0), (6, 5, 4, 5.0), "", "", ""),
    ],
)
def test_worse_is_said_with_what_to_do(ours: Any, theirs: Any, better: str, worse: str, advice: str) -> None:
    words = compared(Agreement(*ours), Agreement(*theirs))
    assert better in words
    assert worse in words
    assert advice in words
    assert (" worse " in words) == bool(worse)
    assert ("`--" in words or "default" in words) == bool(worse)


def test_the_advice_is_for_the_process() -> None:
    ours, theirs = Agreement(6, 5, 3, 5.0), Agreement(6, 4, 4, 5.0)
    assert "try `--consensus 4.5`" in compared(ours, theirs, consensus=3.5)
    assert "try the default process" in compared(ours, theirs, "democratic-fast")
    assert compared(ours, theirs, "popular") == ""
    left = compared(Agreement(5, 5, 3, 5.0), theirs, "democratic-fast", no_fill=True)
    assert "Without `--no-fill` nobody is left over as far as the budget allows." in left


def test_draws_are_compared_too() -> None:
    made = processed(view(), "robust")
    assert popular(made.slate) == (
        "Compared with an equally long list of the most popular statements, this list is better in the chance that a "
        "large enough group was overlooked (25% against 100%)."
    )
    record = dict(made.slate.audit or {})
    draws = record["certificate"]["draws"]
    swapped = {**draws, "slate": draws["popular"], "popular": draws["slate"]}
    audit = record | {"certificate": record["certificate"] | {"draws": swapped}}
    for consensus, advice in (
        (1.0, "`--consensus 0`, or `--process popular`"),
        (0.0, "try `--process popular` without `--consensus`"),
    ):
        worse = processed(replace(made, slate=replace(made.slate, audit=audit)), "robust", consensus=consensus)
        words = popular(worse.slate)
        assert "is worse in the chance that a large enough group was overlooked (100% against 25%)." in words
        assert advice in words
        assert words in " ".join(summary(worse).split())


def test_nothing_is_compared_where_nothing_is() -> None:
    for name in ("texts", "not audited", "no draws"):
        assert popular(CASES[name].slate) == ""


def test_what_some_want_and_most_do_not() -> None:
    words = divisive(processed(CASES["agreement"], "robust").slate)
    assert words.startswith("2 statements that divide people are not on the list although enough people for a place")
    assert "The largest is [s3] “A pool” (40%). `--consensus 0` gives large divided groups" in words
    assert "--consensus" not in divisive(CASES["agreement"].slate)
    assert "--consensus" not in divisive(processed(CASES["agreement"], "robust", consensus=0.0).slate)
    one = figured(view(), divisive=Divisive(1, "s3", "A pool", 0.4))
    assert divisive(one.slate).startswith("1 statement that divides people is not on the list")
    assert divisive(figured(view(), divisive=Divisive(0)).slate) == ""
    assert words.split("`")[0] in " ".join(summary(processed(CASES["agreement"], "robust")).split())


def seats(made: View, answered: int, approve: int, expected: float | None, people: int = 3) -> View:
    """The same view with other figures of the first statement."""
    first, second = (made.slate.audit or {})["per_statement"]
    mine = first | {"answered": answered, "approve": approve, "expected": expected, "people": people, "mass": people}
    return figured(made, per_statement=[mine, second])


@pytest.mark.parametrize(
    ("answered", "approve", "expected", "words", "weak"),
    [
        (3, 3, 3.0, "3 agreed", False),
        (
            2,
            1,
            1.6,
            "1 agreed, 1 disagreed or passed, 1 has not voted on it (about 1 expected to agree)",
            False,
        ),
        (1, 1, 2.2, "1 agreed, 2 have not voted on it (about 1 expected to agree)", True),
        (0, 0, 1.8, "3 have not voted on it (about 2 expected to agree)", True),
    ],
)
def test_what_a_seat_rests_on(answered: int, approve: int, expected: float, words: str, weak: bool) -> None:
    made = seats(view(), answered, approve, expected)
    page = " ".join(render(made).split())
    assert f"Stands for 3 people: {words}." in page
    assert ('<span class="tag alert">Rests on predictions by more than half</span>' in page) == weak
    printed = " ".join(summary(made).split())
    assert f"1. 3 {answered} {approve} {round(expected)} {'* ' if weak else ''}More buses" in printed
    assert ("* Rests on predictions by more than half" in printed) == weak


def test_complete_ballots_and_texts_rest_on_no_predictions() -> None:
    texts = recorded(CASES["texts"].slate).audit
    assert texts is not None
    assert not thin(CASES["texts"].slate, texts.per_statement[0])
    assert "expected" not in summary(CASES["texts"])
    assert "mean similarity" in summary(CASES["texts"])
    made = view(profile(scale=Scale("approval", 0.0, 1.0, complete=True)), draws=False)
    certificate = (made.slate.audit or {})["certificate"]
    whole = figured(
        made,
        certificate=certificate | {"known": certificate["known"] | {"answered": 1.0}},
        agreement=Agreement(5, 5, 4, 4.0),
    )
    printed = summary(whole)
    assert "expected" not in printed
    assert "assumption" not in printed
    assert "people   approved" in printed


def test_a_list_of_the_most_popular_statements_is_not_compared_with_itself() -> None:
    slate = chosen("votes")
    figures = slate.audit or {}
    for same in (True, False):
        public = {**figures["public"], "popular": {**figures["public"]["popular"], "same": same}}
        told = popular(replace(slate, audit={**figures, "public": public}))
        assert ("This list is the same" in told) is same
        assert ("Compared with an equally long list" in told) is not same
