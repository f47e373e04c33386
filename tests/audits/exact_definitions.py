"""The approval axioms word for word: every group, every set of candidates."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from brute_force import coalitions
from folkmoot.profile import BoolArray, IntArray
from folkmoot.testing.instances import Instance


class Axioms:
    """One slate; `violations` of an axiom are (mass, cost of T, T, S) of the groups that may complain at some quota."""

    def __init__(self, instance: Instance, chosen: Sequence[int] | IntArray, level: float) -> None:
        self.instance, self.chosen = instance, sorted({int(a) for a in chosen})
        self.approve = instance.values >= level
        every = coalitions(instance.n)
        self.groups = [np.flatnonzero(s) for s in every]
        self.mass = every @ instance.masses
        self.sets = [
            list(t) for size in range(1, instance.m + 1) for t in itertools.combinations(range(instance.m), size)
        ]
        self.has = self.approve[:, self.chosen].sum(axis=1)

    def complaints(self, axiom: str) -> Iterator[Fraction]:
        """mass(S) / c(T) of every S and T that would violate the axiom if S could pay for T."""
        for t in self.sets:
            cost = int(self.instance.costs[t].sum())
            approved = self.approve[:, t]
            for s, mass in zip(self.groups, self.mass, strict=True):
                if self.complains(axiom, s, t, approved[s]):
                    yield Fraction(int(mass), cost)

    def complains(self, axiom: str, s: IntArray, t: Sequence[int], approved: BoolArray) -> bool:
        has = self.has[s]
        if axiom == "jr":
            return len(t) == 1 and bool(approved.all()) and has.max() == 0
        if axiom == "ejr":
            return bool(approved.all()) and has.max() < len(t)
        if axiom == "pjr":
            together = self.approve[s][:, self.chosen].any(axis=0).sum()
            return bool(approved.all()) and together < len(t)
        if axiom == "fjr":
            return bool(approved.sum(axis=1).min() > has.max())
        assert axiom == "core"
        return bool((approved.sum(axis=1) > has).all())

    def ratio(self, axiom: str) -> Fraction:
        """Largest mass(S) B / (c(T) n) of a complaint."""
        best = max(self.complaints(axiom), default=Fraction(0))
        return best * self.instance.budget / self.instance.total
