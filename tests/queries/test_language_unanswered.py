"""Runs whose first answers cannot be used end at once, with the endpoint's words; one text silences nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest

from folkmoot.llm import Answer, Call, Failed
from folkmoot.profile import Unfinished
from folkmoot.queries.language.baselines import zero_shot
from folkmoot.queries.language.disc import LanguageDisc
from folkmoot.queries.language.examined import examine
from folkmoot.queries.language.lint import UNCHECKED, UNFOUNDED
from folkmoot.queries.language.make import prose_queries
from folkmoot.queries.language.people import people
from folkmoot.queries.language.protocol import Wanted
from folkmoot.queries.language.readable_answers import Tally, ask, between, json_object
from folkmoot.queries.language.rehearsal import Rehearsal
from language_model import TEXTS, Obedient, profile_of, quoted

STATEMENTS = ("More buses in the evening and on Sundays.", "Plant trees against the heat.", "Lower the rents.")
POINTS = np.random.default_rng(8).normal(size=(len(TEXTS), 3)) + np.repeat(np.eye(4, 3) * 9, 3, axis=0)
WANTED = Wanted(np.arange(len(TEXTS)), 3, 20, 5.0, np.array([0, 4]), 0)
THINKS = Answer("<think>", (("<think>", -0.001), ("1", -18.0), ("6", -18.5)), finish="length")
Spoil = Callable[[Call, Answer], Answer | Failed]


def everywhere(answer: Answer | Failed) -> Spoil:
    return lambda call, _: answer


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (THINKS, "could not be read, no answer holds a rating from 1 to 6; the first says '<think>'; the model thinks"),
        (Answer("vier", (("vier", -0.1),)), "the first says 'vier'"),
        (Answer("I'm sorry, I can't rate opinions."), "another model may do what this one declines"),
        (Failed("the model declines: no", "declined"), "the model declines: no; another model"),
        (Failed("it thinks (reasoning)", "length"), r"it thinks \(reasoning\); the model thinks before it answers"),
        (Failed("refused (400): `x` is unknown", "refused"), "`x` is unknown; `folkmoot llm check`"),
        (Answer("On a scale from 1 to 6, 4 or 5."), "no answer holds a rating"),
    ],
)
@pytest.mark.parametrize("per_prompt", [1, 8])
def test_the_first_batch_without_a_rating_ends_the_run(answer: Answer | Failed, words: str, per_prompt: int) -> None:
    model = Obedient(spoil=everywhere(answer))
    disc = LanguageDisc(model, people(profile_of()), STATEMENTS, weight=0, per_prompt=per_prompt)
    with pytest.raises(Unfinished, match=words):
        disc.utilities(np.arange(len(TEXTS)), np.arange(3))
    # Nothing was asked again, or sampled, for the sake of what cannot be read.
    assert len(model.calls) == len({call.key for call in model.calls}) == len(TEXTS) * (3 if per_prompt == 1 else 1)
    assert np.isnan(disc.so_far).all()


def test_after_a_usable_answer_it_goes_on_and_counts() -> None:
    def spoil(call: Call, answer: Answer) -> Answer | Failed:
        return answer if call.about["agent"] == 0 else Failed("declined: no", "declined")

    disc = LanguageDisc(Obedient(spoil=spoil), people(profile_of()), STATEMENTS, weight=0, per_prompt=1)
    found = disc.utilities(np.arange(len(TEXTS)), np.arange(3))
    assert np.isfinite(found[0]).all()
    assert np.isnan(found[1:]).all()
    calls = disc.tally.as_dict()
    assert calls["declined"] == {"agreement/1": 3 * (len(TEXTS) - 1)}
    assert calls["label_mass"] == {"agreement/1": 0.9}
    assert calls["sampled"] == {}


def test_ratings_by_samples_are_counted_as_such() -> None:
    model = Obedient(spoil=lambda call, answer: Answer(answer.text))
    disc = LanguageDisc(model, people(profile_of()), STATEMENTS, weight=0, per_prompt=1)
    disc.utilities(np.arange(2), np.arange(3))
    assert disc.tally.as_dict()["sampled"] == {"agreement/1": 6}
    assert disc.tally.as_dict()["label_mass"] == {}


def test_texts_that_cannot_be_read_end_a_run_and_few_do_not() -> None:
    calls = [Call("statement/1", (("user", str(number)),)) for number in range(3)]
    model = Obedient(spoil=everywhere(Answer("no")))
    assert ask(model, calls[:2], lambda answer: None, Tally()) == [None, None]
    with pytest.raises(Unfinished, match=r"3 answers to statement/1 could not be read.* 'no'"):
        ask(model, calls, lambda answer: None, Tally())


@pytest.mark.parametrize("kind", ["filter", "refused"])
def test_a_text_that_trips_a_filter_is_left_out_of_its_groups_only(kind: str) -> None:
    tripping = TEXTS[4]

    def spoil(call: Call, answer: Answer) -> Answer | Failed:
        return Failed("blocked by the filter", kind) if tripping in quoted(call) else answer

    model = Obedient(spoil=spoil)
    queries = prose_queries(model, profile_of(), n_tags=0, texts=POINTS)
    plain = prose_queries(Obedient(), profile_of(), n_tags=0, texts=POINTS)
    new, usual = queries.gen.propose(WANTED), plain.gen.propose(WANTED)
    assert len(new) == len(usual) > 0  # every group has its statement
    assert queries.people.filtered == {4}
    written = [call for call in model.calls if call.query == "statement/1" and tripping not in quoted(call)]
    # The groups that the person is in are written for.
    assert any("4" in re.findall(r"\d+", str(call.about["agents"])) for call in written)
    assert {note.what: note.count for note in queries.notes}[
        "texts that the endpoint or its content filter refused: groups were written for without them"
    ] == 1
    before = len([call for call in model.calls if tripping in quoted(call)])
    queries.gen.propose(Wanted(WANTED.agents, 3, 20, 5.0, WANTED.approvers, 1))
    after = [call for call in model.calls if tripping in quoted(call) and call.query.startswith("statement")]
    assert len(after) <= before  # known by now: not sent again


def test_an_unanswered_control_question_is_told_as_that() -> None:
    def spoil(call: Call, answer: Answer) -> Answer | Failed:
        return Failed("gone") if "buses" in quoted(call)[-1].lower() and call.query == "agreement/1" else answer

    queries = prose_queries(Obedient(spoil=spoil), profile_of(), n_tags=0, texts=POINTS)
    queries.gen.propose(WANTED)
    kinds = [finding.kind for entry in queries.writer.written for finding in entry.findings]
    assert kinds.count(UNCHECKED) == queries.writer.cut[UNCHECKED] > 0
    assert UNFOUNDED not in kinds


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<opinion>More  trees.</opinion>", "More trees."),
        ("between <opinion> and </opinion>: <opinion>Trees.</opinion>", "Trees."),
        ("<opinion>A draft</opinion> better: <opinion>Trees.</opinion>", "Trees."),
        ("between <opinion> und </opinion>", None),
        ("<opinion>...</opinion>", None),
        ("<opinion>cut off", None),
        ("<OPINION>Trees.</OPINION>", "Trees."),
    ],
)
def test_the_text_between_tags_that_are_used(text: str, said: str | None) -> None:
    assert between(text, "opinion") == said


def test_the_last_object_of_an_answer() -> None:
    assert json_object('First {"score": 1}, no: {"score": {"a": 2}} so.') == {"score": {"a": 2}}
    assert json_object("{" * 3_000 + "}") is None or json_object("{}") == {}
    assert json_object("no") is None


def test_six_questions_tell_what_an_endpoint_can_do() -> None:
    able = examine(Obedient())
    assert able.usable
    assert able.per_rating == 1 / 8
    assert len(able.findings) == 6
    bare = examine(Obedient(spoil=lambda call, answer: Answer(answer.text)))
    assert bare.usable
    assert (bare.per_rating, bare.settings) == (1 / 8, ("logprobs = false", 'answers = "structured"'))
    # Without log-probabilities and without structured answers every question is asked ten times.
    loose = examine(Obedient(spoil=lambda call, answer: Answer("?" if "-list/" in call.query else answer.text)))
    assert loose.usable
    assert (loose.per_rating, loose.settings) == (10 / 8, ("logprobs = false",))
    alone = examine(Obedient(spoil=lambda call, answer: Answer("?") if "-many/" in call.query else answer))
    assert alone.per_rating == 1
    assert "`per_prompt=1`" in alone.how
    thinking = examine(Obedient(spoil=everywhere(Failed("it thinks", "length"))))
    assert not thinking.usable
    assert thinking.settings == ("thinking = 2000",)
    assert len(thinking.remedies) == 1
    assert all(finding.found == "no" for finding in thinking.findings)


def test_without_log_probabilities_a_rehearsal_counts_every_sample() -> None:
    counts = []
    for logprobs in (True, False):
        model = Rehearsal(logprobs=logprobs)
        disc = LanguageDisc(model, people(profile_of()), STATEMENTS, weight=0, per_prompt=1)
        disc.utilities(np.arange(4), np.arange(3))
        counts.append(len({call.key for call in model.calls}))
    assert counts == [12, 120]
    assert re.match("agreement", model.calls[0].query)


def test_a_filter_leaves_a_whole_slate_to_the_others() -> None:
    def spoil(call: Call, answer: Answer) -> Answer | Failed:
        return Failed("blocked", "filter") if TEXTS[4] in quoted(call) else Answer("- Lower rents.")

    shown, tally = people(profile_of()), Tally()
    found = zero_shot(Obedient(spoil=spoil), shown, "town", 20, tally, np.random.default_rng(1))
    assert found.texts == ("Lower rents.",)
    assert shown.filtered == {4}
