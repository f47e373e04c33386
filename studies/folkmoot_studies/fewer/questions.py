"""Does choosing the question pay on real people? Policies of asking against random questions, on recorded answers.

New people join a conversation, and none of their answers is known. Question by question a policy chooses what they
answer, among what they really answered; the answers they did not give are completed by latent classes learned from
earlier people. Answers that are never revealed judge the completion, and all answers judge the slate. See `run` for
the details.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np

from folkmoot.asking.policies import POLICIES
from folkmoot.profile import FloatArray, InputError, Progress

from ..streams import numbers
from .data import STATEMENTS, Conversation, conversations
from .panel import EARLIER, MEASURES, PANEL, Newcomers, Truth

RANDOM = "random"
#: Policies that the study's page compares; others can be named.
COMPARED = (
    "as-shown",
    "random",
    "priority",
    "entropy",
    "information",
    "design",
    "rollout-0",
    "rollout-2",
    "rollout-10",
    "slate",
)
QUESTIONS = (0, 1, 2, 3, 4, 6, 8, 12, 16)
# Random questions whose quality is to be reached with fewer; half of each is a checkpoint too.
TARGETS = (8, 16)
INSTANCES, RESAMPLES = 20, 200
# Measures that the quality of random questions is counted in, and whether more is better.
QUALITY = {"accuracy": True, "low_rank_accuracy": True, "log_loss": False}


def run(
    path: Path | None = None,
    *,
    instances: int = INSTANCES,
    only: str | None = None,
    processes: Sequence[str] | None = None,
    seed: int = 0,
    panel: int = PANEL,
    earlier: int = EARLIER,
    statements: int = STATEMENTS,
    report: Progress | None = None,
) -> dict[str, Any]:
    """Asks panels of new people by every policy.

    In each instance half of the people with many answers, at most ``panel``, are new, and nothing is known of them;
    latent classes and low-rank factors are fitted to earlier people. Of each new person's answers 30 % are never
    revealed; a policy chooses among the others, one question at a time. After each question class probabilities are
    updated, by the same model whatever the policy.

    Accuracy is the share of never revealed agrees and disagrees that are foreseen (ratings: 1 less how far off the
    guess is), averaged over people; log-loss is of all never revealed answers, passes too. ``worst_class``: the lowest
    accuracy of an opinion class; ``minority``: accuracy on votes against the statement's majority; ``gini``: of
    people's accuracy. The slate (`democratic-fast`) is chosen for the panel and as many earlier people;
    ``jaccard``, ``words_shared``: with the slate that all answers give; ``utility_lost``: mean utility of people's own
    statements against that slate, and ``violations``: statements outside that break cBJR, both on utilities
    completed from all answers.

    Args:
        path: the folder with ``polis`` and ``chatbot_pilot``, or one conversation; None: see `data.data_folder`.
        instances: the number of panels for each conversation.
        only: the name of one conversation; None runs all of them.
        processes: the policies, to which `random` is always added; None: those of `COMPARED`.
        seed: the seed of every random choice.
        panel: the most new people in a panel.
        earlier: the most people the models learn from (those who share the slate are among them in any case).
        statements: the number of most answered statements to keep.
        report: called with (stage, share done).

    Returns:
        JSON-ready, see `summed`: the options and ``conversations``. The same options, the same result.

    Raises:
        InputError: there is no data, a policy or conversation is unknown, or there are fewer than 2 instances.
    """
    names = list(dict.fromkeys([*(processes or COMPARED), RANDOM]))
    for name in names:
        if name not in POLICIES:
            raise InputError(f"unknown asking policy {name!r}; choose from {', '.join(POLICIES)}")
    if instances < 2 or panel < 2 or statements < 2:
        raise InputError("the study needs at least 2 instances, 2 people in a panel and 2 statements")
    tell = report or (lambda stage, share: None)
    by_conversation = {}
    for talk in conversations(path, only, statements):
        truth = Truth(talk, seed)
        checkpoints = [q for q in QUESTIONS if q <= talk.most_questions]
        rows, everything = [], []
        for number in range(instances):
            tell(f"asking in {talk.name}", number / instances)
            new = Newcomers(truth, numbers(seed, 2, number), panel, earlier)
            turns = [new.reveal(name, checkpoints[-1]) for name in names]
            rows.append([new.measured(turn, checkpoints) for turn in turns])
            everything.append(new.measured(new.everything, [1])[0])
        by_conversation[talk.name] = {
            **_described(talk, truth, panel),
            **summed(names, checkpoints, np.array(rows), np.array(everything)),
        }
    return {
        "study": "fewer-questions",
        "instances": instances,
        "seed": seed,
        "panel": panel,
        "earlier": earlier,
        "policies": names,
        "conversations": by_conversation,
    }


def _described(talk: Conversation, truth: Truth, panel: int) -> dict[str, Any]:
    size = min(panel, len(talk.participants) // 2)
    return {
        "participants": len(talk.participants),
        "least_answers": talk.least,
        "panel": size,
        "slate_for": 2 * size,
        "statements": talk.profile.n_statements,
        "scale": talk.profile.answers.scale.kind,
        "order_known": talk.timed,
        "budget": talk.budget,
        "model_classes": len(truth.population.weight),
        "opinion_classes": np.bincount(truth.label[talk.participants], minlength=len(truth.classes.weight)).tolist(),
    }


def summed(
    names: Sequence[str], checkpoints: Sequence[int], rows: FloatArray, everything: FloatArray
) -> dict[str, Any]:
    """The figures of one conversation over its instances.

    Args:
        names: the names of the policies.
        checkpoints: the numbers of questions at which figures are taken.
        rows: the figures, float64 [instances, policies, checkpoints, measures + classes], see `Newcomers.measured`.
        everything: float64 [instances, measures + classes], the figures where everything that may be revealed is
            revealed.

    Returns:
        ``checkpoints``, ``targets``, ``everything`` {measure: mean}, and ``policies`` {policy: ...} with for every
        measure ``mean``, ``low`` and ``high`` by checkpoint, and the same of the ``difference`` to random questions;
        ``classes``: the same for every opinion class's accuracy, the largest class first; ``needed`` {target:
        {measure: ...}}: questions until that many random ones are equalled; ``half`` {target: {measure: ...}}: what
        half as many bring, less what the random ones do. Bands are 95 % for the mean over instances.
    """
    base = rows[:, names.index(RANDOM)]
    targets = [q for q in TARGETS if q in checkpoints] or [max(q for q in checkpoints[:-1] if q % 2 == 0)]
    policies: dict[str, Any] = {}
    width = rows.shape[-1]
    for place, name in enumerate(names):
        own = rows[:, place]
        columns = [{**banded(own[..., at]), "difference": banded(own[..., at] - base[..., at])} for at in range(width)]
        entry: dict[str, Any] = dict(zip(MEASURES, columns, strict=False))
        entry["classes"] = columns[len(MEASURES) :]
        entry["needed"], entry["half"] = {}, {}
        for target in targets:
            aim, half = checkpoints.index(target), checkpoints.index(target // 2)
            quality = {measure: MEASURES.index(measure) for measure in QUALITY}
            entry["needed"][str(target)] = {
                measure: needed(own[..., at], base[..., at], checkpoints, aim, QUALITY[measure])
                for measure, at in quality.items()
            }
            entry["half"][str(target)] = {
                measure: banded((own[:, half, at] - base[:, aim, at])[:, None]) for measure, at in quality.items()
            }
        policies[name] = entry
    return {
        "checkpoints": list(checkpoints),
        "targets": targets,
        "everything": {name: _number(everything[:, at].mean()) for at, name in enumerate(MEASURES)},
        "policies": policies,
    }


def banded(values: FloatArray) -> dict[str, list[float | None]]:
    """Mean over instances [i, q] with a 95 % band (Student's t); instances without a value are left out."""
    some = np.isfinite(values)
    count = np.maximum(some.sum(axis=0), 1)
    mean = np.where(some, values, 0.0).sum(axis=0) / count
    variance = (np.where(some, values - mean, 0.0) ** 2).sum(axis=0) / np.maximum(count - 1, 1)
    spread = np.array([_student(int(n) - 1) for n in count]) * np.sqrt(variance / count)
    # One value has no band, and none no mean.
    mean, spread = np.where(some.any(axis=0), mean, np.nan), np.where(count > 1, spread, np.nan)
    named = {"mean": mean, "low": mean - spread, "high": mean + spread}
    return {name: [_number(value) for value in numbers] for name, numbers in named.items()}


def _student(freedom: int) -> float:
    """97.5 % quantile of Student's t, by the expansion of Cornish and Fisher; within 2 % from 4 degrees on."""
    z, n = NormalDist().inv_cdf(0.975), max(freedom, 1)
    return z + (z**3 + z) / (4 * n) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)


def _number(value: float) -> float | None:
    return round(float(value), 6) if np.isfinite(value) else None


def needed(own: FloatArray, base: FloatArray, checkpoints: Sequence[int], aim: int, more: bool) -> dict[str, Any]:
    """The number of questions until a policy is as good as random questions at checkpoint ``aim``, interpolated.

    Args:
        own: float64 [instances, checkpoints], the figures of the policy.
        base: the same figures of random questions.
        checkpoints: the numbers of questions at which figures are taken.
        aim: the place, among the checkpoints, of the number of random questions to be equalled.
        more: whether a larger figure is better.

    Returns:
        ``mean`` from the means over instances (made monotone), ``low`` and ``high`` 95 % of bootstrap samples of
        instances; None: not within the checkpoints.
    """
    rng = np.random.default_rng(0)
    picks = [np.arange(len(own)), *rng.integers(len(own), size=(RESAMPLES, len(own)))]
    crossings = np.array([_crossing(own[p].mean(axis=0), base[p].mean(axis=0), checkpoints, aim, more) for p in picks])
    low, high = np.quantile(crossings[1:], [0.025, 0.975], method="inverted_cdf")
    return {"mean": _number(crossings[0]), "low": _number(low), "high": _number(high)}


def _crossing(own: FloatArray, base: FloatArray, checkpoints: Sequence[int], aim: int, more: bool) -> float:
    sign = 1.0 if more else -1.0
    curve, level = monotone(sign * own), monotone(sign * base)[aim]
    at = int(np.searchsorted(curve, level - 1e-12))
    if at == len(curve):
        return np.inf
    if at == 0:
        return float(checkpoints[0])
    share = (level - curve[at - 1]) / (curve[at] - curve[at - 1])
    return float(checkpoints[at - 1] + min(share, 1.0) * (checkpoints[at] - checkpoints[at - 1]))


def monotone(values: FloatArray) -> FloatArray:
    """The nondecreasing sequence closest in squares (pool adjacent violators).

    >>> monotone(np.array([1.0, 3.0, 2.0, 4.0])).tolist()
    [1.0, 2.5, 2.5, 4.0]
    """
    blocks: list[tuple[float, int]] = []
    for value in values:
        total, count = float(value), 1
        while blocks and blocks[-1][0] * count >= total * blocks[-1][1]:
            total, count = total + blocks[-1][0], count + blocks[-1][1]
            blocks.pop()
        blocks.append((total, count))
    return np.concatenate([np.full(count, total / count) for total, count in blocks])


def draw(result: Mapping[str, Any]) -> dict[str, str]:
    """One picture for each conversation, by its name: six measures by number of answers, see `report`."""
    from .report import draw as pictures

    return pictures(result)


def table(result: Mapping[str, Any]) -> str:
    """The figures as lines of text, see `report`."""
    from .report import table as lines

    return lines(result)
