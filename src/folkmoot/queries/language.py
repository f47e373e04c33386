"""Disc through a language model: how well a statement represents a person, from what the person wrote.

A question is about one person and one statement and contains no other person's text, so what somebody writes can
change their own utilities only. An answer that cannot be read stays unknown (nan) and is counted, it never becomes 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..llm import Answer, Call, Model
from ..profile import BoolArray, FloatArray, InputError, IntArray, Profile
from .language_calls import Tally, ask, json_object, rate
from .language_people import People
from .prompts import prompt

# Candidates of the first token that are asked for; endpoints may return fewer.
TOP = 5
LOW, HIGH = 1, 6
PILOT_LOW, PILOT_HIGH = 0, 4
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
        self._values: list[FloatArray] = []
        self._settled: list[BoolArray] = []
        self._silent = np.array([not text for text in people.texts], dtype=bool)
        for text in statements:
            self.add(text)
        self._said = dict(said or {})
        for (row, column), value in self._said.items():
            self._values[column][row] = value
            self._settled[column][row] = True

    @property
    def n_agents(self) -> int:
        return len(self.people)

    @property
    def n_statements(self) -> int:
        return len(self.statements)

    @property
    def unknown(self) -> int:
        """Pairs that were wanted and have no utility."""
        pairs = zip(self._values, self._settled, strict=True)
        return sum(int(np.isnan(values[settled]).sum()) for values, settled in pairs)

    @property
    def so_far(self) -> FloatArray:
        """float64 [n_agents, n_statements]: what is known by now, nan elsewhere; asks nothing."""
        return np.stack(self._values, axis=1) if self._values else np.empty((self.n_agents, 0))

    @property
    def description(self) -> dict[str, Any]:
        """What was asked and what came of it, JSON-ready."""
        return {"calls": self.tally.as_dict(), "unknown": self.unknown, "suspicious": len(self.people.suspicious)}

    def add(self, text: str) -> int:
        """The number of a new statement."""
        self.statements.append(text)
        self._values.append(np.full(self.n_agents, np.nan))
        # Of whom nothing can be shown, nothing is asked.
        self._settled.append(self._silent.copy())
        return self.n_statements - 1

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """See `Disc.utilities`; nan where the model gave no answer that can be read, or there is nothing to show."""
        rows, columns = np.asarray(agents, dtype=np.int64), [int(a) for a in statements]
        # Person by person: questions that begin alike follow each other.
        pairs = [
            (int(row), column)
            for row in np.unique(rows)
            for column in sorted(set(columns))
            if not self._settled[column][row]
        ]
        for (row, column), value in zip(pairs, self._ask(pairs), strict=True):
            self._values[column][row] = np.nan if value is None else value
            self._settled[column][row] = True
        found = np.empty((len(rows), len(columns)))
        for place, column in enumerate(columns):
            found[:, place] = self._values[column][rows]
        return found

    def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
        """See `Disc.known`: True where the person said it, not the model."""
        return np.array([[(int(i), int(a)) in self._said for a in statements] for i in agents], dtype=bool).reshape(
            len(agents), len(statements)
        )

    def _ask(self, pairs: Sequence[Pair]) -> list[float | None]:
        """One utility for every pair, None where there is none."""
        raise NotImplementedError

    def _call(self, name: str, pair: Pair, parameters: Mapping[str, object], sample: int = 0, **more: Any) -> Call:
        row, column = pair
        values = {"person": self.people.texts[row], "statement": self.statements[column], **more}
        return prompt(name).call(values, parameters, {"agent": row, "statement": column}, sample)


class LanguageDisc(Judged):
    """Agreement less a share of what is missing in specificity, in [1 - weight, 6].

    u = agreement - weight (6 - specificity) / 5, each on 1..6 as the mean of the numbers among the candidates of one
    output token, weighted by probability. Boehmer, Fish, Procaccia 2025 (The Next Generation), Appendix D.

    Args:
        weight: of specificity, at least 0; 0 does not ask for it.
        temperature: 1, so that the probabilities are the model's own.

    Raises:
        InputError: a negative weight.
    """

    name = "agreement-specificity"

    def __init__(
        self,
        model: Model,
        people: People,
        statements: Sequence[str] = (),
        *,
        weight: float = 1.0,
        temperature: float = 1.0,
    ) -> None:
        if not weight >= 0:
            raise InputError(f"the weight of specificity is {weight:g}; it must be at least 0")
        super().__init__(model, people, statements)
        self.weight = weight
        self.range = (LOW - weight, float(HIGH))
        self.parameters: dict[str, object] = {
            "temperature": temperature,
            "max_tokens": 1,
            "logprobs": True,
            "top_logprobs": TOP,
        }

    def _ask(self, pairs: Sequence[Pair]) -> list[float | None]:
        names = ("agreement", "specificity") if self.weight else ("agreement",)
        calls = [self._call(name, pair, self.parameters) for pair in pairs for name in names]
        read = rate(self.model, calls, LOW, HIGH, self.tally)
        if not self.weight:
            return read
        return [
            None
            if agreement is None or specificity is None
            else agreement - self.weight * (HIGH - specificity) / (HIGH - LOW)
            for agreement, specificity in zip(read[::2], read[1::2], strict=True)
        ]


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
