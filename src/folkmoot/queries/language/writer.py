"""Statements that a language model writes for groups of people, within a budget, with checks of each.

The model is shown the texts of one group and nothing else. A shorter version of a statement over the budget is
requested once; if that is too long, too, it is dropped. A statement that is in the pool already is not added again. One
that addresses the model, and so would get into everybody's questions, is held back, and so is one with which, by the
model, even somebody without an opinion agrees (see `control`). All of this is counted and recorded.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from ...llm import Answer, Call, Failed, Model
from ...llm.early import Expects, expecting
from ...profile import InputError, IntArray, Profile, Provenance, words
from ...profile.sentences import noted
from ..texts.near import near_pairs
from .control import NO_ANSWER, question, unfounded
from .disc import Judged
from .filtered import filtered, refused_texts
from .lint import ADDRESSES_MODEL, UNCHECKED, UNFOUNDED, Finding, lint
from .people import People, addressed
from .prompts import Prompt, prompt
from .readable_answers import Tally, ask, between
from .structured import opinion, read_opinion
from .tags import summarised

# Tokens of an answer: of a statement of any length at most, and of one within a number of words, in any language.
MAX_TOKENS = 1_000
TOKENS_A_WORD, TOKENS_AROUND = 8, 64

Unit = Literal["words", "statements"]


@dataclass(frozen=True)
class Group:
    """People for whom a statement is to be written.

    Args:
        generator: the name of the method that formed the group.
        agents: int64, the rows of the agents, ascending.
        temperature: the temperature of sampling.
    """

    generator: str
    agents: IntArray
    temperature: float = 0.0


@dataclass(frozen=True)
class Written:
    """A statement that the model wrote.

    Args:
        number: the number of the statement in Disc; -1 where it is not in the pool.
        text: the text as written, whitespace runs as one space.
        cost: the cost in the unit of the budget.
        group: the group for whom it was written.
        query: the name and the version of the prompt.
        limit: the most that it was allowed to cost.
        level: the approval level that was aimed at.
        turn: the number of the request.
        findings: the parts that may be made up, and the reasons why it is not in the pool.
    """

    number: int
    text: str
    cost: int
    group: Group
    query: str
    limit: int
    level: float | None
    turn: int
    findings: tuple[Finding, ...] = ()


@dataclass
class Writer:
    """Requests statements for groups from a model and keeps a record of them.

    Args:
        model: the model that writes.
        disc: the query to whose pool the statements are added.
        topic: the topic of the conversation, which the model is shown.
        unit: ``words``: a statement costs as many as its words; ``statements``: it costs 1 and may have any length.
        ids: the ids of the participants, which no statement may name.
        query: the name of the prompt for statements within a number of words.
        control: whether every new statement has to pass the control question.
        structured: whether statements are asked for in a structured answer.
        free: the name of the prompt for statements that cost 1 each.
        longest: the most words of such a statement; None: any number.
        room: the most characters of texts that are written from; of more, everybody's summary stands in for their text.
            None: any number.
    """

    model: Model
    disc: Judged
    topic: str = ""
    unit: Unit = "words"
    ids: Collection[str] = ()
    query: str = "statement"
    control: bool = False
    structured: bool = False
    free: str = "statement-free"
    longest: int | None = None
    room: int | None = None
    tally: Tally = field(default_factory=Tally)
    written: list[Written] = field(default_factory=list)
    cut: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.ids = frozenset(self.ids)
        self._keys = {_key(text) for text in self.disc.statements}
        self._summaries: dict[int, str] = {}

    @property
    def people(self) -> People:
        return self.disc.people

    def cost(self, statement: int) -> int:
        """What a statement costs."""
        return self._cost(self.disc.statements[statement])

    def write(self, wanted: Sequence[Group], limit: int, level: float | None, turn: int) -> list[int]:
        """Numbers of the new statements, in the order of the groups.

        Args:
            wanted: the groups.
            limit: the most that each statement may cost.
            level: the approval level aimed at, for the record.
            turn: the number of the request; at a temperature above 0 another turn is another sample.
        """
        form = self._prompt(self.query if self.unit == "words" else self.free)
        shown = [group for group in wanted if self.people.writable(group.agents)]
        self.cut[noted("group without texts")] += len(wanted) - len(shown)
        calls = [self._call(form, group, limit, turn) for group in shown]
        lost: dict[int, Failed] = {}
        texts = ask(self.model, calls, self._read, self.tally, lost=lost)
        for place in sorted(place for place, failed in lost.items() if filtered(failed)):
            texts[place], calls[place] = self._without_filtered(form, shown[place], calls[place], limit, turn)
        self._shorten(texts, calls, limit)
        doubtful = self._controlled([text for text in texts if text is not None and not self._over(text, limit)])
        entries = [
            self._keep(text, group, form.query, limit, level, turn, doubtful.get(text))
            for group, text in zip(shown, texts, strict=True)
            if text is not None
        ]
        self.cut[noted("no answer")] += sum(text is None for text in texts)
        return [record.number for record in entries if record.number >= 0]

    def expect(self, slot: str, wanted: Sequence[tuple[Group, int, int]]) -> None:
        """Tells the model what `write` will probably be asked for; nothing is written down, and nothing is decided.

        Args:
            slot: the name of the guess, see `folkmoot.llm.early.Early.expect`.
            wanted: groups with the most that their statement may cost and the number of the request.
        """
        told = expecting(self.model)
        if told is None:
            return
        form = self._prompt(self.query if self.unit == "words" else self.free)
        limits: dict[str, int] = {}
        calls = []
        for group, limit, turn in wanted:
            if rows := self.people.writable(group.agents):
                # Summaries are asked for in between: what comes after them is not known yet.
                if self.room is not None and sum(len(self.people.texts[row]) for row in rows) > self.room:
                    continue
                call = self._call(form, group, limit, turn)
                limits[call.key] = self._words(limit) or limit
                calls.append(call)

        def then(call: Call, answer: Answer) -> list[Call]:
            text, limit = self._read(answer), limits.get(call.key)
            if text is None or limit is None:
                return []
            if words(text) > limit > 0 and self._words(limit) is not None:
                shorter = self._shorter(call, text, limit)
                limits[shorter.key] = 0  # it is not shortened once more
                return [shorter]
            if not self.control or _key(text) in self._keys or addressed(text):
                return []
            return [question(self.model, text, structured=self.structured)]

        told.expect(slot, calls, then)

    def foreseen(self, wanted: Sequence[Group], limit: int, turn: int) -> list[str] | None:
        """The statements that `write` will add, in their order, by what the model has said already.

        None: some are not there yet, or their control question has no answer yet.
        """
        told = expecting(self.model)
        form = self._prompt(self.query if self.unit == "words" else self.free)
        calls = [self._call(form, group, limit, turn) for group in wanted if self.people.writable(group.agents)]
        said = {} if told is None else told.answered(calls)
        texts: dict[str, str] = {}
        for call in calls:
            text = self._read(said[call.key]) if call.key in said else None
            if told is None or text is None:
                return None
            if self._over(text, limit):
                shorter = self._shorter(call, text, self._words(limit) or limit)
                again = told.answered([shorter])
                if shorter.key not in again:
                    return None
                text = self._read(again[shorter.key]) or text
            if not self._over(text, limit) and _key(text) not in self._keys and not addressed(text):
                texts.setdefault(_key(text), text)
        found = [*texts.values()]
        if told is None or not self.control:
            return found
        doubtful = unfounded(_Known(told), found, Tally(stops=False), structured=self.structured)
        return None if NO_ANSWER in doubtful.values() else [text for text in found if text not in doubtful]

    def adopt(self, text: str, group: Group, query: str, limit: int) -> int:
        """The number of a statement from another source, checked like every other; -1 where it is not accepted."""
        text = " ".join(text.split())
        return self._keep(text, group, query, limit, None, 0, self._controlled([text]).get(text)).number

    def like(self, *, query: str) -> Writer:
        """A writer with another prompt into the same pool and the same record."""
        other = replace(self, query=query)
        other._keys = self._keys
        return other

    def extended(self, profile: Profile) -> Profile:
        """The profile with the written statements at the end, numbered as in Disc, ids ``written-1``, ...

        Raises:
            InputError: Disc does not begin with the statements of this profile.
        """
        kept = [entry for entry in self.written if entry.number >= 0]
        if self.disc.statements[: profile.n_statements] != list(profile.statements.texts) or (
            [entry.number for entry in kept] != list(range(profile.n_statements, self.disc.n_statements))
        ):
            raise InputError("the statements were written for another profile; pass the one Disc was made for")
        taken = set(profile.statements.ids)
        free = (name for k in range(1, len(kept) + len(taken) + 1) if (name := f"written-{k}") not in taken)
        origins = [
            Provenance("generated", tuple(profile.agents.ids[int(row)] for row in entry.group.agents), _detail(entry))
            for entry in kept
        ]
        return profile.with_statements([next(free) for _ in kept], [entry.text for entry in kept], origins)

    @property
    def description(self) -> dict[str, Any]:
        """Counts of statements and of their outcomes, JSON-ready."""
        kept = [entry for entry in self.written if entry.number >= 0]
        kinds = Counter(finding.kind for entry in self.written for finding in entry.findings)
        return {
            "written": len(kept),
            "cut": {why: count for why, count in sorted(self.cut.items()) if count},
            "findings": dict(sorted(kinds.items())),
            "near_duplicates": len({at for _, at in near_pairs([entry.text for entry in kept])}),
            "calls": self.tally.as_dict(),
        }

    def _prompt(self, name: str) -> Prompt:
        return prompt(f"{name}-object" if self.structured else name)

    def _read(self, answer: Answer) -> str | None:
        return read_opinion(answer) if self.structured else between(answer.said, "opinion")

    def _call(self, form: Prompt, group: Group, limit: int, turn: int) -> Call:
        return self._call_with(self.people.writable(group.agents), form, group, limit, turn)

    def _call_with(self, rows: Sequence[int], form: Prompt, group: Group, limit: int, turn: int) -> Call:
        values: dict[str, Any] = {"topic": self.topic, "people": self._texts_of(rows)}
        if (most_words := self._words(limit)) is not None:
            values["words"] = most_words
        most = MAX_TOKENS if self.unit != "words" else min(MAX_TOKENS, TOKENS_AROUND + TOKENS_A_WORD * limit)
        parameters: dict[str, Any] = {"temperature": group.temperature, "max_tokens": most}
        if self.structured:
            parameters["response_format"] = opinion()
        about = {"generator": group.generator, "agents": group.agents.tolist(), "turn": turn}
        # Samples are a hundred apart, because a repeated call is the next sample.
        return form.call(values, parameters, about, 100 * turn if group.temperature > 0 else 0)

    def _without_filtered(
        self, form: Prompt, group: Group, call: Call, limit: int, turn: int
    ) -> tuple[str | None, Call]:
        """What is written for a group without the texts that the endpoint's filter refuses, and the request for it."""

        def request(rows: Sequence[int]) -> Call:
            return self._call_with(rows, form, group, limit, turn)

        rows = self.people.writable(group.agents)
        if rows and request(rows).key == call.key:
            self.people.filtered.update(refused_texts(self.model, rows, request))
            rows = self.people.writable(group.agents)
        if not rows or request(rows).key == call.key:
            return None, call
        (text,) = ask(self.model, [request(rows)], self._read, self.tally)
        return text, request(rows)

    def _shorten(self, texts: list[str | None], calls: Sequence[Call], limit: int) -> None:
        """Requests a shorter version of each text over the budget, once, and replaces it in place."""
        limit = self._words(limit) or limit
        long = [(place, text) for place, text in enumerate(texts) if text is not None and self._over(text, limit)]
        again = []
        for place, text in long:
            again.append(self._shorter(calls[place], text, limit))
        for (place, _), shorter in zip(long, ask(self.model, again, self._read, self.tally), strict=True):
            texts[place] = shorter or texts[place]

    def _shorter(self, call: Call, text: str, limit: int) -> Call:
        said = json.dumps({"opinion": text}, ensure_ascii=False) if self.structured else f"<opinion>{text}</opinion>"
        before = (*call.messages, ("assistant", said))
        values = {"had": words(text), "words": limit}
        return self._prompt("shorter").call(values, call.parameters, call.about, call.sample, before)

    def _controlled(self, texts: Sequence[str]) -> dict[str, str]:
        """Why new statements fail the control question; those that pass are left out."""
        new = [text for text in dict.fromkeys(texts) if _key(text) not in self._keys and not addressed(text)]
        return unfounded(self.model, new, self.tally, structured=self.structured) if self.control else {}

    def _keep(
        self, text: str, group: Group, query: str, limit: int, level: float | None, turn: int, doubt: str | None
    ) -> Written:
        sources = [self.topic, *self.people.of(group.agents)]
        findings = list(lint(text, sources, self.ids))
        why = None
        if self._over(text, limit):
            why = f"over {self._words(limit)} words twice"
            self.cut[noted("over budget")] += 1
        elif _key(text) in self._keys:
            why = "is there already"
            self.cut[noted("duplicate")] += 1
        elif any(finding.kind == ADDRESSES_MODEL for finding in findings):
            why = "held back: it would reach everybody's questions"
            self.cut[ADDRESSES_MODEL] += 1
        elif doubt is not None:
            kind = UNCHECKED if doubt == NO_ANSWER else UNFOUNDED
            findings.append(Finding(kind, doubt))
            why = "held back: it may hold an order to the model"
            self.cut[kind] += 1
        number = -1
        if why is None:
            number = self.disc.add(text)
            self._keys.add(_key(text))
        else:
            findings.append(Finding("not in the pool", why))
        entry = Written(number, text, self._cost(text), group, query, limit, level, turn, tuple(findings))
        self.written.append(entry)
        return entry

    def _cost(self, text: str) -> int:
        return words(text) if self.unit == "words" else 1

    def _words(self, limit: int) -> int | None:
        """The most words of a statement; None: any number."""
        return limit if self.unit == "words" else self.longest

    def _over(self, text: str, limit: int) -> bool:
        most = self._words(limit)
        return most is not None and words(text) > most

    def _texts_of(self, rows: Sequence[int]) -> list[str]:
        """What these people wrote; where that is too much for one request, each text in two or three sentences."""
        texts = [self.people.texts[row] for row in rows]
        if self.room is None or sum(map(len, texts)) <= self.room:
            return texts
        missing = [row for row in rows if row not in self._summaries]
        told = summarised(self.model, self.people, missing, self.tally, structured=self.structured)
        for row, found in zip(missing, told, strict=True):
            # Nobody is left out for want of a summary.
            self._summaries[row] = found or self.people.texts[row]
        return [self._summaries[row] for row in rows]


class _Known:
    """A model that has only the answers that are there already."""

    def __init__(self, told: Expects) -> None:
        self._told = told

    def answers(self, calls: Sequence[Call]) -> list[Answer | Failed]:
        """See `Model.answers`."""
        known = self._told.answered(calls)
        return [known.get(call.key) or Failed("not answered yet") for call in calls]


def _key(text: str) -> str:
    return " ".join(text.casefold().split())


def _detail(entry: Written) -> str:
    level = "" if entry.level is None else f", level {entry.level:g}"
    return f"{entry.query}, {entry.group.generator}, at most {entry.limit}{level}, turn {entry.turn}"
