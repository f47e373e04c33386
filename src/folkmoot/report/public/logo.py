"""The publisher's picture, put into the page, so that nothing has to be fetched."""

from __future__ import annotations

import base64
import re
from pathlib import Path

from ...profile import InputError

#: A larger picture makes the page slow to open.
LARGEST = 1_000_000
_HEADS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg", b"GIF87a": "gif", b"GIF89a": "gif"}
_SVG = re.compile(rb"\s*(<\?xml[^>]*\?>\s*)?(<!--.*?-->\s*|<!DOCTYPE[^>]*>\s*)*<svg[\s>]", re.DOTALL)


def data_uri(file: Path) -> str:
    """A picture as an address that holds it.

    Args:
        file: the picture; what it is decides its content, not its name.

    Raises:
        InputError: it cannot be read, is no picture, or is too large.
    """
    try:
        body = file.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error}); name a picture as `logo`", file=file) from None
    kind = next((kind for head, kind in _HEADS.items() if body.startswith(head)), "")
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        kind = "webp"
    if not kind and _SVG.match(body.removeprefix(b"\xef\xbb\xbf")):
        kind = "svg+xml"
    if not kind:
        raise InputError("is no picture; name a PNG, JPEG, GIF, WebP or SVG file as `logo`", file=file)
    if len(body) > LARGEST:
        raise InputError(f"is {len(body):,} bytes large; name a `logo` of at most {LARGEST:,}", file=file)
    return f"data:image/{kind};base64,{base64.b64encode(body).decode('ascii')}"
