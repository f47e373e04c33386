"""What is recorded where repeated answers weighed the answers: the choice without weights, and every figure of them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ..audits import Subject, effect_between
from ..audits.answer_records import (
    AnswerFigures,
    AskedAgain,
    Counted,
    EffectRecord,
    Grouping,
    GroupOpinions,
    HeldAgainst,
    HeldOutKinds,
    KindShare,
    PlainStatement,
    StatementOpinions,
    WeightsRecord,
)
from ..engines import Weighing
from ..engines import find as find_engine
from ..profile import BoolArray, FloatArray, InputError, IntArray, Profile, Repeats, Slate
from ..profile.streams import Stream, stream
from ..queries import ClosedPool
from .recorded import recorded

#: Resamples of people behind standard errors and intervals.
SAMPLES = 100
#: Groupings with more labels are counted, not reported.
MOST_LABELS = 50
DIGITS = 6

#: What `folkmoot.slate` takes as ``repeats``: a table's file, or what `formats.repeats.repeats` read from it.
Given = Repeats | str | os.PathLike[str]


def plain_pool(weighing: Weighing, weighted: ClosedPool) -> ClosedPool:
    """The same candidates with every answer counting in full."""
    return ClosedPool(weighing.plain.disc, weighted.statements, weighted.costs, weighted.masses)


def weights_record(weighing: Weighing, weighted: ClosedPool, plain: Subject) -> WeightsRecord:
    """What a slate records besides its own choice: the one that was made without weights.

    Args:
        weighing: the weights of its answers.
        weighted: the pool of the slate.
        plain: the slate chosen without weights.
    """
    ids, people = weighing.plain.profile.statements.ids, weighing.source.agents.ids
    columns = weighted.statements[plain.chosen]
    return WeightsRecord(
        repeats=weighing.kinds.repeats.name,
        not_formed=tuple(ids[int(c)] for c in weighted.statements if weighing.unformed[c]),
        plain=tuple(
            PlainStatement(ids[int(c)], tuple(people[row] for row in np.flatnonzero(plain.assignment == place)))
            for place, c in enumerate(columns)
        ),
    )


def answer_figures(
    weighing: Weighing, subject: Subject, plain: Subject | None, locked_in: Sequence[int]
) -> AnswerFigures:
    """Everything there is to say about the weights (``slate.json`` "audit", "answers").

    Args:
        weighing: the weights of the answers.
        subject: the slate on weighted utilities.
        plain: the slate chosen without weights; None: there is none to compare with (a slate by hand).
        locked_in: pool numbers of statements that the weights cannot bar.
    """
    barred = set(np.flatnonzero(weighing.unformed[subject.pool.statements]).tolist()) - set(locked_in)
    return _Figures(weighing).all(subject, plain, sorted(barred))


@dataclass(frozen=True, eq=False)
class _Figures:
    """Figures about one weighing.

    Args:
        weighing: the weights of the answers.
    """

    weighing: Weighing

    def all(self, subject: Subject, plain: Subject | None, barred: Sequence[int]) -> AnswerFigures:
        """See `answer_figures`; ``barred`` are pool numbers of statements that the weights bar."""
        w = self.weighing
        kinds = w.kinds
        spread = kinds.spread(stream(w.seed, Stream.KINDS_SPREAD), SAMPLES)
        compared = kinds.compare(stream(w.seed, Stream.KINDS_COMPARED))
        statements = self._statements(spread.genuine, spread.support)
        shares = kinds.probability.mean(axis=0)
        again = kinds.repeats
        return AnswerFigures(
            fingerprint=again.fingerprint,
            presentations=len(again),
            pairs=len(kinds.cells.pair_cell),
            asked_again=AskedAgain(
                people=len(np.unique(kinds.cells.pair_agent[self._again])), pairs=int(self._again.sum())
            ),
            unmatched=w.weights.unmatched,
            sideless=kinds.cells.sideless,
            notes=tuple(Counted(n.kind, n.what, n.count, tuple(n.where)) for n in again.notes),
            shares={
                name: KindShare(_number(s), _number(e), _ends(ends))
                for name, s, e, ends in zip(kinds.kinds, shares, spread.error, spread.shares.T, strict=True)
            },
            samples=SAMPLES,
            held_out=HeldOutKinds(
                kinds=_number(compared["kinds"]["held_out"]),
                attitude=_number(compared["attitude"]["held_out"]),
                preferred=compared["preferred"],
            ),
            statements=statements,
            not_formed=tuple(entry.id for entry in statements if entry.label),
            coverage=_number(_mean(self._coverage)),
            groups={name: self._group(labels) for name, labels in w.source.agents.groups.items()},
            effect=None if plain is None else self._effect(subject, plain, barred),
        )

    def _statements(self, genuine: FloatArray, support: FloatArray) -> tuple[StatementOpinions, ...]:
        """Every statement that was asked again, with the ends of the intervals float64 [2, n_statements]."""
        kinds, source = self.weighing.kinds, self.weighing.source
        again = np.bincount(kinds.cells.pair_statement[self._again], minlength=kinds.cells.n_statements)
        found = []
        for entry in kinds.as_dict(source)["statements"]:
            column = source.statement_index[entry["id"]]
            found.append(
                StatementOpinions(
                    **entry,
                    asked_again=int(again[column]),
                    text=source.statements.texts[column],
                    genuine_interval=_ends(genuine[:, column]),
                    support_interval=_ends(support[:, column]),
                )
            )
        return tuple(found)

    @cached_property
    def _again(self) -> BoolArray:
        """bool [pairs]: more than one answer that took a side."""
        return np.asarray(self.weighing.kinds.cells.n[self.weighing.kinds.cells.pair_cell] > 1)

    @cached_property
    def _coverage(self) -> FloatArray:
        return self.weighing.weights.coverage(self.weighing.source.n_agents)

    def _group(self, labels: Sequence[str]) -> Grouping:
        """Coverage and shares of each group; only how many there are where they are too many."""
        known, group = np.unique(np.asarray(labels), return_inverse=True)
        if len(known) > MOST_LABELS:
            return Grouping(len(known), ())
        shares = self.weighing.kinds.group_shares(labels)
        people = np.bincount(group, minlength=len(known))
        asked = np.bincount(group[np.unique(self.weighing.kinds.cells.pair_agent[self._again])], minlength=len(known))
        return Grouping(
            labels=len(known),
            each=tuple(
                GroupOpinions(
                    label=str(label),
                    people=int(people[at]),
                    asked_again=int(asked[at]),
                    coverage=_number(_mean(self._coverage[group == at])),
                    shares={kind: _number(share) for kind, share in shares.get(str(label), {}).items()},
                )
                for at, label in enumerate(known)
            ),
        )

    def _effect(self, subject: Subject, plain: Subject, barred: Sequence[int]) -> EffectRecord:
        found = effect_between(
            plain,
            subject,
            barred=barred,
            utility_range=self.weighing.weights.utility_range,
            coverage={"": _mean(self._coverage)},
        )
        ids = self.weighing.plain.profile.statements.ids

        def names(columns: Sequence[int]) -> tuple[str, ...]:
            return tuple(ids[c] for c in columns)

        return EffectRecord(
            plain=names(found.plain),
            weighted=names(found.weighted),
            entered=names(found.entered),
            left=names(found.left),
            moved=found.moved,
            mass=self.weighing.source.total_mass,
            certificates={
                name: HeldAgainst(
                    violations=names(one.violations),
                    d=one.d,
                    frontier=one.frontier,
                    utility=one.utility if np.isfinite(one.utility) else None,
                )
                for name, one in found.certificates.items()
            },
        )


def repeated(source: Profile, given: Given) -> Repeats:
    """Repeated answers, read where they are not yet.

    Raises:
        InputError: there is no such file, or it is none of this source's.
    """
    if isinstance(given, Repeats):
        return given
    from ..formats.repeats import repeats

    return repeats(given, source)


def refuse_others(engine: str) -> None:
    """Weights are of answers that people gave.

    Raises:
        InputError: the engine judges for them, or is none.
    """
    if find_engine(engine).judges:
        raise InputError(
            f"`repeats` weighs the answers that people gave, but with engine {engine!r} a language model scores "
            "statements for them: leave `repeats` out, or take `engine='embedded'`"
        )


def check_given(slate: Slate, given: Given | None) -> None:
    """Repeated answers are given exactly where a slate was chosen with some; for one by hand either will do.

    Raises:
        InputError: they are not, or they are where none were.
    """
    weights = recorded(slate).weights
    if given is None and weights is not None:
        name = weights.repeats
        raise InputError(
            f"this slate was chosen with weights from repeated answers{f' ({name})' if name else ''}; name their file "
            "with `repeats`"
        )
    if given is not None and weights is None and "id" in slate.process:
        raise InputError("this slate was chosen without repeated answers; leave `repeats` out")


def recorded_plain(weighing: Weighing, slate: Slate, subject: Subject) -> Subject | None:
    """The slate without weights as it stands in the record of the one with them; None: there is none.

    Raises:
        InputError: the record names statements or people that are not there.
    """
    weights = recorded(slate).weights
    if weights is None:
        return None
    index, people = weighing.source.statement_index, weighing.source.agent_index
    place_of = {int(column): place for place, column in enumerate(subject.pool.statements)}
    assignment = np.full(subject.pool.n_agents, -1, dtype=np.int64)
    chosen: list[int] = []
    try:
        for place, entry in enumerate(weights.plain):
            chosen.append(place_of[index[entry.id]])
            assignment[[people[name] for name in entry.agents]] = place
    except KeyError as error:
        raise InputError(
            f"process.weights.plain of the slate is not of this source ({error}); pass the slate.json of a run"
        ) from None
    columns: IntArray = np.array(chosen, dtype=np.int64)
    return Subject(plain_pool(weighing, subject.pool), columns, assignment, subject.budget)


def named_as(slate: Slate, repeats: Repeats) -> Repeats:
    """The same repeated answers under the name a slate records."""
    weights = recorded(slate).weights
    return replace(repeats, name="" if weights is None else weights.repeats)


def _mean(values: FloatArray) -> float:
    there = values[~np.isnan(values)]
    return float(there.mean()) if len(there) else float("nan")


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), DIGITS)


def _ends(values: FloatArray) -> tuple[float | None, float | None]:
    low, high = values
    return _number(low), _number(high)
