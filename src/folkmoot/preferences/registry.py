"""Models of who agrees with what, by id, each with what it can do declared beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import numpy as np

from ..profile import Profile, Registry
from .protocol import PreferenceModel
from .two_part import TwoPart, UtilitiesAlone

Fit = Callable[..., PreferenceModel]
FitTwoPart = Callable[..., TwoPart]
AnyFit = TypeVar("AnyFit", bound=Fit)
AnyFitTwoPart = TypeVar("AnyFitTwoPart", bound=FitTwoPart)
Fitted_co = TypeVar("Fitted_co", bound=TwoPart, covariant=True)


@dataclass(frozen=True)
class Choice(Generic[Fitted_co]):
    """What a model is fitted with, chosen on held-out answers, before it is fitted to all of them.

    Args:
        parameters: the ``parameters`` that the fitted model will have.
        finish: the function that fits it.
    """

    parameters: Mapping[str, Any]
    finish: Callable[[], Fitted_co]


@dataclass(frozen=True)
class Model:
    """A way to predict what people did not answer.

    Args:
        id: the id in the registry; the fitted model has the same.
        about: a description of the model, in one clause.
        fit: the function that fits it, called with a profile, a random generator and the model's options by name.
        keeps: the names of its ``parameters`` that are options of the fit: with them it makes the same choices again.
        quick: the options for a fit whose predictions have settled and whose parameters have not yet.
        compares: whether it reads comparisons and rankings as such; the others see answers alone, a ranking as places.
        weighs: whether people's masses count in the fit, see `protocol.PreferenceModel`.
        meets: whether the fitted model can `meet` people it was not fitted to.
        extra: the extra of folkmoot that it needs; empty: none.
        undercovers: which totals its 90 % intervals hold too rarely on real conversations (less than 85 of 100), and
            how often; empty: on those at hand they hold people's and statements' in 85 to 95 of 100.
        choose: the first half of ``fit``, called like it, for where only one of several models is fitted in the end;
            None: the model is fitted to know its parameters.
    """

    id: str
    about: str
    fit: FitTwoPart
    keeps: tuple[str, ...] = ()
    quick: Mapping[str, Any] = field(default_factory=dict)
    compares: bool = False
    weighs: bool = True
    meets: bool = False
    extra: str = ""
    undercovers: str = ""
    choose: Callable[..., Choice[TwoPart]] | None = None

    def choice(self, profile: Profile, rng: np.random.Generator, **options: Any) -> Choice[TwoPart]:
        """The model's choices for a profile; ``finish`` returns what ``fit`` returns with the same arguments."""
        if self.choose is not None:
            return self.choose(profile, rng, **options)
        fitted = self.fit(profile, rng, **options)
        return Choice(fitted.parameters, lambda: fitted)


MODELS: Registry[Model] = Registry("model")


def fits() -> tuple[tuple[str, FitTwoPart, Callable[..., Choice[TwoPart]] | None], ...]:
    """The functions behind the models by id: what was fitted is the same as long as these are."""
    return tuple((id, model.fit, model.choose) for id, model in MODELS.items())


def two_part_model(
    *,
    id: str,
    about: str,
    keeps: tuple[str, ...] = (),
    quick: Mapping[str, Any] | None = None,
    compares: bool = False,
    weighs: bool = True,
    meets: bool = False,
    extra: str = "",
    undercovers: str = "",
    choose: Callable[..., Choice[TwoPart]] | None = None,
) -> Callable[[AnyFitTwoPart], AnyFitTwoPart]:
    """Registers a function that fits a model with both parts; see `Model` for what it declares.

    Raises:
        InputError: another model has this id already.
    """

    def register(fit: AnyFitTwoPart) -> AnyFitTwoPart:
        declared = Model(id, about, fit, keeps, quick or {}, compares, weighs, meets, extra, undercovers, choose)
        MODELS.register(declared)
        return fit

    return register


def preference_model(
    *, id: str, about: str, keeps: tuple[str, ...] = (), weighs: bool = True, undercovers: str = ""
) -> Callable[[AnyFit], AnyFit]:
    """Registers a function that fits any `PreferenceModel`: one that predicts utilities and nothing else.

    Args:
        id: the id in the registry; the fitted model has the same.
        about: a description of the model, in one clause.
        keeps: the names of its ``parameters`` that are options of the fit, as in `Model`.
        weighs: whether people's masses count in the fit, as in `Model`.
        undercovers: which totals its intervals hold too rarely, as in `Model`.

    Raises:
        InputError: another model has this id already.
    """

    def register(fit: AnyFit) -> AnyFit:
        two_part_model(id=id, about=about, keeps=keeps, weighs=weighs, undercovers=undercovers)(_completing(fit))
        return fit

    return register


def _completing(fit: Fit) -> FitTwoPart:
    """The same fit, with the parts that the model does not predict itself worked out."""

    def fit_both(profile: Profile, rng: np.random.Generator, **options: Any) -> TwoPart:
        return UtilitiesAlone(fit(profile, rng, **options), profile)

    # The names that tell one definition from another are those of the function that was registered.
    fit_both.__module__, fit_both.__qualname__ = fit.__module__, fit.__qualname__
    fit_both.__doc__ = fit.__doc__
    return fit_both
