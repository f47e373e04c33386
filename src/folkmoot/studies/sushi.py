"""Asking about sushi: section 7 of Park, Donahue, Raghavan 2026, by the closest reading that gives figures.

A user holds ten binary features: 1 for the two kinds of sushi ranked on top, 0 for the eight others, so that a user is
one of 45 pairs, and counts of pairs hold all there is. k questions are asked along a tree: at a node (the users who
gave the same answers so far) the next is about the item whose answer has the largest entropy there. After k answers
the other items are guessed; u = 10 - k c - (wrong guesses).

Data: Kamishima's item set A (see `WHERE`; the rankings may not be passed on, and are not in this repository). To be
cited as in `CITE`.
"""

from __future__ import annotations

import csv
import hashlib
import math
import os
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ..asking.model import exact
from ..asking.welfare import log_equivalent, phi
from ..formats import preflib
from ..formats import read as read_profile
from ..formats.base import beginning
from ..formats.lines import lines
from ..profile import BoolArray, FloatArray, InputError, IntArray

ITEMS = ("ebi", "anago", "maguro", "ika", "uni", "ikura", "tamago", "toro", "tekka-maki", "kappa-maki")
N = len(ITEMS)
COST, SHIFT = 0.3, 0.0
GAMMAS = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
DRAWN = (0.0, 1.0, 10.0, 50.0)
"""Of these inequality aversions the certainty equivalents are drawn."""
SPLITS, MOST_SPLITS = 200, 2_000
BAND = (0.025, 0.975)
# Relative: what differs by less is a tie.
TIE = 1e-12

JOINT, PER_ITEM = "joint mode", "per-item modes"
READINGS = {
    JOINT: "the unrevealed items as in the most frequent pair of the node",
    PER_ITEM: "every unrevealed item by its own most frequent value in the node",
}
FILES = ("top2_counts.csv", "sushi3a.5000.10.order", "00014-00000001.soc", "ED-00014-00000001.soc")
WHERE = (
    "get sushi3a.5000.10.order (in sushi3-2016.zip of https://www.kamishima.net/sushi/) or 00014-00000001.soc (PrefLib "
    "dataset 00014) and name the file, or its folder, with --data"
)
CITE = (
    "T. Kamishima, Nantonac Collaborative Filtering: Recommendation Based on Order Responses, KDD 2003; T. Kamishima, "
    "H. Kazawa, S. Akaho, A Survey and Empirical Comparison of Object Ranking Methods, in Preference Learning, 2010."
)
# sha256 of the 45 numbers of users joined by commas, in the order of `pairs`.
AGGREGATE = "883fb40fd3a30dd12fd46d96c2e2a012969337f7ef985b1fff20013210dd0d8c"

Report = Callable[[str, float], None]


@dataclass(frozen=True, eq=False)
class Data:
    """How many users hold each pair.

    Args:
        users: int64 [45], in the order of `pairs`.
        kind: what they were read from: ``pair counts``, ``rankings`` or ``rankings (PrefLib)``.
        file: name of that file.
    """

    users: IntArray
    kind: str
    file: str

    @property
    def as_published(self) -> bool:
        """Whether these are the pair counts of the study's figures."""
        return hashlib.sha256(",".join(map(str, self.users.tolist())).encode()).hexdigest() == AGGREGATE


def data_folder() -> Path:
    """``data/sushi`` of the folder FOLKMOOT_SHARED names, else of ``../shared``."""
    return Path(os.environ.get("FOLKMOOT_SHARED", "../shared")) / "data" / "sushi"


def read(path: Path | None = None) -> Data:
    """Reads pair counts, or counts the pairs of rankings; the content tells which, not the name.

    Args:
        path: a file, or a folder with one of `FILES` (the first is taken); None: see `data_folder`. A file is
            ``item_a,item_b,...,users`` as CSV, Kamishima's ``.order`` or PrefLib's ``.soc``. PrefLib's labels 1..10
            are the original item numbers 0..9 with 0 written as 10; the names beside them are off by one, and unused.

    Raises:
        InputError: there is no data (with where to get it), or it is not of ten items.
    """
    folder = data_folder() if path is None else path
    files = [folder / name for name in FILES] if folder.is_dir() else [folder]
    file = next((file for file in files if file.is_file()), None)
    if file is None:
        raise InputError(f"no sushi data here; {WHERE}", file=folder)
    first = next(lines(file)).strip()
    if first.startswith("item_a"):
        return Data(_of_counts(file), "pair counts", file.name)
    if re.fullmatch(r"\d+(\s+\d+)+", first):
        return Data(_of_orders(file), "rankings", file.name)
    if (start := beginning(file)) is not None and preflib.sniff(start):
        return Data(_of_preflib(file), "rankings (PrefLib)", file.name)
    raise InputError(f"neither pair counts nor rankings of sushi; {WHERE}", file=file)


def _of_counts(file: Path) -> IntArray:
    table = csv.DictReader(lines(file))
    if missing := {"item_a", "item_b", "users"} - set(table.fieldnames or ()):
        raise InputError(f"the columns item_a, item_b and users are needed; {sorted(missing)[0]} is missing", file=file)
    found = np.full((N, N), -1, dtype=np.int64)
    for row, entry in enumerate(table, start=2):
        cells = [str(entry[name] or "").strip() for name in ("item_a", "item_b", "users")]
        if not all(re.fullmatch(r"[0-9]{1,9}", cell) for cell in cells):
            raise InputError("item_a, item_b and users must be whole numbers", file=file, row=row)
        a, b, users = map(int, cells)
        if not a < b < N:
            raise InputError(f"items {a} and {b} must be two of 0 to {N - 1}, the lower first", file=file, row=row)
        if found[a, b] >= 0:
            raise InputError(f"the pair {a}, {b} occurs twice", file=file, row=row)
        found[a, b] = users
    return _enough(np.maximum(found[np.triu_indices(N, 1)], 0), file)


def _of_orders(file: Path) -> IntArray:
    """Each line is ``0 10`` and the items from best to worst; a line of two numbers heads the file."""
    top = []
    for row, line in enumerate(lines(file), start=1):
        numbers = line.split()
        if not numbers or (row == 1 and len(numbers) == 2):
            continue
        if sorted(numbers[2:]) != sorted(map(str, range(N))):
            raise InputError(f"not 0, {N} and a ranking of the items 0 to {N - 1} of set A", file=file, row=row)
        top.append((int(numbers[2]), int(numbers[3])))
    return _counted(np.array(top, dtype=np.int64).reshape(-1, 2), file)


def _of_preflib(file: Path) -> IntArray:
    profile = read_profile(file, format="preflib")
    labels = profile.statements.ids
    if sorted(labels) != sorted(map(str, range(1, N + 1))) or profile.answers.scale.kind != "ranking":
        raise InputError(f"not rankings of alternatives 1 to {N}; the sushi are item set A of dataset 00014", file=file)
    best = profile.answers.value <= 2
    if (np.bincount(profile.answers.agent[best], minlength=profile.n_agents) != 2).any():
        raise InputError("a ranking has no two items on top; complete orders without ties are needed", file=file)
    item = np.array([int(label) % N for label in labels])[profile.answers.statement[best]]
    return _counted(item[np.argsort(profile.answers.agent[best], kind="stable")].reshape(-1, 2), file)


def _counted(top: IntArray, file: Path) -> IntArray:
    found = np.zeros((N, N), dtype=np.int64)
    np.add.at(found, (top.min(axis=1), top.max(axis=1)), 1)
    return _enough(found[np.triu_indices(N, 1)], file)


def _enough(users: IntArray, file: Path) -> IntArray:
    if users.sum() < 4:
        raise InputError(f"holds {users.sum()} users; at least 4 are needed to learn from some of them", file=file)
    return users


def pairs(n: int) -> IntArray:
    """int64 [n (n - 1) / 2, n]: the pairs as features, in the order (0, 1), (0, 2), ..., (n - 2, n - 1).

    >>> pairs(3).tolist()
    [[1, 1, 0], [1, 0, 1], [0, 1, 1]]
    """
    a, b = np.triu_indices(n, 1)
    items = np.arange(n)
    return np.asarray((items == a[:, None]) | (items == b[:, None]), dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Trees:
    """Trees of questions, one per sample, as the path of every pair; P pairs of n items.

    Args:
        users: int64 [s, P] those the trees were learned from.
        node: bool [s, n + 1, P, P] the pairs by which somebody of a pair is judged after k answers: those that agree
            with all of them. An answer that nobody gave in the sample is set down and narrows nothing.
        asked: bool [s, n + 1, P, n] what they were asked by then.
        ties: nodes where several items had the largest entropy, over the samples; the lowest item was asked.
    """

    users: IntArray
    node: BoolArray
    asked: BoolArray
    ties: int

    @property
    def mass(self) -> IntArray:
        """int64 [s, n + 1, P, P]: users of each pair at the node of each pair."""
        return self.node * self.users[:, None, None, :]


def grow(users: IntArray, n: int = N) -> Trees:
    """The trees of samples of users.

    Entropies are compared by |2 ones - users|, in integers. All are asked k questions, also who is known before.

    Args:
        users: int64 [s, P], at least one user each.
        n: items.
    """
    features = pairs(n)
    samples, size = users.shape
    node = np.ones((samples, n + 1, size, size), dtype=bool)
    asked = np.zeros((samples, n + 1, size, n), dtype=bool)
    ties = 0
    for k in range(n):
        mass = node[:, k] * users[:, None, :]
        total = mass.sum(axis=-1)
        lean = np.where(asked[:, k], total[..., None] + 1, np.abs(2 * (mass @ features) - total[..., None]))
        item = lean.argmin(axis=-1)
        least = lean.min(axis=-1)
        tied = ((lean == least[..., None]).sum(axis=-1) > 1) & (least < total)
        ties += int((tied & _leads(node[:, k], users)).sum())
        asked[:, k + 1] = asked[:, k] | (item[..., None] == np.arange(n))
        same = node[:, k] & (features.T[item] == features[np.arange(size), item][..., None])
        heard = (same & (users > 0)[:, None, :]).any(axis=-1, keepdims=True)
        node[:, k + 1] = np.where(heard, same, node[:, k])
    return Trees(users, node, asked, ties)


def _leads(node: BoolArray, users: IntArray) -> BoolArray:
    """bool [s, ..., P]: the first pair with users of each node, so that nodes are counted once."""
    held = (users > 0).reshape(len(users), *[1] * (node.ndim - 3), 1, -1)
    return np.asarray((node & held).argmax(axis=-1) == np.arange(users.shape[1]))


def wrong(trees: Trees, reading: str) -> IntArray:
    """int64 [s, n + 1, P]: wrong guesses for each pair after k answers.

    Ties: of equally frequent pairs the first, of equally frequent values 0 (see `guess_ties`).
    """
    features = pairs(trees.asked.shape[-1])
    mass = trees.mass
    if reading == JOINT:
        guess = features[mass.argmax(axis=-1)]
    else:
        guess = (2 * (mass @ features) > mass.sum(axis=-1)[..., None]).astype(np.int64)
    return np.asarray(((guess != features) & ~trees.asked).sum(axis=-1))


def guess_ties(trees: Trees, reading: str) -> int:
    """Nodes whose guess is one of several that are equally frequent, over the samples."""
    mass = trees.mass
    if reading == JOINT:
        tied = (mass == mass.max(axis=-1, keepdims=True)).sum(axis=-1) > 1
    else:
        ones = mass @ pairs(trees.asked.shape[-1])
        tied = ((2 * ones == mass.sum(axis=-1)[..., None]) & ~trees.asked).any(axis=-1)
    return int((tied & _leads(trees.node, trees.users)).sum())


@dataclass(frozen=True, eq=False)
class Utility:
    """u = n - k c - (wrong guesses), and the welfare of users who have it.

    Args:
        n: items.
        cost: of a question, in [0, 1].
        shift: added to u before welfare is taken, at least 0.
        gammas: float64 [g] inequality aversions.
    """

    n: int
    cost: float
    shift: float
    gammas: FloatArray

    @property
    def u(self) -> FloatArray:
        """float64 [n + 1, n + 1]: after k answers, with b wrong guesses."""
        return np.asarray(self.n - self.cost * np.arange(self.n + 1)[:, None] - np.arange(self.n + 1), dtype=np.float64)

    @property
    def phi(self) -> FloatArray:
        """float64 [n + 1, n + 1, g]: of u + shift; 0 where there are more wrong guesses than guesses."""
        possible = np.arange(self.n + 1) <= self.n - np.arange(self.n + 1)[:, None]
        v = np.where(possible, np.maximum(self.u + self.shift, 0.0), self.n)
        found = phi(v.ravel(), self.gammas, self.n + self.shift).reshape(*v.shape, -1)
        return np.where(possible[..., None], found, 0.0)

    def ce(self, expected: FloatArray) -> FloatArray:
        """The certainty equivalent on the scale of u, from the expectation of `phi` (last axis: gammas)."""
        return np.exp(log_equivalent(expected, self.gammas)) * (self.n + self.shift) - self.shift

    def figures(self, wrong: IntArray, users: IntArray) -> dict[str, Any]:
        """What the users get.

        Args:
            wrong: int64 [s, n + 1, P].
            users: int64 [s, P].

        Returns:
            By k: ``mean``, ``min`` and ``gini`` float64 [s, n + 1], ``ce`` float64 [s, n + 1, g]; ``k_opt`` int64
            [s, g]: the fewest questions with the largest certainty equivalent.
        """
        law = np.stack([((wrong == b) * users[:, None, :]).sum(axis=-1) for b in range(self.n + 1)], axis=-1)
        share = law / users.sum(axis=-1)[:, None, None]
        u = self.u
        mean = (share * u).sum(axis=-1)
        apart = np.abs(np.subtract.outer(np.arange(self.n + 1), np.arange(self.n + 1)))
        with np.errstate(divide="ignore", invalid="ignore"):
            gini = ((share @ apart) * share).sum(axis=-1) / (2 * mean)
            expected = np.where(law[..., None] > 0, share[..., None] * self.phi, 0.0).sum(axis=-2)
        ce = self.ce(expected)
        return {
            "mean": mean,
            "min": np.where(law > 0, u, np.inf).min(axis=-1).round(9),
            "gini": np.where(mean > 0, gini, 0.0),
            "ce": ce,
            "k_opt": best(ce),
        }

    def best_response(self, trees: Trees) -> FloatArray:
        """float64 [n + 1, g]: certainty equivalents when each node's guess is the best of all for that gamma.

        Every 0/1 vector is tried for the unrevealed items, as the theory's response policy would.

        Args:
            trees: one sample; its users are those judged.
        """
        features, held = pairs(self.n), trees.users[0] > 0
        every = (np.arange(2**self.n)[:, None] >> np.arange(self.n)) & 1
        expected = np.zeros((self.n + 1, len(self.gammas)))
        for k in range(self.n + 1):
            for node in np.unique(trees.node[0, k][held] & held, axis=0):
                members = np.flatnonzero(node)
                free = ~trees.asked[0, k, members[0]]
                guesses = every[: 2 ** int(free.sum()), None, : int(free.sum())]
                errors = (guesses != features[members][:, free]).sum(axis=-1)
                expected[k] += np.einsum("cmg,m->cg", self.phi[k][errors], trees.users[0, members]).max(axis=0)
        return self.ce(expected / trees.users.sum())


def best(ce: FloatArray) -> IntArray:
    """int64 [..., g]: the lowest k with the largest of float64 [..., n + 1, g], ties by `TIE`."""
    top = ce.max(axis=-2, keepdims=True)
    return np.asarray((ce >= top - TIE * np.abs(top)).argmax(axis=-2))


def run(
    path: Path | None = None,
    *,
    cost: float = COST,
    shift: float = SHIFT,
    gammas: Sequence[float] = GAMMAS,
    instances: int = SPLITS,
    seed: int = 0,
    report: Report | None = None,
) -> dict[str, Any]:
    """Both readings of the response, in sample and out of sample.

    In sample the tree and the guesses are made from the users who are judged; bands are of as many users drawn again
    with replacement, tree and all (bootstrap). Out of sample they are made from a random half of the users and the
    other half is judged; figures are medians over the splits (``min`` the lowest), bands the middle 95 % of them.

    Args:
        path: file or folder with the data, see `read`.
        cost: of a question, in [0, 1].
        shift: added to utilities before welfare is taken, at least 0.
        gammas: inequality aversions, finite, at least 0.
        instances: splits, and as many samples for the bootstrap; 2 to 2,000.
        seed: of both.
        report: told (stage, share done).

    Returns:
        JSON-ready: the options; ``data``; ``readings`` {reading: {``in_sample``, ``out_of_sample``}}, each with
        ``mean``, ``min`` and ``gini`` by k, ``ce`` {gamma: by k}, ``k_opt`` {gamma: k} and their ``_band``s of
        [low, high] (``min`` has none); out of sample also ``learned`` {gamma: certainty equivalent, with its
        ``ce_band``, when k is learned with the rest}; ``best_response``; ``all_zeros``: what everybody gets when
        nothing is asked and nothing guessed; ``most_k``: with more questions nobody can get as much as that; ``ties``;
        ``differs``: sentences. The same options, the same result.

    Raises:
        InputError: no data, or an option out of range.
    """
    if not 0 <= cost <= 1 or not 0 <= shift < math.inf:
        raise InputError("the cost of a question must be from 0 to 1, and the shift a number of at least 0")
    if not gammas or not all(0 <= gamma < math.inf for gamma in gammas):
        raise InputError("gammas must be numbers of at least 0, one or more")
    if not 2 <= instances <= MOST_SPLITS:
        raise InputError(f"the sushi study needs 2 to {MOST_SPLITS:,} splits; give --instances from 2 on")
    data = read(path)
    tell = report or (lambda stage, share: None)
    utility = Utility(N, float(cost), float(shift), np.array(gammas, dtype=np.float64))
    rng = np.random.default_rng(seed)
    users, total = data.users[None], int(data.users.sum())
    halves = rng.multivariate_hypergeometric(data.users, total // 2, size=instances)
    again = rng.multinomial(total, data.users / total, size=instances)
    tell("growing trees", 0.0)
    whole, split, resampled = grow(users), grow(halves), grow(again)
    names = [f"{gamma:g}" for gamma in gammas]
    readings: dict[str, Any] = {}
    for place, reading in enumerate(READINGS):
        tell("judging guesses", place / len(READINGS))
        point = utility.figures(wrong(whole, reading), users)
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
    return {
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
        "ties": {"item": whole.ties, **{reading: guess_ties(whole, reading) for reading in READINGS}},
        "differs": _differs(cost, shift, most, readings, best(response).tolist(), names),
    }


def _differs(
    cost: float, shift: float, most: int, readings: Mapping[str, Any], k_best: Sequence[int], names: Sequence[str]
) -> list[str]:
    """What is not as in the paper, and why it cannot be."""
    chosen = {name: ", ".join(str(readings[name]["in_sample"]["k_opt"][gamma]) for gamma in names) for name in READINGS}
    least = min(readings[JOINT]["in_sample"]["min"])
    return [
        "The paper finds k = 10 optimal at gamma = 10 with c = 0.3. That cannot be. Every user has exactly two ones: "
        "asking nothing and guessing zeros gives everybody 8, asking all ten gives everybody 7, and no gamma prefers "
        f"that. With c = {cost:g} no more than {most} questions can be worth their cost: two wrong guesses are all "
        "that there is to save.",
        "Nine answers give the tenth away, so k = 10 never beats k = 9.",
        f"The response can be read in two ways. With the most frequent pair of the node the optimal k is "
        f"{chosen[JOINT]} (gamma = {', '.join(names)}). That names two items even where no pair is likely, so that up "
        f"to four are wrong and u falls to {least:g}; it is this that further questions cure. Each item's own mode has "
        f"the fewest wrong guesses that a node allows, and its optimal k is {chosen[PER_ITEM]}.",
        "The response of the theory is the one with the largest welfare. With it the optimal k, on the same tree, is "
        f"{', '.join(map(str, k_best))}.",
        f"Welfare here is that of u + {shift:g}. The listed figures need u itself, which is above 0; those of the "
        "paper's section 5 need u + 1. The optimal k depends on it.",
        "A tree asks each user questions of their own. The theory asks everybody the same number of questions about "
        "items that can be exchanged for each other; sushi cannot.",
        "In sample, tree and guesses have seen the users they are judged on. Held out, an answer may come that nobody "
        "gave before; then the guess is that of the last node somebody reached.",
    ]


def _entry(point: Mapping[str, Any], drawn: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """The figures of `Utility.figures` as JSON, with bands over the samples ``drawn``."""
    ks = range(point["ce"].shape[0])
    found: dict[str, Any] = {"min": point["min"].tolist()}
    for name in ("mean", "gini"):
        found[name] = point[name].tolist()
        found[f"{name}_band"] = [_band(drawn[name][:, k]) for k in ks]
    found["ce"] = {name: point["ce"][:, g].tolist() for g, name in enumerate(names)}
    found["ce_band"] = {name: [_band(drawn["ce"][:, k, g]) for k in ks] for g, name in enumerate(names)}
    found["k_opt"] = dict(zip(names, point["k_opt"].tolist(), strict=True))
    found["k_opt_band"] = {name: _band(drawn["k_opt"][:, g]) for g, name in enumerate(names)}
    return found


def _band(values: Any) -> list[Any]:
    """[low, high] of `BAND`; of whole numbers values that occur."""
    method: Literal["inverted_cdf", "linear"] = "inverted_cdf" if values.dtype.kind == "i" else "linear"
    return list(np.quantile(values, np.array(BAND), method=method).tolist())


def table(result: Mapping[str, Any]) -> str:
    """The figures as lines of text: both readings, the response of the theory, and what differs from the paper."""
    data = result["data"]
    same = f"{'the same as' if data['as_published'] else 'NOT'} the published pair counts"
    width = 22
    out = [
        f"{data['users']} users from {data['kind']} ({data['file']}): {same}",
        f"c = {result['cost']:g}, welfare of u + {result['shift']:g}, {result['splits']} splits, seed {result['seed']}",
        "in brackets and as low and high: the middle 95 % of the splits, in sample of the bootstrap",
    ]
    for reading, entry in result["readings"].items():
        inside, outside = entry["in_sample"], entry["out_of_sample"]
        out += ["", f"{reading}: {READINGS[reading]}"]
        out.append(f"{'  k':{width}}" + "".join(f"{k:>8}" for k in range(N + 1)))
        for title, figures, name in (
            ("mean u", inside, "mean"),
            ("mean u, held out", outside, "mean"),
            ("Gini", inside, "gini"),
            ("Gini, held out", outside, "gini"),
        ):
            out.append(_row(title, figures[name], width))
            out += [_row(f"  {end}", [band[at] for band in figures[f"{name}_band"]], width) for at, end in _ENDS]
        out.append(_row("lowest u", inside["min"], width))
        out.append(_row("lowest u, held out", outside["min"], width))
        head = f"  {'gamma':>6}  {'optimal k':14}{'its CE':>8}{'its Gini':>10}   "
        out.append(head + "CE held out, with the k that the other half learned")
        for name, k in inside["k_opt"].items():
            low, high = inside["k_opt_band"][name]
            own = outside["learned"][name]
            (a, b), (ka, kb) = own["ce_band"], own["k_band"]
            out.append(
                f"  {name:>6}  {f'{k} [{low}, {high}]':14}{inside['ce'][name][k]:>8.3f}"
                f"{inside['gini'][k]:>10.3f}   {own['ce']:.3f} [{a:.3f}, {b:.3f}], k in [{ka}, {kb}]"
            )
    response = result["best_response"]
    out += ["", "the response with the largest welfare, on the same tree, in sample"]
    out += [f"  {name:>6}  {k:<14}{response['ce'][name][k]:>8.3f}" for name, k in response["k_opt"].items()]
    out += [f"nothing asked, zeros guessed: u = {result['all_zeros']:g} for everybody"]
    out.append("nodes with a tie: " + ", ".join(f"{count} ({what})" for what, count in result["ties"].items()))
    out += ["", "What differs from the paper, and why it must:"]
    out += [textwrap.fill(text, 112, initial_indent="* ", subsequent_indent="  ") for text in result["differs"]]
    out += ["", textwrap.fill(f"Data: {CITE}", 112)]
    return "\n".join(out)


_ENDS = ((0, "low"), (1, "high"))


def _row(title: str, values: Sequence[float], width: int) -> str:
    return f"{'  ' + title:{width}}" + "".join(f"{value:>8.3f}" for value in values)


def draw(result: Mapping[str, Any]) -> dict[str, str]:
    """The curves as SVG, by file name without ending.

    ``ce-gamma-G``: certainty equivalent by k (G = 0: mean utility) for those of `DRAWN` that were asked for;
    ``gini``: by k; ``optimal-k``: by gamma.

    Args:
        result: of `run`.

    Raises:
        MissingExtraError: the report extra is not installed.
    """
    names = [f"{gamma:g}" for gamma in result["gammas"] if gamma in DRAWN]
    charts = {f"ce-gamma-{name}": _curves(result, "ce", name) for name in names}
    return {**charts, "gini": _curves(result, "gini"), "optimal-k": _optimal(result)}


def _curves(result: Mapping[str, Any], figure: str, gamma: str | None = None) -> str:
    from ..report.svg import ALERT
    from .charts import HEIGHT, WIDTH, altair, finish

    def of(entry: Mapping[str, Any], name: str) -> Any:
        return entry[name] if gamma is None else entry[name][gamma]

    alt = altair()
    # The pictures keep one decimal of every number.
    unit = 100 if gamma is None else 1
    rows = [
        {"k": k, "y": y * unit, "low": low * unit, "high": high * unit, "reading": reading, "users": users}
        for reading, entry in result["readings"].items()
        for users in ("in_sample", "out_of_sample")
        for k, (y, (low, high)) in enumerate(
            zip(of(entry[users], figure), of(entry[users], f"{figure}_band"), strict=True)
        )
    ]
    what = (
        "Gini of u, in hundredths"
        if gamma is None
        else "mean u"
        if gamma == "0"
        else f"certainty equivalent, gamma = {gamma}"
    )
    note = "k: questions (dotted: held out" + ("; dashed: nothing asked)" if gamma is not None else ")")
    x = alt.X("k:Q", title=note, axis=alt.Axis(tickCount=N, format="d"), scale=alt.Scale(nice=False))
    y = alt.Y("y:Q", title=what, scale=alt.Scale(zero=gamma is None))
    colours = _scale(alt, READINGS)
    legend = alt.Legend(symbolOpacity=1)
    stroke = alt.Stroke("reading:N", title=None, scale=colours, legend=legend)
    base = alt.Chart(alt.Data(values=rows)).encode(x=x)
    inside, outside = (base.transform_filter(f"datum.users == '{name}'") for name in ("in_sample", "out_of_sample"))
    fill = alt.Fill("reading:N", title=None, scale=colours, legend=legend)
    layers = [
        inside.mark_area(opacity=0.25).encode(y=alt.Y("low:Q"), y2="high:Q", fill=fill),
        inside.mark_line(strokeWidth=2).encode(y=y, stroke=stroke),
        outside.mark_line(strokeWidth=2, strokeDash=[2, 4]).encode(y=y, stroke=stroke),
        outside.mark_rule(strokeWidth=1).encode(y=alt.Y("low:Q"), y2="high:Q", stroke=stroke),
    ]
    if gamma is not None:
        zeros = alt.Chart(alt.Data(values=[{"y": result["all_zeros"]}]))
        layers.append(zeros.mark_rule(strokeDash=[6, 4], stroke=ALERT).encode(y=y))
    words = "; ".join(
        f"{reading} {', '.join(f'{value:.3f}' for value in of(entry['in_sample'], figure))}"
        for reading, entry in result["readings"].items()
    )
    named = "Gini of u" if gamma is None else what[0].upper() + what[1:]
    label = f"{named} by k from 0 to {N}, in sample (line) and held out (dotted): {words}."
    return finish(alt.layer(*layers).properties(width=WIDTH, height=HEIGHT), label)


def _optimal(result: Mapping[str, Any]) -> str:
    from ..report.svg import ALERT
    from .charts import HEIGHT, WIDTH, altair, finish

    alt = altair()
    found = {reading: entry["in_sample"] for reading, entry in result["readings"].items()}
    found["best response"] = result["best_response"]
    rows = [
        {"gamma": name, "k": k, "low": low, "high": high, "response": response}
        for response, entry in found.items()
        for name, k in entry["k_opt"].items()
        for low, high in [entry.get("k_opt_band", {}).get(name, (k, k))]
    ]
    x = alt.X("gamma:O", title="gamma", sort=None, axis=alt.Axis(labelAngle=0))
    y = alt.Y(
        "k:Q",
        title="optimal k (dashed: the most that can pay)",
        scale=alt.Scale(domain=[0, N]),
        axis=alt.Axis(tickCount=N, format="d"),
    )
    stroke = alt.Stroke("response:N", title=None, scale=_scale(alt, found))
    shift = alt.XOffset("response:N", scale=alt.Scale(domain=list(found)))
    base = alt.Chart(alt.Data(values=rows)).encode(x=x, xOffset=shift, stroke=stroke)
    points = base.mark_point(size=60, strokeWidth=2, fill=None).encode(y=y)
    bars = base.mark_rule(strokeWidth=2).encode(y=alt.Y("low:Q"), y2="high:Q")
    most = alt.Chart(alt.Data(values=[{"k": result["most_k"]}]))
    limit = most.mark_rule(strokeDash=[6, 4], stroke=ALERT).encode(y=y)
    words = "; ".join(f"{name} {', '.join(map(str, entry['k_opt'].values()))}" for name, entry in found.items())
    chart = alt.layer(limit, bars, points).properties(width=WIDTH, height=HEIGHT)
    return finish(chart, f"Optimal k by gamma ({', '.join(found[JOINT]['k_opt'])}): {words}.")


def _scale(alt: Any, names: Iterable[str]) -> Any:
    from ..report.marks import COLOURS

    listed = list(names)
    return alt.Scale(domain=listed, range=list(COLOURS[: len(listed)]))
