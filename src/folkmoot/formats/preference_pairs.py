"""Preference data of annotators (prompt, chosen, rejected), so that nobody takes it for a vote on statements."""

from __future__ import annotations

import numpy as np

from ..profile import COMPARISON, Agents, Answers, Comparisons, Profile, Statements
from ..profile.pairs import overlap
from .base import FORMATS, Format, Head, ReadOptions, Signature, Source
from .pairs.read import preferences_of, recognised


def sniff(head: Head) -> bool:
    """The columns of preference data?"""
    return recognised(head) is not None


def read(source: Source, options: ReadOptions) -> Profile:
    """Reads who preferred which answer; answers to different prompts are not to be pooled, and are marked so.

    Args:
        source: JSON lines, JSON, CSV or Parquet.
        options: the reading options; the annotator's column and groups can be named.

    Raises:
        InputError: if a row is broken, or nobody judged anything.
    """
    pairs = preferences_of(source.head, options.id_column, options.group_columns).pairs
    clear = ~pairs.tied
    a_prompt, both = overlap(pairs)
    return Profile(
        Agents(pairs.annotators, groups=pairs.groups),
        Statements(tuple(f"r{at + 1}" for at in range(len(pairs.responses))), pairs.responses),
        Answers.none(COMPARISON),
        pairs.notes,
        source="preference-pairs",
        facts={
            "files": [source.file.name],
            "preferences": {
                "file": str(source.path),
                "shape": pairs.shape,
                "annotators": pairs.n_annotators if pairs.named else 0,
                "prompts": len(np.unique(pairs.prompt)),
                "prompted": pairs.prompted,
                "pairs": len(pairs),
                "ties": int(pairs.tied.sum()),
                "annotators_per_prompt": round(a_prompt, 1),
                "judged_by_several": round(both, 4),
                "columns": dict(pairs.columns),
            },
        },
        comparisons=Comparisons.of(pairs.annotator[clear], pairs.chosen[clear], pairs.rejected[clear]),
    )


FORMATS.register(
    Format(
        "preference-pairs",
        "preference pairs of annotators (prompt, chosen, rejected)",
        sniff,
        read,
        signature=Signature.EXPORT,
        uses=frozenset(["id_column", "group_columns", "encoding"]),
        compares=True,
        example="prompt,chosen,rejected,annotator_id,country\n"
        '"Why, is the sky blue?",Rayleigh scattering.,It reflects the sea.,w1,DE\n'
        "Name a tree.,Oak.,Ash.,w2,FR\nName a tree.,Ash.,Oak.,w1,DE\n",
    )
)
