"""One odd ballot, quote or header costs a note, not the file; stated numbers are checked; limits are named so."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from formats_samples import ABC, CAT, PABULIB, SOC, file_of
from hypothesis import given, settings
from hypothesis import strategies as st

import folkmoot as fm
from folkmoot.formats import rankings, read
from folkmoot.formats.money import Amounts
from folkmoot.profile import InputError, Note, Profile

POINTS = PABULIB.replace("approval", "cumulative").replace("sex;vote\n", "sex;vote;points\n")
POINTS = POINTS.replace("F;1,2\n", "F;1,2,1;3,5,3\n").replace("M;1\n", "M;1;4\n").replace("F;3\n", "F;3;1\n")


def note(profile: Profile, start: str) -> Note:
    return next(each for each in profile.notes if each.what.startswith(start))


def answered(profile: Profile) -> list[tuple[str, str, float]]:
    a, agents, statements = profile.answers, profile.agents.ids, profile.statements.ids
    return [
        (agents[i], statements[j], v)
        for i, j, v in zip(a.agent.tolist(), a.statement.tolist(), a.value.tolist(), strict=True)
    ]


def test_a_project_that_is_named_twice_counts_once(tmp_path: Path) -> None:
    profile = read(file_of(tmp_path, PABULIB.replace("M;1\n", "M;3,1,3\n")))
    assert [(s, v) for a, s, v in answered(profile) if a == "b"] == [("1", 1.0), ("3", 1.0)]
    twice = note(profile, "ballots that name a project twice, which counts once")
    assert (twice.kind, twice.count, twice.where) == ("changed", 1, ("file.txt row 17",))


def test_in_a_ranking_the_first_place_counts_and_in_points_the_first_points(tmp_path: Path) -> None:
    ranked = read(file_of(tmp_path, PABULIB.replace("approval", "ordinal").replace("F;1,2", "F;2,2,1,3")))
    assert [(s, v) for a, s, v in answered(ranked) if a == "a"] == [("1", 2.0), ("2", 1.0), ("3", 3.0)]
    points = read(file_of(tmp_path, POINTS))
    assert [(s, v) for a, s, v in answered(points) if a == "a"] == [("1", 3.0), ("2", 5.0)]
    assert note(points, "ballots that name a project twice").what.endswith("once")
    differ = read(file_of(tmp_path, POINTS.replace("3,5,3", "3,5,2")))
    assert note(differ, "ballots that name a project twice").what.endswith("the first of its points count")
    once = read(file_of(tmp_path, PABULIB.replace("approval", "choose-1").replace("F;1,2", "F;2,2")))
    assert [s for a, s, _ in answered(once) if a == "a"] == ["2"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(1, 3), max_size=5), min_size=1, max_size=6))
def test_ballots_with_repetitions_are_the_ballots_without(ballots: list[list[int]]) -> None:
    head = PABULIB[: PABULIB.index("a;33")].replace("num_votes;3\n", "")

    def profile(drawn: list[list[int]]) -> Profile:
        rows = [f"v{k};30;F;{','.join(map(str, ballot))}\n" for k, ballot in enumerate(drawn)]
        with tempfile.TemporaryDirectory() as folder:
            return read(file_of(Path(folder), head + "".join(rows)))

    given_, plain = profile(ballots), profile([list(dict.fromkeys(ballot)) for ballot in ballots])
    assert answered(given_) == answered(plain)
    twice = sum(n.count for n in given_.notes if n.what.startswith("ballots that name a project twice"))
    assert twice == sum(len(set(ballot)) < len(ballot) for ballot in ballots)


@pytest.mark.parametrize(
    "name",
    [
        '"Green" lanes for the ward',
        'The "little" bridge',
        'A "quoted" end"',
        '"open',
        'a " sign',
    ],
)
def test_quotes_inside_names_need_not_be_doubled(name: str, tmp_path: Path) -> None:
    profile = read(file_of(tmp_path, PABULIB.replace("Library", name)))
    assert profile.statements.texts == (name, "Trees; many", "Benches")
    assert len(profile.answers) == 4
    if name.startswith('"'):
        assert note(profile, "quotes inside texts that are not doubled").count == 1


@pytest.mark.parametrize(
    ("written", "name"),
    [('"Big; ""old"" tree"', 'Big; "old" tree'), ('"two\nlines"', "two\nlines"), ('""', "1"), ('"a;b;c"', "a;b;c")],
)
def test_quotes_as_they_should_be_still_hold(written: str, name: str, tmp_path: Path) -> None:
    profile = read(file_of(tmp_path, PABULIB.replace("Library", written)))
    assert profile.statements.texts[0] == name
    assert not any("quotes" in each.what for each in profile.notes)


def test_meta_without_its_header_loses_no_entry(tmp_path: Path) -> None:
    text = POINTS.replace("key;value\n", "").replace("META\ndescription;Budget of a town\n", "META\n")
    text = text.replace("META\n", "META\nvote_type;cumulative\n").replace(
        "budget;1000\nvote_type;cumulative\n", "budget;1000\n"
    )
    profile = read(file_of(tmp_path, text))
    assert profile.answers.scale.kind == "points"
    assert note(profile, "META has no row key;value").where == ("file.txt row 2",)
    assert profile.facts["budget"] == 1000


def test_stated_votes_are_compared_with_the_ballots(tmp_path: Path) -> None:
    assert not any("projects whose votes" in each.what for each in read(file_of(tmp_path, PABULIB)).notes)
    wrong = read(file_of(tmp_path, PABULIB.replace("1;600;2;", "1;600;7;")))
    assert note(wrong, "projects whose votes are not the ballots").where == ("file.txt row 11",)
    # Pabulib's own sums count a project twice that a ballot names twice; both ways of counting are right.
    for stated in ("2", "3"):
        text = PABULIB.replace("1;600;2;", f"1;600;{stated};").replace("M;1\n", "M;1,1\n")
        assert not any("projects whose votes" in each.what for each in read(file_of(tmp_path, text)).notes)
    counted = read(file_of(tmp_path, PABULIB.replace("num_votes;3", "num_votes;40")))
    assert note(counted, "num_votes says 40, the file has 3")


@pytest.mark.parametrize(
    ("written", "values"),
    [
        (["1,200", "3,5"], [1.2, 3.5]),
        (["1,200", "5.50"], [1200, 5.5]),
        (["1,200", "1,200,000"], [1200, 1200000]),
        (["1.200", "1.200,50"], [1200, 1200.5]),
        (["1 200", "900"], [1200, 900]),
        (["1'200'000", "0,500"], [1200000, 0.5]),
        (["12500.25", "-3"], [12500.25, -3]),
    ],
)
def test_amounts_that_the_file_decides(written: list[str], values: list[float]) -> None:
    amounts = Amounts(written)
    assert [amounts.value(text, Path("x"), 1, "cost") for text in written] == values


@pytest.mark.parametrize("written", [["1,200"], ["1.200", "900"], ["45,000", "1,2", "1.5"]])
def test_amounts_that_can_be_read_in_two_ways(written: list[str]) -> None:
    whole, part = written[0][:-4], written[0][-3:]
    with pytest.raises(InputError, match=f"can be {whole}{part} or {whole}.{part}; write {whole}{part}"):
        Amounts(written).value(written[0], Path("x"), 1, "cost")


@given(st.integers(0, 10**9), st.sampled_from([",", ".", " ", "'", ""]), st.sampled_from([",", "."]))
def test_amounts_are_read_back(cents: int, thousands: str, decimal: str) -> None:
    if thousands == decimal:
        return
    text = f"{cents // 100:,}".replace(",", thousands) + f"{decimal}{cents % 100:02}"
    assert Amounts([text]).value(text, Path("x"), 1, "cost") == pytest.approx(cents / 100)


def test_a_candidate_that_is_named_twice_in_yaml(tmp_path: Path) -> None:
    profile = read(file_of(tmp_path, ABC.replace("[1]", "[1, 1]")))
    assert answered(profile) == answered(read(file_of(tmp_path, ABC)))
    assert note(profile, "ballots that name a candidate twice").where == ("ballot 2",)


def _many(counts: tuple[int, int]) -> str:
    text = CAT.replace("NUMBER VOTERS: 3", f"NUMBER VOTERS: {sum(counts)}")
    return text.replace("2: {1,2}", f"{counts[0]}: {{1,2}}").replace("1: {},", f"{counts[1]}: {{}},")


def test_an_election_of_millions_is_read_with_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rankings, "MOST", 1000)
    monkeypatch.setattr(rankings, "MANY", 50)
    profile = read(file_of(tmp_path, _many((3_000_001, 999_998))))
    assert profile.total_mass == 3_999_999
    assert profile.n_agents <= 60
    # Nobody stands for more than a fiftieth, so that a large group can have several statements.
    assert 50 * int(profile.masses.max()) <= profile.total_mass + 50
    approved = profile.answers.value == 1
    assert int(profile.masses[profile.answers.agent[approved & (profile.answers.statement == 0)]].sum()) == 3_000_001
    assert note(profile, "voters, of whom up to").count == 3_999_999
    slate = fm.slate(profile, 1, unit="statements", draws=0)
    assert slate.statements[0].text in ("Apple", "Pear")
    few = read(file_of(tmp_path, _many((30, 9))))
    assert few.agents.masses is None
    assert few.n_agents == 39


def test_parliaments_of_real_size(tmp_path: Path) -> None:
    profile = read(file_of(tmp_path, _many((5_000_000, 2_500_000))))
    assert profile.total_mass == 7_500_000
    assert 100_000 <= profile.n_agents <= 100_002
    assert np.isclose(profile.masses[:10].mean(), 75)


def test_limits_are_named_as_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rankings, "MOST_READ", 5)
    with pytest.raises(InputError, match="more than 5 answers, which is the most that can be read"):
        read(file_of(tmp_path, SOC))
    text = CAT.replace("NUMBER VOTERS: 3", "NUMBER VOTERS: 0").replace("2: {1,2}", "999999999999: {1,2}")
    with pytest.raises(InputError, match=r"counts 1,000,000,000,001 voters; the most") as caught:
        read(file_of(tmp_path, text.replace("1: {},", "2: {},")))
    assert "check" not in str(caught.value)


def test_a_process_that_buys_nothing_says_so(tmp_path: Path) -> None:
    text = PABULIB.replace("budget;1000", "budget;300").replace("1;600;2", "1;280;2").replace("2;500", "2;290")
    text = (
        text.replace("3;300", "3;295")
        .replace("F;1,2", "F;2")
        .replace("a;33", "z;30;F;\na;33")
        .replace("num_votes;3", "num_votes;4")
    )
    profile = read(file_of(tmp_path, text))
    with pytest.raises(
        InputError, match="'equal-shares-without-completion' buys nothing: no statement has enough people"
    ) as caught:
        fm.slate(profile, 300, unit="cost", process="equal-shares-without-completion", draws=0)
    assert "levels" not in str(caught.value)
    with pytest.raises(InputError, match="or leave `levels`"):
        fm.slate(profile, 300, unit="cost", process="equal-shares-without-completion", levels=[1.0], draws=0)


def test_stated_numbers_of_orders_and_points(tmp_path: Path) -> None:
    profile = read(file_of(tmp_path, SOC.replace("UNIQUE ORDERS: 2", "UNIQUE ORDERS: 7")))
    assert note(profile, "NUMBER UNIQUE ORDERS says 7, the file has 2")
    text = POINTS.replace("vote_type;", "max_sum_points;1,000\nvote_type;")
    with pytest.raises(InputError, match=r"'1,000' can be 1000 or 1\.000"):
        read(file_of(tmp_path, text))
