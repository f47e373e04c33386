"""The end of a run whose first answers cannot be used: what the endpoint said instead, and what to change.

Before anything of a kind could be read, a few answers of that kind tell whether the endpoint can do it at all. Asking
on would be paid for in vain, and a run that went on without would say something false about people.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ...llm import Answer, Failed
from ...llm.numbers import declines
from ...llm.thinking import thinks
from ...llm.trouble import CUT, DECLINED, FILTERED
from ...profile import Unfinished

# So many calls of one kind without a single usable answer end a run.
FEW = 3
# Characters of an answer that are shown.
_SHOWN = 80

_SWITCH_OFF = (
    "the model thinks before it answers: switch that off with the endpoint's own parameter (a line extra = {...} in the"
    " TOML file of the endpoint) or give it tokens for that there (thinking = 2000)"
)
_CHECK = "`folkmoot llm check` asks six short questions and says which settings to write"


def stop_without(query: str, tried: int, results: Sequence[Answer | Failed], wanted: str) -> Unfinished:
    """The error with which a run ends after its first calls of a kind.

    Args:
        query: the name of the prompt.
        tried: the number of calls so far.
        results: what came of the last of them, none of which is usable.
        wanted: what an answer should hold, in words.
    """
    failed = Counter(one for one in results if isinstance(one, Failed))
    answers = [one for one in results if isinstance(one, Answer)]
    if failed and len(answers) < failed.total():
        worst = failed.most_common(1)[0][0]
        return Unfinished(
            f"no answer holds a usable reply to {query}, after {tried} calls: {worst.reason}; {remedy(worst.kind)}"
        )
    said = next((one for one in answers if one.text.strip()), answers[0])
    text = " ".join(said.text.split())
    excerpt = f"{text[:_SHOWN]} ..." if len(text) > _SHOWN else text
    return Unfinished(
        f"{tried} answers to {query} could not be read, no answer holds {wanted}; the first says {excerpt!r}; "
        f"{_remedy_of(said, query)}"
    )


def unusable_reason(one: Answer | Failed) -> str | None:
    """Why a result is a refusal to answer, ``declined``, or None where it is none."""
    if isinstance(one, Failed):
        return DECLINED if one.kind == DECLINED else None
    return DECLINED if declines(one.said) else None


def remedy(kind: str, checking: bool = False) -> str:
    """What to change where calls fail in this way; ``checking``: `folkmoot llm check` is what found it."""
    if kind == CUT:
        return _SWITCH_OFF if checking else f"{_SWITCH_OFF}; {_CHECK}"
    if kind == DECLINED:
        return "another model may do what this one declines to do"
    if kind == FILTERED:
        return "the endpoint's filter can be set in its console, or take another endpoint"
    return "" if checking else f"{_CHECK}; run again to resume, nothing is paid twice"


def _remedy_of(answer: Answer, query: str) -> str:
    if thinks(answer.text):
        return f"{_SWITCH_OFF}; {_CHECK}"
    if declines(answer.said):
        return remedy(DECLINED)
    if "-many/" in query:
        return f"ask about one statement at a time (`per_prompt=1`), or take another model; {_CHECK}"
    return f"another model may keep to the form; {_CHECK}"
