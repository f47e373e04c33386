"""People chose projects or statements, or gave them points: whatever they left out they did not choose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from markupsafe import Markup

from ....slates.public.safe import Share
from .base import HowMany, Kind, Part


class Choices(Kind):
    """Chosen or not."""

    parts: ClassVar[tuple[Part, ...]] = ("agree", "against", "unseen")
    of_statements: ClassVar[bool] = False
    # Who did not choose something is not against it.
    colours: ClassVar[Mapping[Part, str]] = {"agree": "a", "middle": "p", "against": "p", "unseen": "u"}

    def said(self, said: int, statements: int) -> str:
        w = self.words
        choices = w.ngettext("%(n)s choice", "%(n)s choices", said)
        return w.gettext(
            "They made %(choices)s among %(statements)s.", choices=choices, statements=self.statements(statements)
        )

    def part(self, part: Part) -> str:
        w = self.words
        names = {
            "agree": w.gettext("chose it"),
            "middle": w.gettext("neither"),
            "against": w.gettext("did not choose it"),
            "unseen": w.gettext("did not answer"),
        }
        return names[part]

    def counted_part(self, part: Part, n: int) -> str:
        w = self.words
        if part == "agree":
            return w.ngettext("%(n)s chose it", "%(n)s chose it", n)
        if part == "unseen":
            return w.ngettext("%(n)s did not answer", "%(n)s did not answer", n)
        return w.ngettext("%(n)s did not choose it", "%(n)s did not choose it", n)

    def share(self, share: Share) -> Markup:
        w = self.words
        if share.kind == "none":
            return w.markup("Too few people for a figure")
        if self.counted(share):
            return w.markup("<b>%(part)s of %(n)s</b> chose it", part=share.part, n=share.whole)
        if not share.of:
            return w.markup("<b>%(share)s</b> chose it", share=self.figure(share))
        return w.markup("<b>%(share)s</b> of %(n)s chose it", share=self.figure(share), n=share.whole)

    def how_many(self, many: HowMany) -> str:
        w = self.words
        names = {
            "all": w.gettext("all of them chose it"),
            "nearly all": w.gettext("nearly all of them chose it"),
            "most": w.gettext("most of them chose it"),
            "some": w.gettext("some of them chose it"),
            "nobody": w.gettext("none of them chose it"),
            "none": w.gettext("none of them chose it"),
        }
        return names[many]

    def mostly_silent(self) -> str:
        return self.words.gettext("most of them gave no answer about it")

    def expected(self, many: HowMany, n: int) -> str:
        w = self.words
        if many == "nearly all":
            return w.gettext("nearly all of these are expected to choose it")
        if many == "some":
            return w.gettext("few of these are expected to choose it")
        return w.ngettext(
            "about %(n)s of these is expected to choose it", "about %(n)s of these are expected to choose it", n
        )

    def headline(self, part: int | None, n: int) -> Markup:
        w = self.words
        if self.money:
            if part is None:
                return w.markup("of all people chose the project that stands for them.")
            return w.markup("of all people, %(part)s of %(n)s, chose the project that stands for them.", part=part, n=n)
        if part is None:
            return w.markup("of all people chose what stands for them.")
        return w.markup("of all people, %(part)s of %(n)s, chose what stands for them.", part=part, n=n)

    def against(self, against: int | None, middle: int | None) -> list[str]:
        w = self.words
        if against == 0:
            return [w.gettext("Nobody is counted for something they did not choose.")]
        if against is None:
            return [w.gettext("A few people are counted for something they did not choose.")]
        return [
            w.ngettext(
                "%(n)s person is counted for something they did not choose.",
                "%(n)s people are counted for something they did not choose.",
                against,
            )
        ]

    def not_for(self, n: int) -> str:
        return self.words.ngettext(
            "%(n)s person is counted for something they did not choose.",
            "%(n)s people are counted for something they did not choose.",
            n,
        )

    def silent(self, n: int) -> Markup:
        return self.words.nmarkup(
            "%(n)s person gave no answer about what stands for them.",
            "%(n)s people gave no answer about what stands for them.",
            n,
        )

    def silent_expected(self, n: int) -> str:
        return self.words.ngettext(
            "About %(n)s of them is expected to choose it, because people who choose like them do.",
            "About %(n)s of them are expected to choose it, because people who choose like them do.",
            n,
        )

    def legend(self, part: Literal["agree", "expected", "silent", "middle", "against"]) -> str:
        w = self.words
        names = {
            "agree": w.gettext("chose it"),
            "expected": w.gettext("no answer, expected to choose it"),
            "silent": w.gettext("no answer, not expected to choose it"),
            "middle": w.gettext("neither"),
            "against": w.gettext("did not choose it"),
        }
        return names[part]

    def popular(self, theirs: int, ours: int | None) -> Markup:
        w = self.words
        if ours is None:
            return w.nmarkup(
                "For comparison: if the list were what was chosen most, %(n)s person would have chosen theirs.",
                "For comparison: if the list were what was chosen most, %(n)s people would have chosen theirs.",
                theirs,
            )
        return w.nmarkup(
            "For comparison: if the list were what was chosen most, %(n)s person would have chosen theirs instead of "
            "%(ours)s.",
            "For comparison: if the list were what was chosen most, %(n)s people would have chosen theirs instead of "
            "%(ours)s.",
            theirs,
            ours=ours,
        )

    def groups(self) -> str:
        return self.words.gettext("People who choose alike form groups.")

    def marks(self) -> str:
        return self.words.gettext("They choose more often than the others:")

    def common(self, some: str, groups: int) -> str:
        return self.words.gettext("On %(some)s of this page, more than half of every group chose it.", some=some)

    def outside(self, n: int, least: int) -> str:
        return self.words.ngettext(
            "%(n)s person chose too little to tell, and is in no group.",
            "%(n)s people chose too little to tell, and are in no group.",
            n,
        )

    def most_common(self) -> str:
        return self.words.gettext("Chosen most in all groups:")

    def who(self) -> str:
        return self.words.gettext("Who chose what")

    def caption(self) -> str:
        return self.words.gettext(
            "Share of people who chose it. Beside it, how many people that is out of. A figure is left out where there "
            "are fewer than 5."
        )

    def could(self, typical: int) -> str:
        w = self.words
        return w.ngettext(
            "People chose what they want. The typical person chose %(n)s.",
            "People chose what they want. The typical person chose %(n)s.",
            typical,
        )

    def estimated(self) -> str:
        return self.words.gettext(
            "Where somebody gave no answer, it was estimated from people who choose like them. Estimates count only "
            "where there is no answer."
        )

    def aim(self) -> str:
        return self.words.gettext(
            "The computer looked for the list on which as many people as possible chose what stands for them, and no "
            "large group is left out."
        )

    def overlooked(self, known: bool, missing: bool) -> str:
        w = self.words
        if not known:
            return w.gettext(
                "Was a large group left out? Yes: a group that is large enough for an entry of its own would rather "
                "have had one that is not on the list."
            )
        return w.gettext("Was a large group left out? On what people chose, no.")

    def tries(self, draws: int) -> Markup:
        return self.words.nmarkup(
            "The missing answers were filled in at random %(n)s time, following the estimates.",
            "The missing answers were filled in at random %(n)s times, following the estimates.",
            draws,
        )

    def missing(self, share: str, many: bool) -> Markup:
        return self.words.markup(
            "<b>Answers are missing.</b> %(share)s of all possible answers were given.", share=share
        )

    def none_of(self, n: int | None) -> str:
        w = self.words
        if n is None:
            return w.gettext("A few people gave no answer about anything on this list.")
        return w.ngettext(
            "%(n)s person gave no answer about anything on this list.",
            "%(n)s people gave no answer about anything on this list.",
            n,
        )
