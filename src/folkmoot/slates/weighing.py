"""How much of people's answers is opinion, where they were asked more than once: weights for a slate and its audit."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ..audits import Subject, effect_between
from ..engines.embedded import Engine, Report
from ..profile import BoolArray, FloatArray, InputError, Profile, Repeats, Slate
from ..queries import ClosedPool
from ..queries.reliable import Weighed

if TYPE_CHECKING:
    from ..preferences import AnswerKinds, AnswerWeights

#: Resamples of people behind standard errors and intervals.
SAMPLES = 100
#: Groupings with more labels are counted, not reported.
MOST_LABELS = 50
DIGITS = 6

#: What `api.slate` takes as ``repeats``: a table's file, or what `formats.repeats.repeats` read from it.
Given = Repeats | str | os.PathLike[str]


@dataclass(frozen=True, eq=False)
class Weighing:
    """An engine before and after the answers were weighed.

    Args:
        source: what people said, as read.
        kinds: the fitted mixture.
        weights: of the source's answers.
        plain: the engine as it was.
        engine: the same with weighted utilities.
        seed: of every random choice.
    """

    source: Profile
    kinds: AnswerKinds
    weights: AnswerWeights
    plain: Engine
    engine: Engine
    seed: int

    @classmethod
    def of(cls, source: Profile, prepared: Engine, given: Given, seed: int, report: Report | None = None) -> Weighing:
        """Fits the kinds of answers and weighs an engine's.

        Args:
            source: what people said, as read; ``prepared`` may know more statements, behind these.
            prepared: the engine.
            given: the repeated answers.
            seed: of the starts.
            report: told (stage, share done).

        Raises:
            InputError: answers that are not people's, repeated answers of others, or a design that cannot tell the
                kinds apart.
        """
        # Late: only who asked again needs them.
        from ..preferences import answer_kinds

        refuse_others(str(prepared.description.get("name")))
        if not len(source.answers):
            raise InputError("nobody answered anything that repeated answers could weigh; leave --repeats out")
        repeats = repeated(source, given)
        tell = report or (lambda stage, share: None)
        tell("telling opinions from other answers", 0.0)
        try:
            kinds = answer_kinds(repeats, np.random.default_rng([seed, 30]))
        except InputError as error:
            raise InputError(
                f"{str(error).removesuffix('.')}. To choose without weights leave --repeats out, or give --no-repeats"
            ) from None
        weights = kinds.weigh(source)
        tell("telling opinions from other answers", 1.0)
        p = kinds.parameters
        told = {
            "model": "answer-kinds",
            "kinds": list(kinds.kinds),
            "shares_by": "statement" if kinds.setting.by_statement else "common",
            "slip": _number(p.slip[0]),
            "cue_slip": _number(p.cue_slip[0]),
            "bic": round(kinds.bic, 3),
        }
        engine = replace(
            prepared,
            disc=Weighed(prepared.disc, weights),
            description={**prepared.description, "weights": told},
            notes=(*prepared.notes, *_cautions(kinds, weights)),
        )
        return cls(source, kinds, weights, prepared, engine, seed)

    @property
    def unformed(self) -> BoolArray:
        """bool [n_statements of the engine]: "opinion not formed", so not to be chosen."""
        found = np.zeros(self.engine.profile.n_statements, dtype=bool)
        found[: len(self.kinds.not_formed)] = self.kinds.not_formed
        return found

    def pool(self, weighted: ClosedPool) -> ClosedPool:
        """The same candidates with plain utilities."""
        return ClosedPool(self.plain.disc, weighted.statements, weighted.costs, weighted.masses)

    def record(self, weighted: ClosedPool, plain: Subject) -> dict[str, Any]:
        """What a slate records besides its own choice: the one that was made without weights.

        Args:
            weighted: the pool of the slate.
            plain: the slate chosen without weights.
        """
        ids, people = self.engine.profile.statements.ids, self.source.agents.ids
        columns = weighted.statements[plain.chosen]
        return {
            "repeats": self.kinds.repeats.name,
            "not_formed": [ids[int(c)] for c in weighted.statements if self.unformed[c]],
            "plain": [
                {"id": ids[int(c)], "agents": [people[row] for row in np.flatnonzero(plain.assignment == place)]}
                for place, c in enumerate(columns)
            ],
        }

    def figures(self, subject: Subject, plain: Subject | None, barred: Sequence[int]) -> dict[str, Any]:
        """Everything there is to say about the weights, JSON-ready (``slate.json`` "audit", "answers").

        Args:
            subject: the slate on weighted utilities.
            plain: the slate chosen without weights; None: there is none to compare with (a slate by hand).
            barred: pool numbers of statements that the weights bar.
        """
        kinds = self.kinds
        spread = kinds.spread(np.random.default_rng([self.seed, 31]), SAMPLES)
        compared = kinds.compare(np.random.default_rng([self.seed, 32]))
        told = kinds.as_dict(self.source)
        on = np.bincount(kinds.cells.pair_statement[self._again], minlength=kinds.cells.n_statements)
        for entry in told["statements"]:
            column = self.source.statement_index[entry["id"]]
            entry["asked_again"] = int(on[column])
            entry["text"] = self.source.statements.texts[column]
            entry["genuine_interval"] = _numbers(spread.genuine[:, column])
            entry["support_interval"] = _numbers(spread.support[:, column])
        shares = kinds.probability.mean(axis=0)
        again = kinds.repeats
        return {
            "fingerprint": again.fingerprint,
            "presentations": len(again),
            "pairs": len(kinds.cells.pair_cell),
            "asked_again": {
                "people": len(np.unique(kinds.cells.pair_agent[self._again])),
                "pairs": int(self._again.sum()),
            },
            "unmatched": self.weights.unmatched,
            "sideless": kinds.cells.sideless,
            "notes": [{"kind": n.kind, "what": n.what, "count": n.count, "where": list(n.where)} for n in again.notes],
            "shares": {
                name: {"share": _number(s), "error": _number(e), "interval": _numbers(ends)}
                for name, s, e, ends in zip(kinds.kinds, shares, spread.error, spread.shares.T, strict=True)
            },
            "samples": SAMPLES,
            "held_out": {
                "kinds": _number(compared["kinds"]["held_out"]),
                "attitude": _number(compared["attitude"]["held_out"]),
                "preferred": compared["preferred"],
            },
            "statements": told["statements"],
            "not_formed": [entry["id"] for entry in told["statements"] if entry["label"]],
            "coverage": _number(_mean(self._coverage)),
            "groups": {name: self._group(labels) for name, labels in self.source.agents.groups.items()},
            "effect": None if plain is None else self._effect(subject, plain, barred),
        }

    @cached_property
    def _again(self) -> BoolArray:
        """bool [pairs]: more than one answer that took a side."""
        return np.asarray(self.kinds.cells.n[self.kinds.cells.pair_cell] > 1)

    @cached_property
    def _coverage(self) -> FloatArray:
        return self.weights.coverage(self.source.n_agents)

    def _group(self, labels: Sequence[str]) -> dict[str, Any]:
        """Coverage and shares of each group; only how many there are where they are too many."""
        known, group = np.unique(np.asarray(labels), return_inverse=True)
        if len(known) > MOST_LABELS:
            return {"labels": len(known), "each": []}
        shares = self.kinds.group_shares(labels)
        people = np.bincount(group, minlength=len(known))
        asked = np.bincount(group[np.unique(self.kinds.cells.pair_agent[self._again])], minlength=len(known))
        return {
            "labels": len(known),
            "each": [
                {
                    "label": str(label),
                    "people": int(people[at]),
                    "asked_again": int(asked[at]),
                    "coverage": _number(_mean(self._coverage[group == at])),
                    "shares": {kind: _number(share) for kind, share in shares.get(str(label), {}).items()},
                }
                for at, label in enumerate(known)
            ],
        }

    def _effect(self, subject: Subject, plain: Subject, barred: Sequence[int]) -> dict[str, Any]:
        found = effect_between(
            plain,
            subject,
            barred=barred,
            utility_range=self.weights.utility_range,
            coverage={"": _mean(self._coverage)},
        )
        ids = self.engine.profile.statements.ids

        def names(columns: Sequence[int]) -> list[str]:
            return [ids[c] for c in columns]

        return {
            "plain": names(found.plain),
            "weighted": names(found.weighted),
            "entered": names(found.entered),
            "left": names(found.left),
            "moved": found.moved,
            "mass": self.source.total_mass,
            "certificates": {
                name: {
                    "violations": names(one.violations),
                    "d": one.d,
                    "frontier": [list(point) for point in one.frontier],
                    "utility": one.utility if np.isfinite(one.utility) else None,
                }
                for name, one in found.certificates.items()
            },
        }


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
        InputError: the engine judges for them.
    """
    if engine == "llm":
        raise InputError(
            "--repeats weighs the answers that people gave, but with engine 'llm' a language model scores statements "
            "for them: leave --repeats out, or take engine 'embedded'"
        )


def weighed(
    source: Profile, slate: Slate, prepared: Engine, given: Given | None, report: Report | None = None
) -> Weighing | None:
    """The weighing a slate was chosen with, or that is asked for of one by hand; None: none.

    Args:
        source: as read.
        slate: that is audited.
        prepared: its engine.
        given: the repeated answers.
        report: told (stage, share done).

    Raises:
        InputError: the slate was chosen with repeated answers and they are not given, or the other way round.
    """
    check_given(slate, given)
    return None if given is None else Weighing.of(source, prepared, given, slate.seed, report)


def check_given(slate: Slate, given: Given | None) -> None:
    """Repeated answers are given exactly where a slate was chosen with some; for one by hand either will do.

    Raises:
        InputError: they are not, or they are where none were.
    """
    recorded = slate.process.get("weights")
    if given is None and recorded is not None:
        name = recorded.get("repeats") if isinstance(recorded, Mapping) else ""
        raise InputError(
            f"this slate was chosen with weights from repeated answers{f' ({name})' if name else ''}; name their file "
            "with --repeats (in Python: repeats=...)"
        )
    if given is not None and recorded is None and "id" in slate.process:
        raise InputError("this slate was chosen without repeated answers; leave --repeats out")


def recorded_plain(weighing: Weighing, slate: Slate, subject: Subject) -> Subject | None:
    """The slate without weights as it stands in the record of the one with them; None: there is none.

    Raises:
        InputError: the record names statements or people that are not there.
    """
    found = slate.process.get("weights")
    if found is None:
        return None
    index, people = weighing.source.statement_index, weighing.source.agent_index
    place_of = {int(column): place for place, column in enumerate(subject.pool.statements)}
    assignment = np.full(subject.pool.n_agents, -1, dtype=np.int64)
    chosen = []
    try:
        for place, entry in enumerate(found["plain"]):
            chosen.append(place_of[index[entry["id"]]])
            assignment[[people[name] for name in entry["agents"]]] = place
    except (KeyError, TypeError) as error:
        raise InputError(
            f"process.weights.plain of the slate is not of this source ({error}); pass the slate.json of a run"
        ) from None
    return Subject(weighing.pool(subject.pool), np.array(chosen, dtype=np.int64), assignment, subject.budget)


def named_as(slate: Slate, repeats: Repeats) -> Repeats:
    """The same repeated answers under the name a slate records."""
    found = slate.process.get("weights")
    name = found.get("repeats", "") if isinstance(found, Mapping) else ""
    return replace(repeats, name=str(name))


def _cautions(kinds: AnswerKinds, weights: AnswerWeights) -> list[str]:
    from ..preferences.repeated.answer_kinds import THIN

    found = []
    m = kinds.cells.n_statements
    if never := m - len(kinds.em.here):
        found.append(
            f"{never} of the {m} statements are not in the table of repeated answers: their answers are weighed by the "
            "common shares, and whether an opinion of them is formed is not known."
        )
    if kinds.thin:
        found.append(
            f"{len(kinds.thin)} of the {m} statements were asked again of fewer than {THIN} people often enough: "
            "what is said of their answers is uncertain."
        )
    if weights.unmatched:
        found.append(
            f"{weights.unmatched} repeated answers belong to a person and a statement without an answer in the source: "
            "they count for the shares of the kinds, not for the slate."
        )
    return found


def _mean(values: FloatArray) -> float:
    there = values[~np.isnan(values)]
    return float(there.mean()) if len(there) else float("nan")


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), DIGITS)


def _numbers(values: FloatArray) -> list[float | None]:
    return [_number(value) for value in values]
