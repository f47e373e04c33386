"""What the page for the public begins with, where the source's own words may not be what people were asked."""

from __future__ import annotations

from ..profile import Slate
from ..slates.personal import telling
from ..slates.recorded import recorded
from .translations import Words
from .words import plain, shorten

#: A question is put shorter than this, in characters.
LONG = 400
#: Signs of a question, in any script.
ASKING = "?\uff1f\u061f\u055e\u037e"


def opening(slate: Slate, w: Words) -> str:
    """That staff should read what the source says of itself; empty where it asks something, briefly, or says nothing.

    Args:
        slate: the slate with its record.
        w: the language.
    """
    audit = recorded(slate).audit
    question = "" if audit is None or audit.public is None else " ".join(audit.public.question.split())
    brief = len(question) <= LONG and any(sign in question for sign in ASKING)
    if not question or (brief and not telling(question)):
        return ""
    return w.gettext(
        "Above the list the page has what the source says of itself, which is not just a question (“%(words)s”): read "
        "it; `--question` puts what people were asked in its place.",
        words=shorten(plain(question), 80),
    )
