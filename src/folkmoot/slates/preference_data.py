"""Everything that `folkmoot prefs` says of preference data, in one record; the call is `prefs`."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ..formats.pairs import SHAPES, Preferences, labelled_lines, read_pairs
from ..preferences.pairs.agreement import Agreement, agreement
from ..preferences.pairs.calibration import Calibration, calibration
from ..preferences.pairs.consistency import Filtered, filtered
from ..preferences.pairs.differences import Example, Leaning, examples, leanings
from ..preferences.pairs.evidence import Features, features_of, rewards
from ..preferences.pairs.failing import Served, by_kind, by_label, everybody, hidden
from ..preferences.pairs.kinds import Gain, Kinds, kinds_of
from ..preferences.pairs.weights import weights
from ..profile import FloatArray, InputError, IntArray, Note, Progress, silent
from ..profile.pairs import overlap
from ..profile.prefs_options import Weighing
from ..profile.sentences import noted
from ..profile.streams import Stream, stream


@dataclass(frozen=True)
class Found:
    """What was found in preference data, without the id of any annotator.

    Args:
        source: the name of the file.
        shape: how it holds judgements.
        licence: where data of that shape come from and under which licence; empty: unknown.
        columns: what was found in which column.
        annotators: how many people judged; 0 where the source does not tell them apart.
        prompts: how many prompts there are; where the source names none, parts of answers that were never compared.
        prompted: whether the source names prompts.
        responses: how many answers.
        pairs: how many judgements, ``ties`` of them ties.
        ties: how many are ties.
        per_prompt: annotators a prompt, on average.
        shared: the share of judged pairs that two annotators or more judged.
        features: ``given``, ``embedded`` or empty.
        agreement: agreement among annotators and with themselves.
        searched: whether kinds were looked for.
        kinds: how many annotators each kind has, largest first; one entry: no kinds were found.
        describe: whether a continuum does as well, so that the kinds describe and do not exist.
        held_out: the mean held-out log-likelihood a person by number of kinds, in nats.
        gain: what the kinds gain over one; None for one kind.
        over_continuum: what they gain over a continuum; None for one kind.
        everybody: how well everybody's hidden judgements are foreseen.
        by_kind: the same by kind.
        by_group: the same by declared column.
        calibration: the pairwise calibration error by number of kinds.
        filtered: what leaving out inconsistent annotators would do.
        leanings: what kinds and groups prefer.
        examples: pairs over which kinds part.
        reward: the kinds' weights on the features as they were given, float64 [K, D] as lists; empty without features.
        notes: what reading changed, dropped or noticed.
    """

    source: str
    shape: str
    licence: str
    columns: Mapping[str, str]
    annotators: int
    prompts: int
    prompted: bool
    responses: int
    pairs: int
    ties: int
    per_prompt: float
    shared: float
    features: str
    agreement: Agreement
    searched: bool
    kinds: tuple[int, ...]
    describe: bool
    held_out: Mapping[int, float]
    gain: Gain | None
    over_continuum: Gain | None
    everybody: Served
    by_kind: tuple[Served, ...]
    by_group: Mapping[str, tuple[Served, ...]]
    calibration: Mapping[int, Calibration]
    filtered: tuple[Filtered, ...]
    leanings: tuple[Leaning, ...]
    examples: tuple[Example, ...]
    reward: tuple[tuple[float, ...], ...]
    notes: tuple[Note, ...]

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON has it; what could not be counted is null."""
        found: dict[str, Any] = _plain(asdict(self))
        return found


@dataclass(frozen=True, eq=False)
class Labels:
    """Labels of annotators and judgements, for whoever has the data.

    Args:
        kind: int64 [n] the kind of every annotator, from 0; None: there is one.
        p_chosen: float64 [s] the chance of every judgement, foreseen while it was hidden.
        weight: float64 [s] how much it should count.
    """

    kind: IntArray | None
    p_chosen: FloatArray
    weight: FloatArray


def preference_data(
    preferences: Preferences,
    *,
    features: FloatArray | None = None,
    embed: bool = False,
    kinds: int | None = None,
    weigh: Weighing = "kinds",
    seed: int = 0,
    report: Progress | None = None,
) -> tuple[Found, Labels]:
    """Examines preference data.

    >>> from folkmoot.formats.pairs import read_pairs                         # doctest: +SKIP
    >>> found, labels = preference_data(read_pairs("prefs.jsonl"))            # doctest: +SKIP

    Args:
        preferences: the data, as `formats.pairs.read_pairs` returns them.
        features: float64 [m, d] features of all answers, in the order in which they first occur; None: each answer has
            a reward of its own.
        embed: whether features are taken from the texts (offline, the ``text`` extra).
        kinds: the number of kinds; None: chosen by people who were left out.
        weigh: what the weights of the labels make equal.
        seed: the seed of every random choice.
        report: called with (stage, share done).

    Raises:
        InputError: if features do not fit.
        MissingExtraError: if texts are to be embedded and the ``text`` extra is not installed.
    """
    progress, pairs = report or silent, preferences.pairs
    if embed and features is None:
        from ..preferences.models.text_similarity import Embedding

        progress(noted("embedding"), 0.0)
        features = Embedding().vectors(pairs.responses)
    turned: Features | None = None if features is None else features_of(pairs, features)
    rng = stream(seed, Stream.PREFERENCES)
    progress(noted("agreement"), 0.0)
    agreed = agreement(pairs, rng)
    progress(noted("kinds of annotators"), 0.1)
    found: Kinds = kinds_of(pairs, rng, turned, kinds)
    progress(noted("hidden judgements"), 0.7)
    warmth = (found.warmths.get(1, 1.0), found.warmths.get(found.classes, 1.0))
    seen = hidden(pairs, found.mixture, rng, turned, warmth)
    kind = found.mixture.member.argmax(axis=1) if found.classes > 1 else None
    a_prompt, shared = overlap(pairs)
    theta = found.mixture.theta[0]
    reward = () if turned is None else tuple(tuple(map(float, row)) for row in turned.reward(theta))
    sizes = [pairs.n_annotators] if kind is None else np.bincount(kind, minlength=found.classes).tolist()
    record = Found(
        source=pairs.source,
        shape=pairs.shape,
        licence=SHAPES[pairs.shape].about if pairs.shape in SHAPES else "",
        columns=dict(pairs.columns),
        annotators=pairs.n_annotators if pairs.named else 0,
        prompts=len(np.unique(pairs.prompt)),
        prompted=pairs.prompted,
        responses=len(pairs.responses),
        pairs=len(pairs),
        ties=int(pairs.tied.sum()),
        per_prompt=a_prompt,
        shared=shared,
        features="" if features is None else "embedded" if embed else "given",
        agreement=agreed,
        searched=found.searched,
        kinds=tuple(map(int, sizes)),
        describe=found.describe,
        held_out=found.held_out,
        gain=found.gain,
        over_continuum=found.over_continuum,
        everybody=everybody(pairs, seen),
        by_kind=by_kind(pairs, seen, found.mixture) if kind is not None else (),
        by_group={column: by_label(pairs, seen, labels) for column, labels in pairs.groups.items()},
        calibration={k: calibration(each) for k, each in found.foreseen.items()},
        filtered=filtered(pairs, kind),
        leanings=leanings(pairs, kind),
        examples=examples(pairs, rewards(theta, turned), kind) if kind is not None else (),
        reward=reward,
        notes=pairs.notes,
    )
    return record, Labels(kind, seen.mixture, weights(pairs, kind, weigh))


def _plain(value: Any) -> Any:
    """A value as JSON has it: mappings with texts as keys, and null for what is no number."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value


@dataclass(frozen=True, eq=False)
class Examined:
    """Preference data with what was found in them.

    Args:
        found: what was found, without the id of any annotator.
        labels: labels of annotators and judgements.
        preferences: the data as they were read.
    """

    found: Found
    labels: Labels
    preferences: Preferences

    def labelled(self) -> Iterator[str]:
        """The data as JSON lines with ``kind``, ``p_chosen`` and ``weight``, as TRL reads them."""
        return labelled_lines(self.preferences, self.labels.kind, self.labels.p_chosen, self.labels.weight)


def prefs(
    source: str | os.PathLike[str],
    *,
    features: str | os.PathLike[str] | FloatArray | None = None,
    embed: bool = False,
    weigh: Weighing = "kinds",
    seed: int = 0,
    id_column: str | None = None,
    group_columns: Sequence[str] = (),
    shape: str | None = None,
    encoding: str | None = None,
    kinds: int | None = None,
    report: Progress | None = None,
) -> Examined:
    """Examines preference data: agreement, kinds of annotators, and whom one reward model fails.

    >>> import folkmoot as fm
    >>> fm.prefs("prefs.jsonl").found.kinds                                   # doctest: +SKIP

    Args:
        source: the file: JSON lines, JSON, CSV or Parquet.
        features: features of the answers (.npy): a row an answer in the order of their first occurrence, or rows x 2 x
            d for the chosen and the rejected answer of every row; or the array itself.
        embed: take features from the texts of the answers, offline, where answers are not shared.
        weigh: what weights make equal: kinds of annotators, annotators, or none (every judgement).
        seed: seed of every random choice; the same seed gives the same bytes.
        id_column: column with the annotator's id, where it cannot be recognised.
        group_columns: columns kept as groups; without it those with usual names, like country.
        shape: how the file holds judgements, like ratings, instead of recognising it.
        encoding: encoding of the text, where it is not recognised rightly.
        kinds: number of kinds of annotators; without it the one that foresees people left out best.
        report: called with (stage, share done).

    Raises:
        InputError: if the file holds no preference data, or features do not fit.
        MissingExtraError: if an optional package is needed that is not installed.
    """
    progress = report or silent
    progress(noted("reading"), 0.0)
    read = read_pairs(source, id_column=id_column, group_columns=group_columns, shape=shape, encoding=encoding)
    array = None if features is None else features_in(features, read)
    found, labels = preference_data(
        read, features=array, embed=embed, kinds=kinds, weigh=weigh, seed=seed, report=progress
    )
    return Examined(found, labels, read)


def features_in(source: str | os.PathLike[str] | FloatArray, read: Preferences) -> FloatArray:
    """Features of all answers, float64 [m, d].

    Args:
        source: an array or a file of numpy's: [m, d] in the order in which answers first occur, or [rows, 2, d] with
            the chosen and the rejected answer of every row of the file.
        read: the data.

    Raises:
        InputError: if the file is none of numpy's, or its shape fits neither answers nor rows.
    """
    pairs, file = read.pairs, None
    if isinstance(source, str | os.PathLike):
        file = source
        try:
            array = np.load(source, allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise InputError(
                f"is no array of numpy's ({' '.join(str(error).split())[:80]}); write it with numpy.save", file=file
            ) from None
    else:
        array = source
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "fiu":
        raise InputError("features have to be one array of numbers", file=file)
    m, rows = len(pairs.responses), len(read.records)
    if array.ndim == 2 and len(array) == m:
        return np.asarray(array, dtype=np.float64)
    if array.ndim == 3 and array.shape[:2] == (rows, 2) and pairs.shape == "pairs":
        values = np.zeros((m, array.shape[2]))
        # An answer that occurs in several rows has the features of its first one.
        for side, answer in ((1, pairs.rejected), (0, pairs.chosen)):
            values[answer[::-1]] = array[pairs.record[::-1], side]
        return values
    raise InputError(
        f"features of shape {' x '.join(map(str, array.shape))} fit neither the {m} answers (a row each) nor the "
        f"{rows} rows ({rows} x 2 x d, of a file with a chosen and a rejected answer in every row)",
        file=file,
    )
