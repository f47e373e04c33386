"""The published schema of slate.json: up to date, and every kind of slate that is written keeps to it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import folkmoot as fm
from conversations import write_conversation
from folkmoot.formats.repeats import repeats
from folkmoot.profile import Profile, Slate
from folkmoot.profile.records import to_json
from folkmoot.slates import weighing
from folkmoot.slates.recorded import recorded
from folkmoot.slates.schema import schema, text
from language_model import Obedient, profile_of
from repeated_survey import write_survey

jsonschema = pytest.importorskip("jsonschema")
PUBLISHED = Path(__file__).parents[2] / "docs" / "slate.schema.json"


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    return fm.read(write_conversation(tmp_path_factory.mktemp("town") / "conversation"))


def chosen(profile: Profile) -> Slate:
    return fm.slate(profile, 60, draws=2)


def refined(profile: Profile) -> Slate:
    return fm.slate(profile, 4, unit="statements", process="random", draws=0, refine=True)


def by_hand(profile: Profile) -> Slate:
    return fm.audited(profile, Slate.from_json('["2", {"id": "3"}]'), draws=0).slate


def not_audited(profile: Profile) -> Slate:
    return Slate.from_json('["2", {"id": "3"}]')


KINDS = [chosen, pytest.param(refined, marks=pytest.mark.long), by_hand, not_audited]


def check(slate: Slate) -> None:
    """It keeps to the schema, and its records are read back to the same bytes."""
    body = json.loads(slate.to_json())
    jsonschema.Draft202012Validator(schema()).validate(body)
    records = recorded(Slate.from_json(slate.to_json()))
    assert to_json(records.source) == body["source"] or not body["source"]
    assert json.dumps(to_json(records.audit)) == json.dumps(body["audit"])
    if "id" in body["process"]:
        assert json.dumps(to_json(records.process)) == json.dumps(body["process"])


def test_it_is_a_schema_and_up_to_date() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    made = "python -m folkmoot.slates.schema docs/slate.schema.json"
    assert PUBLISHED.read_text(encoding="utf-8") == text(), f"make it anew: {made}"


@pytest.mark.parametrize("kind", KINDS)
def test_slates_keep_to_it(profile: Profile, kind: Callable[[Profile], Slate]) -> None:
    check(kind(profile))


@pytest.mark.long
def test_a_slate_with_weights_keeps_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weighing, "SAMPLES", 5)
    table, _ = write_survey(tmp_path)
    source = fm.read(table, group_columns=["region"])
    slate = fm.slate(source, 3, unit="statements", repeats=repeats(table, source), draws=0)
    audit = recorded(slate).audit
    assert recorded(slate).weights is not None
    assert audit is not None
    assert audit.answers is not None
    check(slate)


@pytest.mark.long
def test_a_slate_that_a_language_model_wrote_keeps_to_it() -> None:
    slate = fm.slate(profile_of(), 30, engine="llm", model=Obedient())
    assert recorded(slate).source.judged
    assert recorded(slate).ledger.calls > 0
    assert recorded(slate).engine.statements.written >= len(slate.statements)
    check(slate)


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.pop("budget"),
        pytest.param(lambda body: body["audit"]["certificate"]["known"].update(d="much"), marks=pytest.mark.long),
        pytest.param(lambda body: body["audit"]["cbjr"]["frontier"].append([1.0]), marks=pytest.mark.long),
        lambda body: body["audit"].update(verdict="fine"),
        pytest.param(lambda body: body.update(schema=2), marks=pytest.mark.long),
        lambda body: body["process"]["rounds"][0].pop("statement"),
    ],
)
def test_what_is_no_slate_does_not_keep_to_it(profile: Profile, change: Callable[[Any], object]) -> None:
    body = copy.deepcopy(json.loads(chosen(profile).to_json()))
    change(body)
    assert list(jsonschema.Draft202012Validator(schema()).iter_errors(body))
