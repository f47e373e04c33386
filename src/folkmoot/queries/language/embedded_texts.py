"""What everybody wrote as points, by an endpoint's embedding model in place of the one that comes with the package.

Boehmer, Fish, Procaccia 2025 (The Next Generation), Appendix D.2.1, form their groups with such a model.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from ...llm import Answer, Model
from ...llm.embeddings import embedding_call
from ...profile import FloatArray, WorkError
from .readable_answers import Tally, ask

# Vectors are rounded to multiples of this, so that the last bits in which machines differ decide nothing.
GRAIN = 2.0**-20


def embedded_texts(model: Model, texts: Sequence[str], name: str, tally: Tally) -> FloatArray:
    """Vectors of length 1, float64 [n_texts, d]; all zero where a text is empty or has no embedding.

    Args:
        model: the model that answers; one call for every different text.
        texts: the texts.
        name: the name of the embedding model.
        tally: counts what becomes of the calls.

    Raises:
        InputError: the endpoint has no such model.
        WorkError: there is no embedding of any text, or they are not all of one length.
    """
    different = [text for text in dict.fromkeys(texts) if text]
    found = ask(model, [embedding_call(text, name) for text in different], _vector, tally, again=0)
    known = {text: vector for text, vector in zip(different, found, strict=True) if vector is not None}
    lengths = {len(vector) for vector in known.values()}
    if different and not known:
        why = "; ".join(reason for reason, _ in tally.reasons.most_common(2)) or "no reply held one"
        raise WorkError(f"there is no embedding of any text by {name} ({why}); leave embedding_model out")
    if len(lengths) > 1:
        raise WorkError(f"the embeddings by {name} have different lengths ({min(lengths)} and {max(lengths)})")
    points = np.zeros((len(texts), max(lengths, default=1)))
    for row, text in enumerate(texts):
        if text in known:
            points[row] = known[text]
    norms = np.sqrt(np.square(points).sum(axis=1, keepdims=True))
    np.divide(points, norms, out=points, where=norms > 0)
    return np.asarray(np.rint(points / GRAIN) * GRAIN)


def _vector(answer: Answer) -> FloatArray | None:
    try:
        found = np.array(json.loads(answer.text), dtype=np.float64)
    except (ValueError, TypeError):
        return None
    return found if found.ndim == 1 and len(found) and np.isfinite(found).all() else None
