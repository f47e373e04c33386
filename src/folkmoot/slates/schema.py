"""The published JSON schema of ``slate.json`` (draft 2020-12), made from the records it is written from.

``python -m folkmoot.slates.schema docs/slate.schema.json`` writes it.
"""

from __future__ import annotations

import inspect
import json
import sys
import types
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from ..audits import Audit
from ..profile.declared import declared
from ..profile.records import is_required, is_rest, types_of
from ..profile.slate import SCHEMA, SlateStatement
from .recorded import EngineRecord, HeldOutRecord, LedgerRecord, ModelCheck, ProcessRecord, SourceRecord

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PLAIN = {str: "string", bool: "boolean", int: "integer", float: "number", types.NoneType: "null"}


@dataclass(frozen=True)
class SlateFile:
    """A slate with everything that it takes to choose it again and to check it.

    Args:
        schema: the number of this schema; it goes up when a key changes.
        statements: the statements in the order of choice.
        unassigned: the ids of the people whom no statement represents.
        budget: what the slate may cost, in ``unit``.
        unit: ``words``, ``characters``, ``statements`` or ``cost``.
        n_agents: the number of people in the source.
        process: how the slate was chosen.
        engine: the engine that answered the queries.
        seed: the seed of every random choice.
        audit: the figures of the audit; null before one.
        reliability: how well predictions did on held-out answers; null where there is nothing to hold out.
        ledger: the counts of calls to a language model.
        source: the counts of what was read.
        version: the version of folkmoot.
    """

    schema: int
    statements: tuple[SlateStatement, ...]
    unassigned: tuple[str, ...]
    budget: int
    unit: str
    n_agents: int
    process: ProcessRecord
    engine: EngineRecord
    seed: int
    audit: Audit | None
    reliability: ModelCheck | HeldOutRecord | None
    ledger: LedgerRecord
    source: SourceRecord
    version: str


def schema() -> dict[str, Any]:
    """The schema of ``slate.json``, JSON-ready."""
    kinds: dict[str, Any] = {}
    body = _record(SlateFile, kinds)
    body["properties"]["schema"] = {"const": SCHEMA, "description": body["properties"]["schema"]["description"]}
    return {"$schema": DIALECT, "title": "slate.json of folkmoot", **body, "$defs": dict(sorted(kinds.items()))}


def _record(kind: Any, kinds: dict[str, Any]) -> dict[str, Any]:
    """A record as an object; nothing may stand beside its fields, unless it says so itself."""
    hints, meaning = types_of(kind), _meanings(kind)
    properties, required, closed = {}, [], True
    for entry in fields(kind):
        if is_rest(entry):
            closed = False
            continue
        one = _type(hints[entry.name], kinds)
        if meaning.get(entry.name):
            # Beside a reference a description is allowed since draft 2019-09.
            one = {**one, "description": meaning[entry.name]}
        properties[entry.name] = one
        if is_required(entry):
            required.append(entry.name)
    return {
        "description": inspect.cleandoc(kind.__doc__ or "").split("\n\n")[0].replace("\n", " "),
        "type": "object",
        "properties": properties,
        **({"required": required} if required else {}),
        **({"additionalProperties": False} if closed else {}),
    }


def _type(kind: Any, kinds: dict[str, Any]) -> dict[str, Any]:
    origin, inner = get_origin(kind), get_args(kind)
    if kind is Any:
        return {}
    if kind in _PLAIN:
        return {"type": _PLAIN[kind]}
    if is_dataclass(kind) and isinstance(kind, type):
        if kind.__name__ not in kinds:
            kinds[kind.__name__] = {}  # so that a record which holds itself ends
            kinds[kind.__name__] = _record(kind, kinds)
        return {"$ref": f"#/$defs/{kind.__name__}"}
    if origin is Literal:
        return {"const": inner[0]} if len(inner) == 1 else {"enum": list(inner)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_type(one, kinds) for one in inner]}
    if origin is tuple and len(inner) == 2 and inner[1] is Ellipsis:
        return {"type": "array", "items": _type(inner[0], kinds)}
    if origin is tuple:
        ends = [_type(one, kinds) for one in inner]
        return {"type": "array", "prefixItems": ends, "minItems": len(ends), "items": False}
    if isinstance(origin, type) and issubclass(Mapping, origin):
        return {"type": "object", "additionalProperties": _type(inner[1], kinds)}
    raise TypeError(f"{kind} has no place in a record")


def _meanings(kind: type[Any]) -> dict[str, str]:
    """What is said of each field: where options are declared, or in the docstring of the record, under ``Args:``."""
    options = declared(kind)
    if options:
        return {name: each.option.help for name, each in options.items()}
    _, _, listed = inspect.cleandoc(kind.__doc__ or "").partition("\nArgs:\n")
    found: dict[str, str] = {}
    name = ""
    for line in listed.splitlines():
        words = line.strip()
        if line.startswith("    ") and not line.startswith("     "):
            name, _, words = words.partition(": ")
            found[name] = words
        elif name and words:
            found[name] += f" {words}"
        else:
            break
    return found


def text() -> str:
    """The schema as it is published."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Writes the schema to the file named on the command line."""
    Path(sys.argv[1]).write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
