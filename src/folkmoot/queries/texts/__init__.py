"""Statements out of what people wrote; words, languages, texts about their author, texts that say nearly the same."""
