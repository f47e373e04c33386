"""What columns are called in the files people have, and which of them may tell who somebody is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from .table import plain

PERSON = (
    "participant",
    "participant-id",
    "user-id",
    "agent-id",
    "respondent-id",
    "response-id",
    "responseid",
    "voter-id",
    "person-id",
    "prolific-pid",
    "prolific-id",
    "id",
)
"""The participant's id, the clearest name first."""

SPEAKER = ("interview", "speaker-id", "speaker-name", "extraquestion1")
"""Talk to the City: who said it, where a row is one comment."""

SPEAKER_BY_ROW_ID = (*SPEAKER, "author-id", "author", "name", *PERSON[:-1])
"""As `SPEAKER`, where another column is clearly the comment's id."""

ROW_ID = ("comment-id", "row-id", "i")
"""The comment's id, where a row is one comment."""

TEXT = ("data", "text", "comment-body", "comment-text", "comment", "response", "answer", "survey-text", "opinion-text")
"""What somebody wrote."""

EXPLANATION = ("explanation", "reason", "justification", "comment", "why")
"""What somebody wrote beside a rating."""

STATEMENT = ("statement-id", "comment-id", "proposal-id", "item-id", "tid", "statement", "item", "proposal")
STATEMENT_TEXT = ("statement-text", "text", "comment-body", "body")
QUESTION = ("question-id", "question-text", "question")
WEIGHT = ("weight", "weights")

GROUPS = frozenset(
    [
        "age",
        "sex",
        "gender",
        "region",
        "country",
        "education",
        "income",
        "year",
        "birth-year",
        "year-of-birth",
        "step",
        "order",
    ]
)
"""Numbers about a person or a row that are no ratings."""

_PERSONAL = re.compile(
    r"""(?:^|-)(?:e-?mail|mail-address|ip|ipaddress|ipaddr|ip-address|phone|telephone|mobile|token|latitude|longitude
    |lat|lon|lng|gps|geolocation|location|address|postcode|zip|zip-code|name|firstname|lastname|surname|username
    |nickname|recipient[a-z]*|locationlatitude|locationlongitude|externalreference|refurl|xid)(?:$|-)""",
    re.VERBOSE,
)


def personal(name: str) -> bool:
    """May a column of this name tell who somebody is?

    >>> [personal(n) for n in ("Email Address", "IPAddress", "LocationLatitude", "first_name", "data")]
    [True, True, True, True, False]
    """
    # A whole question is no label: "In the name of which ... ?" asks about something else.
    folded = plain(name)
    return folded.count("-") <= 3 and _PERSONAL.search(folded) is not None


def free_text(cells: Iterable[str]) -> bool:
    """Do these answers look written, not chosen: three words or more on average, and mostly distinct?"""
    said = [c for cell in cells if (c := cell.strip())]
    if not said:
        return False
    words = sum(sum(1 for word in cell.split() if any(ch.isalpha() for ch in word)) for cell in said)
    return words >= 3 * len(said) and 2 * len(set(said)) > len(said)


def numeric(cells: Sequence[str]) -> bool:
    """Are most of these answers numbers (and is there an answer at all)?"""
    said = [c for cell in cells if (c := cell.strip())]
    return bool(said) and 2 * sum(is_number(c) for c in said) > len(said)


def is_number(text: str) -> bool:
    """Is this a finite number?"""
    try:
        value = float(text)
    except ValueError:
        return False
    return value - value == 0
