"""What a slate for so many people would take, before anybody is asked: calls, tokens, money, time, memory, machines.

Calls of a language model are counted in rehearsals of each process with made-up people and answers, and grow with the
people. Time and memory of votes follow `benchmarks/planning.py`, which prints both, predicted and measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from math import ceil, exp, log

import numpy as np

from ..engines.protocol import Task
from ..engines.written import write
from ..llm import Endpoint, estimate
from ..llm.account import Account
from ..llm.settings import PICOS
from ..processes import PROCESSES, WRITTEN, find_written
from ..processes.democratic.bjr_sampled import dimension
from ..profile import VOTE, Agents, Answers, InputError, Options, Profile, Statements, WorkError
from ..profile.compiled import kernels
from ..profile.costs import Unit
from ..profile.streams import Stream, stream
from ..queries.language.rehearsal import Rehearsal

#: Words of made-up texts; what they say decides nothing.
VOCABULARY = ("we", "need", "more", "buses", "trees", "parks", "cheaper", "safer", "roads", "in", "the", "town")
#: People of the rehearsals, and how many rehearsals: with more, counts of a process hardly differ from their mean.
REHEARSED, TIMES = 150, 2
#: Words of a statement where the budget is in words: what slates of real conversations have.
WORDS_OF_ONE = 10
#: A person may be drawn for a sample that is at most this share of everybody; else everybody is asked about.
SAMPLED = 0.5
#: CPU seconds and bytes of the main job in memory: at all, for a person, for a person and statement, and bytes for an
#: answer (of which the choice of a model looks at so many at most). Measured by `benchmarks/planning.py` on two shared
#: cores with compiled loops; without them it takes so many times as long.
SECONDS, BYTES = (2.0, 4.9e-4, 1.18e-6), (8.1e7, 4.6e3, 32.6, 730.0)
PLAIN = 1.8
MOST_ANSWERS = 400_000
#: Answers of an event log of 64 MiB: of a larger one shards are worked on instead. CPU seconds and bytes then: at all,
#: for a statement (the model and the choice look at 10,000 people), for a person, for an answer; reading takes no more
#: memory than this.
IN_MEMORY, READING = 1_600_000, 6e8
STREAM_SECONDS, STREAM_BYTES = (4.0, 0.055, 2.5e-5, 6.5e-7), (2.0e8, 1.2e6, 147.0, 8.8)
#: Working hours that a run may take, and cores and memory of a machine.
HOURS, CORES, MEMORY = 8.0, 2, 16e9


@dataclass(frozen=True)
class Size:
    """What is planned for.

    Args:
        participants: how many people.
        statements: how many statements of the source they vote on; where people write there are none to begin with.
        words: how many words a person writes.
        answered: the share of the statements that a person votes on.
    """

    participants: int
    statements: int = 0
    words: float = 40.0
    answered: float = 0.1

    def __post_init__(self) -> None:
        if self.participants < 1:
            raise InputError(f"there are {self.participants} people to plan for; at least 1 is needed")
        if self.statements < 0 or self.words <= 0 or not 0 < self.answered <= 1:
            raise InputError("statements must be at least 0, words of a person above 0, the share answered in (0, 1]")


@dataclass(frozen=True)
class Planned:
    """What one process takes.

    Args:
        process: its id.
        people: how many people are asked about.
        calls: calls of the language model; 0: none is asked.
        input_tokens: tokens of their prompts.
        output_tokens: the most tokens of their answers.
        cost: in the currency of the prices; None: they are not known.
        seconds: from about to about, with the requests in flight of the endpoint, or of CPU on one core.
        memory: bytes at the peak, about.
        machines: how many are needed to be done within `HOURS`: with a language model so many times the requests in
            flight, else machines of `CORES` cores.
        guarantee: what is guaranteed about the slate, and with which probability, in a sentence.
    """

    process: str
    people: int
    calls: int
    input_tokens: int
    output_tokens: int
    cost: Decimal | None
    seconds: tuple[float, float]
    memory: int
    machines: int
    guarantee: str


@dataclass(frozen=True)
class Sample:
    """What sampling does to the guarantee of balanced justified representation (process ``bjr-sampled``, P2).

    Args:
        statements: the number of statements k.
        size: people in each sample for a failure probability of at most ``delta``; everybody where that is not less
            than half of them.
        delta: that probability; 0 where everybody is asked about.
        dimension: the dimension d of the sets of people that approve a statement, in the worst case.
        wanted: the sample that was asked about; 0: none.
        wanted_delta: the probability that the bound leaves to fail for it; 1: nothing is guaranteed.
    """

    statements: int
    size: int
    delta: float
    dimension: int
    wanted: int = 0
    wanted_delta: float = 1.0

    def __str__(self) -> str:
        if not self.delta:
            whole = f"With {self.statements} statements the sample of the guarantee is half of the people or more, so "
            told = whole + "nobody is drawn: everybody is asked about, and the guarantee is certain."
        else:
            told = (
                f"A sample of {self.size:,} people for each of {self.statements} statements guarantees balanced "
                f"justified representation with probability {1 - self.delta:g} (d = {self.dimension}, and the "
                "constant of the proof taken as 1), however many people there are."
            )
        if self.wanted and self.wanted_delta >= 1:
            return f"{told} A sample of {self.wanted:,} guarantees nothing by this bound."
        if self.wanted:
            return f"{told} A sample of {self.wanted:,} guarantees it with probability {1 - self.wanted_delta:.6g}."
        return told


def sample_for(participants: int, k: int, candidates: int, delta: float = 0.05, wanted: int = 0) -> Sample:
    """The sample size 16 k^4 (d + ln(k / delta)), and what a sample that is wanted leaves of the guarantee.

    Args:
        participants: how many people there are.
        k: the number of statements.
        candidates: how many statements there are to choose among, which bounds the dimension d.
        delta: how likely the guarantee may fail.
        wanted: the size of a sample; 0: none is looked at.

    Raises:
        InputError: ``k`` is below 1, or ``delta`` no probability.
    """
    if k < 1 or not 0 < delta < 1:
        raise InputError("a sample needs at least 1 statement, and a probability to fail between 0 and 1")
    d = dimension(candidates)
    size = ceil(16 * k**4 * (d + log(k / delta)))
    left = min(1.0, k * exp(d - wanted / (16 * k**4))) if wanted else 1.0
    if wanted >= participants:
        left = 0.0
    if participants <= size / SAMPLED:
        return Sample(k, participants, 0.0, d, wanted, left)
    return Sample(k, size, delta, d, wanted, left)


def plan(
    size: Size, budget: int, unit: Unit, endpoint: Endpoint | None = None, sample: int = 0, seed: int = 0
) -> list[Planned]:
    """What each process would take.

    Args:
        size: of the conversation.
        budget: of the slate.
        unit: what it counts.
        endpoint: of the language model, for the engine ``llm``; None: people voted, and none is asked.
        sample: how many people are asked about; 0: everybody.
        seed: of the rehearsals.
    """
    if endpoint is None:
        return [voted(size)]
    people = min(sample or size.participants, size.participants)
    found = []
    for id in WRITTEN:
        if unit not in find_written(id).units:
            continue
        rows = [rehearsed(id, size.words, budget, unit, endpoint, REHEARSED, seed + at) for at in range(TIMES)]
        found.append(_extrapolated(id, rows, people, endpoint))
    return found


def statements_of(budget: int, unit: Unit) -> int:
    """About how many statements a slate has."""
    return budget if unit == "statements" else max(1, round(budget / WORDS_OF_ONE))


def voted(size: Size) -> Planned:
    """What the main job takes where people voted: in memory, or shard by shard where that is too much."""
    n, cells = size.participants, size.participants * size.statements
    answers = cells * size.answered
    about = "cBJR is audited exactly among everybody; what is unknown is predicted, and draws say how sure that is."
    if answers > IN_MEMORY:
        about = (
            f"{about} The model and the choice look at 10,000 people, as in every event log of more than 64 MiB, which "
            "is read as a stream."
        )
        seconds = _sum(STREAM_SECONDS, (1, size.statements, n, answers))
        memory = _sum(STREAM_BYTES, (1, size.statements, n, min(answers, READING / STREAM_BYTES[3])))
    else:
        seconds = _sum(SECONDS, (1, n, cells))
        memory = _sum(BYTES, (1, n, cells, min(answers, MOST_ANSWERS)))
    seconds *= 1.0 if kernels() else PLAIN
    machines = max(1, ceil(seconds / 3600 / HOURS / CORES))
    return Planned("robust", n, 0, 0, 0, Decimal(0), (seconds, seconds), int(memory), machines, about)


def _sum(rates: Sequence[float], counts: Sequence[float]) -> float:
    return sum(rate * count for rate, count in zip(rates, counts, strict=True))


def rehearsed(
    process: str, words: float, budget: int, unit: Unit, endpoint: Endpoint, people: int, seed: int
) -> tuple[int, int, int, int]:
    """People, calls, tokens in and tokens out of one run of a process with made-up people and answers."""
    model = Rehearsal(None, endpoint.model, endpoint.dialect.logprobs)
    options = Options(engine="llm", process=process)
    # Made-up answers may lead to no slate; what was asked until then counts.
    with suppress(WorkError):
        write(made_up(people, words, seed), Task(options, budget, unit, seed), Account(model, endpoint))
    found = estimate([endpoint.dialect.as_asked(call) for call in model.calls], endpoint)
    return people, found.calls, found.input_tokens, found.output_tokens


def made_up(people: int, words: float, seed: int) -> Profile:
    """People who write about so many words each, at random."""
    rng = stream(seed, Stream.PLANNED, people)
    lengths = np.maximum(3, rng.poisson(words, people))
    texts = tuple((" ".join(rng.choice(VOCABULARY, length)).capitalize() + ".",) for length in lengths.tolist())
    agents = Agents(tuple(f"p{row}" for row in range(people)), texts)
    return Profile(agents, Statements((), ()), Answers.of([], [], [], VOTE), topic="the town")


def _extrapolated(id: str, rows: Sequence[tuple[int, int, int, int]], people: int, endpoint: Endpoint) -> Planned:
    """What is asked grows with the people, as everybody is asked about the same number of statements."""
    rehearsed_people = sum(row[0] for row in rows)
    calls, into, out = (round(sum(row[place] for row in rows) * people / rehearsed_people) for place in (1, 2, 3))
    cost = endpoint.cost(into, out)
    usual = replace(estimate([], endpoint), calls=calls)
    memory = int(BYTES[0] + people * (BYTES[1] + 8.0 * into / max(1, calls)))
    machines = max(1, ceil(usual.seconds[1] / 3600 / HOURS))
    return Planned(
        id,
        people,
        calls,
        into,
        out,
        None if cost is None else Decimal(cost) / PICOS,
        usual.seconds,
        memory,
        machines,
        _promise(id),
    )


def _promise(id: str) -> str:
    known = PROCESSES.get(id)
    if id == "prose" or (known is not None and known.guarantee):
        return "balanced justified representation, as the model judges people and as far as its queries are exact"
    if id == "clustering":
        return "none; its calls grow with the clusters it finds in what people write, which a rehearsal does not know"
    return "none"
