"""Which exchange of statements promises most: cheap estimates of what the objective gains."""

from __future__ import annotations

import numpy as np

from ...profile import FloatArray, IntArray
from .evaluator import Evaluated, Evaluator
from .instance import DIGITS
from .objective import crowded_with
from .weights import softened, steepness

# Candidates that may come in, people whose gains are added up, and complaints that are evaluated in each draw.
ENTERING, SAMPLE, LARGEST_COMPLAINTS = 130, 250, 3
# People x complaints whose members are looked up together.
TOGETHER = 400_000


def missed(slate: Evaluated) -> FloatArray:
    """float64 [m]: mean over draws of the largest complaint for each candidate, as a share of its need."""
    return np.asarray(np.round(slate.ratios.mean(axis=0), DIGITS))


def pressure(evaluator: Evaluator, slate: Evaluated) -> tuple[FloatArray, FloatArray]:
    """What complaints cost: float64 [n] a person's part in them, float64 [m] what a candidate would end by entering."""
    instance, samples = evaluator.instance, evaluator.instance.samples
    persons, ends = np.zeros(instance.n), np.zeros(instance.m)
    if not slate.ratios.size:
        return persons, ends
    worst = slate.ratios.max(axis=1)
    steep = steepness(worst) / samples.count
    k = min(LARGEST_COMPLAINTS, instance.m)
    order = np.argsort(-slate.ratios, axis=1, kind="stable")[:, :k]
    top = np.take_along_axis(slate.ratios, order, axis=1)
    weight = np.exp((top - top[:, :1]) / 0.08)
    weight /= weight.sum(axis=1, keepdims=True)
    felt = (steep * samples.count > 0.02) & (worst > 0)
    draw, rank = np.nonzero(felt[:, None] & (top > 0) & (weight > 0.05))
    candidate = order[draw, rank]
    part = steep[draw] * weight[draw, rank] / samples.needs[candidate]
    step = max(1, TOGETHER // instance.n)
    for start in range(0, len(draw), step):
        some = slice(start, start + step)
        members = samples.complainers(slate.content, draw[some], candidate[some])
        for share, one in zip(part[some], members, strict=True):
            persons[one] += share
    for s in np.flatnonzero(felt):
        second = top[s, 1] if k > 1 else 0.0
        ends[order[s, 0]] += steep[s] * (top[s, 0] - second)
    return persons, ends


def promising(evaluator: Evaluator, slate: Evaluated, most: int) -> list[tuple[int, int]]:
    """The ``most`` exchanges of the largest estimated gain: who leaves, -1 for nobody, and who enters.

    Ties: out, then in, in pool order.
    """
    instance, weights, chosen = evaluator.instance, evaluator.weights, slate.chosen
    k, m = len(chosen), instance.m
    persons, ends = pressure(evaluator, slate)
    lack = missed(slate)
    outside = np.setdiff1d(np.arange(m), chosen)
    spent = int(instance.costs[chosen].sum())
    if not len(outside):
        return []

    # What coverage, the worst group and the lowest quarter weigh for each person.
    mass = instance.share
    group = instance.group_share[slate.terms.worst]
    wide = mass + weights.worst * group
    steeper = weights.coverage * wide
    if slate.terms.coverage < evaluator.bounds.coverage:
        steeper = steeper + weights.short * mass
    if slate.terms.least < evaluator.bounds.worst_group:
        steeper = steeper + weights.short * instance.group_share[slate.terms.poorest]
    price = weights.complaint
    if slate.ratios.size and float(softened(slate.ratios.max(axis=1)).mean()) > evaluator.bounds.violated:
        price += weights.excess
    step = max(1, instance.n // SAMPLE)
    some = np.arange(step // 2, instance.n, step)
    scale = float(instance.n) / len(some)

    # Those most promising by chance and by what is missed come in.
    rough = np.round(instance.mean_chance[outside] + 0.3 * lack[outside] + ends[outside], DIGITS)
    entering = np.sort(outside[np.argsort(-rough, kind="stable")[:ENTERING]])
    q_in = instance.doubt[np.ix_(entering, some)]
    worth_in = instance.worth[np.ix_(entering, some)]
    chance_in = 1.0 - q_in
    unhappy = price * persons[some]
    here = wide[some] * worth_in + unhappy * chance_in

    # What everybody has now, and would have elsewhere.
    worth = instance.worth[np.ix_(chosen, some)]
    place = slate.place[some]
    net = worth - slate.price[:, None]
    own = np.where(place >= 0, worth[np.maximum(place, 0), np.arange(len(some))], 0.0)
    if k > 1:
        rest = net.copy()
        rest[np.maximum(place, 0), np.arange(len(some))] = -np.inf
        other = worth[rest.argmax(axis=0), np.arange(len(some))]
    else:
        other = np.zeros(len(some))
    value = wide[some] * own + np.where(place >= 0, 0.0, -2.0 * mass[some])

    doubt = instance.doubt[np.ix_(chosen, some)]
    total, squares = doubt.sum(axis=0), np.einsum("kn,kn->n", doubt, doubt)
    low = slate.terms.low[some]
    agree = instance.chances[np.ix_(chosen, some)].sum(axis=0)
    pair = steeper[some]
    now = float(np.einsum("n,n->", pair, 1.0 - _both(total, squares, k)) + weights.quartile * (low @ agree) / k)
    count = np.maximum(1, np.round(instance.upper[entering] / max(1, instance.total) * len(some)).astype(np.int64))

    kin = instance.kindred.size > 0 and weights.crowded > 0
    low_in = np.einsum("n,mn->m", low, chance_in)
    found: list[tuple[FloatArray, IntArray, IntArray]] = []
    for out in range(-1, k):
        candidate = -1 if out < 0 else int(chosen[out])
        if candidate in instance.locked:
            continue
        room = instance.budget - spent + (0 if out < 0 else int(instance.costs[candidate]))
        fits = np.flatnonzero(instance.costs[entering] <= room)
        if not len(fits):
            continue
        kept = k if out < 0 else k - 1
        without, without2, still = total, squares, agree
        base = value
        lost = 0.0
        if out >= 0:
            without, without2 = total - doubt[out], squares - doubt[out] ** 2
            still = agree - (1.0 - doubt[out])
            base = np.where(place == out, wide[some] * other, value)
            lost = float((value - base).sum())
        # Where all of them fit nothing is copied.
        every = len(fits) == len(entering)
        gain = (here if every else here[fits]) - base
        np.maximum(gain, 0.0, out=gain)
        q_fits = q_in if every else q_in[fits]
        new_own = _sum_of_largest(gain, count[fits])
        new = kept + 1
        if new > 1:
            both = np.einsum("n,n->", pair, without * without - without2) + 2.0 * np.einsum(
                "n,mn->m", pair * without, q_fits
            )
            coverage = float(pair.sum()) - both / (new * (new - 1))
        else:
            coverage = float(pair.sum()) - np.einsum("n,mn->m", pair, q_fits)
        quartile = weights.quartile * (float(low @ still) + low_in[fits]) / new
        gains = scale * (new_own - lost + coverage + quartile - now) + price * ends[entering[fits]]
        unspent = (room - instance.costs[entering[fits]] - (instance.budget - spent)) / instance.budget
        crowds = crowded_with(instance, chosen[chosen != candidate], entering[fits]) if kin else 0.0
        gains = np.round(gains - weights.left * unspent - weights.crowded * (crowds - slate.terms.crowded), DIGITS)
        found.append((gains, np.full(len(fits), candidate), entering[fits]))
    if not found:
        return []
    gains, leaving, into = (np.concatenate(each) for each in zip(*found, strict=True))
    first = np.lexsort((into, leaving, -gains))[:most]
    return list(zip(leaving[first].tolist(), into[first].tolist(), strict=True))


def _both(total: FloatArray, squares: FloatArray, k: int) -> FloatArray:
    """Chance to agree with neither of two statements."""
    return total if k == 1 else np.asarray((total * total - squares) / (k * (k - 1)))


def _sum_of_largest(gain: FloatArray, count: IntArray) -> FloatArray:
    """float64 [c]: of each row of [c, n], none below 0, the sum of its ``count`` largest."""
    result = np.asarray(gain.sum(axis=1))
    # Where no more people gain than have room, they are the largest: most rows need no sorting.
    crowded = np.flatnonzero(np.count_nonzero(gain, axis=1) > count)
    ordered, room = np.sort(gain[crowded], axis=1), count[crowded]
    for wanted in np.unique(room):
        some = room == wanted
        result[crowded[some]] = ordered[some, ordered.shape[1] - wanted :].sum(axis=1)
    return result


def exchanged(chosen: IntArray, out: int, into: int) -> IntArray:
    """The slate after an exchange."""
    result = chosen[chosen != out]
    return result if into < 0 else np.append(result, into)
