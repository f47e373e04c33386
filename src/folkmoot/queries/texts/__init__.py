"""Texts of statements: words and languages, statements about the speaker, statements that say nearly the same."""

from .co_voters import Alike, CoVoters
from .cosine import Cosines, cosines
from .languages import LANGUAGES, Language
from .near_duplicates import NearDuplicates, near_duplicates
from .recognise import languages_of
from .speaker import RULED, about_the_speaker
from .words import amounts, different_words, plain, stems, tokens, word_count

__all__ = [
    "LANGUAGES",
    "RULED",
    "Alike",
    "CoVoters",
    "Cosines",
    "Language",
    "NearDuplicates",
    "about_the_speaker",
    "amounts",
    "cosines",
    "different_words",
    "languages_of",
    "near_duplicates",
    "plain",
    "stems",
    "tokens",
    "word_count",
]
