"""Polis exports: the published counts of real conversations, and what each generation does differently."""

from __future__ import annotations

import csv
import gc
import gzip
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from formats_samples import COMMENTS, MATRIX, VOTES, polis_folder

from folkmoot.cli.diagnosis import render
from folkmoot.formats import doctor, read
from folkmoot.profile import InputError, Profile
from spelled_out import spelled_out

# data/polis/README.md: participants, comments, agree, disagree, pass, authors, moderated 1, 0, -1
PUBLISHED = {
    "american-assembly.bowling-green": (2031, 896, 109752, 38647, 77125, 403, 607, 0, 289),
    "scoop-hivemind.biodiversity": (536, 316, 19229, 5472, 5018, 97, 154, 0, 162),
    "ssis.land-bank-farmland.2rumnecbeh.2021-08-01": (404, 297, 17218, 9672, 6573, 109, 186, 6, 105),
    "football-concussions": (1487, 298, 6637, 4227, 3464, 93, 45, 116, 137),
    "canadian-electoral-reform": (448, 174, 7205, 2831, 1914, 23, 152, 0, 22),
    "15-per-hour-seattle": (339, 54, 1358, 922, 592, 33, 30, 1, 23),
}


def what(profile: Profile) -> dict[str, int]:
    return {note.what: note.count for note in profile.notes}


def votes_of(profile: Profile) -> dict[tuple[str, str], float]:
    a = profile.answers
    ids, names = profile.agents.ids, profile.statements.ids
    return {(ids[i], names[j]): v for i, j, v in zip(a.agent, a.statement, a.value.tolist(), strict=True)}


@pytest.mark.parametrize("name", PUBLISHED)
def test_real_conversations_have_the_published_counts(name: str, real: Callable[[str], Path]) -> None:
    profile = read(real(f"polis/{name}"))
    values = profile.answers.value
    moderation = profile.statements.moderation
    assert moderation is not None
    found = (
        profile.n_agents,
        profile.n_statements,
        *(int((values == v).sum()) for v in (1, -1, 0)),
        len({p.agents for p in profile.statements.provenance}),
        *(int((moderation == state).sum()) for state in (1, 0, -1)),
    )
    assert found == PUBLISHED[name]
    diagnosis = doctor(profile)
    assert diagnosis.sign_test is not None
    assert diagnosis.sign_test["result"].startswith("right")


def test_seattle_events_and_revotes_as_measured_by_the_peers(real: Callable[[str], Path]) -> None:
    profile = read(real("polis/15-per-hour-seattle"))
    assert (profile.facts["events"], profile.facts["revotes"]) == (2995, 123)
    assert profile.facts["sign_test"]["agrees"] == 1400
    assert profile.topic == "$15/hour"


def test_football_has_895_people_under_the_floor(real: Callable[[str], Path]) -> None:
    assert doctor(read(real("polis/football-concussions"))).under_floor == 895


@pytest.mark.parametrize("name", [n for n in PUBLISHED if "bowling" not in n])
def test_event_log_alone_gives_the_same_final_votes_as_the_matrix_alone(
    name: str, tmp_path: Path, real: Callable[[str], Path]
) -> None:
    folder = real(f"polis/{name}")
    both: list[Profile] = []
    for kind in ("votes", "participants"):
        part = tmp_path / kind
        part.mkdir()
        for file in folder.iterdir():
            if file.name.startswith((kind, "comments")):
                shutil.copy(file, part)
        both.append(read(part))
    assert votes_of(both[0]) == votes_of(both[1])


def test_inverted_real_conversation_is_refused_and_read_with_flip(tmp_path: Path, real: Callable[[str], Path]) -> None:
    folder = real("polis/american-assembly.bowling-green")
    shutil.copy(folder / "comments.csv", tmp_path)
    with gzip.open(folder / "participants-votes.csv.gz", "rt", newline="") as stream:
        rows = list(csv.reader(stream))
    turn = {"1": "-1", "-1": "1"}
    for row in rows[1:]:
        row[6:] = [turn.get(cell, cell) for cell in row[6:]]
    with (tmp_path / "participants-votes.csv").open("w", newline="") as out:
        csv.writer(out).writerows(rows)
    with pytest.raises(InputError, match=r"participants-votes\.csv.*inverted.*`flip=True`"):
        read(tmp_path)
    assert int((read(tmp_path, flip=True).answers.value == 1).sum()) == 109752


def test_small_conversation(tmp_path: Path) -> None:
    profile = read(polis_folder(tmp_path))
    assert profile.agents.ids == ("10", "11", "12")
    assert profile.agents.groups["group"] == ("0", "1", "")
    assert profile.agents.texts == (("More buses, fewer cars",), ("Plant trees",), ('Say "no"\nto cars',))
    assert votes_of(profile)["10", "1"] == 0  # the later vote, not the -1 before it
    assert profile.statements.provenance[0].agents == ("10",)
    assert profile.pool().tolist() == [0, 1]
    assert profile.topic == "Streets"
    assert profile.facts["description"] == "What should\nchange?"
    text = render(doctor(profile))
    assert "re-votes       1; the last vote by time counts" in text
    assert "right: votes of +1 are exactly the agrees" in text


@pytest.mark.parametrize("name", ["comments.csv", "votes.csv", "participants-votes.csv", "summary.csv"])
def test_one_file_stands_for_its_folder(name: str, tmp_path: Path) -> None:
    folder = polis_folder(tmp_path)
    if name == "summary.csv":
        with pytest.raises(InputError):
            read(folder / name)
    else:
        assert read(folder / name).n_statements == 3


def test_last_vote_is_the_last_by_time_not_by_row(tmp_path: Path) -> None:
    rows = VOTES.splitlines(keepends=True)
    folder = polis_folder(tmp_path, votes="".join([rows[0], *reversed(rows[1:])]), matrix=None)
    assert votes_of(read(folder))["10", "1"] == 0


def test_seconds_and_milliseconds(tmp_path: Path) -> None:
    folder = polis_folder(tmp_path, votes=VOTES.replace("1403054214202", "1403054215"), matrix=None)
    assert votes_of(read(folder))["10", "1"] == 0


def test_names_of_files_do_not_matter_and_gzip_is_told_by_content(tmp_path: Path) -> None:
    for number, text in enumerate((COMMENTS, VOTES, MATRIX)):
        (tmp_path / f"{number}.dat").write_bytes(gzip.compress(text.encode()))
    assert len(read(tmp_path).answers) == 6


def test_generation_of_2023_without_datetime(tmp_path: Path) -> None:
    comments = (
        "timestamp,comment-id,author-id,agrees,disagrees,moderated,is-meta,is-seed,group-informed-consensus,comment-body\n"
        "1700000000,0,10,2,1,1,false,true,0.5,A\n1700000000,1,11,1,1,1,true,false,0.5,B\n1700000000,2,12,1,0,1,f,f,0,C\n"
    )
    for header in (comments, comments.replace("is-meta", "is_meta").replace("comment-id", "Comment_ID")):
        profile = read(polis_folder(tmp_path, comments=header))
        assert [p.detail for p in profile.statements.provenance] == ["seed", "metadata", ""]
        assert what(profile)["statements that are marked as metadata"] == 1
        assert profile.statements.kinds == ("", "metadata", "")
    unmarked = read(polis_folder(tmp_path, comments=comments.replace("true,false,0.5,B", "false,false,0.5,B")))
    assert unmarked.statements.kinds == ()


def test_xids_are_dropped_unless_asked_for(tmp_path: Path) -> None:
    matrix = MATRIX.replace("participant,", "participant,xid,").replace("\n1", "\n1")
    rows = [row if i == 0 else row.replace(",", ",secret,", 1) for i, row in enumerate(matrix.splitlines())]
    folder = polis_folder(tmp_path, matrix="\n".join(rows) + "\n")
    assert "secret" not in spelled_out(read(folder))
    assert read(folder, keep=["xid"]).agents.extra["xid"] == ("secret",) * 3
    (folder / "abc-xid.csv").write_text("participant,xid\n10,hidden\n")
    assert "hidden" not in spelled_out(read(folder))
    assert "ids that link" in render(doctor(read(folder)))


def test_a_damaged_file_is_closed_at_once(tmp_path: Path) -> None:
    """An error that a frame of its own traceback holds would keep the file open until some later time."""
    header = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body"
    (tmp_path / "comments.csv").write_text(f"{header}\n5 oops\n1,a,0,0,0,0,1,We need buses\n", "utf-8")
    (tmp_path / "votes.csv").write_text("timestamp,datetime,comment-id,voter-id,vote\n1,x,0,0,1\n", "utf-8")
    gc.disable()
    try:
        message = ""
        try:
            read(tmp_path)
        except InputError as error:
            message = str(error)
        assert "has 1 of 8 columns" in message
        files = [one for one in gc.get_objects() if isinstance(one, io.BufferedReader) and not one.closed]
        assert [one for one in files if str(tmp_path) in str(one.name)] == []
    finally:
        gc.enable()


def test_unquoted_bodies_of_october_2024_are_put_together(tmp_path: Path) -> None:
    comments = COMMENTS.replace('"More buses, fewer cars"', "More buses, fewer cars, now").replace(
        '"Say ""no""\nto cars"', 'Say "no"\nto cars, please'
    )
    profile = read(polis_folder(tmp_path, comments=comments))
    assert profile.statements.texts == ("More buses, fewer cars, now", "Plant trees", 'Say "no"\nto cars, please')
    assert what(profile)["unquoted texts that hold a delimiter or a quote, put together again"] == 2
    assert profile.facts["unquoted_comment_bodies"]


def test_export_that_turned_sums_and_votes_is_caught_by_the_authors_own_votes(tmp_path: Path) -> None:
    head = COMMENTS.splitlines()[0]
    comments = "\n".join([head, *(f"1,d,{i},{i},0,1,1,Text {i}" for i in range(12))]) + "\n"
    votes = "timestamp,datetime,comment-id,voter-id,vote\n" + "".join(f"1,d,{i},{i},-1\n" for i in range(12))
    folder = polis_folder(tmp_path, comments=comments, votes=votes, matrix=None)
    with pytest.raises(InputError, match="authors vote -1 on 12 of 12 statements of their own"):
        read(folder)
    assert (read(folder, flip=True).answers.value == 1).all()


def test_inverted_votes_and_exchanged_columns_are_two_things(tmp_path: Path) -> None:
    head = COMMENTS.splitlines()[0]
    comments = "\n".join([head, *(f"1,d,{i},{i},0,1,1,Text {i}" for i in range(12))]) + "\n"
    votes = "timestamp,datetime,comment-id,voter-id,vote\n" + "".join(f"1,d,{i},{i},1\n" for i in range(12))
    with pytest.raises(InputError, match="exchange these two columns"):
        read(polis_folder(tmp_path, comments=comments, votes=votes, matrix=None))


def test_matrix_of_the_other_sign_follows_the_log(tmp_path: Path) -> None:
    turned = MATRIX.replace(",-1,,1", ",1,,-1").replace(",1,0,\n", ",-1,0,\n").replace(",1,1,\n", ",-1,-1,\n")
    profile = read(polis_folder(tmp_path, matrix=turned))
    assert votes_of(profile) == votes_of(read(polis_folder(tmp_path)))
    assert what(profile)["matrix votes turned to the sign of the event log"] == 6


def test_matrix_and_log_are_reconciled(tmp_path: Path) -> None:
    matrix = MATRIX.replace("12,,1,2,1,1,-1,,1", "12,,1,2,1,1,0,,1") + "13,,0,1,1,0,1,,\n"
    profile = read(polis_folder(tmp_path, matrix=matrix))
    assert votes_of(profile)["12", "0"] == -1
    assert votes_of(profile)["13", "0"] == 1
    assert what(profile)["votes that differ between matrix and event log: the event log counts"] == 1
    assert what(profile)["votes that are in the matrix only: kept"] == 1


def test_votes_on_statements_that_are_not_listed_are_dropped_and_counted(tmp_path: Path) -> None:
    matrix = MATRIX.replace("0,1,2\n", "0,1,2,9\n").replace(",\n", ",,\n").replace(",,1\n", ",,1,1\n")
    profile = read(polis_folder(tmp_path, votes=VOTES + "1403054214203,x,9,12,1\n", matrix=matrix))
    assert len(profile.answers) == 6
    assert sum(n.count for n in profile.notes if n.kind == "dropped") == 2


def test_statements_nobody_voted_on_stay_and_silent_authors_are_people(tmp_path: Path) -> None:
    profile = read(polis_folder(tmp_path, comments=COMMENTS + "1542406176590,d,3,99,0,0,1,Nobody saw this\n"))
    assert profile.statements.ids[-1] == "3"
    assert profile.agents.ids[-1] == "99"
    assert what(profile)["authors of statements who never voted"] == 1


def test_weights_file_in_the_folder_and_beside_it(tmp_path: Path) -> None:
    folder = polis_folder(tmp_path / "c")
    (tmp_path / "w.csv").write_text("participant,weight\n10,0.5\n11,1\n12,1.5\n14,1\n")
    profile = read(folder, weights=tmp_path / "w.csv")
    assert profile.masses.tolist() == [1, 2, 3]
    assert what(profile)["weights of people who are not in the data"] == 1
    (folder / "weights.csv").write_text("participant,weight\n10,3\n11,2\n12,1\n")
    assert read(folder).masses.tolist() == [3, 2, 1]
    (folder / "weights.csv").write_text("participant,weight\n10,3\n")
    with pytest.raises(InputError, match=r"weights\.csv: no weight for participant '11' and 1 others"):
        read(folder)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"comments": None}, "has no comments file .*: put comments.csv of the export beside it"),
        ({"votes": None, "matrix": None}, "has comments but no votes"),
        ({"votes": VOTES + VOTES[40:60]}, r"votes\.csv, row 9: the row has"),
        ({"votes": VOTES.replace(",12,-1", ",12,2")}, r"votes\.csv, row 4, column 'vote': '2' is not a vote"),
        ({"votes": VOTES.replace(",12,-1", ",12,agree")}, r"votes\.csv, row 4, column 'vote': 'agree' is not a vote"),
        ({"votes": VOTES.replace("1,11,1", "1,,1")}, r"votes\.csv, row 6, column 'voter-id': the voter has no id"),
        ({"votes": VOTES.replace("1403054214196", "noon")}, r"votes\.csv, row 2, column 'timestamp': 'noon'"),
        ({"matrix": MATRIX.replace("11,1,1", "10,1,1")}, r"row 3, column 'participant': participant '10' occurs twice"),
        (
            {"matrix": MATRIX.replace("-1,,1", "-1,,7")},
            r"participants-votes\.csv, row 4, column '2': '7' is not a vote",
        ),
        ({"matrix": MATRIX.replace("0,1,2\n", "0,1,1\n")}, r"row 1, column '1': comment-id '1' has two columns"),
        ({"matrix": MATRIX[:-8]}, r"participants-votes\.csv, row 4: the row has .* cut"),
        (
            {"comments": COMMENTS.replace(",1,11,", ",0,11,")},
            r"row 3, column 'comment-id': comment-id '0' occurs twice",
        ),
        ({"comments": COMMENTS.replace(",2,1,1,", ",two,1,1,")}, r"comments\.csv, row 2, column 'agrees': 'two'"),
        ({"comments": COMMENTS.replace(",2,1,1,", ",2,1,5,")}, r"comments\.csv, row 2, column 'moderated'"),
        ({"comments": COMMENTS[:-10]}, r"comments\.csv, row 4: a quote that opens .* cut"),
        ({"comments": COMMENTS.splitlines()[0] + "\n"}, r"comments\.csv: has no statements"),
        ({"votes": VOTES.replace(",1\n", ",x1\n").replace(",-1\n", ",1\n").replace(",x1\n", ",-1\n")}, "inverted"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(changed: dict[str, str | None], message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read(polis_folder(tmp_path, **changed))
    assert caught.value.exit_code == 2


def test_two_files_of_one_kind(tmp_path: Path) -> None:
    folder = polis_folder(tmp_path)
    (folder / "votes.csv.gz").write_bytes(gzip.compress(VOTES.encode()))
    with pytest.raises(InputError, match=r"two files of the same kind, votes\.csv and votes\.csv\.gz"):
        read(folder)


def test_semicolons_are_read_too(tmp_path: Path) -> None:
    votes = VOTES.replace(",", ";")
    assert np.array_equal(
        read(polis_folder(tmp_path, votes=votes)).answers.value, read(polis_folder(tmp_path)).answers.value
    )


def test_a_digit_that_is_no_number(tmp_path: Path) -> None:
    folder = polis_folder(tmp_path, matrix=MATRIX.replace("10,0,1,2,1,0", "10,0,1,2,²,0"))
    assert what(read(folder))["participants whose n-agree is not the number of their agreeing votes"] == 1


def test_statements_may_stand_in_any_columns_and_votes_beside_blanks(tmp_path: Path) -> None:
    def moved(cells: list[str], unknown: str) -> list[str]:
        return [cells[8], cells[0], unknown, cells[7], *cells[1:7]]

    rows = [moved(row.split(","), cell) for row, cell in zip(MATRIX.split(), ["9", "", "", " "], strict=True)]
    rows[1][3], rows[2][0] = f" {rows[1][3]} ", "  "
    profile = read(polis_folder(tmp_path, votes=None, matrix="".join(",".join(row) + "\n" for row in rows)))
    votes = {("10", "0"): 1, ("10", "1"): 0, ("11", "0"): 1, ("11", "1"): 1, ("12", "0"): -1, ("12", "2"): 1}
    assert votes_of(profile) == votes
    assert "votes in the matrix on statements that the comments file does not list" not in what(profile)
    rows[3][0] = "7"
    with pytest.raises(InputError, match=r"row 4, column '2': '7' is not a vote"):
        read(polis_folder(tmp_path, votes=None, matrix="".join(",".join(row) + "\n" for row in rows)))
