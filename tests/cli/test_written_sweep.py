"""Several budgets with a language model: what each reaches, what it takes, and nothing paid twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import folkmoot as fm
from folkmoot.cli.main import app
from folkmoot.cli.sweep import written_table
from folkmoot.llm import Ledger
from folkmoot.profile import InputError, Options
from folkmoot.slates.written_sweep import WrittenFigures, written_sweep
from language_model import TEXTS, Obedient, profile_of

pytest.importorskip("wordllama")

PROFILE = profile_of(TEXTS[:6])
OPTIONS = Options(engine="llm", levels=(4.0, 0.0))


def test_the_figures_are_those_of_the_slates_and_answers_are_counted_once() -> None:
    model = Obedient()
    small, large = written_sweep(PROFILE, (30, 16), model, options=OPTIONS)
    assert (small.budget, large.budget) == (16, 30)
    for row in (small, large):
        alone = Obedient()
        slate = fm.slate(PROFILE, row.budget, model=alone, engine="llm", levels=(4.0, 0.0), draws=0, validate=0,
                         assignment="process")  # fmt: skip
        assert (row.statements, row.left_over) == (len(slate.statements), len(slate.unassigned))
        assert row.spent == sum(one.cost or 0 for one in slate.statements)
        # Some of these are asked about after the choice: those whom the slate's statements do not represent.
        assert row.calls == len({call.key for call in alone.calls})
    assert small.new_calls == small.calls
    assert large.new_calls < large.calls  # the smaller one had some of its answers
    assert small.new_calls + large.new_calls == len({call.key for call in model.calls})
    assert small.cost is None


def test_what_more_buys_is_said_per_token_and_a_budget_without_a_slate_is_a_row() -> None:
    rows = (
        WrittenFigures(5, 0, 0, None, None, 6, 10, 1_000, 10, 1_000, "0.1"),
        WrittenFigures(20, 19, 2, 2.0, 1.0, 1, 40, 50_000, 35, 49_000, "0.2"),
        WrittenFigures(40, 38, 3, 3.0, 2.0, 0, 80, 90_000, 50, 50_000, "0.3"),
    )
    said = written_table(rows, "words", "a.sqlite")
    assert "20 to 40: +1.00 utility for 50 calls and 50,000 tokens, +2.000 per 100,000" in said
    assert "cost of all of them: 0.6000" in said
    assert "–" in said.splitlines()[2]
    assert "nothing can be compared" in written_table(rows[:2], "words", "a.sqlite")
    assert max(map(len, said.splitlines())) <= 88
    with pytest.raises(InputError, match="at least one budget"):
        written_sweep(PROFILE, (), Obedient())


@pytest.mark.long
def test_the_command_keeps_one_ledger_and_asks_nothing_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [f'p{row}x,"{text}"' for row, text in enumerate(TEXTS[:6])]
    (tmp_path / "o.csv").write_text("\n".join(["id,opinion", *rows]), "utf-8")
    words = ["slate", "o.csv", "--engine", "llm", "--model", "demo", "--budget", "20..21", "--json"]
    first = CliRunner().invoke(app, words)
    assert first.exit_code == 0, first.output
    found = json.loads(first.stdout)["budgets"]
    assert [row["budget"] for row in found] == [20, 21]
    ledger = tmp_path / "folkmoot-out" / "o-budgets" / "ledger.sqlite"
    with Ledger(ledger, make=False) as kept:
        answers = kept.total().answers
        assert answers == sum(row["new_calls"] for row in found)
    assert CliRunner().invoke(app, words).stdout == first.stdout
    with Ledger(ledger, make=False) as kept:
        assert kept.total().answers == answers
    assert not list(tmp_path.rglob("slate.json"))
