"""Equal Shares of cities: the variant against its definition, and official winners from public files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from folkmoot.processes import PROCESSES, Problem
from folkmoot.profile import InputError
from folkmoot.testing.instances import Instance
from folkmoot_studies.cities import study

# 6 people, 60 to spend, 10 each. At first only a (cost 30, 4 supporters) and b (20, 2) are bought; c has too little.
BALLOTS = ("a,c", "a,c", "a", "a,d", "b", "b,d")
COSTS = {"a": 30, "b": 20, "c": 24, "d": 9}


def written(folder: Path, selected: str, rule: str = "equalshares/add1") -> Path:
    projects = "\n".join(f"{name};{cost};{int(name in selected)}" for name, cost in COSTS.items())
    votes = "\n".join(f'{number};"{ballot}"' for number, ballot in enumerate(BALLOTS))
    file = folder / "town.pb"
    file.write_text(
        "META\nkey;value\ndescription;A town\nunit;Town\ninstance;2023\nnum_projects;4\nnum_votes;6\nbudget;60\n"
        f"vote_type;approval\nrule;{rule}\nPROJECTS\nproject_id;cost;selected\n{projects}\nVOTES\nvoter_id;vote\n{votes}\n",
        encoding="utf-8",
    )
    return file


def instance() -> Instance:
    values = np.array([[float(name in ballot) for name in COSTS] for ballot in BALLOTS])
    return Instance(values, np.array(list(COSTS.values())), np.ones(6, dtype=np.int64), 60)


def winners(**parameters: float) -> str:
    problem = Problem(instance().pool(), 60, parameters=parameters)
    chosen = PROCESSES["equal-shares-cities"].run(problem, np.random.default_rng(0)).candidates
    return "".join(sorted("abcd"[a] for a in chosen))


def test_money_is_raised_until_the_winners_would_cost_too_much() -> None:
    # a takes 7.5 of each of four, b all of two. With 12 each d (9 of two people) is paid for; c would need 12 of each
    # of two who have paid for a, so 19.5 each: then all cost 83.
    assert winners(step=1) == "abd"
    # One raise of everybody by 10 goes past the budget at once: what was bought before it stays.
    assert winners(step=10) == "ab"


def test_a_floor_bars_what_few_approve() -> None:
    assert winners(step=1, floor=50) == "a"
    assert winners(step=1, floor=30) == "abd"


def test_the_comparison_takes_the_most_approved_if_more_people_get_more() -> None:
    # Most approved: a (4), then b (2) or c (2) by order, ...: a, b, d are the same winners here, and nothing changes.
    assert winners(step=1, compare=1) == "abd"
    values = np.array([[1, 1, 0, 0]] * 3 + [[0, 0, 1, 1]] * 2, dtype=np.float64)
    town = Instance(values, np.array([30, 30, 12, 12]), np.ones(5, dtype=np.int64), 60)
    chosen = {
        compare: sorted(
            PROCESSES["equal-shares-cities"]
            .run(Problem(town.pool(), 60, parameters={"step": 1, "compare": compare}), np.random.default_rng(0))
            .candidates.tolist()
        )
        for compare in (0, 1)
    }
    # Three of five would have both of their projects for all of the money.
    assert chosen == {0: [0, 2, 3], 1: [0, 1]}


@pytest.mark.parametrize("parameters", [{"step": -1}, {"step": 0.5}, {"floor": 101}, {"compare": 2}])
def test_parameters_out_of_range(parameters: dict[str, float]) -> None:
    with pytest.raises(InputError):
        winners(**parameters)


def test_the_study_says_who_won_and_who_did_not(tmp_path: Path) -> None:
    found = study.run(written(tmp_path, "abd"))
    (town,) = found["elections"]
    assert (town["unit"], town["people"], town["projects"], town["official"]) == ("Town 2023", 6, 4, 3)
    assert town["variants"][study.OFFICIAL] == {"winners": 3, "cost": 59, "extra": [], "lacks": []}
    assert "the official winners in 1 of 1 elections" in study.table(found)
    other = study.run(written(tmp_path, "abc"))
    assert other["elections"][0]["variants"][study.OFFICIAL]["extra"] == ["d"]
    assert other["elections"][0]["variants"][study.OFFICIAL]["lacks"] == ["c"]
    assert "the official winners in 0 of 1 elections" in study.table(other)


def test_elections_by_other_rules_are_not_looked_at(tmp_path: Path) -> None:
    written(tmp_path, "ab", rule="greedy")
    with pytest.raises(InputError, match=r"pabulib\.org"):
        study.run(tmp_path)


@pytest.mark.data
def test_official_winners_of_real_cities(shared: Path) -> None:
    folder = shared / "pabulib"
    if not folder.is_dir():
        pytest.skip("the Pabulib files of Wieliczka 2023, Świecie 2023 and Assen 2024 are not in this folder")
    for one in study.run(folder)["elections"]:
        variant = one["variants"][study.OFFICIAL]
        assert (variant["extra"], variant["lacks"]) == ([], []), one["file"]
