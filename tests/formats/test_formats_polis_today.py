"""Polis exports of today: importance, declared conventions, two exports in one folder, times from a spreadsheet."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np
import pytest
from formats_samples import COMMENTS, DECLARED, FLAGGED, IMPORTANCE, MATRIX, SUMMARY, VOTES, polis_folder
from hypothesis import given, settings
from hypothesis import strategies as st

import folkmoot as fm
from folkmoot.formats import doctor, read, write
from folkmoot.profile import VOTE, Agents, Answers, InputError, Profile, Provenance, Scale, Statements

INVERTED = "vote-convention,agree=-1;disagree=+1;pass=0\n"
TURNED = VOTES.replace(",1\n", ",x\n").replace(",-1\n", ",1\n").replace(",x\n", ",-1\n")


def what(profile: Profile) -> dict[str, int]:
    return {note.what: note.count for note in profile.notes}


def values(profile: Profile) -> dict[tuple[str, str], float]:
    a = profile.answers
    return {
        (profile.agents.ids[i], profile.statements.ids[j]): v
        for i, j, v in zip(a.agent.tolist(), a.statement.tolist(), a.value.tolist(), strict=True)
    }


def with_file(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text)
    return folder


def test_the_table_of_importance_holds_no_votes(tmp_path: Path) -> None:
    plain = read(polis_folder(tmp_path / "plain"))
    folder = with_file(polis_folder(tmp_path / "a"), "participant-importance.csv", IMPORTANCE)
    profile = read(folder)
    assert values(profile) == values(plain)
    said = "votes marked as important (of 6 votes): not used, `importance` counts them double"
    assert what(profile)[said] == 4
    assert values(read(folder / "participant-importance.csv")) == values(plain)


def test_the_table_of_importance_alone_is_refused(tmp_path: Path) -> None:
    folder = with_file(polis_folder(tmp_path, votes=None, matrix=None), "participant-importance.csv", IMPORTANCE)
    for source in (folder, folder / "participant-importance.csv"):
        with pytest.raises(
            InputError, match=r"participant-importance\.csv: says what people marked as important.*no vote"
        ):
            read(source)
    (folder / "comments.csv").unlink()
    with pytest.raises(InputError, match="importance is no vote"):
        read(folder)


def test_important_votes_count_double_when_asked(tmp_path: Path) -> None:
    folder = polis_folder(tmp_path, votes=FLAGGED)
    profile = read(folder, importance=True)
    assert profile.answers.scale == Scale("rating", -2, 2)
    # The last vote of 10 on 1 is a pass; marked as important it stays one.
    expected = {("10", "0"): 2, ("11", "0"): 1, ("12", "0"): -2, ("10", "1"): 0, ("11", "1"): 2, ("12", "2"): 2}
    assert values(profile) == expected
    assert what(profile)["votes marked as important count double, as asked for: from -2 (disagree) to 2 (agree)"] == 4
    assert what(profile)["passes marked as important: they stay 0"] == 1
    assert profile.facts["importance"] == {"known": 6, "marked": 5, "counts_double": True}
    assert doctor(profile).by_value == {"-2": 1, "0": 1, "1": 1, "2": 3}


def test_importance_comes_from_the_table_where_the_log_has_none(tmp_path: Path) -> None:
    folder = with_file(polis_folder(tmp_path, votes=None), "participant-importance.csv", IMPORTANCE)
    expected = {("10", "0"): 2, ("11", "0"): 1, ("12", "0"): -2, ("10", "1"): 0, ("11", "1"): 2, ("12", "2"): 2}
    assert values(read(folder, importance=True)) == expected


def test_importance_needs_marks(tmp_path: Path) -> None:
    counted = COMMENTS.replace("moderated,", "moderated,importance,").replace(',1,1,"', ',1,1,3,"')
    counted = counted.replace("1,1,0,Plant", "1,1,0,0,Plant").replace(",1,0,-1,", ",1,0,-1,2,")
    folder = polis_folder(tmp_path, comments=counted)
    assert what(read(folder))["votes are counted as important, but no file says which"] == 5
    with pytest.raises(InputError, match=r"`importance` has no use here: no file says which votes are important"):
        read(folder, importance=True)
    (folder / "votes.csv").write_text(FLAGGED.replace(",-1,1\n", ",-1,perhaps\n", 1))
    with pytest.raises(InputError, match=r"row 4, column 'important': 'perhaps' does not say"):
        read(folder)


def test_a_declared_convention_is_said(tmp_path: Path) -> None:
    profile = read(polis_folder(tmp_path, summary=SUMMARY + DECLARED))
    assert profile.facts["sign_test"]["result"].endswith("; summary.csv declares that agree is +1")


@pytest.mark.parametrize("matrix", [None, MATRIX])
def test_an_inverted_convention_is_read_as_declared(matrix: str | None, tmp_path: Path) -> None:
    folder = polis_folder(tmp_path / "a", votes=TURNED, matrix=matrix, summary=SUMMARY + INVERTED)
    profile = read(folder)
    assert values(profile) == values(read(polis_folder(tmp_path / "b", matrix=matrix)))
    assert what(profile)["votes whose sign was turned: summary.csv declares that agree is -1"] > 0
    assert values(read(folder, flip=True)) == values(profile)


def test_an_inverted_matrix_is_read_as_declared_in_the_sidecar(tmp_path: Path) -> None:
    turned = MATRIX.replace(",-1,,1", ",1,,-1").replace(",1,0,\n", ",-1,0,\n").replace(",1,1,\n", ",-1,-1,\n")
    folder = polis_folder(tmp_path / "a", votes=None, matrix=turned)
    with_file(
        folder, "format.json", json.dumps({"format": "polis-export/1", "vote": {"agree": -1, "disagree": 1, "pass": 0}})
    )
    profile = read(folder)
    assert values(profile) == values(read(polis_folder(tmp_path / "b", votes=None)))
    assert not [text for text in what(profile) if "n-agree" in text]
    assert "format.json" in profile.facts["files"]


def test_a_declaration_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    folder = polis_folder(tmp_path / "a", votes=TURNED, summary=SUMMARY + DECLARED)
    with pytest.raises(
        InputError, match=r"summary\.csv declares that agree is \+1, but the votes are inverted.*`flip=True`"
    ):
        read(folder)
    assert values(read(folder, flip=True)) == values(read(polis_folder(tmp_path / "plain")))
    folder = polis_folder(tmp_path / "b", summary=SUMMARY + INVERTED)
    with pytest.raises(
        InputError, match=r"declares that agree is -1, but that does not fit.*correct the declaration.*`flip"
    ):
        read(folder)
    folder = polis_folder(tmp_path / "c", summary=SUMMARY + DECLARED)
    with_file(folder, "format.json", '{"format": "polis-export/1", "vote-convention": "agree=-1;disagree=1;pass=0"}')
    with pytest.raises(InputError, match=r"summary\.csv declares that agree is \+1, but format\.json declares"):
        read(folder)


@pytest.mark.parametrize(
    ("declaration", "message"),
    [
        ("agree=1;disagree=1;pass=0", "votes that can be read are 1, -1 and 0"),
        ("agree=2;disagree=-2;pass=0", "votes that can be read are 1, -1 and 0"),
        ("agree is 1", "cannot be read"),
        ("agree=1;agree=-1;pass=0", "cannot be read"),
        ("agree=1;pass=0", "cannot be read"),
    ],
)
def test_a_declaration_that_is_none(declaration: str, message: str, tmp_path: Path) -> None:
    folder = polis_folder(tmp_path, summary=f"{SUMMARY}vote-convention,{declaration}\n")
    with pytest.raises(InputError, match=rf"summary\.csv, column 'vote-convention': declares .*{message}"):
        read(folder)


def test_a_broken_sidecar(tmp_path: Path) -> None:
    folder = with_file(polis_folder(tmp_path), "format.json", '{"format": "polis-export/1", ')
    with pytest.raises(InputError, match=r"format\.json: is not JSON"):
        read(folder)


def test_what_is_written_declares_its_convention(tmp_path: Path) -> None:
    write(read(polis_folder(tmp_path / "in")), tmp_path / "out", "polis")
    assert DECLARED.strip() in (tmp_path / "out" / "summary.csv").read_text().splitlines()
    body = json.loads((tmp_path / "out" / "format.json").read_text())
    assert body["vote"] == {"agree": 1, "disagree": -1, "pass": 0}
    assert body["files"]["participants-votes.csv"]["<comment-id>"] == "vote"
    assert "declares that agree is +1" in read(tmp_path / "out").facts["sign_test"]["result"]


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 6), st.integers(1, 4), st.data())
def test_exports_of_any_people_are_read_back_in_both_conventions(n: int, m: int, data: st.DataObject) -> None:
    votes = data.draw(st.lists(st.sampled_from([None, -1, 0, 1]), min_size=n * m, max_size=n * m))
    pairs = [(k // m, k % m, v) for k, v in enumerate(votes) if v is not None]
    agent, statement, value = ([p[x] for p in pairs] for x in range(3))
    profile = Profile(
        Agents(tuple(map(str, range(n)))),
        Statements(
            tuple(map(str, range(m))), tuple(f"Statement {j}" for j in range(m)), provenance=(Provenance(),) * m
        ),
        Answers.of(agent, statement, [float(v or 0) for v in value], VOTE),
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(profile, folder, "polis")
        assert values(read(folder)) == values(profile)
        matrix = folder / "participants-votes.csv"
        head, *rows = matrix.read_text().splitlines()
        turn = {"1": "-1", "-1": "1"}
        turned = [",".join([*row.split(",")[:6], *(turn.get(c, c) for c in row.split(",")[6:])]) for row in rows]
        matrix.write_text("\n".join([head, *turned]) + "\n")
        for name in ("summary.csv", "format.json"):
            text = (folder / name).read_text().replace("agree=+1;disagree=-1", "agree=-1;disagree=+1")
            (folder / name).write_text(
                text.replace('"agree": 1', '"agree": -1').replace('"disagree": -1', '"disagree": 1')
            )
        assert values(read(folder)) == values(profile)


def test_two_comments_files_and_a_matrix_that_was_named(tmp_path: Path) -> None:
    folder = polis_folder(tmp_path, votes=None)
    cleaned = "comment-id,author-id,agrees,disagrees,moderated,comment-body\n0,10,2,1,1,More buses\n"
    with_file(folder, "comments_cleaned.csv", cleaned)
    profile = read(folder / "participants-votes.csv")
    assert profile.n_statements == 3
    left = "another comments file beside comments.csv, which is read because it lists the statements that were voted on"
    assert what(profile)[f"{left}: 'comments_cleaned.csv'"] == 1
    with pytest.raises(
        InputError, match=r"comments\.csv and comments_cleaned\.csv: move one .* folder of its own, or pass"
    ):
        read(folder)
    assert read(folder / "comments.csv").n_statements == 3
    with_file(folder, "comments_cleaned.csv", (folder / "comments.csv").read_text())
    with pytest.raises(InputError, match="folder of its own"):
        read(folder / "participants-votes.csv")


def test_authors_whom_a_cleaned_export_left_out_are_no_people(tmp_path: Path) -> None:
    matrix = "".join(line for line in MATRIX.splitlines(keepends=True) if not line.startswith("12"))
    profile = read(polis_folder(tmp_path, votes=None, matrix=matrix))
    assert profile.agents.ids == ("10", "11")
    assert profile.n_statements == 3
    said = "authors whom participants-votes.csv does not list: no participants, their statements stay"
    assert what(profile)[said] == 1
    kept = [line for line in VOTES.splitlines(keepends=True) if ",12," not in line]
    cleaned = read(polis_folder(tmp_path / "b", votes="".join(kept), matrix=matrix))
    assert (cleaned.agents.ids, what(cleaned)[said]) == (("10", "11"), 1)
    assert fm.slate(profile, 1, unit="statements", draws=0, all_eligible=True).statements


@pytest.mark.parametrize(
    ("word", "state"),
    [("null", 0), ("", 0), ("None", 0), ("pending", 0), ("accepted", 1), ("rejected", -1), ("1.0", 1)],
)
def test_moderation_in_words_or_without(word: str, state: int, tmp_path: Path) -> None:
    profile = read(polis_folder(tmp_path, comments=COMMENTS.replace(",2,1,1,", f",2,1,{word},")))
    assert profile.statements.moderation is not None
    assert profile.statements.moderation.tolist() == [state, 0, -1]
    with pytest.raises(InputError, match=r"must be -1, 0 or 1 \(rejected, pending, accepted\), not 'perhaps'"):
        read(polis_folder(tmp_path / "b", comments=COMMENTS.replace(",2,1,1,", ",2,1,perhaps,")))


def _rounded(votes: str, time: str = "1.40305E+12") -> str:
    head, *rows = votes.splitlines()
    return "\n".join([head, *(time + row[13:] for row in rows)]) + "\n"


@pytest.mark.parametrize("time", ["1.40305E+12", '"1,40305E+12"', "1.4e12"])
def test_times_that_a_spreadsheet_rounded(time: str, tmp_path: Path) -> None:
    once = "".join(line for line in VOTES.splitlines(keepends=True) if not line.endswith(",1,10,0\n"))
    profile = read(polis_folder(tmp_path / "a", votes=_rounded(once, time), matrix=None))
    assert what(profile)["times that a spreadsheet has rounded: nobody voted twice"] == 6
    assert values(profile)["10", "1"] == -1
    with pytest.raises(InputError, match=r"column 'timestamp': a spreadsheet \(such as Excel\) has rounded the times"):
        read(polis_folder(tmp_path / "b", votes=_rounded(VOTES, time)))
    same = _rounded(VOTES.replace(",1,10,0\n", ",1,10,-1\n"), time)
    assert values(read(polis_folder(tmp_path / "c", votes=same, matrix=None)))["10", "1"] == -1
    later = _rounded(once, time) + "1.40306E+12,x,1,10,0\n"
    assert values(read(polis_folder(tmp_path / "d", votes=later, matrix=None)))["10", "1"] == 0


def test_metadata_is_not_chosen(tmp_path: Path) -> None:
    comments = COMMENTS.replace("moderated,", "moderated,is-meta,").replace(",2,1,1,", ",2,1,1,true,")
    comments = comments.replace(",1,1,0,Plant", ",1,1,0,false,Plant").replace(",1,0,-1,", ",1,0,1,false,")
    profile = read(polis_folder(tmp_path, comments=comments))
    assert profile.statements.kinds == ("metadata", "", "")
    chosen = fm.slate(profile, 2, unit="statements", draws=0, min_answers=1, min_length=0)
    assert "0" not in [s.id for s in chosen.statements]
    assert np.isin([s.id for s in chosen.statements], profile.statements.ids).all()


def test_other_files_in_the_folder_do_not_matter(tmp_path: Path) -> None:
    plain = read(polis_folder(tmp_path / "plain"))
    folder = polis_folder(tmp_path / "a")
    for name, text in (
        ("math.json", '{"pca": 1}'),
        ("broken.json", '{"a": '),
        ("notes.txt", "hello"),
        ("x.csv", "a\n"),
    ):
        with_file(folder, name, text)
    assert values(read(folder)) == values(plain)
    assert values(read(folder / "votes.csv")) == values(plain)
