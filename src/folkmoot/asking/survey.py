"""What all interviews of one survey have in common."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..profile import Agents, Answers, InputError, IntArray, Profile, Scale, Statements, costs, fingerprint
from ..profile.streams import Stream, stream
from . import kept
from .alike import pooled
from .population import Population
from .slate_value import SlateValue

if TYPE_CHECKING:
    from ..preferences.factors import Factors

# What a survey is made with besides profile and population.
_OWN = ("slate", "budget", "unit", "strict", "seed", "only")


@dataclass(frozen=True, eq=False)
class Survey:
    """What all interviews of one survey have in common: the earlier answers, the fitted population, and the slate.

    It stays the same while interviews run, so that each of them can be checked by itself; make a new one now and then.

    Args:
        profile: the profile with the answers so far.
        population: the classes of people, over all statements of the profile.
        slate: the ids of the statements chosen so far; empty: there is no slate, and the policy ``slate`` cannot be
            used.
        budget: the largest cost of a slate.
        unit: the unit of the budget, ``words``, ``characters``, ``statements`` or ``cost``.
        strict: whether to ask only about statements that moderation accepted.
        seed: the seed of every random choice.
        only: the ids of the statements that may be asked about; empty: all of the pool.

    Raises:
        InputError: there is no statement to ask about, or the profile lacks a statement of the slate or of ``only``.
    """

    profile: Profile
    population: Population
    slate: tuple[str, ...] = ()
    budget: int = 0
    unit: str = "words"
    strict: bool = False
    seed: int = 0
    only: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.population.n_statements != self.profile.n_statements:
            raise InputError(
                f"the population knows {self.population.n_statements} statements and the source has "
                f"{self.profile.n_statements}; fit it to this source"
            )
        for name in self.only:
            if name not in self.profile.statement_index:
                raise InputError(f"the source has no statement {name!r}; nobody can be asked about it")
        for name in self.slate:
            if name not in self.profile.statement_index:
                raise InputError(f"the source has no statement {name!r} of the slate; nobody can be asked about it")
        if not len(self.askable):
            raise InputError("no statement is left to ask about; check the moderation states (or drop `strict`)")

    @classmethod
    def of(
        cls,
        profile: Profile,
        *,
        slate: Iterable[str] = (),
        budget: int = 0,
        unit: str = "words",
        strict: bool = False,
        seed: int = 0,
        only: Iterable[str] = (),
    ) -> Survey:
        """A survey with a population fitted to the profile; see the class.

        Raises:
            InputError: nobody answered yet, or the answers are rankings or shares of points.
        """
        refuse_unaskable(profile)
        answered = np.bincount(profile.answers.statement, minlength=profile.n_statements)
        population = pooled(Population.fitted(profile, stream(seed, Stream.POPULATION)), answered)
        return cls(profile, population, tuple(slate), budget, unit, strict, seed, tuple(only))

    @cached_property
    def pool(self) -> IntArray:
        """int64 [p]: the statements that count, as moderation has them."""
        return self.profile.pool(self.strict)

    @property
    def askable(self) -> IntArray:
        """int64: the statements of the pool that may be asked about."""
        if not self.only:
            return self.pool
        return np.intersect1d(self.pool, [self.profile.statement_index[name] for name in self.only])

    def save(self, file: Path, source: str = "") -> None:
        """Writes the survey to a file, with everything that its interviews compute once.

        The file holds everybody's answers, as the source does: it belongs beside the source, not on a page.

        Args:
            file: the file; its folder exists.
            source: tells the source apart from others; "": its fingerprint.

        Raises:
            InputError: the file cannot be written.
        """
        profile, p = self.profile, self.population
        scale = profile.answers.scale
        about: dict[str, Any] = {
            "source": source or self.fingerprint,
            "fingerprint": self.fingerprint,
            "scale": [scale.kind, scale.low, scale.high, scale.complete],
            "agents": list(profile.agents.ids),
            "statements": [list(profile.statements.ids), list(profile.statements.texts)],
            **{name: getattr(self, name) for name in _OWN},
        }
        arrays: dict[str, Any] = {
            **{name: getattr(p, name) for name in ("weight", "chance", "worth", "credit")},
            "answers": self.answers.astype(np.int16),
            "pool": self.pool,
        }
        if self.slate:
            more, tables = kept.packed(self.slate_value)
            about, arrays = about | more, arrays | tables
        kept.write(file, about, arrays)

    @classmethod
    def load(cls, file: Path, source: Profile | str | None = None) -> Survey:
        """The survey that `save` wrote; its interviews decide as those of the survey that was saved.

        Policies with a low-rank model need the source itself.

        Args:
            file: the file.
            source: the profile that it has to be of, or what tells it apart; None: any.

        Raises:
            InputError: the file is no survey, or of another source.
        """
        wanted = fingerprint(source) if isinstance(source, Profile) else source
        about, arrays = kept.read(file, wanted)
        try:
            kind, low, high, complete = about["scale"]
            nothing = np.zeros(0, dtype=np.int64)
            ids, texts = map(tuple, about["statements"])
            answers = Answers.of(nothing, nothing, np.zeros(0), Scale(kind, low, high, complete))
            profile = Profile(Agents(tuple(about["agents"])), Statements(ids, texts), answers)
            population = Population(*(arrays[name] for name in ("weight", "chance", "worth", "credit")))
            own: dict[str, Any] = {name: about[name] for name in _OWN}
            survey = cls(profile, population, **own | {name: tuple(about[name]) for name in ("slate", "only")})
            known = arrays["answers"].astype(np.int64)
            # What the survey would compute from the answers of the profile.
            survey.__dict__.update(pool=arrays["pool"], fingerprint=about["fingerprint"], answers=known)
            if survey.slate:
                value = kept.unpacked((about, arrays), population, known, survey.budget, survey.seed)
                survey.__dict__["slate_value"] = value
        except (KeyError, TypeError, IndexError):
            raise InputError("is a damaged survey; delete it", file=file) from None
        return survey

    @cached_property
    def fingerprint(self) -> str:
        """The fingerprint of the profile."""
        return fingerprint(self.profile)

    @cached_property
    def answers(self) -> IntArray:
        """int64 [n, m]: everybody's answers before any interview."""
        people, statements = np.arange(self.profile.n_agents), np.arange(self.profile.n_statements)
        return self.population.answers(self.profile, people, statements)

    @cached_property
    def counts(self) -> IntArray:
        """int64 [m, C]: how often every answer was given."""
        return np.stack([(self.answers == level).sum(axis=0) for level in range(self.population.n_answers)], axis=1)

    @cached_property
    def lots(self) -> IntArray:
        """int64 [m]: drawn by the ids of the statements and the seed, for what is equal in every other respect."""
        names = (f"{self.seed} {name}".encode("utf-8", "surrogatepass") for name in self.profile.statements.ids)
        return np.array([int.from_bytes(sha256(name).digest()[:7], "big") for name in names], dtype=np.int64)

    @cached_property
    def factors(self) -> Factors:
        """A low-rank model of who agrees, for the policies that declare it (`policies.Policy.low_rank`)."""
        from ..preferences.models import low_rank

        if not len(self.profile.answers):
            raise InputError("a saved survey has no low-rank model; leave it out, or choose another policy")
        return low_rank.fit(self.profile, stream(self.seed, Stream.FACTORS)).agree

    @cached_property
    def slate_value(self) -> SlateValue:
        """What questions are worth to the slate.

        Raises:
            InputError: there is no slate, or it does not keep its budget.
        """
        if not self.slate:
            raise InputError("asking for the slate needs a slate; give one (or a budget), or choose another policy")
        each = costs(self.profile, self.unit)
        chosen = np.array([self.profile.statement_index[name] for name in self.slate], dtype=np.int64)
        pool = self.pool[each[self.pool] > 0]
        return SlateValue(self.population, self.answers, chosen, pool, each, self.budget, self.seed)

    @cached_property
    def over_pool(self) -> Population:
        """The population over the statements that may be asked about; only these earn credit."""
        return self.population.over(self.pool)


def refuse_unaskable(profile: Profile) -> None:
    """Refuses a profile for which no next question makes sense.

    Raises:
        InputError: nobody answered yet, or the answers are rankings or shares of points.
    """
    if not len(profile.answers):
        raise InputError(
            "nobody answered any statement yet, so there is nothing to tell from answers; collect votes or ratings"
        )
    if profile.answers.scale.kind in ("ranking", "points"):
        raise InputError(
            "rankings and shares of points are given to all statements at once, so there is no next question; asking "
            "works for votes, ratings and approvals"
        )
