"""The synthetic environment of The Next Generation and its tables."""
