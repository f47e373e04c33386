"""Which language a text is in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.queries.texts.languages import LANGUAGES
from folkmoot.queries.texts.recognise import languages_of

SAID = {
    "en": ["We need more of the buses in the evening.", "There should be a park for the children of the town."],
    "de": ["Wir brauchen mehr Busse am Abend und in der Nacht.", "Es sollte einen Park für die Kinder geben."],
    "fr": ["Nous avons besoin de plus de bus dans la soirée.", "Il faut un parc pour les enfants de la ville."],
    "es": [
        "Necesitamos más autobuses por la noche en la ciudad.",
        "Debería haber un parque para los niños del barrio.",
    ],
    "pt": ["Precisamos de mais ônibus à noite e nos bairros.", "Não há um parque para as crianças da cidade."],
    "it": [
        "Abbiamo bisogno di più autobus la sera nella città.",
        "Ci deve essere un parco per i bambini del quartiere.",
    ],
    "nl": ["We hebben meer bussen nodig in de avond en het weekend.", "Er moet een park komen voor de kinderen."],
    "ca": ["Cal més autobusos a la nit i els caps de setmana.", "Hi ha d'haver un parc per als nens amb jocs."],
    "sv": ["Vi måste ha fler bussar på kvällen och på natten.", "Det bör finnas en park för barnen i staden."],
    "da": ["Vi må ha flere busser om kvelden og på natten.", "Der bør være en park for børnene i byen."],
    "pl": ["Jest za mało autobusów wieczorem i w nocy.", "Powinien być park dla dzieci, który jest w centrum."],
}


def test_every_language_has_texts() -> None:
    assert set(SAID) == set(LANGUAGES)


@pytest.mark.parametrize("code", SAID)
def test_a_conversation_in_one_language(code: str) -> None:
    assert languages_of(SAID[code]) == (code, code)
    assert languages_of([*SAID[code], "Parks!"]) == (code, code, code)


@pytest.mark.parametrize(
    "texts",
    [
        ["Lisää busseja iltaan", "Enemmän puita kaupunkiin"],
        ["公園に木を植える", "夜のバスを増やす"],
        ["Больше автобусов вечером", "Парк для детей"],
        ["Parks!", "Buses?"],
        [],
    ],
)
def test_what_is_not_known_is_not_guessed(texts: list[str]) -> None:
    assert languages_of(texts) == (None,) * len(texts)


def test_a_conversation_in_two_languages() -> None:
    both = SAID["en"] * 3 + SAID["fr"] * 3
    assert languages_of([*both, "Parks!"]) == ("en",) * 6 + ("fr",) * 6 + (None,)


def test_a_stray_text_makes_no_language_of_the_conversation() -> None:
    texts = SAID["en"] * 15 + [SAID["fr"][0]]
    assert languages_of(texts)[-1] is None


@given(st.lists(st.sampled_from([text for texts in SAID.values() for text in texts] + ["Parks!", ""]), max_size=8))
def test_the_order_of_texts_does_not_matter(texts: list[str]) -> None:
    found = languages_of(texts)
    assert languages_of(texts[::-1]) == found[::-1]
    assert set(found) <= {*LANGUAGES, None}
