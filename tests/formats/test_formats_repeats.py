"""Repeated answers: the first ones are the Profile, all of them are read beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from formats_samples import REPEATS, file_of, polis_folder

from folkmoot.cli.diagnosis import render
from folkmoot.formats import doctor, read, recognise
from folkmoot.formats.repeats import repeats
from folkmoot.profile import VOTE, InputError, Profile


def first_answers(profile: Profile) -> dict[tuple[str, str], float]:
    a = profile.answers
    people, names = profile.agents.ids, profile.statements.ids
    return {(people[i], names[j]): v for i, j, v in zip(a.agent, a.statement, a.value.tolist(), strict=True)}


def test_the_profile_holds_first_answers_and_repeats_all_of_them(tmp_path: Path) -> None:
    path = file_of(tmp_path, REPEATS)
    profile = read(path)
    # p2 gave no answer in wave 1, so the one of wave 2 (a pass) is the first.
    assert first_answers(profile) == {("p1", "s1"): 1, ("p1", "s2"): -1, ("p2", "s1"): 0}
    assert profile.answers.scale == VOTE
    notes = {note.what: note.count for note in profile.notes}
    assert notes["presentations without an answer"] == 1
    assert notes["answers asked for again, not in the profile; `formats.repeats` reads them"] == 2
    assert "asked for again" in render(doctor(profile))
    every = repeats(path, profile)
    assert every.agent.tolist() == [0, 0, 0, 1, 1]
    assert every.statement.tolist() == [0, 0, 1, 0, 0]
    assert every.value.tolist() == [1, 1, -1, 0, -1]
    assert every.cue.tolist() == [1, -1, 0, -1, 1]
    assert every.order.tolist() == [1, 1, -1, -1, 1]
    assert every.wave.tolist() == [1, 2, 1, 2, 3]
    assert every.first.tolist() == [True, False, True, True, False]
    assert every.side.tolist() == [1, 1, -1, 0, -1]
    assert [(n.what, n.count) for n in every.notes] == [("presentations without an answer", 1)]


def test_rows_in_any_order_are_sorted_by_wave(tmp_path: Path) -> None:
    lines = REPEATS.splitlines()
    turned = "\n".join([lines[0], *reversed(lines[1:])]) + "\n"
    one, two = (read(file_of(tmp_path, text, name)) for text, name in ((REPEATS, "a.csv"), (turned, "b.csv")))
    assert first_answers(one) == first_answers(two)


def test_repeats_beside_another_source(tmp_path: Path) -> None:
    """Polis numbers people and statements; the table beside it refers to them."""
    folder = polis_folder(tmp_path / "polis")
    table = "agent,statement,answer,cue,order,wave\n12,1,1,1,1,1\n12,1,-1,-1,-1,2\n10,0,1,1,-1,1\n"
    path = file_of(tmp_path, table, "asked-again.csv")
    profile = read(folder)
    found = repeats(path, profile)
    assert [profile.agents.ids[i] for i in found.agent] == ["10", "12", "12"]
    assert [profile.statements.ids[j] for j in found.statement] == ["0", "1", "1"]
    assert (found.n_agents, found.n_statements) == (profile.n_agents, profile.n_statements)
    stranger = file_of(tmp_path, table + "99,1,1,1,1,1\n", "stranger.csv")
    with pytest.raises(InputError, match=r"participant '99' is not in the profile \(1 of 3 are not\)"):
        repeats(stranger, profile)
    # In the folder it does no harm: the conversation is still recognised.
    file_of(folder, table, "asked-again.csv")
    assert recognise(folder).id == "polis"
    assert first_answers(read(folder)) == first_answers(profile)


def test_ratings_texts_and_other_names_of_columns(tmp_path: Path) -> None:
    text = (
        "participant;item;statement_text;rating;Cue;wave;group\n"
        "a;x;More buses;5;+1;1;n\na;x;More buses;3;-1;2;n\nb;x;More buses;1;;1;s\n"
    )
    profile = read(file_of(tmp_path, text), group_columns=["group"], scale=(1, 5))
    assert profile.statements.texts == ("More buses",)
    assert profile.agents.groups["group"] == ("n", "s")
    assert first_answers(profile) == {("a", "x"): 5, ("b", "x"): 1}
    found = repeats(tmp_path / "file.txt", profile)
    assert found.side.tolist() == [1, 0, -1]
    assert found.cue.tolist() == [1, -1, 0]
    assert not np.any(found.order)
    assert any("effects of order cannot be told" in note.what for note in profile.notes)
    with pytest.raises(InputError, match=r"row 2: 5 lies outside the scale 1\.\.3"):
        read(tmp_path / "file.txt", scale=(1, 3))


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("p1,s1,1,2,1,1", "row 2, column 'cue': '2' is no cue; it must be 1"),
        ("p1,s1,1,1,0.5,1", "row 2, column 'order': '0.5' is no order"),
        ("p1,s1,1,1,1,", "row 2, column 'wave': '' is not a number"),
        ("p1,s1,1,1,1,1.5", "row 2, column 'wave': '1.5' is no wave; it must be a whole number"),
        ("p1,s1,maybe,1,1,1", "row 2, column 'answer': 'maybe' is not a number"),
        ("p1,,1,1,1,1", "row 2, column 'statement': the statement has no id"),
        (",s1,1,1,1,1", "row 2, column 'agent': the participant has no id"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(row: str, says: str, tmp_path: Path) -> None:
    path = file_of(tmp_path, "agent,statement,answer,cue,order,wave\n" + row + "\n")
    with pytest.raises(InputError) as caught:
        read(path)
    assert says in str(caught.value)


def test_a_table_of_other_things_is_refused(tmp_path: Path) -> None:
    profile = read(file_of(tmp_path, REPEATS))
    with pytest.raises(InputError, match="need columns agent, statement, answer, cue and wave"):
        repeats(file_of(tmp_path, "participant,statement_id,rating\np1,s1,1\n", "r.csv"), profile)
    with pytest.raises(InputError, match="no such file"):
        repeats(tmp_path / "gone.csv", profile)
    assert recognise(file_of(tmp_path, "participant,statement_id,rating\np1,s1,1\n", "r.csv")).id == "ratings"
