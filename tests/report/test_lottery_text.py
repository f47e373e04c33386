"""A lottery in the terminal: its figures are called what people were asked, in English and in German."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from folkmoot.profile import APPROVAL, COMPARISON, VOTE, Agents, Answers, Comparisons, Profile, Scale, Statements
from folkmoot.report.lottery_text import lottery_text
from folkmoot.report.translations import words
from folkmoot.slates.lottery import FairLottery, lottery

NAMES = ("Build the tram.", "Build the road.", "Ask us again.")
#: What two halves of the people would give each statement, from 0 to 1.
WANTED = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5]])
CALLED = {
    "vote": ("the mean vote, 1 for agree", "das mittlere Votum"),
    "approval": ("the share of people who approve of it", "der Anteil der Menschen, die sie billigen"),
    "rating": ("the mean rating, 0 the lowest", "die mittlere Bewertung"),
    "points": ("the mean of people's points", "das Mittel der Punkte"),
    "ranking": ("the mean place in people's rankings, 1 the first", "der mittlere Platz in den Rangfolgen"),
}
SCALES = {
    "vote": (VOTE, 2 * WANTED - 1),
    "approval": (APPROVAL, np.floor(WANTED)),
    "rating": (Scale("rating", 1.0, 5.0), 1 + 4 * WANTED),
    "points": (Scale("points", 0.0, 10.0), 10 * WANTED),
    "ranking": (Scale("ranking", 1.0, 3.0), 3 - 2 * WANTED),
}


def agents() -> Agents:
    return Agents(tuple(f"p{i}" for i in range(20)), groups={"region": ("north",) * 10 + ("south",) * 10})


@pytest.mark.parametrize("kind", SCALES)
def test_figures_are_called_what_people_were_asked(kind: str) -> None:
    scale, values = SCALES[kind]
    rows, columns = np.nonzero(np.ones((20, 3)))
    whole = np.repeat(values, 10, axis=0)[rows, columns]
    found = lottery(Profile(agents(), Statements(NAMES, NAMES), Answers.of(rows, columns, whole, scale)))
    english, german = said(found)
    assert CALLED[kind][0] in english
    assert CALLED[kind][1] in german
    assert "agreement" not in english
    assert [others[0] for other, others in CALLED.items() if other != kind and others[0] in english] == []
    assert english.count("worst off") == 1
    assert [one.best for one in found.by_group] == [1.0, 1.0]


@pytest.fixture(scope="module")
def compared() -> FairLottery:
    """Everybody compares each two statements, a half of the people the other way round."""
    order = np.array([[0, 2], [2, 1], [0, 1]])
    better = np.concatenate([np.tile(order, (10, 1)), np.tile(order[:, ::-1], (10, 1))])
    rows = np.repeat(np.arange(20), 3)
    pairs = Comparisons.of(rows, better[:, 0], better[:, 1])
    return lottery(
        Profile(agents(), Statements(NAMES, NAMES), Answers.none(COMPARISON), comparisons=pairs), groups="region"
    )


def test_comparisons_are_no_agreement(compared: FairLottery) -> None:
    english, german = said(compared)
    assert compared.measured == "comparisons"
    assert "share of the other statements to which people are expected to prefer it" in english
    assert "nobody was asked whether they agree" in english
    assert "agreement" not in english
    assert (
        "Anteil der anderen Aussagen, denen die Menschen sie nach ihren Vergleichen voraussichtlich vorziehen" in german
    )
    assert "Zustimmung" not in german


def test_german_is_german_throughout(compared: FairLottery) -> None:
    alone = replace(
        compared,
        warnings=(
            "There is one group alone, so there is nothing to be fair between: everybody counts in it.",
            *compared.warnings,
        ),
    )
    _, german = said(alone)
    assert "Gruppen nach der Spalte 'region' der Quelle" in german
    assert "Es gibt nur eine Gruppe" in german
    assert " %" in german.replace("\N{NO-BREAK SPACE}", " ")
    for word in ("group", "people", "may expect", "at best", "statement"):
        assert word not in german.lower().replace("`unit='statements'`", "")


def test_a_remedy_is_named_as_the_reader_knows_it(compared: FairLottery) -> None:
    assert any("`budget=2`" in words for words in compared.warnings)
    assert "--budget 2" in lottery_text(compared, remedy=lambda words: words.replace("`budget=2`", "--budget 2"))


def said(found: FairLottery) -> tuple[str, str]:
    """Both languages, without line breaks."""
    return tuple(" ".join(lottery_text(found, words(code)).split()) for code in ("en", "de"))  # type: ignore[return-value]
