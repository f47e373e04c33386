"""Choosing, reliability, the map, determinism, and real conversations."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from folkmoot.formats import read
from folkmoot.preferences import MODELS, fit, fitting, measure, positions, refit
from folkmoot.preferences.entries import sided_entries, with_answers
from folkmoot.preferences.held_out import binary_losses, calibration, hold
from folkmoot.preferences.memo import MEMO
from folkmoot.preferences.models.low_rank import LowRank
from folkmoot.preferences.registry import Choice, Model
from folkmoot.preferences.reliability import scores
from folkmoot.preferences.two_part import TwoPart
from folkmoot.profile import APPROVAL, VOTE, Agents, Answers, InputError, Profile, Statements
from folkmoot.testing.planted import classes, low_rank, profile_of, voted


@pytest.fixture(scope="module")
def planted() -> Profile:
    rng = np.random.default_rng(31)
    return voted(*low_rank(250, 50, 2, rng), 0.4, rng)


@pytest.fixture(scope="module")
def small() -> Profile:
    """Enough for what holds at any size."""
    rng = np.random.default_rng(32)
    return voted(*low_rank(110, 25, 2, rng), 0.4, rng)


@pytest.mark.long
def test_the_models_beat_the_biases_on_held_out_answers(planted: Profile) -> None:
    held = hold(planted, np.random.default_rng(1))
    train, test = with_answers(planted, ~held), with_answers(planted, held)
    loss = {name: scores(fit(train, np.random.default_rng(0), name), test)["log_loss"] for name in MODELS}
    assert loss["low-rank"] < loss["k-nn"] < min(loss["bias"], loss["statement-mean"])


def test_unknown_models_and_stray_options_are_refused(planted: Profile) -> None:
    with pytest.raises(InputError, match="unknown model 'lowrank'; choose one of auto, bias, "):
        fit(planted, np.random.default_rng(0), "lowrank")
    with pytest.raises(InputError, match="name it"):
        fit(planted, np.random.default_rng(0), rank=2)


# What takes longest to fit: its conformance is tested at each change all the same.
NAMES = [pytest.param(name, marks=pytest.mark.long) if name == "mixture" else name for name in MODELS]


@pytest.mark.parametrize("name", ["auto", *(pytest.param(name, marks=pytest.mark.long) for name in MODELS)])
def test_same_seed_same_bytes(small: Profile, name: str) -> None:
    agents, statements = np.arange(small.n_agents), np.arange(small.n_statements)
    first = fit(small, np.random.default_rng(5), name)
    MEMO.clear()
    second = fit(small, np.random.default_rng(5), name)
    assert first.utilities(agents, statements).tobytes() == second.utilities(agents, statements).tobytes()
    uniform = np.random.default_rng(0).random((len(agents), len(statements)))
    answers = [
        model.draw(np.random.default_rng(6)).answers(agents, statements, uniform).tobytes() for model in (first, second)
    ]
    assert answers[0] == answers[1]
    json.dumps(dict(first.parameters), allow_nan=False)


@pytest.mark.parametrize("name", NAMES)
def test_blocks_and_single_pairs_agree(small: Profile, name: str) -> None:
    model = fit(small, np.random.default_rng(5), name)
    agents, statements = np.array([7, 0, 100]), np.array([3, 1])
    side, agree = model.parts(agents, statements)
    rows, columns = np.repeat(agents, 2), np.tile(statements, 3)
    for block, single in zip((side, agree), model.at(rows, columns), strict=True):
        np.testing.assert_allclose(block.ravel(), single, atol=1e-12)
    again = model.utilities(np.array([100]), np.array([1, 3]))
    np.testing.assert_allclose(again[0], model.utilities(agents, statements)[2, ::-1], atol=1e-12)


_THREADS = """
import sys
import numpy as np
sys.path.insert(0, sys.argv[1])
from folkmoot.testing.planted import low_rank, voted
from folkmoot.preferences import fit, positions
rng = np.random.default_rng(31)
profile = voted(*low_rank(600, 150, 2, rng), 0.4, rng)
model = fit(profile, np.random.default_rng(0))
utilities = model.utilities(np.arange(600), np.arange(150))
import hashlib
print(model.id, model.parameters["rank"], hashlib.sha256(np.rint(utilities * 1024).tobytes()).hexdigest(),
      hashlib.sha256(np.round(positions(model, profile), 6).tobytes()).hexdigest())
"""


@pytest.mark.long
def test_threads_do_not_change_the_result() -> None:
    found = set()
    for threads in ("1", "2"):
        variables = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), threads)
        done = subprocess.run(
            [sys.executable, "-c", _THREADS, str(Path(__file__).parent)],
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            check=True,
        )
        found.add(done.stdout)
    assert len(found) == 1


def test_measure_says_how_well_held_out_answers_are_predicted(planted: Profile) -> None:
    model = fit(planted, np.random.default_rng(0))
    found = measure(planted, np.random.default_rng(1), model)
    assert found is not None
    MEMO.clear()
    assert found == measure(planted, np.random.default_rng(1), model)
    assert found["validated"] is True
    assert found["model"] == model.id
    assert abs(found["n_held_out"] - 0.1 * len(planted.answers)) < 0.03 * len(planted.answers)
    assert found["log_loss"] < found["statement_mean"]["log_loss"]
    assert found["accuracy"] > found["statement_mean"]["accuracy"]
    assert 0.0 <= found["calibration_error"] < 0.08
    json.dumps(found, allow_nan=False)


def test_what_could_not_be_measured_has_no_number() -> None:
    """Nobody takes a side, so that agreement has no held-out answers; as an infinite loss it would be no JSON."""
    agent, statement = np.nonzero(np.random.default_rng(4).random((12, 9)) < 0.5)
    people = Agents(tuple(f"p{i}" for i in range(12)))
    shown = Statements(tuple(f"s{i}" for i in range(9)), tuple(f"Statement {i}" for i in range(9)))
    passes = Profile(people, shown, Answers.of(agent, statement, np.zeros(len(agent)), VOTE))
    json.dumps(dict(fit(passes, np.random.default_rng(0)).parameters), allow_nan=False)


def test_measure_needs_answers() -> None:
    few = profile_of(np.arange(10), np.zeros(10, dtype=int), np.ones(10), 10, 1)
    assert measure(few, np.random.default_rng(0)) is None
    complete = profile_of(np.arange(80), np.zeros(80, dtype=int), np.ones(80), 80, 1, APPROVAL)
    assert measure(complete, np.random.default_rng(0)) is None
    passes = profile_of(np.repeat(np.arange(10), 8), np.tile(np.arange(8), 10), np.zeros(80), 10, 8)
    assert measure(passes, np.random.default_rng(0)) is None


def test_refit_keeps_the_choices(small: Profile) -> None:
    model = fit(small, np.random.default_rng(0), "low-rank")
    again = refit(model, small, np.random.default_rng(1))
    assert again.parameters["rank"] == model.parameters["rank"]
    agents, statements = np.arange(small.n_agents), np.arange(small.n_statements)
    gap = again.utilities(agents, statements) - model.utilities(agents, statements)
    assert np.abs(gap).max() < 0.2  # other starting directions, stopped at the default tolerance
    assert np.abs(gap).mean() < 0.01


@pytest.mark.parametrize("kind", [pytest.param("factors", marks=pytest.mark.long), "classes"])
def test_auto_fits_only_what_it_chooses_and_returns_what_fitting_all_would(
    kind: str, small: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(33)
    profile = small if kind == "factors" else voted(*classes(110, 25, 3, rng)[:2], 0.6, rng)
    finished: list[str] = []

    def counted(entry: Model) -> Callable[..., Choice[TwoPart]]:
        def choose(*args: Any, **options: Any) -> Choice[TwoPart]:
            choice = entry.choice(*args, **options)

            def finish() -> TwoPart:
                finished.append(entry.id)
                return choice.finish()

            return replace(choice, finish=finish)

        return choose

    everybody = np.arange(profile.n_agents), np.arange(profile.n_statements)
    found = []
    for lazily in (True, False):
        with monkeypatch.context() as patch:
            for name in fitting.AUTO:
                choose = counted(MODELS[name]) if lazily else None
                patch.setitem(MODELS._entries, name, replace(MODELS[name], choose=choose))
            found.append(fit(profile, np.random.default_rng(5)))
    assert finished == [found[0].id]
    assert found[0].id == ("low-rank" if kind == "factors" else "latent-classes")
    assert found[0].parameters == found[1].parameters
    assert found[0].utilities(*everybody).tobytes() == found[1].utilities(*everybody).tobytes()


def test_of_very_many_answers_some_people_are_enough_to_choose_by(
    planted: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    from folkmoot.preferences import fitting

    monkeypatch.setattr(fitting, "MANY", 2000)
    model = fit(planted, np.random.default_rng(0))
    assert 1500 < model.parameters["chosen_on_answers"] < 2500
    assert model.utilities(np.arange(planted.n_agents), np.arange(planted.n_statements)).shape == (250, 50)
    assert measure(planted, np.random.default_rng(1), model) is not None


def test_people_of_one_mind_lie_together_on_the_map() -> None:
    rng = np.random.default_rng(3)
    side, agree, label = classes(200, 40, 2, rng)
    profile = voted(side, agree, 0.5, rng)
    for name in ("low-rank", "latent-classes", "k-nn"):
        model = fit(profile, np.random.default_rng(0), name)
        found = positions(model, profile)
        assert found.shape == (200, 2)
        assert found.tobytes() == positions(model, profile).tobytes()
        first = found[:, 0]
        assert (first[label == 0].max() < first[label == 1].min()) or (
            first[label == 1].max() < first[label == 0].min()
        )
        assert first.std() >= found[:, 1].std()
        assert (found[np.abs(found).argmax(axis=0), [0, 1]] >= 0).all()


def test_the_map_of_next_to_nothing() -> None:
    empty = profile_of(np.array([], dtype=int), np.array([], dtype=int), np.array([]), 3, 4)
    model = fit(empty, np.random.default_rng(0))
    np.testing.assert_array_equal(positions(model, empty), np.zeros((3, 2)))
    np.testing.assert_array_equal(positions(model, empty, np.array([], dtype=np.int64)), np.zeros((3, 2)))


@pytest.mark.parametrize(("name", "seeds"), [("15-per-hour-seattle", 3), ("canadian-electoral-reform", 1)])
def test_real_conversations_are_predicted_better_than_by_neighbours_and_biases(
    name: str, seeds: int, real: Callable[[str], Path]
) -> None:
    profile = read(real(f"polis/{name}"))
    loss: dict[str, list[float]] = {"auto": [], "k-nn": [], "bias": []}
    for seed in range(seeds):
        held = hold(profile, np.random.default_rng(seed))
        train, test = with_answers(profile, ~held), with_answers(profile, held)
        for model, losses in loss.items():
            losses.append(scores(fit(train, np.random.default_rng(0), model), test)["log_loss"])
    means = {model: np.mean(losses) for model, losses in loss.items()}
    assert means["auto"] < means["k-nn"]
    assert means["auto"] < means["bias"]


def test_draws_of_a_real_conversation_are_as_calibrated_as_the_prediction(real: Callable[[str], Path]) -> None:
    profile = read(real("polis/canadian-electoral-reform"))
    held = hold(profile, np.random.default_rng(0))
    train, test = with_answers(profile, ~held), sided_entries(with_answers(profile, held))
    model = fit(train, np.random.default_rng(0), "low-rank")
    assert isinstance(model, LowRank)
    point = model.at(test.row, test.column)[1]
    agents, statements = np.arange(profile.n_agents), np.arange(profile.n_statements)
    rng = np.random.default_rng(1)
    drawn = np.mean([model.draw(rng).parts(agents, statements)[1] for _ in range(40)], axis=0)[test.row, test.column]
    assert binary_losses(drawn, test.y).mean() < binary_losses(point, test.y).mean() + 0.005
    assert calibration(drawn, test.y).error < calibration(point, test.y).error + 0.015


@pytest.mark.long
def test_a_sample_a_little_larger_than_asked_for_is_still_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """The drawn people may hold more answers than the limit: the choice is made on them all the same, and ends."""
    monkeypatch.setattr(fitting, "MANY", 300)
    for seed in range(12):
        rng = np.random.default_rng(seed)
        rows, columns = np.divmod(np.arange(31 * 10), 10)
        votes = Answers.of(rows, columns, rng.choice([-1.0, 1.0], len(rows)))
        names = tuple(map(str, range(31)))
        profile = Profile(Agents(names), Statements(names[:10], names[:10]), votes)
        assert fit(profile, rng).parameters["chosen_on_answers"] <= 310
