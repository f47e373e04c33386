"""People agreed, disagreed or skipped."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup

from ....slates.public.safe import Share
from .base import HowMany, Kind, Part


class Votes(Kind):
    """Agree, skip, disagree."""

    def said(self, said: int, statements: int) -> str:
        w = self.words
        votes = w.ngettext("%(n)s vote", "%(n)s votes", said)
        return w.gettext("They cast %(votes)s on %(statements)s.", votes=votes, statements=self.statements(statements))

    def part(self, part: Part) -> str:
        w = self.words
        names = {
            "agree": w.gettext("agree"),
            "middle": w.gettext("skipped"),
            "against": w.gettext("disagree"),
            "unseen": w.gettext("have not voted"),
        }
        return names[part]

    def counted_part(self, part: Part, n: int) -> str:
        w = self.words
        if part == "agree":
            return w.ngettext("%(n)s agreed", "%(n)s agreed", n)
        if part == "middle":
            return w.ngettext("%(n)s skipped it", "%(n)s skipped it", n)
        if part == "against":
            return w.ngettext("%(n)s disagreed", "%(n)s disagreed", n)
        return w.ngettext("%(n)s has not voted on it", "%(n)s have not voted on it", n)

    def share(self, share: Share) -> Markup:
        w = self.words
        if share.kind == "none":
            return w.markup("Too few have voted on it for a figure")
        if self.counted(share):
            return w.markup("<b>%(part)s of %(n)s</b> who voted agree", part=share.part, n=share.whole)
        if not share.of:
            return w.markup("<b>%(share)s</b> of those who voted agree", share=self.figure(share))
        return w.markup("<b>%(share)s</b> of the %(n)s who voted agree", share=self.figure(share), n=share.whole)

    def how_many(self, many: HowMany) -> str:
        w = self.words
        names = {
            "all": w.gettext("all of them agreed"),
            "nearly all": w.gettext("nearly all of them agreed"),
            "most": w.gettext("most of them agreed"),
            "some": w.gettext("some of them agreed"),
            "nobody": w.gettext("none of them agreed"),
            "none": w.gettext("none of them has voted on it"),
        }
        return names[many]

    def mostly_silent(self) -> str:
        return self.words.gettext("most of them have not voted on it")

    def expected(self, many: HowMany, n: int) -> str:
        w = self.words
        if many == "nearly all":
            return w.gettext("nearly all of these are expected to agree")
        if many == "some":
            return w.gettext("few of these are expected to agree")
        return w.ngettext("about %(n)s of these is expected to agree", "about %(n)s of these are expected to agree", n)

    def headline(self, part: int | None, n: int) -> Markup:
        if part is None:
            return self.words.markup("of all people agreed with the statement that stands for them.")
        return self.words.markup(
            "of all people, %(part)s of %(n)s, agreed with the statement that stands for them.", part=part, n=n
        )

    def against(self, against: int | None, middle: int | None) -> list[str]:
        w = self.words
        if against == 0 and middle == 0:
            return [w.gettext("Nobody is counted for a statement they voted against or skipped.")]
        found = []
        if against == 0:
            found.append(w.gettext("Nobody is counted for a statement they voted against."))
        elif against is None:
            found.append(w.gettext("A few people are counted for a statement they voted against."))
        else:
            found.append(
                w.ngettext(
                    "%(n)s person is counted for a statement they voted against.",
                    "%(n)s people are counted for a statement they voted against.",
                    against,
                )
            )
        if middle is None:
            found.append(w.gettext("A few are counted for one they skipped."))
        elif middle:
            found.append(
                w.ngettext("%(n)s is counted for one they skipped.", "%(n)s are counted for one they skipped.", middle)
            )
        return found

    def not_for(self, n: int) -> str:
        return self.words.ngettext(
            "%(n)s person is counted for a statement they voted against or skipped.",
            "%(n)s people are counted for a statement they voted against or skipped.",
            n,
        )

    def silent(self, n: int) -> Markup:
        return self.words.nmarkup(
            "%(n)s person has not voted on the statement that stands for them.",
            "%(n)s people have not voted on the statement that stands for them.",
            n,
        )

    def silent_expected(self, n: int) -> str:
        return self.words.ngettext(
            "About %(n)s of them is expected to agree, because people who vote like them do.",
            "About %(n)s of them are expected to agree, because people who vote like them do.",
            n,
        )

    def legend(self, part: Literal["agree", "expected", "silent", "middle", "against"]) -> str:
        w = self.words
        names = {
            "agree": w.gettext("agreed"),
            "expected": w.gettext("not voted, expected to agree"),
            "silent": w.gettext("not voted, not expected to agree"),
            "middle": w.gettext("skipped"),
            "against": w.gettext("disagreed"),
        }
        return names[part]

    def popular(self, theirs: int, ours: int | None) -> Markup:
        w = self.words
        if ours is None:
            return w.nmarkup(
                "For comparison: if the same room went to the statements with the most support, %(n)s person would "
                "have agreed with theirs.",
                "For comparison: if the same room went to the statements with the most support, %(n)s people would "
                "have agreed with theirs.",
                theirs,
            )
        return w.nmarkup(
            "For comparison: if the same room went to the statements with the most support, %(n)s person would have "
            "agreed with theirs instead of %(ours)s.",
            "For comparison: if the same room went to the statements with the most support, %(n)s people would have "
            "agreed with theirs instead of %(ours)s.",
            theirs,
            ours=ours,
        )

    def groups(self) -> str:
        return self.words.gettext("People who vote alike form groups.")

    def marks(self) -> str:
        return self.words.gettext("They agree more often than the others with:")

    def common(self, some: str, groups: int) -> str:
        w = self.words
        if groups == 2:
            return w.gettext("On %(some)s of this page, most of those who voted in both groups agree.", some=some)
        return w.gettext("On %(some)s of this page, most of those who voted agree in every group.", some=some)

    def outside(self, n: int, least: int) -> str:
        return self.words.ngettext(
            "%(n)s person cast fewer than %(least)s votes, too few to tell, and is in no group.",
            "%(n)s people cast fewer than %(least)s votes, too few to tell, and are in no group.",
            n,
            least=least,
        )

    def most_common(self) -> str:
        return self.words.gettext("Most agreed in all groups:")

    def who(self) -> str:
        return self.words.gettext("Who agrees with what")

    def caption(self) -> str:
        return self.words.gettext(
            "Share of those who voted on a statement and agree with it. Beside it, how many voted. A figure is left "
            "out where fewer than 5 people voted."
        )

    def could(self, typical: int) -> str:
        return self.words.ngettext(
            "Everybody could agree, disagree or skip. The typical person voted on %(n)s of them.",
            "Everybody could agree, disagree or skip. The typical person voted on %(n)s of them.",
            typical,
        )

    def estimated(self) -> str:
        return self.words.gettext(
            "Where somebody has not voted on a statement, their vote was estimated from people who vote like them. "
            "Estimates count only where there is no vote."
        )

    def aim(self) -> str:
        return self.words.gettext(
            "The computer looked for the list on which as many people as possible agree with the statement that stands "
            "for them, and no large group is left out."
        )

    def overlooked(self, known: bool, missing: bool) -> str:
        w = self.words
        if known and missing:
            return w.gettext("Was a large group left out? On the votes that were cast, no. But votes are missing.")
        if known:
            return w.gettext("Was a large group left out? On the votes that were cast, no.")
        if missing:
            return w.gettext(
                "Was a large group left out? Yes, on the votes that were cast: a group that is large enough for a "
                "statement of its own would rather have had one that is not on the list. And votes are missing."
            )
        return w.gettext(
            "Was a large group left out? Yes, on the votes that were cast: a group that is large enough for a "
            "statement of its own would rather have had one that is not on the list."
        )

    def tries(self, draws: int) -> Markup:
        return self.words.nmarkup(
            "The missing votes were filled in at random %(n)s time, following the estimates.",
            "The missing votes were filled in at random %(n)s times, following the estimates.",
            draws,
        )

    def missing(self, share: str, many: bool) -> Markup:
        w = self.words
        if many:
            return w.markup("<b>Many votes are missing.</b> %(share)s of all possible votes were cast.", share=share)
        return w.markup("<b>Votes are missing.</b> %(share)s of all possible votes were cast.", share=share)

    def none_of(self, n: int | None) -> str:
        w = self.words
        if n is None:
            return w.gettext(
                "A few people have voted on none of these statements; what is said about them is an estimate."
            )
        return w.ngettext(
            "%(n)s person has voted on none of these statements; what is said about them is an estimate.",
            "%(n)s people have voted on none of these statements; what is said about them is an estimate.",
            n,
        )

    def rejected(self, share: str) -> str:
        return self.words.gettext(
            "No statement here is rejected by more than %(share)s of those who voted on it.", share=share
        )

    def divided(self, agree: int, against: int) -> str:
        return self.words.gettext("%(agree)s agree, %(against)s disagree.", agree=agree, against=against)
