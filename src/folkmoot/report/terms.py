"""What answers and utilities are called, on a scale and by whoever gave them."""

from __future__ import annotations

from dataclasses import dataclass

from ..profile import Profile, Slate
from ..slates.recorded import recorded
from .numbers import ENGLISH
from .translations import Words


@dataclass(frozen=True)
class Terms:
    """What answers and utilities are called on a scale.

    Args:
        votes: whether there are answers at all.
        complete: whether everybody answered everything.
        kind: the kind of the scale; empty without answers.
        approve: the name of an answer above the middle, as a label.
        reject: the name of an answer below the middle, as a label.
        middle: the name of an answer on the middle, as a label; empty where there is none.
        utility: what the numbers of utility mean, in words.
        low: the smallest utility.
        high: the largest utility.
        w: the language.
    """

    votes: bool
    complete: bool
    kind: str
    approve: str
    reject: str
    middle: str
    utility: str
    low: float
    high: float
    w: Words = ENGLISH

    def approved(self, n: int) -> str:
        """So many answers above the middle."""
        w = self.w
        if self.kind == "vote":
            return w.ngettext("%(n)s agreed", "%(n)s agreed", n)
        if self.kind == "approval":
            return w.gettext("%(n)s approved it", n=n)
        if self.kind == "points":
            return w.gettext("%(n)s gave it points", n=n)
        return w.gettext("%(n)s put it above the middle", n=n)

    def rejected(self, n: int) -> str:
        """So many answers below the middle."""
        w = self.w
        if self.kind == "vote":
            return w.ngettext("%(n)s disagreed", "%(n)s disagreed", n)
        if self.kind == "approval":
            return w.gettext("%(n)s did not approve it", n=n)
        if self.kind == "points":
            return w.gettext("%(n)s gave it none", n=n)
        return w.gettext("%(n)s put it below the middle", n=n)

    def between(self, n: int) -> str:
        """So many answers on the middle."""
        w = self.w
        if self.kind == "vote":
            return w.ngettext("%(n)s passed", "%(n)s passed", n)
        return w.gettext("%(n)s put it in the middle", n=n)

    def counts(self, above: int, middle: int, below: int) -> list[str]:
        """All three, without those nobody gave."""
        found = [(above, self.approved), (middle if self.middle else 0, self.between), (below, self.rejected)]
        return [words(n) for n, words in found if n]


def terms(profile: Profile, w: Words = ENGLISH) -> Terms:
    """The words for this profile's answers.

    Args:
        profile: what people said.
        w: the language.
    """
    scale = profile.answers.scale
    low, high = scale.utility_range
    ends = {"low": f"{low:g}", "high": f"{high:g}"}
    votes = len(profile.answers) + len(profile.comparisons) > 0
    if not votes:
        meaning = w.gettext(
            "how close a statement comes to anything the person wrote: %(high)s = the same words, %(low)s = nothing in "
            "common; it says nothing about being for or against",
            **ends,
        )
        return Terms(False, scale.complete, "", "", "", "", meaning, low, high, w)
    approve, reject, middle = _labels(scale.kind, w)
    return Terms(True, scale.complete, scale.kind, approve, reject, middle, _utility(scale.kind, w, ends), low, high, w)


def _labels(kind: str, w: Words) -> tuple[str, str, str]:
    if kind == "vote":
        return w.gettext("agreed"), w.gettext("disagreed"), w.gettext("passed")
    if kind == "approval":
        return w.gettext("approved"), w.gettext("did not approve"), ""
    if kind == "points":
        return w.gettext("gave points"), w.gettext("gave no points"), ""
    return w.gettext("above the middle"), w.gettext("below the middle"), w.gettext("in the middle")


def _utility(kind: str, w: Words, ends: dict[str, str]) -> str:
    if kind == "vote":
        return w.gettext("1 = agrees, 0 = disagrees, 0.5 = passes; predictions lie in between")
    if kind == "approval":
        return w.gettext("1 = approves, 0 = does not approve")
    if kind == "rating":
        return w.gettext("the rating, from %(low)s (lowest) to %(high)s (highest); predictions lie in between", **ends)
    if kind == "points":
        return w.gettext(
            "the points given, from %(low)s (lowest) to %(high)s (highest); predictions lie in between", **ends
        )
    if kind == "ranking":
        return w.gettext(
            "places above the last, from %(low)s (lowest) to %(high)s (highest); predictions lie in between", **ends
        )
    return w.gettext(
        "the share of the other statements that it is preferred to, from %(low)s (lowest) to %(high)s (highest); "
        "predicted from the comparisons that people made",
        **ends,
    )


@dataclass(frozen=True)
class Voice:
    """Whose the known utilities are, and what they are called.

    Args:
        people: whether people themselves gave the utilities (otherwise a language model did).
        weighed: whether every answer counts by its weight.
        own: what the known utilities are, after "by".
        known: the word for one person's known utility, as a label.
        silent: the word for people without one, as a label.
    """

    people: bool
    weighed: bool
    own: str
    known: str
    silent: str


def voice(slate: Slate, w: Words = ENGLISH) -> Voice:
    """The voice of people, weighted where answers were weighted, or that of a language model that judged for them.

    Args:
        slate: the slate with its record.
        w: the language.
    """
    if recorded(slate).source.judged:
        own = w.gettext("the language model's scores")
        return Voice(False, False, own, w.gettext("scored by the language model"), w.gettext("not asked about"))
    audit = recorded(slate).audit
    if audit is None or audit.answers is None:
        own = w.gettext("people's own answers")
        return Voice(True, False, own, w.gettext("their own answer"), w.gettext("did not answer"))
    own = w.gettext("people's likely opinions")
    return Voice(True, True, own, w.gettext("their own answer, by its weight"), w.gettext("did not answer"))
