"""Lotteries on a source: probabilities, what groups may expect, and when two statements are the better answer."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

import folkmoot as fm
from folkmoot.cli import main as cli
from folkmoot.processes.maxmin import max_min
from folkmoot.profile import APPROVAL, VOTE, Agents, Answers, InputError, Profile, Scale, Statements
from folkmoot.slates.lottery import RULES


def divided(one: int, other: int, middle: bool = False, scale: Scale = APPROVAL) -> Profile:
    """So many people who want the first statement alone and so many who want the second; a third one nobody minds."""
    names = ("Build the tram line first.", "Build the new road first.", "Ask all of us again next year.")
    wanted = np.repeat([0, 1], [one, other])
    rows, columns = np.arange(one + other), wanted
    if middle:
        rows, columns = np.concatenate([rows, np.arange(one)]), np.concatenate([columns, np.full(one, 2)])
    region = tuple("north" if at == 0 else "south" for at in wanted)
    agents = Agents(tuple(f"p{i}" for i in range(one + other)), groups={"region": region})
    return Profile(agents, Statements(names, names), Answers.of(rows, columns, np.ones(len(rows)), scale))


def test_fifty_one_to_forty_nine_is_a_coin_and_two_statements_are_better() -> None:
    found = fm.lottery(divided(51, 49))
    assert [(one.text[:14], one.probability) for one in found.statements] == [
        ("Build the tram", 0.5),
        ("Build the new ", 0.5),
    ]
    assert found.level == 0.5
    assert [(one.people, one.expected, one.best, one.slate) for one in found.by_group] == [
        (51, 0.5, 1.0, 1.0),
        (49, 0.5, 1.0, 1.0),
    ]
    assert len(found.two) == 2
    assert len(found.two_texts) == 2
    assert found.two_level == 1.0
    assert "`budget=2`" in found.warnings[0]
    assert len(found.warnings) == 1


def test_a_statement_that_serves_all_needs_no_lottery_and_no_warning() -> None:
    profile = divided(30, 30)
    a = profile.answers
    all_of_them = Answers.of(
        np.concatenate([a.agent, np.arange(60)]), np.concatenate([a.statement, np.full(60, 2)]), np.ones(120), APPROVAL
    )
    found = fm.lottery(Profile(profile.agents, profile.statements, all_of_them), groups="region")
    assert [one.probability for one in found.statements] == [1.0]
    assert found.statements[0].text.startswith("Ask")
    assert found.warnings == ()
    assert found.how == "the column 'region' of the source"


def test_a_small_group_counts_as_much_as_a_large_one_and_that_is_said() -> None:
    found = fm.lottery(divided(95, 5), groups="region")
    assert [one.probability for one in found.statements] == [0.5, 0.5]
    assert any("5% of the people" in words for words in found.warnings)
    by_people = fm.lottery(divided(95, 5), "proportional", "region")
    tram, road = (one.probability for one in by_people.statements[:2])
    assert tram / road == pytest.approx(95 / 5, rel=0.05)
    assert not any("split" in words for words in by_people.warnings)


def test_figures_are_those_of_the_formulas() -> None:
    rng = np.random.default_rng(5)
    names = tuple(f"Statement number {j} about the town." for j in range(5))
    region = np.repeat([0, 1, 2], [20, 12, 8])
    values = np.clip(np.rint(4 * (rng.random((3, 5))[region] + 0.2 * rng.standard_normal((40, 5)))), 0, 4)
    scale = Scale("rating", 0.0, 4.0)
    rows, columns = np.nonzero(np.ones((40, 5)))
    agents = Agents(tuple(map(str, range(40))), groups={"region": tuple("abc"[at] for at in region)})
    profile = Profile(agents, Statements(names, names), Answers.of(rows, columns, values.ravel(), scale))
    rewards = np.array([values[region == at].mean(axis=0) / 4 for at in range(3)])
    for rule in RULES:
        found = fm.lottery(profile, rule, "region")
        p = np.zeros(5)
        for one in found.statements:
            p[names.index(one.text)] = one.probability
        assert p.sum() == pytest.approx(1.0, abs=1e-5)
        assert [one.expected for one in found.by_group] == pytest.approx((rewards @ p).tolist(), abs=1e-4)
        assert found.level == min(one.expected for one in found.by_group)
        if rule == "max-min":
            assert found.level == pytest.approx(max_min(rewards).level, abs=1e-5)
    pairs = [
        min(np.maximum(values[:, a], values[:, b])[region == at].mean() / 4 for at in range(3))
        for a in range(5)
        for b in range(a)
    ]
    assert fm.lottery(profile, groups="region").two_level == pytest.approx(max(pairs), abs=1e-5)


def test_groups_below_five_people_are_part_of_another() -> None:
    profile = divided(20, 20)
    labels = ("north",) * 18 + ("far north",) * 2 + ("south",) * 20
    renamed = Profile(Agents(profile.agents.ids, groups={"region": labels}), profile.statements, profile.answers)
    assert [one.people for one in fm.lottery(renamed, groups="region").by_group] == [20, 20]


def test_what_cannot_be_is_refused_with_a_remedy() -> None:
    with pytest.raises(InputError, match="take max-min, regret or proportional"):
        fm.lottery(divided(5, 5), "mean")  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"no column of groups 'age' \(it has 'region'\)"):
        fm.lottery(divided(5, 5), groups="age")
    with pytest.raises(InputError, match="two groups of at least 5"):
        fm.lottery(divided(6, 4), groups="region")
    silent = divided(5, 5)
    with pytest.raises(InputError, match="nobody voted or compared"):
        fm.lottery(Profile(silent.agents, silent.statements, Answers.none(VOTE)))


def test_the_command_prints_the_same_and_keeps_the_column(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "pairs.csv"
    lines = ["participant,winner,loser,region"]
    for i in range(40):
        one, other = ("tram", "road") if i % 2 else ("road", "tram")
        lines += [f"p{i},Build the {one} first,Build the {other} first,{'north' if i % 2 else 'south'}"] * 2
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def run(*words: str) -> str:
        monkeypatch.setattr(sys, "argv", ["folkmoot", "lottery", str(file), *words])
        with pytest.raises(SystemExit) as end:
            cli.main()
        assert not end.value.code
        return capsys.readouterr().out

    found = json.loads(run("--groups", "region", "--json"))
    assert {one["label"] for one in found["by_group"]} == {"north", "south"}
    assert sorted(one["probability"] for one in found["statements"]) == pytest.approx([0.5, 0.5], abs=0.02)
    printed = " ".join(run().split())
    assert "worst off" in printed
    assert "--budget 2, --unit statements and --lock-in" in printed
