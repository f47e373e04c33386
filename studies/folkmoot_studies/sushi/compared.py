"""What section 7 says about sushi, in our words, beside what the readings give; and trees learned from few users."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from folkmoot.profile import IntArray

from .data import N
from .trees import GAIN, JOINT, PER_ITEM, READINGS, grow, wrong
from .utility import Utility

FEW = (200, 500)
"""Numbers of users that a tree is learned from, for all others."""


def few(users: IntArray, size: int, samples: int, utility: Utility, rng: np.random.Generator) -> dict[str, Any]:
    """Trees (`GAIN`) learned from samples of a few users, with the most frequent pairs, judged on all other users.

    Args:
        users: int64 [P], everybody.
        size: the number of users in a sample.
        samples: the number of samples.
        utility: what is counted.
        rng: draws the samples.

    Returns:
        By k ``mean``, median over samples, and ``min``, the lowest u of anybody; by gamma ``k_opt``, the number of
        questions that is best most often, and ``ten``, the share of samples where ten are strictly best.
    """
    own = rng.multivariate_hypergeometric(users, size, size=samples)
    found = utility.figures(wrong(grow(own, N, GAIN), GAIN), users - own)
    chosen = found["k_opt"]
    names = [f"{gamma:g}" for gamma in utility.gammas]
    return {
        "mean": np.median(found["mean"], axis=0).tolist(),
        "min": found["min"].min(axis=0).tolist(),
        "k_opt": {name: int(np.bincount(chosen[:, g]).argmax()) for g, name in enumerate(names)},
        "ten": {name: float((chosen[:, g] == N).mean()) for g, name in enumerate(names)},
    }


def claims(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the paper says (our words) beside what comes out; what a run has no gamma for is left out.

    Returns:
        ``says``, ``ours`` and ``holds``: whether one of our readings gives it.
    """
    kinds = {name: entry["in_sample"] for name, entry in result["readings"].items() if name != PER_ITEM}
    learned = result["few"]

    def chosen(gamma: str) -> dict[str, int]:
        found = {name: entry["k_opt"][gamma] for name, entry in kinds.items() if gamma in entry["k_opt"]}
        return found | {
            f"from {n} users": each["k_opt"][gamma] for n, each in learned.items() if gamma in each["k_opt"]
        }

    rows = []
    for says, gamma, wanted in (
        ("gamma = 0: four questions are best", "0", 4),
        ("a small gamma: still four", "1", 4),
        ("gamma = 5: nine", "5", 9),
        ("gamma = 10: all ten", "10", N),
    ):
        found = chosen(gamma)
        if found:
            ours = ", ".join(f"{k} ({name})" for name, k in found.items())
            rows.append({"says": says, "ours": ours, "holds": wanted in found.values()})
    means = {name: entry["mean"] for name, entry in kinds.items()}
    means |= {f"from {n} users": each["mean"] for n, each in learned.items()}
    first = {name: next((k for k in range(1, N + 1) if mean[k] > mean[0]), 0) for name, mean in means.items()}
    rows.append(
        {
            "says": "gamma = 0: welfare is not above that of asking nothing before the third question",
            "ours": ", ".join(f"from k = {k} on ({name})" for name, k in first.items()),
            "holds": 3 in first.values(),
        }
    )
    joint = kinds[JOINT]
    top = int(np.argmax(joint["mean"]))
    rows.append(
        {
            "says": "k = 4 has the largest mean and is unequal; k = 10 has Gini 0 and a mean that is still above 0 (7)",
            "ours": f"k = {top}: mean {joint['mean'][top]:.3f}, Gini {joint['gini'][top]:.3f}; k = {N}: mean "
            f"{joint['mean'][N]:.3f}, Gini {joint['gini'][N]:.3f}",
            "holds": top == 4 and joint["gini"][N] == 0 < joint["gini"][top],
        }
    )
    last = f"{max(result['gammas']):g}"
    row = {name: [entry["k_opt"][f"{gamma:g}"] for gamma in result["gammas"]] for name, entry in kinds.items()}
    row |= {
        f"from {n} users": [each["k_opt"][f"{gamma:g}"] for gamma in result["gammas"]] for n, each in learned.items()
    }
    shares = "; ".join(f"ten are best in {each['ten'][last]:.0%} of samples of {n}" for n, each in learned.items())
    rows.append(
        {
            "says": "with growing gamma more questions are always preferred",
            "ours": "; ".join(f"{', '.join(map(str, ks))} ({name})" for name, ks in row.items())
            + f" at gamma = {', '.join(f'{gamma:g}' for gamma in result['gammas'])}"
            + (f"; gamma = {last}: {shares}" if shares else ""),
            "holds": any(list(ks) == sorted(ks) and ks[-1] > ks[0] for ks in row.values()),
        }
    )
    return rows


def differs(
    cost: float,
    shift: float,
    most: int,
    readings: Mapping[str, Any],
    k_best: Sequence[int],
    names: Sequence[str],
    learned: Mapping[str, Any],
) -> list[str]:
    """What is not as in the paper, and why."""
    chosen = {name: ", ".join(str(readings[name]["in_sample"]["k_opt"][gamma]) for gamma in names) for name in READINGS}
    least = min(readings[JOINT]["in_sample"]["min"])
    wrong_at_nine = [
        f"{n} users: {each['min'][N - 1]:.1f}" for n, each in learned.items() if each["min"][N - 1] < each["min"][N]
    ]
    ten = f"In sample nine answers give the tenth away, so that k = 9 gives everybody {cost:g} more than k = 10."
    if wrong_at_nine:
        ten += (
            f" Learned from few users they do not: the lowest u of the others at k = 9 is {', '.join(wrong_at_nine)}, "
            f"and {N - cost * N:.1f} at k = 10, so that for a large gamma ten questions can be best."
        )
    return [
        "The paper finds k = 10 optimal at gamma = 10 with c = 0.3. Beside the best response that cannot be: every "
        "user has exactly two ones, so that asking nothing and guessing zeros gives everybody 8 and asking all ten "
        f"gives everybody 7. With c = {cost:g} no more than {most} questions can be worth their cost there: two wrong "
        "guesses are all that there is to save. The paper guesses the most likely values instead, and that leaves "
        "room for it.",
        ten,
        f"The response can be read in two ways. With the most frequent pair of the node the optimal k is "
        f"{chosen[JOINT]} (gamma = {', '.join(names)}); with questions by what they tell about the ten items, "
        f"{chosen[GAIN]}. That names two items even where no pair is likely, so that up to four are wrong and u "
        f"falls to {least:g}; it is this that further questions cure. Each item's own mode has the fewest wrong "
        f"guesses that a node allows, and its optimal k is {chosen[PER_ITEM]}.",
        "The response of the theory is the one with the largest welfare. With it the optimal k, on the same tree, is "
        f"{', '.join(map(str, k_best))}.",
        f"Welfare here is that of u + {shift:g}. The listed figures need u itself, which is above 0; those of the "
        "paper's section 5 need u + 1. The optimal k depends on it.",
        "A tree asks each user questions of their own. The theory asks everybody the same number of questions about "
        "items that can be exchanged for each other; sushi cannot.",
        "In sample, tree and guesses have seen the users they are judged on. Held out, an answer may come that nobody "
        "gave before; then the guess is that of the last node somebody reached.",
    ]
