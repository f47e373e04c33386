"""How different the outputs of two models are, by domain: the same prompts, as many outputs, texts of one length.

All figures of diversity move with the length and the number of texts, so both sets are cut to what they have in common
for each prompt before they are compared (Shaib et al. 2024; "Diverse, not Short", arXiv 2505.16245).
What is compared are outputs to one prompt, as in Kirk et al. 2024; the figures of a domain are means over its prompts.
Whether outputs are any good is not measured: noise is diverse, too.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..audits import diversity
from ..audits.diversity import Tokens, matched, tokens
from ..formats.heads import head_of
from ..formats.pairs.read import records_in
from ..formats.pairs.roles import text_of
from ..formats.table import listed, plain
from ..profile import FloatArray, InputError
from ..profile.streams import Stream, stream

OUTPUT = ("output", "completion", "response", "generation", "text", "answer", "reply")
PROMPT = ("prompt", "prompt-id", "instruction", "question", "input")
DOMAIN = ("domain", "category", "task", "subject", "source")
#: Outputs that are compared with each other where the sets name no prompts.
PART = 8
Z = 1.959964

#: Every figure, and whether a larger one is more diverse.
FIGURES = {
    "distinct": True,
    "ead": True,
    "compression": False,
    "self_repetition": False,
    "meaning": True,
    "vendi": True,
}


@dataclass(frozen=True)
class Compared:
    """A figure of both sets.

    Args:
        first: the mean over prompts in the first set.
        second: the mean in the second.
        difference: second minus first.
        low: the lower end of its 95 % interval over prompts; nan for a single prompt.
        high: the upper end.
    """

    first: float
    second: float
    difference: float
    low: float
    high: float

    @property
    def clear(self) -> int:
        """1 if the second is clearly larger, -1 if clearly smaller, 0 if it cannot be told."""
        return 1 if self.low > 0 else -1 if self.high < 0 else 0


@dataclass(frozen=True)
class Domain:
    """One domain.

    Args:
        name: the domain; empty: all outputs.
        prompts: how many prompts (or, without prompts, parts) both sets have at least two outputs for.
        outputs: how many outputs of each set were compared.
        length: how many words they were cut to, on average.
        figures: the figures by name.
    """

    name: str
    prompts: int
    outputs: int
    length: float
    figures: Mapping[str, Compared]


@dataclass(frozen=True)
class Diversities:
    """Two sets of outputs compared.

    Args:
        files: the names of both files.
        prompted: whether the outputs say which prompt they answer; else they were dealt into parts at random.
        embedded: whether distances in meaning were measured.
        domains: every domain, and all of them together first.
        left_out: outputs whose prompt the other set does not have, or that stand alone.
    """

    files: tuple[str, str]
    prompted: bool
    embedded: bool
    domains: tuple[Domain, ...]
    left_out: int


Texts = dict[tuple[str, str], list[str]]
Vectors = Callable[[Sequence[str]], FloatArray]


def output_diversity(
    first: str | os.PathLike[str], second: str | os.PathLike[str], *, embed: bool | None = None, seed: int = 0
) -> Diversities:
    """Compares how different the outputs of two models are.

    Args:
        first: the outputs of the first model (a base model, say): JSON lines, JSON, CSV or Parquet with a column
            output, and perhaps prompt and domain.
        second: the outputs of the second (a tuned one).
        embed: whether distances in meaning are measured; None: where the ``text`` extra is installed.
        seed: the seed by which outputs without prompts are dealt into parts.

    Raises:
        InputError: if a file holds no outputs, or both have nothing in common.
        MissingExtraError: if ``embed`` is set and the ``text`` extra is not installed.
    """
    sides = [_outputs(Path(each)) for each in (first, second)]
    prompted = all(any(prompt for _, prompt in side) for side in sides)
    if not prompted:
        sides = [_dealt(side, seed) for side in sides]
    shared = [key for key in sides[0] if key in sides[1] and min(len(side[key]) for side in sides) > 1]
    if not shared:
        raise InputError(
            f"{Path(first).name} and {Path(second).name} have no prompt to which both hold two outputs or more; "
            "diversity is compared among outputs to one prompt"
        )
    vectors = _embedding(embed)
    rows, sizes, lengths = [], [], []
    for key in shared:
        count = min(len(side[key]) for side in sides)
        texts = [side[key][:count] for side in sides]
        words = [[tokens(text) for text in each] for each in texts]
        cut = matched([*words[0], *words[1]], at_least=1).length
        pair = [matched(each, at=cut).texts for each in words]
        even = min(map(len, pair))
        means = [None if vectors is None else vectors(each) for each in texts]
        rows.append([_figures(each[:even], mean) for each, mean in zip(pair, means, strict=True)])
        sizes.append(count)
        lengths.append(cut)
    names = [domain for domain, _ in shared]
    domains = [_domain("", np.ones(len(shared), dtype=bool), rows, sizes, lengths)]
    for name in dict.fromkeys(names):
        if name:
            domains.append(_domain(name, np.array([each == name for each in names]), rows, sizes, lengths))
    total = sum(len(texts) for side in sides for texts in side.values())
    return Diversities(
        (Path(first).name, Path(second).name), prompted, vectors is not None, tuple(domains), total - 2 * sum(sizes)
    )


def _outputs(path: Path) -> Texts:
    """The outputs of a file by domain and prompt."""
    records, _ = records_in(head_of(path))
    names = {plain(str(name)): str(name) for record in records[:100] for name in record}
    output, prompt, domain = (
        next((names[alias] for alias in aliases if alias in names), None) for aliases in (OUTPUT, PROMPT, DOMAIN)
    )
    if output is None:
        raise InputError(
            f"holds no outputs that are recognised; the columns are {listed(list(names.values()), 12)}: call them "
            "output, and prompt and domain",
            file=path,
        )
    found: Texts = {}
    for record in records:
        value = record.get(output)
        for text in value if isinstance(value, list) and all(isinstance(each, str) for each in value) else [value]:
            key = (text_of(record.get(domain)) if domain else "", text_of(record.get(prompt)) if prompt else "")
            if body := text_of(text):
                found.setdefault(key, []).append(body)
    if not found:
        raise InputError("every output is empty", file=path)
    return found


def _dealt(side: Texts, seed: int) -> Texts:
    """Outputs without prompts in parts of `PART`, by domain."""
    by_domain: dict[str, list[str]] = {}
    for (domain, _), texts in side.items():
        by_domain.setdefault(domain, []).extend(texts)
    found: Texts = {}
    for domain, texts in by_domain.items():
        order = stream(seed, Stream.PREFERENCES).permutation(len(texts))
        for place, at in enumerate(order.tolist()):
            found.setdefault((domain, f"part {place // PART}"), []).append(texts[at])
    return found


def _embedding(embed: bool | None) -> Vectors | None:
    from ..preferences.models.text_similarity import Embedding
    from ..profile import MissingExtraError

    if embed is False:
        return None
    try:
        return Embedding().vectors
    except MissingExtraError:
        if embed:
            raise
        return None


def _figures(texts: Sequence[Tokens], vectors: FloatArray | None) -> dict[str, float]:
    found = {
        "distinct": diversity.distinct(texts, 1),
        "ead": diversity.adjusted(texts),
        "compression": diversity.compression_ratio(texts, "bzip2"),
        "self_repetition": diversity.self_repetition(texts),
    }
    if vectors is not None:
        found |= {"meaning": diversity.semantic(vectors), "vendi": diversity.vendi(vectors)}
    return found


def _domain(
    name: str,
    inside: np.ndarray[tuple[int], np.dtype[np.bool_]],
    rows: list[list[dict[str, float]]],
    sizes: list[int],
    lengths: list[int],
) -> Domain:
    at = np.flatnonzero(inside).tolist()
    figures = {}
    for figure in rows[0][0]:
        both = np.array([[side[figure] for side in rows[row]] for row in at])
        both = both[np.isfinite(both).all(axis=1)]
        if not len(both):
            continue
        apart = both[:, 1] - both[:, 0]
        error = float(apart.std(ddof=1)) / np.sqrt(len(apart)) if len(apart) > 1 else float("nan")
        mean = float(apart.mean())
        figures[figure] = Compared(
            float(both[:, 0].mean()), float(both[:, 1].mean()), mean, mean - Z * error, mean + Z * error
        )
    return Domain(name, len(at), sum(sizes[row] for row in at), float(np.mean([lengths[row] for row in at])), figures)
