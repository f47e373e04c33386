"""What the publisher hides stands in none of the three files, even where the id of a statement is its text."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from urllib.parse import unquote

import pytest

import folkmoot as fm
from folkmoot.profile import PageOptions, Slate
from folkmoot.report.public import render_public
from folkmoot.slates.recorded import recorded
from public_slates import camps


@pytest.fixture(scope="module")
def slate() -> Slate:
    """The ids are the texts, as those of a form whose questions are the headings of its columns."""
    profile = camps()
    texts = profile.statements.texts
    profile = replace(profile, statements=replace(profile.statements, ids=texts))
    locked = {"locked_in": [texts[0]], "locked_out": [texts[1], texts[2]]}
    return fm.slate(profile, 3, unit="statements", draws=0, all_eligible=True, **locked)  # type: ignore[arg-type]


@pytest.mark.parametrize("everything", [False, True])
def test_hidden_statements_stand_in_none_of_the_files(slate: Slate, everything: bool) -> None:
    public = recorded(slate).audit.public  # type: ignore[union-attr]
    assert public is not None
    fixed = recorded(slate).process.options.locked_in
    marks = {mark.id for group in public.groups.groups for mark in group.marks}
    out = [name for name in recorded(slate).process.options.locked_out if name in marks]
    assert out, "a statement that must not be in tells a group apart, so that it can be hidden"
    listed = tuple(one.id for one in public.statements)
    hidden = (*(listed if everything else fixed), *out[:1])
    made = render_public(slate, PageOptions(lang="en", hidden=hidden))
    inside = [unquote(uri) for uri in re.findall(r'href="data:[^,"]*,([^"]*)"', made.html)]
    assert len(inside) == 2
    for text in (unescape(made.html), made.table, made.slate, *inside):
        for name in hidden:
            assert name not in text
    body = json.loads(made.slate)
    assert body["process"]["options"]["locked_in"] == []
    assert set(body["process"]["options"]["locked_out"]) == {*recorded(slate).process.options.locked_out} - {out[0]}
    assert [entry.get("id", "") for entry in body["statements"] if entry["text"]] == [
        entry["text"] for entry in body["statements"] if entry["text"]
    ]
    # What is left out cannot be found again, so the page does not say that a command does.
    assert "one command checks this list" not in made.html


def test_nothing_is_left_out_that_is_not_hidden(slate: Slate) -> None:
    made = render_public(slate, PageOptions(lang="en"))
    options = recorded(slate).process.options
    given = json.loads(made.slate)["process"]["options"]
    assert tuple(given["locked_in"]) == tuple(options.locked_in)
    assert tuple(given["locked_out"]) == tuple(options.locked_out)
    assert "one command checks this list" in made.html


def test_what_only_the_file_names_can_be_hidden_too(slate: Slate) -> None:
    public = recorded(slate).audit.public  # type: ignore[union-attr]
    assert public is not None
    there = {one.id for one in public.statements} | {m.id for group in public.groups.groups for m in group.marks}
    nowhere = next(text for text in slate_texts() if text not in there)
    options = {**slate.process["options"], "locked_out": [nowhere]}
    locked = replace(slate, process={**slate.process, "options": options})
    assert nowhere in render_public(locked, PageOptions(lang="en")).slate
    made = render_public(locked, PageOptions(lang="en", hidden=(nowhere,)))
    assert nowhere not in made.slate + made.table + unquote(unescape(made.html))


def slate_texts() -> tuple[str, ...]:
    return (*camps().statements.texts, "Close the harbour.")
