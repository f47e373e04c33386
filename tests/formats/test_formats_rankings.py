"""Ranked ballots as counting programs write them (BLT, .cvotes, ABIF) and tables with a column for each rank."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from formats_samples import ABIF, BLT, CVOTES, RANKS, SCOTTISH, VOTEKIT, file_of
from hypothesis import given, settings
from hypothesis import strategies as st

import folkmoot as fm
from folkmoot.formats import rankings, read, recognise, write
from folkmoot.profile import Agents, Answers, InputError, Profile, Scale, Statements

Order = tuple[frozenset[str], ...]


def orders(profile: Profile) -> list[Order]:
    """Everybody's ranking, as sets of equal candidates by name."""
    found: list[Order] = []
    a = profile.answers
    for i in range(profile.n_agents):
        own = slice(int(profile.indptr[i]), int(profile.indptr[i + 1]))
        ranks: dict[float, set[str]] = {}
        for j, value in zip(a.statement[own].tolist(), a.value[own].tolist(), strict=True):
            ranks.setdefault(value, set()).add(profile.statements.texts[j])
        found.append(tuple(frozenset(ranks[value]) for value in sorted(ranks)))
    return found


def order(*ranks: str) -> Order:
    return tuple(frozenset(rank.split("=")) for rank in ranks)


def notes(profile: Profile) -> dict[str, int]:
    return {note.what: note.count for note in profile.notes}


def test_blt(tmp_path: Path) -> None:
    path = file_of(tmp_path, BLT)
    assert recognise(path).id == "blt"
    profile = read(path)
    assert profile.statements.texts == ("Ada", "Bo, the second", "Cy")
    assert profile.topic == "Board of the garden"
    expected = [order("Ada", "Bo, the second")] * 4 + [order("Bo, the second=Cy", "Ada")] * 2
    assert orders(profile) == [*expected, order("Cy", "Ada"), ()]
    assert profile.answers.scale == Scale("ranking", 1, 3, complete=True)
    assert profile.facts["committeesize"] == 2
    assert profile.statements.moderation is not None
    assert profile.statements.moderation.tolist() == [1, 1, -1]
    said = notes(profile)
    assert said["candidates who withdrew: they cannot be chosen"] == 1
    assert said["ranks that were skipped: those after them move up"] == 1
    assert said["voters who ranked nobody"] == 1
    assert said["orders that leave candidates out: these are ranked behind, equal"] == 5
    chosen = fm.slate(profile, draws=0)
    assert [s.text for s in chosen.statements] == ["Ada", "Bo, the second"]


@pytest.mark.parametrize(
    "text",
    [
        '3 1 2 1 2 0 1 3 0 0 "A" "B" "C" "T"\n',
        "3 1\n2 1 2\n1 3\n0\nA\nB\nC\nT\n",
        '3 1\n2 1 2 0 1 3\n0 0\n"A"\n"B"\n"C"\n"T"\n',
        '\ufeff3 1 # seats\r\n\r\n2 1 2 0\r\n1 3 0\r\n0\r\n"A"\r\n"B"\r\n"C"\r\n"T"\r\n',
        '3 1\n/* a count */\n[tie 3 2 1]\n2 1 2 0\n1 3 0\n0\n"A"\n"B"\n"C"\n"T"\n"source"\n"comment"\n',
    ],
)
def test_blt_as_programs_write_it(text: str, tmp_path: Path) -> None:
    profile = read(file_of(tmp_path, text))
    assert orders(profile) == [order("A", "B")] * 2 + [order("C")]
    assert (profile.topic, profile.source) == ("T", "blt")


def test_blt_without_a_title_and_with_names_of_several_words(tmp_path: Path) -> None:
    assert read(file_of(tmp_path, '2 1\n1 2 0\n0\n"A"\n"B"\n')).topic == ""
    profile = read(file_of(tmp_path, "2 1\n1 2 0\n0\nAda of the hill\nBo\nSpring\n"))
    assert profile.statements.texts == ("Ada of the hill", "Bo")


def test_blt_with_short_names(tmp_path: Path) -> None:
    path = file_of(tmp_path, '3 1\n[nick a bo c]\n2 a bo 0\n1 bo=c 1 0\n0\n"A"\n"B"\n"C"\n"T"\n')
    assert recognise(path).id == "blt"
    assert orders(read(path)) == [order("A", "B")] * 2 + [order("B=C", "A")]


def test_blt_with_weights(tmp_path: Path) -> None:
    profile = read(file_of(tmp_path, '2 1\n1.5 1 0\n2 2 0\n0\n"A"\n"B"\n'))
    assert profile.masses.tolist() == [3, 2, 2]
    assert notes(profile)["ballots with a weight"] == 1


BAD_BLT = {
    "cut ballots": (BLT[: BLT.index('0\n"Ada"')], "a single 0 has to end the ballots"),
    "cut names": (BLT[: BLT.index('"Cy"')], "names 2 of 3 candidates after the ballots; the file is cut"),
    "unknown": (BLT.replace("4 1 2 0", "4 1 7 0"), "row 4: candidate 7 is not there; there are 3"),
    "withdrawn": (BLT.replace("-3", "-9"), "row 3: candidate 9 is not there"),
    "words": (BLT.replace("4 1 2 0", "4 1.5 2 0"), "row 4: '1.5' is no candidate's number"),
    "ids": (BLT.replace("4 1 2 0", "(b1) 1 2 0"), "row 4: '\\(b1\\)' in parentheses.*1=3"),
    "weight": (BLT.replace("4 1 2 0", "0.0 1 2 0"), "row 4: '0.0' is no weight"),
    "many": (BLT.replace("3 2", "999999 2", 1), "999,999 candidates are more than can be read"),
}


@pytest.mark.parametrize("name", BAD_BLT)
def test_blt_that_is_broken(name: str, tmp_path: Path) -> None:
    text, message = BAD_BLT[name]
    with pytest.raises(InputError, match=message):
        read(file_of(tmp_path, text), format="blt")


def test_cvotes(tmp_path: Path) -> None:
    path = file_of(tmp_path, CVOTES)
    assert recognise(path).id == "cvotes"
    profile = read(path)
    assert profile.statements.texts == ("Ada", "Bo", "Cy")
    assert orders(profile) == [order("Ada", "Bo")] * 4 + [order("Bo=Cy", "Ada"), order("Cy", "Ada"), ()]
    assert profile.masses.tolist() == [1, 1, 1, 1, 2, 1, 1]
    assert profile.facts["committeesize"] == 2
    assert profile.topic == "Board of the garden"
    assert notes(profile)["tags of votes, which may tell who voted"] == 1
    assert "example.org" not in str(profile.notes) + str(profile.agents)
    partial = read(file_of(tmp_path, CVOTES.replace("#/Weight", "#/Implicit Ranking: false\n#/Weight")))
    assert not partial.answers.scale.complete
    unweighed = read(file_of(tmp_path, CVOTES.replace("Allowed: true", "Allowed: false")))
    assert unweighed.agents.masses is None
    assert notes(unweighed)["weights, which the file does not allow (Weight Allowed)"] == 1
    others = read(file_of(tmp_path, CVOTES.replace("Ada > Bo * 4", "Ada > Zoe > Bo * 4")))
    assert orders(others) == orders(profile)
    assert notes(others)["candidates of votes that the file does not list"] == 4


def test_cvotes_without_parameters(tmp_path: Path) -> None:
    profile = read(file_of(tmp_path, "# spring\nAda > Bo = Cy * 2\nCy > Ada\nBo\n"))
    assert orders(profile) == [order("Ada", "Bo=Cy")] * 2 + [order("Cy", "Ada"), order("Bo")]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ("Ada < Bo * 4", "row 6: 'Ada < Bo' is no candidate"),
        ("Ada >> Bo", "row 6: a rank without a candidate"),
        ("Ada > Bo * many", r"row 6: 'Ada > Bo \* many' is no vote"),
        ("Ada > Bo * 8 ^7", "is no vote"),
        ("Ada > Bo * 0", "a vote counts once or more"),
        ("Ada > /EMPTY/", "'/EMPTY/' is no candidate"),
    ],
)
def test_cvotes_that_are_broken(changed: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        read(file_of(tmp_path, CVOTES.replace("Ada > Bo * 4", changed)))


def test_abif_orders(tmp_path: Path) -> None:
    path = file_of(tmp_path, ABIF)
    assert recognise(path).id == "abif"
    profile = read(path)
    assert profile.statements.texts == ("Ada", "Bo, the second", "Cy C.")
    expected = [order("Ada", "Bo, the second")] * 4 + [order("Bo, the second=Cy C.", "Ada")] * 2
    assert orders(profile) == [*expected, ()]
    assert profile.topic == "Board of the garden"


def test_abif_ratings(tmp_path: Path) -> None:
    text = '{"max_rating": 5}\n3:A/5>B/3>C/0\n2:C/4,A/1 # by post\n1:["B" of old]/2=B/2\n'
    profile = read(file_of(tmp_path, text))
    assert profile.answers.scale == Scale("rating", 0, 5)
    assert profile.answers.value.tolist() == [5, 3, 0] * 3 + [1, 4] * 2 + [2, 2]
    assert profile.statements.texts == ("A", "B", "C", '"B" of old')
    assert notes(profile)["ratings from 0, the worst, to 5, the best"] == 15
    odd = read(file_of(tmp_path, text.replace("A/5>B/3", "A/2>B/3")))
    assert notes(odd)["ballots whose order is not that of their ratings: the ratings count"] == 3
    mixed = read(file_of(tmp_path, text.replace("B/3", "B").replace("2:C/4,A/1", "2:C/4>A")))
    assert orders(mixed)[0] == order("A", "B", "C")
    assert notes(mixed)["ratings, which not every candidate has: the orders are read"] == 5


def test_abif_approvals_and_counts(tmp_path: Path) -> None:
    profile = read(file_of(tmp_path, '{"ballotcount": 9}\n4:A/1=B/1\n2:C/1\n1:\n'))
    assert profile.answers.scale.kind == "approval"
    assert len(profile.answers) == 10
    assert profile.n_agents == 7
    assert "ballotcount says 9, the file has 7 voters" in notes(profile)
    with pytest.raises(InputError, match="row 2: commas between candidates without ratings give no order"):
        read(file_of(tmp_path, "4:A>B\n2:A,B\n"))
    with pytest.raises(InputError, match="row 2: 'A and B' is no ballot"):
        read(file_of(tmp_path, "4:A>B\nA and B\n"), format="abif")


def test_ranks(tmp_path: Path) -> None:
    path = file_of(tmp_path, RANKS)
    assert recognise(path).id == "ranks"
    profile = read(path)
    assert profile.agents.ids == ("a", "b", "c", "d")
    assert orders(profile) == [order("Oak", "Elm"), order("Elm", "Oak", "Fir"), order("Fir", "Oak"), ()]
    assert notes(profile)["ballots that skip a rank: the ranks after it move up"] == 1
    assert notes(profile)["voters who ranked nobody"] == 1


@pytest.mark.parametrize(
    "header",
    [
        "Rank 1,Rank 2,Rank 3",
        "First choice,Second choice,Third choice",
        "1st choice,2nd choice,3rd choice",
        "choice_1,choice_2,choice_3",
        "Preference 1,Preference 2,Preference 3",
        "r1,r2,r3",
        "Ranking_1,Ranking_2,Ranking_3",
        "1. Wahl,2. Wahl,3. Wahl",
        "Which tree? [1st choice],Which tree? [2nd choice],Which tree? [3rd choice]",
    ],
)
def test_rank_columns_by_many_names(header: str, tmp_path: Path) -> None:
    text = f"{header},note\nOak,Elm,,x\nElm,skipped,Oak,y\nOak,Oak,Elm,z\n"
    profile = read(file_of(tmp_path, text))
    assert orders(profile) == [order("Oak", "Elm"), order("Elm", "Oak"), order("Oak", "Elm")]
    assert notes(profile)["ballots that name a candidate twice: the first place counts"] == 1
    assert notes(profile)["columns that are not used: 'note'"] == 1
    backwards = "\n".join(",".join(reversed(row.split(","))) for row in text.strip().splitlines())
    assert orders(read(file_of(tmp_path, backwards + "\n"))) == orders(profile)


def test_rank_columns_with_sets_weights_groups_and_repeated_voters(tmp_path: Path) -> None:
    text = (
        "Ballot,Ranking_1,Ranking_2,Weight,ID,ward\n"
        "0,\"frozenset({'Elm', 'Oak'})\",frozenset({'Fir'}),1.5,v1,north\n"
        "1,\"{'Fir'}\",frozenset(),1,v2,south\n"
    )
    profile = read(file_of(tmp_path, text), group_columns=["ward"])
    assert orders(profile) == [order("Elm=Oak", "Fir"), order("Fir")]
    assert profile.masses.tolist() == [3, 2]
    assert profile.agents.groups == {"ward": ("north", "south")}
    twice = file_of(tmp_path, RANKS.replace("d,,,", "a,Fir,,"))
    with pytest.raises(InputError, match="participant 'a' occurs twice"):
        read(twice)
    assert orders(read(twice, repeated="last"))[-1] == order("Fir")


def test_addresses_of_voters_become_numbers(tmp_path: Path) -> None:
    text = "voter_id,first choice,second choice\nann@example.org,Oak,Elm\nbo@example.org,Elm,\ncy@example.org,Oak,\n"
    assert read(file_of(tmp_path, text)).agents.ids == ("1", "2", "3")


def test_numbers_in_rank_columns_are_doubtful(tmp_path: Path) -> None:
    path = file_of(tmp_path, "voter_id,rank1,rank2,rank3\na,1,2,3\nb,3,1,2\n")
    with pytest.raises(InputError, match=r"hold numbers, which can be candidates .* or places"):
        read(path, format="ranks")


def test_scottish_counts(tmp_path: Path) -> None:
    path = file_of(tmp_path, SCOTTISH)
    assert recognise(path).id == "scottish"
    profile = read(path)
    ada, bo, cy = "Ada (Green (G))", "Bo (Blue (B))", "Cy (Red (R))"
    assert orders(profile) == [order(ada, bo)] * 4 + [order(bo, cy, ada)] * 2 + [order(cy)]
    assert (profile.topic, profile.facts["committeesize"]) == ("Hill Ward", 2)
    with pytest.raises(InputError, match="row 2: candidate 7 is not there"):
        read(file_of(tmp_path, SCOTTISH.replace("4,1,2", "4,1,7")))
    with pytest.raises(InputError, match="names 2 of 3 candidates"):
        read(file_of(tmp_path, SCOTTISH[: SCOTTISH.index('"Candidate 3')]))


def test_votekit(tmp_path: Path) -> None:
    path = file_of(tmp_path, VOTEKIT)
    assert recognise(path).id == "votekit"
    profile = read(path)
    assert profile.statements.texts == ("Ada (Green)", "Bo, the second", "Cy")
    expected = [order("Bo, the second=Cy", "Ada (Green)"), *[order("Ada (Green)")] * 2, order("Cy")]
    assert orders(profile) == expected
    assert profile.masses.tolist() == [3, 2, 2, 2]
    assert notes(profile)["names of voters"] == 1
    assert "Chris" not in str(profile.agents) + str(profile.notes)
    for old, new, message in (
        ("{'A'},,", "{'Z'},,", "row 11: candidate 'Z' is not listed"),
        (",2.0,", ",,", "row 11: '' is no weight"),
        ("RankProfile", "ScoreProfile", "scores of VoteKit are not read"),
        ("Ranking_1,", "Rank,", "has no row Ranking_1"),
        ("Candidates\n", "People\n", "lists no candidates"),
    ):
        with pytest.raises(InputError, match=message):
            read(file_of(tmp_path, VOTEKIT.replace(old, new)))


def test_abif_as_older_programs_write_it(tmp_path: Path) -> None:
    profile = read(file_of(tmp_path, '{title: "Hill"}\n{year 2009}\n=A:[Ada]\n3:A\n2:\n'))
    assert (profile.topic, profile.n_agents) == ("Hill", 5)
    assert notes(profile)["metadata that are no JSON"] == 1
    assert orders(read(file_of(tmp_path, "# a tie with nobody\n50:A\n50:\n"))).count(order("A")) == 50
    with pytest.raises(InputError, match="holds no ballots; the file is cut"):
        read(file_of(tmp_path, "# hill\n=A:[Ada]\n=B:[Bo]\n"))
    partly = read(file_of(tmp_path, "2:A/4,B/1,C\n1:B/3,C/0\n"))
    assert partly.answers.value.tolist() == [4, 1, 4, 1, 3, 0]
    assert notes(partly)["candidates without a rating on a ballot that rates others: not rated"] == 2


def test_blank_votes_of_older_programs(tmp_path: Path) -> None:
    assert orders(read(file_of(tmp_path, CVOTES.replace("/EMPTY/", "/EMPTY_RANKING/"))))[-1] == ()


NAMES = ("Ada", "Bo Li", "Cy", "Dé")


@st.composite
def elections(draw: st.DrawFn) -> Profile:
    m = draw(st.integers(1, 4))
    agent, statement, value = [], [], []
    n = draw(st.integers(1, 6))
    for i in range(n):
        ranked = draw(st.permutations(range(m)))[: draw(st.integers(0, m))]
        place = 1
        for at, j in enumerate(ranked):
            place = place if at and draw(st.booleans()) else at + 1
            agent.append(i)
            statement.append(j)
            value.append(float(place))
    names = NAMES[:m]
    return Profile(
        Agents(tuple(str(i + 1) for i in range(n))),
        Statements(tuple(map(str, range(1, m + 1))), names),
        Answers.of(agent, statement, value, Scale("ranking", 1, m, complete=True)),
        topic="Spring",
    )


@settings(max_examples=60, deadline=None)
@given(elections(), st.sampled_from(["blt", "cvotes"]))
def test_what_is_written_is_read_back(profile: Profile, format: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "votes.txt"
        write(profile, path, format)
        assert recognise(path).id == format
        again = read(path)
    assert orders(again) == orders(profile)
    assert again.statements.texts == profile.statements.texts
    assert again.answers.scale == profile.answers.scale
    assert again.topic == "Spring"


@settings(max_examples=40, deadline=None)
@given(elections())
def test_every_layout_says_the_same(profile: Profile) -> None:
    """One election as ABIF and as a table of ranks, with ties as sets."""
    ballots = orders(profile)
    lines = []
    for ballot, count in Counter(ballots).items():
        lines.append(f"{count}:" + ">".join("=".join(f"[{name}]" for name in sorted(rank)) for rank in ballot))
    widest = max([2, *map(len, ballots)])
    rows = [",".join(["voter", *(f"rank{k}" for k in range(1, widest + 1))])]
    for number, ballot in enumerate(ballots):
        cells = [f'"{{{", ".join(repr(n) for n in sorted(rank))}}}"' for rank in ballot]
        rows.append(",".join([f"v{number}", *cells, *[""] * (widest - len(cells))]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "votes.txt"
        path.write_text("# spring\n" + "\n".join(lines) + "\n")
        if any(ballots):
            assert Counter(orders(read(path, format="abif"))) == Counter(ballots)
            path.write_text("\n".join(rows) + "\n")
            # A row of commas alone is no voter.
            assert orders(read(path, format="ranks")) == [ballot for ballot in ballots if ballot]


def test_equal_ballots_of_millions_share_participants(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rankings, "MOST", 1000)
    monkeypatch.setattr(rankings, "MANY", 50)
    texts = {
        "blt": '2 1\n2000000 1 2 0\n1000000 2 0\n0\n"A"\n"B"\n',
        "cvotes": "#/Candidates: A ; B\nA > B * 2000000\nB * 1000000\n",
        "abif": "2000000:A>B\n1000000:B\n",
        "abif ratings": "2000000:A/5>B/1\n1000000:B/5\n",
    }
    for text in texts.values():
        profile = read(file_of(tmp_path, text))
        assert profile.total_mass == 3_000_000
        assert profile.n_agents <= 52
        assert int(profile.masses[profile.answers.agent[profile.answers.statement == 0]].sum()) == 2_000_000
    assert np.isclose(profile.masses[0], 60_000, rtol=0.05)


def test_only_rankings_are_written(tmp_path: Path) -> None:
    votes = read(file_of(tmp_path, "4:A/1=B/1\n2:C/1\n"))
    for format in ("blt", "cvotes"):
        with pytest.raises(InputError, match="approvals, only rankings"):
            write(votes, tmp_path / "x", format)
    comma = read(file_of(tmp_path, ABIF))
    with pytest.raises(InputError, match=r"'Bo, the second' cannot be a candidate's name here; write `format='blt'`"):
        write(comma, tmp_path / "x", "cvotes")
