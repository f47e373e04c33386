"""What in a person spoke: with the model of personas, the answers that one of them gives together with a statement."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..audits import Subject
from ..audits.records import LeastRepresented
from ..engines import Prepared
from ..profile.sentences import noted

#: So many of a person's answers are named.
MOST = 3


def spoke(prepared: Prepared, subject: Subject, least: Sequence[LeastRepresented]) -> dict[str, tuple[str, ...]]:
    """For the least well represented, texts of statements they agree with out of the same persona as their own one's.

    A person has several personas, and the model of personas says which of them has most to say on a statement. Personas
    are a person's own: they have no names, and mean nothing across people. Empty for other models.

    Args:
        prepared: the engine's utilities.
        subject: the slate.
        least: the least well represented people.
    """
    from ..preferences.models.personas import Personas

    model, profile = prepared.disc.model, prepared.profile
    if not isinstance(model, Personas) or not len(subject.chosen):
        return {}
    found, columns = {}, subject.pool.statements[subject.chosen]
    a, middle = profile.answers, profile.answers.scale.midpoint
    for entry in least:
        row = profile.agent_index[entry.agent]
        place = int(subject.assignment[row])
        if place < 0:
            continue
        mine = np.flatnonzero(a.agent == row)
        liked = a.statement[mine[a.scale.utility(a.value[mine]) > middle]]
        liked = liked[liked != columns[place]]
        agent = np.array([row])
        speaking = int(model.spoke(agent, columns[place : place + 1])[0, 0])
        attention = model.attention(agent, liked)[0] if len(liked) else np.zeros((0, 1))
        same = np.flatnonzero(attention.argmax(axis=1) == speaking) if len(liked) else np.zeros(0, dtype=np.int64)
        order = same[np.argsort(-attention[same, speaking], kind="stable")] if len(same) else same
        found[entry.agent] = tuple(profile.statements.texts[int(column)] for column in liked[order[:MOST]])
    return found


def copied(prepared: Prepared, subject: Subject) -> list[str]:
    """A note on how much of the agreement with the slate is people's own, and how much is copied from whom they follow.

    Args:
        prepared: the engine's utilities.
        subject: the slate.
    """
    from ..preferences.models.social_poisson import SocialPoisson

    model = prepared.disc.model
    if not isinstance(model, SocialPoisson) or not len(model.counts.follows) or not len(subject.chosen):
        return []
    who = np.unique(model.counts.follows[:, 0])
    found = model.influence(who, subject.pool.statements[subject.chosen])
    own = float(found.own.mean())
    some = int((found.own < 0.5).any(axis=1).sum())
    return [
        noted(
            f"{len(who)} people follow somebody. By the model {own:.0%} of their agreement with the list is their own "
            f"taste, the rest is copied from people they follow; for {some} of them that is most of their agreement "
            "with some statement of the list. Friends who think alike look the same to this model."
        )
    ]
