"""People compared statements in pairs: nobody was asked whether they agree with one."""

from __future__ import annotations

from typing import ClassVar, Literal

from markupsafe import Markup

from ....slates.public.safe import Share
from .base import HowMany, Kind, Part


class Comparisons(Kind):
    """Preferred to the other one, or not; what is counted of a statement is comparisons."""

    parts: ClassVar[tuple[Part, ...]] = ("agree", "against")
    counts_people: ClassVar[bool] = False

    def said(self, said: int, statements: int) -> str:
        w = self.words
        comparisons = w.ngettext("%(n)s comparison", "%(n)s comparisons", said)
        return w.gettext(
            "They made %(comparisons)s of %(statements)s in pairs.",
            comparisons=comparisons,
            statements=self.statements(statements),
        )

    def part(self, part: Part) -> str:
        w = self.words
        return w.gettext("it was preferred") if part == "agree" else w.gettext("the other one was preferred")

    def counted_part(self, part: Part, n: int) -> str:
        w = self.words
        if part == "agree":
            return w.ngettext("%(n)s mostly preferred it", "%(n)s mostly preferred it", n)
        if part == "middle":
            return w.ngettext("%(n)s preferred it half of the time", "%(n)s preferred it half of the time", n)
        if part == "against":
            return w.ngettext("%(n)s mostly preferred others", "%(n)s mostly preferred others", n)
        return w.ngettext("%(n)s was not shown it", "%(n)s were not shown it", n)

    def share(self, share: Share) -> Markup:
        w = self.words
        if share.kind == "none":
            return w.markup("Too few comparisons for a figure")
        if self.counted(share):
            return w.markup(
                "preferred to the other one in <b>%(part)s of %(n)s</b> comparisons", part=share.part, n=share.whole
            )
        if not share.of:
            return w.markup("preferred to the other one in <b>%(share)s</b>", share=self.figure(share))
        return w.markup(
            "preferred to the other one in <b>%(share)s</b> of %(n)s comparisons",
            share=self.figure(share),
            n=share.whole,
        )

    def how_many(self, many: HowMany) -> str:
        w = self.words
        names = {
            "all": w.gettext("all of them mostly preferred it"),
            "nearly all": w.gettext("nearly all of them mostly preferred it"),
            "most": w.gettext("most of them mostly preferred it"),
            "some": w.gettext("some of them mostly preferred it"),
            "nobody": w.gettext("none of them mostly preferred it"),
            "none": w.gettext("none of them was shown it"),
        }
        return names[many]

    def mostly_silent(self) -> str:
        return self.words.gettext("most of them were not shown it")

    def expected(self, many: HowMany, n: int) -> str:
        w = self.words
        if many == "nearly all":
            return w.gettext("nearly all of these are expected to prefer it to most others")
        if many == "some":
            return w.gettext("few of these are expected to prefer it to most others")
        return w.ngettext(
            "about %(n)s of these is expected to prefer it to most others",
            "about %(n)s of these are expected to prefer it to most others",
            n,
        )

    def headline(self, part: int | None, n: int) -> Markup:
        w = self.words
        if part is None:
            return w.markup("of all people mostly preferred the statement that stands for them when it was shown.")
        return w.markup(
            "of all people, %(part)s of %(n)s, mostly preferred the statement that stands for them when it was shown.",
            part=part,
            n=n,
        )

    def against(self, against: int | None, middle: int | None) -> list[str]:
        w = self.words
        if against == 0:
            return [w.gettext("Nobody is counted for a statement to which they mostly preferred others.")]
        if against is None:
            return [w.gettext("A few people are counted for a statement to which they mostly preferred others.")]
        return [
            w.ngettext(
                "%(n)s person is counted for a statement to which they mostly preferred others.",
                "%(n)s people are counted for a statement to which they mostly preferred others.",
                against,
            )
        ]

    def not_for(self, n: int) -> str:
        return self.words.ngettext(
            "%(n)s person is counted for a statement that they did not mostly prefer.",
            "%(n)s people are counted for a statement that they did not mostly prefer.",
            n,
        )

    def silent(self, n: int) -> Markup:
        return self.words.nmarkup(
            "%(n)s person was not shown the statement that stands for them.",
            "%(n)s people were not shown the statement that stands for them.",
            n,
        )

    def silent_expected(self, n: int) -> str:
        return self.words.ngettext(
            "About %(n)s of them is expected to prefer it to most others, because people who chose like them do.",
            "About %(n)s of them are expected to prefer it to most others, because people who chose like them do.",
            n,
        )

    def legend(self, part: Literal["agree", "expected", "silent", "middle", "against"]) -> str:
        w = self.words
        names = {
            "agree": w.gettext("mostly preferred it"),
            "expected": w.gettext("not shown it, expected to prefer it"),
            "silent": w.gettext("not shown it, not expected to prefer it"),
            "middle": w.gettext("preferred it half of the time"),
            "against": w.gettext("mostly preferred others"),
        }
        return names[part]

    def popular(self, theirs: int, ours: int | None) -> Markup:
        w = self.words
        if ours is None:
            return w.nmarkup(
                "For comparison: if the same room went to the statements that are preferred most, %(n)s person would "
                "have mostly preferred theirs.",
                "For comparison: if the same room went to the statements that are preferred most, %(n)s people would "
                "have mostly preferred theirs.",
                theirs,
            )
        return w.nmarkup(
            "For comparison: if the same room went to the statements that are preferred most, %(n)s person would have "
            "mostly preferred theirs instead of %(ours)s.",
            "For comparison: if the same room went to the statements that are preferred most, %(n)s people would have "
            "mostly preferred theirs instead of %(ours)s.",
            theirs,
            ours=ours,
        )

    def groups(self) -> str:
        return self.words.gettext("People who prefer the same form groups.")

    def marks(self) -> str:
        return self.words.gettext("More often than the others they prefer:")

    def common(self, some: str, groups: int) -> str:
        return self.words.gettext("On %(some)s of this page, every group mostly prefers it to the others.", some=some)

    def outside(self, n: int, least: int) -> str:
        return self.words.ngettext(
            "%(n)s person compared too little to tell, and is in no group.",
            "%(n)s people compared too little to tell, and are in no group.",
            n,
        )

    def most_common(self) -> str:
        return self.words.gettext("Preferred most in all groups:")

    def who(self) -> str:
        return self.words.gettext("Who prefers what")

    def caption(self) -> str:
        return self.words.gettext(
            "Share of comparisons in which the statement was preferred to the other one. Beside it, how many "
            "comparisons there were. A figure is left out where there were fewer than 5."
        )

    def could(self, typical: int) -> str:
        return self.words.ngettext(
            "People were shown two at a time and said which they prefer. The typical person was shown %(n)s.",
            "People were shown two at a time and said which they prefer. The typical person was shown %(n)s.",
            typical,
        )

    def estimated(self) -> str:
        return self.words.gettext(
            "What somebody would prefer who was not shown a statement was estimated from people who chose like them. "
            "How much somebody likes a statement is its share of wins against all the others."
        )

    def aim(self) -> str:
        return self.words.gettext(
            "The computer looked for the list on which as many people as possible are expected to prefer the statement "
            "that stands for them to most others, and no large group is left out."
        )

    def overlooked(self, known: bool, missing: bool) -> str:
        return self.words.gettext("Was a large group left out? Nobody compared everything, so this is an estimate.")

    def tries(self, draws: int) -> Markup:
        return self.words.nmarkup(
            "What is not known was filled in at random %(n)s time, following the estimates.",
            "What is not known was filled in at random %(n)s times, following the estimates.",
            draws,
        )

    def missing(self, share: str, many: bool) -> Markup:
        return self.words.markup(
            "<b>Nobody was asked whether they agree.</b> People only said which of two statements they prefer."
        )

    def none_of(self, n: int | None) -> str:
        w = self.words
        if n is None:
            return w.gettext(
                "A few people were shown none of these statements; what is said about them is an estimate."
            )
        return w.ngettext(
            "%(n)s person was shown none of these statements; what is said about them is an estimate.",
            "%(n)s people were shown none of these statements; what is said about them is an estimate.",
            n,
        )
