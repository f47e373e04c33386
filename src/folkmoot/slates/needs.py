"""What a run needs that may not be installed, asked for before any work is done."""

from __future__ import annotations

from ..engines import find as find_engine
from ..processes import PROCESSES, find, find_written
from ..profile import Options, Profile
from ..profile.extras import require


def require_known(options: Options) -> None:
    """Looks up the engine, the process and the model that are named, before any source is read.

    Args:
        options: the options of the run; a process that is not named is settled by the source.

    Raises:
        InputError: there is none of that name, or the process has no such parameter.
    """
    from ..preferences import MODELS

    engine = find_engine(options.engine).id
    if options.process and engine in ("embedded", "llm"):
        _ = find(options.process) if engine == "embedded" else find_written(options.process)
    if options.predict != "auto":
        MODELS.find(options.predict, also=("auto",))


def require_extras(options: Options, profile: Profile) -> None:
    """Asks for the packages that these options need with this source.

    Args:
        options: the options of the run, after `usual.settled`.
        profile: what people said.

    Raises:
        MissingExtraError: if one is not installed; the message says which and how to get it.
    """
    from ..preferences import MODELS

    name = options.process.partition(":")[0]
    if name in PROCESSES:
        require(PROCESSES[name].extra, f"process {name}")
    if options.predict in MODELS:
        require(MODELS[options.predict].extra, f"model {options.predict}")
    answered = len(profile.answers) or len(profile.comparisons)
    if find_engine(options.engine).id == "embedded" and not answered:
        require("text", "a source in which people wrote and nobody answered")
