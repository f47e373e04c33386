"""Pabulib, PrefLib and abcvoting files: what each kind of ballot becomes."""

from __future__ import annotations

import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest
from formats_samples import ABC, CAT, OLD_SOC, PABULIB, SOC, TOI, file_of

from folkmoot.formats import read
from folkmoot.profile import VOTE, MissingExtraError, Profile


def matrix(profile: Profile) -> list[list[float | None]]:
    m = profile.n_statements
    found: list[list[float | None]] = [[None] * m for _ in profile.agents.ids]
    a = profile.answers
    for i, j, v in zip(a.agent.tolist(), a.statement.tolist(), a.value.tolist(), strict=True):
        found[i][j] = v
    return found


def test_pabulib_approval(tmp_path: Path) -> None:
    profile = read(file_of(tmp_path, PABULIB))
    assert profile.agents.ids == ("a", "b", "c")
    assert profile.statements.texts == ("Library", "Trees; many", "Benches")
    assert profile.statements.costs is not None
    assert profile.statements.costs.tolist() == [600, 500, 300]
    assert profile.facts["budget"] == 1000
    assert matrix(profile) == [[1, 1, None], [1, None, None], [None, None, 1]]
    assert profile.answers.scale.complete
    assert profile.topic == "Budget of a town"
    assert profile.agents.groups == {}
    assert read(file_of(tmp_path, PABULIB), group_columns=["sex"]).agents.groups == {"sex": ("F", "M", "F")}


@pytest.mark.parametrize(
    ("kind", "extra", "expected", "high"),
    [
        ("scoring", "max_points;5\n", [[3, 5, None], [4, None, None], [None, None, 1]], 5),
        ("cumulative", "max_sum_points;8\n", [[3, 5, None], [4, None, None], [None, None, 1]], 8),
    ],
)
def test_pabulib_points(kind: str, extra: str, expected: list[list[float]], high: float, tmp_path: Path) -> None:
    text = PABULIB.replace("vote_type;approval\n", f"vote_type;{kind}\n{extra}").replace(
        "sex;vote\n", "sex;vote;points\n"
    )
    text = text.replace("F;1,2\n", "F;1,2;3,5\n").replace("M;1\n", "M;1;4\n").replace("F;3\n", "F;3;1\n")
    profile = read(file_of(tmp_path, text))
    assert matrix(profile) == expected
    assert (profile.answers.scale.kind, profile.answers.scale.low, profile.answers.scale.high) == ("points", 0, high)
    assert profile.answers.scale.complete


def test_pabulib_ordinal_and_choose_one(tmp_path: Path) -> None:
    ordinal = read(file_of(tmp_path, PABULIB.replace("approval", "ordinal").replace("F;1,2", "F;2,1")))
    assert matrix(ordinal)[0] == [2, 1, None]
    assert ordinal.answers.scale.kind == "ranking"
    one = read(file_of(tmp_path, PABULIB.replace("approval", "choose-1").replace("F;1,2", "F;2")))
    assert matrix(one) == [[None, 1, None], [1, None, None], [None, None, 1]]


@pytest.mark.parametrize("text", [SOC, OLD_SOC])
def test_preflib_orders_expand_to_people(text: str, tmp_path: Path) -> None:
    profile = read(file_of(tmp_path, text))
    assert profile.agents.ids == ("1", "2", "3")
    assert profile.statements.texts == ("Apple", "Pear", "Plum")
    assert matrix(profile) == [[1, 2, 3], [1, 2, 3], [2, 3, 1]]


def test_preflib_ties_and_unlisted(tmp_path: Path) -> None:
    profile = read(file_of(tmp_path, TOI))
    assert matrix(profile) == [[2, 1, 2], [2, 1, 2], [None, None, 1]]
    assert profile.answers.scale.complete
    assert any("leave alternatives out" in n.what and n.count == 1 for n in profile.notes)


def test_preflib_categories(tmp_path: Path) -> None:
    assert matrix(read(file_of(tmp_path, CAT))) == [[1, 1, 0], [1, 1, 0], [0, 0, 0]]
    three = CAT.replace("CATEGORIES: 2", "CATEGORIES: 3").replace("1: {},{1,2,3}", "1: {},3,{2}")
    three = three.replace("# CATEGORY NAME 2: No\n", "# CATEGORY NAME 2: So\n# CATEGORY NAME 3: No\n")
    profile = read(file_of(tmp_path, three))
    assert (profile.answers.scale.low, profile.answers.scale.high) == (1, 3)
    assert matrix(profile) == [[3, 3, 2], [3, 3, 2], [None, 1, 2]]
    votes = three.replace(": Yes", ": agree").replace(": So", ": pass").replace(": No", ": disagree")
    profile = read(file_of(tmp_path, votes))
    assert profile.answers.scale is VOTE
    assert matrix(profile)[2] == [None, -1, 0]


def test_abcvoting(tmp_path: Path) -> None:
    profile = read(file_of(tmp_path, ABC))
    assert matrix(profile) == [[1, 1, None], [None, 1, None], [None, None, None]]
    assert profile.masses.tolist() == [2, 4, 1]
    assert profile.facts["committeesize"] == 2


@pytest.mark.long
def test_published_results_of_approval_voting_fit_the_profiles(tmp_path: Path) -> None:
    with tarfile.open(Path(__file__).parents[1] / "data" / "abc_instances.tar.gz") as archive:
        names = [name for name in archive.getnames() if name.endswith(".yaml")]
        assert len(names) == 320
        for name in names[::4]:
            stream = archive.extractfile(name)
            assert stream is not None
            profile = read(file_of(tmp_path, stream.read()))
            size = profile.facts["committeesize"]
            a = profile.answers
            score = np.bincount(a.statement, weights=profile.masses[a.agent], minlength=profile.n_statements)
            best = np.sort(score)[::-1][:size].sum()
            for entry in profile.facts["compute"]:
                if entry["rule_id"] == "av" and entry["result"]:
                    assert all(score[list(committee)].sum() == best for committee in entry["result"]), name


def test_abcvoting_says_which_extra_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'folkmoot\[yaml\]'"):
        read(file_of(tmp_path, ABC))
