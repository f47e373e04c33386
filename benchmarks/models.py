"""Every preference model on answers it has not seen: log-loss, accuracy, calibration, and time to fit.

    python benchmarks/models.py [CONVERSATION ...]

Without arguments the bundled conversation. A tenth of the answers is held out; all models are fitted to the same rest.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

from folkmoot.formats import read
from folkmoot.preferences import MODELS
from folkmoot.preferences.entries import with_answers
from folkmoot.preferences.held_out import hold
from folkmoot.preferences.reliability import scores
from folkmoot.profile import InputError

HERE = Path(__file__).resolve().parent.parent / "examples" / "bowling-green"


def main(places: list[Path]) -> None:
    """Prints one table a conversation."""
    for place in places:
        profile = read(place)
        held = hold(profile, np.random.default_rng(0))
        train, test = with_answers(profile, ~held), with_answers(profile, held)
        print(f"{place.name}: {profile.n_agents} people, {profile.n_statements} statements, {int(held.sum())} held out")
        print(f"{'model':<18}{'log-loss':>9}{'accuracy':>9}{'calibration':>12}{'vote log-loss':>14}{'seconds':>9}")
        for name, model in MODELS.items():
            start = time.process_time()
            try:
                found = scores(model.fit(train, np.random.default_rng(0)), test)
            except InputError as refused:
                print(f"{name:<18}{refused}")
                continue
            seconds = time.process_time() - start
            votes = found.get("vote_log_loss", float("nan"))
            print(
                f"{name:<18}{found['log_loss']:>9.3f}{found['accuracy']:>9.3f}{found['calibration_error']:>12.3f}"
                f"{votes:>14.3f}{seconds:>9.1f}",
                flush=True,
            )
        print()


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]] or [HERE])
