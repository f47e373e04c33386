"""Everything a report shows, computed before the report: pages only lay it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from ..profile import FloatArray, IntArray, Profile, Slate

if TYPE_CHECKING:
    from ..formats.doctor import Diagnosis
    from .conflicts import PersonConflicts


@dataclass(frozen=True, eq=False)
class View:
    """A slate with what it was chosen from.

    Args:
        profile: what people said, with the statements the slate was chosen from.
        slate: the slate with its audit.
        own: float64 [n_agents], the utility of each agent's own statement, -inf when unassigned.
        positions: float64 [n_agents, 2], the opinion map; None where there is none.
        groups: int64 [n_agents], the opinion group of each agent, from 0; None where there are none.
        diagnosis: the diagnosis of the source.
        source: the source as it was named.
        command: the command that makes this slate again.
        proof: the command that audits it, with the source as it was named and the options it was read with; empty:
            made from ``source``.
        spent: what a language model's run took: cache hits, faults, and what these may have taken; empty without one.
        conflicts: by id of the least well represented, which of their answers conflict with their statement
            (`folkmoot.conflicts`); None where that was not worked out.
        spoken: by id of the least well represented, what in them speaks for their statement: statements they agree with
            out of the same persona (``predict="personas"``); empty for other models.
        written_for_groups: what `folkmoot llm groups` kept beside the slate (`GroupStatements`); None: nothing.
    """

    profile: Profile
    slate: Slate
    own: FloatArray
    positions: FloatArray | None
    diagnosis: Diagnosis
    source: str
    command: str
    proof: str = ""
    spent: Mapping[str, Any] = field(default_factory=dict)
    conflicts: Mapping[str, PersonConflicts] | None = None
    spoken: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    groups: IntArray | None = None
    written_for_groups: Mapping[str, Any] | None = None

    # Pages stand above slates; the package, which stands above both, says how a view becomes one.
    write: ClassVar[Callable[[View, Path, str], Path]]

    def to_html(self, path: Path, lang: str = "") -> Path:
        """Writes the review page, one self-contained HTML file.

        Args:
            path: the file to write.
            lang: the language; empty: that of the source if there is a translation, else English.

        Raises:
            InputError: the file cannot be written, or there is no such language.
        """
        return type(self).write(self, path, lang)
