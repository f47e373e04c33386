"""Languages that texts are recognised in, one file each; some with rules about the speaker."""

from __future__ import annotations

from .base import Language
from .english import ENGLISH
from .french import FRENCH
from .german import GERMAN
from .others import OTHERS
from .spanish import SPANISH

LANGUAGES: dict[str, Language] = {each.code: each for each in (ENGLISH, GERMAN, FRENCH, SPANISH, *OTHERS)}
"""By code; those without `Language.speaker` are here so that no text of theirs is taken for a neighbour's."""

__all__ = ["LANGUAGES", "Language"]
