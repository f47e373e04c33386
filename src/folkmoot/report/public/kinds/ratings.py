"""People rated statements: above the middle of the scale, in the middle, or below."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup

from ....slates.public.safe import Share
from .base import HowMany, Kind, Part


class Ratings(Kind):
    """Above, in and below the middle of a scale."""

    def said(self, said: int, statements: int) -> str:
        w = self.words
        ratings = w.ngettext("%(n)s rating", "%(n)s ratings", said)
        return w.gettext(
            "They gave %(ratings)s of %(statements)s.", ratings=ratings, statements=self.statements(statements)
        )

    def part(self, part: Part) -> str:
        w = self.words
        names = {
            "agree": w.gettext("above the middle"),
            "middle": w.gettext("in the middle"),
            "against": w.gettext("below the middle"),
            "unseen": w.gettext("did not answer"),
        }
        return names[part]

    def counted_part(self, part: Part, n: int) -> str:
        w = self.words
        if part == "agree":
            return w.ngettext("%(n)s rated it above the middle", "%(n)s rated it above the middle", n)
        if part == "middle":
            return w.ngettext("%(n)s rated it in the middle", "%(n)s rated it in the middle", n)
        if part == "against":
            return w.ngettext("%(n)s rated it below the middle", "%(n)s rated it below the middle", n)
        return w.ngettext("%(n)s did not rate it", "%(n)s did not rate it", n)

    def share(self, share: Share) -> Markup:
        w = self.words
        if share.kind == "none":
            return w.markup("Too few have rated it for a figure")
        if self.counted(share):
            return w.markup("<b>%(part)s of %(n)s</b> rated it above the middle", part=share.part, n=share.whole)
        if not share.of:
            return w.markup("<b>%(share)s</b> rated it above the middle", share=self.figure(share))
        return w.markup("<b>%(share)s</b> of %(n)s rated it above the middle", share=self.figure(share), n=share.whole)

    def how_many(self, many: HowMany) -> str:
        w = self.words
        names = {
            "all": w.gettext("all of them rated it above the middle"),
            "nearly all": w.gettext("nearly all of them rated it above the middle"),
            "most": w.gettext("most of them rated it above the middle"),
            "some": w.gettext("some of them rated it above the middle"),
            "nobody": w.gettext("none of them rated it above the middle"),
            "none": w.gettext("none of them has rated it"),
        }
        return names[many]

    def mostly_silent(self) -> str:
        return self.words.gettext("most of them have not rated it")

    def expected(self, many: HowMany, n: int) -> str:
        w = self.words
        if many == "nearly all":
            return w.gettext("nearly all of these are expected to rate it above the middle")
        if many == "some":
            return w.gettext("few of these are expected to rate it above the middle")
        return w.ngettext(
            "about %(n)s of these is expected to rate it above the middle",
            "about %(n)s of these are expected to rate it above the middle",
            n,
        )

    def headline(self, part: int | None, n: int) -> Markup:
        if part is None:
            return self.words.markup("of all people rated the statement that stands for them above the middle.")
        return self.words.markup(
            "of all people, %(part)s of %(n)s, rated the statement that stands for them above the middle.",
            part=part,
            n=n,
        )

    def against(self, against: int | None, middle: int | None) -> list[str]:
        w = self.words
        if against == 0 and middle == 0:
            return [w.gettext("Nobody is counted for a statement they rated lower.")]
        found = []
        if against == 0:
            found.append(w.gettext("Nobody is counted for a statement they rated below the middle."))
        elif against is None:
            found.append(w.gettext("A few people are counted for a statement they rated below the middle."))
        else:
            found.append(
                w.ngettext(
                    "%(n)s person is counted for a statement they rated below the middle.",
                    "%(n)s people are counted for a statement they rated below the middle.",
                    against,
                )
            )
        if middle is None:
            found.append(w.gettext("A few are counted for one they rated in the middle."))
        elif middle:
            found.append(
                w.ngettext(
                    "%(n)s is counted for one they rated in the middle.",
                    "%(n)s are counted for one they rated in the middle.",
                    middle,
                )
            )
        return found

    def not_for(self, n: int) -> str:
        return self.words.ngettext(
            "%(n)s person is counted for a statement they rated in the middle or below.",
            "%(n)s people are counted for a statement they rated in the middle or below.",
            n,
        )

    def silent(self, n: int) -> Markup:
        return self.words.nmarkup(
            "%(n)s person has not rated the statement that stands for them.",
            "%(n)s people have not rated the statement that stands for them.",
            n,
        )

    def silent_expected(self, n: int) -> str:
        return self.words.ngettext(
            "About %(n)s of them is expected to rate it above the middle, because people with similar ratings do.",
            "About %(n)s of them are expected to rate it above the middle, because people with similar ratings do.",
            n,
        )

    def legend(self, part: Literal["agree", "expected", "silent", "middle", "against"]) -> str:
        w = self.words
        names = {
            "agree": w.gettext("rated it above the middle"),
            "expected": w.gettext("did not rate it, expected above the middle"),
            "silent": w.gettext("did not rate it, not expected above the middle"),
            "middle": w.gettext("rated it in the middle"),
            "against": w.gettext("rated it below the middle"),
        }
        return names[part]

    def popular(self, theirs: int, ours: int | None) -> Markup:
        w = self.words
        if ours is None:
            return w.nmarkup(
                "For comparison: if the same room went to the best rated statements, %(n)s person would have rated "
                "theirs above the middle.",
                "For comparison: if the same room went to the best rated statements, %(n)s people would have rated "
                "theirs above the middle.",
                theirs,
            )
        return w.nmarkup(
            "For comparison: if the same room went to the best rated statements, %(n)s person would have rated theirs "
            "above the middle instead of %(ours)s.",
            "For comparison: if the same room went to the best rated statements, %(n)s people would have rated theirs "
            "above the middle instead of %(ours)s.",
            theirs,
            ours=ours,
        )

    def groups(self) -> str:
        return self.words.gettext("People whose ratings are alike form groups.")

    def marks(self) -> str:
        return self.words.gettext("More often than the others they rate above the middle:")

    def common(self, some: str, groups: int) -> str:
        return self.words.gettext(
            "On %(some)s of this page, more than half of those in every group who rated it rate it above the middle.",
            some=some,
        )

    def outside(self, n: int, least: int) -> str:
        return self.words.ngettext(
            "%(n)s person gave fewer than %(least)s ratings, too few to tell, and is in no group.",
            "%(n)s people gave fewer than %(least)s ratings, too few to tell, and are in no group.",
            n,
            least=least,
        )

    def most_common(self) -> str:
        return self.words.gettext("Best rated in all groups:")

    def who(self) -> str:
        return self.words.gettext("Who rates what above the middle")

    def caption(self) -> str:
        return self.words.gettext(
            "Share of those who rated a statement and rated it above the middle of the scale. Beside it, how many "
            "rated it. A figure is left out where fewer than 5 people did."
        )

    def could(self, typical: int) -> str:
        return self.words.ngettext(
            "People rated them on a scale. The typical person rated %(n)s.",
            "People rated them on a scale. The typical person rated %(n)s.",
            typical,
        )

    def estimated(self) -> str:
        return self.words.gettext(
            "Where somebody has not rated a statement, their rating was estimated from people with similar ratings. "
            "Estimates count only where there is no rating."
        )

    def aim(self) -> str:
        return self.words.gettext(
            "The computer looked for the list on which as many people as possible rate the statement that stands for "
            "them above the middle, and no large group is left out."
        )

    def overlooked(self, known: bool, missing: bool) -> str:
        w = self.words
        if known and missing:
            return w.gettext("Was a large group left out? On the ratings that were given, no. But ratings are missing.")
        if known:
            return w.gettext("Was a large group left out? On the ratings that were given, no.")
        if missing:
            return w.gettext(
                "Was a large group left out? Yes, on the ratings that were given: a group that is large enough for a "
                "statement of its own would rather have had one that is not on the list. And ratings are missing."
            )
        return w.gettext(
            "Was a large group left out? Yes, on the ratings that were given: a group that is large enough for a "
            "statement of its own would rather have had one that is not on the list."
        )

    def tries(self, draws: int) -> Markup:
        return self.words.nmarkup(
            "The missing ratings were filled in at random %(n)s time, following the estimates.",
            "The missing ratings were filled in at random %(n)s times, following the estimates.",
            draws,
        )

    def missing(self, share: str, many: bool) -> Markup:
        return self.words.markup(
            "<b>Ratings are missing.</b> %(share)s of all possible ratings were given.", share=share
        )

    def none_of(self, n: int | None) -> str:
        w = self.words
        if n is None:
            return w.gettext(
                "A few people have rated none of these statements; what is said about them is an estimate."
            )
        return w.ngettext(
            "%(n)s person has rated none of these statements; what is said about them is an estimate.",
            "%(n)s people have rated none of these statements; what is said about them is an estimate.",
            n,
        )

    def rejected(self, share: str) -> str:
        return self.words.gettext(
            "No statement here is rated below the middle by more than %(share)s of those who rated it.", share=share
        )

    def divided(self, agree: int, against: int) -> str:
        return self.words.gettext(
            "%(agree)s rated it above the middle, %(against)s below.", agree=agree, against=against
        )
