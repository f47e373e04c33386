"""Polis exports of all three generations: finding the files, their signs, reading and writing."""
