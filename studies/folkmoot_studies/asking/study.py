"""When to Ask a Question (Park, Donahue, Raghavan 2026): its figures from exact values, and what holds of its claims.

Only Figure 4 is drawn as the paper's caption says: `Figure.origin` says for each whether it is that, a part of it, or
another view of the same values. 7 and 8 are about data.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from folkmoot.asking import Situation, optima
from folkmoot.profile import InputError, Progress

from .claims import CLAIMS, best

PARTS = ("figures", "claims")
STATUSES = ("verified", "corrected", "refuted", "wording")
Row = dict[str, Any]

HUNDREDTHS = tuple(i / 100 for i in range(50))
ALPHAS = tuple(round(0.5 + i / 50, 2) for i in range(26))
BASE: Mapping[str, float] = {"alpha": 0.5, "p": 0.1, "gamma": 0.0}
TEXT = "as the caption of the paper says"
PART = "a part of the paper's figure"
STAND_IN = "not the paper's figure: another view of its values"


@dataclass(frozen=True)
class Figure:
    """One figure as data.

    Args:
        number: the figure's number in the paper.
        title: the title of the figure.
        note: the point that the reader should see in it.
        origin: what it is beside the paper's, `TEXT`, `PART` or `STAND_IN`.
        x: the variable of the x axis: ``p``, ``gamma`` or ``a`` (ones answered).
        at: the values of x; none for ``a``.
        lines: by label, what differs from `BASE`: n, alpha, p, gamma, and k for a policy.
        y: the variable of the y axis: ``k_opt``, ``zeros`` (of the output), ``entropy_bits``; or ``alpha``: a map of
            ``k_opt`` over x and alpha.
    """

    number: int
    title: str
    note: str
    origin: str
    x: str
    at: Sequence[float]
    lines: Mapping[str, Mapping[str, float]]
    y: str = "k_opt"

    @property
    def name(self) -> str:
        """The name of its file, without ending."""
        return f"figure-{self.number}"

    def rows(self) -> list[Row]:
        """The values, JSON-ready; ``k_opt`` and ``zeros`` hold every optimum (of ``zeros`` the fewest and most)."""
        make = {"zeros": _outputs, "entropy_bits": _entropies}.get(self.y, _best)
        return [{"line": label, **row} for label, own in self.lines.items() for row in make(self, {**BASE, **own})]


def _best(figure: Figure, setting: Mapping[str, float]) -> list[Row]:
    axes = {name: [value] for name, value in setting.items()} | {figure.x: list(figure.at)}
    if figure.y == "alpha":
        axes["alpha"] = list(ALPHAS)
    best_numbers = best(int(setting["n"]), axes["alpha"], axes["p"], axes["gamma"])
    return [
        {"alpha": alpha, "p": p, "gamma": gamma, "k_opt": list(chosen)}
        for (alpha, p), sets in best_numbers.items()
        for gamma, chosen in zip(axes["gamma"], sets, strict=True)
    ]


def _outputs(figure: Figure, setting: Mapping[str, float]) -> list[Row]:
    k = int(setting["k"])
    (solution,) = optima(_situation(setting), [setting["gamma"]])
    m = solution.situation.n - k
    return [{"a": a, "zeros": [m - tie[-1], m - tie[0]]} for a, tie in enumerate(solution.per_k[k].ones)]


def _entropies(figure: Figure, setting: Mapping[str, float]) -> list[Row]:
    return [
        {
            "gamma": solution.gamma,
            "k_opt": list(solution.k_opt),
            "entropy_bits": solution.per_k[solution.k_opt[0]].entropy_bits,
        }
        for solution in optima(_situation(setting), figure.at)
    ]


def _situation(setting: Mapping[str, float]) -> Situation:
    return Situation(int(setting["n"]), setting["alpha"], setting["p"])


FIGURES: tuple[Figure, ...] = (
    Figure(
        2,
        "Questions worth asking by p: alpha = 1/2, gamma = 0",
        "Odd numbers only, and none from some p on; one question beats none below (1 - 1/sqrt(n - 1)) / 2 (Lemma 7)",
        STAND_IN,
        "p",
        HUNDREDTHS,
        {f"n = {n}": {"n": n} for n in (3, 6, 10, 30)},
    ),
    Figure(
        3,
        "Questions worth asking by p: alpha = 0.9, gamma = 0",
        "None at n = 3, 6 (Lemma 8), nor at n = 10 but for a tie at p = 0; n = 30 has one, then two, then none",
        STAND_IN,
        "p",
        HUNDREDTHS,
        {f"n = {n}": {"n": n, "alpha": 0.9} for n in (3, 6, 10, 30)},
    ),
    Figure(
        4,
        "Questions worth asking by p and alpha: n = 30, gamma = 0",
        "Regions of one, two and three questions, not nested in alpha",
        TEXT,
        "p",
        HUNDREDTHS,
        {"n = 30": {"n": 30}},
        "alpha",
    ),
    Figure(
        5,
        "Zeros output after a ones answered: n = 40, k = 20, p = 0.1, alpha = 1/2",
        "From all or nothing to a straight line; gamma = 1 and 2 coincide, and gamma = 0 but for its tie (bar)",
        PART,
        "a",
        (),
        {f"gamma = {g:g}": {"n": 40, "k": 20, "gamma": g} for g in (0.0, 1.0, 2.0, 10.0, 50.0)},
        "zeros",
    ),
    Figure(
        6,
        "Questions worth asking by gamma: alpha = 1/2",
        "Up and then down to 0 at p = 0.1; at p = 1e-4 k* turns more than once, which whole tens of gamma hide",
        PART,
        "gamma",
        tuple(i / 2 for i in range(121)),
        {f"n = {n}, p = {name}": {"n": n, "p": float(name)} for n in (10, 25) for name in ("0.1", "1e-4")},
    ),
    Figure(
        9,
        "Questions worth asking by p and alpha: n = 10, gamma = 0",
        "Figure 4 for fewer features: alpha = 0.9 is where the last region ends",
        STAND_IN,
        "p",
        HUNDREDTHS,
        {"n = 10": {"n": 10}},
        "alpha",
    ),
    Figure(
        10,
        "Questions worth asking by p and alpha: n = 30, gamma = 2",
        "Figure 4 under inequality aversion: even numbers too at alpha = 1/2",
        STAND_IN,
        "p",
        HUNDREDTHS,
        {"n = 30": {"n": 30, "gamma": 2.0}},
        "alpha",
    ),
    Figure(
        11,
        "Zeros output after a ones answered: n = 40, k = 20, p = 0.4, alpha = 0.9",
        "Figure 5 for unequal clusters: the limit is clipped, so some answers change nothing; gamma = 10 reaches it",
        STAND_IN,
        "a",
        (),
        {
            f"gamma = {g:g}": {"n": 40, "k": 20, "gamma": g, "p": 0.4, "alpha": 0.9}
            for g in (0.0, 1.0, 2.0, 10.0, math.inf)
        },
        "zeros",
    ),
    Figure(
        12,
        "Questions worth asking by gamma: Lemma 12 and where it does not hold",
        "n = 3 only falls; n = 10 rises and falls at p = 0.1, stays at 0 at p = 0.4; n = 25 rises for a short stretch",
        STAND_IN,
        "gamma",
        tuple(i / 4 for i in range(49)),
        {f"n = {n}, p = {p:g}": {"n": n, "p": p} for n, p in ((3, 0.1), (10, 0.1), (10, 0.4), (25, 0.3))},
    ),
    Figure(
        13,
        "Entropy of the output at the best k by gamma: alpha = 1/2, p = 0.1",
        "n = 25 has 1.2318, 2.4209, 1.5001 bits at gamma = 2, 5, 10 (Lemma 13)",
        STAND_IN,
        "gamma",
        tuple(i / 4 for i in range(61)),
        {f"n = {n}": {"n": n} for n in (10, 25)},
        "entropy_bits",
    ),
)


def run(only: str | None = None, report: Progress | None = None) -> dict[str, Any]:
    """Every figure's values and every claim's check.

    Args:
        only: the part to run, ``figures`` or ``claims``.
        report: called with (stage, share done).

    Returns:
        JSON-ready: ``figures``: number, name, title, note, origin, x, y and ``rows`` (see `Figure.rows`); ``claims``:
        name, what it ``says``, exact ``reading``, ``status``, cases checked and failed of what is printed and of the
        exact form, ``witness`` in words and its ``values``; ``statuses``: how many claims have each. Nothing is drawn
        at random.

    Raises:
        InputError: there is no such part.
    """
    if only is not None and only not in PARTS:
        raise InputError(f"unknown part {only!r} of the study; choose one of {', '.join(PARTS)}")
    tell = report or (lambda stage, share: None)
    figures, claims = (FIGURES if only != "claims" else ()), (CLAIMS if only != "figures" else ())
    drawn, checked = [], []
    for place, figure in enumerate(figures):
        tell("computing figures", place / len(figures))
        about = {name: getattr(figure, name) for name in ("number", "name", "title", "note", "origin", "x", "y")}
        drawn.append({**about, "rows": figure.rows()})
    for place, claim in enumerate(claims):
        tell("checking claims", place / len(claims))
        checked.append(claim.as_dict())
    counts = Counter(claim["status"] for claim in checked)
    return {
        "study": "asking",
        "figures": drawn,
        "claims": checked,
        "statuses": {status: counts[status] for status in STATUSES},
    }


def table(result: Mapping[str, Any]) -> str:
    """Claims with status, cases and witness, and the list of figures, as plain text."""
    lines = []
    for claim in result["claims"]:
        lines.append(f"{claim['name']:13}{claim['status']:11}{_cases(claim)}")
        lines.append(f"    says: {claim['says']}")
        lines.append(f"    read: {claim['reading']}")
        if claim["witness"]:
            lines.append(f"    seen: {claim['witness']}")
    lines += [f"Figure {figure['number']:<6}{figure['title']} ({figure['origin']})" for figure in result["figures"]]
    return "\n".join(lines)


def markdown(result: Mapping[str, Any]) -> str:
    """The same as the two tables of the documentation."""
    lines = [
        "| claim | says (our words) | exact form, or right reading | status | cases | witness |",
        "|---|---|---|---|---|---|",
    ]
    for claim in result["claims"]:
        cells = (
            claim["name"],
            claim["says"],
            claim["reading"],
            f"**{claim['status']}**",
            _cases(claim),
            claim["witness"],
        )
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", "| figure | shows | to see | what it rests on |", "|---|---|---|---|"]
    lines += [
        f"| {figure['number']} | {figure['title']} | {figure['note']} | {figure['origin']} |"
        for figure in result["figures"]
    ]
    return "\n".join(lines)


def _cases(claim: Mapping[str, Any]) -> str:
    if not claim["checked"]:
        return "not computable"
    words = f"{claim['failed']:,} of {claim['checked']:,} fail"
    if claim["checked_exact_form"]:
        words += f"; exact form: {claim['failed_exact_form']:,} of {claim['checked_exact_form']:,}"
    return words


def draw(result: Mapping[str, Any]) -> dict[str, str]:
    """The figures as SVG, by file name without ending: ``figure-2``, ....

    Args:
        result: the result of `run`.

    Raises:
        MissingExtraError: the report extra is not installed.
    """
    kinds = {"alpha": _map, "zeros": _policy}
    return {figure["name"]: kinds.get(figure["y"], _curves)(figure) for figure in result["figures"]}


_AXES = {
    "p": "p: how often a feature goes against the cluster",
    "gamma": "gamma: inequality aversion",
    "a": "ones among the answers",
    "k_opt": "questions worth asking, k*",
    "zeros": "zeros among those guessed",
    "entropy_bits": "entropy of the output in bits",
    "alpha": "alpha: share of cluster 0",
}


def _curves(figure: Mapping[str, Any]) -> str:
    """k* (in steps, lines drawn a little apart) or entropy against x."""
    from ..charts import HEIGHT, WIDTH, altair, finish

    alt = altair()
    x, y = figure["x"], figure["y"]
    labels = list(dict.fromkeys(row["line"] for row in figure["rows"]))
    whole = y == "k_opt"

    def height(row: Row) -> float:
        # Whole numbers would hide each other.
        apart = 0.05 * (labels.index(row["line"]) - (len(labels) - 1) / 2)
        return float(row[y][0] + apart if whole else row[y])

    rows = [{"x": row[x], "y": height(row), "line": row["line"]} for row in figure["rows"]]
    top = max(row["y"] for row in rows) + 0.15
    ticks = alt.Axis(values=list(range(math.ceil(top))), format="d") if whole else alt.Axis()
    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_line(strokeWidth=2, interpolate="step-after")
        .encode(
            x=alt.X("x:Q", title=_AXES[x], scale=alt.Scale(nice=False), axis=_ticks(alt, x)),
            y=alt.Y("y:Q", title=_AXES[y], axis=ticks, scale=alt.Scale(domain=[-0.15, top], nice=False)),
            stroke=_colour(alt, labels),
            strokeDash=_dash(alt, labels),
            fill=alt.value(None),
        )
        .properties(width=WIDTH, height=HEIGHT)
    )
    return finish(chart, f"Figure {figure['number']}. {figure['title']}. {figure['note']}.")


def _policy(figure: Mapping[str, Any]) -> str:
    """Zeros output against ones answered; a bar from the fewest to the most where outputs tie."""
    from ..charts import HEIGHT, WIDTH, altair, finish

    alt = altair()
    labels = list(dict.fromkeys(row["line"] for row in figure["rows"]))
    rows = [
        {
            "a": row["a"],
            "low": row["zeros"][0],
            "high": row["zeros"][1],
            "y": sum(row["zeros"]) / 2,
            "line": row["line"],
        }
        for row in figure["rows"]
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("a:Q", title=_AXES["a"], axis=alt.Axis(tickMinStep=1)), stroke=_colour(alt, labels)
    )
    y = alt.Y("y:Q", title=_AXES["zeros"], axis=alt.Axis(tickMinStep=1))
    curves = base.mark_line(strokeWidth=2).encode(y=y, strokeDash=_dash(alt, labels), fill=alt.value(None))
    points = base.mark_point(size=22).encode(y=y, fill=alt.value(None))
    bars = base.mark_rule(strokeWidth=1).encode(y=alt.Y("low:Q"), y2="high:Q")
    chart = alt.layer(bars, curves, points).properties(width=WIDTH, height=HEIGHT)
    return finish(chart, f"Figure {figure['number']}. {figure['title']}. {figure['note']}.")


def _map(figure: Mapping[str, Any]) -> str:
    """k* as the colour of a cell."""
    from ..charts import HEIGHT, WIDTH, altair, finish
    from ..svg import COLOURS, GRID

    alt = altair()
    across, up = (sorted({row[name] for row in figure["rows"]}) for name in (figure["x"], figure["y"]))
    wide, high = across[1] - across[0], up[1] - up[0]
    rows = []
    for level in up:
        mine = sorted((row[figure["x"]], row["k_opt"][0]) for row in figure["rows"] if row[figure["y"]] == level)
        for k, run_of in itertools.groupby(mine, key=lambda cell: cell[1]):
            cells = [at for at, _ in run_of]
            edges = {"left": cells[0] - wide / 2, "right": cells[-1] + wide / 2}
            rows.append({**edges, "below": level - high / 2, "above": level + high / 2, "k": str(k)})
    names = sorted({row["k"] for row in rows}, key=int)
    scale = alt.Scale(domain=names, range=[GRID, *itertools.islice(itertools.cycle(COLOURS), len(names) - 1)])

    def axis(kind: Any, name: str, values: Sequence[float], step: float, at: str) -> Any:
        domain = [values[0] - step / 2, values[-1] + step / 2]
        return kind(
            f"{at}:Q", title=_AXES[name], scale=alt.Scale(domain=domain, nice=False), axis=_ticks(alt, name, grid=False)
        )

    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_rect(strokeWidth=0.5)
        .encode(
            x=axis(alt.X, figure["x"], across, wide, "left"),
            x2="right:Q",
            y=axis(alt.Y, figure["y"], up, high, "below"),
            y2="above:Q",
            fill=alt.Fill("k:N", title="k*", scale=scale, sort=names),
            stroke=alt.Stroke("k:N", title="k*", scale=scale, sort=names),
        )
        .properties(width=WIDTH, height=HEIGHT)
    )
    return finish(chart, f"Figure {figure['number']}. {figure['title']}. {figure['note']}.")


def _ticks(alt: Any, name: str, **more: Any) -> Any:
    """Tenths on the axes of probabilities."""
    return alt.Axis(values=[i / 10 for i in range(11)], **more) if name in ("p", "alpha") else alt.Axis(**more)


def _colour(alt: Any, labels: Sequence[str]) -> Any:
    from ..svg import COLOURS

    return alt.Stroke("line:N", title=None, scale=alt.Scale(domain=list(labels), range=list(COLOURS[: len(labels)])))


def _dash(alt: Any, labels: Sequence[str]) -> Any:
    dashes = [[1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [4, 4]]
    return alt.StrokeDash("line:N", title=None, scale=alt.Scale(domain=list(labels), range=dashes[: len(labels)]))
