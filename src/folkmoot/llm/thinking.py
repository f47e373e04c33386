"""Where a reply's answer is: after what a model thinks aloud, whatever marks it puts around that.

Models, chat templates and servers have their own marks, and some show only the closing one, because the opening one is
part of the prompt. What stands inside marks is no answer: drafts, examples, the scale of a question. A reply that has
not ended thinking holds none at all.
"""

from __future__ import annotations

import re

Span = tuple[int, int]

_WORD = (
    r"(?:\w+:)?(?:think(?:ing)?|thoughts?|reason(?:ing)?|reflections?|scratch[_-]?pad|analysis|inner[_ -]?monologue"
    r"|internal[_ -]?reasoning|chain[_ -]of[_ -]thought|cot)"
)
_OPENS = "|".join(
    (
        rf"<{_WORD}(?:\s[^<>]*)?>",
        r"<details\b[^<>]*\b(?:reasoning|thinking)\b[^<>]*>",
        r"\[(?:THINK|THINKING|REASONING|THOUGHT)\]",
        rf"<\|(?:begin[_ ]of[_ ]|begin[_ ]|start[_ ])?{_WORD}(?:[_ ](?:start|begin))?\|>",
        rf"[◁◀]{_WORD}[▷▶]",
        r"<unused94>(?:thought)?",
        r"<\|channel\|?>\s*(?:analysis|commentary|thought)\b",  # named channels
        r"\A\s*analysis(?=[A-Z\"'])",  # the same, of a server that leaves out the marks
        r"\A\s*Thinking\.\.\.\s",
    )
)
_CLOSES = "|".join(
    (
        rf"</\s*{_WORD}\s*>",
        r"(?<=\n)</details>",
        r"\[/(?:THINK|THINKING|REASONING|THOUGHT)\]",
        rf"<\|(?:end[_ ]of[_ ]|end[_ ]|/){_WORD}\|>|<\|{_WORD}[_ ]end\|>",
        rf"[◁◀]/{_WORD}[▷▶]",
        r"<unused95>",
        r"<\|channel\|>\s*final\b[^<]*(?:<\|constrain\|>[^<]*)?<\|message\|>|<channel\|>",
        r"assistant\s?final(?=\S)",
        r"\.\.\.\s?done thinking\.?",
    )
)
_MARK = re.compile(f"(?P<opens>{_OPENS})|(?P<closes>{_CLOSES})", re.IGNORECASE)
# What servers leave at the ends of a text: blanks and invisible signs, special tokens, the tags of an answer.
_AROUND = r"[\s\ufeff\u200b\u200c\u200d\u2060\u00a0]|<\|[^|<>\n]{1,40}\|>|</?s>|<(?:start|end)_of_turn>"
_BEFORE = re.compile(rf"(?:{_AROUND})*")
_AFTER = re.compile(rf"(?:{_AROUND})*\Z")


def answer_span(text: str) -> Span | None:
    """Where the answer begins and ends in a text; None where there is none, as when it only thinks.

    >>> text = "<think>Between 1 and 6: 4?</think>\\n\\n5"
    >>> text[slice(*answer_span(text))]
    '5'
    >>> answer_span("[THINK]The person says"), answer_span("so it is 4 or 5.</think>")
    (None, None)
    """
    shown: list[Span] = []
    start, inside = 0, False
    for mark in _MARK.finditer(text):
        if mark["opens"] is not None:
            if not inside:
                shown.append((start, mark.start()))
            inside = True
            continue
        if not inside:
            shown.clear()  # it began inside
        start, inside = mark.end(), False
    if not inside:
        shown.append((start, len(text)))
    for begin, end in reversed(shown):
        first = _BEFORE.match(text, begin, end)
        begin = begin if first is None else first.end()
        last = _AFTER.search(text[begin:end])
        end = end if last is None else begin + last.start()
        if begin < end:
            return begin, end
    return None


def thinks(text: str) -> bool:
    """Whether a text holds marks of thinking."""
    return _MARK.search(text) is not None
