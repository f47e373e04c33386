"""A layer around an engine: answers count for as much as they are opinions, where people were asked more than once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ..processes import Problem, Selection
from ..profile import InputError, Profile, Progress, Repeats
from ..profile.sentences import noted
from ..profile.streams import Stream, stream
from ..queries.reliable import Weighed
from .protocol import Candidates, Engine, Prepared, ProcessEntry, Task, Weighing

if TYPE_CHECKING:
    from ..preferences import AnswerKinds, AnswerWeights


@dataclass(frozen=True)
class WeighedEngine:
    """An engine whose answers are weighed.

    Args:
        engine: that answers.
        repeats: the repeated answers.
        task: the purpose that both serve.
    """

    engine: Engine
    repeats: Repeats
    task: Task

    @property
    def process(self) -> ProcessEntry:
        """The engine's."""
        return self.engine.process

    def candidates(self, profile: Profile) -> WeighedCandidates:
        """The engine's, to be weighed once they are prepared."""
        return WeighedCandidates(self.engine.candidates(profile), profile, self)


@dataclass(frozen=True)
class WeighedCandidates:
    """Candidates whose utilities are weighed.

    Args:
        candidates: the engine's.
        source: the profile as read.
        engine: whose they are.
    """

    candidates: Candidates
    source: Profile
    engine: WeighedEngine

    @property
    def profile(self) -> Profile:
        """The engine's."""
        return self.candidates.profile

    def prepare(self, profile: Profile) -> Prepared:
        """What the engine prepares, with weighted utilities; see `weighed`."""
        task = self.engine.task
        prepared = self.candidates.prepare(profile)
        return weighed(self.source, prepared, self.engine.repeats, task.seed, task.progress)

    def choose(self, problem: Problem, rng: np.random.Generator) -> Selection:
        """The engine's choice."""
        return self.candidates.choose(problem, rng)


def weighed(source: Profile, prepared: Prepared, repeats: Repeats, seed: int, progress: Progress) -> Prepared:
    """Fits the kinds of answers and weighs what an engine prepared.

    Args:
        source: the profile as read; ``prepared`` may know more statements, behind these.
        prepared: by the engine.
        repeats: the repeated answers.
        seed: of the starts.
        progress: called with (stage, share done).

    Raises:
        InputError: there are no answers, repeated answers of others, or a design that cannot tell the kinds apart.
    """
    from ..preferences import answer_kinds

    if not len(source.answers):
        raise InputError("nobody answered anything that repeated answers could weigh; leave `repeats` out")
    progress(noted("telling opinions from other answers"), 0.0)
    try:
        kinds = answer_kinds(repeats, stream(seed, Stream.ANSWER_KINDS))
    except InputError as error:
        raise InputError(f"{str(error).removesuffix('.')}. To choose without weights take `repeats=None`") from None
    weights = kinds.weigh(source)
    progress(noted("telling opinions from other answers"), 1.0)
    return replace(
        prepared,
        disc=Weighed(prepared.disc, weights),
        description={**prepared.description, "weights": _description(kinds)},
        notes=(*prepared.notes, *_cautions(kinds, weights)),
        weighing=Weighing(source, kinds, weights, prepared, seed),
    )


def _description(kinds: AnswerKinds) -> dict[str, object]:
    """The fitted mixture as it stands beside the engine's description."""
    p = kinds.parameters
    return {
        "model": "answer-kinds",
        "kinds": list(kinds.kinds),
        "shares_by": "statement" if kinds.setting.by_statement else "common",
        "slip": _number(p.slip[0]),
        "cue_slip": _number(p.cue_slip[0]),
        "bic": round(kinds.bic, 3),
    }


def _number(value: float, digits: int = 6) -> float | None:
    return None if np.isnan(value) else round(float(value), digits)


def _cautions(kinds: AnswerKinds, weights: AnswerWeights) -> list[str]:
    from ..preferences.repeated.answer_kinds import THIN

    cautions = []
    m = kinds.cells.n_statements
    if never := m - len(kinds.em.here):
        cautions.append(
            noted(
                f"{never} of the {m} statements are not in the table of repeated answers: their answers are weighed by "
                "the common shares, and whether an opinion of them is formed is not known."
            )
        )
    if kinds.thin:
        cautions.append(
            noted(
                f"{len(kinds.thin)} of the {m} statements were asked again of fewer than {THIN} people often enough: "
                "what is said of their answers is uncertain."
            )
        )
    if weights.unmatched:
        cautions.append(
            noted(
                f"{weights.unmatched} repeated answers belong to a person and a statement without an answer in the "
                "source: they count for the shares of the kinds, not for the slate."
            )
        )
    return cautions
