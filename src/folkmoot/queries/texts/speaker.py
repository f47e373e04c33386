"""Is a statement about whoever wrote it, instead of about what should be done?"""

from __future__ import annotations

import re

from .languages import LANGUAGES
from .words import plain

# Short first sentences ("Hi.", "No!") say nothing that could be about anything.
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
# Quotes, dashes, a number in a list, whose words these are ("Council: ...").
_OPENS = re.compile(r"^[^\w']*(?:\d{1,3}[.):]\s+)?(?:\w+:\s+)?[^\w']*")
RULED = tuple(code for code, language in LANGUAGES.items() if language.speaker is not None)
"""Languages with rules about the speaker."""


def about_the_speaker(text: str, language: str | None) -> bool:
    """Whether a statement says who its author is, what they own, do or know, rather than what they hold.

    "I live on Lopez." asks nobody for an opinion: people agree who live there too. Three kinds of openings are told
    apart (see `languages.base.Speaker`). One that says who or what the speaker is counts whatever follows, because
    nobody else can answer "I work nights and buses should run later" as a whole. Habits and knowledge count unless a
    wish or a demand follows; any other opening in the first person counts unless the statement wishes, demands, judges
    or feels something, or goes on with a sentence of at least four words that is not in the first person.

    Some are decided wrongly: an opinion in words that are not listed is taken for a description ("I come here
    daily, shame on you" is not, "I step over rubbish every morning" is), and a description with a judging word in it
    for an opinion. So the rule is an option, lists what it finds, and is overruled statement by statement.

    Args:
        text: of the statement.
        language: code as `recognise.languages_of` gives it; without rules for it the answer is no.

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
    if rules.habit.match(first):
        return not rules.demand.search(whole)
    if not rules.person.match(first):
        return False
    others = [part for part in sentences[1:] if len(part.split()) >= 4 and not rules.person.match(part)]
    return not (rules.demand.search(whole) or rules.view.search(whole) or others)
