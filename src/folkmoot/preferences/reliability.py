"""How far predictions can be trusted: the fitted model tried on answers it has not seen."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..profile import Profile
from .baselines import fit_statement_mean
from .choose import fit, refit
from .entries import sided_entries, with_answers
from .held_out import FEWEST, accuracy, binary_losses, calibration, child, hold, vote_losses
from .two_part import TwoPart

#: People with fewer answers than this keep all of theirs.
ENOUGH = 5


def measure(profile: Profile, rng: np.random.Generator, model: TwoPart | None = None) -> dict[str, Any] | None:
    """Holds out a tenth of the answers, fits the same model to the rest, and scores its predictions.

    Ranks and numbers of classes are those of ``model``: only the parameters are fitted again.

    Args:
        profile: the answers.
        rng: which answers are held out.
        model: the fitted model; ``auto`` is fitted first when not given.

    Returns:
        JSON-ready, or None with fewer than `held_out.FEWEST` answers or complete ballots (nothing was left unsaid):
        ``validated`` (True), ``model``, ``n_held_out`` (answers), ``n_sided`` (of them agree or disagree),
        ``log_loss`` and ``accuracy`` of agree against disagree, ``calibration_error``, ``vote_log_loss`` (agree,
        pass, disagree; on votes alone), and the same of the statement's mean under ``statement_mean``.
    """
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


def scores(model: TwoPart, test: Profile) -> dict[str, float]:
    """Log-loss, accuracy and calibration error on the answers of a profile, rounded to six places."""
    sided = sided_entries(test)
    p = model.at(sided.row, sided.column)[1]
    found = {
        "log_loss": float(binary_losses(p, sided.y).mean()),
        "accuracy": accuracy(p, sided.y),
        "calibration_error": calibration(p, sided.y).error,
    }
    a = test.answers
    if a.scale.kind == "vote":
        found["vote_log_loss"] = float(vote_losses(*model.at(a.agent, a.statement), a.value).mean())
    return {name: round(value, 6) for name, value in found.items()}
