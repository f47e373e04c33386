"""Answers in words: every language's usual scales, in the right order; words that are no answers; ticked options."""

from __future__ import annotations

from pathlib import Path

import pytest
from reading_helpers import OPINIONS, refused, said, saved, table, values

from folkmoot.formats import read
from folkmoot.formats.words import _languages, family_of, languages, plain_words, says_nothing

SCALES = {
    "en7": "Strongly disagree|Disagree|Somewhat disagree|Neither agree nor disagree"
    "|Somewhat agree|Agree|Strongly agree",
    "en4": "Strongly disagree|Disagree|Agree|Strongly agree",
    "en6": "Completely disagree|Mostly disagree|Slightly disagree|Slightly agree|Mostly agree|Completely agree",
    "en half": "Never|Sometimes|About half the time|Most of the time|Always",
    "en often": "Never|Almost never|Sometimes|Almost always|Always",
    "en bipolar": "Very unimportant|Unimportant|Neutral|Important|Very important",
    "en unipolar": "Not at all important|Slightly important|Moderately important|Very important|Extremely important",
    "en extent": "None at all|A little|A moderate amount|A lot|A great deal",
    "en extreme": "Extremely dissatisfied|Somewhat dissatisfied|Neither satisfied nor dissatisfied|Somewhat satisfied"
    "|Extremely satisfied",
    "en health": "Very poor|Poor|Fair|Good|Excellent",
    "en likely": "Definitely not|Probably not|Might or might not|Probably yes|Definitely yes",
    "de": "Stimme überhaupt nicht zu|Stimme eher nicht zu|Teils/teils|Stimme eher zu|Stimme voll und ganz zu",
    "de wichtig": "unwichtig|eher unwichtig|teils teils|eher wichtig|wichtig",
    "de 4": "trifft nicht zu|trifft eher nicht zu|trifft eher zu|trifft zu",
    "fr": "Pas du tout d'accord|Plutôt pas d'accord|Ni d'accord ni pas d'accord|Plutôt d'accord|Tout à fait d’accord",
    "es": "Muy en desacuerdo|En desacuerdo|Ni de acuerdo ni en desacuerdo|De acuerdo|Muy de acuerdo",
    "es satisfecha": "Muy insatisfecha|Insatisfecha|Neutral|Satisfecha|Muy satisfecha",
    "it": "Fortemente in disaccordo|In disaccordo|Né d'accordo né in disaccordo|D'accordo|Fortemente d'accordo",
    "pt": "Discordo totalmente|Discordo parcialmente|Não concordo nem discordo|Concordo parcialmente"
    "|Concordo totalmente",
    "nl": "Helemaal mee oneens|Mee oneens|Neutraal|Mee eens|Helemaal mee eens",
    "pl": "Zdecydowanie się nie zgadzam|Raczej się nie zgadzam|Trudno powiedzieć|Raczej się zgadzam"
    "|Zdecydowanie się zgadzam",
    "tr": "KESİNLİKLE KATILMIYORUM|Katılmıyorum|Kararsızım|Katılıyorum|Kesinlikle katılıyorum",
    "ja": "まったくそう思わない|あまりそう思わない|どちらともいえない|ややそう思う|とてもそう思う",
    "zh": "非常不满意|不满意|一般|满意|非常满意",
    "ko": "전혀 그렇지 않다|그렇지 않다|보통이다|그렇다|매우 그렇다",
    "ru": "Полностью не согласен|Скорее не согласен|Затрудняюсь|Скорее согласен|Полностью согласен",
    "ar": "لا أوافق بشدة|لا أوافق|محايد|أوافق|أوافق بشدة",
    "sv": "Instämmer inte alls|Instämmer delvis inte|Varken eller|Instämmer delvis|Instämmer helt",
    "da": "Helt uenig|Uenig|Hverken enig eller uenig|Enig|Helt enig",
    "capture": "not at all|poorly|somewhat|mostly|perfectly",
    "codes": "strongly_disagree|disagree|neutral|agree|strongly_agree",
    "faces": "😡|🙁|😐|🙂|😍",
    "labels": "1 (gar nicht)|2|3|4|5 (voll)",
    "stars": "★☆☆|★★☆|★★★",
    "stars in words": "1 star|2 stars|3 stars",
    "points": "1/5|2/5|3/5|4/5|5/5",
}


@pytest.mark.parametrize("name", SCALES)
def test_usual_scales_are_read_in_their_order(name: str, tmp_path: Path) -> None:
    words = SCALES[name].split("|")
    n = len(words)
    rows = [[f"p{i}", words[i % n], words[(n - 1 - i) % n]] for i in range(2 * n)]
    profile = read(saved(tmp_path, table(["participant", "one", "two"], rows)))
    assert values(profile, "one") == [float(v) for v in range(1, n + 1)] * 2
    assert "is read as the best" in said(profile)


@pytest.mark.parametrize(
    ("yes", "no"), [("Yes", "No"), ("TRUE", "FALSE"), ("ja", "nein"), ("Oui", "Non"), ("はい", "いいえ"), ("да", "нет")]
)
def test_yes_and_no_are_approvals(yes: str, no: str, tmp_path: Path) -> None:
    rows = [["a", yes, no], ["b", no, no], ["c", yes, yes]]
    profile = read(saved(tmp_path, table(["voter_id", "pool", "quay"], rows)))
    assert profile.answers.scale.kind == "approval"
    assert values(profile, "pool") == [1, 0, 1]


def test_bare_words_of_agreement_are_votes(tmp_path: Path) -> None:
    rows = [["a", "t1", "zustimmung"], ["a", "t2", "passe"], ["b", "t1", "Ablehnung"], ["b", "t2", "Zustimmung"]]
    profile = read(saved(tmp_path, table(["user_id", "statement_id", "vote"], rows)))
    assert profile.answers.scale.kind == "vote"
    assert sorted(profile.answers.value.tolist()) == [-1, 0, 1, 1]


def test_languages_of_one_survey_are_read_together(tmp_path: Path) -> None:
    rows = [["a", "Agree", "Disagree"], ["b", "D'accord", "Pas d'accord"], ["c", "Einverstanden", "lehne ab"]]
    profile = read(saved(tmp_path, table(["respondent", "pool", "quay"], rows)))
    assert values(profile, "pool") == [1, 1, 1]
    assert values(profile, "quay") == [-1, -1, -1]


def test_words_that_are_no_scale_are_named_with_the_languages(tmp_path: Path) -> None:
    rows = [[f"p{i}", "red" if i % 2 else "blue", "tall"] for i in range(6)]
    path = saved(tmp_path, table(["participant", "wall", "tower"], rows))
    refused(path, "'wall' .choices.")
    refused(path, "'blue', 'red'.*English.*日本語", rating_columns=["wall"])


def test_ticked_options_are_options(tmp_path: Path) -> None:
    options = ["By bus;By tram", "By bike", "By bus;By bike;On foot", "On foot", "By tram;On foot", "By bike;By tram"]
    rows = [[f"p{i}", each, f"The {i}th wish is a longer opening of the hall."] for i, each in enumerate(options * 2)]
    profile = read(saved(tmp_path, table(["participant", "How do you get to work?", "Your wishes?"], rows)))
    assert not any("By bike" in text for texts in profile.agents.texts for text in texts)
    assert "ticked options, no opinions: 'How do you get to work?'" in said(profile)


def test_texts_with_commas_are_no_ticked_options(tmp_path: Path) -> None:
    rows = [[f"p{i}", text.replace(" ", ", ", 2)] for i, text in enumerate(OPINIONS)]
    assert sum(map(len, read(saved(tmp_path, table(["participant", "Your wishes?"], rows))).agents.texts)) == 8


def families() -> list[tuple[str, str, dict[str, int]]]:
    return [
        (language, name, places)
        for language, sections in _languages()
        for name, places in sections.items()
        if name != "missing"
    ]


def test_every_family_of_every_language_has_both_sides() -> None:
    for language, name, places in families():
        low, high = min(places.values()), max(places.values())
        assert low < 0 < high or (low == 1 and high >= 5), (language, name)
        if name not in ("yes and no", "truth"):
            assert len(set(places.values())) >= 4, (language, name)
    assert len(languages()) >= 11


def test_no_word_is_an_answer_and_no_answer_in_one_language() -> None:
    nothing = dict(_languages())
    for language, name, places in families():
        both = [word for word in places if word in nothing[language].get("missing", {})]
        assert not both, (language, name)
        if name in ("agreement", "support", "yes and no"):
            assert not [word for word in places if says_nothing(word)], (language, name)


def test_a_word_has_one_place_in_all_languages_of_a_family() -> None:
    known: dict[tuple[str, str], int] = {}
    for language, name, places in families():
        for word, place in places.items():
            assert plain_words(word) == word
            assert known.setdefault((name, word), place) == place, (language, name, word)


def test_no_answer_is_not_the_worst_one() -> None:
    assert family_of(["Don't know", "N/A"]) is None
    assert [says_nothing(each) for each in ("Don’t know", "No", "0")] == [True, False, False]
