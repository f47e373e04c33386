"""Fitting a model by name, or the one that predicts held-out answers best."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..profile import InputError, Profile
from .entries import MAX_CELLS, completed, some_people
from .held_out import child, holds
from .memo import MEMO, NotPlain, plain
from .models import baselines
from .registry import MODELS, fits
from .two_part import TwoPart

#: What ``auto`` chooses among.
AUTO = ("low-rank", "latent-classes")
#: Answers that are enough to choose by.
MANY = 400_000


def fit(profile: Profile, rng: np.random.Generator, model: str = "auto", **options: Any) -> TwoPart:
    """Fits a model of who agrees with what.

    ``auto`` fits every model of `AUTO`, ranks and numbers of classes chosen on the same held-out answers, and keeps
    the one with the lowest held-out log-loss (all answers, passes included; equal losses: the first of `AUTO`). Where
    there are comparisons, it fits the first model that reads them.
    What was fitted before in this process is not fitted again (`memo`): the same call returns an equal model.
    With more than `MANY` answers the choice is made on those of as many people, drawn at random, as give about `MANY`.

    Args:
        profile: the answers; whatever is missing was not answered.
        rng: the generator for splits and starting points; same seed, same model.
        model: the name of a model of `MODELS`, or ``auto``.
        options: the options passed to the model, e.g. ``rank=3`` or ``classes=4``; not with ``auto``.

    Returns:
        The model; ``parameters`` says what was chosen, and how each candidate did.

    Raises:
        InputError: the model is unknown, or there are options with ``auto``.
    """
    try:
        key = ("fit", model, plain(options), fits(), MANY, plain(profile.facts.get("follows")))
    except NotPlain:
        return _fitted(profile, rng, model, options)
    return MEMO.call(key, profile, rng, lambda: _fitted(profile, rng, model, options))


def _fitted(profile: Profile, rng: np.random.Generator, model: str, options: Mapping[str, Any]) -> TwoPart:
    if model != "auto":
        entry = MODELS.find(model, also=("auto",))
        if len(profile.comparisons) and not len(profile.answers) and not entry.compares:
            raise InputError(f"{model} reads no comparisons, and there is nothing else; use {', '.join(_comparing())}")
        return entry.fit(profile, rng, **options)
    if options:
        raise InputError("options belong to one model; name it instead of auto")
    if len(profile.comparisons):
        return MODELS[_comparing()[0]].fit(profile, rng)
    if len(profile.answers) > MANY and not profile.answers.scale.complete:
        few = some_people(profile, MANY, child(rng))
        chosen = _chosen(few, child(rng))
        fitted = refit(chosen, profile, child(rng))
        fitted.parameters = {**chosen.parameters, "chosen_on_answers": len(few.answers)}
        return fitted
    return _chosen(profile, rng)


def _comparing() -> list[str]:
    """Models that read comparisons, in the order of registration."""
    return [model.id for model in MODELS.values() if model.compares]


def _chosen(profile: Profile, rng: np.random.Generator) -> TwoPart:
    """The model of `AUTO` that predicts held-out answers best, fitted to all of the profile's answers."""
    scale = profile.answers.scale
    if scale.complete and profile.n_agents * profile.n_statements > MAX_CELLS:
        return baselines.fit_statement_mean(profile, rng)
    profile = completed(profile)
    splits = holds(profile, child(rng))
    fitted = [MODELS[name].fit(profile, child(rng), splits=splits) for name in (AUTO if splits else AUTO[:1])]
    losses = {one.id: float(one.parameters.get("held_out_log_loss", np.inf)) for one in fitted}
    best = min(fitted, key=lambda one: losses[one.id])
    if splits:
        best.parameters = {**best.parameters, "auto": losses}
    return best


def refit(model: TwoPart, profile: Profile, rng: np.random.Generator, quick: bool = False) -> TwoPart:
    """The same model with the same choices, fitted to other answers of the same people.

    ``quick`` ends the fit earlier, where predictions have settled and parameters not yet, if the model can do that.
    """
    entry = MODELS.find(model.id)
    options = {name: model.parameters[name] for name in entry.keeps if name in model.parameters}
    return entry.fit(profile, rng, **options, **(entry.quick if quick else {}))
