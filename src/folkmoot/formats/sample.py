"""Some of the people of a source, drawn at random: a trial costs less than a run about everybody."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..profile import Agents, Answers, Comparisons, InputError, Note, Profile
from ..profile.streams import Stream, stream

SEED = 0
"""The seed of the draw: the same source and number are the same people."""


def sampled(profile: Profile, size: int | None) -> Profile:
    """The profile of so many people, drawn at random, with everything they said, and a note that counts
    the others; the fact ``sample`` says how many they are of how many.

    Args:
        profile: the profile of everybody.
        size: how many people; None, or as many as there are: everybody.

    Raises:
        InputError: nobody would be left.
    """
    if size is not None and size < 1:
        raise InputError(f"`sample` must be a whole number of at least 1, not {size}")
    if size is None or size >= profile.n_agents:
        return profile
    drawn = np.sort(stream(SEED, Stream.SAMPLE).permutation(profile.n_agents)[:size])
    people, answers, compared = profile.agents, profile.answers, profile.comparisons
    rows = drawn.tolist()
    kept, those = np.isin(answers.agent, drawn), np.isin(compared.agent, drawn)
    what = f"participants not read: {size:,} of {profile.n_agents:,} were drawn at random (seed {SEED})"
    return replace(
        profile,
        agents=Agents(
            tuple(people.ids[row] for row in rows),
            tuple(people.texts[row] for row in rows) if people.texts else (),
            None if people.masses is None else people.masses[drawn],
            {name: tuple(labels[row] for row in rows) for name, labels in people.groups.items()},
            {name: tuple(values[row] for row in rows) for name, values in people.extra.items()},
        ),
        answers=Answers.of(
            np.searchsorted(drawn, answers.agent[kept]), answers.statement[kept], answers.value[kept], answers.scale
        ),
        comparisons=Comparisons.of(
            np.searchsorted(drawn, compared.agent[those]), compared.winner[those], compared.loser[those]
        ),
        notes=(*profile.notes, Note("seen", what, profile.n_agents - size)),
        facts={**profile.facts, "sample": {"people": size, "of": profile.n_agents, "seed": SEED}},
    )
