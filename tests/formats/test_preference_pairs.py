"""Preference data are read in every shape, compared only within a prompt, and written back with labels."""

from __future__ import annotations

import csv
import gzip
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import folkmoot as fm
from folkmoot.cli.diagnosis import render
from folkmoot.formats import doctor, recognise
from folkmoot.formats.pairs import SHAPES, labelled_lines, read_pairs
from folkmoot.formats.pairs.roles import split_prompt
from folkmoot.profile import InputError, MissingExtraError
from folkmoot.profile.pairs import Pairs, overlap
from pairs_made import community_alignment, dices, helpsteer, multipref, prism, trl


def written(folder: Path, rows: list[dict[str, Any]], name: str = "prefs.jsonl") -> Path:
    file = folder / name
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def judged(pairs: Pairs) -> list[tuple[str, str, str, str]]:
    """Who, prompt, chosen (or =) and rejected."""
    return [
        (
            pairs.annotators[who],
            pairs.prompts[pairs.prompt[better]],
            pairs.responses[better],
            ("= " if tied else "") + pairs.responses[worse],
        )
        for who, better, worse, tied in zip(pairs.annotator, pairs.chosen, pairs.rejected, pairs.tied, strict=True)
    ]


def test_texts_and_messages_are_one_prompt_and_a_tie_is_one(tmp_path: Path) -> None:
    pairs = read_pairs(written(tmp_path, trl())).pairs
    assert judged(pairs) == [
        ("a", "Name a tree.", "Oak.", "Ash."),
        ("b", "Name a tree.", "Ash.", "Oak."),
        ("a", "Name a bird.", "Owl.", "= Kite."),
    ]
    assert pairs.groups == {"country": ("DE", "FR")}
    assert overlap(pairs) == (1.5, 0.5)


@pytest.mark.parametrize("how", ["jsonl", "gzip", "json", "csv"])
def test_every_way_to_store_rows_reads_the_same(how: str, tmp_path: Path) -> None:
    rows = [row for row in trl() if isinstance(row["prompt"], str)]
    file = written(tmp_path, rows)
    same = read_pairs(file).pairs
    other = tmp_path / "other"
    if how == "gzip":
        other.write_bytes(gzip.compress(file.read_bytes()))
    elif how == "json":
        other.write_text(json.dumps(rows))
    elif how == "csv":
        with other.open("w", newline="") as stream:
            table = csv.DictWriter(stream, ["prompt", "chosen", "rejected", "annotator_id", "country", "tie"])
            table.writeheader()
            table.writerows(rows)
    else:
        other = file
    assert judged(read_pairs(other).pairs) == judged(same)


def test_parquet_is_read_through_duckdb(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    file, packed = written(tmp_path, multipref()), tmp_path / "train.parquet"
    duckdb.sql(f"COPY (SELECT * FROM read_json('{file}')) TO '{packed}' (FORMAT parquet)")
    assert judged(read_pairs(packed).pairs) == judged(read_pairs(file).pairs)
    packed.write_bytes(packed.read_bytes()[:200])
    with pytest.raises(InputError, match="cut or damaged"):
        read_pairs(packed)


def test_without_duckdb_a_sentence_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    file = tmp_path / "x.parquet"
    file.write_bytes(b"PAR1....PAR1")
    with pytest.raises(MissingExtraError, match=r"pip install 'folkmoot\[large\]'.*JSON lines or CSV"):
        read_pairs(file)


def test_ratings_are_compared_within_one_annotator_and_prompt(tmp_path: Path) -> None:
    rows = [
        {"prompt": p, "response": r, "rating": s, "worker_id": w}
        for p, r, s, w in [("P", "x", 5, 1), ("P", "y", 2, 1), ("P", "z", 2, 1), ("P", "x", 1, 2), ("Q", "x", 9, 1)]
    ]
    found = read_pairs(written(tmp_path, rows)).pairs
    assert judged(found) == [("1", "P", "x", "y"), ("1", "P", "x", "z"), ("1", "P", "y", "= z")]
    assert found.times.tolist() == pytest.approx([2 / 3] * 3)  # three answers are two choices
    assert sum(note.count for note in found.notes if note.kind == "dropped") == 2
    with pytest.raises(InputError, match="no column says who that was"):
        read_pairs(written(tmp_path, [{"prompt": "P", "response": "x", "rating": 1}]))


def test_lists_of_answers_have_ranks_or_scores(tmp_path: Path) -> None:
    ranks = [{"prompt": "P", "responses": ["x", "y"], "ranking": [2, 1], "labeler": "l"}]
    assert judged(read_pairs(written(tmp_path, ranks)).pairs) == [("l", "P", "y", "x")]
    scores = [{"prompt": "P", "completions": ["x", "y"], "scores": [2, 1], "labeler": "l"}]
    assert judged(read_pairs(written(tmp_path, scores)).pairs) == [("l", "P", "x", "y")]
    with pytest.raises(InputError, match=r"row 1.*2 answers and 1 numbers"):
        read_pairs(written(tmp_path, [{"prompt": "P", "responses": ["x", "y"], "ranking": [2]}]))


def test_two_answers_beside_each_other(tmp_path: Path) -> None:
    rows = [
        {"question": "P", "response_a": "x", "response_b": "y", "preference": said, "rater": "r"}
        for said in ("A", "b", "tie", "?")
    ]
    found = read_pairs(written(tmp_path, rows)).pairs
    assert [(c, r) for _, _, c, r in judged(found)] == [("x", "y"), ("y", "x"), ("x", "= y")]
    assert ["preference is not read, like '?'" in note.what for note in found.notes] == [True]


def test_conversations_without_a_prompt_share_their_beginning() -> None:
    hello = {"role": "user", "content": "Hi"}
    one, other = ([hello, {"role": "assistant", "content": text}] for text in ("Ho", "Hu"))
    assert split_prompt(one, other) == ("Hi", "Ho", "Hu")
    assert split_prompt("\n\nHuman: Hi\n\nAssistant: Ho", "\n\nHuman: Ho\n\nAssistant: Hu")[0] == ""


def test_without_prompts_answers_that_never_met_stay_apart(tmp_path: Path) -> None:
    rows = [{"chosen": a, "rejected": b, "annotator": "w"} for a, b in [("x", "y"), ("y", "z"), ("p", "q")]]
    file = written(tmp_path, rows)
    pairs = read_pairs(file).pairs
    assert not pairs.prompted
    assert pairs.prompt.tolist() == [0, 0, 0, 1, 1]
    assert "fall into 2 parts that were never compared" in render(doctor(fm.read(file)))


def test_public_data_sets(tmp_path: Path) -> None:
    said, survey = prism()
    written(tmp_path, survey, "survey.jsonl")
    found = read_pairs(written(tmp_path, said, "utterances.jsonl")).pairs
    assert judged(found) == [
        ("u1", "Is tax theft?", "No.", "Yes."),
        ("u1", "Is tax theft?", "No.", "= It depends."),
        ("u1", "Is tax theft?", "It depends.", "Yes."),
        ("u2", "Is tax theft?", "Yes.", "No."),
    ]
    assert len(found.prompts) == 2  # two conversations, whatever their prompts are
    assert found.groups["religion"] == ("None", "Christian")
    found = read_pairs(written(tmp_path, community_alignment())).pairs
    assert len(found) == 7
    assert {(w, c) for w, _, c, _ in judged(found)} == {("x", "Soup."), ("y", "Fish."), ("x", "Tea.")}
    assert found.groups == {"annotator_country": ("india", "france")}
    assert len(found.prompts) == 2
    found = read_pairs(written(tmp_path, multipref())).pairs
    assert judged(found) == [
        ("normal-1", "Sum up.", "Short.", "Longer text."),
        ("normal-2", "Sum up.", "Short.", "= Longer text."),
        ("expert-1", "Sum up.", "Longer text.", "Short."),
    ]
    ratings, strengths = helpsteer()
    found = read_pairs(written(tmp_path, ratings)).pairs
    assert not found.named
    assert [(c, r) for _, _, c, r in judged(found)] == [
        ("A language.", "= A note."), ("A note.", "A language."), ("A language.", "A note.")
    ]  # fmt: skip
    assert any("whose they are" in note.what for note in found.notes)
    found = read_pairs(written(tmp_path, strengths)).pairs
    assert [c for _, _, c, _ in judged(found)] == ["A language.", "A note."]
    found = read_pairs(written(tmp_path, dices())).pairs
    assert [(c, r) for _, _, c, r in judged(found)] == [
        ("The answer is safe.", "The answer is unsafe."),
        ("The answer is unsafe.", "The answer is safe."),
        ("The answer is safe.", "= The answer is unsafe."),
    ]
    assert found.groups == {"rater_gender": ("Man", "Woman", "Woman")}
    assert all(SHAPES[name].about for name in ("prism", "community-alignment", "multipref", "helpsteer2", "dices"))


def test_community_alignment_has_a_word_for_texts_that_are_missing(tmp_path: Path) -> None:
    first, other = community_alignment()
    lacking = {**other, "first_turn_response_c": "EMPTY STRING", "annotator_age": "18-34"}
    found = read_pairs(written(tmp_path, [first, lacking])).pairs
    assert "EMPTY STRING" not in found.responses
    # one comparison fewer than with the text that is missing
    assert len(found) == len(read_pairs(written(tmp_path, [first, other])).pairs) - 1


def test_doctor_knows_preference_data_and_slate_never_pools_prompts(tmp_path: Path) -> None:
    file = written(tmp_path, trl())
    assert recognise(file).id == "preference-pairs"
    profile = fm.read(file)
    said = render(doctor(profile))
    for line in (
        "format         preference pairs (prefs.jsonl)",
        "annotators     2",
        "prompts        2",
        "pairs          3, 1 of them ties",
        "overlap        1.5 annotators a prompt; 50% of the pairs were judged by more than one",
    ):
        assert line in said.splitlines()
    with pytest.raises(InputError, match=r"2 different prompts.*never pooled.*folkmoot prefs"):
        fm.slate(profile, 1, unit="statements")
    one = written(tmp_path, [*trl()[:1]] * 3 + trl()[1:2], "one.jsonl")
    assert fm.slate(fm.read(one), 1, unit="statements", draws=0).statements[0].text in ("Oak.", "Ash.")


def test_comparisons_of_a_site_stay_comparisons(tmp_path: Path) -> None:
    file = tmp_path / "pairs.csv"
    file.write_text("user_id,chosen,rejected\n1,a,b\n2,b,a\n")
    assert recognise(file).id == "comparisons"


def test_labelled_rows_keep_their_keys_and_ties_are_left_out(tmp_path: Path) -> None:
    rows = [{**row, "kind": "mine"} for row in trl()]
    read = read_pairs(written(tmp_path, rows))
    found = [json.loads(line) for line in labelled_lines(read, np.array([0, 1]), np.full(3, 0.25), np.ones(3))]
    assert [row["kind"] for row in found] == [1, 2]
    assert [row["source_kind"] for row in found] == ["mine", "mine"]
    assert found[1]["chosen"] == rows[1]["chosen"]  # messages stay messages
    assert found[0] | {"kind": "mine"} == {**rows[0], "source_kind": "mine", "p_chosen": 0.25, "weight": 1.0}
    read = read_pairs(written(tmp_path, multipref()))
    found = [json.loads(line) for line in labelled_lines(read, None, np.full(3, 0.5), np.ones(3))]
    assert [(row["prompt"], row["chosen"], row["kind"]) for row in found] == [
        ("Sum up.", "Short.", None), ("Sum up.", "Longer text.", None)
    ]  # fmt: skip


def test_slips_are_said(tmp_path: Path) -> None:
    file = written(tmp_path, trl())
    with pytest.raises(InputError, match="names a column that is not there"):
        read_pairs(file, id_column="nobody")
    with pytest.raises(InputError, match="names a column that is not there, 'nowhere'"):
        read_pairs(file, group_columns=["nowhere"])
    with pytest.raises(InputError, match="is not answers with ratings"):
        read_pairs(file, shape="ratings")
    with pytest.raises(InputError, match="no preference data that is recognised"):
        read_pairs(written(tmp_path, [{"text": "hello"}, {"text": "you"}]))
    (tmp_path / "cut.jsonl").write_text('{"prompt": "a"}\n{"prompt"\n')
    with pytest.raises(InputError, match=r"row 2"):
        read_pairs(tmp_path / "cut.jsonl")
    with pytest.raises(InputError, match="is a folder"):
        read_pairs(tmp_path)
