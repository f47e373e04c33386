"""Runs of a language model: what was asked for, kept in the run's ledger, and the same slate again from that alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._version import __version__
from ..llm import Endpoint, Ledger, Replay
from ..llm.account import Account
from ..profile import InputError, Options, Profile, Progress, Slate, fingerprint, silent
from ..profile.declared import made
from ..profile.options import Goal

if TYPE_CHECKING:
    from ..engines.written import Written

LEDGER = "ledger.sqlite"
_PRICES = ("input_price", "output_price", "cached_price")


@dataclass(frozen=True)
class Run:
    """What one run was asked to do; holds no key.

    Args:
        source: the file or folder, as an absolute path.
        reading: options it was read with, as the command line has them.
        budget: the budget of the slate; None: the usual one.
        unit: the unit of the budget.
        seed: the seed of every random choice.
        options: `folkmoot.Options` as a mapping.
        model: name of the model.
        base_url: the address of the endpoint.
        prices: the prices of a million tokens by name (`folkmoot.llm.Endpoint`), decimal numbers as texts.
        fingerprint: the fingerprint of the source as it was read.
        version: the version of folkmoot.
        embedding_model: the name of the model for embeddings; empty: the bundled embedding.
    """

    source: str
    reading: Mapping[str, Any]
    budget: int | None
    unit: str
    seed: int
    options: Mapping[str, Any]
    model: str
    base_url: str
    prices: Mapping[str, str]
    fingerprint: str
    version: str = __version__
    embedding_model: str = ""

    @classmethod
    def of(
        cls,
        profile: Profile,
        source: Path,
        reading: Mapping[str, Any],
        budget: int | None,
        unit: str,
        seed: int,
        options: Options,
        endpoint: Endpoint,
    ) -> Run:
        """The run about to begin."""
        prices = {name: f"{price:f}" for name in _PRICES if (price := getattr(endpoint, name)) is not None}
        return cls(
            source=str(source.absolute()),
            reading={name: str(value) if isinstance(value, Path) else value for name, value in reading.items()},
            budget=budget,
            unit=unit,
            seed=seed,
            options=asdict(options),
            model=endpoint.model,
            base_url=endpoint.base_url,
            prices=prices,
            fingerprint=fingerprint(profile),
            embedding_model=endpoint.embedding_model,
        )

    @classmethod
    def read(cls, ledger: Ledger) -> Run:
        """The run whose ledger this is; the last one, if there were several.

        Raises:
            InputError: the ledger says nothing of a run.
        """
        found = ledger.noted().get("run")
        if not isinstance(found, dict):
            raise InputError("says nothing of the run it is from; name the ledger of a slate", file=ledger.file)
        return cls(**found)

    def note(self, ledger: Ledger) -> None:
        """Keeps it in the ledger, for `read`."""
        ledger.note(run=asdict(self), stopped=None)

    @property
    def endpoint(self) -> Endpoint:
        """Model, URL and prices, without a key."""
        into, out, cached = (Decimal(self.prices[name]) if name in self.prices else None for name in _PRICES)
        return Endpoint(
            self.model,
            self.base_url,
            input_price=into,
            output_price=out,
            cached_price=cached,
            embedding_model=self.embedding_model,
        )

    def answers(self, ledger: Ledger) -> Account:
        """The model as the ledger has it."""
        return Account(Replay(ledger, self.model), self.endpoint)

    def again(self, ledger: Ledger, profile: Profile, report: Progress | None = None) -> Slate:
        """The slate once more, from the ledger alone.

        Raises:
            InputError: the source is not the one the run was made from.
        """
        from .choose import choose_slate

        self._check(profile)
        return choose_slate(
            profile, made(Goal, asdict(self)), made(Options, self.options), model=self.answers(ledger), report=report
        )

    def written(self, ledger: Ledger, profile: Profile, report: Progress | None = None) -> Written:
        """What the run wrote and scored, once more, from the ledger alone.

        Raises:
            InputError: the source is not the one the run was made from.
        """
        from ..engines.protocol import Task
        from ..engines.written import write
        from .usual import given_budget

        self._check(profile)
        goal, options = made(Goal, asdict(self)), made(Options, self.options)
        task = Task(options, given_budget(goal), goal.unit, goal.seed, progress=report or silent)
        return write(profile, task, self.answers(ledger))

    def _check(self, profile: Profile) -> None:
        if fingerprint(profile) != self.fingerprint:
            raise InputError(
                "is not what the run was made from: it reads otherwise now; give the unchanged source as `profile`",
                file=self.source,
            )


def ledger_of(run: Path) -> Path:
    """The ledger in a run's folder, or the file itself.

    Raises:
        InputError: there is none.
    """
    file = run / LEDGER if run.is_dir() else run
    if not file.is_file():
        raise InputError(f"has no {LEDGER}; name the folder that a run with `engine='llm'` wrote", file=run)
    return file
