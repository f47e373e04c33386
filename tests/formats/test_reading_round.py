"""One survey, exported by every tool in its layout, is read back as the same survey: people, opinions, direction."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_helpers import said, saved, table

from folkmoot.formats import read
from folkmoot.profile import Profile

WORDS = {
    "en": "Strongly disagree|Disagree|Neither agree nor disagree|Agree|Strongly agree|Don't know",
    "de": "Stimme überhaupt nicht zu|Stimme eher nicht zu|Teils teils|Stimme eher zu|Stimme voll zu|Weiß nicht",
    "fr": "Pas du tout d'accord|Pas d'accord|Neutre|D'accord|Tout à fait d'accord|Ne sait pas",
    "es": "Totalmente en desacuerdo|En desacuerdo|Neutral|De acuerdo|Totalmente de acuerdo|No sabe / no contesta",
    "it": "Completamente in disaccordo|In disaccordo|Neutrale|D'accordo|Completamente d'accordo|Non so",
    "pt": "Discordo totalmente|Discordo|Neutro|Concordo|Concordo totalmente|Não sei",
    "nl": "Helemaal oneens|Oneens|Neutraal|Eens|Helemaal eens|Weet niet",
    "pl": "Zdecydowanie się nie zgadzam|Raczej się nie zgadzam|Neutralnie|Raczej się zgadzam|"
    "Zdecydowanie się zgadzam|Nie wiem",
    "tr": "Hiç katılmıyorum|Katılmıyorum|Kararsızım|Katılıyorum|Tamamen katılıyorum|Bilmiyorum",
    "ja": "全くそう思わない|そう思わない|どちらともいえない|そう思う|非常にそう思う|わからない",
    "zh": "非常不同意|不同意|一般|同意|非常同意|不知道",
}
STAMP = {
    "en": "Timestamp",
    "de": "Zeitstempel",
    "fr": "Horodateur",
    "es": "Marca temporal",
    "it": "Informazioni cronologiche",
    "pt": "Carimbo de data/hora",
    "nl": "Tijdstempel",
    "pl": "Sygnatura czasowa",
    "tr": "Zaman damgası",
    "ja": "タイムスタンプ",
    "zh": "时间戳记",
}
STATEMENTS = ("More shade on the square", "Later trams", "A new ferry", "Fewer lorries in town", "A quiet library")
WISHES = (
    "Please {} the bridge near the mill soon.",
    "I would like us to {} the old baths again.",
    "Why not {} a school?",
)
VERBS = ("mend", "open", "paint", "close", "build", "move", "clean", "light")
DONT_KNOW = 0


@dataclass(frozen=True)
class Made:
    """A survey: who, the answers (1 to 5, 0: don't know, None: blank), what was written, what is nobody's business."""

    people: tuple[str, ...]
    statements: tuple[str, ...]
    answers: tuple[tuple[int | None, ...], ...]
    texts: tuple[str, ...]
    about: tuple[tuple[object, ...], ...]

    ABOUT = ("Age", "Weight in kg", "E-mail", "Duration (seconds)")

    def cells(self, i: int, words: Sequence[str] = ("1", "2", "3", "4", "5", "N/A")) -> list[str]:
        """The answers of a person, in these words."""
        return ["" if v is None else words[-1] if v == DONT_KNOW else words[v - 1] for v in self.answers[i]]


def made(seed: int, *, written: bool) -> Made:
    """A survey of 8 to 20 people and 2 to 5 statements."""
    rng = random.Random(seed)
    n, m = rng.randint(8, 20), rng.randint(2, 5)
    choices = [1, 2, 3, 4, 5, 5, 4, 3, None, DONT_KNOW]
    answers = [tuple(rng.choice(choices) for _ in range(m)) for _ in range(n - 4)]
    answers += [(1,) * m, (5,) * m, (3,) * m, (2,) * m]  # words that nobody uses are not known to be on the scale
    texts = tuple(f"In ward {i}: {rng.choice(WISHES).format(rng.choice(VERBS))}" if written else "" for i in range(n))
    about = tuple(
        (rng.randint(18, 90), rng.randint(45, 120), f"person{i}@secret.example", rng.randint(61, 4000))
        for i in range(n)
    )
    ids = tuple(f"P{rng.randint(10**5, 10**6)}{i:02d}" for i in range(n))
    return Made(ids, tuple(rng.sample(STATEMENTS, m)), tuple(answers), texts, about)


Layout = Callable[[Made], str]


def _rows(s: Made, cells: Callable[[int], list[str]], before: Callable[[int], list[object]]) -> list[list[object]]:
    return [[*before(i), *cells(i), s.texts[i], *s.about[i]] for i in range(len(s.people))]


def wide(s: Made) -> str:
    header = ["participant", *s.statements, "Your wishes?", *s.ABOUT]
    return table(header, _rows(s, s.cells, lambda i: [s.people[i]]))


def nameless(s: Made) -> str:
    header = ["started", *s.statements, "Your wishes?", *s.ABOUT]
    return table(header, _rows(s, s.cells, lambda i: [f"2025-03-04 10:{i:02d}:00"]), delimiter=";")


def long(s: Made) -> str:
    rows = [[s.people[i], q, v] for i in range(len(s.people)) for q, v in zip(s.statements, s.cells(i), strict=True)]
    return table(["respondent", "statement", "rating"], rows)


def melted(s: Made) -> str:
    rows = [
        [s.people[i], q, v] for j, q in enumerate(s.statements) for i in range(len(s.people)) for v in [s.cells(i)[j]]
    ]
    return table(["id", "variable", "value"], rows)


def _qualtrics(words: Sequence[str]) -> Layout:
    def export(s: Made) -> str:
        system = ["StartDate", "EndDate", "Status", "Progress", "RecordedDate", "ResponseId"]
        header = [*system, *(f"Q7_{j + 1}" for j in range(len(s.statements))), "Q8", *s.ABOUT]
        asked = [*system, *(f"Do you agree? - {q}" for q in s.statements), "Your wishes?", *s.ABOUT]
        ids = [json.dumps({"ImportId": name}) for name in header]
        time = "2025-03-04 10:00:00"
        rows = _rows(s, lambda i: s.cells(i, words), lambda i: [time, time, "IP Address", 100, time, s.people[i]])
        return table(header, [asked, ids, *rows])

    return export


def _google(language: str) -> Layout:
    def export(s: Made) -> str:
        header = [STAMP[language], *(f"Do you agree? [{q}]" for q in s.statements), "Your wishes?", *s.ABOUT]
        words = WORDS[language].split("|")
        return table(header, _rows(s, lambda i: s.cells(i, words), lambda i: [f"2025/03/04 10:00:{i:02d}"]))

    return export


def microsoft(s: Made) -> str:
    header = ["ID", "Start time", "Completion time", *s.statements, "Your wishes?", *s.ABOUT]
    time = "3/4/25 10:00:00"
    words = WORDS["en"].split("|")
    return table(header, _rows(s, lambda i: s.cells(i, words), lambda i: [i + 1, time, time]))


def _limesurvey(words: Sequence[str], name: str) -> Layout:
    def export(s: Made) -> str:
        items = [name.format(j + 1, q) for j, q in enumerate(s.statements)]
        header = ["id", "submitdate", "lastpage", "startlanguage", "seed", *items, "Your wishes?", *s.ABOUT]
        before = ["2025-03-04 10:00:00", 3, "en", 177]
        return table(header, _rows(s, lambda i: s.cells(i, words), lambda i: [s.people[i], *before]))

    return export


def surveymonkey(s: Made) -> str:
    m = len(s.statements)
    system = ["Respondent ID", "Collector ID", "Start Date", "End Date"]
    header = [*system, "Do you agree?", *[""] * (m - 1), "Your wishes?", *s.ABOUT]
    below = [*[""] * 4, *s.statements, "Open-Ended Response", *["Response"] * 4]
    time = "03/04/2025 10:00:00 AM"
    rows = _rows(s, lambda i: s.cells(i, WORDS["en"].split("|")), lambda i: [s.people[i], 77, time, time])
    return table(header, [below, *rows])


def typeform(s: Made) -> str:
    header = ["#", *s.statements, "Your wishes?", *s.ABOUT, "Submit Date (UTC)"]
    rows = [[*row, f"2025-03-04 10:{i:02d}"] for i, row in enumerate(_rows(s, s.cells, lambda i: [s.people[i]]))]
    return table(header, rows)


def tally(s: Made) -> str:
    header = ["Submission ID", "Respondent ID", "Submitted at", *s.statements, "Your wishes?", *s.ABOUT]
    return table(header, _rows(s, s.cells, lambda i: [f"x{i}", s.people[i], f"2025-03-04 10:{i:02d}:00"]))


def kobo(s: Made) -> str:
    words = ["strongly_disagree", "disagree", "neutral", "agree", "strongly_agree", "dont_know"]
    header = ["start", "end", *s.statements, "Your wishes?", *s.ABOUT, "_id", "_uuid", "_submission_time", "_index"]
    time = "2025-03-04T10:00:00"
    rows = _rows(s, lambda i: s.cells(i, words), lambda _: [time, time])
    return table(header, [[*row, s.people[i], f"u{i}", time, i + 1] for i, row in enumerate(rows)])


LAYOUTS: dict[str, Layout] = {
    "wide": wide,
    "without an id": nameless,
    "long": long,
    "melted": melted,
    "qualtrics numbers": _qualtrics(("1", "2", "3", "4", "5", "N/A")),
    "qualtrics words": _qualtrics(WORDS["en"].split("|")),
    "microsoft": microsoft,
    "limesurvey codes": _limesurvey(("1", "2", "3", "4", "5", "N/A"), "G1Q2[SQ{:03d}]"),
    "limesurvey labels": _limesurvey(WORDS["de"].split("|"), "Sind Sie einverstanden? [{1}]"),
    "surveymonkey": surveymonkey,
    "typeform": typeform,
    "tally": tally,
    "kobo": kobo,
    **{f"google {language}": _google(language) for language in WORDS},
}


def same_opinions(profile: Profile, survey: Made, layout: str) -> None:
    """People and answers are those of the survey, up to the numbers of the scale."""
    n = len(survey.people)
    assert profile.n_agents == n
    columns = range(len(survey.statements))
    if "codes" not in layout:
        assert set(profile.statements.texts) == set(survey.statements)
        columns = [survey.statements.index(text) for text in profile.statements.texts]  # type: ignore[assignment]
    by_order = profile.agents.ids == tuple(map(str, range(1, n + 1)))
    person = list(range(n)) if by_order else [survey.people.index(name) for name in profile.agents.ids]
    a = profile.answers
    pairs = [
        (survey.answers[person[i]][columns[j]], v)
        for i, j, v in zip(a.agent.tolist(), a.statement.tolist(), a.value.tolist(), strict=True)
    ]
    assert len(pairs) == sum(v not in (None, DONT_KNOW) for row in survey.answers for v in row)
    scale = dict(pairs)
    assert sorted(set(pairs)) == sorted(scale.items())
    assert [scale[v] for v in sorted(scale)] == sorted(scale.values())
    assert (a.scale.low, a.scale.high) == (1, 5)
    assert set(scale.items()) <= {(v, float(v)) for v in range(1, 6)}


def nothing_personal(profile: Profile) -> None:
    """No e-mail gets into any text of a profile."""
    shown = (*profile.agents.ids, *(t for texts in profile.agents.texts for t in texts), *profile.statements.texts)
    assert "secret.example" not in " ".join((*shown, said(profile), json.dumps(dict(profile.facts), default=str)))


def check(layout: str, seed: int) -> None:
    survey = made(seed, written=False)
    with TemporaryDirectory() as folder:
        profile = read(saved(Path(folder), LAYOUTS[layout](survey)))
        same_opinions(profile, survey, layout)
        nothing_personal(profile)
        if layout in ("long", "melted"):
            return
        survey = made(seed, written=True)
        path = saved(Path(folder), LAYOUTS[layout](survey))
        profile = read(path)
        nothing_personal(profile)
        assert tuple(texts[0] for texts in profile.agents.texts) == survey.texts
        named = [c for note in profile.notes for c in [note.what] if "with ratings that were not read" in c]
        assert len(named) == 1  # the remedy that is said works as it stands
        columns = eval(named[0].rsplit("rating_columns=", 1)[1].rstrip("`"))  # a list that Python printed
        same_opinions(read(path, rating_columns=columns), survey, layout)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_is_read_back(layout: str) -> None:
    check(layout, 20250304)


@pytest.mark.long
@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=40)
@given(seed=st.integers(0, 2**32))
def test_every_layout_is_read_back_of_any_survey(layout: str, seed: int) -> None:
    check(layout, seed)


def test_the_surveys_have_what_surveys_have() -> None:
    given_answers = {v for seed in range(5) for row in made(seed, written=True).answers for v in row}
    assert given_answers == {None, DONT_KNOW, 1, 2, 3, 4, 5}
    assert not any(made(1, written=False).texts)
