"""Sums over entries: scipy's routine taken alone, and the moments that are summed."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from folkmoot.preferences import entries
from folkmoot.preferences.crossing import Crossing
from folkmoot.preferences.entries import Grouping
from folkmoot.preferences.moments import doubling, extended, given, moments, square
from folkmoot.preferences.sparse_sums import scipys

_ALONE = """
import sys
from folkmoot.preferences.sparse_sums import scipys
assert scipys() is not None
print(sorted(name for name in sys.modules if name.startswith("scipy.sparse")))
import scipy.sparse  # the package still comes in whole
print(float((scipy.sparse.csr_array([[2.0]]) @ [[3.0]])[0, 0]))
"""


def test_the_routine_is_found_without_its_package() -> None:
    pytest.importorskip("scipy")
    run = subprocess.run([sys.executable, "-c", _ALONE], capture_output=True, text=True, check=True)
    assert run.stdout.split("\n")[:2] == ["[]", "6.0"]


def test_the_routine_is_the_sparse_product_to_the_bit() -> None:
    sparse = pytest.importorskip("scipy.sparse")
    rng = np.random.default_rng(0)
    matrix = sparse.random_array((70, 40), density=0.3, format="csr", rng=rng)
    vectors = rng.normal(size=(40, 7))
    found = scipys()
    assert found is not None
    other = matrix.tocsc()
    for add, form in ((found.csr_matvecs, matrix), (found.csc_matvecs, other)):
        out = np.zeros((70, 7))
        add(70, 40, 7, form.indptr, form.indices, form.data, vectors.ravel(), out.ravel())
        assert out.tobytes() == (matrix @ vectors).tobytes()


@pytest.mark.parametrize("many", [0, 10**9])
def test_sums_are_sums(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty groups as well, sorted labels or not, labels of more than 16 bits or not, with scipy's routine or not."""
    monkeypatch.setattr(entries, "_MANY_TERMS", many)
    rng = np.random.default_rng(1)
    for size, spread in ((50, 1), (70_000, 1_500)):
        label = rng.integers(0, 40, 600) * spread
        target, weight, wide = rng.integers(0, 30, 600), rng.normal(size=600), rng.normal(size=(30, 4))
        expected = np.zeros((size, 4))
        np.add.at(expected, label, weight[:, None] * wide[target])
        for order in (np.arange(600), np.argsort(label, kind="stable")):
            grouping = Grouping(label[order], size)
            place = order if grouping.order is None else order[grouping.order]
            np.testing.assert_array_equal(place, np.argsort(label, kind="stable"))
            found = grouping.sums(weight[place], wide, target[place])
            np.testing.assert_allclose(found, expected, atol=1e-12)
            np.testing.assert_array_equal(grouping.sum(weight[place], wide.T, target[place]), found.T)


@pytest.mark.parametrize("many", [0, 10**9])
@pytest.mark.parametrize("kind", ["sorted", "columns as they come", "rows as they come"])
def test_sums_over_either_side_have_the_same_bits_in_either_order(
    kind: str, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Repeated crossings, empty rows and columns, few features and many."""
    monkeypatch.setattr(entries, "_MANY_TERMS", many)
    rng = np.random.default_rng(3)
    n, m = 60, 25
    row, column = rng.integers(0, n - 5, 900), rng.integers(0, m - 3, 900)
    keys = {"sorted": (column, row), "columns as they come": (row,), "rows as they come": (rng.random(900),)}[kind]
    order = np.lexsort(keys)
    row, column, weight = row[order], column[order], rng.normal(size=900)
    crossing = Crossing(row, column, n, m)
    for k in (1, 3, 20):
        of_columns, of_rows = rng.normal(size=(m, k)), rng.normal(size=(n, k))
        first = np.argsort(row, kind="stable")
        second = np.argsort(column, kind="stable")
        rows = crossing.by_row.sums(weight[first], of_columns, column[first])
        columns = crossing.by_column.sums(weight[second], of_rows, row[second])
        expected = np.zeros((n, k))
        np.add.at(expected, row, weight[:, None] * of_columns[column])
        np.testing.assert_allclose(rows, expected, atol=1e-12)
        np.testing.assert_array_equal(crossing.of_rows(weight, of_columns), rows)
        np.testing.assert_array_equal(crossing.of_columns(weight, of_rows), columns)
        several = [of_columns.T, -2.0 * of_columns.T]
        for found, sign in zip(crossing.each_of_rows(weight, several), (1.0, -2.0), strict=True):
            np.testing.assert_array_equal(found, sign * rows.T)
        for found, sign in zip(
            crossing.each_of_columns(weight, [of_rows.T, -2.0 * of_rows.T]), (1.0, -2.0), strict=True
        ):
            np.testing.assert_array_equal(found, sign * columns.T)


@pytest.mark.parametrize("d", [1, 2, 4])
def test_moments_are_picked_from_the_right_places(d: int) -> None:
    rng = np.random.default_rng(2)
    mean, half = rng.normal(size=(6, d)), rng.normal(size=(6, d, d))
    cov = half @ half.transpose(0, 2, 1)
    every = moments(mean, cov)
    second = mean[:, :, None] * mean[:, None, :] + cov
    for which, known in ((0, 0), (1, 1)):
        full = np.ones((6, d + 1, d + 1))
        free = [place for place in range(d + 1) if place != known]
        full[:, free, known] = full[:, known, free] = mean
        full[np.ix_(range(6), free, free)] = second
        upper = every[:, extended(d, which)]
        np.testing.assert_allclose(upper[:, square(d + 1)], full, atol=1e-12)
        np.testing.assert_allclose((upper**2 * doubling(d + 1)).sum(axis=1), (full**2).sum(axis=(1, 2)), atol=1e-9)
    # x = (1, loadings): its second moments, and those with the bias
    x = second.copy()
    x[:, 0, 0] = 1.0
    x[:, 0, 1:] = x[:, 1:, 0] = mean[:, 1:]
    picked = every[:, given(d)]
    np.testing.assert_allclose(picked[:, square(d)], x, atol=1e-12)
    np.testing.assert_allclose(picked[:, -d:], np.hstack([mean[:, :1], second[:, 0, 1:]]), atol=1e-12)


@pytest.mark.parametrize("d", [1, 3])
def test_of_nobody_there_are_no_moments(d: int) -> None:
    every = moments(np.zeros((0, d)), np.zeros((0, d, d)))
    assert every[:, extended(d, 0)].shape == (0, (d + 1) * (d + 2) // 2)
