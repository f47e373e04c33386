"""The version, in step with folkmoot's."""

__version__ = "0.1.0"
