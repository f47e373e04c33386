"""Some of the people of a source, drawn at random."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import folkmoot as fm
from folkmoot.formats import read
from folkmoot.formats.sample import sampled
from folkmoot.profile import Agents, Answers, Comparisons, InputError, Profile, Statements


def everybody(n: int = 40) -> Profile:
    rng = np.random.default_rng(3)
    rows, columns = np.divmod(rng.permutation(n * 5)[: n * 3], 5)
    return Profile(
        Agents(
            tuple(f"p{row}" for row in range(n)),
            tuple((f"text {row}",) for row in range(n)),
            np.arange(1, n + 1),
            {"town": tuple(f"t{row % 3}" for row in range(n))},
            {"more": tuple(f"m{row}" for row in range(n))},
        ),
        Statements(tuple("abcde"), tuple("abcde")),
        Answers.of(rows, columns, np.where(columns == rows % 5, 1.0, -1.0)),
        comparisons=Comparisons.of(np.arange(n), np.arange(n) % 5, (np.arange(n) + 1) % 5),
    )


def test_the_same_people_with_everything_they_said() -> None:
    whole = everybody()
    some = sampled(whole, 12)
    assert some.n_agents == 12
    assert some.agents.ids == sampled(whole, 12).agents.ids
    assert some.agents.masses is not None
    for place, name in enumerate(some.agents.ids):
        row = whole.agent_index[name]
        assert some.agents.texts[place] == (f"text {row}",)
        assert some.agents.masses[place] == row + 1
        assert (some.agents.groups["town"][place], some.agents.extra["more"][place]) == (f"t{row % 3}", f"m{row}")
        mine, theirs = some.answers.agent == place, whole.answers.agent == row
        assert some.answers.statement[mine].tolist() == whole.answers.statement[theirs].tolist()
        assert some.answers.value[mine].tolist() == whole.answers.value[theirs].tolist()
        assert some.comparisons.winner[some.comparisons.agent == place].tolist() == [row % 5]
    (note,) = some.notes
    assert (note.kind, note.count) == ("seen", 28)
    assert some.facts["sample"] == {"people": 12, "of": 40, "seed": 0}
    assert "12 of 40 were drawn at random" in note.what


def test_everybody_is_no_sample() -> None:
    whole = everybody(6)
    assert sampled(whole, None) is sampled(whole, 6) is sampled(whole, 9) is whole


def test_a_source_is_read_in_part(tmp_path: Path) -> None:
    file = tmp_path / "texts.csv"
    file.write_text("id,comment\n" + "".join(f"p{row},We need {row} more buses.\n" for row in range(30)), "utf-8")
    some = read(file, sample=10)
    assert some.n_agents == 10
    slate = fm.slate(some, 3, unit="statements", draws=0)
    assert slate.audit is not None
    assert slate.audit["notes"][0].startswith(
        "A sample: only 10 of 30 participants, drawn at random (seed 0), were read."
    )
    whole = fm.slate(read(file), 3, unit="statements", draws=0)
    assert whole.audit is not None
    assert not any("A sample" in note for note in whole.audit["notes"])
    with pytest.raises(InputError, match="at least 1"):
        read(file, sample=0)
