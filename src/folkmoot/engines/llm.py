"""The engine `llm`: a language model writes the statements and judges how well they represent people.

What it is made of is in `folkmoot.engines.written`, which only those load who ask a language model.
"""

from __future__ import annotations

from ..profile import InputError
from .protocol import USUALLY_WRITTEN, Engine, Task, engine


@engine(
    id="llm",
    about="a language model writes the statements and judges whom they represent",
    usual=lambda _: USUALLY_WRITTEN,
    judges=True,
)
def llm(task: Task) -> Engine:
    """The engine over one run of its model.

    Raises:
        InputError: no language model is given.
    """
    if task.model is None:
        raise InputError(
            "engine 'llm' needs a language model: give `model`, for a slate of an earlier run from that run's ledger"
        )
    from .written import Language

    return Language(task, task.model)
