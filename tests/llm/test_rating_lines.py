"""Several ratings in one answer: whatever tokens it comes in, every rating is its own statement's or none."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from itertools import pairwise, product
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from endpoint_process import simulated
from folkmoot.llm import Answer, Call, Client, Endpoint, Failed, Ledger, Rating, Top, expected_lines, line_ratings
from folkmoot.llm.rating_lines import read_lines
from folkmoot.llm.simulated import made_up_lines
from folkmoot.profile import InputError

LOW, HIGH = 1, 6
Odds = dict[int, float]  # probability of every label

# Two or three labels each: a token that holds several ratings has a candidate for every way to choose them.
odds = st.dictionaries(st.integers(LOW, HIGH), st.floats(0.01, 1.0), min_size=2, max_size=3).map(
    lambda weights: {label: weight / sum(weights.values()) for label, weight in weights.items()}
)
several = st.lists(odds, min_size=1, max_size=4)


def mean(of: Odds) -> float:
    return sum(label * share for label, share in of.items())


def likeliest(of: Odds) -> int:
    return max(of, key=lambda label: of[label])


def written(parts: Sequence[str | Odds]) -> str:
    return "".join(part if isinstance(part, str) else str(likeliest(part)) for part in parts)


def tokenised(parts: Sequence[str | Odds], cuts: set[int]) -> Answer:
    """The answer cut at these places of its text; candidates of a token are all it could have been otherwise."""
    text = written(parts)
    choices: list[list[tuple[str, float]]] = []  # of every character
    for part in parts:
        if isinstance(part, str):
            choices += [[(character, 1.0)] for character in part]
        else:
            choices.append([(str(label), share) for label, share in part.items()])
    bounds = [0, *sorted(cut for cut in cuts if 0 < cut < len(text)), len(text)]
    tokens: list[tuple[str, Top]] = []
    for begin, end in pairwise(bounds):
        top = [
            ("".join(one for one, _ in way), math.log(math.prod(share for _, share in way)))
            for way in product(*choices[begin:end])
        ]
        tokens.append((text[begin:end], tuple(sorted(top, key=lambda pair: -pair[1]))))
    return Answer(text, tokens[0][1], tokens=tuple(tokens))


def line(number: int, of: Odds, form: str = "{}: {}\n") -> list[str | Odds]:
    head, tail = form.format(number, "@").split("@")
    return [head, of, tail]


def answer_of(all_odds: Sequence[Odds], order: Sequence[int] | None = None, form: str = "{}: {}\n") -> list[str | Odds]:
    return [part for at in order or range(len(all_odds)) for part in line(at + 1, all_odds[at], form)]


def values(found: Sequence[Rating | Failed | None]) -> list[float | None]:
    return [one.value if isinstance(one, Rating) else None for one in found]


@given(several, st.sets(st.integers(1, 40)), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
@example([{1: 0.5, 6: 0.5}] * 4, set(), random.Random(0))  # one token
@example([{1: 0.5, 6: 0.5}] * 4, set(range(40)), random.Random(0))  # a token a character
def test_any_tokens_of_an_answer_give_the_same_ratings(
    all_odds: list[Odds], cuts: set[int], rng: random.Random
) -> None:
    order = rng.sample(range(len(all_odds)), len(all_odds))
    form = rng.choice(["{}: {}\n", "{}:{}\n", "**{}**: {}\n", "Nr. {}: {} (so)\n", "- {}：{}\r\n", "{}: {}, "])
    parts: list[str | Odds] = [rng.choice(["", "Here they are:\n", "\n\n"]), *answer_of(all_odds, order, form)]
    found = expected_lines(tokenised(parts, cuts), len(all_odds), LOW, HIGH)
    assert values(found) == pytest.approx([mean(of) for of in all_odds], abs=1e-9)


@given(several, st.sets(st.integers(1, 40)), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_no_corruption_gives_a_rating_to_another_statement(
    all_odds: list[Odds], cuts: set[int], rng: random.Random
) -> None:
    """Lines lost, twice, exchanged or among others; tokens lost, twice or exchanged; candidates lost; other counts."""
    whole = [line(number, of) for number, of in enumerate(all_odds, start=1)]
    for _ in range(rng.randrange(3)):
        at = rng.randrange(len(whole)) if whole else 0
        what = rng.randrange(4)
        if what == 0 and whole:
            del whole[at]
        elif what == 1 and whole:
            whole.insert(rng.randrange(len(whole) + 1), whole[at])
        elif what == 2:
            rng.shuffle(whole)
        else:
            junk = rng.choice(
                ["Well, 3 of 4\n", "9: 9\n", "1: none\n", "\n", "so: 5\n", "2: 3: 4\n", "2: 4-5\n", "0: "]
            )
            whole.insert(at, [junk])
    parts = [part for one in whole for part in one] or ["?"]
    answer = tokenised(parts, cuts)
    tokens = list(answer.tokens or ())
    for _ in range(rng.randrange(3)):
        at = rng.randrange(len(tokens)) if tokens else 0
        what = rng.randrange(5)
        if what == 4 and tokens:
            tokens[at] = (tokens[at][0], ())
        elif what == 0 and tokens:
            del tokens[at]
        elif what == 1 and tokens:
            tokens.insert(at, tokens[at])
        elif what == 2 and len(tokens) > 1:
            tokens[at], tokens[at - 1] = tokens[at - 1], tokens[at]
        elif tokens:
            tokens[at] = (tokens[at][0], tuple(pair for pair in tokens[at][1] if pair[0] == tokens[at][0]))
    found = expected_lines(Answer(answer.text, None, tokens=tuple(tokens)), len(all_odds), LOW, HIGH)
    for one, of in zip(found, all_odds, strict=True):
        # The whole expectation, or after the loss of candidates the one that is left; never another's.
        assert one is None or min(abs(one.value - mean(of)), abs(one.value - likeliest(of))) < 1e-9


@given(st.text(alphabet="12 6:\n,.-/*x9", max_size=40), st.integers(1, 3))
@settings(max_examples=200, deadline=None)
def test_odd_texts_hold_one_place_for_a_number_or_none(text: str, count: int) -> None:
    for number, (rating, at) in read_lines(text, count).items():
        assert 1 <= number <= count
        assert text[at] == str(rating)
        head = text[:at].rpartition("\n")[2].rstrip(" *")
        assert head.endswith(":")
        assert head[:-1].rstrip(" *.").endswith(str(number))
        assert not text[at + 1 : at + 2].isalnum()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1: 4\n2: 5\n3: 6", {1: 4, 2: 5, 3: 6}),
        ("3: 6\n1: 4\n2: 5", {1: 4, 2: 5, 3: 6}),  # in another order
        ("1: 4\n3: 6", {1: 4, 3: 6}),  # one is missing
        ("1: 4\n2: 5\n2: 5\n3: 6", {1: 4, 3: 6}),  # twice: which of them?
        ("1: 4, 2: 5; 3: 6", {1: 4, 2: 5, 3: 6}),  # on one line
        ('{"1": 4, "2": 5, "3": 6}', {1: 4, 2: 5, 3: 6}),
        ("Gern! Die Wertungen:\n**1**: **4**\n2: 5 (fast ganz)\n3: 6/6\nGruß", {1: 4, 2: 5, 3: 6}),
        ("陈述1：4\n陈述2：5", {1: 4, 2: 5}),
        ("0: 4\n1: 5\n2: 6", {}),  # counted from 0
        ("1: 4\n2: 5\n3: 6\n4: 1", {}),  # more than were asked for
        ("4\n5\n6", {}),  # no numbers
        ("1: 4 or 5\n2: 4-5\n3: 4.5", {1: 4}),
        ("1: 4, 5, 6", {}),
        ("1: -4\n2: x4\n3: 4th", {}),
        ("1: 2: 5", {}),
        ("1: 14", {}),
        ("12: 4\n3: 5", {}),
        ("1: 7", {1: 7}),  # out of the scale: its place all the same, for the candidates
        ("", {}),
    ],
)
def test_what_lines_say(text: str, found: dict[int, int]) -> None:
    assert {number: rating for number, (rating, _) in read_lines(text, 3).items()} == found


def test_forms_of_a_label_are_added_up_and_no_label_is_no_rating() -> None:
    def at(*pairs: tuple[str, float]) -> Answer:
        top = tuple((token, math.log(share)) for token, share in pairs)
        return Answer("1: 4\n", None, tokens=(("1", ()), (":", ()), ("▁4Ċ", top)))

    (found,) = expected_lines(at(("▁4Ċ", 0.25), (" 4", 0.25), ("2", 0.25), ("I", 0.25)), 1, LOW, HIGH)
    assert found is not None
    assert found.value == pytest.approx(10 / 3)
    assert found.mass == pytest.approx(0.75)
    assert expected_lines(at(("I", 0.9), ("7", 0.1)), 1, LOW, HIGH) == [None]
    assert expected_lines(at(), 1, LOW, HIGH) == [None]
    assert expected_lines(Answer("1: 4"), 1, LOW, HIGH) == [None]
    assert expected_lines(at(("4", 1.0)), 1, LOW, 10) == [None]


def test_what_was_thought_before_the_answer_and_the_end_are_left_out() -> None:
    def flat(*texts: str) -> tuple[tuple[str, Top], ...]:
        return tuple((text, ((text, 0.0),)) for text in texts)

    tokens = flat("1", ":", " ", "9", "?", "</think>", "1", ":", " ", "4", "<0x0A>", "2", ":", "5", "</s>")
    assert values(expected_lines(Answer("1: 4\n2:5", None, tokens=tokens), 2, LOW, HIGH)) == [4, 5]
    # What is the answer in it cannot be told: the same again.
    assert values(expected_lines(Answer("1: 4", None, tokens=flat("1: 4", "1: 4")), 2, LOW, HIGH)) == [None, None]
    # An endpoint that stops listing: what is there counts.
    assert values(expected_lines(Answer("1: 4\n2: 5", None, tokens=flat("1", ": ", "4")), 2, LOW, HIGH)) == [4, None]


class Scripted:
    """Says one text after the other, by the number of the sample."""

    def __init__(self, *answers: Answer | Failed) -> None:
        self.script, self.asked = answers, list[Call]()

    def answers(self, calls: Sequence[Call]) -> list[Answer | Failed]:
        self.asked += calls
        return [self.script[call.sample] for call in calls]


CALL = Call("q/1", (("user", "?"),), {"temperature": 0})


def test_without_log_probabilities_whole_answers_are_sampled() -> None:
    texts = ["1: 4\n2: 1", "1: 2", "2: 3\n1: 6", "1: 4\n2: 2\n"]
    model = Scripted(*map(Answer, texts))
    ((one, two),) = line_ratings(model, [CALL], [2], LOW, HIGH, samples=3)
    assert isinstance(one, Rating)
    assert (one.value, one.n, one.source) == (4, 4, "samples")
    assert one.error == pytest.approx(math.sqrt(8 / 3) / 2)
    assert isinstance(two, Rating)
    assert (two.value, two.n) == (2, 3)
    assert two.error == pytest.approx(1 / math.sqrt(3))
    assert [call.sample for call in model.asked] == [0, 0, 1, 2, 3]
    assert {call.parameters["temperature"] for call in model.asked[1:]} == {1.0}


def test_what_is_never_said_is_left_and_what_fails_has_failed() -> None:
    model = Scripted(*[Answer("1: 4\n2: 9")] * 9)
    ((one, two),) = line_ratings(model, [CALL], [2], LOW, HIGH, samples=2, retries=1)
    assert isinstance(one, Rating)
    assert one.value == 4
    assert two is None
    assert line_ratings(Scripted(Failed("cut")), [CALL], [2], LOW, HIGH) == [[Failed("cut")] * 2]
    assert line_ratings(Scripted(Answer("1: 4"), Failed("cut")), [CALL], [2], LOW, HIGH, samples=2) == [
        [Failed("cut")] * 2
    ]
    assert line_ratings(Scripted(), [], [], LOW, HIGH) == []
    with pytest.raises(InputError, match="at least 2 samples"):
        line_ratings(Scripted(), [], [], LOW, HIGH, samples=1)


@pytest.mark.long
@pytest.mark.parametrize("fault", ["short=1", "merged=1", "merged=0", "bare=1"])
def test_ratings_from_an_endpoint(tmp_path: Path, fault: str) -> None:
    parameters = {"max_tokens": 64, "temperature": 0, "logprobs": True, "top_logprobs": 6}
    counts = [2, 8, 3, 12]
    calls = [Call("q/1", (("user", f"{n} things.\nAnswer with {n} lines, from 1 to 6."),), parameters) for n in counts]
    with (
        simulated("--fault", fault) as url,
        Ledger(tmp_path / "run.sqlite") as ledger,
        Client(Endpoint("simulated", url), ledger) as client,
    ):
        found = line_ratings(client, calls, counts, LOW, HIGH, samples=2)
        assert line_ratings(client, calls, counts, LOW, HIGH, samples=2) == found  # from the ledger
        assert ledger.total().hits
    for call, ratings in zip(calls, found, strict=True):
        for rating, (label, top) in zip(ratings, made_up_lines(call.messages) or [], strict=True):
            if fault == "short=1" and rating is None:
                continue  # a list that ends too soon: to be asked about by itself
            assert isinstance(rating, Rating)
            if fault == "bare=1":
                assert (rating.source, rating.value) == ("samples", int(label))
            elif fault != "short=1":
                exact = sum(int(one) * math.exp(logprob) for one, logprob in top)
                assert rating.value == pytest.approx(exact)
            else:
                assert min(int(one) for one, _ in top[:3]) <= rating.value <= max(int(one) for one, _ in top[:3])
