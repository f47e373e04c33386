"""People put statements in order: what they rank in the upper half of the list they are for."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup

from ....slates.public.safe import Share
from .base import HowMany, Kind, Part
from .choices import Choices


class Rankings(Choices):
    """In the upper half of an order, in its middle, or in the lower half."""

    parts = ("agree", "middle", "against", "unseen")
    colours = Kind.colours

    def said(self, said: int, statements: int) -> str:
        w = self.words
        places = w.ngettext("%(n)s place", "%(n)s places", said)
        return w.gettext(
            "They gave %(places)s in their orders of %(statements)s.",
            places=places,
            statements=self.statements(statements),
        )

    def part(self, part: Part) -> str:
        w = self.words
        names = {
            "agree": w.gettext("in the upper half"),
            "middle": w.gettext("in the middle of the order"),
            "against": w.gettext("in the lower half, or not ranked"),
            "unseen": w.gettext("not ranked"),
        }
        return names[part]

    def counted_part(self, part: Part, n: int) -> str:
        w = self.words
        if part == "agree":
            return w.ngettext("%(n)s ranked it in the upper half", "%(n)s ranked it in the upper half", n)
        if part == "middle":
            return w.ngettext("%(n)s ranked it in the middle", "%(n)s ranked it in the middle", n)
        if part == "unseen":
            return w.ngettext("%(n)s did not rank it", "%(n)s did not rank it", n)
        return w.ngettext(
            "%(n)s ranked it in the lower half or not at all", "%(n)s ranked it in the lower half or not at all", n
        )

    def share(self, share: Share) -> Markup:
        w = self.words
        if share.kind == "none":
            return w.markup("Too few people for a figure")
        if self.counted(share):
            return w.markup("<b>%(part)s of %(n)s</b> ranked it in the upper half", part=share.part, n=share.whole)
        if not share.of:
            return w.markup("<b>%(share)s</b> ranked it in the upper half", share=self.figure(share))
        return w.markup(
            "<b>%(share)s</b> of %(n)s ranked it in the upper half", share=self.figure(share), n=share.whole
        )

    def how_many(self, many: HowMany) -> str:
        w = self.words
        names = {
            "all": w.gettext("all of them ranked it in the upper half"),
            "nearly all": w.gettext("nearly all of them ranked it in the upper half"),
            "most": w.gettext("most of them ranked it in the upper half"),
            "some": w.gettext("some of them ranked it in the upper half"),
            "nobody": w.gettext("none of them ranked it in the upper half"),
            "none": w.gettext("none of them ranked it in the upper half"),
        }
        return names[many]

    def mostly_silent(self) -> str:
        return self.words.gettext("most of them did not rank it")

    def expected(self, many: HowMany, n: int) -> str:
        w = self.words
        if many == "nearly all":
            return w.gettext("nearly all of these are expected to rank it in the upper half")
        if many == "some":
            return w.gettext("few of these are expected to rank it in the upper half")
        return w.ngettext(
            "about %(n)s of these is expected to rank it in the upper half",
            "about %(n)s of these are expected to rank it in the upper half",
            n,
        )

    def headline(self, part: int | None, n: int) -> Markup:
        w = self.words
        if part is None:
            return w.markup("of all people ranked what stands for them in the upper half.")
        return w.markup(
            "of all people, %(part)s of %(n)s, ranked what stands for them in the upper half.", part=part, n=n
        )

    def against(self, against: int | None, middle: int | None) -> list[str]:
        w = self.words
        if against == 0:
            return [w.gettext("Nobody is counted for something they ranked in the lower half or not at all.")]
        if against is None:
            return [w.gettext("A few people are counted for something they ranked in the lower half or not at all.")]
        return [
            w.ngettext(
                "%(n)s person is counted for something they ranked in the lower half or not at all.",
                "%(n)s people are counted for something they ranked in the lower half or not at all.",
                against,
            )
        ]

    def not_for(self, n: int) -> str:
        return self.words.ngettext(
            "%(n)s person is counted for something they did not rank in the upper half.",
            "%(n)s people are counted for something they did not rank in the upper half.",
            n,
        )

    def silent(self, n: int) -> Markup:
        return self.words.nmarkup(
            "%(n)s person did not rank what stands for them.", "%(n)s people did not rank what stands for them.", n
        )

    def silent_expected(self, n: int) -> str:
        return self.words.ngettext(
            "About %(n)s of them is expected to rank it in the upper half, because people with similar orders do.",
            "About %(n)s of them are expected to rank it in the upper half, because people with similar orders do.",
            n,
        )

    def legend(self, part: Literal["agree", "expected", "silent", "middle", "against"]) -> str:
        w = self.words
        names = {
            "agree": w.gettext("ranked it in the upper half"),
            "expected": w.gettext("not ranked, expected in the upper half"),
            "silent": w.gettext("not ranked, not expected in the upper half"),
            "middle": w.gettext("ranked it in the middle"),
            "against": w.gettext("ranked it in the lower half or not at all"),
        }
        return names[part]

    def popular(self, theirs: int, ours: int | None) -> Markup:
        w = self.words
        if ours is None:
            return w.nmarkup(
                "For comparison: if the list were what is ranked highest, %(n)s person would have ranked theirs in "
                "the upper half.",
                "For comparison: if the list were what is ranked highest, %(n)s people would have ranked theirs in "
                "the upper half.",
                theirs,
            )
        return w.nmarkup(
            "For comparison: if the list were what is ranked highest, %(n)s person would have ranked theirs in the "
            "upper half instead of %(ours)s.",
            "For comparison: if the list were what is ranked highest, %(n)s people would have ranked theirs in the "
            "upper half instead of %(ours)s.",
            theirs,
            ours=ours,
        )

    def groups(self) -> str:
        return self.words.gettext("People with similar orders form groups.")

    def marks(self) -> str:
        return self.words.gettext("More often than the others they rank in the upper half:")

    def common(self, some: str, groups: int) -> str:
        return self.words.gettext(
            "On %(some)s of this page, more than half of every group rank it in the upper half.", some=some
        )

    def outside(self, n: int, least: int) -> str:
        return self.words.ngettext(
            "%(n)s person ranked too little to tell, and is in no group.",
            "%(n)s people ranked too little to tell, and are in no group.",
            n,
        )

    def most_common(self) -> str:
        return self.words.gettext("Ranked highest in all groups:")

    def who(self) -> str:
        return self.words.gettext("Who ranks what in the upper half")

    def caption(self) -> str:
        return self.words.gettext(
            "Share of people who ranked it in the upper half. Beside it, how many people that is out of. A figure is "
            "left out where there are fewer than 5."
        )

    def could(self, typical: int) -> str:
        return self.words.ngettext(
            "People put them in order. The typical person ranked %(n)s.",
            "People put them in order. The typical person ranked %(n)s.",
            typical,
        )

    def aim(self) -> str:
        return self.words.gettext(
            "The computer looked for the list on which as many people as possible rank what stands for them in the "
            "upper half, and no large group is left out."
        )

    def overlooked(self, known: bool, missing: bool) -> str:
        w = self.words
        if not known:
            return super().overlooked(known, missing)
        return w.gettext("Was a large group left out? By the orders that people gave, no.")
