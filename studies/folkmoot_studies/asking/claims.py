"""What When to Ask a Question claims, in the order of the study's documentation; the wording of the claims is ours."""

from __future__ import annotations

from . import slips as asking_slips
from . import slips_text as asking_slips_text
from .checks import Claim, Finding, Tally
from .exact import best
from .lemmas import LEMMAS
from .structure import STRUCTURE

CLAIMS: tuple[Claim, ...] = (*LEMMAS, *STRUCTURE, *asking_slips.SLIPS, *asking_slips_text.SLIPS)

__all__ = ["CLAIMS", "Claim", "Finding", "Tally", "best"]
