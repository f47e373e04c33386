"""The client, the ratings and PROSE against a real inference server with a tiny model of random weights."""

from __future__ import annotations

import json
import math
import os
import random
import re
import statistics
import subprocess
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import real_server
from real_server import MODEL, Server, serving

from folkmoot.llm import FLOOR, Answer, Call, Client, Endpoint, Failed, Ledger, Rating, ratings
from folkmoot.llm.wire import body
from folkmoot.processes.prose.prose import prose
from folkmoot.processes.prose.race import Way
from folkmoot.profile import InputError, Statements, Unfinished
from folkmoot.queries.language.disc import LanguageDisc
from folkmoot.queries.language.make import prose_queries
from folkmoot.queries.language.people import people
from language_model import TEXTS, profile_of

pytestmark = pytest.mark.server

LOW, HIGH, TOP = 1, 6, 5
RATED: dict[str, object] = {"max_tokens": 1, "temperature": 0.0, "logprobs": True, "top_logprobs": TOP}
# What a model of random weights says is no number; with a grammar it can say nothing else.
DIGIT = "root ::= [1-6]"
KEY = "sk-very-secret"
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@pytest.fixture(scope="module")
def program() -> Path:
    """The interpreter of the server's environment."""
    found = real_server.python()
    if found is None:
        sentence = f"no inference server in {real_server.folder()}: make test-real builds one"
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    return found


@pytest.fixture(scope="module")
def model(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("model") / "random.gguf"
    written = subprocess.run(
        [str(program), str(Path(__file__).with_name("tiny_model.py")), str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert written.returncode == 0, written.stderr
    return file


@pytest.fixture(scope="module")
def server(program: Path, model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(program, model, tmp_path_factory.mktemp("server") / "log.txt", "--n_ctx", "4096") as server:
        yield server


@contextmanager
def client(
    server: Server, folder: Path, progress: Callable[[int, int], None] | None = None, **settings: Any
) -> Iterator[Client]:
    values: dict[str, Any] = {"model": MODEL, "base_url": server.url, "concurrency": 4, "backoff": 0.01} | settings
    with Ledger(folder / "run.sqlite") as ledger, Client(Endpoint(**values), ledger, progress=progress) as client:
        yield client


def calls(n: int, query: str = "rated/1", **parameters: object) -> list[Call]:
    """Different calls."""
    return [
        Call(query, (("system", "Rate from 1 to 6."), ("user", statement(number))), RATED | parameters)
        for number in range(n)
    ]


def statement(number: int) -> str:
    """Words that are no words: the same for the same number."""
    return "".join(random.Random(number).choices("aeiou nrst lmbd ", k=24)) + "."


def posted(server: Server, path: str, content: object) -> Any:
    """The server's own reply, past our client."""
    request = urllib.request.Request(
        server.url.removesuffix("/v1") + path, json.dumps(content).encode(), {"content-type": "application/json"}
    )
    with _DIRECT.open(request, timeout=30) as reply:
        return json.load(reply)


def candidates(server: Server, call: Call) -> dict[str, float]:
    """The candidates of the first token that shows, as the server gives them."""
    reply = posted(server, "/v1/chat/completions", body(call, MODEL))
    # After a byte that begins a character the server goes on until the character is whole, whatever it was allowed.
    # The tokens that begin and end a text have no list.
    tokens = reply["choices"][0]["logprobs"]["content"]
    first = next((one for one in tokens if one["token"].strip()), tokens[0] if tokens else {"top_logprobs": []})
    return {one["token"]: one["logprob"] for one in first["top_logprobs"]}


def label(token: str) -> int | None:
    """The label that a token of the vocabulary is: a digit by itself, after an opening or before a closing mark."""
    found = re.fullmatch(r"""[ (\['"*]?([1-6])[.,:;!)]?""", token)
    return int(found[1]) if found else None


def answered(found: Sequence[Answer | Failed]) -> list[Answer]:
    assert all(isinstance(one, Answer) for one in found), [one for one in found if not isinstance(one, Answer)][:3]
    return [one for one in found if isinstance(one, Answer)]


def test_a_chat_completion_with_log_probabilities_comes_back(server: Server, tmp_path: Path) -> None:
    (call,) = calls(1, "one/1")
    before = server.asked
    with client(server, tmp_path) as one:
        (found,) = answered(one.answers([call]))
        assert server.asked == before + 1
        assert one.answers([call, call]) == [found, found]
        total = one.ledger.total()
    with client(server, tmp_path) as one:
        assert one.answers([call]) == [found]
    assert server.asked == before + 1  # all others are from the ledger
    assert (total.answers, total.hits, total.faults) == (1, 2, {})
    assert (total.input_tokens, total.output_tokens) == (found.input_tokens, found.output_tokens)

    # By the server's own counting, of the prompt as the model's template writes it.
    prompt = f"[system] Rate from 1 to 6.\n[user] {statement(0)}\n[assistant] "
    assert found.input_tokens == posted(server, "/extras/tokenize/count", {"input": prompt})["count"]
    assert (found.output_tokens, found.finish) == (1, "length")
    assert found.top is not None
    assert dict(found.top) == pytest.approx(candidates(server, call), abs=1e-4)
    assert [p for _, p in found.top] == sorted((p for _, p in found.top), reverse=True)
    assert 0 < math.fsum(math.exp(p) for _, p in found.top) <= 1 + 1e-6


def test_every_call_has_a_rating_or_says_why_not(server: Server, tmp_path: Path) -> None:
    many = calls(80, "many/1")
    lists = [candidates(server, call) for call in many]
    before = server.asked
    with client(server, tmp_path, attempts=2) as one:
        found = ratings(one, many, LOW, HIGH)
        asked, total = server.asked - before, one.ledger.total()
        answers = one.answers(many)
    labels = [[(value, math.exp(p)) for token, p in listed.items() if (value := label(token))] for listed in lists]
    for answer, rating, listed, here in zip(answers, found, lists, labels, strict=True):
        mass = math.fsum(weight for _, weight in here)
        if isinstance(rating, Failed):
            assert mass < FLOOR + 1e-3
            assert re.search(r"is empty|limit ended the answer|from 1 to 6", rating.reason)
        elif mass > FLOOR + 1e-3 and isinstance(answer, Answer) and answer.tokens is None:
            mean = math.fsum(value * weight for value, weight in here) / mass
            assert dict(answer.top or ()) == pytest.approx(listed, abs=1e-4)
            assert [rating.value, rating.mass] == pytest.approx([mean, mass], abs=1e-3)
            assert (rating.source, rating.error) == ("logprobs", None)
        else:  # with room for more tokens a number came after others
            assert LOW <= rating.value <= HIGH
    # Every request is an answer of its own or counted as lost, with the tokens that the server says it took.
    assert total.faults.keys() <= {"empty", "length"}
    assert asked == total.answers + total.lost.calls >= len(many)

    # The model and the server really do what the scorer has to cope with.
    occurred = Counter(
        name
        for listed, here in zip(lists, labels, strict=True)
        for name, is_so in {
            "no list": not listed,
            "short list": 0 < len(listed) < TOP,
            "no label": not here,
            "one label": len(here) == 1,
            "several labels": len({value for value, _ in here}) > 1,
            "one label in several tokens": len({value for value, _ in here}) < len(here),
            "two digits": any(re.fullmatch("[1-6]0", token) for token in listed),
            "text of no character": "" in listed,
        }.items()
        if is_so
    )
    assert len(occurred) == 8, occurred


@pytest.mark.parametrize("top", [1, 2, 3])
def test_short_lists_that_were_asked_for(server: Server, tmp_path: Path, top: int) -> None:
    many = calls(40, "short/1", top_logprobs=top, temperature=1.0, seed=5)
    with client(server, tmp_path, attempts=1) as one:
        found = one.answers(many)
        rated = ratings(one, many, LOW, HIGH, retries=0)
    # The token that was drawn is in the list, too, however improbable it was.
    assert max(len(answer.top or ()) for answer in found if isinstance(answer, Answer)) == top + 1
    for rating in rated:
        if isinstance(rating, Rating):
            assert LOW <= rating.value <= HIGH
            assert rating.mass is None or rating.mass >= FLOOR - 1e-6


def test_without_log_probabilities_repeated_answers_are_averaged(server: Server, tmp_path: Path) -> None:
    plain: dict[str, object] = {"max_tokens": 1, "temperature": 0.0, "grammar": DIGIT}
    many = [replace(call, parameters=plain) for call in calls(6, "sampled/1")]
    samples = 8
    with client(server, tmp_path) as one:
        found = ratings(one, many, LOW, HIGH, samples=samples)
        warm = {**plain, "temperature": 1.0}
        said = [
            [int(answer.text) for answer in answered(one.answers([replace(call, parameters=warm, sample=number)
                                                                  for number in range(samples)]))]
            for call in many
        ]  # fmt: skip
        assert one.ledger.total().answers == len(many) * (samples + 1)  # the first showed that there are none
    for rating, values in zip(found, said, strict=True):
        error = statistics.stdev(values) / math.sqrt(samples)
        assert rating == Rating(statistics.fmean(values), "samples", samples, error)
    assert any(isinstance(rating, Rating) and (rating.error or 0) > 0 for rating in found)


def test_repeated_answers_that_are_no_labels_are_replaced_or_no_rating(server: Server, tmp_path: Path) -> None:
    words, partly = (
        [replace(call, parameters={"max_tokens": 1, "grammar": f"root ::= [{allowed}]"}) for call in calls(4, "odd/1")]
        for allowed in ("a-z", "5-8")
    )
    with client(server, tmp_path) as one:
        unread = ratings(one, words, LOW, HIGH, retries=1, samples=6)
        found = ratings(one, partly, LOW, HIGH, retries=5, samples=6)
        total = one.ledger.total()
    assert unread == [Failed("fewer than 6 of 12 answers say a number from 1 to 6")] * 4
    assert total.answers > 4 * (1 + 12) + 4 * (1 + 6)  # some said 7 or 8, and were asked again
    for rating in found:
        if isinstance(rating, Rating):
            assert 5 <= rating.value <= 6
            assert (rating.source, rating.n) == ("samples", 6)
        else:
            assert re.fullmatch(r"fewer than 6 of \d+ answers say a number from 1 to 6", rating.reason)
    assert any(isinstance(rating, Rating) for rating in found)


def test_parallel_calls_to_a_server_that_works_on_one_at_a_time(server: Server, tmp_path: Path) -> None:
    many = calls(40, "parallel/1", grammar=DIGIT)
    found = {}
    for concurrency in (1, 4):
        folder = tmp_path / str(concurrency)
        folder.mkdir()
        before = server.asked
        with client(server, folder, concurrency=concurrency) as one:
            found[concurrency] = answered(one.answers(many * 2))
        assert server.asked - before == len(many)
    for alone, together in zip(found[1], found[4], strict=True):
        assert (alone.text, alone.input_tokens, alone.finish) == (together.text, together.input_tokens, together.finish)
        assert dict(alone.top or ()) == pytest.approx(dict(together.top or ()), abs=1e-4)


def test_a_prompt_that_is_too_long(server: Server, tmp_path: Path) -> None:
    long = Call("long/1", (("user", "trees " * 2_000),), RATED)
    some = calls(5, "long/1", grammar=DIGIT)
    with client(server, tmp_path) as one:
        found = one.answers([*some, long])
        assert ratings(one, [long], LOW, HIGH) == [found[-1]]
        assert one.ledger.total().faults == {"refused": 2}
        assert one.ledger.total().lost.calls == 0
    answered(found[:-1])
    assert isinstance(found[-1], Failed)
    assert "refused the request (400): This model's maximum context length is 4096 tokens" in found[-1].reason
    alone = tmp_path / "alone"
    alone.mkdir()
    with client(server, alone) as one, pytest.raises(InputError, match="maximum context length is 4096 tokens"):
        one.answers([long])


def test_a_killed_server_and_a_resumed_run(program: Path, model: Path, tmp_path: Path) -> None:
    many = calls(80, "killed/1", grammar=DIGIT)
    with serving(program, model, tmp_path / "first.txt") as first:
        with client(first, tmp_path, lambda done, _: first.kill() if done == 30 else None, attempts=2) as one:
            found = one.answers(many)
            kept = one.ledger.find(MODEL, [call.key for call in many])
            total = one.ledger.total()
        assert one.stopped is not None
        asked = first.asked
    failed = [answer for answer in found if isinstance(answer, Failed)]
    assert 30 <= len(kept) == len(many) - len(failed) < 40
    assert asked - len(kept) <= 4  # under way
    assert set(total.faults) == {"connection"}
    assert all("connection" in answer.reason for answer in failed)
    assert total.lost.calls <= 4
    with serving(program, model, tmp_path / "second.txt") as second:
        with client(second, tmp_path) as one:
            again = answered(one.answers(many))
        assert second.asked == len(failed)  # nothing that was answered
    assert [answer for answer in found if isinstance(answer, Answer)] == [
        answer for answer, before in zip(again, found, strict=True) if isinstance(before, Answer)
    ]


def test_a_key_and_a_base_url_that_are_wrong(program: Path, model: Path, tmp_path: Path) -> None:
    (call,) = calls(1, "key/1")
    with serving(program, model, tmp_path / "log.txt", "--api_key", KEY) as server:
        for key in (None, "sk-wrong-secret"):
            with client(server, tmp_path, key=key) as one, pytest.raises(InputError, match=r"refused the key \(401\)"):
                one.answers([call])
        with client(replace(server, url=server.url + "/v1"), tmp_path, key=KEY) as one:  # noqa: SIM117
            with pytest.raises(InputError, match=r"is no base URL \(404\)"):
                one.answers([call])
        with client(server, tmp_path, key=KEY) as one:
            answered(one.answers([call]))
    assert all(b"secret" not in file.read_bytes() for file in tmp_path.glob("*.sqlite*"))


def test_prose_ends_and_counts_what_a_random_model_leaves_unsaid(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("folkmoot.queries.language.writer.MAX_TOKENS", 20)
    six = profile_of((*TEXTS[:10:2], "trees " * 1_000))  # the last wrote more than the model can read
    profile = replace(six, statements=Statements(("a", "b"), ("More buses in the evening.", "More trees.")))
    points = np.random.default_rng(1).normal(size=(6, 3))
    budget, level = 12, 0.0
    with client(server, tmp_path, attempts=2) as one:
        # As published: everything is asked, one statement a question.
        asks: dict[str, Any] = {"levels": (level,), "steps": [budget], "minimum": 6, "start": [0, 1], "way": Way()}
        queries = prose_queries(one, profile, per_prompt=1, n_tags=1, texts=points)
        found = prose(queries.disc, queries.gen, budget, **asks)
        before = server.asked
        again = prose_queries(one, profile, per_prompt=1, n_tags=1, texts=points)
        prose(again.disc, again.gen, budget, **asks)
        asked = server.asked - before
    # It wrote neither phrases nor statements: the first eight requests to write end the run, with what it said.
    assert (queries.tags, queries.writer.written, found.rounds) == ((), [], ())
    assert "statement/1" in found.parameters["unfinished"]
    assert np.isnan(queries.disc.so_far[5]).all()
    # Again, it asks anew for what got no answer, and for nothing else.
    assert asked <= 6 * (8 + 12 + 1)


def test_several_statements_in_a_question_to_a_random_model(server: Server, tmp_path: Path) -> None:
    texts = ["More buses in the evening.", "More trees.", "Lower rents.", "Fix the roads."]
    with client(server, tmp_path, attempts=2) as one:
        disc = LanguageDisc(one, people(profile_of(TEXTS[:3])), texts, weight=0, per_prompt=4)
        with pytest.raises(Unfinished, match="agreement-many/1 could not be read, no answer holds a rating"):
            disc.utilities(np.arange(3), np.arange(4))
    assert np.isnan(disc.so_far).all()
