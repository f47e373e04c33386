"""A slate judged by an evaluator that had no part in choosing it, from what people wrote: the figures of Table 1.

Boehmer, Fish, Procaccia 2025 (The Next Generation), section 4 and appendix D.4. Everybody is judged on the statement
that represents them; where the slate does not say who that is, on the best balanced assignment by the evaluator's own
scores, as the paper does for its baselines. Scores are a language model's, of 1 to 6.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..audits.sampled_bjr import violating
from ..processes.assignment import balanced_assignment, capacities
from ..profile import (
    FloatArray,
    InputError,
    IntArray,
    MissingExtraError,
    Profile,
    Slate,
    WorkError,
    locate,
    recorded_assignment,
)
from ..profile import costs as costs_of
from ..profile.streams import Stream, stream

if TYPE_CHECKING:
    from ..llm import Model
    from ..queries.language.evaluator import Evaluator

SUFFIX = ".evaluation.json"


@dataclass(frozen=True)
class Evaluation:
    """What the evaluator says of a slate.

    Args:
        query: the name and version of the evaluator's prompt.
        model: the name of the model that answered; empty: not known.
        people: how many people were judged, ``own`` has their scores.
        unrepresented: how many of them the slate leaves without a statement; they count with the lowest score.
        silent: people who wrote nothing, of whom nothing can be said; they are left out.
        missing: people of whose statement there is no readable score; they are left out.
        mapping: ``recorded`` (as the slate has it) or ``best`` (by the evaluator's scores).
        mean: the mean score.
        q1: the first quartile (linear between scores).
        own: the score of everybody's statement, by id.
        statements: id, text, how many people it represents, and their mean score, in the slate's order.
        rivals: how many other statements were sampled.
        violating: how many of them a group that is large enough prefers to its own (cBJR), None without rivals.
        pool: how many statements the rivals were drawn from.
        calls: how many answers there are.
    """

    query: str
    model: str
    people: int
    unrepresented: int
    silent: int
    missing: int
    mapping: str
    mean: float
    q1: float
    own: Mapping[str, float]
    statements: tuple[Mapping[str, Any], ...]
    rivals: int = 0
    violating: int | None = None
    pool: int = 0
    calls: int = 0

    def to_json(self) -> str:
        """As kept beside the slate; participants' ids are in it, so it is for the organisers, as ``slate.json`` is."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"


@dataclass(frozen=True)
class Difference:
    """Two slates by the same evaluator.

    Args:
        first: mean and first quartile of the first slate, and its people.
        second: the same of the second.
        difference: the first mean less the second.
        p: of Welch's two-sided t-test; None where it is not defined (nobody's scores differ).
        same_people: whether the same people were judged.
        same_evaluator: whether model and prompt are the same.
    """

    first: tuple[float, float, int]
    second: tuple[float, float, int]
    difference: float
    p: float | None
    same_people: bool
    same_evaluator: bool


def evaluated(profile: Profile, slate: Slate, model: Model, *, rivals: int = 0, seed: int = 0) -> Evaluation:
    """Has a slate judged; statement by statement and person by person, one call each.

    Args:
        profile: the people with what they wrote.
        slate: any slate of theirs.
        model: the model that answers; not the one that chose the slate, for an independent judgement.
        rivals: how many other statements to hold the slate against, drawn from those of the source, or, where it lists
            none, from what people wrote; 0: none.
        seed: of the draw.

    Raises:
        InputError: nobody wrote anything, or the slate has no statements.
        WorkError: no answer could be read.
    """
    from ..queries.language.evaluator import Evaluator
    from ..queries.language.people import people as shown

    if not slate.statements:
        raise InputError("the slate has no statements, so there is nothing to judge")
    people = shown(profile, votes=False)
    writers = np.array([row for row, text in enumerate(people.texts) if text], dtype=np.int64)
    if not len(writers):
        raise InputError(
            "nobody wrote anything in this source, so there is nothing to judge by; votes are held against a slate by "
            "folkmoot audit without `evaluate`"
        )
    # Only what the slate says counts: its own wording, also where the source has another.
    here, columns, _ = locate(profile, slate)
    texts = [one.text or here.statements.texts[int(at)] for one, at in zip(slate.statements, columns, strict=True)]
    n, k = profile.n_agents, len(texts)
    others, pool = _rivals(profile, here, columns, texts, slate, rivals, seed)
    disc = Evaluator(model, people, [*texts, *(text for text, _ in others)])
    recorded = recorded_assignment(profile, slate)
    place = _best(disc, slate, writers, n, k) if recorded is None else np.asarray(recorded, dtype=np.int64)
    seated = writers[place[writers] >= 0]
    disc.score(seated, place[seated])
    own = np.full(n, np.nan)
    own[seated] = disc.so_far[seated, place[seated]]
    own[writers[place[writers] < 0]] = disc.range[0]
    judged = np.flatnonzero(~np.isnan(own))
    if not len(judged):
        reasons = "; ".join(reason for reason, _ in disc.tally.reasons.most_common(2)) or "none had the form asked for"
        raise WorkError(f"no answer of the evaluator could be read ({reasons}); try another model")
    hits = None
    if others:
        wanted = disc.utilities(judged, np.arange(k, k + len(others)))
        costs = np.array([cost for _, cost in others], dtype=np.int64)
        hits = len(violating(wanted, costs, own[judged], len(judged), slate.budget or slate.cost))
    ids = profile.agents.ids
    listed = []
    for number, (one, text) in enumerate(zip(slate.statements, texts, strict=True)):
        mine = own[judged[place[judged] == number]]
        mean = round(float(mine.mean()), 6) if len(mine) else None
        listed.append({"id": one.id, "text": text, "people": len(mine), "mean": mean})
    return Evaluation(
        query=disc.query,
        model=getattr(getattr(model, "endpoint", None), "model", ""),
        people=len(judged),
        unrepresented=int((place[judged] < 0).sum()),
        silent=n - len(writers),
        missing=len(writers) - len(judged),
        mapping="best" if recorded is None else "recorded",
        mean=float(own[judged].mean()),
        q1=float(np.quantile(own[judged], 0.25)),
        own={ids[row]: round(float(own[row]), 6) for row in judged.tolist()},
        statements=tuple(listed),
        rivals=len(others),
        violating=hits,
        pool=pool,
        calls=disc.tally.asked.total(),
    )


def _rivals(
    profile: Profile,
    here: Profile,
    columns: IntArray,
    texts: Sequence[str],
    slate: Slate,
    count: int,
    seed: int,
) -> tuple[list[tuple[str, int]], int]:
    """Other statements with their costs, drawn at random, and of how many."""
    if not count:
        return [], 0
    if profile.n_statements:
        pool = here
    else:
        from ..engines.embedded import candidates

        pool = candidates(profile)
    taken = {" ".join(text.split()).casefold() for text in texts}
    chosen = set(columns.tolist()) if pool is here else set()
    costs = costs_of(pool, slate.unit or "words")
    free = [
        at
        for at, text in enumerate(pool.statements.texts[: pool.n_statements])
        if at not in chosen and " ".join(text.split()).casefold() not in taken and costs[at] > 0
    ]
    if not free:
        raise InputError("there is no statement besides those of the slate; leave `rivals`")
    rng = stream(seed, Stream.RIVALS)
    drawn = sorted(rng.choice(len(free), min(count, len(free)), replace=False).tolist())
    return [(pool.statements.texts[free[at]], int(costs[free[at]])) for at in drawn], len(free)


def _best(disc: Evaluator, slate: Slate, writers: IntArray, n: int, k: int) -> IntArray:
    """The balanced assignment with the largest total score; unknown scores count as the lowest there."""
    scores: FloatArray = np.nan_to_num(disc.utilities(writers, np.arange(k)), nan=disc.range[0])
    costs = [1 if slate.unit == "statements" or one.cost is None else one.cost for one in slate.statements]
    weights = np.array(costs, dtype=np.int64)
    place = np.full(n, -1, dtype=np.int64)
    place[writers] = balanced_assignment(scores, *capacities(weights, len(writers), int(weights.sum())))
    return place


def read_evaluation(file: Path) -> Evaluation:
    """The evaluation of a slate: its own file, or the one beside a ``slate.json``, or in a run's folder.

    Raises:
        InputError: there is none, or it is damaged.
    """
    place = file / "slate.json" if file.is_dir() else file
    if not place.name.endswith(SUFFIX):
        place = place.with_suffix(SUFFIX)
    if not place.is_file():
        raise InputError(
            "has no evaluation yet; make one with folkmoot audit TEXTS SLATE.json and `evaluate`", file=file
        )
    try:
        body = json.loads(place.read_text(encoding="utf-8"))
        found = Evaluation(**{**body, "statements": tuple(body["statements"])})
        if not found.own or not all(np.isfinite(list(found.own.values()))):
            raise ValueError
    except (ValueError, TypeError, KeyError, OSError):
        raise InputError("is no evaluation that can be read; make it again with `evaluate`", file=place) from None
    return found


def compared(first: Evaluation, second: Evaluation) -> Difference:
    """Two slates by the scores of their people's own statements.

    Raises:
        MissingExtraError: scipy is not installed.
    """
    try:
        from scipy.stats import ttest_ind
    except ImportError:
        raise MissingExtraError("Welch's t-test needs scipy; pip install 'folkmoot[exact]'") from None
    one, other = (np.array(list(each.own.values())) for each in (first, second))
    p = None
    if min(len(one), len(other)) > 1 and max(np.ptp(one), np.ptp(other)) > 0:
        p = float(ttest_ind(one, other, equal_var=False).pvalue)
    return Difference(
        (first.mean, first.q1, len(one)),
        (second.mean, second.q1, len(other)),
        first.mean - second.mean,
        p,
        set(first.own) == set(second.own),
        (first.query, first.model) == (second.query, second.model),
    )
