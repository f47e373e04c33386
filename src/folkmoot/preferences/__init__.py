"""Models of who agrees with what, and of how sure that is."""

from .choose import MODELS, fit
from .protocol import Draw, PreferenceModel

__all__ = ["MODELS", "Draw", "PreferenceModel", "fit"]
