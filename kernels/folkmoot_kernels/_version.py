"""The version, which is folkmoot's."""

__version__ = "0.1.0"
