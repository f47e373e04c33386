"""What endpoints answer in their own ways, against the simulated endpoint: what is no answer never becomes a number."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from endpoint_process import simulated, state
from folkmoot.llm import (
    Answer,
    Call,
    Client,
    Endpoint,
    Failed,
    Halting,
    Ledger,
    Limits,
    Rating,
    line_ratings,
    ratings,
)
from folkmoot.llm.dialect import Dialect
from folkmoot.llm.simulated import made_up_lines, tokens_for
from folkmoot.llm.simulated_quirks import MARKS
from folkmoot.profile import InputError, WorkError

LOW, HIGH = 1, 6
ONE: dict[str, Any] = {"max_tokens": 1, "temperature": 1.0, "logprobs": True, "top_logprobs": 6, "seed": 1}
MANY = ONE | {"max_tokens": 64}
TEXT: dict[str, Any] = {"max_tokens": 100, "temperature": 0.0}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """An endpoint with every quirk: the one that the model's name is."""
    with simulated("--quirk", "by-model") as url:
        yield url


@contextmanager
def client(url: str, quirk: str, folder: Path, limits: Limits | None = None, **settings: Any) -> Iterator[Client]:
    chosen = {"backoff": 0.01, "timeout": 60.0} | settings
    with (
        Ledger(folder / f"{quirk}.sqlite") as ledger,
        Client(Endpoint(quirk, url, **chosen), ledger, limits) as client,
    ):
        yield client


def single(number: int, parameters: dict[str, Any] = ONE) -> Call:
    return Call("one/1", (("system", "Rate."), ("user", f"Statement {number}, from 1 to 6: answer 4.")), parameters)


def several(count: int) -> Call:
    last = f"{count} things.\nAnswer with {count} lines, from 1 to 6."
    return Call("many/1", (("system", "Rate."), ("user", last)), MANY)


def values(found: list[Rating | Failed]) -> list[float]:
    return [one.value for one in found if isinstance(one, Rating)]


def plain(calls: list[Call]) -> list[Answer]:
    """What the simulated endpoint answers by itself: 0 to 4, as nothing asks for lines."""
    return [Answer(token, tuple(top)) for call in calls for token, top in tokens_for(call.messages)]


CALLS = [single(number) for number in range(6)]


def expected_values() -> list[float]:
    class Model:
        def answers(self, calls: Any) -> list[Answer | Failed]:
            return [*plain(list(calls))]

    return values(ratings(Model(), CALLS, 0, 4))


@pytest.mark.parametrize("marks", MARKS)
def test_what_is_thought_aloud_is_no_answer(url: str, tmp_path: Path, marks: str) -> None:
    """Cut while it thinks: no rating, asked once. With tokens to think: the rating of the answer's own token."""
    with client(url, f"marks-{marks}", tmp_path) as one:
        found = ratings(one, CALLS, 0, 4)
        total = one.ledger.total()
    assert values(found) == []
    if marks not in ("closing-only", "unmarked-channel"):  # nothing shows yet that it thinks: its token is no label
        assert {one.kind for one in found if isinstance(one, Failed)} == {"length"}
        assert total.faults == {"length": 6}
        assert total.lost.calls == 6
    else:
        # More room is tried once, as a few words may come first: in vain.
        assert all("no label" in one.reason or one.kind == "length" for one in found if isinstance(one, Failed))
    thoughtful = Dialect(thinking=50)
    with client(url, f"marks-{marks}", tmp_path, dialect=thoughtful) as one:
        again = ratings(one, [replace(call, sample=3) for call in CALLS], 0, 4)
        (lines,) = line_ratings(one, [several(3)], [3], LOW, HIGH)
    assert values(again) == pytest.approx(expected_values())
    labels = [label for label, _ in made_up_lines(several(3).messages) or []]
    assert len(labels) == len([entry for entry in lines if isinstance(entry, Rating)]) == 3
    assert all(isinstance(entry, Rating) and entry.source == "logprobs" and entry.mass for entry in lines)


def test_tokens_of_what_was_thought_are_not_the_answers(url: str, tmp_path: Path) -> None:
    with client(url, "reasoning-apart", tmp_path) as one:
        found = ratings(one, CALLS, 0, 4)
    assert {failed.kind for failed in found if isinstance(failed, Failed)} == {"length"}
    assert values(found) == []
    with client(url, "reasoning-apart", tmp_path, dialect=Dialect(thinking=50)) as one:
        assert values(ratings(one, [replace(call, sample=3) for call in CALLS], 0, 4)) == pytest.approx(
            expected_values()
        )


@pytest.mark.parametrize(
    ("quirk", "kind", "words"),
    [
        ("refusal", "declined", "declines: I will not rate this"),
        ("reasoning-only", "length", "before an answer began"),
    ],
)
def test_answers_in_vain_are_paid_once_also_when_resumed(
    url: str, tmp_path: Path, quirk: str, kind: str, words: str
) -> None:
    for _ in range(2):
        with client(url, quirk, tmp_path) as one:
            found = ratings(one, CALLS, 0, 4)
            assert {failed.kind for failed in found if isinstance(failed, Failed)} == {kind}
            assert all(words in failed.reason for failed in found if isinstance(failed, Failed))
            assert one.ledger.total().faults == {kind: 6}
    with client(url, quirk, tmp_path, dialect=Dialect(thinking=9)) as one:  # asked otherwise, they may be answered
        ratings(one, CALLS[:1], 0, 4)
        assert one.ledger.total().faults == {kind: 7}


def test_a_fragment_that_ended_in_a_fault_is_asked_for_again(url: str, tmp_path: Path) -> None:
    calls = [single(number + 100) for number in range(6)]
    with client(url, "fault-once", tmp_path) as one:
        found = ratings(one, calls, 0, 4)
        assert all(isinstance(rating, Rating) for rating in found)
        assert one.ledger.total().faults == {"server": 6}


@pytest.mark.parametrize("quirk", ["filtered", "refused-text"])
def test_a_filter_takes_what_it_is_about_and_nothing_else(url: str, tmp_path: Path, quirk: str) -> None:
    about = replace(CALLS[0], messages=(*CALLS[0].messages, ("user", "Bicycles")))
    with client(url, quirk, tmp_path) as one:
        found = ratings(one, [about, *CALLS], 0, 4)
        assert isinstance(found[0], Failed)
        assert found[0].kind == "filter"
        assert values(found) == pytest.approx(expected_values())
        assert one.ledger.total().faults == {"filter": 1}


@pytest.mark.parametrize(
    ("quirk", "line"),
    [
        ("no-logprobs", "logprobs = false"),
        ("few-logprobs", "top_logprobs = 3"),
        ("at-least-16", "least_tokens = 16"),
        ("blank-first", "least_tokens = 16"),
        ("words-first", "least_tokens = 16"),
        ("other-limit", 'max_tokens_name = "max_completion_tokens"'),
        ("no-temperature", 'drop = ["temperature"]'),
        ("no-system", 'system_role = "user"'),
        ("no-seed", 'drop = ["seed"]'),
    ],
)
def test_what_an_endpoint_refuses_by_name_is_put_otherwise_and_said(
    url: str, tmp_path: Path, quirk: str, line: str
) -> None:
    with client(url, quirk, tmp_path) as one:
        found = ratings(one, CALLS, 0, 4, samples=2)
        assert all(isinstance(rating, Rating) for rating in found)
        sources = {rating.source for rating in found if isinstance(rating, Rating)}
        assert sources == ({"samples"} if quirk == "no-logprobs" else {"logprobs"})
        assert list(one.told.learned) == [line]
        assert one.ledger.noted()["learned"] == one.told.learned
        if quirk.endswith("-first"):
            assert values(found) == pytest.approx(expected_values())
            assert one.ledger.total().faults["length"] <= 6
        else:
            assert one.ledger.total().lost.calls == 0  # a refusal is not paid for
            assert one.ledger.total().faults["refused"] <= 16


def test_a_refusal_that_names_nothing_that_was_sent_is_one(url: str, tmp_path: Path) -> None:
    with client(url, "web-page", tmp_path, attempts=1) as one:
        (found,) = one.answers(CALLS[:1])
        assert isinstance(found, Failed)
        assert "text/html" in found.reason
        assert "a web page, 'Log in'" in found.reason
        assert one.ledger.spent().calls == 0


def test_errors_in_replies_with_status_200(url: str, tmp_path: Path) -> None:
    with client(url, "credit-in-200", tmp_path) as one, pytest.raises(WorkError, match="Insufficient credits"):
        one.answers(CALLS)
    with client(url, "limit-in-200", tmp_path) as one:
        calls = [single(number + 200) for number in range(6)]
        assert all(isinstance(answer, Answer) for answer in one.answers(calls))
        total = one.ledger.total()
        assert total.faults == {"rate limit": 12}
        assert total.lost.calls == 0


@pytest.mark.parametrize("quirk", ["ids-for-tokens", "zeros"])
def test_what_is_no_distribution_is_sampled(url: str, tmp_path: Path, quirk: str) -> None:
    with client(url, quirk, tmp_path) as one:
        found = ratings(one, CALLS, 0, 4, samples=2)
        (lines,) = line_ratings(one, [several(3)], [3], LOW, HIGH, samples=2)
    labels = [float(answer.text) for answer in plain(CALLS)]
    assert values(found) == labels  # what the texts say
    assert {rating.source for rating in found if isinstance(rating, Rating)} == {"samples"}
    assert [entry.value for entry in lines if isinstance(entry, Rating)] == [
        float(label) for label, _ in made_up_lines(several(3).messages) or []
    ]


def test_words_are_no_ratings(url: str, tmp_path: Path) -> None:
    with client(url, "in-words", tmp_path) as one:
        assert values(ratings(one, CALLS, 0, 4, retries=0)) == []
        assert line_ratings(one, [several(3)], [3], LOW, HIGH) == [[None] * 3]
    with client(url, "in-words", tmp_path, dialect=Dialect(logprobs=False)) as one:
        assert values(ratings(one, [single(300)], 0, 4, samples=2, retries=0)) == []


def test_parts_are_joined_without_what_was_thought(url: str, tmp_path: Path) -> None:
    with client(url, "parts", tmp_path) as one:
        assert values(ratings(one, CALLS, 0, 4)) == pytest.approx(expected_values())


def test_a_bill_counts_what_is_in_its_total_only(url: str, tmp_path: Path) -> None:
    prices = {"input_price": Decimal(1), "output_price": Decimal(1)}
    with client(url, "total-only", tmp_path, Limits(tokens=20_000), **prices) as one:
        found = one.answers([single(number) for number in range(60)])
        total = one.ledger.total()
    assert total.output_tokens >= 1_000 * total.answers
    assert total.input_tokens + total.output_tokens <= 20_000  # what is reserved follows what was billed
    assert sum(isinstance(answer, Failed) for answer in found) == 60 - total.answers > 30


def test_the_model_that_answered_and_missing_bills_are_kept(url: str, tmp_path: Path) -> None:
    with client(url, "other-model", tmp_path) as one:
        one.answers(CALLS)
        assert one.told.models == {"simulated-small-q4": 6}
        assert one.ledger.noted()["models"] == {"simulated-small-q4": 6}
        assert one.ledger.noted()["estimated"] == 6


def test_a_refused_parameter_of_a_run_that_never_answered_is_told(url: str, tmp_path: Path) -> None:
    call = replace(CALLS[0], messages=(("user", "bicycles"),))
    with client(url, "refused-text", tmp_path) as one:
        (found,) = one.answers([call])
    assert isinstance(found, Failed)
    assert "blocked by the moderation" in found.reason


def test_replies_in_pieces_time_out_from_the_last_piece_and_are_cancelled(tmp_path: Path) -> None:
    call = Call("text/1", (("user", "Answer with 5 lines, from 1 to 6."),), TEXT)
    with simulated("--pieces", "0.15") as slow:
        endpoint: dict[str, Any] = {"timeout": 1.2, "attempts": 1, "backoff": 0.01}
        with client(slow, "simulated", tmp_path, **endpoint) as one:
            (found,) = one.answers([call])  # takes longer than the time-out, but never as long between two pieces
            assert isinstance(found, Answer)
            assert found.text == "".join(token for token, _ in tokens_for(call.messages))
            assert found.output_tokens == 24
        before = state(slow, "/load")["pieces"]
        with client(slow, "simulated", tmp_path, **endpoint | {"timeout": 0.05}) as one:
            (found,) = one.answers([replace(call, sample=1)])
            assert isinstance(found, Failed)
            assert found.kind == "timeout"
        assert state(slow, "/load")["pieces"] - before <= 3  # it stops writing what nobody waits for


def test_settings_that_are_none_are_refused() -> None:
    with pytest.raises(InputError, match="max_tokens_name must be"):
        Dialect(max_tokens_name="tokens")
    with pytest.raises(InputError, match="system_role must be"):
        Dialect(system_role="boss")
    with pytest.raises(InputError, match="stream must be"):
        Dialect(stream="sometimes")
    with pytest.raises(InputError, match="at least"):
        Dialect(least_tokens=0)


def test_after_a_run_without_a_usable_answer_the_next_asks_anew(url: str, tmp_path: Path) -> None:
    """Something was changed, or nobody would run it again; what the first one took still counts."""
    with client(url, "in-words", tmp_path) as one:
        one.answers(CALLS)
        Halting(one).in_vain("one/1")
    with client(url, "in-words", tmp_path) as one:
        one.answers(CALLS[:1])
        total = one.ledger.total()
        assert (total.answers, total.faults, total.lost.calls) == (1, {"unreadable": 6}, 6)
        assert one.ledger.spent().calls == 7
    with client(url, "reasoning-only", tmp_path) as one:
        one.answers(CALLS)
        one.in_vain("one/1")
    with client(url, "reasoning-only", tmp_path) as one:
        one.answers(CALLS)
        assert one.ledger.total().faults == {"length": 12}


def test_waiting_behind_others_is_no_attempt(tmp_path: Path) -> None:
    """A server with one place for eight requests: those that time out in its queue are cancelled and come again."""
    calls = [single(number) for number in range(12)]
    with (
        simulated("--slots", "1", "--latency", "0.3") as slow,
        client(
            slow, "simulated", tmp_path, timeout=1.5, attempts=1, concurrency=8, start_concurrency=8, patience=600.0
        ) as one,
    ):
        found = one.answers(calls)
        assert all(isinstance(answer, Answer) for answer in found)
        assert one.ledger.total().faults.keys() == {"timeout"}
        served = state(slow)["served"].values()
    assert sum(served) < 2 * len(calls)  # what nobody waits for is hardly answered


def test_one_place_gets_few_requests_at_a_time(tmp_path: Path) -> None:
    with (
        simulated("--slots", "1", "--latency", "0.05") as slow,
        client(slow, "simulated", tmp_path, concurrency=16) as one,
    ):
        assert all(isinstance(answer, Answer) for answer in one.answers([single(number) for number in range(20)]))
        assert one.ledger.total().faults == {}
        assert state(slow, "/load")["peak"] <= 8
