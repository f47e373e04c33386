"""Records: written in the order of their fields, read back the same, and told where they are not as they should be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest

from folkmoot.profile import InputError
from folkmoot.profile.records import OMITTED, REST, from_json, to_json


@dataclass(frozen=True)
class Leaf:
    name: str
    share: float | None
    note: str | None = field(default=None, metadata=OMITTED)


@dataclass(frozen=True)
class Missing:
    applies: Literal[False]
    why: str


@dataclass(frozen=True)
class Tree:
    id: str
    more: Mapping[str, Any] = field(default_factory=dict, metadata=REST)
    leaves: tuple[Leaf, ...] = ()
    ends: tuple[float, float] = (0.0, 1.0)
    by: Mapping[str, Leaf] = field(default_factory=dict)
    part: Leaf | Missing | None = None


TREE = Tree("t", {"rings": [1, 2]}, (Leaf("a", 0.5), Leaf("b", None, "dry")), (0.25, 4), {"x": Leaf("c", 1.0)})


def test_they_are_written_in_the_order_of_their_fields() -> None:
    body = to_json(TREE)
    assert list(body) == ["id", "rings", "leaves", "ends", "by", "part"]
    assert body["leaves"] == [{"name": "a", "share": 0.5}, {"name": "b", "share": None, "note": "dry"}]
    assert body["ends"] == [0.25, 4]


@pytest.mark.parametrize("part", [None, Leaf("d", 0.0), Missing(False, "winter")])
def test_they_are_read_back_the_same(part: Leaf | Missing | None) -> None:
    tree = Tree("t", TREE.more, TREE.leaves, TREE.ends, TREE.by, part)
    assert from_json(Tree, to_json(tree), "tree") == tree


def test_what_has_a_default_may_be_missing() -> None:
    assert from_json(Tree, {"id": "t"}, "tree") == Tree("t")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "tree has no id"),
        ([], "tree must be an object"),
        ({"id": 3}, "tree.id must be a text, not 3"),
        ({"id": "t", "leaves": [{"name": "a", "share": "half"}]}, r"tree.leaves\[0\].share must be a number"),
        ({"id": "t", "leaves": [{"share": 1.0}]}, r"tree.leaves\[0\] has no name"),
        ({"id": "t", "leaves": {}}, "tree.leaves must be a list"),
        ({"id": "t", "ends": [1.0]}, "tree.ends must have 2 entries, not 1"),
        ({"id": "t", "ends": [True, 1.0]}, r"tree.ends\[0\] must be a number, not True"),
        ({"id": "t", "by": {"x": 5}}, "tree.by.x must be an object"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(body: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        from_json(Tree, body, "tree")
