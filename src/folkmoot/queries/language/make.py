"""Construction of both queries through a language model for a profile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...llm import Model
from ...profile import BoolArray, FloatArray, InputError, Note, Profile
from ...profile.streams import Stream, stream
from .disc import PER_PROMPT, Judged, LanguageDisc
from .embedded_texts import embedded_texts
from .gen import LanguageGen, PilotGen
from .people import People, people
from .pilot_disc import PilotDisc
from .readable_answers import Tally
from .tags import TAGS, tag_points, tag_ratings, tags
from .writer import Unit, Writer

# With fewer people tags are not asked for: they would be half of all calls, and there are hardly any groups to form.
FEWEST_TAGGED = 8

# Utilities of the profile's statements, float64 [n_agents, m], and where they are people's own answers, bool [same].
Carried = tuple[FloatArray, BoolArray]

# The most words of a statement of the pilot, and the characters of texts that are written from without summaries: about
# half of what the shortest contexts of models in use hold.
PILOT_WORDS, PILOT_ROOM = 50, 60_000


@dataclass(frozen=True)
class Queries:
    """The queries of a process with a language model.

    Args:
        disc: the query for utilities; its first statements are the profile's.
        gen: the query that writes statements.
        writer: the writer, which keeps a record of everything written.
        tags: the short opinions by which groups are formed.
        tally: the counts of the calls for tags.
        texts: float64 [n_agents, d], the embedding of everybody's text.
    """

    disc: Judged
    gen: LanguageGen | PilotGen
    writer: Writer
    tags: tuple[str, ...]
    tally: Tally
    texts: FloatArray

    @property
    def people(self) -> People:
        return self.disc.people

    @property
    def notes(self) -> tuple[Note, ...]:
        """Notes for the reader about the people and about missing answers."""
        missing = self.disc.tally.missing + self.writer.tally.missing + self.tally.missing
        notes = self.people.notes
        if missing:
            notes += (Note("dropped", "answers of the model that failed or could not be read", missing),)
        if filtered := len(self.people.filtered):
            notes += (Note("dropped", "texts that the endpoint or its content filter refused: groups were written for"
                           " without them", filtered),)  # fmt: skip
        return notes

    @property
    def description(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "disc": self.disc.name,
            "gen": self.gen.name,
            "prompts": sorted({*self.disc.tally.asked, *self.writer.tally.asked, *self.tally.asked}),
            "questions": self.disc.description,
            "statements": self.writer.description,
            "tags": {"tags": list(self.tags), "calls": self.tally.as_dict()},
        }


def prose_queries(
    model: Model,
    profile: Profile,
    *,
    unit: str = "words",
    seed: int = 0,
    weight: float = 1.0,
    per_prompt: int = PER_PROMPT,
    n_tags: int = TAGS,
    votes: bool | None = None,
    texts: FloatArray | None = None,
    control: bool = True,
    structured: bool = False,
    carried: Carried | None = None,
    embedding: str = "",
) -> Queries:
    """The queries of PROSE; the calls for tags are made at once, all others when they are needed.

    Args:
        model: the model that answers.
        profile: the answers and the texts of people.
        unit: the unit of the budget: ``words`` or ``statements``.
        seed: the seed of every random choice.
        weight: the weight of specificity.
        per_prompt: the most statements in one question.
        n_tags: the most tags; 0: groups are formed by the embedding of the texts alone.
        votes: see `people`.
        texts: the embedding of everybody's text, float64 [n_agents, d]; None: the bundled one.
        control: whether statements have to pass the control question (`control.unfounded`), one call each.
        structured: whether ratings and statements are asked for in structured answers (`structured`).
        carried: the utilities of the profile's statements, about which the model is not asked, and where they are
            people's own answers; None: it is asked.
        embedding: the name of the endpoint's model by which texts are compared (`embedded_texts`); empty: the bundled
            embedding.

    Raises:
        InputError: the unit is ``cost``, which generated statements lack, or there is nothing to show of anybody.
    """
    tally = Tally()
    shown, points = _ready(model, profile, unit, votes, texts, embedding, tally)
    rng = stream(seed, Stream.TAGS)
    drawn = tags(model, shown, rng, tally, n_tags, structured=structured) if n_tags else ()
    fit = tag_points(tag_ratings(model, shown, drawn, tally, structured=structured)) if drawn else points
    disc = LanguageDisc(
        model, shown, profile.statements.texts, weight=weight, per_prompt=per_prompt, structured=structured
    )
    if carried is not None:
        disc.carry(*carried)
    ids = profile.agents.ids
    writer = Writer(model, disc, profile.topic, _unit(unit), ids, control=control, structured=structured)
    return Queries(disc, LanguageGen(writer, fit, points, seed), writer, drawn, tally, points)


def pilot_queries(
    model: Model,
    profile: Profile,
    *,
    unit: str = "statements",
    seed: int = 0,
    votes: bool | None = None,
    texts: FloatArray | None = None,
    control: bool = True,
    structured: bool = False,
    embedding: str = "",
) -> Queries:
    """The queries of the pilot, for P1: ratings 0..4 from the person's own ratings, and the pilot's ensemble.

    The arguments are those of `prose_queries`.
    """
    tally = Tally()
    shown, points = _ready(model, profile, unit, votes, texts, embedding, tally)
    disc = PilotDisc(model, shown, profile, structured=structured)
    ids = profile.agents.ids
    writer = Writer(
        model,
        disc,
        profile.topic,
        _unit(unit),
        ids,
        control=control,
        structured=structured,
        free="salient",
        longest=PILOT_WORDS,
        room=PILOT_ROOM,
    )
    return Queries(disc, PilotGen(writer, points, seed, disc.agreed_with), writer, (), tally, points)


def _unit(unit: str) -> Unit:
    return "words" if unit == "words" else "statements"


def _ready(
    model: Model,
    profile: Profile,
    unit: str,
    votes: bool | None,
    texts: FloatArray | None,
    embedding: str,
    tally: Tally,
) -> tuple[People, FloatArray]:
    if unit not in ("words", "statements"):
        raise InputError(f"written statements have no {unit}; take `unit='words'` or `unit='statements'`")
    shown = people(profile, votes)
    if not any(shown.texts):
        raise InputError("nobody answered and nobody wrote anything; there is nothing to represent")
    if texts is None and embedding:
        texts = embedded_texts(model, shown.texts, embedding, tally)
    elif texts is None:
        from ...preferences.models.text_similarity import Embedding

        texts = Embedding().vectors(shown.texts)
    return shown, texts


@dataclass(frozen=True)
class Manner:
    """The settings with which a model is asked.

    Args:
        unit: the unit of the budget.
        seed: the seed of every random choice.
        weight: the weight of specificity beside agreement.
        per_prompt: the most statements in one question.
        structured: whether ratings and statements are asked for in structured answers.
        carried, embedding: see `prose_queries`.
    """

    unit: str
    seed: int
    weight: float
    per_prompt: int
    structured: bool = False
    carried: Carried | None = None
    embedding: str = ""


Asks = Callable[[Model, Profile, Manner], Queries]


def tagged(model: Model, profile: Profile, manner: Manner) -> Queries:
    """The queries of PROSE; of so few people that their texts tell all, the groups are formed without tags."""
    return prose_queries(model, profile, n_tags=TAGS if profile.n_agents >= FEWEST_TAGGED else 0, **vars(manner))


def untagged(model: Model, profile: Profile, manner: Manner) -> Queries:
    """The queries of PROSE without tags, for processes that form no groups by them.

    Raises:
        InputError: the source's own statements are to be chosen from, which these processes do not.
    """
    if manner.carried is not None:
        raise InputError("this process writes all of its statements itself; leave `pool`, or take `process='prose'`")
    return prose_queries(model, profile, n_tags=0, **vars(manner))


def pilot(model: Model, profile: Profile, manner: Manner) -> Queries:
    """The queries of the pilot: ratings of 0 to 4, without specificity.

    Raises:
        InputError: the source's own statements are to be chosen from, which this process does not.
    """
    if manner.carried is not None:
        raise InputError("this process writes all of its statements itself; leave `pool`, or take `process='prose'`")
    return pilot_queries(
        model,
        profile,
        unit=manner.unit,
        seed=manner.seed,
        structured=manner.structured,
        embedding=manner.embedding,
    )
