"""Audits beside the certificate: exposure and echo, profile swap, majority erasure, diversity of texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np

from folkmoot.audits import diversity, majority_erasure
from folkmoot.audits.exposure import Audience, Landscape, compare, landscape
from folkmoot.audits.shown import Shown
from folkmoot.audits.swap import QUANTILES, Curve, Votes, speech
from folkmoot.preferences import memberships
from folkmoot.preferences.entries import with_answers
from folkmoot.preferences.models import low_rank
from folkmoot.profile import FloatArray, IntArray, Profile
from folkmoot.queries import Completed
from folkmoot.slates.swapped import curve_of

from ..streams import numbers
from .claims import Figure, Part, conversation, over_seeds
from .drift import drift

#: By conversation, as the specification has them: Own AGG/BRIDGE/PERS, Frag PERS, Worst AGG/BRIDGE/PERS.
SAID_EXPOSURE: Mapping[str, tuple[tuple[float, float, float], float, tuple[float, float, float]]] = {
    "biodiversity": ((0.949, 0.939, 0.972), 0.313, (0.867, 0.915, 0.878)),
    "electoral-reform": ((0.899, 0.875, 0.950), 0.354, (0.592, 0.808, 0.692)),
}
#: Accuracy self, NN, 25, 50, 75, 98 %, none.
SAID_SWAP: Mapping[str, tuple[float, ...]] = {
    "biodiversity": (0.870, 0.856, 0.827, 0.813, 0.791, 0.601, 0.840),
    "electoral-reform": (0.826, 0.819, 0.784, 0.772, 0.751, 0.597, 0.795),
}
POLICIES = ("aggregate", "bridging", "personal")
LENGTH, SEEDS, SAMPLES, RANK = 10, 4, 200, 3
VOTES, ANSWERS = 15, 10
MONOTONE = "swap: accuracy falls from one's own profile to the most dissimilar one's"


def run(seed: int, folder: Path | None) -> list[Figure]:
    """Computes every figure of the part; those on real conversations only where there is a folder of them."""
    figures = [*_planted(seed), *_erasure_planted(), *_diversity(seed)]
    if folder is None:
        return [*figures, Figure("real conversations: not measured, no folder with them was given", "", float("nan"))]
    for name, profile in conversations(folder).items():
        figures += _exposure(name, profile, seed)
        figures += _swap(name, profile, seed)
    falling = [figure.value for figure in figures if MONOTONE in figure.claim]
    claim = f"{MONOTONE}: conversations out of {len(falling)}"
    # The acceptance test asks for one file; in how many more it is so is the figure.
    return [*figures, Figure(claim, "4 of 4", sum(falling), wanted=">= 1", passes=sum(falling) >= 1)]


# -- made-up data -------------------------------------------------------------------------------------------------


def planted(rng: np.random.Generator, people: int = 1_000) -> tuple[FloatArray, IntArray]:
    """Blocs of 90 and 10 %, 25 statements each that their own agree with at .9 and the others at .1, 10 at .75."""
    label = (np.arange(people) >= 0.9 * people).astype(np.int64)
    of = np.repeat([0, 1, 2], [25, 25, 10])
    level = np.where(of == 2, 0.75, np.where(of == label[:, None], 0.9, 0.1))
    return level + rng.uniform(-0.05, 0.05, level.shape), label


def _planted(seed: int) -> list[Figure]:
    said = {
        "aggregate": {"own": 0.82, "worst": 0.10, "fragmentation": 0.0},
        "bridging": {"own": 0.75, "worst": 0.75, "fragmentation": 0.0},
        "personal": {"own": 0.93, "worst": 0.93, "fragmentation": 1.0},
    }
    runs: dict[tuple[str, str], list[float]] = {}
    indices: dict[str, list[float]] = {"sycophancy": [], "echo": [], "null": []}
    for number in range(SEEDS):
        rng = numbers(seed, 61, number)
        agreement, label = planted(rng)
        member = np.eye(2)[label]
        masses = np.ones(len(label), dtype=np.int64)
        seen = _landscape(agreement, member, masses)
        shown = _policies(agreement, seen, LENGTH)
        audience = Audience(member, masses, seen.groups < 0.5)
        comparison = compare({**shown, "system": shown["personal"]}, audience, ("system",), rng)
        for policy in POLICIES:
            for name in ("own", "worst", "fragmentation"):
                runs.setdefault((policy, name), []).append(comparison["policies"][policy][name][0])
        indices["sycophancy"].append(comparison["sycophancy"]["system"][0])
        indices["echo"].append(comparison["echo"]["system"][0])
        indices["null"].append(comparison["policies"]["personal"]["chance"])
    figures = []
    for (policy, name), values in runs.items():
        want = said[policy][name]
        figures.append(
            _figure(
                f"planted blocs 90/10, k = 10, {policy}: {name}",
                f"{want:g} [specification 12]",
                values,
                f"within .03 of {want:g}",
                partial(_near, want=want),
            )
        )
    figures.append(
        _figure("planted blocs: sycophancy index of personal lists", "1", indices["sycophancy"], "= 1", _is_one)
    )
    figures.append(_figure("planted blocs: echo index of personal lists", "1", indices["echo"], "= 1", _is_one))
    null = "planted blocs: fragmentation of personal lists under shuffled labels"
    figures.append(_figure(null, "< .06", indices["null"], "< 0.06", lambda mean: mean < 0.06))
    return figures


def _erasure_planted() -> list[Figure]:
    people = np.array([0.7, 0.3])
    alone = majority_erasure.erasure(people, np.array([1.0, 0.0]))
    fair = majority_erasure.erasure(people, people)
    return [
        Figure(
            "erasure, shares .7/.3, minority absent: KL",
            "1.134 nats [specification 5]",
            alone.divergence,
            wanted="within .001 of 1.134",
            passes=abs(alone.divergence - 1.134) < 1e-3,
        ),
        Figure(
            "erasure of that slate over its ceiling, less that of a slate divided as the people are",
            "",
            alone.relative - fair.relative,
            wanted="= 1",
            passes=_is_one(alone.relative - fair.relative),
        ),
    ]


def _texts(rng: np.random.Generator, count: int, length: int, words: int = 2_000) -> list[diversity.Tokens]:
    """Random texts over a Zipf vocabulary."""
    chance = 1.0 / np.arange(1, words + 1)
    drawn = rng.choice(words, (count, length), p=chance / chance.sum())
    return [tuple(f"w{word}" for word in row) for row in drawn.tolist()]


def _measures() -> dict[str, tuple[Callable[[Sequence[diversity.Tokens]], float], bool]]:
    """Figure by name, and whether higher means more varied."""
    return {
        **{f"distinct-{n}": (partial(diversity.distinct, n=n), True) for n in (1, 2, 3)},
        **{f"EAD-{n}": (partial(diversity.adjusted_at, n=n), True) for n in (1, 2, 3, 4, 5)},
        "EAD": (diversity.adjusted, True),
        "n-gram diversity": (diversity.ngram_diversity, True),
        "compression ratio (gzip)": (diversity.compression_ratio, False),
        "compression ratio (bzip2)": (partial(diversity.compression_ratio, how="bzip2"), False),
        "self-repetition-4": (diversity.self_repetition, False),
    }


def _diversity(seed: int) -> list[Figure]:
    said = {"compression ratio (gzip)": ("2.23", "17.0"), "EAD-3": ("1.014", ".102")}
    measures = _measures()
    random: dict[str, list[float]] = {name: [] for name in measures}
    repeated: dict[str, list[float]] = {name: [] for name in measures}
    semantic: list[float] = []
    lengths: dict[tuple[str, int], list[float]] = {}
    for number in range(20):
        rng = numbers(seed, 62, number)
        texts = _texts(rng, 50, 20)
        few = texts[:5] * 10
        for name, (measure, _) in measures.items():
            random[name].append(measure(texts))
            repeated[name].append(measure(few))
        vectors = rng.standard_normal((50, 64))
        again = np.tile(vectors[:5], (10, 1))
        semantic.append(float(diversity.semantic(vectors) > diversity.semantic(again)))
        semantic.append(float(diversity.vendi(vectors) > diversity.vendi(again)))
        for length in (20, 80):
            longer = _texts(rng, 50, length)
            lengths.setdefault(("distinct-1", length), []).append(diversity.distinct(longer, 1))
            lengths.setdefault(("EAD", length), []).append(diversity.adjusted(longer))
            cut = diversity.matched(longer, at=20).texts
            lengths.setdefault(("distinct-1 cut to 20", length), []).append(diversity.distinct(cut, 1))
    figures = []
    for name, (_, more) in measures.items():
        worse = [(a > b) == more and a != b for a, b in zip(random[name], repeated[name], strict=True)]
        words = said.get(name, ("", ""))
        figures.append(_figure(f"50 random texts of 20 words: {name}", words[0], random[name]))
        figures.append(_figure(f"5 of them 10 times each: {name}", words[1], repeated[name]))
        figures.append(_all(f"duplicates score worse: {name}", worse))
    figures.append(_all("duplicates score worse: semantic distance and Vendi score", [x == 1.0 for x in semantic]))
    printed = {("distinct-1", 20): ".488", ("distinct-1", 80): ".317", ("EAD", 20): ".538", ("EAD", 80): ".460"}
    for (name, length), values in lengths.items():
        figures.append(_figure(f"random texts of {length} words: {name}", printed.get((name, length), ""), values))
    falls = np.mean(lengths["distinct-1", 20]) > np.mean(lengths["distinct-1", 80])
    figures.append(
        Figure(
            "distinct-1 falls with length although the texts are of one kind, so texts are cut to one length",
            "it falls",
            float(np.mean(lengths["distinct-1", 20]) - np.mean(lengths["distinct-1", 80])),
            runs=20,
            wanted="> 0",
            passes=bool(falls),
        )
    )
    return figures


# -- real conversations -------------------------------------------------------------------------------------------


def conversations(folder: Path) -> dict[str, Profile]:
    """Reads conversations by short name, with people who gave 15 votes or more and statements that got 10 or more."""
    profiles = {}
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            words = path.name.split(".")
            name = "farmland" if "farmland" in path.name else words[1] if len(words) == 2 else words[0]
            profiles[name.removeprefix("canadian-")] = _dense_part(conversation(path))
    return profiles


def _dense_part(profile: Profile) -> Profile:
    a = profile.answers
    pool = np.isin(a.statement, profile.pool())
    often = np.bincount(a.statement[pool], minlength=profile.n_statements) >= ANSWERS
    kept = pool & often[a.statement]
    busy = np.bincount(a.agent[kept], minlength=profile.n_agents) >= VOTES
    return with_answers(profile, kept & busy[a.agent])


@dataclass(frozen=True)
class _World:
    """A fitted conversation: predicted agreement of those who voted with the statements that were voted on."""

    agreement: FloatArray
    member: FloatArray
    positions: FloatArray

    @property
    def label(self) -> IntArray:
        return np.asarray(self.member.argmax(axis=1), dtype=np.int64)

    @property
    def masses(self) -> IntArray:
        return np.ones(len(self.member), dtype=np.int64)


def _world(profile: Profile, rng: np.random.Generator) -> tuple[_World, low_rank.LowRank, IntArray, IntArray]:
    model = low_rank.fit(profile, rng, rank=RANK, side_rank=0)
    people = np.unique(profile.answers.agent)
    statements = np.unique(profile.answers.statement)
    member = memberships(Completed(profile, model), model, profile, statements)[0][people]
    agreement = model.agree.probability(people, statements)
    return _World(agreement, member, model.agree.rows.mean[people, 1:]), model, people, statements


def _members(model: low_rank.LowRank, profile: Profile) -> FloatArray:
    """Memberships of the opinion groups by the statements that somebody answered."""
    return memberships(Completed(profile, model), model, profile, np.unique(profile.answers.statement))[0]


def _exposure(name: str, profile: Profile, seed: int) -> list[Figure]:
    rng = numbers(seed, 63)
    world, _, people, statements = _world(profile, rng)
    seen = _landscape(world.agreement, world.member, world.masses)
    shown = _policies(world.agreement, seen, LENGTH)
    audience = Audience(world.member, world.masses, seen.groups < 0.5, rng, SAMPLES)
    comparison = compare(shown, audience, ("bridging",), rng)
    where = f"{name} ({len(people)} x {len(statements)}), k = 10"
    said = SAID_EXPOSURE.get(name)
    figures = []
    for place, policy in enumerate(POLICIES):
        entry = comparison["policies"][policy]
        printed = {
            "own": f"{said[0][place]:.3f}" if said else "",
            "worst": f"{said[2][place]:.3f}" if said else "",
            "counter": "0-2.2 %",
        }
        if policy == "personal":
            printed["fragmentation"] = f"{said[1]:.3f}" if said else ".31-.47"
        for key in ("own", "counter", "worst", "fragmentation"):
            value, low, high = entry[key]
            figures.append(Figure(f"{where}, {policy}: {key}", printed.get(key, ""), value, low, high, SAMPLES))
        if policy == "personal":
            figures.append(Figure(f"{where}, personal: fragmentation under shuffled labels", "", entry["chance"]))
    value = {
        policy: {k: v[0] for k, v in comparison["policies"][policy].items() if k != "chance"} for policy in POLICIES
    }
    lift = value["bridging"]["worst"] - value["aggregate"]["worst"]
    figures.append(Figure(f"{where}: bridging lifts the worst group by", "5-22 points", lift))
    price = value["aggregate"]["own"] - value["bridging"]["own"]
    figures.append(Figure(f"{where}: bridging costs own agreement", "1-4 points", price))
    gain = value["personal"]["own"] - value["aggregate"]["own"]
    figures.append(Figure(f"{where}: personal lists gain own agreement", "2-5 points", gain))
    figures.append(_elsewhere(where, world, rng))
    figures += _drifts(where, world, shown)
    figures += _erasures(where, world, shown)
    return figures


def _elsewhere(where: str, world: _World, rng: np.random.Generator) -> Figure:
    """Bridging chosen on one half of the people and scored on the other: the lift that is not hindsight."""
    lifts = []
    for _ in range(20):
        half = rng.random(len(world.label)) < 0.5
        if min(np.bincount(world.label[half], minlength=2).min(), np.bincount(world.label[~half]).min()) == 0:
            continue
        seen = _landscape(world.agreement[half], world.member[half], world.masses[half])
        audience = Audience(world.member[~half], world.masses[~half], seen.groups < 0.5)
        worst = []
        for chosen in (seen.bridging(LENGTH), seen.aggregate(LENGTH)):
            worst.append(audience.figures(Shown.to_all(chosen, world.agreement[~half][:, chosen]))["worst"][0])
        lifts.append(float(worst[0] - worst[1]))
    mean = float(np.mean(lifts))
    low, high = np.quantile(lifts, [0.025, 0.975])
    return Figure(f"{where}: the same lift on people who did not choose", "", mean, float(low), float(high), len(lifts))


def _drifts(where: str, world: _World, shown: Mapping[str, Shown]) -> list[Figure]:
    endorsed = np.maximum((world.agreement >= 0.5).sum(axis=0), 1)
    middles = ((world.agreement >= 0.5).T.astype(np.float64) @ world.positions) / endorsed[:, None]
    figures = []
    for policy in POLICIES:
        one = shown[policy]
        result = drift(world.positions, middles, one.statement, one.agreement >= 0.5, world.label)
        for name, (before, after) in (("polarisation", result.polarisation), ("variance within groups", result.within)):
            figures.append(
                Figure(f"SIMULATION {where}, {policy}, 10 rounds: {name} after / before", "", after / before)
            )
    return figures


def _erasures(where: str, world: _World, shown: Mapping[str, Shown]) -> list[Figure]:
    people = majority_erasure.shares(world.member, world.masses)
    figures = []
    for policy in ("aggregate", "bridging"):
        chosen = shown[policy].statement[0]
        of = majority_erasure.classes(world.member, world.masses, world.agreement[:, chosen] >= 0.5)
        erasure = majority_erasure.erasure(people, majority_erasure.slate_shares(of, np.ones(len(chosen))))
        claim = f"{where}, {policy}: smallest group's share of the list over its due"
        figures.append(Figure(claim, "", erasure.smallest))
        figures.append(Figure(f"{where}, {policy}: erasure over ceiling", "", erasure.relative))
    return figures


def swap(profile: Profile, rng: np.random.Generator) -> Curve:
    """One fold: a fifth of everybody's sided votes held out, d = 3, and the curve on them."""
    found = curve_of(profile, rng, SAMPLES)
    assert found is not None
    return found[0]


def _swap(name: str, profile: Profile, seed: int) -> list[Figure]:
    curves = [swap(profile, numbers(seed, 64, number)) for number in range(SEEDS)]
    names = ["self", *(f"{q:g}" for q in QUANTILES), "none"]
    words = {"self": "their own", "0": "the most similar other's", "none": "none", "group": "their group's"}
    said = SAID_SWAP.get(name, ())
    figures = []
    for place, key in enumerate([*names, "group"]):
        values = [curve.accuracy[key].value for curve in curves]
        printed = f"{said[place]:.3f}" if place < len(said) else ""
        whose = words.get(key, f"that of the other at {float(key):.0%} of dissimilarity" if key[0] == "0" else key)
        figures.append(_figure(f"{name}, swap, accuracy with profile: {whose}", printed, values))
    means = [np.mean([c.accuracy[key].value for c in curves]) for key in names[:-1]]
    falling = all(one >= other for one, other in pairwise(means))
    figures.append(Figure(f"{name}, {MONOTONE} (1 yes, 0 no)", "yes, in 4 of 4", float(falling), runs=SEEDS))
    u = [curve.u_index.value for curve in curves]
    flagged = sum(curve.u_shaped for curve in curves)
    figures.append(_figure(f"{name}, swap: U-index (nats)", "no U anywhere", u))
    figures.append(Figure(f"{name}, swap: folds whose U-index is above 0", "0", float(flagged), runs=SEEDS))
    gain = [curve.group_gain.value for curve in curves]
    figures.append(_figure(f"{name}, swap: accuracy of the group's profile less that of none", "", gain))
    may = sum(curve.group_may_speak for curve in curves)
    figures.append(Figure(f"{name}, swap: folds in which a group may speak for its people", "", float(may), runs=SEEDS))
    figures += _counting(name, profile, seed)
    return figures


def _counting(name: str, profile: Profile, seed: int) -> list[Figure]:
    """The quick form that `folkmoot audit` prints: the groups' own rates, without fitting a model."""
    rng = numbers(seed, 65)
    model = low_rank.fit(profile, rng, rank=RANK, side_rank=0)
    member = _members(model, profile)
    a = profile.answers
    sided = a.value != 0
    votes = Votes(a.agent[sided], a.statement[sided], a.value[sided] > 0)
    every = speech(votes, member, profile.masses, profile.n_statements, rng)
    figures = []
    for number, one in enumerate(every):
        whose = "everybody" if number == 0 else f"group {number} ({one.people} people)"
        figures.append(Figure(f"{name}, gain of the group's rates over everybody's: {whose}", "", *one.gain, SAMPLES))
    return figures


# -- helpers ------------------------------------------------------------------------------------------------------


def _landscape(agreement: FloatArray, member: FloatArray, masses: IntArray) -> Landscape:
    def blocks() -> Iterator[tuple[IntArray, FloatArray]]:
        yield np.arange(agreement.shape[1]), agreement

    return landscape(blocks(), member, masses, agreement.shape[1], LENGTH)


def _policies(agreement: FloatArray, seen: Landscape, k: int) -> dict[str, Shown]:
    lists = {"aggregate": seen.aggregate(k), "bridging": seen.bridging(k)}
    shown = {name: Shown.to_all(chosen, agreement[:, chosen]) for name, chosen in lists.items()}
    return {**shown, "personal": seen.favourites}


def _figure(
    claim: str, said: str, values: Sequence[float], wanted: str = "", passes: Callable[[float], bool] | None = None
) -> Figure:
    mean, low, high = over_seeds(values)
    judged = None if passes is None else bool(passes(mean))
    return Figure(claim, said, mean, low, high, len(values), wanted, judged)


def _all(claim: str, held: Sequence[bool]) -> Figure:
    share = float(np.mean(held))
    return Figure(claim, "always", share, runs=len(held), wanted="always", passes=share == 1.0)


def _near(value: float, want: float) -> bool:
    return abs(value - want) <= 0.03


def _is_one(value: float) -> bool:
    return abs(value - 1.0) < 1e-9


PART = Part(
    name="audits",
    title="Audits: exposure, profile swap, erasure, diversity",
    source="specification 5, 6, 11, 12 (RFM 2503.17338; PRIME 2507.04607; Steck 2018; Shypula et al. 2504.12522)",
    run=run,
    remark=(
        "Predicted agreement is fitted on the votes it is scored with, except in the swap curves and where other "
        "people are named. Groups are clusters of people by their utilities. The specification's figures for taxes "
        "and vTaiwan are for conversations that are not here. The drift is a simulation, not a measurement."
    ),
)
