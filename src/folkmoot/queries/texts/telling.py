"""Which sentences of a text can stand for people by themselves: they say something, and need nothing said before.

Nothing is dropped for good: everybody's best sentences are put up for choice, whatever they are, unless they are empty
(a greeting, thanks, "no comment", how to reach somebody), and what is not put up is counted with its reason. What
people wrote counts in full where statements are compared with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ...profile.contacts import REMOVED
from ...profile.sentences import noted
from .languages import LANGUAGES
from .languages.talk import TALK
from .speaker import about_the_speaker
from .words import plain, word_count

OPINION, ACCOUNT, HALF, EMPTY = 0, 1, 2, 3
"""Worth of a sentence: it judges, wishes or demands; it tells something; it is half a sentence; it says nothing."""

CHATTER = 14
"""Words of the longest sentence that can be no more than a greeting."""

BRIEF = 12
"""Words of a sentence too short to hold what its last word points to."""

# Marks that no sentence begins or ends with.
_BEFORE = " \t\u00a0*_#~|>=+•·…,;:.!?)]}/\\-–—`´&"
_AFTER = " \t\u00a0*_#~|<=+•·,;:({[/\\-–—`´&"
_PAIRS = (("“", "”"), ("„", "“"), ("«", "»"), ("‘", "’"), ("(", ")"), ("[", "]"))

GREETING = noted("greetings, thanks, wishes, answers like “no comment”")
CONTACT = noted("sentences that say how to reach somebody")
PART = noted("parts of sentences that are too long to be quoted whole")
QUESTION = noted("questions")
LEANING = noted("sentences that need what was said before them")
FRAGMENT = noted("rows of words without a verb")
TOLD = noted("sentences that tell something without judging, wishing or demanding anything")
SPEAKER = noted("sentences about their author")
SHORT = "sentences of too few words"
REASONS = (GREETING, CONTACT, SHORT, PART, QUESTION, LEANING, SPEAKER, FRAGMENT, TOLD)
"""Why a sentence is not put up for choice, in the order in which they are asked."""


def bare(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without stray marks around the sentence; quotation marks and brackets in pairs stay.

    >>> text = '"Great pill. & I "love" it :)'
    >>> text[slice(*bare(text, 0, 12))], text[slice(*bare(text, 13, len(text)))]
    ('Great pill.', 'I "love" it')
    """
    while start < end:
        part = text[start:end]
        if (part[0] in _BEFORE and not (part[0] in "-–+." and part[1:2].isdigit())) or _unclosed(part):
            start += 1
        elif part[-1] in _AFTER or _unopened(part):
            end -= 1
        else:
            break
    return start, end


def _unclosed(part: str) -> bool:
    """Whether it begins with a mark of which there is no other half."""
    sign, rest = part[0], part[1:]
    if sign in "\"'":
        return rest.count(sign) % 2 == 0 if sign == '"' else not rest.rstrip(".!?").endswith(sign)
    return any(sign == one and other not in rest for one, other in _PAIRS) or sign in "”»’"


def _unopened(part: str) -> bool:
    """Whether it ends with a mark of which there is no other half."""
    sign, rest = part[-1], part[:-1]
    if sign == '"':
        return rest.count(sign) % 2 == 0
    if sign == "'":
        return sign not in rest
    return sign in ")]”»’“" and not any(sign == other and one in rest for one, other in _PAIRS)


def worth(sentence: str, language: str | None, whole: bool = True) -> tuple[int, str]:
    """What a sentence is worth as a statement, and why it is not worth more.

    Args:
        sentence: the sentence as written.
        language: the code of its language; without rules for it (`languages.talk.TALK`) only its form counts.
        whole: whether it is a whole sentence, not a clause of one.

    Returns:
        ``OPINION``, ``ACCOUNT``, ``HALF`` or ``EMPTY``, and one of `REASONS`; empty for an opinion.

    >>> worth("We need more buses in the evening.", "en"), worth("Hope this helps!", "en")[0] == EMPTY
    ((0, ''), True)
    >>> worth("Call me at [...] about the new park.", "en")[0] == EMPTY
    True
    """
    form, talk = plain(sentence).lstrip("\"'“„«(¡¿- "), TALK.get(language or "")
    # "No idea" and the like are often all that somebody wrote, too little to know its language by.
    greetings = TALK.values() if language is None else [talk] if talk is not None else []
    if word_count(sentence) <= CHATTER and any(one.empty.fullmatch(form) for one in greetings):
        return EMPTY, GREETING
    if REMOVED in sentence:
        return EMPTY, CONTACT
    if not whole:
        return HALF, PART
    if form.rstrip("\"'”»).! ").endswith("?"):
        return HALF, QUESTION
    if talk is None:
        return OPINION, ""
    if talk.leaning.match(form) and not talk.standing.match(form):
        return HALF, LEANING
    if talk.trailing is not None and "," not in form and len(form.split()) <= BRIEF and talk.trailing.search(form):
        return HALF, LEANING
    if about_the_speaker(sentence, language):
        return HALF, SPEAKER
    if talk.circumstance.fullmatch(form):
        return HALF, TOLD
    wanted = talk.wanting.match(form) is not None
    if not wanted and not talk.verbs.search(form) and not _ends_like_a_verb(form, language):
        return HALF, FRAGMENT
    speaker = LANGUAGES[language or ""].speaker
    judges = talk.judging.search(form) or (speaker and (speaker.demand.search(form) or speaker.view.search(form)))
    if wanted or judges:
        return OPINION, ""
    return ACCOUNT, TOLD


def _ends_like_a_verb(form: str, language: str | None) -> bool:
    return language == "en" and re.search(r"\w{3}(?:ed|ize|ise|ify)(?!\w)", form) is not None


def unused(counts: Mapping[str, int], least: int) -> list[tuple[str, int]]:
    """Reasons with how many sentences they are of, in the order of `REASONS`, ready to be printed."""
    said = {SHORT: noted(f"sentences of fewer than {least} words")}
    return [(said.get(reason, reason), counts[reason]) for reason in REASONS if counts.get(reason)]
