"""Plural preferences: every claim of the sources measured."""
