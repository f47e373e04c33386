"""Makes prefs.jsonl: 60 made-up annotators compare two answers to each of 30 prompts, some prompts twice.

    python examples/preference-data/make.py [FILE]

Two thirds like short answers that say yes or no; the others, most of them in the country B, like answers that explain.
One in ten judgements is a slip. Nobody is told of kinds: there is a column country, and nothing else.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

ANNOTATORS, PROMPTS, JUDGEMENTS, SLIPS = 60, 30, 1_200, 0.1
TOPICS = ("the heating", "a bus line", "the library", "a new park", "the school meals", "night work")


def rows() -> list[dict[str, str]]:
    """The judgements, in random order."""
    rng = random.Random(7)
    explains = [person % 3 == 0 for person in range(ANNOTATORS)]
    country = [("B" if rng.random() < 0.8 else "A") if each else rng.choice("AAC") for each in explains]
    found = []
    for _ in range(JUDGEMENTS):
        person, prompt = rng.randrange(ANNOTATORS), rng.randrange(PROMPTS)
        topic = TOPICS[prompt % len(TOPICS)]
        short = f"Yes, keep {topic} as it is ({prompt})."
        long = f"It depends: {topic} may cost more than it brings, but some people need it; see point {prompt}."
        likes_long = explains[person] != (rng.random() < SLIPS)
        found.append(
            {
                "prompt": f"Question {prompt}: what should become of {topic}?",
                "chosen": long if likes_long else short,
                "rejected": short if likes_long else long,
                "annotator_id": f"w{person:02}",
                "country": country[person],
            }
        )
    return found


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("prefs.jsonl")
    target.write_text("".join(json.dumps(row) + "\n" for row in rows()), encoding="utf-8")
