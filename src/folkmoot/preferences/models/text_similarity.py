"""Similarity of what people wrote to a statement, offline: topic, not stance."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from ...profile import FloatArray, IntArray, MissingExtraError, Profile
from ...profile.executors import current
from ..protocol import Draw
from ..sentences import sentences

_UNIT = 2.0**20  # vectors are whole multiples of 1/_UNIT, so every sum below is exact in float64
_TEXTS = 1 << 10  # texts cut into tokens at once
_TOKENS = 1 << 15  # tokens embedded at once
_CELLS = 1 << 23  # similarities held at once
SHARE = 20_000
"""Texts of a task for another process: a second or two of work. Fewer than two tasks are not worth starting one."""


class Embedding:
    """Sentence vectors from the small embedding that the ``text`` extra carries with it (wordllama).

    A vector is the mean of its tokens' vectors, scaled to length 1 and rounded to multiples of 2**-20. Sums and
    dot products of such numbers are exact, whatever order they are added in: equal texts give equal bytes on any
    machine with any number of threads or workers. No network, no cache folder. More than `SHARE` texts go to the
    executor of `profile.executors.working_on`.

    Raises:
        MissingExtraError: wordllama is not installed, or its package lacks the weights.
    """

    def __init__(self) -> None:
        self._tokenizer, self._table, self.version = _wordllama()

    def vectors(self, texts: Sequence[str]) -> FloatArray:
        """Vectors of length 1, float64 [n_texts, 256]; all zero where a text is empty."""
        if len(texts) > SHARE and (executor := current()).workers > 1:
            tasks = [list(texts[start : start + SHARE]) for start in range(0, len(texts), SHARE)]
            return np.concatenate(list(executor.map(_vectors, tasks)))
        vectors = np.zeros((len(texts), self._table.shape[1]))
        for start in range(0, len(texts), _TEXTS):
            encoded = self._tokenizer.encode_batch(list(texts[start : start + _TEXTS]), add_special_tokens=False)
            ids = [np.array(entry.ids, dtype=np.int64) for entry in encoded]
            lengths = np.array([len(entry) for entry in ids], dtype=np.int64)
            rows = np.flatnonzero(lengths)
            for part in _parts(lengths[rows], _TOKENS):
                vectors[start + rows[part]] = self._pooled([ids[row] for row in rows[part]], lengths[rows[part]])
        return vectors

    def similarity(self, first: Sequence[str], second: Sequence[str]) -> FloatArray:
        """Cosine similarity of every text to every other, float64 [n_first, n_second] in [-1, 1]."""
        return np.clip(self.vectors(first) @ self.vectors(second).T, -1.0, 1.0)

    def _pooled(self, ids: list[IntArray], lengths: IntArray) -> FloatArray:
        """Vectors of texts with at least one token each."""
        tokens = self._table[np.concatenate(ids)].astype(np.float64)
        # The table holds half-precision numbers: float64 adds them up without rounding.
        means = np.rint(np.add.reduceat(tokens, np.cumsum(lengths) - lengths, axis=0) / lengths[:, None] * _UNIT)
        norms = np.sqrt(np.square(means).sum(axis=1, keepdims=True))
        np.divide(means, norms, out=means, where=norms > 0)
        return np.asarray(np.rint(means * _UNIT) / _UNIT)


class TextSimilarity:
    """How near a statement comes to anything the person wrote (a `PreferenceModel`).

    The utility is the greatest cosine similarity between the statement and the person's own sentences, negative
    ones as 0, laid onto the utility range of the profile's scale ([0, 1] for votes and for profiles without
    answers). Someone who wrote nothing has the lowest utility everywhere.

    Similarity is topic, not stance: "close the library" is near "keep the library open". Against a language
    model's judgement the mean rank correlation per statement is 0.65 on one recorded consultation and 0.05 on
    another, so whoever uses it has to say that it is unvalidated unless there are answers to check it against.

    Args:
        profile: the profile with the agents and statements; texts of the agents are needed for any use.
        embedding: the vectors, loaded when None.

    Raises:
        MissingExtraError: the ``text`` extra is not installed.
    """

    id = "text-similarity"

    def __init__(self, profile: Profile, embedding: Embedding | None = None) -> None:
        self._embedding = embedding or Embedding()
        texts = profile.agents.texts or ((),) * profile.n_agents
        own = [[sentence for text in entry for sentence in sentences(text)] for entry in texts]
        self._counts = np.array([len(entry) for entry in own], dtype=np.int64)
        self._starts = np.cumsum(self._counts) - self._counts
        self._own = self._embedding.vectors([sentence for entry in own for sentence in entry])
        self._statements = self._embedding.vectors(profile.statements.texts)
        self._low, self._high = profile.answers.scale.utility_range

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Embedding and version, and that nothing has validated it."""
        return {
            "embedding": f"wordllama {self._embedding.version}",
            "validated": False,
            "note": "similarity is topic, not stance",
        }

    def vectors(self, statements: IntArray) -> FloatArray:
        """Vectors of the statements' texts, float64 [n_statements, d], of length 1 or all zero."""
        return self._statements[statements]

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """Greatest similarity to the person's own sentences, float64 [n_agents, n_statements], never nan."""
        agents, statements = np.asarray(agents, dtype=np.int64), np.asarray(statements, dtype=np.int64)
        similarity = np.zeros((len(agents), len(statements)))
        columns = self._statements[statements].T
        counts = self._counts[agents]
        writers = np.flatnonzero(counts) if len(statements) else np.empty(0, dtype=np.int64)
        for part in _parts(counts[writers], max(_CELLS // max(len(statements), 1), 1)):
            rows = writers[part]
            lengths = counts[rows]
            first = np.cumsum(lengths) - lengths
            picked = np.repeat(self._starts[agents[rows]] - first, lengths) + np.arange(lengths.sum())
            similarity[rows] = np.maximum.reduceat(self._own[picked] @ columns, first, axis=0)
        np.clip(similarity, 0.0, 1.0, out=similarity)
        return self._low + similarity * (self._high - self._low)

    def draw(self, rng: np.random.Generator) -> Draw:
        """The same utilities every time: how uncertain a similarity is, is not known, so nothing is drawn."""
        return _Fixed(self)


@dataclass(frozen=True)
class _Fixed:
    """A draw without any uncertainty."""

    model: TextSimilarity

    def answers(self, agents: IntArray, statements: IntArray, uniform: FloatArray) -> FloatArray:
        """The model's utilities; ``uniform`` changes nothing."""
        return self.model.utilities(agents, statements)


@cache
def _embedding() -> Embedding:
    """The one of a worker process, which has many tasks."""
    return Embedding()


def _vectors(texts: list[str]) -> FloatArray:
    return _embedding().vectors(texts)


def _parts(sizes: IntArray, limit: int) -> list[slice]:
    """Consecutive slices whose sizes add up to about ``limit``, at least one entry each."""
    if not len(sizes):
        return []
    cuts = np.flatnonzero(np.diff((np.cumsum(sizes) - 1) // limit)) + 1
    edges = [0, *cuts.tolist(), len(sizes)]
    return [slice(start, stop) for start, stop in pairwise(edges)]


@cache
def _wordllama() -> tuple[Any, Any, str]:
    """Tokenizer, token vectors float32 [n_tokens, 256], and version of the installed wordllama."""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    try:
        package = importlib.import_module("wordllama")
    except ImportError as error:
        raise MissingExtraError(
            f"comparing texts needs the text extra ({error}); install it: pip install 'folkmoot[text]'"
        ) from None
    finally:  # importing wordllama sets up logging for the whole program: undo that
        root.setLevel(level)
        root.handlers[:] = handlers
    # Left to itself, load() looks for the tokenizer in a folder the package does not have, then on the network.
    folder = Path(str(package.__file__)).parent
    try:
        model = package.WordLlama.load(cache_dir=folder, disable_download=True)
    except FileNotFoundError as error:
        raise MissingExtraError(
            f"the installed wordllama lacks its weights ({error}); install it anew: pip install 'folkmoot[text]'"
        ) from None
    model.tokenizer.no_padding()
    return model.tokenizer, model.embedding, str(package.__version__)
