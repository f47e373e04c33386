"""Do slates represent people on answers nobody showed the program? A fifth of the answers is hidden and asked after.

Data: a folder with one folder a conversation (Polis exports), not in this repository.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from math import isnan
from pathlib import Path
from typing import Any

from folkmoot.profile import InputError

from .figures import FIGURES, audit_draws, figures, means, overall
from .slates import chosen, conversation, split

METHODS = ("popular", "consensus", "pav-predicted", "coverage-predicted", "democratic-fast", "robust")
BUDGETS = {"words": 164, "statements": 10}
# What a slate should keep of the two lists of consensus statements, and of the popular one's violated draws.
COVERAGE, GROUP, VIOLATED = 0.02, 0.03, 0.5


def data_folder() -> Path:
    """``data/polis`` of the folder FOLKMOOT_SHARED names, else of the current folder."""
    return Path(os.environ.get("FOLKMOOT_SHARED", ".")) / "data" / "polis"


def run(
    path: Path | None = None,
    *,
    processes: Sequence[str] = METHODS,
    only: str | None = None,
    instances: int = 3,
    seed: int = 0,
    report: Callable[[str, float], None] | None = None,
) -> dict[str, Any]:
    """Chooses slates from four fifths of the answers and scores them with the rest.

    Args:
        path: folder of the conversations, or of one; None: see `data_folder`.
        processes: ids of processes (``robust:consensus=2`` tells one its parameter), ``consensus`` (group-informed:
            the product over opinion groups of the mean chance to agree), ``pav-predicted`` (sequential proportional
            approval voting on chances), ``coverage-predicted`` (greedy expected coverage). ``popular`` and
            ``consensus`` are always there: the others are held against them.
        only: ``words`` or ``statements``, and after a colon the first split where that is not 0: ``words:10`` takes
            words and splits 10, 11, ..., ``:10`` both units; None: both units from split 0.
        instances: how many splits.
        seed: of models and draws.
        report: told (stage, share done).

    Returns:
        JSON-ready: by unit ``conversations`` {name: {method: {figure: [mean, standard error]}}}, ``mean`` {method:
        {figure: [mean, standard error]}}, ``aims`` {method: {"coverage", "group", "violated", "all": names of the
        conversations where it is met}}, ``seconds`` {method: CPU seconds a slate}; figures: see
        `figures.figures`.

    Raises:
        InputError: no conversation there, or an unknown unit.
    """
    folders = _folders(path or data_folder())
    units, first = _parts(only or "")
    methods = list(dict.fromkeys(["popular", "consensus", *processes]))
    summaries: dict[str, Any] = {}
    steps, done = len(units) * len(folders) * instances, 0
    profiles = {folder.name: conversation(folder) for folder in folders}
    for unit in units:
        runs: dict[str, dict[str, list[dict[str, float]]]] = {}
        seconds = dict.fromkeys(methods, 0.0)
        for folder in folders:
            profile, groups = profiles[folder.name]
            for number in range(first, first + instances):
                if report is not None:
                    report(f"{folder.name}, {unit}", done / steps)
                here = split(profile, groups, number, unit, BUDGETS[unit], seed)
                audit = audit_draws(here)
                for method in methods:
                    begin = time.process_time()
                    selection = chosen(method, here)
                    seconds[method] += (time.process_time() - begin) / (len(folders) * instances)
                    runs.setdefault(folder.name, {}).setdefault(method, []).append(figures(here, audit, selection))
                done += 1
        summaries[unit] = _summary(runs) | {"seconds": {name: round(value, 2) for name, value in seconds.items()}}
    return {
        "units": summaries,
        "budgets": {unit: BUDGETS[unit] for unit in units},
        "splits": instances,
        "first": first,
        "seed": seed,
    }


def _parts(only: str) -> tuple[list[str], int]:
    """The units, and the first split."""
    unit, _, first = only.partition(":")
    if unit and unit not in BUDGETS:
        raise InputError(f"unknown unit {unit!r}; choose one of {', '.join(BUDGETS)}")
    if first and not first.isdecimal():
        raise InputError(f"the first split is a whole number, not {first!r}, as in words:10")
    return [unit] if unit else list(BUDGETS), int(first or 0)


def _folders(path: Path) -> list[Path]:
    """The conversations of a folder, itself where it is one."""
    if not path.is_dir():
        raise InputError("no conversations here; name a folder that holds a folder for each", file=path)
    inside = sorted(folder for folder in path.iterdir() if folder.is_dir())
    return inside or [path]


def _summary(runs: Mapping[str, Mapping[str, Sequence[Mapping[str, float]]]]) -> dict[str, Any]:
    each = {name: {method: means(one) for method, one in methods.items()} for name, methods in runs.items()}
    methods = list(next(iter(each.values())))
    mean = {method: overall([one[method] for one in each.values()]) for method in methods}
    return {
        "conversations": {name: {method: _plain(one) for method, one in these.items()} for name, these in each.items()},
        "mean": {method: _plain(one) for method, one in mean.items()},
        "aims": {method: _aims(each, method) for method in methods},
    }


def _plain(figures: Mapping[str, tuple[float, float]]) -> dict[str, list[float | None]]:
    """JSON has no nan."""
    return {name: [None if isnan(x) else round(x, 6) for x in pair] for name, pair in figures.items()}


def _aims(each: Mapping[str, Mapping[str, Mapping[str, tuple[float, float]]]], method: str) -> dict[str, list[str]]:
    """In which conversations a method is at both ends: agreement near consensus lists, half their complaints."""
    met: dict[str, list[str]] = {"coverage": [], "group": [], "violated": [], "all": []}
    for name, methods in each.items():
        ours, popular, consensus = methods[method], methods["popular"], methods["consensus"]
        verdicts = {
            "coverage": ours["cov2"][0] >= popular["cov2"][0] - COVERAGE,
            "group": ours["worst_group"][0] >= consensus["worst_group"][0] - GROUP,
            "violated": ours["violated"][0] <= VIOLATED * popular["violated"][0],
        }
        verdicts["all"] = all(verdicts.values())
        for aim, reached in verdicts.items():
            met[aim] += [name] if reached else []
    return met


def table(result: Mapping[str, Any]) -> str:
    """The result as lines of text: ``print(table(run()))``."""
    lines: list[str] = []
    for unit, summary in result["units"].items():
        conversations = summary["conversations"]
        title = f"{result['budgets'][unit]} {unit}, {len(conversations)} conversations, {result['splits']} splits"
        title += f" from no. {result['first']}" if result["first"] else ""
        for name, methods in {title: summary["mean"], **conversations}.items():
            lines.append(f"{name:44}" + "".join(f"{figure:>15}" for figure in FIGURES))
            for method, values in methods.items():
                lines.append(f"  {method:42}" + "".join(f"{_cell(*values[figure]):>15}" for figure in FIGURES))
            lines.append("")
        lines.append(
            f"conversations where cov2 >= popular - {COVERAGE}, worst_group >= consensus - {GROUP}, violated <= "
            f"{VIOLATED} x popular, all three; CPU seconds a slate"
        )
        for method, aims in summary["aims"].items():
            counts = "".join(f"{len(aims[aim]):>10}" for aim in ("coverage", "group", "violated", "all"))
            lines.append(f"  {method:42}{counts}{summary['seconds'][method]:>10.2f}")
        lines.append("")
    return "\n".join(lines).rstrip()


def _cell(value: float | None, error: float | None) -> str:
    if value is None:
        return "-"
    digits = 3 if abs(value) < 10 else 1
    return f"{value:.{digits}f}" + (f" ±{error:.3f}" if error is not None and digits == 3 else "")
