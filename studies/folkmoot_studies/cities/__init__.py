"""Participatory budgeting as cities do it: official results again, and projects that a generator proposes."""
