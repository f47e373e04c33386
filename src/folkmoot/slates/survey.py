"""A slate as a survey for people who had no part in it: what each of them is asked, in an order of their own.

The pilot's second survey (Fish et al. 2024, Generative Social Choice, section 5.4): fresh people rate every statement
of the slate, in random order; `validation` says from their answers how well the slate represents them.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from ..formats.writing import csv_text
from ..profile import InputError, Slate
from ..profile.streams import Stream, stream

LEVELS = ("not at all", "poorly", "somewhat", "mostly", "perfectly")
"""The answers, worth 0 to 4."""
HEAD = ("participant", "step", "statement_id", "statement_text", "rating", "explanation")
"""Columns of the table of forms; ``rating`` and ``explanation`` are to be filled in."""
MOST = 100_000


@dataclass(frozen=True)
class Survey:
    """The forms of a survey.

    Args:
        ids: the ids of the statements.
        texts: their texts.
        topic: what it is about; empty: not known.
        people: how many forms there are, at least 1.
        seed: the seed of the orders.
    """

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    topic: str
    people: int
    seed: int

    @classmethod
    def of(cls, slate: Slate, people: int = 100, seed: int = 0) -> Survey:
        """The survey of a slate.

        Args:
            slate: with the texts of its statements.
            people: how many are to be asked.
            seed: of the orders of their questions.

        Raises:
            InputError: a statement without a text, or a number of people that is none.
        """
        if not 1 <= people <= MOST:
            raise InputError(f"people must be from 1 to {MOST:,}, not {people}")
        for place, statement in enumerate(slate.statements, start=1):
            if not statement.text.strip():
                raise InputError(f"statement {place} of the slate has no text to ask about: write it into the file")
        topic = slate.source.get("topic", "")
        return cls(
            tuple(one.id or code(place) for place, one in enumerate(slate.statements)),
            tuple(one.text for one in slate.statements),
            topic if isinstance(topic, str) else "",
            people,
            seed,
        )

    @property
    def question(self) -> str:
        """What is asked about every statement."""
        about = f" on this question: {self.topic}" if self.topic else ""
        return f"To what extent does this statement capture your full opinion{about}"

    def order(self, form: int) -> list[int]:
        """The places of the statements in the order in which they are asked on one form, 0, 1, ..."""
        return [int(place) for place in stream(self.seed, Stream.SURVEY, form).permutation(len(self.ids))]

    def forms(self) -> str:
        """CSV with a row for every question to every person, to be filled in."""
        rows = [
            (f"new-{form + 1}", step, self.ids[place], self.texts[place], "", "")
            for form in range(self.people)
            for step, place in enumerate(self.order(form), start=1)
        ]
        return csv_text([HEAD, *rows])

    def questions(self) -> str:
        """CSV with a row for every question in the form of an XLSForm, as ODK, KoBoToolbox and others import it.

        Questions have the names s1, s2, ... by the place in the slate, and stand in the order of the first form.
        """
        rows: list[tuple[str, ...]] = [("survey", "", "", "", ""), ("", "type", "name", "label", "required")]
        rows.append(("", "note", "question", _label(f"{self.question}?"), ""))
        for place in self.order(0):
            rows.append(("", "select_one extent", code(place), _label(self.texts[place]), "yes"))
        rows += [("choices", "", "", "", ""), ("", "list_name", "name", "label", "")]
        rows += [("", "extent", str(value), label, "") for value, label in reversed([*enumerate(LEVELS)])]
        return csv_text(rows)


def answered(form: str) -> int | None:
    """How many questions of a table of forms have an answer; None: it is no such table.

    Spreadsheets save it with semicolons or tabs as well.
    """
    for delimiter in ",;\t":
        rows = csv.reader(io.StringIO(form), delimiter=delimiter)
        try:
            head = [cell.strip().casefold() for cell in next(rows, [])]
            if not {"participant", "statement_id", "rating"} <= set(head):
                continue
            columns = [head.index(name) for name in HEAD[-2:] if name in head]
            return sum(any(row[at].strip() for at in columns if at < len(row)) for row in rows)
        except csv.Error:
            continue
    return None


def code(place: int) -> str:
    """The name of a question by the place of its statement in the slate, 0, 1, ..."""
    return f"s{place + 1}"


def _label(text: str) -> str:
    """A text as a label: ``${name}`` would be replaced by an answer."""
    return text.replace("${", "$ {")
