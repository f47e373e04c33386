"""Asking about sushi: section 7 of Park, Donahue, Raghavan 2026, by the closest reading that gives figures.

A user holds ten binary features: 1 for the two kinds of sushi ranked on top, 0 for the eight others, so that a user is
one of 45 pairs, and counts of pairs hold all there is. k questions are asked along a tree: at a node (the users who
gave the same answers so far) the next is about the item whose answer has the largest entropy there. After k answers
the other items are guessed; u = 10 - k c - (wrong guesses).

Data: Kamishima's item set A; see `data`, and cite it as in `data.CITE`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from folkmoot.asking.model import exact
from folkmoot.profile import InputError, Progress

from .compared import FEW, claims, differs, few
from .data import N, read
from .report import draw, table
from .trees import GAIN, JOINT, PER_ITEM, READINGS, grow, guess_ties, pairs, wrong
from .utility import Utility, best

COST, SHIFT = 0.3, 0.0
GAMMAS = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
SPLITS, MOST_SPLITS = 200, 2_000
BAND = (0.025, 0.975)


__all__ = [
    "COST",
    "GAMMAS",
    "JOINT",
    "PER_ITEM",
    "READINGS",
    "SPLITS",
    "Utility",
    "draw",
    "grow",
    "guess_ties",
    "pairs",
    "read",
    "run",
    "table",
    "wrong",
]


def run(
    path: Path | None = None,
    *,
    cost: float = COST,
    shift: float = SHIFT,
    gammas: Sequence[float] = GAMMAS,
    instances: int = SPLITS,
    seed: int = 0,
    report: Progress | None = None,
) -> dict[str, Any]:
    """All readings of the response, in sample and out of sample.

    In sample the tree and the guesses are made from the users who are judged; bands are of as many users drawn again
    with replacement, tree and all (bootstrap). Out of sample they are made from a random half of the users and the
    other half is judged; figures are medians over the splits (``min`` the lowest), bands the middle 95 % of them.

    Args:
        path: file or folder with the data, see `read`.
        cost: the cost of a question, in [0, 1].
        shift: the number added to utilities before welfare is computed, at least 0.
        gammas: inequality aversions, finite, at least 0.
        instances: the number of splits, and of bootstrap samples; 2 to 2,000.
        seed: the seed of the splits and of the bootstrap.
        report: called with (stage, share done).

    Returns:
        JSON-ready: the options; ``data``; ``readings`` {reading: {``in_sample``, ``out_of_sample``}}, each with
        ``mean``, ``min`` and ``gini`` by k, ``ce`` {gamma: by k}, ``k_opt`` {gamma: k} and their ``_band``s of
        [low, high] (``min`` has none); out of sample also ``learned`` {gamma: certainty equivalent, with its
        ``ce_band``, when k is learned with the rest}; ``best_response``; ``all_zeros``: what everybody gets when
        nothing is asked and nothing guessed; ``most_k``: with more questions nobody can get as much as that; ``ties``;
        ``few``: trees learned from 200 and 500 users (`compared.few`); ``claims``: the paper's and ours
        (`compared.claims`); ``differs``: sentences. The same options, the same result.

    Raises:
        InputError: there is no data, or an option is out of range.
    """
    if not 0 <= cost <= 1 or not 0 <= shift < math.inf:
        raise InputError("the cost of a question must be from 0 to 1, and the shift a number of at least 0")
    if not gammas or not all(0 <= gamma < math.inf for gamma in gammas):
        raise InputError("gammas must be numbers of at least 0, one or more")
    if not 2 <= instances <= MOST_SPLITS:
        raise InputError(f"the sushi study needs 2 to {MOST_SPLITS:,} splits; give `instances` from 2 on")
    data = read(path)
    tell = report or (lambda stage, share: None)
    utility = Utility(N, float(cost), float(shift), np.array(gammas, dtype=np.float64))
    rng = np.random.default_rng(seed)
    users, total = data.users[None], int(data.users.sum())
    halves = rng.multivariate_hypergeometric(data.users, total // 2, size=instances)
    again = rng.multinomial(total, data.users / total, size=instances)
    tell("growing trees", 0.0)
    trees = {rule: tuple(grow(each, N, rule) for each in (users, halves, again)) for rule in (JOINT, GAIN)}
    trees[PER_ITEM] = trees[JOINT]
    whole = trees[JOINT][0]
    names = [f"{gamma:g}" for gamma in gammas]
    readings: dict[str, Any] = {}
    for place, reading in enumerate(READINGS):
        tell("judging guesses", place / len(READINGS))
        seen, split, resampled = trees[reading]
        point = utility.figures(wrong(seen, reading), users)
        drawn = utility.figures(wrong(resampled, reading), again)
        guesses = wrong(split, reading)
        learned, held = utility.figures(guesses, halves), utility.figures(guesses, users - halves)
        own = np.take_along_axis(held["ce"], learned["k_opt"][:, None, :], axis=1)[:, 0]
        centre: dict[str, Any] = {name: np.median(values, axis=0) for name, values in held.items()}
        centre["min"], centre["k_opt"] = held["min"].min(axis=0), best(centre["ce"])
        readings[reading] = {
            "in_sample": _entry({name: values[0] for name, values in point.items()}, drawn, names),
            "out_of_sample": {
                **_entry(centre, held, names),
                "learned": {
                    name: {
                        "k_band": _band(learned["k_opt"][:, g]),
                        "ce": float(np.median(own[:, g])),
                        "ce_band": _band(own[:, g]),
                    }
                    for g, name in enumerate(names)
                },
            },
        }
    response = utility.best_response(whole)
    most = N if cost == 0 else min(N, int(2 / exact(float(cost))))
    learned_from_few = {str(size): few(data.users, size, instances, utility, rng) for size in FEW if size < total}
    result = {
        "study": "sushi",
        "data": {
            "kind": data.kind,
            "file": data.file,
            "users": total,
            "pairs_held": int((data.users > 0).sum()),
            "as_published": data.as_published,
        },
        "cost": cost,
        "shift": shift,
        "gammas": list(gammas),
        "splits": instances,
        "seed": seed,
        "readings": readings,
        "best_response": {
            "ce": {name: response[:, g].tolist() for g, name in enumerate(names)},
            "k_opt": dict(zip(names, best(response).tolist(), strict=True)),
        },
        "all_zeros": N - 2.0,
        "most_k": most,
        "few": learned_from_few,
        "ties": {"item": whole.ties, **{reading: guess_ties(trees[reading][0], reading) for reading in READINGS}},
        "differs": differs(cost, shift, most, readings, best(response).tolist(), names, learned_from_few),
    }
    return {**result, "claims": claims(result)}


def _entry(point: Mapping[str, Any], drawn: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """The figures of `Utility.figures` as JSON, with bands over the samples ``drawn``."""
    ks = range(point["ce"].shape[0])
    entry: dict[str, Any] = {"min": point["min"].tolist()}
    for name in ("mean", "gini"):
        entry[name] = point[name].tolist()
        entry[f"{name}_band"] = [_band(drawn[name][:, k]) for k in ks]
    entry["ce"] = {name: point["ce"][:, g].tolist() for g, name in enumerate(names)}
    entry["ce_band"] = {name: [_band(drawn["ce"][:, k, g]) for k in ks] for g, name in enumerate(names)}
    entry["k_opt"] = dict(zip(names, point["k_opt"].tolist(), strict=True))
    entry["k_opt_band"] = {name: _band(drawn["k_opt"][:, g]) for g, name in enumerate(names)}
    return entry


def _band(values: Any) -> list[Any]:
    """[low, high] of `BAND`; of whole numbers values that occur."""
    method: Literal["inverted_cdf", "linear"] = "inverted_cdf" if values.dtype.kind == "i" else "linear"
    return list(np.quantile(values, np.array(BAND), method=method).tolist())
