"""Entries at the crossings of rows and columns, summed over either."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from ..profile import FloatArray, IntArray
from .entries import Grouping, routines_for


class Crossing:
    """Entries in both orders.

    Sums have the same bits whatever the order, because the entries of each group follow one another in both alike.

    Args:
        row: int64 [n_entries] the rows; ascending is quicker.
        column: int64 [n_entries] the columns.
        n: the number of rows there are.
        m: the number of columns there are.
    """

    def __init__(self, row: IntArray, column: IntArray, n: int, m: int) -> None:
        self.by_row, self.by_column = Grouping(row, n), Grouping(column, m)

    @cached_property
    def _column_by_row(self) -> IntArray:
        order = self.by_row.order
        return self.by_column.label if order is None else self.by_column.label[order]

    @cached_property
    def _row_by_column(self) -> IntArray:
        order = self.by_column.order
        return self.by_row.label if order is None else self.by_row.label[order]

    def of_rows(self, weight: FloatArray, wide: FloatArray) -> FloatArray:
        """Weighted sums of the columns' features over each row's entries, float64 [n, n_features].

        Args:
            weight: float64 [n_entries] the weights of the entries.
            wide: float64 [m, n_features] the features, see `Grouping.sums`.
        """
        return self.by_row.sums(self.by_row.arrange(weight), wide, self._column_by_row)

    def of_columns(self, weight: FloatArray, wide: FloatArray) -> FloatArray:
        """Weighted sums of the rows' features over each column's entries, float64 [m, n_features]; see `of_rows`."""
        sparse = routines_for(wide.shape[1] * len(weight))
        if self.by_row.order is None and sparse is not None:
            # in the order they are in, which saves arranging the weights
            sums = np.zeros((self.by_column.size, wide.shape[1]))
            columns, pointers = self.by_row.places(self._column_by_row)
            sparse.csc_matvecs(len(sums), *wide.shape, pointers, columns, weight, wide.ravel(), sums.ravel())
            return sums
        return self.by_column.sums(self.by_column.arrange(weight), wide, self._row_by_column)

    def each_of_rows(self, weight: FloatArray, several: Sequence[FloatArray]) -> list[FloatArray]:
        """`of_rows` of several sets of equally many features [n_features, m], each float64 [n_features, n]."""
        return [
            part
            for wide in _together(several, len(weight))
            for part in _parts(self.of_rows(weight, wide), len(several[0]))
        ]

    def each_of_columns(self, weight: FloatArray, several: Sequence[FloatArray]) -> list[FloatArray]:
        """`of_columns` of several sets of equally many features [n_features, n], each float64 [n_features, m]."""
        return [
            part
            for wide in _together(several, len(weight))
            for part in _parts(self.of_columns(weight, wide), len(several[0]))
        ]


def _together(several: Sequence[FloatArray], n_entries: int) -> list[FloatArray]:
    """Sets of features side by side: all in one where one pass over the entries makes all sums, or each alone."""
    if len(several) > 1 and routines_for(len(several[0]) * n_entries) is not None:
        return [np.concatenate(several).T]
    return [features.T for features in several]


def _parts(sums: FloatArray, n_features: int) -> FloatArray:
    """[size, n_sets * n_features] as [n_sets, n_features, size]."""
    return np.ascontiguousarray(sums.T).reshape(-1, n_features, len(sums))
