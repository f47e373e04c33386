"""The Slate: statements in order, the agents that each represents, and everything needed to run it again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from json.encoder import encode_basestring
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from .content import Provenance
from .errors import InputError
from .shown import bar, counted, line, table

if TYPE_CHECKING:
    from .tabular import Library, Row

SCHEMA = 1
# Numbers above this are slips or attacks, not budgets and seeds: everything stays in 64-bit integers.
LARGEST = 10**9


@dataclass(frozen=True)
class SlateStatement:
    """One statement of a slate.

    Args:
        id: the id in the profile's pool.
        text: the text as written.
        cost: the cost of the statement, in the slate's unit.
        agents: the ids of the agents that it represents.
        provenance: the origin of the statement.
        original: the wording that people voted on, where ``text`` is the organisers' own; empty: they are the same.
    """

    id: str
    text: str = ""
    cost: int | None = None
    agents: tuple[str, ...] = ()
    provenance: Provenance = field(default_factory=Provenance)
    original: str = ""


@dataclass(frozen=True)
class Slate:
    """The choice of a process, and the record from which it can be run again (``slate.json``, schema 1).

    Args:
        statements: the statements in the order of choice.
        unassigned: the ids of the agents whom no statement represents.
        budget: the most that the slate may cost, in ``unit``.
        unit: the unit of budget and costs: ``words``, ``characters``, ``statements`` or ``cost``.
        n_agents: the number of agents in the profile.
        process: the id and the parameters of the process, with the ties and the rounds of its run.
        engine: the engine that answered the queries, with its parameters.
        seed: the seed of every random choice.
        audit: the figures of the audit; None before an audit.
        reliability: how well predictions did on held-out answers; None if there is nothing to hold out.
        ledger: the counts of calls to a language model (``calls``, ``input_tokens``, ``output_tokens``, ``cached``:
            tokens of prompts that the endpoint had cached; with a model also ``failed``, ``cost`` and the same by
            ``queries``).
        source: the counts of what was read: completeness and notes.
        version: the version of folkmoot.
    """

    statements: tuple[SlateStatement, ...]
    unassigned: tuple[str, ...]
    budget: int
    unit: str
    n_agents: int
    process: Mapping[str, Any] = field(default_factory=dict)
    engine: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    audit: Mapping[str, Any] | None = None
    reliability: Mapping[str, Any] | None = None
    ledger: Mapping[str, Any] = field(default_factory=dict)
    source: Mapping[str, Any] = field(default_factory=dict)
    version: str = ""
    # The view of the source from which the slate was chosen, for the page of `to_review`. Never written.
    view: Any = field(default=None, compare=False, repr=False)

    def __repr__(self) -> str:
        return line("Slate", *self._facts)

    def _repr_html_(self) -> str:
        """For notebooks: the statements, how many people each stands for, and how all answered it, as a bar."""
        costs = self.unit != "statements"
        heads = ("", "statement", self.unit or "cost", "stands for people", "of who answered, agreed")
        rows = []
        for row in sorted(self.rows(), key=lambda row: int(row["number"] or 0)):
            agree, answered = int(row["agree"] or 0), int(row["answered"] or 0)
            agreed = f"{bar(agree / answered, 10)} ({agree:,} of {answered:,})" if answered else ""
            share = "" if row["share"] is None else f" ({float(row['share']):.0%})"
            cost = "" if row["cost"] is None else f"{row['cost']:,}"
            cells = (row["number"], row["text"] or row["id"], cost, f"{row['people']:,}{share}", agreed)
            rows.append(cells if costs else cells[:2] + cells[3:])
        return table("Slate", self._facts, heads if costs else heads[:2] + heads[3:], rows)

    @property
    def _facts(self) -> tuple[str, ...]:
        return (
            counted(len(self.statements), "statement"),
            f"{self.cost:,} of {self.budget:,} {self.unit}" if self.budget else "",
            str(self.process.get("id", "")),
            f"{counted(self.n_agents, 'person', 'people')}" if self.n_agents else "",
            f"{len(self.unassigned):,} not represented" if self.unassigned else "",
        )

    def rows(self) -> list[Row]:
        """A row for each statement: number, id, text, cost, people it stands for, and how people answered it.

        Rows are in the order of choice, as in ``slate.json``; ``number`` is the one that people read on every page.
        ``people`` counts whom it stands for and ``share`` their share of all; ``answered``, ``agree`` and ``disagree``
        count everybody's own answers to it, ``people_answered`` and ``people_agree`` those of the people it stands for;
        without an audit these are None.
        """
        from .tabular import rows_of

        return rows_of(self.statements, type(self).numbers(self), self.n_agents, self.audit)

    def to_frame(self, library: Library | None = None) -> Any:
        """The rows as a frame.

        Args:
            library: ``pandas`` or ``polars``; None: the one that the program has loaded, else the installed one.

        Raises:
            MissingExtraError: if the library is not installed, or none is.
        """
        from .tabular import frame_of

        return frame_of(self.rows(), library)

    def to_json(self, path: str | Path | None = None) -> str:
        """The slate as ``slate.json``: same slate, same bytes.

        Args:
            path: a file that it is written to as well.

        Raises:
            InputError: if the file cannot be written.
        """
        text = self._json()
        if path is not None:
            try:
                Path(path).write_text(text, encoding="utf-8", newline="\n")
            except OSError as error:
                raise InputError(f"cannot be written ({error.strerror}); name another file", file=path) from None
        return text

    def _json(self) -> str:
        """`to_json`: the lists of people are put in as text, where the encoder would go through millions of names."""
        lists = [*(one.agents for one in self.statements), self.unassigned]
        marks = [(f"\0{number}",) if people else () for number, people in enumerate(lists)]
        text = self._encoded(marks[:-1], marks[-1])
        if text.count('"\\u0000') > sum(map(len, marks)):
            return self._encoded(lists[:-1], lists[-1])  # a name of the source looks like a mark
        parts: list[str] = []
        for mark, people in zip(marks, lists, strict=True):
            if mark:
                head, _, text = text.partition(json.dumps(mark[0]))
                indent = head[head.rindex("\n") :]
                parts += [head, f",{indent}".join(map(encode_basestring, people))]
        return "".join([*parts, text])

    def _encoded(self, agents: Sequence[tuple[str, ...]], unassigned: tuple[str, ...]) -> str:
        """The slate as JSON, with these people in the place of its own."""
        statements = (replace(one, agents=these) for one, these in zip(self.statements, agents, strict=True))
        slate = replace(self, view=None, statements=tuple(statements), unassigned=unassigned)
        body = {"schema": SCHEMA, **asdict(slate)}
        del body["view"]
        for statement in body["statements"]:
            if not statement["original"]:
                del statement["original"]
        return json.dumps(body, ensure_ascii=False, indent=1, allow_nan=False) + "\n"

    # Pages stand above everything; the package says how a slate becomes one, and how they number its statements.
    numbers: ClassVar[Callable[[Slate], Sequence[int]]]
    publish: ClassVar[Callable[[Slate, Path, Mapping[str, Any]], Path]]

    def to_html(self, path: str | Path, **options: Any) -> Path:
        """Writes the page for the public, one self-contained HTML file that names nobody.

        Args:
            path: the file to write.
            options: fields of `folkmoot.profile.PageOptions`, like ``title="…"`` or ``lang="de"``.

        Raises:
            InputError: if the slate was not audited, if an option has a value that it cannot have, or if the file
                cannot be written.
        """
        return type(self).publish(self, Path(path), options)

    def to_review(self, path: str | Path, lang: str = "") -> Path:
        """Writes the page for staff, which names participants (needs the ``report`` extra).

        Args:
            path: the file to write.
            lang: the language, like ``de``; empty: that of the source if there is a translation, else English.

        Raises:
            InputError: if the slate was read from a file; `folkmoot.audited` locates it in its source first. Also if
                there is no such language, or if the file cannot be written.
        """
        if self.view is None:
            raise InputError("this slate was read from a file; use folkmoot.audited(profile, slate).slate instead")
        written: Path = self.view.to_html(Path(path), lang)
        return written

    @classmethod
    def load(cls, path: str | Path) -> Slate:
        """Reads a ``slate.json`` file; see `from_json`."""
        try:
            text = Path(path).read_text(encoding="utf-8-sig")
        except OSError as error:
            raise InputError(f"cannot be read ({error.strerror}); pass the slate.json of a run", file=path) from None
        except UnicodeDecodeError:
            raise InputError("is not UTF-8 text; pass the slate.json of a run", file=path) from None
        return cls.from_json(text, path)

    @classmethod
    def from_json(cls, text: str, file: str | Path | None = None) -> Slate:
        """Reads ``slate.json``, also one written by hand: only ``statements`` (each an id or a text) is required.

        Raises:
            InputError: if the text is not JSON, there are no statements, or a statement has neither id nor text.
        """
        try:
            body = json.loads(text)
        except RecursionError:
            raise InputError("is nested too deeply; pass the slate.json of a run", file=file) from None
        except json.JSONDecodeError as error:
            raise InputError(
                f'not JSON ({error.msg}); pass the slate.json of a run, or a list of ids like ["3", "7"]',
                file=file,
                row=error.lineno,
            ) from None
        entries = body.get("statements") if isinstance(body, dict) else body
        if not isinstance(entries, list) or not entries:
            raise InputError('no statements: a slate is {"statements": [{"id": ...} or {"text": ...}, ...]}', file=file)
        if not isinstance(body, dict):
            body = {}
        if body.get("schema", SCHEMA) != SCHEMA:
            raise InputError(f"schema {body['schema']!r} is not known; this version reads schema {SCHEMA}", file=file)
        statements = tuple(_statement(entry, place, file) for place, entry in enumerate(entries, start=1))
        return cls(
            statements=statements,
            unassigned=_ids(body.get("unassigned", []), "unassigned", file),
            budget=_integer(body.get("budget", 0), "budget", file),
            unit=str(body.get("unit", "")),
            n_agents=_integer(body.get("n_agents", 0), "n_agents", file),
            seed=_integer(body.get("seed", 0), "seed", file),
            process=_mapping(body.get("process"), "process", file),
            engine=_mapping(body.get("engine"), "engine", file),
            audit=_mapping(body.get("audit"), "audit", file) or None,
            reliability=_mapping(body.get("reliability"), "reliability", file) or None,
            ledger=_mapping(body.get("ledger"), "ledger", file),
            source=_mapping(body.get("source"), "source", file),
            version=str(body.get("version", "")),
        )

    @cached_property
    def derived(self) -> dict[str, Any]:
        """Results computed from this slate, by name, so that they are computed only once. Never written."""
        return {}

    @property
    def cost(self) -> int:
        """What the slate costs, in its unit."""
        return sum(s.cost or 0 for s in self.statements)


def _statement(entry: Any, place: int, file: str | Path | None) -> SlateStatement:
    if isinstance(entry, str):
        entry = {"text": entry}
    if not isinstance(entry, dict) or not (entry.get("id") not in (None, "") or entry.get("text")):
        raise InputError(f"statement {place} needs an id or a text", file=file)
    if not isinstance(entry.get("text", ""), str):
        raise InputError(f"statement {place}: the text must be a text", file=file)
    original = entry.get("original", "")
    if not isinstance(original, str) or (original and not entry.get("text")):
        raise InputError(f"statement {place}: the original must be a text beside another one", file=file)
    provenance = _mapping(entry.get("provenance"), f"statement {place}: provenance", file)
    cost = entry.get("cost")
    return SlateStatement(
        id=str(entry.get("id", "") if entry.get("id") is not None else ""),
        text=str(entry.get("text", "")),
        cost=None if cost is None else _integer(cost, f"statement {place}: cost", file),
        agents=_ids(entry.get("agents", []), f"statement {place}: agents", file),
        provenance=Provenance(
            str(provenance.get("kind", "by hand")),
            _ids(provenance.get("agents", []), f"statement {place}: provenance.agents", file),
            str(provenance.get("detail", "")),
        ),
        original=original,
    )


def _integer(value: Any, what: str, file: str | Path | None) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST:
        raise InputError(f"{what} must be a whole number from 0 to {LARGEST:,}, not {value!r}", file=file)
    return value


def _ids(value: Any, what: str, file: str | Path | None) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise InputError(f"{what} must be a list of ids", file=file)
    return tuple(str(name) for name in value)


def _mapping(value: Any, what: str, file: str | Path | None) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InputError(f"{what} must be an object", file=file)
    return value
