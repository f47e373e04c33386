"""The pilot on chatbot personalization (Fish et al. 2024, sections 4 and 5): the matching, and the sixth rating.

Matching: 100 people rated the five statements of a slate that they had no part in; 20 are assigned to each statement
so that the total is as large as possible. Prediction: 100 other people rated six statements from 0 to 4, and each
rating is predicted from the person's five others and from the ratings of the 99 other people.

Data: the folder ``data/chatbot_pilot``, re-arranged from the published answers (no licence stated, not in this
repository). To be cited as in `CITE`. Only aggregates are shown.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from folkmoot.formats import read as read_profile
from folkmoot.preferences.held_out import ranks, spearman
from folkmoot.processes.assignment import balanced_assignment, capacities
from folkmoot.profile import FloatArray, InputError, IntArray, Progress

from .people import groups, themes
from .predictors import predictions

CITE = (
    "S. Fish, P. Gölz, D. C. Parkes, A. D. Procaccia, G. Rusak, I. Shapira, M. Wüthrich, Generative Social Choice, EC "
    "2024, arXiv 2309.01291."
)
CATEGORIES = 5
OWN, GOAL = "mixture, median", 0.885
#: Predictors that `OWN` is compared with, person by person.
AGAINST = (
    *("statement mean", "statement median", "item-kNN", "item-kNN, rounded", "ridge"),
    *("graded response, mean", "graded response, median"),
)
# Figures the project had listed before this study, by predictor: mean absolute error and Spearman correlation.
LISTED: dict[str, tuple[float, float | None]] = {
    "statement mean": (0.989, None),
    "item-kNN": (0.885, None),
    "graded response, mean": (0.891, 0.584),
}
# Of a language model that also reads what the person wrote; printed for comparison, not run.
LANGUAGE_MODEL = {"name": "GPT-4-base", "mae": 0.868, "spearman": 0.64}
FIGURES = ("mae", "rmse", "spearman")
RESAMPLES, FLIPS = 1_000, 20_000
BAND = (0.025, 0.975)
# Differences of mean absolute errors are fractions; what differs by less than this is equal.
EQUAL = 1e-9


def data_folder() -> Path:
    """``data/chatbot_pilot`` of the folder FOLKMOOT_SHARED names, else of the current folder."""
    return Path(os.environ.get("FOLKMOOT_SHARED", ".")) / "data" / "chatbot_pilot"


def read(file: Path) -> IntArray:
    """Reads complete ratings from 0 to 4, int64 [people, statements].

    Raises:
        InputError: the file is missing, or a rating is missing or not one of 0 to 4.
    """
    if not file.is_file():
        raise InputError("no ratings of the pilot here; name the folder that holds them with `path`", file=file)
    profile = read_profile(file)
    a = profile.answers
    ratings = np.full((profile.n_agents, profile.n_statements), -1, dtype=np.int64)
    ratings[a.agent, a.statement] = a.value.astype(np.int64)
    if (ratings < 0).any() or (ratings >= CATEGORIES).any() or (a.value % 1 != 0).any():
        raise InputError(f"everybody must have rated every statement from 0 to {CATEGORIES - 1}", file=file)
    return ratings


def run(path: Path | None = None, *, seed: int = 0, report: Progress | None = None) -> dict[str, Any]:
    """The matching, every predictor, and the project's own against the others.

    Args:
        path: the folder of the data; None: see `data_folder`.
        seed: the seed of splits, starting points, bootstrap and tests.
        report: called with (stage, share done).

    Returns:
        JSON-ready: ``matching`` (see `matching`); ``themes`` (see `people.themes`); ``predictors`` {name: `FIGURES`
        and their ``_band``s, 95 % of people drawn again}; ``own``, ``goal`` and ``reached``; ``paired`` {name: see
        `paired`}; ``weights`` {component of the mixture: mean over people}; ``listed``; ``language_model``;
        ``people``, ``statements``, ``seed``. The same seed, the same result.

    Raises:
        InputError: the data is missing or incomplete.
    """
    folder = data_folder() if path is None else path
    tell = report or (lambda stage, share: None)
    votes, ratings = read(folder / "validation_ratings.csv"), read(folder / "generation_ratings.csv")
    predicted_by, weights = predictions(ratings, CATEGORIES, seed, tell)
    tell("drawing people again", 0.9)
    rng = np.random.default_rng(seed)
    n = len(ratings)
    counts = rng.multinomial(n, np.full(n, 1.0 / n), size=RESAMPLES)
    signs = rng.choice(np.array([-1.0, 1.0]), size=(FLIPS, n))
    errors = {name: np.abs(predicted - ratings).mean(axis=1) for name, predicted in predicted_by.items()}
    predictors = {name: _judged(predicted, ratings, counts) for name, predicted in predicted_by.items()}
    return {
        "study": "pilot",
        "seed": seed,
        "people": n,
        "statements": ratings.shape[1],
        "matching": matching(votes),
        "themes": themes(folder / "generation_hand_annotations.csv"),
        "predictors": predictors,
        "own": OWN,
        "goal": GOAL,
        "reached": predictors[OWN]["mae"] <= GOAL,
        "paired": {name: paired(errors[name] - errors[OWN], signs, counts) for name in AGAINST},
        "weights": weights,
        "listed": {name: list(figures) for name, figures in LISTED.items()},
        "language_model": LANGUAGE_MODEL,
    }


def matching(ratings: IntArray) -> dict[str, Any]:
    """The balanced assignment with the largest total rating.

    Args:
        ratings: int64 [n, k], the ratings of the slate's statements.

    Returns:
        ``total``; ``assigned``: people whose statement they rated 0, 1, ..., 4; ``loads``: people by statement;
        ``prefer_another``: people who rated another statement of the slate higher than their own; ``groups``: see
        `people.groups`.
    """
    n, k = ratings.shape
    place = balanced_assignment(ratings.astype(np.float64), *capacities(np.ones(k, dtype=np.int64), n, k))
    own = ratings[np.arange(n), place]
    return {
        "total": int(own.sum()),
        "assigned": np.bincount(own, minlength=CATEGORIES).tolist(),
        "loads": np.bincount(place, minlength=k).tolist(),
        "prefer_another": int((ratings.max(axis=1) > own).sum()),
        "groups": groups(ratings, place),
    }


def _judged(predicted: FloatArray, ratings: IntArray, counts: IntArray) -> dict[str, Any]:
    """`FIGURES` over all ratings, and their bands when people are drawn again as often as the counts [s, n] say."""
    drawn = [_figures(predicted, ratings, count) for count in counts]
    whole = _figures(predicted, ratings, np.ones(len(ratings), dtype=np.int64))
    bands = np.quantile(np.array(drawn), BAND, axis=0).T
    return {
        **dict(zip(FIGURES, whole, strict=True)),
        **{f"{name}_band": band for name, band in zip(FIGURES, bands.tolist(), strict=True)},
    }


def _figures(predicted: FloatArray, ratings: IntArray, count: IntArray) -> tuple[float, float, float]:
    """`FIGURES` with every person counted so often."""
    weight = np.repeat(count, ratings.shape[1]).astype(np.float64)
    error = (predicted - ratings).ravel()
    total = weight.sum()
    absolute, square = (weight * np.abs(error)).sum() / total, (weight * error**2).sum() / total
    return float(absolute), float(np.sqrt(square)), spearman(predicted.ravel(), ratings.ravel(), weight)


def paired(gain: FloatArray, signs: FloatArray, counts: IntArray) -> dict[str, Any]:
    """Whether the project's predictor is more accurate than another, person by person.

    Args:
        gain: float64 [n], the other's mean absolute error on a person less that of the project's.
        signs: float64 [flips, n], -1 and 1: were the two alike, each person's gain could as well be the opposite.
        counts: int64 [s, n], how often each person is drawn in a resample.

    Returns:
        ``gain`` and its ``band``; people ``better`` and ``worse`` off; two-sided p-values ``sign_flip`` of the mean
        and ``wilcoxon`` of the signed ranks (people without a difference left out), both under the same flips.
    """
    size = np.where(np.abs(gain) > EQUAL, np.abs(gain).round(9), 0.0)
    moved = (size > 0).astype(np.float64)
    ranked = np.sign(gain) * moved * (ranks(size, moved) + 0.5)
    return {
        "gain": float(gain.mean()),
        "band": np.quantile((counts @ gain) / len(gain), BAND).tolist(),
        "better": int((moved * gain > 0).sum()),
        "worse": int((moved * gain < 0).sum()),
        "sign_flip": _flipped(gain, signs),
        "wilcoxon": _flipped(ranked, signs),
    }


def _flipped(values: FloatArray, signs: FloatArray) -> float:
    """Share of flips whose sum is as far from 0 as that of the values, which count as one flip."""
    far = np.abs(signs @ values) >= abs(float(values.sum())) - EQUAL
    return (1.0 + float(far.sum())) / (1.0 + len(signs))


def table(result: Mapping[str, Any]) -> str:
    """The result as lines of text: ``print(table(run()))``."""
    match = result["matching"]
    ratings = ", ".join(f"{count} rated it {rating}" for rating, count in enumerate(match["assigned"]) if count)
    lines = [
        f"Matching: {sum(match['assigned'])} people, {len(match['loads'])} statements, total {match['total']}.",
        f"Of their own statement {ratings}; {match['prefer_another']} rated another statement higher.",
        f"{match['groups']['own_first']} of {len(match['loads'])} groups rate their own statement highest; means, a "
        "row a group:",
        *("  " + "  ".join(f"{mean:.2f}" for mean in row) for row in match["groups"]["means"]),
        *(
            ["Themes by hand: " + ", ".join(f"{name} {count}" for name, count in result["themes"].items())]
            if result["themes"]
            else []
        ),
        "",
        f"Each of {result['people']} people's {result['statements']} ratings from the other ones and everybody else's",
        f"{'':24}{'MAE':>7}{'95 %':>17}{'RMSE':>8}{'Spearman':>10}{'95 %':>17}   listed MAE, Spearman",
    ]
    for name, entry in sorted(result["predictors"].items(), key=lambda item: -item[1]["mae"]):
        listed = ", ".join(f"{value:.3f}" for value in result["listed"].get(name, ()) if value is not None)
        lines.append(
            f"{name:24}{entry['mae']:7.3f}{_band(entry['mae_band']):>17}{entry['rmse']:8.3f}"
            f"{entry['spearman']:10.3f}{_band(entry['spearman_band']):>17}   {listed}".rstrip()
        )
    other = result["language_model"]
    lines += [
        f"{other['name'] + ' (listed, not run)':24}{other['mae']:7.3f}{'':25}{other['spearman']:10.3f}",
        "",
        f"Own predictor: {result['own']}; MAE at most {result['goal']}: {'yes' if result['reached'] else 'no'}",
        f"{'against':24}{'gain':>7}{'95 %':>17}{'better':>8}{'worse':>7}{'sign flips p':>14}{'Wilcoxon p':>12}",
    ]
    lines += [
        f"{name:24}{entry['gain']:7.3f}{_band(entry['band']):>17}{entry['better']:8}{entry['worse']:7}"
        f"{entry['sign_flip']:14.5f}{entry['wilcoxon']:12.5f}"
        for name, entry in result["paired"].items()
    ]
    weights = ", ".join(f"{name} {weight:.2f}" for name, weight in result["weights"].items())
    lines += ["", f"Weights of the mixture, mean over people: {weights}"]
    lines += ["The own predictor was chosen with these ratings at hand; docs/studies/pilot.md says what was tried."]
    return "\n".join(lines)


def _band(band: tuple[float, float]) -> str:
    return f"[{band[0]:.3f}, {band[1]:.3f}]"


def draw(result: Mapping[str, Any]) -> dict[str, str]:
    """The mean absolute errors with their intervals as SVG, by file name without ending.

    Args:
        result: the result of `run`.

    Raises:
        MissingExtraError: the report extra is not installed.
    """
    from ..charts import HEIGHT, WIDTH, altair, finish
    from ..svg import ALERT, INK

    alt = altair()
    entries = sorted(result["predictors"].items(), key=lambda item: -item[1]["mae"])
    # The pictures keep one decimal of every number.
    rows = [
        {"name": name, "mae": 100 * entry["mae"], "low": 100 * entry["mae_band"][0], "high": 100 * entry["mae_band"][1]}
        for name, entry in entries
    ]
    names = [name for name, _ in entries]
    scale = alt.Scale(zero=False)
    x = alt.X("mae:Q", title=f"mean absolute error, hundredths (dashed: {100 * result['goal']:.1f})", scale=scale)
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("name:N", title=None, sort=names, axis=alt.Axis(labelLimit=WIDTH))
    )
    bars = base.mark_rule(strokeWidth=2, stroke=INK).encode(x=alt.X("low:Q", scale=scale), x2="high:Q")
    points = base.mark_point(size=60, strokeWidth=2, fill=INK, stroke=INK, opacity=1).encode(x=x)
    goal = alt.Chart(alt.Data(values=[{"mae": 100 * result["goal"]}]))
    limit = goal.mark_rule(strokeDash=[6, 4], stroke=ALERT).encode(x=x)
    words = "; ".join(f"{name} {entry['mae']:.3f} {_band(entry['mae_band'])}" for name, entry in entries)
    chart = alt.layer(limit, bars, points).properties(width=WIDTH, height=HEIGHT)
    return {"errors": finish(chart, f"Mean absolute error of each predictor, with its 95 % interval: {words}.")}
