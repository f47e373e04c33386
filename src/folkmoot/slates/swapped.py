"""Whose answers may be put in for a person's: the profile-swap curve of a source.

A fifth of everybody's answers is hidden, a low-rank model is fitted to the rest, and what was hidden is foretold with
one's own profile, with that of others from the most similar one on, with that of one's group, and with none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..audits.swap import Curve, Interval, Votes, swap_curve
from ..preferences import memberships
from ..preferences.entries import with_answers
from ..preferences.held_out import hold
from ..preferences.models import low_rank
from ..profile import Profile
from ..profile.sentences import noted
from ..profile.streams import Stream, stream
from ..queries import Completed

#: Factors of the profiles, the share of answers that is hidden, and the fewest answers of whom some are hidden.
RANK, SHARE, FEWEST = 3, 0.2, 5
#: People and hidden answers below which nothing is said.
LEAST_PEOPLE, LEAST_HIDDEN = 20, 100
#: Resamples of people.
SAMPLES = 1_000


@dataclass(frozen=True)
class SwapTest:
    """The curve of a source, or why there is none.

    Args:
        applies: whether there is one.
        why: why not; empty where there is one.
        advice: what to do with it, in a sentence.
        accuracy: the share of hidden answers foretold rightly, by profile (``self``, ``0`` to ``0.98`` of all others
            from the most similar on, ``group``, ``none``), with its 95 % interval over people.
        loss: the log-loss in nats an answer, by profile.
        own_gain: the accuracy with one's own profile less that without one.
        nearest_gain: the same of the most similar other's.
        group_gain: the same of the group's.
        u_index: the loss with the most similar other's profile less the smallest of those of dissimilar ones: above 0
            a similar person is worse than a stranger.
        people: people with hidden answers.
        hidden: the hidden answers.
        groups: the number of opinion groups.
    """

    applies: bool
    why: str = ""
    advice: str = ""
    accuracy: Mapping[str, Interval] | None = None
    loss: Mapping[str, Interval] | None = None
    own_gain: Interval | None = None
    nearest_gain: Interval | None = None
    group_gain: Interval | None = None
    u_index: Interval | None = None
    people: int = 0
    hidden: int = 0
    groups: int = 0


def swap_test(profile: Profile, seed: int = 0) -> SwapTest:
    """Fits profiles without a fifth of the answers, and foretells these with other people's.

    Args:
        profile: votes, ratings, or rankings; others have no answers that take a side, and get no curve.
        seed: of what is hidden and of the resamples.
    """
    scale = profile.answers.scale
    if not len(profile.answers) or scale.kind == "ranking":
        return SwapTest(False, noted("it needs votes or ratings, answers that are for or against a statement"))
    rng = stream(seed, Stream.SWAP)
    curve = curve_of(profile, rng, SAMPLES, fewest=(LEAST_PEOPLE, LEAST_HIDDEN))
    if curve is None:
        return SwapTest(
            False,
            noted(
                f"it hides a fifth of the answers of whoever gave {FEWEST} or more, and needs {LEAST_PEOPLE} people "
                f"and {LEAST_HIDDEN} hidden answers that take a side"
            ),
        )
    found, hidden, groups = curve
    return SwapTest(
        True,
        advice=advice(found),
        accuracy=found.accuracy,
        loss=found.loss,
        own_gain=found.own_gain,
        nearest_gain=found.nearest_gain,
        group_gain=found.group_gain,
        u_index=found.u_index,
        people=found.people,
        hidden=hidden,
        groups=groups,
    )


def curve_of(
    profile: Profile, rng: np.random.Generator, samples: int, fewest: tuple[int, int] = (1, 1)
) -> tuple[Curve, int, int] | None:
    """One fold: the curve, the number of hidden answers that take a side, and of groups; None where these are too few.

    Args:
        profile: votes or ratings.
        rng: the generator of what is hidden, of the fit, and of the resamples.
        samples: the number of resamples of people.
        fewest: the fewest people with hidden answers, and the fewest of these answers.
    """
    held = hold(profile, rng, share=SHARE, fewest=FEWEST)
    a = profile.answers
    utility, middle = a.scale.utility(a.value), a.scale.midpoint
    train = with_answers(profile, ~held)
    people = np.unique(train.answers.agent)
    # of whom everything is hidden, there is no profile
    sided = held & (utility != middle) & np.isin(a.agent, people)
    row = a.agent[sided]
    if len(np.unique(row)) < fewest[0] or len(row) < fewest[1]:
        return None
    model = low_rank.fit(train, rng, rank=RANK, side_rank=0)
    member = memberships(Completed(train, model), model, train, np.unique(train.answers.statement))[0]
    label = member.argmax(axis=1)
    votes = Votes(np.searchsorted(people, row), a.statement[sided], utility[sided] > middle)
    rows, columns = model.agree.rows.mean[people], model.agree.columns.mean
    loadings = np.hstack([np.ones((len(columns), 1)), columns[:, 1:]])
    labels = label[people].astype(np.int64)
    found = swap_curve(rows, loadings, columns[:, 0], votes, labels, rng, samples=samples)
    return found, len(row), member.shape[1]


def advice(curve: Curve) -> str:
    """What to do with a curve, in a sentence that holds only as far as its intervals do."""
    if curve.own_gain.low <= 0:
        return noted(
            "Not even people's own answers foretell their hidden ones better than everybody's rates do: predict nobody "
            "by a profile here."
        )
    if curve.u_shaped:
        return noted(
            "The most similar person foretells worse than a stranger does: never put one person's answers in for "
            "another's."
        )
    if curve.nearest_gain.low > 0:
        return noted(
            "The most similar person foretells better than everybody's rates do: where somebody is missing, they may "
            "stand in; somebody less similar may not."
        )
    return noted(
        "Nobody else's profile is sure to foretell better than everybody's rates do: where somebody is missing, use "
        "the rates, and let nobody stand in."
    )
