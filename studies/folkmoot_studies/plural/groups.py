"""Opinion groups: what they foresee of votes that are held back, and which process erases the smaller ones least."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from folkmoot.audits import majority_erasure
from folkmoot.preferences import memberships, refit
from folkmoot.preferences.entries import sided_entries, with_answers
from folkmoot.preferences.held_out import hold
from folkmoot.preferences.two_part import TwoPart
from folkmoot.processes import PROCESSES, find
from folkmoot.profile import FloatArray, InputError, IntArray, Options, Profile, WorkError
from folkmoot.profile.options import Goal
from folkmoot.queries import Completed
from folkmoot.slates.case import Case
from folkmoot.slates.choose import begun
from folkmoot.slates.usual import settled

from ..streams import numbers
from .claims import Figure, Part, conversation

#: The slate of the comparison.
SIZE = 8
#: Processes that search for seconds or minutes.
SLOW = frozenset({"cc", "cc-utility", "monroe", "pav", "refine", "veto-by-consumption", "equal-shares-increment"})
STRENGTH = 4.0


def run(seed: int, folder: Path | None) -> list[Figure]:
    """Both questions, for every conversation.

    Args:
        seed: the seed of what is held back.
        folder: the conversations; None: there are none.
    """
    if folder is None:
        return [Figure("not measured: no conversations at hand", "", float("nan"))]
    figures = []
    for place in sorted(path for path in folder.iterdir() if path.is_dir()):
        profile = conversation(place)
        case, _ = begun(profile, Goal(SIZE, "statements", 0), settled(Options(), profile))
        figures += [*_foreseen(place.name, case, seed), *_erased(place.name, case)]
    return figures


def _foreseen(name: str, case: Case, seed: int) -> list[Figure]:
    profile, whole = case.prepared.profile, case.prepared.disc.model
    assert isinstance(whole, TwoPart)
    held = hold(profile, numbers(seed, 81), share=0.2, fewest=5)
    train, test = with_answers(profile, ~held), sided_entries(with_answers(profile, held))
    model = refit(whole, train, np.random.default_rng(0), quick=True)
    label = memberships(Completed(train, model), model, train)[0].argmax(axis=1)
    losses = [_loss(train, test.row, test.column, test.y, one) for one in (label, np.zeros_like(label))]
    claim = f"{name}: log-loss of votes held back, by the rates of {int(label.max()) + 1} opinion groups"
    return [
        Figure(claim, "", losses[0], wanted="below everybody's", passes=losses[0] < losses[1]),
        Figure(f"{name}: the same by everybody's rates", "", losses[1]),
    ]


def _loss(train: Profile, row: IntArray, column: IntArray, y: FloatArray, label: IntArray) -> float:
    sided = sided_entries(train)
    shape = int(label.max()) + 1, train.n_statements
    total, up = np.zeros(shape), np.zeros(shape)
    np.add.at(total, (label[sided.row], sided.column), 1.0)
    np.add.at(up, (label[sided.row], sided.column), sided.y)
    base = (up.sum(axis=0) + 1.0) / (total.sum(axis=0) + 2.0)
    rate = (up + STRENGTH * base) / (total + STRENGTH)
    p = rate[label[row], column]
    return float(-np.log(np.where(y > 0.5, p, 1.0 - p)).mean())


def _erased(name: str, case: Case) -> list[Figure]:
    found = {}
    for id in (*PROCESSES, "calibrated:lambda=0.99"):
        if id not in SLOW and not id.startswith("thiele-"):
            value = _erasure(case, id)
            if value is not None:
                found[id] = value
    least = min((value, id) for id, value in found.items() if not id.startswith("calibrated"))
    others = f"{len(found) - 2} other processes"
    return [
        Figure(
            f"{name}: audited erasure, calibrated",
            "",
            found["calibrated"],
            wanted=f"the smallest, of {others}",
            passes=found["calibrated"] < least[0],
        ),
        Figure(f"{name}: audited erasure, the smallest of {others}, {least[1]}", "", least[0]),
        *(
            Figure(f"{name}: audited erasure, {id}", "", found[id])
            for id in ("calibrated:lambda=0.99", "robust", "popular")
        ),
    ]


def _erasure(case: Case, id: str) -> float | None:
    """The erasure by statement that the audit finds in what a process chooses; None where it chooses nothing."""
    pool, problem, found = case.pool, case.problem, case.groups
    assert found is not None
    try:
        chosen = find(id).run(problem, np.random.default_rng(0)).candidates
    except (InputError, WorkError):
        return None
    if not len(chosen):
        return None
    of = majority_erasure.classes(found[0], pool.masses, pool.utilities(pool.agents, chosen) >= problem.approval)
    seats = majority_erasure.slate_shares(of, np.ones(len(chosen)))
    return majority_erasure.erasure(majority_erasure.shares(found[0], pool.masses), seats).relative


PART = Part(
    "groups",
    "Opinion groups, and who erases them",
    "Polis (k-means on opinions); Steck 2018",
    run,
    f"Slates of {SIZE} statements. Erasure is that of the audit, by statement: 0 is each group's share, 1 all for the "
    "largest. Processes that search for longer than seconds (and Thiele's exact rules) are left out. How small erasure "
    "is with every process says that consensus statements are shared by all groups; what the process calibrated gives "
    "up for the last of it is popularity, and with lambda=0.99 it gives up less.",
)
