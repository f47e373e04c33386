"""``slate.json`` is what the standard library's encoder makes of the record, also where a name looks like a mark."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest

from folkmoot.profile import Provenance, Slate, SlateStatement
from folkmoot.profile.slate import SCHEMA

PEOPLE = ('a"b', "ü\n", "\x000", "\x001", "plain")


def encoded(slate: Slate) -> str:
    """The record, encoded in one piece."""
    body = {"schema": SCHEMA, **asdict(replace(slate, view=None))}
    del body["view"]
    for statement in body["statements"]:
        if not statement["original"]:
            del statement["original"]
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


@pytest.mark.parametrize("origin", ["author", "\x001"])
@pytest.mark.parametrize("people", [(), PEOPLE[:1], PEOPLE])
def test_the_file_is_the_encoded_record(people: tuple[str, ...], origin: str) -> None:
    statements = (
        SlateStatement("s0", "One", 1, people, Provenance("submitted", (origin,))),
        SlateStatement("s1", "Two", 2, people[::-1], original="Deux"),
        SlateStatement("s2", "Three", 2),
    )
    slate = Slate(statements, people, 9, "words", 12, audit={"worst": {"agents": [*people, "\x000"]}})
    assert slate.to_json() == encoded(slate)
