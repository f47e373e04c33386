"""Statements out of what people wrote, and texts that say nearly the same."""
