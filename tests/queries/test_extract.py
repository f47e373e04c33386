"""Clauses of participants' texts as statements."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.preferences.sentences import sentences
from folkmoot.profile import Agents, Answers, FloatArray, InputError, Profile, Provenance, Statements, words
from folkmoot.queries.texts.clauses import clauses
from folkmoot.queries.texts.extract import extract
from folkmoot.queries.texts.same import same_texts

PROSE = st.lists(
    st.sampled_from(
        [
            *(
                "buses",
                "the park",
                "Dr. Smith",
                "e.g. bikes",
                "3.5 km",
                "https://example.org/a;b",
                "café",
                "公園",
                "道路",
            ),
            *(
                ", ",
                "; ",
                ": ",
                ". ",
                "! ",
                "? ",
                " - ",
                "—",
                "。",
                "；",
                "，",
                "！",
                " ",
                "  ",
                "\t",
                "\n",
                "\r\n",
                "\n- ",
            ),
            *(" and ", " but ", " if ", " or ", "\n* ", "\n2) ", "...", "\u2028", "\u00a0", "•", "؟ ", "।"),
        ]
    ),
    max_size=40,
).map("".join)
TEXTS = st.one_of(PROSE, st.text(max_size=200))


def plain(text: str) -> str:
    return " ".join(text.split())


@settings(deadline=None)
@given(TEXTS, st.integers(1, 12))
def test_every_clause_is_verbatim_in_order_and_short_enough(text: str, max_words: int) -> None:
    at = 0
    for clause in clauses(text, max_words):
        found = text.find(clause, at)
        assert found >= 0, (clause, text[at:])
        assert plain(clause) in plain(text)
        at = found + len(clause)
        assert clause == clause.strip()
        assert words(clause) <= max_words
        assert any(character.isalnum() for character in clause)


@settings(deadline=None)
@given(TEXTS)
def test_nothing_but_separators_is_lost_when_everything_fits(text: str) -> None:
    left = text
    for clause in clauses(text, 10_000):
        left = left.replace(clause, " ", 1)
    # What remains are marks, and numbers or letters of list markers.
    assert all(len(token.strip("().*-+–—•")) <= 3 or not any(map(str.isalnum, token)) for token in left.split())


@settings(deadline=None)
@given(TEXTS, st.integers(1, 12))
def test_cutting_again_changes_nothing(text: str, max_words: int) -> None:
    for clause in clauses(text, max_words):
        assert "".join(clauses(clause, 10_000)).replace(" ", "") in clause.replace(" ", "")


def test_sentences_stay_whole_while_they_fit() -> None:
    text = "Traffic on Main St. is terrible, unsafe and slow; fix it. Dr. Lee agrees!  Really? 3.5 miles take an hour."
    assert clauses(text, 20) == [
        "Traffic on Main St. is terrible, unsafe and slow; fix it.",
        "Dr. Lee agrees!",
        "Really?",
        "3.5 miles take an hour.",
    ]


def test_the_strongest_boundary_cuts_first_and_what_fits_stays_together() -> None:
    text = "Buses are late, crowded, and dear; trains are never on time, and the station is dirty but safe."
    assert clauses(text, 9) == [
        "Buses are late, crowded, and dear",
        "trains are never on time",
        "and the station is dirty but safe.",
    ]
    assert clauses(text, 5) == [
        "Buses are late, crowded",
        "and dear",
        "trains are never on time",
        "and the station is dirty",
        "but safe.",
    ]


def test_what_cannot_be_cut_is_left_out() -> None:
    assert clauses("I would never close the library if it could be helped.", 6) == []
    assert clauses("We should build it unless the neighbours object or leave", 5) == []


@pytest.mark.parametrize(
    "text",
    ["- one thing\n- another thing", "* one thing\r\n\r\n* another thing", "1. one thing\n2) another thing",
     "• one thing\u2028• another thing", "-one thing\n-another thing", "(a) one thing\n(b) another thing"],
)  # fmt: skip
def test_list_markers_are_not_part_of_it(text: str) -> None:
    assert clauses(text, 5) == ["one thing", "another thing"]


def test_numbers_at_the_start_of_a_line_are_kept() -> None:
    assert clauses("-5 degrees is cold\n2018 was better", 5) == [
        "-5 degrees is cold",
        "2018 was better",
    ]


def test_other_writing() -> None:
    assert clauses("公園を増やす。安全な道も！バスは？", 10) == ["公園を増やす。", "安全な道も！", "バスは？"]
    assert clauses("公園を増やしてほしい；安全な道路も必要だ", 6) == ["公園を増やしてほしい", "安全な道路も必要だ"]
    assert clauses("هل الحافلة متأخرة؟ نعم.", 10) == ["هل الحافلة متأخرة؟", "نعم."]
    assert clauses("¿Por qué? Más autobuses los domingos y menos coches en el centro.", 5) == [
        "¿Por qué?",
        "Más autobuses los domingos",
    ]


def test_html_entities_are_not_cut() -> None:
    text = "I didn&#039;t like the park &amp; the lake; they were &quot;nice&quot; but noisy"
    assert clauses(text, 8) == ["I didn&#039;t like the park &amp; the lake", "they were &quot;nice&quot; but noisy"]


def test_a_text_without_spaces_is_as_long_as_its_letters() -> None:
    assert clauses("公園を増やしてほしいと思っています", 3) == []
    assert clauses("公園を増やしてほしいと思っています", 7) == ["公園を増やしてほしいと思っています"]


def test_max_words_below_one() -> None:
    with pytest.raises(InputError, match="at least 1 word"):
        clauses("anything", 0)


HOSTILE = (
    "." * 200_000 + "x",
    " " * 200_000 + "x",
    ("x" + " " * 50) * 4000,
    "- " * 50_000,
    "a," * 90_000,
    "a, " * 60_000,
)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:4])
def test_hostile_texts_take_no_time(text: str) -> None:
    begin = time.process_time()
    clauses(text, 10)
    assert time.process_time() - begin < 5


def test_sentences_are_spans_of_the_text() -> None:
    assert sentences("") == []
    assert sentences(" ... \n - \n!") == []


def profile(texts: Sequence[tuple[str, ...]], statements: Statements | None = None) -> Profile:
    return Profile(
        Agents(tuple("abcdefghijklmnopqrstuvwxyz"[: len(texts)]), tuple(texts)),
        statements or Statements((), ()),
        Answers.none(),
    )


def test_extract_merges_what_is_the_same() -> None:
    source = profile(
        [("More buses please. Fix the roads!",), (), ("fix  the Roads!\nPlant some trees", "more buses please.")]
    )
    found = extract(source, 10)
    assert found.statements.texts == ("More buses please.", "Fix the roads!", "Plant some trees")
    assert found.statements.ids == ("a.1", "a.2", "c.2")
    assert found.statements.provenance == (
        Provenance("extracted", ("a", "c")),
        Provenance("extracted", ("a", "c")),
        Provenance("extracted", ("c",)),
    )
    assert found.notes == ()
    assert found.agents is source.agents


def test_extract_counts_what_it_leaves_out() -> None:
    source = profile([("Yes. More buses please. I would never close the old library if it could be helped.",)])
    found = extract(source, 6)
    assert found.statements.texts == ("More buses please.",)
    assert {(note.kind, note.what, note.count) for note in found.notes} == {
        ("dropped", "clauses of more than 6 words that cannot be cut", 1),
        ("unused", "clauses of fewer than 3 words", 1),
    }


def test_extract_knows_what_is_there_and_what_was_rejected() -> None:
    listed = Statements(
        ("a.1", "9"),
        ("more buses PLEASE", "Awful people live here. They must go now!"),
        np.array([1, -1], dtype=np.int8),
    )
    source = profile([("More buses please", "Awful people live here. They must go now!", "More trees for all")], listed)
    found = extract(source, 10)
    assert found.statements.texts[2:] == ("More trees for all",)
    assert found.statements.ids[2:] == ("a.2",)
    assert [(note.what, note.count) for note in found.notes] == [
        ("texts of participants that moderation rejected, not used for statements", 1)
    ]


def test_extract_needs_texts() -> None:
    with pytest.raises(InputError, match="text columns"):
        extract(profile([(), ()]), 10)
    with pytest.raises(InputError, match="limit is 0"):
        extract(profile([("More buses please",)]), 10, limit=0)


def many(n_agents: int, each: Sequence[int]) -> Profile:
    return profile([(". ".join(f"Wish number {agent} {k}" for k in range(each[agent])),) for agent in range(n_agents)])


def test_beyond_the_limit_everybody_keeps_as_many() -> None:
    source = many(4, [5, 1, 3, 4])
    found = extract(source, 10, limit=9)
    owners = [entry.agents[0] for entry in found.statements.provenance]
    assert [owners.count(name) for name in "abcd"] == [3, 1, 3, 2]
    assert found.notes[-1].count == 4
    assert found.statements.ids == ("a.1", "a.2", "a.3", "b.1", "c.1", "c.2", "c.3", "d.1", "d.2")


def test_fewer_places_than_people_are_spread_evenly() -> None:
    found = extract(many(26, [2] * 26), 10, limit=5)
    assert found.statements.ids == ("a.1", "f.1", "k.1", "p.1", "u.1")


TOPICS = ("bus", "tree", "school")


def by_topic(texts: Sequence[str]) -> FloatArray:
    """Vectors that know three words."""
    found = np.array([[float(topic in text) for topic in TOPICS] for text in texts]).reshape(-1, 3)
    norms = np.linalg.norm(found, axis=1, keepdims=True)
    return np.asarray(np.divide(found, norms, out=found, where=norms > 0))


def test_beyond_the_limit_with_vectors_groups_choose() -> None:
    # Twelve want buses, twelve want trees; everyone also has things to say that nobody is near to.
    texts = [(f"More bus lines {i}. Some remark {i} here. Another remark {i}",) for i in range(12)]
    texts += [(f"Another thing {i} entirely. Plant tree number {i}. Third thing {i}",) for i in range(12)]
    found = extract(profile(texts), 10, limit=10, vectors=by_topic)
    kept = by_topic(found.statements.texts)
    assert kept.sum(axis=0).tolist() == [5, 5, 0]
    assert found.notes[-1].count == 62
    assert found.statements == extract(profile(texts), 10, limit=10, vectors=by_topic).statements


@settings(deadline=None)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=12).filter(any), st.integers(1, 30), st.booleans())
def test_the_limit_is_kept_and_used_up(each: list[int], limit: int, grouped: bool) -> None:
    source = many(len(each), each)
    found = extract(source, 10, limit=limit, vectors=by_topic if grouped else None)
    assert found.n_statements == min(limit, sum(each))
    assert sum(note.count for note in found.notes) == max(0, sum(each) - limit)
    assert len(set(found.statements.ids)) == found.n_statements
    whole = extract(source, 10)
    assert set(found.statements.texts) <= set(whole.statements.texts)


@settings(deadline=None)
@given(st.lists(st.lists(TEXTS, max_size=3).map(tuple), min_size=1, max_size=4).filter(any), st.integers(1, 12))
def test_nothing_is_invented(texts: list[tuple[str, ...]], max_words: int) -> None:
    source = profile(texts)
    found = extract(source, max_words, min_words=1)
    for text, provenance in zip(found.statements.texts, found.statements.provenance, strict=True):
        assert provenance.kind == "extracted"
        first, *others = [source.agents.texts[source.agent_index[author]] for author in provenance.agents]
        assert any(plain(text).casefold() in plain(entry).casefold() for entry in first)
        # Whoever wrote it in another spelling is an author of it too.
        for written in others:
            own = extract(profile([written]), max_words, min_words=1).statements.texts
            assert 0 in same_texts([text, *own]).speaker[1:]
