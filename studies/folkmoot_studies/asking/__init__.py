"""When to Ask: its figures, lemmas and claims, run again."""
