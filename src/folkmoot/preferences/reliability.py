"""How far predictions can be trusted: the fitted model tried on answers it has not seen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ..profile import Comparisons, Profile
from .entries import sided_entries, with_answers
from .fitting import fit, refit
from .held_out import FEWEST, accuracy, binary_losses, calibration, child, hold, vote_losses
from .memo import MEMO, NotPlain, plain
from .models.baselines import fit_statement_mean
from .models.mixture import MixtureModel
from .models.mixture import fit as fit_mixture_model
from .registry import fits
from .two_part import TwoPart

#: People with fewer answers than this keep all of theirs.
ENOUGH = 5


def measure(profile: Profile, rng: np.random.Generator, model: TwoPart | None = None) -> dict[str, Any] | None:
    """Holds out a tenth of the answers, fits the same model to the rest, and scores its predictions.

    Ranks and numbers of classes are those of ``model``: only the parameters are fitted again.

    Args:
        profile: the answers.
        rng: the generator that picks which answers are held out.
        model: the fitted model; ``auto`` is fitted first when not given.

    Returns:
        JSON-ready, or None with fewer than `held_out.FEWEST` answers or complete ballots (nothing was left unsaid):
        ``validated`` (True), ``model``, ``n_held_out`` (answers), ``n_sided`` (of them agree or disagree),
        ``log_loss`` and ``accuracy`` of agree against disagree, ``calibration_error``, ``vote_log_loss`` (agree,
        pass, disagree; on votes alone), and the same of the statement's mean under ``statement_mean``. Of comparisons,
        where there are any: the accuracy in predicting which statement is preferred, and the same of one kind of people
        under ``statement_mean``.
    """
    try:
        chosen = None if model is None else (type(model), model.id, plain(model.parameters))
    except NotPlain:
        return _measured(profile, rng, model)
    key = ("measure", chosen, fits(), plain(profile.facts.get("follows")))
    return MEMO.call(key, profile, rng, lambda: _measured(profile, rng, model))


def _measured(profile: Profile, rng: np.random.Generator, model: TwoPart | None) -> dict[str, Any] | None:
    if len(profile.comparisons) >= FEWEST and (model is None or isinstance(model, MixtureModel)):
        return _of_comparisons(profile, rng, model)
    if len(profile.answers) < FEWEST or profile.answers.scale.complete:
        return None
    if model is None:
        model = fit(profile, child(rng))
    held = hold(profile, rng, fewest=ENOUGH)
    test = with_answers(profile, held)
    sided = sided_entries(test)
    if not len(sided) or held.all():
        return None
    train = with_answers(profile, ~held)
    again = refit(model, train, child(rng), quick=True)
    plain = fit_statement_mean(train, child(rng), strength=2.0)
    return {
        "validated": True,
        "model": model.id,
        "n_held_out": int(held.sum()),
        "n_sided": len(sided),
        **scores(again, test),
        "statement_mean": scores(plain, test),
    }


def _of_comparisons(profile: Profile, rng: np.random.Generator, model: TwoPart | None) -> dict[str, Any]:
    """`measure` of comparisons: a tenth of them is held out."""
    c = profile.comparisons
    held = rng.random(len(c)) < 0.1
    held[rng.integers(len(c))] = True
    left = Comparisons.of(c.agent[~held], c.winner[~held], c.loser[~held])
    train = replace(profile, comparisons=left)
    options = {} if model is None else {"classes": model.parameters["classes"]}
    first, second = np.minimum(c.winner, c.loser)[held], np.maximum(c.winner, c.loser)[held]
    y = (c.winner[held] == first).astype(np.float64)
    measured = []
    for chosen in (options, {"classes": 1}):
        p = fit_mixture_model(train, child(rng), **chosen).prefers(c.agent[held], first, second)
        figures = {
            "log_loss": float(binary_losses(p, y).mean()),
            "accuracy": accuracy(p, y),
            "calibration_error": calibration(p, y).error,
        }
        measured.append({name: round(value, 6) for name, value in figures.items()})
    count = int(held.sum())
    return {
        "validated": True,
        "model": MixtureModel.id,
        "n_held_out": count,
        "n_sided": count,
        **measured[0],
        "statement_mean": measured[1],
    }


def scores(model: TwoPart, test: Profile) -> dict[str, float]:
    """Log-loss, accuracy and calibration error on the answers of a profile, rounded to six places."""
    sided = sided_entries(test)
    p = model.at(sided.row, sided.column)[1]
    figures = {
        "log_loss": float(binary_losses(p, sided.y).mean()),
        "accuracy": accuracy(p, sided.y),
        "calibration_error": calibration(p, sided.y).error,
    }
    a = test.answers
    if a.scale.kind == "vote":
        figures["vote_log_loss"] = float(vote_losses(*model.at(a.agent, a.statement), a.value).mean())
    return {name: round(value, 6) for name, value in figures.items()}
