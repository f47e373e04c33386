"""Makes the data of the tutorials; every person in them is made up. ``python docs/tutorials/data/make.py [FOLDER]``

Four groups of people with opinions of their own answer a survey, vote on projects, compare answers and write. The same
program makes the same files. ``opinions.sqlite.gz`` is the ledger of a run whose answers come from a stand-in that goes
by words that texts have in common, and not from a language model.
"""

from __future__ import annotations

import csv
import gzip
import random
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from folkmoot import read, slate
from folkmoot.llm import Answer, Call, Failed, Ledger
from folkmoot.llm.ledger import Answered
from folkmoot.queries.language.obedient import Obedient

HERE = Path(__file__).resolve().parent
MODEL = "stand-in"
WORDS = ("Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree")
QUESTION = "How much do you agree?"
ITEMS = (
    "Plant trees along the main streets, even where parking spaces are lost",
    "Keep all parking spaces in the old town",
    "Run buses every ten minutes until midnight",
    "Make buses free for everybody under 18",
    "Build flats on the old railway yard",
    "Keep the old railway yard as a park",
    "Open the library on Sundays",
    "Mend the roads before anything new is built",
)
# How much each group likes each item, 0 to 4.
TASTES = (
    (3.8, 0.4, 3.2, 3.0, 1.0, 3.8, 2.8, 1.2),
    (0.5, 3.8, 1.2, 0.8, 2.2, 1.0, 1.5, 3.7),
    (2.0, 1.6, 3.7, 3.6, 3.6, 0.8, 2.8, 2.0),
    (2.2, 2.0, 2.4, 2.6, 2.0, 2.2, 3.8, 2.6),
)
SIZES = (56, 42, 38, 24)
WISHES = (
    (
        "Trees along the streets, because the summers get hotter every year.",
        "The old railway yard should stay a green place for everybody.",
        "Fewer cars in the old town and more shade to sit in.",
        "More trees and benches in front of the school, please.",
    ),
    (
        "I need my parking space to get to work at all.",
        "Mend the holes in the roads before you plan anything new.",
        "Shops in the old town will close if nobody can park there.",
        "Roads first, everything else later.",
    ),
    (
        "Buses until midnight, so that young people can get home.",
        "Build flats that families with little money can pay for.",
        "Free buses for everybody under 18 would help us a lot.",
        "Rents are too high, so build on the old railway yard.",
    ),
    (
        "The library should be open on Sundays, when people have time.",
        "A place where young and old can meet without buying anything.",
        "Keep the library open in the evening as well.",
        "More readings and courses in the library, on Sundays too.",
    ),
)
OPENINGS = ("", "", "Please: ", "As I have said before: ", "Most of all: ", "For my family: ", "In my street we say: ")
PROJECTS = (
    ("Trees in Mill Street", 60_000, 0),
    ("Green railway yard", 90_000, 0),
    ("Road repairs, north", 110_000, 1),
    ("Car park at the market", 70_000, 1),
    ("Night bus", 80_000, 2),
    ("Youth room at the station", 50_000, 2),
    ("Library on Sundays", 40_000, 3),
    ("Benches and fountains", 30_000, 0),
    ("Safe crossings", 45_000, 2),
    ("Reading garden", 25_000, 3),
)
REPLIES = (
    "Short: only the answer, in two sentences.",
    "Thorough: every step explained, with an example.",
    "Careful: what is not known comes first.",
    "Warm: asks how I am before it answers.",
)
LIKES = ((4.0, 1.0, 2.0, 0.5), (1.0, 4.0, 2.5, 1.0), (0.5, 2.0, 2.0, 4.0))
JUDGES = (45, 38, 22)


def people() -> list[int]:
    """The group of each person, mixed."""
    groups = [group for group, size in enumerate(SIZES) for _ in range(size)]
    random.Random(1).shuffle(groups)
    return groups


def survey() -> list[list[str]]:
    """A grid of ratings in words and an open answer, as a survey tool exports them; some leave things out."""
    chance = random.Random(2)
    rows = [["Timestamp", *(f"{QUESTION} [{item}]" for item in ITEMS), "What should the town do next?", "District"]]
    for number, group in enumerate(people()):
        grid = [
            "" if chance.random() < 0.12 else WORDS[min(4, max(0, round(chance.gauss(liking, 0.8))))]
            for liking in TASTES[group]
        ]
        one, other = chance.sample(WISHES[group], 2)
        wish = "" if chance.random() < 0.35 else f"{chance.choice(OPENINGS)}{one}{chance.choice(('', ' ' + other))}"
        when = f"2024/05/{1 + number // 16:02d} {9 + number % 12}:{number % 60:02d}:00 AM GMT+2"
        rows.append([when, *grid, wish, chance.choice(("North", "South", "Old town"))])
    return rows


def budget() -> str:
    """Approvals of projects with costs, as Pabulib has them."""
    chance = random.Random(3)
    votes: list[list[int]] = []
    for group in people():
        own = [n for n, (_, _, whose) in enumerate(PROJECTS) if chance.random() < (0.95 if whose == group else 0.06)]
        votes.append(own or [chance.randrange(len(PROJECTS))])
    total = sum(n in vote for vote in votes for n in range(len(PROJECTS)))
    assert total == sum(map(len, votes))
    lines = [
        "META",
        "key;value",
        "description;Made-up town: what should 300,000 be spent on?",
        "country;Nowhere",
        f"num_projects;{len(PROJECTS)}",
        f"num_votes;{len(votes)}",
        "budget;300000",
        "vote_type;approval",
        "PROJECTS",
        "project_id;cost;votes;name",
    ]
    lines += [f"{n + 1};{cost};{sum(n in vote for vote in votes)};{name}" for n, (name, cost, _) in enumerate(PROJECTS)]
    lines += ["VOTES", "voter_id;vote"]
    lines += [f"v{number};{','.join(str(n + 1) for n in vote)}" for number, vote in enumerate(votes, start=1)]
    return "\n".join(lines) + "\n"


def pairs() -> list[list[str]]:
    """Which of two ways to answer somebody likes better; likelier, the more they differ in how much it is liked."""
    chance = random.Random(4)
    rows = [["participant", "winner", "loser"]]
    judges = [group for group, size in enumerate(JUDGES) for _ in range(size)]
    chance.shuffle(judges)
    for number, group in enumerate(judges, start=1):
        for _ in range(8):
            one, other = chance.sample(range(len(REPLIES)), 2)
            ahead = 1 / (1 + 2.718281828 ** (LIKES[group][other] - LIKES[group][one]))
            winner, loser = (one, other) if chance.random() < ahead else (other, one)
            rows.append([f"j{number}", REPLIES[winner], REPLIES[loser]])
    return rows


def opinions() -> list[list[str]]:
    """What 16 people wrote, four of every group."""
    both = [f"{text} {wishes[(place + 1) % 4]}" for wishes in WISHES for place, text in enumerate(wishes)]
    return [["user_id", "text"], *([f"p{number}", text] for number, text in enumerate(both, start=1))]


class Recorded:
    """The stand-in, each of whose answers is kept in a ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger, self._model = ledger, Obedient()

    def answers(self, calls: Sequence[Call]) -> list[Answer | Failed]:
        """The answers, those that were given before from the ledger."""
        known = self._ledger.find(MODEL, [call.key for call in calls])
        missing = list({call.key: call for call in calls if call.key not in known}.values())
        for call, answer in zip(missing, self._model.answers(missing), strict=True):
            assert isinstance(answer, Answer)
            known[call.key] = answer
            self._ledger.add(MODEL, [Answered(call, answer, None, 1, 0.0, 0.0)])
        return [known[call.key] for call in calls]


def saved(file: Path, rows: Iterable[Sequence[str]]) -> None:
    """A table as CSV."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


def tables(folder: Path) -> None:
    """Everything but the ledger."""
    saved(folder / "survey.csv", survey())
    saved(folder / "pairs.csv", pairs())
    saved(folder / "opinions.csv", opinions())
    (folder / "budget.pb").write_text(budget(), encoding="utf-8", newline="\n")


def main(folder: Path) -> None:
    """Writes all files."""
    tables(folder)
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "opinions.sqlite"
        with Ledger(file) as ledger:
            model = Recorded(ledger)
            slate(read(folder / "opinions.csv"), 40, engine="llm", model=model, topic="What should the town do next?")
        (folder / "opinions.sqlite.gz").write_bytes(gzip.compress(file.read_bytes(), mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
