"""The certificate's finding in one to three sentences: was a large group overlooked?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..audits import Audit
from ..audits.certificate import Spread
from ..audits.records import Coalition
from ..profile import Slate
from ..slates.recorded import recorded
from .barred import narrowed
from .measured import Measured, measured
from .numbers import ENGLISH, percent, sentences
from .terms import Voice, voice
from .translations import Words
from .unchosen import nothing_chosen

#: A chance from which on it is a matter of its own, and one from which on a large group was probably overlooked.
LARGE, LIKELY = 0.1, 0.5


def verdict(slate: Slate, *, votes: bool, w: Words = ENGLISH, draws: bool = True, kind: Measured | None = None) -> str:
    """The certificate in one to three sentences.

    Args:
        slate: the audited slate.
        votes: whether people answered (otherwise utilities are similarities of texts).
        w: the language.
        draws: whether to say what random draws of the unknown answers show.
        kind: what was measured; None: what the slate itself says of it.
    """
    audit = recorded(slate).audit
    if audit is None:
        return w.gettext("The list was not audited, so whether it overlooks a large group is not known.")
    if nothing := nothing_chosen(slate, w):
        return sentences(nothing, w.gettext("So there is no choice that could be good or bad."))
    among = w.gettext("This is about the statements that could be chosen.") if narrowed(slate) else ""
    if (kind or measured(slate)) == "comparisons":
        return sentences(_by_comparisons(slate, audit, w, draws=draws), among)
    return sentences(_verdict(slate, audit, w, votes=votes, draws=draws), among)


def _verdict(slate: Slate, audit: Audit, w: Words, *, votes: bool, draws: bool) -> str:
    record, says = audit.certificate, voice(slate, w)
    if not votes:
        found = _by_texts(w, audit)
        return sentences(found, w.gettext("Whether people are for or against was not measured."))
    if record.known.answered >= 1:
        return _on_own(w, says.own, record.known.violations, every=True)
    if not record.known.violations and not record.completed.violations:
        found = _none_found(w, says.own, chance_of(audit))
    else:
        found = sentences(
            _on_own(w, says.own, record.known.violations), _with_predictions(w, audit.violations, people=says.people)
        )
    return sentences(found, compared(record.draws, says, w) if draws and record.draws else "")


def chance_of(audit: Audit) -> float:
    """The share of the random draws in which a large group was overlooked; 0 where nothing was drawn.

    Args:
        audit: the audit of the slate.
    """
    draws = audit.certificate.draws
    return draws["slate"].violated if draws else 0.0


def _none_found(w: Words, own: str, chance: float) -> str:
    """What is said where no group was found, neither by own answers nor with predictions: draws may say otherwise."""
    if chance < LARGE:
        return w.gettext(
            "No large group was overlooked: neither by %(own)s alone nor with predictions for the rest does any large "
            "enough group prefer a statement that was left out.",
            own=own,
        )
    if chance < LIKELY:
        return w.gettext(
            "No large group is known to have been overlooked: neither by %(own)s alone nor with predictions for the "
            "rest does any large enough group prefer a statement that was left out.",
            own=own,
        )
    return w.gettext(
        "A large group was probably overlooked, although neither by %(own)s alone nor with the likeliest predictions "
        "any large enough group prefers a statement that was left out: so many answers are missing.",
        own=own,
    )


def _by_comparisons(slate: Slate, audit: Audit, w: Words, *, draws: bool) -> str:
    if audit.violations:
        found = w.ngettext(
            "A large group was overlooked, as far as people's comparisons tell: %(n)s statement that was left out "
            "would have a large enough group behind it.",
            "Large groups were overlooked, as far as people's comparisons tell: %(n)s statements that were left out "
            "would have a large enough group behind each of them.",
            len(audit.violations),
        )
        found = sentences(found, _nobodys(w) if lacking(audit.violations) else "")
    elif chance_of(audit) >= LIKELY:
        found = w.gettext(
            "A large group was probably overlooked, although with the likeliest predictions from people's "
            "comparisons no large enough group prefers a statement that was left out."
        )
    else:
        found = w.gettext(
            "No large group was overlooked, as far as people's comparisons tell: no large enough group prefers a "
            "statement that was left out."
        )
    spread = audit.certificate.draws
    if not draws or not spread:
        return found
    chance = w.gettext(
        "Comparisons do not tell everything: the chance that a large enough group would object is about %(share)s, by "
        "%(times)s random draws.",
        share=percent(w, spread["slate"].violated),
        times=spread["slate"].draws,
    )
    return sentences(found, chance, _others(spread, w))


def _by_texts(w: Words, audit: Audit) -> str:
    hits = audit.violations
    if not hits:
        return w.gettext("By similarity of texts, no large enough group is closer to a statement that was left out.")
    if lacking(hits):
        return w.ngettext(
            "By similarity of texts, %(n)s statement that was left out would have a large enough group behind it, made "
            "up of people assigned to no statement.",
            "By similarity of texts, %(n)s statements that were left out would have a large enough group behind each "
            "of them, made up of people assigned to no statement.",
            len(hits),
        )
    return w.ngettext(
        "By similarity of texts, %(n)s statement that was left out would have a large enough group behind it.",
        "By similarity of texts, %(n)s statements that were left out would have a large enough group behind each of "
        "them.",
        len(hits),
    )


def _on_own(w: Words, own: str, hits: Sequence[Coalition], *, every: bool = False) -> str:
    if not hits:
        if every:
            return w.gettext(
                "No large group was overlooked: by %(own)s, all of which are known, no large enough group prefers a "
                "statement that was left out.",
                own=own,
            )
        return w.gettext("By %(own)s alone, no large enough group prefers a statement that was left out.", own=own)
    found = w.ngettext(
        "A large group was overlooked: by %(own)s alone, %(n)s statement that was left out would have a large enough "
        "group behind it.",
        "Large groups were overlooked: by %(own)s alone, %(n)s statements that were left out would have a large enough "
        "group behind each of them.",
        len(hits),
        own=own,
    )
    return sentences(found, _nobodys(w) if lacking(hits) else "")


def _with_predictions(w: Words, hits: Sequence[Coalition], *, people: bool) -> str:
    if not hits:
        if people:
            return w.gettext(
                "With predictions for the answers nobody gave, no large enough group prefers a statement that was left "
                "out."
            )
        return w.gettext(
            "With predictions for the pairs that the language model was not asked about, no large enough group prefers "
            "a statement that was left out."
        )
    if people:
        found = w.ngettext(
            "With predictions for the answers nobody gave, %(n)s statement that was left out would have a large enough "
            "group behind it.",
            "With predictions for the answers nobody gave, %(n)s statements that were left out would have a large "
            "enough group behind each of them.",
            len(hits),
        )
    else:
        found = w.ngettext(
            "With predictions for the pairs that the language model was not asked about, %(n)s statement that was left "
            "out would have a large enough group behind it.",
            "With predictions for the pairs that the language model was not asked about, %(n)s statements that were "
            "left out would have a large enough group behind each of them.",
            len(hits),
        )
    return sentences(found, _nobodys(w) if lacking(hits) else "")


def _nobodys(w: Words) -> str:
    return w.gettext("These groups are made up of people assigned to no statement, whatever they think of it.")


def compared(draws: Mapping[str, Spread], says: Voice, w: Words = ENGLISH) -> str:
    """The slate with random and most popular lists on the same draws.

    Args:
        draws: the spread of each kind of list.
        says: whose the known utilities are.
        w: the language.
    """
    mine = percent(w, draws["slate"].violated)
    times = draws["slate"].draws
    if says.people:
        found = w.gettext(
            "Many answers are missing. Had everybody answered, the chance that a large enough group would object is "
            "about %(share)s, by %(times)s random draws.",
            share=mine,
            times=times,
        )
    else:
        found = w.gettext(
            "Many pairs were not scored. Had all been, the chance that a large enough group would object is about "
            "%(share)s, by %(times)s random draws.",
            share=mine,
            times=times,
        )
    return sentences(found, _others(draws, w))


def _others(draws: Mapping[str, Spread], w: Words) -> str:
    """The same chance for other lists; empty where there are none."""
    if "popular" not in draws:
        return ""
    share = percent(w, draws["popular"].violated)
    if "random" not in draws:
        return w.gettext("For an equally long list of the most popular statements it is %(popular)s.", popular=share)
    return w.gettext(
        "For an equally long list of the most popular statements it is %(popular)s, for random ones %(random)s.",
        popular=share,
        random=percent(w, draws["random"].violated),
    )


def lacking(hits: Sequence[Coalition]) -> bool:
    """Whether no member of these coalitions has a statement, so that none of them can prefer another one to it."""
    return bool(hits) and all(hit.gap is None for hit in hits)
