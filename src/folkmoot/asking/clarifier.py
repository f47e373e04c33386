"""A clarifying interview for one request: which question to ask before answering, and when to answer instead.

A request leaves open what people differ in. The features that are left open have a few values each; what people before
wanted says which go together. At every turn the interview asks, or says that the output can be written now: a question
is put while knowing the answer is worth more than it costs (`whole`: every plan and every output, given the kinds of
people). Everything that it takes to decide again is in the state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Self

import numpy as np

from ..profile import Agents, Answers, InputError, IntArray, Profile, Scale, Statements
from ..profile.streams import Stream, stream
from .completed import completed
from .features import Feature, distinct, remembered_codes
from .interview import Interview
from .kinds import kinds
from .person import PersonValue
from .population import UNASKED, Population
from .survey import Survey
from .turns import Turn, Wanted
from .underserved import underserved
from .verify import verify

SCHEMA = 1
YOU = "you"
PEOPLE, IMAGINED = "people", "imagined"
TRUST = {
    PEOPLE: "what goes together was learned from {n} people",
    IMAGINED: (
        "what goes together was not learned from people: a language model imagined {n} of them. Such people are more "
        "alike than real ones and say little about minorities; where it matters, ask more, or give real answers as "
        "a population"
    ),
}


class Clarifier:
    """One person's request, clarified question by question.

    Args:
        task: the request.
        features: what it leaves open.
        people: int64 [n, m] numbers of the values that people before wanted, `UNASKED` where they did not say; or a
            fitted population, with ``n_people``.
        cost: the cost of a question, in features right, from 0 to 1.
        gamma: the inequality aversion: above 0 outputs hedge between kinds of people, and questions count for more that
            keep somebody from being served badly.
        at_least, at_most: see `Interview`.
        remembered: what the person said in earlier tasks, values by feature (`memory`); it is not asked again.
        origin: ``people``, or ``imagined`` where a language model made them up.
        n_people: the number of people that a fitted population was learned from.
        seed: the seed of every random choice.
        prepare: whether to compute now what everybody's first turn needs (`PersonValue.prepare`), or at that turn.

    Raises:
        InputError: there are no features, the people do not fit them, or an option is out of its range.
    """

    def __init__(
        self,
        task: str,
        features: Sequence[Feature],
        people: IntArray | Population,
        *,
        cost: float = 0.3,
        gamma: float = 0.0,
        at_least: int = 0,
        at_most: int | None = None,
        remembered: Mapping[str, str] | None = None,
        origin: str = PEOPLE,
        n_people: int | None = None,
        seed: int = 0,
        prepare: bool = True,
    ) -> None:
        self.task, self.features, self.seed = task, distinct(features), seed
        if not task.strip():
            raise InputError("the task is empty; say what is requested")
        if origin not in TRUST:
            raise InputError(f"origin must be one of {', '.join(TRUST)}, not {origin!r}")
        sizes = [len(feature.values) for feature in self.features]
        if isinstance(people, Population):
            population = people
        else:
            population = kinds(_fitting(people, sizes), sizes, stream(seed, Stream.POPULATION))
        if (population.n_statements, population.n_answers) != (len(sizes), max(sizes)):
            raise InputError("the population is of other features than these; fit it to these")
        self.population, self.origin = population, origin
        self.n_people = len(people) if not isinstance(people, Population) else int(n_people or 0)
        self.remembered = {
            self.features[j].id: self.features[j].values[code]
            for j, code in remembered_codes(self.features, remembered).items()
        }
        survey = Survey(self._profile(), population, seed=seed)
        self.interview = Interview(
            survey, YOU, policy="rollout", gamma=gamma, cost=cost, at_least=at_least, at_most=at_most
        )
        self.gamma = float(gamma)
        if prepare:
            self._person.prepare()

    def _profile(self) -> Profile:
        known = remembered_codes(self.features, self.remembered)
        columns = np.array(sorted(known), dtype=np.int64)
        values = np.array([float(known[j]) for j in sorted(known)], dtype=np.float64)
        scale = Scale("rating", 0.0, float(self.population.n_answers - 1))
        return Profile(
            Agents((YOU,)),
            Statements(tuple(each.id for each in self.features), tuple(each.asked for each in self.features)),
            Answers.of(np.zeros(len(columns), dtype=np.int64), columns, values, scale),
        )

    # --- turn by turn

    @property
    def turn(self) -> Turn:
        """Whether to ask or to answer, the same until something is answered."""
        question, decision = self.interview.next(), self.interview.decision
        at = self._at(question.statement) if question else None
        chance = self.population.predicted(self.population.belief(self._answers[None]))[0]
        feature = self.features[at] if at is not None else None
        return Turn(
            "ask" if feature else "answer",
            feature.id if feature else "",
            feature.asked if feature else "",
            tuple(zip(feature.values, np.round(chance[at], 6).tolist(), strict=False)) if feature else (),
            decision.value,
            self.interview.cost,
            self.interview.why.replace("statements guessed right", "features right"),
            underserved(self._person, self.features, self._answers, at),
            self.interview.asked,
        )

    def answer(self, value: object, feature: str | None = None) -> None:
        """Records what the person said.

        Args:
            value: the value, in words or as its number counted from 1; None: skipped, it says nothing.
            feature: another feature that the person chose to speak about.

        Raises:
            InputError: there is no such value or feature, it is known already, or nothing was asked.
        """
        if value is None:
            self.interview.answer(None)
            return
        name = feature or self.turn.feature
        if not name:
            raise InputError("nothing was asked: the output can be written; name the feature that is answered")
        code = self.features[self._at(name)].code(value)
        self.interview.answer(float(code), feature)

    def stop(self) -> None:
        """Records that the person does not want to be asked more."""
        self.interview.stop()

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """The completed preference vector (Definition 4): what was said, and the best guesses for the rest."""
        output, chance = completed(self._person, self._answers)
        return tuple(
            Wanted(
                feature.id,
                feature.values[output[j]],
                round(float(chance[j]), 6),
                "guessed" if self._answers[j] == UNASKED else "remembered" if feature.id in self.remembered else "said",
            )
            for j, feature in enumerate(self.features)
        )

    @property
    def memory(self) -> dict[str, str]:
        """What the person said, in this task and before, values by feature: for the next task, if they want that."""
        return {each.feature: each.value for each in self.wanted if each.how != "guessed"}

    @property
    def trust(self) -> str:
        """How far what goes together can be trusted, in one sentence."""
        sentence = TRUST[self.origin].format(n=self.n_people)
        surprise = self.surprise
        if surprise is None:
            return f"{sentence[0].upper()}{sentence[1:]}."
        expected, by_chance = surprise
        verdict = "no better than guessing" if expected <= by_chance else "better than guessing"
        return (
            f"{sentence[0].upper()}{sentence[1:]}. So far it gave the answers that came a probability of "
            f"{expected:.0%} (guessing: {by_chance:.0%}): {verdict}."
        )

    @property
    def surprise(self) -> tuple[float, float] | None:
        """The probability that the population gave the answers of this interview, each before it was known, and that
        all values alike would have given them: geometric means; None: nothing was answered."""
        answers = np.full(len(self.features), UNASKED)
        for j, code in remembered_codes(self.features, self.remembered).items():
            answers[j] = code
        logs = []
        for entry in self.interview.log:
            if entry["answer"] is not None:
                j, code = self._at(entry["answered"]), int(entry["answer"])
                chance = self.population.predicted(self.population.belief(answers[None]))[0, j, code]
                logs.append((np.log(chance), -np.log(len(self.features[j].values))))
                answers[j] = code
        if not logs:
            return None
        mean = np.exp(np.mean(logs, axis=0))
        return float(mean[0]), float(mean[1])

    @property
    def _person(self) -> PersonValue:
        assert self.interview.person is not None  # the policy is rollout
        return self.interview.person

    @property
    def _answers(self) -> IntArray:
        return self.interview.answers

    def _at(self, name: str) -> int:
        at = self.interview.survey.profile.statement_index.get(name)
        if at is None:
            known = ", ".join(feature.id for feature in self.features)
            raise InputError(f"there is no feature {name!r}; there are {known}")
        return at

    # --- to and from JSON

    def state(self) -> dict[str, Any]:
        """Everything it takes to go on, or to decide all again, without the population and without a model."""
        return {
            "schema": SCHEMA,
            "task": self.task,
            "features": [{**asdict(feature), "values": list(feature.values)} for feature in self.features],
            "origin": self.origin,
            "people": self.n_people,
            "population": {"weight": self.population.weight.tolist(), "chance": self.population.chance.tolist()},
            "remembered": self.remembered,
            "gamma": self.gamma,
            "seed": self.seed,
            "interview": self.interview.state(),
            "wanted": [asdict(each) for each in self.wanted],
        }

    @classmethod
    def resume(cls, state: Mapping[str, Any]) -> Self:
        """The interview of a state, where it was left.

        Raises:
            InputError: the state is none, or damaged.
        """
        if not isinstance(state, Mapping) or "interview" not in state or "task" not in state:
            raise InputError("this is no state of a clarifying interview; pass what `state()` returned")
        if state.get("schema") != SCHEMA:
            raise InputError(f"state schema {state.get('schema')!r} is not known; this version reads schema {SCHEMA}")
        try:
            features = [Feature(f["id"], tuple(f["values"]), f["question"]) for f in state["features"]]
            chance = np.array(state["population"]["chance"], dtype=np.float64)
            most = chance.shape[2]
            weight = np.array(state["population"]["weight"], dtype=np.float64)
            population = Population(weight, chance, np.linspace(0.0, 1.0, most), np.eye(most))
            kept = state["interview"]
            found = cls(
                str(state["task"]),
                features,
                population,
                cost=kept["cost"],
                gamma=state["gamma"],
                at_least=kept["at_least"],
                at_most=kept["at_most"],
                remembered=state["remembered"],
                origin=state["origin"],
                n_people=state["people"],
                seed=state["seed"],
                prepare=False,
            )
        except (KeyError, TypeError, IndexError, ValueError) as error:
            if isinstance(error, InputError):
                raise
            raise InputError("the state of the interview is damaged; pass what `state()` returned") from None
        found.interview = Interview.resume(found.interview.survey, kept)
        return found

    def check(self) -> str | None:
        """Decides everything again from the log; the first difference in a sentence, None: all comes out again."""
        return verify(self.interview.survey, self.interview.state())


def _fitting(people: IntArray, sizes: Sequence[int]) -> IntArray:
    codes = np.asarray(people, dtype=np.int64)
    if codes.ndim != 2 or codes.shape[1] != len(sizes) or (codes < UNASKED).any() or (codes >= np.array(sizes)).any():
        raise InputError("what people wanted must be numbers of values, a row a person and a column a feature")
    return codes
