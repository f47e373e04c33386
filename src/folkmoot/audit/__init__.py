"""Audits: what can be said about a slate, and the witness behind it."""

from .audit import Audit, audit
from .subject import Subject

__all__ = ["Audit", "Subject", "audit"]
