"""Disc through a language model: how well a statement represents a person, judged by what the person wrote.

A question is about one person and contains no other person's text, so what somebody writes can change their own
utilities only. A question may be about several statements; a statement that looks as if it were meant for the model
always has a question of its own. An answer that cannot be read stays unknown (nan) and is counted, it never becomes 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...llm import Call, Model
from ...profile import BoolArray, FloatArray, InputError, IntArray
from .pairs import Pairs, Table, packs
from .people import People, addressed
from .prompts import Value, prompt
from .protocol import Stage
from .readable_answers import RatingCall, Tally, ask, rate_all
from .structured import AROUND_TOKENS, LIST_TOKENS, lists, read_lists

# Candidates of a token that are requested; endpoints may return fewer.
TOP = 5
LOW, HIGH = 1, 6
# Statements in one prompt.
PER_PROMPT = 8
# Tokens that a line of an answer may have; "12: 4" has five characters.
LINE = 8
Pair = tuple[int, int]


class Judged:
    """Utilities that the model is asked for when they are needed, each once (a `Disc`; statements can be added).

    Args:
        model: the model that answers.
        people: the texts of everybody that the model is shown.
        statements: the texts of the statements, numbered from 0.
        answered: the utilities of people's own answers, by (agent, statement); the model is not asked for them.
    """

    name = ""
    range = (float(LOW), float(HIGH))  # lowest and highest utility

    def __init__(
        self,
        model: Model,
        people: People,
        statements: Sequence[str] = (),
        answered: Mapping[Pair, float] | None = None,
    ) -> None:
        self.model, self.people = model, people
        self.statements: list[str] = []
        self.tally = Tally()
        self._silent = np.array([not text for text in people.texts], dtype=bool)
        self._table = Table(len(people))
        for text in statements:
            self.add(text)
        self._own_utilities = dict(answered or {})
        own = np.array(list(self._own_utilities), dtype=np.int64).reshape(-1, 2)
        self._table.put(Pairs(own[:, 0], own[:, 1]), np.array(list(self._own_utilities.values()), dtype=np.float64))
        self._own = np.zeros((len(people), len(statements)), dtype=bool)
        self._own[own[:, 0], own[:, 1]] = True

    @property
    def n_agents(self) -> int:
        return len(self.people)

    @property
    def n_statements(self) -> int:
        return len(self.statements)

    @property
    def unknown(self) -> int:
        """Number of pairs that were requested and have no utility."""
        return self._table.unknown

    @property
    def so_far(self) -> FloatArray:
        """float64 [n_agents, n_statements]: the utilities known so far, nan elsewhere; makes no calls."""
        return self._table.values(np.arange(self.n_agents), np.arange(self.n_statements))

    @property
    def description(self) -> dict[str, Any]:
        """Counts of calls and of unknown utilities, JSON-ready."""
        return {"calls": self.tally.as_dict(), "unknown": self.unknown, "suspicious": len(self.people.suspicious)}

    def add(self, text: str) -> int:
        """Adds a statement and returns its number."""
        self.statements.append(text)
        # Nothing is asked about people of whom there is nothing to show.
        self._table.add(self._silent)
        return self.n_statements - 1

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """See `Disc.utilities`; nan where the model gave no answer that can be read, or there is nothing to show."""
        rows, columns = np.asarray(agents, dtype=np.int64), np.asarray(statements, dtype=np.int64)
        pairs = Pairs.block(rows, columns).without(self._table.settled)
        if len(pairs):
            self._learn(pairs)
        return self._table.values(rows, columns)

    def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
        """See `Disc.known`: True where the utility is the person's own answer."""
        rows, columns = np.asarray(agents, dtype=np.int64), np.asarray(statements, dtype=np.int64)
        known = np.zeros((len(rows), len(columns)), dtype=bool)
        first = columns < self._own.shape[1]
        known[:, first] = self._own[np.ix_(rows, columns[first])]
        return known

    def _learn(self, pairs: Pairs) -> None:
        """Settles these pairs person by person, so that prompts with the same beginning follow each other."""
        utilities = self._ask(pairs.as_tuples())
        self._table.put(pairs, np.array([np.nan if value is None else value for value in utilities], dtype=np.float64))

    def _ask(self, pairs: Sequence[Pair]) -> list[float | None]:
        """One utility for every pair, None where there is none."""
        raise NotImplementedError

    def _call(self, name: str, pair: Pair, parameters: Mapping[str, object], sample: int = 0, **more: Any) -> Call:
        row, column = pair
        values = {"person": self.people.texts[row], "statement": self.statements[column], **more}
        return prompt(name).call(values, parameters, {"agent": row, "statement": column}, sample)


class LanguageDisc(Judged):
    """Agreement less a share of the missing specificity, in [1 - weight, 6] (`Staged`).

    u = agreement - weight (6 - specificity) / 5, each on 1..6 as the mean of the numbers among the candidates of one
    output token, weighted by probability. Boehmer, Fish, Procaccia 2025 (The Next Generation), Appendix D.

    Args:
        weight: the weight of specificity, at least 0; with 0 it is not asked for.
        per_prompt: the most statements in one question, at least 1, which is the published setting. With more, a rating
            may depend on the other statements in the question; a statement that looks as if it were meant for the
            model (`addressed`) has a question of its own, so that it can affect its own rating only.
        temperature: the temperature of sampling; 1, so that the probabilities are the model's own.
        structured: whether ratings are asked for as lists in one structured answer (`structured`), for endpoints
            without log-probabilities.

    Raises:
        InputError: the weight is negative, or ``per_prompt`` is below 1.
    """

    name = "agreement-specificity"

    def __init__(
        self,
        model: Model,
        people: People,
        statements: Sequence[str] = (),
        *,
        weight: float = 1.0,
        per_prompt: int = PER_PROMPT,
        temperature: float = 1.0,
        structured: bool = False,
    ) -> None:
        if not weight >= 0:
            raise InputError(f"the weight of specificity is {weight:g}; it must be at least 0")
        if per_prompt < 1:
            raise InputError(f"{per_prompt} statements in a prompt; at least 1 is needed")
        self.weight, self.per_prompt, self.structured = float(weight), per_prompt, structured
        self._stages: dict[Stage, Table] = {"agreement": Table(len(people)), "specificity": Table(len(people))}
        self._shared = Counter[Stage]()
        self._alone: list[bool] = []
        super().__init__(model, people, statements)
        self.range = (LOW - self.weight, float(HIGH))
        self.parameters: dict[str, object] = {
            "temperature": temperature,
            "max_tokens": 1,
            "logprobs": True,
            "top_logprobs": TOP,
        }

    @property
    def description(self) -> dict[str, Any]:
        """See `Judged.description`; with the number of questions by stage."""
        requested = {
            stage: table.count - int(self._silent.sum()) * self.n_statements - self._shared[stage]
            for stage, table in self._stages.items()
        }
        same = int((self.people.speaker != np.arange(len(self.people))).sum())
        alike = {"people_who_wrote_the_same": same} if same else {}
        return {**super().description, "per_prompt": self.per_prompt, "asked": requested, **alike}

    def add(self, text: str) -> int:
        """See `Judged.add`."""
        for table in self._stages.values():
            table.add(self._silent)
        self._alone.append(addressed(text) is not None)
        return super().add(text)

    def carry(self, utilities: FloatArray, own: BoolArray) -> None:
        """Settles statements from other sources than the model, which is never asked about them.

        Args:
            utilities: float64 [n_agents, m], for the first m statements: what people answered, and what a model of the
                population predicts of the rest, both in `range`.
            own: bool [n_agents, m], where it is the person's own answer.
        """
        pairs = Pairs.block(np.arange(self.n_agents), np.arange(utilities.shape[1]))
        for table in (self._table, *self._stages.values()):
            table.put(pairs, utilities[pairs.agents, pairs.statements])
        self._own[:, : own.shape[1]] = own

    def bounds(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        """See `Staged.bounds`."""
        rows, columns = np.asarray(agents, dtype=np.int64), np.asarray(statements, dtype=np.int64)
        agreement = self._stages["agreement"].values(rows, columns)
        exact, settled = self._table.values(rows, columns), self._table.settled_block(rows, columns)
        open_ = ~settled & self.asked(rows, columns)
        lost = settled & np.isnan(exact)
        least = np.where(settled, exact, np.where(open_, agreement - self.weight, -np.inf))
        most = np.where(settled, exact, np.where(open_, agreement, np.inf))
        return np.where(lost, -np.inf, least), np.where(lost, -np.inf, most)

    def asked(self, agents: IntArray, statements: IntArray) -> BoolArray:
        """See `Staged.asked`."""
        return self._stages["agreement"].settled_block(agents, statements)

    def ask(self, agents: IntArray, statements: IntArray, stage: Stage) -> None:
        """See `Staged.ask`.

        Specificity cannot matter with a weight of 0, and where the agreement could not be read.

        Raises:
            InputError: there are not as many agents as statements, or there is no such stage.
        """
        if stage not in self._stages:
            raise InputError(f"there is no stage {stage!r}; choose agreement or specificity")
        self._fetch(Pairs.of(agents, statements), (stage,))

    def questions_about(self, texts: Sequence[str], agents: IntArray) -> list[Call]:
        """The calls with which these people would be asked whether they agree with new statements."""
        other = LanguageDisc(self.model, self.people, texts, per_prompt=self.per_prompt, structured=self.structured)
        other.parameters = self.parameters
        speakers = np.unique(self.people.speaker[agents])
        pairs = Pairs.block(speakers, np.arange(len(texts))).without(other._stages["agreement"].settled)
        packed = packs(pairs, np.array(other._alone, dtype=bool), other.per_prompt)
        if self.structured:
            return [other._list_call("agreement", pack) for pack in packed]
        return [other._request("agreement", int(pack.agents[0]), pack.statements.tolist()).call for pack in packed]

    def _learn(self, pairs: Pairs) -> None:
        self._fetch(pairs, ("agreement", "specificity"))

    def _fetch(self, pairs: Pairs, stages: Sequence[Stage]) -> None:
        """Asks for what is not known yet, all in one batch, and settles the utilities that follow."""
        agreement, specificity = self._stages["agreement"], self._stages["specificity"]
        wanted: list[tuple[Stage, Pairs]] = []
        for stage in stages:
            left = pairs.without(self._stages[stage].settled)
            if stage == "specificity":
                left = left.without(self._table.settled) if self.weight else left[:0]
            wanted.append((stage, left))
        self._rate(wanted)
        at, there = agreement.get(pairs), agreement.settled(pairs)
        if self.weight:
            near = specificity.get(pairs)
            there &= specificity.settled(pairs) | np.isnan(at)
            # Rounding must not take it below agreement - weight.
            at = np.maximum(at - self.weight * (HIGH - near) / (HIGH - LOW), at - self.weight)
        new = there & ~self._table.settled(pairs)
        self._table.put(pairs[new], at[new])

    def _rate(self, wanted: Sequence[tuple[Stage, Pairs]]) -> None:
        """Asks for ratings in one batch, person by person, and for each person stage by stage.

        Of people who wrote the same (`People.speaker`) one is asked about, and all have the answer.
        """
        theirs = [(stage, pairs, Pairs(self.people.speaker[pairs.agents], pairs.statements)) for stage, pairs in wanted]
        self._ask_about([(s, Pairs.of(p.agents, p.statements).without(self._stages[s].settled)) for s, _, p in theirs])
        for stage, pairs, spoken in theirs:
            shared = pairs.agents != spoken.agents
            self._shared[stage] += int(shared.sum())
            self._stages[stage].put(pairs[shared], self._stages[stage].get(spoken[shared]))

    def _ask_about(self, wanted: list[tuple[Stage, Pairs]]) -> None:
        alone = np.array(self._alone, dtype=bool)
        prompts: list[tuple[int, int, Pairs]] = []
        for number, (_, pairs) in enumerate(wanted):
            prompts += [(int(pack.agents[0]), number, pack) for pack in packs(pairs, alone, self.per_prompt)]
        prompts.sort(key=lambda entry: entry[:2])
        if self.structured:
            self._rate_by_lists([(wanted[number][0], pack) for _, number, pack in prompts])
            return
        requests = (self._request(wanted[number][0], row, pack.statements.tolist()) for row, number, pack in prompts)
        ratings = rate_all(self.model, requests, LOW, HIGH, self.tally)
        for (_, number, pack), values in zip(prompts, ratings, strict=True):
            self._stages[wanted[number][0]].put(pack, np.array(values, dtype=np.float64))

    def _rate_by_lists(self, packed: Sequence[tuple[Stage, Pairs]]) -> None:
        """Asks for lists of ratings; what of a list for several statements cannot be read is asked for by itself."""
        unread: list[tuple[Stage, Pairs]] = []
        for (stage, pack), values in zip(packed, self._lists(packed), strict=True):
            rated = np.array(values, dtype=np.float64)
            self._stages[stage].put(pack, rated)
            if len(pack) > 1:
                unread += [(stage, pack[slice(k, k + 1)]) for k in np.flatnonzero(np.isnan(rated)).tolist()]
        for (stage, pack), values in zip(unread, self._lists(unread, 0), strict=True):
            self._stages[stage].put(pack, np.array(values, dtype=np.float64))

    def _lists(self, packed: Sequence[tuple[Stage, Pairs]], again: int = 2) -> list[list[float | None]]:
        """The mean ratings of every pack, None where they could not be read."""
        found: list[list[float | None]] = [[None] * len(pack) for _, pack in packed]
        # Answers are read by how many statements they are about.
        for size in sorted({len(pack) for _, pack in packed}):
            places = [place for place, (_, pack) in enumerate(packed) if len(pack) == size]
            calls = [self._list_call(packed[place][0], packed[place][1]) for place in places]
            for place, values in zip(
                places, ask(self.model, calls, read_lists(size, LOW, HIGH), self.tally, again), strict=True
            ):
                found[place] = values or found[place]
                self.tally.listed[packed[place][0]] += sum(value is not None for value in found[place])
        return found

    def _list_call(self, stage: Stage, pack: Pairs) -> Call:
        row, columns = int(pack.agents[0]), pack.statements.tolist()
        numbered = [part for k, column in enumerate(columns, 1) for part in (k, self.statements[column])]
        values: dict[str, Value] = {"person": self.people.texts[row], "statements": numbered, "count": len(columns)}
        parameters = {
            "temperature": self.parameters["temperature"],
            "max_tokens": AROUND_TOKENS + LIST_TOKENS * len(columns),
            "response_format": lists(len(columns), LOW, HIGH),
        }
        return prompt(f"{stage}-list").call(values, parameters, {"agent": row, "statements": columns})

    def _request(self, stage: Stage, row: int, columns: Sequence[int]) -> RatingCall:
        if len(columns) == 1:
            return RatingCall(self._call(stage, (row, columns[0]), self.parameters))
        numbered = [part for k, column in enumerate(columns, 1) for part in (k, self.statements[column])]
        values: dict[str, Value] = {"person": self.people.texts[row], "statements": numbered, "count": len(columns)}
        parameters = {**self.parameters, "max_tokens": LINE * len(columns)}
        call = prompt(f"{stage}-many").call(values, parameters, {"agent": row, "statements": columns})
        return RatingCall(call, len(columns), lambda k: self._call(stage, (row, columns[k]), self.parameters))
