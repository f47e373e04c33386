"""Models of who agrees with what, and of how sure that is. A new one is one file and one line here."""

from .fitting import AUTO, fit, refit
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
from .opinion_groups import memberships
from .opinion_map import positions
from .protocol import Draw, PreferenceModel
from .registry import MODELS, Model, preference_model, two_part_model
from .reliability import measure
from .repeated.answer_kinds import AnswerKinds, answer_kinds, two_waves
from .repeated.answer_weights import AnswerWeights, group_coverage
from .repeated.kinds_em import KINDS
from .two_part import drawn_from

__all__ = [
    "AUTO",
    "KINDS",
    "MODELS",
    "AnswerKinds",
    "AnswerWeights",
    "Draw",
    "Model",
    "PreferenceModel",
    "answer_kinds",
    "drawn_from",
    "fit",
    "group_coverage",
    "measure",
    "memberships",
    "positions",
    "preference_model",
    "refit",
    "two_part_model",
    "two_waves",
]
