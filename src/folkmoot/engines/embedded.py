"""The embedded engine: answers the queries with no network and no key, the same way every time.

Votes and ratings: people's own answers, and a population model fitted to them for the rest. Texts only: similarity of
a statement to what the person wrote, which is topic and not stance, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..profile import FloatArray, InputError, IntArray, Profile
from ..queries.completed import Completed

Report = Callable[[str, float], None]

STANCE_NOT_MEASURED = (
    "Stance is not measured: nobody voted, so a statement counts as representing a person when it is about what they "
    "wrote about, whether they are for or against. Reliability is unvalidated: there are no answers to check it with."
)


NOTHING_ASKED = {"calls": 0, "input_tokens": 0, "output_tokens": 0, "cached": 0}


@dataclass(frozen=True)
class Engine:
    """What answers the queries.

    Args:
        profile: the profile, with extracted statements where people only wrote.
        disc: utilities, known and predicted.
        description: engine, model and parameters, JSON-ready (``slate.json`` "engine").
        reliability: how predictions did on held-out answers, None where there is nothing to hold out or to predict.
        notes: what a reader must know about these utilities.
        source: what people said, where the answers in ``profile`` are not theirs but a language model's.
        ledger: what a language model was asked (`folkmoot.llm.account.Account.as_dict`).
    """

    profile: Profile
    disc: Completed
    description: Mapping[str, Any]
    reliability: Mapping[str, Any] | None
    notes: tuple[str, ...] = ()
    source: Profile | None = None
    ledger: Mapping[str, Any] = field(default_factory=lambda: dict(NOTHING_ASKED))

    def positions(self, statements: IntArray) -> FloatArray:
        """float64 [n_agents, 2]: where people stand on a map of opinions, from their utilities of the statements."""
        from ..preferences import positions

        return positions(self.disc.model or self.disc, self.profile, statements)

    def groups(self, statements: IntArray) -> tuple[FloatArray, str] | None:
        """Opinion groups, float64 [n_agents, n_groups], and how they were found; None where nobody voted."""
        from ..preferences import memberships

        if not len(self.profile.answers):
            return None
        return memberships(self.disc.model or self.disc, self.profile, statements)

    def vectors(self, statements: IntArray) -> FloatArray | None:
        """Vectors of the statements' texts, where the engine compares texts; else None."""
        from ..preferences.models.text_similarity import TextSimilarity

        return self.disc.model.vectors(statements) if isinstance(self.disc.model, TextSimilarity) else None


class Embedded:
    """The embedded engine (see the module).

    Args:
        predict: preference model that predicts what people did not answer, a name of `preferences.MODELS` or ``auto``.
    """

    name = "embedded"
    wrote = None  # it chooses among what is there

    def __init__(self, predict: str = "auto") -> None:
        self.predict = predict

    def candidates(self, profile: Profile, max_words: int = 40) -> Profile:
        """The profile with something to choose from: clauses of what people wrote where nothing is listed.

        Args:
            profile: what people said.
            max_words: longest clause.

        Raises:
            InputError: nobody, or nothing that could become a statement.
        """
        if not profile.n_agents:
            raise InputError("the source has no participants; nobody can be represented")
        if profile.n_statements:
            return profile
        if not any(text.strip() for texts in profile.agents.texts for text in texts):
            raise InputError("nobody answered and nobody wrote anything; there is nothing to represent")
        from ..preferences.models.text_similarity import Embedding
        from ..queries.texts.extract import extract

        return extract(profile, max_words, vectors=Embedding().vectors)

    def prepare(self, profile: Profile, *, seed: int = 0, strict: bool = False, report: Report | None = None) -> Engine:
        """Utilities for everybody and every statement.

        Args:
            profile: with candidates.
            seed: of held-out splits and restarts.
            strict: pending statements are not in the pool.
            report: told (stage, share done).
        """
        tell = report or (lambda stage, share: None)
        if not len(profile.answers) and not len(profile.comparisons):
            return _similar(profile, tell)
        if _complete(profile, profile.pool(strict)):
            description = {"name": "embedded", "model": "none", "note": "every utility is the person's own answer"}
            return Engine(profile, Completed(profile), description, None)
        return _fitted(profile, self.predict, seed, tell)


def _fitted(profile: Profile, predict: str, seed: int, tell: Report) -> Engine:
    from ..preferences import fit, measure

    tell("fitting the preference model", 0.0)
    model = fit(profile, np.random.default_rng([seed, 0]), predict)
    tell("fitting the preference model", 1.0)
    tell("measuring its reliability", 0.0)
    reliability = measure(profile, np.random.default_rng([seed, 2]), model)
    tell("measuring its reliability", 1.0)
    description = {"name": "embedded", "model": model.id, "parameters": dict(model.parameters)}
    notes = () if reliability else ("Reliability is unvalidated: there are too few answers to hold any out.",)
    return Engine(profile, Completed(profile, model), description, reliability, notes)


def _similar(profile: Profile, tell: Report) -> Engine:
    from ..preferences.models.text_similarity import TextSimilarity

    tell("comparing texts", 0.0)
    model = TextSimilarity(profile)
    tell("comparing texts", 1.0)
    description = {"name": "embedded", "model": model.id, "parameters": dict(model.parameters)}
    return Engine(profile, Completed(profile, model), description, None, (STANCE_NOT_MEASURED,))


def _complete(profile: Profile, pool: IntArray) -> bool:
    """Everybody answered every statement of the pool (or the ballots are complete by their nature)."""
    if profile.answers.scale.complete:
        return True
    inside = np.zeros(profile.n_statements, dtype=bool)
    inside[pool] = True
    return int(inside[profile.answers.statement].sum()) == profile.n_agents * len(pool)
