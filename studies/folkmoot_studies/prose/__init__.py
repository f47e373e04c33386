"""The runs of The Next Generation replayed from their logs."""
