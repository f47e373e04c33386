"""Agreement, kinds, calibration and consistency of preference data, on worlds whose truth is known."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import permutations
from typing import get_args

import numpy as np
import pytest

from folkmoot.preferences.pairs.agreement import agreement, alpha_of, disagreement
from folkmoot.preferences.pairs.calibration import Foreseen, calibration
from folkmoot.preferences.pairs.consistency import filtered
from folkmoot.preferences.pairs.continuum import Continuum, fit_continuum, log_likelihood
from folkmoot.preferences.pairs.differences import examples, leanings
from folkmoot.preferences.pairs.evidence import compared, features_of, rewards
from folkmoot.preferences.pairs.failing import by_kind, hidden
from folkmoot.preferences.pairs.intervals import mean_over
from folkmoot.preferences.pairs.kinds import Kinds, kinds_of
from folkmoot.preferences.pairs.weights import weights
from folkmoot.profile import InputError
from folkmoot.profile.pairs import Pairs
from folkmoot.profile.prefs_options import Weighing
from pairs_made import World, planted


def pairs_of(rows: list[tuple[int, int, int, bool]], people: int, prompt: list[int], records: bool = True) -> Pairs:
    """Judgements (annotator, chosen, rejected, tied) of answers to these prompts."""
    who, chosen, rejected, tied = (np.array(part) for part in zip(*rows, strict=True))
    record = np.arange(len(rows)) if records else np.zeros(len(rows), dtype=int)
    return Pairs(
        tuple(f"w{n}" for n in range(people)),
        tuple(f"p{n}" for n in range(max(prompt) + 1)),
        tuple(f"r{n}" for n in range(len(prompt))),
        np.array(prompt),
        who,
        chosen,
        rejected,
        tied.astype(bool),
        np.ones(len(rows)),
        record,
    )


def alpha_by_hand(units: list[list[float]]) -> float:
    """Krippendorff's alpha from every pair of values, each unit in both orders."""
    both = [unit for one in units if len(one) > 1 for unit in (one, [-v for v in one])]
    observed = sum(sum((a - b) ** 2 for a, b in permutations(unit, 2)) / (len(unit) - 1) for unit in both)
    values = [v for unit in both for v in unit]
    expected = sum((a - b) ** 2 for a, b in permutations(values, 2)) / (len(values) - 1)
    return 1.0 - observed / expected


def test_alpha_is_krippendorffs_whatever_the_order_of_answers() -> None:
    rng = np.random.default_rng(0)
    units = [rng.choice([-1.0, 0.0, 1.0], rng.integers(1, 5)).tolist() for _ in range(12)]
    unit = np.repeat(np.arange(12), [len(u) for u in units])
    _, observed, counts, ties = disagreement(unit, np.array([v for u in units for v in u]))
    found = float(alpha_of(observed.sum(), counts.sum().astype(float), ties.sum()))
    assert found == pytest.approx(alpha_by_hand(units))
    # all agree, and the first named is always chosen: still perfect, and not "nothing but chance"
    same = pairs_of([(w, 0, 1, False) for w in range(3)] + [(w, 2, 3, False) for w in range(3)], 3, [0, 0, 1, 1])
    assert agreement(same, rng).alpha.value == pytest.approx(1.0)
    opposed = pairs_of([(0, 0, 1, False), (1, 1, 0, False)], 2, [0, 0])
    assert agreement(opposed, rng).alpha.value < 0


def test_agreement_with_oneself_and_circles() -> None:
    rows = [(0, 0, 1, False), (0, 0, 1, False), (0, 1, 0, False), (0, 1, 2, False), (0, 2, 0, False)]
    found = agreement(pairs_of(rows, 1, [0, 0, 0]), np.random.default_rng(0))
    assert found.with_self.judgements == 2
    assert found.with_self.value == 0.5
    assert found.cycles.judgements == 0  # 0 and 1 beat each other: that is no circle
    circle = [
        (0, 0, 1, False),
        (0, 1, 2, False),
        (0, 2, 0, False),
        (1, 0, 1, False),
        (1, 1, 2, False),
        (1, 0, 2, False),
    ]
    assert agreement(pairs_of(circle, 2, [0] * 3), np.random.default_rng(0)).cycles.value == 0.5
    # one ranking in one row cannot go round
    assert agreement(pairs_of(circle, 2, [0] * 3, records=False), np.random.default_rng(0)).cycles.judgements == 0
    assert agreement(pairs_of([(0, 0, 1, False)], 1, [0, 0]), np.random.default_rng(0)).units == 0


def test_intervals_take_people_as_the_sample() -> None:
    """Ten people who always say the same as they did know as much as ten judgements, not as a hundred."""
    values = np.repeat([1.0, 0.0] * 5, 10)
    people = np.repeat(np.arange(10), 10)
    alone = mean_over(values, np.arange(100))
    together = mean_over(values, people)
    assert together.high - together.low > 2.5 * (alone.high - alone.low)
    sure = mean_over(np.ones(40), np.repeat(np.arange(10), 4))
    assert sure.value == 1.0
    assert 0.7 < sure.low < 0.9  # never of no width
    assert np.isnan(mean_over(np.zeros(0), np.zeros(0, dtype=int)).value)


@pytest.fixture(scope="module")
def opposed() -> tuple[Pairs, np.ndarray, Kinds]:
    pairs, kind = planted("opposed", np.random.default_rng(1), people=80)
    return pairs, kind, kinds_of(pairs, np.random.default_rng(0))


@pytest.mark.long
def test_two_opposed_kinds_are_found_and_one_model_fails_the_smaller(
    opposed: tuple[Pairs, np.ndarray, Kinds],
) -> None:
    pairs, kind, found = opposed
    assert found.classes == 2
    assert found.gain is not None
    assert found.gain.low > 0
    label = found.mixture.member.argmax(axis=1)
    assert (label == kind).mean() > 0.95
    seen = hidden(pairs, found.mixture, np.random.default_rng(2))
    large, small = by_kind(pairs, seen, found.mixture)
    assert small.pooled.value < 0.45 < large.pooled.value
    assert small.mixture.value > 0.6
    assert small.annotators + large.annotators == 80
    # one reward function cannot match a share of a quarter; two can
    assert calibration(found.foreseen[2]).error < calibration(found.foreseen[1]).error
    shown = examples(pairs, rewards(found.mixture.theta[0], None), label)
    assert shown
    assert all(one.chances[0] > 0.5 > one.chances[1] for one in shown)
    rules = {one.rule: one for one in filtered(pairs, label)}
    lost = {loss.label: loss.after - loss.before for loss in rules["majority"].losses if not loss.column}
    assert lost["2"] < -0.05 < 0.05 < lost["1"]


@pytest.mark.long
@pytest.mark.parametrize(("world", "kinds", "describe"), [("one", 1, False), ("opposed", 2, False), ("line", 2, True)])
def test_kinds_are_not_invented_and_a_continuum_is_called_one(world: World, kinds: int, describe: bool) -> None:
    found = []
    for seed in range(5):
        pairs, _ = planted(world, np.random.default_rng(seed), people=120, prompts=30)
        one = kinds_of(pairs, np.random.default_rng(0))
        found.append((min(one.classes, 2), one.describe))
    assert sum(each == (kinds, describe) for each in found) >= 4, found


def test_a_continuum_is_fitted_by_its_likelihood() -> None:
    """What is found is likelier than the truth's neighbours along the line, and finds the line."""
    pairs, _ = planted("line", np.random.default_rng(0), people=100, prompts=5)
    evidence = compared(pairs)
    everybody = np.ones(100)
    centre = np.zeros(evidence.size)
    fitted = fit_continuum(evidence, everybody, np.random.default_rng(0), 0.5, centre)

    def worth(one: Continuum) -> float:
        prior = 0.25 * float(np.square(one.middle).sum() + np.square(one.slope).sum())
        return float(log_likelihood(evidence, one).sum()) - prior

    best = worth(fitted)
    rng = np.random.default_rng(1)
    for _ in range(10):
        way = 0.1 * rng.normal(size=(2, evidence.size))
        assert worth(Continuum(fitted.middle + way[0], fitted.slope + way[1])) < best
    assert worth(Continuum(fitted.middle, 0.0 * fitted.slope)) < best - 5


def test_features_let_pairs_that_share_nothing_be_learned() -> None:
    """80 people x 8 pairs, 8 features, 75/25: new pairs of the smaller kind are foreseen, one model does not."""
    rng = np.random.default_rng(3)
    n, d = 80, 8
    w = rng.normal(size=(2, d))
    w[1] = -w[0] + 0.3 * w[1]
    kind = (np.arange(n) % 4 == 0).astype(int)
    phi = rng.normal(size=(2 * n * 8, d))
    who = np.repeat(np.arange(n), 8)
    a, b = np.arange(n * 8) * 2, np.arange(n * 8) * 2 + 1
    likes_a = rng.random(len(who)) < 1 / (1 + np.exp(np.einsum("sd,sd->s", phi[b] - phi[a], w[kind[who]])))
    rows = [
        (int(p), int(x if first else y), int(y if first else x), False)
        for p, x, y, first in zip(who, a, b, likes_a, strict=True)
    ]
    pairs = pairs_of(rows, n, [at // 2 for at in range(len(phi))])
    turned = features_of(pairs, phi)
    found = kinds_of(pairs, np.random.default_rng(0), turned)
    assert found.classes == 2
    assert (found.mixture.member.argmax(axis=1) == kind).mean() > 0.95
    reward = turned.reward(found.mixture.theta[0])
    pooled = turned.reward(kinds_of(pairs, np.random.default_rng(0), turned, 1).mixture.theta[0])
    new = rng.normal(size=(3000, d))
    for k, least in ((0, 0.93), (1, 0.90)):
        truth = new @ w[k] > 0
        assert ((new @ reward[k] > 0) == truth).mean() >= least
    assert ((new @ pooled[0] > 0) == (new @ w[1] > 0)).mean() <= 0.45
    # and without them nothing is known
    assert kinds_of(pairs, np.random.default_rng(0)).classes == 1
    with pytest.raises(InputError, match="the same in every pair"):
        features_of(pairs, np.ones((len(phi), 2)))
    with pytest.raises(InputError, match="finite"):
        features_of(pairs, np.full((len(phi), 2), np.nan))


def test_calibration_does_not_count_the_noise_of_few_annotators() -> None:
    """The truth is .75 for every pair: whoever says .75 is calibrated, with two annotators a pair as with twenty."""
    rng = np.random.default_rng(0)
    for each in (2, 20):
        unit = np.repeat(np.arange(4000 // each), each)
        said = (rng.random(len(unit)) < 0.75).astype(float)
        right = calibration(Foreseen(unit, said, np.full(len(unit), 0.75), np.full(len(unit), 0.75)))
        assert right.error < 0.1
        wrong = calibration(Foreseen(unit, said, np.ones(len(unit)), np.full(len(unit), 0.5)))
        assert wrong.error == pytest.approx(0.25, abs=0.06)
        assert wrong.of_chances == pytest.approx(0.25, abs=0.06)
    assert np.isnan(calibration(Foreseen(np.array([0]), np.ones(1), np.ones(1), np.ones(1))).error)


def test_who_contradicts_themselves_is_not_who_differs() -> None:
    """Three of 12 say the opposite each time; nine agree, three of these waver: each rule leaves out others."""
    rows = []
    for person in range(12):
        for prompt in range(6):
            first, second = 2 * prompt, 2 * prompt + 1
            likes = (first, second) if person >= 3 else (second, first)
            rows += [(person, *likes, False), (person, *(likes[::-1] if 3 <= person < 6 else likes), False)]
    pairs = replace(pairs_of(rows, 12, [at // 2 for at in range(12)]), groups={"side": tuple("x" * 3 + "y" * 9)})
    rules = {one.rule: one for one in filtered(pairs, None)}
    assert {name: one.left_out for name, one in rules.items()} == {"contradictions": 3, "majority": 3}
    kept = {name: {loss.label: loss.after for loss in one.losses} for name, one in rules.items()}
    assert kept["majority"]["x"] == 0.0
    assert kept["contradictions"]["x"] == pytest.approx(1 / 3)
    assert rules["contradictions"].turned == 0.0


def test_weights_make_people_or_kinds_equal() -> None:
    rows = [(0, 0, 1, False)] * 4 + [(1, 0, 1, False)] * 2 + [(2, 1, 0, False)]
    pairs = pairs_of(rows, 3, [0, 0])
    kind = np.array([0, 0, 1])
    sums = {by: np.bincount(pairs.annotator, weights(pairs, kind, by)).round(6).tolist() for by in get_args(Weighing)}
    assert sums["none"] == [4, 2, 1]
    assert sums["annotators"] == pytest.approx([7 / 3] * 3)
    assert sums["kinds"] == pytest.approx([7 / 4, 7 / 4, 7 / 2])
    assert weights(pairs, kind, "kinds").mean() == pytest.approx(1.0)


def test_traits_of_what_groups_choose() -> None:
    rows = [(w, (1 if w < 5 else 0), (0 if w < 5 else 1), False) for w in range(10)] * 3
    pairs = replace(pairs_of(rows, 10, [0, 0]), responses=("short", "a much longer answer?"))
    found = {(one.trait, one.label): one.share.value for one in leanings(pairs, np.repeat([0, 1], 5))}
    assert found["is longer", "1"] == found["asks back more", "1"] == 1.0
    assert found["is longer", "2"] == 0.0
    assert ("has more lists", "1") not in found


@pytest.mark.long
def test_twenty_thousand_pairs_on_ten_thousand_answers_need_no_matrix() -> None:
    """Kinds are found where hardly two people judged the same pair, without a square of the answers in memory."""
    import resource

    rng = np.random.default_rng(0)
    prompts, people, size = 2500, 400, 20_000
    kind = (rng.random(people) < 0.25).astype(int)
    reward = 1.5 * rng.normal(size=prompts * 4)
    who, prompt, first = rng.integers(0, people, size), rng.integers(0, prompts, size), rng.integers(0, 4, size)
    a, b = prompt * 4 + first, prompt * 4 + (first + rng.integers(1, 4, size)) % 4
    sign = np.where(kind[who] == 1, -1.0, 1.0)
    likes_a = rng.random(size) < 1 / (1 + np.exp(sign * (reward[b] - reward[a])))
    chosen, rejected = np.where(likes_a, a, b), np.where(likes_a, b, a)
    rows = [(int(p), int(x), int(y), False) for p, x, y in zip(who, chosen, rejected, strict=True)]
    pairs = pairs_of(rows, people, [at // 4 for at in range(prompts * 4)])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # other tests of this process may have taken more
    found = kinds_of(pairs, np.random.default_rng(0))
    assert found.classes == 2
    assert (found.mixture.member.argmax(axis=1) == kind).mean() > 0.9
    # kB; a matrix of them alone is 800 MB.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 700_000


def test_the_same_seed_gives_the_same_findings(opposed: tuple[Pairs, np.ndarray, Kinds]) -> None:
    from folkmoot.formats.pairs import Preferences
    from folkmoot.slates.preference_data import preference_data

    pairs = opposed[0].of(np.arange(len(opposed[0])) < 300)
    pairs = replace(pairs, groups={"half": tuple("xy" * 40)})
    data = Preferences(pairs, [{} for _ in range(300)])
    once, twice = (json.dumps(preference_data(data, seed=3)[0].as_dict(), allow_nan=False) for _ in range(2))
    assert once == twice
    assert not any(f'"{name}"' in once for name in pairs.annotators)
