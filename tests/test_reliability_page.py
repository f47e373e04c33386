"""The example of docs/reliability.md runs as it stands, from the design to the weighted slate."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from folkmoot.asking import RepeatDesign
from folkmoot_studies.plural.answer_world import AnswerWorld

PAGE = (Path(__file__).parents[1] / "docs" / "reliability.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def write_survey(design: RepeatDesign, path: Path) -> None:
    """What 600 made-up people answer when they are asked as designed; every step of every questionnaire a row."""
    rng = np.random.default_rng(4)
    hollow = np.arange(24) % 4 == 3
    share = np.where(hollow, 0.05, 0.65)
    shares = np.column_stack([share, 0.4 * (1 - share), 0.6 * (1 - share)])
    rate = np.where(hollow, 0.8, rng.uniform(0.2, 0.8, 24))
    world = AnswerWorld.of(rng, shares, rate, n=design.n_agents, climate=True)
    steps = [(row, step) for row in range(design.n_agents) for step in design.person(row)]
    column = {name: np.array([step[name] for _, step in steps]) for name in ("statement", "cue", "order")}
    who = np.array([row for row, _ in steps])
    agrees = world.answers(who, column["statement"], column["cue"], column["order"], rng)
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["agent", "statement", "answer", "cue", "order", "wave", "region"])
        for (row, step), yes in zip(steps, agrees, strict=True):
            region = "north" if row % 3 else "south"
            asked = [step["cue"], step["order"], step["wave"], region]
            table.writerow([f"p{row}", f"s{step['statement']}", 1 if yes else -1, *asked])


@pytest.mark.long
def test_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "page"}
    for number, block in enumerate(BLOCKS):
        exec(compile(block, f"docs/reliability.md, example {number + 1}", "exec"), names)
        if number == 0:
            write_survey(names["design"], tmp_path / "survey.csv")
    assert len(BLOCKS) == 4
    profile, kinds, effect = names["profile"], names["kinds"], names["effect"]
    assert (profile.n_agents, profile.n_statements, len(profile.answers)) == (600, 24, 600 * 24)
    hollow = {f"s{j}" for j in range(24) if j % 4 == 3}
    labelled = {profile.statements.ids[j] for j in np.flatnonzero(kinds.not_formed)}
    assert len(labelled & hollow) >= 4
    assert len(labelled - hollow) <= 1
    chosen = {profile.statements.ids[j] for j in effect.weighted}
    assert not chosen & labelled
    assert len(hollow & {profile.statements.ids[j] for j in effect.plain}) > len(hollow & chosen)
    assert set(effect.coverage) == {"north", "south", ""}
