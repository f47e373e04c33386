"""What the page does not say."""

from __future__ import annotations

from markupsafe import Markup

from ...slates.public.figures import NO_OPINIONS
from ...slates.public.safe import small
from ..ordered import order_words
from ..words import clean
from .method import Method

#: Shares of rejection are named in steps of so many percent.
STEP = 5


class Limits:
    """The sentences on what the page does not say.

    Args:
        method: how the list was made, with its figures.
    """

    def __init__(self, method: Method) -> None:
        self.method, self.words, self.kind = method, method.words, method.kind
        self.public, self.slate = method.public, method.slate

    def all(self) -> list[Markup]:
        """One entry each."""
        w = self.words
        found = [
            w.markup(
                "<b>It is not a survey.</b> Those who took part chose to. They are not a sample of everybody who is "
                "concerned."
            )
        ]
        if self.method.missing or not self.kind.answered:
            found.append(self._missing())
        found.append(w.markup("<b>“Stands for” is a calculation.</b> Nobody was asked what may stand for them."))
        order = order_words(self.public, w)
        found.append(Markup(" ").join([w.markup("<b>It is not a ranking or a decision.</b>"), order]))
        found += [self._divided(), self._whose_words(), self._hidden(), self._unread()]
        return [each for each in found if each]

    def _missing(self) -> Markup:
        w, p = self.words, self.public
        if not self.kind.answered:
            return self.kind.missing("", True)
        share = w.percent(min(p.said, p.people * p.published), max(1, p.people * p.published))
        words = [self.kind.missing(share, 2 * p.said < p.people * p.published)]
        if small(p.on_none):
            words.append(Markup.escape(self.kind.none_of(None)))
        elif p.on_none:
            words.append(Markup.escape(self.kind.none_of(p.on_none)))
        return Markup(" ").join(words)

    def _divided(self) -> Markup:
        """What divides people most, where it is not on the list."""
        w, p, one = self.words, self.public, self.public.divided
        if one is None or p.asked not in ("votes", "ratings"):
            return Markup()
        counts = one.all
        if small(counts.agree) or small(counts.against) or small(counts.middle) or counts.unseen in range(1, 5):
            return Markup()
        shares = [-(-100 * s.all.against // s.all.voted) for s in p.statements if s.all.voted]
        if not shares or 2 * max(shares) <= 100:
            words = [w.markup("<b>It leaves out what divides people most.</b>")]
        else:
            # What most people reject is on the list: nobody is told that few reject what stands here.
            words = [w.markup("<b>It does not show all that divides people.</b>")]
        if shares and 2 * max(shares) <= 100:
            most = min(100, -(-max(shares) // STEP) * STEP)
            words.append(Markup.escape(self.kind.rejected(w.whole_percent(most))))
        text = self.method.texts.of(one)
        quoted = Markup('<span{} dir="auto">{}</span>').format(_lang(text.language), clean(text.words))
        if not text.words:
            quoted = w.markup("(hidden by the publisher)")
        values = {"text": quoted, "counts": self.kind.divided(counts.agree, counts.against)}
        if any((p.left_out or {}).get(reason) for reason in NO_OPINIONS):
            words.append(
                w.markup(
                    "Apart from what only tells something about people, the statement with the most people on both "
                    "sides is not on the list: “%(text)s” %(counts)s",
                    **values,
                )
            )
        else:
            words.append(
                w.markup(
                    "The statement with the most people on both sides is not on the list: “%(text)s” %(counts)s",
                    **values,
                )
            )
        return Markup(" ").join(words)

    def _whose_words(self) -> Markup:
        w = self.words
        if self.method.judged:
            return w.markup(
                "<b>The words are not those of participants:</b> a computer program wrote them from what people said."
            )
        kinds = {statement.provenance.kind for statement in self.slate.statements}
        if kinds <= {"submitted", "extracted"}:
            return w.markup(
                "<b>The words are those of the people who wrote them,</b> with their spelling. Nobody has checked "
                "whether they are true."
            )
        return w.markup(
            "<b>The words are those that people were shown.</b> Nobody has checked here whether they are true."
        )

    def _hidden(self) -> Markup:
        n = len(set(self.method.options.hidden))
        if not n:
            return Markup()
        return self.words.nmarkup(
            "<b>%(n)s statement was hidden by the publisher.</b> All figures count it.",
            "<b>%(n)s statements were hidden by the publisher.</b> All figures count them.",
            n,
        )

    def _unread(self) -> Markup:
        w, n = self.words, self.public.unread
        if not n:
            return Markup()
        if small(n):
            return w.markup("<b>A few entries of the data could not be used</b> and are not counted here.")
        return w.nmarkup(
            "<b>%(n)s entry of the data could not be used</b> and is not counted here.",
            "<b>%(n)s entries of the data could not be used</b> and are not counted here.",
            n,
        )


def _lang(language: str | None) -> Markup:
    return Markup() if language is None else Markup(' lang="{}"').format(language)
