"""The embedded engine: answers the queries with no network and no key, the same way every time.

Votes and ratings: people's own answers, and a population model fitted to them for the rest. Texts only: similarity of
a statement to what the person wrote, which is topic and not stance, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..processes import Problem, Process, Selection
from ..processes import find as find_process
from ..profile import InputError, IntArray, Options, Profile, Progress, silent
from ..profile.compared import count_parts
from ..profile.sentences import noted
from ..profile.streams import Stream, stream
from ..queries.completed import Completed
from .protocol import Prepared, Task, engine

SOCIAL = "social-poisson"
"""The model that knows who follows whom."""
FEWEST = 5
"""Words of a sentence of somebody's text that can be a statement."""

STANCE_NOT_MEASURED = noted(
    "Stance is not measured: nobody voted, so a statement counts as representing a person when it is about what they "
    "wrote about, whether they are for or against. Reliability is unvalidated: there are no answers to check it with. "
    "Next step: put these statements to the people for a vote and choose again from the votes, or let a language model "
    "judge what everybody wrote (engine llm)."
)
UNVALIDATED = noted("Reliability is unvalidated: there are too few answers to hold any out.")


def usual(profile: Profile) -> str:
    """``robust`` where answers are missing; the exact rule where they are complete, or where nobody voted."""
    voted = len(profile.answers) + len(profile.comparisons) > 0
    return "robust" if voted and not profile.answers.scale.complete else "democratic-fast"


@engine(
    id="embedded",
    about="people's own answers and a model fitted to them, or similarity of texts; no network",
    usual=usual,
)
@dataclass(frozen=True)
class Embedded:
    """The embedded engine (see the module).

    Args:
        task: the purpose it serves.
    """

    task: Task

    @property
    def process(self) -> Process:
        """The process of the task, one that chooses among given statements."""
        return find_process(self.task.options.process)

    def candidates(self, profile: Profile) -> Listed:
        """The statements of the source; clauses of what people wrote where it lists none."""
        return Listed(self, candidates(profile, options=self.task.options))


@dataclass(frozen=True)
class Listed:
    """Statements that were there, or were taken word for word from what people wrote.

    Args:
        engine: whose they are.
        profile: with them.
    """

    engine: Embedded
    profile: Profile

    def prepare(self, profile: Profile) -> Prepared:
        """See `prepare`."""
        task = self.engine.task
        options = task.options
        return prepare(profile, options.predict, seed=task.seed, strict=options.strict, progress=task.progress)

    def choose(self, problem: Problem, rng: np.random.Generator) -> Selection:
        """Runs the process."""
        return self.engine.process.run(problem, rng)


def candidates(profile: Profile, max_words: int = 40, options: Options | None = None) -> Profile:
    """The profile with something to choose from: clauses of what people wrote where nothing is listed.

    Args:
        profile: the profile as read.
        max_words: longest clause.
        options: of the run; with ``all_eligible`` every clause of three words or more can be chosen, else those that
            say something by themselves, of ``min_length`` words or `FEWEST`.

    Raises:
        InputError: nobody, or nothing that could become a statement.
    """
    if not profile.n_agents:
        raise InputError("the source has no participants; nobody can be represented")
    if profile.n_statements:
        return profile
    if not any(text.strip() for texts in profile.agents.texts for text in texts):
        raise InputError("nobody answered and nobody wrote anything; there is nothing to represent")
    from ..preferences.models.text_similarity import Embedding
    from ..queries.texts.extract import extract

    options, vectors = options or Options(), Embedding().vectors
    if options.all_eligible:
        return extract(profile, max_words, vectors=vectors)
    least = FEWEST if options.min_length is None else max(options.min_length, 1)
    extracted = extract(profile, max_words, least, vectors=vectors, telling=True)
    if not extracted.n_statements:
        why = ", ".join(f"{note.what}: {note.count:,}" for note in extracted.notes[len(profile.notes) :])
        raise InputError(
            f"nothing that people wrote can stand as a statement ({why}); relax `min_length`, or take "
            "`all_eligible=True`"
        )
    return extracted


def prepare(
    profile: Profile, predict: str = "auto", *, seed: int = 0, strict: bool = False, progress: Progress = silent
) -> Prepared:
    """Utilities for everybody and every statement.

    Args:
        profile: with candidates.
        predict: preference model that predicts what people did not answer, a name of `preferences.MODELS` or ``auto``.
        seed: of held-out splits and restarts.
        strict: pending statements are not in the pool.
        progress: called with (stage, share done).
    """
    if not len(profile.answers) and not len(profile.comparisons):
        return _similar(profile, progress)
    if _complete(profile, profile.pool(strict)):
        description = {"name": "embedded", "model": "none", "note": "every utility is the person's own answer"}
        return Prepared(profile, Completed(profile), description, None)
    return _fitted(profile, predict, seed, progress)


def _fitted(profile: Profile, predict: str, seed: int, tell: Progress) -> Prepared:
    from ..preferences import fit, measure

    if profile.facts.get("follows") and predict != SOCIAL:
        raise InputError(f"`follows` has no use but with `predict='{SOCIAL}'`; take that, or leave it")

    tell(noted("fitting the preference model"), 0.0)
    model = fit(profile, stream(seed, Stream.FIT), predict)
    tell(noted("fitting the preference model"), 1.0)
    tell(noted("measuring its reliability"), 0.0)
    reliability = measure(profile, stream(seed, Stream.RELIABILITY), model)
    tell(noted("measuring its reliability"), 1.0)
    description = {"name": "embedded", "model": model.id, "parameters": dict(model.parameters)}
    notes = () if reliability else (UNVALIDATED,)
    notes = (*notes, *_never_compared(profile))
    return Prepared(profile, Completed(profile, model), description, reliability, notes)


def _never_compared(profile: Profile) -> tuple[str, ...]:
    """That the comparisons fall into parts, where they do and there is nothing else."""
    c = profile.comparisons
    if not len(c) or len(profile.answers):
        return ()
    count = count_parts(c.winner, c.loser, profile.n_statements)
    if count < 2:
        return ()
    return (
        noted(
            f"The comparisons fall into {count:,} parts: statements of different parts were never compared, not even "
            "by way of others, so nobody can tell which of them people prefer, and figures across parts rest on the "
            "model alone. If they answer different questions, make a list for each: a source with the comparisons of "
            "one part."
        ),
    )


def _similar(profile: Profile, tell: Progress) -> Prepared:
    from ..preferences.models.text_similarity import TextSimilarity

    tell(noted("comparing texts"), 0.0)
    model = TextSimilarity(profile)
    tell(noted("comparing texts"), 1.0)
    description = {"name": "embedded", "model": model.id, "parameters": dict(model.parameters)}
    notes = (STANCE_NOT_MEASURED, *_own_sentences(profile))
    return Prepared(profile, Completed(profile, model), description, None, notes)


def _own_sentences(profile: Profile) -> tuple[str, ...]:
    """How many sentences were put up for choice, and why others were not; nothing where none were left out."""
    from ..queries.texts.extract import NOT_PUT_UP

    left = [note for note in profile.notes if note.what.endswith(NOT_PUT_UP)]
    if not left:
        return ()
    reasons = "; ".join(f"{note.what.removesuffix(NOT_PUT_UP)}: {note.count:,}" for note in left)
    number = sum(note.count for note in left)
    return (
        noted(
            f"The statements are people's own sentences, word for word. {number:,} sentences could not be chosen "
            f"({reasons}); whatever people wrote counts where statements are compared with it."
        ),
    )


def _complete(profile: Profile, pool: IntArray) -> bool:
    """Everybody answered every statement of the pool (or the ballots are complete by their nature)."""
    if profile.answers.scale.complete:
        return True
    inside = np.zeros(profile.n_statements, dtype=bool)
    inside[pool] = True
    return int(inside[profile.answers.statement].sum()) == profile.n_agents * len(pool)
