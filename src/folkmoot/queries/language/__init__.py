"""Queries that a language model answers: prompts, ratings, writing, checks of what it writes."""
