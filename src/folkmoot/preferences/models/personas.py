"""Attentive multi-persona factorization: several personas a person, of which the one a statement speaks to answers.

Barkan, Fuchs, Caciularu, Koenigstein, "Explainable Recommendations via Attentive Multi-Persona Collaborative
Filtering", RecSys 2020; the form of `persona_net`, with a learned temperature, is not checked against the paper's own
equations. It is a device of attribution (who in this person spoke?): the low-rank model predicts votes better, and
``auto`` does not consider personas.

On votes the score is the logit of agreeing, fitted to the posterior mode under Gaussian priors; predictions and draws
average over a Laplace approximation for every person, attention held where it was fitted. Taking a side at all is
predicted by person and statement biases. People's weights count in the likelihood of vectors, biases and maps. The
likelihood has many modes; which is found depends on what people answered (`start`), not on the order they came in.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from ...profile import BoolArray, FloatArray, InputError, IntArray, Profile
from ..entries import Entries, completed, sided_entries
from ..factors import sigmoid
from ..held_out import child
from ..registry import two_part_model
from ..start import Start, mixed, mixtures
from ..two_part import SampledParts, TwoPart
from .baselines import fit_bias
from .low_rank import LowRank
from .persona_net import Adam, Net, Parameters, attention

#: Prior precisions of personas, of statements' vectors, and of biases around the statement's mean.
RIDGE, VECTOR_RIDGE, BIAS_RIDGE = 4.0, 4.0, 2.0
_STEPS, _RATE = 150, 0.05


class Frame(NamedTuple):
    """What stays when other people are met.

    Args:
        start: the coordinates of people and statements.
        mixture: float64 [T, d, L] the mixtures of the coordinates that the personas started as.
        base: float64 [m] the log-odds of every statement.
        certain: float64 [m] the posterior precision of statements' biases.
    """

    start: Start
    mixture: FloatArray
    base: FloatArray
    certain: FloatArray


class Personas(TwoPart):
    """A fitted model.

    Args:
        profile: the profile that it was fitted to.
        fitted: the personas, vectors, biases and maps.
        bias: the model that predicts taking a side.
        parameters: the choices that were made.
        frame: the part that stays when other people are met.
    """

    id = "personas"

    def __init__(
        self, profile: Profile, fitted: Parameters, bias: LowRank, parameters: dict[str, Any], frame: Frame
    ) -> None:
        super().__init__(profile, parameters)
        self.fitted, self.bias, self.frame = fitted, bias, frame
        self._entries = sided_entries(profile)

    def parts(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        row, column = np.repeat(agents, len(statements)), np.tile(statements, len(agents))
        weight, inner = attention(self.fitted, row, column)
        mean = (weight * inner).sum(axis=0) + self.fitted.bias[column]
        shape = (len(agents), len(statements))
        direction = self._directions(weight, column).reshape(-1, *shape)
        inside = np.einsum("inm,nij->jnm", direction, self.spread[agents])
        variance = (inside * direction).sum(axis=0) + 1.0 / self.frame.certain[statements]
        return self.bias.parts(agents, statements)[0], _averaged(mean.reshape(shape), variance)

    def at(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        agree = np.empty(len(agents))
        for start in range(0, len(agents), 20_000):
            part = slice(start, start + 20_000)
            row, column = agents[part], statements[part]
            weight, inner = attention(self.fitted, row, column)
            direction = self._directions(weight, column)
            inside = np.einsum("ip,pij->jp", direction, self.spread[row])
            variance = (inside * direction).sum(axis=0) + 1.0 / self.frame.certain[column]
            agree[part] = _averaged((weight * inner).sum(axis=0) + self.fitted.bias[column], variance)
        return self.bias.at(agents, statements)[0], agree

    def meet(self, profile: Profile) -> Personas:
        """See `TwoPart.meet`: personas from people's own answers, starting where anybody with them starts."""
        profile = self.met(profile)
        e = sided_entries(profile)
        people = self.frame.start.others(e.row, e.column, e.y - sigmoid(self.frame.base[e.column]), e.n_rows)
        begin = Parameters.small(mixed(self.frame.mixture, people), self.fitted.vector)
        fitted = replace(self.fitted, persona=begin.persona)
        _descend(e, fitted, self.frame.base, int(self.parameters["steps"]), ("persona",))
        return Personas(profile, fitted, self.bias.meet(profile), dict(self.parameters), self.frame)

    def draw(self, rng: np.random.Generator) -> PersonaDraw:
        return PersonaDraw(self, rng)

    def spoke(self, agents: IntArray, statements: IntArray) -> IntArray:
        """Who in this person spoke: the persona with the most attention, int64 [n_agents, n_statements].

        Personas are numbered within a person; a number means nothing across people. Ties: the first.
        """
        return np.asarray(self.attention(agents, statements).argmax(axis=2), dtype=np.int64)

    def attention(self, agents: IntArray, statements: IntArray) -> FloatArray:
        """What each persona had to say, float64 [n_agents, n_statements, T], adding up to 1."""
        return attention_block(self.fitted, np.asarray(agents), np.asarray(statements))

    @cached_property
    def spread(self) -> FloatArray:
        """Covariance of everybody's personas, float64 [n, T d, T d]."""
        return np.asarray(np.linalg.inv(self._precision), dtype=np.float64)

    @cached_property
    def _precision(self) -> FloatArray:
        e = self._entries
        net = Net(e.row, e.column, e.n_rows, e.n_columns)
        weight, inner = attention(self.fitted, e.row, e.column)
        mean = (weight * inner).sum(axis=0) + self.fitted.bias[e.column]
        p = sigmoid(mean)
        certain = e.trials * p * (1.0 - p)
        direction = self._directions(weight, e.column)
        size = len(direction)
        precision = np.zeros((e.n_rows, size, size))
        for i in range(size):
            for j in range(i + 1):
                if len(net.by_row.starts):
                    product = certain * direction[i] * direction[j]
                    precision[net.by_row.filled, i, j] = np.add.reduceat(product, net.by_row.starts)
                precision[:, j, i] = precision[:, i, j]
        precision += RIDGE * np.eye(size)
        return precision

    def _directions(self, weight: FloatArray, column: IntArray) -> FloatArray:
        """How a score moves with the person's personas, float64 [T d, n_pairs]."""
        return np.concatenate([part * self.fitted.vector[:, column] for part in weight])


class PersonaDraw(SampledParts):
    """Everybody's personas and the statements' biases from the Laplace approximation."""

    def __init__(self, model: Personas, rng: np.random.Generator) -> None:
        super().__init__(model.scale, model.trials)
        p = model.fitted
        count, rank, n = p.persona.shape
        factor = np.linalg.cholesky(model._precision)
        noise = np.linalg.solve(factor.transpose(0, 2, 1), rng.standard_normal((n, count * rank, 1)))[..., 0]
        self._fitted = p
        self._persona = p.persona + noise.T.reshape(count, rank, n)
        self._bias = p.bias + rng.standard_normal(len(p.bias)) / np.sqrt(model.frame.certain)
        self._side = model.bias.draw(rng)

    def parts(self, agents: IntArray, statements: IntArray) -> tuple[FloatArray, FloatArray]:
        weight = attention_block(self._fitted, agents, statements)
        inner = np.einsum("tdn,dm->nmt", self._persona[:, :, agents], self._fitted.vector[:, statements])
        agree = sigmoid((weight * inner).sum(axis=2) + self._bias[statements])
        return self._side.parts(agents, statements)[0], agree


def attention_block(p: Parameters, agents: IntArray, statements: IntArray) -> FloatArray:
    """Attention of a block, float64 [n_agents, n_statements, T]."""
    row, column = np.repeat(agents, len(statements)), np.tile(statements, len(agents))
    weight, _ = attention(p, row, column)
    return weight.T.reshape(len(agents), len(statements), len(weight))


@two_part_model(
    id="personas",
    about="several personas a person; research, no better than low-rank",
    undercovers="90 % intervals hold 82 to 87 of 100 people's totals: personas count as known",
    keeps=("personas", "rank", "steps"),
    meets=True,
)
def fit(
    profile: Profile,
    rng: np.random.Generator,
    *,
    personas: int = 4,
    rank: int = 4,
    steps: int = _STEPS,
    **_: Any,
) -> Personas:
    """Fits personas to votes or ratings.

    Args:
        profile: the answers; whatever is missing was not answered. Complete ballots are completed with what they leave
            out.
        rng: the generator for the starting point.
        personas: the number of personas a person has.
        rank: the length of vectors.
        steps: the number of steps of Adam, each over all answers.

    Raises:
        InputError: there is fewer than one persona or factor.
    """
    if personas < 1 or rank < 1:
        raise InputError("a person needs at least one persona, and a persona at least one factor")
    profile = completed(profile)
    own = child(rng)
    e = sided_entries(profile)
    base = _log_odds(e)
    begin = Start.of(e.row, e.column, e.y - sigmoid(base[e.column]), e.weights, e.n_columns, own)
    mixture, of_vectors = mixtures((personas, rank), own), mixtures((rank,), own)
    p = Parameters.small(mixed(mixture, begin.people), mixed(of_vectors, begin.statements))
    p.bias += base
    _descend(e, p, base, steps)
    # Nothing is known of statements without answers, so the prior's mode stands, not what is left of the start.
    silent = np.bincount(e.column, minlength=e.n_columns) == 0
    p.vector[:, silent], p.bias[silent] = 0.0, base[silent]
    weight, inner = attention(p, e.row, e.column)
    likely = sigmoid((weight * inner).sum(axis=0) + p.bias[e.column])
    heavy = e.trials * e.weights[e.row]
    certain = np.asarray(
        BIAS_RIDGE + np.bincount(e.column, heavy * likely * (1.0 - likely), e.n_columns), dtype=np.float64
    )
    chosen = {"personas": personas, "rank": rank, "steps": steps, "temperature": round(float(np.exp(p.tau[0])), 6)}
    frame = Frame(begin, mixture, base, certain)
    return Personas(profile, p, fit_bias(profile, own), chosen, frame)


def _descend(e: Entries, p: Parameters, base: FloatArray, steps: int, only: tuple[str, ...] | None = None) -> None:
    """Adam towards the posterior mode, in place; ``only`` some of the parameters."""
    net, adam = Net(e.row, e.column, e.n_rows, e.n_columns, e.weights), Adam(_RATE)

    def slope(scores: FloatArray) -> FloatArray:
        return np.asarray(e.trials * (sigmoid(scores) - e.y), dtype=np.float64)

    for step in range(steps):
        gradient = net.gradient(p, slope)
        gradient.persona += RIDGE * p.persona
        gradient.vector += VECTOR_RIDGE * p.vector
        gradient.bias += BIAS_RIDGE * (p.bias - base)
        adam.rate = _RATE * min(1.0, 2.0 * (1.0 - step / steps))
        adam.step(p, gradient, only)
    # Nothing is known of people without answers, and the prior's mode stands.
    p.persona[:, :, np.bincount(e.row, minlength=e.n_rows) == 0] = 0.0


def fit_choices(
    chose: BoolArray,
    rng: np.random.Generator,
    *,
    personas: int = 4,
    rank: int = 4,
    steps: int = 200,
    ridge: float = 1.0,
    sharp: float = 0.0,
) -> Parameters:
    """Fits personas to choices alone (implicit feedback): each is explained by a softmax over all statements.

    The paper samples the softmax's alternatives; here all are taken.

    Args:
        chose: bool [n, m] what each person chose.
        rng: the generator for the starting point.
        personas: the number of personas a person has; 1 is plain matrix factorization.
        rank: the length of vectors.
        steps: the number of steps of Adam.
        ridge: the prior precision of personas and vectors.
        sharp: the weight of the attention's entropy, against it on what was chosen and for it elsewhere.
    """
    n, m = chose.shape
    row, column = np.divmod(np.arange(n * m), m)
    net = Net(row, column, n, m)
    residual = (chose - chose.mean(axis=0)).ravel()
    begin = Start.of(row, column, residual, np.ones(n), m, rng)
    mixture, of_vectors = mixtures((personas, rank), rng), mixtures((rank,), rng)
    p = Parameters.small(mixed(mixture, begin.people), mixed(of_vectors, begin.statements))
    counts = chose.sum(axis=1, keepdims=True)
    pull = np.where(chose, sharp, -sharp * counts / np.maximum(m - counts, 1)).ravel()
    adam = Adam(_RATE)

    def slope(scores: FloatArray) -> FloatArray:
        block = scores.reshape(n, m)
        likely = np.exp(block - block.max(axis=1, keepdims=True))
        return np.asarray((counts * likely / likely.sum(axis=1, keepdims=True) - chose).ravel(), dtype=np.float64)

    for step in range(steps):
        gradient = net.gradient(p, slope, pull if sharp else None)
        gradient.persona += ridge * p.persona
        gradient.vector += ridge * p.vector
        gradient.bias += ridge * p.bias
        adam.rate = _RATE * min(1.0, 2.0 * (1.0 - step / steps))
        adam.step(p, gradient)
    return p


def scores(p: Parameters) -> FloatArray:
    """The scores of every person and statement, float64 [n, m]."""
    n, m = p.persona.shape[2], len(p.bias)
    row, column = np.divmod(np.arange(n * m), m)
    weight, inner = attention(p, row, column)
    return np.asarray(((weight * inner).sum(axis=0) + p.bias[column]).reshape(n, m), dtype=np.float64)


def _log_odds(e: Entries) -> FloatArray:
    """The log-odds of every statement's mean, drawn two answers' worth towards the overall mean."""
    heavy = e.weights[e.row]
    ones = np.bincount(e.column, heavy * e.y, e.n_columns)
    total = np.bincount(e.column, heavy, e.n_columns)
    overall = (ones.sum() + 0.5) / (total.sum() + 1.0)
    mean = (ones + 2.0 * overall) / (total + 2.0)
    return np.asarray(np.log(mean) - np.log1p(-mean), dtype=np.float64)


def _averaged(mean: FloatArray, variance: FloatArray) -> FloatArray:
    """The sigmoid's mean under a Gaussian (MacKay 1992)."""
    return sigmoid(mean / np.sqrt(1.0 + np.pi / 8.0 * variance))
