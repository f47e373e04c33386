"""Engines: what answers the queries for everybody, from votes and texts or through a language model."""
