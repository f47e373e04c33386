"""What an endpoint can do, found by six short questions: whether its answers can be used, and at what price.

The questions are those of a run (the same prompts) about three short texts, so that what works here works there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from ...llm import Answer, Call, Failed, Model, Rating, expected, expected_lines, said_rating
from ...llm.rating_lines import read_lines
from ...llm.scoring import distributed, warm
from ...llm.trouble import CUT, NO_CONNECTION
from .disc import HIGH, LINE, LOW, PER_PROMPT, TOP
from .prompts import Value, prompt
from .readable_answers import between, json_object
from .structured import AROUND_TOKENS, LIST_TOKENS, LISTED, lists, marks, opinion, read_lists, read_opinion
from .structured import summary as summary_form
from .tags import KINDS
from .tags import RANGE as TAG_RANGE
from .unanswered import remedy

PERSON = "More buses in the evening, please. I work late, and the last one leaves at eight."
OTHER = "The evening buses must run longer, until midnight at least."
AGREED = "Buses should run later in the evening."
AGAINST = "There should be fewer buses in the evening."
ASIDE = "The museum should open on Mondays."

# Answers that a rating is the mean of where there are no log-probabilities.
SAMPLES = 10

LISTS = "lists"

Found = Literal["yes", "partly", "no"]


@dataclass(frozen=True)
class Finding:
    """The outcome of one question.

    Args:
        question: what was tried.
        found: whether that can be used.
        says: what was found, in a sentence.
    """

    question: str
    found: Found
    says: str


@dataclass(frozen=True)
class Examined:
    """What an endpoint can do.

    Args:
        findings: the outcome of every question, in order.
        per_rating: the calls that one rating takes with the default settings of a run; None: it cannot rate.
        settings: lines to write into the TOML file of the endpoint.
        how: how ratings are found, in a sentence.
        writes: whether it writes statements.
        remedies: what to do about what was not found, in sentences.
    """

    findings: tuple[Finding, ...]
    per_rating: float | None
    settings: tuple[str, ...] = ()
    how: str = ""
    remedies: tuple[str, ...] = ()
    writes: bool = False

    @property
    def usable(self) -> bool:
        """Whether a slate can be made with it: it rates and writes."""
        return self.per_rating is not None and self.writes


class _NobodyThereError(Exception):
    """Nothing answers at the address, so that no other question would be answered either."""


@dataclass
class _Try:
    """The questions one after the other, with what was found so far."""

    model: Model
    findings: list[Finding] = field(default_factory=list)
    settings: list[str] = field(default_factory=list)
    remedies: list[str] = field(default_factory=list)
    writes: bool = False

    def ask(self, call: Call) -> Answer | Failed:
        (result,) = self.model.answers([call])
        if isinstance(result, Failed) and result.kind == CUT and "thinking = 2000" not in self.settings:
            self.settings.append("thinking = 2000")
        return result

    def note(self, question: str, found: Found, says: str) -> None:
        self.findings.append(Finding(question, found, says))

    def failed(self, question: str, failed: Failed) -> None:
        self.note(question, "no", failed.reason)
        if (what := remedy(failed.kind, checking=True)) and what not in self.remedies:
            self.remedies.append(what)
        if NO_CONNECTION in failed.reason:
            raise _NobodyThereError


def examine(model: Model) -> Examined:
    """Asks six short questions (more where some have to be asked again): ratings, lines, writing, lists, a sample.

    Without log-probabilities there is one more: ratings in a structured answer.

    The first one that finds no connection is the last.
    """
    tries = _Try(model)
    try:
        one, lines = _all_of(tries)
    except _NobodyThereError:
        return Examined(tuple(tries.findings), None, tuple(tries.settings), remedies=tuple(tries.remedies))
    per_rating, how = _price(one, lines)
    return Examined(tuple(tries.findings), per_rating, tuple(tries.settings), how, tuple(tries.remedies), tries.writes)


def _all_of(tries: _Try) -> tuple[str, str]:
    """Asks the questions; returns how one rating and how several were found."""
    rating: dict[str, object] = {"temperature": 1.0, "max_tokens": 1, "logprobs": True, "top_logprobs": TOP}

    single = prompt("agreement").call({"person": PERSON, "statement": AGREED}, rating, {})
    one = _single(tries, single)
    statements: list[int | str] = [1, AGREED, 2, AGAINST, 3, ASIDE]
    values: dict[str, Value] = {"person": PERSON, "statements": statements, "count": 3}
    lines = _lines(tries, prompt("agreement-many").call(values, {**rating, "max_tokens": 3 * LINE}, {}))
    _sample(tries, warm(single, 1))
    listed = "logprobs" not in (one, lines) and _listed(tries, values)
    writing: dict[str, Value] = {"topic": "What should change?", "people": [PERSON, OTHER], "words": 12}
    asked: dict[str, object] = {"temperature": 0.0, "max_tokens": 200}
    if listed:
        lines = LISTS
        _text(
            tries, prompt("statement-object").call(writing, {**asked, "response_format": opinion()}, {}), read_opinion
        )
    else:
        _text(tries, prompt("statement").call(writing, asked, {}), lambda answer: between(answer.said, "opinion"))
    listing: dict[str, object] = {"temperature": 0.0, "max_tokens": 400}
    rated: dict[str, object] = {"temperature": 0.0, "max_tokens": 60}
    if listed:
        listing["response_format"], rated["response_format"] = summary_form(KINDS), marks(2, *TAG_RANGE)
    summary = prompt("summary").call({"person": PERSON}, listing, {})
    _object(tries, "a list of somebody's points (JSON)", summary, lambda found: bool(found.get("aspects")))
    tags: dict[str, Value] = {"person": PERSON, "tags": [AGREED, ASIDE], "count": 2}
    tagged = prompt("tags").call(tags, rated, {})
    _object(tries, "ratings of short opinions (JSON)", tagged, lambda found: {"1", "2"} <= set(found))
    return one, lines


def _price(one: str, lines: str) -> tuple[float | None, str]:
    """Calls per rating and how ratings are found, from how one and several are."""
    if lines == LISTS:
        return 1 / PER_PROMPT, f"{PER_PROMPT} ratings in a structured answer, each as a list of {LISTED}"
    if lines:
        times = 1 if lines == "logprobs" else SAMPLES
        how = f"{PER_PROMPT} ratings in a call" if times == 1 else f"{PER_PROMPT} ratings in a call, {SAMPLES} times"
        return times / PER_PROMPT, f"{how}, {_source(lines)}"
    if one:
        times = 1 if one == "logprobs" else SAMPLES
        return float(times), f"one rating in a call (`per_prompt=1`){'' if times == 1 else f', {SAMPLES} times'}, " + (
            _source(one)
        )
    return None, "no rating could be read"


def _source(kind: str) -> str:
    return "from log-probabilities" if kind == "logprobs" else "as the mean of what the answers say"


def _single(tries: _Try, call: Call) -> str:
    question, result = "one rating", tries.ask(call)
    if isinstance(result, Failed):
        tries.failed(question, result)
        return ""
    found = expected(result, LOW, HIGH)
    if found is not None:
        tries.note(
            question, "yes", f"{found.value:.1f} of {HIGH}, labels have {found.mass or 0:.0%} of the probability"
        )
        return "logprobs"
    said = said_rating(result.text, LOW, HIGH)
    if said is not None and (result.top is None or not distributed(result)):
        what = "no log-probabilities of its text" if result.top is None else "log-probabilities that are none"
        tries.note(question, "partly", f"it says {said[0]}, with {what}: every rating is asked for {SAMPLES} times")
        if result.top is None:
            tries.settings.append("logprobs = false")
        return "samples"
    tries.note(question, "no", f"no rating can be read in {_short(result.text)}")
    return ""


def _lines(tries: _Try, call: Call) -> str:
    question, result = "several ratings in one answer", tries.ask(call)
    if isinstance(result, Failed):
        tries.failed(question, result)
        return ""
    rated = [one.value for one in expected_lines(result, 3, LOW, HIGH) if isinstance(one, Rating)]
    kind = "logprobs" if result.tokens is not None and distributed(result) else "samples"
    if kind == "samples":
        rated = [float(value) for _, (value, _) in sorted(read_lines(result.text, 3).items()) if LOW <= value <= HIGH]
    if len(rated) < 3:
        tries.note(question, "no", f"{len(rated)} of 3 can be read in {_short(result.text)}: use `per_prompt=1`")
        return ""
    shown = ", ".join(f"{value:.1f}" for value in rated)
    if rated[0] <= rated[1]:
        says = f"{shown}: what the person wants is not rated above its contrary; its ratings may be worth little"
        tries.note(question, "partly", says)
    else:
        tries.note(question, "yes", f"{shown} for what the person wants, its contrary and something else")
    return kind


def _sample(tries: _Try, call: Call) -> None:
    question, result = "a further answer to the same question", tries.ask(call)
    if isinstance(result, Failed):
        tries.failed(question, result)
    elif said_rating(result.text, LOW, HIGH) is None and expected(result, LOW, HIGH) is None:
        tries.note(question, "no", f"no rating can be read in {_short(result.text)}")
    else:
        tries.note(question, "yes", f"it says {_short(result.text)}")


def _listed(tries: _Try, values: dict[str, Value]) -> bool:
    """Whether ratings can be had as lists in a structured answer; that is what is to be written then."""
    question = "ratings in a structured answer (JSON)"
    form: dict[str, object] = {"temperature": 1.0, "max_tokens": AROUND_TOKENS + 3 * LIST_TOKENS}
    call = prompt("agreement-list").call(values, {**form, "response_format": lists(3, LOW, HIGH)}, {})
    result = tries.ask(call)
    if isinstance(result, Failed):
        tries.failed(question, result)
        return False
    rated = [one for one in read_lists(3, LOW, HIGH)(result) or () if one is not None]
    if len(rated) < 3:
        tries.note(question, "no", f"{len(rated)} of 3 lists can be read in {_short(result.text)}")
        return False
    shown = ", ".join(f"{value:.1f}" for value in rated)
    right = rated[0] > rated[1]
    worth = "" if right else "; what the person wants is not rated above its contrary: its ratings may be worth little"
    tries.note(
        question,
        "yes" if right else "partly",
        f"{shown} for what the person wants, its contrary and something else{worth}",
    )
    tries.settings.append('answers = "structured"')
    return True


def _text(tries: _Try, call: Call, read: Callable[[Answer], str | None]) -> None:
    question, result = "a statement for two people", tries.ask(call)
    if isinstance(result, Failed):
        tries.failed(question, result)
        return
    text = read(result)
    if text is None:
        tries.note(question, "no", f"there is no opinion in the form that was asked for in {_short(result.text)}")
    else:
        tries.writes = True
        tries.note(question, "yes", f"it writes {_short(text)}")


def _object(tries: _Try, question: str, call: Call, right: Callable[[dict[str, object]], bool]) -> None:
    result = tries.ask(call)
    if isinstance(result, Failed):
        tries.failed(question, result)
        return
    found = json_object(result.said)
    if found is not None and right(dict(found)):
        tries.note(question, "yes", "in the form that was asked for")
    else:
        tries.note(question, "partly", f"not in the form that was asked for: {_short(result.text)}")


def _short(text: str, most: int = 60) -> str:
    line = " ".join(text.split())
    return repr(line if len(line) <= most else f"{line[:most]} ...")
