"""``folkmoot ask`` as a newcomer meets it: what it prints, what it keeps, how it ends."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conversations import write_conversation
from folkmoot.cli import main as cli

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs ``folkmoot ask``: exit code, output, errors."""

    def call(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["folkmoot", "ask", *map(str, words)])
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = int(end.code or 0)
        found = capsys.readouterr()
        return code, found.out, found.err

    return call


PAPER = ("--alpha", 0.5, "--p", 0.1, "--gamma", 2, "--cost", 1)


def test_optimum_as_json(run: Run) -> None:
    code, out, err = run("optimum", "--n", 25, *PAPER, "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found["k_opt"] == [4]
    assert [entry["k"] for entry in found["per_k"]] == list(range(26))
    assert set(found["per_k"][4]) == {
        "k", "welfare", "ce", "eu", "entropy_bits", "clusters", "gini", "atkinson", "ones"
    }  # fmt: skip
    assert len(found["per_k"][4]["ones"]) == 5
    assert all(ones == sorted(ones) and ones for ones in found["per_k"][4]["ones"])
    assert found["per_k"][4]["welfare"] == max(entry["welfare"] for entry in found["per_k"])


def test_optimum_under_leximin_has_no_welfare(run: Run) -> None:
    code, out, _ = run("optimum", "--n", 6, "--alpha", 0.5, "--p", 0.1, "--gamma", "inf", "--json")
    assert code == 0
    found = json.loads(out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert found["k_opt"] == [0]
    assert {entry["welfare"] for entry in found["per_k"]} == {None}
    # nor where no number is finite
    code, out, _ = run("optimum", "--n", 3, *PAPER, "--shift", 0, "--json")
    assert json.loads(out, parse_constant=pytest.fail)["per_k"][0]["welfare"] is None


def test_optimum_as_text(run: Run) -> None:
    code, out, _ = run("optimum", "--n", 6, *PAPER)
    assert code == 0
    lines = out.splitlines()
    assert lines[0].split()[:8] == ["k", "welfare", "cert.", "equiv.", "exp.", "utility", "entropy,", "bits"]
    assert lines[0].split()[8:] == ["cluster", "0", "cluster", "1", "Gini", "Atkinson"]
    assert [line.split()[0] for line in lines[1:8]] == list("0123456")
    assert [line.split()[0] for line in lines if line.endswith("<- best")] == ["1"]
    assert "Ask 1 of 6 questions" in out
    assert "-0.000000" not in out
    _, out, _ = run("optimum", "--n", 10, "--alpha", 0.9, "--p", 0, "--gamma", 0)
    assert "Ask 0 or 1 (a tie) of 10 questions" in out
    assert out.count("<- best") == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--n", 0, "--alpha", 0.5, "--p", 0.1), "n must be a whole number from 1"),
        (("--n", 5, "--alpha", 1.5, "--p", 0.1), "alpha must be a number from 0 to 1"),
        (("--n", 5, "--alpha", 0.5, "--p", 0.5), "must be below 1/2"),
        (("--n", 5, "--alpha", 0.5, "--p", "nan"), "p must be a number from 0 to 0.5"),
        (("--n", 5, "--alpha", 0.5, "--p", 0.1, "--gamma", -1), "gamma must be a number of at least 0"),
        (("--n", 5, "--alpha", 0.5, "--p", 0.1, "--gamma", "nan"), "gamma must be a number"),
        (("--n", 5, "--alpha", 0.5, "--p", 0.1, "--cost", 3), "give a shift above 10"),
        (("--n", 5, "--alpha", 0.5, "--p", 0.1, "--shift", "inf"), "shift must be a number"),
        (("--n", 5, "--alpha", 0.5), "--p"),
    ],
)
def test_parameters_out_of_range_get_a_sentence(run: Run, options: tuple[object, ...], said: str) -> None:
    code, out, err = run("optimum", *options)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def by_hand(folder: Path) -> Path:
    file = folder / "slate.json"
    file.write_text(json.dumps({"statements": [{"id": "0"}, {"id": "2"}], "budget": 2, "unit": "statements"}), "utf-8")
    return file


def test_next_for_a_new_participant(run: Run, conversation: Path, tmp_path: Path) -> None:
    code, out, _ = run("next", conversation, "--agent", "newcomer", "--slate", by_hand(tmp_path))
    assert code == 0
    assert "newcomer is not in the source: a new participant" in out
    assert "We need more" in out
    assert "in utilities summed over people" in out
    assert "Asking costs 0.001." in out
    assert "Next best:" in out
    code, out, err = run("next", conversation, "--agent", "newcomer", "--slate", tmp_path / "slate.json", "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found["new"] is True
    assert found["stop"] is None
    assert set(found["question"]["parts"]) == {"seat", "change", "certificate"}
    assert found["question"]["value"] > 0.001
    assert [set(other) for other in found["question"]["alternatives"]] == [{"statement", "value"}] * 3


@pytest.mark.long
def test_a_slate_is_chosen_where_only_a_budget_is_given(run: Run, conversation: Path) -> None:
    options = ("--agent", "3", "--budget", 3, "--unit", "statements", "--at-least", 1)
    code, out, _ = run("next", conversation, *options, "--json")
    assert code == 0
    assert json.loads(out)["new"] is False
    assert run("next", conversation, *options, "--json")[1] == out


def test_an_interview_kept_in_a_file(run: Run, conversation: Path, tmp_path: Path) -> None:
    state = tmp_path / "state.json"

    def ask(*words: object) -> dict[str, Any]:
        code, out, err = run("next", conversation, "--agent", "new", "--state", state, *words, "--json")
        assert code == 0, err
        found: dict[str, Any] = json.loads(out)
        return found

    first = ask("--slate", by_hand(tmp_path), "--at-least", 3, "--at-most", 5, "--cost", 9)
    assert ask() == first
    kept = state.read_bytes()
    ask()
    assert state.read_bytes() == kept
    second = ask("--answer", "agree")
    assert second["asked"] == 1
    assert second["question"]["statement"] != first["question"]["statement"]
    third = ask("--skip")
    other = third["question"]["alternatives"][0]["statement"]
    last = ask("--answer", -1, "--statement", other)
    assert (last["question"], last["stop"], last["asked"]) == (None, "not worth it", 3)
    log = json.loads(state.read_text("utf-8"))["log"]
    assert [entry["answer"] for entry in log] == [1.0, None, -1.0]
    assert [entry["chosen"] for entry in log] == [False, False, True]
    assert [entry["reason"] for entry in log] == ["floor"] * 3
    assert run("next", conversation, "--agent", "new", "--state", state)[1].splitlines()[1] == "Stop: not worth it."
    assert ask("--stop")["stop"] == "person stopped"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--agent", "3"), "give --slate SLATE.json or --budget"),
        (("--agent", "3", "--policy", "magic"), "unknown asking policy 'magic'"),
        (("--agent", "3", "--policy", "entropy", "--budget", 5), "asks for no slate"),
        (("--agent", "3", "--policy", "rollout", "--gamma", "inf"), "gamma must be finite"),
        (("--agent", "3", "--policy", "entropy", "--gamma", 2), "inequality aversion of the policy rollout"),
        (("--agent", "3", "--policy", "random", "--cost", 1), "values none"),
        (("--agent", "3", "--policy", "random", "--at-least", 5, "--at-most", 1), "below --at-least"),
        (("--agent", "3", "--policy", "random", "--answer", "agree"), "begin one with --state FILE first"),
        (("--agent", "3", "--policy", "random", "--statement", "4"), "give the answer too"),
        (("--agent", "3", "--policy", "random", "--skip", "--stop"), "exclude each other"),
        (("--agent", "3", "--slate", "{t}/nowhere.json"), "cannot be read"),
        (("--agent", "3", "--slate", "{t}/other.json"), "1 statement(s) of the slate are not in the source"),
        (("--agent", "3", "--slate", "{t}/slate.json", "--budget", 1), "more than its budget of 1"),
        (("--agent", "3", "--state", "{t}/other.json"), "this is no state of an interview"),
        (("--agent", "3", "--state", "{c}/summary.csv"), "is no state of an interview"),
        (("--agent", "3", "--state", "{t}/begun.json"), "the interview is with 'new', not with '3'"),
        (("--agent", "new", "--state", "{t}/begun.json", "--cost", 1), "--cost was settled when the interview began"),
        (("--agent", "new", "--state", "{t}/begun.json", "--answer", "maybe"), "is not a number"),
        (("--agent", "new", "--state", "{t}/begun.json", "--answer", 0.5), "an answer must be -1 (disagree)"),
        ((), "--agent"),
    ],
)
def test_bad_usage_ends_with_2_and_one_sentence(
    run: Run, conversation: Path, tmp_path: Path, words: tuple[object, ...], said: str
) -> None:
    by_hand(tmp_path)
    (tmp_path / "other.json").write_text('{"statements": [{"text": "Something nobody was asked about."}]}', "utf-8")
    begun = tmp_path / "begun.json"
    assert run("next", conversation, "--agent", "new", "--policy", "entropy", "--state", begun)[0] == 0
    before = begun.read_bytes()
    found = [str(word).replace("{t}", str(tmp_path)).replace("{c}", str(conversation)) for word in words]
    code, out, err = run("next", conversation, *found)
    assert (code, out) == (2, ""), err
    assert said in " ".join(err.split())
    assert "Traceback" not in err
    assert begun.read_bytes() == before


def test_where_asking_makes_no_sense(run: Run, tmp_path: Path) -> None:
    texts = tmp_path / "texts.csv"
    texts.write_text("id,text\na,More buses please.\nb,Fewer cars in town.\n", "utf-8")
    code, _, err = run("next", texts, "--agent", "a", "--budget", 9)
    assert code == 2
    assert "nobody answered any statement yet" in " ".join(err.split())


def test_words_are_answers_to_votes_only(run: Run, tmp_path: Path) -> None:
    ratings, state = tmp_path / "ratings.csv", tmp_path / "state.json"
    rows = [f"p{i},{1 + i % 5},{5 - i % 5},{1 + (i * 2) % 5}" for i in range(12)]
    ratings.write_text("\n".join(["participant,More buses,Fewer cars,Wider roads", *rows]) + "\n", "utf-8")
    words = ("next", ratings, "--scale", "1..5", "--agent", "new", "--state", state)
    code, out, err = run(*words, "--policy", "entropy")
    assert code == 0, err
    code, out, err = run(*words, "--answer", "agree")
    assert (code, out) == (2, "")
    assert "'agree' is not a number; --skip" in " ".join(err.split())
    code, _, err = run(*words, "--answer", 4)
    assert code == 0, err
    assert json.loads(state.read_text("utf-8"))["log"][0]["answer"] == 4.0


def test_a_state_that_cannot_be_written_is_an_error(run: Run, conversation: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    words = ("next", conversation, "--agent", "n", "--policy", "random", "--state", tmp_path / "file" / "state.json")
    code, out, err = run(*words)
    assert code in (1, 2)
    assert out == ""
    assert "Traceback" not in err


def test_a_changed_source_is_noticed(run: Run, tmp_path: Path) -> None:
    source, state = write_conversation(tmp_path / "c"), tmp_path / "state.json"
    words = ("next", source, "--agent", "new", "--state", state)
    assert run(*words, "--policy", "information")[0] == 0
    votes = source / "participants-votes.csv"
    lines = votes.read_text("utf-8").splitlines()
    votes.write_text("\n".join(lines[:-1]) + "\n", "utf-8")
    code, _, err = run(*words)
    assert code == 2
    assert "the source is not the one this interview began with" in " ".join(err.split())


def test_hostile_text_cannot_move_the_terminal(run: Run, tmp_path: Path) -> None:
    source = write_conversation(tmp_path / "c")
    path = source / "comments.csv"
    path.write_text(path.read_text("utf-8").replace("We need more", "More \x1b[31mred\x1b[0m \u202e"), "utf-8")
    code, out, err = run("next", source, "--agent", "\x1b[2Jnew", "--policy", "as-shown")
    assert code == 0
    assert "red" in out
    for character in ("\x1b", "\u202e"):
        assert character not in out + err


def test_help(run: Run) -> None:
    for words, said in (
        (("--help",), "optimum"),
        (("next", "--help"), "--at-least"),
        (("optimum", "--help"), "--shift"),
    ):
        code, out, _ = run(*words)
        assert code == 0
        assert said in out


@pytest.mark.long
def test_the_person_of_the_readme_is_shown_a_question(run: Run) -> None:
    root = Path(__file__).parents[2]
    (line,) = (
        each
        for each in (root / "README.md").read_text("utf-8").splitlines()
        if "folkmoot ask next" in each and "#" in each
    )
    words = line.split("#")[0].split("ask next")[1].split()
    code, out, _ = run("next", root / words[0], *words[1:])
    assert code == 0
    first = out.splitlines()[1]
    assert first.split(":")[0].isdigit()
    assert "worth" in out
    assert "Stop" not in out


def test_optimum_for_several_gammas_and_deciding_after_every_answer(run: Run) -> None:
    code, out, _ = run("optimum", "--n", 25, "--alpha", 0.5, "--p", 0.1, "--gamma", "0,2,5,10", "--adaptive")
    assert code == 0
    rows = [line.split() for line in out.splitlines()[1:5]]
    assert [(row[0], row[1]) for row in rows] == [("0", "1"), ("2", "4"), ("5", "6"), ("10", "2")]
    assert [row[-1] for row in rows] == ["2.44", "3.71", "4.98", "2.18"]
    assert [row[4] for row in rows[1:]] == ["1.2318", "2.4209", "1.5001"]  # Lemma 13
    code, out, _ = run("optimum", "--n", 25, *PAPER, "--adaptive", "--json")
    assert json.loads(out)["adaptive"]["ce"] == pytest.approx(18.7495, abs=1e-4)
    code, out, _ = run("optimum", "--n", 25, *PAPER, "--adaptive")
    assert "Deciding after every answer: 3.71 questions on average" in out


def test_optimum_with_a_cost_for_every_question_a_map_and_a_source(run: Run, conversation: Path) -> None:
    dear = json.loads(run("optimum", "--alpha", 0.5, "--p", 0.1, "--costs", "0.3,1,1", "--json")[1])
    assert [entry["k"] for entry in dear["per_k"]] == [0, 1, 2, 3]
    assert dear["per_k"][1]["eu"] == pytest.approx(1.64 + 0.7)
    found = json.loads(run("optimum", "--n", 30, "--map", "--json")[1])
    cells = [k for row in found["k_opt"] for (k,) in row]
    assert [cells.count(k) for k in range(4)] == [700, 287, 189, 124]  # Figure 4
    code, out, _ = run("optimum", "--n", 3, "--map", "--gamma", "0,1")
    assert code == 0
    assert "n = 3, gamma = 1:" in out
    code, out, _ = run("optimum", "--from", conversation, "--gamma", 2)
    assert code == 0
    assert out.startswith("Fitted to ")
    assert "95 of 100 resamples" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--alpha", 0.5, "--p", 0.1), "--n is missing"),
        (("--n", 5), "--alpha and --p are missing"),
        (("--n", 5, "--alpha", 0.5, "--p", 0.1, "--gamma", "1,x"), "--gamma 'x' is not a number"),
        (("--n", 5, "--alpha", 0.5, "--p", 0.1, "--costs", "1,2"), "2 costs are given for 5 questions"),
        (("--map", "--costs", "1,2"), "--map takes one --cost"),
    ],
)
def test_optimum_says_what_is_missing(run: Run, words: tuple[object, ...], said: str) -> None:
    code, _, err = run("optimum", *words)
    assert code == 2
    assert said in err


@pytest.mark.long
def test_a_survey_is_kept_and_asks_the_same(run: Run, conversation: Path, tmp_path: Path) -> None:
    kept, state = tmp_path / "survey.npz", tmp_path / "17.json"
    words = ("next", conversation, "--agent", "new")
    first = run(*words, "--policy", "rollout", "--gamma", 2, "--survey", kept, "--json")
    assert kept.exists()
    again = run(*words, "--policy", "rollout", "--gamma", 2, "--survey", kept, "--state", state, "--json")
    assert first == again
    code, out, _ = run(*words, "--survey", kept, "--state", state, "--answer", "agree", "--json")
    assert code == 0
    assert json.loads(out)["asked"] == 1
    code, _, err = run(*words, "--survey", kept, "--seed", 5)
    assert code == 2
    assert "--seed was settled when the survey was made" in err
    with (conversation / "comments.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    code, _, err = run(*words, "--survey", kept)
    assert code == 2
    assert "from this one as it was before" in err
