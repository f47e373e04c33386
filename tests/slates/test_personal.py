"""Phone numbers, addresses, accounts and names in texts are found by conservative rules, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.slates.personal import telling


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Call me: +49 151 2345678", {"phone"}),
        ("Meine Nummer ist 0151/23456789.", {"phone"}),
        ("Ring (270) 555-0143 any evening", {"phone"}),
        ("Ring 270-555-0143", {"phone"}),
        ("Write to ann.lee@town.example", {"email"}),
        ("See https://example.org/x?y=1", {"link"}),
        ("Alles steht auf meine-seite.de", {"link"}),
        ("Ask @annlee_7 about it", {"handle"}),
        ("Frau Müller vom Bauamt hilft nie", {"name"}),
        ("Mr. Smith parks on the pavement", {"name"}),
        ("Herr Prof. Dr. Özdemir sagte es", {"name"}),
        ("Dr O'Neill should resign, 0171 2345678", {"phone"}),
    ],
)
def test_what_tells_who_somebody_is(text: str, kinds: set[str]) -> None:
    assert set(telling(text)) == kinds


@pytest.mark.parametrize(
    "text",
    [
        "Spend 1.000.000 euros by 2030-12-31",
        "2,031 people, 1.500,00 € and 10.000.000 trees",
        "Every Mrs and every Mr, eine Frau und ein Herr",
        "Mr Mayor, Herr Bürgermeister: mend the roads!",
        "Bus 7 at 10:30, line 042, from 2018 to 2026",
        "We need e.g. more buses, i.e. the No. 5. And trees.",
        "Meet @ 5 in the park",
        "Open from 08-17, rooms 101-204",
    ],
)
def test_what_does_not(text: str) -> None:
    assert telling(text) == ()


@given(st.text(max_size=60))
def test_any_text_can_be_looked_at(text: str) -> None:
    assert set(telling(text)) <= {"email", "link", "phone", "handle", "name"}
