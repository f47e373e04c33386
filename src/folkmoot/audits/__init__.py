"""Audits: what can be said about a slate, and the witness behind it. An exact one is one file and one line here."""

from . import blocking, budgeting_ejr, cohesive, existence, general_jr, priceability, sweeps, veto
from .audit import Audit, audit
from .quota import Quota, smallest_quota
from .registry import AUDITS, Entry, Finding, Group, exact_audit, find, implied
from .subject import Subject
from .weighted import Certificate, Effect, effect_between, effect_of_weights

__all__ = [
    "AUDITS",
    "Audit",
    "Certificate",
    "Effect",
    "Entry",
    "Finding",
    "Group",
    "Quota",
    "Subject",
    "audit",
    "effect_between",
    "effect_of_weights",
    "exact_audit",
    "find",
    "implied",
    "smallest_quota",
]
