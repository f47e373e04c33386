"""How much every judgement counts in training."""

from __future__ import annotations

import numpy as np

from ...profile import FloatArray, IntArray
from ...profile.pairs import Pairs
from ...profile.prefs_options import Weighing


def weights(pairs: Pairs, kind: IntArray | None, by: Weighing) -> FloatArray:
    """float64 [s], 1 on average over what is no tie.

    Args:
        pairs: the judgements; ties get weights like all others.
        kind: int64 [n] the kind of every annotator; None: there is one kind.
        by: ``annotators``: everybody has the same sum, so that nobody counts more for judging more; ``kinds``: every
            kind has the same sum, and everybody within it; ``none``: every judgement counts 1, or 2 / L in a ranking.
    """
    clear = ~pairs.tied
    base = pairs.times
    if by != "none":
        sums = np.bincount(pairs.annotator[clear], base[clear], pairs.n_annotators)
        base = base / np.maximum(sums, 1e-300)[pairs.annotator]
        if by == "kinds" and kind is not None:
            members = np.bincount(kind[sums > 0], minlength=int(kind.max()) + 1)
            base = base / np.maximum(members, 1)[kind[pairs.annotator]]
    total = float(base[clear].sum())
    return np.asarray(base * (clear.sum() / total if total > 0 else 1.0), dtype=np.float64)
