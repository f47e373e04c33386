"""Flags from declarations: a command has dataclasses of options as parameters, which are filled from its flags."""

import csv
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import is_dataclass
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_type_hints

import typer

from ..profile import InputError
from ..profile.declared import Declared, declared, is_required
from ..profile.options import BASICS, PAGE, PANELS
from .messages import flagged

T = TypeVar("T")

LanguageOption = Annotated[
    str,
    typer.Option(
        "--lang",
        help="Language of what is printed, like de; empty: that of the source if there is a translation, else English.",
        rich_help_panel=PAGE,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object for machines.")]
SourceArgument = Annotated[
    Path, typer.Argument(metavar="SOURCE", help="File or folder; the format is recognised by content.")
]

_METAVARS = {
    int: "N",
    float: "X",
    str: "TEXT",
    Path: "PATH",
    tuple[str, ...]: "TEXT",
    tuple[float, ...]: "X,X,...",
    tuple[float, float]: "LOW..HIGH",
}


class FromSource:
    """A parameter of a command that is made from the SOURCE argument and its own options.

    Args:
        source: the file or folder.
        settings: the values of the options, as they stand on the command line.
    """

    options: type

    def __init__(self, source: Path, settings: Mapping[str, Any]) -> None:
        self.source = source
        self.settings = dict(settings)


def parameter_name(each: Declared) -> str:
    """The flag as the name of a Python parameter."""
    return each.flag.removeprefix("--").replace("-", "_")


def filled(holder: type[T], values: Mapping[str, Any]) -> T:
    """The options of a dataclass from the command line's values.

    Args:
        holder: the dataclass of options.
        values: the values by `parameter_name`; None stands for the default.

    Raises:
        InputError: if an option cannot have its value.
    """
    options = [each for each in declared(holder).values() if values.get(parameter_name(each)) is not None]
    return holder(**{each.name: _typed(each, values[parameter_name(each)]) for each in options})


def with_options(command: Callable[..., None]) -> Callable[..., None]:
    """Adds to a command the flags of its dataclasses of options, and SOURCE for a `FromSource`."""
    hints = get_type_hints(command, include_extras=True)
    parameters: list[inspect.Parameter] = []
    fillers: dict[str, Callable[[dict[str, Any]], Any]] = {}
    for own in inspect.signature(command).parameters.values():
        kind = hints[own.name]
        holder = kind.options if isinstance(kind, type) and issubclass(kind, FromSource) else kind
        if not is_dataclass(holder):
            parameters.append(own.replace(annotation=kind, kind=inspect.Parameter.KEYWORD_ONLY))
            continue
        options = declared(holder).values()
        if holder is not kind:
            parameters.append(inspect.Parameter("source", inspect.Parameter.KEYWORD_ONLY, annotation=SourceArgument))
            fillers[own.name] = _from_source(kind, [parameter_name(each) for each in options])
        else:
            fillers[own.name] = _filler(holder, [parameter_name(each) for each in options])
        parameters += [_parameter(each) for each in options]

    # Typer shows the panels in the order of their first options.
    parameters.sort(key=_place)

    @wraps(command)
    def wrapper(**values: Any) -> None:
        command(**{name: fill(values) for name, fill in fillers.items()}, **values)

    wrapper.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    wrapper.__annotations__ = {p.name: p.annotation for p in parameters}
    return wrapper


def completing(entries: Callable[[], Iterable[str]]) -> Callable[[str], list[str]]:
    """Completion for a shell: the entries of a registry that begin with the typed text; loaded when needed.

    Args:
        entries: the function that returns the entries of the registry.
    """
    return lambda incomplete: [entry for entry in entries() if entry.startswith(incomplete)]


def _processes() -> Iterable[str]:
    from ..processes import PROCESSES

    return PROCESSES


def _engines() -> Iterable[str]:
    from ..engines import ENGINES

    return ENGINES


def _models() -> Iterable[str]:
    from ..preferences import MODELS

    return ["auto", *MODELS]


def _audits() -> Iterable[str]:
    from ..audits import AUDITS

    return ["all", *AUDITS]


def _formats() -> Iterable[str]:
    from ..formats import FORMATS

    return FORMATS


# Options that name an entry of a registry.
_ENTRIES = {"process": _processes, "engine": _engines, "predict": _models, "axioms": _audits, "format": _formats}


def _place(parameter: inspect.Parameter) -> int:
    if parameter.annotation is typer.Context:  # it is no option
        return -1
    info = parameter.annotation.__metadata__[0]
    return PANELS.index(info.rich_help_panel or BASICS)


def _filler(holder: type, words: list[str]) -> Callable[[dict[str, Any]], Any]:
    return lambda values: filled(holder, {name: values.pop(name) for name in words})


def _from_source(kind: type[FromSource], words: list[str]) -> Callable[[dict[str, Any]], FromSource]:
    return lambda values: kind(values.pop("source"), {name: values.pop(name) for name in words})


def _parameter(each: Declared) -> inspect.Parameter:
    """The option as a parameter that typer understands."""
    several = each.kind == tuple[str, ...]
    as_text = not several and each.kind in _METAVARS and each.kind not in (int, float, str, Path)
    base: Any = list[str] if several else str if as_text else each.kind
    is_plain = not (each.optional or several or as_text)
    info = typer.Option(
        each.flag,
        help=flagged(each.option.help) + _more(each),
        rich_help_panel=each.option.panel,
        metavar=None if each.kind is bool else each.option.metavar or _METAVARS.get(each.kind, "CHOICE"),
        autocompletion=completing(_ENTRIES[each.name]) if each.name in _ENTRIES else None,
        show_default=is_plain and each.default not in ("", 0, False),
    )
    default = inspect.Parameter.empty if is_required(each) else each.default if is_plain else None
    annotation: Any = Annotated[base if is_plain else base | None, info]
    return inspect.Parameter(
        parameter_name(each), inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
    )


def _more(each: Declared) -> str:
    """How several values are given, for the help."""
    if each.kind != tuple[str, ...]:
        return ""
    return " Several are separated by commas." if each.option.separated else " Again for more."


def _typed(each: Declared, value: Any) -> Any:
    """A value of the command line, converted to the type of the option."""
    if each.kind == tuple[str, ...]:
        if each.option.separated:
            value = [part for row in csv.reader(value, skipinitialspace=True) for part in row]
        return tuple(value)
    try:
        if each.kind == tuple[float, ...]:
            return tuple(float(part) for part in value.split(","))
        if each.kind == tuple[float, float]:
            low, _, high = value.partition("..")
            return float(low), float(high)
    except ValueError:
        kind, example = ("a range", "0..4") if each.kind == tuple[float, float] else ("a list of numbers", "4,3,2")
        raise InputError(f"{each.flag} {value!r} is not {kind}; write it like {example}") from None
    return value
