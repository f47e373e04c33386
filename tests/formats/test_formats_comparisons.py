"""Tables of comparisons: read, written, refused, examined."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from folkmoot.cli.diagnosis import render
from folkmoot.formats import doctor, read, recognise, write
from folkmoot.profile import COMPARISON, Agents, Answers, Comparisons, InputError, Profile, Statements, fingerprint

TABLE = """participant,winner,loser,weight
Ann,trees,cars,2
Ben,cars,trees,1
Ann,trees,buses,2
Cleo,buses,,1
Ann,trees,cars,2
"""


def file_of(folder: Path, text: str, name: str = "pairs.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_comparisons_are_read(tmp_path: Path) -> None:
    path = file_of(tmp_path, TABLE)
    assert recognise(path).id == "comparisons"
    profile = read(path)
    assert profile.agents.ids == ("Ann", "Ben", "Cleo")
    assert profile.statements.ids == ("trees", "cars", "buses")
    c = profile.comparisons
    assert c.agent.tolist() == [0, 0, 0, 1]
    assert list(zip(c.winner.tolist(), c.loser.tolist(), strict=True)) == [(0, 1), (0, 1), (0, 2), (1, 0)]
    assert profile.masses.tolist() == [2, 1, 1]
    assert profile.answers.scale == COMPARISON
    assert not len(profile.answers)
    dropped = [note for note in profile.notes if note.kind == "dropped"]
    assert [(note.what, note.count) for note in dropped] == [("comparisons without a winner and a loser", 1)]
    assert dropped[0].where == ("pairs.csv row 5",)


def test_other_names_and_texts(tmp_path: Path) -> None:
    text = "user_id;chosen;rejected;winner_text;loser_text\n1;a;b;More trees;Fewer cars\n2;b;a;;More trees\n"
    profile = read(file_of(tmp_path, text))
    assert profile.statements.texts == ("More trees", "Fewer cars")


def test_round_trip(tmp_path: Path) -> None:
    before = read(file_of(tmp_path, TABLE))
    assert [(n.what, n.count) for n in write(before, tmp_path / "out" / ".." / "again.csv", "comparisons")] == [
        ("not written: participants who compared nothing", 1)
    ]
    after = read(tmp_path / "again.csv")
    assert after.comparisons.winner.tolist() == before.comparisons.winner.tolist()
    assert after.comparisons.agent.tolist() == before.comparisons.agent.tolist()
    assert after.masses.tolist() == [2, 1]


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"row 2: statement 'a' is compared with itself"):
        read(file_of(tmp_path, "participant,winner,loser\n1,a,a\n"))
    with pytest.raises(InputError, match="write `format='comparisons'` instead"):
        write(read(file_of(tmp_path, TABLE)), tmp_path / "o.csv", "csv")
    with pytest.raises(InputError, match="no comparisons to write"):
        write(read(file_of(tmp_path, "participant,statement_id,vote\n1,a,1\n")), tmp_path / "o.csv", "comparisons")


def test_other_formats_count_what_they_cannot_hold(tmp_path: Path) -> None:
    names = ("1", "2")
    both = Profile(
        Agents(names),
        Statements(names, names),
        Answers.of([0, 1], [0, 1], [1.0, -1.0]),
        comparisons=Comparisons.of([0], [0], [1]),
    )
    for format in ("csv", "polis", "preflib"):
        lost = write(both, tmp_path / format, format)
        assert ("not written: comparisons", 1) in [(n.what, n.count) for n in lost]


def test_the_doctor_counts_comparisons(tmp_path: Path) -> None:
    found = doctor(read(file_of(tmp_path, TABLE)))
    assert (found.comparisons, found.answers, found.silent) == (4, 0, 1)
    shown = render(found)
    assert "comparisons    4 pairs of statements" in shown
    assert "fill rate" not in shown


def test_comparisons_in_a_profile() -> None:
    names = ("1", "2")
    plain = Profile(Agents(names), Statements(names, names), Answers.none())
    assert not len(plain.comparisons)
    one = Profile(Agents(names), Statements(names, names), Answers.none(), comparisons=Comparisons.of([1], [0], [1]))
    other = Profile(Agents(names), Statements(names, names), Answers.none(), comparisons=Comparisons.of([1], [1], [0]))
    assert len({fingerprint(p) for p in (plain, one, other)}) == 3
    with pytest.raises(InputError, match="with itself"):
        Comparisons.of([0], [1], [1])
    for bad, what in (([2], "participant"), ([-1], "participant")):
        with pytest.raises(InputError, match=f"a {what} that is not in"):
            Profile(Agents(names), Statements(names, names), Answers.none(), comparisons=Comparisons.of(bad, [0], [1]))
    with pytest.raises(InputError, match="a statement that is not in"):
        Profile(Agents(names), Statements(names, names), Answers.none(), comparisons=Comparisons.of([0], [0], [2]))
    with pytest.raises(ValueError, match="read-only"):
        one.comparisons.winner[0] = np.int64(1)
