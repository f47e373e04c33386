"""English sentences that are recorded, and that pages say in the language they are written in."""

from __future__ import annotations


def noted(sentence: str) -> str:
    """Marks a sentence that goes into a record, so that every language has a translation of it.

    A record keeps the English sentence, with its figures and names in place. Pages find the sentence again by its
    words (`folkmoot.report.recorded_sentences`), so the marker is called with the sentence as it stands in the source:
    a text, an f-string, or a choice between such.

    >>> noted(f"{3} statements were read.")
    '3 statements were read.'

    Args:
        sentence: the sentence.
    """
    return sentence
