"""Which sentences of a text can stand by themselves."""

from __future__ import annotations

import pytest

from folkmoot.engines.embedded import STANCE_NOT_MEASURED, candidates, prepare
from folkmoot.preferences.sentences import sentences
from folkmoot.profile import Agents, Answers, InputError, Options, Profile, Statements
from folkmoot.queries.texts.extract import NOT_PUT_UP, extract
from folkmoot.queries.texts.languages.talk import TALK
from folkmoot.queries.texts.telling import (
    ACCOUNT,
    EMPTY,
    FRAGMENT,
    GREETING,
    HALF,
    LEANING,
    OPINION,
    PART,
    QUESTION,
    SPEAKER,
    TOLD,
    bare,
    worth,
)

EMPTY_ONES = {
    "en": ["Hope this helps!", "Hi there!", "Thank you for asking us.", "Good luck with the survey!!", "I don't know."],
    "de": ["Guten Tag zusammen,", "Vielen Dank für die Umfrage!", "Viele Grüße, Anna", "Hoffe das hilft euch weiter."],
    "fr": ["Bonjour à tous,", "Merci pour cette consultation.", "Cordialement, Paul", "Rien à ajouter."],
    "es": ["Hola, buenos días.", "Muchas gracias por preguntar.", "Un saludo, María", "No tengo opinión."],
}
OPINIONS = {
    "en": [
        "Thanks to the new line I can finally get to work, so please keep it.",
        "It is important that buses run in the evening.",
        "More bike lanes in the whole city centre",
        "The city should plant more trees in the square.",
        "No one should have to pay for school lunches.",
    ],
    "de": [
        "Mehr Radwege in der ganzen Innenstadt",
        "Es fehlt eine gute Beleuchtung im Park.",
        "Die Gebühren für die Kita müssen sinken.",
        "Danke an die Busfahrer, aber der Takt ist viel zu selten, und abends fährt gar nichts mehr hinaus zu uns.",
    ],
    "fr": [
        "Il faut plus de bus le soir.",
        "Moins de voitures devant les écoles",
        "Les loyers sont beaucoup trop chers.",
    ],
    "es": [
        "Hacen falta más autobuses por la noche.",
        "Más carriles bici en el centro",
        "Es necesario bajar los alquileres.",
    ],
}
LEANING_ONES = {
    "en": [
        "It was my first experience with it.",
        "And the park is dirty.",
        "They never listen to us.",
        "This is too much.",
    ],
    "de": ["Das ist seit Jahren so schlecht.", "Und die Züge sind zu teuer.", "Er sollte besser gehen."],
    "fr": ["C'est trop dangereux pour les enfants.", "Et ça continue de monter.", "Elle devrait partir."],
    "es": ["Eso es muy peligroso para todos.", "Y cada año suben más.", "Pero no hay dinero."],
}


@pytest.mark.parametrize("language", sorted(TALK))
def test_sentences_are_told_apart_in_every_language(language: str) -> None:
    for sentence in EMPTY_ONES[language]:
        assert worth(sentence, language) == (EMPTY, GREETING), sentence
    for sentence in OPINIONS[language]:
        assert worth(sentence, language) == (OPINION, ""), sentence
    for sentence in LEANING_ONES[language]:
        assert worth(sentence, language) == (HALF, LEANING), sentence


def test_questions_parts_fragments_and_accounts_have_their_reasons() -> None:
    assert worth("Why is there no bus on Sundays?", "en") == (HALF, QUESTION)
    assert worth("and far too expensive", "en", whole=False) == (HALF, PART)
    assert worth("Traffic flow on Cavemill Rd during peek hours (3pm - 5pm)", "en") == (HALF, FRAGMENT)
    assert worth("I have been on this pill for about three months now.", "en") == (HALF, TOLD)
    assert worth("The pharmacy sent the pills to the old address.", "en") == (ACCOUNT, TOLD)
    # In a language without rules nothing is judged by its words.
    assert worth("Hei kaikille ja kiitos!", "fi") == worth("Hei kaikille ja kiitos!", None) == (OPINION, "")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("& I have bad acne.", "I have bad acne."),
        ('"This pill is great.', "This pill is great."),
        ('Some cramps ."', "Some cramps ."),
        ('He said "no more cars" to us', 'He said "no more cars" to us'),
        ("(3pm) is too late", "(3pm) is too late"),
        ("too expensive :(", "too expensive"),
        ("-5 degrees are cold (great effect).", "-5 degrees are cold (great effect)."),
        ("the neighbours'", "the neighbours"),
        ("***", ""),
    ],
)
def test_stray_marks_go_and_pairs_stay(text: str, wanted: str) -> None:
    assert text[slice(*bare(text, 0, len(text)))] == wanted


def profile(texts: list[str]) -> Profile:
    ids = tuple(f"p{number}" for number in range(len(texts)))
    return Profile(
        Agents(ids, texts=tuple((text,) if text else () for text in texts)), Statements((), ()), Answers.none()
    )


TEXTS = [
    "Hello everybody! The buses are late. It annoys me a lot. We need a bus every ten minutes in the evening.",
    "I have lived here for twelve years. The old playground at city hall is closed in winter.",
    "Why is there no bus on Sundays at all?",
    "Thank you very much for asking us!",
    "More bike lanes. More bike lanes in the whole city please.",
]


def test_everybodys_best_sentences_are_put_up_and_the_rest_is_counted() -> None:
    found = extract(profile(TEXTS), 40, 5, telling=True)
    assert list(found.statements.texts) == [
        "We need a bus every ten minutes in the evening.",
        "The old playground at city hall is closed in winter.",
        "Why is there no bus on Sundays at all?",
        "More bike lanes in the whole city please.",
    ]
    counts = {note.what.removesuffix(NOT_PUT_UP): note.count for note in found.notes}
    assert counts == {GREETING: 2, "sentences of fewer than 5 words": 2, LEANING: 1, SPEAKER: 1}
    # Nothing is lost on the way: every clause is put up or counted.
    everything = extract(profile(TEXTS), 40, 1)
    assert sum(counts.values()) + found.n_statements == everything.n_statements
    # The same sentence has the same id whether or not sentences are left out.
    ids = dict(
        zip(extract(profile(TEXTS), 40).statements.texts, extract(profile(TEXTS), 40).statements.ids, strict=True)
    )
    assert all(ids[text] == id for text, id in zip(found.statements.texts, found.statements.ids, strict=True))


def test_short_answers_may_be_short_where_most_are() -> None:
    found = extract(
        profile(["Buses are late.", "Rents rise yearly.", "Trees!", "Plant more trees in the square."]),
        40,
        5,
        telling=True,
    )
    assert found.n_statements == 3


def test_the_engine_says_what_was_left_out_and_what_comes_next() -> None:
    prepared = prepare(candidates(profile(TEXTS)))
    assert prepared.notes[0] == STANCE_NOT_MEASURED
    assert "Next step" in STANCE_NOT_MEASURED
    assert "6 sentences could not be chosen" in prepared.notes[1]
    assert f"{LEANING}: 1" in prepared.notes[1]
    whole = candidates(profile(TEXTS), options=Options(all_eligible=True))
    assert "It annoys me a lot." in whole.statements.texts
    assert len(prepare(whole).notes) == 1
    assert "More bike lanes." in candidates(profile(TEXTS), options=Options(min_length=3)).statements.texts


def test_where_nothing_can_stand_the_cause_is_named() -> None:
    with pytest.raises(InputError, match=r"greetings.*all_eligible"):
        candidates(profile(["Thank you very much for asking us!", "Hello everybody, thanks!"]))


def test_a_forgotten_blank_ends_a_sentence_all_the_same() -> None:
    assert sentences("It is too late.The park is closed!Why is that? See example.Org/x or St.Louis.") == [
        "It is too late.",
        "The park is closed!",
        "Why is that?",
        "See example.Org/x or St.Louis.",
    ]
