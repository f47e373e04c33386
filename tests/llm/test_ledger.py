"""The file of a run."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from folkmoot.llm import Answer, Call, Ledger, Spend
from folkmoot.llm.ledger import SCHEMA, Answered, Fault
from folkmoot.profile import InputError

CALL = Call("q/1", (("user", "a \ud800 half"),), {"max_tokens": 1}, about={"agent": "x"})
OTHER = Call("p/1", (("user", "b"),))
ANSWER = Answer("4", (("4", -0.1), (" 4", -3.5)), 12, 1, 2, "length")


def test_what_is_written_is_found_again(tmp_path: Path) -> None:
    file = tmp_path / "run.sqlite"
    with Ledger(file) as ledger:
        ledger.add("m", [Answered(CALL, ANSWER, 5), Answered(OTHER, Answer("x"), None)])
        ledger.add("m", [Answered(CALL, Answer("another"), 7)])  # the first stays
        ledger.hit("m", {CALL.key: 3})
        ledger.add("m", [], [Fault(OTHER, "timeout", "late", Spend(1, 20, 30)), Fault(OTHER, "server", "500")])
    with Ledger(file) as ledger:
        assert ledger.find("m", [CALL.key, OTHER.key, "none"]) == {CALL.key: ANSWER, OTHER.key: Answer("x")}
        assert ledger.find("another model", [CALL.key]) == {}
        totals = ledger.totals()
        assert list(totals) == ["p/1", "q/1"]
        assert totals["q/1"].cost == Decimal(5) / 10**12
        assert (totals["q/1"].answers, totals["q/1"].hits) == (1, 3)
        assert (totals["q/1"].input_tokens, totals["q/1"].output_tokens, totals["q/1"].cached_tokens) == (12, 1, 2)
        assert totals["p/1"].cost is None
        assert totals["p/1"].faults == {"timeout": 1, "server": 1}
        assert ledger.total().answers == 2
        assert ledger.spent() == Spend(3, 33, 35)


def test_tokens_are_kept_where_more_than_the_first_was_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "run.sqlite"
    several = Answer("1: 4", (("1", 0.0),), 9, 3, tokens=(("1", (("1", 0.0),)), (": 4", ((": 4", -0.1), (": ", -3.0)))))
    with Ledger(file) as ledger:
        ledger.add("m", [Answered(CALL, ANSWER), Answered(OTHER, several)])
        assert ledger.find("m", [CALL.key, OTHER.key]) == {CALL.key: ANSWER, OTHER.key: several}
    base = sqlite3.connect(file)
    assert base.execute("SELECT query, tokens IS NULL FROM answers ORDER BY query").fetchall() == [
        ("p/1", 0),
        ("q/1", 1),
    ]
    base.close()


def test_the_file_is_for_its_owner(tmp_path: Path) -> None:
    with Ledger(tmp_path / "run.sqlite") as ledger:
        ledger.add("m", [Answered(CALL, ANSWER)])
        assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}


def test_one_run_at_a_time(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from folkmoot.llm import Ledger\n"
        "with Ledger(Path(sys.argv[1])): print('open', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "run.sqlite")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(InputError, match="another run uses this ledger"):
            Ledger(tmp_path / "run.sqlite")
        other.kill()
        other.wait()
        Ledger(tmp_path / "run.sqlite").close()


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("something else " * 100, "utf-8")
    with pytest.raises(InputError, match="is not a ledger"):
        Ledger(text)
    assert text.read_text("utf-8") == "something else " * 100
    base = sqlite3.connect(tmp_path / "base.sqlite")
    base.execute("CREATE TABLE t (a)")
    base.close()
    with pytest.raises(InputError, match="not a ledger"):
        Ledger(tmp_path / "base.sqlite")
    with pytest.raises(InputError, match="cannot be opened"):
        Ledger(tmp_path / "none" / "run.sqlite")


@pytest.mark.parametrize(
    ("schema", "why"), [(SCHEMA + 1, "update folkmoot"), (SCHEMA - 1, "an earlier version; name another file")]
)
def test_another_schema_is_refused(tmp_path: Path, schema: int, why: str) -> None:
    Ledger(tmp_path / "run.sqlite").close()
    base = sqlite3.connect(tmp_path / "run.sqlite")
    base.execute(f"PRAGMA user_version = {schema}")
    base.close()
    with pytest.raises(InputError, match=f"schema {schema}.*{why}"):
        Ledger(tmp_path / "run.sqlite")
