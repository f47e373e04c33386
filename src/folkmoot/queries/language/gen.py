"""Gen through a language model: the ensembles that form the groups for whom statements are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ...llm.early import expecting
from ...profile import FloatArray, IntArray
from ...profile.streams import Stream, stream
from . import groups
from .disc import LanguageDisc
from .people import People, addressed
from .protocol import Wanted
from .writer import Group, Writer

# The most people whose texts are shown in one prompt, and among whom groups are formed; of more, so many are drawn.
SHOWN = 200
# Questions about statements of the next request that are sent before they are asked, at most.
FORESEEN = 64
AMONG = 500


class LanguageGen:
    """PROSE's eight generators (a `Writes`): four ways to form groups, each over both embeddings or temperatures.

    ClosestCluster, PreviousBest, WeightedNN and TagNN as in Boehmer, Fish, Procaccia 2025 (The Next Generation),
    section 4.1 and Appendix D, in the order of the published runs. Random choices depend on the seed, the
    turn and the generator only.

    Args:
        writer: the writer of the statements.
        tags: float64 [n_agents, n_tags], the ratings of tags as points.
        texts: float64 [n_agents, d], the embedding of everybody's text.
        seed: the seed of every random choice.
    """

    name = "prose"

    def __init__(self, writer: Writer, tags: FloatArray, texts: FloatArray, seed: int = 0) -> None:
        self.writer, self.tags, self.texts, self.seed = writer, tags, texts, seed
        self._following: tuple[Wanted, ...] = ()
        self._formed: dict[tuple[object, ...], list[Group]] = {}

    def cost(self, statement: int) -> int:
        """See `Writes.cost`."""
        return self.writer.cost(statement)

    def propose(self, wanted: Wanted) -> Sequence[int]:
        """See `Writes.propose`."""
        return self.writer.write(self.groups(wanted), wanted.cost, wanted.level, wanted.turn)

    @property
    def ahead(self) -> int:
        """How many requests `expect` is to be told of; 0: none."""
        return int(getattr(self.writer.model, "ahead", 0))

    def expect(self, following: Sequence[Wanted]) -> None:
        """See `ExpectsToWrite.expect`; who approves the best statement, and so two groups, may change until then."""
        self._following = tuple(following)
        self._formed = {one: self._formed[one] for one in map(_name, following) if one in self._formed}
        self.writer.expect(
            "statements", [(group, one.cost, one.turn) for one in following for group in self.groups(one)]
        )

    def foresee(self) -> None:
        """See `ExpectsToWrite.foresee`."""
        told = expecting(self.writer.model)
        if told is None or not self._following:
            return
        wanted, disc = self._following[0], self.writer.disc
        texts = self.writer.foreseen(self.groups(wanted), wanted.cost, wanted.turn)
        if texts and isinstance(disc, LanguageDisc):
            told.expect("questions", disc.questions_about(texts, wanted.agents[:FORESEEN]), most=FORESEEN)

    def groups(self, wanted: Wanted) -> list[Group]:
        """The eight groups; none where nobody of the agents wrote anything."""
        if _name(wanted) not in self._formed:
            formed = self._form(wanted)
            if not self.ahead:
                return formed
            self._formed[_name(wanted)] = formed
        return self._formed[_name(wanted)]

    def _form(self, wanted: Wanted) -> list[Group]:
        agents, size = _among(self.writer.people, wanted, self.seed)
        if not len(agents):
            return []
        by_tags, by_texts = self.tags[agents], groups.reduced(self.texts[agents])
        formed: list[Group] = []

        def form(
            name: str, how: Callable[..., IntArray], points: FloatArray, temperature: float, which: Stream
        ) -> None:
            rng = stream(self.seed, which, wanted.turn)
            formed.append(Group(name, _shown(agents[how(points, size, rng)], rng), temperature))

        form("closest cluster, tags", groups.closest, by_tags, 0.0, Stream.CLOSEST_BY_TAGS)
        form("closest cluster, texts", groups.closest, by_texts, 0.0, Stream.CLOSEST_BY_TEXTS)
        for temperature, which in ((0.0, Stream.PREVIOUS_BEST_COLD), (1.0, Stream.PREVIOUS_BEST_WARM)):
            rng = stream(self.seed, which, wanted.turn)
            formed.append(
                Group("previous best", _shown(_writers(self.writer.people, wanted.approvers), rng), temperature)
            )
        form("weighted nearest, tags", groups.evenly_included, by_tags, 0.5, Stream.WEIGHTED_BY_TAGS)
        form("weighted nearest, texts", groups.evenly_included, by_texts, 0.5, Stream.WEIGHTED_BY_TEXTS)
        form("nearest, tags", groups.around_random, by_tags, 0.0, Stream.NEAREST_BY_TAGS)
        form("nearest, texts", groups.around_random, by_texts, 0.0, Stream.NEAREST_BY_TEXTS)
        return formed


class PilotGen:
    """The pilot's ensemble (a `Writes`): clusters at the start, everybody, random and nearest people.

    Fish et al. 2024 (Generative Social Choice), section 4: 4 k-means clusters in the first turn; all of S at
    temperatures 0 and 1; 5 random people; the 5 and the 10 nearest to a random person; the 5 nearest among a random 20.

    Args:
        writer: the writer of the statements.
        texts: float64 [n_agents, d], the embedding of everybody's text.
        seed: the seed of every random choice.
        agreed_with: how well a person's text represents each of some agents; by that the nearest people are found, as
            in the pilot. None: by the embedding.
    """

    name = "pilot"

    def __init__(
        self,
        writer: Writer,
        texts: FloatArray,
        seed: int = 0,
        agreed_with: Callable[[str, IntArray], FloatArray] | None = None,
    ) -> None:
        self.writer, self.texts, self.seed, self._agreed_with = writer, texts, seed, agreed_with

    def cost(self, statement: int) -> int:
        """See `Writes.cost`."""
        return self.writer.cost(statement)

    def propose(self, wanted: Wanted) -> Sequence[int]:
        """See `Writes.propose`."""
        return self.writer.write(self.groups(wanted), wanted.cost, wanted.level, wanted.turn)

    def groups(self, wanted: Wanted) -> list[Group]:
        """The groups, as far as there are enough people for them."""
        agents, _ = _among(self.writer.people, wanted, self.seed)
        n = len(agents)
        if not n:
            return []
        rng = stream(self.seed, Stream.PILOT_GROUPS, wanted.turn)
        points = groups.reduced(self.texts[agents])
        formed = []
        if not wanted.turn:
            formed = [Group("cluster", _shown(agents[rows], rng)) for rows in groups.k_means(points, 4, rng)]
        everybody = _shown(agents, rng)
        formed += [Group("everybody", everybody, 0.0), Group("everybody", everybody, 1.0)]
        formed.append(Group("random", np.sort(rng.choice(agents, min(5, n), replace=False))))
        for size in (5, 10):
            formed.append(Group(f"nearest {size}", agents[self._nearest(agents, points, size, rng)]))
        some = np.sort(rng.choice(n, min(20, n), replace=False))
        near = self._nearest(agents[some], points[some], 5, rng)
        formed.append(Group("nearest 5 of 20", agents[some[near]]))
        return formed

    def _nearest(self, agents: IntArray, points: FloatArray, size: int, rng: np.random.Generator) -> IntArray:
        """A random person with the ``size`` others nearest to them: who agree most with what the person wrote.

        A text that addresses the model is put into nobody's questions: nearness of texts stands in for it.
        """
        n = len(agents)
        centre = int(rng.integers(n))
        text = self.writer.people.texts[int(agents[centre])]
        near = -groups.distances(points)[centre]
        if self._agreed_with is not None and n > size + 1 and addressed(text) is None:
            rated = self._agreed_with(text, agents)
            # Where there is no rating, the person is no neighbour; ties go to the nearer text.
            near = np.where(np.isnan(rated), -np.inf, rated + 1e-6 * near / (1 + np.abs(near).max()))
        near[centre] = np.inf
        return np.sort(np.argsort(-near, kind="stable")[: min(size + 1, n)])


def _name(wanted: Wanted) -> tuple[object, ...]:
    """What decides about the groups of a request."""
    return wanted.turn, wanted.size, wanted.agents.tobytes(), wanted.approvers.tobytes()


def _among(people: People, wanted: Wanted, seed: int) -> tuple[IntArray, int]:
    """The people among whom groups are formed, and the size of a group among them."""
    agents = _writers(people, wanted.agents)
    size = min(wanted.size, len(agents))
    if len(agents) > AMONG:
        rng = stream(seed, Stream.AMONG, wanted.turn)
        size = max(1, size * AMONG // len(agents))
        agents = np.sort(rng.choice(agents, AMONG, replace=False))
    return agents, size


def _writers(people: People, agents: IntArray) -> IntArray:
    return np.array([row for row in agents if people.texts[int(row)]], dtype=np.int64)


def _shown(agents: IntArray, rng: np.random.Generator) -> IntArray:
    return agents if len(agents) <= SHOWN else np.sort(rng.choice(agents, SHOWN, replace=False))
