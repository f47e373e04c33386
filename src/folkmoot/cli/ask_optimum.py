"""`folkmoot ask optimum`: how many questions are worth asking in the exact model, and who gains and who loses by it."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

from ..profile import InputError
from .flags import JsonOption

if TYPE_CHECKING:
    from ..asking import AfterK, Optimum, Situation


def optimum_command(
    n: Annotated[int | None, typer.Option("--n", help="Features (statements) a person has a view on.")] = None,
    alpha: Annotated[float | None, typer.Option(help="Share of people in cluster 0, 0..1.")] = None,
    p: Annotated[float | None, typer.Option("--p", help="Share of ones in cluster 0, below 1/2; 1 - p in 1.")] = None,
    gamma: Annotated[
        str, typer.Option(help="Inequality aversion, 0 (the sum) to inf (the worst-off); several: 0,1,2,5.")
    ] = "0",
    cost: Annotated[float, typer.Option(help="Cost of a question, in features guessed right.")] = 1.0,
    costs: Annotated[
        str | None, typer.Option(help="A cost for each of the n questions: 0.3,0.3,1; not --cost.")
    ] = None,
    shift: Annotated[float, typer.Option(help="Added to every utility.")] = 1.0,
    adaptive: Annotated[
        bool, typer.Option("--adaptive", help="Also the best policy that decides after every answer.")
    ] = False,
    source: Annotated[
        Path | None, typer.Option("--from", help="Source of answers to which alpha and p (and n) are fitted.")
    ] = None,
    whole_map: Annotated[
        bool, typer.Option("--map", help="The best number of questions for every p and alpha from 1/2 on.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """How many questions are worth asking in the exact model of two clusters, and what to output after the answers."""
    from ..asking import Situation, optima

    gammas = [_number(each, "--gamma") for each in gamma.split(",")]
    each = cost if costs is None else tuple(_number(one, "--costs") for one in costs.split(","))
    fitted = None
    if source is not None:
        fitted = _fitted(source)
        alpha, p = fitted.alpha if alpha is None else alpha, fitted.p if p is None else p
        n = n or fitted.n
    if n is None and isinstance(each, tuple):
        n = len(each)
    if n is None:
        raise InputError("--n is missing: how many features does a person have a view on? (or give --from SOURCE)")
    if whole_map:
        _print_map(n, gammas, each, shift, as_json)
        return
    if alpha is None or p is None:
        raise InputError("--alpha and --p are missing; give both, or --from SOURCE to fit them, or --map for all")
    situation = Situation(n, alpha, p, each, shift)
    solutions = optima(situation, gammas)
    plans = [_plan(situation, one) if adaptive else None for one in gammas]
    if as_json:
        bodies = [{"gamma": s.gamma if np.isfinite(s.gamma) else "inf", **s.as_dict()} for s in solutions]
        for body, plan in zip(bodies, plans, strict=True):
            if adaptive:
                body["adaptive"] = plan
        found: dict[str, Any] = {"optima": bodies} if len(bodies) > 1 else bodies[0]
        if fitted is not None:
            found["fitted"] = vars(fitted)
        typer.echo(json.dumps(found, allow_nan=False))
        return
    if fitted is not None:
        (a0, a1), (p0, p1) = fitted.alpha_interval, fitted.p_interval
        typer.echo(
            f"Fitted to {fitted.people} people and {fitted.n} statements: alpha = {fitted.alpha:.3f} ({a0:.3f} to "
            f"{a1:.3f}), p = {fitted.p:.3f} ({p0:.3f} to {p1:.3f}; 95 of 100 resamples of people)."
        )
    if len(solutions) == 1:
        _print_by_questions(situation, solutions[0], plans[0])
    else:
        _print_by_gamma(situation, solutions, plans)


HEAD = f"{'cluster 0':>10}{'cluster 1':>10}{'Gini':>8}{'Atkinson':>9}"


def _who(after: "AfterK", best: bool) -> str:
    from ..asking.optimum import MOST_GINI

    first, second = after.clusters
    shown = best or after.situation.n <= MOST_GINI
    gini = "-" if not shown or np.isnan(after.gini) else f"{after.gini:.4f}"
    atkinson = "-" if np.isnan(after.atkinson) else f"{after.atkinson:.4f}"
    return f"{first + 0.0:>10.4f}{second + 0.0:>10.4f}{gini:>8}{atkinson:>9}"


def _print_by_questions(situation: "Situation", solution: "Optimum", plan: dict[str, float] | None) -> None:
    n, gamma = situation.n, solution.gamma
    typer.echo(f"{'k':>5} {'welfare':>14} {'cert. equiv.':>14} {'exp. utility':>14} {'entropy, bits':>14}{HEAD}")
    for after in solution.per_k:
        welfare = "-" if after.welfare is None else f"{after.welfare:.7g}"
        ce = round(after.ce, 6) + 0.0  # no negative zero
        best = after.k in solution.k_opt
        mark = "  <- best" if best else ""
        figures = f"{ce:>14.6f} {after.eu:>14.6f} {after.entropy_bits:>14.4f}{_who(after, best)}"
        typer.echo(f"{after.k:>5} {welfare:>14} {figures}{mark}")
    best_k = " or ".join(map(str, solution.k_opt)) + (" (a tie)" if len(solution.k_opt) > 1 else "")
    typer.echo(
        f"\nAsk {best_k} of {n} questions: after k, the welfare E[phi(u + {situation.shift:g})] at inequality aversion "
        f"{gamma:g}, the sure utility u that is as good, the expected u (features known or guessed right less the cost "
        "of asking), how much the outputs differ between people; then the expected u in either cluster, the Gini "
        "coefficient of u, and Atkinson's index, the share of the expected u that equality could do without."
    )
    if plan is not None:
        typer.echo(
            f"Deciding after every answer: {plan['questions']:.2f} questions on average, as good as a sure u of "
            f"{plan['ce']:.4f}."
        )


def _print_by_gamma(situation: "Situation", solutions: "list[Optimum]", plans: list[dict[str, float] | None]) -> None:
    more = f"{'adaptive ce':>13}{'questions':>11}" if plans[0] is not None else ""
    typer.echo(f"{'gamma':>6} {'k':>8} {'cert. equiv.':>13} {'exp. utility':>13} {'entropy, bits':>14}{HEAD}{more}")
    for solution, plan in zip(solutions, plans, strict=True):
        after = solution.per_k[solution.k_opt[0]]
        best = ",".join(map(str, solution.k_opt))
        tail = "" if plan is None else f"{plan['ce']:>13.4f}{plan['questions']:>11.2f}"
        typer.echo(
            f"{solution.gamma:>6g} {best:>8} {after.ce + 0.0:>13.6f} {after.eu:>13.6f} {after.entropy_bits:>14.4f}"
            f"{_who(after, best=True)}{tail}"
        )
    typer.echo("\nThe best number of questions k at every inequality aversion, and what it brings to whom.")


def _plan(situation: "Situation", gamma: float) -> dict[str, float]:
    from ..asking.adaptive import Adaptive

    best = Adaptive(situation, gamma).best
    return {"ce": best.ce, "questions": best.questions}


def _fitted(source: Path) -> Any:
    from ..asking.two_clusters import two_clusters
    from ..formats import read

    return two_clusters(read(source), np.random.default_rng(0))


def _print_map(n: int, gammas: list[float], cost: float | tuple[float, ...], shift: float, as_json: bool) -> None:
    from ..asking import optimum_map

    if isinstance(cost, tuple):
        raise InputError("--map takes one --cost for all questions, not --costs")
    alphas = [round(0.5 + i / 50, 2) for i in range(26)]
    ps = [i / 100 for i in range(50)]
    found = optimum_map(n, alphas, ps, gammas, cost, shift)
    if as_json:
        body = {"n": n, "alphas": alphas, "ps": ps, "gammas": gammas, "k_opt": found.k_opt.tolist()}
        typer.echo(json.dumps(body, allow_nan=False))
        return
    marks = "0123456789abcdefghijklmnopqrstuvwxyz"
    for at, gamma in enumerate(gammas):
        typer.echo(f"n = {n}, gamma = {gamma:g}: the best number of questions (10 is a, ..., + is more), alpha upwards")
        for row in range(len(alphas) - 1, -1, -1):
            cells = "".join(marks[k] if k < len(marks) else "+" for k in found.k_opt[row, :, at].tolist())
            typer.echo(f"{alphas[row]:>5.2f} {cells}")
        typer.echo(f"    p {'0':<10}{'0.1':<10}{'0.2':<10}{'0.3':<10}{'0.4':<10}")


def _number(text: str, flag: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InputError(f"{flag} {text!r} is not a number; write numbers with commas between them: 0,1,2") from None
