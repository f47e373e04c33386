"""A slate as rows, frames and files, and how it shows itself in a notebook."""

from __future__ import annotations

import sys
from dataclasses import replace
from html import escape
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import folkmoot as fm
from conversations import write_conversation
from folkmoot.profile import InputError, MissingExtraError, Note, Profile, Slate
from folkmoot.profile.shown import bar
from folkmoot.report.public.page import public_of
from folkmoot.slates.public.order import ordered


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Profile, Slate]:
    profile = fm.read(write_conversation(tmp_path_factory.mktemp("rows") / "conversation"))
    return profile, fm.slate(profile, 6, unit="statements", draws=2)


def test_rows_count_what_people_answered(small: tuple[Profile, Slate]) -> None:
    profile, slate = small
    rows = slate.rows()
    assert [row["id"] for row in rows] == [statement.id for statement in slate.statements]
    for row, statement in zip(rows, slate.statements, strict=True):
        column = profile.statement_index[statement.id]
        values = profile.answers.value[profile.answers.statement == column]
        assert (row["answered"], row["agree"], row["disagree"]) == (
            len(values),
            int((values > 0).sum()),
            int((values < 0).sum()),
        )
        assert row["people"] == len(statement.agents)
    assert sum(float(row["share"] or 0) for row in rows) == pytest.approx(1 - len(slate.unassigned) / slate.n_agents)
    page = {one.id: number for number, one in enumerate(ordered(public_of(slate)), start=1)}
    assert [row["number"] for row in rows] == [page[statement.id] for statement in slate.statements]
    shown = slate._repr_html_()
    places = [shown.index(escape(one.text)) for one in sorted(slate.statements, key=lambda one: page[one.id])]
    assert places == sorted(places)
    bare = replace(slate, audit=None).rows()[0]
    assert bare["agree"] is None
    assert list(bare) == list(rows[0])


def test_nobody_is_named_in_a_row(small: tuple[Profile, Slate]) -> None:
    _, slate = small
    people = {name for statement in slate.statements for name in statement.agents}
    assert people
    assert not people & {value for row in slate.rows() for name, value in row.items() if name != "id"}


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_frame_of_either_library(library: Any, small: tuple[Profile, Slate]) -> None:
    pytest.importorskip(library, reason=f"{library} is not installed")
    frame = small[1].to_frame(library)
    assert type(frame).__module__.startswith(library)
    assert list(frame.columns) == list(small[1].rows()[0])
    assert list(frame["id"]) == [statement.id for statement in small[1].statements]


def test_the_library_that_is_loaded_is_taken(small: tuple[Profile, Slate], monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib.machinery import ModuleSpec

    made = ModuleType("polars")
    made.__spec__ = ModuleSpec("polars", None)
    made.DataFrame = list  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pandas", None)
    monkeypatch.setitem(sys.modules, "polars", made)
    assert small[1].to_frame() == small[1].rows()
    with pytest.raises(MissingExtraError, match="a frame of pandas needs it: pip install pandas"):
        small[1].to_frame("pandas")
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(MissingExtraError, match="a frame needs pandas or polars"):
        small[1].to_frame()


def test_it_is_written_where_one_says(small: tuple[Profile, Slate], tmp_path: Path) -> None:
    file = tmp_path / "slate.json"
    text = small[1].to_json(file)
    assert text == small[1].to_json()
    assert file.read_bytes().decode() == text
    assert Slate.load(file) == replace(small[1], view=None)
    with pytest.raises(InputError, match="cannot be written"):
        small[1].to_json(tmp_path / "none" / "slate.json")


def test_bars_are_as_long_as_shares() -> None:
    for share in (0.0, 0.004, 0.25, 0.5, 0.99, 1.0):
        drawn = bar(share, 8)
        assert len(drawn.split(" ", 1)[0]) == 8
        assert drawn.count("█") == int(share * 8 + 1 / 16)
    assert bar(2.0, 4) == "████ 200%"


def test_a_notebook_shows_bars_verdicts_and_what_was_read(small: tuple[Profile, Slate]) -> None:
    profile, slate = small
    shown = slate._repr_html_()
    for row in slate.rows():
        agree, answered = row["agree"], row["answered"]
        assert isinstance(agree, int)
        assert isinstance(answered, int)
        assert f"{bar(agree / answered, 10)} ({agree} of {answered})" in shown
        assert f"{row['people']} ({row['share']:.0%})" in shown
    assert "agreed" in shown
    assert "█" not in replace(slate, audit=None)._repr_html_()
    audit = fm.audit(profile, slate)
    body = audit._repr_html_()
    assert body.count("<tr>") == 1 + 5 + len(audit.certificate.draws or {})
    verdict = "violated" if audit.violated else "holds"
    assert f"<bdi>cBJR, with predictions</bdi></td><td><bdi>{verdict}</bdi>" in body
    turned = replace(audit, cbjr=replace(audit.cbjr, violated=not audit.violated))
    assert turned._repr_html_() != body
    noted = replace(profile, notes=(Note("dropped", "votes of <nobody>", 1234),), facts={"direction": "5 is best"})
    assert "dropped: 1,234 votes of &lt;nobody&gt;" in noted._repr_html_()
    assert "direction: 5 is best" in noted._repr_html_()
    many = replace(profile, notes=tuple(Note("dropped", f"thing {number}", 1) for number in range(50)))
    assert "and 30 more notes" in many._repr_html_()


def test_a_library_without_such_frames_is_refused(small: tuple[Profile, Slate]) -> None:
    with pytest.raises(InputError, match="library of a frame must be pandas or polars, not 'arrow'"):
        small[1].to_frame("arrow")  # type: ignore[arg-type]
