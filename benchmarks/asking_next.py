"""How long the next question takes: CPU seconds, in a process that stays, for every policy; a survey from its file; and
from the command line.

python benchmarks/asking_next.py [SOURCE]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import process_time

import folkmoot as fm
from folkmoot.asking import POLICIES, Interview, Survey

SOURCE = Path(__file__).parents[1] / "examples" / "bowling-green"
BUDGET = 164


def _command(*words: str) -> float:
    """CPU seconds of the whole process of a command."""
    before = os.times()
    subprocess.run([sys.executable, "-m", "folkmoot", *words], check=True, capture_output=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main(source: Path = SOURCE) -> None:
    """Prints milliseconds of the first and of later questions."""
    profile = fm.read(source)
    slate = [each.id for each in fm.slate(profile, budget=BUDGET, draws=0).statements]
    start = process_time()
    survey = Survey.of(profile, slate=slate, budget=BUDGET)
    print(f"{'learning from the answers':28}{1000 * (process_time() - start):10.0f} ms")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "survey.npz"
        survey.save(file)
        start = process_time()
        Survey.load(file)
        print(f"{'the same from its file':28}{1000 * (process_time() - start):10.0f} ms")
        kept = Path(folder) / "command.npz"
        words = ("ask", "next", str(source), "--agent", "new", "--survey", str(kept))
        _command(*words, "--budget", str(BUDGET))
        print(f"{'start of the program':28}{1000 * _command('--version'):10.0f} ms")
        print(f"{'ask next --survey':28}{1000 * _command(*words):10.0f} ms")
    for policy in POLICIES:
        took = []
        interview = Interview(survey, "new", policy=policy, at_least=5 if policy != "random" else 0, at_most=5)
        for _ in range(5):
            start = process_time()
            question = interview.next()
            took.append(1000 * (process_time() - start))
            if question is None:
                break
            interview.answer(profile.answers.scale.high)
        print(f"{policy:28}{took[0]:10.0f} ms, then {sum(took[1:]) / max(1, len(took) - 1):8.1f} ms")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
