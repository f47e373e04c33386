"""Random numbers of the studies.

The figures on the studies' pages were printed with these numbers, which every experiment derived for itself before
there were named streams (`folkmoot.profile.streams`). Two experiments may share some of them, since each is read by
itself.
"""

from __future__ import annotations

import numpy as np


def numbers(seed: int, *parts: int) -> np.random.Generator:
    """The generator of one experiment.

    Args:
        seed: the seed of the study.
        parts: the key that tells the experiment's draws apart: the number of the experiment, a repetition, a setting.
    """
    return np.random.default_rng([seed, *parts])
