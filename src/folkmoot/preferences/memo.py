"""A small memory of what was fitted: the same answers, options and generator give the same model, fitted once.

A slate and its audit, its proof and the comparisons in it ask for the same model again and again. What is kept is
pickled: nobody can change it, its size is known, and what comes from the memory is the same bytes as what was just
fitted, because that goes through pickle as well.
"""

from __future__ import annotations

import pickle
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from threading import Lock
from typing import Any, TypeVar

import numpy as np

from ..profile import Profile, fingerprint

T = TypeVar("T")

#: With more answers than this no model is kept: a copy would take as much memory as the answers.
MOST_ANSWERS = 2_000_000


class NotPlain(Exception):
    """A value that is not made of numbers, texts, tuples, lists and mappings."""


class Memo:
    """Results by what they depend on; the least recently used is dropped first. Safe to use from several threads.

    Args:
        n_bytes: the most bytes that are kept.
        n_entries: the most results that are kept.
    """

    def __init__(self, n_bytes: int, n_entries: int) -> None:
        self.n_bytes, self.n_entries = n_bytes, n_entries
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def size(self) -> int:
        """Bytes that are kept."""
        return self._size

    def clear(self) -> None:
        """Drops everything, so that the next call computes again."""
        with self._lock:
            self._kept.clear()
            self._size = 0

    def call(self, key: Hashable, profile: Profile, rng: np.random.Generator, compute: Callable[[], T]) -> T:
        """What ``compute`` returns, from the memory where it is there; ``rng`` is left as ``compute`` leaves it.

        Args:
            key: everything besides the profile and the state of ``rng`` that the result depends on.
            profile: the profile that the result depends on.
            rng: the generator that ``compute`` draws from.
            compute: the function that computes the result, deterministic but for ``rng``; a result that cannot be
                pickled is not kept.
        """
        if len(profile.answers) + len(profile.comparisons) > MOST_ANSWERS:
            return compute()
        whole = (key, fingerprint(profile), repr(rng.bit_generator.state))
        with self._lock:
            body = self._kept.get(whole)
            if body is not None:
                self._kept.move_to_end(whole)
        if body is None:
            fresh = compute()
            try:
                body = pickle.dumps((fresh, rng.bit_generator.state), protocol=pickle.HIGHEST_PROTOCOL)
            except (pickle.PicklingError, AttributeError, TypeError):
                return fresh  # a model of another package that cannot be pickled is fitted every time
            self._keep(whole, body)
        result: T
        result, rng.bit_generator.state = pickle.loads(body)  # noqa: S301 (written by this process)
        return result

    def _keep(self, key: Hashable, body: bytes) -> None:
        if len(body) > self.n_bytes:
            return
        with self._lock:
            self._size += len(body) - len(self._kept.pop(key, b""))
            self._kept[key] = body
            while self._size > self.n_bytes or len(self._kept) > self.n_entries:
                self._size -= len(self._kept.popitem(last=False)[1])


def plain(value: Any) -> Hashable:
    """A value as something that can be hashed, equal only where the values and their types are.

    >>> plain({"rank": 2, "splits": [0.5]}) == plain({"splits": [0.5], "rank": 2})
    True
    >>> plain(1) == plain(True)
    False

    Raises:
        NotPlain: the value is not made of numbers, texts, tuples, lists and mappings.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return type(value).__name__, repr(value)
    if isinstance(value, tuple | list):
        return type(value).__name__, tuple(plain(one) for one in value)
    if isinstance(value, Mapping):
        return "mapping", frozenset((plain(name), plain(one)) for name, one in value.items())
    raise NotPlain(type(value).__name__)


#: The results of `fit` and `measure` in this process.
MEMO = Memo(n_bytes=64_000_000, n_entries=64)
