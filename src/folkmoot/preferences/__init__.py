"""Models of who agrees with what, and of how sure that is."""

from .choose import AUTO, MODELS, fit, refit
from .opinion_groups import memberships
from .opinion_map import positions
from .protocol import Draw, PreferenceModel
from .reliability import measure
from .repeated.answer_kinds import AnswerKinds, answer_kinds, two_waves
from .repeated.answer_weights import AnswerWeights, group_coverage
from .repeated.kinds_em import KINDS

__all__ = [
    "AUTO",
    "KINDS",
    "MODELS",
    "AnswerKinds",
    "AnswerWeights",
    "Draw",
    "PreferenceModel",
    "answer_kinds",
    "fit",
    "group_coverage",
    "measure",
    "memberships",
    "positions",
    "refit",
    "two_waves",
]
