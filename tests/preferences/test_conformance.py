"""What `protocol.PreferenceModel` promises, held against every registered model."""

from __future__ import annotations

import numpy as np
import pytest

from folkmoot.preferences import MODELS, fit
from folkmoot.profile import COMPARISON, Agents, Answers, Comparisons, InputError, Profile, Statements
from folkmoot.testing import Case, check_model
from folkmoot.testing.models import everything

# A long time together: `make test-long` runs them.
pytestmark = pytest.mark.long


@pytest.mark.parametrize("case", check_model.cases(*MODELS.values()), ids=str)
def test_every_model_is_as_it_declares(case: Case) -> None:
    case()


@pytest.mark.parametrize("name", list(MODELS))
def test_comparisons_are_read_or_refused(name: str) -> None:
    """A profile with comparisons alone is never fitted as if nobody had said anything."""
    rng = np.random.default_rng(0)
    pairs = np.array([rng.permutation(4)[:2] for _ in range(200)])
    profile = Profile(
        Agents(tuple(map(str, range(20)))),
        Statements(tuple("abcd"), tuple("abcd")),
        Answers.none(COMPARISON),
        comparisons=Comparisons.of(np.arange(200) % 20, pairs.min(axis=1), pairs.max(axis=1)),
    )
    if not MODELS[name].compares:
        with pytest.raises(InputError, match="reads no comparisons"):
            fit(profile, rng, name)
        return
    model = fit(profile, rng, name)
    found = everything(model, profile)
    assert (np.diff(found, axis=1) < 0).all()  # a always wins, d always loses
    assert ((found >= 0.0) & (found <= 1.0)).all()
