"""Who answers twice: the last by time counts, or what the caller says; otherwise it is asked about."""

from __future__ import annotations

from pathlib import Path

import pytest
from reading_helpers import refused, said, saved, table, values

from folkmoot.formats import read

TIMES = {
    "iso": ["2025-02-03T09:00:00", "2025-02-01T09:00:00", "2025-02-02T09:00:00"],
    "german": ["03.02.2025 09:00:00", "01.02.2025 09:00:00", "02.02.2025 09:00:00"],
    "american": ["2/3/2025 9:00:00 AM", "2/1/2025 9:00:00 AM", "2/2/2025 9:00:00 AM"],
    "slashes": ["2025/02/03 9:00:00", "2025/02/01 9:00:00", "2025/02/02 9:00:00"],
    "seconds": ["1738573200", "1738400400", "1738486800"],
}
ROWS = [("a", 5, 1), ("b", 3, 2), ("a", 1, 4)]


def sent(tmp_path: Path, times: list[str] | None) -> Path:
    rows = [[*row, *([times[i]] if times else [])] for i, row in enumerate(ROWS)]
    return saved(tmp_path, table(["participant_id", "quay", "hall", *(["submitted_at"] if times else [])], rows))


@pytest.mark.parametrize("form", TIMES)
def test_the_last_by_time_counts_wherever_it_stands(form: str, tmp_path: Path) -> None:
    profile = read(sent(tmp_path, TIMES[form]))
    assert dict(zip(profile.agents.ids, values(profile, "quay"), strict=True)) == {"a": 5, "b": 3}
    assert "the last by time counts" in said(profile)


@pytest.mark.parametrize(("repeated", "quay"), [("last", 1), ("first", 5)])
def test_without_times_the_caller_says_which(repeated: str, quay: float, tmp_path: Path) -> None:
    path = sent(tmp_path, None)
    refused(path, "participant 'a' occurs twice .first in row 2.; say which of the two counts with `repeated`")
    profile = read(path, repeated=repeated)  # type: ignore[arg-type]
    assert dict(zip(profile.agents.ids, values(profile, "quay"), strict=True)) == {"a": quay, "b": 3}


def test_to_refuse_is_a_choice(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="twice"):
        read(sent(tmp_path, TIMES["iso"]), repeated="refuse")


def test_times_that_a_spreadsheet_rounded_decide_nothing(tmp_path: Path) -> None:
    refused(sent(tmp_path, ["1.74E+09", "1.74E+09", "1.74E+09"]), "repeated")


@pytest.mark.parametrize(("repeated", "vote"), [("last", -1), ("first", 1)])
def test_votes_that_changed(repeated: str, vote: float, tmp_path: Path) -> None:
    path = saved(tmp_path, "user_id,statement_id,vote\na,7,1\nb,7,1\na,7,-1\na,8,-1\n")
    refused(path, "rates '7' twice .first in row 2.; say which answer counts with `repeated`")
    assert values(read(path, repeated=repeated), "7") == [vote, 1]  # type: ignore[arg-type]


def test_everybody_once_needs_no_times(tmp_path: Path) -> None:
    path = saved(tmp_path, table(["participant_id", "quay", "hall"], [["a", 5, 1], ["b", 1, 2]]))
    assert read(path, repeated="refuse").n_agents == 2
