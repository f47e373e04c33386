"""Who sees what and what becomes of minorities, in lines for the terminal: sentences first, names of measures after."""

from __future__ import annotations

from ..audits.plural_records import (
    Calibration,
    Exposure,
    Groups,
    MeaningDiversity,
    Plural,
    SpeechFigures,
    SpeechOfGroups,
    TextDiversity,
    VoteDiversity,
)
from . import declared
from .compared import agreement_means
from .measured import Measured
from .numbers import ENGLISH, figure
from .plural import share_of, signed
from .plural_words import groups, missing
from .translations import Words


def lines(plural: Plural | None, process: str = "", w: Words = ENGLISH, kind: Measured = "votes") -> list[str]:
    """About ten sentences; none where nothing is recorded.

    Args:
        plural: the audit's figures.
        process: the id of the process that chose the slate.
        w: the language.
        kind: what was measured.
    """
    if plural is None:
        return []
    found = [w.gettext("Further checks")]
    if isinstance(plural.groups, Groups):
        found.append(groups(plural, process, w))
        if kind == "comparisons":
            found.append(agreement_means(w))
    if isinstance(plural.exposure, Exposure):
        found.append(_exposure(plural.exposure, w))
    if isinstance(plural.speech, SpeechOfGroups):
        spoken = [_speaks(w, n, one) for n, one in enumerate(plural.speech.groups, start=1)]
        found.append(
            w.gettext(
                "Do the people of a group answer alike enough to be spoken of as one? %(groups)s.",
                groups="; ".join(spoken),
            )
        )
    if isinstance(plural.calibration, Calibration):
        found.append(_erasure(plural.calibration, w))
    found += declared.lines(plural, w)
    if isinstance(plural.votes, VoteDiversity):
        votes = plural.votes
        found.append(
            w.gettext(
                "Of %(n)s statements %(classes)s are answered differently. [valid %(valid)s, Div_pair %(pair)s, "
                "Div_fixed %(fixed)s]",
                n=len(votes.classes),
                classes=len(set(votes.classes)),
                valid=share_of(w, votes.valid),
                pair=figure(w, votes.div_pair),
                fixed=figure(w, votes.div_fixed),
            )
        )
    if isinstance(plural.texts, TextDiversity):
        texts = plural.texts
        found.append(
            w.gettext(
                "Share of distinct words, and in random lists: %(slate)s and %(random)s. [EAD %(ead)s and "
                "%(ead_random)s, compression %(size)s and %(size_random)s]",
                slate=figure(w, texts.slate["distinct_1"]),
                random=figure(w, texts.random["distinct_1"]),
                ead=figure(w, texts.slate["ead"]),
                ead_random=figure(w, texts.random["ead"]),
                size=figure(w, texts.slate["compression_ratio"]),
                size_random=figure(w, texts.random["compression_ratio"]),
            )
        )
    if isinstance(plural.meanings, MeaningDiversity):
        meanings = plural.meanings
        found.append(
            w.gettext(
                "In meaning the list amounts to %(vendi)s different statements. [Vendi score; mean distance "
                "%(distance)s]",
                vendi=figure(w, meanings.vendi),
                distance=figure(w, meanings.semantic),
            )
        )
    found += [w.gettext("%(name)s: not applicable: %(why)s", name=name, why=why) for name, why in missing(plural, w)]
    return found


def _exposure(entry: Exposure, w: Words) -> str:
    policies, assigned = entry.slate.policies, entry.assigned
    return w.gettext(
        "Shown to everyone, %(rejected)s of this list is rejected by its readers, of the most popular statements "
        "%(popular)s. The opinion group that agrees least has a mean agreement of %(worst)s with it, and of "
        "%(bridging)s with statements that bridge. [sycophancy index %(sycophancy)s, echo index %(echo)s, beyond "
        "chance %(beyond)s]",
        rejected=share_of(w, policies["slate"].counter[0]),
        popular=share_of(w, policies["aggregate"].counter[0]),
        worst=figure(w, policies["slate"].worst[0]),
        bridging=figure(w, policies["bridging"].worst[0]),
        sycophancy=figure(w, assigned.sycophancy[0]),
        echo=figure(w, assigned.echo[0]),
        beyond=figure(w, assigned.echo_beyond_chance[0]),
    )


def _erasure(entry: Calibration, w: Words) -> str:
    one = entry.by["seats"]
    return w.gettext(
        "The group that comes off worst has %(smallest)s times the places that its size is due. [majority erasure "
        "%(erasure)s by statement]",
        smallest=figure(w, one.smallest),
        erasure=share_of(w, one.relative),
    )


def _speaks(w: Words, n: int, one: SpeechFigures) -> str:
    value = one.gain[0]
    if value is None:
        return w.gettext("group %(n)s cannot be judged", n=n)
    gain = signed(w, 100 * value)
    if one.may_speak:
        return w.gettext("group %(n)s yes (%(gain)s points)", n=n, gain=gain)
    return w.gettext("group %(n)s no (%(gain)s points)", n=n, gain=gain)
