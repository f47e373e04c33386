"""Starts: they follow people and statements wherever these stand, and find the residuals' leading directions."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from folkmoot.preferences import fit
from folkmoot.preferences.start import COORDINATES, Start, mixed, mixtures
from folkmoot.profile import Answers, FloatArray, Profile
from folkmoot.testing.planted import low_rank, voted


def residuals(rng: np.random.Generator, n: int = 90, m: int = 40) -> tuple[FloatArray, np.ndarray]:
    seen = rng.random((n, m)) < 0.6
    left, right = rng.standard_normal((n, 8)), rng.standard_normal((8, m))
    return np.where(seen, left @ right, 0.0), seen


def of(residual: FloatArray, seen: np.ndarray, weight: FloatArray | None = None) -> Start:
    row, column = np.nonzero(seen)
    weight = np.ones(len(seen)) if weight is None else weight
    return Start.of(row, column, residual[row, column], weight, seen.shape[1], np.random.default_rng(0))


def test_coordinates_follow_people_and_statements() -> None:
    residual, seen = residuals(np.random.default_rng(1))
    first = of(residual, seen)
    rows, columns = np.random.default_rng(2).permutation(90), np.random.default_rng(3).permutation(40)
    moved = of(residual[rows][:, columns], seen[rows][:, columns])
    np.testing.assert_allclose(moved.people, first.people[:, rows], atol=1e-9)
    np.testing.assert_allclose(moved.statements, first.statements[:, columns], atol=1e-9)


def test_they_span_the_leading_directions() -> None:
    residual, seen = residuals(np.random.default_rng(4))
    found = of(residual, seen).statements
    np.testing.assert_allclose(found @ found.T / 40, np.eye(COORDINATES), atol=1e-6)
    values = np.linalg.svd(residual, compute_uv=False)
    captured = np.square(residual @ found.T / np.sqrt(40)).sum()
    assert captured > 0.97 * np.square(values[:COORDINATES]).sum()


def test_weights_are_copies_and_other_people_have_the_same_coordinates() -> None:
    residual, seen = residuals(np.random.default_rng(5))
    masses = np.random.default_rng(6).integers(1, 4, 90)
    copies = np.repeat(np.arange(90), masses)
    weighted, copied = of(residual, seen, masses * (90 / masses.sum())), of(residual[copies], seen[copies])
    np.testing.assert_allclose(copied.statements, weighted.statements, atol=1e-9)
    np.testing.assert_allclose(copied.people, weighted.people[:, copies], atol=1e-9)
    row, column = np.nonzero(seen[:20])
    again = weighted.others(row, column, residual[row, column], 20)
    np.testing.assert_allclose(again, weighted.people[:, :20], atol=1e-12)
    mixture = mixed(mixtures((300, 2), np.random.default_rng(0)), weighted.people)
    assert mixture.shape == (300, 2, 90)
    assert mixture.var() == pytest.approx(1.0, abs=0.2)


def drawn(seed: int = 2, n: int = 80, m: int = 24) -> Profile:
    rng = np.random.default_rng(seed)
    return voted(*low_rank(n, m, 2, rng), 0.6, rng)


@pytest.mark.parametrize("name", ["personas", "social-poisson"])
def test_the_order_of_statements_and_of_people_does_not_matter(name: str) -> None:
    """The mode that is found is the same, although there are many."""
    profile = drawn()
    a = profile.answers
    people, statements = np.random.default_rng(3).permutation(80), np.random.default_rng(4).permutation(24)
    moved = Profile(
        profile.agents, profile.statements, Answers.of(people[a.agent], statements[a.statement], a.value, a.scale)
    )
    first = fit(profile, np.random.default_rng(0), name).utilities(np.arange(80), np.arange(24))
    second = fit(moved, np.random.default_rng(0), name).utilities(people, statements)
    np.testing.assert_allclose(second, first, atol=1e-6)


@pytest.mark.long
def test_the_bits_do_not_depend_on_threads() -> None:
    code = (
        "import hashlib, numpy as np; from test_start import drawn; from folkmoot.preferences import fit\n"
        "for name in ('personas', 'social-poisson'):\n"
        "    model = fit(drawn(2, 300, 60), np.random.default_rng(0), name, steps=20)\n"
        "    print(hashlib.sha256(model.utilities(np.arange(300), np.arange(60)).tobytes()).hexdigest())"
    )
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for threads in ("1", "2")
    }
    assert len(found) == 1
