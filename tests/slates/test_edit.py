"""An organiser's wording stands in the slate, and the one that people voted on stays beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import folkmoot as fm
from conversations import write_conversation
from folkmoot.audits import Audit
from folkmoot.formats import read
from folkmoot.profile import InputError, Profile, Slate
from folkmoot.report import render, summary
from folkmoot.report.audit_text import audit_summary
from folkmoot.slates.compare import Checks
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


@pytest.mark.long
def test_id_stays_and_the_old_words_are_kept(plain: Slate, edited: Slate) -> None:
    old, new = plain.statements[1], edited.statements[1]
    assert new == replace(old, text=NEW, original=old.text)
    others = [s for place, s in enumerate(edited.statements) if place != 1]
    assert others == [s for place, s in enumerate(plain.statements) if place != 1]


def test_every_figure_is_of_the_old_words_and_notes_say_so(plain: Slate, edited: Slate) -> None:
    assert plain.audit is not None
    assert edited.audit is not None
    added = [note for note in edited.audit["notes"] if note not in plain.audit["notes"]]
    assert added[0] == (
        f"The statement with the id {edited.statements[1].id} is edited by the organiser. All answers, and all figures "
        "that rest on them, are about the wording of the source; nobody answered the new wording."
    )
    assert added[1].startswith("The statement with the id ")
    assert added[1].endswith(" was not chosen, so its edit is not used.")
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
    says = f"The statement with the id {talk.statements.ids[0]} is edited by the organiser."
    assert any(says in note for note in found.audit.notes)
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


SHOWN = "edited by the organiser; people voted on"


def test_the_old_words_stand_beside_the_new_ones_everywhere(plain: Slate, edited: Slate) -> None:
    old = plain.statements[1].text
    body = json.loads(edited.to_json())
    assert (body["statements"][1]["text"], body["statements"][1]["original"]) == (NEW, old)
    lines = [line.strip() for line in summary(edited).splitlines()]
    at = next(place for place, line in enumerate(lines) if NEW in line)
    assert " ".join(lines[at + 1 : at + 4]).startswith(f"{SHOWN}: “{old}”")
    page = render(edited.view)
    beside = page.split(NEW)[-1] if page.count(NEW) == 1 else page.split('<ol class="slate">')[1].split(NEW)[1]
    assert f"{SHOWN[0].upper()}{SHOWN[1:]}" in beside.split("<details>")[0]
    assert old in beside.split("<details>")[0]
    assert "Those that are marked as edited are not." in page
    told = " ".join(audit_summary(edited, Audit.read(edited.audit or {}), Checks(True, None, True, ())).split())
    assert f"Statement {edited.rows()[1]['number']}, “{NEW}”, is {SHOWN}: “{old}”." in told
    for printed in (summary(plain), render(plain.view)):
        assert "edited by the organiser" not in printed.lower()
        assert "marked as edited" not in printed


def test_hostile_words_are_escaped(talk: Profile, plain: Slate) -> None:
    bad = '<script>alert("1")</script> \x1b[31m'
    slate = fm.slate(talk, 4, edits={plain.statements[0].id: bad}, **OPTIONS)
    assert "<script>alert" not in render(slate.view)
    assert "\x1b" not in summary(slate)
    turned = replace(
        slate,
        statements=(replace(slate.statements[0], text="Fine words.", original=bad), *slate.statements[1:]),
    )
    page = render(replace(slate.view, slate=turned))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "\x1b" not in summary(turned)


@pytest.mark.long
def test_a_new_wording_costs_its_own_words(talk: Profile) -> None:
    plain = fm.slate(talk, 40, draws=2)
    shorter = fm.slate(talk, 40, draws=2, edits={plain.statements[0].id: "More buses."})
    assert (plain.statements[0].cost, shorter.statements[0].cost) == (9, 2)
    assert shorter.cost == plain.cost - 7
    # Whom it stands for, and what the slate is held against, stays.
    assert [(s.id, s.agents) for s in shorter.statements] == [(s.id, s.agents) for s in plain.statements]
    assert shorter.audit is not None
    assert {**shorter.audit, "notes": 0} == {**(plain.audit or {}), "notes": 0}
    assert shorter.audit["notes"][-1] == (
        "In the new wording it costs 2 instead of 9 words; whom each statement stands for was settled by the old cost."
    )
    again = fm.audited(talk, Slate.from_json(shorter.to_json()))
    checks = fm.compare(talk, shorter, again, fm.rerun(talk, shorter))
    assert (checks.source, checks.slate, checks.figures, checks.differs) == (True, True, True, ())


@pytest.mark.long
def test_wordings_that_are_longer_than_the_budget_are_said(talk: Profile) -> None:
    plain = fm.slate(talk, 40, draws=2)
    given = {plain.statements[0].id: "More buses, please. " * 4, plain.statements[1].id: "Schools, then and there."}
    long = fm.slate(talk, 40, draws=2, edits=given)
    assert (plain.cost, long.cost) == (36, 34)
    assert long.audit is not None
    assert "In the new wordings they cost 16 instead of 18 words" in long.audit["notes"][-1]
    assert "budget" not in long.audit["notes"][-1]
    del given[plain.statements[1].id]
    given[plain.statements[0].id] += "Now, as soon as can be, and for good."
    longer = fm.slate(talk, 40, draws=2, edits=given)
    assert longer.cost == 48
    assert longer.audit is not None
    assert "the slate has 48 words, 8 more than its budget of 40" in longer.audit["notes"][-1]
    assert "48 of 40 words" in summary(longer)
    again = fm.audited(talk, Slate.from_json(longer.to_json()))
    checks = fm.compare(talk, longer, again, fm.rerun(talk, longer))
    assert (checks.source, checks.slate, checks.figures, checks.differs) == (True, True, True, ())


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
