"""How much of a statement is about what others speak of: a cheap sign that it is a statement at all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..profile import BoolArray, FloatArray
from ..queries.texts.languages import LANGUAGES
from ..queries.texts.recognise import languages_of
from ..queries.texts.words import stems


def familiar(texts: Sequence[str], among: BoolArray) -> FloatArray:
    """The share of a text's words, function words apart, that another text among these uses too.

    >>> familiar(["Night buses", "Late buses", "Hello test"], np.array([True, True, False])).tolist()
    [0.5, 0.5, 0.0]

    Args:
        texts: the texts of m statements.
        among: bool [m], the statements whose words are known to be about something.

    Returns:
        float64 [m] in [0, 1]; 0 where a text has function words only.
    """
    used = {code for code in languages_of(texts) if code in LANGUAGES}
    without = frozenset(word for code in sorted(used) for word in LANGUAGES[code].words)
    found = [set(stems(text, without)) for text in texts]
    having: dict[str, int] = {}
    for at in np.flatnonzero(among).tolist():
        for stem in found[at]:
            having[stem] = having.get(stem, 0) + 1
    shares = np.zeros(len(texts))
    for at, own in enumerate(found):
        mine = int(among[at])
        shares[at] = sum(having.get(stem, 0) > mine for stem in own) / max(1, len(own))
    return shares
