"""Diversity of two sets of model outputs: by domain, at equal numbers and lengths, with what cannot be told."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from folkmoot.profile import InputError
from folkmoot.report.output_diversity_text import diversity_text
from folkmoot.slates.output_diversity import Diversities, output_diversity

WORDS = [f"word{n}" for n in range(60)]


def outputs(
    folder: Path, name: str, width: dict[str, int], *, length: int = 30, each: int = 4, prompts: int = 12
) -> Path:
    """Outputs whose words come from a vocabulary of a width for each domain."""
    rng = np.random.default_rng(sum(map(ord, name)))
    rows = [
        {
            "domain": domain,
            "prompt": f"{domain} {prompt}",
            "completion": " ".join(rng.choice(WORDS[:size], length)),
        }
        for domain, size in width.items()
        for prompt in range(prompts)
        for _ in range(each)
    ]
    file = folder / name
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def compared(folder: Path, **options: object) -> Diversities:
    base = outputs(folder, "base.jsonl", {"code": 60, "stories": 20})
    tuned = outputs(folder, "tuned.jsonl", {"code": 20, "stories": 60}, **options)  # type: ignore[arg-type]
    return output_diversity(base, tuned, embed=False)


def test_each_domain_is_told_apart(tmp_path: Path) -> None:
    found = compared(tmp_path)
    both = {domain.name: domain.figures for domain in found.domains}
    assert list(both) == ["", "code", "stories"]
    assert both["code"]["distinct"].clear == -1
    assert both["code"]["compression"].clear == 1  # more is alike
    assert both["stories"]["ead"].clear == 1
    assert both[""]["distinct"].clear == 0
    said = diversity_text(found)
    assert "code: 12 prompts, 48 outputs each, cut to 30 words" in said
    assert said.count("The second set is less diverse (by") == 1
    assert said.count("The second set is more diverse (by") == 1
    assert "noise is diverse" in said


def test_longer_or_more_outputs_are_not_more_diverse(tmp_path: Path) -> None:
    """The same words at thrice the length and twice the number: no difference that is not one of the texts."""
    base = outputs(tmp_path, "base.jsonl", {"": 40})
    long = outputs(tmp_path, "long.jsonl", {"": 40}, length=90, each=8)
    found = output_diversity(base, long, embed=False)
    (whole,) = found.domains
    assert whole.length == 30
    assert found.left_out == 48
    assert all(one.clear == 0 for one in whole.figures.values())
    assert "No difference can be told." in diversity_text(found)


def test_without_prompts_outputs_are_dealt_into_parts(tmp_path: Path) -> None:
    for name, size in (("a.jsonl", 60), ("b.jsonl", 15)):
        rows = map(json.loads, outputs(tmp_path, name, {"x": size}).read_text().splitlines())
        (tmp_path / name).write_text("".join(json.dumps({"text": row["completion"]}) + "\n" for row in rows))
    found = output_diversity(tmp_path / "a.jsonl", tmp_path / "b.jsonl", embed=False)
    assert not found.prompted
    assert found.domains[0].prompts == 6
    assert found.domains[0].figures["distinct"].clear == -1
    assert "random parts" in diversity_text(found)


def test_meaning_is_measured_where_it_can_be(tmp_path: Path) -> None:
    pytest.importorskip("wordllama")
    one, other = tmp_path / "one.jsonl", tmp_path / "other.jsonl"
    same = ["Trees cool the street.", "Trees make the street cooler.", "Street trees cool it."]
    apart = ["Trees cool the street.", "The opera opens at eight.", "Python has no macros."]
    for file, texts in ((one, same), (other, apart)):
        file.write_text("".join(json.dumps({"prompt": "p", "output": text}) + "\n" for text in texts))
    figures = output_diversity(one, other).domains[0].figures
    assert figures["meaning"].second > figures["meaning"].first + 0.2
    assert math.isnan(figures["meaning"].low)  # one prompt has no interval
    assert "one prompt: no interval" in diversity_text(output_diversity(one, other))


def test_slips_are_said(tmp_path: Path) -> None:
    base = outputs(tmp_path, "base.jsonl", {"code": 60})
    other = outputs(tmp_path, "other.jsonl", {"maths": 60})
    with pytest.raises(InputError, match="no prompt to which both hold two outputs"):
        output_diversity(base, other, embed=False)
    (tmp_path / "no.jsonl").write_text('{"x": 1}\n{"x": 2}\n')
    with pytest.raises(InputError, match="no outputs that are recognised; the columns are 'x'"):
        output_diversity(base, tmp_path / "no.jsonl")
