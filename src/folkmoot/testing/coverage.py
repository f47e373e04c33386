"""How often 90 % intervals of a model's draws hold what people really answered, on any profile."""

from __future__ import annotations

import numpy as np

from ..preferences.entries import with_answers
from ..preferences.held_out import hold
from ..preferences.registry import Model
from ..profile import Profile

#: Fewest hidden answers of a person, or to a statement, whose total is looked at.
LEAST = 5


def coverage(
    model: Model, profile: Profile, rng: np.random.Generator, share: float = 0.2, draws: int = 100
) -> dict[str, tuple[int, int]]:
    """How many totals of hidden answers lie in the draws' 90 % intervals; 90 of 100 is right.

    Totals are whole answers, so that an interval can end on one: a total at an end counts as inside as often as it
    would if answers had no steps.

    Args:
        model: the model to be fitted.
        profile: people's answers.
        rng: the generator that hides answers, fits and draws.
        share: the share of the answers that are hidden.
        draws: the number of draws.

    Returns:
        For ``people`` and for ``statements`` how many lie inside, and of how many.
    """
    held, a = hold(profile, rng, share), profile.answers
    fitted = model.fit(with_answers(profile, ~held), rng)
    agent, statement = a.agent[held], a.statement[held]
    people, statements = np.arange(profile.n_agents), np.arange(profile.n_statements)
    sizes = {"people": (agent, len(people)), "statements": (statement, len(statements))}
    totals: dict[str, list[np.ndarray[tuple[int], np.dtype[np.float64]]]] = {of: [] for of in sizes}
    for _ in range(draws):
        uniform = rng.random((len(people), len(statements)))
        answers = fitted.draw(rng).answers(people, statements, uniform)[agent, statement]
        for of, (at, size) in sizes.items():
            totals[of].append(np.bincount(at, answers, size).astype(np.float64))
    truth = a.scale.utility(a.value[held])
    found: dict[str, tuple[int, int]] = {}
    for of, (at, size) in sizes.items():
        real, drawn = np.bincount(at, truth, size), np.array(totals[of])
        looked = np.bincount(at, minlength=size) >= LEAST
        below, level = (drawn < real - 1e-9).mean(axis=0), (np.abs(drawn - real) <= 1e-9).mean(axis=0)
        place = below + rng.random(size) * level
        found[of] = int(((place >= 0.05) & (place <= 0.95))[looked].sum()), int(looked.sum())
    return found
