"""Who somebody is and where they live never becomes a text; what they think always does."""

from __future__ import annotations

from pathlib import Path

import pytest
from formats_samples import GOOGLE, QUALTRICS, file_of

from folkmoot.cli.diagnosis import render
from folkmoot.formats import doctor, read
from folkmoot.formats.columns import personal
from folkmoot.formats.privacy import revealing
from folkmoot.profile.contacts import without_contacts
from spelled_out import spelled_out


@pytest.mark.parametrize(
    "header",
    [
        "What is your home-address-street-number-and-city",
        "Wo wohnen Sie (Straße, Ort)?",
        "Wie heißen Sie?",
        "Nom et prénom",
        "What's your name?",
        "Please enter your e-mail if you want to hear from us",
        "Where do you live?",
        "In which city do you live?",
        "What is your city?",
        "City",
        "Name",
        "first_name",
        "Speaker Name",
        "Street, number and city",
        "Ihre E-Mail-Adresse",
        "Telefonnummer",
        "PLZ",
        "Où habitez-vous ?",
        "Votre adresse",
        "Code postal",
        "¿Cómo te llamas?",
        "¿Dónde vives?",
        "Dirección",
        "Correo electrónico",
        "Come ti chiami?",
        "Dove abiti?",
        "Indirizzo",
        "Waar woont u?",
        "Hoe heet je?",
        "Achternaam",
        "Imię i nazwisko",
        "Gdzie mieszkasz?",
        "Kod pocztowy",
        "Onde você mora?",
        "Endereço",
        "Qual é o seu nome?",
        "IPAddress",
        "IP-Adresse",
        "LocationLatitude",
        "ExternalReference",
        "Date of birth",
        "Geburtsdatum",
        "Wie ist Ihr Name?",
        "In welcher Stadt wohnen Sie?",
        "Dans quelle ville habitez-vous ?",
    ],
)
def test_headers_that_ask_who_somebody_is(header: str) -> None:
    assert personal(header)


@pytest.mark.parametrize(
    "header",
    [
        "What should the city do?",
        "What do you think of the location of the library?",
        "What should change in your town?",
        "What is missing in your city?",
        "What problems does your city have?",
        "How could your street become safer?",
        "Do you own a car?",
        "In the name of which party do they speak?",
        "What do you think of our e-mail newsletter?",
        "Address homelessness",
        "Street trees",
        "City budget",
        "Project name",
        "Was sollte die Stadt tun?",
        "Wie finden Sie den neuen Ort der Bibliothek?",
        "Que pensez-vous de la ville ?",
        "¿Qué debería hacer la ciudad?",
        "Cosa dovrebbe fare la città?",
        "Wat moet de stad doen?",
        "Co powinno zrobić miasto?",
        "O que a cidade deveria fazer?",
        "Was gefällt Ihnen an Ihrem Wohnort?",
        "data",
        "comment",
        "region",
    ],
)
def test_headers_that_ask_for_an_opinion(header: str) -> None:
    assert not personal(header)


def test_a_form_with_addresses_gives_opinions_only(tmp_path: Path) -> None:
    text = (
        "Timestamp,What is your home-address-street-number-and-city,Wie heißen Sie?,What should change in your town?\n"
        '2024/01/01,"12 Mill Lane, Leeds",Ann Mary Smith,"More buses, and more often."\n'
        '2024/01/02,"9 Oak Street, York",Ben John Jones,Plant a tree in every street.\n'
    )
    profile = read(file_of(tmp_path, text))
    assert profile.facts["text_columns"] == ["What should change in your town?"]
    assert not any(secret in spelled_out(profile.agents) for secret in ("Mill Lane", "Ann Mary"))
    shown = render(doctor(profile))
    assert "seen           2 texts read from column 'What should change in your town?'" in shown
    assert "personal columns: 'What is your home-address" in shown


@pytest.mark.parametrize(
    "cells",
    [
        ("12 Mill Lane, Leeds LS1", "9 Oak Street, 90210 York"),
        ("Hauptstraße 7, 10115 Berlin", "Am Markt Weg 3, Bonn"),
        ("12 rue de la Paix, Paris", "3 avenue des Ternes, Paris"),
        ("mail me: ann@example.org", "or to ben@example.org"),
        ("Anna Maria Weber", "Jan van der Berg Smit"),
    ],
)
def test_cells_that_tell_who_somebody_is_are_not_chosen_as_texts(cells: tuple[str, str], tmp_path: Path) -> None:
    assert revealing(cells)
    rows = "".join(f'{i},"{cell}",I want {i} more trees.\n' for i, cell in enumerate(cells))
    profile = read(file_of(tmp_path, "user_id,q1,q2\n" + rows))
    assert profile.facts["text_columns"] == ["q2"]
    assert cells[0] not in spelled_out(profile)
    assert "1 column that looks like names, addresses or e-mails, so not read as texts: 'q1'" in render(doctor(profile))
    asked = read(file_of(tmp_path, "user_id,q1,q2\n" + rows), text_columns=["q1", "q2"])
    assert asked.agents.texts[0] == (without_contacts(cells[0]), "I want 0 more trees.")
    assert "4 texts read from columns 'q1', 'q2'" in render(doctor(asked))


def test_opinions_about_streets_are_no_addresses() -> None:
    assert not revealing(["More trees in Mill Lane, please.", "Close the road to cars", "2 more buses a day"])


def test_qualtrics_questions_tell_what_a_code_asks_for(tmp_path: Path) -> None:
    text = QUALTRICS.replace("How sure?", "Where do you live?").replace(
        "EN,I want many more buses.,Very", "EN,I want many more buses.,in the yellow house"
    )
    text = text.replace("too many cars here.,Very", "too many cars here.,right behind the church")
    profile = read(file_of(tmp_path, text))
    assert profile.facts["text_columns"] == ["Q1"]
    assert "yellow" not in spelled_out(profile)


def test_google_forms_say_which_column_was_read(tmp_path: Path) -> None:
    assert read(file_of(tmp_path, GOOGLE)).facts["text_columns"] == ["What should change in your town?"]
