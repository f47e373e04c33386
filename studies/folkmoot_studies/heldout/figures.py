"""Figures of a slate on answers that were hidden from whoever chose it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from folkmoot.processes import Selection
from folkmoot.processes.robust.samples import Samples
from folkmoot.profile import FloatArray, needs
from folkmoot.queries.completed import block_of

from .slates import Split

# Draws on which slates are audited, and people without whom a figure says nothing.
DRAWS, FEWEST = 60, 10
#: Figures in the order they are printed; of hidden answers, of draws, of the slate.
FIGURES = (
    "cov1",
    "cov2",
    "worst_group",
    "quartile",
    "own",
    "violated",
    "complaint",
    "left",
    "known",
    "voted",
    "length",
)


def audit_draws(here: Split) -> Samples:
    """Draws of the unknown answers, other than those a process chose on."""
    problem = here.problem
    pool = problem.pool
    drawn = (block_of(here.completed.draw(0, number), pool.agents, pool.statements) for number in range(DRAWS))
    return Samples(drawn, pool.masses, needs(pool.costs, pool.total_mass, problem.budget))


def figures(here: Split, audit: Samples, selection: Selection) -> dict[str, float]:
    """How a slate represents people.

    With h a person's hidden answers on the slate, a those of them that approve: ``cov1``, ``cov2`` the chance that one
    of 1 or 2 of the h drawn at random approves, over people with that many; ``worst_group`` cov2 in the opinion group
    where it is least (of groups with 10 such people); ``quartile`` the lower quartile of a / h over people with h >= 2;
    ``own`` approve the statement that represents them, of people with a hidden answer on it; ``violated`` share of
    draws in which a coalition has what it needs, ``complaint`` its mean share; ``left`` people without a statement;
    ``known`` share of a statement's people who answered it, over statements; ``voted`` share who approved theirs.
    """
    chosen, place = selection.candidates, selection.assignment
    approval = here.problem.approval
    hidden, shown = here.hidden[:, chosen], here.shown[:, chosen]
    h = (~np.isnan(hidden)).sum(axis=1)
    a = (hidden >= approval).sum(axis=1)
    one, two = h >= 1, h >= 2
    pairs = 1.0 - (h - a) * (h - a - 1) / np.maximum(h * (h - 1), 1)
    seated = np.flatnonzero(place >= 0)
    later = hidden[seated, place[seated]]
    before = shown[seated, place[seated]]
    ratios = audit.ratios(audit.content(chosen, place), chosen).max(axis=1)
    said = [float((~np.isnan(shown[place == k, k])).mean()) if (place == k).any() else 0.0 for k in range(len(chosen))]
    by_group = [pairs[two & (here.groups == g)] for g in range(int(here.groups.max()) + 1)]
    return {
        "cov1": _mean((a / np.maximum(h, 1))[one]),
        "cov2": _mean(pairs[two]),
        "worst_group": min((float(x.mean()) for x in by_group if len(x) >= FEWEST), default=float("nan")),
        "quartile": float(np.quantile((a / np.maximum(h, 1))[two], 0.25)) if two.any() else float("nan"),
        "own": _mean((later >= approval)[~np.isnan(later)].astype(np.float64)),
        "violated": float((ratios >= 1.0).mean()),
        "complaint": float(ratios.mean()),
        "left": float(here.problem.pool.masses[place < 0].sum()),
        "known": float(np.mean(said)) if said else 0.0,
        "voted": float((before >= approval).sum() / max(1, len(place))),
        "length": float(len(chosen)),
    }


def means(runs: Sequence[Mapping[str, float]]) -> dict[str, tuple[float, float]]:
    """Each figure's mean over splits and its standard error; nan where there are too few to tell."""
    figures = {}
    for name in FIGURES:
        values = np.array([run[name] for run in runs])
        values = values[~np.isnan(values)]
        error = float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else float("nan")
        figures[name] = (_mean(values), error)
    return figures


def overall(conversations: Sequence[Mapping[str, tuple[float, float]]]) -> dict[str, tuple[float, float]]:
    """Means over conversations of `means`, the errors taken as independent."""
    figures = {}
    for name in FIGURES:
        values = np.array([one[name] for one in conversations])
        values = values[~np.isnan(values[:, 0])]
        error = float(np.sqrt(np.square(values[:, 1]).sum()) / len(values)) if len(values) else float("nan")
        figures[name] = (_mean(values[:, 0]), error)
    return figures


def _mean(values: FloatArray) -> float:
    return float(values.mean()) if len(values) else float("nan")
