"""One panel of the study `fewer_questions`: new people, what policies reveal of them, and what that brings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from folkmoot.asking.policies import Panel, choose
from folkmoot.asking.population import UNASKED, Population
from folkmoot.asking.slate_value import SlateValue
from folkmoot.audits import Subject
from folkmoot.audits.cbjr import sweep
from folkmoot.audits.welfare import gini
from folkmoot.preferences.entries import sided_entries
from folkmoot.preferences.factors import Factors, fit_factors
from folkmoot.preferences.models.few_shot import Loadings, located
from folkmoot.processes import Problem, Selection, find
from folkmoot.profile import BoolArray, FloatArray, IntArray
from folkmoot.queries import ClosedPool
from folkmoot.queries.completed import on_grid

from ..streams import numbers
from .data import HELD, Conversation, part

# New people at once, and earlier ones that the models learn from.
PANEL, EARLIER = 80, 600
# Opinion classes that accuracy is reported by, and the fewest people of a panel that one is judged by.
CLASSES, FEW = 4, 5
# Questions after which the policy that looks at the slate has it chosen anew.
REFRESH = 4
RANK, SWEEPS, TOLERANCE = 2, 30, 3e-4
NEVER = 1_000_000
# What is measured, in this order; then the accuracy of every opinion class.
MEASURES = (
    "accuracy",
    "low_rank_accuracy",
    "log_loss",
    "worst_class",
    "minority",
    "gini",
    "jaccard",
    "words_shared",
    "utility_lost",
    "violations",
)


@dataclass(frozen=True, eq=False)
class Truth:
    """A conversation with all its answers, and the model fitted to them all, with which panels are compared.

    Args:
        conversation: the conversation as it was read.
        seed: the seed of the fit.
    """

    conversation: Conversation
    seed: int = 0

    @cached_property
    def population(self) -> Population:
        """The number of its classes is chosen by held-out log-loss."""
        return Population.fitted(self.conversation.profile, numbers(self.seed, 0))

    @cached_property
    def answers(self) -> IntArray:
        """int64 [n, m]."""
        profile = self.conversation.profile
        return self.population.answers(profile, np.arange(profile.n_agents), np.arange(profile.n_statements))

    @cached_property
    def classes(self) -> Population:
        """2 to `CLASSES` opinion classes."""
        count = min(max(2, len(self.population.weight)), CLASSES)
        return Population.fitted(self.conversation.profile, numbers(self.seed, 1), count)

    @cached_property
    def label(self) -> IntArray:
        """int64 [n]: the opinion class of everybody, by all their answers; the largest class comes first."""
        label = self.classes.belief(self.answers).argmax(axis=1)
        rows = self.conversation.participants
        size = np.bincount(label[rows], minlength=len(self.classes.weight))
        return np.asarray(np.argsort(np.argsort(-size, kind="stable"))[label])

    @property
    def votes(self) -> bool:
        """Whether answers are disagree, pass, agree."""
        return self.conversation.profile.answers.scale.kind == "vote"

    @cached_property
    def majority(self) -> FloatArray:
        """float64 [m]: 1 where more people agree than disagree (ratings: above the middle than below), -1, or 0."""
        side = np.sign(2 * self.answers - (self.population.n_answers - 1)) * (self.answers != UNASKED)
        return np.asarray(np.sign(side.sum(axis=0)), dtype=np.float64)


@dataclass(eq=False)
class Newcomers:
    """A panel of new people, none of whose answers is known at first, among earlier people.

    Args:
        truth: the conversation with all its answers.
        rng: the generator that draws who is new, and which answers are held out.
        size: the largest size of the panel; it is at most half of the participants.
        learned: the most earlier people that the models learn from.
    """

    truth: Truth
    rng: np.random.Generator
    size: int = PANEL
    learned: int = EARLIER
    _slates: dict[bytes, Selection] = field(default_factory=dict)

    def __post_init__(self) -> None:
        talk = self.truth.conversation
        order = self.rng.permutation(talk.participants)
        size = min(self.size, len(order) // 2)
        self.people = np.sort(order[:size])
        # The slate is for the panel and as many earlier participants.
        self.others = np.sort(order[size : 2 * size])
        rest = np.setdiff1d(np.arange(talk.profile.n_agents), order[: 2 * size])
        rest = rest[(self.truth.answers[rest] != UNASKED).any(axis=1)]
        rest = self.rng.permutation(rest)[: max(0, self.learned - size)]
        self.earlier = np.sort(np.concatenate([self.others, rest]))
        self.answers = self.truth.answers[self.people]
        known = self.answers != UNASKED
        # Per person the share with the lowest random numbers is never revealed.
        place = np.argsort(np.argsort(np.where(known, self.rng.random(known.shape), 2.0), axis=1), axis=1)
        self.held: BoolArray = known & (place < np.ceil(HELD * known.sum(axis=1))[:, None])
        self.allowed: BoolArray = known & ~self.held
        self.draw = int(self.rng.integers(2**31))

    @cached_property
    def population(self) -> Population:
        """The classes learned from the earlier people, as many as all answers together support."""
        profile = part(self.truth.conversation.profile, self.earlier)
        return Population.fitted(profile, numbers(self.draw, 1), classes=len(self.truth.population.weight))

    @cached_property
    def factors(self) -> Factors:
        """Low-rank model of the sides that the earlier people took."""
        entries = sided_entries(part(self.truth.conversation.profile, self.earlier))
        rng = numbers(self.draw, 2)
        return fit_factors(entries, RANK, rng, sweeps=SWEEPS, tolerance=TOLERANCE)

    @cached_property
    def counts(self) -> IntArray:
        """int64 [m, C] answers of the earlier people."""
        said = self.truth.answers[self.earlier]
        return np.stack([(said == c).sum(axis=0) for c in range(self.population.n_answers)], axis=1)

    def reveal(self, policy: str, questions: int) -> IntArray:
        """int64 [n, m]: number of the question, 0 first, with which each answer is revealed; else `NEVER`.

        Args:
            policy: a name of `POLICIES`.
            questions: the number of questions for each person.
        """
        rng = numbers(self.draw, 3)
        shown = self.truth.conversation.shown[self.people]
        turn = np.full(self.answers.shape, NEVER)
        seats = _Seats(self)
        for number in range(questions):
            answers = self.after(turn, number)
            open_ = self.allowed & (turn == NEVER)
            chosen = choose(
                policy, Panel(self.population, answers, open_, shown, self.counts, self.factors, seats, rng)
            )
            rows = np.flatnonzero(chosen >= 0)
            turn[rows, chosen[rows]] = number
        return turn

    @property
    def everything(self) -> IntArray:
        """int64 [n, m]: the same where everything that may be revealed is revealed."""
        return np.where(self.allowed, 0, NEVER)

    def after(self, turn: IntArray, questions: int) -> IntArray:
        """int64 [n, m] answers of the panel after so many questions."""
        return np.where(turn < questions, self.answers, UNASKED)

    def everybody(self, answers: IntArray) -> IntArray:
        """int64 [2 n, m]: those answers, and all answers of the other participants."""
        return np.concatenate([answers, self.truth.answers[self.others]])

    def measured(self, turn: IntArray, checkpoints: Sequence[int]) -> FloatArray:
        """float64 [q, measures + classes]: `MEASURES` and accuracy by class, at every checkpoint."""
        return np.stack([self._measured(self.after(turn, q)) for q in checkpoints])

    def _measured(self, answers: IntArray) -> FloatArray:
        p = self.population
        predicted = p.predicted(p.belief(answers))
        truth, top = np.maximum(self.answers, 0), p.n_answers - 1
        folded = sides(self.factors, answers, top)
        if self.truth.votes:
            judged = self.held & (truth != 1)
            earned = ((predicted[..., 2] > predicted[..., 0]) == (truth == 2)).astype(np.float64)
            other = ((folded > 0.5) == (truth == 2)).astype(np.float64)
        else:
            judged = self.held
            earned = p.credit[(predicted @ p.credit.T).argmax(axis=2), truth]
            other = p.credit[np.rint(folded * top).astype(np.int64), truth]
        against = judged & (np.sign(2 * truth - top) * self.truth.majority < 0)
        chance = np.take_along_axis(predicted, truth[..., None], axis=2)[..., 0]
        some = judged.any(axis=1)
        own, others = ((e * judged).sum(axis=1)[some] / judged.sum(axis=1)[some] for e in (earned, other))
        label = self.truth.label[self.people][some]
        classes = [own[label == k] for k in range(len(self.truth.classes.weight))]
        means = [float(c.mean()) if len(c) >= FEW else np.nan for c in classes]
        return np.array(
            [
                own.mean(),
                others.mean(),
                -np.log(chance[self.held]).mean(),
                np.nanmin(means) if np.isfinite(means).any() else np.nan,
                earned[against].mean() if against.any() else np.nan,
                gini(own, np.ones(len(own), dtype=np.int64)),
                *self._slate_measured(p.utilities(self.everybody(answers))),
                *means,
            ]
        )

    def slate(self, utilities: FloatArray) -> Selection:
        """The slate of the panel and the other participants, by `democratic-fast`.

        Args:
            utilities: float64 [2 n, m], utilities in [0, 1].
        """
        grid = on_grid(utilities)
        key = grid.tobytes()
        if key not in self._slates:
            problem = Problem(self.pool(grid), self.truth.conversation.budget)
            self._slates[key] = find("democratic-fast").run(problem, np.random.default_rng(0))
        return self._slates[key]

    def pool(self, utilities: FloatArray) -> ClosedPool:
        """All statements, with these utilities."""
        costs = self.truth.conversation.costs
        return ClosedPool(_Known(utilities), np.arange(len(costs)), costs)

    @cached_property
    def _wanted(self) -> FloatArray:
        """float64 [2 n, m] utilities when everybody's answers are known."""
        rows = np.concatenate([self.people, self.others])
        return on_grid(self.truth.population.utilities(self.truth.answers[rows]))

    @cached_property
    def _pool(self) -> ClosedPool:
        return self.pool(self._wanted)

    def _slate_measured(self, utilities: FloatArray) -> tuple[float, float, float, float]:
        costs, budget = self.truth.conversation.costs, self.truth.conversation.budget
        ideal, selection = self.slate(self._wanted), self.slate(utilities)
        chosen = selection.candidates
        both = np.intersect1d(ideal.candidates, chosen)
        subject = Subject(self._pool, chosen, selection.assignment, budget)
        best = Subject(self._pool, ideal.candidates, ideal.assignment, budget)
        broken = sweep(subject, subject.own, subject.offers, np.zeros(1), every=True).violations
        return (
            len(both) / len(np.union1d(ideal.candidates, chosen)),
            float(costs[both].sum() / costs[ideal.candidates].sum()),
            # Who is not represented has nothing.
            float((np.maximum(best.own, 0.0) - np.maximum(subject.own, 0.0)).mean()),
            float(len(broken)),
        )


def sides(factors: Factors, answers: IntArray, top: int) -> FloatArray:
    """float64 [n, m]: probability of agreeing (the share of the scale) by a low-rank model, after some answers.

    People's vectors are the posterior mode; statements stay as they were fitted.

    Args:
        factors: the factors, fitted to other people.
        answers: int64 [n, m], the answers; of votes only agree and disagree count.
        top: the largest answer; the model has one trial for votes, as many as this for ratings.
    """
    loadings = Loadings.of(factors)
    counts = (answers != UNASKED) & ((answers != 1) | (top != 2))
    person = located(loadings, np.where(counts, answers / top, np.nan), 1.0 if top == 2 else float(top))
    return loadings.rate(person.mean)


@dataclass(eq=False)
class _Seats:
    """What every question is worth to the slate, which is chosen anew every `REFRESH` questions."""

    newcomers: Newcomers
    calls: int = 0

    def __call__(self, answers: IntArray) -> FloatArray:
        new, p = self.newcomers, self.newcomers.population
        everybody, talk = new.everybody(answers), new.truth.conversation
        if self.calls % REFRESH == 0:
            self.chosen = new.slate(p.utilities(everybody)).candidates
        self.calls += 1
        pool = np.arange(p.n_statements)
        value = SlateValue(p, everybody, self.chosen, pool, talk.costs, talk.budget, seed=new.draw)
        return value.worth_to(np.arange(len(answers))).total


class _Known:
    """Disc over a matrix."""

    def __init__(self, utilities: FloatArray) -> None:
        self._utilities = utilities
        self.n_agents, self.n_statements = utilities.shape

    def utilities(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """float64 [len(agents), len(statements)]."""
        return self._utilities[np.ix_(agents, statements)]

    def known(self, agents: IntArray, statements: IntArray) -> BoolArray:
        """See `Disc.known`; everything is known."""
        return np.ones((len(agents), len(statements)), dtype=bool)
