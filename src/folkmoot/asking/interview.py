"""One person stepping through a survey: the next question, what it is worth, when to stop, and a log anyone can check.

Every decision, also the one to stop, is logged with the value it was taken on; `verify` computes all of them again
from the source and the recorded answers alone. Decisions are taken on values rounded to nine decimals, so that they
come out the same on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from ..profile import BoolArray, InputError, IntArray, Profile, fingerprint
from .completed import Completed, completed
from .decision import (
    FLOOR,
    LIMIT,
    NOT_WORTH_IT,
    NOTHING_LEFT,
    ORDERED,
    PERSON,
    WORTH_IT,
    Decision,
    Question,
    for_whom,
    sentence,
)
from .foremost import SLACK, Asked, foremost, person_value, rounded
from .person import PersonValue
from .policies import aversion, unit_of
from .population import UNASKED
from .settings import answer_on, checked, cost_of, entries_of, policy_of, whole
from .survey import Survey

SCHEMA = 2


class Interview:
    """One person stepping through a survey.

    A question is asked while its value exceeds its cost, or while fewer than ``at_least`` were asked.

    Args:
        source: a profile, to which a population is fitted, or a `Survey` that many interviews share.
        agent: the id of the person; an id that the profile does not have is a new person who answered nothing.
        slate, budget, unit, strict, seed, only: see `Survey`; only with a profile.
        policy: ``slate`` (the default), ``rollout`` with ``gamma``, ``rollout-G``, or another one of `POLICIES`.
        gamma: the inequality aversion of ``rollout``, finite, 0 by default.
        cost: the cost of a question, in the unit of the policy's value (`Policy.unit`): for ``slate`` utilities summed
            over people (0.001: a thousandth of what lies between one person's worst statement and best one), for
            ``rollout`` statements guessed right (0.1). None: as in `COSTS`, else 0.
        at_least: the number of questions that everybody is asked, whatever they seem worth: a minimum against
            prejudice.
        at_most: the largest number of questions; None: no limit.

    Raises:
        InputError: an option is out of range, or does not fit the policy.
    """

    def __init__(
        self,
        source: Profile | Survey,
        agent: str,
        *,
        slate: Iterable[str] | None = None,
        budget: int | None = None,
        unit: str | None = None,
        strict: bool | None = None,
        seed: int | None = None,
        only: Iterable[str] | None = None,
        policy: str = "slate",
        gamma: float | None = None,
        cost: float | None = None,
        at_least: int = 0,
        at_most: int | None = None,
    ) -> None:
        options = {"slate": slate, "budget": budget, "unit": unit, "strict": strict, "seed": seed, "only": only}
        settings: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
        if isinstance(source, Survey) and settings:
            raise InputError(f"{next(iter(settings))} belongs to the survey; set it there")
        self.policy = policy_of(policy, gamma)
        self.kind = self.policy.partition("-")[0] if aversion(self.policy) is not None else self.policy
        self.cost = cost_of(self.policy, self.kind, cost)
        whole("at_least", at_least)
        if at_most is not None:
            whole("at_most", at_most)
            if at_most < at_least:
                raise InputError(f"`at_most` is {at_most}, below `at_least`, {at_least}; nobody can be asked both")
        self.at_least, self.at_most = at_least, at_most
        self.survey = source if isinstance(source, Survey) else Survey.of(source, **settings)
        self.agent = str(agent)
        row = self.survey.profile.agent_index.get(self.agent)
        self.new = row is None
        m = self.survey.profile.n_statements
        self._answers = np.full((1, m), UNASKED) if row is None else self.survey.answers[row : row + 1].copy()
        self._skipped = np.zeros(m, dtype=bool)
        self._log: list[dict[str, Any]] = []
        self._stopped = False
        self._decision: Decision | None = None
        # Computed now, so that a mistake is reported here and not at the first question.
        if self.kind == "slate":
            _ = self.survey.slate_value
        # What guesses are worth, computed once for all decisions.
        self.person = person_value(self.survey, self.policy, self.cost) if self.kind == "rollout" else None

    # --- stepping through it

    def next(self) -> Question | None:
        """The next question, the same until it is answered; None: stop, see `stop_reason`."""
        decision = self.decision
        if not decision.ask or decision.statement is None:
            return None
        s = self.survey.profile.statements
        return Question(
            decision.statement,
            s.texts[self.survey.profile.statement_index[decision.statement]],
            decision.value,
            unit_of(self.policy) or "order only",
            dict(decision.parts),
            decision.reason,
            for_whom(decision),
            self.why,
            tuple((other["statement"], other["value"]) for other in decision.alternatives),
        )

    @property
    def stop_reason(self) -> str | None:
        """``not worth it``, ``limit reached``, ``nothing left``, ``person stopped``; None while there is a question."""
        return None if self.decision.ask else self.decision.reason

    @property
    def why(self) -> str:
        """The decision in one sentence."""
        return sentence(self.decision, self.kind, self.asked, self.at_least, self.at_most)

    def answer(self, value: float | None, statement: str | None = None) -> None:
        """Records what the person said.

        Args:
            value: the answer on the scale of the profile (votes: -1, 0 pass, 1); None: skipped, which is no pass: it is
                no evidence about the person and only means that the question is not put again.
            statement: another statement that the person chose to answer instead; also possible after a stop.

        Raises:
            InputError: there is no such answer or statement, it was answered already, or no question was asked.
        """
        decision, profile = self.decision, self.survey.profile
        if self._stopped:
            raise InputError("the person has stopped: this interview is over")
        if statement is None:
            if not decision.ask:
                raise InputError(f"nothing was asked ({decision.reason}); name the statement that is answered")
            statement = decision.statement
        assert statement is not None
        chosen = not decision.ask or statement != decision.statement
        column = profile.statement_index.get(statement)
        if column is None or column not in self.survey.pool:
            raise InputError(f"there is no statement {statement!r} to answer; use the ids of the source")
        if self._answers[0, column] != UNASKED:
            raise InputError(f"statement {statement!r} is answered already; an answer counts once")
        if value is None and chosen:
            raise InputError("only the question that was asked can be skipped; leave the statement out")
        if value is None:
            self._skipped[column] = True
        else:
            value = answer_on(profile.answers.scale, value)
            self._answers[0, column] = self.survey.population.level(profile.answers.scale, np.array(value))
        self._log.append({**asdict(decision), "answered": statement, "answer": value, "chosen": chosen})
        self._decision = None

    def completed(self) -> tuple[Completed, ...]:
        """What the person said, and the best guesses for everything else in the pool, in the order of the source.

        With the policy ``rollout-G`` guesses hedge at inequality aversion G (Definition 4 of Park, Donahue, Raghavan
        2026), otherwise each is the answer with the largest expected credit.
        """
        survey = self.survey
        value = self.person or PersonValue(survey.over_pool, 0.0, min(self.cost, 1.0))
        answers = self._answers[0, survey.pool]
        output, probability = completed(value, answers)
        low, high = survey.profile.answers.scale.low, survey.profile.answers.scale.high
        top = max(survey.population.n_answers - 1, 1)
        return tuple(
            Completed(
                survey.profile.statements.ids[column],
                float(low + (high - low) * level / top),
                rounded(chance),
                bool(answers[at] != UNASKED),
            )
            for at, (column, level, chance) in enumerate(zip(survey.pool.tolist(), output, probability, strict=True))
        )

    def stop(self) -> None:
        """Records that the person does not want to go on."""
        self._stopped = True
        self._decision = None

    @property
    def answers(self) -> IntArray:
        """int64 [m]: the number of the answer to every statement, `UNASKED` where there is none."""
        return np.array(self._answers[0])

    @property
    def asked(self) -> int:
        """Number of questions put so far."""
        return sum(entry["ask"] for entry in self._log)

    @property
    def log(self) -> tuple[dict[str, Any], ...]:
        """The decisions with their grounds, and the answers: a `Decision` each, and ``answered``, ``answer``
        (None: skipped) and ``chosen`` (by the participant, instead of what was asked)."""
        return tuple(dict(entry) for entry in self._log)

    # --- to and from JSON

    def state(self) -> dict[str, Any]:
        """The settings, the log, and the current decision (also if it is to stop), JSON-ready."""
        survey = self.survey
        return {
            "schema": SCHEMA,
            "source": survey.fingerprint,
            "agent": self.agent,
            "new": self.new,
            "policy": self.policy,
            "unit_of_value": unit_of(self.policy) or "order only",
            "cost": self.cost,
            "at_least": self.at_least,
            "at_most": self.at_most,
            "slate": list(survey.slate),
            "budget": survey.budget,
            "unit": survey.unit,
            "strict": survey.strict,
            "seed": survey.seed,
            **({"only": list(survey.only)} if survey.only else {}),
            "stopped": self._stopped,
            "log": [dict(entry) for entry in self._log],
            "decision": asdict(self.decision),
        }

    @classmethod
    def resume(cls, source: Profile | Survey, state: Mapping[str, Any]) -> Interview:
        """The interview of a state, where it was left.

        The log is taken over as it stands; `verify` checks it.

        Raises:
            InputError: the state is none, is of another version, or is of another source.
        """
        interview = cls.begun(source, state)
        for entry in entries_of(state):
            interview._take(entry)
            interview._log.append(dict(entry))
        interview._stopped = bool(state.get("stopped"))
        return interview

    @classmethod
    def begun(cls, source: Profile | Survey, state: Mapping[str, Any]) -> Interview:
        """The interview of a state as it began."""
        if not isinstance(state, Mapping) or "schema" not in state:
            raise InputError("this is no state of an interview; pass what `state()` returned")
        if state["schema"] != SCHEMA:
            raise InputError(f"state schema {state['schema']!r} is not known; this version reads schema {SCHEMA}")
        survey = source if isinstance(source, Survey) else None
        profile = source.profile if isinstance(source, Survey) else source
        expected = survey.fingerprint if survey else fingerprint(profile)
        if state.get("source") != expected:
            raise InputError(
                "the source is not the one this interview began with (their fingerprints differ); give the source as "
                "it was then, or begin a new interview"
            )
        try:
            shared = {name: state[name] for name in ("budget", "unit", "strict", "seed")}
            shared["slate"] = tuple(map(str, state["slate"]))
            shared["only"] = tuple(map(str, state.get("only", ())))
            own = {name: state[name] for name in ("policy", "cost", "at_least", "at_most")}
            agent = str(state["agent"])
        except (KeyError, TypeError):
            raise InputError("the state of the interview is incomplete; pass what `state()` returned") from None
        if survey is not None and any(getattr(survey, name) != value for name, value in shared.items()):
            raise InputError("the interview began in another survey (slate, budget, unit, strict, seed or only differ)")
        checked({**shared, **own})
        if survey is None:
            survey = Survey.of(profile, **shared)
        if not unit_of(own["policy"]):
            own["cost"] = None
        return cls(survey, agent, **own)

    def _take(self, entry: Mapping[str, Any]) -> None:
        """Takes over the answer of a log entry without checking its decision."""
        column = self.survey.profile.statement_index.get(str(entry["answered"]))
        if column is None or self._answers[0, column] != UNASKED:
            raise InputError(f"the log answers statement {entry['answered']!r}, which cannot be answered")
        if entry["answer"] is None:
            self._skipped[column] = True
        else:
            value = np.array(answer_on(self.survey.profile.answers.scale, entry["answer"]))
            self._answers[0, column] = self.survey.population.level(self.survey.profile.answers.scale, value)

    # --- deciding

    @property
    def decision(self) -> Decision:
        """The current decision."""
        if self._decision is None:
            self._decision = self._decide()
        return self._decision

    @property
    def allowed(self) -> BoolArray:
        """bool [m]: questions that may be put."""
        askable = np.zeros(self.survey.profile.n_statements, dtype=bool)
        askable[self.survey.askable] = True
        return np.asarray(askable & (self._answers[0] == UNASKED) & ~self._skipped)

    def _decide(self) -> Decision:
        allowed, step = self.allowed, len(self._log) + 1
        if not allowed.any():
            reason = PERSON if self._stopped else NOTHING_LEFT
            return Decision(step, self.policy, False, reason, None, None, {}, self.cost, [], {})
        asked = Asked(self.survey, self.agent, self.policy, self.cost, self._answers, allowed, step, self.person)
        best = foremost(asked)
        ask, reason = self._judged(best.value)
        ids = self.survey.profile.statements.ids
        return Decision(
            step,
            self.policy,
            ask,
            reason,
            ids[best.statement],
            best.value,
            best.parts,
            self.cost,
            [{"statement": ids[at], "value": value} for at, value in best.others],
            best.tie,
        )

    def _judged(self, value: float | None) -> tuple[bool, str]:
        if self._stopped:
            return False, PERSON
        if self.at_most is not None and self.asked >= self.at_most:
            return False, LIMIT
        if value is None:
            return True, ORDERED
        if value > self.cost * (1.0 + (SLACK if self.kind == "rollout" else 0.0)):
            return True, WORTH_IT
        return (True, FLOOR) if self.asked < self.at_least else (False, NOT_WORTH_IT)
