"""Is a statement about whoever wrote it, instead of about what should be done?"""

from __future__ import annotations

import re

from .languages import LANGUAGES
from .words import plain

# Short first sentences ("Hi.", "No!") say nothing that could be about anything.
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
# Quotes, dashes, a number in a list, whose words these are ("Council: ...").
_OPENS = re.compile(r"^[^\w']*(?:\d{1,3}[.):]\s+)?(?:\w+:\s+)?[^\w']*")
# Whatever else the speaker says of "I" and "my" adds no other subject.
_FIRST = re.compile(r"(?:i|i'm|i've|my|ich|meine?|je|j'|ma|mon|mes|yo|mis?)\b")
RULED = tuple(code for code, language in LANGUAGES.items() if language.speaker is not None)
"""Languages with rules about the speaker."""


def about_the_speaker(text: str, language: str | None) -> bool:
    """Whether a statement says who its author is, what they own, do or know, rather than what they hold.

    "I live on Lopez." asks nobody for an opinion: people agree who live there too. Two kinds of openings are told apart
    (see `languages.base.Speaker`). One that says who or what the speaker is counts whatever follows, because nobody
    else can answer "I work nights and buses should run later" as a whole. Habits, knowledge and family count unless a
    wish or a demand is found, something that judges after a "but" or "because", or another sentence of at least four
    words that has no such opening. Any other statement in the first person is an opinion, or passes for one.

    Some are decided wrongly: "I never see police in my area." is a complaint in the form of a habit, "As a nurse, I see
    this every day." a description that is not looked for. So the rule is an option, lists what it finds, and is
    overruled statement by statement.

    Args:
        text: the text of the statement.
        language: the code of its language by `recognise.languages_of`; the result is False where it has no rules.

    >>> about_the_speaker("I live on Lopez.", "en"), about_the_speaker("I am grateful for the Land Bank.", "en")
    (True, False)
    """
    rules = LANGUAGES[language].speaker if language in LANGUAGES else None
    if rules is None:
        return False
    whole = plain(text)
    sentences = [_OPENS.sub("", part) for part in _SENTENCE.split(_OPENS.sub("", whole))]
    sentences = [part for part in sentences if len(part.split()) > 1] or [whole]
    first = sentences[0]
    if rules.fact.match(first):
        return True
    if not rules.habit.match(first) or rules.demand.search(whole):
        return False
    turned = rules.turn.search(whole)
    if turned and rules.view.search(whole, turned.end()):
        return False
    others = (part for part in sentences[1:] if len(part.split()) >= 4)
    return all(rules.habit.match(part) or rules.fact.match(part) or _FIRST.match(part) for part in others)
