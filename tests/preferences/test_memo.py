"""What was fitted before is not fitted again, and nobody can tell by the result."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from folkmoot.preferences import MODELS, fit, measure
from folkmoot.preferences.memo import MEMO, Memo, NotPlain, plain
from folkmoot.preferences.two_part import TwoPart
from folkmoot.profile import Profile
from folkmoot.testing.planted import low_rank, voted


@pytest.fixture(scope="module")
def profile() -> Profile:
    rng = np.random.default_rng(5)
    return voted(*low_rank(60, 20, 2, rng), 0.5, rng)


@pytest.fixture(autouse=True)
def _empty() -> Iterator[None]:
    MEMO.clear()
    yield
    MEMO.clear()


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the models that were really fitted."""
    found: list[str] = []

    def counted(name: str) -> Any:
        def fitted(*args: Any, **options: Any) -> TwoPart:
            found.append(name)
            return before[name].fit(*args, **options)

        return fitted

    before = dict(MODELS)
    for name, entry in before.items():
        # Without `choose`, "auto" fits every model that it chooses among.
        monkeypatch.setitem(MODELS._entries, name, replace(entry, fit=counted(name), choose=None))
    return found


def everything(model: TwoPart, profile: Profile) -> bytes:
    return model.utilities(np.arange(profile.n_agents), np.arange(profile.n_statements)).tobytes()


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if name in ("bias", "low-rank") else pytest.mark.long)
        for name in ("auto", *MODELS)
        if name != "social-poisson"
    ],
)
def test_a_second_fit_is_the_first_with_the_same_draws_after_it(name: str, profile: Profile, fits: list[str]) -> None:
    first_rng, second_rng = np.random.default_rng(3), np.random.default_rng(3)
    first = fit(profile, first_rng, name)
    done = list(fits)
    second = fit(profile, second_rng, name)
    assert done
    assert fits == done
    assert everything(first, profile) == everything(second, profile)
    assert first.parameters == second.parameters
    assert first_rng.random() == second_rng.random()
    everybody = np.arange(profile.n_agents), np.arange(profile.n_statements)
    uniform = np.random.default_rng(0).random((profile.n_agents, profile.n_statements))
    drawn = [one.draw(np.random.default_rng(8)).answers(*everybody, uniform) for one in (first, second)]
    np.testing.assert_array_equal(drawn[0], drawn[1])
    MEMO.clear()
    assert everything(fit(profile, np.random.default_rng(3), name), profile) == everything(first, profile)
    assert len(fits) == 2 * len(done)


def test_a_measure_is_remembered_too(profile: Profile, fits: list[str]) -> None:
    model = fit(profile, np.random.default_rng(3))
    found = measure(profile, np.random.default_rng(1), model)
    done = len(fits)
    assert measure(profile, np.random.default_rng(1), model) == found
    assert len(fits) == done
    other = fit(profile, np.random.default_rng(3), "bias")
    scored = measure(profile, np.random.default_rng(1), other)
    assert found is not None
    assert scored is not None
    assert scored["model"] == "bias" != found["model"]


def test_whatever_it_depends_on_makes_another_fit(profile: Profile, fits: list[str]) -> None:
    def fitted(profile: Profile = profile, seed: int = 0, name: str = "latent-classes", **options: Any) -> None:
        fit(profile, np.random.default_rng(seed), name, **options)

    fitted(classes=2)
    a = profile.answers
    value = a.value.copy()
    value[0] = -value[0] if value[0] else 1.0
    others: list[dict[str, Any]] = [
        {"classes": 3},
        {"classes": 2, "seed": 1},
        {"profile": replace(profile, answers=replace(a, value=value)), "classes": 2},
        {"profile": replace(profile, agents=replace(profile.agents, masses=np.arange(1, 61))), "classes": 2},
        {"profile": replace(profile, answers=replace(a, scale=replace(a.scale, kind="rating"))), "classes": 2},
    ]
    for number, one in enumerate(others, start=2):
        fitted(**one)
        assert len(fits) == number


def test_nobody_can_corrupt_what_is_kept(profile: Profile) -> None:
    first = fit(profile, np.random.default_rng(0), "bias")
    before = everything(first, profile)
    first.parameters = {"id": "spoilt"}
    for value in vars(first).values():
        if isinstance(value, np.ndarray) and value.flags.writeable:
            value[...] = 0
    found = measure(profile, np.random.default_rng(0), fit(profile, np.random.default_rng(0), "bias"))
    assert found is not None
    found["log_loss"] = -1.0
    found["statement_mean"].clear()
    again = fit(profile, np.random.default_rng(0), "bias")
    assert everything(again, profile) == before
    assert again.parameters != first.parameters
    measured = measure(profile, np.random.default_rng(0), again)
    assert measured is not None
    assert measured["log_loss"] > 0
    assert measured["statement_mean"]


def test_options_that_cannot_be_compared_are_fitted_every_time(profile: Profile, fits: list[str]) -> None:
    features = np.random.default_rng(0).normal(size=(profile.n_statements, 2))
    for _ in range(2):
        fit(profile, np.random.default_rng(0), "reward-features", features=features)
    assert fits == ["reward-features"] * 2
    with pytest.raises(NotPlain, match="ndarray"):
        plain({"features": features})


def test_memory_is_bounded_and_the_oldest_goes_first(profile: Profile) -> None:
    memo = Memo(n_bytes=3_000, n_entries=4)
    made: list[str] = []

    def ask(key: str, size: int = 100) -> str:
        def compute() -> str:
            made.append(key)
            return key * size

        return memo.call(key, profile, np.random.default_rng(0), compute)

    for key in "abcd":
        assert ask(key) == key * 100
    ask("a")
    ask("e")  # b is the one that was used longest ago
    assert made == list("abcde")
    ask("a")
    assert made == list("abcde")
    ask("b")
    assert made == list("abcdeb")
    assert len(memo) <= 4
    ask("f", 2_000)
    assert memo.size <= 3_000
    ask("g", 4_000)
    ask("g", 4_000)  # larger than all that may be kept
    assert made[-2:] == ["g", "g"]
    memo.clear()
    assert (len(memo), memo.size) == (0, 0)


def test_what_cannot_be_pickled_is_not_kept(profile: Profile) -> None:
    memo = Memo(1_000, 4)
    for _ in range(2):
        assert memo.call("f", profile, np.random.default_rng(0), lambda: lambda: 3)() == 3
    assert len(memo) == 0


def test_large_profiles_are_not_kept(profile: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("folkmoot.preferences.memo.MOST_ANSWERS", 10)
    fit(profile, np.random.default_rng(0), "bias")
    assert len(MEMO) == 0


def test_threads_share_it(profile: Profile) -> None:
    memo = Memo(100_000, 8)

    def ask(number: int) -> float:
        key = number % 12
        rng = np.random.default_rng(key)
        return memo.call(key, profile, rng, rng.random) + rng.random()

    wanted = [sum(np.random.default_rng(number % 12).random(2)) for number in range(400)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(400))) == pytest.approx(wanted, abs=0)
    assert len(memo) <= 8
