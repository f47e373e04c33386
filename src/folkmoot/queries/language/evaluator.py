"""The evaluator: a judge of statements that had no part in choosing them, which gives its reasons before the score."""

from __future__ import annotations

from collections.abc import Sequence

from ...llm import Answer, Model
from ...profile import InputError, IntArray
from .disc import HIGH, LOW, Judged, Pair
from .pairs import Pairs
from .people import People
from .prompts import prompt
from .readable_answers import ask, json_object

# Tokens of an answer: four steps of a sentence or two each, in any language.
TOKENS = 1_000


class Evaluator(Judged):
    """How much of what a person thinks a statement says, 1..6, after four steps; for evaluation only, never to select.

    Boehmer, Fish, Procaccia 2025 (The Next Generation), Appendix D.4. Its scale (what share of the person's own points
    is there) and its way (reasons first, a number that is written) are others than those that PROSE selects with.

    Args:
        samples: the number of independent answers that are averaged.
    """

    name = "evaluation"
    query = prompt("evaluation").query

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
        self.parameters: dict[str, object] = {"temperature": temperature, "max_tokens": TOKENS}

    def score(self, agents: IntArray, statements: IntArray) -> None:
        """Asks about the pairs (agents[k], statements[k]), each once."""
        pairs = Pairs.of(agents, statements).without(self._table.settled)
        if len(pairs):
            self._learn(pairs)

    def _ask(self, pairs: Sequence[Pair]) -> list[float | None]:
        # A repeated call is the next sample: numbers a hundred apart keep the samples independent.
        calls = [
            self._call("evaluation", pair, self.parameters, 100 * sample)
            for pair in pairs
            for sample in range(self.samples)
        ]
        read = ask(self.model, calls, _score, self.tally)
        means: list[float | None] = []
        for start in range(0, len(read), self.samples):
            scores = [score for score in read[start : start + self.samples] if score is not None]
            means.append(sum(scores) / len(scores) if scores else None)
        return means


def _score(answer: Answer) -> float | None:
    entry = (json_object(answer.said) or {}).get("score")
    try:
        score = float(str(entry))
    except ValueError:
        return None
    return score if LOW <= score <= HIGH else None
