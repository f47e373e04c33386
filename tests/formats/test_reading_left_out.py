"""What was not read is named: answers by name with the option that reads them, the tool's own columns last."""

from __future__ import annotations

from pathlib import Path

from reading_helpers import OPINIONS, said, saved, table

from folkmoot.formats import doctor, read

SYSTEM = ["id", "submitdate", "lastpage", "startlanguage", "seed"]


def test_answers_come_before_the_tools_columns_and_by_name(tmp_path: Path) -> None:
    items = [f"Zone[SQ{i:03d}]" for i in range(1, 14)]
    header = [*SYSTEM, *items, "Wishes", "interviewtime"]
    rows = [
        [i, "2025-01-02 10:00:00", 3, "de", 99 + i, *(1 + (i + j) % 5 for j in range(13)), text, 41.5]
        for i, text in enumerate(OPINIONS)
    ]
    path = saved(tmp_path, table(header, rows))
    profile = read(path)
    shown = said(profile)
    assert all(item in shown for item in items)
    assert shown.index("Zone[SQ013]") < shown.index("'submitdate'")
    assert "read them with `rating_columns=['Zone*']`" in shown
    assert read(path, rating_columns=["Zone*"]).n_statements == 13


def test_every_column_is_read_or_named(tmp_path: Path) -> None:
    header = ["participant", "Your wishes?", "quay", "Age", "E-mail", "Colour", "Ways", "empty", "when", "where"]
    rows = [
        [
            f"p{i}", text, 1 + i % 5, 20 + i, f"a{i}@b.org", "red" if i % 2 else "blue",
            "bus;tram" if i % 2 else "tram;bike", "", f"2025-01-0{i + 1}", 50.123 + i * i,
        ]
        for i, text in enumerate(OPINIONS)
    ]  # fmt: skip
    shown = said(read(saved(tmp_path, table(header, rows))))
    assert all(f"'{name}'" in shown for name in header)


def test_nothing_is_left_out_of_a_plain_table(tmp_path: Path) -> None:
    rows = [[f"p{i}", 1 + i % 5, 5 - i % 5] for i in range(8)]
    diagnosis = doctor(read(saved(tmp_path, table(["participant", "quay", "hall"], rows))))
    assert not [note for note in diagnosis.notes if note.kind in ("dropped", "unused", "changed")]
