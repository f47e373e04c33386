"""Fitting a model by name, or the one that predicts held-out answers best."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..profile import Profile
from . import low_rank
from .two_part import TwoPart

MODELS: dict[str, Callable[..., TwoPart]] = {
    "low-rank": low_rank.fit,
}


def fit(profile: Profile, rng: np.random.Generator, model: str = "auto", **options: Any) -> TwoPart:
    """Fits a model of who agrees with what."""
    return low_rank.fit(profile, rng, **options)
