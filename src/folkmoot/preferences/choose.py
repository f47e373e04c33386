"""Fitting a model by name, or the one that predicts held-out answers best."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..profile import InputError, Profile
from .entries import MAX_CELLS, completed, some_people
from .held_out import child, holds
from .models import (
    baselines,
    graded_response,
    latent_classes,
    low_rank,
    mixture,
    personas,
    reward_features,
    social_poisson,
)
from .two_part import TwoPart

#: Every model by name: ``fit(profile, rng, **options)``. A new model is one file and one line here.
MODELS: dict[str, Callable[..., TwoPart]] = {
    "low-rank": low_rank.fit,
    "latent-classes": latent_classes.fit,
    "graded-response": graded_response.fit,
    "mixture": mixture.fit,
    "reward-features": reward_features.fit,
    "statement-mean": baselines.fit_statement_mean,
    "bias": baselines.fit_bias,
    "k-nn": baselines.fit_neighbours,
    "personas": personas.fit,
    "social-poisson": social_poisson.fit,
}
#: Models that read comparisons and rankings as such; the others see answers alone, rankings as numbers of places.
COMPARES = ("mixture",)
#: What ``auto`` chooses among.
AUTO = ("low-rank", "latent-classes")
#: Answers that are enough to choose by.
MANY = 400_000


def fit(profile: Profile, rng: np.random.Generator, model: str = "auto", **options: Any) -> TwoPart:
    """Fits a model of who agrees with what.

    ``auto`` fits every model of `AUTO`, ranks and numbers of classes chosen on the same held-out answers, and keeps
    the one with the lowest held-out log-loss (all answers, passes included; equal losses: the first of `AUTO`). Where
    there are comparisons, it fits the first of `COMPARES`.
    With more than `MANY` answers the choice is made on those of as many people, drawn at random, as give about `MANY`.

    Args:
        profile: the answers; what is missing was not said.
        rng: splits and starting points; same seed, same model.
        model: a name of `MODELS`, or ``auto``.
        options: passed to the model, e.g. ``rank=3`` or ``classes=4``; not with ``auto``.

    Returns:
        The model; ``parameters`` says what was chosen, and how each candidate did.

    Raises:
        InputError: unknown model, or options with ``auto``.
    """
    if model != "auto":
        if model not in MODELS:
            raise InputError(f"unknown model {model!r}; choose one of auto, {', '.join(MODELS)}")
        if len(profile.comparisons) and not len(profile.answers) and model not in COMPARES:
            raise InputError(f"{model} reads no comparisons, and there is nothing else; use {', '.join(COMPARES)}")
        return MODELS[model](profile, rng, **options)
    if options:
        raise InputError("options belong to one model; name it instead of auto")
    if len(profile.comparisons):
        return MODELS[COMPARES[0]](profile, rng)
    if len(profile.answers) > MANY and not profile.answers.scale.complete:
        few = some_people(profile, MANY, child(rng))
        chosen = _chosen(few, child(rng))
        found = refit(chosen, profile, child(rng))
        found.parameters = {**chosen.parameters, "chosen_on_answers": len(few.answers)}
        return found
    return _chosen(profile, rng)


def _chosen(profile: Profile, rng: np.random.Generator) -> TwoPart:
    """The model of `AUTO` that predicts held-out answers best, fitted to all of the profile's answers."""
    scale = profile.answers.scale
    if scale.complete and profile.n_agents * profile.n_statements > MAX_CELLS:
        return baselines.fit_statement_mean(profile, rng)
    profile = completed(profile)
    splits = holds(profile, child(rng))
    fitted = [MODELS[name](profile, child(rng), splits=splits) for name in (AUTO if splits else AUTO[:1])]
    losses = {one.id: float(one.parameters.get("held_out_log_loss", np.inf)) for one in fitted}
    best = min(fitted, key=lambda one: losses[one.id])
    if splits:
        best.parameters = {**best.parameters, "auto": losses}
    return best


def refit(model: TwoPart, profile: Profile, rng: np.random.Generator, quick: bool = False) -> TwoPart:
    """The same model with the same choices, fitted to other answers of the same people.

    ``quick`` stops the low-rank model's sweeps earlier, where predictions have settled and parameters not yet.
    """
    options = {name: model.parameters[name] for name in model.keeps if name in model.parameters}
    if quick and model.id == "low-rank":
        options["tolerance"] = low_rank.QUICK
    return MODELS[model.id](profile, rng, **options)
