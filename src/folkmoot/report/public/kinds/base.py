"""What a page says of a list, whatever people did; what depends on it is said by each kind."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Literal

from markupsafe import Markup

from ....slates.public.safe import Share
from ...translations import Words

Part = Literal["agree", "middle", "against", "unseen"]
#: ``none``: none of them said anything; ``nobody``: none of them is for it.
HowMany = Literal["all", "nearly all", "most", "some", "nobody", "none"]
#: From so many on a share is printed in percent, below it as counts.
PERCENT_FROM = 50


class Kind(ABC):
    """The sentences of one kind of answers.

    Args:
        words: the language.
        unit: what the budget counts: projects cost money, everything else is a statement.
    """

    #: The parts of a bar, in order.
    parts: ClassVar[tuple[Part, ...]] = ("agree", "middle", "against", "unseen")
    #: The class of each part of a bar in the style sheet.
    colours: ClassVar[Mapping[Part, str]] = {"agree": "a", "middle": "p", "against": "d", "unseen": "u"}
    #: Whether what is chosen among are statements; else they may be people, dishes or anything.
    of_statements: ClassVar[bool] = True
    #: Whether people said something of each statement, so that there are bars, tables and groups.
    answered: ClassVar[bool] = True
    #: Whether what is counted of all is people; else it is comparisons.
    counts_people: ClassVar[bool] = True

    def __init__(self, words: Words, unit: str) -> None:
        self.words, self.unit = words, unit
        self.money = unit == "cost"

    # -- what is on the list ------------------------------------------------------------------------------------------

    def statements(self, n: int) -> str:
        """So many statements."""
        if self.money:
            return self.words.ngettext("%(n)s project", "%(n)s projects", n)
        if not self.of_statements:
            return self.words.ngettext("%(n)s entry", "%(n)s entries", n)
        return self.words.ngettext("%(n)s statement", "%(n)s statements", n)

    def some(self, k: int, n: int) -> str:
        """So many of so many statements, n of them two or more, as they stand after "on"."""
        w = self.words
        if self.money:
            if not k:
                return w.gettext("none of the %(n)s projects", n=n)
            return w.gettext("%(k)s of the %(n)s projects", k=k, n=n) if k < n else w.gettext("all %(n)s projects", n=n)
        if not self.of_statements:
            if not k:
                return w.gettext("none of the %(n)s entries", n=n)
            return w.gettext("%(k)s of the %(n)s entries", k=k, n=n) if k < n else w.gettext("all %(n)s entries", n=n)
        if not k:
            return w.gettext("none of the %(n)s statements", n=n)
        return w.gettext("%(k)s of the %(n)s statements", k=k, n=n) if k < n else w.gettext("all %(n)s statements", n=n)

    def nothing_chosen(self, n: int, everything: bool) -> str:
        """That all there is is on the list, or all that could be chosen."""
        w, listed = self.words, self.statements(n)
        if everything:
            return w.gettext(
                "Nothing was chosen here. This is everything there was: %(statements)s.", statements=listed
            )
        return w.gettext(
            "Nothing was chosen here. This is all that could be chosen: %(statements)s.", statements=listed
        )

    def title(self, statements: int, people: int) -> Markup:
        """The heading of the list."""
        return self.words.nmarkup(
            "%(statements)s for %(n)s person",
            "%(statements)s for %(n)s people",
            people,
            statements=self.statements(statements),
        )

    def figure(self, share: Share, percent: bool = False) -> str:
        """A share in percent, or as counts where few said something; with its bound where it may not be printed.

        Args:
            share: the share.
            percent: whether it stands beside others in percent, so that it has to be one too.
        """
        w = self.words
        if share.kind == "under":
            return w.gettext("under %(share)s", share=w.whole_percent(-(-100 * share.part // share.whole)))
        if share.kind == "over":
            return w.gettext("over %(share)s", share=w.whole_percent(100 * share.part // share.whole))
        if self.counted(share) and not percent:
            return w.gettext("%(part)s of %(n)s", part=share.part, n=share.whole)
        return w.percent(share.part, share.whole)

    def counted(self, share: Share) -> bool:
        """Whether counts are printed instead of percent."""
        return share.kind == "exact" and share.of and share.whole < PERCENT_FROM

    # -- what each kind says ------------------------------------------------------------------------------------------

    @abstractmethod
    def said(self, said: int, statements: int) -> str:
        """What people did, in one sentence."""

    @abstractmethod
    def part(self, part: Part) -> str:
        """The name of a part of a bar."""

    @abstractmethod
    def counted_part(self, part: Part, n: int) -> str:
        """So many people in a part, as a clause: ``302 agreed``."""

    @abstractmethod
    def share(self, share: Share) -> Markup:
        """The share of those who said something and are for it, as a line."""

    @abstractmethod
    def how_many(self, many: HowMany) -> str:
        """How many of those it stands for are for it, without a figure: ``nearly all of them agreed``."""

    @abstractmethod
    def mostly_silent(self) -> str:
        """That most of those it stands for said nothing of it, where their number is left out."""

    @abstractmethod
    def expected(self, many: HowMany, n: int) -> str:
        """How many of these are expected to be for it; ``n`` only for ``most``, which here means about so many."""

    @abstractmethod
    def headline(self, part: int | None, n: int) -> Markup:
        """What follows the first figure: who of all people is for the statement that stands for them."""

    @abstractmethod
    def against(self, against: int | None, middle: int | None) -> list[str]:
        """Who is counted for a statement that they are not for; None: a few."""

    def not_for(self, n: int) -> str:
        """How many people are counted for a statement that they are not for, one way or another."""
        raise NotImplementedError

    @abstractmethod
    def silent(self, n: int) -> Markup:
        """How many said nothing of the statement that stands for them."""

    @abstractmethod
    def silent_expected(self, n: int) -> str:
        """How many of them are expected to be for it."""

    @abstractmethod
    def legend(self, part: Literal["agree", "expected", "silent", "middle", "against"]) -> str:
        """The names of the parts of the bar of all people."""

    @abstractmethod
    def popular(self, theirs: int, ours: int | None) -> Markup:
        """How many would be for theirs on the list of the statements with the most support."""

    def groups(self) -> str:
        """What a group of opinion is."""
        raise NotImplementedError

    def marks(self) -> str:
        """The line above the statements that tell a group apart."""
        raise NotImplementedError

    def common(self, some: str, groups: int) -> str:
        """On how many statements of the list most people of every group agree.

        Args:
            some: as in "10 of the 16 statements".
            groups: how many groups there are.
        """
        raise NotImplementedError

    def outside(self, n: int, least: int) -> str:
        """How many people are in no group, and why."""
        raise NotImplementedError

    def most_common(self) -> str:
        """The name of the statement that all groups are for most."""
        raise NotImplementedError

    def caption(self) -> str:
        """What the table of shares shows."""
        raise NotImplementedError

    @abstractmethod
    def who(self) -> str:
        """The heading of the table."""

    # -- how it was made ----------------------------------------------------------------------------------------------

    @abstractmethod
    def could(self, typical: int) -> str:
        """What everybody could do, and how much of it the typical person did."""

    @abstractmethod
    def estimated(self) -> str:
        """What stands in for what nobody said; empty where nothing is missing."""

    def aim(self) -> str:
        """What the computer looked for."""
        raise NotImplementedError

    @abstractmethod
    def overlooked(self, known: bool, missing: bool) -> str:
        """Whether a large group was left out, as far as people answered."""

    def tries(self, draws: int) -> Markup:
        """How what is missing was filled in."""
        raise NotImplementedError

    @abstractmethod
    def missing(self, share: str, many: bool) -> Markup:
        """The limit that something is missing; ``many``: more than half."""

    def none_of(self, n: int | None) -> str:
        """How many people said something on no statement of the list; None: a few."""
        raise NotImplementedError

    def rejected(self, share: str) -> str:
        """No statement of the list is rejected by more than this."""
        raise NotImplementedError

    def divided(self, agree: int, against: int) -> str:
        """The counts of the statement with the most votes on both sides."""
        raise NotImplementedError
