"""Finds the English sentences that go into records: where they are marked (`noted`), and where readers note something.

Readers say what they changed in the second argument of ``notes.add``, ``notes.put`` or ``Note``. What is filled in, in
an f-string, becomes a placeholder named after what fills it.
"""

from __future__ import annotations

import ast
import re
from collections import deque
from collections.abc import Iterator
from itertools import product
from pathlib import Path

#: The context of these messages in catalogues: they are recognised in records, not looked up.
CONTEXT = "recorded"
#: What writes no records, or writes in the language of the page.
WITHOUT = ("report", "web", "testing")
#: So many readings of one sentence are looked at, and so many of a choice of words within it.
MOST, CHOICES = 64, 2


def recorded_messages(package: Path) -> dict[str, list[tuple[str, int]]]:
    """Every sentence that may be recorded, with placeholders, and the places where it stands.

    Args:
        package: the folder of the package.
    """
    found: dict[str, list[tuple[str, int]]] = {}
    for file in sorted(package.rglob("*.py")):
        room = file.relative_to(package).parts[0]
        text = file.read_text(encoding="utf-8")
        if room in WITHOUT or not re.search(r"noted\(|notes?\.(?:add|put)\(|Note\(", text):
            continue
        for line, message in _in_file(ast.parse(text)):
            found.setdefault(message, []).append((file.relative_to(package).as_posix(), line))
    return found


def _in_file(tree: ast.Module) -> Iterator[tuple[int, str]]:
    scopes: list[ast.AST] = [tree, *(n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef))]
    for scope in scopes:
        for node in _own(scope):
            sentence = _sentence_of(node)
            if sentence is not None:
                yield from ((node.lineno, message) for message in _readings(sentence, scope, tree))


def _own(scope: ast.AST) -> Iterator[ast.Call]:
    """The calls of a scope without those of functions within it."""
    waiting = deque(ast.iter_child_nodes(scope))
    while waiting:
        node = waiting.popleft()
        if isinstance(node, ast.Call):
            yield node
        if not isinstance(node, ast.FunctionDef):
            waiting += ast.iter_child_nodes(node)


def _sentence_of(call: ast.Call) -> ast.expr | None:
    """The argument that is a sentence of a record; None where the call makes none."""
    name = call.func
    if isinstance(name, ast.Name) and name.id == "noted" and call.args:
        return call.args[0]
    reads = isinstance(name, ast.Name) and name.id == "Note"
    adds = isinstance(name, ast.Attribute) and name.attr in ("add", "put") and "notes" in ast.unparse(name.value)
    return call.args[1] if (reads or adds) and len(call.args) > 1 else None


def _readings(node: ast.expr, scope: ast.AST, tree: ast.AST) -> list[str]:
    """The sentences that an expression can be; none where it is made elsewhere, which then marks them itself."""
    try:
        parts = _templates(node, scope, tree)
    except _ElsewhereError:
        return []
    return list(dict.fromkeys("".join(_written(one)) for one in parts))


class _ElsewhereError(Exception):
    """The text is no constant of this scope."""


#: Texts, and names of what is filled in.
_Part = tuple[str, bool]


def _templates(node: ast.expr, scope: ast.AST, tree: ast.AST) -> list[list[_Part]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [[(node.value, False)]]
    if isinstance(node, ast.JoinedStr):
        each = [_filled(value, scope, tree) for value in node.values]
        return [[part for parts in one for part in parts] for one in product(*each)][:MOST]
    if isinstance(node, ast.IfExp):
        return _templates(node.body, scope, tree) + _templates(node.orelse, scope, tree)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        sides = product(_templates(node.left, scope, tree), _templates(node.right, scope, tree))
        return [[*left, *right] for left, right in sides][:MOST]
    if isinstance(node, ast.Name):
        return _assigned(node, scope, tree)
    raise _ElsewhereError


def _filled(value: ast.expr, scope: ast.AST, tree: ast.AST) -> list[list[_Part]]:
    if isinstance(value, ast.Constant):
        return [[(str(value.value), False)]]
    assert isinstance(value, ast.FormattedValue)  # an f-string has no third kind of part
    if isinstance(value.value, ast.Name | ast.IfExp) and value.format_spec is None and value.conversion < 0:
        # A choice of words of this scope belongs to the sentence; where it is a long one, its words are marked alone.
        try:
            found = _templates(value.value, scope, tree)
            if len(found) <= CHOICES:
                return found
        except _ElsewhereError:
            pass
    names = [getattr(node, "id", "") or getattr(node, "attr", "") for node in ast.walk(value.value)]
    names = [name.strip("_").lower() for name in names if name]
    return [[(next(iter(names), "it"), True)]]


def _assigned(name: ast.Name, scope: ast.AST, tree: ast.AST) -> list[list[_Part]]:
    """What a name stands for: whatever may have been assigned to it last before."""
    for place in (scope, tree):
        if place is tree and not name.id.isupper():
            break
        values = [one for one in _assignments(place, name.id) if place is tree or one.lineno < name.lineno]
        if values:
            last = _reaching(values, place, name)
            return [one for each in last for one in _templates(each.value, scope, tree)]
    raise _ElsewhereError


def _assignments(place: ast.AST, name: str) -> list[ast.Assign]:
    assigned = [node for node in ast.walk(place) if isinstance(node, ast.Assign)]
    return [one for one in assigned if any(isinstance(t, ast.Name) and t.id == name for t in one.targets)]


def _reaching(values: list[ast.Assign], place: ast.AST, name: ast.Name) -> list[ast.Assign]:
    """The assignments that may be the last before a use: back to the one that is made in any case."""
    choices = [set(ast.walk(each)) for each in ast.walk(place) if isinstance(each, ast.If)]
    reaching = []
    for value in sorted(values, key=lambda one: -one.lineno):
        reaching.append(value)
        if not any(value in choice and name not in choice for choice in choices):
            break
    return reaching[::-1]


def _written(parts: list[_Part]) -> Iterator[str]:
    """The sentence with placeholders in the form of catalogues, each with a name of its own."""
    fills, seen = any(is_name for _, is_name in parts), dict[str, int]()
    for text, is_name in parts:
        if is_name:
            seen[text] = seen.get(text, 0) + 1
            yield f"%({text}{seen[text] if seen[text] > 1 else ''})s"
        else:
            yield text.replace("%", "%%") if fills else text
