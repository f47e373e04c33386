"""Entries at the crossings of rows and columns, summed over either, in whichever order is quicker."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..profile import FloatArray, IntArray
from .entries import Grouping, routines_for
from .sparse_sums import Routines

#: Up to so many features, sums are quicker with entries in the order of the other side: one entry need not wait for the
#: sum of the one before.
_FEW = 12


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
        self.row, self.column = row, column
        self.by_row, self.by_column = Grouping.of(row, n), Grouping.of(column, m)
        order = self.by_column.order
        self._row_by_column = row if order is None else row[order]
        own = self.by_row.order
        self._column_by_row = column if own is None else column[own]
        self._sorted = own is None
        # in the order of columns, too, each row's entries follow one another as they do here
        self._alike = self._sorted and bool(((row[1:] != row[:-1]) | (column[1:] >= column[:-1])).all())

    def of_rows(self, weight: FloatArray, wide: FloatArray, by_column: FloatArray | None = None) -> FloatArray:
        """Weighted sums of the columns' features over each row's entries, float64 [n, n_features].

        Args:
            weight: float64 [n_entries] the weights of the entries.
            wide: float64 [m, n_features] the features, see `Grouping.sums`.
            by_column: float64 [n_entries] the weights in the order of columns, where they are at hand.
        """
        if by_column is not None and self._alike and wide.shape[1] <= _FEW:
            sparse = routines_for(wide.shape[1] * len(weight))
            if sparse is not None:
                return _across(sparse, self.by_row, self.by_column, by_column, wide, self._row_by_column)
        return self.by_row.sums(self.by_row.arrange(weight), wide, self._column_by_row)

    def of_columns(self, weight: FloatArray, wide: FloatArray) -> FloatArray:
        """Weighted sums of the rows' features over each column's entries, float64 [m, n_features]; see `of_rows`."""
        sparse = routines_for(wide.shape[1] * len(weight))
        if self._sorted and sparse is not None:
            return _across(sparse, self.by_column, self.by_row, weight, wide, self.column)
        return self.by_column.sums(self.by_column.arrange(weight), wide, self._row_by_column)

    def each_of_rows(
        self, weight: FloatArray, several: Sequence[FloatArray], by_column: FloatArray
    ) -> list[FloatArray]:
        """`of_rows` of several sets of equally many features [n_features, m], each float64 [n_features, n]."""
        return [
            part
            for wide in _together(several, len(weight))
            for part in _parts(self.of_rows(weight, wide, by_column), len(several[0]))
        ]

    def each_of_columns(self, weight: FloatArray, several: Sequence[FloatArray]) -> list[FloatArray]:
        """`of_columns` of several sets of equally many features [n_features, n], each float64 [n_features, m]."""
        return [
            part
            for wide in _together(several, len(weight))
            for part in _parts(self.of_columns(weight, wide), len(several[0]))
        ]


def _across(
    sparse: Routines, own: Grouping, other: Grouping, weight: FloatArray, wide: FloatArray, group: IntArray
) -> FloatArray:
    """Sums over the own groups of entries in the order of the others; ``group`` is every entry's own group."""
    sums = np.zeros((own.size, wide.shape[1]))
    places, pointers = other.places(group)
    sparse.csc_matvecs(own.size, *wide.shape, pointers, places, weight, wide.ravel(), sums.ravel())
    return sums


def _together(several: Sequence[FloatArray], n_entries: int) -> list[FloatArray]:
    """Sets of features side by side: all in one where one pass over the entries makes all sums, or each alone."""
    if len(several) > 1 and routines_for(len(several[0]) * n_entries) is not None:
        return [np.concatenate(several).T]
    return [features.T for features in several]


def _parts(sums: FloatArray, n_features: int) -> FloatArray:
    """[size, n_sets * n_features] as [n_sets, n_features, size]."""
    return np.ascontiguousarray(sums.T).reshape(-1, n_features, len(sums))
