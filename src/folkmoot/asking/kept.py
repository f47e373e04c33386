"""A survey in a file: what was learned from everybody's answers, so that the next question need not learn it again.

The file holds everybody's answers, as the source does: it belongs beside the source, not on a page.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from ..profile import Agents, Answers, InputError, Profile, Scale, Statements
from .population import Population
from .slate_value import SlateValue
from .survey import Survey

SCHEMA = 1
_OWN = ("slate", "budget", "unit", "strict", "seed", "only")


def save(survey: Survey, file: Path, source: str = "") -> None:
    """Writes a survey with everything that its interviews compute once.

    Args:
        survey: the survey.
        file: the file; its folder exists.
        source: tells the source apart from others (`load`); "": its fingerprint.

    Raises:
        InputError: the file cannot be written.
    """
    profile, p = survey.profile, survey.population
    scale = profile.answers.scale
    about: dict[str, Any] = {
        "schema": SCHEMA,
        "source": source or survey.fingerprint,
        "fingerprint": survey.fingerprint,
        "scale": [scale.kind, scale.low, scale.high, scale.complete],
        "agents": list(profile.agents.ids),
        "statements": [list(profile.statements.ids), list(profile.statements.texts)],
        **{name: getattr(survey, name) for name in _OWN},
    }
    arrays: dict[str, Any] = {
        "weight": p.weight,
        "chance": p.chance,
        "worth": p.worth,
        "credit": p.credit,
        "answers": survey.answers.astype(np.int16),
        "pool": survey.pool,
    }
    if survey.slate:
        value = survey.slate_value
        arrays |= {"chosen": value.chosen, "costs": value.costs, "slate_pool": value.pool}
        arrays |= {"leads": value._leads, "margins": value._margins}
        arrays |= {"rival_totals": value._everybody[0], "doubt_totals": value._everybody[1]}
        arrays["rivals"] = np.array(value.rivals, dtype=np.int64).reshape(len(value.rivals), -1)
        about["complaints"] = [list(each) for each in value._complaints]
    text = np.frombuffer(json.dumps(about).encode("utf-8"), dtype=np.uint8)
    try:
        with file.open("wb") as target:
            np.savez_compressed(target, about=text, **arrays)
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror}); name another file", file=file) from None


def load(file: Path, source: str | None = None) -> Survey:
    """The survey of a file.

    Its interviews decide as those of the survey that was saved. Policies with a low-rank model need the source itself.

    Args:
        file: the file that `save` wrote.
        source: what tells the source apart that the survey has to be of; None: any.

    Raises:
        InputError: the file is no survey, is of another version, or of another source.
    """
    try:
        with np.load(file, allow_pickle=False) as found:
            arrays = {name: found[name] for name in found.files}
        about = json.loads(bytes(arrays.pop("about")).decode("utf-8"))
        version = about["schema"]
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError("is no saved survey; delete it or name another file", file=file) from None
    if version != SCHEMA:
        raise InputError(f"is a survey of version {version!r}, this program reads {SCHEMA}; delete it", file=file)
    if source is not None and about["source"] != source:
        raise InputError("was learned from another source, or from this one as it was before; delete it", file=file)
    try:
        return _survey(about, arrays)
    except (KeyError, TypeError, IndexError):
        raise InputError("is a damaged survey; delete it", file=file) from None


def _survey(about: dict[str, Any], arrays: dict[str, Any]) -> Survey:
    kind, low, high, complete = about["scale"]
    nothing = np.zeros(0, dtype=np.int64)
    ids, texts = map(tuple, about["statements"])
    profile = Profile(
        Agents(tuple(about["agents"])),
        Statements(ids, texts),
        Answers.of(nothing, nothing, np.zeros(0), Scale(kind, low, high, complete)),
    )
    population = Population(arrays["weight"], arrays["chance"], arrays["worth"], arrays["credit"])
    own: dict[str, Any] = {name: tuple(about[name]) if name in ("slate", "only") else about[name] for name in _OWN}
    survey = Survey(profile, population, **own)
    answers = arrays["answers"].astype(np.int64)
    # What the survey would compute from the answers of the profile.
    kept: dict[str, Any] = {"pool": arrays["pool"], "fingerprint": about["fingerprint"], "answers": answers}
    if survey.slate:
        chosen, pool, costs = arrays["chosen"], arrays["slate_pool"], arrays["costs"]
        value = SlateValue(population, answers, chosen, pool, costs, survey.budget, survey.seed)
        value.__dict__.update(
            rivals=list(arrays["rivals"]),
            _complaints=[(int(s), int(level), int(need), float(mass)) for s, level, need, mass in about["complaints"]],
            _everybody=(arrays["rival_totals"], arrays["doubt_totals"]),
            _leads=arrays["leads"],
            _margins=arrays["margins"],
        )
        kept["slate_value"] = value
    survey.__dict__.update(kept)
    return survey
