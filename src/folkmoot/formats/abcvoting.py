"""abcvoting's .abc.yaml files: approval profiles with a committee size and, sometimes, known results."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from ..profile import APPROVAL, Agents, Answers, InputError, MissingExtraError, Profile, Statements
from .base import FORMATS, Format, Head, Notes, ReadOptions, Signature, Source
from .table import short
from .weights import masses_in

MOST_CANDIDATES = 1_000_000


def sniff(head: Head) -> bool:
    """A top-level key ``profile`` that holds a list?

    ``num_cand`` comes after the profile, which may be longer than the beginning that is read here.
    """
    return re.search(r"^profile\s*:\s*(\[|-\s)", head.text, re.MULTILINE) is not None


def read(source: Source, options: ReadOptions) -> Profile:
    """Reads an approval profile; ``committeesize`` and ``compute`` go into the facts as they stand.

    Args:
        source: the file to read.
        options: the reading options, none of which is used.

    Raises:
        InputError: if the file is not YAML, or if a key is missing or has a value that it cannot have.
        MissingExtraError: if the YAML package is not installed.
    """
    path = source.file
    body = _loaded(source.head)
    m = body.get("num_cand")
    if isinstance(m, bool) or not isinstance(m, int) or not 0 < m <= MOST_CANDIDATES:
        raise InputError(f"num_cand must be a whole number from 1 to {MOST_CANDIDATES}", file=path, column="num_cand")
    profile = body.get("profile")
    if not isinstance(profile, list):
        raise InputError("profile must be a list of lists of candidates", file=path, column="profile")
    notes = Notes()
    agent: list[int] = []
    statement: list[int] = []
    for voter, ballot in enumerate(profile, start=1):
        # Written as a set, {0, 1}, YAML makes it the keys of a mapping.
        chosen = list(ballot) if isinstance(ballot, list | dict | set) else None
        if chosen is None or any(isinstance(c, bool) or not isinstance(c, int) or not 0 <= c < m for c in chosen):
            raise InputError(
                f"ballot {voter} must be a list of candidates 0..{m - 1}, not {_shown(ballot)}",
                file=path,
                column="profile",
            )
        if len(set(chosen)) < len(chosen):
            notes.add("changed", "ballots that name a candidate twice, which counts once", f"ballot {voter}")
            chosen = list(dict.fromkeys(chosen))
        agent += [voter - 1] * len(chosen)
        statement += chosen
    stated = body.get("num_voters", len(profile))
    if stated != len(profile):
        raise InputError(
            f"num_voters says {str(stated)[:40]}, the profile has {len(profile)} ballots; the file is cut, or that "
            "number is wrong: correct one of them",
            file=path,
            column="num_voters",
        )
    masses = None
    weights = body.get("voter_weights")
    if weights is not None:
        numbers = isinstance(weights, list) and all(type(w) in (int, float) for w in weights)
        if not numbers or len(weights) != len(profile):
            raise InputError(f"voter_weights must be {len(profile)} numbers", file=path, column="voter_weights")
        try:
            masses = masses_in([float(w) for w in weights])
        except (InputError, OverflowError) as error:
            raise InputError(str(error), file=path, column="voter_weights") from None
        notes.add("seen", "weights read from voter_weights", path.name, len(weights))
    facts: dict[str, Any] = {key: body[key] for key in ("committeesize", "compute") if key in body}
    names = tuple(map(str, range(m)))
    return Profile(
        Agents(tuple(map(str, range(1, len(profile) + 1))), masses=masses),
        Statements(names, names),
        Answers.of(agent, statement, [1.0] * len(agent), APPROVAL),
        notes.all(),
        topic=str(body.get("description") or ""),
        source="abcvoting",
        facts={"files": [path.name], **facts},
    )


def _loaded(head: Head) -> dict[str, Any]:
    try:
        import yaml
    except ImportError:
        raise MissingExtraError("reading abcvoting files needs PyYAML: pip install 'folkmoot[yaml]'") from None
    text, path = "".join(head.lines()), head.path
    try:
        # The loader in C is twenty times as fast, but deep nesting overruns its stack and ends the process.
        loader = yaml.SafeLoader if _deep(text) else getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        body = yaml.load(text, Loader=loader)  # noqa: S506 - both are safe loaders
    except yaml.MarkedYAMLError as error:
        row = error.problem_mark.line + 1 if error.problem_mark is not None else None
        raise InputError(f"not YAML ({error.problem}); the file is cut or damaged", file=path, row=row) from None
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError, TypeError, AttributeError, LookupError) as error:
        raise InputError(f"not YAML ({short(str(error))}); the file is cut or damaged", file=path) from None
    if not isinstance(body, dict):
        raise InputError("holds no keys profile and num_cand", file=path)
    return body


def _deep(text: str, limit: int = 100) -> bool:
    """Whether this YAML may nest deeper than the limit."""
    signs = np.array(list("".join(re.findall(r"[\[\]{}]", text))))
    depth = np.cumsum(np.where((signs == "[") | (signs == "{"), 1, -1)) if len(signs) else np.zeros(1)
    if depth.max() > limit:
        return True
    for line in text.splitlines():
        if len(line) - len(line.lstrip()) > limit or len(re.findall(r"(?<!\S)[-?](?!\S)", line)) > limit:
            return True
    return False


def _shown(ballot: object) -> str:
    try:
        return short(repr(ballot))
    except RecursionError:
        return "lists in lists"


FORMATS.register(Format("abcvoting", "abcvoting .abc.yaml", sniff, read, signature=Signature.STRUCTURE))
