"""Polis exports: a folder of files, or one of them."""

from ..base import FORMATS, Format, Signature
from . import files, read, write

FORMATS.register(
    Format(
        "polis",
        "Polis export",
        files.sniff,
        read.read,
        write.write,
        signature=Signature.FOLDER,
        many=True,
        uses=frozenset(["group_columns", "keep", "flip", "importance"]),
    )
)
