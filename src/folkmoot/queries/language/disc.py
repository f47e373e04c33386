"""Disc through a language model: how well a statement represents a person, from what the person wrote.

A question is about one person and contains no other person's text, so what somebody writes can change their own
utilities only. A question may be about several statements; what looks as if it were meant for the model is always asked
about alone. An answer that cannot be read stays unknown (nan) and is counted, it never becomes 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...llm import Answer, Call, Model
from ...profile import BoolArray, FloatArray, InputError, IntArray, Profile
from .pairs import Pairs, Table, packs
from .people import People, addressed
from .prompts import Value, prompt
from .protocol import Stage
from .readable_answers import Asked, Tally, ask, json_object, rate, rate_all

# Candidates of a token that are asked for; endpoints may return fewer.
TOP = 5
LOW, HIGH = 1, 6
PILOT_LOW, PILOT_HIGH = 0, 4
# Statements in one prompt.
PER_PROMPT = 8
# Tokens that a line of an answer may have; "12: 4" has five characters.
LINE = 8
Pair = tuple[int, int]


class Judged:
    """Utilities that are asked for when they are wanted, each once (a `Disc`; statements can be added).

    Args:
        model: answers.
        people: what is shown of everybody.
        statements: texts, numbered from 0.
        said: utilities that people gave themselves, by (agent, statement); they are not asked for.
    """

    name = ""
    range = (float(LOW), float(HIGH))  # least and greatest utility

    def __init__(
        self,
        model: Model,
        people: People,
        statements: Sequence[str] = (),
        said: Mapping[Pair, float] | None = None,
    ) -> None:
        self.model, self.people = model, people
        self.statements: list[str] = []
        self.tally = Tally()
        self._silent = np.array([not text for text in people.texts], dtype=bool)
        self._table = Table(len(people))
        for text in statements:
            self.add(text)
        self._said = dict(said or {})
        own = np.array(list(self._said), dtype=np.int64).reshape(-1, 2)
        self._table.put(Pairs(own[:, 0], own[:, 1]), np.array(list(self._said.values()), dtype=np.float64))
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
        """Pairs that were wanted and have no utility."""
        return self._table.unknown

    @property
    def so_far(self) -> FloatArray:
        """float64 [n_agents, n_statements]: what is known by now, nan elsewhere; asks nothing."""
        return self._table.values(np.arange(self.n_agents), np.arange(self.n_statements))

    @property
    def description(self) -> dict[str, Any]:
        """What was asked and what came of it, JSON-ready."""
        return {"calls": self.tally.as_dict(), "unknown": self.unknown, "suspicious": len(self.people.suspicious)}

    def add(self, text: str) -> int:
        """The number of a new statement."""
        self.statements.append(text)
        # Of whom nothing can be shown, nothing is asked.
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
        """See `Disc.known`: True where the person said it, not the model."""
        rows, columns = np.asarray(agents, dtype=np.int64), np.asarray(statements, dtype=np.int64)
        found = np.zeros((len(rows), len(columns)), dtype=bool)
        first = columns < self._own.shape[1]
        found[:, first] = self._own[np.ix_(rows, columns[first])]
        return found

    def _learn(self, pairs: Pairs) -> None:
        """Settle these pairs; person by person, so that questions that begin alike follow each other."""
        found = self._ask(pairs.as_tuples())
        self._table.put(pairs, np.array([np.nan if value is None else value for value in found], dtype=np.float64))

    def _ask(self, pairs: Sequence[Pair]) -> list[float | None]:
        """One utility for every pair, None where there is none."""
        raise NotImplementedError

    def _call(self, name: str, pair: Pair, parameters: Mapping[str, object], sample: int = 0, **more: Any) -> Call:
        row, column = pair
        values = {"person": self.people.texts[row], "statement": self.statements[column], **more}
        return prompt(name).call(values, parameters, {"agent": row, "statement": column}, sample)


class LanguageDisc(Judged):
    """Agreement less a share of what is missing in specificity, in [1 - weight, 6] (`Staged`).

    u = agreement - weight (6 - specificity) / 5, each on 1..6 as the mean of the numbers among the candidates of one
    output token, weighted by probability. Boehmer, Fish, Procaccia 2025 (The Next Generation), Appendix D.

    Args:
        weight: of specificity, at least 0; 0 does not ask for it.
        per_prompt: most statements in one question, at least 1, which is as published. With more, a rating may depend
            on which statements it was asked for together with; a statement that looks as if it were meant for the
            model (`addressed`) is asked about alone, so that it can speak for itself only.
        temperature: 1, so that the probabilities are the model's own.

    Raises:
        InputError: a negative weight, or no statement in a prompt.
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
    ) -> None:
        if not weight >= 0:
            raise InputError(f"the weight of specificity is {weight:g}; it must be at least 0")
        if per_prompt < 1:
            raise InputError(f"{per_prompt} statements in a prompt; at least 1 is needed")
        self.weight, self.per_prompt = float(weight), per_prompt
        self._stages: dict[Stage, Table] = {"agreement": Table(len(people)), "specificity": Table(len(people))}
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
        """See `Judged.description`; with the questions asked by stage."""
        asked = {
            stage: table.count - int(self._silent.sum()) * self.n_statements for stage, table in self._stages.items()
        }
        return {**super().description, "per_prompt": self.per_prompt, "asked": asked}

    def add(self, text: str) -> int:
        """See `Judged.add`."""
        for table in self._stages.values():
            table.add(self._silent)
        self._alone.append(addressed(text) is not None)
        return super().add(text)

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
            InputError: as many agents as statements are needed; or another stage.
        """
        if stage not in self._stages:
            raise InputError(f"there is no stage {stage!r}; choose agreement or specificity")
        self._fetch(Pairs.of(agents, statements), (stage,))

    def _learn(self, pairs: Pairs) -> None:
        self._fetch(pairs, ("agreement", "specificity"))

    def _fetch(self, pairs: Pairs, stages: Sequence[Stage]) -> None:
        """Asks what is not known yet, all in one batch, and settles the utilities that are known then."""
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
            # Not below agreement - weight, which rounding could bring about.
            at = np.maximum(at - self.weight * (HIGH - near) / (HIGH - LOW), at - self.weight)
        new = there & ~self._table.settled(pairs)
        self._table.put(pairs[new], at[new])

    def _rate(self, wanted: Sequence[tuple[Stage, Pairs]]) -> None:
        """One batch: person by person, for each one stage after the other."""
        alone = np.array(self._alone, dtype=bool)
        prompts: list[tuple[int, int, Pairs]] = []
        for number, (_, pairs) in enumerate(wanted):
            prompts += [(int(pack.agents[0]), number, pack) for pack in packs(pairs, alone, self.per_prompt)]
        prompts.sort(key=lambda entry: entry[:2])
        asked = (self._asked(wanted[number][0], row, pack.statements.tolist()) for row, number, pack in prompts)
        found = rate_all(self.model, asked, LOW, HIGH, self.tally)
        for (_, number, pack), values in zip(prompts, found, strict=True):
            self._stages[wanted[number][0]].put(pack, np.array(values, dtype=np.float64))

    def _asked(self, stage: Stage, row: int, columns: Sequence[int]) -> Asked:
        if len(columns) == 1:
            return Asked(self._call(stage, (row, columns[0]), self.parameters))
        numbered = [part for k, column in enumerate(columns, 1) for part in (k, self.statements[column])]
        values: dict[str, Value] = {"person": self.people.texts[row], "statements": numbered, "count": len(columns)}
        parameters = {**self.parameters, "max_tokens": LINE * len(columns)}
        call = prompt(f"{stage}-many").call(values, parameters, {"agent": row, "statements": columns})
        return Asked(call, len(columns), lambda k: self._call(stage, (row, columns[k]), self.parameters))


class PilotDisc(Judged):
    """The rating 0..4 that a person would give, from their texts and the statements they rated themselves.

    Few-shot, the mean over the rating's token. Fish et al. 2024 (Generative Social Choice), section 4. People's own
    answers, laid onto 0..4, win over predictions; a person's answer to the statement in question is never shown.

    Args:
        profile: its answers are the examples; its statements have the first numbers.
        examples: most that are shown of one person, in the order of the statements.
    """

    name = "pilot-rating"
    range = (float(PILOT_LOW), float(PILOT_HIGH))

    def __init__(
        self, model: Model, people: People, profile: Profile, *, examples: int = 12, temperature: float = 1.0
    ) -> None:
        answers, (low, high) = profile.answers, profile.answers.scale.utility_range
        share = (answers.scale.utility(answers.value) - low) / ((high - low) or 1.0)
        own = PILOT_LOW + share * (PILOT_HIGH - PILOT_LOW)
        said = {
            (int(row), int(column)): float(value)
            for row, column, value in zip(answers.agent, answers.statement, own, strict=True)
        }
        super().__init__(model, people, profile.statements.texts, said)
        self._examples: list[list[int]] = [[] for _ in range(profile.n_agents)]
        for row, column in said:
            if len(self._examples[row]) < examples:
                self._examples[row].append(column)
        self.parameters: dict[str, object] = {
            "temperature": temperature,
            "max_tokens": 1,
            "logprobs": True,
            "top_logprobs": TOP,
        }

    def _ask(self, pairs: Sequence[Pair]) -> list[float | None]:
        calls = [self._call("rating", pair, self.parameters, rated=self._rated(pair)) for pair in pairs]
        return rate(self.model, calls, PILOT_LOW, PILOT_HIGH, self.tally)

    def _rated(self, pair: Pair) -> list[int | str]:
        row, column = pair
        shown: list[int | str] = []
        for example in self._examples[row]:
            if example != column:
                shown += [self.statements[example], round(self._said[row, example])]
        return shown


class Evaluator(Judged):
    """Scores 1..6 with the reasons first; for evaluation only, never for selection.

    Boehmer, Fish, Procaccia 2025 (The Next Generation), Appendix D.

    Args:
        samples: independent answers, of which the mean counts.
    """

    name = "evaluation"

    def __init__(
        self,
        model: Model,
        people: People,
        statements: Sequence[str] = (),
        *,
        samples: int = 1,
        temperature: float = 0.0,
    ) -> None:
        if samples < 1:
            raise InputError(f"{samples} samples; at least 1 is needed")
        super().__init__(model, people, statements)
        self.samples = samples
        self.parameters: dict[str, object] = {"temperature": temperature, "max_tokens": 1_000}

    def _ask(self, pairs: Sequence[Pair]) -> list[float | None]:
        # What is asked again is the next sample: numbers a hundred apart keep the samples independent.
        calls = [
            self._call("evaluation", pair, self.parameters, 100 * sample)
            for pair in pairs
            for sample in range(self.samples)
        ]
        read = ask(self.model, calls, _score, self.tally)
        found: list[float | None] = []
        for start in range(0, len(read), self.samples):
            scores = [score for score in read[start : start + self.samples] if score is not None]
            found.append(sum(scores) / len(scores) if scores else None)
        return found


def _score(answer: Answer) -> float | None:
    found = (json_object(answer.text) or {}).get("score")
    try:
        score = float(str(found))
    except ValueError:
        return None
    return score if LOW <= score <= HIGH else None
