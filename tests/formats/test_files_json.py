"""JSON: lists of records, what holds them, records by line; votes of Polis and of red-dwarf; PRISM."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from folkmoot.cli.diagnosis import render
from folkmoot.formats import doctor, read, recognise
from folkmoot.formats.base import Head, head_of
from folkmoot.profile import InputError

PEOPLE: list[dict[str, Any]] = [
    {"user_id": "u1", "data": "Meer bomen langs de gracht", "age": 31, "moved": True},
    {"user_id": "u2", "data": "Minder auto's, graag", "age": None, "moved": False},
]
TABLE = [
    ["user_id", "data", "age", "moved"],
    ["u1", "Meer bomen langs de gracht", "31", "TRUE"],
    ["u2", "Minder auto's, graag", "", "FALSE"],
]


def saved(folder: Path, value: Any, name: str = "file") -> Path:
    path = folder / name
    path.write_bytes(value if isinstance(value, bytes) else json.dumps(value).encode())
    return path


def table(head: Head) -> list[list[str]]:
    opened = head.open()
    return [list(opened.header), *(cells for _, cells in opened.rows())]


@pytest.mark.parametrize(
    "raw",
    [
        json.dumps(PEOPLE).encode(),
        json.dumps(PEOPLE, indent=2).encode("utf-16"),
        b"\xef\xbb\xbf" + json.dumps({"rows": PEOPLE, "count": 2}).encode(),
        json.dumps({"meta": {"next": None}, "results": PEOPLE}).encode(),
        "\n".join(map(json.dumps, PEOPLE)).encode(),
        ("\r\n\r\n".join(map(json.dumps, PEOPLE)) + "\r\n").encode(),
        gzip.compress(json.dumps(PEOPLE).encode()),
        json.dumps(PEOPLE, ensure_ascii=False).encode(),
        json.dumps([list(PEOPLE[0]), *(list(each.values()) for each in PEOPLE)]).encode(),
    ],
)
def test_records_are_rows(raw: bytes, tmp_path: Path) -> None:
    path = saved(tmp_path, raw)
    assert table(head_of(path)) == TABLE
    assert recognise(path).id == "texts"
    assert read(path).agents.texts == (("Meer bomen langs de gracht",), ("Minder auto's, graag",))


def test_what_is_nested_gets_a_dot_or_is_counted(tmp_path: Path) -> None:
    head = head_of(
        saved(tmp_path, [{"id": 1, "a": {"b": 2, "c": [1]}, "tags": ["x"]}, {"id": 2, "a": {"b": 3.5}, "d": []}])
    )
    assert table(head) == [["id", "a.b"], ["1", "2"], ["2", "3.5"]]
    assert [(note.what, note.count) for note in head.notes.all()] == [
        ("lists and records within 'a.c', left out", 1),
        ("lists and records within 'tags', left out", 1),
    ]


def test_a_list_of_texts(tmp_path: Path) -> None:
    profile = read(saved(tmp_path, ["Meer bankjes in het park", "Een tram naar het station", "Minder lawaai"]))
    assert profile.agents.texts == (("Meer bankjes in het park",), ("Een tram naar het station",), ("Minder lawaai",))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"a": 1, "b": "x"}, "JSON that holds no list of records, but an object with 'a', 'b'"),
        ([], "JSON that holds an empty list"),
        ([1, 2], "JSON whose record 1 is no object with names, but '1'"),
        ({"a": [{"x": 1}], "b": [{"y": 1}]}, r"JSON with several lists of records \('a', 'b'\)"),
        (b'[{"a": 1},', "row 1: JSON that is cut or damaged"),
        (b'{"a": 1}\n{"a": 2\n', "row 2: JSON lines of which this one is broken"),
        (b"[" * 100_000, "JSON"),
        (
            b'[{"user_id": "u1", "data": "caf\xe9 at the corner\x81"}]',
            r"row 1: byte 32 of the line \(0xe9\) is not UTF-8",
        ),
        (
            [{"kind": 1, "size": 2}],
            r"JSON with the columns 'kind', 'size', which do not say who answered what; call them",
        ),
    ],
)
def test_what_cannot_be_read_says_that_it_is_json(value: Any, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read(saved(tmp_path, value))
    assert "id_column" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_remedy_that_is_named_works(tmp_path: Path) -> None:
    wrong = [
        {"who": "a", "what": "x", "how": 3},
        {"who": "b", "what": "x", "how": 5},
        {"who": "b", "what": "y", "how": 1},
    ]
    names = {"who": "participant", "what": "statement_id", "how": "rating"}
    right = [{names[name]: value for name, value in each.items()} for each in wrong]
    profile = read(saved(tmp_path, right), scale=(1, 5))
    assert (profile.n_agents, profile.n_statements, len(profile.answers)) == (2, 2, 3)


VOTES = [
    {"pid": 4, "tid": 0, "vote": -1, "modified": "1714782753431", "conversation_id": "9xyz"},
    {"pid": 4, "tid": 1, "vote": 1, "modified": "1714782753432", "conversation_id": "9xyz"},
    {"pid": 7, "tid": 0, "vote": 0, "modified": "1714782753433", "conversation_id": "9xyz"},
    {"pid": 7, "tid": 0, "vote": -1, "modified": "1714782753439", "conversation_id": "9xyz"},
]
COMMENTS = [
    {"tid": 0, "pid": 4, "txt": "Bankjes in de schaduw", "mod": 1, "agree_count": 2, "disagree_count": 0},
    {
        "tid": 1,
        "pid": 9,
        "txt": "Geen auto's op zondag",
        "mod": -1,
        "agree_count": 0,
        "disagree_count": 1,
        "is_meta": True,
    },
]


def answers(profile: Any) -> dict[tuple[str, str], float]:
    a = profile.answers
    return {
        (profile.agents.ids[i], profile.statements.ids[j]): value
        for i, j, value in zip(a.agent, a.statement, a.value.tolist(), strict=True)
    }


RIGHT = {("4", "0"): 1.0, ("4", "1"): -1.0, ("7", "0"): 1.0}


def test_votes_of_the_polis_interface(tmp_path: Path) -> None:
    assert answers(read(saved(tmp_path, [{**vote, "vote": str(vote["vote"])} for vote in VOTES]))) == RIGHT
    profile = read(saved(tmp_path, VOTES))
    assert answers(profile) == RIGHT
    text = render(doctor(profile))
    assert "votes turned: the interface of Polis writes -1 for agree" in text
    assert "1 re-vote: only the last vote" in text
    assert "no comments beside the votes" in text


def test_comments_beside_the_votes(tmp_path: Path) -> None:
    saved(tmp_path, COMMENTS, "comments.json")
    path = saved(tmp_path, VOTES, "votes.json")
    for source in (path, tmp_path):
        profile = read(source)
        assert answers(profile) == RIGHT
        assert profile.statements.texts == ("Bankjes in de schaduw", "Geen auto's op zondag")
        assert profile.statements.moderation is not None
        assert profile.statements.moderation.tolist() == [1, -1]
        assert profile.statements.kinds == ("", "metadata")
        assert profile.agents.ids == ("4", "7", "9")
        assert "confirm the sign of the votes" in render(doctor(profile))


def test_votes_that_red_dwarf_saves(tmp_path: Path) -> None:
    votes = [{"participant_id": v["pid"], "statement_id": v["tid"], "vote": -int(str(v["vote"]))} for v in VOTES]
    comments = [{"statement_id": c["tid"], "participant_id": c["pid"], "txt": c["txt"]} for c in COMMENTS]
    profile = read(saved(tmp_path, {"votes": votes, "comments": comments}))
    assert answers(profile) == RIGHT
    assert "votes turned" not in render(doctor(profile))


def test_votes_the_other_way_round_are_refused(tmp_path: Path) -> None:
    turned = [{**vote, "vote": -int(str(vote["vote"]))} for vote in VOTES]
    path = saved(tmp_path, {"votes": turned, "comments": COMMENTS})
    with pytest.raises(InputError, match=r"the votes are inverted: .* read them with `flip=True`"):
        read(path)
    assert answers(read(path, flip=True)) == RIGHT


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"vote": 2}, r"JSON record 2: '2' is not a vote"),
        ({"vote": True}, r"JSON record 2: 'True' is not a vote"),
        ({"pid": None}, r"JSON record 2 has no pid or participant_id"),
        ({"tid": [1]}, r"JSON record 2 has no tid or statement_id"),
    ],
)
def test_a_broken_vote(changed: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        read(saved(tmp_path, [VOTES[0], {**VOTES[1], **changed}, VOTES[2]]))


def test_two_conversations_in_one_folder(tmp_path: Path) -> None:
    saved(tmp_path, VOTES, "a.json")
    saved(tmp_path, VOTES, "b.json")
    with pytest.raises(InputError, match=r"several conversations \(a\.json and b\.json\); put .* a folder of its own"):
        read(tmp_path)


def test_prism_utterances(tmp_path: Path) -> None:
    rows = [
        {"utterance_id": f"ut{n}", "interaction_id": "int0", "user_id": f"user{n % 2}", "score": 10 * n + 1, "turn": 0}
        | {"model_response": f"Reply number {n}", "if_chosen": n == 2}
        for n in range(4)
    ]
    profile = read(saved(tmp_path, "\n".join(map(json.dumps, rows)).encode()))
    assert (profile.source, profile.n_agents, profile.n_statements) == ("prism", 2, 4)
    assert (profile.answers.scale.low, profile.answers.scale.high) == (1, 100)
    assert profile.statements.texts[3] == "Reply number 3"
