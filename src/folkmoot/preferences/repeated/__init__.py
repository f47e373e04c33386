"""Answers that were asked for again: which of them are opinions, and how much each weighs."""
