"""Models of who agrees with what, and of how sure that is."""

from .choose import AUTO, MODELS, fit, refit
from .opinion_groups import memberships
from .opinion_map import positions
from .protocol import Draw, PreferenceModel
from .reliability import measure

__all__ = ["AUTO", "MODELS", "Draw", "PreferenceModel", "fit", "measure", "memberships", "positions", "refit"]
