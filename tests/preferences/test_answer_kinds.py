"""Kinds of answers: against the likelihood written out, planted worlds, and what the design cannot tell."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from kinds_planted import first_answers, planted

from folkmoot.asking import repeat_design
from folkmoot.preferences import answer_kinds, group_coverage, two_waves
from folkmoot.preferences.repeated.conditions import CUES, ORDERS, Cells
from folkmoot.preferences.repeated.kinds_em import KindsEM, Setting
from folkmoot.preferences.repeated.latent_attitude import GRID, AttitudeEM
from folkmoot.profile import Agents, InputError, Profile, Repeats, Scale, Statements
from folkmoot_studies.plural.answer_world import AnswerWorld

RATE = np.linspace(0.2, 0.8, 6)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def every_pattern(cue: tuple[int, ...], order: tuple[int, ...]) -> Repeats:
    """One person for every way to answer one statement under these conditions."""
    patterns = np.array(list(product([-1.0, 1.0], repeat=len(cue))))
    n, c = patterns.shape
    return Repeats.of(
        np.repeat(np.arange(n), c),
        np.zeros(n * c, dtype=np.int64),
        patterns.ravel(),
        np.tile(cue, n),
        np.tile(order, n),
        np.tile(np.arange(c), n),
        n_agents=n,
        n_statements=1,
    )


CONDITIONS = [((1, -1, 1, -1), (1, 1, -1, -1)), ((1, -1, 0, 1), (0, 1, -1, 1)), ((1,), (1,)), ((0, 0, 1), (0, 0, 0))]


@pytest.mark.parametrize(("cue", "order"), CONDITIONS)
def test_likelihoods_are_those_of_the_definitions_and_sum_to_one(cue: tuple[int, ...], order: tuple[int, ...]) -> None:
    asked = every_pattern(cue, order)
    em = KindsEM(Cells.of(asked), Setting(artefact=True))
    p = em.begin(rng(1), 3).pick(2)
    logs = em.expect(p)[1][0]
    assert float(em.cells.count @ np.exp(logs)) == pytest.approx(1.0)
    slip, cue_slip, order_slip = float(p.slip[0]), float(p.cue_slip[0]), float(p.order_slip[0])
    rate, guess = float(p.rate[0, 0]), float(p.guess[0, 0])
    for row in range(asked.n_agents):
        y = asked.value[asked.agent == row] > 0

        def once(p_agree: list[float], y: np.ndarray = y) -> float:
            return float(np.prod([q if agrees else 1 - q for q, agrees in zip(p_agree, y, strict=True)]))

        def follow(sides: tuple[int, ...], s: float) -> list[float]:
            return [{1: 1 - s, -1: s, 0: 0.5}[side] for side in sides]

        wanted = [
            rate * once([1 - slip] * len(y)) + (1 - rate) * once([slip] * len(y)),
            once(follow(cue, cue_slip)),
            once([guess] * len(y)),
            once(follow(order, order_slip)),
        ]
        found = logs[em.cells.pair_cell[row]]
        assert np.exp(found) == pytest.approx(float(p.share[0, 0] @ np.array(wanted)))


@pytest.mark.parametrize(("cue", "order"), CONDITIONS)
def test_attitudes_sum_to_one_and_follow_the_logistic(cue: tuple[int, ...], order: tuple[int, ...]) -> None:
    asked = every_pattern(cue, order)
    em = AttitudeEM(Cells.of(asked))
    p = replace(em.begin(1), effects=np.array([[[0.7], [-0.4]]]), centre=np.array([[0.3]]), spread=np.array([[1.1]]))
    logs = em.expect(p)[1][0]
    assert float(em.cells.count @ np.exp(logs)) == pytest.approx(1.0)
    prior = np.exp(-0.5 * ((GRID - 0.3) / 1.1) ** 2)
    prior /= prior.sum()
    y = asked.value[asked.agent == asked.n_agents - 1] > 0  # agrees with everything
    assert y.all()
    chance = [1 / (1 + np.exp(-(GRID + 0.7 * c - 0.4 * o))) for c, o in zip(cue, order, strict=True)]
    assert np.exp(logs[em.cells.pair_cell[-1]]) == pytest.approx(float(prior @ np.prod(chance, axis=0)))


def test_cells_count_what_was_said() -> None:
    asked, _, _ = planted(rng(2), (0.5, 0.2, 0.3), RATE, n=40, missing=0.3)
    cells = Cells.of(asked)
    assert cells.count.sum() == len(cells.pair_cell) == len(set(zip(asked.agent, asked.statement, strict=True)))
    for at in range(0, len(cells.pair_cell), 7):
        mine = (asked.agent == cells.pair_agent[at]) & (asked.statement == cells.pair_statement[at])
        y, cue, order = asked.value[mine] > 0, asked.cue[mine], asked.order[mine]
        cell = cells.pair_cell[at]
        assert cells.statement[cell] == cells.pair_statement[at]
        assert cells.agree[cell] == y.sum()
        assert cells.on_cue[cell] == ((cue > 0) == y).sum()
        assert cells.on_first[cell] == ((order > 0) == y).sum()
        assert cells.design[cell].tolist() == [
            ((cue == c) & (order == o)).sum() for c, o in zip(CUES, ORDERS, strict=True)
        ]
    heavy = rng(3).integers(0, 4, size=(3, 40)).astype(float)
    for row, weights in zip(cells.weighted(heavy), heavy, strict=True):
        assert row == pytest.approx(
            [weights[cells.pair_agent[cells.pair_cell == cell]].sum() for cell in range(len(cells.count))]
        )


@pytest.mark.parametrize("artefact", [False, True])
@pytest.mark.parametrize("free_guess", [False, True])
def test_no_step_lowers_the_penalised_likelihood(artefact: bool, free_guess: bool) -> None:
    asked, _, _ = planted(rng(4), (0.4, 0.2, 0.3, 0.1), RATE, n=60, missing=0.2)
    em = KindsEM(Cells.of(asked), Setting(artefact, False, free_guess))
    count = np.broadcast_to(em.cells.count.astype(float), (4, len(em.cells.count)))
    p, before = em.begin(rng(5), 4), np.full(4, -np.inf)
    for _ in range(60):
        posterior, cells = em.expect(p)
        now = (count * cells).sum(axis=1) + em.penalty(p)
        assert (now >= before - 1e-8).all()
        before, p = now, em.maximise(posterior, count, p)


@pytest.mark.parametrize("climate", [False, True])
def test_planted_kinds_are_found_with_four_conditions(climate: bool) -> None:
    shares, errors, asked_once = [], [], []
    for seed in range(4):
        asked, kind, opinion = planted(rng(seed), (0.5, 0.2, 0.3), np.linspace(0.2, 0.8, 10), climate=climate)
        fitted = answer_kinds(asked, rng(), shares="common", artefact=False, starts=3)
        truth = np.array([opinion[kind[:, j] == 0, j].mean() for j in range(10)])
        plain = np.array(
            [(asked.value[asked.first & (asked.statement == j) & (asked.cue > 0)] > 0).mean() for j in range(10)]
        )
        shares.append(fitted.probability.mean(axis=0))
        errors.append(np.abs(fitted.support - truth).mean())
        asked_once.append(np.abs(plain - truth).mean())
        assert (fitted.probability.argmax(axis=1) == kind.ravel()).mean() > 0.66
        assert fitted.probability.sum(axis=1) == pytest.approx(np.ones(len(fitted.agree)))
    assert np.abs(np.mean(shares, axis=0) - (0.5, 0.2, 0.3)).max() <= 0.05
    assert np.mean(errors) <= np.mean(asked_once) / 2


def test_the_fourth_kind_and_missing_conditions() -> None:
    # Over seeds the genuine share found spreads by 0.012 around the planted one (with 6 statements by 0.03).
    rate = np.linspace(0.2, 0.8, 12)
    asked, _, _ = planted(rng(7), (0.45, 0.15, 0.25, 0.15), rate, n=900, conditions=6, missing=0.15)
    fitted = answer_kinds(asked, rng(), shares="common")
    assert fitted.kinds == ("genuine", "constructed", "non-attitude", "artefact")
    assert fitted.probability.mean(axis=0) == pytest.approx((0.45, 0.15, 0.25, 0.15), abs=0.05)


def test_statements_without_formed_opinion_are_labelled() -> None:
    share = np.array([[0.7, 0.1, 0.2]] * 5 + [[0.05, 0.15, 0.8]] * 2)
    asked, _, _ = planted(rng(8), share, np.full(7, 0.6), n=700, conditions=6)
    fitted = answer_kinds(asked, rng(), artefact=False)
    assert fitted.setting.by_statement  # AIC sees that the statements differ
    assert fitted.not_formed.tolist() == [False] * 5 + [True] * 2
    report = fitted.as_dict(first_answers(asked))
    assert [s["label"] for s in report["statements"]] == [""] * 5 + ["opinion not formed"] * 2
    low, high = fitted.interval(rng(9), samples=20)[0]
    assert (low <= fitted.genuine).all()
    assert (fitted.genuine <= high).all()
    assert (high[5:] < 0.3).all()


def test_turning_every_answer_and_condition_round_turns_the_support_round() -> None:
    asked, _, _ = planted(rng(10), (0.5, 0.2, 0.3), RATE, n=300)
    turned = Repeats.of(
        asked.agent, asked.statement, -asked.value, -asked.cue, -asked.order, asked.wave, n_agents=300, n_statements=6
    )
    one, two = (answer_kinds(each, rng(), shares="common", starts=1) for each in (asked, turned))
    assert two.support == pytest.approx(1 - one.support, abs=1e-6)
    assert two.probability == pytest.approx(one.probability, abs=1e-6)


def test_nobodys_place_matters_and_the_same_seed_gives_the_same() -> None:
    asked, _, _ = planted(rng(11), (0.5, 0.2, 0.3), RATE, n=120)
    order = rng(12).permutation(120)
    moved = Repeats.of(
        order[asked.agent],
        asked.statement,
        asked.value,
        asked.cue,
        asked.order,
        asked.wave,
        n_agents=120,
        n_statements=6,
    )
    one, again, other = (answer_kinds(each, rng(3), shares="common", starts=2) for each in (asked, asked, moved))
    assert np.array_equal(one.probability, again.probability)
    assert other.support == pytest.approx(one.support, abs=1e-9)


def test_the_model_that_made_the_answers_is_preferred() -> None:
    asked, _, _ = planted(rng(13), (0.5, 0.2, 0.3), RATE, n=400)
    n, m, c = 400, 6, 4
    attitude = rng(14).normal(0.0, 2.0, size=(n, m))[asked.agent, asked.statement] + 0.5 * asked.cue
    values = np.where(rng(15).random(n * m * c) < 1 / (1 + np.exp(-attitude)), 1.0, -1.0)
    smooth = replace(asked, value=values)
    found = [answer_kinds(each, rng(), shares="common", starts=2).compare(rng(1)) for each in (asked, smooth)]
    assert [each["preferred"] for each in found] == ["kinds", "attitude"]
    for each in found:
        k = each["kinds"]
        assert k["bic"] == pytest.approx(k["parameters"] * np.log(n * m) - 2 * k["log_likelihood"])


@pytest.mark.long
def test_a_wording_that_moves_people_more_at_one_statement_is_no_kind() -> None:
    """Attitudes made the answers; at three of nine statements they are weak and the wording moves them far."""
    people, statements, waves = 150, 9, 4
    agent, statement, wave = (each.ravel() for each in np.indices((people, statements, waves)))
    first = rng(18).integers(2, size=(people, statements, 1)).repeat(waves, axis=2).ravel()
    cue, order = 1 - 2 * ((wave + first) % 2), 1 - 2 * rng(19).integers(2, size=len(agent))
    hollow = np.arange(statements) >= 6
    centre, strength = rng(20).normal(0.0, 0.7, statements), np.where(hollow, 0.5, 2.5)
    attitude = rng(21).normal(centre, strength, (people, statements))[agent, statement]
    logit = attitude + np.where(hollow, 1.5, 0.5)[statement] * cue
    values = np.where(rng(22).random(len(logit)) < 1 / (1 + np.exp(-logit)), 1.0, -1.0)
    asked = Repeats.of(agent, statement, values, cue, order, wave, n_agents=people, n_statements=statements)
    fitted = answer_kinds(asked, rng(), starts=2)
    assert fitted.compare(rng(1))["preferred"] == "attitude"
    em = AttitudeEM(fitted.cells)
    found = em.run(fitted.cells.count[None].astype(float), em.begin(1))[0].effects[0, 0]
    assert found[hollow].min() > 1.0 > found[~hollow].max()
    assert fitted.not_formed[hollow].all()  # whichever fits better, these are labelled
    assert not fitted.not_formed[~hollow].any()


def test_two_waves_by_counting() -> None:
    asked, _, _ = planted(rng(16), (0.6, 0.2, 0.2), RATE, n=200, missing=0.2)
    same, opposite = [], []
    for pair in set(zip(asked.agent.tolist(), asked.statement.tolist(), strict=True)):
        mine = (asked.agent == pair[0]) & (asked.statement == pair[1])
        y, cue = asked.value[mine], asked.cue[mine]
        for side in (1, -1):
            if (cue == side).sum() >= 2:
                same.append(y[cue == side][0] == y[cue == side][1])
        if len(y) > 1 and cue[0] == -cue[1]:
            opposite.append(y[0] == y[1])
    found = two_waves(asked)
    assert found["pairs_same"] == len(same)
    assert found["pairs_opposite"] == len(opposite)
    assert found["same_wording"] == pytest.approx(2 * np.mean(same) - 1)
    assert found["opposite_wording"] == pytest.approx(2 * np.mean(opposite) - 1)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.8])
def test_two_waves_with_one_wording_find_the_genuine_share(share: float) -> None:
    asked, _, _ = planted(rng(17), (share, 0.0, 1 - share), np.full(10, 0.5), conditions=2, slip=0.0)
    one_wording = replace(asked, cue=np.ones_like(asked.cue))
    assert two_waves(one_wording)["same_wording"] == pytest.approx(share, abs=0.05)


def test_what_the_design_cannot_tell_is_refused() -> None:
    def asked(conditions: int, n: int = 100) -> Repeats:
        return planted(rng(18), (0.5, 0.2, 0.3), RATE, n=n, conditions=conditions)[0]

    for conditions in (1, 2, 3):
        with pytest.raises(InputError, match=rf"have 4 conditions or more \(at most {conditions}\).*`two_waves`"):
            answer_kinds(asked(conditions), rng())
    assert answer_kinds(asked(2), rng(), free_guess=False, shares="common").parameters.guess.tolist() == [[0.5] * 6]
    with pytest.raises(InputError, match="Ask more people again"):
        answer_kinds(asked(1), rng(), free_guess=False)
    with pytest.raises(InputError, match="24 pairs"):
        answer_kinds(asked(4, n=4), rng())
    plain = asked(4)
    with pytest.raises(InputError, match="vary the cue"):
        answer_kinds(replace(plain, cue=np.ones_like(plain.cue)), rng())
    for order in (plain.cue, -plain.cue, np.ones_like(plain.cue)):
        tied = replace(plain, order=order)
        with pytest.raises(InputError, match="effects of order cannot be estimated"):
            answer_kinds(tied, rng(), artefact=True)
        assert answer_kinds(tied, rng(), starts=1).kinds == ("genuine", "constructed", "non-attitude")


def test_statements_with_few_people_are_named() -> None:
    asked, _, _ = planted(rng(19), (0.5, 0.2, 0.3), RATE, n=60)
    kept = (asked.statement != 3) | (asked.agent < 5)
    few = Repeats.of(
        *(getattr(asked, name)[kept] for name in ("agent", "statement", "value", "cue", "order", "wave")),
        n_agents=60,
        n_statements=8,
    )
    fitted = answer_kinds(few, rng(), starts=2)
    assert fitted.thin == (3,)
    assert np.isnan(fitted.genuine).tolist() == [False] * 6 + [True] * 2
    assert not fitted.not_formed[6:].any()  # nobody was asked again: nothing is said about them


def test_weights_of_all_answers_of_a_profile() -> None:
    asked, _, _ = planted(rng(20), (0.5, 0.2, 0.3), RATE, n=80)
    again = asked.agent >= 30  # the others answer once
    names = ("agent", "statement", "value", "cue", "order", "wave")
    repeats = Repeats.of(*(getattr(asked, name)[again] for name in names), n_agents=80, n_statements=6)
    profile = first_answers(asked)
    values = np.array(profile.answers.value)
    values[5] = 0.0  # a pass of somebody who was asked once
    profile = replace(profile, answers=replace(profile.answers, value=values))
    fitted = answer_kinds(repeats, rng(), shares="common", artefact=False, starts=2)
    weights = fitted.weigh(profile)
    assert weights.unmatched == 0
    a = profile.answers
    assert np.array_equal(weights.agent, a.agent)
    assert weights.weight[a.agent >= 30].tolist() == fitted.probability[:, 0].tolist()
    p = fitted.parameters
    g, c, nn = p.share[0, 0]
    for at in range(6):  # the first person's single answers, by Bayes
        rate, guess, slip = float(p.rate[0, at]), float(p.guess[0, at]), float(p.slip[0])
        agree = rate * (1 - slip) + (1 - rate) * slip
        held, guessed = (agree, guess) if a.value[at] > 0 else (1 - agree, 1 - guess)
        wanted = 1.0 if at == 5 else g * held / (g * held + c / 2 + nn * guessed)
        assert weights.weight[at] == pytest.approx(wanted)
    # Asked again: the utility is the mean over the presentations; asked once: the answer's.
    mine = (repeats.agent == 40) & (repeats.statement == 2)
    assert weights.utility[40 * 6 + 2] == pytest.approx(((repeats.value[mine] + 1) / 2).mean())
    assert weights.utility[:6].tolist() == ((a.value[:6] + 1) / 2).tolist()
    coverage = fitted.coverage()
    assert np.isnan(coverage[:30]).all()
    assert coverage[30:] == pytest.approx(weights.coverage(80)[30:])
    labels = ["a"] * 30 + ["b"] * 25 + ["c"] * 25
    groups = group_coverage(coverage, labels)
    assert np.isnan(groups["a"])
    assert groups["b"] == pytest.approx(coverage[30:55].mean())
    assert groups[""] == pytest.approx(coverage[30:].mean())
    with pytest.raises(InputError, match="3 group labels for 80 people"):
        group_coverage(coverage, ["a", "b", "c"])
    with pytest.raises(InputError, match="read both from the same source"):
        fitted.weigh(Profile(Agents(("one",)), Statements((), ()), a.none()))


def test_repeated_pairs_that_the_profile_does_not_have_are_counted() -> None:
    asked, _, _ = planted(rng(21), (0.5, 0.2, 0.3), RATE, n=40)
    profile = first_answers(asked)
    kept = profile.answers.statement != 5
    a = profile.answers
    fewer = replace(profile, answers=a.of(a.agent[kept], a.statement[kept], a.value[kept]))
    fitted = answer_kinds(asked, rng(), shares="common", starts=1)
    weights = fitted.weigh(fewer)
    assert weights.unmatched == 40
    assert len(weights.weight) == 200
    assert weights.weight.tolist() == fitted.probability[fitted.cells.pair_statement != 5, 0].tolist()


def test_groups_that_differ_are_seen_to_differ() -> None:
    shares = np.array([[0.7, 0.1, 0.2], [0.3, 0.3, 0.4]])[np.arange(600) % 2][:, None]
    asked, _, _ = planted(rng(22), np.broadcast_to(shares, (600, 6, 3)), RATE, n=600)
    fitted = answer_kinds(asked, rng(), shares="common", artefact=False)
    labels = ["settled", "unsettled"] * 300
    found = fitted.group_shares(labels)
    assert found["settled"]["genuine"] == pytest.approx(0.7, abs=0.08)
    assert found["unsettled"]["genuine"] == pytest.approx(0.3, abs=0.08)
    assert all(sum(each.values()) == pytest.approx(1.0) for each in found.values())
    # The mean of posteriors shows a smaller difference: they are drawn towards everybody's shares.
    coverage = group_coverage(fitted.coverage(), labels)
    assert 0 < coverage["settled"] - coverage["unsettled"] < found["settled"]["genuine"] - found["unsettled"]["genuine"]
    assert (fitted.effective() <= 600).all()


def test_answers_that_take_no_side_are_left_out_and_counted() -> None:
    asked, _, _ = planted(rng(23), (0.5, 0.2, 0.3), RATE, n=60)
    ratings = np.where(asked.value > 0, 5.0, 2.0)
    ratings[::9] = 3.0
    rated = replace(asked, value=ratings, scale=Scale("rating", 1.0, 5.0))
    cells = Cells.of(rated)
    assert cells.sideless == len(ratings[::9])
    assert cells.agree @ cells.count == (ratings == 5.0).sum()


def test_repeats_are_checked() -> None:
    def asked(**changed: list[int]) -> Repeats:
        columns = {"agent": [0], "statement": [0], "value": [1], "cue": [1], "order": [0], "wave": [1], **changed}
        return Repeats.of(**columns, n_agents=2, n_statements=1)  # type: ignore[arg-type]

    assert len(asked()) == 1
    for changed, says in (
        ({"cue": [2]}, "cue of a repeated answer"),
        ({"order": [2]}, "order of a repeated answer"),
        ({"agent": [2]}, "participant that is not in the profile"),
        ({"statement": [1]}, "statement that is not in the profile"),
        ({"value": [2]}, "between -1 and 1"),
        ({"wave": [1, 2]}, "needs a person"),
    ):
        with pytest.raises(InputError, match=says):
            asked(**changed)


def test_guesses_that_nearly_always_agree_look_like_opinions() -> None:
    """A limit that docs/reliability.md states: three of twelve statements have 2 % opinions."""
    found = {}
    for guess in (0.72, 0.9):
        draws = rng()
        hollow = np.arange(12) % 4 == 3
        share = np.where(hollow, 0.02, 0.75)
        shares = np.column_stack([share, 0.3 * (1 - share), 0.7 * (1 - share)])
        rate = np.where(hollow, guess, draws.uniform(0.3, 0.6, 12))
        world = AnswerWorld.of(draws, shares, rate, n=240, climate=True)
        _, repeats = world.surveyed(repeat_design(240, 12, draws, share=0.5), draws)
        found[guess] = answer_kinds(repeats, draws, starts=2).genuine[hollow].mean()
    assert found[0.72] < 0.15
    assert found[0.9] > 0.3
