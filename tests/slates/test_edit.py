"""An organiser's wording stands in the slate, and the one that people voted on stays beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import folkmoot as fm
from conversations import write_conversation
from folkmoot.formats import read
from folkmoot.profile import InputError, Profile, Slate
from folkmoot.slates.edits import read_edits

NEW = "More buses, please, and better schools."
OPTIONS: dict[str, Any] = {"unit": "statements", "draws": 2}


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    return read(write_conversation(tmp_path_factory.mktemp("talk") / "c"))


@pytest.fixture(scope="module")
def plain(talk: Profile) -> Slate:
    return fm.slate(talk, 4, **OPTIONS)


@pytest.fixture(scope="module")
def edited(talk: Profile, plain: Slate) -> Slate:
    left_out = next(name for name in talk.statements.ids if name not in {s.id for s in plain.statements})
    return fm.slate(talk, 4, edits={plain.statements[1].id: NEW, left_out: "Not chosen at all."}, **OPTIONS)


def test_id_stays_and_the_old_words_are_kept(plain: Slate, edited: Slate) -> None:
    old, new = plain.statements[1], edited.statements[1]
    assert new == replace(old, text=NEW, original=old.text)
    others = [s for place, s in enumerate(edited.statements) if place != 1]
    assert others == [s for place, s in enumerate(plain.statements) if place != 1]


def test_every_figure_is_of_the_old_words_and_notes_say_so(plain: Slate, edited: Slate) -> None:
    assert plain.audit is not None
    assert edited.audit is not None
    added = [note for note in edited.audit["notes"] if note not in plain.audit["notes"]]
    assert plain.statements[1].text in added[0]
    assert "people voted on" in added[0]
    assert added[1] == "All votes, costs and figures are those of the wordings that people voted on."
    assert added[2].endswith("was not chosen, so its edit is not used.")
    assert {**edited.audit, "notes": 0} == {**plain.audit, "notes": 0}


def test_a_slate_without_edits_is_the_same_bytes_as_ever(talk: Profile, plain: Slate) -> None:
    assert '"original"' not in plain.to_json()
    assert '"edits"' not in plain.to_json()
    assert fm.slate(talk, 4, edits={}, **OPTIONS).to_json() == plain.to_json()


def test_it_is_read_back_audited_and_chosen_again(talk: Profile, edited: Slate) -> None:
    again = Slate.from_json(edited.to_json())
    assert again.statements == edited.statements
    found = fm.audited(talk, again)
    checks = fm.compare(talk, again, found, fm.rerun(talk, again))
    assert (checks.source, checks.slate, checks.figures, checks.differs) == (True, True, True, ())
    assert found.slate.statements == edited.statements
    assert "--edit EDITS" in found.slate.view.command


def test_an_edit_may_be_written_by_hand(talk: Profile) -> None:
    text = talk.statements.texts[0]
    by_hand = {"statements": [{"id": talk.statements.ids[0], "text": NEW, "original": text}]}
    found = fm.audited(talk, Slate.from_json(json.dumps(by_hand)))
    assert (found.slate.statements[0].text, found.slate.statements[0].original) == (NEW, text)
    assert any("people voted on" in note for note in found.audit.notes)
    without_id = {"statements": [{"text": NEW, "original": text}]}
    assert fm.audited(talk, Slate.from_json(json.dumps(without_id))).slate.statements[0].id == talk.statements.ids[0]


@pytest.mark.parametrize("entry", [{"original": "What nobody wrote."}, {}])
def test_other_words_without_the_right_original_are_refused(talk: Profile, entry: dict[str, str]) -> None:
    slate = Slate.from_json(json.dumps({"statements": [{"id": talk.statements.ids[0], "text": NEW, **entry}]}))
    with pytest.raises(InputError, match="not the text the source has"):
        fm.audited(talk, slate)


def test_an_original_that_is_nowhere_is_refused(talk: Profile) -> None:
    slate = Slate.from_json(json.dumps({"statements": [{"text": NEW, "original": "What nobody wrote."}]}))
    with pytest.raises(InputError, match="which the source does not have"):
        fm.audited(talk, slate)
    with pytest.raises(InputError, match="original must be a text"):
        Slate.from_json(json.dumps({"statements": [{"id": "1", "original": "Old."}]}))


def test_slips_are_said_before_the_work(talk: Profile) -> None:
    with pytest.raises(InputError, match="has no statement 'nowhere'"):
        fm.slate(talk, 4, edits={"nowhere": NEW}, **OPTIONS)
    with pytest.raises(InputError, match="is empty"):
        fm.slate(talk, 4, edits={talk.statements.ids[0]: " "}, **OPTIONS)
    with pytest.raises(InputError, match=r"^`edits` are of statements of the source"):
        fm.slate(talk, 40, edits={talk.statements.ids[0]: NEW}, engine="llm")


def test_files_of_edits(talk: Profile, tmp_path: Path) -> None:
    name, old = talk.statements.ids[0], talk.statements.texts[0]
    (tmp_path / "e.csv").write_text(f'id,text\n{name},"{NEW}"\n', encoding="utf-8")
    (tmp_path / "e.json").write_text(json.dumps({name: NEW}), encoding="utf-8")
    for file in ("e.csv", "e.json"):
        (edit,) = read_edits(talk, tmp_path / file)
        assert (edit.id, edit.text, edit.original) == (name, NEW, old)
    (tmp_path / "same.json").write_text(json.dumps({name: f"  {old} "}), encoding="utf-8")
    assert read_edits(talk, tmp_path / "same.json") == ()
    for body in ("a,b\n1,2\n", f"id,text\n{name},x\n{name},y\n", '{"1": 3}', "{"):
        (tmp_path / "bad").write_text(body, encoding="utf-8")
        with pytest.raises(InputError, match="bad"):
            read_edits(talk, tmp_path / "bad")
