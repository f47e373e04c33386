"""The pilot's discriminative query: ratings of 0 to 4, predicted from a person's texts and own ratings (few-shot)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...llm import Call, Model
from ...profile import FloatArray, IntArray, Profile
from .disc import TOP, Judged, Pair
from .people import People
from .prompts import Value, prompt
from .readable_answers import ask, rate
from .structured import AROUND_TOKENS, LIST_TOKENS, lists, read_lists

PILOT_LOW, PILOT_HIGH = 0, 4


class PilotDisc(Judged):
    """The rating 0..4 that a person would give, from their texts and the statements they rated themselves.

    Few-shot, the mean over the rating's token. Fish et al. 2024 (Generative Social Choice), section 4. People's own
    answers, rescaled to 0..4, replace predictions; a person's answer to the statement in question is never shown. What
    people wrote stands after the questions that they were asked, and their ratings have the reasons that they gave,
    where the profile has these (its facts ``questions``, and ``reasons`` by agent and statement).

    Args:
        profile: the profile whose answers are the examples; its statements have the first numbers.
        examples: the most examples of one person, in the order of the statements.
        structured: whether a rating is asked for as a list in one structured answer (`structured`).
    """

    name = "pilot-rating"
    range = (float(PILOT_LOW), float(PILOT_HIGH))

    def __init__(
        self,
        model: Model,
        people: People,
        profile: Profile,
        *,
        examples: int = 12,
        temperature: float = 1.0,
        structured: bool = False,
    ) -> None:
        answers, (low, high) = profile.answers, profile.answers.scale.utility_range
        share = (answers.scale.utility(answers.value) - low) / ((high - low) or 1.0)
        own = PILOT_LOW + share * (PILOT_HIGH - PILOT_LOW)
        answered = {
            (int(row), int(column)): float(value)
            for row, column, value in zip(answers.agent, answers.statement, own, strict=True)
        }
        super().__init__(model, people, profile.statements.texts, answered)
        self.structured = structured
        self._reasons = _reasons(profile)
        self._texts = _with_questions(profile, people)
        self._examples: list[list[int]] = [[] for _ in range(profile.n_agents)]
        for row, column in answered:
            if len(self._examples[row]) < examples:
                self._examples[row].append(column)
        self.parameters: dict[str, object] = {
            "temperature": temperature,
            **(
                {"max_tokens": AROUND_TOKENS + LIST_TOKENS, "response_format": lists(1, PILOT_LOW, PILOT_HIGH)}
                if structured
                else {"max_tokens": 1, "logprobs": True, "top_logprobs": TOP}
            ),
        }

    def agreed_with(self, text: str, agents: IntArray) -> FloatArray:
        """float64 [n]: the rating that each of these people would give another person's text, nan where unknown.

        It forms groups of people who think alike and is never a score of a statement.
        """
        calls = [self._rating(int(row), text, -1) for row in agents if self.people.texts[int(row)]]
        found = iter(self._rate(calls))
        rated = [next(found) if self.people.texts[int(row)] else None for row in agents]
        return np.array([np.nan if value is None else value for value in rated], dtype=np.float64)

    def _ask(self, pairs: Sequence[Pair]) -> list[float | None]:
        calls = [self._rating(row, self.statements[column], column) for row, column in pairs]
        return self._rate(calls)

    def _rate(self, calls: Sequence[Call]) -> list[float | None]:
        if not self.structured:
            return rate(self.model, calls, PILOT_LOW, PILOT_HIGH, self.tally)
        read = ask(self.model, calls, read_lists(1, PILOT_LOW, PILOT_HIGH), self.tally)
        found = [None if values is None else values[0] for values in read]
        self.tally.listed["rating"] += sum(value is not None for value in found)
        return found

    def _rating(self, row: int, statement: str, column: int) -> Call:
        values: dict[str, Value] = {
            "person": self._texts[row],
            "rated": self._rated(row, column),
            "statement": statement,
        }
        reasoned = any(pair[0] == row for pair in self._reasons)
        form = prompt("rating-list") if self.structured else prompt("rating", 2 if reasoned else 1)
        return form.call(values, self.parameters, {"agent": row, "statement": column})

    def _rated(self, row: int, column: int) -> list[int | str]:
        shown: list[int | str] = []
        for example in self._examples[row]:
            if example != column:
                shown += [self.statements[example], round(self._own_utilities[row, example])]
                if why := self._reasons.get((row, example)):
                    shown.append(why)
        return shown


def _reasons(profile: Profile) -> dict[Pair, str]:
    """The reasons that people gave for their ratings, by (agent, statement)."""
    found: dict[Pair, str] = {}
    for agent, given in (profile.facts.get("reasons") or {}).items():
        row = profile.agent_index.get(agent)
        for statement, why in given.items() if row is not None else ():
            column = profile.statement_index.get(statement)
            if column is not None and str(why).strip():
                found[int(row or 0), int(column)] = " ".join(str(why).split())
    return found


def _with_questions(profile: Profile, people: People) -> list[str]:
    """What everybody is shown by, each answer after its question where the source has one question for each."""
    questions = [str(one).strip() for one in profile.facts.get("questions") or ()]
    texts = list(people.texts)
    for row, written in enumerate(profile.agents.texts if any(questions) else ()):
        if len(written) == len(questions) and texts[row] == "\n".join(filter(str.strip, written)):
            pairs = zip(questions, written, strict=True)
            texts[row] = "\n".join(f"{asked}\n{said}" for asked, said in pairs if said.strip())
    return texts
