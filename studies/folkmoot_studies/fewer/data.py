"""The conversations of the study `fewer_questions`: statements, people, and the order in which they really answered.

Data: the folder ``data/polis`` (six Polis conversations, CC BY 4.0, The Computational Democracy Project) and
``data/chatbot_pilot`` (ratings of the pilot of Fish et al. 2024; no licence stated). Neither is in this repository,
except one conversation in ``examples/bowling-green``.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from folkmoot.formats import read as read_profile
from folkmoot.formats.lines import lines
from folkmoot.profile import Agents, Answers, FloatArray, InputError, IntArray, Profile, Statements, costs

# Names in the study: folder or file below the data folder, and the budget of the slate in words.
SOURCES = {
    "seattle-wage": ("polis/15-per-hour-seattle", 164),
    "electoral-reform": ("polis/canadian-electoral-reform", 164),
    "concussions": ("polis/football-concussions", 164),
    "biodiversity": ("polis/scoop-hivemind.biodiversity", 164),
    "farmland": ("polis/ssis.land-bank-farmland.2rumnecbeh.2021-08-01", 164),
    "bowling-green": ("polis/american-assembly.bowling-green", 164),
    "pilot-generation": ("chatbot_pilot/generation_ratings.csv", 110),
    "pilot-validation": ("chatbot_pilot/validation_ratings.csv", 180),
}
STATEMENTS, FEWEST = 100, 10
# A participant has to have given so many answers: the first of these that so many people have.
ENOUGH, PEOPLE = (30, 20, 10, 6, 5), 50
# Share of the answers of new people that are never revealed.
HELD = 0.3


@dataclass(frozen=True, eq=False)
class Conversation:
    """What one conversation offers.

    Args:
        name: the conversation's name in the study.
        profile: all people, with the statements that are studied.
        costs: int64 [m], the words of each statement.
        budget: the budget of a slate, in words.
        shown: float64 [n, m], the place in the order in which each person answered, 0 first; inf where they did not.
        timed: whether that order is known; otherwise it is the order of statement ids.
        least: the number of answers that makes a person a participant of the study.
    """

    name: str
    profile: Profile
    costs: IntArray
    budget: int
    shown: FloatArray
    timed: bool
    least: int

    @property
    def participants(self) -> IntArray:
        """Rows of the people with at least `least` answers."""
        return np.flatnonzero(np.isfinite(self.shown).sum(axis=1) >= self.least)

    @property
    def most_questions(self) -> int:
        """The number of answers that every participant can give, apart from those that are never revealed."""
        return self.least - int(np.ceil(HELD * self.least))


def data_folder() -> Path:
    """``data`` of the folder FOLKMOOT_SHARED names, else of the current folder."""
    return Path(os.environ.get("FOLKMOOT_SHARED", ".")) / "data"


def conversations(path: Path | None, only: str | None, statements: int = STATEMENTS) -> Iterator[Conversation]:
    """Reads the conversations one by one.

    Args:
        path: the folder with ``polis`` and ``chatbot_pilot`` (what is not there is left out), or a conversation;
            None: see `data_folder`.
        only: the name of one of `SOURCES`.
        statements: the number of most answered statements to keep.

    Raises:
        InputError: the name is unknown, or there is no data.
    """
    folder = data_folder() if path is None else path
    if only is not None and only not in SOURCES:
        raise InputError(f"unknown conversation {only!r}; choose one of {', '.join(SOURCES)}")
    if folder.is_file() or (folder / "comments.csv").is_file():
        yield read(folder.name, folder, 164, statements)
        return
    wanted = SOURCES if only is None else {only: SOURCES[only]}
    there = {name: (folder / place, budget) for name, (place, budget) in wanted.items() if (folder / place).exists()}
    if not there:
        raise InputError("no conversations here; name the folder that holds polis and chatbot_pilot", file=folder)
    for name, (place, budget) in there.items():
        yield read(name, place, budget, statements)


def read(name: str, path: Path, budget: int, statements: int = STATEMENTS) -> Conversation:
    """Reads one conversation and takes its most answered statements that moderation left in."""
    source = read_profile(path)
    words = costs(source, "words")
    answers = np.bincount(source.answers.statement, minlength=source.n_statements)
    pool = source.pool()
    pool = pool[(words[pool] > 0) & (answers[pool] >= FEWEST)]
    taken = np.sort(pool[np.argsort(-answers[pool], kind="stable")[:statements]])
    profile = part(source, np.arange(source.n_agents), taken)
    times = _times(path, profile)
    known = ~np.isnan(profile.dense(np.arange(len(taken))))
    order = np.arange(len(taken), dtype=np.float64) if times is None else times
    shown = np.where(known, np.argsort(np.argsort(np.where(known, order, np.inf), kind="stable"), axis=1), np.inf)
    given = known.sum(axis=1)
    least = next((t for t in ENOUGH if (given >= t).sum() >= PEOPLE), ENOUGH[-1])
    if (given >= least).sum() < 4:
        raise InputError(f"fewer than 4 people gave {least} answers; a longer conversation is needed", file=path)
    return Conversation(name, profile, words[taken], budget, shown, times is not None, least)


def part(profile: Profile, people: IntArray, statements: IntArray | None = None) -> Profile:
    """Some people and statements of a profile, with their answers; both sorted."""
    a, s = profile.answers, profile.statements
    columns = np.arange(profile.n_statements) if statements is None else statements
    keep = np.isin(a.agent, people) & np.isin(a.statement, columns)
    rows, places = np.searchsorted(people, a.agent[keep]), np.searchsorted(columns, a.statement[keep])
    return replace(
        profile,
        agents=Agents(tuple(profile.agents.ids[i] for i in people)),
        statements=Statements(tuple(s.ids[j] for j in columns), tuple(s.texts[j] for j in columns)),
        answers=Answers.of(rows, places, a.value[keep], a.scale),
    )


def _times(path: Path, profile: Profile) -> FloatArray | None:
    """float64 [n, m] when each answer was first given, inf where unknown; None where nothing says so."""
    names = ("votes.csv", "votes.csv.gz")
    file = path if path.is_file() else next((path / name for name in names if (path / name).is_file()), None)
    if file is None:
        return None
    table = csv.DictReader(lines(file))
    fields = ("participant", "statement_id", "step") if path.is_file() else ("voter-id", "comment-id", "timestamp")
    if not set(fields) <= set(table.fieldnames or ()):
        return None
    times = np.full((profile.n_agents, profile.n_statements), np.inf)
    for entry in table:
        row, column = profile.agent_index.get(entry[fields[0]]), profile.statement_index.get(entry[fields[1]])
        if row is not None and column is not None:
            times[row, column] = min(times[row, column], float(entry[fields[2]]))
    return times
