"""What staff should read before texts are published that may tell who somebody is."""

from __future__ import annotations

from collections.abc import Iterator

from ..profile import Slate
from ..slates.personal import Telling, telling
from ..slates.public.order import places
from ..slates.recorded import recorded
from .translations import Words


def personal(slate: Slate, w: Words) -> str:
    """Which texts that the page for the public shows may tell who somebody is, and what to do; empty: none does.

    Args:
        slate: the slate with its record.
        w: the language.
    """
    found = [*_on_the_list(slate, w), *_beside(slate, w)]
    if not found:
        return ""
    return w.ngettext(
        "A text on the page for the public may tell who somebody is: %(listed)s. Read it before you publish: `--edit` "
        "changes its wording, `--hide` with its id leaves its text out.",
        "%(n)s texts on the page for the public may tell who somebody is: %(listed)s. Read them before you publish: "
        "`--edit` changes a wording, `--hide` with an id leaves its text out.",
        len(found),
        listed="; ".join(found),
    )


def _on_the_list(slate: Slate, w: Words) -> Iterator[str]:
    for number, place in enumerate(places(slate), start=1):
        one = slate.statements[place]
        kinds = dict.fromkeys((*telling(one.text), *telling(one.original)))
        if kinds:
            yield w.gettext(
                "statement %(number)s (id %(id)s) contains %(what)s",
                number=number,
                id=one.id,
                what=_named(list(kinds), w),
            )


def _beside(slate: Slate, w: Words) -> Iterator[str]:
    """Statements beside the list that stand on the page all the same: near-duplicates, marks of groups, the divided."""
    audit = recorded(slate).audit
    public = None if audit is None else audit.public
    if public is None:
        return
    others = [other for one in public.statements for other in one.similar]
    others += [mark for group in public.groups.groups for mark in group.marks]
    others += [public.divided] if public.divided is not None else []
    listed = {one.id for one in slate.statements}
    texts = {one.id: one.text for one in others if one.id not in listed}
    for name, text in texts.items():
        if kinds := telling(text):
            yield w.gettext("id %(id)s contains %(what)s", id=name, what=_named(list(kinds), w))


def _named(kinds: list[Telling], w: Words) -> str:
    names: dict[Telling, str] = {
        "email": w.gettext("an e-mail address"),
        "link": w.gettext("a link"),
        "phone": w.gettext("a phone number"),
        "handle": w.gettext("the name of an account"),
        "name": w.gettext("perhaps the name of a person"),
    }
    return w.listed([names[kind] for kind in kinds])
