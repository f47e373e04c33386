"""Tables of platforms: Remesh, Community Notes, All Our Ideas, and votes whose sign other tables confirm."""

from __future__ import annotations

from pathlib import Path

import pytest
from formats_samples import file_of

from folkmoot.formats import doctor, read
from folkmoot.profile import VOTE, InputError

NOTES = (
    "noteId\traterParticipantId\tcreatedAtMillis\thelpfulnessLevel\n"
    "71\tAX9\t1600000000000\tHELPFUL\n71\tBY8\t1600000000001\tNOT_HELPFUL\n72\tAX9\t1600000000002\tSOMEWHAT_HELPFUL\n"
    "72\tBY8\t1600000000003\t\n71\tBY8\t1600000000009\tHELPFUL\n"
)


def test_community_notes_are_votes_on_notes(tmp_path: Path) -> None:
    path = file_of(tmp_path, NOTES, "ratings.tsv")
    notes = "noteId\tsummary\n71\tThe photo is from 2011.\n72\tThe law was never passed.\n"
    (tmp_path / "notes.tsv").write_text(notes)
    profile = read(path)
    assert profile.source == "community-notes"
    assert profile.answers.scale is VOTE
    assert profile.answers.value.tolist() == [1, 0, 1]  # the later rating of BY8 counts
    assert profile.statements.texts == ("The photo is from 2011.", "The law was never passed.")
    assert profile.agents.ids == ("1", "2")  # the platform's ids lead to all else that somebody rated
    said = [note.what for note in profile.notes]
    assert any("same person again" in what for what in said)
    assert any("old form" in what for what in said)
    assert read(path, repeated="first").answers.value.tolist() == [1, 0, -1]
    with pytest.raises(InputError, match="`repeated`"):
        read(path, repeated="refuse")


def test_remesh_votes_on_thoughts(tmp_path: Path) -> None:
    path = file_of(
        tmp_path,
        "Question ID,Participant ID,Thought ID,Vote,Timestamp\n"
        "q1,p1,t1,agree,2023-06-01 10:00:00\nq1,p1,t2,disagree,2023-06-01 10:00:05\n"
        "q1,p2,t1,neutral,2023-06-01 10:01:00\n",
        "binary.csv",
    )
    (tmp_path / "verbatim_map.csv").write_text(
        "Question ID,Participant ID,Thought ID,Thought Text\nq1,p9,t1,Ask people first\nq1,p8,t2,Leave it to experts\n"
    )
    profile = read(path)
    assert profile.answers.value.tolist() == [1, -1, 0]
    assert profile.statements.texts == ("Ask people first", "Leave it to experts")


def test_all_our_ideas_tells_people_apart_by_session_and_counts_valid_votes(tmp_path: Path) -> None:
    path = file_of(
        tmp_path,
        "Vote ID,Session ID,Winner ID,Winner Text,Loser ID,Loser Text,Prompt ID,Valid\n"
        "1,900,5,Trees,6,Benches,71,TRUE\n2,900,6,Benches,7,Lamps,72,FALSE\n3,901,7,Lamps,5,Trees,73,TRUE\n",
    )
    profile = read(path)
    assert profile.source == "comparisons"
    assert (profile.n_agents, len(profile.comparisons)) == (2, 2)
    assert [note.count for note in profile.notes if "not valid" in note.what] == [1]


def _votes(tmp_path: Path, sign: int, beside: str) -> Path:
    """Twelve authors, each for their own statement and against the next."""
    rows = [f"u{i},s{i},{sign}\nu{i},s{(i + 1) % 12},{-sign}" for i in range(12)]
    (tmp_path / "statements.csv").write_text(beside)
    return file_of(tmp_path, "participant_id,comment_id,vote\n" + "\n".join(rows) + "\n", "votes.csv")


def test_authors_confirm_or_refuse_the_sign(tmp_path: Path) -> None:
    authors = "comment_id,author,text\n" + "".join(f"s{i},u{i},Statement {i}\n" for i in range(12))
    said = doctor(read(_votes(tmp_path, 1, authors))).direction
    assert said is not None
    assert "12 of 12 votes of authors" in said
    with pytest.raises(InputError, match=r"authors vote -1 on 12 of 12 .* `flip=True`"):
        read(_votes(tmp_path, -1, authors))
    turned = read(_votes(tmp_path, -1, authors), flip=True)
    assert turned.answers.value.tolist()[:2] == [1, -1]


def test_totals_confirm_or_refuse_the_sign(tmp_path: Path) -> None:
    totals = "comment_id,text,agrees,disagrees\n" + "".join(f"s{i},Statement {i},2,1\n" for i in range(3))
    rows = "".join(f"u{i},s{j},{1 if i else -1}\n" for j in range(3) for i in range(3))
    (tmp_path / "comments.csv").write_text(totals)
    said = doctor(read(file_of(tmp_path, "participant_id,comment_id,vote\n" + rows, "votes.csv"))).direction
    assert said is not None
    assert "confirm" in said
    inverted = rows.replace(",-1", ",x").replace(",1", ",-1").replace(",x", ",1")
    with pytest.raises(InputError, match=r"comments\.csv are the votes of -1"):
        read(file_of(tmp_path, "participant_id,comment_id,vote\n" + inverted, "votes.csv"))


def test_without_anything_beside_the_sign_is_assumed_and_said(tmp_path: Path) -> None:
    path = file_of(tmp_path, "participant_id,comment_id,vote\na,s,1\nb,s,-1\n")
    said = doctor(read(path)).direction
    assert said is not None
    assert "not confirmed" in said
    assert "`flip`" in said
