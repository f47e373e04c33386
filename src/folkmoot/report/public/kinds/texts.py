"""Nobody voted: people wrote, and a computer compared what they wrote with the statements."""

from __future__ import annotations

from typing import ClassVar, Literal

from markupsafe import Markup

from ....slates.public.safe import Share
from .base import HowMany, Kind, Part


class Texts(Kind):
    """Close to what people wrote, less close, or unclear."""

    parts: ClassVar[tuple[Part, ...]] = ()
    answered: ClassVar[bool] = False

    def said(self, said: int, statements: int) -> str:
        return self.words.gettext("They wrote in their own words; nobody voted.")

    def part(self, part: Part) -> str:
        raise NotImplementedError

    def counted_part(self, part: Part, n: int) -> str:
        w = self.words
        if part == "agree":
            return w.ngettext(
                "%(n)s said something close to it in their own words",
                "%(n)s said something close to it in their own words",
                n,
            )
        if part == "unseen":
            return w.ngettext("what %(n)s said is unclear", "what %(n)s said is unclear", n)
        return w.ngettext("what %(n)s said is less close", "what %(n)s said is less close", n)

    def share(self, share: Share) -> Markup:
        raise NotImplementedError

    def how_many(self, many: HowMany) -> str:
        w = self.words
        names = {
            "all": w.gettext("in their own words they said something close to it"),
            "nearly all": w.gettext("nearly all of them said something close to it in their own words"),
            "most": w.gettext("most of them said something close to it in their own words"),
            "some": w.gettext("some of them said something close to it in their own words"),
            "nobody": w.gettext("it is nearer to what they said than the other statements are"),
            "none": w.gettext("it is nearer to what they said than the other statements are"),
        }
        return names[many]

    def mostly_silent(self) -> str:
        return self.words.gettext("what most of them said is unclear")

    def expected(self, many: HowMany, n: int) -> str:
        raise NotImplementedError

    def headline(self, part: int | None, n: int) -> Markup:
        w = self.words
        if part is None:
            return w.markup("of all people said something close to the statement that stands for them.")
        return w.markup(
            "of all people, %(part)s of %(n)s, said something close to the statement that stands for them.",
            part=part,
            n=n,
        )

    def against(self, against: int | None, middle: int | None) -> list[str]:
        return [self.words.gettext("Whether they agree with it, nobody asked.")]

    def not_for(self, n: int) -> str:
        return self.words.gettext("Whether they agree with it, nobody asked.")

    def silent(self, n: int) -> Markup:
        raise NotImplementedError

    def silent_expected(self, n: int) -> str:
        raise NotImplementedError

    def legend(self, part: Literal["agree", "expected", "silent", "middle", "against"]) -> str:
        w = self.words
        if part == "agree":
            return w.gettext("close")
        return w.gettext("less close") if part in ("middle", "against") else w.gettext("unclear")

    def popular(self, theirs: int, ours: int | None) -> Markup:
        raise NotImplementedError

    def who(self) -> str:
        raise NotImplementedError

    def could(self, typical: int) -> str:
        return self.words.gettext("They are taken word for word from what people wrote.")

    def estimated(self) -> str:
        return self.words.gettext(
            "A computer measured how close each statement is to what each person wrote: whether it is about the same "
            "thing, not whether they are for or against it."
        )

    def aim(self) -> str:
        return self.words.gettext(
            "The computer looked for the list that is as close as possible to what people wrote, so that no large "
            "group is left out."
        )

    def overlooked(self, known: bool, missing: bool) -> str:
        return self.words.gettext("Was a large group left out? That cannot be known, because nobody voted.")

    def missing(self, share: str, many: bool) -> Markup:
        return self.words.markup("<b>Nobody voted.</b> Who agrees was estimated from texts by a computer.")


class Scores(Texts):
    """A language model wrote the statements, or judged who is close to them."""

    def could(self, typical: int) -> str:
        return self.words.gettext("A computer program, a language model, wrote them from what people said.")

    def estimated(self) -> str:
        return self.words.gettext(
            "The language model judged how well each statement says what each person said. Nobody was asked whether "
            "they agree."
        )
