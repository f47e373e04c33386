"""What a call of the library is given first: a slip there is said at once, with the call that helps."""

from __future__ import annotations

from pathlib import Path

from ..profile import InputError, Profile, Slate


def expect_profile(profile: object) -> None:
    """Refuses anything but a profile.

    Raises:
        InputError: it is something else.
    """
    if not isinstance(profile, Profile):
        raise InputError(f"{_named(profile)} is not what people said; {_read(profile)}")


def expect_both(profile: object, slate: object) -> None:
    """Refuses anything but a profile and a slate, in this order.

    Raises:
        InputError: one of them is something else.
    """
    if isinstance(profile, Slate) and isinstance(slate, Profile):
        raise InputError(f"the slate stands where the profile belongs; {_read(profile)}, and the slate after it")
    expect_profile(profile)
    if not isinstance(slate, Slate):
        file = repr(str(slate)) if isinstance(slate, str | Path) else "..."
        raise InputError(f"{_named(slate)} is no slate; pass a slate after the profile: fm.Slate.load({file})")


def _read(given: object) -> str:
    source = repr(str(given)) if isinstance(given, str | Path) else "..."
    return f"pass a profile: fm.read({source})"


def _named(given: object) -> str:
    if given is None:
        return "None"
    return f"the text {given!r}" if isinstance(given, str) else f"an object of the type {type(given).__name__}"
