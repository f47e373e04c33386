"""Fitting a model by name, or the one that predicts held-out answers best."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..profile import InputError, Profile
from .entries import MAX_CELLS, completed, some_people
from .held_out import child, holds
from .memo import MEMO, NotPlain, plain
from .models import baselines
from .registry import MODELS, Choice, fits
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
        id, choice = _chosen(few, child(rng))
        fitted = _again(id, choice.parameters, profile, child(rng))
        fitted.parameters = {**choice.parameters, "chosen_on_answers": len(few.answers)}
        return fitted
    _, choice = _chosen(profile, rng)
    fitted = choice.finish()
    fitted.parameters = choice.parameters
    return fitted


def _comparing() -> list[str]:
    """Models that read comparisons, in the order of registration."""
    return [model.id for model in MODELS.values() if model.compares]


def _chosen(profile: Profile, rng: np.random.Generator) -> tuple[str, Choice[TwoPart]]:
    """The model of `AUTO` that predicts held-out answers best; the others are not fitted to all answers."""
    scale = profile.answers.scale
    if scale.complete and profile.n_agents * profile.n_statements > MAX_CELLS:
        mean = baselines.fit_statement_mean(profile, rng)
        return mean.id, Choice(mean.parameters, lambda: mean)
    profile = completed(profile)
    splits = holds(profile, child(rng))
    names = AUTO if splits else AUTO[:1]
    choices = {name: MODELS[name].choice(profile, child(rng), splits=splits) for name in names}
    losses = {name: float(one.parameters.get("held_out_log_loss", np.inf)) for name, one in choices.items()}
    best = min(names, key=lambda name: losses[name])
    found = choices[best]
    # A model without anything to measure it by has no loss.
    known = {name: loss for name, loss in losses.items() if np.isfinite(loss)}
    return best, replace(found, parameters={**found.parameters, "auto": known}) if splits else found


def refit(model: TwoPart, profile: Profile, rng: np.random.Generator, quick: bool = False) -> TwoPart:
    """The same model with the same choices, fitted to other answers of the same people.

    ``quick`` ends the fit earlier, where predictions have settled and parameters not yet, if the model can do that.
    """
    return _again(model.id, model.parameters, profile, rng, quick)


def _again(
    id: str, parameters: Mapping[str, Any], profile: Profile, rng: np.random.Generator, quick: bool = False
) -> TwoPart:
    entry = MODELS.find(id)
    options = {name: parameters[name] for name in entry.keeps if name in parameters}
    return entry.fit(profile, rng, **options, **(entry.quick if quick else {}))
