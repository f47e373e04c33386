"""What is written reads back the same, and what a format cannot hold is said."""

from __future__ import annotations

import string
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from formats_samples import ABC, CAT, COMMENT_ROWS, PABULIB, PROSE, RATINGS, SOC, TOI, file_of, polis_folder
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.formats import read, write
from folkmoot.formats.markup import without_markup
from folkmoot.profile import (
    APPROVAL,
    VOTE,
    Agents,
    Answers,
    InputError,
    Profile,
    Provenance,
    Scale,
    Statements,
    masses_of,
)

Content = tuple[object, ...]


def content(profile: Profile) -> Content:
    """What a round trip through a Polis folder must keep."""
    a, s, agents = profile.answers, profile.statements, profile.agents
    return (
        agents.ids,
        agents.texts,
        {name: labels for name, labels in agents.groups.items() if any(labels)},
        profile.masses.tolist(),
        s.ids,
        s.texts,
        None if s.moderation is None else s.moderation.tolist(),
        None if s.costs is None else s.costs.tolist(),
        s.provenance,
        s.kinds,
        a.agent.tolist(),
        a.statement.tolist(),
        a.value.tolist(),
        a.scale,
        profile.topic,
    )


def answers(profile: Profile) -> dict[tuple[str, str], float]:
    a = profile.answers
    ids, names = profile.agents.ids, profile.statements.ids
    return {(ids[i], names[j]): v for i, j, v in zip(a.agent, a.statement, a.value.tolist(), strict=True)}


@pytest.mark.parametrize(
    "name",
    [
        "american-assembly.bowling-green",
        "scoop-hivemind.biodiversity",
        "ssis.land-bank-farmland.2rumnecbeh.2021-08-01",
        "football-concussions",
        "canadian-electoral-reform",
        "15-per-hour-seattle",
    ],
)
def test_real_conversations_through_a_polis_folder(name: str, tmp_path: Path, real: Callable[[str], Path]) -> None:
    before = read(real(f"polis/{name}"))
    lost = write(before, tmp_path / "out", "polis")
    assert content(read(tmp_path / "out")) == content(before)
    assert [note.what for note in lost] == [
        "not written: time of every vote and statement, and re-votes (a Profile keeps final votes)"
    ]


@pytest.mark.parametrize("format", ["csv", "preflib"])
def test_a_real_conversation_through_other_formats(format: str, tmp_path: Path, real: Callable[[str], Path]) -> None:
    before = read(real("polis/15-per-hour-seattle"))
    lost = write(before, tmp_path / "out", format)
    after = read(tmp_path / "out")
    assert after.answers.scale == VOTE
    if format == "csv":
        assert answers(after) == answers(before)
        texts = dict(zip(before.statements.ids, before.statements.texts, strict=True))
        assert all(texts[i] == t for i, t in zip(after.statements.ids, after.statements.texts, strict=True))
    else:
        assert np.array_equal(after.answers.value, before.answers.value)
        assert np.array_equal(after.answers.agent, before.answers.agent)
        assert np.array_equal(after.answers.statement, before.answers.statement)
    assert any("moderation" in note.what and note.count == 54 for note in lost)


@pytest.mark.parametrize(
    ("text", "format"),
    [
        (PABULIB, "pabulib"),
        (SOC, "preflib"),
        (TOI, "preflib"),
        (CAT, "preflib"),
        (ABC.replace("voter", "no"), "pabulib"),
    ],
)
def test_small_elections(text: str, format: str, tmp_path: Path) -> None:
    before = read(file_of(tmp_path, text))
    write(before, tmp_path / "out", format)
    after = read(tmp_path / "out")
    assert answers(after) == answers(before)
    assert after.answers.scale == before.answers.scale
    assert after.statements.texts == before.statements.texts
    assert after.agents.ids == before.agents.ids
    if "budget" in before.facts:
        assert after.facts["budget"] == before.facts["budget"]


@pytest.mark.parametrize("kind", ["ordinal", "scoring"])
def test_pabulib_rankings_and_points(kind: str, tmp_path: Path) -> None:
    text = PABULIB.replace("approval", kind)
    if kind == "scoring":
        text = text.replace("sex;vote\n", "sex;vote;points\n").replace("F;1,2\n", "F;1,2;3,5\n")
        text = text.replace("M;1\n", "M;1;4\n").replace("F;3\n", "F;3;1\n")
    before = read(file_of(tmp_path, text), group_columns=["sex"])
    write(before, tmp_path / "out.pb", "pabulib")
    after = read(tmp_path / "out.pb", group_columns=["sex"])
    assert (answers(after), after.answers.scale) == (answers(before), before.answers.scale)
    assert after.agents.groups == before.agents.groups


def test_texts(tmp_path: Path) -> None:
    before = read(file_of(tmp_path, PROSE))
    assert write(before, tmp_path / "out.csv", "texts") == ()
    after = read(tmp_path / "out.csv")
    assert (after.agents.ids, after.agents.texts) == (before.agents.ids, before.agents.texts)
    lost = write(read(file_of(tmp_path, COMMENT_ROWS)), tmp_path / "out.csv", "csv")
    assert [(n.kind, n.count) for n in lost] == [("changed", 1)]


IDS = st.text(string.ascii_letters + string.digits + "-_.äß", min_size=1, max_size=6).filter(
    # A voter of this name would begin a section of a Pabulib file; the writer refuses it.
    lambda name: name.upper() not in ("META", "PROJECTS", "VOTES")
)
TEXT = st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]), max_size=30).filter(
    lambda text: without_markup(text)[0] == text
)
NUMBER = st.integers(0, 10**6).map(str)


@st.composite
def profiles(draw: st.DrawFn, kind: str) -> Profile:
    """Small profiles with every oddity that ids and texts can have."""
    people = draw(st.lists(IDS, min_size=1, max_size=6, unique=True))
    names = draw(st.lists(NUMBER, min_size=1, max_size=5, unique=True))
    scale = {"vote": VOTE, "approval": APPROVAL, "rating": Scale("rating", 0.0, 4.0)}[kind]
    value = {"vote": st.sampled_from([-1, 0, 1]), "approval": st.just(1), "rating": st.integers(0, 4)}[kind]
    pairs = st.tuples(st.integers(0, len(people) - 1), st.integers(0, len(names) - 1))
    found = draw(st.dictionaries(pairs, value, min_size=1, max_size=20))
    texts = [draw(TEXT) for _ in names]
    authors = [draw(st.sampled_from(["", *people])) for _ in names]
    weights = draw(st.one_of(st.none(), st.lists(st.integers(1, 9), min_size=len(people), max_size=len(people))))
    states = np.array([draw(st.sampled_from([-1, 0, 1])) for _ in names], dtype=np.int8)
    own = tuple(tuple(t for t, a in zip(texts, authors, strict=True) if a == p and t.strip()) for p in people)
    return Profile(
        Agents(
            tuple(people), own if any(own) else (), None if weights is None else masses_of([float(w) for w in weights])
        ),
        Statements(
            tuple(names),
            tuple(texts),
            states if states.any() else None,
            provenance=tuple(Provenance("submitted", (a,)) if a else Provenance() for a in authors),
        ),
        Answers.of([i for i, _ in found], [j for _, j in found], [float(v) for v in found.values()], scale),
        topic=draw(TEXT),
    )


@settings(max_examples=60, deadline=None)
@given(profiles("vote"))
def test_any_votes_through_a_polis_folder(before: Profile) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write(before, Path(folder) / "out", "polis")
        assert content(read(Path(folder) / "out")) == content(before)


@settings(max_examples=60, deadline=None)
@given(st.one_of(profiles("vote"), profiles("approval"), profiles("rating")))
def test_any_answers_through_csv(before: Profile) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.csv"
        write(before, path, "csv")
        scale = (0.0, 4.0) if before.answers.scale.kind == "rating" else None
        after = read(path, scale=scale)
        assert answers(after) == answers(before)
        assert after.answers.scale.kind == before.answers.scale.kind
        weight = dict(zip(before.agents.ids, before.masses.tolist(), strict=True))
        factor = [weight[name] / m for name, m in zip(after.agents.ids, after.masses.tolist(), strict=True)]
        assert len(set(factor)) == 1
        texts = dict(zip(before.statements.ids, before.statements.texts, strict=True))
        assert {i: texts[i] for i in after.statements.ids} == dict(
            zip(after.statements.ids, after.statements.texts, strict=True)
        )


@settings(max_examples=60, deadline=None)
@given(profiles("approval"))
def test_any_approvals_through_pabulib(before: Profile) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.pb"
        if before.agents.masses is not None:
            with pytest.raises(InputError, match="weights"):
                write(before, path, "pabulib")
            assert not any(Path(folder).iterdir())
            return
        write(before, path, "pabulib")
        after = read(path)
        assert (after.agents.ids, answers(after)) == (before.agents.ids, answers(before))
        for name, old, new in zip(after.statements.ids, before.statements.texts, after.statements.texts, strict=True):
            assert new == (old if old.strip() else name)


def test_kinds_of_statements(tmp_path: Path) -> None:
    before = read(polis_folder(tmp_path / "in"))
    m = before.n_statements
    kinds = ("metadata", "opinion", *("",) * (m - 2))
    marked = replace(before, statements=replace(before.statements, kinds=kinds))
    notes = {note.what: note.count for note in write(marked, tmp_path / "out", "polis")}
    assert notes["not written: kinds of statements other than metadata"] == 1
    assert read(tmp_path / "out").statements.kinds == ("metadata", *("",) * (m - 1))
    notes = {note.what: note.count for note in write(marked, tmp_path / "out.csv", "csv")}
    assert notes["not written: kinds of statements"] == 2


def test_nothing_is_half_written(tmp_path: Path) -> None:
    profile = read(polis_folder(tmp_path / "in"))
    for format in ("pabulib", "texts"):
        target = tmp_path / "missing" / "out"
        with pytest.raises(InputError):
            write(profile, target, format)
        assert not target.parent.exists()
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(InputError, match="is a folder"):
        write(profile, out, "csv")
    assert list(out.iterdir()) == []
    with pytest.raises(InputError, match="cannot be made a folder"):
        write(profile, file_of(tmp_path, "x"), "polis")


@pytest.mark.parametrize(
    ("text", "format", "message"),
    [
        (RATINGS, "polis", "cannot hold ratings"),
        (RATINGS, "pabulib", "cannot hold ratings"),
        (SOC, "csv", "cannot hold rankings; write `format='pabulib'`"),
        (ABC, "pabulib", "cannot hold weights"),
        (ABC, "preflib", "cannot hold weights"),
        (TOI, "pabulib", "ties or gaps"),
        (RATINGS, "texts", "nobody wrote anything"),
        (
            RATINGS,
            "abcvoting",
            "cannot write 'abcvoting'; choose one of polis, cvotes, pabulib, preflib, blt, comparisons, ratings, texts",
        ),
        ("participant,statement_id,vote\na,x,1\n", "polis", "'x' is no number"),
    ],
)
def test_what_a_format_cannot_hold(text: str, format: str, message: str, tmp_path: Path) -> None:
    profile = read(file_of(tmp_path, text))
    with pytest.raises(InputError, match=message):
        write(profile, tmp_path / "out", format)
    assert not (tmp_path / "out").exists()
