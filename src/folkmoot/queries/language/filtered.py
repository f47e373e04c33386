"""Texts that an endpoint's content filter refuses: found, so that the others of a group are not silenced with them.

A filter refuses a whole request, whoever's text it is about. The request is put again with halves of the texts until
those are known that are refused by themselves; they are left out of requests to write from then on, and that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ...llm import Call, Failed, Model
from ...llm.trouble import FILTERED

# Tokens of an answer that only tells whether the texts pass.
_PROBE = 16


def refused_texts(model: Model, rows: Sequence[int], request: Callable[[Sequence[int]], Call]) -> set[int]:
    """The people whose texts are refused by themselves, of a request that was refused with all of theirs.

    Empty where only texts together are refused.

    Args:
        model: the model that answers.
        rows: the people whose texts were in the request.
        request: makes the request with the texts of these people alone.
    """
    suspects, found = [list(rows)], set[int]()
    while suspects:
        halves = []
        for group in suspects:
            if len(group) == 1:
                found.update(group)
            else:
                halves += [group[: len(group) // 2], group[len(group) // 2 :]]
        answers = model.answers([_probe(request(half)) for half in halves]) if halves else []
        suspects = [half for half, answer in zip(halves, answers, strict=True) if filtered(answer)]
    return found


def filtered(result: object) -> bool:
    """Whether a result is the refusal of a content filter, or of an endpoint that calls it something else."""
    return isinstance(result, Failed) and result.kind in (FILTERED, "refused")


def _probe(call: Call) -> Call:
    return replace(call, query=f"{call.query}, probe", parameters={**call.parameters, "max_tokens": _PROBE})
