"""Engines: what answers the queries for everybody, from votes and texts or through a language model."""

from . import embedded, llm
from .protocol import ENGINES, Candidates, Engine, EngineEntry, Prepared, Task, Weighing, engine, find
from .weighed import WeighedEngine

__all__ = [
    "ENGINES",
    "Candidates",
    "Engine",
    "EngineEntry",
    "Prepared",
    "Task",
    "WeighedEngine",
    "Weighing",
    "embedded",
    "engine",
    "find",
    "llm",
]
