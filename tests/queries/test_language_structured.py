"""Structured answers: a rating is a whole list of labels or none, and both routes find the same where both can."""

from __future__ import annotations

import json

import numpy as np
import pytest

from folkmoot.llm import Answer, Call
from folkmoot.llm.dialect import Dialect, learned
from folkmoot.profile import Answers, InputError, Profile, Statements
from folkmoot.profile.streams import Stream, stream
from folkmoot.queries.language.disc import LanguageDisc
from folkmoot.queries.language.examined import examine
from folkmoot.queries.language.independence import independence
from folkmoot.queries.language.make import Manner, pilot, prose_queries
from folkmoot.queries.language.people import people
from folkmoot.queries.language.protocol import Wanted
from folkmoot.queries.language.rehearsal import Rehearsal
from folkmoot.queries.language.structured import LISTED, lists, read_lists, read_opinion
from language_model import TEXTS, Obedient, profile_of

STATEMENTS = ["More buses in the evening.", "Plant trees.", "Lower rents."]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"1": [4] * 10, "2": [1, 6] * 5}, [4.0, 3.5]),
        ({"1": [4] * 9, "2": [5] * 10}, [None, 5.0]),  # nine are no list of ten
        ({"1": [4] * 9 + [7], "2": [5] * 10}, [None, 5.0]),  # seven is no label
        ({"1": [4] * 9 + [True], "2": [4.0] * 10}, None),
        ({"0": [4] * 10, "1": [5] * 10}, None),  # it counted from 0
        ({"1": 4, "2": "four"}, None),
        ({}, None),
    ],
)
def test_what_is_no_whole_list_of_labels_is_no_rating(said: object, found: object) -> None:
    assert read_lists(2, 1, 6)(Answer(f"Well: {json.dumps(said)}")) == found
    assert read_lists(2, 1, 6)(Answer("I would rather not rate people.")) is None


def test_ratings_are_asked_for_in_one_call_and_priced_so() -> None:
    model = Obedient()
    plain, listed = (
        LanguageDisc(model, people(profile_of()), STATEMENTS, structured=structured) for structured in (False, True)
    )
    everybody, all_ = np.arange(len(TEXTS)), np.arange(len(STATEMENTS))
    found = listed.utilities(everybody, all_)
    lists_asked = [call for call in model.calls if "-list/" in call.query]
    # One call for each person and each of the two questions, whatever the number of statements.
    assert len(lists_asked) == 2 * len(TEXTS)
    assert all(call.parameters["response_format"] == lists(3, 1, 6) for call in lists_asked)
    assert listed.tally.as_dict()["listed"] == {"agreement": 36, "specificity": 36}
    # Apart from how sure the made-up model is of its labels, both ways find the same order.
    assert np.corrcoef(found.ravel(), plain.utilities(everybody, all_).ravel())[0, 1] > 0.95
    # Sampling, the other way without log-probabilities, takes ten times as many.
    without = Rehearsal(logprobs=False)
    LanguageDisc(without, people(profile_of()), STATEMENTS).utilities(everybody, all_)
    assert len(without.calls) >= 10 * len(lists_asked)


def test_a_list_that_cannot_be_read_is_asked_for_by_itself_and_then_unknown() -> None:
    def spoil(call: Call, answer: Answer) -> Answer:
        said = json.loads(answer.text) if answer.text.startswith("{") else {}
        if len(said) > 1 and "2" in said:
            said["2"] = said["2"][:-1]
            return Answer(json.dumps(said))
        return answer

    disc = LanguageDisc(Obedient(spoil=spoil), people(profile_of()), STATEMENTS, weight=0, structured=True)
    assert np.isfinite(disc.utilities(np.arange(3), np.arange(3))).all()
    deaf = Obedient(spoil=lambda call, answer: Answer("{}" if call.about.get("agent") == 1 else answer.text))
    disc = LanguageDisc(deaf, people(profile_of()), STATEMENTS, weight=0, structured=True)
    found = disc.utilities(np.arange(3), np.arange(3))
    assert np.isnan(found[1]).all()
    assert np.isfinite(found[[0, 2]]).all()


def test_statements_come_as_objects_and_too_long_ones_are_shortened() -> None:
    pytest.importorskip("wordllama")
    model = Obedient(words=14)
    queries = prose_queries(model, profile_of(), n_tags=5, structured=True)
    assert any(call.query == "summary/1" and "response_format" in call.parameters for call in model.calls)
    from folkmoot.queries.language.writer import Group

    (number,) = queries.writer.write([Group("all", np.arange(3))], 10, None, 0)
    assert len(queries.disc.statements[number].split()) <= 10
    asked = {call.query for call in model.calls}
    assert {"statement-object/1", "shorter-object/1", "agreement-list/1"} <= asked
    assert not {"statement/1", "shorter/1", "agreement/1"} & asked
    assert read_opinion(Answer('{"opinion": "  More\\n buses. "}')) == "More buses."
    assert read_opinion(Answer('{"opinion": ""}')) is None


def test_the_pilots_process_is_asked_by_lists_and_objects_with_the_same_examples() -> None:
    pytest.importorskip("wordllama")
    model = Obedient()
    asked = pilot(model, voting(), Manner("statements", 0, 1.0, 8, structured=True))
    profile = voting()
    fresh = asked.disc.add("More buses in the evening and trees in the streets.")
    found = asked.disc.utilities(np.arange(12), np.array([fresh]))
    plain = pilot(Obedient(), profile, Manner("statements", 0, 1.0, 8))
    plain.disc.add("More buses in the evening and trees in the streets.")
    assert np.corrcoef(found.ravel(), plain.disc.utilities(np.arange(12), np.array([fresh])).ravel())[0, 1] > 0.9
    asked.gen.propose(Wanted(np.arange(12), 3, 1, None, np.arange(12), 0))
    kinds = {call.query for call in model.calls}
    assert {"rating-list/1", "salient-object/1"} <= kinds
    assert not {"rating/1", "rating/2", "salient/1"} & kinds
    # What structure promises is what is sent: one call for a rating, and the label 0 is one of them.
    ratings = model.calls_of("rating-list")
    assert all(call.parameters["response_format"] == lists(1, 0, 4) for call in ratings)
    assert not any("logprobs" in call.parameters for call in model.calls)
    assert asked.disc.tally.as_dict()["listed"] == {"rating": len(ratings)}


def test_the_form_is_sent_as_an_endpoint_takes_it() -> None:
    call = Call("agreement-list/1", (("user", "x"),), {"response_format": lists(2, 1, 6), "max_tokens": 9})
    form = Dialect().body(call, "m")["response_format"]
    assert form["json_schema"]["schema"]["properties"]["2"]["minItems"] == LISTED
    older = Dialect(schema="json_object").body(call, "m")["response_format"]
    assert (older["type"], older["schema"]["required"]) == ("json_object", ["1", "2"])
    assert "response_format" not in Dialect(schema="none").body(call, "m")
    sent = Dialect().body(call, "m")
    words = "'response_format.type' must be json_object: json_schema is not supported"
    for refusal, line in ((words, 'schema = "json_object"'), ("unknown field response_format", 'schema = "none"')):
        taught = learned(Dialect(), refusal, sent)
        assert taught is not None
        assert taught[1] == line
    with pytest.raises(InputError, match="answers must be plain or structured"):
        Dialect(answers="loose")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="schema must be"):
        Dialect(schema="xml")


def test_the_check_finds_structured_answers_where_there_are_no_log_probabilities() -> None:
    def spoil(call: Call, answer: Answer) -> Answer:
        if call.query.split("/")[0] in ("agreement", "agreement-many"):
            return Answer("The person would agree, I think.")
        return answer

    found = examine(Obedient(spoil=spoil))
    assert found.usable
    assert found.per_rating == 1 / 8
    assert 'answers = "structured"' in found.settings
    assert "as a list of 10" in found.how
    assert 'answers = "structured"' not in examine(Obedient()).settings


def voting() -> Profile:
    """People who wrote, with votes that go by what they wrote for about half of them."""
    base = profile_of()
    texts = [f"{word} matter most in this town." for word in ("buses", "trees", "rents", "roads")] * 4
    statements = Statements(tuple(map(str, range(16))), tuple(f"{text} {k}" for k, text in enumerate(texts)))
    rng = np.random.default_rng(3)
    votes = rng.choice([-1.0, 1.0], size=(12, 16))
    row, column = np.indices(votes.shape)
    answers = Answers.of(row.ravel(), column.ravel(), votes.ravel())
    return Profile(base.agents, statements, answers, topic=base.topic)


def test_both_queries_are_held_against_the_same_votes() -> None:
    profile, n = voting(), 12
    cast = profile.dense(np.arange(profile.n_statements))

    def knowing(call: Call, answer: Answer) -> Answer:
        # The evaluator knows how everybody voted, the other query goes by words.
        if not call.query.startswith("evaluation/"):
            return answer
        text = call.messages[1][1]
        person = next(row for row, own in enumerate(TEXTS) if own in text)
        statement = next(k for k, one in enumerate(profile.statements.texts) if f"\n{one}\n" in text)
        return Answer(json.dumps({"score": 5 if cast[person, statement] > 0 else 2}))

    found = independence(Obedient(spoil=knowing), profile, stream(0, Stream.JUDGE_RELIABILITY), people=n)
    assert found.people == n
    assert found.share["evaluation"]["share"] == 1.0
    assert found.share["selection"]["share"] < 1.0
    assert found.both_wrong == 0
    assert found.r is None  # the evaluator has the same difference for everybody
    with pytest.raises(InputError, match="nobody here wrote"):
        independence(Obedient(), profile_of(), stream(0, Stream.JUDGE_RELIABILITY))
