"""Doors into training loops of language models; each needs an extra of its own, and nothing else imports them."""
