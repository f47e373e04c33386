"""What When to Ask a Question claims, in the order of its documentation; the wording of the claims is ours."""

from __future__ import annotations

from . import asking_slips, asking_slips_text
from .asking_checks import Claim, Found, Tally
from .asking_exact import best
from .asking_lemmas import LEMMAS
from .asking_structure import STRUCTURE

CLAIMS: tuple[Claim, ...] = (*LEMMAS, *STRUCTURE, *asking_slips.SLIPS, *asking_slips_text.SLIPS)

__all__ = ["CLAIMS", "Claim", "Found", "Tally", "best"]
