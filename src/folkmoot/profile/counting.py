"""The count of a note before what it counts, in words that agree."""

from __future__ import annotations

import re

_NOUNS = (
    "annotations annotators answers authors ballots candidates cells clauses columns comparisons costs ids lines names "
    "notes orders parameters participants passes presentations previews projects questions quotes ranks ratings "
    "re-votes replies rows settings statements states submissions tags tests texts times turns voters votes weights"
)
#: What notes count, at the beginning of their sentence.
_COUNTED = re.compile(rf"((?:empty|unfinished|personal|unquoted|decimal) )?({'|'.join([*_NOUNS.split(), 'commas'])})\b")
_ONE = {"re-votes": "re-vote", "replies": "reply", "passes": "pass"}
#: Verbs of what is counted, where it is one.
_VERBS = {"are": "is", "were": "was", "have": "has", "look": "looks", "hold": "holds", "skip": "skips", "name": "names"}
_VERB = re.compile(rf"\b(that|who|which) ({'|'.join(_VERBS)})\b")


def with_count(what: str, count: int) -> str:
    """A clause on what was noted with its count: before what it counts, in the singular if it is one; else behind it.

    >>> with_count("columns that are not used: 'columns that are mine'", 1)
    "1 column that is not used: 'columns that are mine'"
    >>> with_count("columns that are not used: 'a', 'b'", 2)
    "2 columns that are not used: 'a', 'b'"
    >>> with_count("no column says who is who", 4), with_count("second header row", 1)
    ('no column says who is who (4)', 'second header row')
    """
    found = _COUNTED.match(what)
    if found is None:
        return what if count == 1 else f"{what} ({count:,})"
    if count != 1:
        return f"{count:,} {what}"
    several = found[2]
    one = (found[1] or "") + _ONE.get(several, several.removesuffix("s"))
    # Behind the first quote stand names of the source.
    head, quote, rest = what[found.end() :].partition("'")
    head = _VERB.sub(lambda match: f"{match[1]} {_VERBS[match[2]]}", head).replace("is no ratings", "is no rating")
    rest = re.sub(r"'; (read|name) them with (?=[-`])", r"'; \1 it with ", rest)
    return f"1 {one}{head}{quote}{rest}"
