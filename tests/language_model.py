"""The made-up language model of the tests, and people for it to read about."""

from __future__ import annotations

from collections.abc import Sequence

from folkmoot.profile import Agents, Answers, Profile, Statements
from folkmoot.queries.language.obedient import Obedient, lines_of, quoted

__all__ = ["TEXTS", "Obedient", "lines_of", "profile_of", "quoted"]

TEXTS = (
    "More buses in the evening. The bus to the station is always late.",
    "Buses should run every ten minutes, also in the evening.",
    "We need buses on Sundays and cheaper tickets for the bus.",
    "Plant trees along the streets, the summers are too hot.",
    "Trees and shade on every playground. Our streets are too hot.",
    "The old trees must stay. Plant more trees.",
    "Rents are too high, build flats that families can pay for.",
    "Build flats. Families leave because the rents are too high.",
    "Lower rents and more flats for families.",
    "Fix the roads, there are holes everywhere.",
    "The roads are bad and the holes are dangerous for bicycles.",
    "Bicycles need safe roads.",
)


def profile_of(texts: Sequence[str] = TEXTS, topic: str = "What should change in our town?") -> Profile:
    """People who only wrote."""
    ids = tuple(f"p{row}x" for row in range(len(texts)))
    return Profile(Agents(ids, tuple((text,) for text in texts)), Statements((), ()), Answers.none(), topic=topic)
